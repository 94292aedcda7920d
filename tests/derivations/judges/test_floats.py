"""A glance in floating point: it sees what clearly fails, and is silent about all else."""

import math

import pytest
import sympy as sp

from derivations.calculus.domains import interval
from derivations.calculus.functions import sigmoid, softplus
from derivations.calculus.special import gamma
from derivations.calculus.symbols import scalar
from derivations.judges.floats import fails, value
from derivations.proof.statement import Eq, Le, Lt

x = scalar("x")
p = scalar("p", interval(0, 1))


@pytest.mark.parametrize(
    ("e", "expected"),
    [
        (sigmoid(x), 1 / (1 + math.exp(-2))),
        (softplus(x) + sp.pi, math.log1p(math.exp(2)) + math.pi),
        (sp.sqrt(x) / 3, math.sqrt(2) / 3),
        (sp.E**x, math.exp(2)),
    ],
)
def test_values(e, expected):
    assert value(e, {x: 2.0}) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("e", [sp.log(x - 3), 1 / (x - 2), gamma(x), sp.sqrt(x - 3), sp.exp(1000 * x)])
def test_where_there_is_none_it_is_nan(e):
    assert math.isnan(value(e, {x: 2.0}))


@pytest.mark.parametrize("relation", [Lt(sp.exp(x), 1 + x), Le(x**2, x), Le(sp.Rational(1, 3), sigmoid(x))])
def test_what_clearly_fails_is_seen(relation):
    assert fails(relation, x)


@pytest.mark.parametrize("relation", [Le(1 + x, sp.exp(x)), Lt(x, x + sp.Rational(1, 10**12)), Eq(x, x + 1), Lt(x, x)])
def test_all_else_is_left_to_the_judges(relation):
    assert not fails(relation, x)


def test_only_points_of_the_domain_count():
    assert fails(Le(x**2, x), x) and not fails(Le(p**2, p), p)
