"""Sums read backwards: compound subscripts that a delta reaches from the whole range, and ones that miss some of it."""

import pytest

from derivations.calculus.normal_form import equal
from derivations.calculus.operators import Sum
from derivations.calculus.symbols import index, indices, size, tensor, vector

n = size("n")
i, j, k = indices("i j k", n)
first = index("k", 1, n - 1)
x, y = vector("x", n), vector("y", n)
wide = tensor("w", (0, n + 1))
padded = tensor("p", n, padded=True)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (Sum(x[n + 1 - k], k), Sum(x[k], k)),
        (Sum(x[n + 1 - k] ** 2 * y[i], k), y[i] * Sum(x[k] ** 2, k)),
        (Sum(padded[n + 1 - k], k), Sum(padded[k], k)),
        (Sum(x[n + 1 - k] * y[k], k), Sum(x[k] * y[n + 1 - k], k)),
    ],
)
def test_equal(left, right):
    assert equal(left, right) is True


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (Sum(wide[n + 1 - k], k), Sum(wide[k - 1], k)),
        (Sum(x[n - first], first), Sum(x[k], k)),
        (Sum(padded[k - i], k), Sum(padded[k], k)),
        (Sum(x[n + 1 - k] * y[k], k), Sum(x[k] * y[k], k)),
        (Sum(padded[2 * k], k), Sum(padded[k], k)),
        (Sum(padded[n - k], k), Sum(padded[k], k)),
    ],
)
def test_what_is_false_is_not_proved(left, right):
    assert equal(left, right) is not True
