"""The code of a Markdown document: its blocks, what is typed and printed in them, and a run of them all."""

from __future__ import annotations

import contextlib
import doctest
import io
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from gradproof import cli

FIGURE = re.compile(r"-?\d+(?:\.\d{5,}(?:e[+-]\d+)?|(?:\.\d+)?e[+-]\d+)")  # its last digits are a machine's own
MEASURED = re.compile(r"\d+\.\d (?=ulp|s$)", flags=re.MULTILINE)  # rounding and time: another machine, another figure
FENCED = re.compile(r"^( *)```(\w*)[^\n]*\n(.*?)^\1```$", flags=re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text without the indentation, and the line on which the text begins."""

    language: str
    text: str
    line: int


def blocks(text: str) -> list[Block]:
    return [
        Block(found[2], re.sub(f"^{found[1]}", "", found[3], flags=re.MULTILINE), text[: found.start()].count("\n") + 2)
        for found in FENCED.finditer(text)
    ]


def examples(text: str) -> Iterator[tuple[Block, str]]:
    """Every Python block with what is said to be printed by it: the text block right after it, or nothing."""
    found = blocks(text)
    for block, following in zip(found, [*found[1:], Block("", "", 0)], strict=True):
        if block.language == "python":
            yield block, following.text if following.language == "text" else ""


def dialogues(text: str) -> Iterator[tuple[str, str]]:
    """Every command after a ``$``, with what is printed below it."""
    for block in blocks(text):
        if block.language == "console":
            for dialogue in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
                command, _, printed = dialogue.partition("\n")
                yield command.partition("  #")[0].strip(), printed


def run_python(code: str, scope: dict[str, Any], place: str = "<block>", line: int = 1) -> str:
    """What a block prints; one that ends in an exception ends in its name and message, as a traceback does."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            exec(compile("\n" * (line - 1) + code, place, "exec"), scope)  # our own text, not a user's
        except Exception as error:
            if isinstance(error, AssertionError):
                raise
            print(f"{type(error).__name__}: {error}")
    return printed.getvalue()


def run_command(command: str) -> tuple[str, int]:
    """What ``gradproof ...`` prints, and its exit code."""
    program, *words = shlex.split(command)
    assert Path(program).name == "gradproof", command
    result = CliRunner().invoke(cli.app, words)
    return result.output, result.exit_code


def same(printed: str, said: str) -> bool:
    """Whether a text is what a document says is printed. ``...`` stands for anything; long figures need four digits."""
    wanted, found = (_comparable(text) for text in (said, printed))
    return doctest.OutputChecker().check_output(wanted, found, doctest.ELLIPSIS)


def _comparable(text: str) -> str:
    lines = (line.rstrip() for line in text.strip().splitlines())
    text = MEASURED.sub("# ", "\n".join(lines))
    text = FIGURE.sub(lambda figure: f"{float(figure[0]):.4g}", text)
    return re.sub("(?<=\\S)  +", "  ", text) + "\n"  # columns are as wide as their widest figure
