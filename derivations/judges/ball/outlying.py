"""Places that chance does not reach: one array all 0 beside others that are not, and sizes far beyond the first few.

    flat(tried, hypotheses, deadline)       a point with one thing, or everything, at 0 or 1
    larger(statement, tried, hypotheses)    sizes up to 10 001, where a statement is about sizes alone and is cheap

The points are admissible, and judged like any other.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

import sympy as sp

from derivations.calculus.operators import Binder, Integral
from derivations.calculus.symbols import Defined, Size
from derivations.judges.ball.drawing import inside
from derivations.judges.ball.footprints import closed
from derivations.judges.ball.satisfying import assignments, instances, satisfy
from derivations.judges.ball.scope import NotEvaluable
from derivations.judges.ball.simplifying import changed, numbers_of
from derivations.judges.ball.values import Key, Point, Values
from derivations.proof.statement import Relation, Statement, expressions

MOST_THINGS = 4
MOST_NUMBERS = 30
LARGE = (11, 22, 51, 101, 257, 1001, 10_001)
MOST_TERMS = 2500  # of all sums at one size, and as many values of the free indices


def flat(tried: Sequence[Point], hypotheses: Iterable[Relation], deadline: float) -> Iterator[Point]:
    """From the last of the points tried, the least special one: things at 0 or 1 in turn, the others as they are."""
    if not tried:
        return
    point, relations = tried[-1], tuple(hypotheses)
    keys = [key for key in numbers_of(point) if key[2] is None]
    things = list(dict.fromkeys(key[0] for key in keys))
    if len(things) > MOST_THINGS or len(keys) > MOST_NUMBERS:
        return
    groups = [[key for key in keys if key[0] == thing] for thing in things]
    for group in [keys, *groups] if len(groups) > 1 else groups:
        for x in (Fraction(0), Fraction(1)):
            moved = _with_all(point, group, x, relations, deadline)
            if moved is not None:
                yield moved


def _with_all(
    point: Point, keys: Sequence[Key], x: Fraction, relations: tuple[Relation, ...], deadline: float
) -> Point | None:
    moved: Point | None = point
    for key in keys:
        if moved is None or not inside(key[0].domain, x):
            return None
        moved = changed(moved, key, x, relations, deadline)
    return moved


def larger(
    statement: Statement, tried: Sequence[Point], hypotheses: Iterable[Relation], deadline: float
) -> Iterator[Point]:
    """Points with one size, or all of them, large; none where numbers occur or large sums would be needed."""
    if not tried or numbers_of(tried[-1]):
        return
    sides, relations = list(expressions(statement)), tuple(hypotheses)
    depth = max((_depth(side) for side in sides), default=0)
    free = closed(sides).indices
    depth = max(depth, len(free))
    sizes = sorted(tried[-1].sizes, key=lambda s: s.name)
    for n in LARGE if sizes else ():
        if depth and n**depth > MOST_TERMS:
            return
        for at in _assignments(sizes, n):
            values = Values(at)
            try:
                if not satisfy(instances(relations, values), values, deadline):
                    continue
                values.assume(set())
                ends = list(itertools.islice(assignments(free, values, window=4), MOST_TERMS))
            except NotEvaluable:
                continue
            yield from (Point(indices, values) for indices in [*ends[:1], *ends[1:][-1:]])


def _assignments(sizes: Sequence[Size], n: int) -> Iterator[dict[Size, int]]:
    """Every size n; then each alone, the others least."""
    yield {s: max(n, s.minimum) for s in sizes}
    for large in sizes if len(sizes) > 1 else ():
        yield {s: max(n, s.minimum) if s == large else s.minimum for s in sizes}


def _depth(e: sp.Basic) -> int:
    """How many indices are bound inside one another; very many for what costs more than a sum."""
    if isinstance(e, (Integral, Defined)):
        return 99
    own = len(e.bound) if isinstance(e, Binder) else 0
    return own + max((_depth(a) for a in (e.args[:1] if isinstance(e, Binder) else e.args)), default=0)
