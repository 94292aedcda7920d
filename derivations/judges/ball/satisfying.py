"""Numbers changed so that hypotheses hold exactly.

The equalities are solved one after another; where that fails, all at once for a single array, with the other arrays
as drawn or made orthogonal, a projection, a permutation. Inequalities are then met by moving along lines. The answer
rests on a last evaluation of everything.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

import sympy as sp

from derivations.calculus.symbols import Index
from derivations.judges.ball import arithmetic as ba
from derivations.judges.ball.drawing import inside
from derivations.judges.ball.evaluator import Evaluator
from derivations.judges.ball.footprints import closed
from derivations.judges.ball.patterns import patterned
from derivations.judges.ball.scope import NotEvaluable, Scope
from derivations.judges.ball.solving import Instance, solve_along, solve_jointly, solve_on_quadric
from derivations.judges.ball.values import Key, Values, as_fraction, exact
from derivations.proof.statement import Relation

__all__ = ["WINDOW", "Instance", "assignments", "instances", "satisfy"]

WINDOW = 8  # instances of a hypothesis about an endless sequence
SCALES = (*(Fraction(2) ** e for e in (-1, 1, -3, 3, -7, 7, -12, -24, -40)), Fraction(0), Fraction(-1))
SHIFTS = tuple(Fraction(sign * size) for size in (1, 2, 4, 16, 128, 2048) for sign in (1, -1))
HALVINGS = 14  # of the way between a point that fails and one that holds


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

    Whatever the search does, the answer rests on ``_admissible`` only.
    """
    keep = set(keep)
    equalities = [i for i in instances if i.relation.operator == "="]
    start = dict(values.known)
    for _ in _ways(equalities, values, deadline, keep):
        if _admissible(instances, values, deadline) or _moved_inside(instances, values, deadline, keep):
            return True
        values.known = {**values.known, **start}
    return False


def _admissible(instances: Iterable[Instance], values: Values, deadline: float) -> bool:
    """Whether every number lies in its domain and every instance holds for certain."""
    in_domain = all(inside(key[0].domain, as_fraction(x)) for key, x in values.known.items())
    return in_domain and all(instance.holds(values, deadline) for instance in instances)


# ---- equalities ------------------------------------------------------------------------------------------------


def _ways(equalities: Sequence[Instance], values: Values, deadline: float, keep: set[Key]) -> Iterator[None]:
    """Changes of ``values`` after which the equalities hold, as far as one can tell; each from the same start."""
    if _one_after_another(equalities, values, deadline, keep):
        yield
    read = _keys_of(equalities, values, deadline)
    arrays = [tuple(key for key in read if key[0] == thing) for thing in dict.fromkeys(key[0] for key in read)]
    arrays = [keys for keys in arrays if len(keys) > 1 and not keep.intersection(keys)]
    if len(equalities) < 2 or not arrays:
        return
    for keys in arrays:
        if solve_jointly(equalities, keys, values, deadline):
            yield
    for changes in patterned(arrays, values):
        values.known.update(changes)
        others = keep | changes.keys()
        if _one_after_another(equalities, values, deadline, others):
            yield
        for keys in arrays:
            if not others.intersection(keys) and solve_jointly(equalities, keys, values, deadline):
                yield


def _one_after_another(equalities: Sequence[Instance], values: Values, deadline: float, keep: set[Key]) -> bool:
    """Each equality solved for what the ones before it leave free, else together with them."""
    settled = set(keep)
    solved: list[Instance] = []
    start = dict(values.known)
    for instance in equalities:
        solved.append(instance)
        here, read = instance.residual_and_keys(values, deadline)
        if ba.certain_sign(here) != 0:
            free = [key for key in reversed(read) if key not in settled]
            # one number at a time, else all scaled by one factor, else by a chord of a quadric, else everything at once
            groups = [*([key] for key in free), *([free] if len(free) > 1 else [])]
            found = any(solve_along(instance, group, here, values, deadline) for group in groups)
            if not found and not solve_on_quadric(instance, free, values, deadline):
                hopeless = len(solved) == 1 and len(read) == 1  # one equation for one number: that was tried
                if hopeless or not solve_jointly(solved, _keys_of(solved, values, deadline), values, deadline):
                    values.known = {**values.known, **start}
                    return False
        settled.update(read)
    return True


def _keys_of(instances: Iterable[Instance], values: Values, deadline: float) -> tuple[Key, ...]:
    """Every number that the instances read, of each instance the last one first."""
    read = [i.residual_and_keys(values, deadline)[1] for i in instances]
    return tuple(dict.fromkeys(key for keys in read for key in reversed(keys)))


# ---- inequalities ----------------------------------------------------------------------------------------------


def _moved_inside(instances: Sequence[Instance], values: Values, deadline: float, keep: set[Key]) -> bool:
    """Meet the inequalities that fail by moving along lines: all their numbers scaled, or one of them shifted."""
    for _ in range(len(instances) + 1):
        failing = next((i for i in instances if not i.holds(values, deadline)), None)
        if failing is None:
            return _admissible(instances, values, deadline)
        if failing.relation.operator == "=":
            return False
        keys = [key for key in failing.residual_and_keys(values, deadline)[1] if key not in keep]
        if not any(
            _moved_along(keys, steps, scaled, failing, instances, values, deadline)
            for keys, steps, scaled in ((keys, SCALES, True), *(([key], SHIFTS, False) for key in keys))
        ):
            return False
    return False


def _moved_along(
    keys: Sequence[Key],
    steps: Sequence[Fraction],
    scaled: bool,
    failing: Instance,
    instances: Sequence[Instance],
    values: Values,
    deadline: float,
) -> bool:
    """Whether some point on the line meets ``failing`` and breaks nothing that held; ``values`` are then moved."""
    start = {key: values.known[key] for key in keys}
    held = [i for i in instances if i.holds(values, deadline)]

    def move(s: ba.fmpq) -> bool:
        for key, x in start.items():
            values.known[key] = x * s if scaled else x + s
        return failing.holds(values, deadline)

    for step in steps:
        fails, holds = (ba.ONE if scaled else ba.ZERO), exact(step)
        if not move(holds):
            continue
        for _ in range(HALVINGS):  # beyond ``holds`` another inequality may fail: the place is between
            in_domain = all(inside(key[0].domain, as_fraction(values.known[key])) for key in keys)
            if in_domain and all(i.holds(values, deadline) for i in held):
                return True
            middle = (fails + holds) / 2
            fails, holds = (fails, middle) if move(middle) else (middle, holds)
            move(holds)
    values.known.update(start)
    return False
