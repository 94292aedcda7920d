"""What a statement needs in order to have a meaning, read off its source: denominators, logarithms, roots, kinks.

Each condition is discharged by interval arithmetic over the declared domains, or it is listed as a hypothesis. The
gamma family is taken for positive arguments, which is more than it needs (not 0, -1, -2, ...) and can be said in one
sign. Inside an integral the variable runs over the closed range; what a limit needs near its point is for its judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import sympy as sp

from derivations.calculus import functions as fn
from derivations.calculus import special
from derivations.calculus.affine import linear_terms, provably_nonnegative
from derivations.calculus.kernel import signs
from derivations.calculus.kernel.atoms import Unsupported
from derivations.calculus.kernel.translation import translate
from derivations.calculus.operators import (
    Binder,
    D,
    Integral,
    Limit,
    LimitAt,
    Maximum,
)
from derivations.calculus.printing import text
from derivations.calculus.substitution import alpha_equal, named_objects, subexpressions, substitute, unfold
from derivations.calculus.symbols import CalculusError, Defined, Definition, Entry, Recurrence, Scalar, Size
from derivations.judges.value_intervals import interval, narrowest, on_its_range
from derivations.proof.statement import Hypothesis, Statement, expressions

Requirement = Literal["≠ 0", "> 0", "≥ 0"]
_KINKED = (fn.relu, fn.leaky_relu, fn.step, sp.Abs, sp.sign, sp.Max, sp.Min)
# Functions that have a meaning only where an expression in their last argument has a sign.
_NEEDED: dict[type, Callable[[sp.Expr], tuple[sp.Expr, Requirement]]] = {
    sp.log: lambda x: (x, "> 0"),
    sp.asin: lambda x: (1 - x**2, "≥ 0"),
    sp.acos: lambda x: (1 - x**2, "≥ 0"),
    sp.atanh: lambda x: (1 - x**2, "> 0"),
    sp.acosh: lambda x: (x - 1, "≥ 0"),
    special.erfinv: lambda x: (1 - x**2, "> 0"),
    special.ellipk: lambda m: (1 - m, "> 0"),
    special.ellipe: lambda m: (1 - m, "≥ 0"),
    **{
        function: lambda x: (x, "> 0")
        for function in (
            special.gamma,
            special.loggamma,
            special.digamma,
            special.polygamma,
            special.bessely,
            special.besselk,
            special.expint,
        )
    },
}
# Functions that have a derivative on the inside of their domain only.
_OPEN = (sp.asin, sp.acos, sp.acosh, special.ellipe)


@dataclass(frozen=True)
class Condition:
    """``expression`` must be not 0, positive or not negative for the statement to have a meaning."""

    expression: sp.Expr
    requirement: Requirement

    def __str__(self) -> str:
        return f"{text(self.expression)} {self.requirement}"


def conditions(statement: Statement) -> list[Condition]:
    """Every side condition of a statement, definitions opened, each once."""
    found: dict[Condition, None] = {}
    for side in expressions(statement):
        for condition in _of_expression(unfold(side)):  # type: ignore[arg-type]
            found.setdefault(condition)
    return list(found)


def _of_expression(e: sp.Expr) -> Iterator[Condition]:
    for node in _nodes(e):
        if isinstance(node, Defined) and isinstance(node.head, Recurrence):
            yield from _of_expression(unfold(node.head.start))
            yield from _of_expression(unfold(node.head.step))
        elif type(node) in _NEEDED:
            yield Condition(*_NEEDED[type(node)](node.args[-1]))  # type: ignore[arg-type]
        elif isinstance(node, (special.besselj, special.besseli)) and not node.args[0].is_Integer:
            yield Condition(node.args[1], "> 0")  # type: ignore[arg-type]
        elif isinstance(node, sp.Pow) and node.base is not sp.E:
            yield from _of_power(node)
        elif isinstance(node, Maximum):
            yield from (Condition(k.extent, "> 0") for k in node.bound)
        elif isinstance(node, D):
            if isinstance(node.variable, Defined) and isinstance(node.variable.head, Definition):
                yield from _of_expression(unfold(node.variable.unfolded))  # held closed, but it needs a meaning too
            for inner in _nodes(unfold(node.function)):
                if _moves(inner, node.variable):
                    yield from _of_slope(inner)


def _moves(e: sp.Expr, x: sp.Expr) -> bool:
    """Whether an expression may change with x: the slope of |y| is not asked for in d/dx."""
    if isinstance(x, Defined):
        return True
    return (x.tensor if isinstance(x, Entry) else x) in named_objects(e) | e.free_symbols


def _nodes(e: sp.Expr) -> Iterator[sp.Expr]:
    """The sub-expressions, in an integral over the range of its variable, in a limit at a point those of the point."""
    if isinstance(e, Integral):
        parts = (on_its_range(e), e.low, e.high)
    elif isinstance(e, LimitAt):
        parts = (e.point,)
    elif any(isinstance(node, (Integral, LimitAt)) for node in subexpressions(e)):
        parts = e.args[:1] if isinstance(e, (Binder, D, Limit)) else e.args
    else:
        yield from subexpressions(e)
        return
    yield e
    for part in parts:
        yield from _nodes(part)


def _of_slope(node: sp.Expr) -> Iterator[Condition]:
    """What a derivative needs more than the function it is taken of."""
    if isinstance(node, sp.Pow) and node.exp.is_Rational and 0 < node.exp < 1:
        yield Condition(node.base, "> 0")  # a root has no derivative at 0
    elif isinstance(node, fn.cbrt):
        yield Condition(node.args[0], "≠ 0")  # type: ignore[arg-type]
    elif isinstance(node, _OPEN):
        yield Condition(_NEEDED[type(node)](node.args[0])[0], "> 0")  # type: ignore[arg-type]
    elif isinstance(node, (sp.Max, sp.Min)):
        yield Condition(node.args[0] - node.args[1], "≠ 0")
    elif isinstance(node, _KINKED):
        yield Condition(node.args[0], "≠ 0")  # type: ignore[arg-type]


def _of_power(node: sp.Pow) -> Iterator[Condition]:
    base, exponent = node.base, node.exp
    if exponent.is_Rational:
        if not exponent.is_Integer:
            yield Condition(base, "> 0" if exponent < 0 else "≥ 0")
        elif exponent < 0:
            yield Condition(base, "≠ 0")
    elif linear_terms(exponent) is not None or exponent.is_integer:
        if not (provably_nonnegative(exponent) or exponent.is_nonnegative):
            yield Condition(base, "≠ 0")
    else:
        yield Condition(base, "> 0")


def undischarged(statement: Statement, hypotheses: tuple[Hypothesis, ...] = ()) -> list[Condition]:
    """The side conditions that neither the domains nor the hypotheses settle."""
    open_ones = [c for c in conditions(statement) if not _holds(c) and not _assumed(c, hypotheses)]
    positive = {c.expression for c in open_ones if c.requirement == "> 0"}
    return [c for c in open_ones if c.requirement == "> 0" or c.expression not in positive]


def _holds(condition: Condition) -> bool:
    found = interval(condition.expression)
    if condition.requirement == "> 0":
        return found.positive
    if condition.requirement == "≥ 0":
        return found.nonnegative
    return found.positive or found.negative


def _assumed(condition: Condition, hypotheses: tuple[Hypothesis, ...]) -> bool:
    """Whether a hypothesis says it: x != 0, 0 < x, x < 0, or the squares and moduli of such an x."""
    for h in hypotheses:
        operator = h.relation.operator
        for x in (h.relation.right - h.relation.left, h.relation.left - h.relation.right):
            if (
                operator in ("!=", "<")
                and condition.requirement == "≠ 0"
                and any(_same(condition.expression, e) for e in (x, x**2, sp.Abs(x)))
            ):
                return True
        gap = h.relation.right - h.relation.left
        enough = operator == "<" or (operator == "<=" and condition.requirement == "≥ 0")
        if enough and _same(condition.expression, gap):
            return True
    return _assumed_by_factors(condition, hypotheses)


def _same(left: sp.Expr, right: sp.Expr) -> bool:
    """Equal up to the names of bound indices."""
    return left == right or (type(left) is type(right) and alpha_equal(left, right))


def _assumed_by_factors(condition: Condition, hypotheses: tuple[Hypothesis, ...]) -> bool:
    """c a b^2 > 0 when c > 0, a is positive and b is assumed not to be 0; c a b is then not 0."""
    try:
        form = translate(condition.expression)
        excluded = [
            translate(h.relation.left - h.relation.right) for h in hypotheses if h.relation.operator in ("!=", "<")
        ]
    except (Unsupported, CalculusError):
        return False
    if len(form) != 1:
        return False
    ((monomial, c),) = form.items()
    nonzero = {m[0][0] for e in excluded if len(e) == 1 for m in e if len(m) == 1 and m[0][1] == 1}
    signed = condition.requirement != "≠ 0"
    if signed and c < 0:
        return False
    return all(
        signs.positive(((atom, q),)) or (atom in nonzero and (not signed or (q.denominator == 1 and q % 2 == 0)))
        for atom, q in monomial
    )


def listed(statement: Statement, hypotheses: tuple[Hypothesis, ...] = ()) -> tuple[str, ...]:
    """The undischarged conditions as text, for a verdict's ``hypotheses``."""
    return tuple(dict.fromkeys(str(c) for c in undischarged(statement, hypotheses)))


def instances(
    found: list[Condition], values: dict[sp.Symbol, sp.Expr], hypotheses: tuple[Hypothesis, ...] = ()
) -> list[Condition]:
    """Conditions at particular values, those that hold there left out."""
    put = dict.fromkeys(Condition(substitute(c.expression, values), c.requirement) for c in found)
    return [c for c in put if not _holds(c) and not _assumed(c, hypotheses)]


def lies_in_domain(value: sp.Expr, symbol: sp.Symbol) -> bool:
    """Whether a value that is put for a scalar or a size provably has its domain."""
    if isinstance(symbol, Size):
        return provably_nonnegative(sp.sympify(value, strict=True) - symbol.minimum)
    if not isinstance(symbol, Scalar):
        return False
    wanted, found = signs.domain_interval(symbol), narrowest(unfold(sp.sympify(value, strict=True)))
    above = wanted.low is None or (
        found.low is not None
        and (found.low > wanted.low or (found.low == wanted.low and (found.low_open or not wanted.low_open)))
    )
    below = wanted.high is None or (
        found.high is not None
        and (found.high < wanted.high or (found.high == wanted.high and (found.high_open or not wanted.high_open)))
    )
    return above and below and not symbol.domain.integer
