"""What an expression depends on: free indices, and the sizes, scalars, arrays and definitions in reach.

The evaluator remembers values by it, the points are drawn from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache, reduce

import sympy as sp

from derivations.calculus.operators import Binder, Expectation, Integral, Limit, LimitAt
from derivations.calculus.symbols import Defined, Definition, Entry, Index, Recurrence, Scalar, Size


@dataclass(frozen=True)
class Footprint:
    """Free indices, and every size, scalar, array and definition (as Held) in reach, inside definitions too."""

    indices: frozenset[Index] = frozenset()
    objects: frozenset = frozenset()
    random: bool = False  # depends on the outcome: a random entry outside the expectations inside

    def __or__(self, other: Footprint) -> Footprint:
        return Footprint(self.indices | other.indices, self.objects | other.objects, self.random or other.random)

    def without(self, *symbols: sp.Symbol) -> Footprint:
        return replace(self, indices=self.indices - set(symbols), objects=self.objects - set(symbols))


@lru_cache(maxsize=20_000)
def footprint(e: sp.Basic) -> Footprint:
    """The footprint of one expression."""
    if isinstance(e, Index):
        return Footprint(indices=frozenset({e}))
    if isinstance(e, (Size, Scalar)):
        return Footprint(objects=frozenset({e}))
    if isinstance(e, Entry):
        of_array = Footprint(objects=frozenset({e.tensor}), random=e.tensor.random)
        return union(e.subscripts) | union(end for axis in e.tensor.axes for end in axis) | of_array
    if isinstance(e, Defined):
        return union(e.subscripts) | _body_footprint(e.head) | Footprint(objects=frozenset({held(e.head)}))
    if isinstance(e, Binder):
        inner = footprint(e.body)
        for k in reversed(e.bound):
            inner = inner.without(k) | footprint(k.low) | footprint(k.high)
        return inner
    if isinstance(e, Limit):
        return footprint(e.function).without(e.variable)
    if isinstance(e, LimitAt):
        return footprint(e.function).without(e.variable) | footprint(e.point)
    if isinstance(e, Integral):
        return footprint(e.function).without(e.variable) | union((e.low, e.high))
    found = union(e.args)
    return replace(found, random=False) if isinstance(e, Expectation) else found


def union(expressions: Iterable[sp.Basic]) -> Footprint:
    """The footprint of several expressions together."""
    return reduce(Footprint.__or__, map(footprint, expressions), Footprint())


def closed(expressions: Iterable[sp.Basic]) -> Footprint:
    """The footprint of expressions and of the ranges of their free indices."""
    found = union(expressions)
    while True:
        wider = found | union(end for k in found.indices for end in (k.low, k.high))
        if wider == found:
            return found
        found = wider


@lru_cache(maxsize=20_000)
def _body_footprint(head: Definition | Recurrence) -> Footprint:
    ends = union(end for k in head.parameters for end in (k.low, k.high))
    if isinstance(head, Definition):
        return footprint(head.body).without(*head.parameters) | ends
    return footprint(head.start) | footprint(head.step).without(head.parameter, head.previous) | ends


# ---- definitions that are held as independent arrays -----------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """A definition as something to differentiate by; two that differ only in names of bound indices are equal."""

    nameless: tuple
    head: Definition | Recurrence = field(compare=False)
    hashed: int = field(init=False, compare=False, repr=False)  # of a deep tuple, and asked for at every node

    def __post_init__(self):
        object.__setattr__(self, "hashed", hash(self.nameless))

    def __hash__(self) -> int:
        return self.hashed

    @property
    def reach(self) -> Footprint:
        return _body_footprint(self.head)


@lru_cache(maxsize=20_000)
def held(head: Definition | Recurrence) -> Held:
    return Held(_nameless(head), head)


def _nameless(head: Definition | Recurrence) -> tuple:
    """The tree of a definition with each bound index replaced by the number of its binder."""

    def scoped(kind, bound, body, levels):
        ranges = []
        for k in bound:
            ranges += [walk(k.low, levels), walk(k.high, levels)] if isinstance(k, Index) else [k]
            levels = {**levels, k: 1 + max(levels.values(), default=0)}
        return (kind, *ranges, walk(body, levels))

    def walk(e, levels):
        if e in levels:
            return ("bound", levels[e])
        if isinstance(e, Binder):
            return scoped(type(e), e.bound, e.body, levels)
        if isinstance(e, Definition):
            return (e.name, scoped(Definition, e.parameters, e.body, levels))
        if isinstance(e, Recurrence):
            step = scoped(Recurrence, (e.parameter, e.previous), e.step, levels)
            return (e.name, walk(e.start, levels), step)
        return (type(e), *(walk(a, levels) for a in e.args)) if e.args else e

    return walk(head, {})
