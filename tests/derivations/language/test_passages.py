"""limit and integrate: what is bound, what is captured, and what the declared domain has to do with it."""

import pytest

from derivations.calculus.operators import Integral, Limit, LimitAt
from derivations.language import claims
from tests.support.claim_values import entries


def left(text, where="", let=()):
    return claims.read(f"{text} == 0", where, let).parts[0].relation.left


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("integrate(x**2, (x, 0, 1))", 1 / 3),
        ("integrate(x**2, (x, 1, 0))", -1 / 3),
        ("integrate(1, (x, -2, 3))", 5),
        ("x * integrate(x, (x, 0, 1))", 3.5),
        ("integrate(a * t, (t, 0, a))", 4),
        ("integrate(exp(-x**2), (x, 0, 1))", 0.7468241328),
        ("integrate(diff(t**3, t), (t, 0, a))", 8),
        ("diff(integrate(t**2, (t, 0, x)), x)", 49),
        ("integrate(sin(x)/2, (x, 0, pi))", 1),
    ],
)
def test_integrals(text, expected):
    assert entries(text, x=7, a=2) == pytest.approx(expected)


def test_an_abbreviation_is_integrated_as_if_it_were_written_out():
    assert entries("integrate(s, (x, 0, a))", "", ("s = x**2 + a",), a=3, x=100) == pytest.approx(18)


@pytest.mark.parametrize(
    "inner", ["integrate(y, (y, 0, x))", "integrate(x, (x, 0, x))", "limit(x * y, y, x)", "limit(x, x, x)"]
)
def test_nested_bindings_have_variables_of_their_own(inner):
    found = left(f"integrate({inner}, (x, 0, 1))")
    assert isinstance(found, Integral)
    assert found.function.variable != found.variable
    assert found.function.free_symbols == {found.variable}
    assert not found.free_symbols


@pytest.mark.parametrize(
    "text",
    [
        "integrate(abs(x), (x, -1, 1))",
        "integrate(sqrt(x**2), (x, -1, 1))",
        "integrate(x, (x, -oo, 1))",
        "integrate(x, (x, 0, a))",
        "limit(abs(x)/x, x, -1)",
        "limit(abs(x)/x, x, -oo)",
        "limit(x, x, a)",
        "limit(x, x, 0, dir=-1)",
    ],
)
def test_what_is_declared_of_a_variable_must_hold_where_it_goes(text, refused):
    """Under x > 0 the calculus has already written x for |x|."""
    complaint = refused(f"{text} == 0", "x > 0")
    assert "domain that is declared for x" in complaint or "other side" in complaint


@pytest.mark.parametrize(
    ("point", "where", "side"),
    [("0", "x > 0", 1), ("0", "x >= 0", 1), ("1", "0 < x < 1", -1), ("0", "0 < x < 1", 1), ("1/2", "0 < x < 1", 0),
     ("0", "", 1), ("2", "", 0), ("oo", "x > 0", 0), ("pi", "x > 0", 0)],
)  # fmt: skip
def test_at_an_end_of_the_domain_the_limit_is_the_one_from_inside(point, where, side):
    found = left(f"limit(x * log(x), x, {point})", where)
    assert isinstance(found, LimitAt)
    assert found.side == side


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("x * log(x), x, 0", 1),
        ("sqrt(1 - x), x, 1", -1),
        ("log(3 - 2*x), x, 3/2", -1),
        ("log(x), x, 1", 0),
        ("1/x, x, 0", 0),
        ("sqrt(x - a), x, a", 1),
        ("log(x) * log(-x), x, 0", 0),
        ("x * log(x), x, 0, dir=0", 0),
        ("log(1 + x) / x, x, 0", 0),
    ],
)
def test_a_limit_is_taken_on_the_side_where_the_function_has_a_meaning(text, side):
    claim = claims.read(f"limit({text}) == 0")
    assert claim.parts[0].relation.left.side == side  # type: ignore[attr-defined]
    assert bool(claim.notes) == bool(side)


@pytest.mark.parametrize(("option", "side"), [("", 0), (", dir=1", 1), (", dir=-1", -1), (", dir=0", 0)])
def test_sides_of_limits(option, side):
    assert left(f"limit(1/x, x, 0{option})").side == side


def test_the_bound_variable_is_another_one_than_the_users():
    found = left("integrate(x, (x, 0, x))")
    assert isinstance(found, Integral)
    assert found.variable.name == "x'"
    assert {s.name for s in found.free_symbols} == {"x"}


def test_needs_of_the_bound_variable_are_no_hypotheses_on_the_users():
    assert not claims.read("integrate(log(x), (x, 0, 1)) == -1").needs
    assert len(claims.read("integrate(log(x)/y, (x, 0, 1)) == -1/y").needs) == 1
    assert len(claims.read("log(x) * integrate(log(x), (x, 0, 1)) == -log(x)").needs) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("integrate(x, (x, 0)) == 1", "column 14: the range of an integral is written (x, a, b)"),
        (
            "1 + integrate(x, x) == 1",
            "column 5: an indefinite integral must be a whole side of an equality; a definite one has",
        ),
        ("integrate(x, x) <= 1", "column 1: an indefinite integral has no order: state an equality"),
        ("integrate(x, (2, 0, 1)) == 1", "column 15: the variable must be a name"),
        ("integrate(x, (pi, 0, 1)) == 1", "column 15: pi cannot be the variable here"),
        ("integrate(t, (t, 0, 1)) == 1", "column 15: t is a whole number: the variable must be real"),
        ("integrate(n, (n, 0, 1)) == 1", "column 15: n is a size: sum over it"),
        ("limit(n, n, 0) == 1", "column 13: n is a size: it can only tend to oo"),
        ("limit(x, x, 0, dir=2) == 1", "column 20: dir is 1 (from above), -1 (from below) or 0 (both)"),
        ("limit(x, z, 0) == 1", "column 10: the variable must be a scalar; this has shape (n)"),
        ("limit(x, x) == 1", "column 1: limit takes 3 arguments, not 2"),
        ("x + oo == 1", "column 5: oo stands as the point of a limit, the end of an integral, or alone on one side"),
    ],
)
def test_messages(text, message, refused):
    assert refused(text, "t: integer; z: real[n]").startswith(message)


def test_a_size_tends_to_infinity_over_the_reals_unless_a_sum_runs_to_it():
    (plain,) = claims.read("limit((1 - 1/t)**t, t, oo) == exp(-1)", "t: integer; t >= 2").parts
    (summed,) = claims.read("limit(sum(1/k, (k, 1, t)), t, oo) == 1", "t: integer; t >= 2").parts
    assert isinstance(plain.relation.left, LimitAt) and plain.relation.left.variable.domain.low == 2
    assert isinstance(summed.relation.left, Limit)
