"""Ways from one end of an interval to the other: the variable of an integral, or another, over an interval of numbers.

What holds along a way holds on the interval: a way may go further than it. The ways from a to b are
* x itself, over rational bounds of a and b
* x = a + (b - a) u, u from 0 to 1; x = a + u and x = b + u when the other end is infinite
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

import sympy as sp

from derivations.calculus.domains import NONNEGATIVE, POSITIVE, Domain, interval
from derivations.calculus.operators import Bound
from derivations.calculus.substitution import rebuild, substitute
from derivations.judges.asymptotics.constants import Constants
from derivations.judges.derivative import is_smooth
from derivations.judges.rational_form import with_rational_forms
from derivations.judges.scalar_problem import FAILURES

DIGITS = 10**6  # bounds of numbers such as pi are rounded to this denominator


@dataclass(frozen=True)
class Passage:
    """x = ``place``, an expression in ``variable``, whose domain is the interval; ``slope`` is dx/d variable."""

    x: Bound
    place: sp.Expr
    variable: Bound
    slope: sp.Expr
    constants: Constants

    @property
    def positive(self) -> bool:
        """Whether x > 0 all the way; known for x itself only."""
        return self.place == self.variable and self.variable.domain.positive

    def carry(self, e: sp.Expr) -> sp.Expr:
        """``e`` along the way, as a function of the variable."""
        return self.constants.narrowed(substitute(e, {self.x: self.place}))  # type: ignore[arg-type]

    def is_smooth(self, e: sp.Expr) -> bool:
        """Whether ``e`` is provably analytic all along the way.

        For that 1/c may be any number, if c is not 0 and depends on parameters only.
        """
        letters: dict[sp.Basic, Bound] = {}

        def letter(node: sp.Basic) -> sp.Basic | None:
            fixed = isinstance(node, sp.Pow) and self.variable not in node.free_symbols and node.exp.is_Integer
            if not fixed or self.constants.sign(node.base) or not self.constants.is_nonzero(node.base):
                return None
            return letters.setdefault(node, Bound(f"{self.variable.name}'{len(letters)}"))

        return is_smooth(rebuild(self.carry(e), letter))  # type: ignore[arg-type]

    def sign(self, e: sp.Expr) -> int | None:
        """The sign of ``e`` all along the way."""
        carried = self.carry(e)
        try:
            return with_rational_forms(lambda forms: forms.sign(f) if (f := forms.of(carried)) else 0)
        except FAILURES:
            return None


def passages(x: Bound, low: sp.Expr, high: sp.Expr, constants: Constants, *, ordered: bool) -> Iterator[Passage]:
    """Ways through the open interval when low < high is known, else from end to end and both included."""
    (bottom, at_bottom), (top, at_top) = _hull(low, high, ordered, constants)
    if bottom < top:
        x_there = Bound(x.name, Domain(bottom, top, at_bottom and not ordered, at_top and not ordered))
        yield Passage(x, x_there, x_there, sp.S.One, constants)
    if low.is_Rational and high.is_Rational:
        return
    yield from _moved(x, low, high, ordered, constants)


def _moved(x: Bound, low: sp.Expr, high: sp.Expr, ordered: bool, constants: Constants) -> Iterator[Passage]:
    name = x.name + "'u"  # no user's variable has such a name
    if low.is_finite is not False and high.is_finite is not False:
        u = Bound(name, interval(0, 1, closed=not ordered))
        yield Passage(x, low + (high - low) * u, u, high - low, constants)
    elif low.is_finite is not False:
        u = Bound(name, POSITIVE if ordered else NONNEGATIVE)
        yield Passage(x, low + u, u, sp.S.One, constants)
    elif high.is_finite is not False:
        u = Bound(name, Domain(high=0, high_closed=not ordered))
        yield Passage(x, high + u, u, sp.S.One, constants)


# ---- rational bounds -------------------------------------------------------------------------------------------

Bounds = tuple[tuple[sp.Expr, bool], tuple[sp.Expr, bool]]  # the lower and the upper one, and whether it is attained
UNBOUNDED: Bounds = ((-sp.oo, False), (sp.oo, False))


def _hull(low: sp.Expr, high: sp.Expr, ordered: bool, constants: Constants) -> Bounds:
    """Bounds of all that lies between two ends."""
    of_low, of_high = bounds(low, constants), bounds(high, constants)
    if ordered:
        return of_low[0], of_high[1]
    lower = min((of_low[0], of_high[0]), key=lambda b: (b[0], not b[1]))
    upper = max((of_low[1], of_high[1]))
    return lower, upper


def bounds(end: sp.Expr, constants: Constants) -> Bounds:
    """Rationals, or -oo and oo, with ``end`` provably between them."""
    if end.is_Rational or end.is_infinite:
        return (end, bool(end.is_finite)), (end, bool(end.is_finite))
    if not end.free_symbols:
        return _bounds_of_number(end, constants)
    narrowed = constants.narrowed(end)
    try:
        found = with_rational_forms(lambda forms: forms.interval(forms.of(narrowed)))
    except FAILURES:
        return UNBOUNDED
    low = -sp.oo if found.low == -inf else sp.Rational(found.low)
    high = sp.oo if found.high == inf else sp.Rational(found.high)
    return (low, found.low_closed), (high, found.high_closed)


def _bounds_of_number(c: sp.Expr, constants: Constants) -> Bounds:
    try:
        near = sp.Integer(int(c.evalf(30) * DIGITS))
    except FAILURES:
        return UNBOUNDED
    low, high = ((near + step) / DIGITS for step in (-2, 2))
    sure = constants.sign(c - low) == 1 == constants.sign(high - c)
    return ((low, False), (high, False)) if sure else UNBOUNDED
