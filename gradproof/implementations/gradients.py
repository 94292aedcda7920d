"""A gradient written by hand against PyTorch's autograd, at the inputs given and at random and extreme ones.

The reference is autograd of ``f`` in float64. An entry may be off by what rounding can do to the claimed value and to
the reference; that is estimated by adding rounding errors to every operation (``rounding``), not chosen. Where the
estimate leaves no digits, where f or autograd is not finite and where it jumps (a kink, a tie) nothing is compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from gradproof.implementations.calling import CallError, Library, library_of, name_of, parameters
from gradproof.implementations.claimed import Claimed
from gradproof.implementations.comparison import FORMATS, Compared, verdict, wrong_shape
from gradproof.implementations.hints import hints, sizes_of
from gradproof.implementations.patterns import KEPT, Case, cases, read_patterns
from gradproof.implementations.reference import Reference
from gradproof.implementations.rounding import GUARD, ROUNDS, Spread
from gradproof.implementations.verdicts import Failure, ImplementationVerdict, shown_shapes
from numeric.checks import INFORMATIVE
from numeric.precision import ulp

__tracebackhide__ = True  # pytest then shows a usage error at the line that made it, and no line of this file
AT_ONCE = 4.0  # ulps: closer values are equal without an estimate
NUDGE = 2.0**-30  # a kink shows when the inputs move by this share
JUMP = 2.0**-10  # and autograd by this share of itself
LINKED = (
    "if the sizes are linked (a convolution's input, kernel and result), f may work at that shape by broadcasting "
    "alone: say resize=False; if not, the claimed gradient is right for some sizes only"
)
_MODES = {
    "product": "the claimed function takes a cotangent: compared with vector-Jacobian products of random cotangents",
    "sum": "f is an array and the claimed function takes no cotangent: compared with the gradient of sum(f)",
    "jacobian": "compared with the full Jacobian, the axes of f first",
}


def check_gradient(
    f: Callable[..., Any],
    claimed: Callable[..., Any],
    inputs: Any = None,
    *,
    shapes: Any = None,
    wrt: str | Sequence[str] | None = None,
    dtype: str | None = None,
    backend: Library | None = None,
    resize: bool = True,
    seed: int = 0,
) -> ImplementationVerdict:
    """Compare a hand-written gradient with autograd at many points.

    Args:
        f: a PyTorch function of the inputs. Its value is a number or an array.
        claimed: the gradient, a PyTorch or NumPy function of the same arguments. It returns one gradient, or a tuple
            of one for each floating input (None for one that is not to be compared). For an array-valued f it takes
            the cotangent as one more, last, argument and returns vector-Jacobian products; without that argument it
            returns the full Jacobian, of the shape of f followed by that of the input, or else is held against the
            gradient of ``sum(f)``, which for a function of each entry is its derivative.
        inputs: example arrays, one, a sequence or a mapping by name. Others follow their pattern: shapes (equal extents
            vary together), dtypes, and ranges such as positive or probabilities. Integer arrays are resampled
            and not differentiated by; what is no array is passed on as it is.
        shapes: instead of inputs, shapes by name or in order: ``{"x": (3, 4), "b": (4,)}``.
        wrt: the input or inputs that the claimed gradient is by, where it is not all or the first.
        dtype: "float64", "float32", "float16" or "bfloat16", in place of the examples' own.
        backend: "torch" or "numpy": what the claimed function computes with. By default read off its code.
        resize: whether to try other shapes than those of the examples, extents of 1 among them. Say False where sizes
            are linked, as those of a convolution's input, kernel and result are.
        seed: of the random values.

    Returns:
        A verdict, true when "consistent"; "refuted" with the first failing shape, entry and value; "shape-dependent"
        when it fails at other shapes than those given only; or "untested".

    Raises:
        CallError: f or the claimed function raised at the shapes given; at others such points are skipped.
        TypeError, ValueError: the arguments do not fit each other.
    """
    if dtype is not None and dtype not in FORMATS:
        raise ValueError(f"dtype {dtype!r}: choose one of {', '.join(FORMATS)}")
    if library_of(f, "torch") != "torch":
        raise TypeError("f must be a PyTorch function, since autograd is the reference; it is written with NumPy")
    names = parameters(claimed)
    patterns = read_patterns(f, inputs, shapes, dtype, names[0] if names else ())
    reference = Reference(f, patterns)
    return _Trial(reference, Claimed(claimed, reference, wrt, backend), seed).run(resize)


class _Trial:
    """One function, one claimed gradient, and what was found."""

    def __init__(self, reference: Reference, claimed: Claimed, seed: int):
        self.reference, self.claimed, self.seed = reference, claimed, seed
        self.form = claimed.form
        self.compared: list[Compared] = []
        self.skipped: Counter[str] = Counter()
        self.failure: Failure | None = None  # a wrong shape, at the shapes given
        self.elsewhere: Failure | None = None  # at others
        self.raised: dict[str, str] = {}  # what the claimed function raised, by the shapes that we made up
        self.typical: list[float] = []  # the largest entry of the gradient at the ordinary points

    def run(self, resize: bool) -> ImplementationVerdict:
        for number, case in enumerate(cases(self.reference.patterns, resize, self.seed)):
            if case.ordinary or not self._wrong_formula(
                case.given
            ):  # of what is wrong everywhere extreme values tell no more
                self._try(case, self.seed + 1000 * number)
            if self.failure:  # a wrong shape: further points say the same
                break
        return self._verdict()

    def _wrong_formula(self, given: bool) -> bool:
        return any(c.ordinary and c.wrong.any() and (c.given or not given) for c in self.compared)

    def _try(self, case: Case, seed: int) -> None:
        if first := not self.reference.by:
            self.claimed.settle(case)
        try:
            right = self.reference.gradients(case, seed)
            again = self.reference.gradients(case, seed) if first else right
        except CallError:
            if first:
                raise
            self.skipped["f raises there"] += 1
            return
        if not all(_alike(a, b) for a, b in zip(right, again, strict=True)):
            raise ValueError("f is no function of its inputs: they gave two gradients (dropout, sampling?)")
        try:
            claimed = self.claimed.values(case, seed)
        except CallError as error:
            if case.given:
                raise
            self.skipped["the claimed gradient raises there"] += 1
            self.raised.setdefault(shown_shapes(case.values), _first_line(error))
            return
        for name, c, r in zip(self.reference.by, claimed, right, strict=True):
            if c.shape != r.shape:
                failure = self._wrong_shape(case, name, c, r)
                if case.given:
                    self.failure = failure
                self.elsewhere = self.elsewhere or failure
                return
        self._compare(case, seed, claimed, right)

    def _wrong_shape(self, case: Case, name: str, claimed: np.ndarray, right: np.ndarray) -> Failure:
        message = f"the claimed gradient by {name} has shape {claimed.shape}, autograd {right.shape}"
        if claimed.T.shape == right.shape and np.allclose(claimed.T, right, rtol=1e-3):
            message += "; transposed, it is right here"
        if len(self.claimed.variable) > 1 and self.claimed.wrt is None and len(self.reference.by) == 1:
            message += f"; say wrt=... if it is not by {name}"
        return Failure(case.values, case.label, self.form.name, f"the gradient by {name}", message=message)

    # ---- comparing ----------------------------------------------------------------------------------------------

    def _compare(self, case: Case, seed: int, claimed: list[np.ndarray], right: list[np.ndarray]) -> None:
        if not any(np.isfinite(r).any() for r in right):
            self.skipped["f or its autograd is not finite there"] += 1
            return
        if case.ordinary:
            self.typical.append(_largest(right))
        parts = zip(self.reference.by, claimed, right, strict=True)
        compared = [self._as_compared(case, seed, *part, 0.0) for part in parts]
        if any(c.wrong.any() for c in compared):  # farther off than an ulp or two: estimate what rounding may do
            compared = self._with_rounding(case, seed, claimed, right)
            if any(c.wrong.any() for c in compared) and self._jumps(case, seed, right):
                self.skipped["autograd jumps there (a kink or a tie)"] += 1
                return
        if not any(c.told.any() for c in compared):
            self.skipped["rounding leaves no digits there"] += 1
        self.compared += compared

    def _with_rounding(self, case: Case, seed: int, claimed, right) -> list[Compared]:
        """The comparison under the tolerance that rounding noise gives; no more rounds than needed to agree."""
        plain = [np.where(np.isfinite(c), c, 0.0) for c in claimed]
        own = Spread(lambda prepare: self.claimed.values(case, seed, prepare), plain, seed)
        reference = Spread(lambda _: self.reference.gradients(case, seed), right, seed)
        least = self._least(right)
        compared: list[Compared] = []
        for _ in range(ROUNDS):
            own.add_round()
            reference.add_round()
            compared = []
            parts = (self.reference.by, claimed, right, least, own.farthest, reference.farthest)
            for name, c, r, low, moved, moved_reference in zip(*parts, strict=True):
                # where the claimed value is not finite, that is what is wrong: rounding is no excuse for it
                excused = np.where(np.isfinite(c), np.maximum(moved, low), 0.0)
                tolerance = GUARD * (excused + (np.inf if reference.failed else moved_reference))
                compared.append(self._as_compared(case, seed, name, c, r, tolerance))
            if not any(c.wrong.any() for c in compared):
                break
        return compared

    def _least(self, right: list[np.ndarray]) -> list[np.ndarray]:
        """A rounding of numbers as large as the gradient usually is: noise does not travel through all code."""
        size = max(float(np.median(self.typical or [0.0])), _largest(right))
        return [np.full_like(r, self.form.unit * size * (1 + r.size) ** 0.5) for r in right]

    def _as_compared(self, case: Case, seed: int, name: str, claimed, right, estimate) -> Compared:
        largest = _largest([right])
        scale = np.where(right, np.abs(right), largest)
        base = AT_ONCE * ulp(np.where(np.isfinite(right), right, 0.0), self.form)
        reach = np.maximum(largest, np.where(np.isfinite(claimed), np.abs(claimed), 0.0))
        told = estimate <= max(INFORMATIVE, 32 * self.form.unit) * reach  # or the estimate leaves no digits
        told &= np.isfinite(right) & (np.abs(right) < self.form.largest)
        return Compared(
            point=seed,
            values=case.label,
            ordinary=case.ordinary,
            inputs=case.values,
            dtype=self.form.name,
            quantity=f"the {'Jacobian' if self.reference.mode == 'jacobian' else 'gradient'} by {name}",
            claimed=claimed,
            right=right,
            tolerance=np.where(told, base + estimate, np.inf),
            scale=np.where(np.isfinite(scale), scale, 1.0),
            sizes=sizes_of({n: np.shape(v) for n, v in case.values.items() if np.shape(v)}),
            given=case.given,
        )

    def _jumps(self, case: Case, seed: int, right: list[np.ndarray]) -> bool:
        """Whether autograd is much another when the inputs move a little, each by another amount."""
        nudge = NUDGE if self.reference.wide else max(NUDGE, 16 * self.form.unit)
        for sign in (1.0, -1.0):
            try:
                nudged = self.reference.gradients(case, seed, sign * nudge)
            except CallError:
                return True
            for before, after in zip(right, nudged, strict=True):
                finite = np.isfinite(before)
                with np.errstate(invalid="ignore"):
                    moved = np.abs(after - before)[finite]
                if not (moved <= JUMP * np.abs(before[finite]).max(initial=0.0) + 2 * nudge).all():
                    return True
        return False

    # ---- the verdict --------------------------------------------------------------------------------------------

    def _verdict(self) -> ImplementationVerdict:
        name, by = name_of(self.reference.f), " and ".join(self.reference.by)
        f = "f" if name == "the function" else name
        says = {
            "consistent": f"the claimed gradient agrees with autograd of {f} by {by} at every point compared",
            "shape-dependent": f"the claimed gradient agrees with autograd of {f} by {by} at the shapes given, "
            "at others it does not",
            "refuted": f"what is claimed is not the gradient of {f} by {by}",
            "untested": f"too few points could be compared to say anything about the gradient of {f} by {by}",
        }
        if self.failure:
            return wrong_shape(says["refuted"], self.failure, self._notes())
        found = verdict(
            self.compared,
            self.skipped,
            says,
            lambda told: hints(told, "autograd"),
            self._notes(),
            elsewhere=self.elsewhere,
        )
        return replace(found, notes=(LINKED, *found.notes)) if found.status == "shape-dependent" else found

    def _notes(self) -> Iterator[str]:
        if self.reference.mode in _MODES:
            yield _MODES[self.reference.mode]
        if not self.reference.wide:
            yield f"f does not run in float64: the reference is autograd in {self.form.name}"
        if self.claimed.narrowed:
            yield self.claimed.narrowed
        for shapes, error in list(self.raised.items())[:1]:
            yield f"not compared at sizes made up here, such as {shapes}, where the claimed gradient raises: {error}"
        for p in self.reference.patterns:
            if p.range in KEPT:
                yield f"{p.name} is {KEPT[p.range]}, as in the example"
            elif p.range == "fixed":
                yield f"{p.name} = {p.example!r} throughout"


def _first_line(error: CallError) -> str:
    cause = error.__cause__
    return f"{type(cause).__name__}: {cause}" if cause else str(error).partition("\n")[0]


def _alike(a: np.ndarray, b: np.ndarray) -> bool:
    """Equal but for the order of a sum, which a GPU may change from call to call."""
    return np.allclose(a, b, rtol=1e-6, atol=1e-6 * _largest([a]), equal_nan=True)


def _largest(arrays: Sequence[np.ndarray]) -> float:
    return max(float(np.abs(a[np.isfinite(a)]).max(initial=0.0)) for a in arrays)
