"""The atlas of the errata: every one, with what is right, and nothing that did not run looks refuted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gradproof.site import errata, result
from gradproof.site.slips import right_there

NAME = "softmax.single_term_chain"


@pytest.fixture(scope="module")
def page(book):
    return errata.pages(book)["errata/index.md"]


def erratum_of(page, entry):
    """The part of the page that one erratum has."""
    return page.split(f"### {entry.title} ")[1].split("\n#")[0]


def test_every_erratum_has_its_place(book, page):
    for entry in book.errata:
        found = erratum_of(page, entry)
        assert (f"Read {entry.reading}" if entry.reading else "The slide says") in found
        assert "Correct" in found or "What holds" in found
        assert f'href="../results/{entry.name}/"' in found


def test_an_erratum_that_ran_is_worked_by_hand(book, page):
    found = erratum_of(page, book.by_name[NAME])
    assert "1/2 ≠ 0" in found
    assert "1/2 = 1/2" in found


def test_one_that_did_not_run_says_so(book, page):
    for entry in book.errata:
        if entry.name != NAME:
            assert "not run" in erratum_of(page, entry)
            assert "≠" not in erratum_of(page, entry)
    assert "1 refuted" in page


def test_without_a_run_nothing_is_refuted(blank):
    page = errata.pages(blank)["errata/index.md"]
    assert "refuted" not in page
    assert 'class="state pass"' not in page


def proved(book, name):
    record = {"status": "proved"}
    return replace(book, run=replace(book.run, records={**book.run.records, name: record}))


def test_the_lecture_has_it_right_only_where_that_is_proved(book):
    entry = book.by_name[NAME]
    assert right_there(book, entry) is None
    found = right_there(proved(book, entry.instead), entry)
    assert found == {"slide": "", "latex": entry.right_at["printed"]}


def test_another_slide_is_named(book):
    entry = book.by_name[NAME]
    elsewhere = replace(entry, source={**entry.source, "slide": "another slide"})
    found = right_there(proved(book, entry.instead), elsewhere)
    assert found
    assert found["slide"] == entry.right_at["slide"]


def test_what_no_slide_prints_is_not_right_there(book):
    for entry in book.errata:
        if not entry.right_at:
            assert right_there(proved(book, entry.instead or entry.because[0]), entry) is None


def test_those_that_mislead_most_come_first(book, page):
    ranks = [entry.rank for entry in errata.ranked(book)]
    known = [rank for rank in ranks if rank is not None]
    assert known == sorted(known)
    assert ranks[len(known) :] == [None] * (len(ranks) - len(known))
    shown = [page.index(f"### {entry.title} ") for entry in errata.ranked(book)]
    assert shown == sorted(shown)
    for entry in book.errata:
        assert (f"<b>Rank {entry.rank}</b>" in erratum_of(page, entry)) == (entry.rank is not None)


def test_a_rank_is_never_made_up(book):
    unranked = replace(book, entries=tuple(replace(entry, rank=None) for entry in book.entries))
    page = errata.pages(unranked)["errata/index.md"]
    assert "<b>Rank" not in page
    assert "## By rank" not in page
    assert "## Not ranked" in page


def test_what_explains_is_no_correction(book, page):
    """A theorem that says what the printed expression is in truth does not take its place."""
    for entry in book.errata:
        found = erratum_of(page, entry)
        assert ("</i>Correct</p>" in found) == bool(entry.instead)
        assert ("</i>What holds</p><x-tex" in found) == bool(entry.because)


def test_the_latex_of_one_that_ran_has_its_counterexample(book, blank):
    shown = result.pages(book)[f"results/{NAME}.md"]
    assert r"\text{fails at } n = 2" in shown
    assert r"\text{fails at }" not in result.pages(blank)[f"results/{NAME}.md"]
