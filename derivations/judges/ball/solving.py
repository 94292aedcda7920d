"""Equalities solved exactly: along a line, by a chord of a quadric, or several at once for many numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from derivations.calculus.symbols import Index
from derivations.judges.ball import arithmetic as ba
from derivations.judges.ball.drawing import inside
from derivations.judges.ball.evaluator import Evaluator
from derivations.judges.ball.scope import Scope
from derivations.judges.ball.values import Key, Values, as_fraction
from derivations.proof.statement import Relation

MOST_CORNERS = 12  # points with simple coordinates that are tried as the start of a chord


@dataclass(frozen=True)
class Instance:
    """A hypothesis at one choice of its free indices."""

    relation: Relation
    indices: Mapping[Index, int]

    def residual(self, values: Values, deadline: float) -> ba.Number:
        """left - right; records in ``values.read`` what it depends on."""
        evaluator, scope = Evaluator(values, deadline), Scope(self.indices)
        left, right = evaluator.value(self.relation.left, scope), evaluator.value(self.relation.right, scope)
        return ba.subtract(left, right)

    def residual_and_keys(self, values: Values, deadline: float) -> tuple[ba.Number, list[Key]]:
        before, values.read = values.read, {}
        try:
            return self.residual(values, deadline), list(values.read)
        finally:
            values.read = {**before, **values.read}

    def holds(self, values: Values, deadline: float) -> bool:
        """Whether the relation is certain here."""
        sign = ba.certain_sign(self.residual(values, deadline))
        return sign in {"=": (0,), "<": (-1,), "<=": (-1, 0), "!=": (-1, 1)}[self.relation.operator]


def solve_along(instance: Instance, keys: Sequence[Key], here: ba.Number, values: Values, deadline: float) -> bool:
    """Shift one number, or scale several, so that an instance that is affine in the shift holds.

    ``here`` is its residual at the present values, which are left as they are when nothing was found.
    """
    start = {key: values.known[key] for key in keys}

    def move(s: ba.fmpq) -> ba.Number:
        for key, x in start.items():
            values.known[key] = x + s if len(keys) == 1 else x * (1 + s)
        return instance.residual(values, deadline)

    there = move(ba.ONE) if ba.is_exact(here) else None
    if ba.is_exact(there) and here != there:
        s = here / (here - there)
        if ba.certain_sign(move(s)) == 0 and _in_domain(keys, values):
            return True
    values.known.update(start)
    return False


def solve_on_quadric(instance: Instance, keys: Sequence[Key], values: Values, deadline: float) -> bool:
    """Rational points of an equation of degree two: from one with simple coordinates along the chord to the drawn one.

    On the line corner + t (drawn - corner) the residual is a t^2 + b t, so that it is 0 again at t = -b / a.
    """
    drawn = {key: values.known[key] for key in keys}
    for corner in _corners(keys):

        def move(t: ba.fmpq, corner=corner) -> ba.Number:
            for key, x in drawn.items():
                values.known[key] = corner[key] + t * (x - corner[key])
            return instance.residual(values, deadline)

        if ba.certain_sign(move(ba.ZERO)) == 0:
            ahead, behind = move(ba.ONE), move(-ba.ONE)
            if not (ba.is_exact(ahead) and ba.is_exact(behind)):
                continue  # exp y = x: the corner alone would stand for all of its points
            t = (behind - ahead) / (ahead + behind) if ahead + behind != 0 else ba.ZERO
            if any(ba.certain_sign(move(s)) == 0 and _in_domain(keys, values) for s in (t, ba.ZERO)):
                return True
    values.known.update(drawn)
    return False


def _corners(keys: Sequence[Key]) -> Iterator[dict[Key, ba.Number]]:
    """One coordinate 1, -1 or 2 and the others 0; all 1; all 0."""
    zero = dict.fromkeys(keys, ba.ZERO)
    for x in (1, -1, 2) if len(keys) < 2 * MOST_CORNERS else ():
        for key in keys[:MOST_CORNERS]:
            yield {**zero, key: ba.fmpq(x)}
    yield dict.fromkeys(keys, ba.ONE)
    yield zero


def solve_jointly(instances: Sequence[Instance], keys: Sequence[Key], values: Values, deadline: float) -> bool:
    """Solve all instances at once for the numbers at ``keys``, when they are affine in them together."""
    here = [i.residual(values, deadline) for i in instances]
    if not all(map(ba.is_exact, here)):
        return False
    start = {key: values.known[key] for key in keys}
    columns = []
    for key in keys:
        values.known[key] = start[key] + 1
        columns.append([i.residual(values, deadline) for i in instances])
        values.known[key] = start[key]
    if not all(ba.is_exact(x) for column in columns for x in column):
        return False
    rows = [[c[r] - here[r] for c in columns] + [-here[r]] for r in range(len(instances))]
    for column, shift in _particular_solution(rows):
        values.known[keys[column]] += shift
    if all(i.holds(values, deadline) for i in instances):
        return True
    values.known.update(start)
    return False


def _particular_solution(rows: list[list[ba.fmpq]]) -> Iterator[tuple[int, ba.fmpq]]:
    """The pivots of [A | b] and their values with every other unknown 0; nonsense when there is no solution."""
    reduced, rank = ba.fmpq_mat(rows).rref()
    last = len(rows[0]) - 1
    for row in reduced.tolist()[:rank]:
        pivot = next(c for c, x in enumerate(row) if x != 0)
        if pivot != last:
            yield pivot, row[last]


def _in_domain(keys: Sequence[Key], values: Values) -> bool:
    return all(inside(key[0].domain, as_fraction(values.known[key])) for key in keys)
