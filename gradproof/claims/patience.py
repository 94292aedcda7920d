"""A time limit inside a process, for Python code that does not return; C code is stopped from outside (workers.py)."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class OutOfPatience(BaseException):
    """The time is over. No Exception: code in between that catches everything must not catch this."""


AGAIN = 0.05  # seconds between further attempts to stop


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Raise OutOfPatience in the block after some time; inside another such block not later than that one would.

    Without effect outside the main thread or without SIGALRM.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    waiting = True

    def stop(*_):
        if waiting:
            raise OutOfPatience

    before = signal.signal(signal.SIGALRM, stop)
    outer, started = signal.getitimer(signal.ITIMER_REAL)[0], time.monotonic()
    # again and again: an exception that is raised inside a destructor is lost
    signal.setitimer(signal.ITIMER_REAL, max(min(seconds, outer or seconds), 0.001), AGAIN)
    try:
        yield
    finally:
        waiting = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if outer:
            signal.setitimer(signal.ITIMER_REAL, max(outer - (time.monotonic() - started), 0.001), AGAIN)
