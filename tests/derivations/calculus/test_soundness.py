"""Attacks on the kernel: statements that look provable and are false, or have no meaning. Each was or might be a hole.

``None`` from ``equal`` is "not decided", Unsupported "outside the kernel": either will do, True never.
"""

import pytest
import sympy as sp
from sympy import Abs, Rational, exp, log, sign, sqrt

from derivations.calculus.domains import NONNEGATIVE, POSITIVE, interval
from derivations.calculus.functions import tanh
from derivations.calculus.normal_form import Contradiction, Unsupported, equal
from derivations.calculus.operators import Product, Sum, delta
from derivations.calculus.symbols import (
    CalculusError,
    index,
    indices,
    matrix,
    scalar,
    scalars,
    sequence,
    size,
    sizes,
    vector,
)

n, m = sizes("n m")
n0, T = size("o", minimum=0), size("T")
i, j, k, r = indices("i j k r", n)
s = index("s", m)
x, y, z = vector("x", n), vector("y", n), vector("z", n)
p = vector("p", n, domain=POSITIVE)
g = vector("g", n, padded=True, domain=POSITIVE)
Y = matrix("Y", n, n)
R = vector("R", n, random=True)
noise = sequence("w", random=True)
a, b, c, w = scalars("a b c w")
beta, zero_or_more = scalar("beta", interval(0, 1)), scalar("q", NONNEGATIVE)
negative = vector("N", n, domain=interval(-2, -1))
few = vector("e", n0, domain=POSITIVE)
e0 = index("k", n0)
every, previous = index("t", 1, sp.oo), scalar("prev")


def proved(left, right, hypotheses=()) -> bool:
    try:
        return equal(sp.sympify(left), sp.sympify(right), hypotheses) is True
    except (Unsupported, CalculusError):
        return False


# ---- roots, powers, logarithms, moduli


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (sqrt(x[i] ** 2), x[i]),
        (sqrt(x[i] ** -2), 1 / x[i]),
        (sqrt((x[i] - x[j]) ** -2), 1 / (x[i] - x[j])),
        (sqrt(negative[i] ** -2), 1 / negative[i]),
        (sqrt(negative[i] ** 2), negative[i]),
        (sqrt(x[i] ** 2 * p[j]), x[i] * sqrt(p[j])),
        (sqrt(x[i] * x[j]), sqrt(x[i]) * sqrt(x[j])),
        (sqrt(negative[i] * negative[j]), sqrt(negative[i]) * sqrt(negative[j])),
        ((x[i] ** 4) ** Rational(1, 4), x[i]),
        ((x[i] ** 2) ** Rational(3, 2), x[i] ** 3),
        (log(x[i] * x[j]), log(x[i]) + log(x[j])),
        (log(x[i] ** 2), 2 * log(x[i])),
        (log(-(2 + x[i] ** 2)), log(2 + x[i] ** 2)),
        (Abs(x[i]), x[i]),
        (Abs(x[i] + x[j]), Abs(x[i]) + Abs(x[j])),
        (sign(x[i]) ** 2, 1),
        (sign(x[i] * x[j]), sign(x[i] + x[j])),
        (x[i] / Abs(x[i]) + 0 * a, 1),
        (b ** (2 * n), b**n),
        (exp(x[i]) * exp(x[j]), exp(x[i] * x[j])),
        (sp.Integer(0) ** n0, 0),
        (zero_or_more**n0, zero_or_more ** (n0 + 1) / zero_or_more + a),
        (x[i] / x[i] - 1 + delta(i, j), 0),
    ],
)
def test_roots_powers_and_signs_are_not_split(left, right):
    assert not proved(left, right)


def test_what_is_true_of_roots_is_proved():
    for left, right in [
        (sqrt(x[i] ** 2), Abs(x[i])),
        (sqrt(x[i] ** -2), 1 / Abs(x[i])),
        (sqrt(p[i] * p[j]), sqrt(p[i]) * sqrt(p[j])),
        (log(p[i] / p[j]), log(p[i]) - log(p[j])),
        (Abs(x[i]) ** 3, x[i] ** 2 * Abs(x[i])),
        (x[i] * sign(x[i]), Abs(x[i])),
        (Abs(x[i] - x[j]), Abs(x[j] - x[i])),
        (p[i] ** 0 + a**0, 2),
        (sp.Integer(0) ** (n0 + 1), 0),
        (zero_or_more ** (n0 + 2), zero_or_more * zero_or_more ** (n0 + 1)),
    ]:
        assert equal(sp.sympify(left), sp.sympify(right)), f"{left} = {right}"


def test_a_symbolic_power_of_what_may_be_zero():
    """b**(t - k) has no meaning at b = 0 for t < k, and 0**0 = 1: it may not be split."""
    t = size("t")
    q = index("k", 1, t)
    with pytest.raises(Unsupported):
        equal(Sum(a ** (t - q), q), sp.Integer(1))
    with pytest.raises(Unsupported):
        equal(zero_or_more ** (t - 1), zero_or_more**t / zero_or_more)
    assert equal(Sum(beta ** (t - q), q), (1 - beta**t) / (1 - beta))
    assert not proved(Sum(a**q, q), a * (1 - a**t) / (1 - a))  # at a = 1 the sum is t


# ---- empty sums


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (sqrt(x[i] ** 2 * Sum(few[e0], e0)), Abs(x[i]) * sqrt(Sum(few[e0], e0)) + a),
        (log(p[i] * Sum(few[e0], e0) + 0), log(p[i]) + log(Sum(few[e0], e0)) + a),
        (Abs(Sum(few[e0], e0) - 1), Abs(Sum(few[e0], e0)) - 1),
        (sign(Sum(few[e0], e0)), 1),
        (Sum(few[e0], e0) ** n, Sum(few[e0], e0) ** (n + 1) / Sum(few[e0], e0) + 1),
        (sign(Product(few[e0], e0)), 0),
        (sign(n0), 1),
        (Sum(delta(e0, 1) * few[e0], e0), few[e0] + Sum(few[e0], e0)),
    ],
)
def test_a_sum_that_may_be_empty_is_not_positive(left, right):
    assert not proved(left, right)


def test_empty_sums_and_products():
    empty = index("k", 1, 0)
    assert equal(Sum(a, empty), sp.Integer(0))
    assert equal(Product(a, empty), sp.Integer(1))
    assert equal(sign(Product(few[e0], e0)), sp.Integer(1))
    assert equal(Sum(few[e0], e0) + 1, 1 + Sum(few[index("r", n0)], index("r", n0)))
    last = index("k", n0 + 1)
    u = vector("u", n0 + 1)
    assert equal(Sum(u[last], last), Sum(u[e0], e0) + u[n0 + 1])
    with pytest.raises(Unsupported):  # of length -1 at o = 0
        equal(Sum(a, index("k", 1, n0 - 1)), (n0 - 1) * a)


def test_the_mean_over_what_may_be_empty_needs_its_size_not_to_be_zero():
    from derivations.judges import side_conditions
    from derivations.proof.statement import Eq

    assert side_conditions.listed(Eq(Sum(1, e0) / n0, 1)) == ("o ≠ 0",)
    assert side_conditions.listed(Eq(Sum(1, k) / n, 1)) == ()


def test_a_causal_sum_is_not_positive_where_it_may_be_empty():
    t = index("t", n)
    before = Sum(p[index("k", 1, t)], index("k", 1, t))
    assert not proved(sqrt(x[i] ** 2 * before), x[i] * sqrt(before))
    strict = index("k", 1, t - 1)
    assert not proved(sign(Sum(p[strict], strict)), 1)


# ---- sums and hypotheses


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (Sum(x[k] * y[k], k), Sum(x[k], k) * Sum(y[k], k)),
        (Sum(x[k], k) ** 2, Sum(x[k] ** 2, k)),
        (Sum(Y[k, k], k), Sum(Y[k, r], k, r)),
        (Sum(Y[k, r] * Y[k, r], k, r), Sum(Y[k, r] * Y[r, k], k, r)),
        (Sum(beta ** (k * 1) * x[k], k), beta * (1 - beta**n) / (1 - beta)),
        (Sum(p[k] ** k, k), p[i] * (1 - p[i] ** n) / (1 - p[i])),
        (Sum((p[k] / (1 + p[k])) ** k, k), 0),
        (Product(x[k] + y[k], k), Product(x[k], k) + Product(y[k], k)),
        (Product(a * x[k], k), a * Product(x[k], k)),
        (Sum(k, k), n * k),
        (Sum(1 / (x[k] - x[r]), k, r), n**2),
        (Sum(Y[k, r] / Sum(Y[k, r], r), k, r), n**2),
        (Sum(Y[k, r] / Sum(Y[k, r], k), k, r), Sum(Y[k, r] / Sum(Y[k, r], r), k, r) + a),
    ],
)
def test_sums_are_not_confused(left, right):
    assert not proved(left, right)


def test_antisymmetric_sums_vanish_and_symmetric_ones_do_not():
    assert proved(Sum(tanh(x[k] - x[r]), k, r), 0)
    assert not proved(Sum(tanh(x[k] - x[r]) * y[k], k, r), 0)
    assert not proved(Sum(Abs(x[k] - x[r]), k, r), 0)
    assert proved(Sum(tanh(x[k] - x[r]) * y[k], k, r), -Sum(tanh(x[r] - x[k]) * y[k], k, r))


def test_contradictory_hypotheses_prove_nothing():
    with pytest.raises(Contradiction):
        equal(a, b, [(sp.Integer(1), sp.Integer(2))])
    with pytest.raises(Contradiction):
        equal(a, b, [(a, sp.Integer(1)), (a, sp.Integer(2))])
    with pytest.raises(Contradiction):
        equal(x[1], x[n], [(Sum(x[k], k), sp.Integer(1)), (2 * Sum(x[k], k), sp.Integer(3))])


def test_a_hypothesis_that_solves_for_nothing_is_unused():
    for unused in [(a * b, c), (a**2, b**2), (exp(a), exp(b)), (x[i], y[j]), (1 / a, 1 / b)]:
        assert not proved(a, b, [unused])
        assert proved(a + b, b + a, [unused])
