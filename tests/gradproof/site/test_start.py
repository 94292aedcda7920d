"""The start page: its figures lead to what explains them, and its ways in to the parts that exist."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from gradproof.site import start
from gradproof.site.lies import kill_rate
from tests.support.altered import came_out, with_first

WAYS = {"map": "map/", "errata": "errata/", "experiments": "experiments/", "rules": "rules/", "check": "check/"}


def figures(page):
    """By what is counted, the address that explains it."""
    return {what: href for href, what in re.findall(r'<a class="what" href="([^"]+)">([^<]+)</a>', page)}


def test_a_figure_leads_to_what_explains_it(book):
    assert figures(start.start(book)) == {"theorems": "results/", "errata": "errata/", "lies told": "judges/#kill-rate"}
    assert {one["what"] for one in start.state(book)} >= set(start.EXPLAINED)


def test_without_these_parts_the_figures_lead_nowhere(book):
    page = start.start(replace(book, parts=frozenset({"start"})))
    assert figures(page) == {"theorems": "results/"}
    for what in ("errata", "lies told", "numeric checks"):
        assert f'<span class="what">{what}</span>' in page


@pytest.mark.parametrize("part", WAYS)
def test_a_way_in_is_there_with_its_part_only(book, part):
    way = f'<a href="{WAYS[part]}">'
    assert way in start.start(replace(book, parts=book.parts | {part}))
    assert way not in start.start(replace(book, parts=book.parts - {part}))


def test_with_nothing_to_glance_at_there_is_no_heading_for_it(book):
    assert "At a glance" in start.start(book)
    assert "At a glance" not in start.start(replace(book, parts=frozenset({"start"})))


# ---- the four figures

THEOREM, ERRATUM = "softmax.jacobian", "softmax.single_term_chain"


def figure(book, what):
    """One figure of the start page: what it counts, of how many, its colour and its words."""
    found = next(one for one in start.state(book) if one["what"] == what)
    shown = start.start(book)
    assert f'<li class="{found["state"]}"><b>{found["figure"]}</b> <span class="of">{found["of"]}</span>' in shown
    return found["figure"], found["of"], found["state"], found["words"]


def ran_only(book):
    """The book of the results that ran, without what they cite: everything has run."""
    kept = [replace(e, uses=[], instead="", because=[]) for e in book.entries if book.record(e.name)]
    return replace(book, entries=tuple(kept))


def test_the_figures_of_a_whole_run(book):
    whole = ran_only(book)
    lies = sum(len(record["lies"]) for record in book.run.records.values())
    passed = [c["status"] for record in book.run.records.values() for c in record["checks"]].count("pass")
    assert figure(whole, "theorems") == ("2", "of 2", "pass", "proved, for all sizes and inputs")
    assert figure(whole, "errata") == ("1", "of 1", "pass", "refuted, with a counterexample")
    assert figure(whole, "lies told") == (str(lies), f"of {lies}", "pass", "refuted with a counterexample")
    assert figure(whole, "numeric checks")[:3] == (str(passed), f"of {passed}", "pass")


def test_the_figures_of_a_part_of_a_run(book):
    theorems, errata = len(list(book.theorems)), len(list(book.errata))
    missing = f"; {len(book.entries) - 3} results did not run"
    assert figure(book, "theorems")[:3] == ("2", f"of {theorems}", "open")
    assert figure(book, "errata")[:3] == ("1", f"of {errata}", "open")
    for what in ("lies told", "numeric checks"):
        assert figure(book, what)[2] == "open"
        assert figure(book, what)[3].endswith(missing)


def test_the_figures_without_a_run(blank):
    for what in ("theorems", "errata", "lies told", "numeric checks"):
        assert figure(blank, what)[0] == "not run"
        assert figure(blank, what)[2] == "none"


def test_nothing_of_nothing_is_not_passed(book):
    """A run in which no lie was told and no number computed, and a book without results."""
    empty = ran_only(book)
    for name in empty.run.records:
        empty = came_out(empty, name, lies=[], checks=[])
    for one in (empty, replace(book, entries=())):
        for what in ("lies told", "numeric checks"):
            assert figure(one, what)[:3] == ("not run", "", "none")
    for what in ("theorems", "errata"):
        assert figure(replace(book, entries=()), what)[:3] == ("not run", "", "none")


@pytest.mark.parametrize(("what", "name", "status", "words"), [
    ("theorems", THEOREM, "refuted", "; 1 refuted, not as claimed"),
    ("errata", ERRATUM, "proved", "; 1 proved, not as claimed"),
])  # fmt: skip
def test_a_result_that_came_out_the_other_way_is_against_the_figure(book, what, name, status, words):
    good, _, state, said = figure(came_out(ran_only(book), name, status=status), what)
    assert (good, state) == ("1" if what == "theorems" else "0", "fail")
    assert said.endswith(words)


@pytest.mark.parametrize(("what", "name"), [("theorems", THEOREM), ("errata", ERRATUM)])
@pytest.mark.parametrize("status", ["unknown", "consistent"])
def test_a_result_that_nobody_decided_is_open(book, what, name, status):
    good, _, state, _ = figure(came_out(ran_only(book), name, status=status), what)
    assert (good, state) == ("1" if what == "theorems" else "0", "open")


@pytest.mark.parametrize(("status", "state", "words"), [
    ("unknown", "open", ", 1 not refuted and not believed"), ("proved", "fail", ", 1 believed"),
])  # fmt: skip
def test_a_lie_that_is_not_refuted(book, status, state, words):
    whole = ran_only(book)
    told = sum(len(record["lies"]) for record in book.run.records.values())
    one = came_out(whole, THEOREM, lies=with_first(book.record(THEOREM), "lies", status=status))
    said = figure(one, "lies told")
    assert said == (str(told - 1), f"of {told}", state, f"refuted with a counterexample{words}")
    rate = kill_rate([lie for record in one.run.records.values() for lie in record["lies"]])
    assert said[0] == str(rate["refuted"])


def test_lies_that_nobody_decided_are_not_refuted(book):
    whole = ran_only(book)
    for name, record in book.run.records.items():
        whole = came_out(whole, name, lies=[{**lie, "status": "unknown"} for lie in record["lies"]])
    assert figure(whole, "lies told")[0] == "0"
    assert figure(whole, "lies told")[2] == "open"


def test_a_check_that_fails_is_against_the_figure(book):
    whole = ran_only(book)
    good, of, _, _ = figure(whole, "numeric checks")
    one = came_out(whole, THEOREM, checks=with_first(book.record(THEOREM), "checks", status="fail"))
    assert figure(one, "numeric checks")[:3] == (str(int(good) - 1), of, "fail")


def test_a_check_that_could_not_run_is_said(book):
    whole = ran_only(book)
    before = sum(c["status"] == "not run" for record in book.run.records.values() for c in record["checks"])
    one = came_out(whole, THEOREM, checks=with_first(book.record(THEOREM), "checks", status="not run"))
    good, of, _, words = figure(one, "numeric checks")
    assert good == of.removeprefix("of ")
    assert f"; {before + 1} could not run" in words


# ---- lists


def test_a_topic_counts_what_did_not_run(book, blank):
    members = {about.name: found for about, found in book.topics}["softmax"]
    counted = f'<p class="stamp">{len(members)} results · 1 proved · 1 refuted · {len(members) - 2} not run</p>'
    assert counted in start.pages(book)["results/softmax/index.md"]
    assert f"{len(members)} results · not run" in start.pages(blank)["results/softmax/index.md"]


def test_a_topic_counts_a_failed_check_apart(book):
    one = came_out(book, THEOREM, checks=with_first(book.record(THEOREM), "checks", status="fail"))
    page = start.pages(one)["results/softmax/index.md"]
    assert "· 1 proved, a check fails ·" in page
    assert "· 1 proved ·" not in page


def test_a_card_says_that_a_lie_is_believed(book):
    one = came_out(book, THEOREM, lies=with_first(book.record(THEOREM), "lies", status="proved"))
    assert start.pages(one)["results/softmax/index.md"].count("A lie is believed") == 1
    assert "A lie is believed" not in start.pages(book)["results/softmax/index.md"]
