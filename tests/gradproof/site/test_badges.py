"""Columns that did not run say so, and nothing that failed looks as if it had passed."""

from __future__ import annotations

import copy

import pytest

from gradproof.site.badges import OF_SLIDE, Standing, badges, figure, overall

LABELS = ["Symbolic", "Ball", "Autograd CPU", "PyTorch operator", "Autograd GPU", "Float error"]


def states(kind, record, gpu=None):
    return {badge.label: (badge.state, badge.headline) for badge in badges(kind, record, gpu)}


@pytest.mark.parametrize("kind", ["theorem", "erratum"])
def test_without_a_record_nothing_has_run(kind):
    found = badges(kind, None, None)
    assert [badge.label for badge in found] == LABELS
    assert {(badge.state, badge.headline) for badge in found} == {("none", "not run")}


def test_a_theorem_that_ran(run):
    found = states("theorem", run.records["softmax.jacobian"])
    assert found["Symbolic"] == ("pass", "proved")
    assert found["Ball"][0] == "pass"
    assert found["Ball"][1].endswith(" points")
    assert found["Autograd CPU"][1].endswith(" ulp")
    assert found["Autograd GPU"] == ("none", "not run")


def test_an_erratum_that_ran(run):
    found = states("erratum", run.records["softmax.single_term_chain"])
    assert found["Symbolic"] == ("pass", "refuted")
    assert found["Ball"] == ("pass", "witness")
    assert found["Autograd CPU"] == ("pass", "differs")
    assert found["Float error"] == ("none", "–")


@pytest.mark.parametrize(("status", "state"), [("refuted", "fail"), ("unknown", "open"), ("consistent", "open")])
def test_a_theorem_that_is_not_proved(run, status, state):
    record = {**run.records["softmax.jacobian"], "status": status}
    assert states("theorem", record)["Symbolic"] == (state, status)


def test_an_erratum_that_is_proved_is_a_failure(run):
    record = {**run.records["softmax.single_term_chain"], "status": "proved"}
    assert states("erratum", record)["Symbolic"][0] == "fail"


def test_one_failed_check_fails_its_column(run):
    record = copy.deepcopy(run.records["softmax.jacobian"])
    for check in record["checks"]:
        if check["oracle"] == "torch.softmax" and check["size"] == "n = 2":
            check |= {"status": "fail", "worst_ulp": 1e9}
    found = states("theorem", record)
    assert found["PyTorch operator"] == ("fail", "1.0e+09 ulp")
    assert found["Autograd CPU"][0] == "pass"


def test_checks_that_did_not_run_are_not_passed(run):
    record = copy.deepcopy(run.records["softmax.jacobian"])
    for check in record["checks"]:
        check |= {"status": "not run", "worst_ulp": None, "detail": "no device"}
    found = badges("theorem", record, None)
    assert {b.state for b in found if b.label in ("Autograd CPU", "PyTorch operator", "Float error")} == {"none"}
    assert found[2].evidence == "no device"


@pytest.mark.parametrize("status", ["weird", "", "PASS", None])
def test_only_a_known_outcome_counts(run, status):
    for name, kind in (("softmax.jacobian", "theorem"), ("softmax.single_term_chain", "erratum")):
        record = copy.deepcopy(run.records[name])
        record["checks"][0]["status"] = status  # of autograd
        assert states(kind, record)["Autograd CPU"] == ("open", "undecided")


def test_a_gpu_has_a_column_of_its_own(run):
    record = run.records["softmax.jacobian"]
    assert states("theorem", record, record)["Autograd GPU"][0] == "pass"
    assert states("theorem", None, record)["Autograd CPU"] == ("none", "not run")


@pytest.mark.parametrize(("ulps", "text"), [(0.0, "0"), (1e-44, "0"), (0.42, "0.4"), (17.0, "17.0"), (345.6, "346"),
                                            (2.3e15, "2.3e+15"), ("inf", "inf"), (None, "0")])  # fmt: skip
def test_figures(ulps, text):
    assert figure(ulps) == text


def test_a_witness_is_wanted_of_an_erratum(run):
    """Points tried in vain speak for a theorem and against an erratum."""
    record = copy.deepcopy(run.records["softmax.single_term_chain"])
    record["verdicts"]["ball"] = {"status": "consistent", "points": 40}
    assert states("erratum", record)["Ball"] == ("open", "40 points")
    assert states("theorem", record)["Ball"] == ("pass", "40 points")


# ---- a result in one sign

RESULTS = {"theorem": "softmax.jacobian", "erratum": "softmax.single_term_chain"}


def standing(kind, record):
    return overall(kind, badges(kind, record, None), record)


@pytest.mark.parametrize(("kind", "status", "state", "words"), [
    ("theorem", "proved", "pass", "proved"), ("theorem", "refuted", "fail", "refuted"),
    ("theorem", "unknown", "open", "unknown"), ("theorem", "consistent", "open", "consistent"),
    ("theorem", "untested", "open", "untested"), ("theorem", "not run", "none", "not run"),
    ("erratum", "refuted", "pass", "refuted"), ("erratum", "proved", "fail", "proved, not as claimed"),
    ("erratum", "unknown", "open", "unknown"), ("erratum", "consistent", "open", "consistent"),
    ("erratum", "untested", "open", "untested"), ("erratum", "not run", "none", "not run"),
])  # fmt: skip
def test_overall(run, kind, status, state, words):
    assert standing(kind, {**run.records[RESULTS[kind]], "status": status}) == Standing(state, words)
    assert OF_SLIDE[state] != "pass"


@pytest.mark.parametrize("kind", RESULTS)
def test_overall_without_a_record(kind):
    assert standing(kind, None) == Standing("none", "not run")


@pytest.mark.parametrize("kind", RESULTS)
def test_one_failed_check_fails_the_whole(run, kind):
    record = copy.deepcopy(run.records[RESULTS[kind]])
    record["checks"][-1]["status"] = "fail"
    assert standing(kind, record) == Standing("fail", f"{record['status']}, a check fails")


def test_one_believed_lie_fails_the_whole(run):
    record = copy.deepcopy(run.records["softmax.jacobian"])
    record["true_mutants"] = ["one that turned out to be true"]
    assert standing("theorem", record).state == "pass"
    record["lies"][-1]["status"] = "proved"
    assert standing("theorem", record) == Standing("fail", "proved, a lie is believed")


def test_an_erratum_without_a_proved_correction_is_open(run):
    record = copy.deepcopy(run.records["softmax.single_term_chain"])
    record["corrections"] = dict.fromkeys(record["corrections"], "unknown")
    assert standing("erratum", record) == Standing("open", "refuted, its correction is not proved")
