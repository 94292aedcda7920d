"""Inequalities that fail in a small place only are found out, and the witness is short; true ones stay."""

import time

import pytest
import sympy as sp
from sympy import Rational, cos, erf, exp, log, sin, sqrt, tanh

from derivations.calculus.domains import POSITIVE, interval
from derivations.calculus.functions import sigmoid
from derivations.calculus.operators import D, Sum
from derivations.calculus.symbols import index, indices, integer, scalar, scalars, size, vector
from derivations.judges.ball import refute
from derivations.proof.statement import Eq, Ge, Gt, Hypothesis, Le, Lt, both

x, y, z = scalars("x y z")
p, u = scalar("p", POSITIVE), scalar("u", interval(0, 1))
n = size("n")
k = index("k", n)
X, Y = vector("X", n), vector("Y", n)
P = vector("P", n, domain=POSITIVE)
tiny = Rational(1, 10**12)


def given(*relations):
    return [Hypothesis("given", r) for r in relations]


LIES = {
    "between 0 and 1": (Ge(x**2, x), (), {"x": "1/2"}),
    "a chord": (Ge(exp(x), 1 + Rational(11, 10) * x), (), {"x": "1/7"}),
    "two dips": (Ge(x**4 - 2 * x**2 + Rational(99, 100), 0), (), {"x": "1"}),
    "dips at irrational places": (Ge((x**2 - 2) ** 2, Rational(1, 10**8)), (), None),
    "a narrow dip far away": (Ge((x - Rational(75, 2)) ** 2, Rational(1, 100)), (), {"x": "75/2"}),
    "touched at one rational": (Gt((x - Rational(355, 113)) ** 2, 0), (), {"x": "355/113"}),
    "below a wave": (Le(sin(x) * cos(x), Rational(499, 1000)), (), None),
    "least value of silu": (Ge(x * sigmoid(x), -Rational(278, 1000)), (), None),
    "least value of gelu": (Ge(x * (1 + erf(x / sqrt(2))) / 2, -Rational(169, 1000)), (), None),
    "slope of the logistic function": (Le(D(sigmoid(x), x), Rational(1, 4) - tiny), (), {"x": "0"}),
    "a curved valley": (Ge((1 - x) ** 2 + 100 * (y - x**2) ** 2, Rational(1, 1000)), (), {"x": "1", "y": "1"}),
    "equal numbers": (Le(x * y, (x**2 + y**2) * Rational(999, 2000)), (), {"x": "1", "y": "1"}),
    "three equal numbers": (
        Ge(x**2 + y**2 + z**2, (x * y + y * z + z * x) * Rational(1001, 1000)),
        (),
        {"x": "1", "y": "1", "z": "1"},
    ),
    "Cauchy-Schwarz": (
        Le(Sum(X[k] * Y[k], k) ** 2, Sum(X[k] ** 2, k) * Sum(Y[k] ** 2, k) * Rational(999, 1000)),
        (),
        {"n": "1", "X": "[1]", "Y": "[1]"},
    ),
    "on a distribution": (
        Le(-Sum(P[k] * log(P[k]), k), Rational(99, 100) * log(n)),
        (Eq(Sum(P[k], k), 1),),
        {"n": "2", "P": "[1/2, 1/2]"},
    ),
    "a part of several": (both(Le(0, (x - 40) ** 2), Le(1, exp((x - 40) ** 2) - tiny)), (), {"x": "40"}),
    "under a hypothesis": (Ge((x - y) ** 2, tiny), (Lt(100, x + y),), None),
    "a relative error": (Ge(exp(x), sp.E * x * (1 + tiny)), (), {"x": "1"}),
}


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_found(name):
    lie, hypotheses, values = LIES[name]
    verdict = refute(lie, given(*hypotheses))
    assert verdict.status == "refuted"
    assert values is None or verdict.witness.values == values
    assert all(len(text) < 24 for text in verdict.witness.values.values())
    assert verdict.witness == refute(lie, given(*hypotheses)).witness


@pytest.mark.parametrize(
    ("statement", "hypotheses"),
    [
        (Ge(exp(x), 1 + x), ()),
        (Ge((x**2 - 2) ** 2, 0), ()),
        (Lt(tanh(x), 1), ()),
        (Lt(0, sigmoid(x)), ()),
        (Ge(x**4 * y**2 + x**2 * y**4 + 1, 3 * x**2 * y**2), ()),
        (Ge(p + 1 / p, 2), ()),
        (Le(-u * log(u) - (1 - u) * log(1 - u), log(2)), ()),
        (Le(Sum(X[k] * Y[k], k) ** 2, Sum(X[k] ** 2, k) * Sum(Y[k] ** 2, k)), ()),
        (Le(-Sum(P[k] * log(P[k]), k), log(n)), (Eq(Sum(P[k], k), 1),)),
        (Le(x * y, Rational(1, 2)), (Eq(x**2 + y**2, 1),)),
        (Ge(integer("q") ** 2, integer("q")), ()),
        (Le(log(x), 5), (Lt(0, x), Lt(x, 100))),
    ],
    ids=str,
)
def test_a_true_inequality_stays(statement, hypotheses):
    started = time.monotonic()
    assert refute(statement, given(*hypotheses)).status == "consistent"
    assert time.monotonic() - started < 2


TEACHERS = [
    (Eq(sqrt(x**2), x), {"x": "-1"}),
    (Eq((x + y) ** 2, x**2 + y**2), {"x": "1", "y": "1"}),
    (Eq(exp(x + y), exp(x) + exp(y)), {"x": "0", "y": "0"}),
    (Eq(sin(2 * x), 2 * sin(x)), {"x": "1"}),
    (Eq(D(tanh(x), x), 1 - tanh(x)), {"x": "1"}),
    (Eq(1 / (x**2 + 1), x**-2 + 1), {"x": "1"}),
    (Le(x, x**3), {"x": "1/2"}),
    (Eq(Sum(X[k], k) / n, X[1]), {"n": "2", "X": "[0, 1]"}),
]


@pytest.mark.parametrize(("lie", "values"), TEACHERS, ids=str)
def test_witnesses(lie, values):
    found = refute(lie)
    assert found.status == "refuted"
    assert found.witness.values == values


def test_dimensions_of_arrays_in_a_witness():
    i, j = indices("i j", n)
    assert refute(Eq(X[i] * Y[j], X[j] * Y[i])).witness.values["n"] == "2"
