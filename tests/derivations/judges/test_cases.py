"""Pieces cover the domain, contradicted ones are dropped, and a lie on one piece is a lie."""

import pytest
import sympy as sp
from sympy import Abs, log, sign, sqrt

from derivations.calculus.domains import POSITIVE, Domain, interval
from derivations.calculus.functions import leaky_relu, relu, step
from derivations.calculus.operators import D
from derivations.calculus.symbols import scalar, scalars
from derivations.judges import bounds, derivative
from derivations.judges.cases import at_sign, pieces, split
from derivations.judges.scalar_problem import prepared
from derivations.proof.statement import Eq, Ge, Gt, Hypothesis, Le, Lt, Ne

x, y = scalars("x y")
a = scalar("a", interval(0, 1))
OFF_ZERO = (Hypothesis("", Ne(x, 0)),)


def test_the_pieces_of_a_domain():
    assert [piece if piece.is_Rational else piece.domain for piece, _ in pieces(x, sp.S.One)] == [
        Domain(high=1),
        Domain(1),
        sp.S.One,
    ]
    p = scalar("p", POSITIVE)
    assert [sign for _, sign in pieces(p, sp.S.Zero)] == [1]


def test_a_kink_inside_the_domain_is_cut_and_one_outside_is_not():
    where, parts = split(prepared(Eq(Abs(x - 2), relu(x))))
    assert where == "on each side of x = 2" and len(parts) == 3
    assert split(prepared(Eq(Abs(scalar("p", POSITIVE) + 1), 1))) is None
    assert split(prepared(Eq(x**2, 1))) is None


def test_a_piece_that_a_premise_excludes_is_dropped():
    _, parts = split(prepared(Eq(x / Abs(x), sign(x)), OFF_ZERO))
    assert len(parts) == 2


TRUE = [
    Eq(sign(x) * Abs(x), x),
    Eq(relu(x) + relu(-x), Abs(x)),
    Eq(relu(x - 1) * step(x - 1), relu(x - 1)),
    Eq(leaky_relu(x, a), relu(x) - a * relu(-x)),
    Eq(sign(x) ** 3, sign(x)),
    Eq(Abs(x * y - 1) * sign(x * y - 1), x * y - 1),
    Eq(relu(x**2 - 1), (x**2 - 1 + Abs(x**2 - 1)) / 2),
    Eq(sqrt(x**2) * sign(x), x),
    Eq(Abs(x - 1) * sign(x - 1) + Abs(x) * sign(x), 2 * x - 1),
    Eq(sp.Max(x, 0), relu(x)),
    Eq(sp.Max(x, 1) - 1, relu(x - 1)),
]
FALSE = [
    Eq(sign(x) * Abs(x), -x),
    Eq(sign(x) ** 2, 1),  # 0 at 0
    Eq(step(x) ** 2, step(x)),
    Eq(relu(x), x),
    Eq(relu(x) + relu(-x), x),
    Eq(Abs(x * y - 1) * sign(x * y - 1) ** 2, x * y - 1),
    Eq(sign(x * y - 1) ** 2, 1),
    Eq(x / Abs(x), sign(x) + 1 - sign(x) ** 2),
    Eq(Abs(x - 1) + Abs(x), 2 * x - 1),
    Eq(sp.Max(x, 0), relu(x) + sp.Rational(1, 10**12)),
]


@pytest.mark.parametrize("relation", TRUE, ids=str)
def test_true_on_every_piece(relation):
    assert derivative.decide(relation).proved


@pytest.mark.parametrize("relation", FALSE, ids=str)
def test_false_on_one_piece(relation):
    assert derivative.decide(relation).status == "unknown"


def test_off_the_kink_by_hypothesis():
    assert derivative.decide(Eq(sign(x) ** 2, 1), OFF_ZERO).proved
    assert derivative.decide(Eq(D(Abs(x), x) ** 2, 1), OFF_ZERO).proved
    assert not derivative.decide(Eq(sign(x) ** 2, 1), (Hypothesis("", Ne(x, 1)),)).proved
    assert not derivative.decide(Eq(sign(x), 1), OFF_ZERO).proved


def test_what_is_excluded_by_hypothesis_is_no_case():
    slope = Eq(D(log(Abs(x**2 - 1)), x), 2 * x / (x**2 - 1))
    for premise in (Ne(x**2, 1), Ne(1, x**2), Gt(Abs(x**2 - 1), 0)):
        assert derivative.decide(slope, (Hypothesis("", premise),)).proved
    assert not derivative.decide(slope).proved
    assert not derivative.decide(slope, (Hypothesis("", Ne(x**2, 2)),)).proved


def test_bounds_by_cases():
    assert bounds.decide(Ge(relu(x), x)).proved and bounds.decide(Le(relu(x), Abs(x))).proved
    assert bounds.decide(Ge(relu(x), 0)).method.startswith("on each side of x = 0")
    assert not bounds.decide(Gt(relu(x), x)).proved
    assert not bounds.decide(Le(Abs(x), relu(x))).proved
    assert not bounds.decide(Lt(0, Abs(x))).proved
    assert bounds.decide(Lt(0, Abs(x)), OFF_ZERO).proved


def test_values_at_a_sign():
    assert at_sign(Abs(x) + sign(-x) + step(x), x, -1) == -x + 1
    assert at_sign(relu(x) + leaky_relu(x, a) + step(x), x, 0) == sp.Rational(1, 2)
    assert at_sign(relu(x) + leaky_relu(x, a), x, -1) == a * x
    assert at_sign(Abs(y), x, 1) == Abs(y)
