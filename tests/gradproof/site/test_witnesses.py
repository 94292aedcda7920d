"""What is shown at the point of a counterexample: every relation with its own sign, none that fails as if it held."""

from __future__ import annotations

import re

import pytest

from gradproof.report import UNEQUAL
from gradproof.site import errata, judges, result, slips
from gradproof.site.templating import minus
from gradproof.site.witnesses import SIGNS, counterexample, holds, outcome
from tests.support.altered import came_out, with_first

ERRATUM, THEOREM = "softmax.single_term_chain", "softmax.jacobian"


def relation(left, operator, right):
    """Two lines of a correction, as a record has them."""
    line = {"role": "correct", "operator": operator}
    return [
        {**line, "side": "left", "latex": "l", "value": left},
        {**line, "side": "right", "latex": "r", "value": right},
    ]


def corrected(book, *relations):
    """The book with these relations as what holds at the witness of an erratum."""
    printed = [line for line in book.record(ERRATUM)["worked"] if line["role"] != "correct"]
    return came_out(book, ERRATUM, worked=[*printed, *(line for found in relations for line in found)])


def outcomes(book):
    """The last lines of a counterexample, each with its colour."""
    page = result.page(book, book.by_name[ERRATUM])
    return re.findall(r'<p class="outcome (\w+)">(.*?)</p>', page)


@pytest.mark.parametrize(("left", "operator", "right", "truth"), [
    ("1/2", "=", "1/2", True), ("1/2", "=", "1", False), ("1/2", "<=", "1", True), ("1", "<=", "1/2", False),
    ("1", "<=", "1", True), ("1", "<", "1", False), ("-1/2", "<", "0", True), ("1", "!=", "1", False),
    ("1", "!=", "2", True), ("0.73105858", "=", "0.73105859", True), ("0.73105858", "=", "0.74", False),
    ("0.73105858", "<=", "0.73105858", None), ("0.73105858", "<", "0.73105859", None), ("0.7", "!=", "0.7", None),
    ("0.7", "<", "0.8", True), ("0.8", "<=", "0.7", False), ("1e-5", "=", "1e-5", True), ("nan", "=", "nan", None),
    ("inf", "=", "inf", None), ("1", "iff", "1", None),
])  # fmt: skip
def test_whether_two_values_stand_in_a_relation(left, operator, right, truth):
    assert holds(left, operator, right) is truth


def test_each_correction_has_its_own_line_and_sign(book):
    one = corrected(book, relation("1/2", "<=", "1"), relation("-1/3", "=", "-1/3"))
    assert outcomes(one)[1:] == [("pass", "1/2 ≤ 1"), ("pass", "−1/3 = −1/3")]
    atlas = errata.pages(one)["errata/index.md"]
    assert '<p class="outcome pass">1/2 ≤ 1</p>' in atlas
    assert "1/2 = 1<" not in atlas


@pytest.mark.parametrize(("operator", "state", "words"), [
    ("=", "fail", "1 ≠ 1/2"), ("<=", "fail", "1 ≰ 1/2"), ("<", "fail", "1 ≮ 1/2"), ("!=", "pass", "1 ≠ 1/2"),
])  # fmt: skip
def test_what_does_not_hold_is_not_shown_as_holding(book, operator, state, words):
    one = corrected(book, relation("1", operator, "1/2"))
    assert outcomes(one)[1:] == [(state, words)]
    assert slips.slip(one, one.by_name[ERRATUM], "x.md")["holds"] == state
    assert ("</i>What holds</p>" in result.page(one, one.by_name[ERRATUM])) == (state == "pass")


def test_figures_that_are_rounded_are_not_called_equal(book):
    one = corrected(book, relation("0.5", "=", "0.5"), relation("0.5", "<", "0.5"))
    assert outcomes(one)[1:] == [("pass", "0.5 ≈ 0.5"), ("open", "0.5 and 0.5: these digits do not decide it")]


@pytest.mark.parametrize(("operator", "sign"), [("=", "≠"), ("!=", "="), ("<=", "≰"), ("<", "≮"), ("~", "not ~")])
def test_how_a_relation_that_fails_is_written(operator, sign):
    assert outcome({"left": "1", "operator": operator, "right": "2"}) == f"1 {sign} 2"
    assert set(UNEQUAL) == set(SIGNS)


IFF = {"values": {"z": "0"}, "left": "1/2 = 1/2 (true)", "operator": "iff", "right": "0 = 1 (false)"}


@pytest.mark.parametrize("name", [ERRATUM, THEOREM])
def test_an_iff_fails_as_two_sentences(book, name):
    one = came_out(book, name, status="refuted", witness=IFF, worked=[])
    assert "1/2 = 1/2 (true); 0 = 1 (false)" in result.page(one, one.by_name[name])
    errata.pages(one)
    judges.pages(one)


def test_a_lie_about_an_iff_is_told_with_both(book):
    lies = with_first(book.record(THEOREM), "lies", status="refuted", witness=IFF)
    page = result.page(came_out(book, THEOREM, lies=lies), book.by_name[THEOREM])
    assert "1/2 = 1/2 (true); 0 = 1 (false)" in page


def test_a_refuted_theorem_shows_the_point(book):
    witness = {"values": {"n": "2"}, "left": "1/2", "operator": "=", "right": "-1/3"}
    page = result.page(came_out(book, THEOREM, status="refuted", witness=witness), book.by_name[THEOREM])
    assert "## Counterexample" in page
    assert minus("1/2 ≠ -1/3") in page
    assert "A counterexample is below." in page
    assert "## Counterexample" not in result.page(book, book.by_name[THEOREM])


def test_a_refutation_without_a_point_says_so(book):
    found = counterexample("theorem", {**book.record(THEOREM), "status": "refuted", "witness": None})
    assert (found["without"].state, found["without"].headline) == ("fail", "refuted")
    assert found["why"] == "the record of the run names no point."
