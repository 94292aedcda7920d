"""What the README says works as it stands there."""

import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from gradproof import cli
from gradproof.claims.verdicts import EXIT_CODES
from tests.support.documents import blocks, dialogues

README = Path(__file__).parents[1] / "README.md"
TEXT = README.read_text(encoding="utf-8")
BLOCKS = [(block.language, block.text) for block in blocks(TEXT)]
COMMANDS = [line.split("#")[0].split() for _, block in BLOCKS for line in block.splitlines() if "bin/gradproof" in line]
DIALOGUES = [(command, printed.rstrip()) for command, printed in dialogues(TEXT)]


def test_the_readme_opens_with_the_two_commands():
    assert [line.split("#")[0].strip() for line in BLOCKS[0][1].splitlines()] == ["make verify", "make test"]


def test_the_python_examples_run_one_after_another(capsys):
    scope: dict = {}
    for (language, block), (following, printed) in zip(BLOCKS, [*BLOCKS[1:], ("", "")], strict=True):
        if language == "python" and "gradproof_check" not in block:
            capsys.readouterr()
            exec(compile(block, str(README), "exec"), scope)  # our own text, not a user's
            if not following and "print(verdict)" in block:
                assert _without_numbers(capsys.readouterr().out) == _without_numbers(printed)
    assert scope["jacobian"].name == "softmax.jacobian"
    assert scope["verdict"].status == "refuted"
    p = np.exp([0.0, 1.0, 2.0]) / np.exp([0.0, 1.0, 2.0]).sum()
    difference = scope["dp_dz"]([[0.0, 1.0, 2.0]])[0] - (np.diag(p) - np.outer(p, p))
    assert np.abs(difference).max() < 16 * np.finfo(float).eps


def _without_numbers(text: str) -> str:
    """What does not depend on the last bits of a machine's arithmetic."""
    return re.sub(r"-?\d+(\.\d+)?(e[+-]\d+)?", "#", text).strip()


@pytest.mark.parametrize(("command", "printed"), DIALOGUES, ids=[command for command, _ in DIALOGUES])
def test_the_dialogues_are_what_is_printed(command, printed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "claims.toml").write_text(
        next(block for language, block in BLOCKS if language == "toml"), encoding="utf-8"
    )
    program, *words = shlex.split(command)
    result = CliRunner().invoke(cli.app, words)
    assert program == "gradproof"
    assert [line.rstrip() for line in result.stdout.rstrip().splitlines()] == printed.splitlines()
    assert result.exit_code == next(code for word, code in EXIT_CODES.items() if printed.startswith(word))


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_the_commands_are_understood(words):
    arguments = words[1:]
    if arguments == ["verify", "--json"]:
        arguments = ["verify", "softmax.normalised", "--json", "--symbolic"]  # the whole run has its own tests
    assert CliRunner().invoke(cli.app, arguments).exit_code == 0


def test_there_are_commands_to_try():
    assert len(COMMANDS) >= 6
    assert len(DIALOGUES) >= 7
