"""Gradients, Jacobians and Hessians that a user may claim, proved for all sizes; no perturbed one is."""

from fractions import Fraction

import pytest
import sympy as sp

from derivations.judges import kernel
from derivations.proof.statement import Eq
from tests.support.gradient_identities import IDENTITIES

TINY = sp.Rational(Fraction(1, 10**12))
named = pytest.mark.parametrize("claim", IDENTITIES, ids=[claim.name for claim in IDENTITIES])


def proved(claim, right) -> bool:
    return kernel.decide(Eq(claim.left, right), claim.hypotheses).proved


def test_there_are_enough_of_them():
    assert len({claim.name for claim in IDENTITIES}) == len(IDENTITIES) >= 80
    assert all(claim.lies for claim in IDENTITIES)


@named
def test_proved_for_all_sizes(claim):
    assert proved(claim, claim.right)


@named
def test_near_misses_are_not_proved(claim):
    for lie in claim.lies:
        assert not proved(claim, lie)


@named
def test_a_right_side_that_is_off_by_little_or_by_its_sign_is_not_proved(claim):
    lies = [claim.right + TINY] if claim.right == 0 else [claim.right * (1 + TINY), -claim.right, 2 * claim.right]
    for lie in lies:
        assert not proved(claim, lie)
