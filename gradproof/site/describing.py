"""From a result to its entry: everything that is printed on its page except verdicts."""

from __future__ import annotations

import re
from typing import Any, get_args

from derivations.calculus import printing
from derivations.calculus.typesetting.names import SUBSCRIPTS, SUPERSCRIPTS, greek, latex_name
from derivations.proof.rules.base import ProofError
from derivations.proof.rules.titles import rule_of
from derivations.proof.theorem import Erratum, Instance, Result, Step, Theorem
from gradproof import records
from gradproof.export import NoSource
from gradproof.export.source import Backend, source_of
from gradproof.latex import latex_of
from gradproof.site.aliases import aliases
from gradproof.site.entries import Entry
from gradproof.site.snippets import snippet_of


def describe(result: Result) -> Entry:
    """The entry of a theorem or an erratum."""
    about = records.describe(result)
    broken = _broken(result)
    snippet = snippet_of(result)
    return Entry(
        name=result.name,
        topic=result.topic,
        kind=result.kind,
        title=title(result),
        statement=about["statement"],
        hypotheses=about["hypotheses"],
        domains=about["domains"],
        definitions=_definitions(result),
        source=about["source"],
        catalogue=about["catalogue"],
        conventions=about.get("conventions", []),
        uses=about.get("uses", []),
        instead=about.get("instead") or "",
        because=about.get("because", []),
        rank=about.get("rank"),
        reading=about.get("reading", ""),
        right_at=about.get("right_at"),
        method=result.proof.method if isinstance(result, Theorem) else "",
        steps=[] if broken else _steps(result),
        broken=broken,
        latex="" if broken else latex_of(result),
        snippet=snippet.code,
        output=snippet.output,
        help=snippet.help,
        code=_code(result),
        aliases=aliases(result),
    )


def title(result: Result) -> str:
    """The title with its formulas in Unicode: 1 − e⁻², gₜ = t."""
    words = greek(result.title) or result.short_name.replace("_", " ")
    words = words.replace(" - ", " − ")
    words = re.sub(r"\^(-?\w)\b", lambda m: m[1].replace("-", "−").translate(SUPERSCRIPTS), words)
    return re.sub(r"(?<=\b\w)_(\w)\b", lambda m: m[1].translate(SUBSCRIPTS), words)


def _broken(result: Result) -> str:
    """Why the proof cannot be carried out; empty when it can."""
    try:
        return "" if result.steps or isinstance(result, Erratum) else "the proof has no steps"
    except ProofError as error:
        return str(error)


def _code(result: Result) -> dict[str, str]:
    """The closed form as source, for each library that it can be written for."""
    found: dict[str, str] = {}
    for library in get_args(Backend):
        try:
            found[library] = source_of(result, library)
        except (TypeError, NoSource):  # no equality, or one that no library can write
            continue
    return found


def _definitions(result: Result) -> list[dict[str, str]]:
    typeset = records.definitions(result, printing.latex)
    return [{"name": name, "body": _spaced(body)} for name, body in typeset]


def _spaced(body: str) -> str:
    """The start of a recurrence, which follows its step after a comma, set apart."""
    step, comma, start = body.rpartition(", ")
    return rf"{step},\qquad {start}" if comma and " = " in start else body


def _steps(result: Result) -> list[dict[str, Any]]:
    names = records.names_in(result)
    opened = records.openings(result, printing.latex)
    rows = zip(result.steps, records.step_signs(result), opened, strict=True)
    return [
        {
            "part": greek(part),
            "opening": opening,
            "sign": sign,
            "latex": printing.latex(records.line_of(step)),
            "rule": rule_of(step.reason),
            "reason": step.reason,
            "arguments": _arguments(step, names),
            "identity": step.identity,
        }
        for step, sign, (part, opening) in rows
    ]


def _arguments(step: Step, names: set[str]) -> list[dict[str, str]]:
    """What the rule was applied to: theorems by name, quantities in LaTeX, hypotheses in words."""
    if step.cites:
        return [_cited(one) for one in step.cites]
    words = step.reason.removeprefix(rule_of(step.reason)).strip()
    if not words:
        return []
    parts = words.split(", ")
    if all(part in names for part in parts):
        return [{"latex": latex_name(part)} for part in parts]
    return [{"words": greek(words)}]


def _cited(fact: Theorem | Instance) -> dict[str, str]:
    if isinstance(fact, Theorem):
        return {"result": fact.name}
    at = ", ".join(f"{printing.latex(symbol)} = {printing.latex(value)}" for symbol, value in fact.values)
    return {"result": fact.of.name, "at": at}
