"""Softmax: values at a point worked out by hand, the need for a normalised target, and the lecture's short cut."""

import pytest
from flint import arb, fmpq
from sympy import exp, log

from derivations.calculus.operators import D, Sum
from derivations.judges import ball
from derivations.judges.ball.values import point
from derivations.judges.trial import judge
from derivations.proof.statement import Eq
from derivations.softmax import (
    L,
    Z,
    cross_entropy_gradient,
    i,
    j,
    jacobian,
    jacobian_rows_sum_to_zero,
    logsumexp_hessian,
    n,
    normalised,
    p,
    single_term_chain,
    unit_mass,
    y,
    z,
)

EVEN = {n: 2, z: [0, 0]}  # p = (1/2, 1/2)


@pytest.mark.parametrize(("row", "column", "sign"), [(1, 1, 1), (1, 2, -1), (2, 1, -1), (2, 2, 1)])
@pytest.mark.parametrize("theorem", [jacobian, logsumexp_hessian])
def test_the_jacobian_of_two_even_classes(theorem, row, column, sign):
    at = point({**EVEN, i: row, j: column})
    for side in (theorem.left, theorem.expression):
        assert ball.evaluate(side, at).overlaps(arb(fmpq(sign, 4)))


def test_one_class_is_certain_and_cannot_move():
    at = point({n: 1, z: [5], i: 1, j: 1})
    assert ball.evaluate(p[i], at).overlaps(arb(1))
    assert ball.evaluate(jacobian.expression, at).overlaps(arb(0))


def test_the_definitions_are_the_lecture_s():
    assert ball.refute(Eq(Z, Sum(exp(z[j]), j)), points=12).status == "consistent"
    assert ball.refute(Eq(L, -Sum(y[j] * log(p[j]), j)), points=12).status == "consistent"
    assert normalised.expression == 1
    assert jacobian_rows_sum_to_zero.expression == 0


def test_the_gradient_needs_targets_that_sum_to_one():
    assert cross_entropy_gradient.hypotheses == (unit_mass,)
    assert ball.refute(cross_entropy_gradient.statement, (unit_mass,)).status == "consistent"
    assert ball.refute(cross_entropy_gradient.statement).refuted


def test_without_that_the_gradient_carries_the_mass_of_the_target():
    general = Eq(D(L, z[j]), p[j] * Sum(y[i], i) - y[j])
    assert ball.refute(general).status == "consistent"


def test_the_single_term_is_refuted_at_two_classes_and_true_for_one():
    trial = judge(single_term_chain)
    assert trial.verdict.witness.values["n"] == "2"
    printed = single_term_chain.printed
    at = point({n: 1, z: [3], y: [1], i: 1})
    assert ball.evaluate(printed.left, at).overlaps(ball.evaluate(printed.right, at))
    assert single_term_chain.instead is cross_entropy_gradient
