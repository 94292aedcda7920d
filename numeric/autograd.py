"""The closed form against autograd of the definition, against truth, and against PyTorch's own operator.

    autograd        left side (its derivatives by torch.func)  =  right side, both in floating point
    Arb, 200 bits   the closed form in floating point          =  the closed form in 200-bit arithmetic
    torch.softmax   the closed form in floating point          =  PyTorch's implementation (``numeric.oracles``)
    limit           the sequence far out                       =  its limit (:class:`LimitComparison`)

A tolerance is the running error bound of what is compared (``numeric.precision``), times a factor for what the bound
does not see: ``SAME_GRAPH`` and ``OTHER_GRAPH``. What counts as a pass is in ``numeric.checks``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from derivations.calculus.operators import Limit
from derivations.calculus.substitution import named_objects
from derivations.calculus.symbols import CalculusError, Size, Tensor
from derivations.proof.statement import And, Eq, Hypothesis, Iff, Relation, Statement, expressions
from numeric.checks import Check, Setting, apart, distance, missing_device
from numeric.lowering import Lowered, LoweringError, ShapeError, free_indices, lower
from numeric.oracles import OracleError
from numeric.precision import FORMATS, Bounded, BoundedKernel
from numeric.sampling import Sample, SamplingError, first_entries, sample
from numeric.truth import TruthKernel

# the bound is evaluated in floating point itself, and the stable forms round elsewhere than the form as it is written
SAME_GRAPH = 2.0
# reverse mode makes at most 4 or 5 operations for each of the forward graph (the cheap gradient principle of Griewank
# and Walther), and PyTorch's operators are graphs of their own; the bound knows the roundings of our graph only
OTHER_GRAPH = 8.0
SIZES = (1, 2, 5)
CONVERSE_SHARE = 0.9  # of an Iff: how often the left side must be seen to fail away from the right one
FAR = 256  # a sequence is followed to its limit over this many steps, twice and four times as many
SHRINKS = 0.6
TRUTH_POINTS = 24  # 200-bit arithmetic is slow: a part of the batch


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

    What cannot run is in the list as "not run", with the reason.

    Args:
        statement: relations of the calculus.
        hypotheses: what the sampled points must satisfy.
        sizes: values for its sizes, which take them in turn, so that two sizes differ.
        count: random points a check.
        dtype: "float64", "float32" or another format of ``numeric.precision``.
        device: "cpu", "cuda" or "cuda:N".
        seed: of the random points.
        oracle: one of ``numeric.oracles``, or None.

    Raises:
        ValueError: another dtype.
    """
    if dtype not in FORMATS:
        raise ValueError(f"dtype {dtype!r}: choose one of {', '.join(FORMATS)}")
    setting = Setting(dtype, device, count, seed)
    if reason := missing_device(device):
        return [setting.not_run("autograd", "", reason)]
    checks: list[Check] = []
    hypotheses = tuple(hypotheses)
    for part in statement.parts if isinstance(statement, And) else (statement,):
        kind = LimitComparison if limit_in(part) else Comparison
        comparisons: list[Comparison] = [kind(part, hypotheses, setting, oracle)]
        if isinstance(part, Iff):
            comparisons.append(Converse(part.left, hypotheses, setting, None))
        for comparison in comparisons:
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


@dataclass(frozen=True)
class Sides:
    """Both sides at the sampled points in floating point, shape ``(count, *extents)``, with their error bounds."""

    points: Sample
    sizes: Mapping[Size, int]
    left: np.ndarray
    right: np.ndarray
    bound_left: Bounded
    bound_right: Bounded

    @property
    def error(self) -> np.ndarray:
        return self.bound_left.error + self.bound_right.error

    @property
    def scale(self) -> np.ndarray:
        return np.maximum(self.bound_left.scale, self.bound_right.scale)


class Comparison:
    """One relation, lowered once. Of an Iff: that its left side holds under its right one.

    The converse is in :class:`Converse`.
    """

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

    def checks(self, sizes: Mapping[Size, int]) -> list[Check]:
        shown = ", ".join(f"{size} = {value}" for size, value in sizes.items())
        if self.error:
            return [self.setting.not_run("definition", shown, self.error)]
        try:
            return list(self._compare(shown, self._sides(sizes)))
        except (LoweringError, ShapeError, SamplingError) as error:
            return [self.setting.not_run(self.name, shown, str(error))]

    def _compare(self, shown: str, sides: Sides) -> Iterator[Check]:
        if self.relation.operator != "=":
            yield self._inequality(shown, sides)
            return
        error, scale = OTHER_GRAPH * sides.error, sides.scale
        yield self.setting.verdict(self.name, shown, distance(sides.left, sides.right), error, scale)
        if self.right.arguments:
            yield self._against_truth(shown, sides, self.plain[1], sides.right, sides.bound_right)
        elif self.left.arguments:  # the closed form is a constant: what is computed is the left side
            yield self._against_truth(shown, sides, self.plain[0], sides.left, sides.bound_left)
        if self.oracle is not None:
            yield self._against_oracle(shown, sides)

    # ---- the values -----------------------------------------------------------------------------------------------

    def _sides(self, sizes: Mapping[Size, int]) -> Sides:
        arguments = tuple(dict.fromkeys((*self.left.arguments, *self.right.arguments)))
        count = self.setting.count if arguments else 1  # without arguments there is a single point
        points = sample(arguments, self.hypotheses, sizes, count, self.setting.seed, self.setting.dtype)
        left, right = (self._float_value(side, points, sizes) for side in (self.left, self.right))
        bound_left, bound_right = (self._bound(side, points, sizes) for side in self.plain)
        return Sides(points, sizes, left, right, bound_left, bound_right)

    def _float_value(self, side: Lowered, points: Sample, sizes) -> np.ndarray:
        """The side in the dtype, on the device: shape ``(count, *extents)``, held as float64."""
        return _on_batch(self._evaluate(side, self.setting.kernel, points, sizes).detach().cpu().double().numpy(), side)

    def _bound(self, side: Lowered, points: Sample, sizes) -> Bounded:
        bound = self._evaluate(side, BoundedKernel(FORMATS[self.setting.dtype]), points, sizes)
        return bound.map(lambda part: _on_batch(part, side))

    def _evaluate(self, side: Lowered, kernel, points: Sample, sizes) -> Any:
        known = {size: sizes[size] for size in side.sizes}
        return side.evaluate(kernel, {a.name: points[a.name] for a in side.arguments}, known)

    # ---- the comparisons ------------------------------------------------------------------------------------------

    def _against_truth(self, shown: str, sides: Sides, side: Lowered, value: np.ndarray, bound: Bounded) -> Check:
        """A side in floating point against the same in 200 bits, at the first points."""
        kernel, few = TruthKernel(), slice(TRUTH_POINTS)
        with kernel.precision():
            some = {name: array[few] for name, array in sides.points.items()}
            exact = _on_batch(self._evaluate(side, kernel, some, sides.sizes), side)
            error = kernel.error(value[few], exact)
        part = bound[few]
        return self.setting.verdict(kernel.name, shown, error, SAME_GRAPH * part.error, part.scale)

    def _against_oracle(self, shown: str, sides: Sides) -> Check:
        """The closed form against PyTorch's operator, which may look at the first points only."""
        kernel = self.setting.kernel
        given: dict[str, Any] = {name: kernel.lift(array) for name, array in sides.points.items()}
        given |= {size.name: value for size, value in sides.sizes.items()}
        try:
            native = self.oracle(given).detach().cpu().double().numpy()
        except NotImplementedError as reason:
            return self.setting.not_run(self.oracle.names, shown, str(reason))
        except OracleError as reason:
            return self.setting.failed(self.oracle.names, shown, str(reason))
        full = np.broadcast_shapes(sides.left.shape, sides.right.shape)
        right, error, scale = (
            np.broadcast_to(a, full)[: len(native)] for a in (sides.right, OTHER_GRAPH * sides.error, sides.scale)
        )
        if native.shape != right.shape:
            reason = f"the oracle has shape {native.shape}, the closed form {right.shape}"
            return self.setting.failed(self.oracle.names, shown, reason)
        return self.setting.verdict(self.oracle.names, shown, distance(native, right), error, scale)

    def _inequality(self, shown: str, sides: Sides) -> Check:
        """How far the relation is violated; up to the error bound nothing is said against it."""
        tolerance = SAME_GRAPH * sides.error
        if self.relation.operator == "!=":
            close = ~apart(sides.left, sides.right, tolerance)
            if close.any():
                return self.setting.not_run(self.name, shown, f"{close.sum()} values are too close to tell apart")
            return self.setting.verdict(self.name, shown, np.zeros_like(tolerance), tolerance, sides.scale)
        if self.relation.operator == "<" and not apart(sides.left, sides.right, tolerance).any():
            return self.setting.not_run(self.name, shown, "no point shows the two sides apart")
        gap = distance(sides.left, sides.right)
        violation = np.where(np.isfinite(gap) & (sides.left <= sides.right), 0.0, gap)
        return self.setting.verdict(self.name, shown, violation, tolerance, sides.scale)


class Converse(Comparison):
    """Of an Iff: that its left side does not hold at points at large, where its right side fails."""

    @property
    def name(self) -> str:
        return "converse"

    def _compare(self, shown: str, sides: Sides) -> Iterator[Check]:
        if self.relation.operator != "=":
            yield self.setting.not_run(self.name, shown, "only the converse of an equality shows in floats")
            return
        differs = apart(sides.left, sides.right, OTHER_GRAPH * sides.error)
        share = differs.reshape(len(differs), -1).any(1).mean()
        detail = f"the left side fails at {share:.1%} of the points at large"
        if 0 < share < CONVERSE_SHARE:
            yield self.setting.not_run(self.name, shown, f"{detail}, too few to tell")
            return
        setting, status = self.setting, "pass" if share else "fail"
        yield Check(self.name, setting.dtype, setting.device, shown, len(differs), None, None, status, detail)


def limit_in(part: Relation | Iff) -> Limit | None:
    """The limit that is one side of an equality."""
    if not isinstance(part, Relation) or part.operator != "=":
        return None
    return next((side for side in (part.left, part.right) if isinstance(side, Limit)), None)


class LimitComparison(Comparison):
    """A limit against its closed form: the sequence far out, where it still moves by a measured amount.

    With f the sequence and N = ``FAR``, f(4N) is compared. Where the step from f(2N) to f(4N) is at most ``SHRINKS``
    of that from f(N) to f(2N), what is left to the limit counts as at most twice that step: so it is when the steps
    go on shrinking alike, as for a tail like 1/t and for faster ones. Points that have not come so far do not count.
    This is evidence, of another strength than the exact sides of the other comparisons.
    """

    def __init__(self, part: Relation | Iff, hypotheses: Sequence[Hypothesis | Relation], setting: Setting, oracle):
        limit = limit_in(part)
        if limit is None:
            raise LoweringError(f"no side of {part} is a limit")
        sides = (limit.function if side == limit else side for side in (part.left, part.right))
        super().__init__(Eq(*sides), hypotheses, setting, None)
        self.variable = limit.variable
        self.far_left = part.left == limit
        self.sizes = tuple(size for size in self.sizes if size != self.variable)

    @property
    def name(self) -> str:
        return "limit"

    def _compare(self, shown: str, sides: Sides) -> Iterator[Check]:
        nearer = [self._sides({**sides.sizes, self.variable: place}) for place in (2 * FAR, FAR)]
        far, half, quarter = (s.left if self.far_left else s.right for s in (sides, *nearer))
        step, rounding = distance(far, half), OTHER_GRAPH * sides.error
        settled = step <= SHRINKS * distance(half, quarter) + rounding
        tolerance = np.where(settled, rounding + 2 * step, np.inf)
        yield self.setting.verdict(self.name, shown, distance(sides.left, sides.right), tolerance, sides.scale)

    def _sides(self, sizes: Mapping[Size, int]) -> Sides:
        return super()._sides({self.variable: 4 * FAR, **sizes})


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
