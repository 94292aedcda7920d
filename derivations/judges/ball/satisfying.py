"""Numbers changed so that hypotheses hold exactly.

An equality is solved for one of its numbers, or by scaling several, or together with the equalities before it; each
must be affine in what is changed. Inequalities are only checked. The answer rests on a last evaluation of everything.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sympy as sp

from derivations.calculus.symbols import Index
from derivations.judges.ball import arithmetic as ba
from derivations.judges.ball.drawing import inside
from derivations.judges.ball.evaluator import Evaluator
from derivations.judges.ball.footprints import closed
from derivations.judges.ball.scope import NotEvaluable, Scope
from derivations.judges.ball.values import Key, Values, as_fraction
from derivations.proof.statement import Relation

WINDOW = 8  # instances of a hypothesis about an endless sequence


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

    def holds(self, values: Values, deadline: float) -> bool:
        """Whether the relation is certain here."""
        sign = ba.certain_sign(self.residual(values, deadline))
        return sign in {"=": (0,), "<": (-1,), "<=": (-1, 0), "!=": (-1, 1)}[self.relation.operator]


def instances(relations: Iterable[Relation], values: Values) -> list[Instance]:
    """Each relation at every value of its free indices; the first WINDOW ones of an endless index."""
    return [
        Instance(relation, indices)
        for relation in relations
        for indices in assignments(closed([relation.left, relation.right]).indices, values, WINDOW)
    ]


def assignments(free: frozenset[Index], values: Values, window: int) -> Iterator[dict[Index, int]]:
    """Every assignment of the free indices; an index whose range names another one comes after it."""
    evaluator = Evaluator(values)

    def extend(chosen: dict[Index, int]) -> Iterator[dict[Index, int]]:
        left = sorted(free - chosen.keys(), key=lambda k: (k.name, str(k.low), str(k.high)))
        if not left:
            yield chosen
            return
        ready = [k for k in left if not closed([k.low, k.high]).indices - chosen.keys()]
        if not ready:
            raise NotEvaluable(f"the ranges of {', '.join(map(str, left))} name one another")
        k, scope = ready[0], Scope(chosen)
        if k.high is sp.oo:
            low = evaluator.integer(k.low, scope)
            span = range(low, low + window)
        else:
            span = evaluator.span(k, scope)
        for value in span:
            yield from extend({**chosen, k: value})

    yield from extend({})


def satisfy(
    instances: Sequence[Instance], values: Values, deadline: float = math.inf, keep: Iterable[Key] = ()
) -> bool:
    """Change ``values``, those at ``keep`` last, so that every instance holds exactly; False when that was not found.

    Whatever the search does, the answer rests on the last line only.
    """
    settled = set(keep)
    solved: list[Instance] = []
    for instance in instances:
        if instance.relation.operator != "=":
            continue
        solved.append(instance)
        here, read = _residual_and_keys(instance, values, deadline)
        if ba.certain_sign(here) != 0:
            free = [key for key in reversed(read) if key not in settled]
            # one number at a time, else all scaled by one factor, else everything at once
            groups = [*([key] for key in free), *([free] if len(free) > 1 else [])]
            if not any(_solve_along(instance, group, here, values, deadline) for group in groups):
                hopeless = len(solved) == 1 and len(read) == 1  # one equation for one number: that was tried
                if hopeless or not _solve_jointly(solved, values, deadline):
                    return False
        settled.update(read)
    in_domain = all(inside(key[0].domain, as_fraction(x)) for key, x in values.known.items())
    return in_domain and all(instance.holds(values, deadline) for instance in instances)


def _residual_and_keys(instance: Instance, values: Values, deadline: float) -> tuple[ba.Number, list[Key]]:
    before, values.read = values.read, {}
    try:
        return instance.residual(values, deadline), list(values.read)
    finally:
        values.read = {**before, **values.read}


def _solve_along(instance: Instance, keys: Sequence[Key], here: ba.Number, values: Values, deadline: float) -> bool:
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
        if ba.certain_sign(move(s)) == 0 and all(inside(k[0].domain, as_fraction(values.known[k])) for k in keys):
            return True
    values.known.update(start)
    return False


def _solve_jointly(instances: Sequence[Instance], values: Values, deadline: float) -> bool:
    """Solve all instances at once for all that they read, when they are affine together."""
    read = [_residual_and_keys(i, values, deadline) for i in instances]
    here = [residual for residual, _ in read]
    if not all(map(ba.is_exact, here)):
        return False
    keys = list(dict.fromkeys(key for _, keys in read for key in reversed(keys)))
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
