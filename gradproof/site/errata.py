"""The atlas of the errata: what a slide prints, what is right, and a point at which one can see it by hand."""

from __future__ import annotations

from collections import Counter
from typing import Any

from gradproof.site.book import Book, link, result_page
from gradproof.site.entries import Entry
from gradproof.site.result import corrections, counterexample
from gradproof.site.templating import render

PAGE = "errata/index.md"


def pages(book: Book) -> dict[str, str]:
    by_lecture: dict[str, list[dict[str, Any]]] = {}
    for entry in book.errata:
        by_lecture.setdefault(entry.source["lecture"], []).append(_erratum(book, entry))
    return {PAGE: render("errata.md", lectures=by_lecture, state=_state(book))}


def _erratum(book: Book, entry: Entry) -> dict[str, Any]:
    return {
        "entry": entry,
        "id": entry.name.replace(".", "-").replace("_", "-"),
        "href": link(PAGE, result_page(entry.name)),
        "badges": book.badges(entry),
        "corrections": corrections(book, entry, PAGE),
        "right": right_there(book, entry),
        **counterexample(book.record(entry.name)),
    }


def right_there(book: Book, entry: Entry) -> dict[str, str] | None:
    """Where the same lecture prints what is right; None if it does not, or if that is not proved in this run.

    Only the theorem that takes the place of the erratum counts: others say what the printed expression is in truth.
    """
    instead = book.by_name.get(entry.instead)
    record = book.record(instead.name) if instead else None
    if not instead or not record or record["status"] != "proved":
        return None
    source, printed = instead.source, instead.source["printed"]
    if source["key"] != entry.source["key"] or printed in ("", entry.source["printed"]):
        return None
    same = source["slide"] == entry.source["slide"]
    return {"slide": "" if same else source["slide"], "latex": printed}


def _state(book: Book) -> str:
    """``5 errata in 2 lectures: 5 refuted``, with "not run" for those without a record."""
    found = list(book.errata)
    lectures = len({entry.source["lecture"] for entry in found})
    status = Counter(record["status"] if (record := book.record(entry.name)) else "not run" for entry in found)
    counted = ", ".join(f"{count} {words}" for words, count in status.items())
    return f"{len(found)} errata in {lectures} lecture{'s' if lectures != 1 else ''}: {counted or 'none'}."
