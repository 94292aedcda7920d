"""Expressions of the claim language as numbers: read as users' text, evaluated term by term in ball arithmetic."""

import itertools
from fractions import Fraction

import numpy as np

from derivations.calculus.symbols import Index, Scalar, Size, Tensor
from derivations.judges.ball import evaluate
from derivations.judges.ball.footprints import footprint
from derivations.judges.ball.values import Point, point
from derivations.language import claims

DIGITS = 40


def entries(text, where="", let=(), **numbers) -> np.ndarray:
    """The array that an expression means: ``entries("A @ x", "A: real[m, n]; x: real[n]", A=..., x=..., m=2, n=3)``.

    Free indices have numbers too: ``entries("x[i]", "x: real[n]", x=..., n=3, i=1)``.
    """
    (part,) = claims.read(f"{text} == {text}", where, let).parts
    found = footprint(part.relation.left)
    shape = tuple(_size(k, numbers) for k in part.indices)
    values = np.empty(shape)
    for at in itertools.product(*(range(size) for size in shape)):
        indices = {k: numbers[k.name] for k in found.indices if k not in part.indices}
        indices |= {k: position + 1 for k, position in zip(part.indices, at, strict=True)}
        values[at] = float(evaluate(part.relation.left, point_of(found, indices, numbers)).mid())
    return values


def exactly(text, where="", **numbers) -> str:
    """The first digits of a scalar expression, all of them certain."""
    (part,) = claims.read(f"{text} == {text}", where).parts
    ball = evaluate(part.relation.left, point_of(footprint(part.relation.left), {}, numbers))
    return ball.str(DIGITS, radius=False)


def _size(k: Index, numbers) -> int:
    sizes = {s: numbers[s.name] for s in k.high.free_symbols}
    return int(k.high.xreplace(sizes))


def point_of(found, indices, numbers) -> Point:
    assignment = dict(indices)
    for thing in found.objects:
        if isinstance(thing, (Scalar, Size, Tensor)):
            assignment[thing] = _exact(numbers[thing.name])
    return point(assignment)


def _exact(value):
    if isinstance(value, np.ndarray):
        return _exact(value.tolist())
    return [_exact(v) for v in value] if isinstance(value, list) else Fraction(value)
