"""Finding instances of a left side in a line: free indices of the left side may be any index of the same range."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import sympy as sp

from derivations.calculus.affine import provably_within
from derivations.calculus.operators import Binder, D, Delta, Limit
from derivations.calculus.substitution import alpha_equal, rebuild, substitute
from derivations.calculus.symbols import CalculusError, Defined, Entry, Index

MOST_INSTANCES = 4000


def replace_instances(line: sp.Expr, left: sp.Expr, right: sp.Expr, indices: tuple[Index, ...]) -> sp.Expr:
    """Replace every instance of ``left`` in the line by that of ``right``, for all values of ``indices``.

    An instance may be a whole sub-expression, some factors of a product or some terms of a sum.
    """
    offered = sorted(_subscripts(line), key=str)
    instances = list(_instances(left, right, indices, offered))

    def change(node: sp.Basic) -> sp.Basic | None:
        for a, b in instances:
            if type(node) is type(a) and alpha_equal(node, a):
                return b
            for operation, split in ((sp.Mul, _divide), (sp.Add, _remainder)):
                if isinstance(a, operation) and isinstance(node, operation):
                    rest = split(node, a)
                    if rest is not None:
                        again = change(rest)
                        return operation(b, rest if again is None else again)
            if isinstance(node, (sp.Mul, sp.Pow)) and isinstance(a, (sp.Pow, sp.Mul)):
                rest = _divide(node, a)
                if rest is not None:
                    again = change(rest)
                    return sp.Mul(b, rest if again is None else again)
        return None

    return rebuild(line, change)  # type: ignore[return-value]


def _instances(
    left: sp.Expr, right: sp.Expr, indices: tuple[Index, ...], offered: list[sp.Expr]
) -> Iterator[tuple[sp.Expr, sp.Expr]]:
    free = [k for k in indices if k in left.free_symbols]
    choices = [[e for e in offered if _fits(e, k)] for k in free]
    for values in itertools.islice(itertools.product(*choices), MOST_INSTANCES):
        mapping = dict(zip(free, values, strict=True))
        try:
            yield substitute(left, mapping), substitute(right, mapping)  # type: ignore[misc]
        except CalculusError:
            continue


def _fits(e: sp.Expr, k: Index) -> bool:
    return provably_within(e, k.low, k.high)


def _subscripts(e: sp.Basic) -> set[sp.Expr]:
    """Every index expression in a line: subscripts, bound indices, arguments of deltas, exponents' indices."""
    found: set[sp.Expr] = set()

    def visit(node):
        if isinstance(node, (Entry, Defined)):
            found.update(node.subscripts)
            return
        if isinstance(node, Binder):
            found.update(node.bound)
        if isinstance(node, (Delta,)):
            found.update(node.args)
        if isinstance(node, Index):
            found.add(node)
        if isinstance(node, (D, Limit)):
            visit(node.args[0])
            visit(node.args[1])
            return
        for a in node.args:
            visit(a)

    visit(e)
    return found


def _divide(node: sp.Expr, factor: sp.Expr) -> sp.Expr | None:
    """``node / factor`` when every power in ``factor`` is contained in ``node``."""
    have, want = powers(node), powers(factor)
    for base, exponent in want.items():
        match = next((b for b in have if b == base or alpha_equal(b, base)), None)
        if match is None or not _contains(have[match], exponent):
            return None
        have[match] = have[match] - exponent
    return sp.Mul(*(sp.Pow(b, e) for b, e in have.items()))


def powers(e: sp.Expr) -> dict[sp.Expr, sp.Expr]:
    """The factors of a product with their exponents; e^a e^b stay two factors."""
    powers: dict[sp.Expr, sp.Expr] = {}
    for a in sp.Mul.make_args(e):
        base, exponent = (a, sp.S.One) if isinstance(a, sp.exp) else a.as_base_exp()
        powers[base] = powers.get(base, sp.S.Zero) + exponent
    return powers


def _contains(whole: sp.Expr, part: sp.Expr) -> bool:
    if whole == part:
        return True
    if not (whole.is_Rational and part.is_Rational) or part == 0:
        return False
    return whole / part >= 1 and (whole - part).is_Rational is True


def _remainder(node: sp.Expr, part: sp.Expr) -> sp.Expr | None:
    """``node - part`` when every term of ``part`` is a term of ``node``."""
    terms = list(node.args)
    for term in part.args:
        match = next((t for t in terms if t == term or alpha_equal(t, term)), None)
        if match is None:
            return None
        terms.remove(match)
    return sp.Add(*terms)
