"""The figure of an experiment, drawn from its record: panels, series by mark and role, notes that point at a place.

Measured series differ by colour, marker and, from the fifth on, by dashes. A reference is dashed and in the colour of
the text, a signal thin and faint.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from itertools import count
from math import log10
from pathlib import Path
from typing import Any

from markupsafe import Markup

from gradproof.site import figure_legends, figure_notes
from gradproof.site.figure_legends import Legend, Shape
from gradproof.site.figures import FOREGROUND, GRID, MARKERS, SERIES, STYLE, pyplot, svg
from gradproof.site.kept import Kept
from gradproof.site.numerals import power

Panel = dict[str, Any]  # as in the record of a figure
Series = dict[str, Any]
Styles = dict[str, int]  # the number of each measured series in the figure, by its name

FULL, LONG, AGAIN = "-", (0, (8, 2.5)), (0, (7, 2, 1.5, 2))  # the last is for colours used a second time
DASHES = ((0, (4, 2.5)), (0, (1.5, 2)))  # of references
EVERY = 0.14  # of the diagonal: how far apart the markers on a curve are

SHAPES = (Shape("wide", 9.4, 3.0, 3, 128), Shape("narrow", 4.4, 2.6, 1, 58))
LINE = 0.2  # inches: of a legend


@cache
def _store() -> Kept:
    drawing = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*figure*.py")))
    return Kept("figures", hashlib.sha256(drawing).hexdigest()[:16])


def drawn(name: str, figure: dict[str, Any]) -> Markup:
    """The figure as SVG in both shapes. ``name`` begins its ids and titles it: E1."""
    content = json.dumps([name, figure], sort_keys=True)
    both = (_store().value(f"{shape} {content}", lambda s=shape: _draw(name, figure, s)) for shape in SHAPES)
    return Markup("".join(both))


def _draw(name: str, figure: dict[str, Any], shape: Shape) -> str:
    plt, panels = pyplot(), figure["panels"]
    styles = numbered(panels)
    legends = figure_legends.laid_out(panels, styles, shape)
    with plt.rc_context({**STYLE, "svg.hashsalt": name, "axes.formatter.useoffset": False}):
        drawing, axes = _axes(plt, panels, shape, legends)
        for axis, panel in zip(axes, panels, strict=True):
            _panel(axis, panel, styles)
        figure_legends.add(axes, legends, shape)
        figure_notes.add_notes(drawing, axes, panels)
        titles = ", ".join(panel["title"] for panel in panels)
        found = svg(drawing, f"{name}-{shape.name}", f"Figure of {name}: {titles}", shape.name)
        plt.close(drawing)
    return found


def numbered(panels: list[Panel]) -> Styles:
    """A number for each measured series, the same in every panel: its place among the measured ones of its panel."""
    found: Styles = {}
    for panel in panels:
        measured = [s["name"] for s in panel["series"] if s["role"] == "measured"]
        taken = {found[name] for name in measured if name in found}
        for place, name in enumerate(measured):
            if name not in found:
                found[name] = next(number for number in count(place) if number not in taken)
                taken.add(found[name])
    return found


# ---- axes


def _axes(plt: Any, panels: list[Panel], shape: Shape, legends: list[Legend]) -> tuple[Any, list[Any]]:
    """A coordinate system for each panel; those that measure the same have the same scale."""
    columns = shape.columns(len(panels))
    rows = -(-len(panels) // columns)
    lines = sum(legend.rows for legend in legends) / (columns if len(legends) > 1 else 1)
    drawing, grid = plt.subplots(
        rows,
        columns,
        figsize=(shape.width, shape.height * rows + LINE * lines),
        sharey=all(panel["y"] == panels[0]["y"] for panel in panels),
        squeeze=False,
        layout="constrained",
    )
    for spare in list(grid.flat)[len(panels) :]:
        spare.remove()
    return drawing, list(grid.flat)[: len(panels)]


def _panel(axis: Any, panel: Panel, styles: Styles) -> None:
    references = count()
    for series in panel["series"]:
        _series(axis, series, _style(series, styles, references))
    for side in ("x", "y"):
        _axis(axis, side, panel[side])
    axis.grid(axis="y", color=GRID, lw=0.8)
    axis.set_axisbelow(True)
    axis.tick_params(length=0, pad=5)
    if not axis.get_subplotspec().is_first_col() and axis.get_shared_y_axes().get_siblings(axis) != [axis]:
        axis.set_ylabel("")
    axis.set_title(panel["title"], loc="left", fontsize=10, color=FOREGROUND)


def _axis(axis: Any, side: str, described: dict[str, Any]) -> None:
    from matplotlib import ticker

    axis.set(**{f"{side}label": described["label"], f"{side}scale": described["scale"]})
    if described["limits"]:
        axis.set(**{f"{side}lim": described["limits"]})
    own = getattr(axis, f"{side}axis")
    if described["scale"] == "log":
        own.set_major_locator(ticker.LogLocator(numticks=7))
        own.set_minor_locator(ticker.NullLocator())
        own.set_major_formatter(
            ticker.FuncFormatter(lambda value, _: power(round(log10(value))) if value != 1 else "1")
        )
    elif side == "x" and all(float(x).is_integer() for line in axis.lines for x in line.get_xdata()):
        own.set_major_locator(ticker.MaxNLocator(integer=True, steps=[1, 2, 5, 10]))


# ---- series


def _style(series: Series, styles: Styles, references: Any) -> dict[str, Any]:
    """Colour, width, dashes and marker by the role of a series."""
    if series["role"] == "signal":
        return {
            "color": FOREGROUND,
            "lw": 0.9,
            "alpha": 0.6,
            "ls": "-",
            "marker": "x",
            "mfc": FOREGROUND,
            "zorder": 1.5,
        }
    if series["role"] == "reference":
        dashes = DASHES[next(references) % len(DASHES)]
        return {"color": FOREGROUND, "lw": 1.3, "ls": dashes, "marker": "o", "mfc": "none", "zorder": 3}
    number = styles[series["name"]]
    colour, marker = SERIES[number % len(SERIES)], (MARKERS + "vP*X")[number % 8]
    dashes = AGAIN if number >= len(SERIES) else LONG if number == len(SERIES) - 1 else FULL
    return {"color": colour, "lw": 1.7, "ls": dashes, "marker": marker, "mfc": colour, "zorder": 2}


def _series(axis: Any, series: Series, style: dict[str, Any]) -> None:
    x, y, name = series["x"], series["y"], series["name"]
    if series["mark"] == "bars":
        axis.bar(x, y, width=0.8, color=style["color"], alpha=0.45, label=name)
        return
    axis.plot(x, y, label=name, **({"ms": 4.5} | style | _mark(series, style)))


def _mark(series: Series, style: dict[str, Any]) -> dict[str, Any]:
    """What the mark asks for. Measured curves have a few markers each, at places of their own."""
    if series["mark"] == "points":
        return {"ls": "none"}
    measured = series["role"] == "measured"
    if series["mark"] == "line and points":  # hollow ones in turn: series that coincide are both seen
        hollow = measured and SERIES.index(style["color"]) % 2 == 0
        return {"mfc": "none", "ms": 7, "mew": 1.2} if hollow else {"ms": 3.5}
    steps = {"drawstyle": "steps-post"} if series["mark"] == "steps" else {}
    if not measured:
        return {**steps, "marker": ""}
    start = EVERY * (0.2 + 0.2 * SERIES.index(style["color"]))
    return {**steps, "markevery": (start, EVERY)}
