"""Moving averages: sums worked out by hand, what alpha = 2/(n+1) does and does not make equal."""

from fractions import Fraction

import pytest
from flint import arb, fmpq

from derivations.averages import (
    age_so_far,
    alpha,
    ema,
    ema_closed_form,
    ema_is_not_sma,
    ema_sma_mean_age,
    ema_sma_noise_variance,
    ema_weight_in_window,
    ema_weights_sum_to_one,
    geometric_sum,
    n,
    noise_so_far,
    running_mean,
    sma_mean_age,
    sma_window_off_by_one,
    start,
    t,
    v,
)
from derivations.calculus.operators import Limit
from derivations.calculus.substitution import subexpressions
from derivations.judges import ball
from derivations.judges.ball.values import point
from derivations.judges.trial import judge

HALF = {alpha: "1/2", t: 3, start: 8, v: [1, 2, 3]}


@pytest.mark.parametrize(
    ("theorem", "value"),
    [
        (ema_closed_form, fmpq(25, 8)),  # 8 -> 9/2 -> 13/4 -> 25/8
        (geometric_sum, fmpq(7, 4)),  # 1 + 1/2 + 1/4
        (ema_weights_sum_to_one, 1),
        (age_so_far, fmpq(1, 2)),  # 1/4 + 2/8
        (noise_so_far, fmpq(21, 64)),  # 1/4 + 1/16 + 1/64
    ],
)
def test_three_steps_worked_out_by_hand(theorem, value):
    for side in (theorem.left, theorem.expression):
        assert ball.evaluate(side, point(HALF)).overlaps(arb(value))


def test_nothing_seen_yet():
    at = point({**HALF, t: 0})
    assert ball.evaluate(ema[t], at) == 8
    assert ball.evaluate(ema_closed_form.expression, at) == 8
    assert ball.evaluate(geometric_sum.expression, at) == 0


def test_the_running_mean_holds_from_the_second_value_on():
    assert ball.refute(running_mean.statement, points=20).status == "consistent"
    assert sorted(s.name for s in running_mean.left.free_symbols) == ["T"]


def test_the_two_equalities_and_the_one_that_fails():
    """Mean age and noise variance agree at alpha = 2/(n+1); the weight in the window does not."""
    for theorem in (ema_sma_mean_age, ema_sma_noise_variance):
        assert any(isinstance(e, Limit) for e in subexpressions(theorem.left))
    assert ball.evaluate(sma_mean_age.expression, point({n: 5})) == 2
    # n = 3, alpha = 1/2: 1 - 1/8 of the weight lies on the last three values
    assert ball.evaluate(ema_weight_in_window.left, point({n: 3})).overlaps(arb(fmpq(7, 8)))
    assert judge(ema_is_not_sma).verdict.refuted


def test_at_one_value_alpha_would_be_1_and_is_left_out():
    assert n.minimum == 2
    assert ball.refute(ema_weight_in_window.statement, points=20).status == "consistent"


def test_the_window_of_the_lecture_has_one_value_too_many():
    trial = judge(sma_window_off_by_one)
    witness = trial.verdict.witness
    size = int(witness.values["n"])
    assert Fraction(witness.left) == Fraction(witness.right) * Fraction(size + 1, size)
    assert sma_window_off_by_one.instead is not None


def test_a_convention_says_what_alpha_weighs():
    assert ema_closed_form.conventions
