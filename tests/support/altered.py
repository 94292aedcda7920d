"""A book in which one thing came out otherwise, or is described otherwise, than in the one that was run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gradproof.site.book import Book


def came_out(book: Book, name: str, **fields: Any) -> Book:
    """The book with these fields in the record of a result, which another record stands for if it has none."""
    kind = book.by_name[name].kind
    like = book.record(name) or next(one for one in book.run.records.values() if one["kind"] == kind)
    records = {**book.run.records, name: {**like, "name": name, **fields}}
    return replace(book, run=replace(book.run, records=records))


def described(book: Book, name: str, **fields: Any) -> Book:
    """The book with these fields in the entry of a result."""
    return replace(book, entries=tuple(replace(e, **fields) if e.name == name else e for e in book.entries))


def with_first(record: dict[str, Any], part: str, **fields: Any) -> list[dict[str, Any]]:
    """The checks, lies or steps of a record with these fields in the first of them."""
    first, *others = record[part]
    return [{**first, **fields}, *others]
