"""What a theorem is not: the lies that were told of it, in words, and where each dies."""

from __future__ import annotations

import re
from typing import Any

from gradproof.site.badges import State
from gradproof.site.entries import Entry

CHANGES = {
    "sign": "another sign",
    "factor": "another factor",
    "perturbation": "a slightly different number",
    "dropped factor": "a factor left out",
    "dropped term": "a term left out",
    "function": "another function",
    "relation": "another relation",
    "exponent": "another exponent",
    "range": "a sum that ends too early",
    "index": "another index",
    "hypothesis": "a hypothesis left out",
    "size": "another size",
}
WHOLE = {  # changes of a whole side, which words say better than the formula
    "left: sign": "the left side with the other sign",
    "right: sign": "the right side with the other sign",
    "left: factor 2": "twice the left side",
    "right: factor 2": "twice the right side",
    "left: factor 1 + 10^-12": "the left side times 1 + 10⁻¹²",
    "right: factor 1 + 10^-12": "the right side times 1 + 10⁻¹²",
}
UNEQUAL = {"=": "≠", "!=": "=", "<=": "≰", "<": "≮"}


def lies_of(entry: Entry, record: dict[str, Any]) -> list[dict[str, Any]]:
    """Each lie: the change, the formula where words do not say it, its fate and its witness."""
    return [_lie(entry, lie) for lie in record["lies"]]


def _lie(entry: Entry, lie: dict[str, Any]) -> dict[str, Any]:
    whole = WHOLE.get(lie["description"], "")
    witness = lie["witness"]
    operator = witness["operator"] if witness else ""
    return {
        "change": whole or _change(lie),
        "latex": "" if whole else changed_side(entry.statement["latex"], lie["latex"]),
        "state": _state(lie["status"]),
        "fate": _fate(lie),
        "witness": witness,
        "unequal": UNEQUAL.get(operator, ""),  # an "iff" fails as two sentences: the point alone is shown
    }


def _change(lie: dict[str, str]) -> str:
    if lie["kind"] == "hypothesis":
        return f"without the hypothesis “{lie['description'].partition(': ')[2]}”"
    return CHANGES.get(lie["kind"], lie["kind"])


def changed_side(true: str, false: str) -> str:
    """The lie without the left side that it shares with the truth."""
    left, equals, _ = true.partition(" = ")
    if equals and false.startswith(f"{left} = ") and not re.search(r"\\iff|\\le\b|\\text|<", true):
        return f"\\dots = {false.removeprefix(left + ' = ')}"
    return false


def _state(status: str) -> State:
    """A lie that is believed is the one thing that must not happen."""
    if status == "proved":
        return "fail"
    return "pass" if status == "refuted" else "open"


def _fate(lie: dict[str, Any]) -> str:
    if lie["status"] == "refuted":
        return f"refuted by {lie['method']}"
    return "believed" if lie["status"] == "proved" else "no judge believes it; no counterexample was found"
