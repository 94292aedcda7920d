"""Adam: the bias worked out by hand, why the gradients must have one mean, and the length of the first step."""

import pytest
from flint import arb, fmpq

from derivations.adaptive import (
    adam_bias_correction,
    adam_bias_correction_drifting,
    adam_first_step,
    beta,
    beta1,
    beta2,
    eta,
    g,
    gradient,
    m,
    moment_closed_form,
    moving,
    stationary,
    t,
)
from derivations.calculus.operators import Expectation
from derivations.judges import ball
from derivations.judges.ball.values import point
from derivations.judges.trial import judge

# two outcomes of equal probability; g_t has mean 1 at t = 1 and mean 3 at t = 2
DRIFT = {beta: "1/2", t: 2, g: [[0, 2], [2, 4]]}


def test_the_first_moment_by_hand():
    """m_2 = g_2 / 2 + g_1 / 4, so E m_2 = 3/2 + 1/4."""
    at = point(DRIFT, weights=["1/2", "1/2"])
    for side in (moment_closed_form.left, moment_closed_form.expression, Expectation(m[t])):
        assert ball.evaluate(side, at).overlaps(arb(fmpq(7, 4)))


def test_the_correction_needs_one_mean_for_all_gradients():
    assert adam_bias_correction.hypotheses == (stationary,)
    assert ball.refute(adam_bias_correction.statement, (stationary,), points=20).status == "consistent"
    assert ball.refute(adam_bias_correction.statement, points=20).refuted


def test_a_drifting_gradient_is_the_counterexample():
    trial = judge(adam_bias_correction_drifting)
    assert trial.verdict.refuted
    assert int(trial.verdict.witness.values["t"]) >= 1
    assert adam_bias_correction_drifting.instead is adam_bias_correction


@pytest.mark.parametrize("size", ["-1000", "-1/1000", "1/1000", "7"])
def test_the_first_step_has_length_eta_whatever_the_gradient(size):
    at = point({gradient: size, eta: "1/10", beta1: "1/10", beta2: "1/1000"})
    expected = fmpq(1 if size.startswith("-") else -1, 10)
    for side in (adam_first_step.left, adam_first_step.expression):
        assert ball.evaluate(side, at).overlaps(arb(expected))


def test_a_gradient_of_zero_is_excluded():
    assert adam_first_step.hypotheses == (moving,)
    assert judge(adam_first_step, lies=0).verdict.hypotheses == ()
    at = point({gradient: 0, eta: 1, beta1: "1/2", beta2: "1/2"})
    assert not ball.evaluate(adam_first_step.left, at).is_finite()


def test_where_lecture_and_pytorch_differ_is_data():
    """The lecture's beta weighs the new gradient, PyTorch's the old average; PyTorch adds an eps."""
    assert len(adam_first_step.conventions) == len(adam_bias_correction.conventions) == 2
