"""A comparison of arrays as a record: errors in ulps against a computed tolerance.

A point counts only when its tolerance is at most ``INFORMATIVE`` of the natural scale, so that a pass always confirms
digits; with fewer than half of the values that informative, the check says "not run".
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import torch

from numeric.kernels import TorchKernel
from numeric.precision import FORMATS, Format, ulp

INFORMATIVE = 2.0**-8

CheckStatus = Literal["pass", "fail", "not run"]


@dataclass(frozen=True)
class Check:
    """One comparison at one size. Errors are in ulps of the natural scale (``numeric.precision``).

    ``worst_ulp`` is the largest error at the points that count, ``tolerance_ulp`` the tolerance at that place; for a
    failure, at the place where the error exceeds it most. ``points`` is how many points counted.
    """

    oracle: str
    dtype: str
    device: str
    size: str
    points: int
    worst_ulp: float | None
    tolerance_ulp: float | None
    status: CheckStatus
    detail: str = ""

    @property
    def passed(self) -> bool:
        return self.status == "pass"

    def record(self) -> dict[str, Any]:
        """The check as plain data, for ``--json``; infinite errors as text, which JSON has."""
        data = asdict(self)
        for key in ("worst_ulp", "tolerance_ulp"):
            value = data[key]
            data[key] = value if value is None or np.isfinite(value) else str(value)
        return data


@dataclass(frozen=True)
class Setting:
    """Where and how a check runs."""

    dtype: str = "float64"
    device: str = "cpu"
    count: int = 1000
    seed: int = 0

    @property
    def kernel(self) -> TorchKernel:
        return TorchKernel(getattr(torch, self.dtype), self.device)

    def not_run(self, oracle: str, size: str, reason: str) -> Check:
        return Check(oracle, self.dtype, self.device, size, 0, None, None, "not run", reason)

    def failed(self, oracle: str, size: str, reason: str) -> Check:
        """A comparison that could not be made by a fault of ours."""
        return Check(oracle, self.dtype, self.device, size, 0, None, None, "fail", reason)

    def verdict(self, oracle: str, size: str, error: np.ndarray, tolerance: np.ndarray, scale: np.ndarray) -> Check:
        """Pass when no informative value is farther off than its tolerance. The batch is the first axis."""
        form = FORMATS[self.dtype]
        error, tolerance, scale = np.broadcast_arrays(error, tolerance, scale)
        if not error.size:
            return self.not_run(oracle, size, "there are no entries at this size")
        informative = _informative(tolerance, scale, form)
        if 2 * informative.sum() < informative.size:
            share = f"{int(informative.sum())} of {informative.size}"
            return self.not_run(oracle, size, f"only {share} values have an error bound small enough to tell")
        errors = np.where(informative, error, -1.0) / ulp(scale, form)
        # without rounding the tolerance is 0, and then nothing but equality passes
        excess = np.where(informative, error, -1.0) / np.where(informative, np.maximum(tolerance, form.tiny), 1.0)
        failed = int((excess > 1).sum())
        place = np.unravel_index(np.argmax(excess if failed else errors), errors.shape)
        return Check(
            oracle,
            self.dtype,
            self.device,
            size,
            points=int(informative.reshape(len(error), -1).any(1).sum()),
            worst_ulp=float(errors[place]),
            tolerance_ulp=float((tolerance / ulp(scale, form))[place]),
            status="fail" if failed else "pass",
            detail=f"{failed} of {error.size} values differ by more than the tolerance" if failed else "",
        )


def _informative(tolerance: np.ndarray, scale: np.ndarray, form: Format) -> np.ndarray:
    """Where the tolerance leaves digits; next to the least normal number, digits of that are enough."""
    return np.isfinite(tolerance) & (tolerance <= INFORMATIVE * np.maximum(scale, form.tiny / form.unit))


def missing_device(device: str) -> str:
    """Why nothing can run on the device; empty when it can."""
    kind = device.split(":")[0]
    if kind == "cpu":
        return ""
    if kind != "cuda":
        return f"the device {device!r} is not supported"
    return "" if torch.cuda.is_available() else "this machine has no CUDA device"


def distance(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """``|a - b|``; infinite where a value is not finite, so that it fails."""
    with np.errstate(invalid="ignore"):
        difference = np.abs(a - b)
    return np.where(np.isfinite(difference), difference, np.inf)


def apart(a: np.ndarray, b: np.ndarray, tolerance: np.ndarray) -> np.ndarray:
    """Where two finite values differ by more than a finite tolerance."""
    difference = distance(a, b)
    return np.isfinite(difference) & (difference > tolerance)
