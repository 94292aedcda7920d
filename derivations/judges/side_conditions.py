"""What a statement needs in order to have a meaning, read off its source: denominators, logarithms, roots, kinks.

Each condition is discharged by interval arithmetic over the declared domains, or it is listed as a hypothesis.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import sympy as sp

from derivations.calculus import functions as fn
from derivations.calculus.affine import linear_terms, provably_nonnegative
from derivations.calculus.kernel import signs
from derivations.calculus.kernel.atoms import Unsupported
from derivations.calculus.kernel.signs import EVERYTHING, NONNEGATIVE, POSITIVE, UNIT, Interval
from derivations.calculus.kernel.translation import translate
from derivations.calculus.operators import D, Delta, Expectation, Limit, Product, Sum
from derivations.calculus.printing import text
from derivations.calculus.substitution import subexpressions, substitute, unfold
from derivations.calculus.symbols import CalculusError, Defined, Definition, Entry, Index, Recurrence, Scalar, Size
from derivations.proof.statement import Hypothesis, Statement, expressions

Requirement = Literal["≠ 0", "> 0", "≥ 0"]
_KINKED = (fn.relu, fn.leaky_relu, fn.step, sp.Abs, sp.sign, sp.Max, sp.Min)


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
    for node in subexpressions(e):
        if isinstance(node, Defined) and isinstance(node.head, Recurrence):
            yield from _of_expression(unfold(node.head.start))
            yield from _of_expression(unfold(node.head.step))
        elif isinstance(node, (sp.atanh, sp.asin, sp.acos)):
            yield Condition(1 - node.args[0] ** 2, "> 0")
        elif isinstance(node, sp.Pow) and node.base is not sp.E:
            yield from _of_power(node)
        elif isinstance(node, sp.log):
            yield Condition(node.args[0], "> 0")
        elif isinstance(node, D):
            if isinstance(node.variable, Defined) and isinstance(node.variable.head, Definition):
                yield from _of_expression(unfold(node.variable.unfolded))  # held closed, but it needs a meaning too
            for inner in subexpressions(unfold(node.function)):
                if isinstance(inner, sp.Pow) and inner.exp.is_Rational and 0 < inner.exp < 1:
                    yield Condition(inner.base, "> 0")  # a root has no derivative at 0
                elif isinstance(inner, (sp.Max, sp.Min)):
                    yield Condition(inner.args[0] - inner.args[1], "≠ 0")
                elif isinstance(inner, _KINKED):
                    yield Condition(inner.args[0], "≠ 0")


def _of_power(node: sp.Pow) -> Iterator[Condition]:
    base, exponent = node.base, node.exp
    if exponent.is_Rational:
        if not exponent.is_Integer:
            yield Condition(base, "> 0" if exponent < 0 else "≥ 0")
        elif exponent < 0:
            yield Condition(base, "≠ 0")
    elif linear_terms(exponent) is not None:
        if not provably_nonnegative(exponent):
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
        if h.relation.operator not in ("!=", "<"):
            continue
        for x in (h.relation.right - h.relation.left, h.relation.left - h.relation.right):
            if condition.requirement == "≠ 0" and condition.expression in (x, x**2, sp.Abs(x)):
                return True
        gap = h.relation.right - h.relation.left
        if h.relation.operator == "<" and condition.expression == gap:
            return True
    return _assumed_by_factors(condition, hypotheses)


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


def interval(e: sp.Expr) -> Interval:
    """An interval that holds every value of an expression: by its tree, or by its normal form if that is better."""
    found = _tree(e)
    if found.positive or found.negative:
        return found
    try:
        normal = signs.interval(translate(e))
    except (Unsupported, CalculusError):
        return found
    return normal if normal.positive or normal.negative or normal.nonnegative else found


def _tree(e: sp.Expr) -> Interval:
    if isinstance(e, Defined) and isinstance(e.head, Definition):
        return _tree(e.unfolded)
    if e.is_Rational:
        value = Fraction(int(e.p), int(e.q))  # type: ignore[attr-defined]
        return Interval(value, value, False, False)
    if isinstance(e, Scalar):
        return signs.domain_interval(e)
    if isinstance(e, Size):
        return Interval(Fraction(e.minimum), None, False)
    if isinstance(e, Index):
        return Interval(Fraction(int(e.low)), None, False) if e.low.is_Integer else EVERYTHING
    if isinstance(e, Entry):
        return signs.entry_interval(e.tensor)
    if isinstance(e, sp.exp) or e in (sp.pi, sp.E):
        return POSITIVE
    if isinstance(e, fn.sigmoid):
        return UNIT
    if isinstance(e, (sp.tanh, sp.erf)):
        return Interval(Fraction(-1), Fraction(1))
    if isinstance(e, fn.softplus):
        return POSITIVE
    if isinstance(e, (fn.relu, sp.Abs)):
        return NONNEGATIVE
    if isinstance(e, Delta):
        return Interval(Fraction(0), Fraction(1), False, False)
    if isinstance(e, sp.Add):
        total = Interval(Fraction(0), Fraction(0), False, False)
        for a in e.args:
            total = signs.plus(total, _tree(a))
        return total
    if isinstance(e, sp.Mul):
        result = Interval(Fraction(1), Fraction(1), False, False)
        for a in e.args:
            result = signs.times(result, _tree(a))
        return result
    if isinstance(e, sp.Pow) and e.exp.is_Rational:
        return signs.raised(_tree(e.base), Fraction(int(e.exp.p), int(e.exp.q)))  # type: ignore[attr-defined]
    if isinstance(e, sp.Pow):
        inner = _tree(e.base)
        return POSITIVE if inner.positive else NONNEGATIVE if inner.nonnegative else EVERYTHING
    if isinstance(e, (Sum, Product)):
        inner = _tree(e.body)
        inhabited = isinstance(e, Product) or all(provably_nonnegative(k.extent - 1) for k in e.bound)
        if inner.positive and inhabited:
            return POSITIVE
        return NONNEGATIVE if inner.nonnegative else EVERYTHING
    if isinstance(e, (Expectation, Limit)):
        return NONNEGATIVE if _tree(e.function).nonnegative else EVERYTHING
    return EVERYTHING


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
    wanted, found = signs.domain_interval(symbol), _best(unfold(sp.sympify(value, strict=True)))
    above = wanted.low is None or (
        found.low is not None
        and (found.low > wanted.low or (found.low == wanted.low and (found.low_open or not wanted.low_open)))
    )
    below = wanted.high is None or (
        found.high is not None
        and (found.high < wanted.high or (found.high == wanted.high and (found.high_open or not wanted.high_open)))
    )
    return above and below and not symbol.domain.integer


def _best(e: sp.Expr) -> Interval:
    """The narrower of what the tree and the normal form say, end by end."""
    tree = _tree(e)
    try:
        normal = signs.interval(translate(e))
    except (Unsupported, CalculusError):
        return tree
    low = max(((i.low, i.low_open) for i in (tree, normal) if i.low is not None), default=(None, True))
    high = min(((i.high, not i.high_open) for i in (tree, normal) if i.high is not None), default=(None, False))
    return Interval(low[0], high[0], low[1], not high[1])
