"""Activations: the statements are those of the lectures, and near ones are refuted."""

import pytest
from flint import arb, fmpq
from sympy import Rational, exp, tanh

from derivations.activations import (
    sigmoid_derivative,
    sigmoid_derivative_bound,
    softplus_derivative,
    tanh_derivative,
    tanh_derivative_bound,
    tanh_from_sigmoid,
    z,
)
from derivations.calculus.functions import sigmoid, softplus
from derivations.calculus.operators import D
from derivations.judges import ball
from derivations.judges.ball.values import point
from derivations.proof.statement import Eq, Iff, Le, Lt, both

WRITTEN_OUT = exp(-z) / (1 + exp(-z)) ** 2


@pytest.mark.parametrize(
    ("theorem", "by_hand"),
    [
        (sigmoid_derivative, WRITTEN_OUT),
        (tanh_derivative, 4 / (exp(z) + exp(-z)) ** 2),
        (tanh_from_sigmoid, (exp(z) - exp(-z)) / (exp(z) + exp(-z))),
        (softplus_derivative, 1 / (1 + exp(-z))),
    ],
)
def test_the_closed_form_is_the_one_written_out_by_hand(theorem, by_hand):
    assert ball.refute(Eq(theorem.expression, by_hand), points=30).status == "consistent"
    assert ball.refute(Eq(theorem.expression, by_hand * (1 + Rational(1, 10**15)))).refuted


def test_the_left_sides_are_what_they_are_named_after():
    assert sigmoid_derivative.left == D(sigmoid(z), z)
    assert tanh_derivative.left == D(tanh(z), z)
    assert softplus_derivative.left == D(softplus(z), z)
    assert tanh_from_sigmoid.left == tanh(z)


@pytest.mark.parametrize(("theorem", "most"), [(sigmoid_derivative_bound, Rational(1, 4)), (tanh_derivative_bound, 1)])
def test_a_bound_says_all_three_things(theorem, most):
    slope = theorem.statement.parts[0].right
    assert theorem.statement == both(Lt(0, slope), Le(slope, most), Iff(Eq(slope, most), Eq(z, 0)))


def test_the_bound_is_reached_at_zero_and_nowhere_else():
    slope = sigmoid_derivative.expression
    assert ball.evaluate(slope, point({z: 0})).overlaps(arb(fmpq(1, 4)))
    assert ball.evaluate(slope, point({z: "1/1000"})) < fmpq(1, 4)
    assert ball.refute(Lt(D(sigmoid(z), z), Rational(1, 4))).witness.values == {"z": "0"}
