"""The lecture pages: in the slides' order, with the verdicts of a run and no others."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from gradproof.site import errata, experiments, katex, lectures, result, start
from gradproof.site.beside import AS_PRINTED, beside, count
from gradproof.site.book import lecture_page, link
from gradproof.site.experiment_records import outlines
from tests.support.altered import came_out, described, with_first

CIS = lecture_page("CIS 680")


@pytest.fixture(scope="module")
def written(book):
    return lectures.pages(book)


@pytest.fixture(scope="module")
def unread(blank):
    return lectures.pages(blank)


def line(page, row):
    """What the page has for one row."""
    return page.split(f'id="{lectures.row_anchor(row)}"')[1].split('<div class="line')[0].split("</section>")[0]


def test_every_lecture_has_a_page(book, written):
    assert set(written) == {lectures.PAGE, *map(lecture_page, book.lectures)}
    for key in book.lectures:
        assert f'href="{link(lectures.PAGE, lecture_page(key))}"' in written[lectures.PAGE]


def test_rows_stand_in_the_order_of_the_slides(book, written):
    for key, lecture in book.lectures.items():
        found = re.findall(r'<div class="line[^"]*" id="([^"]*)"', written[lecture_page(key)])
        assert found == [lectures.row_anchor(i) for i in lecture.rows]


def test_every_formula_is_shown_as_printed_and_can_be_typeset(book, written):
    for key, lecture in book.lectures.items():
        assert written[lecture_page(key)].count(" display></x-tex>") == sum(
            len(r.printed) for r in lecture.rows.values()
        )
        for row in lecture.rows.values():
            for formula in row.printed:
                assert katex.render(formula, True)


def test_no_anchor_stands_twice(written):
    for page in written.values():
        anchors = [*re.findall(r' id="([^"]*)"', page), *re.findall(r"\{: #([\w-]+)", page)]
        assert len(anchors) == len(set(anchors))


def test_without_a_run_nothing_has_a_verdict(unread):
    for page in unread.values():
        assert 'class="state pass"' not in page
        assert 'class="state fail"' not in page
        assert AS_PRINTED not in page
        assert "not run" in page


def test_a_theorem_that_ran_and_one_that_did_not(written):
    assert "proved</span>" in line(written[CIS], "loss.softmax-jacobian")
    assert "Jacobian of the softmax" in line(written[CIS], "loss.softmax-jacobian")
    assert "not run</span>" in line(written[CIS], "bn.grad-xhat")


def test_an_erratum_that_ran_says_what_is_right(written):
    found = line(written[CIS], "loss.softmax-chain-single")
    assert AS_PRINTED in found
    assert 'instead: <a href="../../results/softmax.cross_entropy_gradient/">' in found


def test_a_row_without_a_result_is_not_yet(book, written):
    row = next(i for i in book.lectures["CIS 680"].rows if not any(i in e.catalogue for e in book.entries))
    assert '<p class="yet">not yet</p>' in line(written[CIS], row)
    assert "state" not in line(written[CIS], row)


def test_an_erratum_of_one_lecture_does_not_judge_another(book):
    (erratum,) = [e for e in book.entries if e.name == "softmax.single_term_chain"]
    row = book.lectures["CIS 680"].rows[erratum.catalogue[0]]
    (here,) = beside(book, row, "CIS 680", CIS)
    (there,) = beside(book, row, "Mucha", lecture_page("Mucha"))
    assert (here.state, here.words) == ("fail", AS_PRINTED)
    assert (there.state, there.words) == ("none", "erratum in CIS 680")


def test_a_check_that_fails_shows(book):
    record = book.run.records["softmax.jacobian"]
    failing = {**record, "checks": [{**record["checks"][0], "status": "fail"}, *record["checks"][1:]]}
    run = replace(book.run, records={**book.run.records, "softmax.jacobian": failing})
    found = line(lectures.pages(replace(book, run=run))[CIS], "loss.softmax-jacobian")
    assert '<span class="state fail">' in found
    assert "a check fails" in found


def test_counts(book, blank):
    lecture = book.lectures["CIS 680"]
    for one, proved, slips in ((book, 1, 1), (blank, 0, 0)):
        results = {i: beside(one, row, "CIS 680", CIS) for i, row in lecture.rows.items()}
        counted = count(lecture.rows.values(), results)
        assert (counted.proved, counted.slips) == (proved, slips)
        assert counted.formulas + counted.claims == counted.rows == len(lecture.rows)
        assert 0 < counted.with_results < counted.rows


CHAIN = "loss.softmax-chain-single"
ERRATUM, THEOREM = "softmax.single_term_chain", "softmax.jacobian"


@pytest.mark.parametrize(("status", "state", "words"), [
    ("refuted", "fail", AS_PRINTED), ("proved", "open", "proved, not as claimed"), ("unknown", "open", "unknown"),
    ("consistent", "open", "consistent"),
])  # fmt: skip
def test_a_row_is_wrong_only_where_that_is_refuted(book, status, state, words):
    found = line(lectures.pages(came_out(book, ERRATUM, status=status))[CIS], CHAIN)
    assert re.search(rf'<span class="state {state}"><i.*?</i>{words}</span>', found)
    assert ("instead:" in found) == (status == "refuted")


def test_a_believed_lie_shows_beside_its_row(book):
    believed = with_first(book.record(THEOREM), "lies", status="proved")
    found = line(lectures.pages(came_out(book, THEOREM, lies=believed))[CIS], "loss.softmax-jacobian")
    assert re.search(r'<span class="state fail"><i.*?</i>proved, a lie is believed</span>', found)


def counted(book, key="CIS 680"):
    lecture = book.lectures[key]
    return count(lecture.rows.values(), {i: beside(book, row, key, CIS) for i, row in lecture.rows.items()})


def test_all_is_decided_only_when_every_result_is(book):
    assert not counted(book).all_decided
    assert counted(book).results > counted(book).proved + counted(book).slips
    decided = replace(book, entries=tuple(e for e in book.entries if book.record(e.name)))
    assert counted(decided).all_decided
    assert not counted(came_out(decided, THEOREM, status="unknown")).all_decided
    kept = lectures.pages(decided)[CIS], lectures.pages(book)[CIS]
    assert ['<li class="pass"><b>1</b>' in page for page in kept] == [True, False]


def test_only_what_is_about_a_row_is_counted(book):
    """A theorem that no lecture prints, beside a row, is not one more result about what is printed."""
    theorem = book.by_name[THEOREM]
    resting = replace(theorem, name="softmax.resting", source={**theorem.source, "key": "supporting"})
    more = came_out(replace(book, entries=(*book.entries, resting)), "softmax.resting")
    assert counted(more) == counted(book)


def test_an_erratum_is_about_the_first_row_that_it_names(book):
    also = described(book, ERRATUM, catalogue=[CHAIN, "loss.softmax-jacobian"])
    rows = book.lectures["CIS 680"].rows
    own = next(b for b in beside(also, rows[CHAIN], "CIS 680", CIS) if b.entry.name == ERRATUM)
    other = next(b for b in beside(also, rows["loss.softmax-jacobian"], "CIS 680", CIS) if b.entry.name == ERRATUM)
    assert (own.direct, own.state, own.words) == (True, "fail", AS_PRINTED)
    assert (other.direct, other.state, other.words) == (False, "none", "erratum in CIS 680")


def test_what_is_not_about_the_row_itself_is_folded(book):
    also = described(book, ERRATUM, catalogue=[CHAIN, "loss.softmax-jacobian"])
    found = line(lectures.pages(also)[CIS], "loss.softmax-jacobian")
    shown, folded = found.split("<details>")
    assert book.by_name[THEOREM].title in shown
    assert book.by_name[ERRATUM].title not in shown
    assert book.by_name[ERRATUM].title in folded


# ---- links to a lecture's page


def test_a_source_without_a_page_is_not_linked(book):
    assert book.lecture_href("CIS 680", "index.md", "row") == "lectures/cis-680/#row"
    for key in ("supporting", "RMSNorm", ""):
        assert book.lecture_href(key, "index.md") == ""
    assert replace(book, parts=book.parts - {"lectures"}).lecture_href("CIS 680", "index.md") == ""


@pytest.mark.parametrize("key", ["CIS 680", "RMSNorm", "supporting"])
def test_every_page_asks_for_the_link_in_the_same_way(book, key):
    for name in (THEOREM, ERRATUM):
        book = described(book, name, source={"key": key, "lecture": "A LECTURE", "slide": "", "printed": ""})
    pages = {
        "errata": errata.pages(book)["errata/index.md"],
        THEOREM: result.page(book, book.by_name[THEOREM]),
        ERRATUM: result.page(book, book.by_name[ERRATUM]),
    }
    for page in pages.values():
        assert bool(re.search(r'<a href="[^"]*lectures/[^"]+">A LECTURE</a>', page)) == (key == "CIS 680")
        assert "A LECTURE" in page


def test_the_start_page_and_the_experiments_link_only_to_lectures_that_exist(book):
    without = replace(book, parts=book.parts - {"lectures"})
    for key in book.lectures:
        assert f'<a href="{link(start.START, lecture_page(key))}">' in start.start(book)
    assert '<a href="lectures/' not in start.start(without)
    for one in outlines():
        strange = replace(one, source={**one.source, "key": "RMSNorm"})
        assert "../../lectures/" in experiments.page(book, one)
        assert "../../lectures/" not in experiments.page(book, strange)
        assert "../../lectures/" not in experiments.page(without, one)


def test_a_result_leads_to_its_row(book):
    assert lectures.place(book, book.by_name["softmax.jacobian"]) == "loss-softmax-jacobian"
    elsewhere = replace(book.by_name["softmax.jacobian"], catalogue=["no.such-row"])
    assert lectures.place(book, elsewhere) == ""


def test_the_navigation_lists_them(book):
    assert [key for one in lectures.nav(book) for key in one] == list(book.lectures)


def test_what_no_slide_prints_stands_beside_the_lectures(book, written):
    theorem = book.by_name["activations.tanh_from_sigmoid"]
    assert theorem.title in line(written[lectures.PAGE], theorem.catalogue[0])


def test_words():
    assert lectures.slug("Why ReLU is better (sometimes)") == "why-relu-is-better-sometimes"
    assert lectures.pieces("for $N$ units") == [("for ", False), ("N", True), (" units", False)]
