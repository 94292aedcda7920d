"""What surrounds a sub-expression while it is evaluated, and the ways in which evaluation can end without a value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from derivations.calculus.symbols import Index, Scalar, Tensor
from derivations.judges.ball.arithmetic import ONE, Dual, Number
from derivations.judges.ball.footprints import Held

Target = Scalar | Tensor | Held


class NotEvaluable(Exception):
    """The expression has no value that this judge can compute at this point; the message says why."""


class OutOfTime(Exception):
    """The time given to the judge is used up."""


class Perturbation(NamedTuple):
    """One derivative being taken: ``target`` at ``subscripts`` moves by e_tag."""

    target: Target
    subscripts: tuple[int, ...]
    tag: int


def perturbed(base: Number, target: Target, at: tuple[int, ...], perturbations: Iterable[Perturbation]) -> Number:
    """``base``, moved by every derivative that is taken by ``target`` at these subscripts."""
    for p in perturbations:
        if p.target == target and p.subscripts == at:
            base = Dual(base, ONE, p.tag)
    return base


@dataclass(frozen=True)
class Scope:
    """Values of indices, derivatives being taken, the outcome of the experiment."""

    indices: Mapping[Index, int] = field(default_factory=dict)
    previous: Mapping[Scalar, Number] = field(default_factory=dict)  # m[t-1] inside the step of a recurrence
    perturbations: tuple[Perturbation, ...] = ()  # outermost first, tags rising
    outcome: int | None = None
    depth: int = 0  # the largest tag ever used around here; never falls, so no two perturbations are confused

    def bind(self, k: Index, value: int) -> Scope:
        return replace(self, indices={**self.indices, k: value})
