"""How a proof looks in a terminal: the chain, one line a step, the rule beside it and the verdict at its end."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from derivations import load
from derivations.calculus import printing
from derivations.calculus.typesetting.names import greek, text_name
from derivations.proof.theorem import Result
from gradproof.records import Record, definitions, names_in, openings, shows_ranges
from gradproof.report import problems, witness
from gradproof.terminal import BAD, PALE, WARN, coloured, folded, folded_formula, padded, room


def print_proof(out: Console, record: Record) -> None:
    """The statement, what it needs and where it comes from; then the chain, or the counterexample of an erratum."""
    result, width = load(record.name), room(out)
    for line in head(record, result, width):
        out.print(line)
    out.print()
    lines = erratum_lines(record) if record.kind == "erratum" else proof_lines(record, result, width)
    for line in (*lines, *verdict_lines(record)):
        out.print(line)


def head(record: Record, result: Result, width: int | None) -> Iterator[Text]:
    fields = record.fields
    title = f"   {greek(fields['title'])}" if fields["title"] else ""
    if width is None or cell_len(record.name + title) <= width:
        yield Text(record.name, style="bold") + Text(title)
    else:
        yield Text(record.name, style="bold")
        yield from _indented(title.strip(), width)
    ranges = shows_ranges(result)
    yield from _indented(printing.text(result.statement, ranges=ranges), width)
    for h in fields["hypotheses"]:
        yield from _indented(f"if {h['statement']}   ({h['text']})", width)
    for condition in fields["side_conditions"]:
        yield from _indented(f"where {condition}", width)
    if fields["domains"]:
        yield from _indented(f"for {', '.join(fields['domains'])}", width, PALE)
    for name, body in definitions(result, lambda e: printing.text(e, ranges=ranges)):
        yield from _indented(f"with {name} = {body}", width, PALE)
    source = fields["source"]
    yield Text(f"  {source['lecture']}{', ' + source['slide'] if source['slide'] else ''}", style=PALE)
    if source["printed"]:
        yield from _indented(f"the slide prints   {source['printed']}", width, PALE)


def _indented(text: str, width: int | None, style: str = "") -> Iterator[Text]:
    first, *others = folded(text, width and width - 4)
    yield Text(f"  {first}", style=style)
    yield from (Text(f"    {line}", style=style) for line in others)


def proof_lines(record: Record, result: Result, width: int | None) -> Iterator[Text]:
    """The parts of a proof, each with its opening line; steps that state no equality stand by themselves."""
    steps = record.fields["steps"]
    if not steps:  # the proof broke off, and the verdict below says where
        return
    formula = _formula_width(steps, width)
    names = names_in(result)
    reason = max(cell_len(_reason(s, names)) for s in steps) + 2
    opened = openings(result, lambda e: printing.text(e, ranges=shows_ranges(result)))
    for step, (part, start) in zip(steps, opened, strict=True):
        if part:
            yield Text(f"  {greek(part)}", style="bold")
        if start:
            yield Text(f"    {start}")
        beside = padded(Text(_reason(step, names), style="cyan"), reason) + coloured(step["verdict"]["status"])
        yield from _step_lines(f"{step['sign']} {step['text']}".lstrip(), beside, formula, width)


def _reason(step: dict[str, Any], names: Collection[str]) -> str:
    """The reason of a step, with the names of quantities as they are printed: unfold m̂."""
    return re.sub(r"\w+", lambda word: text_name(word[0]) if word[0] in names else word[0], step["reason"])


def _formula_width(steps: Sequence[dict[str, Any]], width: int | None) -> int:
    """The column of the formulas: as wide as the longest that leaves room for the reason and the verdict."""
    lengths = [cell_len(s["text"]) + 4 for s in steps]
    if width is not None:
        besides = max((cell_len(s["reason"]) for s in steps), default=0) + 2 + len("unknown")
        lengths = [length for length in lengths if length + 4 + besides <= width]
    return max(lengths, default=0)


def _step_lines(line: str, beside: Text, formula: int, width: int | None) -> Iterator[Text]:
    if cell_len(line) + 2 <= formula:
        yield Text("    ") + padded(line, formula) + beside
        return
    first, *others = folded_formula(line, width and width - 6)
    yield Text(f"    {first}")
    yield from (Text(f"      {other}") for other in others)
    yield Text(" " * (4 + formula)) + beside


def erratum_lines(record: Record) -> Iterator[Text]:
    fields = record.fields
    yield Text("  printed, and false:", style=WARN)
    yield Text(f"    {fields['statement']['text']}")
    if fields["witness"]:
        yield Text(f"  at {witness(fields['witness'])}")
    right = [("instead", fields["instead"])] if fields["instead"] else []
    for word, name in (*right, *(("because", name) for name in fields["because"])):
        yield Text(f"  {word}   {load(name).text()}   ({name})")


def verdict_lines(record: Record) -> Iterator[Text]:
    fields = record.fields
    yield Text()
    if record.kind == "erratum":
        yield coloured(record.status, f"{record.status} as claimed" if record.as_claimed else record.status)
    elif fields["verdicts"]:
        trusted = f", resting on {', '.join(fields['trusted'])}" if fields["trusted"] else ""
        yield coloured(record.status, f"{record.status}: {fields['method']}") + Text(trusted, style=PALE)
    yield from (Text(problem, style=BAD) for problem in problems(record))
