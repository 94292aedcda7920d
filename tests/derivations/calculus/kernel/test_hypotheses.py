"""Equalities as rules: each with a theorem that needs it and a lie that it must not make true."""

import pytest
from sympy import Abs, exp, sqrt

from derivations.calculus.domains import POSITIVE
from derivations.calculus.operators import D, Product, Sum, delta
from derivations.calculus.symbols import indices, matrix, scalar, scalars, sizes, tensor, vector
from derivations.judges import kernel
from derivations.proof.statement import Eq, Hypothesis

n, m = sizes("n m")
i, j, k, l = indices("i j k l", n)  # noqa: E741
r, s = indices("r s", m)
x, y, z, v = vector("x", n), vector("y", n), vector("z", n), vector("v", m)
A, K, Q = matrix("A", n, n), matrix("K", n, n), matrix("Q", n, n)
W, R = matrix("W", m, n), matrix("R", n, m)
a, b = scalars("a b")
c = scalar("c", POSITIVE)

SYMMETRIC = (Eq(A[i, j], A[j, i]),)
ANTISYMMETRIC = (Eq(K[i, j], -K[j, i]),)
ORTHOGONAL = (Eq(Sum(Q[k, i] * Q[k, j], k), delta(i, j)),)
ORTHOGONAL_ROWS = (Eq(Sum(Q[i, k] * Q[j, k], k), delta(i, j)),)
ROWS = (Eq(Sum(W[s, k], k), 1),)
UNIT = (Eq(Sum(x[k] ** 2, k), 1),)
CENTRED = (Eq(Sum(x[k], k), 0),)
EIGEN = (Eq(Sum(A[i, k] * x[k], k), a * x[i]),)
IDEMPOTENT = (Eq(Sum(A[i, k] * A[k, j], k), A[i, j]),)
UNIT_NORM = (Eq(sqrt(Sum(x[k] ** 2, k)), 1),)
SAME_NORM = (Eq(sqrt(Sum(x[k] ** 2, k)), sqrt(Sum(z[k] ** 2, k))),)
SIGNS = (Eq(y[i] ** 2, 1),)

quadratic = Sum(A[k, l] * x[k] * x[l], k, l)


def decide(relation, given):
    return kernel.decide(relation, tuple(Hypothesis("given", h) for h in given))


@pytest.mark.parametrize(
    ("given", "relation"),
    [
        (SYMMETRIC, Eq(A[i, j] + A[j, i], 2 * A[j, i])),
        (SYMMETRIC, Eq(D(quadratic, x[i]), 2 * Sum(A[i, k] * x[k], k))),
        (SYMMETRIC, Eq(D(quadratic, x[i]), 2 * Sum(A[k, i] * x[k], k))),
        (SYMMETRIC, Eq(D(D(quadratic, x[i]), x[j]), 2 * A[i, j])),
        (SYMMETRIC, Eq(Sum(A[i, j] * x[i] * z[j], i, j), Sum(A[j, i] * x[i] * z[j], i, j))),
        (SYMMETRIC, Eq(exp(Sum(A[i, k] * x[k], k)), exp(Sum(A[k, i] * x[k], k)))),
        (SYMMETRIC, Eq(Sum(A[k, l] * A[l, i] * A[i, j], k, l), Sum(A[k, l] * A[i, l] * A[j, i], k, l))),
        (SYMMETRIC, Eq(1 / (1 + A[i, j] ** 2), 1 / (1 + A[j, i] ** 2))),
        (UNIT_NORM, Eq(Sum(x[k] ** 2, k), 1)),
        (UNIT_NORM, Eq(sqrt(Sum(4 * x[k] ** 2, k)), 2)),
        (UNIT_NORM, Eq(Sum((x[k] - y[k]) ** 2, k), 1 - 2 * Sum(x[k] * y[k], k) + Sum(y[k] ** 2, k))),
        (SAME_NORM, Eq(Sum(x[k] ** 2, k), Sum(z[k] ** 2, k))),
        ((Eq(sqrt(Sum(x[k] ** 2, k)), a),), Eq(Sum(x[k] ** 2, k), a**2)),
        ((Eq(Abs(a) * sqrt(Sum(x[k] ** 2, k)), 3),), Eq(a**2 * Sum(x[k] ** 2, k), 9)),
        (ANTISYMMETRIC, Eq(Sum(K[k, l] * x[k] * x[l], k, l), 0)),
        (ANTISYMMETRIC, Eq(K[i, i], 0)),
        (ANTISYMMETRIC, Eq(Sum(K[k, k], k), 0)),
        ((*SYMMETRIC, *ANTISYMMETRIC), Eq(Sum(K[k, l] * A[k, l], k, l), 0)),
        (ROWS, Eq(Sum(W[s, k] * v[s], s, k), Sum(v[s], s))),
        (ROWS, Eq(Sum(W[s, k] * (a + y[k]), k), a + Sum(W[s, k] * y[k], k))),
        (UNIT, Eq(sqrt(Sum(x[k] ** 2, k)), 1)),
        (UNIT, Eq(Sum((z[k] - x[k] * Sum(x[l] * z[l], l)) * x[k], k), 0)),
        (CENTRED, Eq(Sum((x[k] + a) ** 2, k), Sum(x[k] ** 2, k) + n * a**2)),
        ((Eq(Sum(x[k], k) / n, a),), Eq(Sum((x[k] - a) ** 2, k), Sum(x[k] ** 2, k) - n * a**2)),
        ((Eq(Sum(x[k] ** 2, k) / n, 1),), Eq(Sum(x[k] ** 2, k), n)),
        (ORTHOGONAL, Eq(Sum(Sum(Q[k, l] * x[l], l) ** 2, k), Sum(x[k] ** 2, k))),
        (ORTHOGONAL, Eq(Sum(Q[k, i] * Sum(Q[k, l] * x[l], l), k), x[i])),
        (ORTHOGONAL, Eq(Sum(Q[k, l] ** 2, k, l), n)),
        (ORTHOGONAL, Eq(Sum(Q[i, k] * Q[j, k], k), delta(i, j))),
        (ORTHOGONAL_ROWS, Eq(Sum(Q[k, i] * Q[k, j], k), delta(i, j))),
        (
            (Eq(Sum(R[k, r] * R[k, s], k), delta(r, s)),),
            Eq(Sum(R[k, r] * v[r] * R[k, s] * v[s], k, r, s), Sum(v[s] ** 2, s)),
        ),
        (EIGEN, Eq(quadratic, a * Sum(x[k] ** 2, k))),
        (IDEMPOTENT, Eq(Sum(A[i, k] * A[k, l] * A[l, j], k, l), A[i, j])),
        (SIGNS, Eq(y[i] ** 3, y[i])),
        (SIGNS, Eq(1 / y[i], y[i])),
        (SIGNS, Eq(Sum(y[k] ** 2, k), n)),
        ((Eq(x[i], y[i]),), Eq(Sum(x[k] * y[k], k), Sum(x[k] ** 2, k))),
        ((Eq(Sum(x[k] * y[k], k), 0),), Eq(Sum((x[k] + y[k]) ** 2, k), Sum(x[k] ** 2 + y[k] ** 2, k))),
        ((Eq(a + b, 1),), Eq(a**2 + 2 * a * b + b**2, 1)),
        ((Eq(a, 2 * b),), Eq(a**2, 4 * b**2)),
        ((Eq(a * b, 1),), Eq(a**2 * b**2, 1)),
        ((Eq(a**2 + b**2, 1),), Eq(a**4 + 2 * a**2 * b**2 + b**4, 1)),
        ((Eq(a * c, b),), Eq(a * c**2, b * c)),
        ((Eq(Product(x[k], k), 1),), Eq(Product(a * x[k], k), a**n)),
    ],
)
def test_a_theorem_that_needs_its_hypothesis(given, relation):
    assert decide(relation, given).proved
    assert not decide(relation, ()).proved


@pytest.mark.parametrize(
    ("given", "relation"),
    [
        (SYMMETRIC, Eq(Sum(A[k, k], k), Sum(A[k, l], k, l))),
        (SYMMETRIC, Eq(A[i, j], A[i, i])),
        (SYMMETRIC, Eq(A[i, j], 0)),
        (SYMMETRIC, Eq(D(quadratic, x[i]), Sum(A[i, k] * x[k], k))),
        (SYMMETRIC, Eq(K[i, j], K[j, i])),
        (ANTISYMMETRIC, Eq(Sum(K[k, l] * x[k] * y[l], k, l), 0)),
        (ANTISYMMETRIC, Eq(K[i, j], 0)),
        (ANTISYMMETRIC, Eq(K[i, j], K[j, i])),
        (ROWS, Eq(Sum(W[s, k], s), 1)),
        (ROWS, Eq(Sum(W[s, k] ** 2, k), 1)),
        (UNIT, Eq(Sum(x[k], k), 1)),
        (UNIT_NORM, Eq(Sum(x[k], k), 1)),
        (UNIT_NORM, Eq(Sum(y[k] ** 2, k), 1)),
        (SAME_NORM, Eq(x[i], z[i])),
        ((Eq(sqrt(Sum(x[k] ** 2, k)), a),), Eq(Sum(x[k] ** 2, k), a)),
        ((Eq(a * sqrt(b**2 + 1), 3),), Eq(a**2 * (b**2 + 1), 3)),
        (UNIT, Eq(Sum(y[k] ** 2, k), 1)),
        (CENTRED, Eq(x[i], 0)),
        (CENTRED, Eq(Sum(x[k] ** 2, k), 0)),
        (ORTHOGONAL, Eq(Q[i, j], delta(i, j))),
        (ORTHOGONAL, Eq(Sum(Q[k, i] * Q[j, k], k), delta(i, j))),
        ((Eq(Sum(R[k, r] * R[k, s], k), delta(r, s)),), Eq(Sum(R[k, s] * R[l, s], s), delta(k, l))),
        ((Eq(Sum(Q[k, i] * Q[k, j], k), 2 * delta(i, j)),), Eq(Sum(Q[i, k] * Q[j, k], k), delta(i, j))),
        (EIGEN, Eq(Sum(A[i, k] * y[k], k), a * y[i])),
        (EIGEN, Eq(Sum(A[k, i] * x[k], k), a * x[i])),
        (IDEMPOTENT, Eq(A[i, j], delta(i, j))),
        (SIGNS, Eq(y[i], 1)),
        (SIGNS, Eq(Sum(y[k], k), n)),
        ((Eq(a + b, 1),), Eq(a**2 + b**2, 1)),
        ((Eq(a, 2 * b),), Eq(b, 2 * a)),
        ((Eq(a**2 + b**2, 1),), Eq(a + b, 1)),
        ((Eq(a**2, b**2),), Eq(a, b)),
        ((Eq(a * b, 0),), Eq(a, 0)),
        ((Eq(a * b, a),), Eq(b, 1)),
    ],
)
def test_a_lie_stays_one_under_the_hypothesis(given, relation):
    assert not decide(relation, given).proved


def test_a_symmetry_of_a_part_says_nothing_of_the_whole():
    f, g = indices("f g", 1, n - 1)
    part = (Eq(A[f, g], A[g, f]),)
    assert not decide(Eq(A[i, j], A[j, i]), part).proved
    assert not decide(Eq(A[n, 1], A[1, n]), part).proved


def test_a_symmetry_of_three_axes_that_is_no_exchange_is_left_unused():
    T = tensor("T", n, n, n)
    cyclic = (Eq(T[i, j, k], T[j, k, i]),)
    assert not decide(Eq(T[i, j, k], T[j, i, k]), cyclic).proved
    exchange = (Eq(T[i, j, k], T[j, i, k]),)
    assert decide(Eq(Sum(T[i, j, k] * x[i] * y[j], i, j), Sum(T[i, j, k] * y[i] * x[j], i, j)), exchange).proved
    assert not decide(Eq(T[i, j, k], T[i, k, j]), exchange).proved
