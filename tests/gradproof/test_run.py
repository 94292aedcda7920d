"""Worker processes: records in order, and one that hangs or dies costs its own result only."""

import os
import time

import pytest

from derivations import UnknownName, load
from derivations.proof.verdict import Verdict
from gradproof import records, run
from gradproof.run import Task, verify

NAME = "activations.softplus_derivative"


def test_records_come_in_the_order_asked_and_progress_sees_each():
    seen = []
    names = ["softmax.normalised", NAME]
    found = verify(names, numeric=False, jobs=1, progress=lambda record: seen.append(record.name))
    assert [record.name for record in found] == names == seen
    assert all(record.as_claimed for record in found)


def test_an_unknown_name_is_refused_before_anything_runs(monkeypatch):
    def never(*arguments, **options):
        raise AssertionError("no worker may start")

    monkeypatch.setattr(run, "_in_workers", never)
    with pytest.raises(UnknownName, match=r"did you mean softmax\.jacobian"):
        verify(["softmax.jacobain"])


def hang(task):
    time.sleep(60)


def die(task):
    os._exit(3)


def eat(task):
    return bytearray(40 * 2**30)


def broken(monkeypatch, work, seconds=60.0):
    monkeypatch.setattr(run, "run_task", work)
    tasks = [Task(NAME), Task("softmax.jacobian")]
    started = time.perf_counter()
    found = list(run._in_workers(tasks[: 2 if work is hang else 1], 1, seconds, limited=True))
    assert time.perf_counter() - started < 30
    for record in found:
        assert record.status == "unknown"
        assert record.numeric == "not run"
        assert not record.as_claimed
        assert set(record.fields) >= {"statement", "verdicts", "lies", "checks", "witness"}
    return found


def test_a_worker_that_hangs_is_killed(monkeypatch):
    found = broken(monkeypatch, hang, seconds=0.2)
    assert [record.name for record in found] == [NAME, "softmax.jacobian"]
    assert all("out of time after 0.2 s" in record.fields["reason"] for record in found)


def test_a_worker_that_dies_says_so(monkeypatch):
    (record,) = broken(monkeypatch, die)
    assert "the worker process died" in record.fields["reason"]


def test_a_worker_that_wants_too_much_memory_is_stopped(monkeypatch):
    (record,) = broken(monkeypatch, eat)
    assert "out of memory" in record.fields["reason"]


# ---- what a record says


def check(status):
    return {"status": status}


@pytest.mark.parametrize(
    ("statuses", "said"),
    [
        ([], "not run"),
        (["not run"], "not run"),
        (["pass", "not run"], "pass"),
        (["pass", "fail", "not run"], "fail"),
        (["fail"], "fail"),
    ],
)
def test_the_numeric_column(statuses, said):
    assert records.numeric_status([check(s) for s in statuses]) == said
    assert records.numeric_status(None) == "not run"


def test_a_failed_run_is_never_as_claimed():
    for name in (NAME, "softmax.single_term_chain"):
        record = records.failed(load(name), Verdict("unknown", "not decided", reason="out of time"))
        assert not record.as_claimed
        assert record.data()["reason"] == "out of time"
