"""Theorems and errata are values; citing rests on a proof, at values inside the domain, never on itself."""

import dataclasses

import pytest
from sympy import S

from derivations.calculus.domains import interval
from derivations.calculus.operators import Limit, Sum
from derivations.calculus.symbols import index, scalar, sequence, size
from derivations.judges.trial import judge, judge_step, proof_of
from derivations.proof.derivation import Derivation
from derivations.proof.proofs import induction, induction_hypothesis
from derivations.proof.rules import cite, peel, start_of, step_of, take_the_limit
from derivations.proof.source import SUPPORTING
from derivations.proof.statement import Eq, Lt

t = size("t", minimum=0)
alpha = scalar("alpha", interval(0, 1))
x = scalar("x")
lag = index("j", 0, t - 1)
upto = index("k", 1, t)
v = sequence("v")


@pytest.fixture
def topic():
    return Derivation("topic", SUPPORTING)


@pytest.fixture
def mean_age(topic):
    """sum_{j<t} j alpha (1-alpha)^j, by induction, and its limit"""
    partial = topic.prove(
        "partial",
        Sum(lag * alpha * (1 - alpha) ** lag, lag),
        equals=((1 - alpha) - t * (1 - alpha) ** t + (t - 1) * (1 - alpha) ** (t + 1)) / alpha,
        by=induction(t, step=[peel, induction_hypothesis]),
    )
    return topic.prove(
        "limit",
        Limit(Sum(lag * alpha * (1 - alpha) ** lag, lag), t),
        cite(partial),
        take_the_limit,
        equals=(1 - alpha) / alpha,
    )


def test_a_theorem_and_an_erratum_cannot_be_altered(topic):
    theorem = topic.prove("one", x, equals=x)
    for attribute in ("statement", "proof", "hypotheses", "name"):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(theorem, attribute, None)
    erratum = topic.refute("two", printed=Eq(x, x + 1))
    with pytest.raises(dataclasses.FrozenInstanceError):
        erratum.printed = Eq(x, x)


def test_circular_citing_cannot_be_written_down(topic):
    """A theorem exists only after its proof, which is frozen with it: nothing can cite itself."""
    theorem = topic.prove("one", x, equals=x)
    citing = topic.prove("two", 2 * x + 0, equals=2 * x)
    with pytest.raises(dataclasses.FrozenInstanceError):
        theorem.proof.rules = (cite(citing),)


def test_left_and_expression_are_the_sides_of_an_equality(topic):
    theorem = topic.prove("sum", x + x, equals=2 * x)
    assert (theorem.left, theorem.expression) == (2 * x, 2 * x)
    statement = topic.state("order", Lt(x, x + 1), theorem.proof)
    assert statement.left == x
    assert repr(theorem) == "<theorem topic.sum: 2 x = 2 x>"
    assert (theorem.topic, theorem.short_name) == ("topic", "sum")


def test_citing_a_theorem_whose_proof_fails_proves_nothing(topic):
    """The cited claim is false and its induction breaks: what rests on it is not proved."""
    wrong = topic.prove(
        "wrong",
        Sum(v[upto], upto) ** 2,
        equals=Sum(v[upto] ** 2, upto),
        by=induction(t, step=[peel, induction_hypothesis]),
    )
    outer = topic.prove("outer", Sum(v[upto], upto) ** 2 + x, cite(wrong), equals=Sum(v[upto] ** 2, upto) + x)
    assert not proof_of(wrong).proved
    assert not proof_of(outer).proved
    assert judge(outer).status == "refuted"


def test_citing_a_true_theorem_with_a_broken_proof_proves_nothing(topic):
    """a_t = 2^t x needs an induction: without one neither the theorem nor what cites it is proved."""
    every = index("t", 1, S.Infinity)
    doubling = topic.define_recursively("a", at=every, start=x, step=lambda last: 2 * last)
    lame = topic.prove("lame", doubling[t], equals=2**t * x)
    outer = topic.prove("outer", 3 * doubling[t], cite(lame), equals=3 * 2**t * x)
    verdict = judge(outer).verdict
    assert verdict.status == "unknown"
    assert "the cited theorem topic.lame is not proved" in verdict.reason
    by = induction(t, base=[start_of(doubling)], step=[step_of(doubling), induction_hypothesis])
    sound = topic.prove("sound", doubling[t], equals=2**t * x, by=by)
    trusting = judge(topic.prove("trusting", 3 * doubling[t], cite(sound), equals=3 * 2**t * x)).verdict
    assert trusting.proved
    assert "theorem topic.sound" in trusting.trusted


def test_a_cited_proof_is_named_among_what_is_trusted(mean_age):
    trial = judge(mean_age)
    assert trial.status == "proved"
    cited = [s for s in trial.steps if s.step.cites]
    assert [s.step.cites[0].name for s in cited] == ["topic.partial"]


@pytest.mark.parametrize("value", [S(2), S(1), S(0), S(-1), x, 2 * alpha, 1 - 2 * alpha])
def test_citing_outside_the_domain_is_not_proved(topic, mean_age, value):
    rate = scalar("alpha", interval(0, 1))
    line = Limit(Sum(lag * alpha * (1 - alpha) ** lag, lag), t)
    instance = mean_age.at({rate: value})
    left, right = instance.statement.left, instance.statement.right
    if right.has(S.ComplexInfinity):
        right = S.Zero
    assert line != left
    outer = topic.prove("outer", left, cite(mean_age, at={alpha: value}), equals=right)
    trial = judge(outer)
    assert trial.status != "proved", trial.verdict


@pytest.mark.parametrize("value", [alpha**2, 1 - alpha, 2 / (size("n", minimum=2) + 1)])
def test_citing_inside_the_domain_is_proved(topic, mean_age, value):
    instance = mean_age.at({alpha: value})
    outer = topic.prove(
        "outer", instance.statement.left, cite(mean_age, at={alpha: value}), equals=instance.statement.right
    )
    steps = [judge_step(step) for step in outer.steps]
    assert [s.verdict.status for s in steps] == ["proved"], steps


def test_a_size_below_its_minimum_is_outside_too(topic):
    n = size("n", minimum=2)
    k = index("k", 1, n)
    theorem = topic.prove("at_least_two", Sum(x, k) / n, equals=x)
    instance = theorem.at({n: S(1)})
    assert instance.statement.right == x
    from derivations.judges.trial import _within_domains

    assert not _within_domains(instance)
    assert _within_domains(theorem.at({n: n + 1}))
    assert not _within_domains(theorem.at({n: n - 1}))
