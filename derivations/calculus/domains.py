"""Where a symbol may live: an interval of the reals, or of the integers."""

from __future__ import annotations

import sympy as sp
from sympy.logic.boolalg import Boolean


class Domain(sp.Basic):
    """An interval with ends ``low`` and ``high``; ``integer`` restricts it to whole numbers.

    A ``Basic`` so that symbols which carry it stay comparable inside SymPy.
    """

    def __new__(cls, low=-sp.oo, high=sp.oo, low_closed=False, high_closed=False, integer=False):
        low, high = sp.Rational(low) if low != -sp.oo else low, sp.Rational(high) if high != sp.oo else high
        if low > high or (low == high and not (low_closed and high_closed)):
            raise ValueError(f"the domain from {low} to {high} is empty: no value lies in it")
        flags = (sp.true if flag else sp.false for flag in (low_closed, high_closed, integer))
        return super().__new__(cls, low, high, *flags)

    @property
    def low(self) -> sp.Expr:
        return self.args[0]  # type: ignore[return-value]

    @property
    def high(self) -> sp.Expr:
        return self.args[1]  # type: ignore[return-value]

    @property
    def low_closed(self) -> bool:
        return bool(self.args[2])

    @property
    def high_closed(self) -> bool:
        return bool(self.args[3])

    @property
    def integer(self) -> bool:
        return bool(self.args[4])

    @property
    def positive(self) -> bool:
        return self.low > 0 or (self.low == 0 and not self.low_closed)

    @property
    def nonnegative(self) -> bool:
        return self.low >= 0

    def __contains__(self, value) -> bool:
        above = value >= self.low if self.low_closed else value > self.low
        below = value <= self.high if self.high_closed else value < self.high
        return bool(above and below and (not self.integer or sp.Rational(value).is_integer))

    def assumptions(self) -> dict[str, bool]:
        """What SymPy may assume about a symbol of this domain."""
        facts = {"integer": True} if self.integer else {"real": True}
        if self.positive:
            facts["positive"] = True
        elif self.nonnegative:
            facts["nonnegative"] = True
        return facts

    def _sympystr(self, printer) -> str:
        if self.integer:
            return "integer" if self.low == -sp.oo else f"integer >= {self.low}"
        if self == POSITIVE:
            return "positive"
        if self == REAL:
            return "real"
        left, right = "[" if self.low_closed else "(", "]" if self.high_closed else ")"
        return f"in {left}{self.low}, {self.high}{right}"


REAL = Domain()
POSITIVE = Domain(low=0)
NONNEGATIVE = Domain(low=0, low_closed=True)
INTEGER = Domain(integer=True)


def interval(low, high, *, closed: bool | str = False) -> Domain:
    """The numbers between two ends: ``interval(0, 1)`` is open.

    Args:
        low: the lower end, -oo if there is none.
        high: the upper end, oo if there is none.
        closed: True for both ends included, "left" or "right" for one.

    Raises:
        ValueError: no number lies in it.
    """
    return Domain(low, high, closed in (True, "left"), closed in (True, "right"))


def flag(value: Boolean) -> bool:
    return bool(value)
