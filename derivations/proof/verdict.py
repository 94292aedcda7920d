"""What a judge says, and on what it rests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["proved", "refuted", "consistent", "unknown", "untested", "invalid"]


@dataclass(frozen=True)
class Witness:
    """A point at which a statement fails: exact values, and what both sides are there.

    Attributes:
        values: by name, as text: "2", "[1/3, -2]".
        left: the left side there, exact where it is rational.
        right: the right side.
        operator: the one that fails.
    """

    values: dict[str, str]  # "n" -> "2", "z" -> "[1/3, -2]"
    left: str
    right: str
    operator: str = "="

    def __str__(self) -> str:
        where = ", ".join(f"{name} = {value}" for name, value in self.values.items())
        return f"{where}: {self.left} {'≠' if self.operator == '=' else f'not {self.operator}'} {self.right}"


@dataclass(frozen=True)
class Verdict:
    """``proved`` is for all admissible inputs; ``consistent`` only sampled; ``untested`` found too few points.

    Attributes:
        status: "proved", "refuted", "consistent", "unknown", "untested", or "invalid" for a text that states nothing.
        method: what decided.
        trusted: on what that rests.
        hypotheses: what it needs beside the stated ones.
        witness: the point at which a refuted statement fails.
        reason: why nothing decided it.
        points: admissible points that were tried.
        seconds: how long it took.
    """

    status: Status
    method: str
    trusted: tuple[str, ...] = ()
    hypotheses: tuple[str, ...] = ()
    witness: Witness | None = None
    reason: str = ""
    points: int = 0  # admissible points tried, for a sampling judge
    seconds: float = field(default=0.0, compare=False)

    @property
    def proved(self) -> bool:
        return self.status == "proved"

    @property
    def refuted(self) -> bool:
        return self.status == "refuted"

    def record(self) -> dict[str, Any]:
        """The verdict as plain data, for ``--json``."""
        data: dict[str, Any] = {
            "status": self.status,
            "method": self.method,
            "trusted": list(self.trusted),
            "seconds": round(self.seconds, 4),
        }
        if self.hypotheses:
            data["hypotheses"] = list(self.hypotheses)
        if self.witness:
            data["witness"] = {
                "values": self.witness.values,
                "left": self.witness.left,
                "operator": self.witness.operator,
                "right": self.witness.right,
            }
        if self.reason:
            data["reason"] = self.reason
        if self.points:
            data["points"] = self.points
        return data
