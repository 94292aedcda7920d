"""Inequalities for every size: what is proved, and lies beside each that are not. n = 1 is a size."""

import pytest
import sympy as sp
from sympy import Abs, exp, log, sqrt

from derivations.calculus.domains import POSITIVE, interval
from derivations.calculus.functions import relu, sigmoid, softplus, tanh
from derivations.calculus.operators import Bound, D, LimitAt, Maximum, Product, Sum
from derivations.calculus.symbols import indices, matrix, scalar, scalars, size, vector
from derivations.judges import ladder, tensor_bounds
from derivations.proof.statement import Eq, Ge, Gt, Hypothesis, Le, Lt, Ne, both

n, m = size("n"), size("m")
i, j, k, l = indices("i j k l", n)  # noqa: E741
s, r = indices("s r", m)
two = size("q", 2)
i2, k2 = indices("i k", two)
x, y, z, z2 = vector("x", n), vector("y", n), vector("z", n), vector("z", two)
A, B = matrix("A", n, n), matrix("B", m, n)
pr, q, w = (vector(name, n, domain=POSITIVE) for name in ("p", "q", "w"))
unit = vector("u", n, domain=interval(0, 1, closed="right"))
a, b = scalars("a b")
lam = scalar("lam", POSITIVE)
MASS = (Eq(Sum(pr[k], k), 1),)
MASSES = (*MASS, Eq(Sum(q[k], k), 1))
UNITS = (Eq(Sum(x[k] ** 2, k), 1), Eq(Sum(y[k] ** 2, k), 1))


def sm(f, at):
    return exp(f[at]) / Sum(exp(f[l]), l)


def norm(f):
    return sqrt(Sum(f(k) ** 2, k))


M, mean, lse = Maximum(z[k], k), Sum(x[k], k) / n, log(Sum(exp(z[k]), k))
Nx, Ny, dot = norm(lambda at: x[at]), norm(lambda at: y[at]), Sum(x[k] * y[k], k)
little = 1 - sp.Rational(1, 10**12)

TRUE = {
    "softmax<=1": Le(sm(z, i), 1),
    "softmax>0": Lt(0, sm(z, i)),
    "softmax<1 n>=2": Lt(exp(z2[i2]) / Sum(exp(z2[k2]), k2), 1),
    "var": Ge(Sum((x[k] - Sum(x[l], l) / n) ** 2, k) / n, 0),
    "var expanded": Ge(Sum(x[k] ** 2, k) / n - mean**2, 0),
    "ssq": Ge(Sum(x[k] ** 2, k), 0),
    "norm": Ge(Nx, 0),
    "entropy": Ge(-Sum(unit[k] * log(unit[k]), k), 0),
    "mean2": Le(mean**2, Sum(x[k] ** 2, k) / n),
    "sum2": Le(Sum(x[k], k) ** 2, n * Sum(x[k] ** 2, k)),
    "lse>=z": Ge(lse, z[i]),
    "lse>=max": Ge(lse, M),
    "lse<=max+log n": Le(lse, M + log(n)),
    "max>=z": Ge(M, z[i]),
    "mean<=max": Le(Sum(z[k], k) / n, M),
    "min<=": Le(-Maximum(-z[k], k), z[i]),
    "min<=max": Le(-Maximum(-z[k], k), M),
    "CS": Le(dot**2, Sum(x[k] ** 2, k) * Sum(y[k] ** 2, k)),
    "CSn": Le(dot, Nx * Ny),
    "CSabs": Le(Abs(dot), Nx * Ny),
    "triangle": Le(norm(lambda at: x[at] + y[at]), Nx + Ny),
    "rev triangle": Le(Abs(Nx - Ny), norm(lambda at: x[at] - y[at])),
    "|sum|": Le(Abs(Sum(x[k], k)), Sum(Abs(x[k]), k)),
    "l1>=l2": Le(Nx, Sum(Abs(x[k]), k)),
    "l2<=sqrt n": Le(Sum(Abs(x[k]), k), sqrt(n) * Nx),
    "max<=norm": Le(Maximum(Abs(x[k]), k), Nx),
    "norm<=sqrt n max": Le(Nx, sqrt(n) * Maximum(Abs(x[k]), k)),
    "sig": Le(sigmoid(x[i]) * (1 - sigmoid(x[i])), sp.Rational(1, 4)),
    "young": Le(x[i] * y[j], (x[i] ** 2 + y[j] ** 2) / 2),
    "young sum": Le(dot, (Sum(x[k] ** 2, k) + Sum(y[k] ** 2, k)) / 2),
    "AtA": Ge(Sum(x[k] * B[s, k] * B[s, l] * x[l], s, k, l), 0),
    "gram+ridge": Ge(Sum(x[k] * B[s, k] * B[s, l] * x[l], s, k, l) + lam * Sum(x[k] ** 2, k), 0),
    "softmax Hessian": Ge(Sum(sm(z, k) * x[k] ** 2, k) - Sum(sm(z, k) * x[k], k) ** 2, 0),
    "sum p^2<=1": Le(Sum(sm(z, k) ** 2, k), 1),
    "logsoftmax": Le(z[i] - lse, 0),
    "weighted CS": Le(Sum(w[k] * x[k], k) ** 2, Sum(w[k], k) * Sum(w[k] * x[k] ** 2, k)),
    "cosine": Le(dot / (Nx * Ny), 1),
    "cosine>=-1": Ge(dot / (Nx * Ny), -1),
    "softplus>relu": Ge(softplus(x[i]), relu(x[i])),
    "tanh": Lt(tanh(x[i]), 1),
    "sum tanh": Lt(Sum(tanh(x[k]), k), n),
    "sum exp": Gt(Sum(exp(x[k]), k), 0),
    "exp>=1+x": Ge(Sum(exp(x[k]), k), n + Sum(x[k], k)),
    "mse": Ge(Sum((Sum(B[s, k] * x[k], k) - a) ** 2, s) / m, 0),
    "harm": Ge(Sum(pr[k], k) * Sum(1 / pr[k], k), n**2),
    "var<=meansq": Le(Sum((x[k] - mean) ** 2, k) / n, Sum(x[k] ** 2, k) / n),
    "relu1": Le(Abs(relu(x[i]) - relu(y[i])), Abs(x[i] - y[i])),
    "sum y<=n": Le(Sum(unit[k], k), n),
    "hess lse exp": Le(sm(z, i) * (1 - sm(z, i)), sp.Rational(1, 4)),
    "frob": Le(Sum(Sum(B[s, k] * x[k], k) ** 2, s), Sum(B[s, k] ** 2, s, k) * Sum(x[k] ** 2, k)),
    "p>=sum": Le(pr[i], Sum(pr[k], k)),
    "p2": Lt(0, Product(pr[k], k)),
    "max conv": Le(Maximum(x[k] + y[k], k), Maximum(x[k], k) + Maximum(y[k], k)),
    "abs max": Le(Abs(x[i]), Maximum(Abs(x[k]), k)),
    "sum<=n max": Le(Sum(x[k], k), n * Maximum(x[k], k)),
    "gini": Ge(1 - Sum(sm(z, k) ** 2, k), 0),
    "ce>=0": Ge(-log(sm(z, i)), 0),
    "nll>=0": Ge(lse - z[i], 0),
    "holder": Le(dot, Maximum(Abs(x[k]), k) * Sum(Abs(y[k]), k)),
    "parallelogram": Le(norm(lambda at: x[at] + y[at]) ** 2, 2 * Nx**2 + 2 * Ny**2),
    "ne": Ne(Sum(exp(x[k]), k), 0),
    "KL": Ge(Sum(pr[k] * log(pr[k] / q[k]), k) - Sum(pr[k], k) + Sum(q[k], k), 0),
}
FALSE = {
    "softmax<1": Lt(sm(z, i), 1),
    "softmax>=.1": Ge(sm(z, i), sp.Rational(1, 10)),
    "var>0": Gt(Sum((x[k] - Sum(x[l], l) / n) ** 2, k) / n, 0),
    "ssq>0": Gt(Sum(x[k] ** 2, k), 0),
    "sum>=0": Ge(Sum(x[k], k), 0),
    "norm>0": Gt(Nx, 0),
    "entropy>0": Gt(-Sum(unit[k] * log(unit[k]), k), 0),
    "entropy of pos": Ge(-Sum(pr[k] * log(pr[k]), k), 0),
    "mean2<": Lt(mean**2, Sum(x[k] ** 2, k) / n),
    "sum2": Le(Sum(x[k], k) ** 2, Sum(x[k] ** 2, k)),
    "sum2b": Le(Sum(x[k], k) ** 2, (n - sp.Rational(1, 10**12)) * Sum(x[k] ** 2, k)),
    "lse>z": Gt(lse, z[i]),
    "lse>max": Gt(lse, M),
    "lse<=max": Le(lse, M),
    "lse<max+log n": Lt(lse, M + log(n)),
    "max<=z": Le(M, z[i]),
    "max<=mean": Le(M, Sum(z[k], k) / n),
    "max<=min": Le(M, -Maximum(-z[k], k)),
    "max>min": Gt(M, -Maximum(-z[k], k)),
    "max>z": Gt(M, z[i]),
    "CS": Le(Sum(x[k] ** 2, k) * Sum(y[k] ** 2, k), dot**2),
    "CS<": Lt(dot**2, Sum(x[k] ** 2, k) * Sum(y[k] ** 2, k)),
    "CSn": Le(dot, Nx),
    "CSc": Le(dot, little * Nx * Ny),
    "triangle": Le(Nx + Ny, norm(lambda at: x[at] + y[at])),
    "triangle2": Le(norm(lambda at: x[at] + y[at]), Nx),
    "tri-": Le(norm(lambda at: x[at] - y[at]), Nx - Ny),
    "|sum|": Le(Sum(Abs(x[k]), k), Abs(Sum(x[k], k))),
    "l1<=l2": Le(Sum(Abs(x[k]), k), Nx),
    "l2": Le(Sum(Abs(x[k]), k), sqrt(n) * Nx * (1 - sp.Rational(1, 10**9))),
    "norm<=max": Le(Nx, Maximum(Abs(x[k]), k)),
    "sig": Le(sigmoid(x[i]) * (1 - sigmoid(x[i])), sp.Rational(1, 5)),
    "sig<": Lt(sigmoid(x[i]) * (1 - sigmoid(x[i])), sp.Rational(1, 4)),
    "young": Le(x[i] * y[j], (x[i] ** 2 + y[j] ** 2) / 3),
    "young sum": Le(dot, (Sum(x[k] ** 2, k) + Sum(y[k] ** 2, k)) / 3),
    "AB": Ge(Sum(x[k] * B[s, k] * B[s, l] * y[l], s, k, l), 0),
    "A": Ge(Sum(A[k, l] * x[k] * x[l], k, l), 0),
    "AtA>0": Gt(Sum(x[k] * B[s, k] * B[s, l] * x[l], s, k, l), 0),
    "AA": Ge(Sum(A[k, l] * A[l, k], k, l), 0),
    "sum p^2<1": Lt(Sum(sm(z, k) ** 2, k), 1),
    "sum p^2>=1": Ge(Sum(sm(z, k) ** 2, k), 1),
    "wCS": Le(Sum(w[k] * x[k], k) ** 2, Sum(w[k] * x[k] ** 2, k)),
    "wCS2": Le(Sum(w[k] * x[k], k) ** 2, n * Sum(w[k] * x[k] ** 2, k)),
    "cosine": Lt(dot / (Nx * Ny), 1),
    "sum tanh": Lt(Sum(tanh(x[k]), k), 0),
    "exp>1+x": Gt(Sum(exp(x[k]), k), n + Sum(x[k], k)),
    "harm": Ge(Sum(pr[k], k) * Sum(1 / pr[k], k), n**2 + 1),
    "var<": Lt(Sum((x[k] - mean) ** 2, k) / n, Sum(x[k] ** 2, k) / n),
    "sum y<n": Lt(Sum(unit[k], k), n),
    "p<sum": Lt(pr[i], Sum(pr[k], k)),
    "x<=sum": Le(x[i], Sum(x[k], k)),
    "max conv": Ge(Maximum(x[k] + y[k], k), Maximum(x[k], k) + Maximum(y[k], k)),
    "abs max": Lt(Abs(x[i]), Maximum(Abs(x[k]), k)),
    "max x y": Le(Maximum(x[k] * y[k], k), Maximum(x[k], k) * Maximum(y[k], k)),
    "ce>0": Gt(-log(sm(z, i)), 0),
    "ne": Ne(Sum(x[k], k), 0),
    "KL": Ge(Sum(pr[k] * log(pr[k] / q[k]), k), 0),
    "holder": Le(dot, Maximum(x[k], k) * Sum(y[k], k)),
    "same": Le(x[i], x[j]),
    "x<=y": Le(Sum(x[k], k), Sum(y[k], k)),
    "lin": Le(lam * Sum(x[k], k), Sum(x[k] ** 2, k)),
}


GIVEN = [
    (MASSES, Ge(Sum(pr[k] * log(pr[k] / q[k]), k), 0)),
    (MASSES, Ge(-Sum(pr[k] * log(q[k]), k), -Sum(pr[k] * log(pr[k]), k))),
    (UNITS, Le(dot, 1)),
    (MASS, Le(pr[i], 1)),
    (MASS, Le(Sum(pr[k] ** 2, k), 1)),
    (MASS, Ge(n * Sum(pr[k] ** 2, k), 1)),
    (MASS, Le(-Sum(pr[k] * log(pr[k]), k), log(n))),
    (MASS, Ge(-Sum(pr[k] * log(pr[k]), k), 0)),
    (MASS, Le(Sum(pr[k] * x[k], k) ** 2, Sum(pr[k] * x[k] ** 2, k))),
    (MASS, Le(Sum(pr[k] * x[k], k), Maximum(x[k], k))),
    ((Le(a, b),), Le(x[i] + a, x[i] + b)),
]
LIES_GIVEN = [
    (MASSES, Gt(Sum(pr[k] * log(pr[k] / q[k]), k), 0)),
    (MASSES, Le(Sum(pr[k] * log(pr[k] / q[k]), k), 0)),
    (MASS, Ge(Sum(pr[k] * log(pr[k] / q[k]), k), 0)),
    (UNITS, Lt(dot, 1)),
    (UNITS[:1], Le(dot, 1)),
    (MASS, Lt(pr[i], 1)),
    (MASS, Le(q[i], 1)),
    (MASS, Lt(Sum(pr[k] ** 2, k), 1)),
    (MASS, Ge(Sum(pr[k] ** 2, k), 1)),
    (MASS, Le(-Sum(pr[k] * log(pr[k]), k), little * log(n))),
    (MASS, Lt(Sum(pr[k] * x[k], k), Maximum(x[k], k))),
    ((Eq(Sum(x[k], k), 1),), Le(x[i], 1)),  # entries of any sign
    ((Le(a, b),), Le(x[i] + b, x[i] + a)),
]


def decide(relation, given=()):
    return tensor_bounds.decide(relation, tuple(Hypothesis("given", h) for h in given))


@pytest.mark.parametrize("relation", TRUE.values(), ids=TRUE)
def test_proved_for_all_sizes(relation):
    verdict = decide(relation)
    assert verdict.proved
    assert "kernel" in verdict.trusted


@pytest.mark.parametrize("relation", FALSE.values(), ids=FALSE)
def test_a_lie_is_not_proved(relation):
    verdict = decide(relation)
    assert verdict.status == "unknown"
    assert verdict.reason


@pytest.mark.parametrize(("given", "relation"), GIVEN)
def test_proved_under_hypotheses_and_not_without(given, relation):
    assert decide(relation, given).proved
    assert not decide(relation).proved


@pytest.mark.parametrize(("given", "relation"), LIES_GIVEN)
def test_a_lie_stays_one_under_hypotheses(given, relation):
    assert not decide(relation, given).proved


def test_conjunctions_need_every_part():
    assert decide(both(Le(0, sm(z, i)), Le(sm(z, i), 1))).proved
    assert not decide(both(Le(0, sm(z, i)), Lt(sm(z, i), 1))).proved
    assert decide(both(Eq(Sum(sm(z, k), k), 1), Lt(0, sm(z, i)))).proved


def test_what_it_does_not_speak_is_unknown():
    t = Bound("t")
    none = indices("k", size("o", minimum=0))[0]
    for relation in (Le(LimitAt(t, t, 0), 1), Le(Maximum(a, none), a), Le(D(M, z[i]), 1), Le(sp.Function("h")(a), 1)):
        assert decide(relation).status == "unknown"


def test_the_ladder_asks_it_for_inequalities():
    verdicts = ladder.decide(Le(sm(z, i), 1))
    assert verdicts["sums"].proved
    assert ladder.conclude(Le(sm(z, i), 1), (), verdicts).proved
    assert ladder.conclude(Lt(sm(z, i), 1), (), ladder.decide(Lt(sm(z, i), 1))).refuted
