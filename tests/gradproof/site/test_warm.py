"""A process that waits gives what a fresh one gives, again and again, and ends when it is not asked."""

from __future__ import annotations

import pytest

from gradproof.site.warm import Warm, run_module


@pytest.fixture
def warm():
    found = Warm()
    yield found
    found.close()


def test_a_program_runs_in_it_as_in_a_fresh_one(warm):
    for _ in range(2):
        assert warm.run("this").stdout == run_module("this").stdout != ""
    missing = warm.run("gradproof.site.no_such_module")
    assert missing.returncode
    assert "no_such_module" in missing.stderr


def test_nothing_of_ours_is_there_before_it_is_asked_for():
    from gradproof.site.warm import WAITING

    before, _, _ = WAITING.partition("module = sys.stdin")
    assert "gradproof" not in before
    assert "derivations" not in before


def test_it_ends_when_nobody_asks():
    warm = Warm()
    process = warm._waiting
    warm.close()
    assert process.returncode == 0
