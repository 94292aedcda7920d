"""Rational bounds of exp, log, roots, sine, cosine, erf and pi at rational numbers, from their series alone.

Each function returns (low, high) with low <= f(r) <= high, a few parts in 10^12 apart.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import factorial, floor, inf
from typing import Any

BITS = 44
WIDEST = 64  # arguments beyond this get the bounds of the limit
PI = Fraction(103993, 33102), Fraction(104348, 33215)  # neighbouring convergents of its continued fraction

Bounds = tuple[Fraction, Fraction]
INFINITY: Any = inf  # the only other bound, above exp
ZERO, ONE = Fraction(0), Fraction(1)


def rounded(low: Fraction, high: Fraction) -> Bounds:
    """The bounds with short numbers, moved outwards."""
    return _rounded_down(low), -_rounded_down(-high)


def _rounded_down(a: Fraction) -> Fraction:
    if a == 0:
        return a
    scale = Fraction(2) ** (BITS - a.numerator.bit_length() + a.denominator.bit_length())
    return floor(a * scale) / scale


@lru_cache(maxsize=4096)
def exp(r: Fraction) -> Bounds:
    """Taylor's series at r / 2^k with |r| / 2^k <= 1/2, squared k times."""
    if r == 0:
        return ONE, ONE
    if r < 0:
        low, high = exp(-r)
        return (ZERO, rounded(ONE, 1 / low)[1]) if high == INFINITY else rounded(1 / high, 1 / low)
    if r > WIDEST:
        return exp(Fraction(WIDEST))[0], INFINITY
    halvings = max(0, floor(2 * r).bit_length())
    t = r / 2**halvings
    low = _series(t, 20, lambda k: Fraction(1, factorial(k)))
    high = low + 2 * t**21 / factorial(21)
    for _ in range(halvings):
        low, high = _wide(low**2, high**2)
    return rounded(low, high)


def _wide(low: Fraction, high: Fraction) -> Bounds:
    """Outwards, to twice as many bits: for intermediate results."""
    scale = Fraction(2) ** (2 * BITS - low.numerator.bit_length() + low.denominator.bit_length())
    return floor(low * scale) / scale, -(floor(-high * scale) / scale)


def _series(t: Fraction, last: int, coefficient) -> Fraction:
    return sum((coefficient(k) * t**k for k in range(last + 1)), ZERO)


@lru_cache(maxsize=4096)
def log(r: Fraction) -> Bounds:
    """log(m 2^k) = k log 2 + 2 atanh((m - 1) / (m + 1)) with 1 <= m < 2."""
    if r == 1:
        return ZERO, ZERO
    k = r.numerator.bit_length() - r.denominator.bit_length()
    m = r / Fraction(2) ** k
    if m < 1:
        m, k = 2 * m, k - 1
    two, rest = _log_near_one(Fraction(2)), _log_near_one(m)
    low, high = (two[0] * k, two[1] * k) if k >= 0 else (two[1] * k, two[0] * k)
    return rounded(low + rest[0], high + rest[1])


def _log_near_one(m: Fraction) -> Bounds:
    s = (m - 1) / (m + 1)
    low = 2 * sum((s ** (2 * j + 1) / (2 * j + 1) for j in range(20)), ZERO)
    return low, low + 2 * s**41 / (41 * (1 - s**2))


@lru_cache(maxsize=4096)
def root(r: Fraction, q: int) -> Bounds:
    """The q-th root of r >= 0, by bisection of whole numbers: low^q <= r <= high^q is what is returned."""
    if r == 0:
        return ZERO, ZERO
    shift = BITS - (r.numerator.bit_length() - r.denominator.bit_length()) // q
    scaled = floor(r * Fraction(2) ** (q * shift))
    low, high = 0, 1 << (scaled.bit_length() // q + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**q <= scaled else (low, middle)
    unit = Fraction(2) ** -shift
    return low * unit, (low if low**q * unit**q == r else low + 1) * unit


@lru_cache(maxsize=4096)
def sin(r: Fraction) -> Bounds:
    """Taylor's series up to |r| <= 8, where 40 terms leave nothing worth mentioning."""
    return _circular(r, 1)


@lru_cache(maxsize=4096)
def cos(r: Fraction) -> Bounds:
    return _circular(r, 0)


def _circular(r: Fraction, first: int) -> Bounds:
    if abs(r) > 8:
        return -ONE, ONE
    r, slack = _shortened(r)
    degrees = range(first, 50, 2)
    value = sum(((-1) ** (n // 2) * r**n / factorial(n) for n in degrees), ZERO)
    error = abs(r) ** 50 / factorial(50) * 2 + slack
    low, high = rounded(value - error, value + error)
    return max(low, -ONE), min(high, ONE)


def _shortened(r: Fraction) -> Bounds:
    """A short number near r, and how far it may be off."""
    short = _rounded_down(r)
    return short, r - short


@lru_cache(maxsize=4096)
def erf(r: Fraction) -> Bounds:
    """(2 / sqrt(pi)) sum (-1)^k r^(2k+1) / (k! (2k+1)); beyond 4 only that 1 - erf(4) < 2 * 10^-8."""
    if r == 0:
        return ZERO, ZERO
    if r < 0:
        low, high = erf(-r)
        return -high, -low
    if r > 4:
        return 1 - Fraction(2, 10**8), ONE
    r, slack = _shortened(r)
    total = sum(((-1) ** k * r ** (2 * k + 1) / (factorial(k) * (2 * k + 1)) for k in range(80)), ZERO)
    error = r**161 / (factorial(80) * 161)  # the terms fall from k = 16 on
    low, high = total - error, total + error + slack  # the integrand is at most 1
    return rounded(2 * low / root(PI[1], 2)[1], 2 * high / root(PI[0], 2)[0])
