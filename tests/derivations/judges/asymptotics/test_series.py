"""Expansions against numbers: the error is of the order that is claimed, and no coefficient is off."""

import random

import mpmath as mp
import pytest
import sympy as sp
from sympy import Rational, cos, exp, log, oo, sin, sqrt, tanh

from derivations.calculus.domains import POSITIVE
from derivations.calculus.functions import cbrt, relu, sigmoid, softplus
from derivations.calculus.operators import Bound, LimitAt
from derivations.calculus.special import digamma, gamma, loggamma
from derivations.calculus.symbols import scalar
from derivations.judges.asymptotics.constants import Constants, Undecided, valued
from derivations.judges.asymptotics.rules import expand
from derivations.judges.asymptotics.scale import ONE, Monomial, Scale, X, iterated_log
from derivations.judges.asymptotics.series import Expansions
from derivations.judges.limits_at import limit_value

x = Bound("x")
a, b = scalar("a"), scalar("b", POSITIVE)
NUMERIC = {
    "sigmoid": lambda v: 1 / (1 + mp.exp(-v)),
    "softplus": lambda v: mp.log1p(mp.exp(v)),
    "relu": lambda v: max(v, mp.mpf(0)),
    "cbrt": lambda v: mp.sign(v) * mp.cbrt(abs(v)),
    "loggamma": mp.loggamma,
    "digamma": mp.digamma,
}


def number(e, v):
    return sp.lambdify(x, e, [NUMERIC, "mpmath"])(v)


def written(m: Monomial) -> sp.Expr:
    """A monomial as an expression in x."""
    base, product = x, sp.S.One
    for p in m.powers:
        product, base = product * base**p, log(base)
    return product * exp(sp.Add(*(c * written(inner) for c, inner in m.exponent)))


@pytest.mark.parametrize(
    "f",
    [
        1 / (1 + x),
        sqrt(x**2 + x) - x,
        exp(1 / x) * cos(1 / x),
        (1 + 1 / x) ** x,
        log(1 + x + x**2),
        x ** (1 / x),
        tanh(1 / x),
        softplus(-1 / x),
        sp.asinh(x),
        sp.atan(x),
        sp.asin(1 / x),
        sp.acosh(x),
        sp.atanh(1 / x),
        cbrt(x**3 + x),
        loggamma(x),
        digamma(x),
        gamma(1 / x),
        gamma(1 + 1 / x),
        sp.erfc(1 / x),
        log(sp.erfc(x)),
        sigmoid(log(x)),
    ],
    ids=str,
)
@pytest.mark.parametrize("order", [3, 6])
def test_the_error_is_of_the_claimed_order(f, order):
    at = Expansions(Constants(), order)
    series = expand(at, f, x, at.near(oo, 0))
    assert series.error is not None
    terms = sp.Add(*(c * written(m) for c, m in series.terms))
    with mp.workdps(60):
        ratios = [
            abs((number(f, v) - number(terms, v)) / number(written(series.error), v)) for v in map(mp.mpf, (50, 400))
        ]
    assert ratios[1] < 3 * ratios[0] + mp.mpf(10) ** -20
    assert ratios[0] < 200


def test_growth_is_a_total_order():
    scale = Scale(Constants())
    chain = [
        Monomial((), ((sp.Integer(-1), X),)),
        scale.power(X, Rational(-1)),
        ONE,
        iterated_log(2),
        iterated_log(1),
        Monomial((), ((sp.S.One, scale.power(iterated_log(1), Rational(1, 2))),)),
        X,
        scale.product(X, iterated_log(1)),
        Monomial((), ((sp.S.One, scale.power(iterated_log(1), sp.Integer(2))),)),
        Monomial((), ((sp.S.One, X),)),
        Monomial((sp.Integer(5),), ((sp.Integer(2), X),)),
        Monomial((), ((sp.S.One, Monomial((), ((sp.S.One, X),))),)),
    ]
    for i, m in enumerate(chain):
        for j, other in enumerate(chain):
            assert scale.compare(m, other) == (i > j) - (i < j)


def test_exponents_with_parameters_are_compared_by_known_signs_only():
    scale = Scale(Constants())
    assert scale.growth(scale.power(X, b)) == 1
    assert scale.growth(Monomial((a,), ((-b, X),))) == -1  # x^a e^(-b x)
    with pytest.raises(Undecided):
        scale.growth(scale.power(X, a))


def test_signs_of_coefficients():
    constants = Constants()
    assert constants.sign(b**2 + 1) == 1
    assert constants.sign(a) is None and not constants.is_nonzero(a)
    assert constants.is_zero((a + 1) ** 2 - a**2 - 2 * a - 1)
    assert not constants.is_zero(a)
    assert not constants.arb_used
    assert constants.sign(log(2) - Rational(7, 10)) == -1
    assert constants.arb_used
    assert valued(gamma(5) + loggamma(2) + gamma(Rational(1, 2)) + gamma(b)) == 24 + sqrt(sp.pi) + gamma(b)


UNARY = (exp, log, sqrt, sin, cos, tanh, sigmoid, softplus, sp.erf, sp.atan, sp.asinh, abs, relu, cbrt, sp.sinh)
PLACES = [(oo, 0, [10, 10**3, 10**6]), (0, 1, ["1e-2", "1e-4", "1e-12"]), (-oo, 0, [-10, -(10**3), -(10**6)])]


def drawn(random_, depth):
    if depth == 0:
        return random_.choice([x, x, x, sp.Integer(1), sp.Integer(2), Rational(1, 2), sp.Integer(-1)])
    kind = random_.random()
    if kind < 0.45:
        return random_.choice(UNARY)(drawn(random_, depth - 1))
    one, other = drawn(random_, depth - 1), drawn(random_, depth - 1)
    return one + other if kind < 0.6 else one - other if kind < 0.75 else one * other if kind < 0.9 else one / other


def test_limits_of_random_functions_agree_with_their_values():
    random_, found = random.Random(5), 0
    for _ in range(250):
        f = drawn(random_, random_.choice([2, 3]))
        point, side, places = random_.choice(PLACES)
        if x not in f.free_symbols or f.has(sp.I, sp.zoo, sp.nan, oo):
            continue
        try:
            value = limit_value(LimitAt(f, x, sp.sympify(point), side), Constants())
        except Undecided:
            continue
        found += 1
        with mp.workdps(60):
            values = [number(f, mp.mpf(v)) for v in places]
            if value.is_infinite:
                assert values[-1] * (1 if value is oo else -1) > 1.5, f
            else:
                distances = [abs(v - number(value, 0)) for v in values]
                assert distances[-1] < 0.01 or distances[-1] < 0.75 * distances[0], f
    assert found > 100
