"""A problem cut in pieces where something has a kink or is excluded: x < c, x = c and x > c.

Main result: a statement holds when it holds on every piece that the premises leave. On each piece |x - c|, sign(x - c),
relu(x - c) and their like are smooth; at c itself they are numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from derivations.calculus.domains import Domain
from derivations.calculus.functions import cbrt, leaky_relu, relu, step
from derivations.calculus.substitution import rebuild, subexpressions
from derivations.calculus.symbols import Scalar
from derivations.judges.scalar_problem import Problem, solved
from derivations.proof.statement import Relation, expressions

KINKED = (sp.Abs, sp.sign, relu, leaky_relu, step, cbrt, sp.Heaviside)


def kinks(problem: Problem) -> Iterator[sp.Expr]:
    """What must change its sign where the statement has a kink, or may not be 0."""
    for side in expressions(problem.statement):
        for node in subexpressions(side):
            if isinstance(node, KINKED):
                yield node.args[0]
            elif isinstance(node, (sp.Max, sp.Min)) and len(node.args) == 2:
                yield node.args[0] - node.args[1]
    for premise in problem.premises:
        if premise.operator == "!=":
            yield premise.difference


def split(problem: Problem) -> tuple[str, list[Problem]] | None:
    """Where the problem is cut, in words, and its pieces; None when no kink is at a number inside a domain."""
    for kink in kinks(problem):
        solution = solved(Relation(kink, "=", sp.S.Zero))
        if solution is None or not solution[1].is_Rational:
            continue
        x, c, _ = solution
        if x.domain.low < c < x.domain.high:
            cut = [problem.with_replaced(x, piece) for piece, _ in pieces(x, c)]
            return f"on each side of {x.name} = {c}", [piece for piece in cut if not contradicted(piece)]
    return None


def contradicted(problem: Problem) -> bool:
    """Whether a premise about numbers only is false."""
    return any(p.difference.is_Rational and not _true(p.operator, p.difference) for p in problem.premises)


def _true(operator: str, difference: sp.Expr) -> bool:
    found = {"=": difference == 0, "!=": difference != 0, "<": difference < 0, "<=": difference <= 0}
    return bool(found[operator])


def pieces(x: Scalar, c: sp.Rational) -> Iterator[tuple[sp.Expr, int]]:
    """What x may be: below c, above c, c itself, each with the sign of x - c."""
    for domain, sign in ((below(x.domain, c), -1), (above(x.domain, c), 1)):
        if domain is not None:
            yield Scalar(x.name, domain), sign
    if c in x.domain:
        yield c, 0


def above(domain: Domain, point: sp.Rational) -> Domain | None:
    """The part of a domain above the point, None when it is empty."""
    if point >= domain.high:
        return None
    if point < domain.low:
        return domain
    return Domain(point, domain.high, False, domain.high_closed, domain.integer)


def below(domain: Domain, point: sp.Rational) -> Domain | None:
    """The part of a domain below the point, None when it is empty."""
    if point <= domain.low:
        return None
    if point > domain.high:
        return domain
    return Domain(domain.low, point, domain.low_closed, False, domain.integer)


# ---- kinks where an expression is 0 ----------------------------------------------------------------------------


def at_sign(e: sp.Expr, a: sp.Expr, sign: int) -> sp.Expr:
    """``e`` where the expression ``a`` is positive, negative or 0, as its kinked functions see it."""

    def settle(node: sp.Basic) -> sp.Basic | None:
        if not isinstance(node, KINKED) or isinstance(node, cbrt) or node.args[0] not in (a, -a):
            return None
        direction = sign if node.args[0] == a else -sign
        return _settled(node, direction)

    return rebuild(e, settle)  # type: ignore[return-value]


def _settled(node: sp.Basic, sign: int) -> sp.Expr:
    a = node.args[0]
    if isinstance(node, sp.Abs):
        return sign * a  # type: ignore[return-value]
    if isinstance(node, sp.sign):
        return sp.Integer(sign)
    if isinstance(node, relu):
        return a if sign > 0 else sp.S.Zero  # type: ignore[return-value]
    if isinstance(node, leaky_relu):
        return a if sign > 0 else node.args[1] * a if sign < 0 else sp.S.Zero  # type: ignore[return-value]
    return sp.Rational(1 + sign, 2)  # a step
