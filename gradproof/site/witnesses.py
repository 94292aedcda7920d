"""The point at which a statement fails: what both sides are there, and what what holds instead comes to."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from gradproof.report import UNEQUAL
from gradproof.site.badges import Badge, State, symbolic

SIGNS = {"=": "=", "!=": "≠", "<=": "≤", "<": "<"}
CLOSE = Fraction(2, 10**7)  # figures of eight digits that differ by less, relatively, may be of equal numbers
STATES: dict[bool | None, State] = {True: "pass", False: "fail", None: "open"}


def counterexample(kind: str, record: dict[str, Any] | None) -> dict[str, Any]:
    """What ``counterexample.html`` shows: the point and both sides there, or why there is no point."""
    witness = record["witness"] if record else None
    return {
        "witness": witness,
        "outcome": outcome(witness) if witness else "",
        "worked": _worked(record),
        "without": symbolic(kind, record),
        "why": _why(kind, symbolic(kind, record), record),
    }


def outcome(witness: dict[str, Any]) -> str:
    """``1/2 ≠ 0``; of an "iff" the two sentences, which say themselves that one is true and the other is not."""
    left, right, operator = witness["left"], witness["right"], witness["operator"]
    return f"{left}; {right}" if operator == "iff" else f"{left} {_unequal(operator)} {right}"


def _unequal(operator: str) -> str:
    return UNEQUAL.get(operator, f"not {operator}")


def _why(kind: str, said: Badge, record: dict[str, Any] | None) -> str:
    """Why no point is shown."""
    if said.state == "none" or not record:
        return "the judges have not been asked for a counterexample since the sources changed."
    if said.headline == "refuted":
        return "the record of the run names no point."
    claimed = "what is printed" if kind == "erratum" else "the statement"
    found = f"no counterexample was found, so nothing here shows {claimed} to be false."
    return f"{found} {record['reason']}".strip()


def _worked(record: dict[str, Any] | None) -> dict[str, Any] | None:
    """The definitions, the lines of the statement, and each relation that holds instead with its two lines."""
    lines = (record or {}).get("worked")
    if not lines:
        return None
    correct = [line for line in lines if line["role"] == "correct"]
    return {
        "definitions": [line for line in lines if line["role"] == "definition"],
        "printed": [line for line in lines if line["role"] == "printed"],
        "correct": [_relation(left, right) for left, right in zip(correct[::2], correct[1::2], strict=True)],
    }


def _relation(left: dict[str, str], right: dict[str, str]) -> dict[str, Any]:
    operator = right["operator"]
    truth = holds(left["value"], operator, right["value"])
    sign = _sign(truth, operator, _exact(left["value"], right["value"]))
    undecided = ": these digits do not decide it" if truth is None else ""
    words = f"{left['value']} {sign} {right['value']}{undecided}"
    return {"lines": [left, right], "state": STATES[truth], "words": words}


def _sign(truth: bool | None, operator: str, exact: bool) -> str:
    if truth is None:
        return "and"
    if not truth:
        return _unequal(operator)
    return "≈" if operator == "=" and not exact else SIGNS[operator]


def holds(left: str, operator: str, right: str) -> bool | None:
    """Whether two printed values stand in a relation; None where they are rounded and too close to tell."""
    a, b = _number(left), _number(right)
    if a is None or b is None or operator not in SIGNS:
        return None
    if not _exact(left, right) and abs(a - b) <= CLOSE * max(abs(a), abs(b), CLOSE):
        return True if operator == "=" else None
    return {"=": a == b, "!=": a != b, "<=": a <= b, "<": a < b}[operator]


def _exact(*values: str) -> bool:
    return all("." not in text and "e" not in text for text in values)


def _number(text: str) -> Fraction | None:
    try:
        return Fraction(text) if "/" in text else Fraction(Decimal(text))
    except (ValueError, InvalidOperation, OverflowError, ZeroDivisionError):
        return None
