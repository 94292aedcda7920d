"""The page of one result says of its proof what the record says, line by line, and no more."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from derivations import load
from gradproof import records
from gradproof.site import numbers, result
from tests.support.altered import came_out, described, with_first

THEOREM, ERRATUM = "softmax.jacobian", "softmax.single_term_chain"
SQUARE = '<span aria-hidden="true"></span></div>'  # the end of a proof


def conclusion(book, name=THEOREM):
    """What stands below the proof, and whether the sign for the end of a proof stands beside it."""
    page = result.page(book, book.by_name[name])
    found = re.search(r'<div class="qed"><p>(.*?)</p>(.*)', page)
    assert found
    return found[1], found[2] == SQUARE


def verdicts(book, name=THEOREM):
    page = result.page(book, book.by_name[name])
    return re.findall(r'<p class="verdict"><span class="state (\w+)"><i.*?</i>(.*?)</span>', page)


def test_a_proof_of_which_every_line_is_proved(book):
    assert conclusion(book) == ("Proved: all 5 steps hold for all sizes and all inputs.", True)
    assert verdicts(book) == [("pass", "proved")] * 5


@pytest.mark.parametrize(("status", "state"), [("unknown", "open"), ("refuted", "fail"), ("consistent", "open")])
def test_a_line_that_is_not_proved(book, status, state):
    record = book.record(THEOREM)
    steps = with_first(record, "steps", verdict={**record["steps"][0]["verdict"], "status": status})
    one = came_out(book, THEOREM, steps=steps)
    assert verdicts(one) == [(state, status), *[("pass", "proved")] * 4]
    assert conclusion(one) == ("Proved: 4 of 5 steps proved.", False)


@pytest.mark.parametrize("status", ["proved", "unknown"])
def test_a_record_of_other_steps(book, status):
    """A shorter one, and that of a run that crashed, which has none."""
    for steps in (book.record(THEOREM)["steps"][:-1], []):
        one = came_out(book, THEOREM, status=status, steps=steps, reason="out of time")
        assert verdicts(one) == [("none", "not run")] * 5
        words = f"{status.capitalize()}: the record has no verdicts on the 5 steps above. out of time"
        assert conclusion(one) == (words, False)


def test_a_proof_without_steps(book):
    one = came_out(described(book, THEOREM, steps=[]), THEOREM, steps=[])
    assert conclusion(one) == ("Proved: the proof has no steps.", False)


def test_a_proof_of_one_step(book):
    steps = book.by_name[THEOREM].steps[:1]
    one = came_out(described(book, THEOREM, steps=steps), THEOREM, steps=book.record(THEOREM)["steps"][:1])
    assert conclusion(one) == ("Proved: the step holds for all sizes and all inputs.", True)


@pytest.mark.parametrize("status", ["unknown", "consistent", "untested", "refuted"])
def test_a_theorem_that_is_not_proved_has_no_conclusion(book, status):
    words, square = conclusion(came_out(book, THEOREM, status=status))
    assert words.startswith(f"{status.capitalize()}: 5 of 5 steps proved.")
    assert not square


def test_without_a_run(blank):
    assert conclusion(blank) == ("The judges have not run since the sources changed.", False)
    assert verdicts(blank) == [("none", "not run")] * 5


def test_side_conditions_stand_among_the_hypotheses(book, blank):
    one = came_out(book, THEOREM, side_conditions=["the sum is not 0"])
    assert "<li>where the sum is not 0</li>" in result.page(one, one.by_name[THEOREM])
    assert "<li>where" not in result.page(blank, blank.by_name[THEOREM])


def test_hypotheses_are_those_of_the_theorem(book):
    for entry in book.entries:
        stated = [(h.text, records.printing.latex(h.relation)) for h in load(entry.name).hypotheses]
        assert [(h["text"], h["latex"]) for h in entry.hypotheses] == stated
    given = [entry for entry in book.entries if entry.hypotheses]
    assert given
    for entry in given:
        page = result.page(book, entry)
        for hypothesis in entry.hypotheses:
            assert f'<span class="words">{hypothesis["text"]}</span>' in page


def test_a_rank_is_recorded(book):
    ranked = [entry for entry in book.errata if load(entry.name).rank is not None]
    assert ranked
    for entry in ranked:
        rank = load(entry.name).rank
        assert records.describe(load(entry.name))["rank"] == entry.rank == rank
    assert book.record(ERRATUM)["rank"] == load(ERRATUM).rank


def test_lies_are_counted_by_their_fate(book):
    record = book.record(THEOREM)
    two = [{**record["lies"][0], "status": "proved"}, {**record["lies"][1], "status": "unknown"}, *record["lies"][2:]]
    page = result.page(came_out(book, THEOREM, lies=two, true_mutants=["one"]), book.by_name[THEOREM])
    assert "6 of 8 lies refuted, 1 not refuted and not believed, 1 believed. 1 more turned out to be true" in page


# ---- the numbers


@pytest.mark.parametrize("status", ["pass", "fail", "not run"])
def test_a_cell_has_the_colour_of_its_check(book, status):
    checks = [check for check in book.record(THEOREM)["checks"] if check["worst_ulp"] is not None]
    found = numbers.table([{**checks[0], "status": status}])
    assert found
    ((cell,),) = (row.cells for row in found.rows)
    assert cell.state == {"pass": "pass", "fail": "fail", "not run": "none"}[status]


def test_the_worst_check_of_a_cell_is_shown(book):
    check = next(check for check in book.record(THEOREM)["checks"] if check["worst_ulp"] is not None)
    failing = {**check, "status": "fail", "worst_ulp": 0.25}
    found = numbers.table([{**check, "worst_ulp": 9.0}, failing])
    assert found
    assert found.rows[0].cells[0].state == "fail"
    page = result.page(came_out(book, THEOREM, checks=[failing]), book.by_name[THEOREM])
    assert '<td class="fail"><b>0.2</b>' in page


def test_a_refuted_theorem_on_a_page_without_other_parts(book):
    """It needs no page but its own."""
    one = replace(came_out(book, THEOREM, status="refuted", witness=None), parts=frozenset({"result"}))
    assert "the record of the run names no point." in result.page(one, one.by_name[THEOREM])
