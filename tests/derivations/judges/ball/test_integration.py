"""Integrals are enclosed, their derivatives follow Leibniz's rule, and what may not exist has no value."""

import time

import mpmath as mp
import pytest
import sympy as sp
from sympy import Abs, acosh, asin, asinh, atan, atanh, cos, cosh, erf, erfc, exp, log, sin, sinh, sqrt, tanh

from derivations.calculus.domains import POSITIVE
from derivations.calculus.functions import cbrt, relu, sigmoid, softplus
from derivations.calculus.operators import Bound, D, Integral, LimitAt, Sum
from derivations.calculus.special import besselj
from derivations.calculus.symbols import index, scalar, scalars, size, vector
from derivations.judges.ball import Evaluator, NotEvaluable, OutOfTime, Scope, evaluate, footprint, refute
from derivations.judges.ball.arithmetic import precision
from derivations.judges.ball.values import point
from derivations.proof.statement import Eq

x, a = scalars("x a")
n = size("n")
k = index("k", n)
w = vector("w", n)
t = Bound("t")
half, third = sp.Rational(1, 2), sp.Rational(1, 3)


def integral(f, low, high):
    return Integral(f, t, sp.sympify(low), sp.sympify(high))


def decimals(ball):
    assert ball.is_finite() and ball.rad() < 1e-20
    return mp.mpf(ball.mid().str(30, radius=False))


INTEGRANDS = [
    (exp(t) * sin(3 * t), lambda u: mp.exp(u) * mp.sin(3 * u)),
    (cos(t) / (2 + t), lambda u: mp.cos(u) / (2 + u)),
    (sinh(t) + cosh(t) * tanh(t), lambda u: mp.sinh(u) + mp.cosh(u) * mp.tanh(u)),
    (log(1 + t**2), lambda u: mp.log(1 + u**2)),
    (erf(t) * erfc(t), lambda u: mp.erf(u) * mp.erfc(u)),
    (atan(3 * t) + asinh(2 * t), lambda u: mp.atan(3 * u) + mp.asinh(2 * u)),
    (asin(t / 2) + atanh(t / 2), lambda u: mp.asin(u / 2) + mp.atanh(u / 2)),
    (acosh(t + 3), lambda u: mp.acosh(u + 3)),
    (sigmoid(t) + softplus(4 * t), lambda u: 1 / (1 + mp.exp(-u)) + mp.log(1 + mp.exp(4 * u))),
    ((2 + t) ** third, lambda u: (2 + u) ** (mp.mpf(1) / 3)),
    (2**t, lambda u: 2**u),
    ((3 + t) ** t, lambda u: (3 + u) ** u),
]


@pytest.mark.parametrize(("f", "expected"), INTEGRANDS, ids=lambda f: str(f) if isinstance(f, sp.Basic) else "")
def test_integrals_against_quadrature(f, expected):
    with mp.workdps(30):
        assert abs(decimals(evaluate(integral(f, -1, 1), point({}))) - mp.quad(expected, [-1, 1])) < 1e-20


@pytest.mark.parametrize(
    ("f", "low", "high", "value"),
    [
        (sqrt(t), 0, 1, 2 * third),
        (sqrt(1 - t**2), -1, 1, sp.pi / 2),
        (Abs(t), -1, 2, 5 * half),
        (Abs(t - third), -1, 2, sp.Rational(41, 18)),
        (relu(t), -1, 2, 2),
        (t, 2, 1, -3 * half),
        (1 / t, 1, sp.E, 1),
        (sp.Integer(3), 0, 2, 6),
        (cos(2 * t - 3 * sin(t)) / sp.pi, 0, sp.pi, besselj(2, 3)),
        (D(t**3, t), 0, 2, 8),
    ],
)
def test_known_integrals(f, low, high, value):
    found = evaluate(integral(f, low, high) - value, point({}))
    assert found.contains(0) and found.rad() < 1e-20


@pytest.mark.parametrize(
    ("f", "low", "high"),
    [
        (1 / t, -1, 1),
        (1 / t**2, -1, 1),
        (sqrt(t), -1, 1),
        (sqrt(t) * sqrt(t - 1), -2, -1),  # complex factors with a real product
        (log(t), -2, -1),
        (log(t) - log(-t), 1, 2),
        (asin(t), 0, 2),
        (acosh(t), 0, half),
        (atanh(t), -2, 2),
        (t**t, -1, -half),
        (exp(-t), 0, sp.oo),
        (sp.Max(t, sin(t)), 0, 1),
    ],
)
def test_what_may_not_exist_has_no_value(f, low, high):
    with pytest.raises(NotEvaluable):
        evaluate(integral(f, low, high), point({}))


def test_undefined_ends():
    assert not evaluate(integral(t, 0, log(x)), point({x: -1})).is_finite()


def test_the_fundamental_theorem():
    area = integral(exp(-a * t**2), 0, x)
    assert refute(Eq(D(area, x), exp(-a * x**2))).status == "consistent"
    assert refute(Eq(D(area, x), exp(-a * x**2) * (1 + sp.Rational(1, 10**12)))).status == "refuted"
    assert refute(Eq(D(integral(sin(t), x, x**2), x), 2 * x * sin(x**2) - sin(x))).status == "consistent"
    assert refute(Eq(D(integral(sin(t), x, x**2), x), 2 * x * sin(x**2) + sin(x))).status == "refuted"


def test_leibniz_in_every_order():
    area = integral(exp(-a * t**2), 0, x)
    for mixed in (D(D(area, a), x), D(D(area, x), a)):
        assert refute(Eq(mixed, -(x**2) * exp(-a * x**2))).status == "consistent"
        assert refute(Eq(mixed, -x * exp(-a * x**2))).status == "refuted"
    assert refute(Eq(D(D(area, x), x), -2 * a * x * exp(-a * x**2))).status == "consistent"
    b = scalar("b", POSITIVE)
    inner = integral(exp(-b * t), 0, b)  # (1 - exp(-b^2)) / b
    assert refute(Eq(D(D(inner, b), b), D(D((1 - exp(-(b**2))) / b, b), b))).status == "consistent"
    assert refute(Eq(D(D(inner, b), b), D((1 - exp(-(b**2))) / b, b))).status == "refuted"


def test_no_derivative_at_a_jump_or_beyond_a_kink():
    with pytest.raises(NotEvaluable):  # the modulus has a kink at the end that moves
        evaluate(D(integral(Abs(t - x), 0, x), x), point({x: 1}))
    assert evaluate(D(integral(Abs(t), 0, x), x), point({x: -3})) == 3
    assert not evaluate(D(integral(sqrt(t), 0, x), x), point({x: 0})).is_finite()


def test_sums_and_entries_in_an_integrand():
    f = Sum(w[k] * t**2, k)
    assert refute(Eq(integral(f, 0, 1), Sum(w[k], k) / 3)).status == "consistent"
    assert refute(Eq(integral(f, 0, 1), Sum(w[k], k) / 2)).status == "refuted"
    assert refute(Eq(D(integral(exp(t * w[1]), 0, 1), w[1]), integral(t * exp(t * w[1]), 0, 1))).status == "consistent"


def test_what_has_no_rule_says_so():
    with pytest.raises(NotEvaluable, match="cbrt"):
        evaluate(integral(cbrt(t), 0, 1), point({}))
    with pytest.raises(NotEvaluable, match="limit"):
        evaluate(LimitAt(sin(t) / t, t, 0), point({}))


def test_a_bound_variable_is_not_drawn():
    for e in (integral(t * x, 0, a), LimitAt(t * x, t, a)):
        assert footprint(e).objects == {x, a}


def test_an_integral_ends_in_time():
    hard = integral(exp(sin(5000 * t)), 0, 2000)
    started = time.monotonic()
    with pytest.raises(NotEvaluable):
        evaluate(hard, point({}))
    assert time.monotonic() - started < 2
    with precision(), pytest.raises(OutOfTime):
        Evaluator(point({}).values, started).value(hard, Scope())
