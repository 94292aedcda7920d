"""Limits and integrals inside statements: put by their values, derived under the sign, infinite, or left standing."""

import pytest
from sympy import Rational, cos, exp, log, oo, sin, sqrt

from derivations.calculus.operators import Bound, D, Integral, LimitAt, Sum
from derivations.calculus.symbols import index, scalar, size, vector
from derivations.judges import ladder
from derivations.judges.evaluation import evaluated, verdicts
from derivations.proof.statement import Eq, Gt, Hypothesis, Le, Lt, Ne, both
from tests.support.evaluation import verdict

x, y, t = Bound("x"), Bound("y"), Bound("t")
a, p = scalar("a"), scalar("p")
n = size("n")
k = index("k", n)
z = vector("z", n)


def test_a_statement_without_such_nodes_is_none_of_ours():
    assert evaluated(Eq(a, p)) is None


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (Eq(Integral(Integral(x * y, y, 0, x), x, 0, 1), Rational(1, 8)), Rational(1, 4)),
        (Eq(Integral(Integral(1 / sqrt(y), y, 0, x), x, 0, 1), Rational(4, 3)), 2),
        (Eq(Integral(Integral(exp(-x - y), y, x, oo), x, 0, oo), Rational(1, 2)), 1),
        (Eq(LimitAt(Integral(exp(-t), t, 0, x), x, oo), 1), 0),
        (Eq(LimitAt(Integral(1 / t**2, t, x, 1) * x, x, 0, 1), 1), 2),
        (Eq(Integral(LimitAt(sin(x * y) / y, y, 0), x, 0, 1), Rational(1, 2)), 1),
        (Eq(D(LimitAt(sin(a * x) / x, x, 0), a), 1), a),
        (Eq(2 * LimitAt(cos(x), x, 0) + Integral(x, x, 0, 2), 4), 3),
        (Eq(Integral(z[k] * t, t, 0, 1), z[k] / 2), z[k]),
        (Eq(Sum(Integral(z[k] * t, t, 0, 1), k), Sum(z[k], k) / 2), Sum(z[k], k)),
        (Eq(D(Integral(exp(t**3), t, 0, p), p), exp(p**3)), exp(p**2)),
        (Eq(D(Integral(exp(-(t**2)), t, p, p**2), p), 2 * p * exp(-(p**4)) - exp(-(p**2))), exp(-(p**4))),
        (Eq(D(3 * Integral(exp(t**3), t, 0, p) + p**2, p), 3 * exp(p**3) + 2 * p), 3 * exp(p**3)),
        (Eq(D(Integral(p * t**2, t, 0, p), p), 4 * p**3 / 3), p**3),
    ],
    ids=lambda e: str(getattr(e, "left", e)),
)
def test_nodes_inside_nodes(right, wrong):
    assert verdict(right).proved
    assert verdict(Eq(right.left, wrong)).refuted


def test_infinite_values_decide_the_statement():
    grows = LimitAt(exp(x), x, oo)
    assert verdict(Eq(grows, oo)).proved
    assert verdict(Eq(-2 * grows, -oo)).proved
    assert verdict(Lt(7, grows)).proved
    assert verdict(Le(grows, grows)).proved
    assert verdict(Ne(grows, a)).proved
    refuted = verdict(Eq(grows, 5))
    assert refuted.refuted and refuted.witness is not None and str(refuted.witness.left) == "oo"
    assert verdict(Le(grows, a)).refuted
    assert verdict(Ne(grows, oo)).refuted
    assert verdict(Eq(grows, -oo)).refuted


def test_nobody_calculates_with_infinite_values():
    grows = LimitAt(exp(x), x, oo)
    for statement in (
        Eq(1 / grows, 0),
        Eq(grows - grows * a, 0),
        Eq(exp(-grows), 0),
        Eq(grows + 1, oo),
        Eq(a * grows, 0),
    ):
        assert verdict(statement).status == "unknown"
    assert verdict(both(Eq(grows, oo), Eq(a, a))).status == "unknown"
    assert verdict(Eq(Integral(grows, y, 0, 1), oo)).status == "unknown"


def test_contradictory_hypotheses_refute_nothing():
    impossible = (Hypothesis("", Gt(a, 1)), Hypothesis("", Gt(0, a)))
    assert not verdict(Eq(LimitAt(exp(x), x, oo), a), *impossible).refuted


def test_a_node_without_a_value_stands_with_the_reason():
    found = evaluated(Eq(Integral(exp(t**3), t, 0, 1), 1))
    assert found is not None and not found.complete and found.verdict is None
    assert "antiderivative" in found.reason
    standing = verdict(Eq(LimitAt(sin(1 / x), x, 0), 0))
    assert standing.status == "unknown" and "limit" in standing.reason


def test_leibniz_needs_an_analytic_integrand():
    found = evaluated(Eq(D(Integral(1 / t, t, -1, p), p), 1 / p))
    assert found is not None and not found.complete
    found = evaluated(Eq(D(Integral(log(t), t, 1, p), p), log(p)))
    assert found is not None and not found.complete  # p may be negative


def test_the_record_says_what_was_put_for_what():
    node = LimitAt(sin(x) / x, x, 0)
    found = evaluated(Eq(node, 1))
    assert found is not None
    (step,) = found.steps
    assert (step.node, step.value) == (node, 1)
    proved = verdict(Eq(node, 1))
    assert "asymptotic expansion" in proved.method and "expansions with error terms" in proved.trusted


def test_the_judges_speak_of_the_original():
    def asked(statement):
        return verdicts(statement, (), ladder.decide, ladder.confront)

    assert asked(Eq(a, a)) is None
    right, wrong, infinite = (
        asked(Eq(node, value))
        for node, value in (
            (Integral(exp(-x), x, 0, oo), 1),
            (Integral(exp(-x), x, 0, oo), 2),
            (LimitAt(exp(x), x, oo), oo),
        )
    )
    assert right and wrong and infinite
    assert right["structural"].proved and "fundamental theorem of calculus" in right["structural"].trusted
    assert wrong["ball"].refuted
    assert list(infinite) == ["evaluation"]


def test_an_integral_that_stands_is_not_proved_equal_to_itself():
    divergent = Integral(sin(x**2) * exp(cos(x)), x, 0, oo)
    found = verdicts(Eq(divergent, divergent), (), ladder.decide, ladder.confront)
    assert found is not None and not any(v.proved for v in found.values())
    finite = Integral(exp(x**3), x, 0, 1)
    found = verdicts(Eq(finite, 1), (), ladder.decide, ladder.confront)
    assert found is not None and found["ball"].status in ("refuted", "untested")
