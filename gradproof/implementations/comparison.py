"""One point compared: what was claimed beside what is right, with the tolerance of every entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradproof.implementations.verdicts import Failure, ImplementationVerdict, shown_shapes
from numeric.precision import FLOAT32, FLOAT64, Format, ulp

LEAST_POINTS = 8  # fewer compared points are no test
FORMATS = {
    "float64": FLOAT64,
    "float32": FLOAT32,
    "float16": Format("float16", 11, 2.0**-14, 65504.0),
    "bfloat16": Format("bfloat16", 8, 2.0**-126, 2.0**128 - 2.0**120),
}


@dataclass(frozen=True)
class Compared:
    """Arrays of one shape, in float64. ``tolerance`` is infinite where nothing can be told.

    ``scale`` is that of which an ulp is reported. ``sizes`` are what a factor may turn out to be made of. Only a point
    of ``given`` shapes can refute.
    """

    point: int  # which one: several gradients may be compared at one
    values: str
    ordinary: bool
    inputs: Mapping[str, Any]
    dtype: str
    quantity: str
    claimed: np.ndarray
    right: np.ndarray
    tolerance: np.ndarray
    scale: np.ndarray
    sizes: Mapping[str, int] = field(default_factory=dict)
    given: bool = True

    @property
    def told(self) -> np.ndarray:
        """The entries at which a difference would be seen."""
        return np.isfinite(self.tolerance) & np.isfinite(self.right)

    @property
    def error(self) -> np.ndarray:
        with np.errstate(invalid="ignore"):
            error = np.abs(self.claimed - self.right)
        return np.where(np.isfinite(self.claimed), error, np.inf)

    @property
    def wrong(self) -> np.ndarray:
        return self.told & (self.error > self.tolerance)

    @property
    def unit(self) -> np.ndarray:
        return ulp(self.scale, FORMATS[self.dtype])

    @property
    def share(self) -> float:
        """The largest error as a share of its tolerance."""
        shares = np.where(self.told, self.error, 0.0) / np.where(self.told, self.tolerance, 1.0)
        return float(shares.max(initial=0.0))

    @property
    def entries(self) -> int:
        return sum(np.size(value) for value in self.inputs.values())

    def failure(self) -> Failure:
        """The first wrong entry."""
        place = tuple(int(k) for k in np.argwhere(self.wrong)[0])
        unit = self.unit[place]
        return Failure(
            inputs=self.inputs,
            values=self.values,
            dtype=self.dtype,
            quantity=self.quantity,
            entry=place,
            claimed=float(self.claimed[place]),
            right=float(self.right[place]),
            error_ulp=float(self.error[place] / unit),
            allowed_ulp=float(self.tolerance[place] / unit),
        )


def verdict(
    compared: Sequence[Compared],
    skipped: Counter[str],
    says: Mapping[str, str],
    hints: Callable[[Sequence[Compared]], Iterable[str]],
    notes: Iterable[str] = (),
    least: int = LEAST_POINTS,
    elsewhere: Failure | None = None,
) -> ImplementationVerdict:
    """All points together. ``says`` words the claim for each status; ``elsewhere``: a wrong shape at other sizes."""
    told = [c for c in compared if c.told.any()]
    wrong = [c for c in told if c.wrong.any()]
    dtypes = tuple(dict.fromkeys(c.dtype for c in told))
    # the smallest failing shape, in the widest dtype, at ordinary values before extreme ones
    first = min(wrong, key=lambda c: (-FORMATS[c.dtype].bits, c.entries, not c.ordinary), default=None)
    failure = first.failure() if first else elsewhere
    refuted = any(c.given for c in wrong)
    agree = len({c.point for c in told if c.given or not failure})
    status = "refuted" if refuted else "untested" if agree < least else "shape-dependent" if failure else "consistent"
    return ImplementationVerdict(
        status=status,
        claim=says[status],
        points=len({c.point for c in told}),
        shapes=tuple(dict.fromkeys(shown_shapes(c.inputs) for c in told)),
        dtypes=dtypes,
        worst=max((c.share for c in told), default=None),
        skipped=dict(skipped),
        failure=failure,
        failed_points=len({c.point for c in wrong}),
        hints=tuple(hints(told)) if refuted else (),
        notes=tuple(notes),
    )


def wrong_shape(claim: str, failure: Failure, notes: Iterable[str]) -> ImplementationVerdict:
    """The verdict when the shape of a result is wrong already."""
    return ImplementationVerdict("refuted", claim, 0, failure=failure, failed_points=1, notes=tuple(notes))
