"""Limits at a point: the right value is proved, every other one refuted, and what has no limit is unknown."""

import pytest
import sympy as sp
from sympy import E, Rational, acosh, asin, asinh, atan, cos, cosh, erfc, oo, pi, sign, sin, sinh

from derivations.calculus.domains import INTEGER, POSITIVE
from derivations.calculus.functions import cbrt, erf, exp, log, relu, sigmoid, softplus, sqrt, tanh
from derivations.calculus.operators import Bound, LimitAt
from derivations.calculus.special import besselj, besselk, digamma, gamma, loggamma
from derivations.calculus.symbols import scalar
from derivations.judges.asymptotics.constants import Constants, Undecided
from derivations.judges.limits_at import limit_value
from derivations.proof.statement import Eq, Hypothesis, Ne
from tests.support.evaluation import verdict

x = Bound("x")
a, n = scalar("a"), scalar("n", INTEGER)
b, c = scalar("b", POSITIVE), scalar("c", POSITIVE)

LIMITS = [
    (sin(x) / x, 0, 0, 1),
    (sin(x) / x, oo, 0, 0),
    (x * sin(1 / x), 0, 0, 0),
    ((1 - cos(x)) / x**2, 0, 0, Rational(1, 2)),
    ((sin(x) - x + x**3 / 6) / x**5, 0, 0, Rational(1, 120)),
    ((sin(x) / cos(x) - x) / x**3, 0, 0, Rational(1, 3)),
    (sin(x) / (x - pi), pi, 0, -1),
    (log(cos(x)) / x**2, 0, 0, Rational(-1, 2)),
    (cos(x) ** (1 / x**2), 0, 0, exp(Rational(-1, 2))),
    ((exp(x) - 1) / x, 0, 0, 1),
    ((exp(sin(x)) - exp(x)) / x**3, 0, 0, Rational(-1, 6)),
    ((1 + 1 / x) ** x, oo, 0, E),
    ((1 + a / x) ** x, oo, 0, exp(a)),
    (log(1 + a * x) / x, 0, 0, a),
    (x * (log(x + 1) - log(x)), oo, 0, 1),
    (log(x) / x, oo, 0, 0),
    (log(log(x)) / log(x), oo, 0, 0),
    (x * log(x), 0, 1, 0),
    (x**x, 0, 1, 1),
    (x ** (1 / x), oo, 0, 1),
    (x**n * exp(-x), oo, 0, 0),
    (x**100 / exp(x), oo, 0, 0),
    (x**b * exp(-c * x), oo, 0, 0),
    (x ** log(x) * exp(-x), oo, 0, 0),
    (exp(sqrt(log(x))) / x, oo, 0, 0),
    (exp(-1 / x**2) / x**10, 0, 0, 0),
    (exp(x + exp(-x)) - exp(x), oo, 0, 1),
    ((2**x + 3**x) ** (1 / x), oo, 0, 3),
    (tanh(x), oo, 0, 1),
    (tanh(x), -oo, 0, -1),
    ((1 - tanh(x)) * exp(2 * x), oo, 0, 2),
    (sigmoid(x), oo, 0, 1),
    (sigmoid(x), -oo, 0, 0),
    (x * sigmoid(x), -oo, 0, 0),
    (softplus(x) - x, oo, 0, 0),
    (softplus(b * x) / b, -oo, 0, 0),
    (erf(x), oo, 0, 1),
    (erf(x), -oo, 0, -1),
    (x * exp(x**2) * erfc(x), oo, 0, 1 / sqrt(pi)),
    (atan(x), oo, 0, pi / 2),
    (x * (pi / 2 - atan(x)), oo, 0, 1),
    (asinh(x) - log(x), oo, 0, log(2)),
    (asin(x), 1, -1, pi / 2),
    ((pi / 2 - asin(x)) / sqrt(1 - x), 1, -1, sqrt(2)),
    (acosh(x) / sqrt(x - 1), 1, 1, sqrt(2)),
    (cosh(x) / exp(x), oo, 0, Rational(1, 2)),
    (sinh(x) / exp(-x), -oo, 0, Rational(-1, 2)),
    (sqrt(x**2 + x) - x, oo, 0, Rational(1, 2)),
    (sqrt(x**2 + x) + x, -oo, 0, Rational(-1, 2)),
    ((sqrt(1 + x) - 1) / x, 0, 0, Rational(1, 2)),
    ((3 * x**2 + 1) / (2 * x**2 - x), oo, 0, Rational(3, 2)),
    ((x**3 - 8) / (x - 2), 2, 0, 12),
    ((x**2 - b**2) / (x - b), b, 0, 2 * b),
    ((x**b - 1) / (x - 1), 1, 0, b),
    ((b**x - 1) / x, 0, 0, log(b)),
    (sin(a * x) / sin(b * x), 0, 0, a / b),
    (abs(x) / x, 0, 1, 1),
    (sign(x), 0, -1, -1),
    (relu(x) / x, oo, 0, 1),
    (cbrt(x**3 + x**2) - x, oo, 0, Rational(1, 3)),
    (x * gamma(x), 0, 1, 1),
    (loggamma(x) / (x * log(x)), oo, 0, 1),
    (digamma(x) - log(x), oo, 0, 0),
    (besselj(0, x), oo, 0, 0),
    (x * besselk(1, x), oo, 0, 0),
    (1 / x, 0, 1, oo),
    (1 / x, 0, -1, -oo),
    (1 / x**2, 0, 0, oo),
    (log(x), 0, 1, -oo),
    (exp(x) / x**100, oo, 0, oo),
    (x + sin(x), oo, 0, oo),
    (x**3, -oo, 0, -oo),
    (cbrt(x) / x, 0, 0, oo),
]


@pytest.mark.parametrize(("f", "point", "side", "value"), LIMITS, ids=lambda e: str(e))
def test_a_right_value_is_proved_and_a_wrong_one_refuted(f, point, side, value):
    node = LimitAt(f, x, point, side)
    assert verdict(Eq(node, value)).proved
    wrong = 7 if sp.sympify(value).is_infinite else value + Rational(1, 10**9)
    assert verdict(Eq(node, wrong)).refuted
    assert not verdict(Ne(node, value)).proved


@pytest.mark.parametrize(
    ("f", "point", "side"),
    [
        (sin(1 / x), 0, 0),
        (cos(x), oo, 0),
        (x * sin(x), oo, 0),
        (exp(x) * sin(x), oo, 0),
        (1 / sin(x), oo, 0),
        (sin(x) / cos(x), oo, 0),
        (1 / x, 0, 0),
        (abs(x) / x, 0, 0),
        (sign(x), 0, 0),
        (exp(1 / x), 0, 0),
        (1 / (1 + exp(1 / x)), 0, 0),
        (log(x), 0, 0),  # not defined below 0
        (sqrt(x), 0, 0),
        (x * log(x), 0, -1),
        (asin(x), 1, 0),
        (asin(x), 2, 0),
        (acosh(x), 1, -1),
        (x**x, 0, 0),
        (log(-x), oo, 0),
        (a**x, oo, 0),  # a is any number
        (exp(a * x), oo, 0),
        (x**a, oo, 0),
        (b**x, oo, 0),  # 0 and oo and, for b = 1, 1
        (x / a, oo, 0),
        (sin(x) / sin(a * x), 0, 0),  # a may be 0
        (x / (2 + sin(x)), oo, 0),  # it exists, but is beyond expansions
    ],
    ids=lambda e: str(e),
)
def test_what_has_no_limit_gets_no_value(f, point, side):
    with pytest.raises(Undecided):
        limit_value(LimitAt(f, x, point, side), Constants())
    for value in (0, 1, oo, -oo):
        assert verdict(Eq(LimitAt(f, x, point, side), value)).status == "unknown"


@pytest.mark.parametrize(
    ("f", "point", "lie"),
    [
        (sin(x) / x, 0, 0),
        (sin(x) / x, oo, 1),
        ((1 + 1 / x) ** x, oo, 1),
        ((1 + 1 / x) ** x, oo, 3),
        ((1 - cos(x)) / x**2, 0, 1),
        (log(1 + a * x) / x, 0, 1 / a),
        (sqrt(x**2 + x) - x, oo, 0),
        (sqrt(x**2) / x, -oo, 1),
        (tanh(x), -oo, 1),
        (sigmoid(x), oo, Rational(1, 2)),
        (atan(x), -oo, pi / 2),
        (x**n * exp(-x), oo, 1),
        (erf(x), oo, sqrt(pi) / 2),
        (exp(x), oo, 0),
        (exp(x), -oo, oo),
        (1 / x**2, 0, -oo),
    ],
    ids=lambda e: str(e),
)
def test_a_usual_mistake_is_refuted(f, point, lie):
    assert verdict(Eq(LimitAt(f, x, point), lie)).refuted


def test_the_domain_of_the_variable_makes_a_limit_one_sided():
    y = Bound("y", POSITIVE)
    assert verdict(Eq(LimitAt(y * log(y), y, 0), 0)).proved
    assert verdict(Eq(LimitAt(sqrt(y**2) / y, y, -oo), 1)).status == "unknown"  # SymPy made it 1, which holds for y > 0
    assert verdict(Eq(LimitAt(y, y, -1), -1)).status == "unknown"


def test_hypotheses_give_signs():
    nonzero = Hypothesis("a is not 0", Ne(a, 0))
    node = LimitAt(sin(x) / sin(a * x), x, 0)
    assert verdict(Eq(node, 1 / a), nonzero).proved
    assert verdict(Eq(node, a), nonzero).refuted
    assert verdict(Eq(node, 1 / a)).status == "unknown"
