"""Rules for sums: what each does on a small line, where it refuses, and that the refuter finds nothing against it."""

import pytest
from sympy import S

from derivations.calculus.domains import interval
from derivations.calculus.operators import Delta, Expectation, Product, Sum, delta
from derivations.calculus.substitution import alpha_equal
from derivations.calculus.symbols import index, indices, scalar, sequence, size, sizes, vector
from derivations.judges import ball, kernel
from derivations.proof.rules import (
    NothingChanged,
    collapse,
    combine,
    count_back,
    distribute_expectation,
    peel,
    pull_in,
    pull_out,
    split,
)
from derivations.proof.statement import Eq

n, m = sizes("n m")
t = size("t", minimum=0)
i, j, k = indices("i j k", n)
q = index("q", m)
z, w, u = vector("z", n), vector("w", n), vector("u", m)
c, rate = scalar("c"), scalar("r", interval(0, 1))
v, g = sequence("v"), sequence("g", random=True)
past = index("k", 1, t + 1)


def applied(rule, line, expected):
    """The rule gives the expected line, and two judges that share no code agree that it may."""
    new = rule(line)
    assert alpha_equal(new, expected), f"{rule.name}: {line} became {new}"
    assert ball.refute(Eq(line, new), points=12).status == "consistent"
    assert kernel.decide(Eq(line, new)).proved


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (Sum(delta(i, k) * z[k], k), z[i]),
        (Sum(Sum(delta(i, k) * delta(k, j) * z[j], j), k), z[i]),
        (Sum(delta(i, k) * z[k] + w[k], k), z[i] + Sum(w[k], k)),
        (Sum(delta(i, k) * delta(j, k), k), delta(i, j)),
        (Sum(delta(i, k) * u[q], k, q), Sum(u[q], q)),
        (Sum(delta(k, 1) * z[k], k), z[1]),
    ],
)
def test_collapse_contracts_a_delta(line, expected):
    applied(collapse, line, expected)


@pytest.mark.parametrize(
    "line",
    [
        Sum(delta(q, k) * z[k], k),  # q runs over 1..m, which may be beyond n
        Sum(delta(i + 1, k) * z[k], k),  # i + 1 may be n + 1
        Sum(delta(2 * k, i) * z[k], k),  # k = i/2 is an index for even i only
        Sum(delta(i, j) * z[k], k),
        z[i] + delta(i, j),
    ],
)
def test_collapse_refuses_what_may_lie_outside_the_range(line):
    with pytest.raises(NothingChanged, match="collapse changes nothing"):
        collapse(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (Sum(z[i] * w[k], k), z[i] * Sum(w[k], k)),
        (Sum(z[i], k), n * z[i]),
        (Sum(S.One, k), n),
        (Sum(S.One, k, q), n * m),
        (Sum(z[k], k, q), m * Sum(z[k], k)),
        (Sum(c * z[k] * u[q], k, q), c * Sum(z[k] * u[q], k, q)),
        (Sum(c, index("k", 0, n)), (n + 1) * c),
    ],
)
def test_pull_out_counts_the_indices_that_nothing_uses(line, expected):
    applied(pull_out, line, expected)


def test_pull_out_leaves_an_index_that_another_range_depends_on():
    """sum_{k<=n} sum_{s<=k} 1 is n(n+1)/2: counting k before s, or s as free of k, would give something else."""
    s = index("s", 1, k)
    with pytest.raises(NothingChanged):
        pull_out(Sum(S.One, k, s))


def test_pull_out_is_refused_where_there_is_nothing_to_pull():
    with pytest.raises(NothingChanged, match="pull out changes nothing in Sum"):
        pull_out(Sum(z[k] * w[k], k))


def test_pull_in_renames_the_bound_index_away_from_what_it_takes_in():
    applied(pull_in, z[k] * Sum(w[k], k), Sum(z[k] * w[i], i))


def test_split_and_combine_undo_each_other():
    line = Sum(c * (z[k] + w[k]), k)
    applied(split, line, Sum(c * z[k], k) + Sum(c * w[k], k))
    applied(combine, Sum(z[k], k) + Sum(w[j], j), Sum(z[k] + w[k], k))


def test_combine_keeps_sums_over_different_ranges_apart():
    with pytest.raises(NothingChanged):
        combine(Sum(z[k], k) + Sum(u[q], q))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (Sum(v[past], past), Sum(v[index("k", 1, t)], index("k", 1, t)) + v[t + 1]),
        (Product(v[past], past), Product(v[index("k", 1, t)], index("k", 1, t)) * v[t + 1]),
    ],
)
def test_peel_takes_the_last_term_off(line, expected):
    applied(peel, line, expected)


@pytest.mark.parametrize("line", [Sum(v[index("k", 1, t)], index("k", 1, t)), Sum(z[k], k)])
def test_peel_refuses_a_sum_that_may_have_no_last_term_to_spare(line):
    with pytest.raises(NothingChanged):
        peel(line)


def test_count_back_reverses_a_sum():
    k, lag = index("k", 1, t), index("j", 0, t - 1)
    applied(count_back, Sum(rate ** (t - k), k), Sum(rate**lag, lag))
    line = Sum((t - k) * v[k], k)
    new = count_back(line)
    assert alpha_equal(new, Sum(lag * v[t - lag], lag))
    assert ball.refute(Eq(line, new), points=12).status == "consistent"


def test_expectation_is_distributed_over_what_is_random_only():
    k = index("k", 1, t)
    line = Expectation(Sum(c**2 * g[k], k) + c)
    assert alpha_equal(distribute_expectation(line), Sum(c**2 * Expectation(g[k]), k) + c)
    with pytest.raises(NothingChanged):
        distribute_expectation(Expectation(g[1]))
    product = Expectation(g[1] * g[2])  # no independence is assumed, so E(g1 g2) stays
    with pytest.raises(NothingChanged):
        distribute_expectation(product)


def test_a_delta_of_unequal_numbers_is_zero():
    assert Delta(S(1), S(2)) == 0
    assert Delta(i + 1, i) == 0
