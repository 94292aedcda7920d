"""Near-misses: every kind occurs, none is the theorem itself, and what is called true all the same is true."""

import pytest
from sympy import Rational, exp, sqrt

from derivations import catalogue, load
from derivations.calculus.functions import sigmoid
from derivations.calculus.operators import D, Limit, Sum, delta
from derivations.calculus.substitution import alpha_equal
from derivations.calculus.symbols import index, indices, scalars, size, vector
from derivations.judges import ball
from derivations.judges.mutation import expression_mutants, lies
from derivations.judges.trial import tell_lies
from derivations.proof.derivation import Derivation
from derivations.proof.proofs import bound
from derivations.proof.source import SUPPORTING
from derivations.proof.statement import Eq, Iff, Le, Lt, Ne, Relation, both, expressions

n = size("n")
i, j, k = indices("i j k", n)
longer = index("k", 1, n + 1)
z, y = vector("z", n), vector("y", n)
long = vector("v", n + 1)
x, a, b = scalars("x a b")
THEOREMS = [name for name in catalogue() if load(name).kind == "theorem"]


@pytest.fixture
def topic():
    return Derivation("topic", SUPPORTING)


def mutants(e):
    return {(kind, mutant) for kind, _, mutant in expression_mutants(e)}


@pytest.mark.parametrize(
    ("expression", "kind", "mutant"),
    [
        (a * b, "sign", -a * b),
        (a * b, "factor", 2 * a * b),
        (a + b, "dropped term", b),
        (a + b, "sign", a - b),
        (a * b, "dropped factor", a),
        (x**2, "exponent", x**3),
        (sqrt(x), "exponent", x ** Rational(3, 2)),
        (z[i] * y[j], "index", z[1] * y[j]),
        (z[i] * y[j], "index", z[i] * y[n]),
        (delta(i, j), "index", delta(1, j)),
        (a / n, "size", a / (n + 1)),
        (exp(x), "sign", exp(-x)),
        (a * sigmoid(x), "function", a * sigmoid(x) * (1 - sigmoid(x))),
        (Sum(z[k], k), "range", Sum(z[index("k", 1, n - 1)], index("k", 1, n - 1))),
        (Sum(long[longer], longer), "range", Sum(long[k], k)),
        (Sum(z[k] + y[k], k), "dropped term", Sum(y[k], k)),
    ],
)
def test_a_kind_of_mutation(expression, kind, mutant):
    assert any(found == kind and alpha_equal(e, mutant) for found, e in mutants(expression)), mutants(expression)


def test_a_perturbation_is_far_below_what_floating_point_would_see():
    (mutant,) = [e for kind, e in mutants(a * b) if kind == "perturbation"]
    assert mutant == a * b * (1 + Rational(1, 10**12))


def test_derivatives_and_limits_are_not_touched_at_their_variable():
    for expression in (D(a * x**2, x), Limit(a / n, n)):
        for kind, mutant in mutants(expression):
            assert isinstance(mutant, type(expression)), kind
            assert mutant.variable == expression.variable


def test_relations_are_turned_tightened_and_made_strict(topic):
    statement = both(Lt(0, sigmoid(x)), Le(sigmoid(x), 1), Iff(Eq(x**2, 0), Eq(x, 0)))
    told = {(lie.kind, lie.description) for lie in lies(topic.state("bounds", statement, bound(x)))}
    assert ("relation", "strict") in told
    assert ("relation", "turned round") in told
    assert ("factor", "4/5 for 1") in told
    assert ("perturbation", "1 by 10^-6") in told
    assert any(description.startswith("iff") for _, description in told)


def test_a_zero_on_the_right_is_not_merely_doubled(topic):
    theorem = topic.prove("zero", Sum(z[k], k) - Sum(z[i], i), equals=0)
    told = [lie.statement.right for lie in lies(theorem) if lie.description.endswith("for 0")]
    assert told[:2] == [1, -1]


def test_dropped_hypotheses_come_first(topic):
    given = [topic.assume("x is one", Eq(x, 1)), topic.assume("a is not zero", Ne(a, 0))]
    theorem = topic.prove("given", a * x / a, equals=1, given=given)
    dropped = [lie for lie in lies(theorem) if lie.kind == "hypothesis"]
    assert [len(lie.hypotheses) for lie in dropped] == [1, 1]
    assert lies(theorem)[0].kind == "hypothesis"


# ---- over all theorems


def test_every_kind_occurs_somewhere():
    kinds = {lie.kind for name in THEOREMS for lie in lies(load(name))}
    assert kinds == {
        "sign",
        "factor",
        "dropped term",
        "dropped factor",
        "index",
        "exponent",
        "size",
        "range",
        "function",
        "perturbation",
        "relation",
        "hypothesis",
    }


@pytest.mark.parametrize("name", THEOREMS)
def test_no_lie_is_the_theorem_and_none_is_told_twice(name):
    theorem = load(name)
    told = lies(theorem)
    assert len(told) >= 5
    for lie in told:
        if lie.kind == "hypothesis":
            assert len(lie.hypotheses) == len(theorem.hypotheses) - 1
            continue
        assert lie.hypotheses == theorem.hypotheses
        sides = zip(expressions(lie.statement), expressions(theorem.statement), strict=True)
        same = all(alpha_equal(one, other) for one, other in sides)
        assert not same or lie.kind == "relation"
    by_kind = [(lie.kind, lie.statement, lie.hypotheses) for lie in told]
    assert len(set(by_kind)) == len(by_kind)


@pytest.mark.parametrize("name", THEOREMS)
def test_the_first_lies_are_of_different_kinds(name):
    kinds = [lie.kind for lie in lies(load(name))]
    distinct = len(set(kinds))
    assert len(set(kinds[:distinct])) == distinct


@pytest.mark.parametrize(
    "name", ["softmax.jacobian_rows_sum_to_zero", "batchnorm.xhat_sums_to_zero", "activations.tanh_derivative_bound"]
)
def test_a_mutant_that_is_called_true_is_true(name):
    """On points of another seed than any used to call it so, none speaks against it."""
    theorem = load(name)
    _, equivalents = tell_lies(theorem, 6)
    assert equivalents
    for lie in lies(theorem):
        if lie.description in equivalents and lie.kind != "relation":
            verdict = ball.refute(lie.statement, lie.hypotheses, points=80, seed=7)
            if isinstance(lie.statement, Relation):
                assert verdict.status == "consistent", lie
            assert not verdict.refuted, lie


def test_twice_zero_is_no_lie_and_is_not_told_as_one(topic):
    """2 (a - a) = 0 is true: the mutant goes to the equivalents, not to the lies that were caught."""
    theorem = topic.prove("zero", Sum(z[k] + a, k) - n * a - Sum(z[i], i), equals=0)
    told, equivalents = tell_lies(theorem, 5)
    assert "left: factor 2" in equivalents
    assert all(t.verdict.status == "refuted" for t in told)
