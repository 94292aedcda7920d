"""The closed form against autograd of the definition, against truth, and against PyTorch's own operator.

    autograd        left side (its derivatives by torch.func)  =  right side, both in floating point
    Arb, 200 bits   the closed form in floating point          =  the closed form in 200-bit arithmetic
    torch.softmax   the closed form in floating point          =  PyTorch's implementation (``numeric.oracles``)

A tolerance is the running error bound of what is compared (``numeric.precision``), times a factor for what the bound
does not see: ``SAME_GRAPH`` and ``OTHER_GRAPH``. A point counts only when its tolerance is at most ``INFORMATIVE`` of
the natural scale, so that a pass always confirms digits; with too few such points the check says "not run".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import sympy as sp
import torch

from derivations.calculus.substitution import named_objects
from derivations.calculus.symbols import CalculusError, Size, Tensor
from derivations.proof.statement import And, Hypothesis, Iff, Relation, Statement, expressions
from numeric.kernels import TorchKernel
from numeric.lowering import Lowered, LoweringError, ShapeError, free_indices, lower
from numeric.precision import FORMATS, Bounded, BoundedKernel, ulp
from numeric.sampling import Sample, SamplingError, first_entries, sample
from numeric.truth import TruthKernel

# the bound is evaluated in floating point itself, and the stable forms round elsewhere than the form as it is written
SAME_GRAPH = 2.0
# reverse mode makes at most 4 or 5 operations for one of the forward graph (Griewank and Walther, 2008, section 4.6)
OTHER_GRAPH = 8.0
INFORMATIVE = 2.0**-8
SIZES = (1, 2, 5)
TRUTH_POINTS = 24  # 200-bit arithmetic is slow: a part of the batch

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


def missing_device(device: str) -> str:
    """Why nothing can run on the device; empty when it can."""
    kind = device.split(":")[0]
    if kind == "cpu":
        return ""
    if kind != "cuda":
        return f"the device {device!r} is not supported"
    return "" if torch.cuda.is_available() else "this machine has no CUDA device"


def check(
    statement: Statement,
    hypotheses: Iterable[Hypothesis | Relation] = (),
    sizes: Sequence[int] = SIZES,
    count: int = 1000,
    dtype: str = "float64",
    device: str = "cpu",
    seed: int = 0,
    oracle: Any = None,
) -> list[Check]:
    """Every comparison of a statement at every size.

    ``sizes`` are values for its sizes, which take them in turn, so that two sizes differ. ``oracle`` is one of
    ``numeric.oracles``. What cannot run is in the list as "not run", with the reason.
    """
    if dtype not in FORMATS:
        raise ValueError(f"dtype {dtype!r}: choose one of {', '.join(FORMATS)}")
    setting = Setting(dtype, device, count, seed)
    if reason := missing_device(device):
        return [setting.not_run("autograd", "", reason)]
    checks: list[Check] = []
    hypotheses = tuple(hypotheses)
    for part in statement.parts if isinstance(statement, And) else (statement,):
        comparison = Comparison(part, hypotheses, setting, oracle)
        for assignment in assignments(comparison.sizes, sizes):
            checks += comparison.checks(assignment)
    return checks


def assignments(symbols: Sequence[Size], values: Sequence[int]) -> list[dict[Size, int]]:
    """One value for every size, as many times as there are values; every size takes each of them once."""
    if not symbols:
        return [{}]
    turns = range(len(values))
    return [
        {s: max(values[(turn + place) % len(values)], s.minimum) for place, s in enumerate(symbols)} for turn in turns
    ]


def _shown(sizes: Mapping[Size, int]) -> str:
    return ", ".join(f"{size} = {value}" for size, value in sizes.items())


class Comparison:
    """One relation (an Iff is read from right to left: under its right side the left one holds), lowered once."""

    def __init__(self, part: Relation | Iff, hypotheses: Sequence[Hypothesis | Relation], setting: Setting, oracle):
        self.hypotheses = (*hypotheses, part.right) if isinstance(part, Iff) else tuple(hypotheses)
        self.relation = first_entries(part.left if isinstance(part, Iff) else part)
        self.setting, self.oracle = setting, oracle
        both = (self.relation.left, self.relation.right)
        self.axes = tuple(sorted(free_indices(both[0]) | free_indices(both[1]), key=lambda k: k.name))
        self.sizes = _sizes_in((*both, *self.axes), self.hypotheses)
        self.error = ""
        try:
            self.left, self.right = (lower(side, axes=self.axes) for side in both)
            # as it is written, without 1 - s(x) = s(-x): the bound must cover a graph that does cancel
            self.plain = tuple(lower(side, axes=self.axes, cancellations=False) for side in both)
        except (LoweringError, CalculusError) as error:
            self.error = str(error)

    @property
    def name(self) -> str:
        if self.relation.operator != "=":
            return "both sides"
        return "autograd" if self.left.differentiates or self.right.differentiates else "definition"

    def checks(self, sizes: Mapping[Size, int]) -> Iterator[Check] | list[Check]:
        shown = _shown(sizes)
        if self.error:
            return [self.setting.not_run("autograd", shown, self.error)]
        try:
            return list(self._run(sizes, shown))
        except (LoweringError, ShapeError, SamplingError) as error:
            return [self.setting.not_run(self.name, shown, str(error))]

    def _run(self, sizes: Mapping[Size, int], shown: str) -> Iterator[Check]:
        arguments = tuple(dict.fromkeys((*self.left.arguments, *self.right.arguments)))
        # without arguments there is a single point
        count = self.setting.count if arguments else 1
        points = sample(arguments, self.hypotheses, sizes, count, self.setting.seed, self.setting.dtype)
        left, right = (self._float_value(side, points, sizes) for side in (self.left, self.right))
        bound_left, bound_right = (self._bound(side, points, sizes) for side in self.plain)
        if self.relation.operator != "=":
            yield self._inequality(shown, left, right, bound_left, bound_right)
            return
        yield self._equality(self.name, shown, left, right, bound_left, bound_right)
        if self.right.arguments:
            yield self._against_truth(shown, points, sizes, self.plain[1], right, bound_right)
        elif self.left.arguments:  # the closed form is a constant: what is computed is the left side
            yield self._against_truth(shown, points, sizes, self.plain[0], left, bound_left)
        if self.oracle is not None:
            yield self._against_oracle(shown, points, sizes, right, bound_left, bound_right)

    # ---- the values -----------------------------------------------------------------------------------------------

    def _float_value(self, side: Lowered, points: Sample, sizes) -> np.ndarray:
        """The side in the dtype, on the device: shape ``(count, *extents)``, held as float64."""
        return _on_batch(self._evaluate(side, self.setting.kernel, points, sizes).detach().cpu().double().numpy(), side)

    def _bound(self, side: Lowered, points: Sample, sizes) -> Bounded:
        bound = self._evaluate(side, BoundedKernel(FORMATS[self.setting.dtype]), points, sizes)
        return bound.map(lambda part: _on_batch(part, side))

    def _evaluate(self, side: Lowered, kernel, points: Sample, sizes):
        known = {size: sizes[size] for size in side.sizes}
        return side.evaluate(kernel, {a.name: points[a.name] for a in side.arguments}, known)

    # ---- the comparisons ------------------------------------------------------------------------------------------

    def _equality(self, name: str, shown: str, left, right, bound_left: Bounded, bound_right: Bounded) -> Check:
        tolerance = OTHER_GRAPH * (bound_left.error + bound_right.error)
        scale = np.maximum(bound_left.scale, bound_right.scale)
        return self._verdict(name, shown, _distance(left, right), tolerance, scale)

    def _against_truth(self, shown, points: Sample, sizes, side: Lowered, value: np.ndarray, bound: Bounded) -> Check:
        """A side in floating point against the same in 200 bits, at the first points."""
        kernel, few = TruthKernel(), slice(TRUTH_POINTS)
        with kernel.precision():
            some = {name: array[few] for name, array in points.items()}
            exact = _on_batch(self._evaluate(side, kernel, some, sizes), side)
            error = kernel.error(value[few], exact)
        part = bound[few]
        return self._verdict(kernel.name, shown, error, SAME_GRAPH * part.error, part.scale)

    def _against_oracle(self, shown, points: Sample, sizes, right, bound_left: Bounded, bound_right: Bounded) -> Check:
        kernel = self.setting.kernel
        given: dict[str, Any] = {name: kernel.lift(array) for name, array in points.items()}
        given |= {size.name: value for size, value in sizes.items()}
        try:
            value = self.oracle(given)
        except NotImplementedError as reason:
            return self.setting.not_run(self.oracle.names, shown, str(reason))
        native = value.detach().cpu().double().numpy()
        part = slice(len(native))
        right = np.broadcast_to(right, (self.setting.count, *right.shape[1:]))[part]
        bound_left, bound_right = (b if b.shape[0] == 1 else b[part] for b in (bound_left, bound_right))
        if native.shape != right.shape:
            return self.setting.not_run(
                self.oracle.names, shown, f"the oracle has shape {native.shape}, the closed form {right.shape}"
            )
        return self._equality(self.oracle.names, shown, native, right, bound_left, bound_right)

    def _inequality(self, shown: str, left, right, bound_left: Bounded, bound_right: Bounded) -> Check:
        """How far the relation is violated; up to the error bound nothing is said against it."""
        tolerance = SAME_GRAPH * (bound_left.error + bound_right.error)
        scale = np.maximum(bound_left.scale, bound_right.scale)
        if self.relation.operator == "!=":
            close = np.abs(left - right) <= tolerance
            if close.any():
                return self.setting.not_run("both sides", shown, f"{close.sum()} values are too close to tell apart")
            return self._verdict("both sides", shown, np.zeros_like(left), tolerance, scale)
        finite = np.isfinite(left) & np.isfinite(right)
        violation = np.where(finite, np.maximum(left - right, 0.0), np.inf)
        return self._verdict("both sides", shown, violation, tolerance, scale)

    def _verdict(self, name: str, shown: str, error: np.ndarray, tolerance: np.ndarray, scale: np.ndarray) -> Check:
        setting, form = self.setting, FORMATS[self.setting.dtype]
        error, tolerance, scale = np.broadcast_arrays(error, tolerance, scale)
        if not error.size:
            return setting.not_run(name, shown, "there are no entries at this size")
        informative = np.isfinite(tolerance) & (tolerance <= INFORMATIVE * np.maximum(scale, form.tiny / form.unit))
        points = int(informative.reshape(len(error), -1).any(1).sum())
        if 2 * informative.sum() < informative.size:
            share = f"{int(informative.sum())} of {informative.size}"
            return setting.not_run(name, shown, f"only {share} values have an error bound small enough to tell")
        unit = ulp(scale, form)
        errors = np.where(informative, error, -1.0) / unit
        ratio_to = np.where(informative, np.maximum(tolerance, form.tiny * form.unit), 1.0)
        excess = np.where(informative, error, -1.0) / ratio_to
        failed = bool((excess > 1).any())
        place = np.unravel_index(np.argmax(excess if failed else errors), errors.shape)
        detail = f"{int((excess > 1).sum())} of {error.size} values differ by more than the tolerance" if failed else ""
        return Check(
            name, setting.dtype, setting.device, shown, points, float(errors[place]),
            float((tolerance / unit)[place]), "fail" if failed else "pass", detail,
        )  # fmt: skip


def _distance(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """``|a - b|``; infinite where a value is not finite, unless both are the same infinity or both undefined."""
    with np.errstate(invalid="ignore"):
        distance = np.abs(a - b)
    return np.where(np.isfinite(distance), distance, np.inf)


def _on_batch(value, side: Lowered):
    """A value with a batch axis: of length 1 when the side has no arguments."""
    return value if side.arguments else value[None]


def _sizes_in(expressions_: Iterable[sp.Basic], hypotheses: Iterable[Hypothesis | Relation]) -> tuple[Size, ...]:
    """Every size that a comparison needs a value for, by name."""
    relations = [h.relation if isinstance(h, Hypothesis) else h for h in hypotheses]
    whole = [*expressions_, *(side for r in relations for side in expressions(r))]
    whole += [end for e in whole for k in free_indices(e) for end in (k.low, k.high)]
    found = {s for e in whole for s in named_objects(e)}
    axes = {end for t in found if isinstance(t, Tensor) for axis in t.axes for end in axis}
    found |= {s for end in axes for s in end.free_symbols}
    return tuple(sorted((s for s in found if isinstance(s, Size)), key=lambda s: s.name))
