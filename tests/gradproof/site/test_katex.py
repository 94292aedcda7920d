"""Formulas at build time: what cannot be typeset fails, and what is left out of the output is not missed."""

from __future__ import annotations

import re

import pytest

from derivations.proof.rules.titles import TITLES
from gradproof.site import katex
from gradproof.site.kept import Kept
from gradproof.site.plain_text import plain, width
from gradproof.site.unicode_math import latex_of_text


def test_a_formula_has_html_and_mathml():
    found = katex.render(r"\frac{1}{2}")
    assert "<mfrac><mn>1</mn><mn>2</mn></mfrac>" in found
    assert 'class="katex-html" aria-hidden="true"' in found


@pytest.mark.parametrize("typo", [r"\frac{1}{2", r"\sgima", "a_b_c", "x é"])
def test_a_typo_raises_and_names_the_formula(typo):
    with pytest.raises(katex.TexError, match=re.escape(typo)):
        katex.render(typo, display=True)


def test_another_file_than_the_vendored_one_is_refused(tmp_path, monkeypatch):
    changed = tmp_path / "katex.min.js"
    changed.write_bytes(katex.SCRIPT.read_bytes() + b" ")
    monkeypatch.setattr(katex, "SCRIPT", changed)
    with pytest.raises(katex.WrongVendoredFile, match=r"0\.19\.1"):
        katex._script()


def test_every_class_in_a_formula_has_a_style():
    sheet = katex.style_sheet()
    found = katex.render(r"\sqrt{\hat{x}_i} \left(\sum_{k=1}^{n} \frac{a}{b}\right)^{2} \in \mathbb{R}", display=True)
    classes = {name for names in re.findall(r'class="([^"]*)"', found) for name in names.split()}
    assert classes
    for name in classes:
        assert f".{name}" in sheet


def test_short_class_names_are_nobody_elses():
    original = katex.STYLE.read_text(encoding="utf-8")
    for long, short in katex.SHORT.items():
        assert re.search(rf"\.{long}(?![\w-])", original)
        assert not re.search(rf"\.{short}(?![\w-])", original)
        assert not re.search(rf"\.{long}(?![\w-])", katex.style_sheet())
    assert len(set(katex.SHORT.values())) == len(katex.SHORT)


def test_everything_printed_on_the_site_can_be_typeset(entries):
    for entry in entries:
        formulas = [entry.statement["latex"], entry.source["printed"], *(step["latex"] for step in entry.steps)]
        formulas += [part for d in entry.definitions for part in d.values()]
        formulas += [latex_of_text(domain) for domain in entry.domains]
        for formula in filter(None, formulas):
            katex.render(formula, display=True)


def test_every_rule_can_be_typeset():
    for title in TITLES.values():
        for formula in title.formulas:
            katex.render(formula)


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        (r"\frac{\partial p_{i}}{\partial z_{j}}", "∂p_i/∂z_j"),
        (r"\sum_{k=1}^{n} z_k", "∑_(k=1)^nz_k"),
        (r"\hat{y}", "ŷ"),
        (r"z \in \mathbb{R}^{n}", "z∈R^n"),
    ],
)
def test_plain_text(formula, words):
    assert plain(formula) == words


def test_a_fraction_is_as_wide_as_its_wider_half():
    assert width(r"\frac{a b c d}{e}") == pytest.approx(width("a b c d") + 0.5)
    assert width("a + b + c + d") > width(r"\frac{a + b}{c + d}")


def test_a_value_is_made_once(tmp_path, monkeypatch):
    monkeypatch.setattr("gradproof.site.kept.CACHE", tmp_path)
    kept, made = Kept("table", "1"), []

    def make():
        made.append(1)
        return "value"

    assert [kept.value("content", make) for _ in range(2)] == ["value", "value"]
    assert Kept("table", "1").value("content", make) == "value"
    assert len(made) == 1
    Kept("table", "2").value("content", make)
    assert len(made) == 2


def test_what_could_not_be_made_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr("gradproof.site.kept.CACHE", tmp_path)
    kept = Kept("table", "1")
    with pytest.raises(ZeroDivisionError):
        kept.value("content", lambda: str(1 / 0))
    assert kept.value("content", lambda: "now") == "now"
