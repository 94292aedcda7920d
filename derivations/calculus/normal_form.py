"""THE KERNEL: equality of two expressions for all sizes, by a normal form.

    normal_form(e)       the form: {monomial: coefficient}
    equal(a, b)          True (proved for every size and every value) or None (not decided); never False

What it rests on: kernel/ (ranges, terms, indicators, binders, differentiation, translation, zero test). It is sound
where both sides have a meaning: denominators not 0, arguments of log positive. Those side conditions are read off the
source by judges/side_conditions.py.

An index that is free in the statement stands for every value of its range, a free symbol for every value of its domain.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import sympy as sp

from derivations.calculus.affine import linear_terms
from derivations.calculus.functions import sigmoid, softplus
from derivations.calculus.kernel.atoms import Form, Unsupported
from derivations.calculus.kernel.hypotheses import (
    Contradiction,
    Rule,
    Rules,
    Symmetry,
    reversed_orthogonality,
    rewrite,
    rule_from,
    without_root,
)
from derivations.calculus.kernel.products import dims_of
from derivations.calculus.kernel.terms import subtract
from derivations.calculus.kernel.translation import translate
from derivations.calculus.kernel.zero_test import is_zero
from derivations.calculus.operators import Binder, D
from derivations.calculus.substitution import named_objects, rebuild, subexpressions, substitute, unfold
from derivations.calculus.symbols import Defined, Definition, Index, Size

__all__ = ["Contradiction", "Unsupported", "check_size", "dims_of", "equal", "normal_form", "rules_from"]


LARGEST_TREE = 10_000  # nodes


def normal_form(expression: sp.Expr, hypotheses: Iterable[tuple[sp.Expr, sp.Expr]] = ()) -> Form:
    """The form of an expression, rewritten by equalities ``(left, right)``.

    Raises Unsupported outside the kernel's language, Contradiction for an equality that cannot hold.
    """
    return rewrite(translate(expression), rules_from(hypotheses))


def rules_from(hypotheses: Iterable[tuple[sp.Expr, sp.Expr]]) -> Rules:
    """Rewrite rules for the equalities that can be solved for one atom; the others are left unused."""
    rules: list[Rule | Symmetry] = []
    for left, right in hypotheses:
        difference = rewrite(subtract(translate(left), translate(right)), tuple(rules))
        solved = [rule_from(found) for found in (difference, reversed_orthogonality(difference)) if found is not None]
        if not any(solved):
            squares = without_root(difference)
            solved = [None if squares is None else rule_from(squares)]
        rules += [rule for rule in solved if rule is not None]
    return tuple(rules)


def equal(left: sp.Expr, right: sp.Expr, hypotheses: Iterable[tuple[sp.Expr, sp.Expr]] = ()) -> bool | None:
    """True when the two agree for all sizes, indices and values that satisfy the hypotheses; None if not decided.

    Raises Unsupported when a side is outside the kernel's language.
    """
    hypotheses = [*hypotheses]
    first = [left, right, *(side for pair in hypotheses for side in pair)]
    check_size(first)
    exponential = [_as_exponentials(e) for e in first]
    attempts = [first] if exponential == first else [first, exponential]
    refused: list[Unsupported] = []
    for sides in attempts:
        try:
            if _agree(sides):
                return True
        except Unsupported as reason:
            refused.append(reason)
    if len(refused) == len(attempts):
        raise refused[0]
    return None


def check_size(sides: Iterable[sp.Expr]) -> None:
    """Raise Unsupported for a tree so large that to walk through it costs more than a decision should."""
    nodes = itertools.chain.from_iterable(map(subexpressions, sides))
    if next(itertools.islice(nodes, LARGEST_TREE, None), None) is not None:
        raise Unsupported(f"the expression has more than {LARGEST_TREE} parts")


def _agree(sides: list[sp.Expr]) -> bool | None:
    left, right, *rest = _without_negative_ends(sides)
    rules = rules_from(zip(rest[::2], rest[1::2], strict=True))
    return is_zero(rewrite(subtract(translate(left), translate(right)), rules))


def _as_exponentials(e: sp.Expr) -> sp.Expr:
    """sigmoid, tanh and softplus written with exp, which decides what their own rules leave open.

    Also in the bodies of definitions. A definition stays one: opened under a derivative by it, it would be lost there.
    """

    def change(node):
        if isinstance(node, Defined) and isinstance(node.head, Definition):
            head = node.head
            body = rebuild(head.body, change)
            return node if body == head.body else Definition(head.name, head.parameters, body)[node.subscripts]
        if isinstance(node, D) and isinstance(node.variable, Defined):
            return D(node.function, change(node.variable))
        if isinstance(node, sigmoid):
            return 1 / (1 + sp.exp(-node.args[0]))
        if isinstance(node, softplus):
            return sp.log(1 + sp.exp(node.args[0]))
        if isinstance(node, sp.tanh):
            square = sp.exp(2 * node.args[0])
            return (square - 1) / (square + 1)
        return None

    return rebuild(e, change)


def _without_negative_ends(sides: list[sp.Expr]) -> list[sp.Expr]:
    """Write a size T as T' + 1 where a sum runs to T - 1, so that sums to T are split at the same place.

    The substitution is a bijection of the admissible sizes; the new symbol is T with primes that no name has yet.
    """
    shifts: dict[Size, int] = {}
    for side in sides:
        for node in subexpressions(unfold(side)):
            if isinstance(node, Binder):
                for k in node.bound:
                    _note_shift(k, shifts)
    taken = {thing.name for side in sides for thing in named_objects(side)}  # type: ignore[attr-defined]
    mapping = {s: Size(_primed(s.name, taken), s.minimum - c) + c for s, c in shifts.items() if c <= s.minimum}
    return [substitute(side, mapping) for side in sides] if mapping else sides  # type: ignore[arg-type]


def _primed(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "'"
    return name


def _note_shift(k: Index, shifts: dict[Size, int]) -> None:
    parts = None if k.high is sp.oo else linear_terms(k.extent)
    if parts is None or parts[0] >= 0 or len(parts[1]) != 1:
        return
    ((symbol, c),) = parts[1].items()
    if isinstance(symbol, Size) and c == 1:
        shifts[symbol] = max(shifts.get(symbol, 0), -parts[0])
