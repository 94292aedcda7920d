"""A trial catches what is corrupted: a rule inside a proof at its step, the kernel by the refuter, a gap in a proof."""

from dataclasses import replace

import pytest
import sympy as sp

import derivations
from derivations.calculus.substitution import rebuild
from derivations.calculus.symbols import Entry, Index, scalars, size, vector
from derivations.judges import kernel, trial
from derivations.judges.ladder import JudgesDisagree
from derivations.judges.mutation import Lie
from derivations.judges.trial import Trial, judge, judge_step, proof_of, tell_lies
from derivations.proof.derivation import Derivation
from derivations.proof.proofs import Chain, Induction, bound
from derivations.proof.rules import NothingChanged, Rule, expand, use
from derivations.proof.source import SUPPORTING
from derivations.proof.statement import Eq, Hypothesis, Lt, Ne
from derivations.proof.theorem import Step
from derivations.proof.verdict import Verdict

n = size("n")
y = vector("y", n)
a, b, c = scalars("a b c")


@pytest.fixture
def topic():
    return Derivation("topic", SUPPORTING)


# ---- a corrupted rule is caught at its step


def flipped(e):
    return -e


def doubled(e):
    return 2 * e


def slightly_more(e):
    return e * (1 + sp.Rational(1, 10**9))


def without_a_term(e):
    """The first sum of terms loses one; a single term loses itself."""
    done = []

    def drop(node):
        if done or not isinstance(node, sp.Add):
            return None
        done.append(node)
        return sp.Add(*node.args[1:])

    return rebuild(e, drop) if e.has(sp.Add) else sp.S.Zero


def with_an_index_swapped(e):
    """The first subscript that is an index becomes 1."""
    done = []

    def swap(node):
        if done or not isinstance(node, Entry):
            return None
        for position, s in enumerate(node.subscripts):
            if isinstance(s, Index):
                done.append(node)
                return Entry(node.tensor, *node.subscripts[:position], sp.S.One, *node.subscripts[position + 1 :])
        return None

    return rebuild(e, swap)


CORRUPTIONS = (flipped, doubled, slightly_more, without_a_term, with_an_index_swapped)

CHAINS = [
    "softmax.jacobian",
    "softmax.cross_entropy_gradient",
    "softmax.logsumexp_hessian",
    "batchnorm.variance_by_input",
    "losses.cross_entropy_from_desired_gradient",
    "averages.running_mean",
    "activations.tanh_derivative",
    "adaptive.adam_bias_correction",
]


# corruptions that change a line and leave it true: deviations from the mean sum to 0; all E g_k are one number
TRUE_ALL_THE_SAME = {
    ("batchnorm.variance_by_input", 1, without_a_term),
    ("batchnorm.variance_by_input", 2, without_a_term),
    ("adaptive.adam_bias_correction", 0, with_an_index_swapped),
    ("adaptive.adam_bias_correction", 1, with_an_index_swapped),
}


def corrupted(rule: Rule, corruption) -> Rule:
    """The rule, lying about its result under its own name."""
    return replace(rule, function=lambda line, *arguments: corruption(rule.function(line, *arguments)))


def positions(name):
    return range(len(derivations.load(name).proof.rules))


@pytest.mark.parametrize(
    ("name", "position"), [(name, position) for name in CHAINS for position in positions(name)], ids=str
)
def test_a_corrupted_rule_in_a_chain_is_caught_at_its_step(name, position):
    """Every rule of the proof in turn, with every corruption that changes its line."""
    theorem = derivations.load(name)
    hits = 0
    for corruption in CORRUPTIONS:
        rules = list(theorem.proof.rules)
        rules[position] = corrupted(rules[position], corruption)
        honest = theorem.steps[position].claim
        try:
            step = _step(replace(theorem, proof=Chain(tuple(rules))), position)
        except NothingChanged:
            continue  # the lie leads back to the line before it, and is refused for that
        if step is None or step.claim == honest:
            continue  # nothing in this line to corrupt this way
        if (name, position, corruption) in TRUE_ALL_THE_SAME:
            continue
        verdict = judge_step(step).verdict
        assert not verdict.proved, f"{corruption.__name__} in {rules[position].reason}: {step.claim}"
        assert verdict.refuted or verdict.reason
        hits += 1
    assert hits >= 3


def _step(theorem, position) -> Step | None:
    """The step at a position; the lines after a lie need not go on."""
    for number, step in enumerate(theorem.proof.steps(theorem.statement, theorem.hypotheses)):
        if number == position:
            return step
    return None


@pytest.mark.parametrize("corruption", [flipped, doubled, without_a_term])
@pytest.mark.parametrize("name", ["averages.geometric_sum", "averages.ema_closed_form"])
def test_a_corrupted_rule_in_an_induction_is_caught_in_its_part(name, corruption):
    theorem = derivations.load(name)
    assert isinstance(theorem.proof, Induction)
    first, *others = theorem.proof.step
    lying = replace(theorem, proof=replace(theorem.proof, step=(corrupted(first, corruption), *others)))
    verdict = proof_of(lying)
    assert verdict.status == "unknown"
    assert "of step t → t + 1" in verdict.reason
    assert not judge(lying, lies=0).as_claimed


def test_the_trial_names_the_step_and_its_counterexample(topic):
    def lie(line):
        """a (b + c) = a b + a c"""
        return sp.expand(line) + a

    theorem = topic.prove("wrong", a * (b + c), Rule("spread", "a (b + c) = a b + a c", lie), equals=a * b + a * c)
    found = judge(theorem)
    assert not found.as_claimed
    assert found.verdicts["steps"].status == "unknown"
    assert "step 1 (spread) is refuted" in found.verdicts["steps"].reason
    assert " at a = " in found.verdicts["steps"].reason
    assert [s.verdict.status for s in found.steps] == ["refuted", "refuted"]


def test_two_lies_that_cancel_are_caught_at_both(topic):
    """The ends agree; the proof is still no proof."""
    up = Rule("up", "a = a + 1", lambda line: line + 1)
    down = Rule("down", "a + 1 = a", lambda line: line - 1 + a * b - b * a + c - c)
    theorem = topic.prove("circle", a * (b + c), expand, up, down, equals=a * b + a * c)
    found = judge(theorem, lies=0)
    assert [s.verdict.status for s in found.steps] == ["proved", "refuted", "refuted"]
    assert found.status == "unknown"
    assert "step 2 (up) is refuted" in found.verdict.reason
    assert found.verdicts["kernel"].proved, "the statement is true, and still its proof is none"


# ---- a corrupted kernel


def test_a_corrupted_kernel_is_caught_by_the_lies(monkeypatch):
    monkeypatch.setattr(kernel, "equal", lambda left, right, hypotheses=(): True)
    with pytest.raises(JudgesDisagree, match=r"softmax\.normalised, lie .*kernel proved and ball refuted"):
        tell_lies(derivations.load("softmax.normalised"), 5)


def test_a_corrupted_kernel_is_caught_by_a_false_theorem(topic, monkeypatch):
    monkeypatch.setattr(kernel, "equal", lambda left, right, hypotheses=(): True)
    with pytest.raises(JudgesDisagree, match="kernel proved and ball refuted"):
        judge(topic.prove("false", a * (b + c), expand, equals=a * b))


# ---- what else is not proved


def test_a_rule_that_changes_nothing_breaks_the_proof(topic):
    found = judge(topic.prove("idle", a * (b + c), expand, expand, equals=a * b + a * c))
    assert found.status == "unknown"
    assert "topic.idle: step 2: expand changes nothing in" in found.verdict.reason
    assert found.lies == ()


def test_a_hypothesis_that_is_used_and_not_given_does_not_help(topic):
    """The chain draws its hypothesis into the theorem; without it the step is not proved."""
    unit = Hypothesis("mass one", Eq(y[1], 1))
    theorem = topic.prove("given", a * y[1], use(unit), equals=a)
    assert theorem.hypotheses == (unit,)
    assert judge(theorem).as_claimed
    bare = replace(theorem, hypotheses=())
    assert not judge(bare, lies=0).as_claimed


def test_a_hypothesis_that_is_not_needed_is_told(topic):
    idle = topic.assume("b is one", Eq(b, 1))
    found = judge(topic.prove("idle", a * (c + 1), expand, equals=a * c + a, given=[idle]))
    assert found.status == "proved"
    assert "without: b is one" in found.equivalents


def test_a_believed_lie_spoils_the_trial(topic):
    theorem = topic.prove("right", a * (b + c), expand, equals=a * b + a * c)
    found = judge(theorem, lies=5)
    assert found.as_claimed
    lie = Lie("sign", "sign", Eq(a, -a), ())
    believed = trial.JudgedLie(lie, Verdict("proved", "normal form"))
    assert not replace(found, lies=(*found.lies, believed)).as_claimed


def test_a_lie_without_a_counterexample_is_unknown_and_not_consistent(topic):
    """A limit is beyond the refuter."""
    for told in judge(derivations.load("averages.ema_mean_age"), lies=6).lies:
        assert told.verdict.status in ("refuted", "unknown")


def test_an_erratum_that_is_true_is_not_as_claimed(topic):
    found = judge(topic.refute("true", printed=Eq(a * (b + c), a * b + a * c)))
    assert found.status == "proved"
    assert not found.as_claimed


def test_an_erratum_is_refuted_under_its_hypotheses(topic):
    given = [topic.assume("mass one", Eq(y[1], 1))]
    assert judge(topic.refute("false", printed=Eq(a * y[1], a + 1), given=given)).as_claimed
    assert not judge(topic.refute("saved", printed=Eq(a * y[1], a), given=given)).as_claimed


def test_a_strict_inequality_that_touches_is_not_proved(topic):
    theorem = topic.state("touches", Lt(0, a**2), by=bound(a))
    assert judge(theorem, lies=0).status == "refuted"
    moving = topic.assume("a is not zero", Ne(a, 0))
    assert judge(topic.state("apart", Lt(0, a**2), by=bound(a), given=[moving]), lies=0).status != "refuted"


def test_a_trial_says_how_long_it_took_and_compares_without(topic):
    theorem = topic.prove("right", a * (b + c), expand, equals=a * b + a * c)
    found = judge(theorem, lies=0)
    assert isinstance(found, Trial)
    assert found.seconds > 0
    assert found == replace(found, seconds=99.0)
