"""Interval arithmetic on pieces shows gaps, and no gap where there is none."""

import random
from fractions import Fraction as F
from math import inf

import mpmath
import pytest
import sympy as sp
from sympy import Abs, cos, cosh, erf, erfc, exp, log, pi, sign, sin, sinh, sqrt, tanh
from sympy import Rational as Q

from derivations.calculus.domains import interval
from derivations.calculus.functions import relu, sigmoid, softplus, step
from derivations.calculus.symbols import scalar
from derivations.judges.scalar_problem import derivative
from derivations.judges.subdivision import is_positive_on, range_of

x = scalar("x")
silu = x * sigmoid(x)
WIDE = interval(-8, 8, closed=True)


@pytest.mark.parametrize(
    ("f", "smooth"),
    [
        (silu + Q(3, 10), True),
        (Q(11, 10) - derivative(silu, x), True),  # the slope of silu is at most 1.0998
        (x**2 - x + Q(1, 2), True),
        (cosh(x) - Abs(x), False),
        (softplus(x) - relu(x) + Q(1, 10), False),
        (Q(11, 10) - sin(x), True),
    ],
)
def test_gaps_are_found(f, smooth):
    assert is_positive_on(f, x, WIDE, derivative(f, x) if smooth else None)


@pytest.mark.parametrize(
    "f", [silu + Q(27, 100), Q(1099, 1000) - derivative(silu, x), x**2, x**2 - Q(1, 10**9), 1 - sin(x), 1 / x, log(x)]
)
def test_where_there_is_none_nothing_is_claimed(f):
    assert not is_positive_on(f, x, WIDE, derivative(f, x))
    assert not is_positive_on(f, x, WIDE)


NODES = [
    exp(x), sigmoid(x), tanh(x), softplus(x), sinh(x), cosh(x), erf(x), erfc(x), sin(x), cos(x), Abs(x), relu(x),
    step(x), sign(x), x**2, x**3, x**-2, 1 / x, sqrt(x**2 + 1), (x**2 + 2) ** Q(-1, 3), log(x**2 + 1), pi * x, 2**x,
    (x**2 + 1) ** x, sin(x) * exp(-x), sinh(x) / (1 + cosh(x)), sp.E * x,
]  # fmt: skip
VALUES = {
    sigmoid: lambda v: 1 / (1 + mpmath.exp(-v)),
    softplus: lambda v: mpmath.log(1 + mpmath.exp(v)),
    relu: lambda v: max(v, mpmath.mpf(0)),
    step: lambda v: mpmath.mpf(0.5) if v == 0 else mpmath.mpf(int(v > 0)),
    sp.Abs: abs,
}


def value(e, at):
    if e == x:
        return at
    if not e.args:
        return mpmath.mpf(str(sp.N(e, 45)))
    inner = [value(a, at) for a in e.args]
    if isinstance(e, sp.Add):
        return mpmath.fsum(inner)
    if isinstance(e, sp.Mul):
        return mpmath.fprod(inner)
    if isinstance(e, sp.Pow):
        return inner[0] ** inner[1]
    return mpmath.mpmathify((VALUES.get(e.func) or getattr(mpmath, e.func.__name__))(*inner))


@pytest.mark.parametrize("e", NODES, ids=str)
def test_the_range_contains_every_value(e):
    rng = random.Random(3)
    with mpmath.workdps(40):
        for _ in range(60):
            low = F(rng.randint(-80, 80), 10)
            high = low + F(rng.randint(0, 40), rng.choice([1, 10, 100]))
            bounds = range_of(e, x, (low, high))
            for part in range(5):
                at = low + (high - low) * part / 4
                if at or not e.has(1 / x, x**-2):
                    found = value(e, mpmath.mpf(at.numerator) / at.denominator)
                    assert all(end in (-inf, inf) or isinstance(end, F) for end in bounds)
                    assert bounds[0] == -inf or mpmath.mpf(bounds[0].numerator) / bounds[0].denominator <= found
                    assert bounds[1] == inf or found <= mpmath.mpf(bounds[1].numerator) / bounds[1].denominator


def test_what_is_not_known_has_no_bounds():
    assert range_of(sp.Function("f")(x), x, (F(0), F(1))) == (-inf, inf)
    assert range_of(scalar("y"), x, (F(0), F(1))) == (-inf, inf)
