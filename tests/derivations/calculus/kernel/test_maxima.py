"""The largest value over an index: what leaves it, what does not, and that its form has its value."""

import math

import pytest
from sympy import S, exp, log

from derivations.calculus.domains import NONNEGATIVE, POSITIVE
from derivations.calculus.normal_form import Unsupported, equal, normal_form
from derivations.calculus.operators import D, Maximum, Sum
from derivations.calculus.symbols import index, indices, matrix, scalar, scalars, size, sizes, vector
from derivations.judges.ball import arithmetic
from derivations.judges.ball.values import point
from tests.support.form_values import form_value

n, m = sizes("n m")
i, j, k, l = indices("i j k l", n)  # noqa: E741
r = index("r", m)
z, y, u = vector("z", n), vector("y", n), vector("u", m)
A = matrix("A", m, n)
a, b = scalars("a b")
c, o = scalar("c", POSITIVE), scalar("o", NONNEGATIVE)
largest = Maximum(z[k], k)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (Maximum(z[k], k), Maximum(z[j], j)),
        (Maximum(a + z[k], k), a + largest),
        (Maximum(c * z[k], k), c * largest),
        (Maximum(2 * c * z[k] - a + b, k), 2 * c * largest - a + b),
        (Maximum(a, k), a),
        (Maximum(o * z[k], k), o * largest),
        (Maximum(a**2 * z[k] - b, k), a**2 * largest - b),
        (Maximum(z[k] * Sum(y[j] ** 2, j), k), largest * Sum(y[j] ** 2, j)),
        (Maximum(exp(z[k]), k), exp(largest)),
        (Maximum(exp(a - z[k]), k), exp(a) * exp(Maximum(-z[k], k))),
        (exp(z[i] - largest) / Sum(exp(z[k] - largest), k), exp(z[i]) / Sum(exp(z[k]), k)),
        (largest + log(Sum(exp(z[k] - largest), k)), log(Sum(exp(z[k]), k))),
        (Maximum(Sum(A[r, k] * z[k], k) + a, r), Maximum(Sum(A[r, l] * z[l], l), r) + a),
        (D(a * largest, a), largest),
        (D(largest, y[i]), S.Zero),
        (Sum(z[i] - largest, i), Sum(z[k], k) - n * largest),
    ],
)
def test_what_does_not_depend_on_the_index_leaves(left, right):
    assert equal(left, right) is True


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (Maximum(-z[k], k), -largest),
        (Maximum(a * z[k], k), a * largest),
        (Maximum(a**3 * z[k], k), a**3 * largest),
        (Maximum(z[k] / a**2, k), a**2 * largest),
        (Maximum(o * z[k] + y[k], k), o * Maximum(z[k] + y[k], k)),
        (Maximum(z[k] + y[k], k), largest + Maximum(y[k], k)),
        (Maximum(z[k] ** 2, k), largest**2),
        (largest, z[i]),
        (Maximum(z[k], k), Maximum(u[r], r)),
        (Maximum(A[r, k], k), Maximum(A[r, k], r)),
        (Maximum(z[k] - z[i], k), largest),
        (exp(z[i] - largest) / Sum(exp(z[k]), k), exp(z[i]) / Sum(exp(z[k]), k)),
    ],
)
def test_what_is_false_is_not_proved(left, right):
    assert equal(left, right) is None


def test_no_derivative_and_no_empty_or_dependent_range():
    none = index("k", size("o", minimum=0))
    short = index("k", 1, i)
    for e in (D(largest, z[i]), Maximum(S.One, none), Maximum(z[short], short), Sum(Maximum(z[short], short), i)):
        with pytest.raises(Unsupported):
            normal_form(e)


@pytest.mark.parametrize("entries", [(3,), (-1, 2, 0), (5, 5, -7, 1)])
def test_the_form_has_the_value(entries):
    values = {n: len(entries), z: list(entries), c: 2, a: -3, o: 0}
    form = normal_form(Maximum(c * z[k] + a, k) - Maximum(exp(2 * z[k]), k) + Maximum(o * z[k], k))
    at = point(values)
    wanted = 2 * max(entries) - 3 - math.exp(2 * max(entries))
    with arithmetic.precision():
        assert abs(float(form_value(form, at).mid()) - wanted) <= 1e-9 * abs(wanted)
