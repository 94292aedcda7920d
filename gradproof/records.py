"""One record a result: what the terminal prints, ``--json`` writes and the site shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from derivations.calculus import printing
from derivations.calculus.substitution import named_objects
from derivations.calculus.symbols import Definition, Recurrence
from derivations.calculus.typesetting.ranges import ranges_differ
from derivations.judges.trial import JudgedLie, JudgedStep, Trial
from derivations.proof.rules.base import ProofError
from derivations.proof.statement import Relation, Statement, expressions
from derivations.proof.theorem import Result, Step, Theorem
from derivations.proof.verdict import Verdict

Numeric = Literal["pass", "fail", "not run"]


@dataclass(frozen=True)
class Record:
    """Everything known about one result after a run, as plain data in ``fields``; figures that did not run say so."""

    name: str
    kind: str
    status: str
    numeric: Numeric
    fields: dict[str, Any] = field(repr=False)
    asked: tuple[str, ...] = ("symbolic", "numeric")

    @property
    def as_claimed(self) -> bool:
        """Of what was asked: proved, or an erratum refuted and corrected; no lie believed; the numbers run and pass."""
        wanted = "refuted" if self.kind == "erratum" else "proved"
        symbolic = self.status == wanted or "symbolic" not in self.asked
        numbers = self.numeric == "pass" or "numeric" not in self.asked
        honest = all(lie["status"] != "proved" for lie in self.fields["lies"])
        corrected = all(status == "proved" for status in self.fields["corrections"].values())
        return symbolic and numbers and honest and corrected

    def data(self) -> dict[str, Any]:
        return {"name": self.name, "kind": self.kind, "status": self.status, "numeric": self.numeric, **self.fields}


def describe(result: Result) -> dict[str, Any]:
    """What a record says of a result before anything ran."""
    data: dict[str, Any] = {
        "title": result.title,
        "statement": statement(result),
        "hypotheses": [{"text": h.text, "statement": printing.text(h.relation), "latex": printing.latex(h.relation)}
                       for h in result.hypotheses],
        "domains": printing.domains(result.statement),
        "source": result.source.record(),
        "catalogue": list(result.catalogue),
    }  # fmt: skip
    if isinstance(result, Theorem):
        data["conventions"] = [c.record() for c in result.conventions]
        data["uses"] = [theorem.name for theorem in result.uses]
    else:
        data["instead"] = result.instead.name if result.instead else None
        data["because"] = [theorem.name for theorem in result.because]
        data["rank"] = result.rank
        data["reading"] = result.reading
        data["right_at"] = result.right_at.record() if result.right_at else None
    return data


def statement(result: Result) -> dict[str, str]:
    return {"text": printing.text(result.statement), "latex": printing.latex(result.statement)}


def assemble(result: Result, trial: Trial | None, checks: list[dict[str, Any]] | None, seconds: float) -> Record:
    """The record of a result; ``None`` for a part that was not asked for."""
    fields = describe(result)
    fields["verdicts"] = {name: v.record() for name, v in trial.verdicts.items()} if trial else {}
    fields["method"] = trial.verdict.method if trial else ""
    fields["trusted"] = list(trial.verdict.trusted) if trial else []
    fields["side_conditions"] = list(trial.verdict.hypotheses) if trial else []
    fields["reason"] = trial.verdict.reason if trial else ""
    fields["witness"] = trial.verdict.record().get("witness") if trial else None
    fields["steps"] = step_records(result, trial.steps) if trial else []
    fields["lies"] = [lie_record(lie) for lie in trial.lies] if trial else []
    fields["true_mutants"] = list(trial.equivalents) if trial else []
    fields["corrections"] = {name: v.status for name, v in trial.corrections} if trial else {}
    fields["checks"] = checks or []
    fields["seconds"] = round(seconds, 3)
    asked = tuple(part for part, ran in (("symbolic", trial), ("numeric", checks)) if ran is not None)
    status = trial.status if trial else "not run"
    return Record(result.name, result.kind, status, numeric_status(checks), fields, asked)


def failed(result: Result, verdict: Verdict) -> Record:
    """The record of a result whose run broke off: out of time, out of memory, a crash."""
    fields = {
        **describe(result),
        "verdicts": {},
        "method": verdict.method,
        "trusted": [],
        "side_conditions": [],
        "reason": verdict.reason,
        "witness": None,
        "steps": [],
        "lies": [],
        "true_mutants": [],
        "corrections": {},
        "checks": [],
        "seconds": round(verdict.seconds, 3),
    }
    return Record(result.name, result.kind, "unknown", "not run", fields)


def numeric_status(checks: list[dict[str, Any]] | None) -> Numeric:
    """Fail if any check failed, pass if some ran and all that ran passed, else not run."""
    statuses = {check["status"] for check in checks or []}
    if "fail" in statuses:
        return "fail"
    return "pass" if "pass" in statuses else "not run"


def step_records(result: Result, judged: tuple[JudgedStep, ...]) -> list[dict[str, Any]]:
    if not judged:  # the proof broke off, and the verdict says where
        return []
    ranges, signs = shows_ranges(result), step_signs(result)
    return [
        {
            "part": one.step.part,
            "sign": sign,
            "text": printing.text(line_of(one.step), ranges=ranges),
            "latex": printing.latex(line_of(one.step)),
            "reason": one.step.reason,
            "identity": one.step.identity,
            "verdict": one.verdict.record(),
        }
        for one, sign in zip(judged, signs, strict=True)
    ]


def lie_record(judged: JudgedLie) -> dict[str, Any]:
    lie, verdict = judged.lie, judged.verdict
    record = verdict.record()
    return {
        "kind": lie.kind,
        "description": lie.description,
        "statement": printing.text(lie.statement),
        "latex": printing.latex(lie.statement),
        "status": verdict.status,
        "method": verdict.method,
        "witness": record.get("witness"),
    }


# ---- how a proof is laid out, for every form it is shown in


def is_equality(statement: Statement) -> bool:
    return isinstance(statement, Relation) and statement.operator == "="


def line_of(step: Step):
    """What a step arrives at: the right side of an equality, the whole of any other claim."""
    return step.claim.right if is_equality(step.claim) else step.claim  # type: ignore[union-attr]


def step_signs(result: Result) -> list[str]:
    """``=`` before a step of a chain, ``⇒`` before what follows from the chain, nothing before a claim by itself."""
    signs, part, chained = [], None, False
    for step in result.steps:
        chained = chained and step.part == part
        part = step.part
        equality = is_equality(step.claim)
        signs.append("=" if equality else "⇒" if chained else "")
        chained = chained or equality
    return signs


def openings(result: Result, printed: Callable[[Any], str]) -> Iterator[tuple[str, str]]:
    """For each step what stands above it: the part that begins with it, and the line its chain begins with."""
    part = None
    for step in result.steps:
        if step.part == part:
            yield "", ""
            continue
        part = step.part
        yield part, printed(step.claim.left) if is_equality(step.claim) else ""  # type: ignore[union-attr]


def shows_ranges(result: Result) -> bool:
    """Whether a reader of the proof could take one range of a sum for another."""
    try:
        claims = [step.claim for step in result.steps]
    except ProofError:
        claims = []  # the verdict says where the proof breaks off
    return ranges_differ(side for claim in (result.statement, *claims) for side in expressions(claim))


def names_in(result: Result) -> set[str]:
    """The names of the quantities that a proof speaks of."""
    claims = [result.statement, *(step.claim for step in result.steps)]
    found = set().union(*(named_objects(e) for claim in claims for e in expressions(claim)))
    return {thing.name for thing in found}


def definitions(result: Result, printed: Callable[[Any], str]) -> list[tuple[str, str]]:
    """The definitions that a statement uses, by name: what is defined, and as what."""
    used = set().union(*(named_objects(e) for e in expressions(result.statement)))
    heads = (u for u in used if isinstance(u, (Definition, Recurrence)))
    found = []
    for head in sorted(heads, key=lambda h: h.name):
        if isinstance(head, Definition):
            found.append((printed(head[head.parameters]), printed(head.body)))
        else:
            start = f"{printed(head[head.first])} = {printed(head.start)}"
            found.append((printed(head[head.parameter]), f"{printed(head.step_at(head.parameter))}, {start}"))
    return found
