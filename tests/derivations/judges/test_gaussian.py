"""Arc tangents of rational numbers come apart into independent ones, and back."""

import random
from fractions import Fraction as F
from math import gcd

import mpmath
import pytest
from sympy import Rational as Q
from sympy import asin, atan, pi

from derivations.judges import field
from derivations.judges.gaussian import LARGEST, parts_of_arctangent
from derivations.proof.statement import Eq


def test_the_parts_add_up():
    rng = random.Random(2)
    with mpmath.workdps(40):
        for _ in range(200):
            r = F(rng.randint(-400, 400), rng.randint(1, 400))
            eighths, turns = parts_of_arctangent(r)
            total = eighths * mpmath.pi / 4
            total += mpmath.fsum(k * mpmath.atan(mpmath.mpf(t.numerator) / t.denominator) for t, k in turns.items())
            assert mpmath.almosteq(total, mpmath.atan(mpmath.mpf(r.numerator) / r.denominator), abs_eps=1e-30)
            assert all(0 < t < 1 and gcd(t.numerator, t.denominator) == 1 for t in turns)


def test_what_is_too_large_to_factor_is_left():
    assert parts_of_arctangent(F(LARGEST)) is None


@pytest.mark.parametrize(
    "relation",
    [
        Eq(atan(Q(1, 2)) + atan(Q(1, 3)), pi / 4),
        Eq(4 * atan(Q(1, 5)) - atan(Q(1, 239)), pi / 4),
        Eq(atan(1) + atan(2) + atan(3), pi),
        Eq(atan(-2), atan(Q(1, 2)) - pi / 2),
        Eq(asin(Q(3, 5)) + asin(Q(4, 5)), pi / 2),
        Eq(asin(Q(3, 5)), atan(Q(3, 4))),
        Eq(2 * atan(Q(1, 2)), asin(Q(4, 5))),
    ],
    ids=str,
)
def test_identities(relation):
    assert field.decide(relation).proved
    assert not field.decide(Eq(relation.left, relation.right + Q(1, 10**12))).proved
    assert not field.decide(Eq(relation.left, relation.right + pi)).proved


@pytest.mark.parametrize(
    "relation",
    [
        Eq(atan(2) + atan(3), -pi / 4),  # off by pi: the tangents agree
        Eq(atan(Q(1, 2)) + atan(Q(1, 3)), 5 * pi / 4),
        Eq(4 * atan(Q(1, 5)) - atan(Q(1, 240)), pi / 4),
        Eq(asin(Q(3, 5)) + asin(Q(4, 5)), pi),
    ],
    ids=str,
)
def test_lies(relation):
    assert not field.decide(relation).proved
