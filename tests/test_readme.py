"""What the README says works as it stands there."""

import re
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from gradproof import cli

README = Path(__file__).parents[1] / "README.md"
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README.read_text(encoding="utf-8"), flags=re.DOTALL)
COMMANDS = [line.split("#")[0].split() for _, block in BLOCKS for line in block.splitlines() if "bin/gradproof" in line]


def test_the_readme_opens_with_the_two_commands():
    assert [line.split("#")[0].strip() for line in BLOCKS[0][1].splitlines()] == ["make verify", "make test"]


def test_the_python_examples_run_one_after_another(capsys):
    scope: dict = {}
    for language, block in BLOCKS:
        if language == "python":
            exec(compile(block, str(README), "exec"), scope)  # our own text, not a user's
    assert scope["jacobian"].name == "softmax.jacobian"
    p = np.exp([0.0, 1.0, 2.0]) / np.exp([0.0, 1.0, 2.0]).sum()
    difference = scope["dp_dz"]([[0.0, 1.0, 2.0]])[0] - (np.diag(p) - np.outer(p, p))
    assert np.abs(difference).max() < 16 * np.finfo(float).eps
    assert "Jacobian of the softmax" in capsys.readouterr().out


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_the_commands_are_understood(words):
    arguments = words[1:]
    if arguments == ["verify", "--json"]:
        arguments = ["verify", "softmax.normalised", "--json", "--symbolic"]  # the whole run has its own tests
    assert CliRunner().invoke(cli.app, arguments).exit_code == 0


def test_there_are_commands_to_try():
    assert len(COMMANDS) >= 6
