"""What every page is made from: the results, the records of their runs, and how pages link to each other."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from derivations.lectures import Lecture, lectures
from gradproof.site.badges import Badge, Standing, badges, overall
from gradproof.site.entries import Entry
from gradproof.site.experiment_records import Experiment
from gradproof.site.records import NOT_RUN, Run
from gradproof.site.topics import Topic, topic


@dataclass(frozen=True)
class Book:
    """All that is known when the pages are written. ``parts`` are the kinds of page that this site has."""

    entries: tuple[Entry, ...]
    run: Run = NOT_RUN
    gpu: Run = NOT_RUN
    parts: frozenset[str] = field(default_factory=frozenset)
    experiments: tuple[Experiment, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "entries", tuple(_titled(entry) for entry in self.entries))

    @cached_property
    def by_name(self) -> dict[str, Entry]:
        return {entry.name: entry for entry in self.entries}

    @cached_property
    def topics(self) -> list[tuple[Topic, list[Entry]]]:
        """The topics that have results, in the order of the catalogue, each with its results."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(entry.topic, []).append(entry)
        return [(topic(name), members) for name, members in found.items()]

    @cached_property
    def used_by(self) -> dict[str, list[str]]:
        """By the name of a theorem, the results that cite it or are corrected by it."""
        found: dict[str, list[str]] = {}
        for entry in self.entries:
            for name in drawn_on(entry):
                found.setdefault(name, []).append(entry.name)
        return found

    @cached_property
    def lectures(self) -> dict[str, Lecture]:
        """What the lectures print, by their keys."""
        return {lecture.source.key: lecture for lecture in lectures()}

    @property
    def theorems(self) -> Iterator[Entry]:
        return (entry for entry in self.entries if not entry.is_erratum)

    @property
    def errata(self) -> Iterator[Entry]:
        return (entry for entry in self.entries if entry.is_erratum)

    def record(self, name: str) -> dict[str, Any] | None:
        """The record of a current run; None if it did not run."""
        return self.run.records.get(name)

    def badges(self, entry: Entry) -> list[Badge]:
        return badges(entry.kind, self.record(entry.name), self.gpu.records.get(entry.name))

    def standing(self, entry: Entry) -> Standing:
        """How everything that was asked about a result came out, as a list shows it."""
        return overall(entry.kind, self.badges(entry), self.record(entry.name))

    def lecture_href(self, key: str, here: str, place: str = "") -> str:
        """The address of a lecture's page as written on another; empty for a source that has no page."""
        known = "lectures" in self.parts and key in self.lectures
        return link(here, lecture_page(key), place) if known else ""


def _titled(entry: Entry) -> Entry:
    """The entry with a title that is one line; without a title it goes by its name."""
    title = " ".join(entry.title.split()) or entry.name
    return entry if title == entry.title else replace(entry, title=title)


def drawn_on(entry: Entry) -> list[str]:
    """The theorems that a result rests on: cited in its proof, or right where it is wrong."""
    return list(dict.fromkeys([*entry.uses, *([entry.instead] if entry.instead else []), *entry.because]))


# ---- where pages are


def result_page(name: str) -> str:
    return f"results/{name}.md"


def topic_page(name: str) -> str:
    return f"results/{name}/index.md"


def lecture_page(key: str) -> str:
    return f"lectures/{key.lower().replace(' ', '-')}.md"


def experiment_page(id: str) -> str:
    return f"experiments/{id}.md"


def link(page: str, target: str, fragment: str = "") -> str:
    """The address of one page as written on another; both are given by their Markdown files."""
    there = posixpath.relpath(_folder(target), _folder(page))
    address = "" if page == target and fragment else f"{there}/"
    return f"{address}#{fragment}" if fragment else address


def asset(page: str, path: str) -> str:
    """The address of a file, "assets/js/site.js", as written on a page."""
    return posixpath.relpath(f"/{path}", _folder(page))


def _folder(page: str) -> str:
    """The folder that a page becomes: results/softmax.jacobian for results/softmax.jacobian.md."""
    folder, name = posixpath.split(page)
    stem = name.removesuffix(".md")
    return posixpath.join("/", folder, "" if stem == "index" else stem)


def anchor(words: str) -> str:
    """The fragment of a rule or a judge: collapse, pull-out."""
    return words.replace(" ", "-")
