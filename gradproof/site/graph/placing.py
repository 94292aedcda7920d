"""The coordinates: columns beside each other, a band for every group, each edge as level as the order allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gradproof.site.graph.layers import Edge, Layered, Place, layered
from gradproof.site.graph.ordering import order

WIDTH, HEIGHT = 244, 40  # of a node
GUTTER, GAP = 60, 10  # between columns, between nodes of one column
PASSING = 10  # height of an edge on its way through a column
HEADING, LOOSE, FOOT = 34, 26, 20  # height of a band's title, of a row of nodes without edges, of the space below
LETTER, ASIDE, APART = 5.5, 26, 24  # width of a letter of such a node, of its sign, of the space to the next
LEAST_COLUMNS = 4  # also the width of a row of nodes without edges
PASSES = 6


@dataclass(frozen=True)
class Box:
    """Where a node stands; ``loose`` is one without edges, which has no frame."""

    x: float
    y: float
    width: float
    height: float
    level: int
    loose: bool = False

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True)
class Layout:
    boxes: dict[str, Box]
    routes: dict[Edge, list[Box]]  # from box to box, with the places between them
    bands: list[tuple[float, float]]  # top and height of each group
    width: float
    height: float


def layout(groups: Sequence[Mapping[str, str]], uses: Mapping[str, Sequence[str]], top: float = 0) -> Layout:
    """Boxes for all nodes of the groups, each with its words; the groups stand below each other, from ``top`` on."""
    graph = layered(groups, uses)
    order(graph)
    columns = max([LEAST_COLUMNS, *map(len, graph.bands)])
    places, boxes, bands = {}, {}, []
    for names, band in zip(groups, graph.bands, strict=True):
        height = _place(band, graph, top + HEADING, places)
        linked = {place.name for column in band for place in column}
        loose = {name: words for name, words in names.items() if name not in linked}
        boxes |= _rows(loose, _left(LEAST_COLUMNS) - GUTTER, top + HEADING + height)
        bottom = max((boxes[name].y + LOOSE for name in loose), default=top + HEADING + height) + FOOT
        bands.append((top, bottom - top))
        top = bottom
    boxes |= {place.name: box for place, box in places.items() if place.through is None}
    routes = {edge: [places[place] for place in chain] for edge, chain in graph.chains.items()}
    return Layout(boxes, routes, bands, _left(columns) - GUTTER, top)


def _left(column: int) -> float:
    return column * (WIDTH + GUTTER)


def _rows(words: Mapping[str, str], width: float, top: float) -> dict[str, Box]:
    """Nodes without edges, one after the other as words in a text."""
    found, x, y = {}, 0.0, top
    for name, title in words.items():
        own = min(ASIDE + round(LETTER * len(title)), width)
        if x and x + own > width:
            x, y = 0.0, y + LOOSE
        found[name] = Box(x, y, own, LOOSE, 0, loose=True)
        x += own + APART
    return found


def _place(band: list[list[Place]], graph: Layered, top: float, places: dict[Place, Box]) -> float:
    """Put the boxes of a band into ``places``; its height."""
    middle = {p: y for column in band for p, y in zip(column, _spread(column, [0.0] * len(column)), strict=True)}
    for number in range(PASSES):
        forward = number % 2 == 0
        neighbours = graph.above if forward else graph.below
        for column in band if forward else reversed(band):
            wanted = [_mean([middle[n] for n in neighbours[p] if n in middle], middle[p]) for p in column]
            middle |= zip(column, _spread(column, wanted), strict=True)
    if not middle:
        return 0.0
    first = min(y - _height(p) / 2 for p, y in middle.items())
    for p, y in middle.items():
        box_top = round(top + y - first - _height(p) / 2)
        places[p] = Box(_left(p.level), box_top, WIDTH, _height(p), p.level)
    return max(box.y + box.height for p, box in places.items() if p in middle) - top + GAP


def _height(place: Place) -> float:
    return PASSING if place.through else HEIGHT


def _mean(numbers: list[float], otherwise: float) -> float:
    return sum(numbers) / len(numbers) if numbers else otherwise


def _spread(column: Sequence[Place], wanted: Sequence[float]) -> list[float]:
    """The middles nearest to those wanted, by least squares, that keep the order and leave a gap between neighbours."""
    offsets = [0.0]
    for one, other in pairwise(column):
        offsets.append(offsets[-1] + (_height(one) + _height(other)) / 2 + GAP)
    blocks: list[tuple[float, int]] = []  # the mean and the size of each run of nodes that touch
    for want, offset in zip(wanted, offsets, strict=False):
        mean, size = want - offset, 1
        while blocks and blocks[-1][0] > mean:
            before, count = blocks.pop()
            mean, size = (before * count + mean * size) / (count + size), count + size
        blocks.append((mean, size))
    firm = [mean for mean, size in blocks for _ in range(size)]
    return [mean + offset for mean, offset in zip(firm, offsets, strict=False)]
