"""An implementation against the closed form of a theorem, in 200-bit arithmetic.

Admissible points are drawn at several sizes, 1 among them, ordinary ones and extreme ones, and rounded to each dtype.
The tolerance is the running error bound of both sides of the theorem as they are written (``numeric.precision``), times
``OTHER_GRAPH`` for an implementation that computes in another order. Entries whose bound leaves no digits do not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from derivations import UnknownName, is_registered, load
from derivations.calculus.symbols import CalculusError, Index, Size, Tensor
from derivations.proof.theorem import Erratum, Theorem
from gradproof.functions import closed_form
from gradproof.implementations.calling import (
    CallError,
    Library,
    as_float64,
    call,
    dtype_of,
    keyword_parameters,
    library_of,
    name_of,
    parameters,
    to_library,
)
from gradproof.implementations.comparison import FORMATS, LEAST_POINTS, Compared, verdict, wrong_shape
from gradproof.implementations.extremes import Points, admissible_points
from gradproof.implementations.hints import hints
from gradproof.implementations.verdicts import Failure, ImplementationVerdict
from numeric import verify_numeric
from numeric.autograd import OTHER_GRAPH, SAME_GRAPH, assignments
from numeric.checks import INFORMATIVE
from numeric.lowering import Argument, Lowered, LoweringError, lower
from numeric.precision import BoundedKernel, Format
from numeric.sampling import SamplingError
from numeric.truth import TruthKernel

__tracebackhide__ = True  # pytest then shows a usage error at the line that made it, and no line of this file
SIZES = (1, 2, 3, 5)
OWN_POINTS = 100  # at which the two sides of a theorem of one's own are compared first
HALF = 11  # significand bits; with so few a wider tolerance would let everything pass
MANY_SIZES = tuple(range(1, 11))


def matches(
    implementation: Callable[..., Any],
    name: str | Theorem,
    *,
    arguments: Sequence[str] | None = None,
    dtypes: Sequence[str] | str = ("float64", "float32"),
    backend: Library | None = None,
    batch: bool | None = None,
    sizes: Sequence[int] = SIZES,
    seed: int = 0,
) -> ImplementationVerdict:
    """Hold a PyTorch or NumPy function against the closed form of a theorem.

    Args:
        implementation: a function of the arguments of ``gradproof.function(name)``: matched by name where its
            parameters have those names, in that order otherwise. Scalars come as arrays without axes. The axes of the
            result are those of the theorem's free indices.
        name: a registry name such as "batchnorm.input_gradient", or the theorem. Of one of your own the two sides
            are compared first; whether it is proved, ``gradproof.verify`` says.
        arguments: the order in which the implementation takes them.
        dtypes: of "float64", "float32", and for PyTorch "float16" and "bfloat16".
        backend: "torch" or "numpy": what the implementation computes with. By default read off its code; torch
            when the code names neither.
        batch: True when every argument has one leading batch axis, False when none has. By default without, or
            with, where the implementation fails without.
        sizes: values for the theorem's sizes, smallest first.
        seed: of the random points.

    Returns:
        A verdict, true when "consistent"; "refuted" with the first failing shape, entry and value; or "untested".

    Raises:
        UnknownName: no result has the name; the message has the nearest.
        CallError: the implementation raised; the message has the shapes, the cause the traceback.
        TypeError, ValueError: the result has no closed form, a theorem of your own is false, or the arguments do not
            fit.
    """
    dtypes = (dtypes,) if isinstance(dtypes, str) else tuple(dtypes)
    library = backend or library_of(implementation, "torch")
    for dtype in dtypes:
        if dtype not in FORMATS or (library == "numpy" and dtype == "bfloat16"):
            raise ValueError(f"dtype {dtype!r}: choose of {', '.join(FORMATS)} (bfloat16 for PyTorch only)")
    theorem = _theorem(name)
    _check_own(theorem)
    trial = _Trial(implementation, theorem, arguments, library, batch)  # type: ignore[arg-type]
    return trial.run(dtypes, sizes, seed)


def _theorem(name: str | Theorem) -> Theorem:
    """The theorem, by its name or itself. What is raised says why there is none, or no closed form, and no more."""
    try:
        theorem = name if isinstance(name, (Theorem, Erratum)) else load(name)
        closed_form(theorem)
    except (UnknownName, TypeError) as error:
        raise error.with_traceback(None) from error.__cause__
    return theorem  # type: ignore[return-value]


def _check_own(theorem: Theorem) -> None:
    """Raise ValueError for a theorem of one's own that is false: agreeing with its right side would mean nothing."""
    if is_registered(theorem):
        return
    for check in verify_numeric(theorem, points=OWN_POINTS):
        if check.status == "fail":
            raise ValueError(f"{theorem.name} itself fails at {check.size}: {check.detail or 'its two sides differ'}")


@dataclass(frozen=True)
class Truth:
    """The closed form at some points: values and tolerances, shape ``(count, *extents)``."""

    values: np.ndarray
    tolerance: np.ndarray
    scale: np.ndarray


class _Trial:
    """One implementation and one theorem."""

    def __init__(self, implementation, theorem: Theorem, arguments, library: Library, batch: bool | None):
        self.implementation, self.theorem, self.batch = implementation, theorem, batch
        self.library: Library = library
        self.axes: tuple[Index, ...] = closed_form(theorem).lowered.axes  # type: ignore[attr-defined]
        self.right = lower(theorem.expression, axes=self.axes, cancellations=False)
        self.left = self._left()
        self.order = self._order(arguments)
        self.compared: list[Compared] = []
        self.skipped: Counter[str] = Counter()
        self.failure: Failure | None = None
        self.own_dtype = self.narrowed = ""
        self.least = LEAST_POINTS

    def _left(self) -> Lowered | None:
        """The left side, for its rounding; None where it has no numeric form, as a limit has not."""
        try:
            return lower(self.theorem.left, axes=self.axes, cancellations=False)
        except (LoweringError, CalculusError):
            return None

    @property
    def sides(self) -> tuple[Lowered, ...]:
        return (self.right, self.left) if self.left else (self.right,)

    @property
    def all_arguments(self) -> tuple[Argument, ...]:
        return tuple(dict.fromkeys(a for side in self.sides for a in side.arguments))

    # ---- the order of the arguments -----------------------------------------------------------------------------

    def _order(self, arguments: Sequence[str] | None) -> list[str]:
        """Names of arguments and sizes in the order that the implementation takes them; those in ``named`` by name."""
        own = [a.name for a in self.right.arguments] + self._unshaped()
        every = [*(a.name for a in self.all_arguments), *(s.name for side in self.sides for s in side.sizes)]
        self.named: list[str] = []
        if arguments is not None:
            if unknown := [name for name in arguments if name not in every]:
                raise ValueError(f"arguments names {', '.join(unknown)}; {self.theorem.name} has {', '.join(every)}")
            own = list(arguments)
        known = parameters(self.implementation)
        keywords = keyword_parameters(self.implementation)
        fits = keywords is not None and (set(own) <= set(keywords.all) or not self.right.arguments)
        if arguments is None and keywords and fits and keywords.required <= set(every) & set(keywords.all):
            self.named = own = [name for name in keywords.all if name in every]  # every argument has its parameter
        elif not own and known:
            own = [a.name for a in self.all_arguments][: len(known[0])]  # the closed form is a constant
        self.named = self.named or [name for name in own if keywords and name in keywords.only]
        positional = len(own) - len(self.named)
        if not self.named and known and not known[1] <= positional <= len(known[0]):
            raise TypeError(
                f"{name_of(self.implementation)} takes ({', '.join(known[0])}); for {self.theorem.name} it must take "
                f"({', '.join(own)}), in this order or by these names (or say arguments=...)"
            )
        return own

    def _unshaped(self) -> list[str]:
        """The sizes that no shape tells."""
        shapes = [extent for a in self.right.arguments if isinstance(a, Tensor) for extent in a.shape]
        told = {size for extent in shapes for size in extent.free_symbols}
        return [size.name for size in self.right.sizes if size not in told]

    # ---- the points ---------------------------------------------------------------------------------------------

    def run(self, dtypes: Sequence[str], sizes: Sequence[int], seed: int) -> ImplementationVerdict:
        every = sorted({size for side in self.sides for size in side.sizes}, key=lambda size: size.name)
        if not self.has_arrays:  # then the sizes are all there is to try
            dtypes, sizes = dtypes[:1], MANY_SIZES
            self.least = min(self.least, len(assignments(every, sizes)))
        for dtype in dtypes:
            for assignment in assignments(every, sorted(sizes)):
                self._at_size(dtype, assignment, seed)
                if self.failure:  # a wrong shape
                    return self._verdict()
        return self._verdict()

    def _at_size(self, dtype: str, sizes: Mapping[Size, int], seed: int) -> None:
        try:
            points = admissible_points(self.all_arguments, self.theorem.hypotheses, sizes, dtype, seed)
            truth = self._truth(points, sizes, FORMATS[dtype])
        except (SamplingError, LoweringError) as error:
            self.skipped[str(error)] += 1
            return
        for k in range(points.count):
            if not points.ordinary[k] and self.wrong_formula:
                continue  # of what is wrong everywhere extreme values tell no more
            claimed = self._claimed(points, k, sizes, dtype, truth.values.shape[1:])
            if claimed is None:
                return
            if self.own_dtype not in ("", dtype):
                dtype = self.own_dtype
                truth = self._truth(points, sizes, FORMATS[dtype])
            self._compare(points, k, sizes, dtype, truth, claimed)

    @property
    def wrong_formula(self) -> bool:
        return any(c.ordinary and c.wrong.any() for c in self.compared)

    def _truth(self, points: Points, sizes: Mapping[Size, int], form: Format) -> Truth:
        kernel = TruthKernel()
        with kernel.precision():
            exact = self._evaluate(self.right, kernel, points, sizes)
            values = kernel.midpoints(exact)
        bound = self._evaluate(self.right, BoundedKernel(form), points, sizes)
        tolerance, scale = bound.error, bound.scale
        if self.left is not None:
            try:
                other = self._evaluate(self.left, BoundedKernel(form), points, sizes)
                tolerance = tolerance + np.where(np.isfinite(other.error), other.error, 0.0)
                scale = np.maximum(scale, np.where(np.isfinite(other.scale), other.scale, 0.0))
            except (LoweringError, CalculusError):
                pass
        tolerance = (OTHER_GRAPH if form.bits > HALF else SAME_GRAPH) * tolerance + form.tiny
        informative = tolerance <= max(INFORMATIVE, 64 * form.unit) * np.maximum(scale, form.tiny / form.unit)
        tolerance = np.where(np.isfinite(tolerance) & informative, tolerance, np.inf)

        full = (points.count, *values.shape[1:])
        return Truth(*(np.broadcast_to(array, full) for array in (values, tolerance, scale)))

    def _evaluate(self, side: Lowered, kernel: Any, points: Points, sizes: Mapping[Size, int]) -> Any:
        """One side at every point; at a single one for a constant."""
        arrays = {a.name: points.arrays[a.name] for a in side.arguments}
        value = side.evaluate(kernel, arrays, {size: sizes[size] for size in side.sizes})
        return value if side.arguments else value[None]

    # ---- the implementation -------------------------------------------------------------------------------------

    def _claimed(self, points: Points, k: int, sizes, dtype: str, extents: tuple[int, ...]) -> np.ndarray | None:
        """What the implementation returns at a point, of the shape ``extents``; None for a wrong shape."""
        if self.batch is None:
            self._find_convention(points, k, sizes, dtype, extents)
        value = self._call(points, k, sizes, dtype, bool(self.batch))
        wanted = (1, *extents) if self.batch else extents
        if value.shape == wanted:
            return value[0] if self.batch else value
        message = f"the result has shape {value.shape}; the theorem's axes ({self._axis_names()}) have {wanted}"
        self.failure = Failure(self._inputs(points, k, sizes), points.labels[k], dtype, "the result", message=message)
        return None

    def _find_convention(self, points: Points, k: int, sizes, dtype: str, extents: tuple[int, ...]) -> None:
        """Without batch axes if the shape comes out right, else with one if it does then."""
        failure: CallError | None = None
        try:
            self.batch = False
            if self._call(points, k, sizes, dtype, batch=False).shape == extents:
                return
        except CallError as error:
            failure = error
        with suppress(CallError):
            self.batch = self._call(points, k, sizes, dtype, batch=True).shape == (1, *extents)
        if failure is not None and not self.batch:
            raise failure  # what it does without batch axes is what is told

    def _inputs(self, points: Points, k: int, sizes: Mapping[Size, int]) -> dict[str, Any]:
        numbers = {size.name: value for size, value in sizes.items()}
        return {name: points.arrays[name][k] if name in points.arrays else numbers[name] for name in self.order}

    def _call(self, points: Points, k: int, sizes: Mapping[Size, int], dtype: str, batch: bool) -> np.ndarray:
        given = {
            name: value if isinstance(value, int) else to_library(value[None] if batch else value, self.library, dtype)
            for name, value in self._inputs(points, k, sizes).items()
        }
        called = f"{name_of(self.implementation)}, called with {self.library} arrays,"
        ordered = {name: given[name] for name in self.order if name not in self.named}
        value = call(self.implementation, ordered, called, **{name: given[name] for name in self.named})
        if not self.has_arrays:
            self.own_dtype = dtype_of(value)
        elif FORMATS.get(dtype_of(value), FORMATS[dtype]).bits < FORMATS[dtype].bits:
            self.narrowed = f"the result is {dtype_of(value)} where the arguments are {dtype}"
        return as_float64(value, name_of(self.implementation))

    @property
    def has_arrays(self) -> bool:
        """Whether an argument tells the dtype; without one the implementation chooses it."""
        return any(a.name in self.order for a in self.all_arguments)

    # ---- comparing ----------------------------------------------------------------------------------------------

    def _compare(self, points: Points, k: int, sizes, dtype: str, truth: Truth, claimed: np.ndarray) -> None:
        compared = Compared(
            point=len(self.compared),
            values=points.labels[k],
            ordinary=points.ordinary[k],
            inputs=self._inputs(points, k, sizes),
            dtype=dtype,
            quantity=f"({self._axis_names()}) of the result" if self.axes else "the result",
            claimed=claimed,
            right=truth.values[k],
            tolerance=truth.tolerance[k],
            scale=truth.scale[k],
            sizes={size.name: value for size, value in sizes.items()},
        )
        if not compared.told.any():
            self.skipped["rounding leaves no digits there"] += 1
        self.compared.append(compared)

    def _axis_names(self) -> str:
        return ", ".join(k.name for k in self.axes)

    def _verdict(self) -> ImplementationVerdict:
        called, name = name_of(self.implementation), self.theorem.name
        says = {
            "consistent": f"{called} agrees with {name} at every point compared",
            "refuted": f"{called} is not {name}",
            "untested": f"too few points could be compared to say anything about {called} and {name}",
        }
        if self.failure:
            return wrong_shape(says["refuted"], self.failure, self._notes())
        return verdict(
            self.compared, self.skipped, says, lambda told: hints(told, "the theorem"), self._notes(), self.least
        )

    def _notes(self) -> Iterator[str]:
        yield f"the theorem: {self.theorem.text()}"
        batch = "one leading batch axis" if self.batch else "no batch axes"
        if self.narrowed:
            yield self.narrowed
        yield f"called with ({', '.join(self.order)}), {self.library} arrays, {batch}"
