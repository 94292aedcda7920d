"""Affine integer forms over dimensions and index variables: what the kernel knows about ranges.

Every variable runs over 1..extent, where the extent is affine in dimensions alone (or endless). A range that depends
on another index is widened to its largest extent and cut again by a guard atom.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from functools import cache


class Dim:
    """A size as a variable of affine forms: an integer of at least ``minimum``."""

    __slots__ = ("key", "minimum", "name")

    def __init__(self, name: str, minimum: int):
        self.name, self.minimum, self.key = name, minimum, f"#{name}:{minimum}"

    def __repr__(self) -> str:
        return self.name


class Var:
    """An index variable over 1..extent (None: endless). Equal only to itself: its range is part of it."""

    __slots__ = ("extent", "key", "name")

    def __init__(self, name: str, extent: Affine | None):
        self.name, self.extent = name, extent
        self.key = f"{name}:{extent}"

    def __repr__(self) -> str:
        return self.name


@cache
def dim(name: str, minimum: int) -> Dim:
    return Dim(name, minimum)


@cache
def named_var(name: str, extent: Affine | None, low: Affine | None = None) -> Var:
    """The variable of this name; two indices of one name and one extent are told apart by where they start."""
    return Var(name if low in (None, ONE) else f"{name} from {low}", extent)


_serial = itertools.count()


def fresh_var(extent: Affine | None) -> Var:
    """A variable that occurs nowhere else, so nothing can capture it."""
    return Var(f"@{next(_serial):07d}", extent)


class Affine:
    """``constant + sum(coefficient * variable)``, immutable and sorted."""

    __slots__ = ("_hash", "constant", "terms")

    def __init__(self, constant: int = 0, terms: Iterable[tuple[Dim | Var, int]] = ()):
        self.constant = constant
        self.terms = tuple(sorted(((v, c) for v, c in terms if c), key=lambda term: term[0].key))
        self._hash = hash((constant, self.terms))

    def __eq__(self, other) -> bool:
        return isinstance(other, Affine) and self.constant == other.constant and self.terms == other.terms

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return "+".join([*(f"{c}{v!r}" if c != 1 else repr(v) for v, c in self.terms), str(self.constant)])

    def plus(self, other: Affine, times: int = 1) -> Affine:
        total = dict(self.terms)
        for v, c in other.terms:
            total[v] = total.get(v, 0) + times * c
        return Affine(self.constant + times * other.constant, total.items())

    def shifted(self, amount: int) -> Affine:
        return Affine(self.constant + amount, self.terms)

    def scaled(self, factor: int) -> Affine:
        return Affine(self.constant * factor, [(v, c * factor) for v, c in self.terms])

    def coefficient(self, variable: Dim | Var) -> int:
        return next((c for v, c in self.terms if v is variable), 0)

    def without(self, variable: Dim | Var) -> Affine:
        return Affine(self.constant, [(v, c) for v, c in self.terms if v is not variable])

    def replaced(self, mapping: Mapping[Var, Affine]) -> Affine:
        if not any(v in mapping for v, _ in self.terms):
            return self
        result = Affine(self.constant, [(v, c) for v, c in self.terms if v not in mapping])
        for v, c in self.terms:
            if v in mapping:
                result = result.plus(mapping[v], c)  # type: ignore[index]
        return result

    @property
    def variables(self) -> list[Var]:
        return [v for v, _ in self.terms if isinstance(v, Var)]

    @property
    def sole_variable(self) -> Var | None:
        """The variable v when this form is exactly v."""
        if self.constant == 0 and len(self.terms) == 1:
            v, c = self.terms[0]
            if c == 1 and isinstance(v, Var):
                return v
        return None


def of(variable: Dim | Var) -> Affine:
    return Affine(0, [(variable, 1)])


ZERO, ONE = Affine(0), Affine(1)


def nonnegative(a: Affine) -> bool:
    """a >= 0 for all dimensions; only for forms without index variables."""
    low = a.constant
    for v, c in a.terms:
        if isinstance(v, Var) or c < 0:
            return False
        low += c * v.minimum
    return low >= 0


def bounds(a: Affine) -> tuple[Affine | None, Affine | None]:
    """The least and the greatest value over the ranges of the index variables; None where it has no end."""
    low: Affine | None
    high: Affine | None
    low = high = Affine(a.constant, [(v, c) for v, c in a.terms if isinstance(v, Dim)])
    for v, c in a.terms:
        if isinstance(v, Dim):
            continue
        top = v.extent
        upper, lower = (top, ONE) if c > 0 else (ONE, top)
        high = None if high is None or upper is None else high.plus(upper, c)
        low = None if low is None or lower is None else low.plus(lower, c)
    return low, high


def always_nonnegative(a: Affine) -> bool:
    low, _ = bounds(a)
    return low is not None and nonnegative(low)


def always_negative(a: Affine) -> bool:
    _, high = bounds(a)
    return high is not None and nonnegative(high.scaled(-1).shifted(-1))


def always_within(a: Affine, extent: Affine | None) -> bool:
    """1 <= a <= extent for all values of the variables in a."""
    v = a.sole_variable
    if v is not None and v.extent == extent:
        return True
    if not always_nonnegative(a.shifted(-1)):
        return False
    return extent is None or always_nonnegative(extent.plus(a, -1))
