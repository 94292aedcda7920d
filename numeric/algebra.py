"""Arithmetic on labelled arrays: every axis of an array is named by the index that runs along it.

A ``Labelled`` value has one trailing axis for each of its labels; whatever leads is a batch and broadcasts. Two values
meet by their labels, so ``a_i b_j`` is an outer product and ``a_i b_i`` is not, and nobody counts axes.

The arithmetic of the entries is a *kernel* (``numeric.kernels``, ``numeric.truth``, ``numeric.precision``): floats of
torch or NumPy, 200-bit balls, or floats that carry their error bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import prod
from typing import Any

import numpy as np

Label = Any  # anything hashable: an index, the axis of an array
Value = Any  # a Labelled value, or what an algebra over another one makes of it
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Labelled:
    """``data`` of shape ``(*batch, *extents)``, one trailing axis for each label of ``dims``."""

    data: Any
    dims: tuple[Label, ...] = ()

    def __post_init__(self) -> None:
        if not hasattr(self.data, "shape"):  # NumPy gives the bare number for an operation on 0-d object arrays
            object.__setattr__(self, "data", np.asarray(self.data, dtype=object))

    def extent(self, label: Label) -> int:
        return self.data.shape[self.dims.index(label) - len(self.dims)]


@dataclass(frozen=True)
class Grid:
    """Whole numbers known before any data: the values of an index, a subscript, a mask. Never batched."""

    data: np.ndarray
    dims: tuple[Label, ...] = ()

    def extent(self, label: Label) -> int:
        return self.data.shape[self.dims.index(label)]


def union(*dims: Sequence[Label]) -> tuple[Label, ...]:
    """All labels, in order of first appearance."""
    return tuple(dict.fromkeys(label for labels in dims for label in labels))


def permute(data, dims: Sequence[Label], order: Sequence[Label]):
    """The trailing axes of ``data``, labelled ``dims``, in the order ``order``."""
    if tuple(dims) == tuple(order):
        return data
    lead = len(data.shape) - len(dims)
    axes = (*range(lead), *(lead + list(dims).index(label) for label in order))
    return data.permute(axes) if hasattr(data, "permute") else data.transpose(axes)


def aligned(value: Labelled | Grid, dims: tuple[Label, ...]):
    """The data with its axes in the order of ``dims`` and an axis of length 1 where a label is missing."""
    present = [label for label in dims if label in value.dims]
    data = permute(value.data, value.dims, present)
    if len(present) == len(dims):
        return data
    return data[(..., *(slice(None) if label in value.dims else None for label in dims))]


def subtract_grids(a: Grid, b: Grid) -> Grid:
    dims = union(a.dims, b.dims)
    return Grid(aligned(a, dims) - aligned(b, dims), dims)


class Algebra:
    """Arithmetic on :class:`Labelled` values over one kernel."""

    def __init__(self, kernel):
        self.kernel = kernel

    # ---- constants ----------------------------------------------------------------------------------------------

    def number(self, value: Fraction | int) -> Value:
        return Labelled(self.kernel.number(Fraction(value)))

    def pi(self) -> Value:
        return Labelled(self.kernel.pi())

    def integers(self, grid: Grid) -> Value:
        return Labelled(self.kernel.integers(grid.data), grid.dims)

    # ---- entry by entry -----------------------------------------------------------------------------------------

    def _meet(self, a: Value, b: Value):
        dims = union(a.dims, b.dims)
        return aligned(a, dims), aligned(b, dims), dims

    def add(self, a: Value, b: Value) -> Value:
        x, y, dims = self._meet(a, b)
        return Labelled(x + y, dims)

    def subtract(self, a: Value, b: Value) -> Value:
        x, y, dims = self._meet(a, b)
        return Labelled(x - y, dims)

    def multiply(self, a: Value, b: Value) -> Value:
        x, y, dims = self._meet(a, b)
        return Labelled(x * y, dims)

    def divide(self, a: Value, b: Value) -> Value:
        x, y, dims = self._meet(a, b)
        return Labelled(x / y, dims)

    def negate(self, a: Value) -> Value:
        return Labelled(-a.data, a.dims)

    def apply(self, name: str, a: Value) -> Value:
        """One of ``numeric.kernels.FUNCTIONS``, entry by entry."""
        return Labelled(self.kernel.functions[name](a.data), a.dims)

    def integer_power(self, a: Value, exponents: Grid) -> Value:
        """``a ** p`` for whole numbers p known beforehand; 0 ** 0 is 1."""
        dims = union(a.dims, exponents.dims)
        return Labelled(self.kernel.integer_power(aligned(a, dims), aligned(exponents, dims)), dims)

    def power(self, a: Value, b: Value) -> Value:
        """``a ** b`` for a > 0."""
        return self.apply("exp", self.multiply(b, self.apply("log", a)))

    def xlogy(self, a: Value, b: Value) -> Value:
        """``a log b``, and 0 where a = 0."""
        x, y, dims = self._meet(a, b)
        return Labelled(self.kernel.xlogy(x, y), dims)

    def select(self, mask: Grid, a: Value) -> Value:
        """``a`` where the mask holds and 0 elsewhere, whatever ``a`` is there."""
        dims = union(a.dims, mask.dims)
        return Labelled(self.kernel.select(aligned(mask, dims), aligned(a, dims)), dims)

    # ---- along labels -------------------------------------------------------------------------------------------

    def _axes(self, a: Value, labels: Sequence[Label]) -> tuple[int, ...]:
        return tuple(a.dims.index(label) - len(a.dims) for label in labels)

    def total(self, a: Value, labels: Sequence[Label]) -> Value:
        """The sum over ``labels``, all of which ``a`` has."""
        if not labels:
            return a
        kept = tuple(label for label in a.dims if label not in labels)
        return Labelled(self.kernel.total(a.data, self._axes(a, labels)), kept)

    def product(self, a: Value, label: Label) -> Value:
        kept = tuple(other for other in a.dims if other != label)
        return Labelled(self.kernel.product(a.data, *self._axes(a, [label])), kept)

    def along(self, name: str, a: Value, label: Label) -> Value:
        """softmax and log_softmax keep the label, logsumexp sums it out."""
        data = getattr(self.kernel, name)(a.data, *self._axes(a, [label]))
        return Labelled(data, a.dims if name != "logsumexp" else tuple(d for d in a.dims if d != label))

    def expand(self, a: Value, dims: tuple[Label, ...], extents: Mapping[Label, int]) -> Value:
        """``a`` with exactly the labels ``dims``, repeated along those that it lacks."""
        shape = tuple(extents[label] for label in dims)
        return Labelled(self.kernel.expand(aligned(a, dims), shape), dims)

    def take(self, a: Value, subscripts: Mapping[Label, Grid]) -> Value:
        """Entries of ``a`` at 0-based positions along some labels; a label met on both sides takes the diagonal."""
        dims = union(*(grid.dims for grid in subscripts.values()))
        shared = [label for label in a.dims if label in dims and label not in subscripts]
        places = {label: Grid(np.arange(a.extent(label)), (label,)) for label in shared} | dict(subscripts)
        kept = tuple(label for label in a.dims if label not in places)
        data = permute(a.data, a.dims, (*kept, *places))
        positions = np.broadcast_arrays(*(aligned(grid, dims) for grid in places.values()))
        return Labelled(self.kernel.take(data, positions), (*kept, *dims))

    def stack(self, values: Sequence[Value], label: Label) -> Value:
        """Values of one sequence, along a new last label."""
        dims = union(*(value.dims for value in values))
        extents = {d: value.extent(d) for value in values for d in value.dims}
        full = [self.expand(value, dims, extents).data for value in values]
        return Labelled(self.kernel.stack(full), (*dims, label))

    # ---- contraction --------------------------------------------------------------------------------------------

    def contract(self, factors: Sequence[Value], summed: Sequence[Label]) -> Value:
        """The sum over ``summed`` of the product of ``factors``, two factors at a time, smallest result first."""
        left = list(factors)
        while len(left) > 1:
            a, b = min(combinations(left, 2), key=lambda pair: self._result_size(pair, left, summed))
            left = [value for value in left if value is not a and value is not b]
            left.append(self._contract_pair(a, b, [s for s in summed if not any(s in value.dims for value in left)]))
        (value,) = left
        return self.total(value, [label for label in summed if label in value.dims])

    def _result_size(self, pair, factors, summed) -> int:
        a, b = pair
        others = {label for value in factors if value is not a and value is not b for label in value.dims}
        extents = {label: value.extent(label) for value in pair for label in value.dims}
        return prod(extent for label, extent in extents.items() if label not in summed or label in others)

    def _contract_pair(self, a: Value, b: Value, summed: Sequence[Label]) -> Value:
        both = [label for label in summed if label in a.dims and label in b.dims]
        a = self.total(a, [label for label in summed if label in a.dims and label not in both])
        b = self.total(b, [label for label in summed if label in b.dims and label not in both])
        if not both or self.kernel.einsum is None:
            return self.total(self.multiply(a, b), both)
        letters = dict(zip(union(a.dims, b.dims), LETTERS, strict=False))
        kept = tuple(label for label in letters if label not in both)
        left, right, out = ("..." + "".join(letters[label] for label in dims) for dims in (a.dims, b.dims, kept))
        return Labelled(self.kernel.einsum(f"{left},{right}->{out}", a.data, b.data), kept)
