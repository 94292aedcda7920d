"""Run the verification: each result in a worker process that can be killed, records in the order of the catalogue."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import TimeoutError as OutOfTime
from dataclasses import dataclass

from pebble import ProcessExpired, ProcessPool

from derivations import load, resolve
from derivations.judges.ladder import JudgesDisagree
from derivations.judges.sandbox import limit_memory
from derivations.judges.trial import LIES, judge
from derivations.proof.verdict import Verdict
from gradproof.records import Record, assemble, failed

SECONDS_A_RESULT = 120.0
MEGABYTES_A_WORKER = 12_000  # address space; torch alone maps several GB


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


def verify(
    names: Sequence[str] = (),
    *,
    symbolic: bool = True,
    numeric: bool = True,
    device: str = "cpu",
    dtypes: Sequence[str] = ("float64",),
    points: int = 1000,
    jobs: int | None = None,
    seed: int = 0,
    seconds: float = SECONDS_A_RESULT,
    progress: Callable[[Record], None] | None = None,
) -> list[Record]:
    """Records of the named results (or topics; all when none), in the order asked.

    ``progress`` is called with each record as it comes. ``jobs`` worker processes (the number of cores when None).
    Raises UnknownName, and JudgesDisagree when two judges contradict each other: then nothing may be believed.
    """
    tasks = [Task(name, symbolic, numeric, device, tuple(dtypes), points, seed=seed) for name in resolve(tuple(names))]
    jobs = min(jobs or os.cpu_count() or 1, len(tasks))
    records = []
    for record in _in_workers(tasks, jobs, seconds, limited=device == "cpu"):
        records.append(record)
        if progress:
            progress(record)
    return records


def run_task(task: Task) -> Record:
    """Judge one result and compare it with PyTorch, in this process."""
    started = time.perf_counter()
    result = load(task.name)
    trial = judge(result, lies=task.lies, seed=task.seed) if task.symbolic else None
    checks = _numeric_checks(task) if task.numeric else None
    return assemble(result, trial, checks, time.perf_counter() - started)


def _numeric_checks(task: Task) -> list[dict]:
    from numeric import verify_numeric

    result = load(task.name)
    return [
        check.record()
        for check in verify_numeric(result, device=task.device, dtypes=task.dtypes, points=task.points, seed=task.seed)
    ]


def _in_workers(tasks: Sequence[Task], jobs: int, seconds: float, *, limited: bool) -> Iterable[Record]:
    """The tasks over worker processes; one that hangs or dies is killed and costs its own result only."""
    context = multiprocessing.get_context("spawn")  # a forked child would inherit torch's threads half-made
    with ProcessPool(jobs, initializer=_prepare_worker, initargs=[jobs, limited], context=context) as pool:
        futures = [pool.schedule(run_task, args=[task], timeout=seconds) for task in tasks]
        for task, future in zip(tasks, futures, strict=True):
            try:
                yield future.result()
            except JudgesDisagree:
                pool.stop()
                raise
            except OutOfTime:
                yield failed(load(task.name), _broken(f"out of time after {seconds:g} s", seconds))
            except MemoryError:
                yield failed(load(task.name), _broken("out of memory"))
            except ProcessExpired as death:
                yield failed(load(task.name), _broken(f"the worker process died: {death}"))
            except Exception as error:  # a bug of ours in one result must not cost the others theirs
                yield failed(load(task.name), _broken(f"internal error: {type(error).__name__}: {error}"))


def _broken(reason: str, seconds: float = 0.0) -> Verdict:
    return Verdict("unknown", "not decided", reason=reason, seconds=seconds)


def _prepare_worker(jobs: int, limited: bool) -> None:
    """Share the cores between the workers, and bound each one's memory where the platform can."""
    os.environ["OMP_NUM_THREADS"] = str(max(1, (os.cpu_count() or 1) // jobs))
    if limited:
        limit_memory(MEGABYTES_A_WORKER)
