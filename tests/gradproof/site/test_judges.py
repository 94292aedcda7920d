"""The page of the judges: each judge of the ladder, its kill rate from the records, and "not run" without them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from derivations.judges import ladder
from gradproof.site import judges, lies, result
from gradproof.site.sources import ROOT
from tests.support.altered import came_out, with_first


@pytest.fixture(scope="module")
def page(book):
    return judges.pages(book)["judges.md"]


def test_every_judge_of_the_ladder_has_its_place(book, page):
    named = {judge.name for judge in judges.JUDGES}
    asked = {"ball", *(name for name, _ in (*ladder._EQUALITY_JUDGES, *ladder._OTHER_JUDGES))}
    assert asked | {"steps", "induction"} == named
    assert {name for record in book.run.records.values() for name in record["verdicts"]} <= named
    anchors = set(re.findall(r"\{: #(\S+)", page))
    for text in result.pages(replace(book, parts=book.parts | {"judges"})).values():
        assert set(re.findall(r'judges/#([^"]+)"', text)) <= anchors


def test_the_tests_that_are_named_exist():
    for judge in judges.JUDGES:
        for path in judge.tests:
            assert (ROOT / path).is_file(), path


def test_without_a_run_there_is_no_rate(blank):
    page = judges.pages(blank)["judges.md"]
    assert "kill rate" not in page
    assert not re.search(r"\d+ of \d+|lies believed", page)
    assert page.count("not run") >= len(judges.JUDGES)


def test_the_rate_is_that_of_the_records(book, page):
    told = [lie for record in book.run.records.values() for lie in record["lies"]]
    refuted = sum(lie["status"] == "refuted" for lie in told)
    assert told
    assert f'<b>0</b> <span class="of">of {len(told)}</span>' in page
    assert f"{refuted} refuted with a counterexample" in page


def test_one_believed_lie_shows(book):
    name = "softmax.jacobian"
    record = book.run.records[name]
    believed = {**record, "lies": [{**record["lies"][0], "status": "proved"}, *record["lies"][1:]]}
    page = judges.pages(replace(book, run=replace(book.run, records={name: believed})))["judges.md"]
    assert '<li class="fail"><b>1</b>' in page


@pytest.mark.parametrize(
    ("statuses", "rate"),
    [
        (["refuted"] * 3, "100 %"),
        (["refuted"] * 1999 + ["unknown"], "99.9 %"),
        (["refuted", "proved"], "50 %"),
        ([], "not run"),
    ],
)
def test_a_rate_is_rounded_down(statuses, rate):
    assert lies.kill_rate([{"status": status} for status in statuses])["rate"] == rate


def test_a_judge_is_credited_with_what_it_refuted_only(book):
    name = "softmax.jacobian"
    alone = replace(book, run=replace(book.run, records={name: book.record(name)}))
    refuted = [lie for lie in book.record(name)["lies"] if lie["method"].startswith("ball arithmetic")]
    assert len(refuted) == 8
    credit = r'<th scope="row">Lies refuted</th><td>(.*?)</td>'
    assert re.findall(credit, judges.pages(alone)["judges.md"]) == ["8 of 8", "0 of 8"]  # the ball, equality points
    undecided = came_out(alone, name, lies=with_first(book.record(name), "lies", status="unknown"))
    assert re.findall(credit, judges.pages(undecided)["judges.md"]) == ["7 of 8", "0 of 8"]
