"""Where an inequality is closest to failing: a descent from the best points so far, for failures in small places.

    nearest_failures(statement, hypotheses, tried, deadline)      points worth judging, the shortest first

A pattern search: each number in turn moves to the vertex of the parabola through three points, or by a step that grows
and shrinks; then all of them once more in the direction of the last round. It only proposes points, each admissible;
they are judged like any other. It is bounded by a number of evaluations, so that a verdict does not depend on the
machine, and by a time for what is slow to evaluate.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from derivations.judges.ball import arithmetic as ba
from derivations.judges.ball.drawing import inside
from derivations.judges.ball.evaluator import Evaluator
from derivations.judges.ball.outlying import flat, larger
from derivations.judges.ball.scope import NotEvaluable, OutOfTime, Scope
from derivations.judges.ball.simplifying import changed, numbers_of
from derivations.judges.ball.values import Key, Point, as_fraction
from derivations.proof.statement import Iff, Relation, Statement, relations

EVALUATIONS = 400  # of the gap, for one start
SECONDS = 0.15  # for all of them together
STARTS = 3
MOST_NUMBERS = 30
BITS = 160
FINEST = 1e-14  # the step at which a descent ends, relative to the number
ROUNDINGS = (1, 2, 4, 10, 100, 1000, 10_000)  # largest denominators of the points proposed at the end


def inequalities(statement: Statement) -> list[Relation]:
    """The parts that a descent can work on."""
    if isinstance(statement, Iff):
        return []
    return [r for r in relations(statement) if r.operator in ("<", "<=")]


def nearest_failures(
    statement: Statement, hypotheses: Iterable[Relation], tried: Sequence[Point], deadline: float
) -> Iterator[Point]:
    """Admissible points near which an inequality of the statement comes closest to failing.

    Before that, places that neither chance nor a descent finds.
    """
    hypotheses = tuple(hypotheses)
    try:
        yield from larger(statement, tried, hypotheses, deadline)
        yield from flat(tried, hypotheses, min(deadline, time.monotonic() + SECONDS))
    except OutOfTime:
        pass
    end = min(deadline, time.monotonic() + SECONDS)
    try:
        for relation in inequalities(statement):
            descents = [_Descent(relation, hypotheses, point, end) for point in tried]
            for descent in sorted(descents, key=lambda d: d.gap)[:STARTS]:
                yield from descent.run()
    except OutOfTime:
        return


@dataclass
class _Descent:
    """One descent: the best point so far and its gap, right - left as a float."""

    relation: Relation
    hypotheses: tuple[Relation, ...]
    point: Point
    end: float

    def __post_init__(self):
        self.left = EVALUATIONS
        self.gap = self._gap(self.point)

    def run(self) -> Iterator[Point]:
        keys = [key for key in numbers_of(self.point) if not key[0].domain.integer]
        if not keys or len(keys) > MOST_NUMBERS:
            return
        steps = {key: max(abs(self._at(key)) / 4, 0.25) for key in keys}
        while self.left > 0 and self.gap >= 0 and any(s > FINEST * (1 + abs(self._at(k))) for k, s in steps.items()):
            before, gap = {key: self._at(key) for key in keys}, self.gap
            for key in keys:
                steps[key] = self._improve(key, steps[key])
            if self.gap < gap and len(keys) > 1:
                self._onwards(before)
        if self.gap < math.inf:
            yield from self._rounded(keys)
            yield self.point

    def _at(self, key: Key) -> float:
        return float(as_fraction(self.point.values.known[key]))

    def _gap(self, point: Point) -> float:
        """right - left; infinite where that is undefined, or not known well enough to have a sign."""
        self.left -= 1
        if time.monotonic() > self.end:
            raise OutOfTime
        try:
            with ba.precision(BITS):
                evaluator, scope = Evaluator(point.values, self.end), Scope(point.indices)
                left, right = (evaluator.value(side, scope) for side in (self.relation.left, self.relation.right))
                gap = ba.subtract(right, left)
                known = ba.defined(gap) and ba.certain_sign(gap) is not None
                return float(ba.arb(gap).mid()) if known else math.inf
        except (NotEvaluable, OverflowError):
            return math.inf

    def _try(self, moves: dict[Key, float]) -> float:
        """The gap with these numbers; the point moves there when that is better."""
        point: Point | None = self.point
        for key, x in moves.items():
            if not math.isfinite(x) or point is None:
                return math.inf
            exact = Fraction(x)
            if not inside(key[0].domain, exact):
                return math.inf
            point = changed(point, key, exact, self.hypotheses, self.end)
        if point is None or self.left <= 0:
            return math.inf
        gap = self._gap(point)
        if gap < self.gap:
            self.point, self.gap = point, gap
        return gap

    def _improve(self, key: Key, step: float) -> float:
        """Move one number downhill; the step for the next time."""
        x, here = self._at(key), self.gap
        below, above = self._try({key: x - step}), self._try({key: x + step})
        curvature = below - 2 * here + above
        if math.isfinite(curvature) and curvature > 0:
            self._try({key: x + step * (below - above) / (2 * curvature)})
        if self.gap < here:
            moved = abs(self._at(key) - x)
            return min(2 * step, 4 * moved) if moved > 0 else step / 2
        return step / 4

    def _onwards(self, before: dict[Key, float]) -> None:
        """As far again as the last round went, as long as that is downhill."""
        stride = 1.0
        while self.left > 0:
            ahead = {key: self._at(key) + stride * (self._at(key) - x) for key, x in before.items()}
            gap = self.gap
            self._try(ahead)
            if self.gap >= gap:
                return
            stride *= 2

    def _rounded(self, keys: Sequence[Key]) -> Iterator[Point]:
        """The point reached with shorter numbers, all of them at once."""
        for most in ROUNDINGS:
            point: Point | None = self.point
            for key in keys:
                x = as_fraction(self.point.values.known[key]).limit_denominator(most)
                if point is None or not inside(key[0].domain, x):
                    point = None
                    break
                point = changed(point, key, x, self.hypotheses, self.end)
            if point is not None:
                yield point
