"""Run the verification, in this process or over worker processes; records come in the order of the names."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import TimeoutError as OutOfTime
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker

from pebble import ProcessExpired, ProcessPool

from derivations import catalogue, is_registered, load, resolve
from derivations.judges.ladder import JudgesDisagree
from derivations.judges.trial import LIES, judge
from derivations.proof.theorem import Erratum, Result, Theorem
from derivations.proof.verdict import Verdict
from gradproof.memory import limit_memory
from gradproof.processes import main_module_hidden
from gradproof.records import Record, assemble, failed

SECONDS_A_RESULT = 120.0
MEGABYTES_A_WORKER = 12_000  # address space; torch alone maps several GB
DTYPES = ("float64", "float32")


class NoWorkers(RuntimeError):
    """The worker processes could not be started."""


@dataclass(frozen=True)
class Task:
    """What to do with one result."""

    name: str
    symbolic: bool = True
    numeric: bool = True
    device: str = "cpu"
    dtypes: tuple[str, ...] = ("float64",)
    points: int = 1000
    lies: int = LIES
    seed: int = 0
    own: Result | None = None  # a result that is not in the registry

    @property
    def result(self) -> Result:
        return self.own or load(self.name)

    def __post_init__(self) -> None:
        if self.points < 1:
            raise ValueError(f"points = {self.points}: at least 1 is needed")
        if self.seed < 0:
            raise ValueError(f"seed = {self.seed}: a seed is 0 or more")
        for dtype in self.dtypes:
            if dtype not in DTYPES:
                raise ValueError(f"dtype {dtype!r}: choose {' or '.join(DTYPES)}")


def verify(
    names: Sequence[str | Result] = (),
    *,
    symbolic: bool = True,
    numeric: bool = True,
    device: str = "cpu",
    dtypes: Sequence[str] = ("float64",),
    points: int = 1000,
    lies: int = LIES,
    jobs: int = 1,
    workers: bool | None = None,
    seed: int = 0,
    seconds: float = SECONDS_A_RESULT,
    progress: Callable[[Record], None] | None = None,
) -> list[Record]:
    """Records of the named results (or topics; all when none), in the order asked; or of results themselves.

    ``progress`` is called with each record as it comes. ``workers``: in ``jobs`` worker processes, each result killed
    after ``seconds``; otherwise in this process, where nothing can be killed. By default for more than one job.

    Raises UnknownName; ValueError for an option that cannot be; NoWorkers when no worker process starts; and
    JudgesDisagree when two judges contradict each other: then nothing may be believed.
    """
    if jobs < 1:
        raise ValueError(f"jobs = {jobs}: at least 1 is needed")
    dtypes = (dtypes,) if isinstance(dtypes, str) else tuple(dtypes)
    tasks = [Task(name, symbolic, numeric, device, dtypes, points, lies, seed, own) for name, own in _asked(names)]
    if workers is None:
        workers = jobs > 1
    if workers and any(task.own for task in tasks):
        raise ValueError("a result that is not in the registry runs in this process only: jobs=1")
    limited = device == "cpu"
    found = _in_workers(tasks, min(jobs, len(tasks)), seconds, limited=limited) if workers else _here(tasks)
    records = []
    with closing(found):  # a callback that raises stops the workers too
        for record in found:
            records.append(record)
            if progress:
                progress(record)
    return records


def _asked(names: Sequence[str | Result]) -> list[tuple[str, Result | None]]:
    """The names asked for, each once, with the result itself where the registry has none or another of that name."""
    found: dict[tuple[str, Result | None], None] = {}
    for one in names or catalogue():
        if isinstance(one, (Theorem, Erratum)):
            found[one.name, None if is_registered(one) else one] = None
        else:
            found.update(dict.fromkeys((name, None) for name in resolve((one,))))
    return list(found)


def _here(tasks: Sequence[Task]) -> Generator[Record, None, None]:
    yield from map(run_task, tasks)


def run_task(task: Task) -> Record:
    """Judge one result and compare it with PyTorch, in this process."""
    started = time.perf_counter()
    result = task.result
    trial = judge(result, lies=task.lies, seed=task.seed) if task.symbolic else None
    checks = _numeric_checks(task) if task.numeric else None
    return assemble(result, trial, checks, time.perf_counter() - started)


def _numeric_checks(task: Task) -> list[dict]:
    from numeric import verify_numeric

    return [
        check.record()
        for check in verify_numeric(
            task.result, device=task.device, dtypes=task.dtypes, points=task.points, seed=task.seed
        )
    ]


# ---- worker processes


def _in_workers(tasks: Sequence[Task], jobs: int, seconds: float, *, limited: bool) -> Generator[Record, None, None]:
    """The tasks over worker processes; one that hangs or dies is killed and costs its own result only."""
    with _worker_pool(jobs, limited) as pool:
        futures = [pool.schedule(run_task, args=[task], timeout=seconds) for task in tasks]
        for task, future in zip(tasks, futures, strict=True):
            yield _record_of(task, future, seconds)


def _record_of(task: Task, future, seconds: float) -> Record:
    try:
        return future.result()
    except JudgesDisagree:
        raise
    except OutOfTime:
        return failed(load(task.name), _broken(f"out of time after {seconds:g} s", seconds))
    except MemoryError:
        return failed(load(task.name), _broken("out of memory"))
    except ProcessExpired as death:
        return failed(load(task.name), _broken(f"the worker process died: {death}"))
    except Exception as error:  # a bug of ours in one result must not cost the others theirs
        return failed(load(task.name), _broken(f"internal error: {type(error).__name__}: {error}"))


@contextmanager
def _worker_pool(jobs: int, limited: bool) -> Iterator[ProcessPool]:
    """A pool that is stopped at once, its workers killed, when anything is raised: Ctrl-C above all."""
    context = multiprocessing.get_context("spawn")  # a forked child would inherit torch's threads half-made
    with main_module_hidden():
        pool = ProcessPool(jobs, initializer=_prepare_worker, initargs=[jobs, limited], context=context)
        try:
            with _interrupts_held_back():
                _start(pool)
            yield pool
            pool.close()
        except BaseException:
            pool.stop()
            raise
        finally:
            pool.join()


def _start(pool: ProcessPool) -> None:
    try:
        if pool.active:  # asking starts the threads of the pool, and they the workers
            return
    except (OSError, RuntimeError) as error:
        raise NoWorkers(f"no worker process could be started ({error}); run with jobs=1") from error
    raise NoWorkers("no worker process could be started; run with jobs=1")


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Ctrl-C is for this thread alone: what is started here, threads and workers, inherits that it is held back."""
    if not hasattr(signal, "pthread_sigmask"):  # not a POSIX platform
        yield
        return
    resource_tracker.ensure_running()  # starting it later would let the signals through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _broken(reason: str, seconds: float = 0.0) -> Verdict:
    return Verdict("unknown", "not decided", reason=reason, seconds=seconds)


def _prepare_worker(jobs: int, limited: bool) -> None:
    """Share the cores between the workers, and bound each one's memory where the platform can."""
    os.environ["OMP_NUM_THREADS"] = str(max(1, (os.cpu_count() or 1) // jobs))
    if limited:
        limit_memory(MEGABYTES_A_WORKER)
