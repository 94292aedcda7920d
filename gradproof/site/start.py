"""The start page, the overview of the results, and a page of formula cards for every topic."""

from __future__ import annotations

from collections import Counter
from typing import Any

from derivations.lectures import Lecture
from gradproof.site.badges import NOT_RUN, believes
from gradproof.site.book import Book, link, result_page, topic_page
from gradproof.site.entries import Entry
from gradproof.site.lies import kill_rate, undecided
from gradproof.site.templating import render
from gradproof.site.topics import Topic

START, RESULTS = "index.md", "results/index.md"
EXPLAINED = {  # by what is counted: the part and the place where it is explained
    "theorems": ("start", RESULTS, ""),
    "errata": ("errata", "errata/index.md", ""),
    "lies told": ("judges", "judges.md", "kill-rate"),
}
GLANCES = (
    ("map", "map.md", "Map of the results", "which rests on which"),
    ("errata", "errata/index.md", "Errata by rank", "those that mislead most come first"),
    ("experiments", "experiments/index.md", "Experiments", "what the lectures plot, made again"),
    ("rules", "rules.md", "Rules", "what a step of a proof may be"),
)
FIRST_READ = ("softmax.jacobian", "batchnorm.input_gradient", "averages.ema_mean_age", "softmax.single_term_chain")


def pages(book: Book) -> dict[str, str]:
    found = {START: start(book), RESULTS: results(book)}
    for about, members in book.topics:
        found[topic_page(about.name)] = of_topic(book, about, members)
    return found


def start(book: Book) -> str:
    """What this is, the state of everything, the ways in."""
    first = [book.by_name[name] for name in FIRST_READ if name in book.by_name]
    return render(
        "start.md",
        state=[{**one, "href": _explained(book, one["what"])} for one in state(book)],
        run=book.run,
        cards=[card(book, entry, START) for entry in first],
        topics=_topics(book, START),
        lectures=_lectures(book),
        glances=_glances(book),
        check_href=link(START, "check.md") if "check" in book.parts else "",
    )


def results(book: Book) -> str:
    return render("results.md", topics=_topics(book, RESULTS), count=len(book.entries), state=state(book))


def of_topic(book: Book, about: Topic, members: list[Entry]) -> str:
    here = topic_page(about.name)
    return render(
        "topic.md",
        topic=about,
        tags=list(about.aliases),
        cards=[card(book, entry, here) for entry in members],
        counted=_counted(book, members),
    )


def card(book: Book, entry: Entry, here: str) -> dict[str, Any]:
    """A result as it stands in a list."""
    return {
        "entry": entry,
        "href": link(here, result_page(entry.name)),
        "badges": book.badges(entry),
        "believed": believes(book.record(entry.name)),  # no badge says so
    }


def state(book: Book) -> list[dict[str, str]]:
    """Four figures about everything; "not run" where there is no record."""
    return [
        _claims(book, list(book.theorems), "theorems", "proved", "proved, for all sizes and inputs"),
        _claims(book, list(book.errata), "errata", "refuted", "refuted, with a counterexample"),
        _lies(book),
        _numbers(book),
    ]


def _explained(book: Book, what: str) -> str:
    """Where a figure is explained; empty where this site does not have that page."""
    part, page, place = EXPLAINED.get(what, ("", "", ""))
    return link(START, page, place) if part in book.parts else ""


def _glances(book: Book) -> list[dict[str, str]]:
    """The pages that show many results at once."""
    return [
        {"href": link(START, page), "title": title, "words": words}
        for part, page, title, words in GLANCES
        if part in book.parts
    ]


def _claims(book: Book, entries: list[Entry], what: str, wanted: str, words: str) -> dict[str, str]:
    """How many results came out as claimed. One that came out the other way is against everything, not just missing."""
    status = Counter(record["status"] for entry in entries if (record := book.record(entry.name)))
    other = "refuted" if wanted == "proved" else "proved"
    said = f"; {status[other]} {other}, not as claimed" if status[other] else ""
    ran = status.total() > status[NOT_RUN]
    return _figure(what, words + said, status[wanted], len(entries), ran, bool(status[other]))


def _lies(book: Book) -> dict[str, str]:
    """How many lies were refuted; those that merely nobody believed are counted apart, as on the judges' page."""
    rate = kill_rate([lie for record in _records(book) for lie in record["lies"]])
    words = f"refuted with a counterexample{undecided(rate)}{_missing(book)}"
    good, of = rate["refuted"], rate["told"]
    return _figure("lies told", words, good, of, bool(of), bool(rate["believed"]), complete=not _missing(book))


def _numbers(book: Book) -> dict[str, str]:
    """How many numeric checks passed of those that ran; what could not run is said."""
    counted = Counter(check["status"] for record in _records(book) for check in record["checks"])
    idle = f"; {counted['not run']} could not run" if counted["not run"] else ""
    words = f"passed against autograd, PyTorch and 200 bits{idle}{_missing(book)}"
    good, of = counted["pass"], counted["pass"] + counted["fail"]
    return _figure("numeric checks", words, good, of, bool(of), bool(counted["fail"]), complete=not _missing(book))


def _records(book: Book) -> list[dict[str, Any]]:
    return [record for entry in book.entries if (record := book.record(entry.name))]


def _missing(book: Book) -> str:
    """``; 3 results did not run``, once some have."""
    count = len(book.entries) - len(_records(book))
    return f"; {count} result{'s' if count > 1 else ''} did not run" if count and book.run else ""


def _figure(
    what: str, words: str, good: int, of: int, ran: bool, against: bool, *, complete: bool = True
) -> dict[str, str]:
    """A figure in its colour: "pass" only for all of them, when everything ran and nothing came out against it."""
    if not ran:
        return {"what": what, "words": words, "figure": NOT_RUN, "of": f"of {of}" if of else "", "state": "none"}
    state = "fail" if against else "pass" if good == of and complete else "open"
    return {"what": what, "words": words, "figure": str(good), "of": f"of {of}", "state": state}


def _topics(book: Book, here: str) -> list[dict[str, Any]]:
    return [
        {
            "topic": about,
            "href": link(here, topic_page(about.name)),
            "counted": _counted(book, members),
            "members": [{"entry": entry, "href": link(here, result_page(entry.name))} for entry in members],
        }
        for about, members in book.topics
    ]


def _counted(book: Book, members: list[Entry]) -> str:
    """``6 results · 5 proved · 1 refuted``, in the words of the lists; what did not run comes last."""
    found = Counter(book.standing(entry).words for entry in members)
    missing = found.pop(NOT_RUN, 0)
    parts = [f"{len(members)} result{'s' if len(members) > 1 else ''}"]
    parts += [f"{count} {words}" for words, count in found.items()]
    return " · ".join([*parts, *([f"{missing} not run" if found else NOT_RUN] if missing else [])])


def _lectures(book: Book) -> list[dict[str, Any]]:
    """Every lecture, with how many results are about what it prints."""
    return [
        {"lecture": lecture.source.lecture, "count": _about(book, lecture), "href": book.lecture_href(key, START)}
        for key, lecture in book.lectures.items()
    ]


def _about(book: Book, lecture: Lecture) -> int:
    return sum(any(row in lecture.rows for row in entry.catalogue) for entry in book.entries)
