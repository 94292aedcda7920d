"""A book with as many results as one wants: copies under other names, in topics of their own, with their records."""

from __future__ import annotations

from dataclasses import replace

from gradproof.site.book import Book
from gradproof.site.records import Run


def multiplied(book: Book, count: int) -> Book:
    """The book with at least ``count`` results. Copies refer to copies of the same number."""
    entries, records = list(book.entries), dict(book.run.records)
    for number in range(2, -(-count // len(book.entries)) + 1):
        for entry in book.entries:
            copy = replace(
                entry,
                name=_name(entry.name, number),
                topic=f"{entry.topic}{number}",
                title=f"{entry.title} ({number})",
                uses=[_name(name, number) for name in entry.uses],
                instead=_name(entry.instead, number),
                because=[_name(name, number) for name in entry.because],
                steps=[_step(step, number) for step in entry.steps],
            )
            entries.append(copy)
            if entry.name in book.run.records:
                records[copy.name] = {**book.run.records[entry.name], "name": copy.name}
    run: Run = replace(book.run, records=records)
    return replace(book, entries=tuple(entries), run=run)


def _name(name: str, number: int) -> str:
    topic, _, short = name.partition(".")
    return f"{topic}{number}.{short}" if name else ""


def _step(step: dict, number: int) -> dict:
    arguments = [{**a, "result": _name(a["result"], number)} if "result" in a else a for a in step["arguments"]]
    return {**step, "arguments": arguments}
