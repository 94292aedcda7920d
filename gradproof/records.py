"""One record a result: what the terminal prints, ``--json`` writes and the site shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from derivations.calculus import printing
from derivations.judges.trial import JudgedLie, JudgedStep, Trial
from derivations.proof.theorem import Result, Theorem
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
    fields["steps"] = [step_record(s) for s in trial.steps] if trial else []
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


def step_record(judged: JudgedStep) -> dict[str, Any]:
    step = judged.step
    return {
        "part": step.part,
        "text": step.text(),
        "latex": step.latex(),
        "reason": step.reason,
        "identity": step.identity,
        "verdict": judged.verdict.record(),
    }


def lie_record(judged: JudgedLie) -> dict[str, Any]:
    lie, verdict = judged.lie, judged.verdict
    record = verdict.record()
    return {
        "kind": lie.kind,
        "description": lie.description,
        "statement": printing.text(lie.statement),
        "status": verdict.status,
        "method": verdict.method,
        "witness": record.get("witness"),
    }
