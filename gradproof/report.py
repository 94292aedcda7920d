"""How a run looks in a terminal: one line a result, the formula first, words beside every colour.

A narrow terminal has the figures on a line of their own. No formula is cut.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from derivations.calculus.typesetting.names import greek, text_name
from gradproof.records import Record
from gradproof.terminal import BAD, PALE, WARN, coloured, folded, folded_formula, padded, room

NARROW = 110  # cells; below it each result takes two lines
OUR_SIDES = ("autograd", "definition", "both sides", "limit")  # the two sides of the statement, both lowered by us
WITHOUT_A_FIGURE = ("both sides", "limit")  # an inequality holds, a limit is approached: ulps would say nothing
BEYOND_ROUNDING = 1e6  # ulps; the two sides of an erratum are this far apart and more
LEGEND = {
    "✓": "as claimed",
    "pts": "random points that exact ball arithmetic tried, none against",
    "witness": "a point at which it fails, below",
    "ulp": "worst error in units in the last place",
    "differs": "the two sides differ, as an erratum's must",
    "pass": "holds at every point, without a figure",
    "–": "does not apply",
}


class LiveReport:
    """What a run shows as its records come: each topic as soon as it is complete, the rest at the end."""

    def __init__(self, out: Console, names: Sequence[str]):
        self.out, self.records = out, []
        self.awaited = Counter(name.partition(".")[0] for name in names)

    def add(self, record: Record) -> None:
        """Take in the next record; print its topic when that was the last of it."""
        self.records.append(record)
        topic = record.name.partition(".")[0]
        self.awaited[topic] -= 1
        if not self.awaited[topic]:
            own = [r for r in self.records if r.name.partition(".")[0] == topic]
            for line in (*topic_lines(topic, own, room(self.out)), Text()):
                self.out.print(line)

    def finish(self, seconds: float) -> None:
        """A legend, every witness of an erratum, what is wrong, and the summary."""
        for line in legend(self.records, self.out.width):
            self.out.print(line)
        for record in self.records:
            if record.kind == "erratum" and record.fields["witness"]:
                self.out.print(Text(f"{record.name} is refuted at {witness(record.fields['witness'])}", style=WARN))
        for record in self.records:
            for problem in problems(record):
                self.out.print(Text(f"{record.name}: {problem}", style=BAD))
        self.out.print(summary(self.records, seconds))


def print_run(out: Console, records: Sequence[Record], seconds: float) -> None:
    """The whole report of a run that is over."""
    live = LiveReport(out, [record.name for record in records])
    for record in records:
        live.add(record)
    live.finish(seconds)


# ---- the table


def columns(records: Sequence[Record]) -> list[tuple[str, Callable[[Record], Text]]]:
    """Title and cell of each column that was asked for."""
    asked = {part for r in records for part in r.asked}
    found: list[tuple[str, Callable[[Record], Text]]] = []
    if "symbolic" in asked:
        found += [("proof", proof), ("ball", ball)]
    if "numeric" in asked:
        found += [("two sides", two_sides), ("PyTorch", native), ("rounding", rounding)]
    return found


def topic_lines(topic: str, records: Sequence[Record], width: int | None) -> Iterator[Text]:
    """The heading with sizes and domains, then each result; ``width`` None for lines of any length."""
    found = dict.fromkeys(d for r in records for d in r.fields["domains"])
    domains = sorted(found, key=lambda d: "≥" not in d)  # sizes first
    first, *others = folded(" · ".join([topic, *([", ".join(domains)] if domains else [])]), width)
    yield Text(first, style="bold")
    yield from (Text(f"  {line}", style="bold") for line in others)
    if width is not None and width < NARROW:
        for record in records:
            yield from stacked(record, columns(records), width)
    else:
        yield from table(records, width)


def stacked(record: Record, figures, width: int) -> Iterator[Text]:
    """The name, the formula and the figures of one result under each other."""
    name, formula = _short_name(record), claim(record)
    if cell_len(formula) + cell_len(name) + 4 <= width:
        yield Text(f"  {name}  ") + Text(formula, style=_style(record))
    else:
        yield Text(f"  {name}")
        yield from (Text(f"    {line}", style=_style(record)) for line in folded_formula(formula, width - 4))
    cells = [(title, cell(record).plain) for title, cell in figures]
    words = [cell if title == "proof" else f"{title} {cell}" for title, cell in cells if cell != "–"]
    for line in folded(" · ".join(words), width - 6, " · "):
        yield Text(f"      {line}", style=PALE if record.as_claimed else BAD)


def table(records: Sequence[Record], width: int | None) -> Iterator[Text]:
    """One line a result; a formula that leaves no room for the figures has them on the next line."""
    figures = columns(records)
    rows = [[cell(r) for _, cell in figures] for r in records]
    widths = [max(cell_len(t), *(row[at].cell_len for row in rows)) + 2 for at, (t, _) in enumerate(figures)]
    left = 4 + max(cell_len(_short_name(r)) for r in records)
    middle = 2 + max(cell_len(claim(r)) for r in records)
    if width is not None:
        middle = min(middle, width - left - sum(widths))
    yield Text(" " * (left + middle)) + _row([Text(title, style="bold") for title, _ in figures], widths)
    for record, row in zip(records, rows, strict=True):
        formula = claim(record)
        line = padded(f"  {_short_name(record)}", left) + padded(Text(formula, style=_style(record)), middle)
        if cell_len(formula) + 2 <= middle:
            yield line + _row(row, widths)
            continue
        first, *others = folded_formula(formula, None if width is None else width - left)
        yield padded(f"  {_short_name(record)}", left) + Text(first, style=_style(record))
        yield from (Text(" " * left) + Text(other, style=_style(record)) for other in others)
        yield Text(" " * (left + middle)) + _row(row, widths)


def _row(cells: Sequence[Text], widths: Sequence[int]) -> Text:
    line = Text()
    for cell, width in zip(cells, widths, strict=True):
        line.append_text(padded(cell, width))
    line.rstrip()
    return line


def _short_name(record: Record) -> str:
    return record.name.partition(".")[2]


def _style(record: Record) -> str:
    return "italic" if record.kind == "erratum" else ""


def claim(record: Record) -> str:
    """The formula, and under which hypotheses; what a lecture prints wrongly is marked."""
    return claimed(record.kind, record.fields, record.fields["side_conditions"])


def claimed(kind: str, described: dict[str, Any], side_conditions: Sequence[str] = ()) -> str:
    """The same from what is known of a result before a run."""
    conditions = [h["statement"] for h in described["hypotheses"]] + list(side_conditions)
    under = f"   if {', '.join(conditions)}" if conditions else ""
    return f"{'erratum: ' if kind == 'erratum' else ''}{described['statement']['text']}{under}"


def legend(records: Sequence[Record], width: int) -> list[Text]:
    """What the words in the table mean, those only that stand there."""
    cells = " ".join(cell(r).plain for r in records for _, cell in columns(records)).split()
    known = " · ".join(f"{word}: {meaning}" for word, meaning in LEGEND.items() if word in cells)
    checks = [c for r in records for c in r.fields["checks"]]
    places = ", ".join(dict.fromkeys(f"{c['dtype']} on {c['device']}" for c in checks))
    parts = [known, f"numbers in {places}"] if places else [known]
    lines = [line for part in parts if part for line in folded(part, width, " · ")]
    return [*(Text(line, style=PALE) for line in lines), Text()] if lines else []


# ---- the figures


def proof(record: Record) -> Text:
    claimed = record.kind == "erratum" and record.status == "refuted"
    return coloured(record.status, f"{record.status} ✓" if claimed else record.status)


def ball(record: Record) -> Text:
    """How many points the refuter tried; limits cannot be tried at points."""
    verdict = record.fields["verdicts"].get("ball")
    if not verdict:
        return coloured("not run")
    if verdict["status"] == "refuted":
        return coloured("refuted", "witness")
    if verdict["status"] == "untested" and "limit" in record.fields["verdicts"]:
        return coloured("–")
    return Text(f"{verdict.get('points', 0)} pts" if verdict["status"] == "consistent" else verdict["status"])


def two_sides(record: Record) -> Text:
    """The left side against the right, in floating point; a derivative on the left is taken by autograd."""
    return worst([c for c in record.fields["checks"] if c["oracle"] in OUR_SIDES], erratum=record.kind == "erratum")


def native(record: Record) -> Text:
    """Against PyTorch's own operator, where there is one."""
    others = (*OUR_SIDES, "converse")
    checks = [c for c in record.fields["checks"] if c["oracle"] not in others and not _is_truth(c)]
    return worst(checks) if checks or not record.fields["checks"] else coloured("–")


def rounding(record: Record) -> Text:
    """The closed form in floating point against itself in 200 bits."""
    checks = [c for c in record.fields["checks"] if _is_truth(c)]
    if record.kind == "erratum" or (record.fields["checks"] and not checks):
        return coloured("–")
    return worst(checks)


def _is_truth(check: dict[str, Any]) -> bool:
    return "bits" in check["oracle"] or "digits" in check["oracle"]


def worst(checks: Sequence[dict[str, Any]], erratum: bool = False) -> Text:
    """The largest error over the checks that ran; a failure is named first."""
    if not checks:
        return coloured("not run")
    failures = [c for c in checks if c["status"] == "fail"]
    ran = [c for c in checks if c["status"] == "pass" and c["worst_ulp"] is not None]
    if failures:
        return coloured("fail", f"fail {_figure(failures[0]['worst_ulp'])} ulp")
    if not ran:
        return coloured("pass" if any(c["status"] == "pass" for c in checks) else "not run here")
    figure = max(float(c["worst_ulp"]) for c in ran)
    if erratum and figure > BEYOND_ROUNDING:
        return Text("differs")
    if figure > BEYOND_ROUNDING or all(c["oracle"] in WITHOUT_A_FIGURE for c in ran):
        return coloured("pass")
    return Text(f"{_figure(figure)} ulp")


def _figure(value: Any) -> str:
    number = float(value) if value is not None else 0.0
    return f"{number:.1e}" if number >= 1e5 else f"{number:.1f}"


# ---- what is wrong, and what it all comes to


def problems(record: Record) -> list[str]:
    """What is wrong with a result, in sentences that name the place."""
    found = []
    wanted = "refuted" if record.kind == "erratum" else "proved"
    if record.status not in (wanted, "not run"):
        found.append(f"{record.status}, not {wanted}: {record.fields['reason']}".rstrip(": "))
    if record.kind == "theorem" and record.status == "refuted" and record.fields["witness"]:
        found.append(f"fails at {witness(record.fields['witness'])}")
    for name, status in record.fields["corrections"].items():
        if status != "proved":
            found.append(f"the correction {name} is {status}")
    for number, step in enumerate(record.fields["steps"], 1):
        if step["verdict"]["status"] != "proved":
            found.append(f"step {number} ({step['reason']}): {step['verdict']['status']}: {step['text']}")
    for lie in record.fields["lies"]:
        if lie["status"] == "proved":
            found.append(f"believed a lie ({lie['description']}): {lie['statement']}")
    if "numeric" in record.asked and record.numeric == "not run":
        reasons = dict.fromkeys(c["detail"] for c in record.fields["checks"] if c["detail"])
        found.append(f"the numbers were not run here: {'; '.join(reasons) or record.fields['reason']}")
    return found + [_failure(check) for check in record.fields["checks"] if check["status"] == "fail"]


def _failure(check: dict[str, Any]) -> str:
    size = f" at {check['size']}" if check["size"] else ""
    return (
        f"{check['oracle']}, {check['dtype']} on {check['device']}{size}: {_figure(check['worst_ulp'])} ulp"
        f" where {_figure(check['tolerance_ulp'])} are allowed. {check['detail']}".rstrip()
    )


UNEQUAL = {"=": "≠", "!=": "=", "<=": "≰", "<": "≮"}  # how a relation that fails is written


def witness(data: dict[str, Any]) -> str:
    """``n = 2, β = 1/2: 1/2 ≠ 0``"""
    where = ", ".join(f"{text_name(name)} = {value}" for name, value in data["values"].items())
    # of an "iff" the sides are sentences, which say themselves that one is true and the other is not
    between = ";" if data["operator"] == "iff" else f" {UNEQUAL[data['operator']]}"
    return greek(f"{where}: {data['left']}{between} {data['right']}").replace("-", "−")


def summary(records: Sequence[Record], seconds: float) -> str:
    theorems = [r for r in records if r.kind == "theorem"]
    errata = [r for r in records if r.kind == "erratum"]
    lies = [lie for r in records for lie in r.fields["lies"]]
    parts = [_count(len(records), "result")]
    if any(r.status != "not run" for r in records):
        parts.append(f"{sum(r.status == 'proved' for r in theorems)} of {_count(len(theorems), 'theorem')} proved")
        if errata:
            refuted = sum(r.status == "refuted" for r in errata)
            parts.append(f"{refuted} of {_count(len(errata), 'erratum', 'errata')} refuted as claimed")
        if lies:
            caught = f"{sum(lie['status'] != 'proved' for lie in lies)} lies caught of {len(lies)}"
            true = sum(len(r.fields["true_mutants"]) for r in records)
            parts.append(f"{caught} ({_count(true, 'mutant')} set aside as true)" if true else caught)
    numeric = [r.numeric for r in records]
    if any(n != "not run" for n in numeric):
        parts.append(f"numbers: {numeric.count('pass')} pass, {numeric.count('fail')} fail, "
                     f"{numeric.count('not run')} not run")  # fmt: skip
    return " · ".join([*parts, f"{seconds:.1f} s"])


def _count(n: int, singular: str, plural: str = "") -> str:
    return f"{n} {singular if n == 1 else plural or singular + 's'}"
