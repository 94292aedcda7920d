"""Signs on intervals are exact: multiplicities, irrational roots, attained and open ends, infinite intervals."""

import random
from fractions import Fraction as F
from math import inf

import pytest
import sympy as sp
from sympy import QQ, ring

from derivations.calculus.domains import NONNEGATIVE, POSITIVE, REAL, interval
from derivations.judges.sturm import (
    ROOT,
    Interval,
    enclosure,
    sign_cells,
    sign_on,
    sum_of_squares,
    univariate,
)

R, u, v, w = ring("u v w", QQ)
LINE = Interval()


def poly(*coefficients):
    """Highest power first."""
    return sp.Poly(coefficients, ROOT, domain="QQ")


def signs(p, range_):
    return {cell.signs[0] for cell in sign_cells([p], range_)}


# ---- intervals -------------------------------------------------------------------------------------------------


def test_domains_become_intervals():
    assert Interval.of(REAL) == LINE
    assert Interval.of(POSITIVE) == Interval(F(0)) and Interval.of(POSITIVE).positive
    assert not Interval.of(NONNEGATIVE).positive
    assert Interval.of(interval(0, 1, closed="right")) == Interval(F(0), F(1), False, True)


@pytest.mark.parametrize(
    ("one", "other", "product"),
    [
        (Interval(F(0), F(1)), Interval(F(0)), Interval(F(0))),
        (Interval(F(0), F(1), True, True), Interval(F(0)), Interval(F(0), inf, True)),
        (Interval(F(0), F(1)), Interval(F(0), F(1), True, True), Interval(F(0), F(1), True, False)),
        (Interval(F(-1), F(2)), Interval(F(-3), F(1)), Interval(F(-6), F(3))),
        (Interval(high=F(0)), Interval(high=F(0)), Interval(F(0))),
    ],
)
def test_products(one, other, product):
    assert one * other == product == other * one


def test_powers_and_sums():
    assert Interval(F(-1), F(1)) ** 2 == Interval(F(0), F(1), True, False)
    assert Interval(F(-2), F(1)) ** 3 == Interval(F(-8), F(1))
    assert Interval(F(0), low_closed=True) == LINE**2
    assert Interval(F(0), F(1)) + Interval(F(1), F(2), True, True) == Interval(F(1), F(3))


def test_enclosures_contain_the_values():
    rng = random.Random(3)
    for _ in range(200):
        p = sum((QQ(rng.randint(-3, 3)) * u ** rng.randint(0, 3) * v ** rng.randint(0, 2) for _ in range(4)), R.zero)
        ends = [sorted(F(rng.randint(-4, 4), 2) for _ in range(2)) for _ in range(3)]
        box = [Interval(low, high, True, True) for low, high in ends]
        at = [low + (high - low) * F(rng.randint(0, 4), 4) for low, high in ends]
        value = p.evaluate([(g, QQ(c.numerator, c.denominator)) for g, c in zip((u, v, w), at, strict=True)])
        assert F(int(value.numerator), int(value.denominator)) in enclosure(p, box)


# ---- the line --------------------------------------------------------------------------------------------------


def test_a_touching_root_has_even_multiplicity():
    square = poly(1, -1, F(1, 4))  # (r - 1/2)^2
    assert signs(square, Interval(F(0), F(1))) == {0, 1}
    assert signs(square + sp.Rational(1, 10**12), Interval(F(0), F(1))) == {1}
    assert signs(square - sp.Rational(1, 10**12), Interval(F(0), F(1))) == {-1, 0, 1}


def test_ends_count_only_when_attained():
    identity = poly(1, 0)
    assert signs(identity, Interval(F(0), F(1))) == {1}
    assert signs(identity, Interval(F(0), F(1), True, True)) == {0, 1}
    assert signs(identity, Interval(F(-1), F(0))) == {-1}
    assert signs(identity, Interval(F(0), F(0), True, True)) == {0}
    assert signs(identity, LINE) == {-1, 0, 1}


def test_a_root_just_outside_an_end_does_not_count():
    nearly = poly(1, 0, -2)  # the root of 2 lies between these ends
    low, high = F(14142135623730950488, 10**19), F(14142135623730950489, 10**19)
    assert signs(nearly, Interval(high, F(2), True, True)) == {1}
    assert signs(nearly, Interval(F(0), low, True, True)) == {-1}
    assert signs(nearly, Interval(low, high)) == {-1, 0, 1}


def test_signs_at_an_irrational_root_are_exact():
    near = sp.Rational(14142135623730950488, 10**19)
    cells = sign_cells([poly(1, 0, -2), poly(1, -near), poly(1, 0, -2) ** 3 * poly(1, 5)], Interval(F(0)))
    (root,) = [cell for cell in cells if cell.sample is None]
    assert root.signs == (0, 1, 0)  # the root of 2 is above its truncation


def test_a_common_root_is_one_cell():
    cells = sign_cells([poly(1, -1), poly(1, 0, -1)], Interval(F(0)))
    assert [cell.signs for cell in cells if 0 in cell.signs] == [(0, 0)]


def test_cells_cover_the_interval():
    rng = random.Random(5)
    for _ in range(60):
        polynomials = [poly(*(rng.randint(-4, 4) for _ in range(rng.randint(1, 5)))) for _ in range(2)]
        low = F(rng.randint(-6, 2), 2)
        range_ = Interval(low, low + rng.randint(1, 6), rng.random() < 0.5, rng.random() < 0.5)
        found = {cell.signs for cell in sign_cells(polynomials, range_)}
        for step in range(1, 40):
            at = sp.Rational(low + (F(range_.high) - low) * F(step, 40))
            assert tuple(int(sp.sign(p.eval(at))) for p in polynomials) in found
        for cell in sign_cells(polynomials, range_):
            assert cell.sample is None or cell.sample in range_


def test_sign_on_a_box():
    unit = Interval(F(0), F(1))
    box = [unit, unit, LINE]
    assert sign_on(u + v, box) == 1
    assert sign_on(-u * v, box) == -1
    assert sign_on(1 - u, box) == 1
    assert sign_on(u - v, box) is None
    assert sign_on(w**2 - 2 * w + 2, box) == 1
    assert sign_on(w**2 - 2 * w + 1, box) is None
    assert sign_on(w**2, box) is None
    assert sign_on(R.zero, box) is None


def test_univariate():
    assert univariate(3 * v**2 - 1, 1) == poly(3, 0, -1)
    assert univariate(R.zero, 1).is_zero


# ---- sums of squares -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "p",
    [
        u**2 + v**2 - 2 * u * v,
        u**2 + u * v + v**2,
        u**2 + v**2 + w**2 - u * v - v * w - u * w,
        u**2 - 2 * u + 2,
        u**4 - 2 * u**2 * v**2 + v**4,
        (u * v - w) ** 2 + (u - 3) ** 2,
        R(5),
    ],
)
def test_a_certificate_adds_up(p):
    squares = sum_of_squares(p)
    assert squares is not None and all(d > 0 for d, _ in squares)
    assert sum((form**2 * QQ(d.numerator, d.denominator) for d, form in squares), R.zero) == p


@pytest.mark.parametrize(
    "p",
    [
        u**2 + v**2 - 3 * u * v,
        u**2 - 2 * u + 1 - QQ(1, 10**12),
        u**2 + v,
        u * v,
        -(u**2),
        R(-1),
        u**4 * v**2 + u**2 * v**4 - 3 * u**2 * v**2 + 1,  # Motzkin's: never negative, and no sum of squares
    ],
)
def test_no_certificate_for_what_is_no_sum_of_squares(p):
    assert sum_of_squares(p) is None
