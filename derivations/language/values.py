"""What an expression means: an array whose entries are given by one formula in its indices.

A scalar is an array without axes. Every axis runs from 1 to its size. The rules are NumPy's: ``*`` entry by entry,
shapes aligned at the right, an axis of size 1 stretched; ``@`` contracts the last axis with the last but one.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import sympy as sp

from derivations.calculus.affine import provably_within
from derivations.calculus.operators import Sum
from derivations.calculus.substitution import substitute
from derivations.calculus.symbols import CalculusError, Index


class ShapeError(ValueError):
    """Two shapes that do not fit, both named in the message."""


@dataclass(frozen=True)
class Array:
    """``body`` is the entry at ``indices``, one for each axis, each from 1 to the size of its axis."""

    indices: tuple[Index, ...]
    body: sp.Expr

    def __post_init__(self):
        if len(set(self.indices)) < len(self.indices):  # an error of ours: only a diagonal would be compared
            raise AssertionError(f"two axes have the index {self.indices}")

    @property
    def shape(self) -> tuple[sp.Expr, ...]:
        return tuple(k.high for k in self.indices)

    @property
    def ndim(self) -> int:
        return len(self.indices)

    def at(self, *subscripts) -> sp.Expr:
        """The entry at some subscripts; raises ShapeError for one that is not provably in range."""
        for subscript, k in zip(subscripts, self.indices, strict=True):
            if not provably_within(subscript, 1, k.high):
                raise ShapeError(f"the subscript {subscript} is not provably between 1 and {k.high}")
        try:
            return substitute(self.body, dict(zip(self.indices, subscripts, strict=True)))  # type: ignore[return-value]
        except CalculusError as error:
            raise ShapeError(str(error)) from None


def refreshed(a: Array, names: Names) -> Array:
    """The same array with indices of its own: two uses of one array must not share theirs."""
    indices = tuple(names.index(size) for size in a.shape)
    return Array(indices, a.at(*indices))


def scalar(e) -> Array:
    return Array((), sp.sympify(e, strict=True))


def shape_text(array: Array) -> str:
    return f"({', '.join(map(str, array.shape))})" if array.ndim else "scalar"


class Names:
    """Fresh indices for one claim; ``taken`` are the names that the claim uses itself."""

    def __init__(self, taken: Iterable[str] = ()):
        self.taken = set(taken)
        suffixes = itertools.chain([""], map(str, itertools.count(1)))
        self._letters = (letter + suffix for suffix in suffixes for letter in "ijklpqrsuv")

    def index(self, size: sp.Expr) -> Index:
        name = next(n for n in self._letters if n not in self.taken)
        return Index(name, 1, size)


def elementwise(f: Callable[..., sp.Expr], names: Names, *arrays: Array) -> Array:
    """``f`` of the entries, the arrays broadcast against each other; raises ShapeError."""
    ndim = max((a.ndim for a in arrays), default=0)
    sizes = [
        _common_size([a.shape[a.ndim - back] for a in arrays if a.ndim >= back], arrays) for back in range(ndim, 0, -1)
    ]
    indices = tuple(_reused(arrays, position - ndim, size) or names.index(size) for position, size in enumerate(sizes))
    return Array(indices, f(*(_entry(a, indices) for a in arrays)))


def _common_size(sizes: Sequence[sp.Expr], arrays: Sequence[Array]) -> sp.Expr:
    long = [size for size in sizes if size != 1]
    if any(size != long[0] for size in long):
        raise ShapeError(f"the shapes {' and '.join(map(shape_text, arrays))} do not match")
    return long[0] if long else sp.S.One


def _reused(arrays: Sequence[Array], from_the_right: int, size: sp.Expr) -> Index | None:
    """The index of the first array that has this axis in full: fewer names to read."""
    return next(
        (a.indices[from_the_right] for a in arrays if a.ndim >= -from_the_right and a.shape[from_the_right] == size),
        None,
    )


def _entry(a: Array, indices: tuple[Index, ...]) -> sp.Expr:
    own = indices[len(indices) - a.ndim :]
    subscripts = [k if mine.high == k.high else sp.S.One for mine, k in zip(a.indices, own, strict=True)]
    return a.at(*subscripts)


def matmul(a: Array, b: Array, names: Names) -> Array:
    """``a @ b`` for one or two axes each; raises ShapeError."""
    if not a.ndim or not b.ndim:
        raise ShapeError(f"'@' between {shape_text(a)} and {shape_text(b)}: a scalar multiplies with '*'")
    if a.ndim > 2 or b.ndim > 2:
        raise ShapeError(f"'@' between {shape_text(a)} and {shape_text(b)}: at most two axes each")
    inner, outer = a.shape[-1], b.shape[0]
    if inner != outer:
        raise ShapeError(f"'@' between {shape_text(a)} and {shape_text(b)}: the inner sizes {inner} and {outer} differ")
    rows = tuple(names.index(size) for size in a.shape[:-1])
    columns = tuple(names.index(size) for size in b.shape[1:])
    k = names.index(inner)
    return Array((*rows, *columns), Sum(a.at(*rows, k) * b.at(k, *columns), k))


def transpose(a: Array) -> Array:
    """The axes in reverse order, as NumPy's ``.T``; a vector stays what it is."""
    return Array(a.indices[::-1], a.body)


def reduced(
    reduce: Callable[..., sp.Expr], a: Array, names: Names, axes: Sequence[int] | None = None, keep: bool = False
) -> Array:
    """``reduce(entry, *indices)`` over some axes (all when None); with ``keep`` those stay as axes of size 1."""
    gone = range(a.ndim) if axes is None else axes
    if not gone:
        return a
    fresh = tuple(names.index(size) for size in a.shape)
    ones = {position: names.index(sp.S.One) for position in gone} if keep else {}
    kept = tuple(ones.get(p, k) for p, k in enumerate(fresh) if keep or p not in gone)
    return Array(kept, reduce(a.at(*fresh), *(fresh[position] for position in gone)))
