"""All judges together: who is asked, what a disagreement does, and what one verdict says of many."""

import pytest
from sympy import Rational, S

from derivations.calculus.domains import interval
from derivations.calculus.functions import sigmoid
from derivations.calculus.operators import D, Limit, Sum
from derivations.calculus.symbols import Recurrence, Scalar, index, indices, scalar, scalars, size, vector
from derivations.judges import kernel, ladder
from derivations.judges.ladder import JudgesDisagree, conclude, decide
from derivations.proof.statement import Eq, Hypothesis, Iff, Le, Lt, Ne, both
from derivations.proof.verdict import Verdict, Witness

n = size("n")
i, k = indices("i k", n)
z, y = vector("z", n), vector("y", n)
x, a, b = scalars("x a b")
t = size("t", minimum=0)
r = scalar("r", interval(0, 1))
previous = Scalar("previous")


def verdict(statement, *hypotheses, **options):
    hypotheses = tuple(Hypothesis(f"h{position}", h) for position, h in enumerate(hypotheses))
    return conclude(statement, hypotheses, decide(statement, hypotheses, **options))


@pytest.mark.parametrize(
    ("statement", "method"),
    [
        (Eq(Sum(z[k], k), Sum(z[i], i)), "structural"),
        (Eq(Sum(z[k] + a, k), Sum(z[i], i) + n * a), "normal form"),
        (Le(x, x), "structural"),
        (Eq(Limit(r**t, t), 0), "limit, term by term"),
    ],
)
def test_the_cheapest_judge_that_can_decides(statement, method):
    found = verdict(statement)
    assert found.proved
    assert found.method == method
    assert found.trusted


@pytest.mark.parametrize(
    "statement",
    [
        Eq(Sum(z[k] * y[k], k), Sum(z[k], k) * Sum(y[k], k)),
        Eq(D(sigmoid(x), x), sigmoid(x)),
        Le(D(sigmoid(x), x), Rational(1, 5)),
        Lt(x, x),
        Ne(x, 0),
        Iff(Eq(x**2, 1), Eq(x, 1)),
        both(Lt(0, sigmoid(x)), Lt(sigmoid(x), Rational(1, 2))),
    ],
)
def test_a_false_statement_is_refuted_with_a_witness(statement):
    found = verdict(statement)
    assert found.refuted
    assert found.witness is not None


def test_thorough_asks_everyone_who_can_prove():
    statement = Eq((a + b) ** 2, a**2 + 2 * a * b + b**2)
    assert set(decide(statement)) == {"ball", "structural", "kernel"}
    thorough = decide(statement, thorough=True)
    assert set(thorough) == {"ball", "structural", "kernel", "field", "derivative", "limit", "small ranges"}
    assert thorough["kernel"].proved
    assert thorough["field"].proved
    assert thorough["ball"].status == "consistent"


def test_a_lie_that_a_corrupted_kernel_believes_stops_everything(monkeypatch):
    monkeypatch.setattr(kernel, "equal", lambda left, right, hypotheses=(): True)
    with pytest.raises(JudgesDisagree) as caught:
        decide(Eq(Sum(z[k] ** 2, k), Sum(z[k], k) ** 2), thorough=True)
    assert "kernel proved and ball refuted" in str(caught.value)
    assert "witness" in str(caught.value)


def test_a_corrupted_structural_judge_is_caught_too(monkeypatch):
    monkeypatch.setattr(ladder, "alpha_equal", lambda left, right: True)
    with pytest.raises(JudgesDisagree, match="structural proved and ball refuted"):
        decide(Eq(a, b))


def test_what_the_refuter_could_not_try_is_not_proved():
    """Every proof is confronted: with no admissible point there was none."""
    nowhere = (Lt(a, 0), Lt(1, a))
    assert verdict(Eq(Sum(b, k), n * b)).proved
    found = verdict(Eq(Sum(b, k), n * b), *nowhere)
    assert found.status == "unknown"
    assert "not confronted with the ball refuter" in found.reason


def test_side_conditions_that_nothing_settles_are_listed():
    assert verdict(Eq(a * b / b + x / b, (a * b + x) / b)).hypotheses == ("b ≠ 0",)
    assert verdict(Eq(a * b / b + x / b, (a * b + x) / b), Ne(b, 0)).hypotheses == ()


def test_what_only_sampling_supports_is_consistent_and_no_proof():
    every = index("t", 1, S.Infinity)
    doubling = Recurrence("a", every, previous, x, 2 * previous)  # a_t = 2^t x needs an induction
    found = verdict(Eq(doubling[t], 2**t * x))
    assert found.status == "consistent"
    assert found.points > 0
    assert "kernel: the normal forms of the two sides differ" in found.reason


# ---- one verdict out of many

BALL = Verdict("consistent", "ball arithmetic", points=9)
PROOF = Verdict("proved", "normal form", ("kernel",), seconds=1.0)
REFUTED = Verdict("refuted", "ball arithmetic", witness=Witness({"a": "0"}, "0", "1"))
NOTHING = Verdict("unknown", "field", reason="too hard")


def test_a_refutation_wins():
    assert conclude(Eq(a, b), (), {"ball": REFUTED, "field": NOTHING}).refuted


def test_a_proof_needs_a_refuter_that_was_there():
    assert conclude(Eq(a, b), (), {"ball": BALL, "kernel": PROOF}).proved
    absent = Verdict("untested", "ball arithmetic", reason="python-flint is not installed")
    found = conclude(Eq(a, b), (), {"ball": absent, "kernel": PROOF})
    assert found.status == "unknown"
    assert "python-flint" in found.reason


@pytest.mark.parametrize(("ball", "status"), [("consistent", "consistent"), ("untested", "unknown")])
def test_no_proof_and_no_refutation(ball, status):
    found = conclude(Eq(a, b), (), {"ball": Verdict(ball, "ball arithmetic", points=3), "field": NOTHING})
    assert found.status == status
    assert "field: too hard" in found.reason


def test_times_add_up():
    assert conclude(Eq(a, b), (), {"ball": BALL, "kernel": PROOF, "field": PROOF}).seconds == 2.0
