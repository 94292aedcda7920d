"""The terminal: its width, its colours (never the only carrier of anything), and lines that fit."""

from __future__ import annotations

import shutil
import sys

from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

GOOD, BAD, WARN, PALE = "green", "bold red", "yellow", "dim"
_COLOURS = {
    "proved": GOOD,
    "refuted": WARN,
    "pass": GOOD,
    "fail": BAD,
    "unknown": BAD,
    "consistent": WARN,
    "not run": PALE,
    "not run here": PALE,
    "–": PALE,
}


def console(stderr: bool = False) -> Console:
    """A console that prints text as it is: no markup (``[mₜ]`` is mathematics), no emoji, no wrapping of its own."""
    width = shutil.get_terminal_size((140, 24)).columns
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=True, width=width)


def room(out: Console) -> int | None:
    """The width that lines must fit; None where the output goes to a file or a pipe, which have none."""
    return out.width if out.is_terminal else None


def progress(out: Console) -> Progress:
    """A bar that shows only on a terminal and is gone afterwards."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=out,
        transient=True,
        disable=not out.is_terminal,
    )


def replace_what_cannot_be_written() -> None:
    """On a terminal without Unicode print ``?`` for a sign it does not have, rather than fail."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]


def coloured(status: str, words: str | None = None) -> Text:
    return Text(words if words is not None else status, style=_COLOURS.get(status, ""))


def padded(text: str | Text, width: int) -> Text:
    """The text followed by spaces up to ``width`` cells."""
    line = text.copy() if isinstance(text, Text) else Text(text)
    line.append(" " * max(0, width - line.cell_len))
    return line


def folded(text: str, width: int | None, between: str = " ") -> list[str]:
    """The text in lines of at most ``width`` cells, broken at ``between`` only; nothing is cut."""
    if width is None or cell_len(text) <= width:
        return [text]
    lines, line = [], ""
    for word in text.split(between):
        longer = f"{line}{between}{word}" if line else word
        if line and cell_len(longer) > width:
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line]


def folded_formula(formula: str, width: int | None) -> list[str]:
    """A formula in lines of at most ``width`` cells, broken before relations, plus and minus where that is possible."""
    lines = []
    while width is not None and cell_len(formula) > width:
        place = _operator(formula, width)
        if place is None:
            return [*lines, *folded(formula, width)]
        lines.append(formula[:place])
        formula = formula[place + 1 :]
    return [*lines, formula]


def _operator(formula: str, width: int) -> int | None:
    """The space before the operator in the fewest brackets, the last of those, not far left."""
    depth, place, fewest = 0, None, 0
    for at, sign in enumerate(formula):
        if cell_len(formula[:at]) > width:
            break
        depth += (sign in "([") - (sign in ")]")
        breaks = sign == " " and formula[at + 1] in "=<≤≠⇔+−" and 3 * cell_len(formula[:at]) > width
        if breaks and (place is None or depth <= fewest):
            place, fewest = at, depth
    return place
