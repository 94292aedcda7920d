"""Replacing under binders has the value of replacing at the point."""

import random

import pytest
import sympy as sp

from derivations.calculus.operators import D, Product, Sum
from derivations.calculus.substitution import alpha_equal, canonical, substitute, unfold
from derivations.calculus.symbols import (
    CalculusError,
    Definition,
    Index,
    index,
    indices,
    matrix,
    scalars,
    sizes,
    vector,
)
from derivations.judges.ball import NotEvaluable, arithmetic, evaluate
from derivations.judges.ball.values import Point
from tests.support.fuzzing import FREE, Generator, points
from tests.support.fuzzing import a as scalar_a
from tests.support.fuzzing import i as free_i
from tests.support.fuzzing import j as free_j
from tests.support.fuzzing import q as positive
from tests.support.fuzzing import x as array
from tests.support.rewriting import rewritten

n, m = sizes("n m")
i, j, k = indices("i j k", n)
x, W = vector("x", n), matrix("W", n, n)
a, b = scalars("a b")


def moved(point: Point, change: dict[Index, Index]) -> Point:
    """The point at which the replaced indices have the values of those put for them."""
    return Point({k: point.indices[change.get(k, k)] for k in point.indices}, point.values)


def test_indices_are_replaced_as_if_they_had_that_value():
    change = {free_i: free_j, free_j: free_i}
    compared = 0
    for seed in range(150):
        try:
            e = Generator(f"substitution {seed}").real(3, FREE)
            replaced = substitute(sp.sympify(e), change)
        except (ValueError, RecursionError):
            continue
        with arithmetic.precision():
            for point in points(seed, 2):
                compared += _agree(sp.sympify(e), moved(point, change), replaced, point)
    assert compared > 150


def test_a_scalar_is_replaced_as_if_it_had_that_value():
    """a is put to be x_i q: in every sum over i this must stay the outer x_i."""
    compared = 0
    for seed in range(150):
        try:
            e = sp.sympify(Generator(f"scalar {seed}").real(3, FREE))
            replaced = substitute(e, {scalar_a: array[free_i] * positive})
        except (ValueError, RecursionError):
            continue
        if e.has(D):
            continue
        with arithmetic.precision():
            for point in points(seed, 2):
                values = point.values
                put = values.entry(array, (point.indices[free_i],), None) * values.scalar(positive)
                before = values.scalar(scalar_a)
                values.known[scalar_a, (), None] = put
                try:
                    expected = evaluate(e, point)
                except NotEvaluable:
                    continue
                finally:
                    values.known[scalar_a, (), None] = before
                compared += _close(expected, evaluate(replaced, point))
    assert compared > 100


def _agree(e, at, other, at_other) -> bool:
    try:
        return _close(evaluate(e, at), evaluate(other, at_other))
    except NotEvaluable:
        return False


def _close(left, right) -> bool:
    difference = left - right
    if not difference.is_finite():
        return False
    assert difference.contains(0)
    return True


def test_canonical_names_forget_the_letters_only():
    for seed in range(100):
        e = Generator(f"canonical {seed}").expression()
        assert alpha_equal(e, canonical(e))
        assert canonical(canonical(e)) == canonical(e)
    assert alpha_equal(Sum(Sum(W[k, i], i), k), Sum(Sum(W[i, k], k), i))
    assert not alpha_equal(Sum(Sum(W[k, i], i), k), Sum(Sum(W[i, k], i), k))
    assert not alpha_equal(Sum(x[k], k), Product(x[k], k))
    assert not alpha_equal(Sum(a, k), Sum(a, index("k", m)))


def test_opening_a_definition_under_a_sum_over_its_own_names():
    P = Definition("p", (i,), x[i] * Sum(W[i, k], k))
    assert alpha_equal(unfold(Sum(P[k], k)), Sum(x[k] * Sum(W[k, j], j), k))
    assert alpha_equal(unfold(P[j]), x[j] * Sum(W[j, i], i))
    assert unfold(P[j], heads=[Definition("q", (i,), x[i])]) == P[j]
    assert unfold(P[j], keep=[P]) == P[j]


def test_a_range_follows_its_ends():
    last = substitute(Sum(x[k], k), {n: n + 1})
    assert last.bound[0].high == n + 1
    assert last.free_symbols == {n}
    with pytest.raises(CalculusError):
        substitute(x[i], {i: n + 1})


def test_rewriting_in_the_tests_has_the_value_of_the_original():
    compared = 0
    for seed in range(60):
        e = Generator(f"rewriting {seed}").expression()
        other = rewritten(e, random.Random(seed))
        with arithmetic.precision():
            for point in points(seed, 2):
                compared += _agree(e, point, other, point)
    assert compared > 60
