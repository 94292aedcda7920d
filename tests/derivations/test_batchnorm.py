"""Batch normalisation: values worked out by hand, the staged gradient against the collapsed one, the lost square."""

import pytest
from flint import arb, fmpq

from derivations.batchnorm import (
    beta,
    beta_gradient,
    eps,
    g,
    gamma,
    gamma_gradient,
    i,
    input_gradient,
    input_gradient_staged,
    m,
    mean_gradient,
    mu,
    printed_variance_vanishes,
    var,
    variance_gradient,
    variance_without_square,
    x,
    xhat,
    xhat_gradient,
)
from derivations.judges import ball
from derivations.judges.ball.values import point
from derivations.judges.trial import judge
from derivations.proof.statement import Eq

# mu = 2, var = 1, var + eps = 4, xhat = (-1/2, 1/2)
PAIR = {m: 2, x: [1, 3], g: [1, 0], gamma: 3, beta: 5, eps: 3}


@pytest.mark.parametrize(
    ("theorem", "value"),
    [
        (xhat_gradient, 3),  # gamma g_1
        (gamma_gradient, fmpq(-1, 2)),
        (beta_gradient, 1),
        (variance_gradient, fmpq(3, 16)),  # 3 (-1) (-1/2) 4^(-3/2)
        (mean_gradient, fmpq(-3, 2)),  # -3/2, its second term being 0
        (input_gradient, fmpq(9, 16)),  # 3/(2 2) (2 - 1 - 1/4)
        (input_gradient_staged, fmpq(9, 16)),  # 3/2 + 3/16 (2/2) (-1) - 3/4
    ],
)
def test_a_gradient_worked_out_by_hand(theorem, value):
    at = point({**PAIR, i: 1})
    for side in (theorem.left, theorem.expression):
        assert ball.evaluate(side, at).overlaps(arb(value)), ball.evaluate(side, at)
        assert not ball.evaluate(side, at).overlaps(arb(fmpq(1, 10**9) + value))


def test_the_statistics_of_the_pair():
    at = point({**PAIR, i: 2})
    assert ball.evaluate(mu, at) == 2
    assert ball.evaluate(var, at) == 1
    assert ball.evaluate(xhat[i], at).overlaps(arb(fmpq(1, 2)))


def test_a_batch_of_one_passes_no_gradient():
    at = point({m: 1, x: [7], g: [5], gamma: 3, beta: 2, eps: 1, i: 1})
    assert ball.evaluate(input_gradient.left, at).overlaps(arb(0))
    assert ball.evaluate(input_gradient.expression, at).overlaps(arb(0))


def test_the_staged_and_the_collapsed_gradient_agree():
    agreed = Eq(input_gradient_staged.expression, input_gradient.expression)
    assert ball.refute(agreed, points=15).status == "consistent"


def test_eps_keeps_every_denominator_away_from_zero():
    assert judge(input_gradient, lies=0).verdict.hypotheses == ()


def test_the_variance_without_its_square_is_zero_for_every_batch():
    assert variance_without_square.because == (printed_variance_vanishes,)
    assert printed_variance_vanishes.left == variance_without_square.printed.right
    assert judge(variance_without_square).verdict.witness.values["m"] == "2"
