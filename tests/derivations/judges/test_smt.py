"""z3 answers for the reals, its models are told apart from proofs, and without z3 nothing is claimed."""

import time
from fractions import Fraction as F

import pytest
from sympy import QQ, ring

from derivations.judges import smt
from derivations.judges.smt import Constraint, entails
from derivations.judges.sturm import Interval

R, p, q, r = ring("p q r", QQ)
NONNEGATIVE = Interval(F(0), low_closed=True)
BOX = [NONNEGATIVE] * 3
LINE = [Interval()] * 3


def at_least(left, right):
    return Constraint(right - left, "<=")


def test_arithmetic_and_geometric_mean():
    assert entails([], [at_least(p**3 + q**3 + r**3, 3 * p * q * r)], BOX).holds
    assert entails([], [at_least(p**3 + q**3 + r**3, 3 * p * q * r)], LINE).holds is None


def test_a_lie_has_a_model_that_shows_it():
    answer = entails([], [at_least(p**3 + q**3 + r**3, 4 * p * q * r)], BOX)
    assert answer.holds is None and answer.model
    at = {k: QQ(v.numerator, v.denominator) for k, v in answer.model.items()}
    assert (p**3 + q**3 + r**3 - 4 * p * q * r)(at[0], at[1], at[2]) < 0


def test_an_irrational_model_is_not_returned_as_rational():
    answer = entails([Constraint(p**2 - 2, "=")], [Constraint(R.one, "=")], BOX)
    assert answer.holds is None and answer.model is None


def test_every_operator_and_open_ends():
    open_unit = [Interval(F(0), F(1))] * 3
    assert entails([], [Constraint(-p, "<"), Constraint(p - 1, "<"), Constraint(p, "!=")], open_unit).holds
    assert not entails([], [Constraint(-p, "<")], BOX).holds
    assert entails([], [Constraint(-p, "<=")], BOX).holds
    assert not entails([], [Constraint(p, "!=")], BOX).holds
    assert entails([Constraint(p - 1, "="), Constraint(q - p, "=")], [Constraint(q - 1, "=")], LINE).holds


def test_premises_are_used_and_needed():
    goal = [Constraint(q - r, "<")]
    assert entails([Constraint(q - p, "<"), Constraint(p - r, "<=")], goal, LINE).holds
    assert not entails([Constraint(q - p, "<=")], goal, LINE).holds


def test_equivalence():
    cubes = [Constraint(p - q, "<"), Constraint(p**3 - q**3, "<")]
    assert entails([], cubes, LINE, equivalent=True).holds
    squares = [Constraint(p - q, "<"), Constraint(p**2 - q**2, "<")]
    assert not entails([], squares, LINE, equivalent=True).holds
    assert entails([], squares, BOX, equivalent=True).holds


def test_a_hard_question_ends_without_an_answer_in_bounded_time(monkeypatch):
    monkeypatch.setattr(smt, "RESOURCES", 2000)
    started = time.perf_counter()
    hard = p**6 + q**6 + r**6 + p**2 * q**2 * r**2 * 3 - 2 * p**3 * q**3 - 2 * q**3 * r**3 - p * q**4 * r + 1
    answer = entails([], [Constraint(-hard, "<")], LINE)
    assert answer.holds is None and answer.reason.startswith("z3: ")
    assert time.perf_counter() - started < 5


def test_without_z3_nothing_is_claimed(monkeypatch):
    monkeypatch.setattr(smt, "z3", None)
    answer = entails([], [Constraint(-p, "<=")], BOX)
    assert answer.holds is None and answer.reason == "z3 is not installed"


@pytest.mark.parametrize("constant", [F(1, 3), F(-7, 10**20)])
def test_numbers_are_exact(constant):
    c = QQ(constant.numerator, constant.denominator)
    assert entails([Constraint(p - c, "=")], [Constraint(p * 3 - 3 * c, "=")], LINE).holds
    assert not entails([Constraint(p - c, "=")], [Constraint(p - c - QQ(1, 10**30), "=")], LINE).holds
