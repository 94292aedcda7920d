"""A verdict on a claim in a few lines of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from derivations.proof.verdict import Witness
from gradproof.claims.verdicts import ClaimVerdict
from gradproof.terminal import BAD, GOOD, WARN

COLOURS = {"proved": GOOD, "refuted": BAD, "consistent": WARN, "unknown": WARN, "invalid": BAD}
WIDTH = 12


def lines(verdict: ClaimVerdict, named: bool = False) -> Iterator[str]:
    """The status with the claim, then what stands behind it."""
    head = f"{verdict.status:{WIDTH}}"
    label = f"{_printable(verdict.name)}  " if named and verdict.name else ""
    if verdict.error:
        yield f"{head}{label}{verdict.reason}"
        if verdict.error.excerpt:
            yield f"{'':{WIDTH}}{verdict.error.excerpt}"
            yield f"{'':{WIDTH}}{'':{verdict.error.pointer}}^"
        return
    yield f"{head}{label}{_printable(verdict.source.states)}"
    if verdict.hypotheses:
        yield f"  for {', '.join(verdict.hypotheses)}"
    if verdict.witness:
        yield from _witness(verdict.witness)
    elif verdict.status == "proved":
        points = f", and {verdict.points} points tried" if verdict.points > 1 else ""
        yield f"  by {verdict.method}{points}"
    elif verdict.status == "consistent":
        yield f"  {verdict.points} points tried, none against it; no proof was found"
    else:
        yield f"  {verdict.reason}"
    yield from (f"  {line}" for line in verdict.advice)
    if verdict.snippet:
        first, *others = verdict.snippet.splitlines()
        yield f"  see it    {first}"
        yield from (f"{'':{WIDTH}}{line}" for line in others)


def _printable(text: str) -> str:
    """A user's text on one line, without what moves a terminal's cursor."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in " ".join(text.split()))


def _witness(witness: Witness) -> Iterator[str]:
    where = "   ".join(f"{name} = {_array(value)}" for name, value in witness.values.items())
    sides = f"left {_array(witness.left)}   right {_array(witness.right)}"
    yield f"  at {where}   {sides}" if where else f"  {sides}"


def _array(text: str) -> str:
    """A vector as (0, 1), a matrix as [[0, 1], [0, 0]]."""
    return f"({text[1:-1]})" if text.startswith("[") and text.count("[") == 1 else text


def show(out: Console, verdicts: list[ClaimVerdict], summary: bool) -> None:
    """Print verdicts, and how many there are of each when ``summary``."""
    for verdict in verdicts:
        for position, line in enumerate(lines(verdict, named=summary)):
            styled = Text(line)
            if position == 0:
                styled.stylize(COLOURS[verdict.status], 0, len(verdict.status))
            is_code = any(line.endswith(code) for code in verdict.snippet.splitlines())
            out.print(styled, soft_wrap=is_code or not out.is_terminal)  # code is copied: no line breaks of ours
        if summary:
            out.print()
    if summary:
        counts = Counter(v.status for v in verdicts)
        parts = [
            f"{len(verdicts)} claim{'s' * (len(verdicts) != 1)}",
            *(f"{counts[s]} {s}" for s in COLOURS if counts[s]),
        ]
        out.print(" · ".join(parts))
