"""Both sides of a refuted comparison at its witness: whole arrays, not the one entry that the refuter looked at."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

import sympy as sp

from derivations.calculus.symbols import Index, Scalar, Size, Tensor
from derivations.judges.ball import arithmetic as ba
from derivations.judges.ball.evaluator import Evaluator
from derivations.judges.ball.footprints import union
from derivations.judges.ball.scope import NotEvaluable, OutOfTime, Scope
from derivations.judges.ball.values import Point, point
from derivations.language.claims import Part
from derivations.proof.statement import Hypothesis
from derivations.proof.verdict import Witness
from gradproof.claims.verdicts import nested

MOST_ENTRIES = 16
SECONDS = 0.5


def whole(witness: Witness, part: Part, hypotheses: Iterable[Hypothesis]) -> Witness:
    """The witness with both sides in full and without the entry; as it was where that cannot be shown."""
    if not part.indices:
        return witness
    names = {k.name for k in part.indices}
    try:
        at = point_of(witness, part, hypotheses)
        shape = [_extent(k, at) for k in part.indices]
        if sp.prod(shape) > MOST_ENTRIES:
            return witness
        left, right = _texts(part, at, shape)
    except (NotEvaluable, OutOfTime, KeyError, ValueError):
        return witness
    return replace(witness, values={k: v for k, v in witness.values.items() if k not in names}, left=left, right=right)


def point_of(witness: Witness, part: Part, hypotheses: Iterable[Hypothesis] = ()) -> Point:
    """The point that a witness describes. Raises KeyError or ValueError for one that is not described in full."""
    sides = [part.relation.left, part.relation.right]
    sides += [side for h in hypotheses for side in (h.relation.left, h.relation.right)]
    seen = union(sides)
    things = {t.name: t for t in (*seen.indices, *seen.objects) if isinstance(t, (Index, Size, Scalar, Tensor))}
    return point({things[name]: nested(text) for name, text in witness.values.items() if name in things})


def _extent(k: Index, at: Point) -> int:
    return Evaluator(at.values).integer(k.high, Scope(at.indices))


def _texts(part: Part, at: Point, shape: list[int]) -> tuple[str, str]:
    """Both sides in the order of the relation, each entry in figures that tell it from its partner."""
    left, right = {}, {}
    with ba.precision():
        evaluator = Evaluator(at.values, time.monotonic() + SECONDS)
        for position in itertools.product(*(range(1, size + 1) for size in shape)):
            scope = Scope({**at.indices, **dict(zip(part.indices, position, strict=True))})
            sides = [evaluator.value(side, scope) for side in (part.relation.left, part.relation.right)]
            if not all(map(ba.defined, sides)):
                raise NotEvaluable("an entry has no value here")
            left[position], right[position] = _entry_texts(*sides)
    return _bracketed(left.__getitem__, shape), _bracketed(right.__getitem__, shape)


def _entry_texts(x: ba.Number, y: ba.Number) -> tuple[str, str]:
    """Two entries; a few digits are enough for what is equal."""
    if ba.certain_sign(ba.subtract(x, y)) in (1, -1):
        return ba.texts(x, y)
    return ba.texts(x, ba.ZERO)[0], ba.texts(y, ba.ZERO)[0]


def _bracketed(entry: Callable[[tuple[int, ...]], str], shape: list[int], chosen: tuple[int, ...] = ()) -> str:
    if len(chosen) == len(shape):
        return entry(chosen)
    inside = (_bracketed(entry, shape, (*chosen, k)) for k in range(1, shape[len(chosen)] + 1))
    return f"[{', '.join(inside)}]"
