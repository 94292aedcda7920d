"""The code to copy on a page: what the API gives, folded when it is long, and as files beside the page."""

from __future__ import annotations

import html
import re

import pytest

import gradproof
from derivations import load
from derivations.proof.theorem import Theorem
from gradproof.records import is_equality
from gradproof.site import result


def test_every_equality_has_its_code(entries):
    for entry in entries:
        theorem = load(entry.name)
        equality = isinstance(theorem, Theorem) and is_equality(theorem.statement)
        assert entry.code == (
            {lib: gradproof.source(entry.name, lib) for lib in ("torch", "numpy")} if equality else {}
        )


def test_the_words_at_the_head_are_left_to_the_page(entries):
    for entry in entries:
        for library, source in entry.code.items():
            shown = entry.function(library)
            assert shown.startswith(("import ", "def "))
            assert source.endswith(shown)
            assert "Written by" not in shown


@pytest.mark.parametrize("name", ["softmax.jacobian", "batchnorm.input_gradient_staged"])
def test_the_page_shows_it_escaped(book, name):
    entry = book.by_name[name]
    page = result.page(book, entry)
    words = html.unescape(re.sub(r"<[^>]+>", "", page))
    for library in entry.code:
        assert entry.function(library).replace("\n\n", "\n") in words.replace("\n\n", "\n")
        assert f'href="{entry.short_name}_{library}.py"' in page
    assert "Or copy the code" in page


def test_the_files_stand_beside_the_page(book):
    pages = result.pages(book)
    assert pages["results/softmax.jacobian/jacobian_numpy.py"] == gradproof.source("softmax.jacobian", "numpy")
    assert not [path for path in pages if "single_term_chain" in path and path.endswith(".py")]


def test_long_code_is_folded(book):
    listings = result._listings(book.by_name["batchnorm.input_gradient"])
    assert [one["folded"] for one in listings] == [True, True]
    short = result._listings(book.by_name["averages.ema_mean_age"])
    assert [one["folded"] for one in short] == [False]
    assert short[0]["titles"] == ["PyTorch", "NumPy"], "the same lines are shown once"
