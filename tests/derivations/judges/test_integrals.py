"""Definite integrals: right values are proved, wrong ones refuted, divergent ones get no finite value."""

import pytest
import sympy as sp
from sympy import E, Rational, asin, atan, cos, cosh, erf, oo, pi, sign, sin

from derivations.calculus.domains import INTEGER, NONNEGATIVE, POSITIVE, Domain
from derivations.calculus.functions import cbrt, exp, log, relu, sigmoid, sqrt, tanh
from derivations.calculus.operators import Bound, Integral
from derivations.calculus.special import ellipk, gamma
from derivations.calculus.symbols import scalar
from derivations.judges import antiderivatives, integrals
from derivations.judges.asymptotics.constants import Constants, Undecided
from derivations.judges.integrals import integral_value
from derivations.proof.statement import Eq, Gt, Hypothesis, Ne
from tests.support.evaluation import verdict

x = Bound("x")
a, s, t = scalar("a"), scalar("s"), scalar("t")
b, c = scalar("b", POSITIVE), scalar("c", POSITIVE)
m = scalar("m", Domain(0, oo, True, integer=True))
n = scalar("n", INTEGER)
density = exp(-((x - a) ** 2) / (2 * b**2)) / (b * sqrt(2 * pi))

INTEGRALS = [
    (x**2, 0, 1, Rational(1, 3)),
    (x**2, 2, 0, Rational(-8, 3)),
    (x, s, t, (t**2 - s**2) / 2),
    (exp(x), s, t, exp(t) - exp(s)),
    (1 / (1 + x**2), 0, t, atan(t)),
    (1 / (1 + x**2), -oo, oo, pi),
    (1 / (b**2 + x**2), 0, oo, pi / (2 * b)),
    (1 / (x**2 + x + 1), 0, 1, sqrt(3) * pi / 9),
    (x / (1 + x**2) ** 2, 0, oo, Rational(1, 2)),
    (1 / x, 1, b, log(b)),
    (1 / x, -2, -1, -log(2)),
    (1 / (1 + x), 0, b, log(1 + b)),
    (exp(-b * x), 0, oo, 1 / b),
    (x**3 * exp(-b * x), 0, oo, 6 / b**4),
    (exp(-b * x) * cos(x), 0, oo, b / (1 + b**2)),
    (exp(-(x**2)), -oo, oo, sqrt(pi)),
    (exp(-b * x**2), 0, oo, sqrt(pi / b) / 2),
    (density, -oo, oo, 1),
    (x * exp(-(x**2) / 2), 0, oo, 1),
    (x**2 * exp(-(x**2) / 2) / sqrt(2 * pi), -oo, oo, 1),
    (relu(x) * exp(-(x**2) / 2) / sqrt(2 * pi), -oo, oo, 1 / sqrt(2 * pi)),
    (exp(-abs(x) / b) / (2 * b), -oo, oo, 1),
    (log(x), 0, 1, -1),
    (x * log(x), 0, 1, Rational(-1, 4)),
    (log(x) ** 2, 0, 1, 2),
    (x**2 * log(x), 1, E, (1 + 2 * exp(3)) / 9),
    (1 / (x * log(x) ** 2), 2, oo, 1 / log(2)),
    (1 / sqrt(x), 0, 1, 2),
    (x**b, 0, 1, 1 / (1 + b)),
    (x**m, 0, 1, 1 / (1 + m)),
    (sqrt(1 - x**2), -1, 1, pi / 2),
    (sqrt(b**2 - x**2), 0, b, pi * b**2 / 4),
    (1 / sqrt(1 - x**2), -1, 1, pi),
    (1 / sqrt(abs(x)), -1, 1, 4),
    (sin(x), 0, pi, 2),
    (sin(x) ** 2, 0, 2 * pi, pi),
    (sin(x) / cos(x), 0, pi / 4, log(2) / 2),
    (exp(x) * cos(x), 0, pi, -(1 + exp(pi)) / 2),
    (atan(x), 0, 1, pi / 4 - log(2) / 2),
    (asin(x), 0, 1, pi / 2 - 1),
    (sigmoid(x) * (1 - sigmoid(x)), -oo, oo, 1),
    (1 / cosh(x) ** 2, -oo, oo, 2),
    (1 / cosh(x), -oo, oo, pi),
    (tanh(x), 0, 1, log(cosh(1))),
    (1 / (1 + exp(x)), 0, oo, log(2)),
    (erf(x), 0, 1, erf(1) + (exp(-1) - 1) / sqrt(pi)),
    (abs(x - 1), 0, 3, Rational(5, 2)),
    (abs(x - c), 0, 2 * c, c**2),
    (relu(x), -2, 3, Rational(9, 2)),
    (sign(x), -1, 2, 1),
    (cbrt(x), 0, 1, Rational(3, 4)),
    (cbrt(x), -8, 1, Rational(-45, 4)),
    (x ** (b - 1) * exp(-c * x), 0, oo, gamma(b) / c**b),
    (x ** (b - 1) * (1 - x) ** (c - 1), 0, 1, gamma(b) * gamma(c) / gamma(b + c)),
    (x**3 * (1 - x) ** 5, 0, 1, Rational(1, 504)),
    (sin(3 * x) / x, 0, oo, pi / 2),
    (exp(-(x**2)) * cos(a * x), 0, oo, sqrt(pi) * exp(-(a**2) / 4) / 2),
    (1 / sqrt(1 - sin(x) ** 2 / 2), 0, pi / 2, ellipk(Rational(1, 2))),
]


@pytest.mark.parametrize(("f", "low", "high", "value"), INTEGRALS, ids=lambda e: str(e))
def test_a_right_value_is_proved_and_a_wrong_one_refuted(f, low, high, value):
    node = Integral(sp.sympify(f), x, low, high)
    assert verdict(Eq(node, value)).proved
    assert verdict(Eq(node, value + Rational(1, 10**9))).refuted
    assert verdict(Eq(node, -value)).refuted


@pytest.mark.parametrize(
    ("f", "low", "high"),
    [
        (1 / x, -1, 1),
        (1 / x, -1, 2),
        (x, -oo, oo),
        (1 / x**3, -1, 1),
        (1 / (x**2 - 1), 0, 2),
        (1 / (1 - x), 0, 2),
        (sin(x), 0, oo),
        (cos(x), -oo, oo),
        (sin(x) / cos(x), 0, pi),
        (1 / sin(x), -1, 1),
        (1 / (x**2 - 2), 0, 2),
        (1 / (x**2 - a**2), 0, 1),
        (1 / (x - a), 0, 1),
        (log(x), -2, -1),
        (log(x), -1, 1),
        (sqrt(x), -1, 1),
        (1 / sqrt(1 - x**2), 0, 2),
        (asin(x), 0, 2),
        (exp(-a * x), 0, oo),
        (x**n, 0, 1),
        (x**a, 0, 1),
        (1 / x, 1, a),
        (1 / x, -1, t),
        (x ** (a - 1) * exp(-x), 0, oo),
        (sin(a * x) / x, 0, oo),
    ],
    ids=lambda e: str(e),
)
def test_what_diverges_or_is_undefined_gets_no_value(f, low, high):
    with pytest.raises(Undecided):
        integral_value(Integral(f, x, low, high), Constants())


@pytest.mark.parametrize(
    ("f", "low", "high", "value"),
    [(1 / x, 0, 1, oo), (1 / x, 1, oo, oo), (-1 / x, 0, 1, -oo), (exp(x), 0, oo, oo), (1 / x**2, -1, 1, oo)],
)
def test_a_divergent_integral_is_infinite(f, low, high, value):
    assert verdict(Eq(Integral(f, x, low, high), value)).proved
    assert verdict(Eq(Integral(f, x, low, high), -value)).refuted
    assert verdict(Eq(Integral(f, x, low, high), -2)).refuted  # F(1) - F(-1) of -1/x


def test_parameters_need_their_signs():
    for f, value, needed in [
        (cos(a * x), sin(a) / a, Ne(a, 0)),
        (exp(a * x), (exp(a) - 1) / a, Ne(a, 0)),
        (b**x, (b - 1) / log(b), Ne(b, 1)),
    ]:
        node = Integral(f, x, 0, 1)
        assert verdict(Eq(node, value), Hypothesis("needed", needed)).proved
        assert not verdict(Eq(node, value)).proved
    node = Integral(exp(-a * x), x, 0, oo)
    assert verdict(Eq(node, 1 / a), Hypothesis("a > 0", Gt(a, 0))).proved
    assert verdict(Eq(node, a), Hypothesis("a > 0", Gt(a, 0))).refuted
    assert verdict(Eq(node, 1 / a)).status in ("unknown", "consistent")


def test_the_interval_lies_in_the_domain_of_the_variable():
    y = Bound("y", NONNEGATIVE)
    assert verdict(Eq(Integral(sqrt(y**2), y, 0, 1), Rational(1, 2))).proved
    with pytest.raises(Undecided):
        integral_value(Integral(sqrt(y**2), y, -1, 1), Constants())  # SymPy made it y


def test_a_wrong_guess_is_not_believed(monkeypatch):
    guesses = {x**2: [x**3 / 3 + abs(x), x**3 / 3 + sign(x), x**3, -1 / x + x**3 / 3]}
    monkeypatch.setattr(integrals, "guesses", lambda f, x, positive: guesses[f])
    with pytest.raises(Undecided):
        integral_value(Integral(x**2, x, -1, 1), Constants())


def test_a_primitive_with_a_jump_inside_is_not_believed(monkeypatch):
    """atan(sin x / cos x) has the derivative 1, and jumps at pi/2."""
    monkeypatch.setattr(integrals, "guesses", lambda f, x, positive: [atan(sin(x) / cos(x)), -atan(1 / x)])
    with pytest.raises(Undecided):
        integral_value(Integral(sp.S.One, x, 0, pi), Constants())
    with pytest.raises(Undecided):
        integral_value(Integral(1 / (1 + x**2), x, -1, 1), Constants())


def test_guesses_come_to_an_end():
    hard = sp.exp(sp.sin(x) * sp.log(1 + sp.exp(x**2))) / (1 + cos(x**3))
    assert list(antiderivatives.guesses(hard, x)) == []
