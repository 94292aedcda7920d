"""Checking claims in processes that can be stopped.

    Workers(2).check(sources)     verdicts in order, each claim within its time, whatever it does

A worker that is late is killed and the next claim gets a new one. A plain subprocess that exchanges lines of JSON, not
multiprocessing: that would run the main module of the caller's script once more, and needs a guard in it.
"""

from __future__ import annotations

import atexit
import contextlib
import itertools
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gradproof.claims.verdicts import ClaimVerdict, Source

SECONDS = 9.0  # for one claim; what a worker itself allows for is less
STARTING = 60.0  # importing SymPy on a busy machine

_RUN = "import sys; sys.path.insert(0, {root!r}); from gradproof.claims.worker import main; main()"


class NoWorkers(RuntimeError):
    """A worker process cannot be started."""


class Worker:
    """One process; not for use by two threads at once."""

    def __init__(self):
        self._process: subprocess.Popen | None = None
        self._lines: queue.SimpleQueue = queue.SimpleQueue()
        self._numbers = itertools.count()
        self._owner = 0  # the process that started it: a child of a fork does not end it

    def check(self, source: Source, *, seconds: float = SECONDS, teach: bool = True) -> ClaimVerdict:
        """The verdict on a claim; ``unknown`` when the time is over or the process dies. Raises NoWorkers."""
        started = time.monotonic()
        self.start()
        number = next(self._numbers)
        ask = {"id": number, "states": source.states, "where": source.where, "let": source.let, "name": source.name}
        begun = time.monotonic()
        found: ClaimVerdict | None = None
        try:
            self._send({**ask, "teach": teach, "seconds": seconds})
            while True:
                left = begun + seconds - time.monotonic()
                answer = self._lines.get(timeout=max(left, 0.001))
                if answer is None:
                    raise BrokenPipeError
                if answer.get("id") == number:
                    found = ClaimVerdict.from_record(answer["verdict"])
                    if answer["last"]:
                        return found
        except queue.Empty:
            reason = f"out of time after {seconds:g} s"
        except (BrokenPipeError, OSError, ValueError):
            reason = "out of memory, or nested too deeply: the process ended without an answer"
        except BaseException:  # interrupted: its answer must not be taken for the next one's
            self.stop()
            raise
        self.stop()
        if found is not None:  # judged, and stopped while it looked for advice
            return found
        return ClaimVerdict("unknown", "none", reason=reason, seconds=time.monotonic() - started, source=source)

    def start(self) -> None:
        """Start the process unless it runs."""
        if self._process is not None and self._process.poll() is None:
            return
        self.stop()
        root = str(Path(__file__).resolve().parents[2])
        command = [sys.executable, "-P", "-c", _RUN.format(root=root)]
        pipe = subprocess.PIPE
        try:
            # -P and no stderr: neither a file beside the user nor a warning of a library gets in
            self._process = subprocess.Popen(
                command, stdin=pipe, stdout=pipe, stderr=_stderr(), encoding="utf-8", start_new_session=True
            )
        except OSError as error:
            raise NoWorkers(f"no worker process can be started: {error}") from None
        self._lines, self._owner = queue.SimpleQueue(), os.getpid()
        threading.Thread(target=_read, args=(self._process.stdout, self._lines), daemon=True).start()
        try:
            ready = self._lines.get(timeout=STARTING)
        except queue.Empty:
            ready = None
        if ready is None:
            self.stop()
            raise NoWorkers("the worker process ended at once; GRADPROOF_DEBUG=1 shows what it says")

    def _send(self, message: dict) -> None:
        assert self._process is not None and self._process.stdin is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()

    def stop(self) -> None:
        """Kill the process, if there is one."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                stream.close()  # type: ignore[union-attr]


def _stderr() -> int | None:
    return None if os.environ.get("GRADPROOF_DEBUG") else subprocess.DEVNULL


def _read(stream, lines: queue.SimpleQueue) -> None:
    """Put each answer into the queue, None at the end."""
    with contextlib.suppress(ValueError, OSError):
        for line in stream:
            lines.put(json.loads(line))
    lines.put(None)


class Workers:
    """Several workers, for several claims."""

    def __init__(self, jobs: int = 1):
        self.jobs = jobs

    def check(
        self,
        sources: Iterable[Source],
        *,
        seconds: float = SECONDS,
        teach: bool = True,
        progress: Callable[[ClaimVerdict], None] | None = None,
    ) -> list[ClaimVerdict]:
        """The verdicts, in the order of the claims; ``progress`` is called with each as it comes."""
        sources = list(sources)
        workers: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        pool = [Worker() for _ in range(max(1, min(self.jobs, len(sources))))]
        for worker in pool:
            workers.put(worker)
        stopped = threading.Event()

        def one(source: Source) -> ClaimVerdict:
            worker = workers.get()
            try:
                if stopped.is_set():
                    raise NoWorkers("interrupted")
                verdict = worker.check(source, seconds=seconds, teach=teach)
            finally:
                workers.put(worker)
            if progress:
                progress(verdict)
            return verdict

        with ThreadPoolExecutor(len(pool)) as threads:
            futures = [threads.submit(one, source) for source in sources]
            try:
                return [future.result() for future in futures]
            except BaseException:
                stopped.set()
                for future in futures:
                    future.cancel()
                raise
            finally:
                for worker in pool:
                    worker.stop()


_shared: list[Worker] = []
_abandoned: list[Worker] = []  # after a fork: the parent's, kept so that nothing here ends them
_lock = threading.Lock()


def _after_fork() -> None:
    """A child has no part in the conversation of its parent with a worker."""
    global _lock
    _abandoned.extend(_shared)
    _shared.clear()
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def check_one(source: Source, *, seconds: float = SECONDS, teach: bool = True) -> ClaimVerdict:
    """One claim, in a worker that is kept for the next call and ends with this process."""
    with _lock:
        if not _shared:
            _shared.append(Worker())
            atexit.register(_shared[0].stop)
        return _shared[0].check(source, seconds=seconds, teach=teach)
