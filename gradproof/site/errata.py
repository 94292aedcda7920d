"""The atlas of the errata: what a slide prints, what is right, and a point at which one can see it by hand."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import Any

from gradproof.site.book import Book, link, result_page
from gradproof.site.entries import Entry
from gradproof.site.slips import slip
from gradproof.site.templating import render

PAGE = "errata/index.md"
RANKED, UNRANKED = "By rank", "Not ranked"


def pages(book: Book) -> dict[str, str]:
    return {PAGE: render("errata.md", sections=_sections(book), lectures=_lectures(book), state=_state(book))}


def ranked(book: Book) -> list[Entry]:
    """The errata, those that mislead most first; those without a rank at the end, in the order of the catalogue."""
    return sorted(book.errata, key=lambda entry: (entry.rank is None, entry.rank or 0))


def identifier(entry: Entry) -> str:
    """The fragment of an erratum: softmax-single-term-chain."""
    return entry.name.replace(".", "-").replace("_", "-")


def _sections(book: Book) -> dict[str, list[dict[str, Any]]]:
    grouped = groupby(ranked(book), key=lambda entry: UNRANKED if entry.rank is None else RANKED)
    return {title: [_erratum(book, entry) for entry in found] for title, found in grouped}


def _erratum(book: Book, entry: Entry) -> dict[str, Any]:
    return {
        "entry": entry,
        "id": identifier(entry),
        "href": link(PAGE, result_page(entry.name)),
        "lecture_href": book.lecture_href(entry.source["key"], PAGE),
        "badges": book.badges(entry),
        **slip(book, entry, PAGE),
    }


def _lectures(book: Book) -> dict[str, list[dict[str, Any]]]:
    """By lecture, its errata in the order of the page."""
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in ranked(book):
        found.setdefault(entry.source["lecture"], []).append({"entry": entry, "id": identifier(entry)})
    return found


def _state(book: Book) -> str:
    """``5 errata in 2 lectures: 4 refuted · 1 not run``, in the words of the lists."""
    found = list(book.errata)
    lectures = len({entry.source["lecture"] for entry in found})
    status = Counter(book.standing(entry).words for entry in found)
    counted = " · ".join(f"{count} {words}" for words, count in status.items())
    return f"{len(found)} errata in {lectures} lecture{'s' if lectures != 1 else ''}: {counted or 'none'}."
