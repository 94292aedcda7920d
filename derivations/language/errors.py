"""What is wrong with a text, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A position in one of the texts of a claim: ``origin`` is "claim", "where" or "let"; counting starts at 1."""

    origin: str
    line: int
    column: int
    excerpt: str  # the line of text, printable, not longer than a terminal's

    @property
    def pointer(self) -> int:
        """The column of the offending text within the excerpt, from 0."""
        return min(self.column - 1, _pointer_in_long_line(self.column))


class InvalidClaim(ValueError):
    """A text that is no claim: ``message`` says why, ``place`` where."""

    def __init__(self, message: str, place: Place):
        super().__init__(message)
        self.message, self.place = message, place

    def __str__(self) -> str:
        where = "" if self.place.origin == "claim" else f" of {self.place.origin}"
        line = f"line {self.place.line}, " if self.place.line > 1 else ""
        return f"{line}column {self.place.column}{where}: {self.message}"


class BeyondLimits(ValueError):
    """A claim that has a meaning and is too large to be judged."""


WIDTH = 64  # with the margin of a report it fits a terminal of 80 columns


def place_at(text: str, offset: int, origin: str) -> Place:
    """The place of a character of a text."""
    offset = max(0, min(offset, len(text)))
    line_start = text.rfind("\n", 0, offset) + 1
    line_end = text.find("\n", offset)
    line = text[line_start : len(text) if line_end < 0 else line_end]
    column = offset - line_start + 1
    start = max(0, column - 1 - _pointer_in_long_line(column))
    excerpt = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line[start : start + WIDTH])
    return Place(origin, text.count("\n", 0, offset) + 1, column, excerpt)


def _pointer_in_long_line(column: int) -> int:
    """Where the column stands in an excerpt that is cut at the left when the line is long."""
    return column - 1 if column <= WIDTH * 3 // 4 else WIDTH // 2
