"""The command line called from a test, and results judged in this process rather than in workers."""

import pytest
from typer.testing import CliRunner

from gradproof import cli, run
from gradproof.run import run_task


@pytest.fixture
def in_process(monkeypatch):
    """Run each result in this process: workers are tested by themselves, and take seconds to start."""

    def here(tasks, jobs, seconds, *, limited):
        yield from map(run_task, tasks)

    monkeypatch.setattr(run, "_in_workers", here)


@pytest.fixture
def gradproof():
    def invoke(*arguments: str):
        result = CliRunner().invoke(cli.app, [*arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return invoke
