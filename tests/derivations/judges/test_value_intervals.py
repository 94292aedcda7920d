"""No value lies outside the interval that is claimed for it."""

import random
from fractions import Fraction

import pytest
import sympy as sp
from sympy import acos, acosh, asin, asinh, atan, atanh, cos, cosh, erf, erfc, exp, log, pi, sin, sinh, tanh

from derivations.calculus import special as sf
from derivations.calculus.domains import NONNEGATIVE, POSITIVE, REAL, Domain, interval
from derivations.calculus.functions import cbrt, leaky_relu, relu, sigmoid, softplus, step
from derivations.calculus.operators import Bound, Integral, LimitAt, Maximum
from derivations.calculus.symbols import index, scalar, size, vector
from derivations.judges.ball import arithmetic, evaluate
from derivations.judges.ball.drawing import extreme, ordinary, simplest
from derivations.judges.ball.values import point
from derivations.judges.value_intervals import interval as interval_of

DOMAINS = [REAL, POSITIVE, NONNEGATIVE, Domain(high=0), interval(-1, 1, closed=True), interval(0, 1), Domain(low=1)]
ONE_ARGUMENT = [
    *(exp, log, abs, sin, cos, sp.sign, cosh, acosh, acos, asin, atan, tanh, erf, erfc, sinh, asinh, atanh),
    *(cbrt, sigmoid, softplus, relu, step, sf.erfinv, sf.gamma, sf.loggamma, sf.digamma, sf.ellipk, sf.ellipe),
    *(lambda x: sf.polygamma(1, x), lambda x: sf.polygamma(2, x), lambda x: sf.polygamma(3, x)),
    *(lambda x: sf.besselk(x, x), lambda x: sf.besseli(1, x), lambda x: sf.besseli(x, x), lambda x: sf.besselj(0, x)),
    *(lambda x: sf.expint(1, x), lambda x: sf.bessely(0, x), lambda x: leaky_relu(x, 2), lambda x: pi - 3 * asin(x)),
    *(lambda x: 1 - x**2, lambda x: (x - 1) ** 2 * (x - 3), lambda x: -2 * x**3, lambda x: 3 - (2 * x + 1) ** 4),
    *(lambda x: (sin(x) - 2) ** 2, lambda x: 1 / (x**2 - 2), lambda x: x * (1 - x), lambda x: -sinh(x) * exp(x)),
]


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_values_lie_in_their_interval(domain):
    x, rng, inside = scalar("x", domain), random.Random(3), 0
    numbers = [*simplest(domain), *(draw(domain, rng) for draw in (ordinary, extreme) for _ in range(4))]
    numbers = [u for u in numbers if abs(u) < 1000]
    for function in ONE_ARGUMENT:
        found = interval_of(function(x))
        for u in numbers:
            value = evaluate(function(x), point({x: sp.Rational(u.numerator, u.denominator)}))
            if not value.is_finite():
                continue
            inside += 1
            for end, is_open, sign in ((found.low, found.low_open, 1), (found.high, found.high_open, -1)):
                if end is not None:
                    with arithmetic.precision():
                        gap = sign * (value - arithmetic.fmpq(end.numerator, end.denominator))
                        assert not gap < 0, (function(x), u, found)
                        assert not (is_open and gap == 0), (function(x), u, found)
    assert inside > 100


@pytest.mark.parametrize(
    ("e", "sign"),
    [
        (cosh(scalar("x")), "positive"),
        (2 - sin(scalar("x")), "positive"),
        (2 + asin(scalar("x")), "positive"),
        (exp(scalar("p", POSITIVE)) - 1, "positive"),
        (log(1 + scalar("p", POSITIVE)), "positive"),
        (log(scalar("u", interval(0, 1))), "negative"),
        (cbrt(scalar("p", POSITIVE)), "positive"),
        (sinh(-scalar("p", POSITIVE)), "negative"),
        (sf.gamma(scalar("p", POSITIVE)), "positive"),
        (sf.polygamma(2, scalar("p", POSITIVE)), "negative"),
        (abs(1 + scalar("p", POSITIVE)), "positive"),
        (4 - sp.pi, "positive"),
        (sp.E - 2, "positive"),
        (1 - tanh(scalar("x")) ** 2, "positive"),
    ],
    ids=str,
)
def test_signs(e, sign):
    assert getattr(interval_of(e), sign)


@pytest.mark.parametrize(
    "e",
    [
        cbrt(scalar("x")),
        sinh(scalar("x")),
        exp(scalar("x")) - 1,
        log(scalar("p", POSITIVE)),
        1 - sin(scalar("x")),
        sf.gamma(scalar("x")),
        sf.polygamma(2, scalar("x")),
        acosh(scalar("x")),
        asin(scalar("u", interval(0, 1))) - sp.Rational(3, 2),
    ],
    ids=str,
)
def test_no_sign_where_there_is_none(e):
    assert not interval_of(e).positive and not interval_of(e).negative


def test_maxima_integrals_and_limits():
    n, x, t = size("n"), scalar("x"), Bound("t")
    k = index("k", n)
    assert interval_of(Maximum(vector("p", n, domain=POSITIVE)[k], k)).positive
    assert not interval_of(Maximum(vector("z", n)[k], k)).nonnegative
    assert interval_of(Integral(t**3, t, sp.S.Zero, sp.S.One)).nonnegative
    assert not interval_of(Integral(t**3, t, -sp.S.One, sp.S.One)).nonnegative
    assert not interval_of(Integral(t**2, t, sp.S.One, sp.S.Zero)).nonnegative  # backwards: it is -1/3
    assert not interval_of(Integral(t**2, t, sp.S.Zero, x)).nonnegative
    assert interval_of(LimitAt(exp(-t), t, sp.oo)).nonnegative
    assert not interval_of(LimitAt(exp(-t), t, sp.oo)).positive
    assert interval_of(sp.Integer(2)).low == Fraction(2)
