"""Every function with a rule against mpmath: its value, its derivatives, and nothing outside its domain."""

import random

import mpmath as mp
import pytest
import sympy as sp
from sympy import acosh, asin, asinh

from derivations.calculus import special as sf
from derivations.calculus.domains import POSITIVE, Domain, interval
from derivations.calculus.functions import cbrt
from derivations.calculus.operators import D, Maximum, Sum
from derivations.calculus.symbols import index, indices, scalar, scalars, size, vector
from derivations.judges.ball import NotEvaluable, evaluate, refute
from derivations.judges.ball.values import point
from derivations.proof.statement import Eq, Ge, Le

x, v = scalars("x v")
n = size("n")
i, k = indices("i k", n)
z = vector("z", n)
half = sp.Rational(1, 2)

# name: our node, mpmath's function, where to draw, where there is no value
ONE_ARGUMENT = {
    "cbrt": (cbrt, lambda u: mp.sign(u) * mp.cbrt(abs(u)), (-9, 9), ()),
    "asin": (asin, mp.asin, (-1, 1), (2, "-3/2")),
    "asinh": (asinh, mp.asinh, (-9, 9), ()),
    "acosh": (acosh, mp.acosh, (1, 9), ("1/3", -2)),
    "gamma": (sf.gamma, mp.gamma, (-4, 7), (0, -1, -5)),
    "loggamma": (sf.loggamma, mp.loggamma, (0, 9), (0, -1, "-1/2")),
    "digamma": (sf.digamma, mp.digamma, (-4, 7), (0, -1)),
    "ellipk": (sf.ellipk, mp.ellipk, (-6, 1), (1, 2)),
    "ellipe": (sf.ellipe, mp.ellipe, (-6, 1), (2, "3/2")),
    "erfinv": (sf.erfinv, mp.erfinv, (-1, 1), (1, -1, 2)),
}
WITH_ORDER = {
    "besselj": (sf.besselj, mp.besselj, (0, "-1/2", -3)),
    "bessely": (sf.bessely, mp.bessely, (0, "-1/2", -3)),
    "besseli": (sf.besseli, mp.besseli, (0, "-1/2", -3)),
    "besselk": (sf.besselk, mp.besselk, (0, "-1/2", -3)),
    "expint": (sf.expint, mp.expint, (0, "-1/2", -3)),
}


def agree(found, expected, tolerance):
    assert found.is_finite()
    with mp.workdps(40):
        assert abs(mp.mpf(found.mid().str(35, radius=False)) - expected) <= tolerance * (1 + abs(expected))


def drawn(low, high, rng):
    return sp.Rational(low) + (sp.Rational(high) - low) * sp.Rational(rng.randint(1, 60), 61)


@pytest.mark.parametrize("name", ONE_ARGUMENT)
def test_a_function_of_one_argument(name):
    node, expected, (low, high), nowhere = ONE_ARGUMENT[name]
    rng = random.Random(name)
    with mp.workdps(40):
        for _ in range(6):
            u = drawn(low, high, rng)
            at = mp.mpf(u.p) / u.q
            agree(evaluate(node(x), point({x: u})), expected(at), 1e-25)
            agree(evaluate(D(node(x), x), point({x: u})), mp.diff(expected, at), 1e-10)
            agree(evaluate(D(D(node(x), x), x), point({x: u})), mp.diff(expected, at, 2), 1e-8)
    for u in nowhere:
        assert not evaluate(node(x), point({x: u})).is_finite()
        assert not evaluate(D(node(x), x), point({x: u})).is_finite()
        assert not evaluate(D(D(node(x), x), x), point({x: u})).is_finite()


@pytest.mark.parametrize("name", WITH_ORDER)
def test_a_function_with_an_order(name):
    node, expected, nowhere = WITH_ORDER[name]
    rng = random.Random(name)
    with mp.workdps(40):
        for order in (0, 1, -2, 3, half, sp.Rational(-7, 3)):
            u = drawn(0, 9, rng)
            nu, at = mp.mpf(sp.Rational(order).p) / sp.Rational(order).q, mp.mpf(u.p) / u.q
            agree(evaluate(node(order, x), point({x: u})), mp.re(expected(nu, at)), 1e-25)
            slope = mp.re(mp.diff(lambda w, nu=nu: expected(nu, w), at))
            agree(evaluate(D(node(order, x), x), point({x: u})), slope, 1e-10)
    for u in nowhere:
        assert not evaluate(node(half, x), point({x: u})).is_finite()
        assert not evaluate(D(node(half, x), x), point({x: u})).is_finite()


@pytest.mark.parametrize(("node", "expected"), [(sf.besselj, mp.besselj), (sf.besseli, mp.besseli)])
def test_a_whole_order_is_defined_for_every_argument(node, expected):
    for order in (0, 1, 2, -3):
        for u in (0, -1, "-5/2"):
            w = sp.Rational(u)
            agree(evaluate(node(order, x), point({x: u})), expected(order, mp.mpf(w.p) / w.q), 1e-14)
    assert evaluate(D(node(1, x), x), point({x: 0})) == 0.5


def test_polygamma_has_its_sign():
    for order in (1, 2, 3, 6):
        for u in (half, sp.Integer(3), sp.Rational(-5, 2)):
            with mp.workdps(40):
                agree(evaluate(sf.polygamma(order, x), point({x: u})), mp.psi(order, mp.mpf(u.p) / u.q), 1e-25)
    assert not evaluate(sf.polygamma(2, x), point({x: -2})).is_finite()
    assert not evaluate(sf.polygamma(half, x), point({x: 1})).is_finite()
    assert not evaluate(sf.polygamma(-1, x), point({x: 1})).is_finite()


def test_a_derivative_by_an_order_is_not_known():
    for node in (sf.besselj, sf.bessely, sf.besseli, sf.besselk, sf.expint):
        assert not evaluate(D(node(v, x), v), point({v: 1, x: 2})).is_finite()
        assert not evaluate(D(D(node(v, x), x), v), point({v: 1, x: 2})).is_finite()
        assert not evaluate(D(node(v, v), v), point({v: 2})).is_finite()
        assert evaluate(D(node(v, x), x), point({v: 1, x: 2})).is_finite()


def test_no_slope_where_there_is_none():
    for f, u in ((cbrt(x), 0), (asin(x), 1), (asin(x), -1), (acosh(x), 1), (sf.ellipe(x), 1)):
        assert not evaluate(D(f, x), point({x: u})).is_finite()
        assert evaluate(f, point({x: u})).is_finite()
    assert evaluate(cbrt(x), point({x: -8})) == -2


TRUE = [
    Eq(cbrt(x) ** 3, x),
    Eq(cbrt(-x), -cbrt(x)),
    Eq(sf.gamma(x + 1), x * sf.gamma(x)),
    Eq(D(sf.gamma(x), x), sf.gamma(x) * sf.digamma(x)),
    Eq(sf.digamma(x + 1), sf.digamma(x) + 1 / x),
    Eq(D(D(sf.besselj(0, x), x), x), -sf.besselj(0, x) + sf.besselj(1, x) / x),
]
LIES = [
    Eq(cbrt(x) ** 3, abs(x)),
    Eq(sf.gamma(x + 1), (x + 1) * sf.gamma(x)),
    Eq(D(sf.besselj(0, x), x), sf.besselj(1, x)),
    Le(sf.gamma(x), 100),
    Ge(asinh(x), x),
    Eq(sf.digamma(x + 1), sf.digamma(x) + 1 / (x + sp.Rational(1, 10**12))),
]


@pytest.mark.parametrize("statement", TRUE, ids=lambda s: s.operator)
def test_true_statements_survive(statement):
    assert refute(statement).status == "consistent"


@pytest.mark.parametrize("lie", LIES, ids=lambda s: s.operator)
def test_lies_fall(lie):
    assert refute(lie).status == "refuted"


p, q = scalar("p", POSITIVE), scalar("q", POSITIVE)
u, m, g = scalar("u", interval(-1, 1)), scalar("m", Domain(high=1)), scalar("g", Domain(low=1))
IDENTITIES = [
    (D(sf.ellipk(m), m) * 2 * m * (1 - m), sf.ellipe(m) - (1 - m) * sf.ellipk(m)),
    (D(sf.ellipe(m), m) * 2 * m, sf.ellipe(m) - sf.ellipk(m)),
    (D(D(sf.erfinv(u), u), u), sp.pi / 2 * sf.erfinv(u) * sp.exp(2 * sf.erfinv(u) ** 2)),
    (sp.erf(sf.erfinv(u)), u),
    (sp.exp(sf.loggamma(p)), sf.gamma(p)),
    (sf.gamma(x) * sf.gamma(1 - x) * sp.sin(sp.pi * x), sp.pi),
    (D(sf.polygamma(2, p), p), sf.polygamma(3, p)),
    (D(sf.besselk(p, q), q), -(sf.besselk(p - 1, q) + sf.besselk(p + 1, q)) / 2),
    (sf.besselj(p, q) * D(sf.bessely(p, q), q) - D(sf.besselj(p, q), q) * sf.bessely(p, q), 2 / (sp.pi * q)),
    (sf.besseli(p, q) * sf.besselk(p + 1, q) + sf.besseli(p + 1, q) * sf.besselk(p, q), 1 / q),
    (p * sf.expint(p + 1, q), sp.exp(-q) - q * sf.expint(p, q)),
    (D(sf.expint(p, q), q), -sf.expint(p - 1, q)),
    (acosh(g), sp.log(g + sp.sqrt(g**2 - 1))),
    (D(asin(u), u), 1 / sp.sqrt(1 - u**2)),
    (cbrt(x * p), cbrt(x) * cbrt(p)),
]


@pytest.mark.parametrize(("left", "right"), IDENTITIES, ids=lambda e: str(e)[:30])
def test_an_identity_stands_and_a_relative_error_of_1e_12_falls(left, right):
    assert refute(Eq(left, right)).status == "consistent"
    assert refute(Eq(left, right * (1 + sp.Rational(1, 10**12)))).status == "refuted"


# ---- the largest over an index ---------------------------------------------------------------------------------


def test_the_largest():
    largest = Maximum(z[k], k)
    assert evaluate(largest, point({n: 3, z: [1, 5, "-7/2"]})) == 5
    assert evaluate(D(largest, z[i]), point({n: 3, i: 2, z: [1, 5, 2]})) == 1
    assert evaluate(D(largest, z[i]), point({n: 3, i: 1, z: [1, 5, 2]})) == 0
    assert not evaluate(D(largest, z[i]), point({n: 3, i: 1, z: [5, 5, 2]})).is_finite()
    assert evaluate(D(largest, z[i]), point({n: 3, i: 1, z: [1, 1, 2]})) == 0  # a tie below the largest
    with pytest.raises(NotEvaluable):
        evaluate(Maximum(z[index("e", 1, 0)], index("e", 1, 0)), point({n: 1, z: [1]}))


def test_statements_about_the_largest():
    largest = Maximum(z[k], k)
    assert refute(Le(Sum(z[k], k), n * largest)).status == "consistent"
    assert refute(Le(z[i], largest)).status == "consistent"
    lie = refute(Le(largest, Sum(z[k], k)))
    assert lie.status == "refuted" and lie.witness.values == {"n": "2", "z": "[0, -1]"}
    assert refute(Eq(Sum(D(largest, z[i]), i), 1)).status == "consistent"
