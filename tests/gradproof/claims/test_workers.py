"""Workers: each claim within its time, whatever it does to its process; nothing is left behind."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from gradproof.claims.verdicts import Source
from gradproof.claims.workers import Worker, Workers, check_one

TRUE, FALSE, INVALID = Source("x + x == 2*x"), Source("x == 1"), Source("x ==")
SLOW = Source("sum(1/k, (k, 1, 10**12)) == 1")  # two seconds in the refuter


@pytest.fixture
def worker():
    worker = Worker()
    yield worker
    worker.stop()


def process_of(worker: Worker) -> subprocess.Popen:
    assert worker._process is not None
    return worker._process


def alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_until_gone(pids, seconds: float) -> float:
    started = time.monotonic()
    while any(map(alive, pids)):
        assert time.monotonic() - started < seconds, f"still there after {seconds} s"
        time.sleep(0.02)
    return time.monotonic() - started


def test_a_worker_answers_again_and_again(worker):
    assert [worker.check(s).status for s in (TRUE, FALSE, INVALID, TRUE)] == ["proved", "refuted", "invalid", "proved"]


def test_a_late_worker_is_killed_and_the_next_claim_gets_a_new_one(worker):
    worker.check(TRUE)
    before = process_of(worker).pid
    verdict = worker.check(SLOW, seconds=0.5)
    assert verdict.status == "unknown"
    assert verdict.reason == "out of time after 0.5 s"
    assert 0.5 <= verdict.seconds < 1.5
    wait_until_gone([before], 1)
    assert worker.check(TRUE).proved
    assert process_of(worker).pid != before


@pytest.mark.parametrize("kind", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_a_worker_that_is_killed_is_an_unknown_and_no_more(kind, worker):
    worker.check(TRUE)
    threading.Timer(0.3, os.kill, (process_of(worker).pid, kind)).start()
    verdict = worker.check(SLOW)
    assert verdict.status == "unknown"
    assert "ended without an answer" in verdict.reason
    assert worker.check(TRUE).proved


def test_a_worker_that_was_killed_between_claims_is_replaced(worker):
    worker.check(TRUE)
    os.kill(process_of(worker).pid, signal.SIGKILL)
    time.sleep(0.1)
    assert worker.check(TRUE).status in ("proved", "unknown")
    assert worker.check(TRUE).proved


def test_answers_come_in_the_order_of_the_claims():
    sources = [SLOW, TRUE, FALSE, INVALID, TRUE, FALSE]
    seen = []
    verdicts = Workers(2).check(sources, progress=seen.append)
    assert [v.status for v in verdicts] == ["unknown", "proved", "refuted", "invalid", "proved", "refuted"]
    assert [v.source for v in verdicts] == sources
    assert len(seen) == len(sources)


def test_no_claims_need_no_workers():
    assert Workers(2).check([]) == []


@pytest.fixture
def started(monkeypatch):
    """The processes that workers start."""
    pids = []

    def start(self, really=Worker.start):
        really(self)
        pids.append(process_of(self).pid)

    monkeypatch.setattr(Worker, "start", start)
    return pids


def test_a_failing_callback_leaves_no_process(started):
    with pytest.raises(IndexError):
        Workers(2).check([TRUE, SLOW, TRUE], progress=lambda verdict: [][1])
    assert started
    wait_until_gone(started, 2)


def test_from_several_threads():
    found = []
    threads = [threading.Thread(target=lambda: found.append(check_one(TRUE).status)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["proved"] * 4


def python(script: str, **options) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )


def test_in_a_script_without_a_guard_twice_and_after_a_timeout(tmp_path):
    """A script's main module is not run again in the worker."""
    script = tmp_path / "script.py"
    script.write_text(
        "import gradproof\n"
        "print('once')\n"
        "print(gradproof.check('x + x == 2*x').status)\n"
        "print(gradproof.check('sum(1/k, (k, 1, 10**12)) == 1', seconds=0.3).status)\n"
        "print(gradproof.check('x == 1', advice=False).status)\n"
    )
    done = subprocess.run(
        [sys.executable, script],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    )
    assert done.stdout.split() == ["once", "proved", "unknown", "refuted"]
    assert done.stderr == ""


def test_a_child_of_a_fork_has_a_worker_of_its_own():
    done = python("""
        import os, sys
        import gradproof
        assert gradproof.check("x + x == 2*x").proved
        child = os.fork()
        if child == 0:
            sys.exit(0 if gradproof.check("x == 1", advice=False).refuted else 1)
        assert os.waitpid(child, 0)[1] == 0
        assert gradproof.check("x + x == 2*x").proved
        from gradproof.claims.workers import _shared
        assert len(_shared) == 1
    """)
    _, errors = done.communicate(timeout=60)
    assert done.returncode == 0, errors


PIDS = """
    import os, threading, time
    from gradproof.claims.verdicts import Source
    from gradproof.claims.workers import Workers
    from gradproof.claims import workers

    start = workers.Worker.start
    def told(self):
        start(self)
        print(self._process.pid, flush=True)
    workers.Worker.start = told
"""


@pytest.mark.parametrize("states", ["sum(1/k, (k, 1, 10**12)) == 1", "x == x"])
def test_when_the_parent_is_killed_nothing_stays_for_long(states):
    """An idle worker sees the end of its input; one at work ends with its claim, or the kernel ends it."""
    script = (
        PIDS
        + f"""
    worker = workers.Worker()
    worker.check(Source("{states}"))
    time.sleep(60)
    """
    )
    parent = python(script)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    time.sleep(0.3)
    parent.kill()
    parent.communicate()
    assert wait_until_gone([pid], 15) < 10


def test_work_that_nobody_waits_for_is_ended_by_the_kernel():
    """Even where Python cannot intervene: the limit counts the work of the process and needs no handler."""
    done = subprocess.run(
        [sys.executable, "-c", "from gradproof.claims.worker import limit_work; limit_work(0.2)\nwhile True: pass"],
        timeout=20,
    )
    assert done.returncode == -signal.SIGPROF
