"""Ways to prove: what each demands, and that a proof which is wrong anywhere is not proved."""

import pytest
from sympy import S, sign, sqrt

from derivations.calculus.domains import POSITIVE, interval
from derivations.calculus.functions import sigmoid
from derivations.calculus.operators import D, Sum
from derivations.calculus.symbols import index, scalar, scalars, sequence, size, vector
from derivations.judges.trial import judge, proof_of
from derivations.proof.derivation import Derivation
from derivations.proof.proofs import Chain, Induction, bound, by_sign, cases, induction, induction_hypothesis
from derivations.proof.rules import (
    ProofError,
    complete_the_square,
    differentiate,
    expand,
    factor,
    peel,
    pull_out,
    start_of,
    step_of,
    unfold,
)
from derivations.proof.source import SUPPORTING
from derivations.proof.statement import Eq, Iff, Le, Lt, Ne, both

t = size("t", minimum=0)
n = size("n")
alpha = scalar("alpha", interval(0, 1))
lag, upto = index("j", 0, t - 1), index("k", 1, t)
x, y, g = scalars("x y g")
eta = scalar("eta", POSITIVE)


@pytest.fixture
def topic():
    return Derivation("topic", SUPPORTING)


# ---- a chain


def test_a_chain_ends_in_the_claim_by_rearranging(topic):
    theorem = topic.prove("square", (x + 1) * (x - 1), expand, equals=x**2 - 1)
    assert [step.reason for step in theorem.steps] == ["expand"]
    theorem = topic.prove("cube", x * (x + 1) * (x - 1), equals=x**3 - x)
    assert [step.reason for step in theorem.steps] == ["rearrange"]
    assert judge(theorem).as_claimed


def test_a_chain_that_arrives_elsewhere_is_refuted(topic):
    trial = judge(topic.prove("false", (x + 1) * (x - 1), expand, equals=x**2 + 1))
    assert trial.status == "refuted"
    assert [s.verdict.status for s in trial.steps] == ["proved", "refuted"]
    assert not trial.as_claimed


def test_a_rule_that_changes_nothing_names_theorem_step_rule_and_line(topic):
    theorem = topic.prove("idle", x * (y + 1), expand, expand, equals=x * y + x)
    with pytest.raises(ProofError, match="step 2: expand changes nothing"):
        _ = theorem.steps
    verdict = judge(theorem).verdict
    assert verdict.status == "unknown"
    for part in ("topic.idle", "step 2", "expand changes nothing", "x*y + x"):
        assert part in verdict.reason


def test_a_chain_proves_equalities_only(topic):
    with pytest.raises(ProofError, match="a chain proves an equality"):
        _ = topic.state("order", Lt(x, x + 1), Chain((expand,))).steps


def test_rules_and_a_proof_are_not_given_together(topic):
    with pytest.raises(ProofError, match=r"topic\.both: give rules or a proof"):
        topic.prove("both", x, expand, equals=x, by=Chain((expand,)))


# ---- induction


def geometric(topic, name="geometric", base=(), step=(peel, induction_hypothesis), claimed=None):
    claimed = (1 - (1 - alpha) ** t) / alpha if claimed is None else claimed
    return topic.prove(name, Sum((1 - alpha) ** lag, lag), equals=claimed, by=induction(t, base=base, step=step))


def test_induction_names_its_parts_and_proves(topic):
    trial = judge(geometric(topic))
    assert trial.as_claimed
    assert [s.step.part for s in trial.steps] == ["base t = 0", *["step t → t + 1"] * 3]
    assert trial.verdicts["induction"].proved


def test_a_wrong_base_is_caught_at_the_base(topic):
    """The claim plus a constant passes the step and fails the base."""
    v = sequence("v")
    wrong = topic.prove(
        "shifted",
        Sum(v[upto], upto) + x,
        equals=Sum(v[upto], upto),
        by=induction(t, step=[peel, induction_hypothesis]),
    )
    verdict = proof_of(wrong)
    assert verdict.status == "unknown"
    assert "of base t = 0" in verdict.reason
    assert judge(wrong).status == "refuted"


def test_a_wrong_step_is_caught_at_the_step(topic):
    """Right for t = 0 only."""
    wrong = geometric(topic, claimed=(1 - (1 - alpha) ** (2 * t)) / alpha)
    verdict = proof_of(wrong)
    assert verdict.status == "unknown"
    assert "of step t → t + 1" in verdict.reason
    assert judge(wrong).status == "refuted"


def test_the_step_alone_proves_nothing(topic):
    """1 = 2 follows from 1 = 2: the base must stop it."""
    wrong = topic.prove("all_equal", S.One + 0 * t, equals=S(2), by=induction(t))
    assert judge(wrong).status == "refuted"
    assert not proof_of(wrong).proved


def test_the_induction_hypothesis_is_none_outside_of_the_step(topic):
    for name, theorem in {
        "chain": topic.prove("chain", Sum((1 - alpha) ** lag, lag), induction_hypothesis, equals=1 / alpha),
        "base": geometric(topic, "base", base=[induction_hypothesis]),
    }.items():
        with pytest.raises(ProofError, match="the induction hypothesis is used outside of an induction"):
            _ = theorem.steps
        assert judge(theorem).status == "unknown", name


def test_the_induction_hypothesis_is_that_of_t_and_not_of_t_plus_1(topic):
    """Used on the sum to t + 1 before a term is taken off, it does not match."""
    theorem = geometric(topic, step=[induction_hypothesis])
    with pytest.raises(ProofError, match=r"step 1 of step t → t \+ 1"):
        _ = theorem.steps


def test_a_hypothesis_about_the_induction_variable_is_refused(topic):
    """With x = t kept fixed, "t (t - x - 1) = 0" passes base and step and is false at t = x = 1."""
    tied = topic.assume("x is t", Eq(x, t))
    wrong = topic.prove("tied", t * (t - x - 1), equals=0, by=induction(t), given=[tied])
    with pytest.raises(ProofError, match="induction over t: the hypothesis 'x is t'"):
        _ = wrong.steps
    assert not proof_of(wrong).proved
    assert not judge(wrong).as_claimed


def test_induction_needs_an_equality(topic):
    with pytest.raises(ProofError, match="induction proves an equality"):
        _ = topic.state("order", Le(0, t), Induction(t)).steps


def test_a_recurrence_is_proved_from_its_start_and_its_step(topic):
    every = index("t", 1, S.Infinity)
    double = topic.define_recursively("a", at=every, start=x, step=lambda last: 2 * last)
    power = induction(t, base=[start_of(double)], step=[step_of(double), induction_hypothesis])
    assert judge(topic.prove("powers", double[t], equals=2**t * x, by=power)).as_claimed
    assert not judge(topic.prove("squares", double[t], equals=t**2 * x, by=power)).as_claimed


# ---- cases


def test_cases_by_sign_need_the_zero_excluded(topic):
    claim = {"equals": sign(g), "by": by_sign(g)}
    bare = topic.prove("bare", g / sqrt(g**2), **claim)
    with pytest.raises(ProofError, match="the case g = 0 is not excluded by a hypothesis"):
        _ = bare.steps
    assert judge(bare).status == "unknown"
    other = topic.assume("x is not zero", Ne(x, 0))
    with pytest.raises(ProofError, match="the case g = 0"):
        _ = topic.prove("other", g / sqrt(g**2), given=[other], **claim).steps


def test_cases_by_sign(topic):
    moving = topic.assume("g is not zero", Ne(g, 0))
    square = topic.define("r", g**2)
    both_ways = by_sign(g, [unfold(square)], [unfold(square)])
    trial = judge(topic.prove("sign", eta * g / sqrt(square), equals=eta * sign(g), by=both_ways, given=[moving]))
    assert trial.as_claimed
    assert {s.step.part for s in trial.steps} == {"g > 0", "g < 0, written −g"}


def test_a_claim_that_holds_for_one_sign_only_is_caught_at_the_other(topic):
    moving = topic.assume("g is not zero", Ne(g, 0))
    wrong = topic.prove("one_sign", g / sqrt(g**2), equals=1, by=by_sign(g), given=[moving])
    assert "of g < 0" in proof_of(wrong).reason
    assert judge(wrong).status == "refuted"


def test_cases_by_size(topic):
    k = index("k", n)
    z = vector("z", n)
    right = topic.prove("constant", Sum(x, k), equals=n * x, by=cases(n, beyond=[pull_out]))
    assert {s.step.part for s in judge(right).steps} <= {"n = 1", "n ≥ 2"}
    assert judge(right).as_claimed
    wrong = topic.prove("first_only", Sum(z[k], k), equals=z[1], by=cases(n))
    assert "of n ≥ 2" in proof_of(wrong).reason
    assert judge(wrong).status == "refuted"


# ---- bounds


def test_a_bound_rewrites_and_then_bounds(topic):
    slope = D(sigmoid(x), x)
    theorem = topic.state("slope", both(Lt(0, slope), Le(slope, S(1) / 4)), bound(slope, differentiate))
    assert [s.step.reason for s in judge(theorem).steps] == ["differentiate", "bound"]
    assert judge(theorem).as_claimed


@pytest.mark.parametrize("most", [S(1) / 5, S(249999) / 10**6])
def test_a_bound_that_is_too_tight_is_refuted(topic, most):
    slope = D(sigmoid(x), x)
    theorem = topic.state("slope", Le(slope, most), bound(slope, differentiate))
    trial = judge(theorem)
    assert trial.status == "refuted"
    assert not proof_of(theorem).proved


def test_an_equality_case_at_the_wrong_point_is_not_proved(topic):
    slope = D(sigmoid(x), x)
    wrong = Iff(Eq(slope, S(1) / 4), Eq(x, 1))
    theorem = topic.state("where", wrong, bound(slope, differentiate, complete_the_square))
    assert not proof_of(theorem).proved


def test_a_factor_rule_in_a_bound_must_change_something(topic):
    theorem = topic.state("idle", Le(x, x**2 + 1), bound(x, factor))
    with pytest.raises(ProofError, match="factor changes nothing"):
        _ = theorem.steps
