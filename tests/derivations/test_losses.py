"""Losses of one sigmoid unit: the gradients of the lecture, and the ones it warns against."""

from sympy import Rational, log

from derivations.calculus.functions import sigmoid
from derivations.calculus.operators import D
from derivations.judges import ball, kernel
from derivations.judges.trial import judge
from derivations.losses import (
    C,
    a,
    b,
    cross_entropy_from_desired_gradient,
    cross_entropy_gradient,
    log_loss_gradient,
    p,
    squared_error_gradient,
    w,
    x,
    y,
)
from derivations.proof.statement import Eq

unit = sigmoid(w * x + b)


def test_cross_entropy_loses_the_derivative_of_the_sigmoid_and_the_squared_error_does_not():
    slope = unit * (1 - unit)
    assert kernel.decide(Eq(squared_error_gradient.expression, x * (unit - y) * slope)).proved
    assert kernel.decide(Eq(cross_entropy_gradient.expression, x * (unit - y))).proved
    assert ball.refute(Eq(squared_error_gradient.left, cross_entropy_gradient.expression)).refuted
    assert ball.refute(Eq(cross_entropy_gradient.left, squared_error_gradient.expression)).refuted


def test_the_gradient_by_the_bias_and_by_w_differ_by_x():
    loss = cross_entropy_gradient.left.function
    assert ball.refute(Eq(D(loss, w), x * D(loss, b)), points=20).status == "consistent"
    assert ball.refute(Eq(D(loss, w), D(loss, b))).refuted


def test_the_constant_of_integration_is_free():
    """Any C(y) gives the desired gradient: the lecture's integration has more than one answer."""
    integrated = cross_entropy_from_desired_gradient.left.function
    assert C in integrated.free_symbols
    shifted = -(y * log(p) + (1 - y) * log(1 - p)) + y**3
    wanted = cross_entropy_from_desired_gradient.expression
    assert ball.refute(Eq(D(shifted, p), wanted), points=20).status == "consistent"
    depends = shifted + p / 10**6
    assert ball.refute(Eq(D(depends, p), wanted)).refuted


def test_a_free_activation_lies_strictly_between_0_and_1():
    assert (p.domain.low, p.domain.high, p.domain.low_closed, p.domain.high_closed) == (0, 1, False, False)
    assert judge(cross_entropy_from_desired_gradient, lies=0).verdict.hypotheses == ()


def test_the_log_loss_is_cross_entropy_at_x_1_and_y_0():
    special = cross_entropy_gradient.at({x: Rational(1), y: Rational(0)}).statement
    assert kernel.decide(Eq(special.right, log_loss_gradient.expression)).proved
    assert kernel.decide(Eq(special.left, log_loss_gradient.left)).proved


def test_the_activation_is_a_definition_in_terms_of_w():
    assert ball.refute(Eq(a, unit), points=20).status == "consistent"
