"""What every page about an erratum says: what holds, where the lecture has it right, the point at which it fails."""

from __future__ import annotations

from typing import Any

from gradproof.site.book import Book, drawn_on, link, result_page
from gradproof.site.entries import Entry

UNEQUAL = {"=": "≠", "!=": "=", "<=": "≰", "<": "≮"}


def corrections(book: Book, entry: Entry, here: str) -> list[dict[str, Any]]:
    """Of an erratum: the theorems that hold instead."""
    return [{"entry": book.by_name[name], "href": link(here, result_page(name))} for name in drawn_on(entry)]


def right_there(book: Book, entry: Entry) -> dict[str, str] | None:
    """Where the same lecture prints what is right; None if it does not, or if a correction is not proved in this run.

    ``slide`` is empty for another slide of the same title.
    """
    place = entry.right_at
    if not place or not all(_is_proved(book, name) for name in drawn_on(entry)):
        return None
    return {"slide": "" if place["slide"] == entry.source["slide"] else place["slide"], "latex": place["printed"]}


def _is_proved(book: Book, name: str) -> bool:
    record = book.record(name)
    return bool(record) and record["status"] == "proved"  # type: ignore[index]


def counterexample(record: dict[str, Any] | None) -> dict[str, Any]:
    """The point at which a statement fails and what both sides are there, as ``counterexample.html`` shows it."""
    witness = record["witness"] if record else None
    return {
        "witness": witness,
        "unequal": UNEQUAL[witness["operator"]] if witness else "",
        "worked": _worked(record),
    }


def _worked(record: dict[str, Any] | None) -> dict[str, list[dict[str, str]]] | None:
    lines = (record or {}).get("worked")
    if not lines:
        return None
    return {
        "definitions": [line for line in lines if line["role"] == "definition"],
        "printed": [line for line in lines if line["role"] == "printed"],
        "correct": [line for line in lines if line["role"] == "correct"],
    }
