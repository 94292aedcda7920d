"""The atlas of the errata: every one, with what is right, and nothing that did not run looks refuted."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from gradproof.site import errata, result
from gradproof.site.slips import right_there
from tests.support.altered import came_out

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
        assert any(words in found for words in ("Correct", "What holds", "Against it"))
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


# ---- what is right elsewhere is a fact about the slides


def test_what_the_lecture_prints_elsewhere_is_no_verdict(book, blank):
    entry = book.by_name[NAME]
    assert right_there(entry) == {"slide": "", "latex": entry.right_at["printed"]}
    for one in (book, blank):
        shown = erratum_of(errata.pages(one)["errata/index.md"], entry)
        said = shown[shown.index('<div class="right">') :].split("</div>")[0]
        assert "The same lecture prints on another slide of the same title" in said
        assert "state" not in said
        assert "sign" not in said


def test_another_slide_is_named(book):
    entry = book.by_name[NAME]
    elsewhere = replace(entry, source={**entry.source, "slide": "another slide"})
    found = right_there(elsewhere)
    assert found
    assert found["slide"] == entry.right_at["slide"]


def test_what_no_slide_prints_is_not_right_there(book):
    for entry in book.errata:
        assert (right_there(entry) is None) == (not entry.right_at)


def test_what_the_lecture_prints_elsewhere_is_in_its_data(book):
    def bare(latex):
        return "".join(latex.split())

    for entry in book.errata:
        if place := entry.right_at:
            slides = [s for s in book.lectures[place["key"]].slides if place["slide"] in (s.title, s.name, s.section)]
            data = [bare(formula) for slide in slides for row in slide.rows for formula in row.printed]
            assert any(bare(place["printed"]) in formula for formula in data), entry.name


# ---- what is said of the two sides


def sides_of(book):
    """What stands above the printed formula and above the correction of an erratum, as its page has it."""
    shown = erratum_of(errata.pages(book)["errata/index.md"], book.by_name[NAME])
    return re.findall(r'<p class="label (\w+)"><i.*?</i>(.*?)</p>', shown)


def test_without_records_nothing_is_right_or_wrong(blank):
    for text in (errata.pages(blank)["errata/index.md"], result.pages(blank)[f"results/{NAME}.md"]):
        assert "label pass" not in text
        assert "label fail" not in text
        assert "claim false" not in text
    assert sides_of(blank) == [("none", "The slide says: not run"), ("none", "Correction: not run")]


def test_a_refuted_erratum_is_wrong_and_its_proved_correction_right(book):
    assert sides_of(book) == [
        ("fail", "The slide says"), ("pass", "Correct"), ("fail", "As printed"), ("pass", "What holds")
    ]  # fmt: skip


@pytest.mark.parametrize(("status", "state"), [("unknown", "open"), ("consistent", "open"), ("refuted", "fail")])
@pytest.mark.parametrize("own", [True, False])
def test_a_correction_that_is_not_proved_is_not_right(book, status, state, own):
    """Whether its own record says so or that of the erratum."""
    instead = book.by_name[NAME].instead
    one = came_out(book, instead, status=status) if own else came_out(book, NAME, corrections={instead: status})
    assert sides_of(one)[1:] == [
        (state, f"Correction: {status}"), ("fail", "As printed"), (state, "Against it")
    ]  # fmt: skip


def test_the_record_of_the_correction_itself_counts(book):
    instead = book.by_name[NAME].instead
    one = came_out(came_out(book, NAME, corrections={}), instead, status="proved")
    assert sides_of(one)[1] == ("pass", "Correct")
    assert sides_of(came_out(book, NAME, corrections={}))[1] == ("none", "Correction: not run")


@pytest.mark.parametrize("status", ["unknown", "consistent", "untested", "proved"])
def test_an_erratum_that_ran_and_was_not_refuted(book, status):
    one = came_out(book, NAME, status=status, witness=None, worked=[], reason="a reason of its own")
    for text in (errata.pages(one)["errata/index.md"], result.pages(one)[f"results/{NAME}.md"]):
        shown = text if "## Counterexample" in text else erratum_of(text, one.by_name[NAME])
        assert "not been asked" not in shown
        assert "no counterexample was found" in shown
        assert "a reason of its own" in shown
        assert re.search(
            rf'<span class="state {"fail" if status == "proved" else "open"}"><i.*?</i>{status}</span>: no', shown
        )
        assert "claim false" not in shown
        assert 'class="wrong"' not in shown
    assert sides_of(one)[0] == ("open", f"The slide says: {status}")
    words = "proved, not as claimed" if status == "proved" else status
    assert f": 1 {words}" in re.sub(r"\d+ not run · ", "", errata.pages(one)["errata/index.md"])


def test_the_state_of_the_page_counts_what_came_out(book):
    others = len(list(book.errata)) - 1
    page = errata.pages(came_out(book, NAME, status="unknown"))["errata/index.md"]
    assert "1 unknown" in page
    assert f"{others} not run" in page
    assert "1 refuted" not in page


# ---- the order


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
        assert bool(re.search("</i>Correct(ion: .*?)?</p>", found)) == bool(entry.instead)
        assert bool(re.search("</i>(What holds|Against it: .*?)</p><x-tex", found)) == bool(entry.because)


def test_the_latex_of_one_that_ran_has_its_counterexample(book, blank):
    shown = result.pages(book)[f"results/{NAME}.md"]
    assert r"\text{fails at } n = 2" in shown
    assert r"\text{fails at }" not in result.pages(blank)[f"results/{NAME}.md"]
