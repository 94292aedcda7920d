"""What a check says about a claim, as an object and as a record for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from derivations.language.errors import InvalidClaim
from derivations.proof.verdict import Verdict, Witness

EXIT_CODES = {"proved": 0, "refuted": 1, "invalid": 2}
INDECISIVE = 3


@dataclass(frozen=True)
class Source:
    """A claim as it was written."""

    states: str
    where: str = ""
    let: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class ClaimError:
    """Why a text is no claim: the place is in ``origin`` ("claim", "where" or "let"), counted from 1."""

    message: str
    line: int
    column: int
    origin: str = "claim"
    excerpt: str = ""
    pointer: int = 0

    @classmethod
    def of(cls, error: InvalidClaim) -> ClaimError:
        place = error.place
        return cls(error.message, place.line, place.column, place.origin, place.excerpt, place.pointer)


@dataclass(frozen=True)
class ClaimVerdict(Verdict):
    """A verdict on a claim.

    ``status`` is proved, refuted, consistent, unknown or invalid; ``hypotheses`` is all that was assumed beyond the
    declared types; ``advice`` what a refuted claim may have meant, or the constant with which it holds; ``snippet``
    PyTorch code that shows a refutation.
    """

    source: Source = Source("")
    error: ClaimError | None = None
    advice: tuple[str, ...] = ()
    snippet: str = ""

    def __bool__(self) -> bool:
        """Whether the claim is proved, so that ``assert gradproof.check(...)`` means what it says."""
        return self.proved

    @property
    def name(self) -> str:
        return self.source.name

    def record(self) -> dict[str, Any]:
        """The verdict as plain data, every field present, as ``--json`` prints it."""
        error = self.error
        return {
            "name": self.source.name,
            "status": self.status,
            "states": self.source.states,
            "where": self.source.where,
            "let": list(self.source.let),
            "method": self.method,
            "hypotheses": list(self.hypotheses),
            "trusted": list(self.trusted),
            "witness": self.witness and _witness_record(self.witness),
            "reason": self.reason,
            "points": self.points,
            "advice": list(self.advice),
            "snippet": self.snippet,
            "seconds": round(self.seconds, 4),
            "error": error and {name: getattr(error, name) for name in ClaimError.__dataclass_fields__},
        }

    @classmethod
    def from_record(cls, data: dict[str, Any]) -> ClaimVerdict:
        witness, error = data["witness"], data["error"]
        return cls(
            data["status"],
            data["method"],
            tuple(data["trusted"]),
            tuple(data["hypotheses"]),
            witness and _witness_of(witness),
            data["reason"],
            data["points"],
            data["seconds"],
            Source(data["states"], data["where"], tuple(data["let"]), data["name"]),
            error and ClaimError(**error),
            tuple(data["advice"]),
            data["snippet"],
        )

    def __str__(self) -> str:
        from gradproof.claims.report import lines

        return "\n".join(lines(self))


def exit_code(verdicts: list[ClaimVerdict]) -> int:
    """0 all proved, 1 any refuted, 2 any invalid, 3 otherwise."""
    statuses = {v.status for v in verdicts}
    if "refuted" in statuses:
        return EXIT_CODES["refuted"]
    if "invalid" in statuses:
        return EXIT_CODES["invalid"]
    return EXIT_CODES["proved"] if statuses <= {"proved"} else INDECISIVE


def _witness_record(witness: Witness) -> dict[str, Any]:
    values = {name: nested(text) for name, text in witness.values.items()}
    left, right = nested(witness.left), nested(witness.right)
    return {"values": values, "left": left, "operator": witness.operator, "right": right}


def _witness_of(data: dict[str, Any]) -> Witness:
    values = {name: _text_of(value) for name, value in data["values"].items()}
    return Witness(values, _text_of(data["left"]), _text_of(data["right"]), data["operator"])


def nested(text: str) -> Any:
    """``"[1, 1/2]"`` as ["1", "1/2"]: numbers stay text, so that they stay exact."""
    text = text.strip()
    if not text.startswith("["):
        return text
    parts, depth, start = [], 0, 1
    for position, c in enumerate(text):
        depth += (c == "[") - (c == "]")
        if (c == "," and depth == 1) or depth == 0:
            parts.append(nested(text[start:position]))
            start = position + 1
    return parts


def _text_of(value: Any) -> str:
    return f"[{', '.join(map(_text_of, value))}]" if isinstance(value, list) else value
