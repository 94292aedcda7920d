"""What grows without end is refused with a reason, the same way every time, and does not spoil the next decision."""

import pytest
from sympy import exp

from derivations.calculus.functions import tanh
from derivations.calculus.kernel import effort
from derivations.calculus.normal_form import Unsupported, equal
from derivations.calculus.operators import D, Sum
from derivations.calculus.symbols import indices, matrix, scalars, size, vector
from derivations.judges import kernel
from derivations.proof.statement import Eq

n = size("n")
i, j, k, l = indices("i j k l", n)  # noqa: E741
x, A = vector("x", n), matrix("A", n, n)
a, b = scalars("a b")


def nested(depth):
    inner = x[l]
    for at in range(depth):
        inner = tanh(Sum(A[l, k] * x[k] * inner if at % 2 == 0 else A[k, l] * inner, *((k,) if at % 2 == 0 else (l,))))
    return inner


@pytest.mark.parametrize("depth", [3, 4])
def test_a_derivative_that_explodes_is_refused(monkeypatch, depth):
    monkeypatch.setattr(effort, "LIMIT", 100_000)
    claim = Eq(D(D(nested(depth), x[i]), x[j]), a)
    first, second = kernel.decide(claim), kernel.decide(claim)
    assert first.status == second.status == "unknown"
    assert first.reason == second.reason
    assert equal(D(Sum(x[k] ** 2, k), x[i]), 2 * x[i])


def test_many_terms_are_decided():
    terms = sum((q + 1) * a**q * tanh(b + q) for q in range(200))
    assert equal(D(terms * x[i], x[j]), D(x[i] * terms, x[j]))
    assert not equal(terms, terms + a)


def test_a_large_power_and_a_large_tree_are_refused():
    with pytest.raises(Unsupported):
        equal((a + b) ** 20, a)
    deep = a
    for _ in range(14):
        deep = exp(deep, evaluate=False) + 1 / (2 + deep)
    with pytest.raises(Unsupported, match="parts"):
        equal(deep, b)
