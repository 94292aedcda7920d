"""False theorems that once ended proved, or errors that once passed: each stays caught."""

import pytest
import sympy as sp

from derivations.calculus.domains import interval
from derivations.calculus.operators import D, Expectation, Limit, Sum
from derivations.calculus.substitution import alpha_equal
from derivations.calculus.symbols import CalculusError, Scalar, index, scalar, scalars, sequence, size, vector
from derivations.judges import kernel, side_conditions
from derivations.judges.ladder import survives
from derivations.judges.trial import JudgedStep, _conditions_on_the_variable, judge, proof_of
from derivations.proof.derivation import Derivation
from derivations.proof.proofs import bound, decision, induction, induction_hypothesis
from derivations.proof.rules import ProofError, Rule, cite, peel, use
from derivations.proof.source import SUPPORTING
from derivations.proof.statement import Eq, Le, both
from derivations.proof.theorem import Step
from derivations.proof.verdict import Verdict

n = size("n")
x, y = scalars("x y")


@pytest.fixture
def topic():
    return Derivation("attack", SUPPORTING)


def proved(left, right, *hypotheses) -> bool:
    return kernel.decide(Eq(left, right), hypotheses).proved


class TestLimits:
    def test_a_limit_is_no_scalar_of_the_user(self):
        assert not proved(Limit(n / (n + 1), n), scalar("limit_0"))
        assert not proved(Limit(n / (n + 1), n), scalar("limit"))

    def test_a_limit_is_no_constant_to_a_derivative(self):
        assert not proved(D(Limit(x + 1 / n, n), x), 0)

    def test_a_limit_is_no_constant_to_a_sum(self):
        m = size("m")
        k = index("k", m)
        assert not proved(Sum(Limit(k + 1 / n, n), k), m * Limit(k + 1 / n, n))

    def test_a_hypothesis_about_the_growing_size_says_nothing_of_the_limit(self, topic):
        assert not proved(Limit(1 / n, n), Limit(x, n), topic.assume("x is 1/n", Eq(x, 1 / n)))

    def test_equal_functions_have_equal_limits(self):
        assert proved(Limit((n + 1) / n, n) + x, x + Limit(1 + 1 / n, n))

    def test_only_a_statement_that_is_a_limit_is_excused_from_the_refuter(self):
        untried = Verdict("untested", "ball arithmetic")
        assert survives(Eq(Limit(1 / n, n), 0), untried)
        assert not survives(Eq(x + Limit(1 / n, n), x), untried)
        assert not survives(Eq(x, x), untried)


def test_what_is_false_at_larger_sizes_only_is_refuted():
    from derivations.judges import ball

    p = (n - 1) * (n - 2) * (n - 3)
    verdict = ball.refute(Eq(x * p, 0))
    assert verdict.refuted
    assert verdict.witness.values["n"] == "6"


def test_induction_refuses_a_hypothesis_about_its_variable(topic):
    t, c = size("t", minimum=0), scalar("c")
    k = index("k", 0, t - 1)
    same = topic.assume("c is t", Eq(c, t))
    with pytest.raises(ProofError, match="c is t"):
        _ = topic.prove(
            "late",
            Sum((c - k) * k * (k - 1) * (k - 2), k),
            equals=0,
            by=induction(t, step=[peel, induction_hypothesis]),
            given=[same],
        ).steps


def test_a_bound_replaces_values_and_not_functions(topic):
    p = (n - 1) * (n - 2) * (n - 3)
    zero = topic.assume("x is zero", Eq(x, 0))
    theorem = topic.state("moved", Le(D(x * p, x), 0), bound(x * p, use(zero)))
    with pytest.raises(ProofError, match="stands inside"):
        _ = theorem.steps
    assert not judge(theorem, lies=0).as_claimed


def test_a_theorem_is_not_put_where_its_derivative_would_capture(topic):
    theorem = topic.prove("slope", D(x * y, x), equals=y)
    with pytest.raises(CalculusError, match="differentiated by"):
        theorem.at({x: y})


def test_a_theorem_about_numbers_is_not_put_at_a_random_one(topic):
    g = sequence("g", random=True)
    t = index("t", 1, sp.oo)
    theorem = topic.prove("linear", Expectation(x * g[t]), equals=x * Expectation(g[t]))
    with pytest.raises(CalculusError, match="random"):
        theorem.at({x: g[1]})


def test_ranges_that_depend_on_an_outer_index_are_renamed_with_it():
    i, k = index("i", n), index("k", n)
    below_i = index("j", 1, i)
    assert not alpha_equal(Sum(Sum(1, below_i), i), Sum(Sum(1, below_i), k))
    assert alpha_equal(Sum(Sum(1, below_i), i), Sum(Sum(1, index("j", 1, k)), k))
    v = vector("v", n)
    assert not alpha_equal(Sum(v[index("bound_0", n)], k), Sum(v[k], k))


def test_a_size_with_a_prime_is_another_size():
    other, z = size("n'"), scalar("z")
    k = index("k", 1, n - 1)
    assert not proved(z * Sum(1, k), z * other)
    assert proved(z * Sum(1, k), z * (n - 1))


def test_the_previous_element_is_no_scalar_of_the_user(topic):
    theirs = scalar("w_previous")
    w = topic.define_recursively("w", index("t", 1, sp.oo), start=0, step=lambda last: last + theirs)
    assert w[1].unfolded == w[0] + theirs
    assert not isinstance(theirs, type(w.previous))
    assert Scalar("w_previous") == theirs != w.previous


def test_an_erratum_needs_a_proved_correction(topic):
    false = topic.prove("false", x, equals=x + 1)
    trial = judge(topic.refute("printed", Eq(x, x + 2), instead=false))
    assert trial.status == "refuted"
    assert not trial.as_claimed


def test_citing_takes_equalities_only(topic):
    several = topic.state("several", both(Le(0, x**2), Le(-1, x**2)), decision())
    with pytest.raises(ProofError, match="not an equality"):
        cite(several)
    with pytest.raises(ProofError, match="not an equality"):
        cite(topic.state("one", Le(0, x**2), decision()))
    with pytest.raises(CalculusError):
        both()


def test_conditions_inside_recurrences_and_roots_are_seen(topic):
    s = topic.define_recursively("s", index("t", 1, sp.oo), start=sp.log(x), step=lambda last: last + 1 / y)
    listed = side_conditions.listed(Eq(s[size("t", 0)], 0))
    assert listed == ("x > 0", "y ≠ 0")
    assert side_conditions.listed(Eq(D(sp.sqrt(x), x), 1)) == ("x > 0",)
    assert side_conditions.listed(Eq(sp.atanh(x), 1)) == ("1 − x² > 0",)


def test_a_power_of_a_number_below_one_vanishes():
    from derivations.judges import limit

    half, t = sp.Rational(1, 2), size("t")
    b = scalar("b", interval(0, 1))
    assert limit.decide(Eq(Limit(half**t, t), 0)).proved
    assert limit.decide(Eq(Limit(t * b**t, t), 0)).proved
    assert not limit.decide(Eq(Limit(2**t, t), 0)).proved
    assert not limit.decide(Eq(Limit((-half) ** t, t), 1)).proved


def test_the_sign_of_a_negative_scalar_is_known():
    from derivations.judges import field

    a = scalar("a", interval(-3, -1, closed=True))
    assert field.decide(Eq(sp.sign(a), -1)).proved
    assert not field.decide(Eq(sp.sign(a), 1)).proved


def test_an_expectation_of_a_product_is_no_product_of_expectations():
    g = sequence("g", random=True)
    t = index("t", 1, sp.oo)
    assert not proved(Expectation(g[t] ** 2), Expectation(g[t]) ** 2)


class TestWhatGrows:
    """A limit is over everything that moves with the size, also behind a recurrence or the shape of an array."""

    def test_a_recurrence_that_depends_on_the_size_is_no_constant(self, topic):
        s, t = index("s", 1, sp.oo), size("t", 0)
        r = topic.define_recursively("r", s, start=n, step=lambda last: last)
        assert not judge(topic.prove("stays", Limit(r[t] / n, n), equals=0, by=decision()), lies=0).as_claimed
        growing = topic.define_recursively("q", s, start=0, step=lambda last: last + n)
        assert not judge(topic.prove("grows", Limit(growing[t] / n, n), equals=0, by=decision()), lies=0).as_claimed

    def test_an_array_of_the_growing_size_is_no_constant(self, topic):
        v = vector("v", n)
        assert not judge(topic.prove("array", Limit(v[1] / n, n), equals=0, by=decision()), lies=0).as_claimed


class TestConditionsThatMove:
    """A division that is by zero only far away: at a position, or at the value a theorem is cited at."""

    @staticmethod
    def to(line):
        return Rule("to", "=", lambda _: line)

    def countdown(self, topic):
        return topic.define_recursively("c", index("s", 1, sp.oo), start=-100, step=lambda last: last + 1)

    @staticmethod
    def middle(x):
        return sp.sign(x) * sp.Abs(x) * (x + 1) / (x**2 + x)  # sign(x)^2, but for x = 0 and x = -1

    def test_an_induction_may_not_need_a_condition_on_its_variable(self, topic):
        t, s = size("t", 0), index("s", 1, sp.oo)
        c = self.countdown(topic)
        m = topic.define_recursively("m", s, start=0, step=lambda last: last + 1 - sp.sign(c[s - 1]) ** 2)
        lines = [m[t] + 1 - sp.sign(c[t]) ** 2, m[t] + 1 - self.middle(c[t]), m[t]]
        theorem = topic.prove("far", m[t], equals=0, by=induction(t, step=[*map(self.to, lines), induction_hypothesis]))
        trial = judge(theorem, lies=0)
        assert trial.status == "unknown"
        assert "every smaller one" in trial.verdict.reason

    def test_what_the_refuter_refutes_is_not_cited_and_corrects_nothing(self, topic):
        false = topic.prove("square", sp.sign(y) ** 2, self.to(self.middle(y)), equals=1)
        assert not proof_of(false).proved
        assert not judge(topic.refute("printed", Eq(sp.sign(y) ** 2, 2), instead=false)).as_claimed

    def test_conditions_of_a_cited_theorem_are_those_at_its_values(self):
        condition = side_conditions.Condition(y**2 + y, "≠ 0")
        assert list(map(str, side_conditions.instances([condition], {y: x}))) == ["x² + x ≠ 0"]
        assert side_conditions.instances([condition], {y: sp.Integer(2)}) == []

    def test_an_induction_may_not_cite_under_a_condition_on_its_variable(self, topic):
        t = size("t", 0)
        c = self.countdown(topic)
        square = topic.prove("square", sp.sign(y) ** 2, self.to(self.middle(y)), equals=sp.sign(y) ** 2)
        assert proof_of(square).hypotheses == ("y² + y ≠ 0",)
        theorem = topic.prove("still", c[t], equals=c[t], by=induction(t))

        def conditions_when_cited_at(value):
            step = Step(Eq(c[t], c[t]), "by", "", cites=(square.at({y: value}),))
            return _conditions_on_the_variable(theorem, (JudgedStep(step, Verdict("proved", "normal form")),))

        assert conditions_when_cited_at(c[t]) == ["cₜ² + cₜ ≠ 0"]
        assert conditions_when_cited_at(sp.Integer(3)) == []


def test_an_endless_sum_counts_nothing():
    h, i, j = sequence("h"), index("i", n), index("j", n)
    assert not proved(h[i + j], n * x)
    assert proved(h[i + j] + n * x, n * x + h[i + j])
