"""What the five lectures print, slide by slide: the formulas as they stand there, and in our words what each one is.

lectures()      the five lectures with their slides, in the slides' order
supporting()    what no slide prints and a lecture needs

The data are the TOML files beside this one. They say nothing about what is right: that is for the results, which name
the rows that they are about (``catalogue``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from derivations.proof.source import CIS680, DRIPTA, MUCHA, PIASTRA, ROMANOV, Source

__all__ = ["Lecture", "LectureError", "Row", "Slide", "lectures", "supporting"]

FOLDER = Path(__file__).parent
FILES = {"romanov": ROMANOV, "cis680": CIS680, "dripta": DRIPTA, "mucha": MUCHA, "piastra": PIASTRA}


class LectureError(ValueError):
    """Data of a lecture that do not fit together; the message says which and why."""


@dataclass(frozen=True)
class Row:
    """A formula or a claim. ``printed`` is LaTeX as the slide has it, mistakes included; a claim in words has none."""

    id: str
    about: str
    printed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.id or not self.about:
            raise LectureError(f"the row {self.id!r} needs an id and a line that says what it is")


@dataclass(frozen=True)
class Slide:
    """A slide, or several that build up one. ``again`` are ids of rows that an earlier slide has printed."""

    title: str
    rows: tuple[Row, ...]
    again: tuple[str, ...] = ()
    section: str = ""  # the part of the lecture that it belongs to, as printed
    note: str = ""  # in our words, where several slides have one title

    @property
    def name(self) -> str:
        return f"{self.title} ({self.note})" if self.note else self.title


@dataclass(frozen=True)
class Lecture:
    """A lecture: where it is cited from, and its slides. Every row is printed in full once, and first."""

    source: Source
    slides: tuple[Slide, ...]

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for slide in self.slides:
            ids = [row.id for row in slide.rows]
            if twice := [i for i in ids if i in seen or ids.count(i) > 1]:
                raise LectureError(f"{self.source.key}, slide {slide.name!r}: {twice[0]} is there twice")
            seen.update(ids)
            if unknown := [i for i in slide.again if i not in seen]:
                raise LectureError(f"{self.source.key}, slide {slide.name!r}: {unknown[0]} was not printed before")

    @cached_property
    def rows(self) -> dict[str, Row]:
        return {row.id: row for slide in self.slides for row in slide.rows}


def lectures() -> tuple[Lecture, ...]:
    """The five lectures. Raises LectureError when the data do not fit together."""
    return tuple(Lecture(source, tuple(_slides(_read(name, "slides"), source.key))) for name, source in FILES.items())


def supporting() -> tuple[Row, ...]:
    """Rows that no slide prints. Raises LectureError."""
    return tuple(_made(Row, entry, "supporting") for entry in _read("supporting", "rows"))


def _read(name: str, key: str) -> list[dict[str, Any]]:
    try:
        return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))[key]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise LectureError(f"{name}.toml cannot be read: {error}") from error


def _slides(entries: list[dict[str, Any]], key: str) -> Iterator[Slide]:
    for entry in entries:
        rows = tuple(_made(Row, row, key) for row in entry.get("rows", ()))
        yield _made(Slide, {**entry, "rows": rows}, key)


def _made(kind: type[Any], entry: dict[str, Any], where: str) -> Any:
    """The entry as an object, its lists as tuples. Raises LectureError on a field that is missing or unknown."""
    try:
        return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()})
    except TypeError as error:
        raise LectureError(f"{where}: {error} in {entry}") from None
