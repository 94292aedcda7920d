"""Scalar algebra: each rule does what its identity says, refuses to do nothing, and the refuter agrees."""

import pytest
from sympy import Pow, Rational, S, exp, log, tanh

from derivations.calculus.domains import POSITIVE, interval
from derivations.calculus.functions import sigmoid, softplus
from derivations.calculus.operators import Limit, Sum
from derivations.calculus.symbols import index, scalar, scalars, size
from derivations.judges import ball
from derivations.proof.rules import (
    NothingChanged,
    ProofError,
    as_exponentials,
    cancel,
    common_denominator,
    common_factor,
    complete_the_square,
    expand,
    expand_logs,
    factor,
    join_powers,
    split_powers,
    take_the_limit,
)
from derivations.proof.rules.algebra import rearrange, rename
from derivations.proof.statement import Eq

a, b, c, x = scalars("a b c x")
p, q = scalars("p q", POSITIVE)
r = scalar("r", interval(0, 1))
t = size("t", minimum=0)
lag = index("j", 0, t - 1)


@pytest.mark.parametrize(
    ("rule", "line", "expected"),
    [
        (factor, a * b + a * c, a * (b + c)),
        (factor, 1 - tanh(x) ** 2, (1 - tanh(x)) * (1 + tanh(x))),
        (common_factor, a * b - a**2 * c, a * (b - a * c)),
        (expand, a * (b + c), a * b + a * c),
        (expand, Sum(r**lag * (a + b), lag), Sum(r**lag * a + r**lag * b, lag)),
        (cancel, (p * a + p * b) / (p * c), (a + b) / c),
        (common_denominator, 1 / p + 1 / q, (p + q) / (p * q)),
        (split_powers, r ** (t + 1), r * r**t),
        (join_powers, r * r**t, r ** (t + 1)),
        (expand_logs, log(p * q**2), log(p) + 2 * log(q)),
        (as_exponentials, sigmoid(x), 1 / (1 + exp(-x))),
        (as_exponentials, softplus(x), log(1 + exp(x))),
        (complete_the_square, x - x**2, Rational(1, 4) - (x - S.Half) ** 2),
    ],
)
def test_a_rule_gives_the_line_and_the_line_is_true(rule, line, expected):
    new = rule(line)
    assert new == expected or (new - expected).expand() == 0, new
    assert ball.refute(Eq(line, new), points=12).status == "consistent"


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (factor, a + b),
        (common_factor, a * b + c),
        (expand, a * b),
        (cancel, a + b),
        (common_denominator, a + b),
        (split_powers, r**t),
        (join_powers, r**t),
        (expand_logs, log(a + b)),
        (as_exponentials, exp(x)),
        (take_the_limit, r**t),
    ],
)
def test_a_rule_that_changes_nothing_names_itself_and_the_line(rule, line):
    with pytest.raises(NothingChanged) as caught:
        rule(line)
    assert rule.name in str(caught.value)
    assert str(line) in str(caught.value)


@pytest.mark.parametrize("line", [log(a * b), log(a**2), log(p * b)])
def test_a_logarithm_is_not_split_over_factors_that_may_be_negative(line):
    """log(a^2) = 2 log a fails at a = -1. What a rule does produce must at least be true."""
    try:
        new = expand_logs(line)
    except NothingChanged:
        return
    assert ball.refute(Eq(line, new), points=20).status != "refuted"


def test_common_factor_does_not_take_out_what_only_some_terms_have():
    assert common_factor(a * b * x + a * c) == a * (b * x + c)


def test_expand_enters_sums_but_leaves_powers_of_unknown_exponent():
    with pytest.raises(NothingChanged):
        expand(Pow(1 + p, t))


def test_completing_a_square_needs_a_quadratic():
    with pytest.raises(ProofError, match="no quadratic"):
        complete_the_square(x**3 + x)


def test_the_limit_of_vanishing_terms():
    line = Limit((1 - r**t - t * r**t) / 2, t)
    assert take_the_limit(line) == S.Half


def test_a_limit_that_is_not_known_is_refused():
    with pytest.raises(ProofError, match=r"take the limit: a\*t"):
        take_the_limit(Limit(t * a + r**t, t))


def test_the_closing_steps_are_annotated_without_the_claim_they_state():
    assert (rearrange.reason, rename.reason) == ("rearrange", "rename")
    with pytest.raises(NothingChanged):
        rearrange(a + b)
