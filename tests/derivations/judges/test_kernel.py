"""The kernel as a judge: equalities for all sizes or "unknown", never an exception, never "refuted"."""

import pytest
from sympy import Function, exp

from derivations.calculus.domains import interval
from derivations.calculus.operators import D, Limit, Sum, delta
from derivations.calculus.symbols import index, indices, scalar, scalars, sizes, vector
from derivations.judges import kernel
from derivations.proof.statement import Eq, Hypothesis, Le, Lt, Ne

n, m = sizes("n m")
t = sizes("t", minimum=0)[0]
i, j, k = indices("i j k", n)
q = index("q", m)
z, y, u = vector("z", n), vector("y", n), vector("u", m)
a, b = scalars("a b")
rate = scalar("r", interval(0, 1))
lag = index("l", 0, t - 1)


@pytest.mark.parametrize(
    "statement",
    [
        Eq(Sum(z[k] + y[k], k), Sum(z[i], i) + Sum(y[j], j)),
        Eq(Sum(delta(i, k) * z[k], k), z[i]),
        Eq(Sum(a, k), n * a),
        Eq(D(Sum(z[k] ** 2, k), z[i]), 2 * z[i]),
        Eq(Sum(z[k], k) * Sum(u[q], q), Sum(z[k] * u[q], k, q)),
        Eq(exp(a) * exp(b), exp(a + b)),
    ],
)
def test_proved_for_all_sizes(statement):
    verdict = kernel.decide(statement)
    assert verdict.proved
    assert verdict.trusted == ("kernel",)


@pytest.mark.parametrize(
    "statement",
    [
        Eq(Sum(z[k] * y[k], k), Sum(z[k], k) * Sum(y[k], k)),
        Eq(Sum(delta(i, k) * z[k], k), z[j]),
        Eq(Sum(a, k), m * a),
        Eq(D(Sum(z[k] ** 2, k), z[i]), 2 * z[j]),
        Eq(Sum(z[k], k), Sum(u[q], q)),
        Eq(a, b),
        Eq(a + a / 10**12, a),
        Eq(Sum(delta(q, k), k), 1),  # 0 when q > n
    ],
)
def test_a_false_equality_is_unknown_with_a_reason(statement):
    verdict = kernel.decide(statement)
    assert verdict.status == "unknown"
    assert verdict.reason
    assert verdict.trusted == ()


def test_hypotheses_are_used_and_only_where_they_hold():
    unit = Hypothesis("mass one", Eq(Sum(y[k], k), 1))
    assert kernel.decide(Eq(Sum(a * y[i], i), a), (unit,)).proved
    assert not kernel.decide(Eq(Sum(a * y[i], i), a)).proved
    assert not kernel.decide(Eq(Sum(a * z[i], i), a), (unit,)).proved
    assert not kernel.decide(Eq(Sum(y[i] ** 2, i), 1), (unit,)).proved


def test_hypotheses_that_are_no_equalities_prove_nothing_here():
    for relation in (Ne(a, b), Lt(a, b), Le(a, b)):
        assert not kernel.decide(Eq(a, b), (Hypothesis("h", relation),)).proved


def test_contradictory_hypotheses_prove_nothing():
    verdict = kernel.decide(Eq(a, b), (Hypothesis("zero", Eq(a, 0)), Hypothesis("one", Eq(a, 1))))
    assert verdict.status == "unknown"
    assert "contradict" in verdict.reason


@pytest.mark.parametrize("statement", [Lt(a, b), Le(a, a), Ne(a, b)])
def test_only_equalities_are_decided(statement):
    assert kernel.decide(statement).reason == "the kernel decides equalities only"


def test_what_is_outside_the_language_is_unknown():
    strange = Function("h")(a)
    verdict = kernel.decide(Eq(strange + strange, 3 * strange))
    assert verdict.status == "unknown"
    deep = a
    for _ in range(3000):
        deep = exp(deep, evaluate=False)
    assert kernel.decide(Eq(deep, b)).status == "unknown"


def test_limits_of_different_functions_are_not_identified():
    p, q = Limit(Sum(rate**lag, lag), t), Limit(Sum(lag * rate**lag, lag), t)
    assert not kernel.decide(Eq(p, q)).proved
    assert not kernel.decide(Eq(p, 0)).proved
