"""The map: every result, what it rests on and what rests on it, drawn by topic and depth, and the same as a list."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import Any

from markupsafe import Markup

from gradproof.site.badges import OF_SLIDE, State
from gradproof.site.book import Book, drawn_on, link, result_page
from gradproof.site.entries import Entry
from gradproof.site.graph.paths import paths
from gradproof.site.graph.placing import HEIGHT, WIDTH, Box, Layout, layout
from gradproof.site.templating import ICONS, render

PAGE = "map.md"
TOP = 24  # room for the heads of the columns
LINE, ALONE = 35, 90  # letters on a line of a title: of two lines, of one


def pages(book: Book) -> dict[str, str]:
    drawn = layout(
        [{entry.name: _short(entry.title, ALONE, 1)[0] for entry in members} for _, members in book.topics],
        {entry.name: drawn_on(entry) for entry in book.entries},
        top=TOP,
    )
    nodes = [node(book, entry, drawn.boxes[entry.name]) for entry in _in_reading_order(book, drawn)]
    return {
        PAGE: render(
            "map.md",
            layout=drawn,
            columns=_columns(drawn),
            topics=_topics(book, drawn),
            nodes=nodes,
            edges=_edges(book, drawn, [one["name"] for one in nodes]),
            legend=_legend(nodes),
            signs={state: Markup(sign) for state, sign in ICONS.items()},
            width=WIDTH,
            height=HEIGHT,
            state=_state(book, drawn),
        )
    }


def node(book: Book, entry: Entry, box: Box) -> dict[str, Any]:
    """A result as the drawing shows it; ``state`` is its colour, that of an erratum what it says of the slide."""
    state, words = _standing(book, entry)
    lines = _short(entry.title, ALONE, 1) if box.loose else _short(entry.title, LINE, 2)
    look = {state: True, "loose": box.loose, "slip": entry.is_erratum, "two": len(lines) == 2}
    return {
        "name": entry.name,
        "title": entry.title,
        "lines": lines,
        "cut": " ".join(lines) != " ".join(entry.title.split()),
        "look": " ".join(name for name, holds in look.items() if holds),
        "kind": entry.kind,
        "words": _words(entry, words),
        "standing": words,
        "state": state,
        "href": link(PAGE, result_page(entry.name)),
        "box": box,
    }


def _standing(book: Book, entry: Entry) -> tuple[State, str]:
    found = book.standing(entry)
    return (OF_SLIDE[found.state] if entry.is_erratum else found.state), found.words


def _words(entry: Entry, words: str) -> str:
    return f"erratum, {words}" if entry.is_erratum else words


def _short(title: str, letters: int, lines: int) -> list[str]:
    """The title on so many lines, cut where it is longer."""
    return textwrap.wrap(title, letters, max_lines=lines, placeholder="…", break_on_hyphens=False)


def _in_reading_order(book: Book, drawn: Layout) -> list[Entry]:
    """By topic, then column by column, those without edges last: the order of the keyboard."""

    def place(entry: Entry) -> tuple[bool, float, float]:
        box = drawn.boxes[entry.name]
        return (True, box.y, box.x) if box.loose else (False, box.x, box.y)

    return [entry for _, members in book.topics for entry in sorted(members, key=place)]


def _edges(book: Book, drawn: Layout, names: list[str]) -> list[dict[str, Any]]:
    """Each with its ends by number, and how it looks: to the erratum that a theorem corrects, or between two topics."""
    number = {name: k for k, name in enumerate(names)}
    found = []
    for (used, user), d in sorted(paths(drawn).items()):
        to = book.by_name[user]
        look = "fix" if to.is_erratum else "far" if book.by_name[used].topic != to.topic else ""
        found.append({"d": d, "ends": f"{number[used]} {number[user]}", "look": look})
    return found


def _topics(book: Book, drawn: Layout) -> list[dict[str, Any]]:
    return [
        {
            "topic": about,
            "top": top,
            "height": height,
            "count": len(members),
            "members": [_listed(book, entry) for entry in members],
        }
        for (about, members), (top, height) in zip(book.topics, drawn.bands, strict=True)
    ]


def _listed(book: Book, entry: Entry) -> dict[str, Any]:
    """A result in the list, with links to its neighbours."""
    return {
        "title": entry.title,
        "href": link(PAGE, result_page(entry.name)),
        "words": _words(entry, book.standing(entry).words),
        "erratum": entry.is_erratum,
        "uses": _links(book, drawn_on(entry)),
        "used_by": _links(book, [n for n in book.used_by.get(entry.name, []) if not book.by_name[n].is_erratum]),
        "corrects": _links(book, [n for n in book.used_by.get(entry.name, []) if book.by_name[n].is_erratum]),
    }


def _links(book: Book, names: list[str]) -> list[dict[str, str]]:
    return [{"title": book.by_name[name].title, "href": link(PAGE, result_page(name))} for name in names]


def _columns(drawn: Layout) -> list[dict[str, Any]]:
    """The heads of the columns."""
    left = sorted({box.x: box.level for box in drawn.boxes.values() if not box.loose}.items())
    return [{"x": x, "words": f"depth {level}" if level else "from definitions alone"} for x, level in left]


def _legend(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each kind and verdict that occurs, counted; theorems first."""
    counted = Counter((one["kind"] == "erratum", one["standing"], one["kind"], one["state"]) for one in nodes)
    plural = {"theorem": "theorems", "erratum": "errata"}
    return [
        {"kind": kind, "state": state, "words": f"{count} {kind if count == 1 else plural[kind]} {words}"}
        for (_, words, kind, state), count in sorted(counted.items())
    ]


def _state(book: Book, drawn: Layout) -> str:
    """``54 results, 23 arrows; 24 results rest on no other and none on them.``"""
    loose = sum(box.loose for box in drawn.boxes.values())
    counted = f"{len(book.entries)} results, {len(drawn.routes)} arrows"
    return f"{counted}; {loose} results cite no theorem and none cites them." if loose else f"{counted}."
