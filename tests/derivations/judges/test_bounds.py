"""Bounds are proved with their strictness and their equality sets, and sharper ones than the truth are not."""

import pytest
import sympy as sp
from sympy import Rational as Q
from sympy import erf, exp, log, sqrt, tanh

from derivations.calculus.domains import INTEGER, NONNEGATIVE, POSITIVE, Domain, interval
from derivations.calculus.functions import relu, sigmoid, softplus
from derivations.calculus.operators import D, Sum
from derivations.calculus.symbols import index, scalar, scalars, size, vector
from derivations.judges import bounds, smt
from derivations.proof.statement import Eq, Ge, Gt, Hypothesis, Iff, Le, Lt, Ne, both

z, x, y, w = scalars("z x y w")
a, b = scalars("a b", interval(0, 1))
p, q, r = scalars("p q r", NONNEGATIVE)
c = scalar("c", POSITIVE)
n = size("n")
t = scalar("t", INTEGER)

slope_s, slope_t = D(sigmoid(z), z), D(tanh(z), z)
bend = D(slope_s, z)
affine = sigmoid(w * x + y)
entropy = -a * log(a) - (1 - a) * log(1 - a)
tiny = Q(1, 10**6)
above, below_one = scalar("above", Domain(-1)), scalar("below_one", Domain(high=1))
silu, gelu = x * sigmoid(x), x * (1 + erf(x / sqrt(2))) / 2

TRUE = [
    both(Lt(0, slope_s), Le(slope_s, Q(1, 4)), Iff(Eq(slope_s, Q(1, 4)), Eq(z, 0))),
    both(Lt(0, slope_t), Le(slope_t, 1), Iff(Eq(slope_t, 1), Eq(z, 0))),
    Le(bend**2, Q(1, 108)),
    Iff(Eq(affine * (1 - affine), Q(1, 4)), Eq(w * x + y, 0)),
    Iff(Lt(0, x), Lt(Q(1, 2), sigmoid(x))),
    Iff(Le(x, 0), Le(sigmoid(x), Q(1, 2))),
    Iff(Eq(sigmoid(z), Q(1, 2)), Eq(tanh(z), 0)),
    Iff(Eq(exp(x), 1 + x), Eq(x, 0)),
    Iff(Eq(c + 1 / c, 2), Eq(c, 1)),
    Iff(Lt(x, y), Lt(x**3, y**3)),
    Ge(x**2 + y**2, 2 * x * y),
    Ge((x**2 + y**2) * (z**2 + w**2), (x * z + y * w) ** 2),
    Gt(x**2 + x * y + y**2 + 1, 0),
    Ge(p**3 + q**3 + r**3, 3 * p * q * r),
    Le(sqrt(p * q), (p + q) / 2),
    Ge(c + 1 / c, 2),
    both(Lt(0, a * (1 - b)), Lt(a * (1 - b), 1)),
    Le(log(c), c - 1),
    Ge(exp(x), 1 + x),
    Ge(exp(c), 1 + c + c**2 / 2),
    Lt(log(1 + c), c),
    Lt(tanh(c), c),
    Gt(softplus(x), x),
    Gt(softplus(x), 0),
    Le(entropy, log(2)),
    Lt(a**n, 1),
    Le(log(n), n - 1),
    Lt(sqrt(c**2 + 1), c + 1),
    Lt(x / sqrt(x**2 + c), 1),
    Le(sp.Abs(tanh(z)), 1),
    Lt(erf(x), 1),
    Ne(x**2 + 1, 0),
    Lt(sigmoid(z), sigmoid(z + 1)),
    Le(sigmoid(x) * (1 - sigmoid(x)) * sigmoid(y) * (1 - sigmoid(y)), Q(1, 16)),
    Le(relu(p), p),
    Ge(softplus(x), relu(x)),
    Gt(softplus(x), relu(x)),
    Le(log(1 + exp(x)), log(2) + sp.Abs(x)),
    Le(sp.Abs(sp.sin(x)), 1),
    Le(sp.sin(x) * sp.cos(x), Q(1, 2)),
    Le(sp.sin(p), p),
    Lt(sp.sin(c), c),
    Ge(sp.cos(x), 1 - x**2 / 2),
    Lt(sp.atan(x), sp.pi / 2),
    Lt(sp.atan(c), c),
    Gt(sp.sinh(c), tanh(c)),
    Ge(sp.cosh(x), 1 + x**2 / 2),
    Ge(sp.cosh(x), sp.Abs(x)),
    Le(log(sp.cosh(x)), sp.Abs(x)),
    Le(log(sp.cosh(x)), x**2 / 2),
    Ge(tanh(p), p / (1 + p)),
    Le(p - p**3 / 6, sp.sin(p)),
    Lt(x / (1 + sp.Abs(x)), 1),
    Le(D(x / (1 + sp.Abs(x)), x), 1),
    Ge(exp(x), sp.E * x),
    Le(x * exp(-x), exp(-1)),
    Le(exp(below_one), 1 / (1 - below_one)),
    Le(above / (1 + above), log(1 + above)),
    Gt(silu, -Q(3, 10)),
    Lt(D(silu, x), Q(11, 10)),
    Gt(D(silu, x), -Q(1, 10)),
    Le(D(gelu, x), Q(9, 8) + Q(1, 100)),
    Gt(D(gelu, x), -Q(13, 100)),
    Le(sp.Abs(x + y), sp.Abs(x) + sp.Abs(y)),
]
LIES = [
    Le(slope_s, Q(1, 5)),
    Lt(slope_s, Q(1, 4)),
    Le(slope_s, Q(2499999, 10**7)),
    Lt(slope_t, 1),
    Lt(tiny, slope_t),
    Le(bend**2, Q(1, 109)),
    both(Lt(0, slope_s), Le(slope_s, Q(1, 4)), Iff(Eq(slope_s, Q(1, 4)), Eq(z, 1))),
    Iff(Eq(slope_s, Q(1, 4)), Eq(z, tiny)),
    Iff(Eq(slope_s, Q(1, 5)), Eq(z, 0)),
    Iff(Eq(affine * (1 - affine), Q(1, 4)), Eq(w * x - y, 0)),
    Iff(Eq(affine * (1 - affine), Q(1, 4)), Eq(x, 0)),
    Iff(Lt(0, x), Le(Q(1, 2), sigmoid(x))),
    Iff(Eq(x**2, 1), Eq(x, 1)),
    Iff(Lt(x, y), Lt(x**2, y**2)),
    Iff(Eq(x, x), Eq(x, 0)),
    Gt(x**2 + y**2, 2 * x * y),
    Ge(x**2 + y**2, 3 * x * y),
    Ge(p**3 + q**3 + r**3, 4 * p * q * r),
    Gt(p**3 + q**3 + r**3, 3 * p * q * r),
    Le(sqrt(p * q), (p + q) / 3),
    Gt(c + 1 / c, 2),
    Ge(x + 1 / x, 2),
    Ge(1 / x**2, 0),  # true where it has a meaning, but there is a pole
    Lt(a * (1 - b), Q(1, 2)),
    Lt(log(c), c - 1),
    Le(log(c), c - 1 - tiny),
    Gt(exp(x), 1 + x),
    Ge(exp(x), 1 + x + x**2 / 2),
    Lt(tanh(x), x),
    Lt(sqrt(c), c),
    Le(entropy, log(2) - tiny),
    Le(softplus(x), x),
    Lt(1, a**n),
    Lt(log(n), n - 1),
    Ne(x**2 - 2, 0),
    Ge(x**3, 0),
    Gt(p, 0),
    Ge(x**2, Q(1, 10**12)),
    Le(relu(x), x),
    Lt(sigmoid(z), sigmoid(2 * z)),
    Ge(t**2, t + 1),
    Gt(softplus(x), relu(x) + Q(1, 10**12)),  # for large x only
    Lt(log(1 + exp(x)), log(2) + sp.Abs(x)),  # equal at 0
    Lt(sp.Abs(sp.sin(x)), 1),
    Lt(sp.sin(p), p),
    Le(sp.sin(x), x),
    Gt(sp.cos(x), 1 - x**2 / 2),
    Lt(sp.atan(x), sp.pi / 2 - Q(1, 10**12)),
    Lt(sp.atan(x), Q(3, 2)),
    Ge(sp.cosh(x), 1 + x**2 / 2 + tiny),
    Ge(sp.cosh(x), sp.Abs(x) + Q(3, 5)),
    Le(log(sp.cosh(x)), sp.Abs(x) - log(2)),
    Ge(tanh(p), p / (1 + p / 2)),
    Gt(silu, -Q(27, 100)),
    Lt(D(silu, x), Q(10998, 10**4)),
    Gt(D(silu, x), -Q(998, 10**4)),
    Le(D(gelu, x), Q(9, 8)),
    Lt(x / (1 + sp.Abs(x)), 1 - Q(1, 10**12)),
    Lt(D(x / (1 + sp.Abs(x)), x), 1),
    Ge(exp(x), Q(2719, 1000) * x),
    Le(x * exp(-x), exp(-1) - Q(1, 10**12)),
    Lt(tanh(x), 1 - Q(1, 10**12)),
    Gt(exp(-(x**2)), Q(1, 10**12)),
    Lt(exp(-c) * sp.sin(c), Q(322, 1000)),
]


@pytest.mark.parametrize("statement", TRUE, ids=str)
def test_true_bounds_are_proved(statement):
    verdict = bounds.decide(statement)
    assert verdict.proved, verdict.reason
    assert verdict.method and verdict.trusted and verdict.seconds < 5  # under 1 on an idle machine


@pytest.mark.parametrize("statement", LIES, ids=str)
def test_lies_are_not_proved_and_not_refuted_without_a_point(statement):
    verdict = bounds.decide(statement)
    assert verdict.status == "unknown" and verdict.reason


def test_the_method_says_what_was_substituted():
    verdict = bounds.decide(Le(slope_s, Q(1, 4)))
    assert verdict.method == "substitution s = sigmoid(z), Sturm in s"
    assert verdict.trusted == ("SymPy polynomial arithmetic", "SymPy root isolation")
    assert "floating point" in bounds.decide(Le(slope_s, Q(1, 5))).reason
    assert "z3" in bounds.decide(Ge(p**3 + q**3 + r**3, 3 * p * q * r)).trusted
    assert "mean value theorem" in bounds.decide(Ge(exp(x), 1 + x)).trusted


def test_a_letter_that_is_taken_is_not_used_for_the_substitution():
    s = scalar("s", interval(0, 1))
    assert bounds.decide(Le(s * slope_s, Q(1, 4))).proved
    assert not bounds.decide(Le(sigmoid(z), s)).proved


def test_hypotheses_narrow_domains():
    positive = (Hypothesis("", Gt(x, 0)),)
    assert not bounds.decide(Ge(x + 1 / x, 2)).proved
    assert bounds.decide(Ge(x + 1 / x, 2), positive).proved
    assert not bounds.decide(Gt(x + 1 / x, 2), positive).proved
    assert bounds.decide(Gt(x + 1 / x, 2), (*positive, Hypothesis("", Lt(x, 1)))).proved
    assert not bounds.decide(Gt(x + 1 / x, 2), (*positive, Hypothesis("", Le(x, 1)))).proved


def test_premises_in_several_scalars_are_used():
    assert bounds.decide(Lt(x * z, y * z), (Hypothesis("", Lt(x, y)), Hypothesis("", Gt(z, 0)))).proved
    assert not bounds.decide(Lt(x * z, y * z), (Hypothesis("", Lt(x, y)), Hypothesis("", Ge(z, 0)))).proved
    assert not bounds.decide(Lt(x * z, y * z), (Hypothesis("", Lt(x, y)),)).proved
    assert bounds.decide(Le(x * y, Q(1, 4)), (Hypothesis("", Eq(x + y, 1)),)).proved
    assert not bounds.decide(Lt(x * y, Q(1, 4)), (Hypothesis("", Eq(x + y, 1)),)).proved
    assert bounds.decide(Ge(x**2, 1), (Hypothesis("", Ge(sp.Abs(x), 1)),)).proved
    assert not bounds.decide(Ge(x, 1), (Hypothesis("", Ge(sp.Abs(x), 1)),)).proved
    assert bounds.decide(Gt(1 / x**2, 0), (Hypothesis("", Ne(x, 0)),)).proved


def test_a_premise_about_the_inside_of_a_sigmoid_is_not_lost_to_the_letter():
    assert bounds.decide(Gt(sigmoid(x), Q(1, 2)), (Hypothesis("", Gt(x, 0)),)).proved
    assert not bounds.decide(Gt(sigmoid(x), Q(1, 2)), (Hypothesis("", Ge(x, 0)),)).proved


@pytest.mark.parametrize(
    "statement",
    [
        Le(Sum(vector("v", n)[index("k", n)], index("k", n)), 1),
        Le(sp.Symbol("undeclared"), 1),
        Le(sp.I * x, 1),
        Le(1 / (x - x), 1),
        Le(log(x - x), 1),
        Lt(sp.Function("f")(x), 1),
        Le(x**y, 1),
        Le(sp.gamma(x), 1),
        Le(sp.Float(0.1) * x, x),
        Iff(Lt(x**y, 1), Lt(x, 1)),
        Le((x + y + z + w) ** 40, 10**400),
    ],
    ids=str,
)
def test_what_lies_outside_is_unknown_with_a_reason_and_never_an_exception(statement):
    verdict = bounds.decide(statement)
    assert verdict.status == "unknown" and verdict.reason


def test_without_z3_the_other_methods_stay(monkeypatch):
    monkeypatch.setattr(smt, "z3", None)
    assert bounds.decide(Le(slope_s, Q(1, 4))).proved
    missing = bounds.decide(Ge(p**3 + q**3 + r**3, 3 * p * q * r))
    assert missing.status == "unknown" and "z3 is not installed" in missing.reason
