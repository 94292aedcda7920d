"""Strict inequalities refuted where the sides are equal; those that hold there, or have no such point, are not."""

import pytest
from sympy import Abs, exp, log, pi, sin, sqrt

from derivations.calculus.domains import POSITIVE, interval
from derivations.calculus.functions import relu, sigmoid, softplus
from derivations.calculus.operators import D, Sum
from derivations.calculus.symbols import indices, scalar, size, tensor, vector
from derivations.judges import equality_points, ladder
from derivations.proof.statement import Eq, Gt, Hypothesis, Le, Lt

n = size("n")
i, j, k = indices("i j k", n)
x, y = vector("x", n), vector("y", n)
p, u = vector("p", n, domain=POSITIVE), vector("u", n, domain=interval(0, 1))
padded = tensor("q", n, padded=True)
a, b = scalar("a"), scalar("b", POSITIVE)
smooth, kinked = Sum(softplus(x[k]), k), Sum(relu(x[k]), k)


def given(*relations):
    return tuple(Hypothesis("given", r) for r in relations)


@pytest.mark.parametrize(
    ("statement", "hypotheses"),
    [
        (Lt(smooth, kinked + n * log(2)), ()),
        (Lt(softplus(x[i]), relu(x[i]) + log(2)), ()),
        (Gt(log(Sum(exp(x[k]), k)), Sum(x[k], k) / n + log(n)), ()),
        (Gt(log(2 + a**2), log(2)), ()),
        (Lt(log(1 + b) * 2, log(1 + b) * (b + 1)), ()),
        (Gt(log(1 + exp(a)) + log(1 + exp(-a)), log(4)), ()),
        (Gt(sqrt(1 + Sum(x[k] ** 2, k)) * pi, pi), ()),
        (Lt(smooth, kinked + n * log(2)), given(Le(Sum(x[k], k), 1))),
    ],
)
def test_refuted(statement, hypotheses):
    verdict = ladder.conclude(statement, hypotheses, ladder.decide(statement, hypotheses))
    assert verdict.refuted
    assert verdict.witness is not None


@pytest.mark.parametrize(
    ("statement", "hypotheses"),
    [
        (Le(smooth, kinked + n * log(2)), ()),
        (Lt(smooth, kinked + n * log(3)), ()),
        (Lt(smooth, kinked + n * log(2)), given(Lt(0, Sum(x[k] ** 2, k)), Lt(3, Sum(x[k], k)))),
        (Gt(log(1 + p[i]), log(p[i])), ()),
        (Gt(softplus(u[i]), log(2)), ()),
        (Gt(log(2 + a**2), log(2)), given(Eq(a, 2))),
        (Lt(sigmoid(x[i]), 1), ()),
        (Gt(log(2 + D(a**2, a) ** 2), log(2)), ()),
        (Lt(log(2 + padded[i + 1]), log(3)), ()),
        (Gt(Abs(a) / a + log(2), log(2)), ()),
        (Lt(log(a), log(a) + sin(a)), ()),
    ],
)
def test_not_refuted_by_it(statement, hypotheses):
    assert equality_points.decide(statement, hypotheses).status == "unknown"
