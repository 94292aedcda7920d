"""What an experiment wants drawn, without a word on how: panels, axes, series and notes.

The site draws it with matplotlib and a program reads it as JSON; ``numeric`` itself imports no plotting library. Text
is plain Unicode (``σ′(z)``, ``10⁻³``), colours and sizes are the renderer's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np

Scale = Literal["linear", "log"]
Role = Literal["measured", "reference", "signal"]
Mark = Literal["line", "points", "line and points", "steps", "bars"]

DIGITS = 6  # of a number in the record: finer than any screen


class FigureError(ValueError):
    """A description that cannot be drawn: the message names the panel and the series."""


@dataclass(frozen=True)
class Axis:
    """One axis. ``limits`` are chosen by the renderer when none are given."""

    label: str
    scale: Scale = "linear"
    limits: tuple[float, float] | None = None


@dataclass(frozen=True)
class Series:
    """One curve.

    A reference is what measured ones are held against, theory or a bound: dashed. A signal is what is fed in: faint.
    """

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    mark: Mark = "line"
    role: Role = "measured"

    @classmethod
    def of(cls, name: str, x: Iterable[Any], y: Iterable[Any], mark: Mark = "line", role: Role = "measured") -> Series:
        """From arrays or tensors."""
        return cls(name, tuple(float(v) for v in x), tuple(float(v) for v in y), mark, role)


@dataclass(frozen=True)
class Note:
    """A remark that points at a place, in the units of the axes."""

    text: str
    x: float
    y: float


@dataclass(frozen=True)
class Panel:
    """One coordinate system. Raises FigureError for series that it cannot show."""

    title: str
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        for series in self.series:
            if problem := _problem(series, self):
                raise FigureError(f"{self.title}: {series.name}: {problem}")
        if len({s.name for s in self.series}) < len(self.series):
            raise FigureError(f"{self.title}: two series have one name")


@dataclass(frozen=True)
class Figure:
    """Panels, side by side or stacked as the width allows. ``caption`` says the same to who cannot see them."""

    caption: str
    panels: tuple[Panel, ...] = field(default_factory=tuple)

    def record(self) -> dict[str, Any]:
        """For JSON, numbers rounded to ``DIGITS`` digits; :func:`from_record` reads it back."""
        record = asdict(self)
        for panel in record["panels"]:
            for series in panel["series"]:
                series["x"], series["y"] = _rounded(series["x"]), _rounded(series["y"])
        return record


def from_record(record: Mapping[str, Any]) -> Figure:
    """The figure of a record, also after a way through JSON."""
    return Figure(record["caption"], tuple(_panel(p) for p in record["panels"]))


def _panel(record: Mapping[str, Any]) -> Panel:
    return Panel(
        record["title"],
        _axis(record["x"]),
        _axis(record["y"]),
        tuple(Series.of(**series) for series in record["series"]),
        tuple(Note(**note) for note in record["notes"]),
    )


def _axis(record: Mapping[str, Any]) -> Axis:
    limits = record["limits"]
    return Axis(record["label"], record["scale"], None if limits is None else (limits[0], limits[1]))


def _rounded(values: Iterable[float]) -> list[float]:
    return [float(f"{value:.{DIGITS}g}") for value in values]


def _problem(series: Series, panel: Panel) -> str:
    if len(series.x) != len(series.y):
        return f"{len(series.x)} places and {len(series.y)} values"
    if not series.x:
        return "no points"
    for values, axis in ((series.x, panel.x), (series.y, panel.y)):
        if not np.isfinite(values).all():
            return f"a value on the axis {axis.label!r} is not finite"
        if axis.scale == "log" and min(values) <= 0:
            return f"a value on the logarithmic axis {axis.label!r} is not positive"
    return ""
