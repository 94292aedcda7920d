"""What is said of an implementation: consistent, refuted with the first failure, or untested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

Status = Literal["consistent", "shape-dependent", "refuted", "untested"]
MOST_SHAPES = 6
SHOWN = 24  # entries of an input that are printed; more are abridged


class ImplementationRefuted(AssertionError):
    """An implementation that did not pass; the message is the verdict."""


@dataclass(frozen=True)
class Failure:
    """One point at which the implementation is wrong.

    ``entry``, ``claimed``, ``right`` and the errors are None when the shape is wrong already. Errors are in units in
    the last place: of the right value for a gradient (of the largest one where it is 0), of the natural scale
    (``numeric.precision``) for a theorem.
    """

    inputs: Mapping[str, Any]
    values: str  # where the inputs come from: "random values"
    dtype: str
    quantity: str  # what is compared: "the gradient by x"
    entry: tuple[int, ...] | None = None
    claimed: float | None = None
    right: float | None = None
    error_ulp: float | None = None
    allowed_ulp: float | None = None
    message: str = ""  # instead of an entry: a wrong shape

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        return {name: np.shape(value) for name, value in self.inputs.items()}

    def lines(self) -> list[str]:
        lines = [f"first failing shape: {shown_shapes(self.inputs)}   ({self.dtype}, {self.values})"]
        lines += [
            f"  {name} = {_array(value, self.dtype, len(name) + 7)}"
            for name, value in self.inputs.items()
            if not isinstance(value, int)
        ]
        if self.entry is None:
            return [*lines, self.message]
        place = f"entry {list(self.entry)} of {self.quantity}" if self.entry else self.quantity
        lines.append(f"{place}: claimed {_number(self.claimed, self.dtype)}, right {_number(self.right)}")
        if self.error_ulp is not None and np.isfinite(self.error_ulp):
            lines.append(f"error {self.error_ulp:.3g} ulp, where {self.allowed_ulp:.3g} are allowed")
        return lines


@dataclass(frozen=True)
class ImplementationVerdict:
    """``status`` with its evidence; true only when "consistent". Points tried prove nothing, so it is never "proved".

    "shape-dependent": all points of the shapes given agree, some of other shapes do not. Either the sizes are linked
    and the other shapes make no sense, or the implementation is right for some sizes only: no refutation, and no pass.

    ``points`` is how many points were compared, ``skipped`` how many could not be, by reason; ``worst`` the largest
    error as a share of its tolerance; ``hints`` what the failures have in common; ``notes`` the conventions under which
    the comparison was made.
    """

    status: Status
    claim: str
    points: int
    shapes: tuple[str, ...] = ()
    dtypes: tuple[str, ...] = ()
    worst: float | None = None
    skipped: Mapping[str, int] = field(default_factory=dict)
    failure: Failure | None = None
    failed_points: int = 0
    hints: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.status == "consistent"

    def __str__(self) -> str:
        lines = [f"{self.status}: {self.claim}"]
        if self.failure:
            lines += [f"  {line}" for line in self.failure.lines()]
            lines += [f"  hint: {hint}" for hint in self.hints]
        extent = [self._extent()] if self.points else []
        lines += [f"  {line}" for line in (*extent, *self.notes)]
        return "\n".join(lines)

    def _extent(self) -> str:
        """How much was compared: ``52 points compared, 3 fail; float64; shapes ...``"""
        parts = [f"{_count(self.points, 'point')} compared"]
        if self.failed_points:
            parts[0] += f", {self.failed_points} {'fails' if self.failed_points == 1 else 'fail'}"
        if self.status == "consistent" and self.worst is not None:
            parts[0] += f", largest error {self.worst:.2g} of the tolerance"
        shapes = self.shapes if len(self.shapes) <= MOST_SHAPES else (*self.shapes[:MOST_SHAPES], "...")
        parts += [f"{', '.join(self.dtypes)}; {' | '.join(shapes)}"] if shapes else []
        parts += [f"{count} not compared: {reason}" for reason, count in self.skipped.items()]
        return "; ".join(parts)

    def raise_for_failure(self) -> None:
        """Raises ImplementationRefuted, an AssertionError, unless the implementation is consistent."""
        __tracebackhide__ = True
        if not self:
            raise ImplementationRefuted(str(self))


def shown_shapes(inputs: Mapping[str, Any]) -> str:
    """``x (2, 3), t = 4``"""
    parts = [f"{name} = {v}" if isinstance(v, int) else f"{name} {np.shape(v)}" for name, v in inputs.items()]
    return ", ".join(parts) or "no arguments"


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"


def _number(value: Any, dtype: str = "float64") -> str:
    """As few digits as tell the number from its neighbours in the dtype."""
    if value is None:
        return "none"
    return str(np.float32(value)) if dtype != "float64" else repr(float(value))


def _array(value: Any, dtype: str, indent: int) -> str:
    array = np.asarray(value)
    if array.dtype.kind != "f":
        return str(value)
    shown: Any = {"float_kind": lambda x: _number(x, dtype)}
    return np.array2string(array, threshold=SHOWN, formatter=shown, separator=", ", prefix=" " * indent)
