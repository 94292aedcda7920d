"""A result as it stands beside what a lecture prints, by the record of its run, and how many there are of each kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from derivations.lectures import Row
from gradproof.site.badges import OF_SLIDE, State
from gradproof.site.book import Book, link, result_page
from gradproof.site.entries import Entry

SUPPORTING = "supporting"  # the key of results that no lecture prints
AS_PRINTED = "wrong as printed"
IF_READ = "wrong if read"  # as an equality


@dataclass(frozen=True)
class Beside:
    """A result as it stands beside a row: how its run came out, and whether it is about the row as printed here."""

    entry: Entry
    href: str
    state: State
    words: str
    direct: bool

    @property
    def is_slip(self) -> bool:
        """Whether it shows this row to be wrong, as printed or under a reading that the slide leaves open."""
        return self.words.startswith((AS_PRINTED, IF_READ))

    @property
    def only_if(self) -> list[dict[str, str]]:
        """What a theorem assumes, which the slide may not say."""
        return [] if self.entry.is_erratum else self.entry.hypotheses


def beside(book: Book, row: Row, key: str, here: str) -> list[Beside]:
    """The results about a row: errata of what it prints, theorems, what theorems rest on, errata of other places."""
    about = [e for e in book.entries if row.id in e.catalogue]
    found = [_beside(book, entry, _is_direct(entry, row, key), here) for entry in about]
    return sorted(found, key=lambda one: (not one.direct, one.direct != one.entry.is_erratum))


def _is_direct(entry: Entry, row: Row, key: str) -> bool:
    """An erratum is about what its own lecture prints in the first row that it names, a theorem about any formula."""
    if entry.is_erratum:
        return entry.source["key"] == key and entry.catalogue[0] == row.id
    return entry.source["key"] != SUPPORTING or key == SUPPORTING


def _beside(book: Book, entry: Entry, direct: bool, here: str) -> Beside:
    standing = book.standing(entry)
    state, words = standing.state, standing.words
    if entry.is_erratum and not direct:
        state, words = "none", f"erratum in {entry.source['key']}"  # this row is not what is wrong
    elif entry.is_erratum:
        words = _wrong(entry) if state == "pass" else words
        state = OF_SLIDE[state]
    return Beside(entry, link(here, result_page(entry.name)), state, words, direct)


def _wrong(entry: Entry) -> str:
    return f"{IF_READ} {entry.reading}" if entry.reading else AS_PRINTED


@dataclass(frozen=True)
class Count:
    """Of the rows of a lecture: how many print a formula, and what there is about them."""

    rows: int
    formulas: int
    with_results: int
    slips: int  # wrong as printed
    readings: int  # wrong under a reading
    proved: int
    results: int

    @property
    def claims(self) -> int:
        return self.rows - self.formulas

    @property
    def all_decided(self) -> bool:
        return self.proved + self.slips + self.readings == self.results


def count(rows: Iterable[Row], results: dict[str, list[Beside]]) -> Count:
    rows = list(rows)
    told = {one.entry.name: one for found in results.values() for one in found if one.direct}
    words = Counter(one.words for one in told.values())
    return Count(
        rows=len(rows),
        formulas=sum(bool(row.printed) for row in rows),
        with_results=sum(bool(results[row.id]) for row in rows),
        slips=words[AS_PRINTED],
        readings=sum(number for said, number in words.items() if said.startswith(IF_READ)),
        proved=words["proved"],
        results=len(told),
    )
