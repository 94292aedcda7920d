"""Special functions, cube roots and inverse functions inside the kernel: derivatives, reflections, and lies of each."""

import pytest
import sympy as sp
from sympy import Rational, acos, acosh, asin, asinh, erfc, exp, pi, sqrt

from derivations.calculus.domains import NONNEGATIVE, POSITIVE, interval
from derivations.calculus.functions import cbrt
from derivations.calculus.normal_form import Unsupported, equal, normal_form
from derivations.calculus.operators import Bound, D, Integral, LimitAt, Sum, delta
from derivations.calculus.special import (
    besseli,
    besselj,
    besselk,
    bessely,
    digamma,
    ellipe,
    ellipk,
    erfinv,
    expint,
    gamma,
    loggamma,
    polygamma,
)
from derivations.calculus.symbols import indices, scalar, scalars, size, vector
from derivations.judges.ball import arithmetic
from derivations.judges.ball.values import point
from tests.support.form_values import form_value

n = size("n")
i, j, k = indices("i j k", n)
x, y = vector("x", n), vector("y", n, domain=POSITIVE)
a, b, v = scalars("a b v")
p, zero_or_more = scalar("p", POSITIVE), scalar("q", NONNEGATIVE)
small, large = scalar("s", interval(-1, 1)), scalar("L", interval(1, sp.oo))


@pytest.mark.parametrize(
    ("left", "right", "lie"),
    [
        (D(asin(small), small), 1 / sqrt(1 - small**2), 1 / sqrt(1 + small**2)),
        (D(acos(small), small), -1 / sqrt(1 - small**2), 1 / sqrt(1 - small**2)),
        (D(asinh(a), a), 1 / sqrt(a**2 + 1), 1 / sqrt(a**2 - 1)),
        (D(acosh(large), large), 1 / sqrt(large**2 - 1), 1 / sqrt(large**2 + 1)),
        (D(erfc(a), a), -2 * exp(-(a**2)) / sqrt(pi), 2 * exp(-(a**2)) / sqrt(pi)),
        (D(erfinv(small), small), sqrt(pi) * exp(erfinv(small) ** 2) / 2, sqrt(pi) * exp(-(erfinv(small) ** 2)) / 2),
        (D(gamma(p), p), gamma(p) * digamma(p), gamma(p)),
        (D(D(loggamma(p), p), p), polygamma(1, p), polygamma(2, p)),
        (D(polygamma(1, p), p), polygamma(2, p), polygamma(3, p)),
        (D(besselj(0, a), a), -besselj(1, a), besselj(1, a)),
        (D(besseli(0, a), a), besseli(1, a), -besseli(1, a)),
        (D(bessely(0, p), p), -bessely(1, p), bessely(1, p)),
        (D(besselk(0, p), p), -besselk(1, p), besselk(1, p)),
        (D(besselj(v, p), p), (besselj(v - 1, p) - besselj(v + 1, p)) / 2, (besselj(v - 1, p) + besselj(v + 1, p)) / 2),
        (besselj(-3, a), -besselj(3, a), besselj(3, a)),
        (besselj(-2, a), besselj(2, a), -besselj(2, a)),
        (besselk(-Rational(1, 3), p), besselk(Rational(1, 3), p), -besselk(Rational(1, 3), p)),
        (D(expint(2, p), p), -expint(1, p), expint(1, p)),
        (2 * p * D(ellipe(-p), p), ellipe(-p) - ellipk(-p), ellipk(-p) - ellipe(-p)),
        (D(gamma(y[i]), y[j]), delta(i, j) * gamma(y[i]) * digamma(y[i]), gamma(y[i]) * digamma(y[i])),
        (D(Sum(loggamma(y[k]), k), y[i]), digamma(y[i]), n * digamma(y[i])),
        (D(Sum(erfc(x[k] * a), k), x[i]), -2 * a * exp(-(a**2) * x[i] ** 2) / sqrt(pi), -2 * a * exp(-(x[i] ** 2))),
        (asin(-small), -asin(small), asin(small)),
        (erfinv(-small), -erfinv(small), erfinv(small)),
        (acos(small) + asin(small), pi / 2, pi),
        (gamma(-p), gamma(-p), -gamma(p)),
    ],
)
def test_special_functions(left, right, lie):
    assert equal(left, right) is True
    assert equal(left, lie) is None


def test_a_half_order_of_one_sign_is_not_the_other():
    assert equal(besselj(-Rational(1, 2), p), besselj(Rational(1, 2), p)) is None
    assert equal(besseli(-Rational(1, 2), p), besseli(Rational(1, 2), p)) is None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (cbrt(a) ** 3, a),
        (cbrt(a) ** 7, a**2 * cbrt(a)),
        (cbrt(-a), -cbrt(a)),
        (cbrt(8 * a * b), 2 * cbrt(a) * cbrt(b)),
        (cbrt(a**2), cbrt(a) ** 2),
        (cbrt(a - b), -cbrt(b - a)),
        (cbrt(1 / (a - b)), 1 / cbrt(a - b)),
        (cbrt(p**2), p ** Rational(2, 3)),
        (cbrt(zero_or_more), zero_or_more ** Rational(1, 3)),
        (cbrt(a**2 + 1), (a**2 + 1) ** Rational(1, 3)),
        (cbrt(exp(3 * a)), exp(a)),
        (D(cbrt(a), a), 1 / (3 * cbrt(a) ** 2)),
        (D(cbrt(x[i]), x[j]), delta(i, j) * cbrt(x[i]) / (3 * x[i])),
        (cbrt(Rational(-27, 8)), Rational(-3, 2)),
    ],
)
def test_cube_roots(left, right):
    assert equal(sp.sympify(left), sp.sympify(right)) is True


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (cbrt(a - b), cbrt(b - a)),
        (cbrt(a + b), cbrt(a) + cbrt(b)),
        (cbrt(a**2), cbrt(a)),
        (cbrt(a) ** 2, a),
        (cbrt(a), sp.sqrt(zero_or_more)),
    ],
)
def test_cube_roots_that_differ(left, right):
    assert equal(left, right) is None


@pytest.mark.parametrize("value", ["-8", "-1/3", "2/7", "27"])
@pytest.mark.parametrize("e", [cbrt(5 * a), cbrt(a**2) * a, cbrt(-2 * a) ** 5, cbrt(3 * a - 1) / 2, 1 / cbrt(a) ** 2])
def test_the_form_of_a_cube_root_has_its_value(e, value):
    with arithmetic.precision():
        found = form_value(normal_form(e), point({a: value}))
    exact = e.replace(lambda node: isinstance(node, cbrt), lambda node: sp.real_root(node.args[0], 3))
    assert abs(float(found.mid()) - float(exact.subs(a, sp.Rational(value)))) < 1e-12


def test_what_another_judge_decides_is_refused():
    t = Bound("t")
    for e in (LimitAt(t, t, 0), Integral(t, t, 0, 1), D(besselj(v, p), v)):
        with pytest.raises(Unsupported):
            normal_form(e)
