"""The atlas of the errata: every one, with what is right, and nothing that did not run looks refuted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gradproof.site import errata

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
        assert "The slide says" in found
        assert "Correct" in found
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
    assert errata.right_there(book, entry) is None
    found = errata.right_there(proved(book, entry.instead), entry)
    assert found == {"slide": "", "latex": book.by_name[entry.instead].source["printed"]}


def test_another_slide_is_named_and_another_lecture_does_not_count(book):
    entry = book.by_name[NAME]
    book = proved(book, entry.instead)
    elsewhere = replace(entry, source={**entry.source, "slide": "another slide"})
    found = errata.right_there(book, elsewhere)
    assert found
    assert found["slide"] == entry.source["slide"]
    assert errata.right_there(book, replace(entry, source={**entry.source, "key": "another"})) is None


def test_what_is_not_printed_is_not_right_there(book):
    for entry in book.errata:
        if not entry.instead or not book.by_name[entry.instead].source["printed"]:
            assert errata.right_there(proved(book, entry.instead or entry.because[0]), entry) is None
