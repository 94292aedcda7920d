"""Rules that open and close definitions, use hypotheses and cite theorems."""

import pytest
from sympy import S, exp

from derivations.calculus.domains import interval
from derivations.calculus.operators import D, Sum, delta
from derivations.calculus.substitution import alpha_equal
from derivations.calculus.symbols import index, indices, scalar, sequence, size, sizes, vector
from derivations.judges import ball
from derivations.proof.derivation import Derivation
from derivations.proof.rules import (
    NothingChanged,
    ProofError,
    cite,
    cite_backwards,
    collapse,
    differentiate,
    fold,
    start_of,
    step_of,
    unfold,
    use,
)
from derivations.proof.source import SUPPORTING
from derivations.proof.statement import Eq, Gt, Hypothesis, Le, Ne

n, m = sizes("n m")
t = size("t", minimum=0)
i, j, k = indices("i j k", n)
q = index("q", m)
z, y = vector("z", n), vector("y", n)
x, c = scalar("x"), scalar("c")
alpha = scalar("alpha", interval(0, 1))


@pytest.fixture
def topic():
    return Derivation("topic", SUPPORTING)


def test_unfold_opens_what_is_named_and_nothing_else(topic):
    Z = topic.define("Z", Sum(exp(z[k]), k))
    p = topic.define("p", exp(z[i]) / Z, at=i)
    assert unfold(p)(p[j] + Z) == exp(z[j]) / Z + Z
    assert alpha_equal(unfold(p, Z)(p[j]), exp(z[j]) / Sum(exp(z[k]), k))
    with pytest.raises(NothingChanged, match="unfold p changes nothing"):
        unfold(p)(Z)


def test_unfold_does_not_capture(topic):
    """With s_k = sum_i z_i z_k, unfolding s_i must not identify the two i."""
    s = topic.define("s", Sum(z[i], i) * z[k], at=k)
    assert alpha_equal(unfold(s)(s[i]), Sum(z[j], j) * z[i])
    assert not alpha_equal(unfold(s)(s[i]), Sum(z[i], i) ** 2)
    T = topic.define("T", Sum(z[i] * y[k], i), at=k)
    assert alpha_equal(unfold(T)(Sum(T[i], i)), Sum(Sum(z[j] * y[i], j), i))


def test_fold_finds_the_body_with_other_bound_names(topic):
    Z = topic.define("Z", Sum(exp(z[k]), k))
    p = topic.define("p", exp(z[i]) / Z, at=i)
    line = exp(z[j]) / Sum(exp(z[i]), i)
    assert fold(Z, p)(line) == p[j]
    with pytest.raises(NothingChanged, match="fold Z changes nothing"):
        fold(Z)(Sum(exp(2 * z[k]), k))


def test_only_definitions_are_unfolded():
    with pytest.raises(ProofError, match="is not a definition"):
        unfold(x)


def test_a_recurrence_steps_once_and_starts_once(topic):
    v = sequence("v")
    every = index("t", 1, S.Infinity)
    ema = topic.define_recursively("ema", at=every, start=c, step=lambda last: (1 - alpha) * last + alpha * v[every])
    assert step_of(ema)(ema[t + 1]) == (1 - alpha) * ema[t] + alpha * v[t + 1]
    assert start_of(ema)(ema[0] + 1) == c + 1
    with pytest.raises(NothingChanged, match="start of ema changes nothing"):
        start_of(ema)(ema[t])
    with pytest.raises(NothingChanged):
        step_of(ema)(ema[0])


# ---- hypotheses


@pytest.mark.parametrize("relation", [Ne(x, 0), Gt(x, 0), Le(x, 1)])
def test_what_is_not_an_equality_cannot_rewrite(relation):
    with pytest.raises(ProofError, match="'the premise' is not an equality"):
        use(Hypothesis("the premise", relation))


def test_use_replaces_a_hypothesis_at_every_index():
    zero = Hypothesis("the entries vanish", Eq(z[i], 0))
    assert use(zero)(z[j] + z[1] * c + y[j]) == y[j]
    assert use(zero)(Sum(z[k] + y[k], k)) == Sum(y[k], k)


def test_use_matches_a_sum_whatever_its_index_is_called():
    unit = Hypothesis("mass one", Eq(Sum(y[i], i), 1))
    assert use(unit)(c * Sum(y[k], k)) == c
    with pytest.raises(NothingChanged, match="use mass one changes nothing"):
        use(unit)(Sum(y[k] * z[k], k))


def test_use_does_not_match_an_index_of_another_range():
    """A hypothesis about z_1..z_{n-1} says nothing about z_n, or about z_k for k up to n."""
    inner = index("r", 1, n - 1)
    partial = Hypothesis("all but the last vanish", Eq(z[inner], 0))
    assert use(partial)(z[inner] + z[n]) == z[n]
    with pytest.raises(NothingChanged):
        use(partial)(z[n])
    with pytest.raises(NothingChanged):
        use(partial)(z[k])


# ---- theorems


@pytest.fixture
def square(topic):
    """d/dz_j sum_k z_k^2 = 2 z_j"""
    return topic.prove("square", D(Sum(z[k] ** 2, k), z[j]), differentiate, collapse, equals=2 * z[j])


def test_cite_renames_free_indices(square):
    assert cite(square)(D(Sum(z[i] ** 2, i), z[k])) == 2 * z[k]
    assert cite(square)(Sum(y[k] * D(Sum(z[j] ** 2, j), z[k]), k)) == Sum(2 * y[k] * z[k], k)


def test_cite_backwards(topic):
    z_sum = topic.prove("double", Sum(2 * z[k], k), equals=2 * Sum(z[k], k))
    assert alpha_equal(cite_backwards(z_sum)(2 * Sum(z[i], i) + 1), Sum(2 * z[i], i) + 1)


def test_cite_where_nothing_matches_names_the_theorem(square):
    with pytest.raises(NothingChanged, match="by square changes nothing"):
        cite(square)(D(Sum(z[k] ** 3, k), z[j]))


def test_cite_at_values(topic):
    lag = index("j", 0, t - 1)
    geometric = topic.prove("geometric", Sum((1 - alpha) ** lag, lag), equals=(1 - (1 - alpha) ** t) / alpha)
    rule = cite(geometric, at={alpha: S.Half})
    assert rule.reason == "by geometric at α = 1/2"
    line = Sum((1 - S.Half) ** lag, lag)
    assert not rule(line).has(Sum)
    assert ball.refute(Eq(line, rule(line)), points=12).status == "consistent"


def test_the_hypotheses_of_a_cited_theorem_travel(topic):
    unit = topic.assume("mass one", Eq(Sum(y[k], k), 1))
    given = topic.prove("given", c * Sum(y[i], i), use(unit), equals=c)
    outer = topic.prove("outer", 1 + c * Sum(y[i], i), cite(given), equals=1 + c)
    assert given.hypotheses == (unit,)
    assert outer.hypotheses == (unit,)
    assert outer.uses == (given,)


def test_the_hypotheses_of_an_instance_travel_at_its_values(topic):
    moving = topic.assume("c is not zero", Ne(c, 0))
    ratio = topic.prove("ratio", c * x / c + x, equals=2 * x, given=[moving])
    outer = topic.prove("outer", x * 2 / 2 + 3 * x, cite_backwards(ratio, at={c: S(2)}), equals=4 * x)
    assert [h.relation for h in outer.hypotheses] == [Ne(S(2), 0)]


def test_a_delta_in_a_theorem_is_cited_by_the_line_s_indices(topic):
    basis = topic.prove("basis", D(z[i], z[j]), differentiate, equals=delta(i, j))
    assert cite(basis)(Sum(D(z[k], z[i]) * y[k], k)) == Sum(delta(i, k) * y[k], k)
