"""The site, generated from the results and the records of their runs.

pages(book)        every generated page and file, by its path
read_book()        what the pages are made from, as it is now

The text of the pages depends on the book and the sources alone. Formulas and figures take long to make, so that they
are kept between builds, by what they are made from, and many figures are drawn in processes of their own.

Each kind of page is a module of this package with a function ``pages(book) -> {path: text}``, named in ``PARTS``. A
page that links to another kind asks ``"rules" in book.parts`` first, so a part that is missing leaves no dead links.
Only ``docs/hooks.py`` knows which program makes HTML of it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from gradproof.site.book import Book
    from gradproof.site.warm import Done

PARTS = ("start", "result", "errata", "map", "rules", "judges", "check", "lectures", "experiments")


def read_book(run: Callable[[str], Done] | None = None) -> Book:
    """The results of the sources, with the records of a run of exactly these sources, if there is one.

    ``run`` runs a module of ours that describes results whose sources changed: while serving, one that waits for it.
    """
    from gradproof.site.book import Book
    from gradproof.site.entries import entries
    from gradproof.site.experiment_records import experiments
    from gradproof.site.records import current, on_gpu
    from gradproof.site.warm import run_module

    return Book(entries(run or run_module), current(), on_gpu(), frozenset(PARTS), experiments())


def pages(book: Book) -> dict[str, str]:
    """Every generated file: Markdown for a page, anything else as it stands."""
    from gradproof.site.katex import style_sheet

    found = {"assets/katex/katex.css": style_sheet()}
    for part in PARTS:
        for path, text in importlib.import_module(f"gradproof.site.{part}").pages(book).items():
            if path in found:
                raise ValueError(f"{part} writes {path}, which another part has written")
            found[path] = text
    return found
