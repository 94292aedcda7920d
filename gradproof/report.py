"""How records look in a terminal: one line a result, the formula first, words beside every colour."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from derivations import load
from derivations.calculus import printing
from gradproof.records import Record

GOOD, BAD, PALE = "green", "bold red", "dim"
OUR_SIDES = ("autograd", "definition", "both sides", "limit")  # the two sides of the statement, both lowered by us
BEYOND_ROUNDING = 1e6  # ulps; a limit seen at finite t, or an erratum, is this far off and more
_COLOURS = {
    "proved": GOOD,
    "refuted": "yellow",
    "pass": GOOD,
    "fail": BAD,
    "unknown": BAD,
    "consistent": "yellow",
    "not run": PALE,
    "not run here": PALE,
}


def console(stderr: bool = False) -> Console:
    """A console that wraps nothing; formulas are cut to the width of the terminal (COLUMNS, or 140 without one)."""
    return Console(stderr=stderr, highlight=False, soft_wrap=True, width=terminal_width())


def terminal_width() -> int:
    return shutil.get_terminal_size((140, 24)).columns


def progress(out: Console, total: int) -> Progress:
    """A bar that shows only on a terminal and is gone afterwards."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=out,
        transient=True,
        disable=not out.is_terminal,
    )


def coloured(status: str, words: str | None = None) -> Text:
    return Text(words if words is not None else status, style=_COLOURS.get(status, ""))


def tables(records: Sequence[Record]) -> Iterable[Table]:
    """One table a topic, its heading naming the sizes and domains that occur."""
    width = terminal_width()
    for topic, group in groupby(records, key=lambda r: r.name.partition(".")[0]):
        yield topic_table(topic, list(group), width)


def topic_table(topic: str, records: Sequence[Record], width: int) -> Table:
    names = max(cell_len(r.name.partition(".")[2]) for r in records)
    formula = max(24, width - names - 62)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False, header_style="bold")
    sizes = dict.fromkeys(d for r in records for d in r.fields["domains"] if "≥" in d and d.partition(" ")[2])
    heading = " · ".join([topic, ", ".join(sizes)]) if sizes else topic
    table.add_column(cut(heading, names + 2), no_wrap=True, min_width=names + 2)
    table.add_column("", no_wrap=True, max_width=formula)
    for title in ("symbolic", "ball", "autograd", "PyTorch", "error"):
        table.add_column(title, no_wrap=True, min_width=8)
    for record in records:
        table.add_row(*row(record, formula))
    return table


def row(record: Record, width: int) -> list[Text]:
    name = Text("  " + record.name.partition(".")[2])
    if record.kind == "erratum":
        note = f"erratum: {record.fields['statement']['text']}"
        formula = Text(cut(note, width), style="italic")
    else:
        formula = Text(cut(claim(record), width))
    symbolic = "as claimed" if record.kind == "erratum" and record.status == "refuted" else ""
    word = f"{record.status}{' ✓' if symbolic else ''}"
    autograd = [c for c in record.fields["checks"] if c["oracle"] in OUR_SIDES]
    truth = [c for c in record.fields["checks"] if "bits" in c["oracle"] or "digits" in c["oracle"]]
    known = (*autograd, *truth)
    native = [c for c in record.fields["checks"] if c not in known and c["oracle"] != "converse"]
    return [
        name,
        formula,
        coloured(record.status, word),
        ball(record),
        worst(autograd, erratum=record.kind == "erratum"),
        worst(native) if native else Text("–", style=PALE),
        worst(truth, unit=" ulp") if truth and record.kind != "erratum" else Text("–", style=PALE),
    ]


def claim(record: Record) -> str:
    """The formula, and under which hypotheses."""
    conditions = [h["statement"] for h in record.fields["hypotheses"]] + record.fields["side_conditions"]
    return record.fields["statement"]["text"] + (f"   if {', '.join(conditions)}" if conditions else "")


def ball(record: Record) -> Text:
    verdict = record.fields["verdicts"].get("ball")
    if not verdict:
        return coloured("not run")
    if verdict["status"] == "refuted":
        return Text("witness", style="yellow")
    points = verdict.get("points", 0)
    return Text(f"{points} pts" if verdict["status"] == "consistent" else verdict["status"])


def worst(checks: Sequence[dict[str, Any]], unit: str = " ulp", erratum: bool = False) -> Text:
    """The largest error over the checks that ran; a failure is named first."""
    if not checks:
        return coloured("not run")
    failures = [c for c in checks if c["status"] == "fail"]
    ran = [c for c in checks if c["status"] == "pass" and c["worst_ulp"] is not None]
    if failures:
        return coloured("fail", f"fail {_figure(failures[0]['worst_ulp'])}{unit}")
    if not ran:
        status = "pass" if any(c["status"] == "pass" for c in checks) else "not run here"
        return coloured(status)
    figure = max(_number(c["worst_ulp"]) for c in ran)
    if figure > BEYOND_ROUNDING:
        return Text("differs") if erratum else coloured("pass")
    return Text(f"{_figure(figure)}{unit}")


def _number(value: Any) -> float:
    return float(value)


def _figure(value: Any) -> str:
    number = float(value) if value is not None else 0.0
    return f"{number:.1e}" if number >= 1e5 else f"{number:.1f}"


def cut(text: str, width: int) -> str:
    """The text within ``width`` cells, with an ellipsis where it was longer."""
    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"


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
    for check in record.fields["checks"]:
        if check["status"] == "fail":
            size = f" at {check['size']}" if check["size"] else ""
            found.append(
                f"{check['oracle']}, {check['dtype']} on {check['device']}{size}: {_figure(check['worst_ulp'])} ulp"
                f" where {_figure(check['tolerance_ulp'])} are allowed. {check['detail']}".rstrip()
            )
    return found


def witness(data: dict[str, Any]) -> str:
    where = ", ".join(f"{name} = {value}" for name, value in data["values"].items())
    symbol = {"=": "≠", "<=": "≰", "<": "≮"}.get(data["operator"], f"not {data['operator']}")
    return f"{where}: {data['left']} {symbol} {data['right']}"


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


def print_run(out: Console, records: Sequence[Record], seconds: float) -> None:
    """Tables, then every witness of an erratum, then what is wrong, then the summary."""
    for table in tables(records):
        out.print(table)
        out.print()
    witnesses = [(r.name, r.fields["witness"]) for r in records if r.kind == "erratum" and r.fields["witness"]]
    for name, data in witnesses:
        out.print(Text(f"{name} is refuted at {witness(data)}", style="yellow"))
    if witnesses:
        out.print()
    for record in records:
        for problem in problems(record):
            out.print(Text(f"{record.name}: {problem}", style=BAD))
    out.print(summary(records, seconds))


def print_proof(out: Console, record: Record) -> None:
    """A proof as a chain, one line a step, the rule at the right and the verdict at its end."""
    fields = record.fields
    out.print(Text(f"{record.name}", style="bold") + Text(f"   {fields['title']}" if fields["title"] else ""))
    out.print(f"  {fields['statement']['text']}")
    for h in fields["hypotheses"]:
        out.print(f"  if {h['statement']}   ({h['text']})")
    for condition in fields["side_conditions"]:
        out.print(f"  where {condition}")
    if fields["domains"]:
        out.print(Text(f"  for {', '.join(fields['domains'])}", style=PALE))
    for name, body in definitions(record.name):
        out.print(Text(f"  with {name} = {body}", style=PALE))
    source = fields["source"]
    out.print(Text(f"  {source['lecture']}{', ' + source['slide'] if source['slide'] else ''}", style=PALE))
    out.print()
    if record.kind == "erratum":
        _print_erratum(out, record)
        return
    result = load(record.name)
    for line in proof_lines(record, printing.text(_start(result))):
        out.print(line)
    if fields["verdicts"]:
        verdict = f"{record.status}: {fields['method']}"
        trusted = f", resting on {', '.join(fields['trusted'])}" if fields["trusted"] else ""
        out.print()
        out.print(coloured(record.status, verdict) + Text(trusted, style=PALE))
    for problem in problems(record):
        out.print(Text(problem, style=BAD))


def _start(result):
    from derivations.proof.proofs import Bound
    from derivations.proof.statement import Relation

    if isinstance(result.proof, Bound):
        return result.proof.bounded
    return result.statement.left if isinstance(result.statement, Relation) else result.statement


def proof_lines(record: Record, start: str) -> list[Text]:
    steps = record.fields["steps"]
    width = min(max((cell_len(s["text"]) for s in steps), default=0), 96) + 4
    lines: list[Text] = []
    part = None
    for number, step in enumerate(steps):
        if step["part"] != part or number == 0:
            part = step["part"]
            if part:
                lines.append(Text(f"  {part}", style="bold"))
            opening = start if not part else _left_of(record.name, number)
            lines.append(Text(f"    {opening}"))
        relation = "  = " if step["verdict"]["method"] != "bounds" and step["reason"] != "bound" else "  ⇒ "
        body = relation + step["text"]
        gap = " " * max(2, width - cell_len(step["text"]))
        line = Text(f"  {body}{gap}") + Text(f"{step['reason']}  ", style="cyan")
        lines.append(line + coloured(step["verdict"]["status"]))
    return lines


def _left_of(name: str, number: int) -> str:
    step = load(name).steps[number]
    left = getattr(step.claim, "left", step.claim)
    return printing.text(left)


def definitions(name: str) -> list[tuple[str, str]]:
    """The definitions that a statement uses, in reading order."""
    from derivations.calculus.substitution import named_objects
    from derivations.calculus.symbols import Definition, Recurrence
    from derivations.proof.statement import expressions

    result = load(name)
    used = set().union(*(named_objects(e) for e in expressions(result.statement)))
    found = []
    for head in sorted((u for u in used if isinstance(u, (Definition, Recurrence))), key=lambda h: h.name):
        if isinstance(head, Definition):
            symbol = head[head.parameters] if head.parameters else head[()]
            found.append((printing.text(symbol), printing.text(head.body)))
        else:
            step = head.step_at(head.parameter)
            start = f"{printing.text(head[head.first])} = {printing.text(head.start)}"
            found.append((printing.text(head[head.parameter]), f"{printing.text(step)}, {start}"))
    return found


def _print_erratum(out: Console, record: Record) -> None:
    fields = record.fields
    out.print(Text("  printed, and false:", style="yellow"))
    out.print(f"    {fields['statement']['text']}")
    if fields["witness"]:
        out.print(f"  at {witness(fields['witness'])}")
    for name in filter(None, [fields["instead"]]):
        out.print(f"  instead   {load(name).text()}   ({name})")
    for name in fields["because"]:
        out.print(f"  because   {load(name).text()}   ({name})")
    out.print()
    out.print(coloured(record.status, f"{record.status} as claimed" if record.as_claimed else record.status))
