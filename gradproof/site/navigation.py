"""The navigation: results by topic, so that three hundred of them stay a short list."""

from __future__ import annotations

import importlib
from typing import Any

from gradproof.site.book import Book, result_page, topic_page

Nav = list[Any]
RESULTS = "@results"  # what stands in mkdocs.yml where the results go


def filled(nav: Nav, book: Book) -> Nav:
    """The navigation of mkdocs.yml with the generated entries in their place; entries of missing parts go."""
    return [one for entry in nav for one in _entry(entry, book)]


def _entry(entry: Any, book: Book) -> Nav:
    if not isinstance(entry, dict):
        return [entry]
    ((title, target),) = entry.items()
    if target == RESULTS:
        return [{title: results(book)}]
    if isinstance(target, str) and target.startswith("@"):  # "@errata errata/index.md"
        part, _, page = target[1:].partition(" ")
        return [{title: _with_children(part, page, book)}] if part in book.parts else []
    return [{title: filled(target, book)}] if isinstance(target, list) else [entry]


def _with_children(part: str, page: str, book: Book) -> str | Nav:
    """The page, and below it what the part's own ``nav(book)`` lists, if it has one."""
    listed = getattr(importlib.import_module(f"gradproof.site.{part}"), "nav", None)
    children = listed(book) if listed else []
    return [page, *children] if children else page


def results(book: Book) -> Nav:
    """The overview, then a section a topic: its own page and its results."""
    sections = [
        {about.title: [topic_page(about.name), *({entry.title: result_page(entry.name)} for entry in members)]}
        for about, members in book.topics
    ]
    return ["results/index.md", *sections]
