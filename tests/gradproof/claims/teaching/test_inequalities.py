"""Inequalities that fail: with which constant, direction or strictness they hold."""

from dataclasses import replace

import pytest

from derivations.judges import best_constant
from derivations.judges.ball import arithmetic as ba
from gradproof.claims import teaching
from gradproof.claims.deciding import decide
from gradproof.claims.teaching import taught
from gradproof.claims.verdicts import Source

pytest.importorskip("flint")


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    monkeypatch.setattr(teaching, "SEARCHING", 8.0)
    monkeypatch.setattr(teaching, "SECONDS", 20.0)


def advice(states, where="") -> tuple[str, ...]:
    verdict = decide(Source(states, where))
    assert verdict.refuted, verdict
    return taught(verdict).advice


@pytest.mark.parametrize(
    ("states", "where", "best", "at"),
    [
        ("diff(sigmoid(x), x) <= 1/5", "", "1/4 in place of 1/5", "x = 0"),
        ("diff(tanh(x), x) <= 1/2", "", "1 in place of 1/2", "x = 0"),
        ("x*(1 - x) <= 1/5", "", "1/4 in place of 1/5", "x = 1/2"),
        ("2*x/(1 + x**2) <= 1/2", "", "1 in place of 1/2", "x = 1"),
        ("x/(1 + x**2) <= 1/3", "", "1/2 in place of 1/3", "x = 1"),
        ("exp(-x**2) < 1/2", "", "<= 1 in place of < 1/2", "x = 0"),
        ("x**2 - x >= 0", "", "-1/4 in place of 0", "x = 1/2"),
        ("cosh(x) >= 2", "", "1 in place of 2", "x = 0"),
        ("2 <= cosh(x)", "", "1 in place of 2", "x = 0"),
        ("x + 1/x >= 3", "x > 0", "2 in place of 3", "x = 1"),
        ("log(x) <= x - 2", "", "x - 1 in place of x - 2", "x = 1"),
        ("exp(x) >= 2 + x", "", "1 + x in place of 2 + x", "x = 0"),
        ("x**2 >= x", "", "x - 1/4 in place of x", "x = 1/2"),
        ("x*y <= 1", "0 <= x; x <= 2; 0 <= y; y <= 2", "4 in place of 1", "x = 2, y = 2"),
        ("2*x*y <= (x**2 + y**2)/2", "", "x**2 + y**2 in place of (x**2 + y**2)/2", "x = 1, y = 1"),
    ],
)
def test_best_constants(states, where, best, at):
    assert advice(states, where)[0] == f"holds with {best} (proved), the best constant: equality at {at}"


@pytest.mark.parametrize(
    ("states", "where", "best"),
    [
        ("x*exp(-x) <= 1/3", "", "1/e in place of 1/3"),
        ("tanh(x) < 1/2", "", "1 in place of 1/2"),
        ("sigmoid(x) <= 1/2", "", "1 in place of 1/2"),
        ("sin(x) + cos(x) <= 1", "", "sqrt(2) in place of 1"),
        ("x - x**3 <= 1/3", "0 <= x; x <= 1", "2*sqrt(3)/9 in place of 1/3"),
        ("log(1 + exp(x)) >= 1", "", "0 in place of 1"),
    ],
)
def test_constants_that_are_approached_or_irrational(states, where, best):
    assert advice(states, where)[0] == f"holds with {best} (proved), the best constant up to 1e-9"


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ("x**2 + 1 <= 2*x", ">= in place of <="),
        ("x**2 < 0", ">= in place of <"),
        ("x**2 > 0", ">= in place of >"),
        ("sigmoid(x)*(1 - sigmoid(x)) < 1/4", "<= in place of <"),
        ("max(x, y) <= x", ">= in place of <="),
        ("tanh(x)**2 >= 1", "<= in place of >="),
    ],
)
def test_direction_and_strictness(states, expected):
    assert advice(states)[0] == f"holds with {expected} (proved)"


def test_an_equality_of_which_half_is_true():
    assert advice("exp(x) == 1 + x") == ("holds with >= in place of == (proved)",)


def test_no_constant_for_what_grows():
    assert not any("in place of" in line for line in advice("x**2 <= 10**6"))


def test_the_worst_point():
    assert advice("sin(x) <= x/2", "x > 0") == (
        "holds with x in place of x/2 (proved)",
        "the largest violation found: at x = 1.0472, left 0.86602540, right 0.52359877",
    )


def test_a_constant_that_no_judge_proves_is_not_said(monkeypatch):
    """A search that finds too small a number: its claim goes to the judges like any other."""
    real = best_constant.largest

    def too_small(*arguments):
        found = real(*arguments)
        return found and replace(found, value=ba.multiply(found.value, ba.ONE / 2))

    monkeypatch.setattr("gradproof.claims.teaching.inequalities.largest", too_small)
    assert not any("holds with" in line for line in advice("exp(-x**2) <= 1/3"))
