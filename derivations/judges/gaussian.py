"""Arc tangents of rational numbers, by prime factors of Gaussian integers.

atan(a / b) is the argument of b + a i, and arguments add up where numbers multiply: so it is a whole multiple of pi/4
plus whole multiples of the arguments of Gaussian primes c + d i with c > d > 0. These are independent, which makes
4 atan(1/5) - atan(1/239) = pi/4 and its like evident.
"""

from __future__ import annotations

from fractions import Fraction

import mpmath
import sympy as sp

LARGEST = 10**12  # of a^2 + b^2, which is factored

Gaussian = tuple[int, int]


def parts_of_arctangent(r: Fraction) -> tuple[int, dict[Fraction, int]] | None:
    """(m, k) with atan(r) = m pi/4 + sum of k_t atan(t) over the keys t in (0, 1) of k; None beyond ``LARGEST``."""
    a, b = r.numerator, r.denominator
    if a**2 + b**2 > LARGEST:
        return None
    turns: dict[Fraction, int] = {}
    for p in sp.factorint(a**2 + b**2):
        if p == 2:
            continue
        prime = _above(int(p))
        turns[Fraction(prime[1], prime[0])] = _multiplicity((b, a), prime) - _multiplicity((b, -a), prime)
    return _eighths(r, turns), turns


def _above(p: int) -> Gaussian:
    """c + d i with c > d > 0 and c^2 + d^2 = p, a prime 4 n + 1."""
    d = next(d for d in range(1, p) if sp.integer_nthroot(p - d * d, 2)[1])
    c = int(sp.integer_nthroot(p - d * d, 2)[0])
    return max(c, d), min(c, d)


def _multiplicity(z: Gaussian, prime: Gaussian) -> int:
    """How often the prime divides z."""
    c, d = prime
    norm, count = c * c + d * d, 0
    while True:
        x, y = z[0] * c + z[1] * d, z[1] * c - z[0] * d  # z times the conjugate of the prime
        if x % norm or y % norm:
            return count
        z, count = (x // norm, y // norm), count + 1


def _eighths(r: Fraction, turns: dict[Fraction, int]) -> int:
    """What is left, a whole number of eighth turns; it is read off 30 digits, which settle it."""
    with mpmath.workdps(30):

        def arctangent(t: Fraction):
            return mpmath.atan(mpmath.mpf(t.numerator) / t.denominator)

        left = 4 * (arctangent(r) - mpmath.fsum(k * arctangent(t) for t, k in turns.items())) / mpmath.pi
        eighths = int(mpmath.nint(left))
        if abs(left - eighths) > mpmath.mpf(10) ** -20:
            raise ArithmeticError(f"the factors of {r} do not give back its arc tangent")
    return eighths
