"""A witness made as simple as a teacher would choose it: 0, 1, -1, 2, 1/2 wherever the statement still fails.

Every simpler point is judged like any other, hypotheses included, so nothing rests on how it was found.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from fractions import Fraction

from derivations.judges.ball.drawing import inside, simplest
from derivations.judges.ball.evaluator import Evaluator
from derivations.judges.ball.judgement import Judgement, judge_sharply
from derivations.judges.ball.satisfying import instances, satisfy
from derivations.judges.ball.scope import NotEvaluable, OutOfTime
from derivations.judges.ball.values import Key, Point, as_fraction, exact
from derivations.proof.statement import Relation, Statement

TRIALS = 60  # points tried for the sake of one witness


def simplified(
    statement: Statement, relations: Iterable[Relation], point: Point, found: Judgement, deadline: float
) -> tuple[Point, Judgement]:
    """A point at which the statement fails too, with simpler numbers one after another; ``point`` at worst.

    ``found`` is the judgement at ``point``. Each number is tried again after another has changed.
    """
    relations, keys, trials = tuple(relations), numbers_of(point), iter(range(TRIALS))
    simpler = True
    try:
        while simpler:
            simpler = False
            for key in keys:
                for simple in _simpler_at(key, point, keys, relations, deadline, trials):
                    judged = judge_sharply(statement, Evaluator(simple.values, deadline), simple)
                    if judged.truth is False:
                        point, found, simpler = simple, judged, True
                        break
        for same in _all_alike(point, keys, relations, deadline):
            judged = judge_sharply(statement, Evaluator(same.values, deadline), same)
            if judged.truth is False:
                return same, judged
    except OutOfTime:
        pass  # what was found so far is a witness
    return point, found


def _simpler_at(
    key: Key, point: Point, keys: list[Key], relations: tuple[Relation, ...], deadline: float, trials: Iterator[int]
) -> Iterator[Point]:
    """Admissible points that are simpler by another number at ``key``, as long as there are ``trials`` left."""
    for x in _candidates(key, point):
        if next(trials, None) is None:
            return
        simple = changed(point, key, x, relations, deadline)
        if simple is not None and _complexity(simple, keys) < _complexity(point, keys):
            yield simple


def _all_alike(point: Point, keys: list[Key], relations: tuple[Relation, ...], deadline: float) -> Iterator[Point]:
    """Simpler admissible points with one number everywhere: what fails only where x = y needs both to change."""
    for x in (1, -1, 2) if len(keys) > 1 else ():
        alike: Point | None = point
        for key in keys:
            admissible = alike is not None and inside(key[0].domain, Fraction(x))
            alike = changed(alike, key, Fraction(x), relations, deadline) if admissible else None  # type: ignore[arg-type]
        if alike is not None and _complexity(alike, keys) < _complexity(point, keys):
            yield alike


def numbers_of(point: Point) -> list[Key]:
    """The numbers that a witness shows, but for random signs on many outcomes, which are simple as they are."""
    shown = [key for thing in point.things() for key in point.keys_of(thing)]
    few = len(point.values.weights) <= 3
    return [key for key in shown if (key[2] is None or few) and _has_number(key, point)]


def _has_number(key: Key, point: Point) -> bool:
    try:
        point.values.number(key)
    except NotEvaluable:  # an entry of a sequence that nothing read
        return False
    return True


def _candidates(key: Key, point: Point) -> list[Fraction]:
    """The simplest numbers of the domain, up to the present one; if it is none of them, also short ones near it."""
    domain, present = key[0].domain, as_fraction(point.values.number(key))
    choices = list(simplest(domain))
    if present in choices:
        return choices[: choices.index(present)]
    whole = [Fraction(f(x)) for x in (present / 2, present) for f in (math.floor, math.ceil)]
    short = [
        abs(present),
        present - (1 if present > 0 else -1),
        *(present.limit_denominator(most) for most in (4, 10, 100, 10_000)),
    ]
    near = dict.fromkeys(x for x in (*sorted(whole), *short) if x not in (present, *choices))
    return choices + [x for x in near if inside(domain, x)]


def changed(point: Point, key: Key, x: Fraction, relations: tuple[Relation, ...], deadline: float) -> Point | None:
    """The point with another number at ``key`` and the hypotheses solved again; None when they are not met."""
    values = point.values.with_number(key, exact(x))
    try:
        if not satisfy(instances(relations, values), values, deadline, keep=[key]):
            return None
    except NotEvaluable:
        return None
    values.assume(point.values.fenced)
    return Point(point.indices, values)


def _complexity(point: Point, keys: list[Key]) -> float:
    return sum(_cost(key, as_fraction(point.values.number(key))) for key in keys)


def _cost(key: Key, x: Fraction) -> float:
    """The place among the simplest numbers of the domain; more for any other, the longer the more, then by size."""
    choices = simplest(key[0].domain)
    if x in choices:
        return choices.index(x)
    bits = x.numerator.bit_length() + x.denominator.bit_length()
    return len(choices) + bits + (x < 0) / 2 + float(min(abs(x), Fraction(10**6))) / 10**7
