"""Limits, term by term: what converges to the stated value is proved; nothing else is."""

import pytest
from sympy import Rational, S, exp

from derivations.calculus.domains import POSITIVE, interval
from derivations.calculus.operators import Limit, Sum
from derivations.calculus.symbols import Defined, Definition, index, scalar, scalars, size
from derivations.judges import limit
from derivations.proof.statement import Eq, Le

t, n = size("t", minimum=0), size("n")
r = scalar("r", interval(0, 1))
half_open = scalar("h", interval(0, 1, closed=True))
wide = scalar("w", interval(-1, 1))
p = scalar("p", POSITIVE)
a, b = scalars("a b")
j = index("j", 0, t - 1)


@pytest.mark.parametrize(
    ("function", "variable", "value"),
    [
        (r**t, t, 0),
        (t * r**t, t, 0),
        (t**3 * r**t + a, t, a),
        (r ** (2 * t), t, 0),
        (1 / n, n, 0),
        ((n + 1) / n, n, 1),
        ((3 * n**2 + n) / (2 * n**2 + 7), n, Rational(3, 2)),
        (Sum(r**j, j), t, 1 / (1 - r)),
        (Sum(j * (1 - r) * r**j, j), t, r / (1 - r)),
        (a, t, a),
    ],
)
def test_a_limit_that_is_right(function, variable, value):
    assert limit.decide(Eq(Limit(function, variable), value)).proved
    assert limit.decide(Eq(value, Limit(function, variable))).proved
    assert not limit.decide(Eq(Limit(function, variable), value + Rational(1, 10**12))).proved


@pytest.mark.parametrize(
    ("function", "variable", "value"),
    [
        (r**t, t, 1),
        (a**t, t, 0),  # a is any real number
        (p**t, t, 0),
        (half_open**t, t, 0),  # 1^t stays 1
        (wide**t, t, 1),
        (2**t, t, 0),
        (S(-1) ** t, t, 0),
        (t, t, 0),
        (n**2 / (n + 1), n, 0),
        (n / (n + 1), n, 0),
        (r ** (-t), t, 0),
        (2**t * r**t, t, 0),  # diverges for r > 1/2
        (r**t / t, n, 0),  # the size that grows is another one
        (t + 1, t, t + 1),  # the value may not depend on what grows
        (Sum(a**j, j), t, 1 / (1 - a)),
        (Sum(S.One, j), t, 0),
    ],
)
def test_a_limit_that_is_wrong_or_may_be(function, variable, value):
    verdict = limit.decide(Eq(Limit(function, variable), value))
    assert verdict.status == "unknown", verdict
    assert verdict.reason


def test_the_number_e():
    assert limit.decide(Eq(Limit((1 - 2 / (n + 1)) ** n, n), exp(-2))).proved
    for wrong in (exp(-1), exp(2), exp(-2) + Rational(1, 10**9), 1, 0):
        assert not limit.decide(Eq(Limit((1 - 2 / (n + 1)) ** n, n), wrong)).proved
    assert not limit.decide(Eq(Limit((1 - 2 / (n + 1)) ** (n**2), n), exp(-2))).proved


def test_a_limit_inside_a_definition_is_seen():
    settled = Defined(Definition("s", (), Limit(r**t, t)))
    assert limit.decide(Eq(settled, 0)).proved
    assert not limit.decide(Eq(settled, 1)).proved


def test_only_equalities_with_a_limit_are_decided():
    assert limit.decide(Le(Limit(r**t, t), 0)).status == "unknown"
    assert limit.decide(Eq(r, r)).status == "unknown"
