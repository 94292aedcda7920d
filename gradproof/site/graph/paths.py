"""The edges of a layout as SVG paths: level through a column, bent between columns, spread where many meet."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from gradproof.site.graph.layers import Edge
from gradproof.site.graph.placing import Box, Layout

SPREAD = 7  # between two edges at one side of a box
ARROW = 3  # room for the head of an arrow


def paths(layout: Layout) -> dict[Edge, str]:
    """By edge, its path from the right side of one box to the left side of another."""
    leaving = _ports(layout, end=0)
    coming = _ports(layout, end=1)
    return {edge: _path(route, leaving[edge], coming[edge]) for edge, route in layout.routes.items()}


def _ports(layout: Layout, end: int) -> dict[Edge, float]:
    """Where each edge touches the box at that end: edges to higher boxes above those to lower ones."""
    meeting: dict[str, list[Edge]] = {}
    for edge in layout.routes:
        meeting.setdefault(edge[end], []).append(edge)
    found = {}
    for name, edges in meeting.items():
        box = layout.boxes[name]
        step = min(SPREAD, (box.height - 2 * SPREAD) / len(edges))
        toward = 1 if end == 0 else -2
        edges.sort(key=lambda edge: (layout.routes[edge][toward].middle, edge))
        for number, edge in enumerate(edges):
            found[edge] = box.middle + (number - (len(edges) - 1) / 2) * step
    return found


def _path(route: list[Box], start: float, end: float) -> str:
    stops = [(route[0].x + route[0].width, route[0].x + route[0].width, start)]
    stops += [(box.x, box.x + box.width, box.middle) for box in route[1:-1]]
    stops += [(route[-1].x - ARROW, route[-1].x, end)]
    pieces = [f"M{_number(stops[0][1])} {_number(start)}"]
    for (_, x, y), (left, right, to) in pairwise(stops):
        pieces.append(_bent(x, y, left, to))
        if (left, right) != stops[-1][:2]:
            pieces.append(f"H{_number(right)}")
    return "".join(pieces)


def _bent(x: float, y: float, to_x: float, to_y: float) -> str:
    """Level at both ends."""
    if abs(y - to_y) < 0.5:
        return f"H{_number(to_x)}"
    half = (x + to_x) / 2
    return f"C{_joined((half, y, half, to_y, to_x, to_y))}"


def _joined(numbers: Iterable[float]) -> str:
    return " ".join(_number(number) for number in numbers)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
