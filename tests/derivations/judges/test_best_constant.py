"""The search for the largest value: known maxima, ends, and functions without one."""

import math

import pytest
import sympy as sp

from derivations.calculus.domains import Domain
from derivations.calculus.functions import sigmoid
from derivations.calculus.operators import D
from derivations.calculus.symbols import Scalar
from derivations.judges.ball import arithmetic as ba
from derivations.judges.best_constant import largest
from derivations.proof.statement import Relation

pytest.importorskip("flint")

x, y, p = Scalar("x"), Scalar("y"), Scalar("p", Domain(0, 1, True, True))
q = Scalar("q", Domain(low=0))


@pytest.mark.parametrize(
    ("f", "value", "at"),
    [
        (D(sigmoid(x), x), 1 / 4, 0),
        (x * sp.exp(-x), math.exp(-1), 1),
        (p - p**3, 2 * math.sqrt(3) / 9, math.sqrt(1 / 3)),
        (p**2, 1, 1),
        (-q - 1 / q, -2, 1),
        (-((x - sp.Rational(17, 5)) ** 2), 0, 3.4),
        (-((x - 300) ** 2), 0, 300),
    ],
)
def test_maxima(f, value, at):
    (scalar,) = f.free_symbols
    found = largest(f, [scalar])
    assert found and found.attained
    assert float(ba.arb(found.value).mid()) == pytest.approx(value, abs=1e-12)
    assert float(found.at[scalar]) == pytest.approx(at, abs=1e-6)


@pytest.mark.parametrize(("f", "value"), [(sp.tanh(x), 1), (sp.atan(x), math.pi / 2), (q / (1 + q), 1), (-q, 0)])
def test_approached_only(f, value):
    found = largest(f, list(f.free_symbols))
    assert found and not found.attained
    assert float(ba.arb(found.value).mid()) == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize("f", [x, x**2, sp.exp(x), sp.log(q), 1 / q])
def test_without_end(f):
    assert largest(f, list(f.free_symbols)) is None


def test_two_scalars():
    found = largest(-((x - 1) ** 2) - (y + sp.Rational(1, 2)) ** 2 + 3, [x, y])
    assert found and found.at == {x: 1, y: -sp.Rational(1, 2)}
    assert float(ba.arb(found.value).mid()) == 3


def test_where_relations_hold():
    found = largest(-x, [x], [Relation(sp.Integer(1), "<=", x)])
    assert found and float(ba.arb(found.value).mid()) == -1


def test_out_of_time():
    assert largest(-(x**2), [x], deadline=0.0) is None
