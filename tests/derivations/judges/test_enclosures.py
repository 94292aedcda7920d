"""The rational bounds contain the values that mpmath finds with 60 digits, and are narrow."""

import random
from fractions import Fraction as F
from math import inf

import mpmath
import pytest

from derivations.judges import enclosures
from derivations.judges.enclosures import PI, WIDEST, rounded

FUNCTIONS = {"exp": mpmath.exp, "sin": mpmath.sin, "cos": mpmath.cos, "erf": mpmath.erf, "log": mpmath.log}
rng = random.Random(5)
NUMBERS = [F(rng.randint(-500, 500), rng.randint(1, 70)) for _ in range(150)]
NUMBERS += [F(rng.randint(-(10**9), 10**9), rng.randint(1, 10**12)) for _ in range(50)]
NUMBERS += [F(0), F(1), F(-1), F(4), F(-4), F(8), F(-8), F(WIDEST), F(1, 10**15), F(10**15), F(-(10**15))]


def number(r):
    return mpmath.mpf(r.numerator) / r.denominator


def contains(bounds, value):
    low, high = bounds
    slack = mpmath.mpf(10) ** -55 * max(1, abs(value))
    return number(low) <= value + slack and (high == inf or value <= number(high) + slack)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_bounds_contain_the_value(name):
    with mpmath.workdps(60):
        for r in NUMBERS:
            if (name == "exp" and r > 10**6) or (name == "log" and r <= 0):
                continue
            assert contains(getattr(enclosures, name)(r), FUNCTIONS[name](number(r))), r


@pytest.mark.parametrize("q", [2, 3, 5, 12])
def test_roots_are_checked_by_their_powers(q):
    for r in NUMBERS:
        if r >= 0:
            low, high = enclosures.root(r, q)
            assert low**q <= r <= high**q and high - low <= max(low, F(1)) / 2**20


def test_exact_values_are_points():
    assert enclosures.exp(F(0)) == (1, 1) and enclosures.log(F(1)) == (0, 0) and enclosures.erf(F(0)) == (0, 0)
    assert enclosures.root(F(9, 4), 2) == (F(3, 2), F(3, 2)) and enclosures.root(F(27), 3) == (3, 3)
    assert enclosures.root(F(2), 2)[0] < enclosures.root(F(2), 2)[1]


def test_bounds_are_narrow():
    for r in (F(1, 3), F(7, 2), F(-5, 3), F(-6)):
        low, high = enclosures.exp(r)
        assert high - low < high / 10**11
        assert all(high - low < F(1, 10**11) for low, high in (enclosures.sin(r), enclosures.cos(r)))
    assert all(high - low < F(1, 10**9) for low, high in (enclosures.erf(F(1, 2)), enclosures.erf(F(-3))))


def test_far_out_the_bounds_are_the_limits():
    assert enclosures.exp(F(10**9))[1] == inf and enclosures.exp(F(-(10**9)))[0] == 0
    assert enclosures.erf(F(100))[1] == 1 and enclosures.sin(F(9)) == (-1, 1)


def test_pi_lies_between_its_convergents():
    with mpmath.workdps(30):
        assert number(PI[0]) < mpmath.pi < number(PI[1])


def test_rounding_goes_outwards():
    for r in NUMBERS:
        low, high = rounded(r, r)
        assert low <= r <= high
