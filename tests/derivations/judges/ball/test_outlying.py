"""Places that chance does not reach: what fails only there is refuted, what holds there is not."""

import math

import pytest
from sympy import Abs, Rational, log, sqrt

from derivations.calculus.domains import POSITIVE, interval
from derivations.calculus.operators import Sum
from derivations.calculus.symbols import index, scalar, size, sizes, vector
from derivations.judges.ball import Evaluator, Scope, refute
from derivations.judges.ball.outlying import flat, larger
from derivations.judges.ball.points import points
from derivations.proof.statement import Eq, Ge, Gt, Hypothesis, Le, Lt, expressions

n, m = sizes("n m")
i, k, j = (index(name, n) for name in "ikj")
x, y, z = (vector(name, n) for name in "xyz")
low = vector("x", n, domain=interval(-1, 1, closed="right"))
p = vector("p", n, domain=POSITIVE)
a = scalar("a")
spread = sqrt(Sum((low[k] - Sum(low[j], j) / n) ** 2, k) / n)


def given(*relations):
    return [Hypothesis("given", r) for r in relations]


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        (Le(n, 100), {"n": "101"}),
        (Le(2 * n - 1, 40), None),
        (Lt(n, 10_001), {"n": "10001"}),
        (Le(n * m, 300), None),
        (Le(Sum(k, k), 2000), None),
        (Le(i, 100), {"n": "101", "i": "101"}),
        (Le(spread / n, Sum(low[k] ** 2, k) * Sum(y[k] ** 2, k)), None),
        (Gt(Sum(Abs(x[k]), k) + Sum(z[k] ** 4, k), 0), None),
        (Gt(Sum(x[k] ** 2, k) * Sum(y[k] ** 2, k), Sum(x[k] * y[k], k) ** 2 - (a - 1) ** 2 / 10**9), None),
    ],
)
def test_refuted(statement, values):
    verdict = refute(statement)
    assert verdict.refuted, verdict
    assert verdict.witness is not None and (values is None or verdict.witness.values == values)


@pytest.mark.parametrize(
    ("statement", "hypotheses"),
    [
        (Le(n, n * m), ()),
        (Le(n, 2**n), ()),
        (Le(Sum(k, k), n**2), ()),
        (Le(i, n), ()),
        (Ge(Sum(x[k] ** 2, k) * Sum(y[k] ** 2, k), Sum(x[k] * y[k], k) ** 2), ()),
        (Le(Sum(x[k] ** 2, k), 1), given(Eq(Sum(x[k] ** 2, k), 1))),
        (Gt(Sum(p[k], k), 0), ()),
        (Le(log(n), n), given(Lt(n, 50))),
        (Le(n, 49), given(Lt(n, 50))),
    ],
)
def test_what_is_true_stays(statement, hypotheses):
    assert refute(statement, hypotheses).status == "consistent"


def read_at(statement, hypotheses):
    found = list(points(expressions(statement), hypotheses))
    for at in found:
        for e in expressions(statement):
            Evaluator(at.values).value(e, Scope(at.indices))
    return found


def test_flat_points_are_admissible():
    statement, hypotheses = Ge(Sum(x[k], k) + a + Sum(p[k], k), a), given(Eq(Sum(x[k], k), 1))
    found = list(flat(read_at(statement, hypotheses), [h.relation for h in hypotheses], math.inf))
    assert found
    for at in found:
        entries = [value for key, value in at.values.known.items() if key[0] == x]
        assert sum(entries) == 1
        assert all(value > 0 for key, value in at.values.known.items() if key[0] == p)


def test_no_large_sizes_where_numbers_occur_or_sums_would_be_long():
    assert not list(larger(Le(Sum(x[k], k), n), read_at(Le(Sum(x[k], k), n), ()), (), math.inf))
    nested = Le(Sum(k * j, k, j), n**4)
    assert max(at.sizes[n] for at in larger(nested, read_at(nested, ()), (), math.inf)) == 22
    plain = Le(n * Rational(1, 2), n)
    assert max(at.sizes[n] for at in larger(plain, read_at(plain, ()), (), math.inf)) == 10_001
    bounded = size("b", 7)
    assert all(at.sizes[bounded] >= 7 for at in larger(Le(bounded, 1), read_at(Le(bounded, 9), ()), (), math.inf))
