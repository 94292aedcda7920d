"""Reading the sizes off the shapes of the arguments, and the ranges of indices once the sizes are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import sympy as sp

from derivations.calculus.affine import linear_terms
from derivations.calculus.symbols import Index, Size, Tensor
from numeric.algebra import Grid, aligned, subtract_grids, union


class LoweringError(ValueError):
    """An expression that has no numeric form; the message names the node."""


class ShapeError(ValueError):
    """Arguments whose shapes contradict each other; the message names them and both shapes."""


def solve_sizes(shapes: Sequence[tuple[Tensor, tuple[int, ...]]], known: Mapping[Size, int]) -> dict[Size, int]:
    """The sizes that the trailing axes of the arguments imply, each axis an affine form of the sizes.

    Raises ShapeError when two axes imply different values, or one no whole value of at least the size's minimum.
    """
    sizes, origins = dict(known), dict.fromkeys(known, "given")
    pending = [(tensor, shape, axis) for tensor, shape in shapes for axis in range(len(tensor.axes))]
    while pending:
        later = []
        for tensor, shape, axis in pending:
            if not _solve_axis(tensor, shape, axis, sizes, origins):
                later.append((tensor, shape, axis))
        if len(later) == len(pending):
            break
        pending = later
    return sizes


def _solve_axis(tensor: Tensor, shape: tuple[int, ...], axis: int, sizes: dict, origins: dict) -> bool:
    """Use one axis; False while it still has two unknown sizes."""
    declared, found = tensor.shape[axis], shape[axis]
    if declared is sp.oo:
        return True
    form = linear_terms(declared)
    if form is None:
        raise LoweringError(f"{tensor.name}: the extent {declared} of axis {axis + 1} is not affine in the sizes")
    constant, terms = form
    unknown = [size for size in terms if size not in sizes]
    rest = found - constant - sum(c * sizes[s] for s, c in terms.items() if s in sizes)
    if not unknown:
        if rest:
            others = ", ".join(f"{s} = {sizes[s]} ({origins[s]})" for s in sorted(terms, key=str)) or "a fixed size"
            raise ShapeError(
                f"{tensor.name} has shape {shape}: axis {axis + 1} must have extent {declared} = {found - rest}, "
                f"since {others}"
            )
        return True
    if len(unknown) > 1:
        return False
    (size,) = unknown
    value, remainder = divmod(rest, terms[size])
    if remainder or value < size.minimum:
        raise ShapeError(
            f"{tensor.name} has shape {shape}: axis {axis + 1}, of extent {declared}, leaves no whole {size} >= "
            f"{size.minimum}"
        )
    sizes[size], origins[size] = value, f"from {tensor.name} of shape {shape}"
    return True


class Ranges:
    """Index ranges and affine forms as integer grids, for given sizes and fixed values of some indices."""

    def __init__(self, sizes: Mapping[Size, int], fixed: Mapping[Index, int] | None = None):
        self.sizes, self.fixed = sizes, dict(fixed or {})
        self._values: dict[Index, Grid] = {}
        self._masks: dict[Index, Grid | None] = {}

    def with_fixed(self, fixed: Mapping[Index, int]) -> Ranges:
        return Ranges(self.sizes, {**self.fixed, **fixed})

    def grid(self, e: sp.Expr) -> Grid:
        """The values of an affine form, one axis for each index that is in it."""
        form = linear_terms(e)
        if form is None:
            raise LoweringError(f"the subscript {e} is not affine in indices and sizes")
        constant, terms = form
        dims = union(*(self.values(s).dims for s in terms if isinstance(s, Index)))
        total = np.full((1,) * len(dims), constant)
        for symbol, coefficient in terms.items():
            if isinstance(symbol, Index):
                total = total + coefficient * aligned(self.values(symbol), dims)
            else:
                total = total + coefficient * self.size(symbol)
        return Grid(total, dims)

    def size(self, symbol: sp.Symbol) -> int:
        if symbol not in self.sizes:
            raise ShapeError(f"the size {symbol} does not follow from the shapes of the arguments: give {symbol}=...")
        return self.sizes[symbol]  # type: ignore[index]

    def values(self, k: Index) -> Grid:
        """The values of an index: a single one when it is fixed, else all from its least to its largest end."""
        if k in self.fixed:
            return Grid(np.array(self.fixed[k]))
        if k not in self._values:
            if sp.oo in (k.high, -k.low):
                raise LoweringError(f"the index {k} runs over {k.low}..{k.high}, which is endless")
            low, high = self.grid(k.low).data, self.grid(k.high).data
            first, last = (int(low.min()), int(high.max())) if low.size and high.size else (1, 0)
            self._values[k] = Grid(np.arange(first, last + 1), (k,))
        return self._values[k]

    def mask(self, k: Index) -> Grid | None:
        """Where k lies in its range, when the range depends on other indices; None when it does not."""
        if k in self.fixed:
            return None
        if k not in self._masks:
            low, high = self.grid(k.low), self.grid(k.high)
            above, below = subtract_grids(self.values(k), low), subtract_grids(high, self.values(k))
            dims = union((k,), low.dims, high.dims)
            inside = (aligned(above, dims) >= 0) & (aligned(below, dims) >= 0)
            self._masks[k] = Grid(inside, dims) if len(dims) > 1 else None
        return self._masks[k]

    def admissible(self, dims: Sequence) -> Grid:
        """Where all the indices among ``dims`` lie in their ranges."""
        masks = [m for k in dims if isinstance(k, Index) and (m := self.mask(k)) is not None]
        every = union(tuple(dims), *(m.dims for m in masks))
        result = np.ones((1,) * len(every), bool)
        for m in masks:
            result = result & aligned(m, every)
        return Grid(result, every)
