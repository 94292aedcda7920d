"""Derivative and one point: what only calculus can compare is proved, and no branch is crossed."""

import pytest
import sympy as sp
from sympy import Rational as Q
from sympy import atan, erf, exp, log, pi, sinh, sqrt, tanh

from derivations.calculus.domains import POSITIVE, Domain, interval
from derivations.calculus.functions import relu, sigmoid, softplus, step
from derivations.calculus.operators import D
from derivations.calculus.symbols import scalar, scalars, size
from derivations.judges import derivative
from derivations.judges.derivative import is_smooth, points_of
from derivations.proof.statement import Eq, Gt, Hypothesis, Lt

x, y = scalars("x y")
a, c = scalars("a c", POSITIVE)
b = scalar("b", interval(0, 1))
n = size("n")
tiny = Q(1, 10**12)

mish = x * tanh(softplus(x))
gelu = x * (1 + erf(x / sqrt(2))) / 2

TRUE = [
    Eq(log(sigmoid(x) / (1 - sigmoid(x))), x),
    Eq(softplus(x) - softplus(-x), x),
    Eq(D(gelu, x), (1 + erf(x / sqrt(2))) / 2 + x * exp(-(x**2) / 2) / sqrt(2 * pi)),
    Eq(log((1 + tanh(x)) / (1 - tanh(x))) / 2, x),
    Eq(sp.atanh(tanh(x)), x),
    Eq(D(mish, x), tanh(softplus(x)) + x * (1 - tanh(softplus(x)) ** 2) * sigmoid(x)),
    Eq(2 * atan(exp(x)), pi / 2 + atan(sinh(x))),
    Eq(2 * atan(tanh(x / 2)), atan(sinh(x))),
    Eq(atan(a) + atan(1 / a), pi / 2),
    Eq(atan(b / (1 - b)) + atan((1 - b) / b), pi / 2),
    Eq(x * atan(a) + x * atan(1 / a), x * pi / 2),
]
LIES = [
    Eq(log(sigmoid(x) / (1 - sigmoid(x))), x + tiny),
    Eq(softplus(x) - softplus(-x), x * (1 + tiny)),
    Eq(softplus(x) - softplus(-x), x + tiny * x**2),
    Eq(D(gelu, x), (1 + erf(x / sqrt(2))) / 2 + x * exp(-(x**2) / 2) / sqrt(2 * pi) + tiny),
    Eq(log((1 + tanh(x)) / (1 - tanh(x))), x),
    Eq(D(mish, x), tanh(softplus(x)) + x * (1 - tanh(softplus(x)) ** 2)),
    Eq(atan(x) + atan(1 / x), pi / 2),  # -pi/2 for x < 0
    Eq(atan(a) + atan(1 / a), pi / 2 + tiny),
    Eq(atan(a) + atan(1 / a), pi),
    Eq(atan((1 + x) / (1 - x)), pi / 4 + atan(x)),  # off by pi beyond x = 1
    Eq(sp.Abs(x), x),
    Eq(sp.sign(x), 1),
    Eq(step(x), Q(1, 2)),
    Eq(relu(x), x),
    Eq(sp.Max(x, 0), x),
    Eq(log(x**2), 2 * log(x)),
    Eq(x**2 * sigmoid(x), 0),  # f(0) = f'(0) = 0, and no more
    Eq(n * x, n * y),
]


@pytest.mark.parametrize("relation", TRUE, ids=str)
def test_identities_are_proved(relation):
    verdict = derivative.decide(relation)
    assert verdict.proved, verdict.reason
    assert verdict.seconds < 0.5


@pytest.mark.parametrize("relation", LIES, ids=str)
def test_lies_are_not_proved(relation):
    verdict = derivative.decide(relation)
    assert verdict.status == "unknown" and verdict.reason


def test_the_mean_value_theorem_is_named_only_when_it_was_used():
    by_calculus = derivative.decide(Eq(atan(a) + atan(1 / a), pi / 2))
    assert by_calculus.method == "d/da = 0, and 0 at a = 1" and "mean value theorem" in by_calculus.trusted
    by_algebra = derivative.decide(Eq((x + 1) ** 2, x**2 + 2 * x + 1))
    assert by_algebra.proved and "mean value theorem" not in by_algebra.trusted


def test_a_hypothesis_that_keeps_to_one_side_of_the_pole_suffices():
    statement = Eq(atan(x) + atan(1 / x), pi / 2)
    assert derivative.decide(statement, (Hypothesis("", Gt(x, 0)),)).proved
    assert not derivative.decide(statement, (Hypothesis("", Lt(x, 0)),)).proved
    assert not derivative.decide(statement, (Hypothesis("", Gt(x, -1)),)).proved


@pytest.mark.parametrize("e", [1 / (1 + x**2), log(1 + exp(x)), sqrt(x**2 + c), a**x, x**n, 1 / (1 - b), log(1 - b**2)])
def test_smooth(e):
    assert is_smooth(e)


@pytest.mark.parametrize(
    "e", [1 / x, log(x), sqrt(x**2), sp.Abs(x), relu(x), 1 / (1 - x**2), log(Q(1, 2) - b), x**y, x ** (-n), sp.tan(x)]
)
def test_not_smooth(e):
    assert not is_smooth(e)


def test_points_lie_in_the_domain():
    for domain in [interval(2, 3), POSITIVE, Domain(high=-5), Domain(7, 7, True, True), Domain()]:
        points = list(points_of(domain))
        assert points and all(point in domain for point in points)


def test_other_statements_are_unknown():
    assert derivative.decide(Lt(x, y)).status == "unknown"
