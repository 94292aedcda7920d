"""What every page about an erratum says: what is printed, what is right instead, what the lecture prints elsewhere."""

from __future__ import annotations

from typing import Any

from gradproof.site.badges import Standing, State, symbolic
from gradproof.site.book import Book, drawn_on, link, result_page
from gradproof.site.entries import Entry
from gradproof.site.witnesses import counterexample

STATES: dict[str, State] = {"proved": "pass", "refuted": "fail", "not run": "none"}
WORST: tuple[State, ...] = ("fail", "open", "none", "pass")


def slip(book: Book, entry: Entry, here: str) -> dict[str, Any]:
    """What ``slide_says.html`` and ``counterexample.html`` show of an erratum, every part of it with its state."""
    found, shown = corrections(book, entry, here), counterexample(entry.kind, book.record(entry.name))
    relations = shown["worked"]["correct"] if shown["worked"] else []
    return {
        **shown,
        "printed": printed(book, entry),
        "corrections": found,
        "holds": worst([*(one["standing"].state for one in found), *(one["state"] for one in relations)]),
        "right": right_there(entry),
    }


def printed(book: Book, entry: Entry) -> Standing:
    """Of what a slide prints: "fail" only where a judge has refuted it."""
    status = symbolic(entry.kind, book.record(entry.name)).headline
    return Standing({"refuted": "fail", "not run": "none"}.get(status, "open"), status)  # type: ignore[arg-type]


def corrections(book: Book, entry: Entry, here: str) -> list[dict[str, Any]]:
    """Of an erratum: the theorems that hold instead, each with how far that is proved."""
    found = []
    for name in drawn_on(entry):
        standing = _standing(book, entry, name)
        sure, unsure = ("Correct", "Correction") if name == entry.instead else ("What holds", "Against it")
        found.append(
            {
                "entry": book.by_name[name],
                "href": link(here, result_page(name)),
                "title": sure if standing.state == "pass" else unsure,
                "standing": standing,
            }
        )
    return found


def _standing(book: Book, entry: Entry, name: str) -> Standing:
    """From the theorem's own record; what the run of the erratum found out about it counts where it says less."""
    own = book.standing(book.by_name[name])
    said = ((book.record(entry.name) or {}).get("corrections") or {}).get(name)
    if said is None or own.state not in ("pass", "none"):
        return own
    return Standing(STATES.get(said, "open"), said)


def worst(states: list[State]) -> State:
    """One state for several; "none" for no state at all."""
    return sorted(states, key=WORST.index)[0] if states else "none"


def right_there(entry: Entry) -> dict[str, str] | None:
    """What the same lecture prints elsewhere about the same thing: a fact about the slides, and no verdict.

    ``slide`` is empty for another slide of the same title.
    """
    place = entry.right_at
    if not place:
        return None
    return {"slide": "" if place["slide"] == entry.source["slide"] else place["slide"], "latex": place["printed"]}
