"""What a theorem is not: the lies that were told of it, in words, and where each dies."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from gradproof.site.badges import NOT_RUN, State
from gradproof.site.entries import Entry
from gradproof.site.witnesses import outcome

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


def lies_of(entry: Entry, record: dict[str, Any]) -> list[dict[str, Any]]:
    """Each lie: the change, the formula where words do not say it, its fate and its witness."""
    return [_lie(entry, lie) for lie in record["lies"]]


def _lie(entry: Entry, lie: dict[str, Any]) -> dict[str, Any]:
    whole = WHOLE.get(lie["description"], "")
    witness = lie["witness"]
    return {
        "change": whole or _change(lie),
        "latex": "" if whole else changed_side(entry.statement["latex"], lie["latex"]),
        "state": _state(lie["status"]),
        "fate": _fate(lie),
        "witness": witness,
        "outcome": outcome(witness) if witness else "",
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


def kill_rate(told: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Of the lies told: how many were refuted, how many merely not believed, how many believed."""
    by_status = Counter(lie["status"] for lie in told)
    refuted, believed = by_status["refuted"], by_status["proved"]
    return {
        "told": len(told),
        "refuted": refuted,
        "open": len(told) - refuted - believed,
        "believed": believed,
        "rate": f"{_floored(refuted, len(told))} %" if told else NOT_RUN,
    }


def _floored(part: int, whole: int) -> str:
    """Percent to one decimal, rounded down: 100 only for all of them."""
    tenths = 1000 * part // whole
    return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)


def undecided(rate: dict[str, Any]) -> str:
    """What became of the lies that were not refuted; empty if there are none."""
    still = f", {rate['open']} not refuted and not believed" if rate["open"] else ""
    return f"{still}, {rate['believed']} believed" if rate["believed"] else still
