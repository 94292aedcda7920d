"""What is expected of an experiment, with numbers, so that it can fail.

    near("half_epoch", "epoch at which half of the loss is left", half_epoch, 33, within=0.5, basis="computed")
    at_most("first_slope", "...", slope, 0.05, basis="lecture", foreseen="differs")

A finding *holds* when what was measured lies in the expected interval, else it *differs*. Where a lecture says what a
run does not show, the finding is foreseen to differ, as an erratum is claimed to be refuted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from math import inf, isfinite
from typing import Any, Literal

import numpy as np

# Whose word it is: the slide's (where it gives no number, the bound is ours), a formula's, an earlier run's.
Basis = Literal["lecture", "theory", "computed"]
Status = Literal["holds", "differs"]


@dataclass(frozen=True)
class Data:
    """What a run measured: arrays by name, with the parameters that they were measured at."""

    parameters: Any
    arrays: Mapping[str, np.ndarray]

    def __getitem__(self, name: str) -> np.ndarray:
        return self.arrays[name]


Number = float | Callable[[Data], float]  # a number, or how it follows from the parameters


@dataclass(frozen=True)
class Finding:
    """One expectation after a run. ``measured`` is None where nothing was: a curve that never halves has no half."""

    name: str
    says: str
    basis: Basis
    measured: float | None
    expected: str
    status: Status
    foreseen: Status

    @property
    def as_foreseen(self) -> bool:
        return self.status == self.foreseen

    def record(self) -> dict[str, Any]:
        return {**asdict(self), "as_foreseen": self.as_foreseen}


@dataclass(frozen=True)
class Expectation:
    """A quantity of the data and the interval in which it is expected, ends included."""

    name: str
    says: str
    measure: Callable[[Data], float]
    low: Number
    high: Number
    basis: Basis
    foreseen: Status = "holds"
    within: float | None = None  # half the interval, where it is a value with a tolerance

    def judge(self, data: Data) -> Finding:
        low, high, measured = _at(self.low, data), _at(self.high, data), float(self.measure(data))
        status: Status = "holds" if low <= measured <= high else "differs"  # no number is in no interval
        found = measured if isfinite(measured) else None
        return Finding(self.name, self.says, self.basis, found, self._shown(low, high), status, self.foreseen)

    def _shown(self, low: float, high: float) -> str:
        if self.within is not None:
            return f"{(low + high) / 2:.6g}" + (f" ± {self.within:.2g}" if self.within else "")
        return f"at most {high:.6g}" if low == -inf else f"at least {low:.6g}"


def near(
    name: str,
    says: str,
    measure: Callable[[Data], float],
    value: Number,
    within: float,
    basis: Basis,
    foreseen: Status = "holds",
) -> Expectation:
    """Expected to be ``value``, give or take ``within``."""
    low, high = (lambda d: _at(value, d) - within), (lambda d: _at(value, d) + within)
    return Expectation(name, says, measure, low, high, basis, foreseen, within)


def at_most(
    name: str, says: str, measure: Callable[[Data], float], bound: Number, basis: Basis, foreseen: Status = "holds"
) -> Expectation:
    """Expected to be ``bound`` or less."""
    return Expectation(name, says, measure, -inf, bound, basis, foreseen)


def at_least(
    name: str, says: str, measure: Callable[[Data], float], bound: Number, basis: Basis, foreseen: Status = "holds"
) -> Expectation:
    """Expected to be ``bound`` or more."""
    return Expectation(name, says, measure, bound, inf, basis, foreseen)


def _at(number: Number, data: Data) -> float:
    return float(number(data)) if callable(number) else number
