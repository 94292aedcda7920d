"""Points are exact, admissible, and start small."""

from fractions import Fraction

import pytest
import sympy as sp
from sympy import exp, log

from derivations.calculus.domains import INTEGER, NONNEGATIVE, POSITIVE, REAL, Domain, interval
from derivations.calculus.operators import Expectation, Sum, delta
from derivations.calculus.symbols import index, indices, matrix, scalar, scalars, sequence, size, sizes, vector
from derivations.judges.ball import Evaluator, NotEvaluable, Scope, evaluate
from derivations.judges.ball.drawing import Style, extreme, interval_of, ordinary, simplest
from derivations.judges.ball.points import points
from derivations.judges.ball.satisfying import Instance, satisfy
from derivations.judges.ball.values import point
from derivations.proof.statement import Eq, Gt, Hypothesis, Le, Lt, Ne

n, m = sizes("n m")
i, j, k, h = indices("i j k h", n)
x, y = vector("x", n), vector("y", n)
a, b, c = scalars("a b c")


def drawn(expressions, *relations, **options):
    found = list(points(expressions, [Hypothesis("given", r) for r in relations], **options))
    for at in found:  # a second reading of the hypotheses, apart from the solver's own
        for expression in expressions:
            Evaluator(at.values).value(expression, Scope(at.indices))
    return found


def residuals(relation, at, *bindings):
    """left - right at each binding of the relation's indices."""
    difference = relation.left - relation.right
    return [Evaluator(at.values).value(difference, Scope(binding)) for binding in bindings]


# ---- the order -------------------------------------------------------------------------------------------------


def test_the_smallest_come_first():
    found = drawn([x[i] * a])
    assert [at.sizes[n] for at in found] == sorted(at.sizes[n] for at in found)
    assert {at.sizes[n] for at in found} == {1, 2, 3}
    assert {(at.sizes[n], at.indices[i]) for at in found} == {(s, p) for s in (1, 2, 3) for p in range(1, s + 1)}


def test_a_lone_scalar_takes_the_simplest_values_in_turn():
    values = [str(at.values.scalar(a)) for at in drawn([a])]
    assert values[:5] == ["0", "1", "-1", "2", "1/2"]
    assert len(values) == 40 and len(set(values)) > 30
    assert any(abs(Fraction(v)) > 30 for v in values) and any(0 < abs(Fraction(v)) < Fraction(1, 100) for v in values)


def test_sizes_start_at_their_minimum():
    q = size("q", 2)
    w = vector("w", q)
    assert {at.sizes[q] for at in drawn([w[index("u", q)]])} == {2, 3, 4}
    assert {at.sizes[q] for at in drawn([w[index("u", q)]], sizes=(1, 3))} == {2, 4}


def test_every_pair_of_sizes_is_reached_in_growing_order():
    A = matrix("A", m, n)
    found = drawn([Sum(A[index("s", m), k], k)])
    pairs = list(dict.fromkeys((at.sizes[m], at.sizes[n]) for at in found))
    assert pairs[0] == (1, 1) and (3, 3) in pairs and any(p < q for p, q in pairs) and any(p > q for p, q in pairs)


def test_an_index_without_values_gives_no_point():
    u = index("u", 3, n)
    assert {at.sizes[n] for at in drawn([x[u]])} == {3}
    causal = index("causal", 1, i - 1)
    assert all(at.indices[causal] < at.indices[i] for at in drawn([x[i] + x[causal]]))


def test_count_bounds_the_points_and_the_seed_decides_them():
    A = matrix("A", m, n)
    expressions = [A[index("s", m), i] * A[index("t", m), j]]
    for count in (1, 8, 40):
        assert 0 < len(drawn(expressions, count=count)) <= count
    first, same, other = ([at.described() for at in drawn(expressions, seed=seed, count=12)] for seed in (0, 0, 1))
    assert first == same != other


def test_entries_are_mostly_distinct():
    last = drawn([Sum(x[k] * y[k], k)])[-2]
    values = [last.values.entry(t, (p,), None) for t in (x, y) for p in (1, 2, 3)]
    assert len(set(values)) >= 5


# ---- the domains -----------------------------------------------------------------------------------------------

DOMAINS = [
    REAL,
    POSITIVE,
    NONNEGATIVE,
    INTEGER,
    interval(0, 1),
    interval(5, 6),
    interval(-1, 1, closed=True),
    interval(sp.Rational(1, 3), sp.Rational(1, 2)),
    Domain(low=2, integer=True, low_closed=True),
    Domain(high=-3),
    Domain(low=0, high=3, integer=True),
    interval(7, 7, closed=True),
]


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_numbers_stay_in_their_domain(domain):
    found = drawn([scalar("u", domain)])
    assert len(found) >= 10
    for at in found:
        u = at.values.scalar(scalar("u", domain))
        assert sp.Rational(int(u.p), int(u.q)) in domain


def test_simplest_values():
    assert simplest(REAL)[:5] == (0, 1, -1, 2, Fraction(1, 2))
    assert simplest(POSITIVE)[:3] == (1, 2, Fraction(1, 2))
    assert simplest(interval(5, 6))[0] == Fraction(11, 2)
    assert simplest(interval(7, 7, closed=True)) == (7,)
    assert simplest(INTEGER)[:3] == (0, 1, -1)


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_the_fast_membership_is_that_of_the_domain(domain):
    ends = [Fraction(str(end)) for end in (domain.low, domain.high) if end.is_finite]
    tiny = Fraction(1, 10**20)
    around = [end + shift for end in ends for shift in (0, tiny, -tiny, 1, -1)]
    for u in [*around, Fraction(0), Fraction(5, 2), Fraction(-4), Fraction(10**20)]:
        assert (u in interval_of(domain)) == (sp.Rational(u.numerator, u.denominator) in domain), u


def test_the_first_simple_point_is_zero_and_the_next_have_neighbouring_numbers():
    A = matrix("A", n, n)
    zero, first, second = (Style("simple", rank, order=(x, y, a, b)) for rank in (0, 1, 2))
    entries = {
        style.rank: [[style((t, (p,), None)) for p in (1, 2, 3)] for t in (x, y)] for style in (zero, first, second)
    }
    assert entries[0] == [[0, 0, 0], [0, 0, 0]]
    assert entries[1][0] == [0, 2, Fraction(-1, 2)] or entries[1][0][:2] == [0, 1]
    assert all(len({*row}) == 3 for rank in (1, 2) for row in entries[rank])
    assert first((a, (), None)) != first((b, (), None)) and first((a, (), None)) != second((a, (), None))
    assert len({first((A, (p, q), None)) for p in (1, 2, 3) for q in (1, 2, 3)}) == 9


def test_a_domain_without_numbers_has_no_points():
    with pytest.raises(NotEvaluable):
        drawn([scalar("u", Domain(low=0, high=1, integer=True))])


# ---- hypotheses ------------------------------------------------------------------------------------------------


def test_a_total_is_met_exactly():
    unit = Eq(Sum(y[k], k), 1)
    found = drawn([y[i]], unit)
    assert len(found) >= 20
    assert all(residuals(unit, at, {}) == [0] for at in found)
    assert len({tuple(at.described().items()) for at in found}) > 20


@pytest.mark.parametrize("domain", [POSITIVE, interval(0, 1), interval(0, 1, closed=True)], ids=str)
def test_a_distribution_stays_in_its_domain(domain):
    w = vector("w", n, domain=domain)
    unit = Eq(Sum(w[k], k), 1)
    found = drawn([w[i]], unit)
    # an open interval (0, 1) has no distribution on one class: sizes 2 and 3 remain
    assert {at.sizes[n] for at in found} >= {2, 3}
    for at in found:
        assert residuals(unit, at, {}) == [0]
        entries = [at.values.entry(w, (p,), None) for p in range(1, at.sizes[n] + 1)]
        assert all(sp.Rational(int(u.p), int(u.q)) in domain for u in entries)


def test_two_equations_over_the_same_numbers():
    first, second = Eq(Sum(y[k], k), 1), Eq(Sum(k * y[k], k), 2)
    found = drawn([y[i]], first, second)
    assert {at.sizes[n] for at in found} == {2, 3}  # for n = 1 they contradict each other
    for at in found:
        assert residuals(first, at, {}) == [0] and residuals(second, at, {}) == [0]


def test_a_free_index_means_for_all():
    A = matrix("A", n, n)
    symmetric = Eq(A[i, j], A[j, i])
    found = drawn([A[k, h]], symmetric)
    largest = next(at for at in reversed(found) if at.sizes[n] == 3)
    everywhere = [{i: p, j: q} for p in (1, 2, 3) for q in (1, 2, 3)]
    assert residuals(symmetric, largest, *everywhere) == [0] * 9


def test_triangular_and_nonlinear_equations():
    found = drawn([a * b * c], Eq(a * b, c), Eq(a, 2 * b + 1))
    assert len(found) > 20
    for at in found:
        va, vb, vc = (at.values.scalar(s) for s in (a, b, c))
        assert va * vb == vc and va == 2 * vb + 1


def test_expected_values_are_met_exactly():
    g, mu = sequence("g", random=True), scalar("mu")
    u = index("u", 1, sp.oo)
    stationary = Eq(Expectation(g[u]), mu)
    found = drawn([Expectation(g[index("now", 1, sp.oo)])], stationary)
    assert len(found) > 10
    assert all(residuals(stationary, at, *({u: p} for p in range(1, 9))) == [0] * 8 for at in found)
    assert any(len(at.values.weights) == 3 for at in found)
    assert all(sum(at.values.weights) == 1 and min(at.values.weights) > 0 for at in found)


def test_beyond_the_solved_instances_a_sequence_is_closed():
    g, u = sequence("g"), index("u", 1, sp.oo)
    at = drawn([g[index("now", 1, sp.oo)]], Eq(g[u], g[1]))[0]
    assert at.values.entry(g, (8,), None) == at.values.entry(g, (1,), None)
    with pytest.raises(NotEvaluable):
        at.values.entry(g, (9,), None)


def test_inequalities_hold_for_certain():
    found = drawn([a, b], Lt(a, b), Ne(a, 0), Gt(exp(b), 2), Le(a**2, 100))
    assert len(found) > 20
    for at in found:
        va, vb = (Fraction(str(at.values.scalar(s))) for s in (a, b))
        assert va < vb and va != 0 and va**2 <= 100 and vb > 0.69


def test_what_cannot_be_solved_gives_no_point():
    assert drawn([a], Eq(a**2, 2)) == []  # no rational solution
    assert drawn([a], Eq(a, a + 1)) == []
    assert drawn([x[i]], Eq(x[j], 1), Eq(Sum(x[k], k), n + 1)) == []
    u = scalar("u", POSITIVE)
    assert drawn([u], Eq(u, -1)) == []


def test_exact_values_of_functions_may_satisfy_an_equation():
    found = drawn([a], Eq(exp(a), 1), Eq(log(b), 0))
    assert found and all(at.values.scalar(a) == 0 and at.values.scalar(b) == 1 for at in found)


def test_satisfy_rests_on_a_final_check():
    at = point({a: 1, b: 1})
    equations = [Instance(Eq(a, 2), {}), Instance(Eq(a, 3), {})]
    assert not satisfy(equations, at.values)
    at = point({a: 1, b: 1})
    assert satisfy([Instance(Eq(a, 2 * b), {}), Instance(Lt(b, a), {})], at.values)
    assert at.values.scalar(a) == 2 * at.values.scalar(b)


def test_sequences_are_drawn_lazily_and_always_alike():
    v = sequence("v")
    first, again = (drawn([v[index("now", 1, sp.oo)]])[-1] for _ in range(2))
    assert first.values.entry(v, (1000,), None) == again.values.entry(v, (1000,), None)
    assert first.values.entry(v, (1000,), None) != first.values.entry(v, (999,), None)


def test_uncorrelated_signs():
    w = vector("w", n, random=True)
    style = Style("simple", signs=True)
    columns = [[style((w, (p,), outcome)) for outcome in range(16)] for p in (1, 2, 3)]
    assert all(sum(column) == 0 for column in columns)
    assert all(sum(p * q for p, q in zip(s, t, strict=True)) == 0 for s in columns for t in columns if s is not t)


# ---- points by hand --------------------------------------------------------------------------------------------


def test_a_point_by_hand():
    A = matrix("A", m, n)
    s = index("s", m)
    at = point({m: 1, n: 2, s: 1, a: "1/3", A: [[1, "-2/7"]]})
    assert str(Fraction(str(at.values.entry(A, (1, 2), None)))) == "-2/7"
    assert evaluate(A[s, 1] + n, at) == 3
    with pytest.raises(NotEvaluable):
        evaluate(b, at)
    assert at.described()["m"] == "1" and "[[1, -2/7]]" in at.described()["A"]


def test_a_random_array_by_hand():
    g = vector("g", n, random=True)
    at = point({n: 2, i: 2, g: [[1, 2], [3, 6]]}, weights=("1/4", "3/4"))
    assert evaluate(Expectation(g[i]), at) == 5
    assert evaluate(Expectation(g[i] * delta(i, 2)) - 5, at) == 0
    assert at.described()["g"] == "[1, 2] with probability 1/4; [3, 6] with probability 3/4"


def test_arrays_that_do_not_start_at_one():
    v = sequence("v", first=0)
    now = index("now", 0, sp.oo)
    assert evaluate(v[now], point({now: 2, v: [5, 6, 7]})) == 7


def test_ordinary_and_extreme_draws_differ():
    import random

    rng = random.Random(0)
    usual = [abs(ordinary(REAL, rng)) for _ in range(200)]
    far = [abs(extreme(REAL, rng)) for _ in range(200)]
    assert max(usual) <= 8 and min(usual) > Fraction(1, 20)
    assert max(far) > 40 and min(far) < Fraction(1, 400)


# ---- everyday hypotheses ---------------------------------------------------------------------------------------

A, B = matrix("A", n, n), matrix("B", n, n)
P = vector("P", n, domain=POSITIVE)
W = matrix("W", m, n, domain=POSITIVE)
u = index("u", m)
rational = sp.Rational
same = delta(i, j)

EVERYDAY = {
    "inside a circle": ([a + b], [Lt(a**2 + b**2, 1)]),
    "inside a small circle": ([a + b], [Lt(a**2 + b**2, rational(1, 10**6))]),
    "in a ring": ([a + b], [Lt(1, a**2 + b**2), Lt(a**2 + b**2, rational(11, 10))]),
    "on a circle": ([a + b], [Eq(a**2 + b**2, 1)]),
    "on a hyperbola": ([a + b], [Eq(a**2 - b**2, 1)]),
    "far out": ([a + b], [Lt(100, a + b)]),
    "a thin strip": ([a + b], [Lt(0, a + b), Lt(a + b, rational(1, 100))]),
    "close to 0": ([a], [Lt(abs(a), rational(1, 1000))]),
    "in order": ([a], [Lt(a, b), Lt(b, c)]),
    "two roots": ([a], [Eq(a**2, 4)]),
    "product 1": ([a], [Eq(a * b, 1)]),
    "unit vector": ([x[i]], [Eq(Sum(x[k] ** 2, k), 1)]),
    "positive unit vector": ([P[i]], [Eq(Sum(P[k] ** 2, k), 1)]),
    "two unit vectors at right angles": (
        [x[i] + y[i]],
        [Eq(Sum(x[k] ** 2, k), 1), Eq(Sum(x[k] * y[k], k), 0), Lt(0, Sum(y[k] ** 2, k) + 1)],
    ),
    "unit ball": ([x[i]], [Lt(Sum(x[k] ** 2, k), 1)]),
    "less than a distribution": ([P[i]], [Lt(Sum(P[k], k), 1)]),
    "positive entries": ([x[i]], [Lt(0, x[k])]),
    "one hot": ([x[i]], [Eq(x[k] ** 2, x[k]), Eq(Sum(x[k], k), 1)]),
    "signs": ([x[i]], [Eq(x[k] ** 2, 1)]),
    "stochastic matrix": ([W[u, i]], [Eq(Sum(W[u, k], k), 1)]),
    "doubly stochastic": ([A[i, j]], [Eq(Sum(A[i, k], k), 1), Eq(Sum(A[k, j], k), 1)]),
    "symmetric": ([A[i, j]], [Eq(A[i, j], A[j, i])]),
    "antisymmetric": ([A[i, j]], [Eq(A[i, j], -A[j, i])]),
    "orthogonal": ([A[i, j]], [Eq(Sum(A[k, i] * A[k, j], k), same)]),
    "projection": ([A[i, j]], [Eq(A[i, j], A[j, i]), Eq(Sum(A[i, k] * A[k, j], k), A[i, j])]),
    "inverse": ([A[i, j]], [Eq(Sum(A[i, k] * B[k, j], k), same), Eq(Sum(B[i, k] * A[k, j], k), same)]),
    "commuting": ([A[i, j]], [Eq(Sum(A[i, k] * B[k, j], k), Sum(B[i, k] * A[k, j], k))]),
    "eigenvector": ([x[i]], [Eq(Sum(A[i, k] * x[k], k), a * x[i])]),
}


@pytest.mark.parametrize("name", EVERYDAY)
def test_everyday_hypotheses_have_enough_points(name):
    expressions, relations = EVERYDAY[name]
    found = drawn(expressions, *relations)
    assert len(found) >= 15
    assert len({tuple(at.described().items()) for at in found}) >= (2 if name == "two roots" else 10)
    if n in found[0].sizes and m not in found[0].sizes:
        assert {at.sizes[n] for at in found} == {1, 2, 3}


def test_one_solution_does_not_stand_for_all():
    assert len(drawn([a], Eq(exp(b), a))) < 10  # only b = 0, a = 1 is rational: that would show nothing
    assert drawn([a], Lt(a**2 + 1, 0)) == []
    assert drawn([A[i, j]], Eq(Sum(A[k, i] * A[k, j], k), -same)) == []
