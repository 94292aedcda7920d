"""What SymPy gets wrong with sums, indices and arrays, and that our nodes do not have it.

Each trap is shown in SymPy where it is cheap to show, so that a SymPy release which mends it is noticed.
"""

import pytest
import sympy as sp
from sympy import IndexedBase, KroneckerDelta, MatrixSymbol, Trace, exp, log, symbols, tanh
from sympy.concrete.delta import deltasummation

from derivations import load
from derivations.calculus.domains import POSITIVE, interval
from derivations.calculus.functions import relu, sigmoid
from derivations.calculus.normal_form import Unsupported, equal
from derivations.calculus.operators import D, Expectation, Limit, Sum, delta
from derivations.calculus.substitution import alpha_equal, substitute, unfold
from derivations.calculus.symbols import (
    CalculusError,
    Definition,
    IndexRangeError,
    index,
    indices,
    matrix,
    scalar,
    scalars,
    size,
    sizes,
    vector,
)
from derivations.judges import kernel, ladder
from derivations.judges.ball import evaluate
from derivations.judges.ball.values import point
from derivations.proof.statement import Eq

n, m = sizes("n m")
i, j, k, l = indices("i j k l", n)  # noqa: E741
z, W, A = vector("z", n), matrix("W", n, n), matrix("A", n, n)
at_two = point({n: 2, i: 1, j: 2, z: ["3", "5"], W: [[1, 2], [3, 4]], A: [[0, 1], [0, 0]]})


def test_substitution_under_a_sum_does_not_capture():
    a, b, c = symbols("k j n", integer=True)
    base = IndexedBase("z")
    assert sp.Sum(base[a] * base[b], (a, 1, c)).subs(b, a) == sp.Sum(base[a] ** 2, (a, 1, c))  # SymPy captures

    captured = Sum(z[k] * z[j], k)
    for result in (substitute(captured, {j: k}), captured.subs(j, k)):
        assert equal(result, z[k] * Sum(z[l], l))
        assert not equal(result, Sum(z[l] ** 2, l))


def test_the_derivative_of_a_sum_by_an_entry_counts_every_position():
    a, c = symbols("k n", integer=True)
    base = IndexedBase("z")
    assert sp.Sum(base[a], (a, 1, c)).diff(base[a]) == sp.Sum(1, (a, 1, c))  # SymPy: n, not 1

    assert equal(D(Sum(z[k], k), z[k]), sp.Integer(1))
    assert not equal(D(Sum(z[k], k), z[k]), n)
    assert equal(D(Sum(z[k] ** 2, k), z[j]), 2 * z[j])


def test_two_sums_are_not_equal_because_their_outlines_are():
    off_diagonal, diagonal = Sum(Sum(W[k, l], l), k), Sum(Sum(W[k, k], l), k)
    assert not alpha_equal(off_diagonal, diagonal)
    assert not equal(off_diagonal, diagonal)
    assert alpha_equal(off_diagonal, Sum(Sum(W[i, j], j), i))
    assert not alpha_equal(Sum(Sum(W[k, l], l), k), Sum(Sum(W[l, k], l), k))


def test_a_delta_contracts_only_where_the_range_is_known():
    q, s = index("q", m), index("s", m)
    u = vector("u", n)
    a, b = symbols("a b", integer=True)
    assert deltasummation(KroneckerDelta(a, b), (a, 1, 3), no_piecewise=True) == 1  # SymPy: for any b

    over_other_range = Sum(delta(k, q) * u[k], k)  # 0 when q > n
    with pytest.raises(IndexRangeError):
        u[q]
    assert not equal(Sum(delta(k, q), k), sp.Integer(1))
    assert equal(Sum(delta(k, q), k), Sum(delta(q, k), k))
    assert equal(Sum(over_other_range, q), Sum(u[k] * Sum(delta(k, s), s), k))
    assert equal(Sum(delta(k, i) * u[k], k), u[i])


def test_an_empty_sum_is_zero_and_a_crossed_range_is_refused():
    assert sp.Sum(1, (symbols("k"), 3, 1)).doit() == -1  # SymPy's convention

    assert equal(Sum(sp.Integer(1), index("k", 1, 0)), sp.Integer(0))
    crossed = Sum(sp.Integer(1), index("k", 3, 1))
    with pytest.raises(Unsupported):
        equal(crossed, sp.Integer(-1))
    assert evaluate(crossed, at_two) == 0


def test_derivatives_of_a_trace_and_of_a_quadratic_form():
    M = MatrixSymbol("M", 3, 3)
    assert isinstance((Trace(M) + 1).diff(M), sp.ZeroMatrix)  # SymPy drops the identity

    trace, quadratic = Sum(A[k, k], k), Sum(z[k] * A[k, l] * z[l], k, l)
    assert equal(D(trace + 1, A[i, j]), delta(i, j))
    assert not equal(D(trace + 1, A[i, j]), sp.Integer(0))
    assert equal(D(Sum(z[k] ** 2, k), z[i]), 2 * z[i])
    assert equal(D(quadratic, z[i]), Sum((A[i, k] + A[k, i]) * z[k], k))
    assert not equal(D(quadratic, z[i]), 2 * Sum(A[i, k] * z[k], k))


def test_nothing_is_integrated_and_a_logarithm_keeps_its_domain():
    """The lecture integrates; the theorem differentiates instead, and log(p - 1) has no place in it."""
    a = symbols("a")
    assert sp.integrate(1 / (1 - a), a) == -log(a - 1)  # real for no 0 < a < 1

    theorem = load("losses.cross_entropy_from_desired_gradient")
    assert ladder.decide(theorem.statement)["kernel"].proved
    p = scalar("p", interval(0, 1))
    assert equal(D(-log(1 - p), p), 1 / (1 - p))
    assert not kernel.decide(Eq(-log(1 - p), -log(p - 1))).proved
    assert not any(v.proved for v in ladder.decide(Eq(log(1 - p), log(p - 1))).values())


def test_a_limit_is_never_taken_by_putting_infinity_in():
    t = size("t")
    b = scalar("b", interval(0, 1))
    one = Eq(Limit((1 + 1 / t) ** t, t), 1)
    assert not kernel.decide(one).proved
    assert not any(v.proved for v in ladder.decide(one).values())
    assert not kernel.decide(Eq(Limit(b**t, t), b)).proved
    with pytest.raises(CalculusError):
        Limit(b**2, b)


def test_a_limit_binds_its_size():
    t = size("t")
    a = scalar("a")
    shrinking = substitute(Limit(a / t, t), {a: t})
    assert shrinking != Limit(sp.Integer(1), t)
    assert shrinking.free_symbols == {t}
    assert shrinking.variable != t


# ---- met in this project


def test_an_array_is_not_iterable():
    """SymPy treats what has ``__getitem__`` as a sequence and would ask for z[0]."""
    with pytest.raises(TypeError):
        iter(z)
    assert sp.sympify(z) is z
    assert z[i] + z[j] == z[j] + z[i]
    assert sp.Add(z[i], 0) == z[i]
    with pytest.raises(IndexRangeError):
        z[0]


def test_expand_does_not_enter_a_definition():
    p = Definition("p", (i,), (z[i] + 1) ** 2)
    expanded = sp.expand(p[j] * (p[j] + 1))
    assert {node.head for node in expanded.atoms(type(p[j]))} == {p}
    assert p.body == (z[i] + 1) ** 2
    assert unfold(p[j]) == (z[j] + 1) ** 2


def test_asking_for_a_sign_puts_no_number_for_an_index():
    """SymPy looks for the sign of a difference by differentiating by n and putting its least value in."""
    e, noise = vector("e", n, domain=POSITIVE), vector("noise", n, random=True)
    for left, right in [
        (z[i] - 1, z[n]),
        (tanh(z[1]), sp.Rational(1, 2)),
        (Sum(e[k], k), sp.Integer(3)),
        (exp(Sum(e[k], k)) - n, sp.Integer(2)),
        (z[n + 1 - i], n),
        (vector("u", size("five", minimum=5))[3], sp.Integer(2)),
        (tanh(Expectation(Sum(noise[k], k))), Sum(e[k], k)),
    ]:
        spread = sp.Max(left, right) - sp.Min(left, right)
        assert equal(spread, sp.Abs(left - right))
    assert relu(z[n] - n).is_nonnegative
    assert (n - i).is_positive is None
    assert sp.diff(Sum(e[k], k), n) is sp.nan  # no derivative by a number of entries; not 0


def test_sympys_diff_of_our_nodes_is_never_a_wrong_value():
    a, b = scalars("a b")
    assert sp.diff(Sum(a * z[k], k), b) == 0
    assert sp.diff(Sum(a * z[k], k), a).has(sp.Derivative)
    assert sp.diff(sigmoid(a), a) == sigmoid(a) * (1 - sigmoid(a))
