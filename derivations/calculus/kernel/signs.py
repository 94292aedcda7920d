"""Which forms are provably positive, non-negative or not zero: interval arithmetic over the declared domains.

Sound and incomplete: an atom of unknown kind may be anything.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import sympy as sp

from derivations.calculus.kernel import ranges
from derivations.calculus.kernel.atoms import Atom, Form, Monomial
from derivations.calculus.kernel.ranges import Dim


class Interval(NamedTuple):
    """Ends as Fractions, None where unbounded; ``open`` ends are not attained."""

    low: Fraction | None
    high: Fraction | None
    low_open: bool = True
    high_open: bool = True

    @property
    def positive(self) -> bool:
        return self.low is not None and (self.low > 0 or (self.low == 0 and self.low_open))

    @property
    def nonnegative(self) -> bool:
        return self.low is not None and self.low >= 0

    @property
    def negative(self) -> bool:
        return self.high is not None and (self.high < 0 or (self.high == 0 and self.high_open))


EVERYTHING = Interval(None, None)
POSITIVE = Interval(Fraction(0), None)
NONNEGATIVE = Interval(Fraction(0), None, False)
UNIT = Interval(Fraction(0), Fraction(1))
_FUNCTIONS = {
    "sigmoid": UNIT,
    "tanh": Interval(Fraction(-1), Fraction(1)),
    "erf": Interval(Fraction(-1), Fraction(1)),
    "sin": Interval(Fraction(-1), Fraction(1), False, False),
    "cos": Interval(Fraction(-1), Fraction(1), False, False),
    "abs": NONNEGATIVE,
    "sign": Interval(Fraction(-1), Fraction(1), False, False),
    "softplus": POSITIVE,
    "cosh": Interval(Fraction(1), None, False),
    "acosh": NONNEGATIVE,
    "besselk": POSITIVE,
    "expint": POSITIVE,
    "ellipk": POSITIVE,
    "ellipe": POSITIVE,
}


def positive(monomial: Monomial) -> bool:
    return monomial_interval(monomial).positive


def positive_form(form: Form) -> bool:
    return interval(form).positive or _factored(form).positive


def nonnegative_form(form: Form) -> bool:
    return interval(form).nonnegative


def nonzero(form: Form) -> bool:
    return any(found.positive or found.negative for found in (interval(form), _factored(form)))


def _factored(form: Form) -> Interval:
    """The interval of a form of several terms after its positive factors are taken out: 2 a - a^2 = a (2 - a)."""
    from derivations.calculus.kernel.terms import split_content

    if len(form) < 2:
        return EVERYTHING
    _, common, primitive = split_content(form)
    return times(monomial_interval(common), interval(primitive))


def interval(form: Form) -> Interval:
    """An interval that holds every value of the form."""
    total = Interval(Fraction(0), Fraction(0), False, False)
    for monomial, c in form.items():
        total = plus(total, _times_number(monomial_interval(monomial), c))
    return total


def monomial_interval(monomial: Monomial) -> Interval:
    result = Interval(Fraction(1), Fraction(1), False, False)
    for atom, q in monomial:
        result = times(result, raised(_atom_interval(atom), q))
    return result


def _atom_interval(atom: Atom) -> Interval:
    kind, data = atom.kind, atom.data
    if kind == "symbol":
        return domain_interval(data[0])
    if kind == "entry":
        return entry_interval(data[0])
    if kind == "dim":
        return Interval(Fraction(data[0].minimum), None, False)
    if kind == "index":
        return Interval(Fraction(1), None, False)
    if kind in ("prime", "exp"):
        return POSITIVE
    if kind in ("delta", "guard"):
        return Interval(Fraction(0), Fraction(1), False, False)
    if kind == "power":
        return _power_interval(*data)
    if kind == "function":
        return _FUNCTIONS.get(data[0], EVERYTHING)
    if kind == "base":
        return interval(dict(data[0]))
    if kind == "maximum":
        return interval(dict(data[1]))
    if kind == "sum":
        return _sum_interval(*data)
    if kind == "product":
        inner = interval(dict(data[1]))
        return POSITIVE if inner.positive else NONNEGATIVE if inner.nonnegative else EVERYTHING
    return EVERYTHING


def domain_interval(symbol: sp.Symbol) -> Interval:
    domain = getattr(symbol, "domain", None)
    if domain is None:
        return POSITIVE if symbol is sp.pi or symbol.is_positive else EVERYTHING
    low = None if domain.low == -sp.oo else Fraction(int(domain.low.p), int(domain.low.q))
    high = None if domain.high == sp.oo else Fraction(int(domain.high.p), int(domain.high.q))
    return Interval(low, high, not domain.low_closed, not domain.high_closed)


def entry_interval(head) -> Interval:
    if not hasattr(head, "domain"):
        return EVERYTHING
    found = domain_interval(head)
    if not head.padded:
        return found
    low = None if found.low is None else min(found.low, Fraction(0))
    high = None if found.high is None else max(found.high, Fraction(0))
    return Interval(low, high, False, False)


def _power_interval(base, variable) -> Interval:
    inner = interval(dict(base))
    if not inner.positive:
        return NONNEGATIVE if inner.nonnegative else EVERYTHING
    below_one = inner.high is not None and (inner.high < 1 or (inner.high == 1 and inner.high_open))
    least = variable.minimum if isinstance(variable, Dim) else 1
    if below_one:  # 0 < b < 1: b**v is below 1 once v >= 1
        return Interval(Fraction(0), Fraction(1), True, least >= 1)
    return POSITIVE


def _sum_interval(extents, monomial) -> Interval:
    inner = monomial_interval(monomial)
    inhabited = all(extent is not None and ranges.nonnegative(extent.shifted(-1)) for extent in extents)
    if inner.positive and inhabited:
        return POSITIVE
    return NONNEGATIVE if inner.nonnegative else EVERYTHING


def plus(a: Interval, b: Interval) -> Interval:
    low = None if a.low is None or b.low is None else a.low + b.low
    high = None if a.high is None or b.high is None else a.high + b.high
    return Interval(low, high, a.low_open or b.low_open, a.high_open or b.high_open)


def _times_number(a: Interval, c: Fraction) -> Interval:
    low = None if a.low is None else a.low * c
    high = None if a.high is None else a.high * c
    return Interval(low, high, a.low_open, a.high_open) if c > 0 else Interval(high, low, a.high_open, a.low_open)


def times(a: Interval, b: Interval) -> Interval:
    if a == (1, 1, False, False):
        return b
    if b == (1, 1, False, False):
        return a
    if a.nonnegative and b.nonnegative:
        assert a.low is not None and b.low is not None
        high = None if a.high is None or b.high is None else a.high * b.high
        both_positive = a.positive and b.positive
        return Interval(a.low * b.low, high, both_positive and (a.low_open or b.low_open), a.high_open and b.high_open)
    if None in (a.low, a.high, b.low, b.high):
        return EVERYTHING
    corners = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]  # type: ignore[operator]
    return Interval(min(corners), max(corners), False, False)


def raised(a: Interval, q: Fraction) -> Interval:
    if q == 1:
        return a
    if q.denominator > 1 and not a.nonnegative:  # a root has a meaning where its argument is not negative
        return NONNEGATIVE if q > 0 else POSITIVE
    if q.denominator == 1 and q % 2 == 0 and not a.nonnegative:
        return NONNEGATIVE if q > 0 else POSITIVE
    if a.positive:
        if q.denominator == 1 and q > 0 and a.low is not None:
            high = None if a.high is None else a.high**q.numerator
            return Interval(a.low**q.numerator, high, a.low_open, a.high_open)
        if q == -1 and a.low is not None:
            low = Fraction(0) if a.high is None else 1 / a.high
            high = None if a.low == 0 else 1 / a.low
            return Interval(low, high, a.high is None or a.high_open, a.low_open)
        return POSITIVE
    if a.nonnegative:
        return NONNEGATIVE
    if a.negative and q.denominator == 1:
        magnitude = raised(_times_number(a, Fraction(-1)), q)
        return _times_number(magnitude, Fraction(-1)) if q % 2 else magnitude
    return EVERYTHING
