"""Worker processes: records in order, and one that hangs or dies costs its own result only."""

import multiprocessing
import os
import subprocess
import sys
import time

import pytest

import gradproof
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


def test_one_job_runs_in_this_process_and_starts_no_worker(monkeypatch):
    def never(*arguments, **options):
        raise AssertionError("no worker may start")

    monkeypatch.setattr(run, "_in_workers", never)
    (record,) = gradproof.verify(NAME, numeric=False)
    assert record.as_claimed
    assert gradproof.verify(load(NAME), numeric=False)[0].name == NAME


@pytest.mark.parametrize("by_file", [True, False])
def test_a_script_without_a_main_guard_may_start_workers(tmp_path, by_file):
    script = (
        "print('once')\n"
        "import gradproof\n"
        f"print([r.status for r in gradproof.verify({NAME!r}, numeric=False, jobs=2)])\n"
    )
    place = tmp_path / "script.py"
    place.write_text(script)
    arguments, given = ([str(place)], None) if by_file else (["-"], script)
    program = [sys.executable, *arguments]
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    done = subprocess.run(program, input=given, capture_output=True, text=True, timeout=60, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "once\n['proved']\n"


def test_workers_that_cannot_start_are_one_clear_message(monkeypatch):
    def refuse(self):
        raise OSError("no more processes")

    monkeypatch.setattr(run.ProcessPool, "_start_pool", refuse)
    with pytest.raises(
        run.NoWorkers, match=r"no worker process could be started \(no more processes\); run with jobs=1"
    ):
        verify([NAME], numeric=False, jobs=2, workers=True)


def test_a_callback_that_raises_stops_the_workers():
    started = time.perf_counter()
    before = set(multiprocessing.active_children())  # another test's may still wait for work

    def refuse(record):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verify(["averages"], numeric=False, jobs=2, progress=refuse)
    assert time.perf_counter() - started < 15
    assert set(multiprocessing.active_children()) <= before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"seed": -1}, "seed = -1"),
        ({"points": 0}, "points = 0"),
        ({"jobs": 0}, "jobs = 0"),
        ({"dtypes": "float16"}, "choose float64 or float32"),
    ],
)
def test_options_that_cannot_be_are_refused(options, said):
    with pytest.raises(ValueError, match=said):
        gradproof.verify(NAME, **options)


@pytest.mark.parametrize("thing", [None, 3, [None]])
def test_what_is_no_name_is_refused(thing):
    with pytest.raises(TypeError, match=r"named by a string such as 'softmax\.jacobian'"):
        gradproof.verify(thing)


def test_several_may_come_from_anything_that_can_be_iterated_over():
    names = ["softmax.normalised", NAME]
    for several in (iter(names), (name for name in names), dict.fromkeys(names), tuple(names)):
        assert [record.name for record in gradproof.verify(several, numeric=False)] == names
    with pytest.raises(TypeError, match=r"not by b?3"):
        gradproof.verify(iter([NAME, 3]))  # type: ignore[arg-type]


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
