"""The glossary: each row is what the printers print, and no sign or word of a page is missing from it."""

from __future__ import annotations

import re
import unicodedata
from typing import get_args

import pytest

from derivations.calculus import printing
from derivations.proof.verdict import Status
from gradproof.implementations.verdicts import Status as ImplementationStatus
from gradproof.site import badges, judges
from gradproof.site.sources import ROOT
from tests.support.notation import SCOPE

PAGE = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| \$(.*)\$ \| `(.*)`<br>`(.*)` \| .*\|$", PAGE, flags=re.MULTILINE)
ENTRIES = re.findall(r"^(.+?) \{ #\S+ \}$", PAGE, flags=re.MULTILINE)
TERMS = [term.strip() for entry in ENTRIES for term in entry.split(",")]
LAYOUT = {r"\left", r"\right", r"\frac", r"\sqrt", r"\text", r"\,", r"\infty", r"\to"}
PLAIN = set("₌₊⁺⁻−")  # parts of a range or an exponent, and minus


@pytest.mark.parametrize(("formula", "code", "text"), ROWS, ids=[code for _, code, _ in ROWS])
def test_a_row_is_what_is_printed(formula, code, text):
    thing = eval(code, dict(SCOPE))  # our own text, not a user's
    assert (printing.latex(thing), printing.text(thing)) == (formula, text)


def test_no_command_of_a_formula_is_missing(entries):
    formulas = " ".join(latex for entry in entries for latex in _formulas(entry))
    used = set(re.findall(r"\\(?:[A-Za-z]+|.)", formulas))
    assert len(ROWS) >= 30
    assert used - LAYOUT - _explained(re.findall(r"\\[A-Za-z]+", PAGE)) == set()


def _formulas(entry):
    return [entry.statement["latex"], *(step["latex"] for step in entry.steps), *(h["latex"] for h in entry.hypotheses)]


def _explained(commands):
    """The commands of the page, and the Greek letters, which a row explains together."""
    letters = {f"\\{name}" for name in re.findall(r"`(\w+)`", PAGE)}
    return {*commands, *letters}


def test_no_sign_in_a_terminal_is_missing(entries):
    """Symbols of mathematics; letters, raised and lowered ones too, are names."""
    texts = [*(entry.statement["text"] for entry in entries), *(h["text"] for e in entries for h in e.hypotheses)]
    signs = {sign for text in texts for sign in text if unicodedata.category(sign) == "Sm" and ord(sign) > 127}
    assert {"∂", "√", "⇔"} < signs
    assert signs - PLAIN - set(PAGE) == set()


def test_every_word_of_a_verdict_has_its_entry():
    words = {*get_args(Status), *get_args(ImplementationStatus), badges.NOT_RUN, *badges.WORDS.values()}
    assert words - set(TERMS) == set()


@pytest.mark.parametrize("kind", ["theorem", "erratum"])
def test_every_badge_has_its_entry(kind):
    record = {"status": "unknown", "checks": [], "verdicts": {}, "trusted": [], "method": "", "reason": ""}
    autograd = [{"oracle": "autograd", "status": "not run", "detail": ""}]
    both = [{"oracle": "both sides", "status": "not run", "detail": ""}]
    found = [b for checks in (autograd, both) for b in badges.badges(kind, {**record, "checks": checks}, None)]
    assert {badge.label for badge in found} - set(TERMS) == set()


def test_every_way_to_prove_has_its_entry(entries):
    terms = " ".join(TERMS).lower()
    assert [entry.method for entry in entries if entry.method and entry.method not in terms] == []


def test_no_term_has_two_entries_and_each_can_be_linked():
    assert len(TERMS) == len(set(TERMS)) >= 60
    anchors = re.findall(r"\{ #(\S+) \}", PAGE)
    assert len(anchors) == len(set(anchors))
    assert "Ball refuter" in TERMS
    assert {judge.title for judge in judges.JUDGES} & set(TERMS) >= {"Ball refuter", "Kernel", "Induction"}
