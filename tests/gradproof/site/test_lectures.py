"""The lecture pages: in the slides' order, with the verdicts of a run and no others."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from gradproof.site import katex, lectures
from gradproof.site.beside import AS_PRINTED, beside, count
from gradproof.site.book import lecture_page, link

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
