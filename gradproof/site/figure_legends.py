"""Legends: one for a figure where a style means one name throughout, else one above each panel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradproof.site.figures import FOREGROUND

HANDLE = 8  # letters that the sign of an entry takes
PLAIN = {"frameon": False, "borderaxespad": 0, "borderpad": 0.2, "columnspacing": 1.4, "handletextpad": 0.6}


@dataclass(frozen=True)
class Shape:
    """How a figure is laid out: inches, panels in a row, letters in a line of its legend."""

    name: str
    width: float
    height: float  # of a row of panels
    most: int
    letters: int

    def columns(self, panels: int) -> int:
        return min(2 if panels == 4 else panels, self.most)


@dataclass(frozen=True)
class Legend:
    """Names in the order in which they stand, over so many columns; of one panel, or of all."""

    names: list[str]
    columns: int
    panel: int | None = None

    @property
    def rows(self) -> int:
        return -(-len(self.names) // self.columns)


def laid_out(panels: Sequence[dict[str, Any]], styles: Mapping[str, int], shape: Shape) -> list[Legend]:
    """One for the figure where a style means one name throughout, else one for each panel."""
    names = [[series["name"] for series in panel["series"]] for panel in panels]
    if len(set(styles.values())) == len(styles):
        together = list(dict.fromkeys(name for own in names for name in own))
        return [Legend(together, _columns(together, shape.letters))]
    letters = shape.letters // shape.columns(len(panels))
    return [Legend(own, _columns(own, letters), number) for number, own in enumerate(names)]


def _columns(names: list[str], letters: int) -> int:
    """As many columns as fit into a line, filled from top to bottom."""
    for columns in range(len(names), 1, -1):
        rows = -(-len(names) // columns)
        widths = [max(map(len, names[at : at + rows])) + HANDLE for at in range(0, len(names), rows)]
        if sum(widths) <= letters:
            return columns
    return 1


def add(axes: list[Any], legends: list[Legend], shape: Shape) -> None:
    handles = {
        (number, name): handle
        for number, axis in enumerate(axes)
        for handle, name in zip(*axis.get_legend_handles_labels(), strict=True)
    }
    across = shape.columns(len(axes))
    for legend in legends:
        own = {name: handle for (n, name), handle in handles.items() if legend.panel in (n, None)}
        entries = {"handles": [own[name] for name in legend.names], "labels": legend.names, "ncols": legend.columns}
        if legend.panel is None:
            axes[0].figure.legend(loc="outside upper left", **entries, **PLAIN)
            return
        axis, row = axes[legend.panel], legend.panel // across * across
        axis.legend(loc="lower left", bbox_to_anchor=(0, 1), **entries, **PLAIN)
        highest = max(beside.rows for beside in legends[row : row + across])
        axis.set_title(axis.get_title(loc="left"), loc="left", fontsize=10, color=FOREGROUND, pad=6 + 15 * highest)
