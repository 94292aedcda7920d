"""A time limit inside a process: it ends what does not return, and leaves the clock as it was."""

import signal
import threading
import time

import pytest

from gradproof.claims.patience import OutOfPatience, patience


def spin(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def test_what_does_not_return_is_stopped():
    started = time.monotonic()
    with pytest.raises(OutOfPatience), patience(0.1):
        spin(10)
    assert 0.05 < time.monotonic() - started < 2


def test_code_that_catches_every_exception_does_not_catch_this_one():
    with pytest.raises(OutOfPatience), patience(0.1):
        while True:
            try:
                spin(10)
            except Exception:
                pytest.fail("swallowed")


def test_what_returns_in_time_is_left_alone_and_so_is_the_clock():
    before, running = signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)[0]  # pytest-timeout's
    with patience(0.2):
        spin(0.01)
    spin(0.3)
    assert signal.getsignal(signal.SIGALRM) == before
    assert running - 5 < signal.getitimer(signal.ITIMER_REAL)[0] <= running


def test_an_inner_limit_does_not_outlast_the_outer_one():
    started = time.monotonic()
    with pytest.raises(OutOfPatience), patience(0.1), patience(10):
        spin(10)
    assert time.monotonic() - started < 2


def test_after_an_inner_limit_the_outer_one_goes_on():
    started = time.monotonic()
    with pytest.raises(OutOfPatience), patience(0.3):
        with pytest.raises(OutOfPatience), patience(0.05):
            spin(10)
        spin(10)
    assert 0.2 < time.monotonic() - started < 2


def test_outside_the_main_thread_it_has_no_effect():
    done = []

    def work():
        with patience(0.01):
            spin(0.1)
        done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done
