"""Where an expression in a few scalars is largest: a deterministic search, which proves nothing.

    largest(f, scalars)     the largest value found, and where; None where it seems to have no end

One scalar: a grid over the domain and far out, the best places refined. Two or three: descent along the axes from a
coarse grid. What the search finds is a guess for the best constant c in f <= c, to be proved by a judge.
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sympy as sp

from derivations.calculus.symbols import Scalar
from derivations.judges.ball import arithmetic as ba
from derivations.judges.ball.drawing import Interval, interval_of
from derivations.judges.ball.evaluator import Evaluator
from derivations.judges.ball.judgement import judge
from derivations.judges.ball.scope import NotEvaluable, OutOfTime, Scope
from derivations.judges.ball.values import Values, exact
from derivations.proof.statement import Relation

NEAR = tuple(Fraction(x) for x in ("1/8 1/4 1/2 3/4 1 5/4 3/2 2 5/2 3 4 5 7 10 20 50 100".split()))
FAR = tuple(Fraction(10) ** k for k in (3, 6, 12, 24))
TINY = tuple(1 / x for x in FAR)
GOLDEN = (math.sqrt(5) - 1) / 2
STEPS = 44  # of the golden section: the place to nine digits, the value to eighteen
PARTS = 24
LOW = -math.inf
FLAT = 1e-13

Place = dict[Scalar, Fraction]


@dataclass(frozen=True)
class Largest:
    """The largest value found; ``attained`` when not only approached far out or at an open end."""

    value: ba.Number
    at: Place
    attained: bool


def largest(
    f: sp.Expr, scalars: Sequence[Scalar], relations: Iterable[Relation] = (), deadline: float = math.inf
) -> Largest | None:
    """The largest value of ``f`` found where the relations hold; None without a value, or where f seems unbounded."""
    relations = tuple(relations)

    def is_exact(place: Place) -> bool:
        x = value_at(f, place, relations)
        return x is not None and ba.is_exact(x)

    def value(place: Place) -> float:
        if time.monotonic() > deadline:
            raise OutOfTime
        return _float(value_at(f, place, relations))

    try:
        with ba.precision():
            found = _on_a_line(value, is_exact, scalars[0]) if len(scalars) == 1 else _along_axes(value, scalars)
            if found is None:
                return None
            place, attained = found
            place = simplest_near(value, place) if attained else place
            best = value_at(f, place, relations)
    except OutOfTime:
        return None
    return None if best is None else Largest(best, place, attained)


def value_at(f: sp.Expr, place: Mapping[Scalar, Fraction], relations: Iterable[Relation] = ()) -> ba.Number | None:
    """The value at a place, exact where it is rational; None where there is none, or a relation fails."""
    values = Values({})
    values.known = {(s, (), None): exact(x) for s, x in place.items()}
    evaluator, scope = Evaluator(values), Scope({})
    try:
        if any(judge(r, evaluator, scope).truth is not True for r in relations):
            return None
        found = evaluator.value(f, scope)
    except (NotEvaluable, OverflowError, ValueError):
        return None
    return found if ba.defined(found) and ba.sharp(found, found) else None


def _float(x: ba.Number | None) -> float:
    if x is None:
        return LOW
    try:
        return float(ba.arb(x).mid())
    except OverflowError:
        return math.inf if ba.certain_sign(x) == 1 else LOW


def simplest_near(value: Callable[[Place], float], place: Place) -> Place:
    """The place with short fractions, where they are not worse."""
    short = {s: x.limit_denominator(60) for s, x in place.items()}
    inside = all(x in interval_of(s.domain) for s, x in short.items())
    near = all(abs(x - place[s]) < Fraction(1, 10**5) for s, x in short.items())
    return short if inside and near and value(short) >= value(place) - 1e-13 else place


# ---- one scalar ------------------------------------------------------------------------------------------------


def _on_a_line(
    value: Callable[[Place], float], is_exact: Callable[[Place], bool], x: Scalar
) -> tuple[Place, bool] | None:
    def f(t: Fraction) -> float:
        return value({x: t})

    span = interval_of(x.domain)
    places = sorted(set(_grid(span)))
    heights = [f(t) for t in places]
    best = max(heights, default=LOW)
    if best == LOW or best == math.inf:
        return None
    found = [(height, t) for height, t in zip(heights, places, strict=True)]
    if not span.integer:
        peaks = [k for k in range(1, len(places) - 1) if heights[k] >= max(heights[k - 1], heights[k + 1])]
        for k in sorted(peaks, key=lambda k: -heights[k])[:3]:
            found.append(_refined(f, float(places[k - 1]), float(places[k + 1])))
    height, t = max(found, key=lambda pair: (pair[0], -abs(pair[1])))
    for end, before in _ends(span, places):
        if t == end or (f(end) >= height - FLAT * (1 + abs(height)) and not is_exact({x: t})):
            if height - f(before) > 1e-9 * (1 + abs(height)):
                return None  # still growing
            return {x: end}, False
    return {x: t}, True


def _ends(span: Interval, places: list[Fraction]) -> list[tuple[Fraction, Fraction]]:
    """The outermost places towards an open or infinite end, each with the one before it."""
    ends = []
    if not (span.low is not None and span.low_closed) and len(places) > 1:
        ends.append((places[0], places[1]))
    if not (span.high is not None and span.high_closed) and len(places) > 1:
        ends.append((places[-1], places[-2]))
    return ends


def _grid(span: Interval) -> list[Fraction]:
    low, high = span.low, span.high
    if low is not None and high is not None:
        steps = [low + (high - low) * Fraction(k, PARTS) for k in range(PARTS + 1)]
        steps += [end for t in TINY for end in (low + (high - low) * t, high - (high - low) * t)]
    elif low is not None:
        steps = [low, *(low + t for t in (*TINY, *NEAR, *FAR))]
    elif high is not None:
        steps = [high, *(high - t for t in (*TINY, *NEAR, *FAR))]
    else:
        steps = [Fraction(0), *(sign * t for t in (*TINY, *NEAR, *FAR) for sign in (1, -1))]
    if span.integer:
        steps = [Fraction(math.floor(t)) for t in steps]
    return [t for t in steps if t in span]


def _refined(f: Callable[[Fraction], float], low: float, high: float) -> tuple[float, Fraction]:
    """The golden section."""
    a, b = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_a, at_b = f(Fraction(a)), f(Fraction(b))
    for _ in range(STEPS):
        if at_a >= at_b:
            high, b, at_b = b, a, at_a
            a = high - GOLDEN * (high - low)
            at_a = f(Fraction(a))
        else:
            low, a, at_a = a, b, at_b
            b = low + GOLDEN * (high - low)
            at_b = f(Fraction(b))
    return max((at_a, Fraction(a)), (at_b, Fraction(b)))


# ---- a few scalars ---------------------------------------------------------------------------------------------


def _along_axes(value: Callable[[Place], float], scalars: Sequence[Scalar]) -> tuple[Place, bool] | None:
    coarse = [_coarse(interval_of(s.domain), len(scalars)) for s in scalars]
    starts = [dict(zip(scalars, numbers, strict=True)) for numbers in itertools.product(*coarse)]
    starts.sort(key=lambda p: sum(abs(t) + t.denominator for t in p.values()))
    ranked = sorted(((value(p), k) for k, p in enumerate(starts)), key=lambda pair: (-pair[0], pair[1]))
    found = []
    for height, k in ranked[:2]:
        if height > LOW:
            found.append(_climbed(value, starts[k], height))
    if not found:
        return None
    height, place = max(found, key=lambda pair: pair[0])
    if height == math.inf or any(abs(t) > 1000 for t in place.values()):
        return None
    return place, True


def _coarse(span: Interval, count: int) -> list[Fraction]:
    low, high = span.low, span.high
    steps = [Fraction(x) for x in ("0 1 2 1/2 4".split() if count == 2 else "0 1 2".split())]
    if low is not None and high is not None:
        found = [low + (high - low) * t / max(steps) for t in steps]
    elif low is not None or high is not None:
        found = [low + t if low is not None else high - t for t in (*steps, Fraction(1, 100))]  # type: ignore[operator]
    else:
        found = [sign * t for t in steps for sign in (1, -1)]
    return [t for t in dict.fromkeys(found) if t in span]


def _climbed(value: Callable[[Place], float], place: Place, height: float) -> tuple[float, Place]:
    """Steps along the axes and the diagonals, longer after a success, shorter after none."""
    step = Fraction(1, 2)
    while step > Fraction(1, 10**9) and all(abs(t) <= 10**4 for t in place.values()):
        for direction in _directions(len(place)):
            there = {s: t + d * step for (s, t), d in zip(place.items(), direction, strict=True)}
            if all(t in interval_of(s.domain) for s, t in there.items()) and (higher := value(there)) > height:
                place, height, step = there, higher, step * 2
                break
        else:
            step /= 2
    return height, place


def _directions(count: int) -> list[tuple[int, ...]]:
    every = itertools.product((0, 1, -1), repeat=count)
    return sorted((d for d in every if any(d)), key=lambda d: sum(map(abs, d)))
