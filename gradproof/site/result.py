"""The page of one result, theorem or erratum, and its machine-readable record beside it."""

from __future__ import annotations

import json
from typing import Any

from derivations.proof.rules.titles import TITLES
from gradproof.site import figures, numbers, widgets
from gradproof.site.badges import sides
from gradproof.site.beside import SUPPORTING
from gradproof.site.book import Book, anchor, drawn_on, experiment_page, link, result_page, topic_page
from gradproof.site.entries import Entry
from gradproof.site.lectures import place
from gradproof.site.lies import kill_rate, lies_of, undecided
from gradproof.site.plain_text import width
from gradproof.site.slips import STATES, slip
from gradproof.site.templating import render
from gradproof.site.topics import ALSO_CALLED, topic
from gradproof.site.witnesses import counterexample

WIDE = 40  # letters: a proof with a line wider than this has its reasons above the lines, not beside them
BOOST = 2  # in the search, before the other kinds of page; a result that goes by names of its own comes first
SHORT = 15  # lines of code that are shown without being asked for
LIBRARIES = {"torch": "PyTorch", "numpy": "NumPy"}
JUDGES = {"ball": "ball refuter", "steps": "every step of the proof"}


def pages(book: Book) -> dict[str, str]:
    """A page and a record for every result."""
    found = {}
    figures.draw_ahead({entry.name: table for entry in book.entries if (table := _numbers(book, entry))})
    for entry in book.entries:
        found[result_page(entry.name)] = page(book, entry)
        found[f"results/{entry.name}/record.json"] = record_file(book, entry)
        for library, source in entry.code.items():
            found[f"results/{entry.name}/{source_file(entry, library)}"] = source
    return found


def page(book: Book, entry: Entry) -> str:
    here = result_page(entry.name)
    record = book.record(entry.name)
    figured = _numbers(book, entry)
    lies = lies_of(entry, record) if record else []
    return render(
        "result.md",
        entry=entry,
        topic=topic(entry.topic),
        title=f"{entry.title} (erratum)" if entry.is_erratum else entry.title,
        heading=entry.title,
        description=f"{'Erratum' if entry.is_erratum else 'Theorem'}: {entry.statement['text']}",
        tags=tags(entry),
        boost=BOOST * 2 if entry.name in ALSO_CALLED else BOOST,
        also=", ".join(entry.aliases[:6]),
        badges=book.badges(entry),
        topic_href=link(here, topic_page(entry.topic)),
        lecture_href=book.lecture_href(entry.source["key"], here, place(book, entry)),
        glossary_href=link(here, "glossary.md", "verdicts"),
        map_href=link(here, "map.md", entry.name) if "map" in book.parts else "",
        uses=_chips(book, here, drawn_on(entry)),
        used_by=_chips(book, here, book.used_by.get(entry.name, [])),
        experiments=_experiments(book, entry, here),
        interactive=widgets.section(book, here),
        conditions=record["side_conditions"] if record else [],
        steps=steps(book, entry, record, here),
        wide=any(width(step["latex"]) > WIDE for step in entry.steps),
        conclusion=_conclusion(entry, record),
        shown=_holds(entry, record),
        refuted=bool(record) and record["status"] == "refuted",
        **(slip(book, entry, here) if entry.is_erratum else counterexample(entry.kind, record)),
        judges=_judges(book, record, here),
        lies=lies,
        told=_told(lies, record),
        numbers=figured,
        lede=numbers.lede(record["checks"]) if figured and record else "",
        plot=figures.errors(entry.name, figured) if figured else "",
        document=(record or {}).get("latex") or entry.latex,  # that of an erratum that ran has its counterexample
        listings=_listings(entry),
        stamp=_stamp(book, record),
    )


def _numbers(book: Book, entry: Entry) -> numbers.Table | None:
    """What was measured of a theorem that ran."""
    record = book.record(entry.name)
    return numbers.table(record["checks"]) if record and not entry.is_erratum else None


def source_file(entry: Entry, library: str) -> str:
    """The name under which the source stands beside the page."""
    return f"{entry.short_name}_{library}.py"


def tags(entry: Entry) -> list[str]:
    """What the search finds the page by, beside its text."""
    lecture = [] if entry.source["key"] == SUPPORTING else [entry.source["lecture"], entry.source["slide"]]
    return [tag for tag in dict.fromkeys([topic(entry.topic).title, entry.name, *entry.aliases, *lecture]) if tag]


def record_file(book: Book, entry: Entry) -> str:
    """What a program reads: the record of the run, or what is known before one and "not run"."""
    before = {
        "name": entry.name, "kind": entry.kind, "status": "not run", "numeric": "not run",
        "title": entry.title, "statement": entry.statement, "hypotheses": entry.hypotheses, "domains": entry.domains,
        "source": entry.source, "catalogue": entry.catalogue, "uses": entry.uses,
    }  # fmt: skip
    gpu = book.gpu.records.get(entry.name)
    data = {**(book.record(entry.name) or before), "run": {"date": book.run.date, "versions": book.run.versions}}
    data["gpu"] = {"device": book.gpu.machine, "checks": gpu["checks"]} if gpu else "not run"
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


# ---- the parts of a page


def steps(book: Book, entry: Entry, record: dict[str, Any] | None, here: str) -> list[dict[str, Any]]:
    """Each line of the proof with its reason and its own verdict; without a run the verdict is that it has none."""
    judged = record["steps"] if record else []
    verdicts = [one["verdict"] for one in judged] if len(judged) == len(entry.steps) else [None] * len(entry.steps)
    return [
        {
            **step,
            "number": number,
            "latex": _line(step),
            "rule": TITLES[step["rule"]],
            "rule_href": _rule(book, step["rule"], here),
            "arguments": [_argument(book, one, here) for one in step["arguments"]],
            **_said(verdict),
        }
        for number, (step, verdict) in enumerate(zip(entry.steps, verdicts, strict=True), 1)
    ]


def _line(step: dict[str, Any]) -> str:
    sign = {"=": "= ", "⇒": r"\Rightarrow\; ", "": ""}[step["sign"]]
    return f"{sign}{step['latex']}"


def _said(verdict: dict[str, Any] | None) -> dict[str, Any]:
    if verdict is None:
        return {"state": "none", "verdict": "not run", "how": ""}
    points = f"{verdict['points']} points" if verdict.get("points") else ""
    how = " · ".join(part for part in (verdict["method"], points) if part)
    return {"state": STATES.get(verdict["status"], "open"), "verdict": verdict["status"], "how": how}


def _argument(book: Book, argument: dict[str, str], here: str) -> dict[str, str]:
    blank = {"href": "", "title": "", "at": "", "latex": "", "words": ""}
    name = argument.get("result")
    if not name:
        return {**blank, **argument}
    return {
        **blank,
        "href": link(here, result_page(name)),
        "title": book.by_name[name].title,
        "at": argument.get("at", ""),
    }


def _rule(book: Book, rule: str, here: str) -> str:
    return link(here, "rules.md", anchor(rule)) if "rules" in book.parts else ""


def _chips(book: Book, here: str, names: list[str]) -> list[dict[str, str]]:
    return [{"title": book.by_name[name].title, "href": link(here, result_page(name))} for name in names]


def _experiments(book: Book, entry: Entry, here: str) -> list[dict[str, str]]:
    """The experiments that name the result."""
    if "experiments" not in book.parts:
        return []
    found = [one for one in book.experiments if entry.name in one.results]
    return [{"title": f"{one.id}: {one.title}", "href": link(here, experiment_page(one.id))} for one in found]


def _listings(entry: Entry) -> list[dict[str, Any]]:
    """The closed form as source for each library, once if it is the same; all but a first short one are folded."""
    found: list[dict[str, Any]] = []
    for library in entry.code:
        source = entry.function(library)
        file = source_file(entry, library)
        if found and source == found[0]["source"]:
            found[0]["titles"].append(LIBRARIES[library])
            found[0]["files"].append(file)
        else:
            folded = bool(found) or source.count("\n") > SHORT
            found.append({"titles": [LIBRARIES[library]], "source": source, "folded": folded, "files": [file]})
    return found


def _holds(entry: Entry, record: dict[str, Any] | None) -> bool:
    """Whether the statement is proved and each line of the proof, as it stands above, has been."""
    if not record or record["status"] != "proved" or not entry.steps:
        return False
    return [step["verdict"]["status"] for step in record["steps"]] == ["proved"] * len(entry.steps)


def _conclusion(entry: Entry, record: dict[str, Any] | None) -> str:
    """How the proof came out."""
    if not record:
        return "The judges have not run since the sources changed."
    count, judged = len(entry.steps), [step["verdict"]["status"] for step in record["steps"]]
    if _holds(entry, record):
        return f"Proved: {'the step holds' if count == 1 else f'all {count} steps hold'} for all sizes and all inputs."
    refuted = " A counterexample is below." if record["status"] == "refuted" else ""
    return f"{record['status'].capitalize()}: {_steps_in_words(count, judged)}.{refuted} {record['reason']}".strip()


def _steps_in_words(count: int, judged: list[str]) -> str:
    if not count:
        return "the proof has no steps"
    if len(judged) != count:
        return f"the record has no verdicts on the {count} step{'s' if count > 1 else ''} above"
    return f"{judged.count('proved')} of {count} steps proved"


def _judges(book: Book, record: dict[str, Any] | None, here: str) -> list[dict[str, Any]]:
    verdicts = record["verdicts"] if record else {}
    return [
        {
            "name": JUDGES.get(name, name),
            "status": v["status"],
            "why": v.get("reason") or v["method"],
            "href": link(here, "judges.md", anchor(name)) if "judges" in book.parts and name != "steps" else "",
        }
        for name, v in verdicts.items()
    ]


def _told(lies: list[dict[str, Any]], record: dict[str, Any] | None) -> str:
    """How many lies were refuted, merely not believed, believed; and what was set aside."""
    if not lies or not record:
        return ""
    rate = kill_rate(record["lies"])
    true = len(record["true_mutants"])
    aside = f" {true} more turned out to be true and {'is' if true == 1 else 'are'} not counted." if true else ""
    return f"{rate['refuted']} of {rate['told']} lies refuted{undecided(rate)}.{aside}"


def _stamp(book: Book, record: dict[str, Any] | None) -> str:
    if not record:
        return "Not run: there is no record of these sources."
    versions = book.run.versions
    ran = f"torch {versions.get('torch', '')}, SymPy {versions.get('sympy', '')}, Python {versions.get('python', '')}"
    points = max((c["points"] for c in sides(record["checks"])), default=0)
    return f"Run on {book.run.date} in {record['seconds']:.1f} s with {ran}; up to {points} points a check."
