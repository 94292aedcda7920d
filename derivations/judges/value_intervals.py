"""Intervals that hold every value of an expression wherever it has a meaning, over the declared domains.

    interval(e)     by the tree, or by the normal form if that says more about the sign
    narrowest(e)    the better of the two at each end

Ends are rational: 11/7 stands for pi/2.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import sympy as sp

from derivations.calculus import functions as fn
from derivations.calculus import special
from derivations.calculus.affine import provably_nonnegative
from derivations.calculus.domains import Domain
from derivations.calculus.kernel import signs
from derivations.calculus.kernel.atoms import Unsupported
from derivations.calculus.kernel.signs import EVERYTHING, NONNEGATIVE, POSITIVE, UNIT, Interval
from derivations.calculus.kernel.translation import translate
from derivations.calculus.operators import Bound, Delta, Expectation, Integral, Limit, LimitAt, Maximum, Product, Sum
from derivations.calculus.substitution import substitute
from derivations.calculus.symbols import CalculusError, Defined, Definition, Entry, Index, Scalar, Size


def interval(e: sp.Expr) -> Interval:
    """An interval that holds every value of an expression: by its tree, or by its normal form if that is better."""
    found = value_interval(e)
    if found.positive or found.negative:
        return found
    try:
        normal = signs.interval(translate(e))
    except (Unsupported, CalculusError):
        return found
    return normal if normal.positive or normal.negative or normal.nonnegative else found


def value_interval(e: sp.Expr) -> Interval:
    if isinstance(e, Defined) and isinstance(e.head, Definition):
        return value_interval(e.unfolded)
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
    if e == sp.pi:
        return Interval(Fraction(333, 106), Fraction(22, 7))
    if e == sp.E:
        return Interval(Fraction(19, 7), Fraction(87, 32))
    if isinstance(e, sp.Function) and type(e) in _VALUES:
        return _VALUES[type(e)](*map(value_interval, e.args))
    if isinstance(e, special.polygamma):
        return _polygamma(e)
    if isinstance(e, Delta):
        return Interval(Fraction(0), Fraction(1), False, False)
    if isinstance(e, sp.Add):
        total = Interval(Fraction(0), Fraction(0), False, False)
        for a in e.args:
            total = signs.plus(total, value_interval(a))
        return total
    if isinstance(e, sp.Mul):
        number, factors = e.as_coeff_mul()
        result = Interval(Fraction(1), Fraction(1), False, False)
        for a in factors:
            result = signs.times(result, value_interval(a))
        c = value_interval(number).low
        return signs.times(value_interval(number), result) if c is None else _scaled(result, c)
    if isinstance(e, sp.Pow) and e.exp.is_Rational:
        return _raised(value_interval(e.base), Fraction(int(e.exp.p), int(e.exp.q)))  # type: ignore[attr-defined]
    if isinstance(e, sp.Pow):
        inner = value_interval(e.base)
        return POSITIVE if inner.positive else NONNEGATIVE if inner.nonnegative else EVERYTHING
    if isinstance(e, (Sum, Product)):
        inner = value_interval(e.body)
        inhabited = isinstance(e, Product) or all(provably_nonnegative(k.extent - 1) for k in e.bound)
        if inner.positive and inhabited:
            return POSITIVE
        return NONNEGATIVE if inner.nonnegative else EVERYTHING
    if isinstance(e, Maximum):
        return value_interval(e.body)
    if isinstance(e, Integral):
        forwards = e.low.is_finite and e.high.is_finite and value_interval(e.high - e.low).nonnegative
        return NONNEGATIVE if forwards and value_interval(on_its_range(e)).nonnegative else EVERYTHING
    if isinstance(e, (Expectation, Limit, LimitAt)):
        return NONNEGATIVE if value_interval(e.function).nonnegative else EVERYTHING
    return EVERYTHING


def _scaled(a: Interval, c: Fraction) -> Interval:
    """The values c a."""
    low, high = (None if end is None else end * c for end in (a.low, a.high))
    return Interval(low, high, a.low_open, a.high_open) if c > 0 else Interval(high, low, a.high_open, a.low_open)


def _raised(a: Interval, q: Fraction) -> Interval:
    """a^q; an even power of what lies between bounds of both signs is bounded too."""
    even = q.denominator == 1 and q > 0 and q % 2 == 0
    if not even or a.low is None or a.high is None or a.nonnegative:
        return signs.raised(a, q)
    farthest = max(-a.low, a.high)
    attained = (-a.low == farthest and not a.low_open) or (a.high == farthest and not a.high_open)
    return Interval(Fraction(0), farthest**q.numerator, a.negative, not attained)


def on_its_range(node: Integral) -> sp.Expr:
    """The integrand over its range: between rational or infinite ends, which become the domain of its variable."""
    low, high, domain = node.low, node.high, Domain()
    if low != high and all(end.is_Rational or end.is_infinite for end in (low, high)):
        low, high = (low, high) if low < high else (high, low)  # type: ignore[operator]
        domain = Domain(low, high, bool(low.is_finite), bool(high.is_finite))
    return substitute(node.function, {node.variable: Bound(node.variable.name, domain)})


def narrowest(e: sp.Expr) -> Interval:
    """The narrower of what the tree and the normal form say, end by end."""
    tree = value_interval(e)
    try:
        normal = signs.interval(translate(e))
    except (Unsupported, CalculusError):
        return tree
    low = max(((i.low, i.low_open) for i in (tree, normal) if i.low is not None), default=(None, True))
    high = min(((i.high, not i.high_open) for i in (tree, normal) if i.high is not None), default=(None, False))
    return Interval(low[0], high[0], low[1], not high[1])


# ---- the functions -----------------------------------------------------------------------------------------------

NEGATIVE = Interval(None, Fraction(0))


def _between(low: int, high: int, attained: bool = False) -> Callable[..., Interval]:
    """The values of a function whatever its arguments."""
    found = Interval(Fraction(low), Fraction(high), not attained, not attained)
    return lambda *arguments: found


def _like_its_argument(x: Interval) -> Interval:
    """An increasing function that is 0 at 0."""
    return POSITIVE if x.positive else NONNEGATIVE if x.nonnegative else NEGATIVE if x.negative else EVERYTHING


def _signed(bound: Fraction) -> Callable[[Interval], Interval]:
    """The same for one with values strictly between -bound and bound."""

    def values(x: Interval) -> Interval:
        sign = _like_its_argument(x)
        high = bound if sign.high is None else sign.high
        return Interval(-bound, high) if sign.low is None else Interval(sign.low, high, sign.low_open, True)

    return values


def _exp(x: Interval) -> Interval:
    return Interval(Fraction(1), None, not (x.low == 0 and not x.low_open)) if x.nonnegative else POSITIVE


def _log(x: Interval) -> Interval:
    one = Interval(Fraction(-1), Fraction(-1), False, False)
    return _like_its_argument(signs.plus(x, one))


def _modulus(x: Interval) -> Interval:
    return POSITIVE if x.positive or x.negative else NONNEGATIVE


def _polygamma(e: sp.Expr) -> Interval:
    """(-1)^(n+1) n! sum_k (x + k)^-(n+1)."""
    n, x = e.args
    if n.is_Integer and n % 2 == 1:
        return POSITIVE
    return NEGATIVE if n.is_Integer and n >= 2 and value_interval(x).positive else EVERYTHING  # type: ignore[arg-type]


# The values of each function wherever it has a meaning, from those of its arguments. 11/7 > pi/2.
_VALUES: dict[type, Callable[..., Interval]] = {
    sp.exp: _exp,
    sp.log: _log,
    sp.Abs: _modulus,
    sp.sin: _between(-1, 1, attained=True),
    sp.cos: _between(-1, 1, attained=True),
    sp.sign: _between(-1, 1, attained=True),
    sp.cosh: lambda x: Interval(Fraction(1), None, False),
    sp.acosh: lambda x: NONNEGATIVE,
    sp.acos: lambda x: Interval(Fraction(0), Fraction(22, 7), False),
    sp.asin: _signed(Fraction(11, 7)),
    sp.atan: _signed(Fraction(11, 7)),
    sp.tanh: _signed(Fraction(1)),
    sp.erf: _signed(Fraction(1)),
    sp.erfc: _between(0, 2),
    sp.sinh: _like_its_argument,
    sp.asinh: _like_its_argument,
    sp.atanh: _like_its_argument,
    fn.cbrt: _like_its_argument,
    special.erfinv: _like_its_argument,
    fn.sigmoid: lambda x: UNIT,
    fn.softplus: lambda x: POSITIVE,
    fn.relu: lambda x: POSITIVE if x.positive else NONNEGATIVE,
    fn.step: _between(0, 1, attained=True),
    special.gamma: lambda x: POSITIVE if x.positive else EVERYTHING,
    special.ellipk: lambda m: POSITIVE,
    special.ellipe: lambda m: Interval(Fraction(1), None, False),
    special.besselk: lambda v, x: POSITIVE,
    special.besseli: lambda v, x: POSITIVE if v.nonnegative and x.positive else EVERYTHING,
    special.expint: lambda v, x: POSITIVE,
}
