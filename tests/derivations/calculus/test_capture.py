"""Attacks on names and dependence: what two objects of one name, a bound index or a held definition might hide.

Each was or might be a hole. Where a statement is false or has no meaning the kernel must not prove it.
"""

import pytest
import sympy as sp
from sympy import Abs, exp, log, sign, sqrt

from derivations.calculus.domains import NONNEGATIVE, POSITIVE, interval
from derivations.calculus.functions import sigmoid, tanh
from derivations.calculus.normal_form import Unsupported, equal
from derivations.calculus.operators import D, Expectation, Sum, delta
from derivations.calculus.substitution import alpha_equal, substitute, unfold
from derivations.calculus.symbols import (
    CalculusError,
    Definition,
    Recurrence,
    Size,
    index,
    indices,
    integer,
    matrix,
    scalar,
    scalars,
    sequence,
    size,
    sizes,
    tensor,
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


# ---- indices


def test_two_free_indices_of_one_name_and_extent_stay_apart():
    from_zero = index("i", 0, n - 1)
    assert not proved(delta(i, from_zero + 1), 1)
    assert not proved(x[from_zero + 1], x[i])
    assert not proved(i - from_zero, 1)
    assert not proved(x[i], vector("x", n0 + 1)[index("i", n0 + 1)])


def test_a_hypothesis_about_a_row_says_nothing_of_the_diagonal():
    rows = [(Sum(Y[i, k], k), sp.Integer(1))]
    assert proved(Sum(Y[3 * j - 2 * j, r], r), 1, rows)
    assert not proved(Sum(Y[k, k], k), 1, rows)
    assert not proved(Sum(Y[k, j], k), 1, rows)
    assert proved(Sum(x[k] * Y[k, r], k, r), Sum(x[k], k), rows)
    assert not proved(Sum(x[k] * Y[r, k], k, r), Sum(x[k], k), rows)


def test_a_hypothesis_holds_where_its_index_runs_and_not_beyond():
    u = vector("u", n + 1)
    first = [(u[i], sp.Integer(0))]
    assert proved(u[j], 0, first)
    assert not proved(u[n + 1], 0, first)
    assert not proved(u[index("k", n + 1)], 0, first)
    assert not proved(g[s], 1, [(g[i], sp.Integer(1))])  # s may be beyond n, where g counts as 0


def test_deltas_of_different_ranges_stay():
    assert not proved(Sum(delta(k, s), k), 1)
    assert not proved(Sum(delta(k, s) * g[k], k), g[k])
    assert proved(Sum(delta(k, s) * g[k], k), g[s])  # padded: 0 beyond n
    assert not proved(delta(i, j), 1)
    assert not proved(Sum(delta(k + 1, i) * x[k], k), x[i])


def test_a_padded_array_is_not_positive():
    assert not proved(sign(g[s]), 1)
    assert not proved(sqrt(x[i] ** 2 * g[s]), x[i] * sqrt(g[s]))
    assert not proved(log(g[s] * g[i]), log(g[s]) + log(g[i]) + a)


def test_a_range_may_not_name_an_index_hidden_inside():
    upto = index("k", 1, i)
    with pytest.raises(CalculusError, match="names i"):
        Sum(x[upto], i)
    with pytest.raises(CalculusError, match="names i"):
        Sum(x[upto], upto, i)
    assert Sum(x[upto], i, upto).bound == (i, upto)


# ---- names


def test_a_size_with_a_prime_is_not_the_one_that_the_kernel_makes():
    """A sum to T - 1 is written with T = T' + 1; the statement may have a T' of its own."""
    v, prime = sequence("v"), Size("T'", 0)
    shorter = Sum(v[index("k", 1, T - 1)], index("k", 1, T - 1))
    assert not proved(shorter + T - prime, shorter + 1)
    assert proved(shorter + T - prime, T - prime + shorter)


def test_two_objects_of_one_name_stay_apart():
    assert not proved(a, scalar("a", POSITIVE))
    assert not proved(x[i], vector("x", n, domain=POSITIVE)[i])
    assert not proved(size("n", 1), size("n", 0))
    assert not proved(a, integer("a"))


def test_an_array_named_as_a_held_definition():
    held = tensor("p_held", n)
    P = Definition("p", (i,), exp(z[i]))
    total = Sum(held[k] * P[k], k)
    assert proved(D(total, P[i]), held[i])
    assert not proved(D(total, P[i]), 2 * P[i])


def test_names_of_bound_indices_do_not_matter_but_free_ones_do():
    numbered = index("bound_0", n)
    assert not alpha_equal(Sum(x[k] * z[numbered], k), Sum(x[k] * z[k], k))
    assert alpha_equal(Sum(x[k] * z[numbered], k), Sum(x[j] * z[numbered], j))
    upto, free = index("j", 1, i), index("r", n)
    assert not alpha_equal(Sum(x[upto], i, upto), Sum(x[upto], free, upto))
    assert alpha_equal(Sum(x[upto], i, upto), Sum(x[index("s", 1, k)], k, index("s", 1, k)))


# ---- recurrences


def test_a_recurrence_driven_by_an_entry_depends_on_its_index():
    fading = Recurrence("f", every, previous, x[i], previous / 2)
    assert not proved(Sum(fading[T], i), n * fading[T])
    assert proved(fading[0], x[i])


def test_a_recurrence_is_not_constant_in_what_drives_it():
    m_ = Recurrence("m", every, previous, sp.Integer(0), beta * previous + (1 - beta) * noise[every])
    for variable in (beta, noise[1]):
        assert not proved(D(m_[T], variable), 0)
    assert proved(D(m_[T], a), 0)
    assert not proved(Expectation(m_[T]), m_[T])
    P = Definition("p", (), a**2)
    driven = Recurrence("d", every, previous, P[()], previous * P[()])
    assert not proved(D(driven[T], P[()]), 0)


# ---- derivatives


def test_a_derivative_by_a_definition_holds_it_in_every_attempt():
    """The attempt that writes sigmoid with exp opens definitions, and must not open what is held."""
    act = Definition("a", (), sigmoid(w))
    assert not proved(D(act[()] ** 2, act[()]), 0)
    assert proved(D(act[()] ** 2, act[()]), 2 * act[()])
    assert unfold(D(act[()] ** 2, act[()])) == D(act[()] ** 2, act[()])
    assert not proved(D(D(act[()] ** 3, act[()]), act[()]), 0)
    assert proved(D(D(act[()] ** 3, act[()]), act[()]), 6 * act[()])
    tanh_of = Definition("h", (i,), tanh(z[i]))
    assert not proved(D(Sum(tanh_of[k] ** 2, k), tanh_of[j]), 0)


def test_a_derivative_by_a_definition_with_an_index_of_its_own():
    Q = Definition("q", (), x[i] ** 2)
    assert not proved(D(Sum(Q[()], i), Q[()]), n)


def test_a_definition_of_the_same_name_in_another_form_is_not_opened_in_silence():
    P, same = Definition("p", (i,), exp(z[i])), Definition("p", (k,), exp(z[k]))
    assert not proved(D(Sum(same[j], j), P[i]), 0)


def test_a_derivative_with_two_readings_is_not_decided():
    """Does the inner derivative by z reach z through the p that the outer one holds?"""
    P = Definition("p", (i,), exp(z[i]))
    inner = D(Sum(P[k] ** 2, k), z[j])
    assert not proved(D(inner, P[i]), 0)


def test_parameters_that_shadow():
    P = Definition("p", (k,), x[k] * Sum(x[i], i))
    total = Sum(P[i] ** 2, i)
    assert proved(D(total, P[i]), 2 * P[i])
    assert proved(D(P[j], x[i]), delta(i, j) * Sum(x[k], k) + x[j])
    assert not proved(D(P[j], x[i]), delta(i, j) * Sum(x[k], k))


def test_a_derivative_by_an_entry_that_may_be_outside():
    """D(g[j], g[s]) is delta_js, also where s is beyond n; the access g[s] itself is a sum."""
    assert not proved(D(g[j], g[s]), 0)
    assert not proved(D(g[j], g[s]), 1)
    assert proved(D(g[j], g[i]), delta(i, j))


def test_a_derivative_of_an_expectation_by_its_own_random_entry():
    assert not proved(D(Expectation(R[1] ** 2), R[1]), 2 * Expectation(R[1]))
    assert proved(D(Expectation(a * R[1] ** 2), a), Expectation(R[1] ** 2))


def test_expectations_are_linear_and_no_more():
    assert not proved(Expectation(R[i] * R[j]), Expectation(R[i]) * Expectation(R[j]))
    assert not proved(Expectation(R[i] ** 2), Expectation(R[i]) ** 2)
    assert not proved(Expectation(exp(R[i])), exp(Expectation(R[i])))
    assert not proved(Expectation(R[i]), R[i])
    assert proved(Expectation(x[i] * R[i] + a), x[i] * Expectation(R[i]) + a)
    assert proved(Expectation(Expectation(R[i]) * R[j]), Expectation(R[i]) * Expectation(R[j]))


def test_a_derivative_at_a_kink_is_not_smooth():
    assert not proved(D(Abs(a), a), 1)
    assert not proved(D(D(Abs(a), a) * a, a), 0)


# ---- substitution


def test_a_replacement_does_not_slip_into_a_derivative():
    assert substitute(D(w * a, w), {a: b}) == D(w * b, w)
    assert substitute(D(w * a, w), {w: c}) == D(c * a, c)
    for replacements in ({w: a}, {a: w**2}, {a: Definition("q", (), w**2)[()]}, {w: sp.Integer(3)}, {w: 2 * c}):
        with pytest.raises(CalculusError):
            substitute(D(w * a, w), replacements)
    with pytest.raises(CalculusError):
        substitute(D(a * x[i], x[i]), {a: x[j]})
    assert equal(substitute(D(x[i] * x[j], x[i]), {j: i}), 2 * x[i])


def test_a_replacement_of_an_expression_leaves_bound_copies_alone():
    assert substitute(Sum(x[k], k) + x[k], {x[k]: a}) == Sum(x[k], k) + a
    assert substitute(Sum(x[k] * y[i], k), {y[i]: a}) == Sum(x[k] * a, k)


def test_what_stands_for_the_previous_element_is_bound():
    doubling = Recurrence("d", every, previous, a, 2 * previous)
    assert substitute(doubling[T], {previous: a}) == doubling[T]
    moved = substitute(Recurrence("d", every, previous, a, b * previous)[T], {b: previous})
    assert moved.head.previous != previous
    assert moved.head.step_at(1).free_symbols == {previous, a}
