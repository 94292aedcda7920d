"""Experiments in the terminal: what was measured beside what is expected, one line a finding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from rich.console import Console
from rich.text import Text

from gradproof.terminal import BAD, GOOD, PALE, WARN
from numeric.experiments import Experiment, Finding, Run


class UnusableSetting(ValueError):
    """A setting that is no parameter of the experiment, or no value for it."""


def settings(experiment: Experiment, assignments: Iterable[str]) -> dict[str, Any]:
    """``["epochs=100", "rates=0.1,0.5"]`` as parameters, each of the kind that its default is of.

    Raises UnusableSetting.
    """
    return dict(_setting(experiment, assignment) for assignment in assignments)


def _setting(experiment: Experiment, assignment: str) -> tuple[str, Any]:
    name, equals, text = (part.strip() for part in assignment.partition("="))
    defaults = {f.name: getattr(experiment.parameters, f.name) for f in fields(experiment.parameters)}
    if not equals or name not in defaults:
        raise UnusableSetting(f"{assignment!r}: write NAME=VALUE, NAME one of {', '.join(defaults)}")
    default = defaults[name]
    try:
        if isinstance(default, tuple):
            return name, tuple(float(part) for part in text.split(","))
        return name, type(default)(text)
    except ValueError:
        shown = ",".join(f"{v:g}" for v in default) if isinstance(default, tuple) else default
        raise UnusableSetting(f"{assignment!r}: {name} takes a value like {shown}") from None


def show(out: Console, runs: Sequence[Run]) -> None:
    for run in runs:
        _show(out, run)
    findings = [finding for run in runs for finding in run.findings]
    out.print(" · ".join((f"{len(findings)} findings", *_tally(findings), f"{sum(r.seconds for r in runs):.1f} s")))


def _tally(findings: Sequence[Finding]) -> list[str]:
    kinds = {
        "hold": lambda f: f.status == "holds" and f.as_foreseen,
        "differ as foreseen": lambda f: f.status == "differs" and f.as_foreseen,
        "not as foreseen": lambda f: not f.as_foreseen,
    }
    counts = {name: sum(map(kind, findings)) for name, kind in kinds.items()}
    return [f"{count} {name}" for name, count in counts.items() if count]


def _show(out: Console, run: Run) -> None:
    experiment, source = run.experiment, run.experiment.source
    out.print(Text(f"{experiment.id} · {experiment.title}", style="bold"))
    out.print(Text(f"  {source.key}, {source.slide}", style=PALE))
    measured = ["none" if f.measured is None else f"{f.measured:.6g}" for f in run.findings]
    wide, wider = max(map(len, measured)), max(len(f.expected) for f in run.findings)
    for finding, number in zip(run.findings, measured, strict=True):
        line = Text("  ").append(f"{finding.status:7}", _colour(finding))
        line.append(f"  {number:>{wide}}  {finding.expected:{wider}}  {finding.basis:8}  {finding.says}")
        out.print(line)
    out.print()


def _colour(finding: Finding) -> str:
    if not finding.as_foreseen:
        return BAD
    return GOOD if finding.status == "holds" else WARN
