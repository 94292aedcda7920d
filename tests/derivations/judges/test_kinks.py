"""At a kink of a part a derivative is the limit of the derivative beside it; else nothing is said."""

import pytest
import sympy as sp

from derivations.calculus.domains import Domain
from derivations.calculus.functions import cbrt, relu, step
from derivations.calculus.operators import D
from derivations.calculus.symbols import scalar, vector
from derivations.judges import kinks
from derivations.judges.asymptotics.constants import Undecided
from derivations.judges.kinks import Claimed
from derivations.proof.statement import Eq, Ge, Gt, Hypothesis, Lt, Ne

x, a = scalar("x"), scalar("a")
OFF_ZERO = (Hypothesis("x ≠ 0", Ne(x, 0)),)


def refuted(*relations, **assumed):
    return kinks.refute(Claimed(relations, assumed=OFF_ZERO, **assumed))


@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (x * sp.Abs(x), 0),
        (x / (1 + sp.Abs(x)), 1),
        (relu(x) - relu(-x), 1),
        (relu(x) ** 2, 0),
        (relu(x) + sp.exp((x - sp.Abs(x)) / 2) - 1, 1),
        (x * cbrt(x), 0),
        (x**2 * sp.sign(x), 0),
        (x * D(x * sp.Abs(x), x), 0),
        (D(x**2 * sp.Abs(x), x), 0),
        (sp.sin(sp.Abs(x)) * sp.exp(x) * x, 0),
    ],
)
def test_derivatives_at_a_kink_of_a_part(f, slope):
    assert kinks._Kink(x, sp.S.Zero).slope(D(f, x)) == slope
    assert refuted(Eq(D(f, x), slope)) is None
    assert refuted(Eq(D(f, x), slope + 1 - sp.sign(x) ** 2)).verdict.refuted
    assert refuted(Gt(D(f, x), slope - sp.Abs(x))).verdict.refuted


@pytest.mark.parametrize(
    "f",
    [
        sp.Abs(x),
        relu(x),
        cbrt(x),
        sp.sign(x),  # the derivative tends to 0 from both sides
        sp.sign(x) ** 2,  # here the function too has a limit, but another value
        step(x) * (1 + x**2),
        D(x * sp.Abs(x), x),
        x * D(sp.Abs(x), x),
        sp.Abs(x) / x,
        x**2 * sp.sign(sp.sin(1 / x)),  # kinks on every side
        sp.Abs(x**2 * sp.sin(1 / x)),
        x**2 * sp.sin(1 / x),  # has a derivative at 0, but no limit of it
        sp.atan(1 / x),
    ],
)
def test_no_derivative_is_claimed(f):
    with pytest.raises(Undecided):
        kinks._Kink(x, sp.S.Zero).slope(D(f, x))
    assert refuted(Eq(D(f, x), 5)) is None


def test_the_witness_and_the_hypothesis_that_is_not_needed():
    found = refuted(Gt(1, 0), Lt(D(x / (1 + sp.Abs(x)), x), 1))
    assert (found.position, found.lifted) == (1, ("x ≠ 0",))
    assert found.verdict.witness.values == {"x": "0"}
    assert (found.verdict.witness.left, found.verdict.witness.right) == ("1", "1")


def test_all_of_the_claim_must_have_a_meaning_there():
    false = Gt(D(x * sp.Abs(x), x), 0)
    assert refuted(false)
    assert refuted(false, Lt(D(sp.Abs(x), x), 2)) is None
    assert refuted(false, Lt(1 / x, 1 + 1 / x**2)) is None
    assert refuted(false, needs=((x, "≠ 0"),)) is None
    assert refuted(false, needs=((1 - x, "> 0"),))
    assert refuted(false, Lt(sp.log(sp.Abs(x)), 1 + sp.Abs(x))) is None


def test_what_the_user_assumed_must_hold_there_with_room_to_spare():
    false = Gt(D(x * sp.Abs(x), x), 0)
    assert refuted(false, stated=(Hypothesis("x < 1", Lt(x, 1)),))
    for relation in (Gt(x**2, 0), Ge(x, 0), Gt(x, 1), Ne(x, 0), Eq(x * sp.exp(x), 0)):
        assert refuted(false, stated=(Hypothesis("", relation),)) is None


def test_ends_of_a_domain_stay_out():
    y = scalar("y", Domain(0, 1, True, True))
    assert kinks.refute(Claimed((Gt(D(y * sp.Abs(y), y), 0),), assumed=(Hypothesis("y ≠ 0", Ne(y, 0)),))) is None


def test_points_other_than_zero():
    away = (Hypothesis("2 x ≠ 1", Ne(2 * x, 1)),)
    u = x - sp.Rational(1, 2)
    found = kinks.refute(Claimed((Gt(D(u * sp.Abs(u), x), 0),), assumed=away))
    assert found.verdict.witness.values == {"x": "1/2"}
    assert kinks.refute(Claimed((Gt(D(x * sp.Abs(u), x), 0),), assumed=away)) is None


def test_other_scalars_get_numbers():
    found = refuted(Gt(D((1 + a**2) * x * sp.Abs(x), x), 0))
    assert found.verdict.witness.values.keys() == {"x", "a"}
    assert refuted(Gt(D(x * sp.Abs(x), x) + D(a**2, a), 0)) is None
    assert refuted(Gt(D(x * sp.Abs(x), x) + vector("z", 3)[1], 0)) is None
