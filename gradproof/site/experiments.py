"""The experiments: what a lecture says, the plot made again, and what was measured beside what was expected."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from typing import Any

from gradproof.site import experiment_figure, widgets
from gradproof.site.badges import NOT_RUN, State
from gradproof.site.book import Book, experiment_page, link, result_page
from gradproof.site.experiment_records import Experiment
from gradproof.site.numerals import scientific, shown
from gradproof.site.templating import render

PAGE = "experiments/index.md"
BASIS = {"lecture": "lecture", "theory": "theory", "computed": "earlier run"}
OUTCOMES: dict[tuple[str, bool], tuple[State, str]] = {  # by status, and whether that was foreseen
    ("holds", True): ("pass", "holds"),
    ("differs", True): ("fail", "differs, as foreseen"),
    ("holds", False): ("open", "holds, not foreseen"),
    ("differs", False): ("open", "differs, not foreseen"),
}


def pages(book: Book) -> dict[str, str]:
    """The overview, the interactive elements, and a page, a record and the figure's data for each experiment."""
    found = {PAGE: index(book), widgets.INTERACTIVE: interactive(book)}
    for experiment in book.experiments:
        found[experiment_page(experiment.id)] = page(book, experiment)
        found[f"experiments/{experiment.id}/record.json"] = record_file(experiment)
        if experiment.record:
            found[f"experiments/{experiment.id}/figure.csv"] = data_file(experiment.record["figure"])
    return found


def nav(book: Book) -> list[dict[str, str]]:
    own = [{f"{e.id} {e.title}": experiment_page(e.id)} for e in book.experiments]
    return [*own, {"Move it yourself": widgets.INTERACTIVE}]


def index(book: Book) -> str:
    found = [findings(e) for e in book.experiments]
    cards = [
        {"e": e, "href": link(PAGE, experiment_page(e.id)), "summary": opening(e.says), "counts": counts(own)}
        for e, own in zip(book.experiments, found, strict=True)
    ]
    return render(
        "experiments.md",
        cards=cards,
        counts=counts([one for own in found for one in own]),
        widgets=list(widgets.WIDGETS.values()),
        interactive=link(PAGE, widgets.INTERACTIVE),
    )


def interactive(book: Book) -> str:
    here = widgets.INTERACTIVE
    return render("interactive.md", experiments=link(here, PAGE), section=widgets.section(book, here))


def page(book: Book, experiment: Experiment) -> str:
    here, record = experiment_page(experiment.id), experiment.record
    found = findings(experiment)
    return render(
        "experiment.md",
        e=experiment,
        title=f"{experiment.id}: {experiment.title}",
        tags=tags(experiment),
        lecture_href=book.lecture_href(experiment.source["key"], here),
        results=_results(book, experiment, here),
        counts=counts(found),
        figure=experiment_figure.drawn(experiment.id, record["figure"]) if record else "",
        caption=record["figure"]["caption"] if record else "",
        interactive=widgets.section(book, here),
        findings=found,
        parameters=[{**one, "default": shown(one["default"])} for one in experiment.parameters],
        seed="–" if not record or record["seed"] is None else record["seed"],
        wrong=wrong(experiment),
        command=command(experiment.id),
        failing=command(experiment.id, experiment.wrong[0]) if experiment.wrong else "",
        stamp=_stamp(experiment),
    )


def tags(experiment: Experiment) -> list[str]:
    """What the search finds the page by, beside its text."""
    source = experiment.source
    found = [experiment.id, "experiment", source["lecture"], source["slide"], *experiment.catalogue]
    return [tag for tag in dict.fromkeys(found) if tag]


# ---- what is on a page


def findings(experiment: Experiment) -> list[dict[str, Any]]:
    """Each expectation with what was measured; without a run it has none."""
    measured = {one["name"]: one for one in experiment.record["findings"]} if experiment.record else {}
    return [{**one, "basis": BASIS[one["basis"]], **_outcome(measured.get(one["name"]))} for one in experiment.expect]


def _outcome(finding: dict[str, Any] | None) -> dict[str, Any]:
    if finding is None:
        return {"state": "none", "words": NOT_RUN, "expected": "", "measured": ""}
    state, words = OUTCOMES[finding["status"], finding["as_foreseen"]]
    return {
        "state": state,
        "words": words,
        "expected": scientific(finding["expected"]),
        "measured": "none" if finding["measured"] is None else scientific(f"{finding['measured']:.6g}"),
    }


def counts(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """``9 holds``, ``2 differs, as foreseen``: how many findings came out how."""
    counted = Counter((one["state"], one["words"]) for one in found)
    plural = {"holds": "hold", "differs, as foreseen": "differ, as foreseen"}
    return [{"state": state, "text": f"{n} {plural.get(words, words)}"} for (state, words), n in counted.items()]


def wrong(experiment: Experiment) -> list[dict[str, Any]]:
    """The parameters under which a run must not come out so, and the findings that told it from a right one."""
    ran = experiment.record["wrong"] if experiment.record else []
    caught = ran if len(ran) == len(experiment.wrong) else [{"by": []}] * len(experiment.wrong)
    return [
        {"changes": {name: shown(value) for name, value in changes.items()}, "by": one["by"]}
        for changes, one in zip(experiment.wrong, caught, strict=True)
    ]


def command(id: str, changes: dict[str, Any] | None = None) -> str:
    """The line that runs an experiment in a terminal."""
    assigned = {name: ",".join(map(repr, v)) if isinstance(v, list) else v for name, v in (changes or {}).items()}
    return " ".join([f"gradproof experiment {id}", *(f"--set {name}={value}" for name, value in assigned.items())])


def opening(text: str, least: int = 90) -> str:
    """The first sentences of a text, as many as give so many letters."""
    sentences = re.split(r"(?<=\.)\s", text)
    return next((first for n in range(1, len(sentences)) if len(first := " ".join(sentences[:n])) >= least), text)


def _results(book: Book, experiment: Experiment, here: str) -> list[dict[str, str]]:
    names = [name for name in experiment.results if name in book.by_name]
    return [{"title": book.by_name[name].title, "href": link(here, result_page(name))} for name in names]


def _stamp(experiment: Experiment) -> str:
    record = experiment.record
    if not record:
        return "Not run: there is no record of these sources."
    found = record["versions"]
    made = f"torch {found['torch']}, NumPy {found['numpy']}, Python {found['python']}"
    return f"Run on {experiment.date} in {record['seconds']:.1f} s with {made}, in float64 on one thread of a CPU."


# ---- files


def record_file(experiment: Experiment) -> str:
    """What a program reads: the record of the run, or what is known before one and "not run"."""
    before = {
        "id": experiment.id, "status": NOT_RUN, "title": experiment.title, "source": experiment.source,
        "says": experiment.says, "chosen": experiment.chosen, "catalogue": experiment.catalogue,
        "results": experiment.results, "module": experiment.module, "wrong": experiment.wrong,
    }  # fmt: skip
    ran = {**experiment.record, "date": experiment.date} if experiment.record else before
    return json.dumps(ran, ensure_ascii=False, indent=1) + "\n"


def data_file(figure: dict[str, Any]) -> str:
    """The points of a figure as CSV, one a line."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["panel", "series", "role", "mark", "x", "y"])
    for panel in figure["panels"]:
        for s in panel["series"]:
            table.writerows(
                [panel["title"], s["name"], s["role"], s["mark"], x, y] for x, y in zip(s["x"], s["y"], strict=True)
            )
    return out.getvalue()
