"""The numbers of a result as a table: a row a comparison and data type, a column a size, in ulps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gradproof.site.badges import WITHOUT_A_FIGURE, Check


@dataclass(frozen=True)
class Cell:
    state: str
    worst: float | None
    allowed: float | None
    words: str


@dataclass(frozen=True)
class Row:
    oracle: str
    dtype: str
    cells: tuple[Cell, ...]
    first: bool  # of its oracle, with a heading over ``span`` rows
    span: int


@dataclass(frozen=True)
class Table:
    sizes: tuple[str, ...]
    rows: tuple[Row, ...]


ABSENT = Cell("none", None, None, "–")


def table(checks: Sequence[Check]) -> Table | None:
    """None where nothing was measured: a result without a figure, or one that did not run."""
    shown = [c for c in checks if c["oracle"] not in (*WITHOUT_A_FIGURE, "converse")]
    if not any(c["worst_ulp"] is not None for c in shown):
        return None
    sizes = tuple(dict.fromkeys(c["size"] for c in shown))
    rows = []
    for oracle in dict.fromkeys(c["oracle"] for c in shown):
        own = [c for c in shown if c["oracle"] == oracle]
        dtypes = list(dict.fromkeys(c["dtype"] for c in own))
        for dtype in dtypes:
            cells = tuple(_cell(own, dtype, size) for size in sizes)
            rows.append(Row(oracle, dtype, cells, dtype == dtypes[0], len(dtypes)))
    return Table(sizes, tuple(rows))


def _cell(checks: Sequence[Check], dtype: str, size: str) -> Cell:
    """The worst check of a comparison at one size."""
    found = [c for c in checks if (c["dtype"], c["size"]) == (dtype, size)]
    if not found:
        return ABSENT
    worst = max(found, key=lambda c: (c["status"] == "fail", float(c["worst_ulp"] or 0)))
    if worst["status"] == "not run":
        return Cell("none", None, None, "not run")
    if worst["worst_ulp"] is None:
        return Cell(worst["status"], None, None, worst["status"])
    return Cell(worst["status"], float(worst["worst_ulp"]), float(worst["tolerance_ulp"] or 0), "")


def lede(checks: Sequence[Check]) -> str:
    """What the figures are."""
    places: dict[str, Any] = dict.fromkeys(c["device"] for c in checks)
    return (
        f"Largest error in units in the last place (ulp), on {', '.join(places)}, and the error that rounding allows "
        "there. A check fails when the first figure exceeds the second."
    )
