"""Positivity on a bounded interval, by rational interval arithmetic on pieces that are halved until it shows.

Main result: f > 0 on [a, b] when each piece has a positive lower bound: that of the expression tree, or, where f is
differentiable, f(m) + f'(X)(X - m) with the middle m of a piece X. Every bound is a rational number moved outwards.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import inf
from typing import Any

import sympy as sp

from derivations.calculus.domains import Domain
from derivations.calculus.functions import relu, sigmoid, softplus, step
from derivations.calculus.symbols import Scalar
from derivations.judges import enclosures
from derivations.judges.enclosures import rounded

EVALUATIONS = 400
Range = tuple[Any, Any]  # rational numbers, or infinities
ZERO, ONE = Fraction(0), Fraction(1)
LINE: Range = (-inf, inf)


def is_positive_on(f: sp.Expr, x: Scalar, domain: Domain, slope: sp.Expr | None = None) -> bool:
    """Whether f > 0 on all of a bounded domain; ``slope`` is f', where f is differentiable on it."""
    ends = _exactly(domain.low), _exactly(domain.high)
    if any(range_of(f, x, (end, end))[0] <= 0 for end in ends):
        return False
    waiting = [ends]
    for _ in range(EVALUATIONS):
        if not waiting:
            return True
        low, high = waiting.pop()
        if range_of(f, x, (low, high))[0] > 0:
            continue
        middle = (low + high) / 2
        here = range_of(f, x, (middle, middle))[0]
        if here <= 0:
            return False
        if slope is not None:
            steepest = max(map(abs, range_of(slope, x, (low, high))))
            if steepest != inf and here > steepest * (high - low) / 2:
                continue
        waiting += [(middle, high), (low, middle)]
    return False


def _exactly(c: sp.Expr) -> Fraction:
    return Fraction(int(c.p), int(c.q))  # type: ignore[attr-defined]


def range_of(e: sp.Basic, x: Scalar, values: Range) -> Range:
    """Range of an expression in the one scalar x, when x lies between ``values``; infinite where none are known."""
    if e == x:
        return values
    if isinstance(e, sp.Rational):
        return _exactly(e), _exactly(e)
    if e is sp.pi:
        return enclosures.PI
    if e is sp.E:
        return enclosures.exp(ONE)
    if isinstance(e, sp.Pow):
        return _power(e, x, values)
    inner = [range_of(a, x, values) for a in e.args]
    if isinstance(e, sp.Add):
        return _outwards(sum(low for low, _ in inner), sum(high for _, high in inner))
    if isinstance(e, sp.Mul):
        total: Range = ONE, ONE
        for factor in inner:
            total = _product(total, factor)
        return total
    if e.func in RANGES:
        return RANGES[e.func](*inner)
    return LINE


def _outwards(low, high) -> Range:
    return (low if low == -inf else rounded(low, low)[0], high if high == inf else rounded(high, high)[1])


def _product(a: Range, b: Range) -> Range:
    ends = [ZERO if 0 in (s, t) else s * t for s in a for t in b]
    return _outwards(min(ends), max(ends))


def _power(e: sp.Pow, x: Scalar, values: Range) -> Range:
    base = range_of(e.base, x, values)
    if not isinstance(e.exp, sp.Rational):
        if base[0] <= 0:
            return LINE
        return _increasing(enclosures.exp)(_product(range_of(e.exp, x, values), _log(base)))
    p, q = int(e.exp.p), int(e.exp.q)
    if q > 1:
        if base[0] < 0:
            return LINE
        base = _increasing(lambda r: enclosures.root(r, q))(base)
    power = _whole_power(base, abs(p))
    if p > 0:
        return power
    if power[0] <= 0 <= power[1]:
        return LINE
    return _outwards(ZERO if power[1] == inf else 1 / power[1], ZERO if power[0] == -inf else 1 / power[0])


def _whole_power(a: Range, n: int) -> Range:
    low, high = a[0] ** n, a[1] ** n
    if n % 2 == 0 and a[0] <= 0:
        low, high = (high, low) if a[1] <= 0 else (ZERO, max(low, high))
    return _outwards(low, high)


def _increasing(bounds: Callable[[Fraction], Range], least: Any = -inf, most: Any = inf) -> Callable[[Range], Range]:
    """The range of an increasing function, from bounds of its values; ``least`` and ``most`` are its limits."""

    def range_(a: Range) -> Range:
        low = least if a[0] == -inf else max(bounds(a[0])[0], least)
        high = most if a[1] == inf else min(bounds(a[1])[1], most)
        return low, high

    return range_


def _log(a: Range) -> Range:
    if a[1] <= 0:
        return LINE
    low = -inf if a[0] <= 0 else enclosures.log(a[0])[0]
    return low, inf if a[1] == inf else enclosures.log(a[1])[1]


def _sigmoid(r: Fraction) -> Range:
    low, high = enclosures.exp(-r)
    return rounded(ZERO if high == inf else 1 / (1 + high), 1 / (1 + low))


def _tanh(r: Fraction) -> Range:
    low, high = _sigmoid(2 * r)
    return rounded(2 * low - 1, 2 * high - 1)


def _softplus(a: Range) -> Range:
    low, high = EXP(a)
    return _log((1 + low, 1 + high))


def _sinh(a: Range) -> Range:
    (low, high), (small, large) = EXP(a), EXP((-a[1], -a[0]))
    return _outwards((low - large) / 2 if large != inf else -inf, (high - small) / 2)


def _cosh(a: Range) -> Range:
    outer = _abs(a)
    (low, high), (small, large) = EXP(outer), EXP((-outer[1], -outer[0]))
    return _outwards(max(ONE, (low + small) / 2), (high + large) / 2)


def _wave(bounds: Callable[[Fraction], Range]) -> Callable[[Range], Range]:
    """A function between -1 and 1 whose slope is too."""

    def range_(a: Range) -> Range:
        if a[1] - a[0] >= 2:
            return -ONE, ONE
        low, high = bounds((a[0] + a[1]) / 2)
        reach = (a[1] - a[0]) / 2
        return max(-ONE, low - reach), min(ONE, high + reach)

    return range_


def _abs(a: Range) -> Range:
    if a[0] >= 0:
        return a
    return (-a[1], -a[0]) if a[1] <= 0 else (ZERO, max(-a[0], a[1]))


def _steps(low: Fraction) -> Callable[[Range], Range]:
    """A function that jumps from ``low`` to 1 at 0, where it lies in between."""
    return lambda a: (ONE if a[0] > 0 else low, low if a[1] < 0 else ONE)


EXP = _increasing(enclosures.exp, ZERO)
_ERF = _increasing(enclosures.erf, -ONE, ONE)

RANGES: dict[type, Callable[..., Range]] = {
    sp.exp: EXP,
    sp.log: _log,
    sigmoid: _increasing(_sigmoid, ZERO, ONE),
    sp.tanh: _increasing(_tanh, -ONE, ONE),
    softplus: _softplus,
    sp.sinh: _sinh,
    sp.cosh: _cosh,
    sp.erf: _ERF,
    sp.erfc: lambda a: (1 - _ERF(a)[1], 1 - _ERF(a)[0]),
    sp.sin: _wave(enclosures.sin),
    sp.cos: _wave(enclosures.cos),
    sp.Abs: _abs,
    relu: lambda a: (max(ZERO, a[0]), max(ZERO, a[1])),
    step: _steps(ZERO),
    sp.sign: _steps(-ONE),
}
