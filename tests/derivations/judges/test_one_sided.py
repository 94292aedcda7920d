"""Limits whose two sides differ are refuted whatever they are said to be; what agrees or is not known is left alone."""

import pytest
import sympy as sp

from derivations.calculus.domains import POSITIVE
from derivations.calculus.operators import Bound, LimitAt
from derivations.calculus.symbols import scalar
from derivations.judges import one_sided
from derivations.proof.statement import Eq, Le

x, a, b = Bound("x"), scalar("a"), scalar("b", POSITIVE)


@pytest.mark.parametrize(
    "function",
    [
        1 / x,
        sp.Abs(x) / x,
        sp.sign(x),
        sp.atan(1 / x),
        sp.exp(1 / x),
        1 / x**3,
        a * sp.Abs(x) / x,
        b / x,
        sp.tanh(1 / x),
    ],
)
@pytest.mark.parametrize("value", [sp.S.Zero, sp.S.One, sp.oo])
def test_the_sides_differ(function, value):
    verdict = one_sided.refute(Eq(LimitAt(function, x, 0), value))
    assert verdict.refuted and "no limit" in verdict.witness.left


@pytest.mark.parametrize("function", [sp.sin(x) / x, 1 / x**2, sp.Abs(x), sp.sin(1 / x), sp.log(x), a / x])
def test_nothing_is_said(function):
    assert one_sided.refute(Eq(LimitAt(function, x, 0), 1)) is None


def test_only_of_limits_from_both_sides_in_equalities():
    assert one_sided.refute(Eq(LimitAt(1 / x, x, 0, 1), 1)) is None
    assert one_sided.refute(Le(LimitAt(1 / x, x, 0), 1)) is None
    assert one_sided.refute(Eq(LimitAt(1 / x, x, 0), LimitAt(1 / x, x, 0))) is None
