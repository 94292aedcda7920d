"""Square arrays with the structure that hypotheses ask for: reflections, rotations, projections, permutations.

They are made from the numbers drawn, so that different draws give different ones; identity and 0 come last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from derivations.judges.ball import arithmetic as ba
from derivations.judges.ball.values import Key, Values

Rows = list[list[ba.fmpq]]


def patterned(arrays: Sequence[Sequence[Key]], values: Values) -> Iterator[dict[Key, ba.fmpq]]:
    """Values for one of the square arrays, or for all that are square, in each pattern."""
    squares = [square for keys in arrays if (square := _square(keys)) is not None]
    for pattern in _turned(squares, values):
        changes = [_filled(square, pattern, values) for square in squares]
        yield from changes
        if len(changes) > 1:
            yield {key: x for change in changes for key, x in change.items()}


def _square(keys: Sequence[Key]) -> list[list[Key]] | None:
    """The keys of a whole square array by rows; None for any other shape."""
    found = {at: (thing, at, outcome) for thing, at, outcome in keys}
    if len(found) != len(keys) or any(len(at) != 2 for at in found):
        return None
    rows, columns = (sorted({at[axis] for at in found}) for axis in (0, 1))
    if rows != columns or len(rows) ** 2 != len(found):
        return None
    return [[found[p, q] for q in columns] for p in rows]


def _turned(squares: Sequence[list[list[Key]]], values: Values) -> list[Callable[[Rows], Rows]]:
    """The patterns in an order that depends on the numbers drawn, the trivial ones last."""
    patterns = [_reflection, _rotation, _projection, _permutation]
    drawn = sum(int(values.known[square[0][-1]].p) for square in squares)
    turn = drawn % len(patterns)
    return [*patterns[turn:], *patterns[:turn], partial(_scalar, 1), partial(_scalar, 0)]


def _filled(square: list[list[Key]], pattern: Callable[[Rows], Rows], values: Values) -> dict[Key, ba.fmpq]:
    entries = pattern([[values.known[key] for key in row] for row in square])
    return {key: x for keys, row in zip(square, entries, strict=True) for key, x in zip(keys, row, strict=True)}


def _scalar(c: int, drawn: Rows) -> Rows:
    """c on the diagonal."""
    return [[ba.fmpq(c if p == q else 0) for q in range(len(drawn))] for p in range(len(drawn))]


def _projection(drawn: Rows) -> Rows:
    """v v^T / v^T v, onto the first row."""
    v = drawn[0]
    length = sum((x * x for x in v), ba.ZERO)
    return [[x * y / length for y in v] for x in v] if length != 0 else _scalar(0, drawn)


def _reflection(drawn: Rows) -> Rows:
    """1 - 2 v v^T / v^T v, in the first row: symmetric and orthogonal."""
    return _combined(_scalar(1, drawn), _projection(drawn), -2)


def _rotation(drawn: Rows) -> Rows:
    """Two reflections after one another: orthogonal, in general not symmetric."""
    second = _reflection([drawn[-1], *drawn[1:]])
    return (ba.fmpq_mat(_reflection(drawn)) * ba.fmpq_mat(second)).tolist()


def _permutation(drawn: Rows) -> Rows:
    """Row p has its 1 where the p-th smallest number of the first row stands."""
    order = sorted(range(len(drawn)), key=lambda q: drawn[0][q])
    return [[ba.fmpq(int(order[p] == q)) for q in range(len(drawn))] for p in range(len(drawn))]


def _combined(one: Rows, other: Rows, c: int) -> Rows:
    return [[x + c * y for x, y in zip(a, b, strict=True)] for a, b in zip(one, other, strict=True)]
