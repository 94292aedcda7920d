"""Instances of a left side in a line: whole, as factors or as terms; never where a range may not hold."""

import pytest
from sympy import exp, sqrt

from derivations.calculus.operators import Sum
from derivations.calculus.symbols import index, indices, matrix, scalars, sizes, vector
from derivations.proof.rules.matching import replace_instances

n, m = sizes("n m")
i, j, k = indices("i j k", n)
q = index("q", m)
z, y = vector("z", n), vector("y", n)
u = vector("u", m)
A = matrix("A", n, n)
a, b, c = scalars("a b c")
total = Sum(z[k], k)


@pytest.mark.parametrize(
    ("line", "left", "right", "free", "expected"),
    [
        (a * b * c, a * b, c, (), c**2),
        (a + b + c, a + c, 1, (), b + 1),
        (a**3 * b, a, c, (), b * c**3),
        (a**3 * b, a**2, c, (), a * b * c),
        (1 / a**2, 1 / a, b, (), b**2),
        (z[i] * y[i], z[j], y[j], (j,), y[i] ** 2),
        (A[i, j] + A[j, i], A[i, j], z[i] * y[j], (i, j), z[i] * y[j] + z[j] * y[i]),
        (Sum(z[i] * a, i) + total, total, c, (), Sum(z[i] * a, i) + c),
        (exp(z[i]) / Sum(exp(z[j]), j), Sum(exp(z[k]), k), a, (), exp(z[i]) / a),
        (z[i] / Sum(z[j], j), z[k] / total, y[k], (k,), y[i]),
    ],
)
def test_an_instance_is_replaced(line, left, right, free, expected):
    assert replace_instances(line, left, right, free) == expected


@pytest.mark.parametrize(
    ("line", "left", "right", "free"),
    [
        (a + b, a * b, c, ()),
        (a, a**2, c, ()),
        (sqrt(a) * b, a * b, c, ()),
        (u[q], z[i], a, (i,)),
        (A[i, j], A[i, i], a, (i,)),
        (Sum(z[k] * y[k], k), Sum(z[k], k) * Sum(y[k], k), a, ()),
        (Sum(u[q], q), total, a, ()),
    ],
)
def test_what_is_no_instance_stays(line, left, right, free):
    assert replace_instances(line, left, right, free) == line
