"""The lectures, slide by slide: what each prints, and beside it the results about it, "not yet" where there are none.

A row is never judged itself. The results that name it in their ``catalogue`` are, each by the record of its run.
"""

from __future__ import annotations

import re
import unicodedata
from functools import partial
from typing import Any

from derivations.lectures import Lecture, Row, Slide, supporting
from gradproof.site.beside import SUPPORTING, Beside, beside, count
from gradproof.site.book import Book, lecture_page, link, result_page
from gradproof.site.entries import Entry
from gradproof.site.templating import render

PAGE = "lectures/index.md"


def pages(book: Book) -> dict[str, str]:
    found = {lecture_page(key): page(book, lecture) for key, lecture in book.lectures.items()}
    return {PAGE: index(book), **found}


def nav(book: Book) -> list[dict[str, str]]:
    return [{key: lecture_page(key)} for key in book.lectures]


def place(book: Book, entry: Entry) -> str:
    """The anchor of the first row of its lecture that the result is about; empty if the lecture has none of them."""
    lecture = book.lectures.get(entry.source["key"])
    return next((row_anchor(i) for i in entry.catalogue if lecture and i in lecture.rows), "")


# ---- a page


def page(book: Book, lecture: Lecture) -> str:
    here = lecture_page(lecture.source.key)
    results = {i: beside(book, row, lecture.source.key, here) for i, row in lecture.rows.items()}
    shown = [_slide(book, slide, lecture, results, here) for slide in lecture.slides]
    return render(
        "lecture.md",
        lecture=lecture.source,
        tags=tags(lecture),
        counted=count(lecture.rows.values(), results),
        sections=_sections(shown),
        run=book.run,
    )


def tags(lecture: Lecture) -> list[str]:
    """What the search finds the page by, beside its title: the lecture's key and the titles of its slides."""
    key = lecture.source.key
    titles = (title for slide in lecture.slides for title in (slide.section, slide.title))
    return list(dict.fromkeys(tag for tag in ("lecture", "slides", key, key.replace(" ", ""), *titles) if tag))


def _sections(slides: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Neighbours of one section together."""
    found: list[dict[str, Any]] = []
    for one in slides:
        title = one["slide"].section
        if not title or not found or found[-1]["title"] != title:
            found.append({"title": title, "id": f"part-{slug(title)}", "slides": []})
        found[-1]["slides"].append(one)
    return found


def _slide(book: Book, slide: Slide, lecture: Lecture, results: dict[str, list[Beside]], here: str) -> dict[str, Any]:
    return {
        "slide": slide,
        "id": slug(slide.name),
        "rows": [_row(book, row, results[row.id], here) for row in slide.rows],
        "again": [{"id": row_anchor(i), "about": pieces(lecture.rows[i].about)} for i in slide.again],
    }


def _row(book: Book, row: Row, results: list[Beside], here: str) -> dict[str, Any]:
    """What stands on the page for a row; results that only belong to it are folded if there are others."""
    first = [r for r in results if r.direct] or [r for r in results if not r.entry.is_erratum] or results
    return {
        "row": row,
        "id": row_anchor(row.id),
        "about": pieces(row.about),
        "results": [{"one": one, "right": _right(book, one, here)} for one in first],
        "more": [one for one in results if one not in first],
    }


def _right(book: Book, one: Beside, here: str) -> dict[str, str] | None:
    """Of a slip: the theorem in its place."""
    instead = book.by_name.get(one.entry.instead) if one.is_slip else None
    return {"title": instead.title, "href": link(here, result_page(instead.name))} if instead else None


def index(book: Book) -> str:
    listed = [_listed(book, lecture) for lecture in book.lectures.values()]
    here = partial(beside, book, key=SUPPORTING, here=PAGE)
    rows = [_row(book, row, here(row), PAGE) for row in supporting()]
    return render("lectures.md", lectures=listed, rows=rows, run=book.run)


def _listed(book: Book, lecture: Lecture) -> dict[str, Any]:
    results = {i: beside(book, row, lecture.source.key, PAGE) for i, row in lecture.rows.items()}
    counted = count(lecture.rows.values(), results)
    slides = len(lecture.slides)
    return {
        "source": lecture.source,
        "href": link(PAGE, lecture_page(lecture.source.key)),
        "n": counted,
        "slides": slides,
    }


# ---- words


def row_anchor(row_id: str) -> str:
    return row_id.replace(".", "-")


def slug(title: str) -> str:
    """``Why ReLU is better (sometimes)`` as ``why-relu-is-better-sometimes``."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def pieces(text: str) -> list[tuple[str, bool]]:
    """A line with ``$...$`` in pieces, each with whether it is a formula."""
    return [(piece, number % 2 == 1) for number, piece in enumerate(text.split("$")) if piece]
