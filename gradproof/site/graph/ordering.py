"""The order within each column: every place near the middle of its neighbours, what hangs together kept together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations

from gradproof.site.graph.layers import Layered, Place

SWEEPS = 12


def order(graph: Layered) -> None:
    """Put the columns into an order with few crossings: the best that some sweeps to and fro have seen."""
    part = parts(graph)
    _sort(graph, lambda place: (part[place], 0.0))
    best, fewest = _copy(graph), crossings(graph)
    for sweep in range(SWEEPS):
        _sweep(graph, part, forward=sweep % 2 == 0)
        if (now := crossings(graph)) < fewest:
            best, fewest = _copy(graph), now
    graph.bands = best


def parts(graph: Layered) -> dict[Place, int]:
    """By place, the number of the part of its band that hangs together within it."""
    found: dict[Place, int] = {}
    for number, start in enumerate(place for band in graph.bands for column in band for place in column):
        waiting = [start]
        while waiting:
            place = waiting.pop()
            if place not in found and place.group == start.group:
                found[place] = number
                waiting += [*graph.above[place], *graph.below[place]]
    return found


def crossings(graph: Layered) -> int:
    """How many pairs of edge pieces cross between the same two columns."""
    at = _positions(graph)
    gaps: dict[int, list[tuple[int, int]]] = {}
    for left, right in graph.links():
        gaps.setdefault(left.level, []).append((at[left], at[right]))
    return sum((a - c) * (b - d) < 0 for pieces in gaps.values() for (a, b), (c, d) in combinations(pieces, 2))


def _sweep(graph: Layered, part: dict[Place, int], *, forward: bool) -> None:
    neighbours = graph.above if forward else graph.below
    count = max((len(band) for band in graph.bands), default=0)
    for level in range(count) if forward else reversed(range(count)):
        at = _positions(graph)
        _sort(graph, lambda p, at=at: (part[p], _middle((at[n] for n in neighbours[p]), at[p])), [level])


def _middle(positions: Iterable[int], otherwise: int) -> float:
    found = list(positions)
    return sum(found) / len(found) if found else otherwise


def _sort(graph: Layered, key: Callable[[Place], tuple[int, float]], levels: Iterable[int] | None = None) -> None:
    for band in graph.bands:
        for level in levels if levels is not None else range(len(band)):
            band[level].sort(key=key)


def _positions(graph: Layered) -> dict[Place, int]:
    """By place, where it stands in its column, counted through all bands from the top."""
    found: dict[Place, int] = {}
    for column in zip(*graph.bands, strict=True):
        found |= {place: number for number, place in enumerate(place for part in column for place in part)}
    return found


def _copy(graph: Layered) -> list[list[list[Place]]]:
    return [[list(column) for column in band] for band in graph.bands]
