"""A child that runs too long, eats too much memory or dies is reported as such, and the next call still works."""

import os
import time

import pytest

from derivations.calculus.symbols import scalar
from derivations.judges import field
from derivations.judges.sandbox import Crashed, OutOfMemory, OutOfTime, guarded, run_limited
from derivations.proof.statement import Eq
from derivations.proof.verdict import Verdict


def double(x):
    return 2 * x


def fail():
    raise ValueError("of its own making")


def sleep_for(seconds):
    time.sleep(seconds)


def busy_in_c():
    return 7 ** (10**9) % 10  # one long call that no signal handler in Python can interrupt


def hoard():
    return len(bytearray(3 * 2**30))


def die():
    os._exit(3)


def slow_judge(statement, hypotheses=()):
    time.sleep(60)


def dying_judge(statement, hypotheses=()):
    os._exit(5)


def test_the_value_comes_back():
    assert run_limited(double, 21, seconds=10) == 42


def test_an_exception_of_the_function_is_raised_here():
    with pytest.raises(ValueError, match="of its own making"):
        run_limited(fail, seconds=10)


@pytest.mark.parametrize("call", [(sleep_for, 60), (busy_in_c,)])
def test_out_of_time_kills_even_c_code_and_the_next_call_works(call):
    started = time.perf_counter()
    with pytest.raises(OutOfTime, match=r"stopped after 0\.3 s"):
        run_limited(*call, seconds=0.3)
    assert time.perf_counter() - started < 5
    assert run_limited(double, 1, seconds=10) == 2


@pytest.mark.skipif(os.name != "posix" or os.uname().sysname != "Linux", reason="only Linux enforces RLIMIT_AS")
def test_out_of_memory():
    with pytest.raises(OutOfMemory, match="more than 2048 MB"):
        run_limited(hoard, seconds=10)
    assert run_limited(double, 2, seconds=10) == 4


def test_a_crash_is_told_with_its_exit_code():
    with pytest.raises(Crashed, match="exit code 3"):
        run_limited(die, seconds=10)
    assert run_limited(double, 3, seconds=10) == 6


def test_a_guarded_judge_gives_the_verdict_of_the_judge():
    x = scalar("x")
    verdict = guarded(field.decide, seconds=20)(Eq((x + 1) ** 2, x**2 + 2 * x + 1))
    assert verdict.proved and verdict.method == field.METHOD


def test_a_guarded_judge_is_unknown_when_stopped():
    x = scalar("x")
    slow = guarded(slow_judge, seconds=0.3)(Eq(x, x))
    assert isinstance(slow, Verdict) and slow.status == "unknown" and slow.reason == "out of time after 0.3 s"
    dead = guarded(dying_judge, seconds=10)(Eq(x, x))
    assert dead.status == "unknown" and "exit code 5" in dead.reason
