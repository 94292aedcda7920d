"""What the checks of a result came to, one badge a column: columns are never merged, and none is left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from gradproof.report import BEYOND_ROUNDING, OUR_SIDES, WITHOUT_A_FIGURE

State = Literal["pass", "fail", "open", "none"]  # as claimed, against it, undecided, nothing to say: it did not run
Check = dict[str, Any]

NOT_RUN = "not run"
WORDS: dict[State, str] = {"pass": "as claimed", "fail": "not as claimed", "open": "undecided", "none": NOT_RUN}


# on pages where colour speaks of a slide: an erratum that is as claimed shows it to be wrong, another shows nothing
OF_SLIDE: dict[State, State] = {"pass": "fail", "fail": "open", "open": "open", "none": "none"}


@dataclass(frozen=True)
class Badge:
    """A column: its label, how it came out, the figure that says so, and the evidence in a sentence."""

    label: str
    state: State
    headline: str
    evidence: str = ""
    anchor: str = "verdicts"

    @property
    def applies(self) -> bool:
        return self.headline != "–"


def badges(kind: str, record: dict[str, Any] | None, gpu: dict[str, Any] | None) -> list[Badge]:
    """The six columns of a result, from the record of its run and that of a GPU's."""
    checks = record["checks"] if record else []
    erratum = kind == "erratum"
    return [
        symbolic(kind, record),
        ball(kind, record),
        _two_sides(checks, erratum),
        _native(checks, erratum),
        _on_gpu(gpu["checks"] if gpu else [], erratum),
        _float_error(checks, erratum),
    ]


@dataclass(frozen=True)
class Standing:
    """A result in one sign and a few words, for lists."""

    state: State
    words: str


def overall(kind: str, found: Sequence[Badge], record: dict[str, Any] | None) -> Standing:
    """What the judges decided, from the badges of a result; a check that fails or a lie that is believed is against it.

    An erratum whose correction is not proved is open: the slide is wrong, and nothing else is known to be right.
    """
    said = found[0]
    against = [
        (said.state == "fail" and kind == "erratum", "not as claimed"),
        (said.state != "fail" and any(badge.state == "fail" for badge in found), "a check fails"),
        (believes(record), "a lie is believed"),
    ]
    words = [words for holds, words in against if holds]
    if words or said.state == "fail":
        return Standing("fail", ", ".join([said.headline, *words]))
    if said.state == "pass" and any(status != "proved" for status in _corrections(record).values()):
        return Standing("open", f"{said.headline}, its correction is not proved")
    return Standing(said.state, said.headline)


def believes(record: dict[str, Any] | None) -> bool:
    """Whether a judge has proved something that is false; what turned out to be true is not among the lies."""
    return any(lie["status"] == "proved" for lie in (record or {}).get("lies", []))


def _corrections(record: dict[str, Any] | None) -> dict[str, str]:
    return (record or {}).get("corrections", {})


def symbolic(kind: str, record: dict[str, Any] | None) -> Badge:
    """What the judges decided: proved for a theorem, refuted for an erratum."""
    if not record or record["status"] == NOT_RUN:
        return Badge("Symbolic", "none", NOT_RUN)
    status, wanted = record["status"], "refuted" if kind == "erratum" else "proved"
    state: State = "pass" if status == wanted else "fail" if status in ("proved", "refuted") else "open"
    rests = f"; rests on {', '.join(record['trusted'])}" if record["trusted"] else ""
    return Badge("Symbolic", state, status, f"{record['method']}{rests}" if record["method"] else record["reason"])


def ball(kind: str, record: dict[str, Any] | None) -> Badge:
    """The refuter: points tried in vain for a theorem, a witness for an erratum."""
    verdict = record["verdicts"].get("ball") if record else None
    if not record or not verdict:
        return Badge("Ball", "none", NOT_RUN)
    status, points = verdict["status"], verdict.get("points", 0)
    if status == "refuted":
        state: State = "pass" if kind == "erratum" else "fail"
        return Badge("Ball", state, "witness", "a point at which an exact ball excludes it")
    if status == "consistent":
        evidence = f"{points} random points in ball arithmetic, none against it"
        return Badge("Ball", "open" if kind == "erratum" else "pass", f"{points} points", evidence)
    if "limit" in record["verdicts"]:
        return Badge("Ball", "none", "–", "a limit has no points to try; a judge of its own decides it")
    return Badge("Ball", "open", status, verdict.get("reason", ""))


def sides(checks: Iterable[Check]) -> list[Check]:
    """The two sides of the statement, both lowered by us; a derivative is taken by autograd."""
    return [c for c in checks if c["oracle"] in OUR_SIDES]


def truth(checks: Iterable[Check]) -> list[Check]:
    """The closed form against itself in many more bits."""
    return [c for c in checks if "bits" in c["oracle"] or "digits" in c["oracle"]]


def native(checks: Iterable[Check]) -> list[Check]:
    """The closed form against PyTorch's own operator."""
    known = [*sides(checks), *truth(checks)]
    return [c for c in checks if c not in known and c["oracle"] != "converse"]


def _two_sides(checks: Sequence[Check], erratum: bool) -> Badge:
    own = sides(checks)
    label = "Autograd CPU" if not own or any(c["oracle"] == "autograd" for c in own) else "Both sides CPU"
    return _summed(label, own, erratum)


def _native(checks: Sequence[Check], erratum: bool) -> Badge:
    own = native(checks)
    if checks and not own:
        return Badge("PyTorch operator", "none", "–", "PyTorch has no operator for it")
    return _summed("PyTorch operator", own, erratum)


def _on_gpu(checks: Sequence[Check], erratum: bool) -> Badge:
    return _summed("Autograd GPU", sides(checks), erratum)


def _float_error(checks: Sequence[Check], erratum: bool) -> Badge:
    own = truth(checks)
    if checks and not own:
        reason = "there is no closed form to round" if not erratum else "what is false has no rounding error"
        return Badge("Float error", "none", "–", reason)
    found = _summed("Float error", own, erratum)
    return Badge(found.label, found.state, found.headline, found.evidence, "numbers" if own else found.anchor)


def _summed(label: str, checks: Sequence[Check], erratum: bool) -> Badge:
    """The worst of several checks; a failure is named first."""
    ran = [c for c in checks if c["status"] != NOT_RUN]
    if not ran:
        reasons = dict.fromkeys(c["detail"] for c in checks if c["detail"])
        return Badge(label, "none", NOT_RUN, "; ".join(reasons))
    failures = [c for c in ran if c["status"] == "fail"]
    evidence = _evidence(ran)
    if failures:
        return Badge(label, "fail", f"{figure(failures[0]['worst_ulp'])} ulp", failures[0]["detail"] or evidence)
    if unheard := [c["status"] for c in ran if c["status"] != "pass"]:
        return Badge(label, "open", WORDS["open"], f"a check came out as {unheard[0]!r}, which says nothing")
    if erratum:
        seen = (f"{c['dtype']}: {c['detail'].removeprefix('fails as claimed: ')}" for c in ran)
        return Badge(label, "pass", "differs", "; ".join(dict.fromkeys(seen)))
    worst = max((float(c["worst_ulp"]) for c in ran if c["worst_ulp"] is not None), default=0.0)
    if worst > BEYOND_ROUNDING or all(c["oracle"] in WITHOUT_A_FIGURE for c in ran):
        return Badge(label, "pass", "holds", evidence)
    return Badge(label, "pass", f"{figure(worst)} ulp", evidence)


def _evidence(ran: Sequence[Check]) -> str:
    """``autograd · float64, float32 · n = 1, n = 2 · 1000 points each``"""
    parts = (
        ", ".join(dict.fromkeys(c["oracle"] for c in ran)),
        ", ".join(dict.fromkeys(c["dtype"] for c in ran)),
        "; ".join(dict.fromkeys(c["size"] for c in ran if c["size"])),
        f"{max(c['points'] for c in ran)} points each",
    )
    return " · ".join(part for part in parts if part)


def figure(ulps: Any) -> str:
    """An error in ulps as one reads it: 0, 0.4, 17, 2.3e+15."""
    number = float(ulps) if ulps is not None else 0.0
    if number >= 1e5:
        return f"{number:.1e}"
    return f"{number:.0f}" if number >= 100 or number < 0.05 else f"{number:.1f}"
