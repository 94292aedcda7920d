"""Products: what logarithm, modulus and sign make of them, at 0 and at negative factors too."""

import math

import pytest
from sympy import Abs, Rational, exp, log, sign

from derivations.calculus.domains import NONNEGATIVE, POSITIVE
from derivations.calculus.normal_form import equal, normal_form
from derivations.calculus.operators import Product, Sum
from derivations.calculus.symbols import index, indices, scalars, size, vector
from derivations.judges.ball import arithmetic
from derivations.judges.ball.values import point
from tests.support.form_values import form_value

n, none = size("n"), size("o", minimum=0)
i, j, k = indices("i j k", n)
e = index("k", none)
x, y = vector("x", n), vector("y", n)
p, q = vector("p", n, domain=POSITIVE), vector("q", n, domain=POSITIVE)
r, w = vector("r", n, domain=NONNEGATIVE), vector("w", none, domain=POSITIVE)
a, b = scalars("a b")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (log(Product(p[k], k)), Sum(log(p[k]), k)),
        (log(Product(p[k] / q[k] ** 2, k)), Sum(log(p[j]), j) - 2 * Sum(log(q[j]), j)),
        (log(Product(w[e], e)), Sum(log(w[e]), e)),
        (exp(Sum(log(p[k]), k)), Product(p[k], k)),
        (exp(log(Product(p[k], k))), Product(p[k], k)),
        (Product(p[k], k) ** (1 / n), exp(Sum(log(p[k]), k) / n)),
        (exp(-Sum(log(1 + p[k]), k) / 2), Product(1 + p[k], k) ** Rational(-1, 2)),
        (Product(Abs(x[k]), k), Abs(Product(x[k], k))),
        (Product(Abs(x[k]), k) ** 2, Product(x[k] ** 2, k)),
        (Product(Abs(x[k] - a), k), Abs(Product(x[k] - a, k))),
        (Product(sign(x[k]), k), sign(Product(x[k], k))),
        (Product(Abs(x[k]) * sign(x[k]), k), Product(x[k], k)),
        (Abs(Product(x[k] * y[k], k)), Product(Abs(x[k]), k) * Product(Abs(y[k]), k)),
    ],
)
def test_equal(left, right):
    assert equal(left, right) is True


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (log(Product(x[k] ** 2, k)), 2 * Sum(log(x[k]), k)),
        (log(Product(r[k] - 1, k)), Sum(log(r[k] - 1), k)),
        (log(Product(p[k] + q[k], k)), Sum(log(p[k]) + log(q[k]), k)),
        (exp(Sum(log(p[k]), k)), Product(q[k], k)),
        (exp(Sum(log(p[k]) * log(q[k]), k)), Product(p[k], k) * Product(q[k], k)),
        (Product(Abs(x[k]), k), Product(x[k], k)),
        (Product(Abs(x[k]), k), Abs(x[i])),
        (Product(sign(x[k]) ** 2, k), sign(Product(x[k], k))),
        (Product(sign(x[k]), k), 1 + 0 * a),
        (Product(Abs(x[k] + 1), k), 1 + Abs(Product(x[k], k))),
    ],
)
def test_what_is_false_is_not_proved(left, right):
    assert equal(left, right) is not True


@pytest.mark.parametrize("entries", [(3,), (-1, 2, 0), (-5, 5, -7, 1), (2, -3)])
def test_the_form_has_the_value(entries):
    positives = [1 + abs(v) for v in entries]
    at = point({n: len(entries), x: list(entries), p: positives})
    total = math.prod(map(abs, entries)) - 2 * math.prod((v > 0) - (v < 0) for v in entries)
    form = normal_form(Product(Abs(x[k]), k) - 2 * Product(sign(x[k]), k) + log(Product(p[k], k)))
    with arithmetic.precision():
        assert abs(float(form_value(form, at).mid()) - total - math.log(math.prod(positives))) < 1e-9
