"""The field proves identities and near misses of them stay unproved; branches of roots and logarithms are minded."""

import random
from math import isclose

import mpmath
import pytest
import sympy as sp
from sympy import Rational as Q
from sympy import atanh, cos, cosh, erf, exp, log, pi, sin, sinh, sqrt, tanh

from derivations.calculus.domains import NONNEGATIVE, POSITIVE, interval
from derivations.calculus.functions import cbrt, leaky_relu, relu, sigmoid, softplus, step
from derivations.calculus.operators import D, Expectation, Sum
from derivations.calculus.special import (
    besseli,
    besselj,
    besselk,
    bessely,
    digamma,
    ellipe,
    ellipk,
    expint,
    gamma,
    loggamma,
    polygamma,
)
from derivations.calculus.symbols import Definition, index, integer, scalar, scalars, size, vector
from derivations.judges import field
from derivations.judges.generated_field import OutsideField
from derivations.judges.rational_form import with_rational_forms
from derivations.judges.scalar_problem import differentiated
from derivations.proof.statement import Eq, Ge, Gt, Hypothesis, Le, Lt, Ne

x, y, w = scalars("x y w")
a, c = scalars("a c", POSITIVE)
b = scalar("b", interval(0, 1))
q = scalar("q", NONNEGATIVE)
t, n = size("t"), size("n")
k = index("k", n)
z = vector("z", n)
s, th = sigmoid(x), tanh(x)

TRUE = [
    Eq(D(s, x), s * (1 - s)),
    Eq(D(D(s, x), x), s * (1 - s) * (1 - 2 * s)),
    Eq(D(th, x), 1 - th**2),
    Eq(th, 2 * sigmoid(2 * x) - 1),
    Eq(D(softplus(x), x), s),
    Eq(1 - s, sigmoid(-x)),
    Eq(log(s / (1 - s)), x),
    Eq(softplus(x) - softplus(-x), x),
    Eq(tanh(x + y), (th + tanh(y)) / (1 + th * tanh(y))),
    Eq(atanh(th), x),
    Eq(sinh(x) + cosh(x), exp(x)),
    Eq(sin(x) ** 2 + cos(x) ** 2, 1),
    Eq(D(x * (1 + erf(x / sqrt(2))) / 2, x), (1 + erf(x / sqrt(2))) / 2 + x * exp(-(x**2) / 2) / sqrt(2 * pi)),
    Eq(D(1 / sqrt(x**2 + c), x), -x / (x**2 + c) ** Q(3, 2)),
    Eq(1 / sqrt(x**2 + c) - x**2 / (x**2 + c) ** Q(3, 2), c / (x**2 + c) ** Q(3, 2)),
    Eq(1 / (sqrt(a) + sqrt(c)), (sqrt(a) - sqrt(c)) / (a - c)),
    Eq(sqrt(4 * a**3), 2 * a * sqrt(a)),
    Eq(sqrt(a * (x**2 + 1)), sqrt(a) * sqrt(x**2 + 1)),
    Eq(a ** Q(2, 3) * a ** Q(1, 3), a),
    Eq(sqrt(exp(x)), exp(x / 2)),
    Eq(log(a * c), log(a) + log(c)),
    Eq(log(b / (1 - b)), log(b) - log(1 - b)),
    Eq(log(12), 2 * log(2) + log(3)),
    Eq(log(a**x), x * log(a)),
    Eq(a ** (x + 1), a * a**x),
    Eq(b ** (t + 1), b * b**t),
    Eq((1 - b) ** (t - 1) * (1 - b), (1 - b) ** t),
    Eq(x ** (t + 1), x * x**t),  # also at x = 0, as t >= 1
    Eq(x ** (t - 1) * x, x**t),  # also at x = 0, as 0^0 = 1
    Eq(D(x**t, x), t * x ** (t - 1)),
    Eq((x * y) ** t, x**t * y**t),
    Eq((2 * b) ** t, 2**t * b**t),
    Eq(sqrt(3 + 2 * sqrt(2)), 1 + sqrt(2)),
    Eq(sqrt(a + 2 * sqrt(a) + 1), 1 + sqrt(a)),
    Eq(sqrt(1 - sin(x)) * sqrt(1 + sin(x)), sp.Abs(cos(x))),
    Eq(relu(x) - relu(-x), x),
    Eq(relu(x), x * step(x)),
    Eq(leaky_relu(x, b), b * x + (1 - b) * relu(x)),
    Eq(D(leaky_relu(x, b), x), b + (1 - b) * step(x)),
    Eq(sp.Max(x, y) + sp.Min(x, y), x + y),
    Eq(sqrt(x**2), sp.Abs(x)),
    Eq(sp.Abs(x) * sp.Abs(y), sp.Abs(x) * sp.Abs(y)),
]
LIES = [
    Eq(D(s, x), s * (1 + s)),
    Eq(D(s, x), s * (1 - s) + Q(1, 10**12)),
    Eq(D(th, x), 1 - 2 * th**2),
    Eq(th, 2 * sigmoid(x) - 1),
    Eq(s, sigmoid(x + Q(1, 10**12))),
    Eq(1 - s, sigmoid(x)),
    Eq(sqrt(x**2), x),
    Eq(log(x**2), 2 * log(x)),
    Eq(log(x * y), log(x) + log(y)),
    Eq(sqrt(x * y), sqrt(x) * sqrt(y)),
    Eq((x**2) ** b, x ** (2 * b)),
    Eq(x ** (t - 1) * x, x ** (t + 1)),
    Eq((-1) ** t, 1),
    Eq(sqrt(3 - 2 * sqrt(2)), 1 - sqrt(2)),  # the squares agree
    Eq(sqrt(a - 2 * sqrt(a) + 1), 1 - sqrt(a)),
    Eq(sqrt(1 - sin(x) ** 2), cos(x)),
    Eq(b ** (t + 1), b**t),
    Eq(a**x * a**y, a ** (x * y)),
    Eq(relu(x), x),
    Eq(step(x) ** 2, step(x)),  # 1/4 against 1/2 at 0
    Eq(sp.Max(x, y), x),
    Eq(sp.sign(x) ** 2, 1),
    Eq(erf(x), tanh(x)),
    Eq(log(a + c), log(a) + log(c)),
    Eq(1 / sqrt(x**2 + c), 1 / sqrt(x**2) + 1 / sqrt(c)),
]


@pytest.mark.parametrize("relation", TRUE, ids=str)
def test_identities_are_proved(relation):
    verdict = field.decide(relation)
    assert verdict.proved, verdict.reason
    assert verdict.method == "field normal form" and verdict.trusted and verdict.seconds < 0.3


@pytest.mark.parametrize("relation", LIES, ids=str)
def test_lies_are_not_proved(relation):
    verdict = field.decide(relation)
    assert verdict.status == "unknown" and verdict.reason


def test_the_square_of_a_sign_is_one_by_the_relation():
    assert field.decide(Eq((-1) ** t * (-1) ** t, 1)).proved
    assert field.decide(Eq((-1) ** (2 * t), 1)).proved


def test_hypotheses_that_solve_for_a_scalar_are_used():
    goal = Eq(x**2 - y**2, x - y)
    hypothesis = Hypothesis("they sum to one", Eq(x + y, 1))
    assert not field.decide(goal).proved
    assert field.decide(goal, (hypothesis,)).proved
    assert field.decide(goal, (hypothesis.relation,)).proved
    assert not field.decide(goal, (Hypothesis("", Eq(x + y, 2)),)).proved
    assert not field.decide(goal, (Hypothesis("", Lt(x + y, 1)),)).proved


def test_derivatives_are_taken_before_a_hypothesis_is_put_in():
    at_three = (Hypothesis("", Eq(x, 3)),)
    assert field.decide(Eq(D(x**2, x), 6), at_three).proved
    assert not field.decide(Eq(D(x**2, x), 0), at_three).proved


def test_a_sign_hypothesis_narrows_the_domain():
    assert field.decide(Eq(sqrt(x**2), x), (Hypothesis("", Gt(x, 0)),)).proved
    assert field.decide(Eq(sqrt(x**2), -x), (Hypothesis("", Le(x, 0)),)).proved
    assert not field.decide(Eq(sqrt(x**2), x), (Hypothesis("", Ge(x, -1)),)).proved
    assert not field.decide(Eq(sqrt(x**2), x), (Hypothesis("", Ne(x, 0)),)).proved


def test_contradicting_hypotheses_decide_nothing():
    assert field.decide(Eq(x, x + 1), (Hypothesis("", Lt(x, 0)), Hypothesis("", Gt(x, 1)))).status == "unknown"
    assert "outside its domain" in field.decide(Eq(a, a + 1), (Hypothesis("", Eq(a, -1)),)).reason


def test_definitions_are_opened():
    activation = Definition("activation", (), sigmoid(w * x))
    assert field.decide(Eq(D(activation[()], w), x * activation[()] * (1 - activation[()]))).proved
    assert not field.decide(Eq(D(activation[()], w), activation[()] * (1 - activation[()]))).proved


@pytest.mark.parametrize(
    "statement",
    [
        Eq(Sum(z[k], k), Sum(z[k], k)),
        Eq(Expectation(x), x),
        Eq(D(z[1], z[1]), 1),
        Eq(1 / (x - x), 1),
        Eq(sp.Symbol("undeclared"), sp.Symbol("undeclared")),
        Eq(sp.Float(0.5) * x, x / 2),
        Eq(sp.I**2 * x, sp.I * sp.I * x + sp.I - sp.I * 2),
        Eq(1 / (s + sigmoid(-x) - 1), 1),
        Eq(log(s + sigmoid(-x) - 1), 1),
        Eq((x + y + w + a + b + c) ** 40, 1),
        Eq(D(sp.Function("f")(x), x), 1),
        Eq(D(t * x, integer("m")), 0),
        Lt(x, y),
    ],
    ids=str,
)
def test_what_lies_outside_is_unknown_with_a_reason_and_never_an_exception(statement):
    verdict = field.decide(statement)
    assert verdict.status == "unknown" and verdict.reason


def test_derivative_under_a_sum_is_refused_not_taken():
    with pytest.raises(OutsideField):
        differentiated(D(x * Sum(z[k], k), x))


# ---- what is equal as a form is equal as a number --------------------------------------------------------------

ATOMS = [x, y, a, b, q, sp.Integer(2), Q(-1, 3), sp.Integer(-1), pi / 3]


def grown(rng: random.Random, depth: int) -> sp.Expr:
    """A random expression that is real and defined for all x, y real, a > 0, 0 < b < 1, q >= 0."""
    if depth == 0:
        return rng.choice(ATOMS)
    one = grown(rng, depth - 1)
    if rng.random() < 0.5:
        other = grown(rng, depth - 1)
        return rng.choice([one + other, one - other, one * other, one / (1 + other**2)])
    outer = [sigmoid, softplus, tanh, relu, step, sp.Abs, sp.sign, sin, cos, erf, sp.atan, sp.asinh, cbrt]
    return rng.choice([*outer, *MADE])(one)


MADE = [
    lambda e: sqrt(e**2 + 1),
    lambda e: log(1 + e**2),
    lambda e: sqrt(e**2),
    lambda e: a**b * e,
    lambda e: (e**2) ** Q(1, 3) * sqrt(sp.Abs(e)),
    lambda e: sqrt(q) * q ** Q(1, 6) * e,
    lambda e: sqrt(q * sigmoid(e)),
    lambda e: log(sqrt(e**2 + 1) - e),
    lambda e: sin(3 * e),
    lambda e: cos(e / 2 + pi / 4),
    lambda e: sin(e + x),
    lambda e: cos(pi * sigmoid(e) / 2),
    lambda e: sp.asin(tanh(e)),
    lambda e: sp.acosh(1 + e**2),
    lambda e: sin(2 * sp.atan(e)),
    lambda e: gamma(sigmoid(e) + 2),
    lambda e: gamma(Q(3, 2) - sigmoid(e)),
    lambda e: gamma(2 * sigmoid(e) + Q(1, 2)),
    lambda e: loggamma(a + 2) * e,
    lambda e: digamma(3 - sigmoid(e)),
    lambda e: polygamma(2, sigmoid(e) + 2),
    lambda e: besselj(-2, e),
    lambda e: besseli(Q(5, 2), a) * e,
    lambda e: bessely(sigmoid(e) + 2, a),
    lambda e: besselk(2 - sigmoid(e), a),
    lambda e: expint(3, a) * e,
    lambda e: ellipk(sigmoid(e)) * ellipe(sigmoid(e)),
]


def number(e: sp.Expr, values: dict) -> float:
    """A value by mpmath, from the definitions of the functions."""
    if e in values:
        return values[e]
    known = {
        sigmoid: lambda v: 1 / (1 + mpmath.exp(-v)),
        softplus: lambda v: mpmath.log(1 + mpmath.exp(v)),
        relu: lambda v: max(v, mpmath.mpf(0)),
        step: lambda v: mpmath.mpf(0.5) if v == 0 else mpmath.mpf(int(v > 0)),
        cbrt: lambda v: mpmath.sign(v) * mpmath.cbrt(abs(v)),
        loggamma: lambda v: mpmath.log(mpmath.gamma(v)),
        polygamma: lambda n, v: mpmath.polygamma(int(n), v),
    }
    if not e.args:
        return +mpmath.pi if e is pi else mpmath.mpmathify(e)
    inner = [number(arg, values) for arg in e.args]
    if isinstance(e, sp.Add):
        return mpmath.fsum(inner)
    if isinstance(e, sp.Mul):
        return mpmath.fprod(inner)
    if isinstance(e, sp.Pow):
        return inner[0] ** inner[1]
    if e.func in known:
        return known[e.func](*inner)
    return mpmath.mpmathify(getattr(mpmath, {"Abs": "fabs"}.get(e.func.__name__, e.func.__name__))(*inner))


def test_the_form_of_a_random_expression_evaluates_to_the_expression():
    rng = random.Random(7)
    compared = 0
    with mpmath.workdps(40):
        for _ in range(150):
            e = grown(rng, 3)
            values = {x: mpmath.mpf(rng.randint(-9, 9)) / 4, y: mpmath.mpf(rng.randint(-9, 9)) / 5}
            values |= {a: mpmath.mpf(rng.randint(1, 9)) / 3, b: mpmath.mpf(rng.randint(1, 6)) / 7}
            values[q] = mpmath.mpf(rng.randint(0, 8)) / 3
            try:
                found = with_rational_forms(lambda forms, e=e, values=values: evaluated(forms, forms.of(e), values))
            except (OutsideField, ZeroDivisionError):
                continue
            compared += 1
            expected = number(e, values)
            assert mpmath.almosteq(found, expected, rel_eps=1e-25, abs_eps=1e-25), (e, values, found, expected)
    assert compared > 100


def meaning(kind, inner, finest):
    """The value of a generator other than a symbol, from its data."""
    if kind == "pi":
        return +mpmath.pi
    if kind == "exp":
        return mpmath.exp(inner[0] / finest)
    if kind == "root":
        return mpmath.root(inner[0], finest)
    if kind == "cbrt":
        return mpmath.sign(inner[0]) * mpmath.cbrt(abs(inner[0]))
    if kind in ("atan", "asin"):
        return getattr(mpmath, kind)(inner[0]) * 2 / mpmath.pi
    if kind in ("sin", "cos"):
        return getattr(mpmath, kind)(inner[0] / finest)
    if kind == "step":
        return mpmath.mpf(0.5) if inner[0] == 0 else mpmath.mpf(int(inner[0] > 0))
    return getattr(mpmath, kind)(*inner)


def evaluated(forms, form, values):
    """The value of a rational form, each generator by the meaning it records."""
    worth: list = []

    def of_polynomial(p):
        return mpmath.fsum(
            mpmath.mpf(int(coefficient.numerator))
            / int(coefficient.denominator)
            * mpmath.fprod(worth[position] ** power for position, power in enumerate(exponents) if power)
            for exponents, coefficient in p.terms()
        )

    def of_form(f):
        return of_polynomial(f.numer) / of_polynomial(f.denom)

    for position, generator in enumerate(forms.generators):
        inner = [of_form(d) if hasattr(d, "numer") else d for d in generator.data]
        if generator.kind == "symbol":
            worth.append(values[inner[0]])
        else:
            worth.append(meaning(generator.kind, inner, forms.plan.roots.get(position, 1)))
        low, high = generator.interval.low, generator.interval.high
        assert low - 1e-30 <= worth[-1] <= high + 1e-30, (generator, worth[-1])
    return of_form(form)


def test_the_evaluation_used_above_can_tell_a_wrong_form():
    values = {x: mpmath.mpf(1)}
    wrong = with_rational_forms(lambda forms: evaluated(forms, forms.of(sigmoid(x)) + forms.field.one, values))
    assert not isclose(float(wrong), float(number(sigmoid(x), values)))
