"""Near-miss lies: small changes to a true statement that must not be proved.

Kinds: sign, factor, dropped term, dropped factor, index, exponent, size, range, function, perturbation, relation,
hypothesis.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp

from derivations.calculus.affine import provably_nonnegative
from derivations.calculus.operators import Binder, D, Delta, Limit, Sum
from derivations.calculus.substitution import alpha_equal, named_objects, substitute
from derivations.calculus.symbols import CalculusError, Defined, Entry, Index, Size
from derivations.proof.statement import And, Hypothesis, Iff, Relation, Statement
from derivations.proof.theorem import Theorem


@dataclass(frozen=True)
class Lie:
    """A mutated statement and what was done to it."""

    kind: str
    description: str
    statement: Statement
    hypotheses: tuple[Hypothesis, ...]


def lies(theorem: Theorem) -> list[Lie]:
    """All near-misses of a theorem, one kind after another so that the first few represent every kind."""
    by_kind: dict[str, list[Lie]] = {}
    for lie in _all(theorem):
        known = by_kind.setdefault(lie.kind, [])
        if not any(lie.statement == other.statement and lie.hypotheses == other.hypotheses for other in known):
            known.append(lie)
    rounds = itertools.zip_longest(*by_kind.values())
    return [lie for group in rounds for lie in group if lie is not None]


def _all(theorem: Theorem) -> Iterator[Lie]:
    statement, hypotheses = theorem.statement, theorem.hypotheses
    for dropped in hypotheses:
        rest = tuple(h for h in hypotheses if h is not dropped)
        yield Lie("hypothesis", f"without: {dropped.text}", statement, rest)
    for kind, description, mutant in _mutants(statement):
        yield Lie(kind, description, mutant, hypotheses)


def _mutants(statement: Statement) -> Iterator[tuple[str, str, Statement]]:
    if isinstance(statement, And):
        for position, part in enumerate(statement.parts):
            for kind, description, mutant in _mutants(part):
                yield kind, description, And((*statement.parts[:position], mutant, *statement.parts[position + 1 :]))  # type: ignore[arg-type]
    elif isinstance(statement, Iff):
        for kind, description, mutant in _mutants(statement.right):
            yield kind, f"iff, {description}", Iff(statement.left, mutant)  # type: ignore[arg-type]
    else:
        yield from _relation_mutants(statement)


def _relation_mutants(relation: Relation) -> Iterator[tuple[str, str, Relation]]:
    if relation.operator == "<=":
        yield "relation", "strict", Relation(relation.left, "<", relation.right)
    if relation.operator in ("<", "<="):
        yield "relation", "turned round", Relation(relation.right, relation.operator, relation.left)
        tighter = sp.Rational(4, 5)
        for side in ("right", "left"):
            value = getattr(relation, side)
            if value.is_Rational:
                moved = value * tighter if side == "right" and value > 0 else value + sp.Rational(1, 10)
                moved = moved if side == "left" or value > 0 else value - sp.Rational(1, 10)
                sides = {"left": relation.left, "right": relation.right, side: moved}
                yield "factor", f"{moved} for {value}", Relation(sides["left"], relation.operator, sides["right"])
                if value == 0:
                    continue
                slightly = value - sp.Rational(1, 10**6) if side == "right" else value + sp.Rational(1, 10**6)
                sides = {"left": relation.left, "right": relation.right, side: slightly}
                yield "perturbation", f"{value} by 10^-6", Relation(sides["left"], relation.operator, sides["right"])
        return
    if relation.operator == "!=":
        yield "relation", "equal", Relation(relation.left, "=", relation.right)
        return
    for name, side, other in (("right", relation.right, relation.left), ("left", relation.left, relation.right)):
        if side.is_number and side == 0:
            for value in (sp.S.One, sp.S.NegativeOne, sp.Rational(1, 10**12), *_sizes_in(other)):
                yield "perturbation", f"{value} for 0", Relation(other, "=", value)
            continue
        for kind, description, mutant in expression_mutants(side):
            if mutant.has(sp.nan, sp.zoo, sp.oo) or alpha_equal(mutant, side):
                continue
            pair = (mutant, relation.right) if name == "left" else (relation.left, mutant)
            yield kind, f"{name}: {description}", Relation(pair[0], "=", pair[1])


def _sizes_in(e: sp.Expr) -> list[Size]:
    return sorted((s for s in named_objects(e) if isinstance(s, Size)), key=str)


def expression_mutants(e: sp.Expr) -> Iterator[tuple[str, str, sp.Expr]]:
    """Small changes to an expression: at its root, then inside."""
    if not isinstance(e, (D, Limit)):
        yield "sign", "sign", -e
        yield "factor", "factor 2", 2 * e
        yield "perturbation", "factor 1 + 10^-12", e * (1 + sp.Rational(1, 10**12))
    for path, node in _nodes(e):
        for kind, description, mutant in _local(node):
            try:
                yield kind, description, _put(e, path, mutant)
            except CalculusError:
                continue  # a mutant without meaning is no lie


def _nodes(e: sp.Basic, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], sp.Basic]]:
    yield path, e
    if isinstance(e, (Entry, Defined, Delta)):
        return
    if isinstance(e, Limit):
        return  # small changes to the terms of a sequence may well leave its limit alone
    arguments = e.args[:1] if isinstance(e, (Binder, D)) else e.args
    for position, a in enumerate(arguments):
        yield from _nodes(a, (*path, position))


def _put(e: sp.Basic, path: tuple[int, ...], new: sp.Basic):
    if not path:
        return new
    arguments = list(e.args)
    arguments[path[0]] = _put(arguments[path[0]], path[1:], new)
    return e.func(*arguments)


def _local(node: sp.Basic) -> Iterator[tuple[str, str, sp.Basic]]:
    if isinstance(node, Size):
        yield "size", f"{node} + 1 for {node}", node + 1
    elif isinstance(node, sp.Add):
        for a in node.args:
            yield "dropped term", f"without the term {a}", node - a
            yield "sign", f"sign of {a}", node - 2 * a
    elif isinstance(node, sp.Mul):
        for a in node.args:
            if not a.is_number:
                yield "dropped factor", f"without the factor {a}", node / a
    elif isinstance(node, sp.Pow) and node.exp.is_Rational and node.base is not sp.E:
        yield "exponent", f"exponent {node.exp + 1} for {node.exp}", node.base ** (node.exp + 1)
    elif isinstance(node, (Entry, Defined, Delta)):
        yield from _index_swaps(node)
    elif isinstance(node, sp.exp):
        yield "sign", "sign of an exponent", sp.exp(-node.args[0])
    elif isinstance(node, sp.Function):
        slope = node.fdiff(1)
        if not slope.has(sp.Derivative, sp.DiracDelta):
            yield "function", f"derivative of {type(node).__name__}", slope
    elif isinstance(node, Sum):
        for k in node.bound:
            shorter = Index(k.name, k.low, k.high - 1)
            if k.high is not sp.oo and provably_nonnegative(shorter.extent):
                bound = tuple(shorter if b == k else b for b in node.bound)
                yield "range", f"{k} to {k.high} - 1", Sum(substitute(node.body, {k: shorter}), *bound)


def _index_swaps(node: Entry | Defined | Delta) -> Iterator[tuple[str, str, sp.Basic]]:
    subscripts = node.args if isinstance(node, Delta) else node.subscripts
    offset = len(node.args) - len(subscripts)
    for position, subscript in enumerate(subscripts):
        if not isinstance(subscript, Index):
            continue
        others = [s for s in sorted(subscript.high.free_symbols, key=str) if isinstance(s, Size)]
        arguments = list(node.args)
        for replacement in (sp.Integer(1), *others):
            arguments[offset + position] = replacement
            try:
                yield "index", f"{replacement} for {subscript} in {node}", node.func(*arguments)
            except CalculusError:
                continue
