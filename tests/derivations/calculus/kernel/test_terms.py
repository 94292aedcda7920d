"""Roots of products: they distribute over factors >= 0 and over even powers, and over nothing else."""

import math

import pytest
from sympy import Abs, Rational, S, sqrt

from derivations.calculus.domains import NONNEGATIVE, Domain
from derivations.calculus.normal_form import equal, normal_form
from derivations.calculus.operators import D, Sum
from derivations.calculus.symbols import indices, scalar, scalars, size, vector
from derivations.judges.ball import arithmetic
from derivations.judges.ball.values import point
from tests.support.form_values import form_value

n = size("n")
i, j, k, l = indices("i j k l", n)  # noqa: E741
x, y = vector("x", n), vector("y", n)
a, b, c = scalars("a b c")
u, v = scalar("u", NONNEGATIVE), scalar("v", Domain(high=0))


def norm(f):
    return sqrt(Sum(f(k) ** 2, k))


def deviation(f):
    return sqrt(Sum((f(j) - Sum(f(l), l) / n) ** 2, j) / n)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (norm(lambda at: c * x[at]), Abs(c) * norm(lambda at: x[at])),
        (norm(lambda at: x[at] / c), norm(lambda at: x[at]) / Abs(c)),
        (norm(lambda at: u * x[at]), u * norm(lambda at: x[at])),
        (norm(lambda at: v * x[at]), -v * norm(lambda at: x[at])),
        (norm(lambda at: c * x[at] - c * y[at]), Abs(c) * norm(lambda at: x[at] - y[at])),
        (deviation(lambda at: c * x[at]), Abs(c) * deviation(lambda at: x[at])),
        (deviation(lambda at: c * x[at] + a), Abs(c) * deviation(lambda at: x[at])),
        (sqrt(Sum(x[k] ** 2, k) * Sum(y[k] ** 2, k)), norm(lambda at: x[at]) * norm(lambda at: y[at])),
        (sqrt(a**2 * b**2 * u), Abs(a * b) * sqrt(u)),
        ((a**2 * u) ** Rational(3, 2), Abs(a) ** 3 * u * sqrt(u)),
        (sqrt(a**4 * b + a**4), a**2 * sqrt(b + 1)),
        (D(norm(lambda at: c * x[at]), x[i]), Abs(c) * x[i] / norm(lambda at: x[at])),
    ],
)
def test_equal(left, right):
    assert equal(left, right) is True


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (norm(lambda at: c * x[at]), c * norm(lambda at: x[at])),
        (norm(lambda at: v * x[at]), v * norm(lambda at: x[at])),
        (norm(lambda at: x[at] + y[at]), norm(lambda at: x[at]) + norm(lambda at: y[at])),
        (deviation(lambda at: c * x[at]), c * deviation(lambda at: x[at])),
        (sqrt(a**4 * b + a**2), a**2 * sqrt(b + 1)),
        (sqrt(a**3 * b + a**3), a * sqrt(a * b + 1)),
        (sqrt(a**2 * u), a * sqrt(u)),
        (sqrt(a**2), a + 0 * b),
        (sqrt(a**6), a**3),
        (sqrt(u**2 * a**2 + a**2), u * Abs(a) + S.One),
    ],
)
def test_what_is_false_is_not_proved(left, right):
    assert equal(left, right) is not True


@pytest.mark.parametrize(("factor", "entries"), [(-2, (3,)), (3, (-1, 2, 0)), (0, (5, -7)), (-1, (0, 0))])
def test_the_form_has_the_value(factor, entries):
    at = point({n: len(entries), x: list(entries), c: factor})
    mean = sum(entries) / len(entries)
    spread = math.sqrt(sum((v - mean) ** 2 for v in entries) / len(entries))
    wanted = abs(factor) * (math.hypot(*entries) + spread)
    form = normal_form(norm(lambda at: c * x[at]) + deviation(lambda at: c * x[at]))
    with arithmetic.precision():
        assert abs(float(form_value(form, at).mid()) - wanted) < 1e-9
