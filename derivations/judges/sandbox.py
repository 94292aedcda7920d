"""Running a function where it can be stopped: a child process with a limit of time and of memory.

Nothing inside a process can interrupt C code reliably, so the limit is kept from outside: when the time is over the
child is killed. Memory is limited by RLIMIT_AS where the platform enforces it (Linux does).
"""

from __future__ import annotations

import atexit
import multiprocessing
from collections.abc import Callable
from concurrent.futures import TimeoutError as Overdue
from functools import cache, wraps
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from derivations.proof.verdict import Verdict

try:
    import resource
except ImportError:  # not a POSIX platform: time is limited, memory is not
    resource = None

T = TypeVar("T")

SECONDS = 10.0
MEGABYTES = 2048


class LimitError(RuntimeError):
    """A function did not come back with a value."""


class OutOfTime(LimitError):
    """The function was killed after its time."""


class OutOfMemory(LimitError):
    """The function asked for more memory than it may have."""


class Crashed(LimitError):
    """The child process ended without an answer."""


def run_limited(function: Callable[..., T], *args: Any, seconds: float, megabytes: int = MEGABYTES) -> T:
    """``function(*args)`` in a child process; function, arguments and value must be picklable.

    Raises OutOfTime, OutOfMemory or Crashed; an exception of the function itself is raised here again. The first call
    starts the child, up to a second that does not count; later calls with the same ``megabytes`` use it again.
    """
    name = getattr(function, "__qualname__", repr(function))
    try:
        return _pool(megabytes).schedule(function, args=list(args), timeout=seconds).result()
    except Overdue:
        raise OutOfTime(f"{name} was stopped after {seconds:g} s") from None
    except MemoryError:
        raise OutOfMemory(f"{name} asked for more than {megabytes} MB") from None
    except ProcessExpired as end:
        raise Crashed(f"{name}: the process ended with exit code {end.exitcode} and no answer") from None


@cache
def _pool(megabytes: int) -> ProcessPool:
    # spawned, not forked: a fork of a process with threads (torch has them) can stop forever
    context = multiprocessing.get_context("spawn")
    pool = ProcessPool(max_workers=1, initializer=limit_memory, initargs=(megabytes,), context=context)
    atexit.register(_close, pool)
    return pool


def _close(pool: ProcessPool) -> None:
    pool.stop()
    pool.join()


def limit_memory(megabytes: int) -> None:
    """Bound the address space of this process, where the platform can."""
    if resource is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = megabytes * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def guarded(
    judge: Callable[..., Verdict], *, seconds: float = SECONDS, megabytes: int = MEGABYTES
) -> Callable[..., Verdict]:
    """The judge run under limits: what stops it becomes ``unknown`` with the reason. The judge is a module's function.

    An exception of the judge is a bug in it and is raised.
    """

    @wraps(judge)
    def limited(*args: Any) -> Verdict:
        try:
            return run_limited(judge, *args, seconds=seconds, megabytes=megabytes)
        except OutOfTime:
            return Verdict("unknown", judge.__module__.rpartition(".")[2], reason=f"out of time after {seconds:g} s")
        except OutOfMemory:
            return Verdict("unknown", judge.__module__.rpartition(".")[2], reason=f"out of memory at {megabytes} MB")
        except Crashed as crash:
            return Verdict("unknown", judge.__module__.rpartition(".")[2], reason=str(crash))

    return limited
