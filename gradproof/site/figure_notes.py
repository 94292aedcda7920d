"""What a figure says of a place: the text stands where there is room, an arrow points at the place."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradproof.site.figures import FOREGROUND

NOTE_AT = np.array((50.0, 26.0))  # points from a place to what is said of it
LETTER = np.array((2.8, 7.2))  # half of the points that a letter takes
SIDES = [(far * across, far * up) for far in (1, 1.5) for across in (1, 0.5, 0, -0.5, -1) for up in (1, -1)]
ENOUGH = 1.3  # times half of the text: room around its middle


def add_notes(drawing: Any, axes: list[Any], panels: list[dict[str, Any]]) -> None:
    """What is said of a place, once the panels have the size that they will have."""
    if any(panel["notes"] for panel in panels):
        drawing.draw_without_rendering()
    for axis, panel in zip(axes, panels, strict=True):
        for note in panel["notes"]:
            _note(axis, note, panel["series"])


def _note(axis: Any, note: dict[str, Any], series: list[dict[str, Any]]) -> None:
    """The text beside the place, at the first position that has room between the curves and the edges."""
    place = axis.transData.transform((note["x"], note["y"]))
    curves = np.concatenate([_along(axis, s) for s in series])
    half = LETTER * (len(note["text"]), 1)
    room = {side: _room(axis, place + np.multiply(side, NOTE_AT), half, curves) for side in SIDES}
    across, up = next((side for side in SIDES if room[side] > ENOUGH), max(SIDES, key=room.__getitem__))
    axis.annotate(
        note["text"],
        (note["x"], note["y"]),
        xytext=(across * NOTE_AT[0], up * NOTE_AT[1]),
        textcoords="offset points",
        ha="center",
        va="center",
        arrowprops={"arrowstyle": "->", "color": FOREGROUND, "lw": 0.9, "shrinkB": 3},
    )


def _along(axis: Any, series: dict[str, Any]) -> np.ndarray:
    """Points of a curve, in points, close enough to each other that no text fits between them."""
    corners = axis.transData.transform(np.column_stack([series["x"], series["y"]]))
    at = np.linspace(0, len(corners) - 1, 20 * len(corners))
    return np.column_stack([np.interp(at, range(len(corners)), corners[:, side]) for side in (0, 1)])


def _room(axis: Any, middle: np.ndarray, half: np.ndarray, curves: np.ndarray) -> float:
    """How far the next curve or edge is from the middle of a text, in halves of its width and height."""
    to_edges = np.concatenate([middle - axis.bbox.min, axis.bbox.max - middle]) / np.tile(half, 2)
    return float(min(np.abs((curves - middle) / half).max(axis=1).min(), to_edges.min() + 0.4))
