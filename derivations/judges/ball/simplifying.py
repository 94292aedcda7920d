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
    relations, keys, trials = tuple(relations), _keys(point), iter(range(TRIALS))
    simpler = True
    try:
        while simpler:
            simpler = False
            for key in keys:
                for changed in _simpler_at(key, point, keys, relations, deadline, trials):
                    judged = judge_sharply(statement, Evaluator(changed.values, deadline), changed)
                    if judged.truth is False:
                        point, found, simpler = changed, judged, True
                        break
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
        changed = _changed(point, key, x, relations, deadline)
        if changed is not None and _complexity(changed, keys) < _complexity(point, keys):
            yield changed


def _keys(point: Point) -> list[Key]:
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
    """The simplest numbers of the domain, up to the present one; if it is none of them, also whole numbers near it."""
    domain, present = key[0].domain, as_fraction(point.values.number(key))
    choices = list(simplest(domain))
    if present in choices:
        return choices[: choices.index(present)]
    whole = {Fraction(math.floor(present)), Fraction(math.ceil(present))} - {present, *choices}
    return choices + sorted(x for x in whole if inside(domain, x))


def _changed(point: Point, key: Key, x: Fraction, relations: tuple[Relation, ...], deadline: float) -> Point | None:
    """The point with another number at ``key`` and the hypotheses solved again; None when they are not met."""
    values = point.values.with_number(key, exact(x))
    try:
        if not satisfy(instances(relations, values), values, deadline, keep=[key]):
            return None
    except NotEvaluable:
        return None
    values.assume(point.values.fenced)
    return Point(point.indices, values)


def _complexity(point: Point, keys: list[Key]) -> int:
    return sum(_cost(key, as_fraction(point.values.number(key))) for key in keys)


def _cost(key: Key, x: Fraction) -> int:
    """The place among the simplest numbers of the domain, more for any other number."""
    choices = simplest(key[0].domain)
    return choices.index(x) if x in choices else len(choices) + x.numerator.bit_length() + x.denominator.bit_length()
