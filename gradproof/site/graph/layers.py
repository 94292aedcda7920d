"""The column of each node and the chain of places that each edge goes through, one in every column on its way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from itertools import pairwise

Edge = tuple[str, str]  # from what is used to what uses it


@dataclass(frozen=True, order=True)
class Place:
    """A node, or where the edge ``through`` passes a column between its ends."""

    group: int
    level: int
    name: str
    through: Edge | None = None


@dataclass
class Layered:
    """``bands[group][level]`` are the places of a group in a column, in their order from top to bottom."""

    bands: list[list[list[Place]]]
    chains: dict[Edge, list[Place]]
    above: dict[Place, list[Place]] = field(init=False)  # by place, its neighbours one column to the left
    below: dict[Place, list[Place]] = field(init=False)  # and one column to the right

    def __post_init__(self) -> None:
        places = [place for band in self.bands for column in band for place in column]
        self.above, self.below = {place: [] for place in places}, {place: [] for place in places}
        for left, right in self.links():
            self.above[right].append(left)
            self.below[left].append(right)

    def links(self) -> Iterator[tuple[Place, Place]]:
        """The pieces of all edges, each from one column to the next."""
        return (pair for chain in self.chains.values() for pair in pairwise(chain))


def levels(uses: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """By node, the length of the longest way down to one that uses nothing. Raises CycleError."""
    found: dict[str, int] = {}
    for name in TopologicalSorter(uses).static_order():
        found[name] = max((found[used] + 1 for used in uses.get(name, ())), default=0)
    return found


def layered(groups: Sequence[Iterable[str]], uses: Mapping[str, Sequence[str]]) -> Layered:
    """The nodes that have an edge, in columns by group. An edge over several columns runs in the group it leads to."""
    level = levels(uses)
    linked = {name for user, used in uses.items() if used for name in (user, *used)}
    count = max(level.values(), default=0) + 1
    bands: list[list[list[Place]]] = [[[] for _ in range(count)] for _ in groups]
    nodes: dict[str, Place] = {}
    for group, names in enumerate(groups):
        for name in names:
            if name in linked:
                nodes[name] = Place(group, level[name], name)
                bands[group][level[name]].append(nodes[name])
    chains = {}
    for user, place in nodes.items():
        for used in uses.get(user, ()):
            start = nodes[used]
            passed = [Place(place.group, k, user, (used, user)) for k in range(start.level + 1, place.level)]
            for one in passed:
                bands[one.group][one.level].append(one)
            chains[used, user] = [start, *passed, place]
    return Layered(bands, chains)
