"""Indices over a few numbers: what is true at each, beside what fails at one of them or needs other arrays."""

import pytest
from sympy import Abs, Rational, exp, log, sqrt

from derivations.calculus.domains import POSITIVE
from derivations.calculus.operators import D, Expectation, Maximum, Product, Sum, delta
from derivations.calculus.symbols import index, indices, matrix, scalar, size, tensor, vector
from derivations.judges import ladder, small_ranges
from derivations.proof.statement import Eq, Hypothesis, Le, Lt, Ne, both

n = size("n")
i, j, k, l = indices("i j k l", 2)  # noqa: E741
one, other = indices("i j", 1)
t, s = indices("t s", n)
causal = index("r", 1, i)
x, y, p = vector("x", 2), vector("y", 2), vector("p", 2, domain=POSITIVE)
w, five = vector("w", 1), vector("v", 5)
A, B, M = matrix("A", 2, 2), matrix("B", 1, 1), matrix("M", n, 2)
a, c = scalar("a"), scalar("x_1")
padded = tensor("q", 2, padded=True)
random_ = vector("e", 2, random=True)
trace = Sum(A[k, k], k)
determinant = A[1, 1] * A[2, 2] - A[1, 2] * A[2, 1]
square = Sum(A[i, k] * A[k, j], k)


def given(*relations):
    return tuple(Hypothesis("given", relation) for relation in relations)


TRUE = [
    (Eq(w[one], w[1]), ()),
    (Eq(Sum(B[one, one] * B[one, other], one), B[1, 1] * B[1, 1]), ()),
    (Eq(Maximum(w[one], one), w[1]), ()),
    (Eq(square - trace * A[i, j] + determinant * delta(i, j), 0), ()),
    (Eq(Maximum(x[k], k), (x[1] + x[2] + Abs(x[1] - x[2])) / 2), ()),
    (Eq(exp(w[one]) / Sum(exp(w[other]), other), 1), ()),
    (Eq(D(Sum(x[k] ** 3, k), x[i]), 3 * x[i] ** 2), ()),
    (Eq(D(x[1] * x[2], x[i]), x[1] + x[2] - x[i]), ()),
    (Eq(Product(x[k], k), x[1] * x[2]), ()),
    (Eq(Sum(x[causal], causal), x[1] + (i - 1) * x[2]), ()),
    (Eq(Sum(M[t, k] * x[k], k), M[t, 1] * x[1] + M[t, 2] * x[2]), ()),
    (Eq(c + Sum(x[k], k), c + x[1] + x[2]), ()),
    (Eq(Sum(log(p[k]), k), log(p[1] * p[2])), ()),
    (Eq(Sum(A[k, i] * x[k], k), x[i]), given(Eq(A[l, j], delta(l, j)))),
    (Eq(x[i], 3), given(Eq(x[1], 3), Eq(x[2], 3))),
    (Le(x[k], 2), given(Le(x[1], 1), Le(x[2], 2))),
    (Le(x[k] ** 2, Sum(x[l] ** 2, l)), ()),
    (Le(Maximum(x[k], k), Sum(Abs(x[k]), k)), ()),
    (Lt(0, Product(p[k], k)), ()),
]
FALSE = [
    (Eq(x[i], x[1]), ()),
    (Eq(A[i, j], A[j, i]), ()),
    (Eq(square - trace * A[i, j] + determinant, 0), ()),
    (Eq(Maximum(x[k], k), x[2]), ()),
    (Eq(Maximum(x[k], k), (x[1] + x[2]) / 2), ()),
    (Eq(D(Sum(x[k] ** 3, k), x[i]), 3 * x[1] ** 2), ()),
    (Eq(D(x[1] * x[2], x[i]), x[i]), ()),
    (Eq(Sum(x[causal], causal), x[1] + x[2]), ()),
    (Eq(Sum(M[t, k] * x[k], k), M[s, 1] * x[1] + M[t, 2] * x[2]), ()),
    (Eq(c + x[2], x[1] + x[2]), ()),
    (Eq(x[i], 3), given(Eq(x[1], 3))),
    (Eq(x[i], y[i]), given(Eq(x[1], y[1]))),
    (Eq(Sum(x[k], k), sqrt(Sum(x[k] ** 2, k))), ()),
    (Le(x[k], 2), given(Le(x[1], 1), Le(x[2], 3))),
    (Lt(x[k] ** 2, Sum(x[l] ** 2, l)), ()),
    (Le(Maximum(x[k], k), Sum(x[k], k)), ()),
    (Lt(0, Product(x[k], k) ** 2), ()),
    (Ne(x[i], 0), given(Ne(x[1], 0))),
    (Le(Sum(p[k], k) * Rational(1, 2), sqrt(p[1] * p[2])), ()),
]


@pytest.mark.parametrize(("statement", "hypotheses"), TRUE)
def test_proved(statement, hypotheses):
    assert small_ranges.decide(statement, hypotheses).proved
    assert ladder.conclude(statement, hypotheses, ladder.decide(statement, hypotheses)).proved


@pytest.mark.parametrize(("statement", "hypotheses"), FALSE)
def test_what_is_false_is_refuted(statement, hypotheses):
    assert not small_ranges.decide(statement, hypotheses).proved
    assert ladder.conclude(statement, hypotheses, ladder.decide(statement, hypotheses)).refuted


@pytest.mark.parametrize(
    "statement",
    [
        Eq(Sum(five[index("k", 5)], index("k", 5)), 0),  # too long
        Eq(x[i] * x[j] * x[k] * x[l] * y[index("h", 2)], 1),  # too many instances
        Eq(Expectation(random_[i]), random_[i]),
        Eq(padded[i], padded[i + 1]),
        both(Le(x[i], 1), Le(x[i], 2)),
        Eq(Sum(x[index("k", 1, 0)], index("k", 1, 0)), 1),
    ],
)
def test_what_is_left_alone(statement):
    assert not small_ranges.decide(statement).proved


def test_an_array_read_elsewhere_too_gives_no_scalars():
    relation = Eq(Sum(M[t, k], k), M[t, 1] + M[t, 2])
    spelled = small_ranges.spelled_out(relation)
    assert small_ranges.scalars_for([spelled], []) == {}
    mixed = Eq(Sum(five[index("h", 5)], index("h", 5)), five[1])
    assert small_ranges.scalars_for([mixed], []) == {}


def test_scalars_take_names_that_are_free():
    names = small_ranges.scalars_for([Eq(x[1] + c, p[2])], [])
    assert names[x[1]].name == "x_1'"
    assert names[p[2]].domain == POSITIVE
