"""Figures as SVG in the page: one file for light and dark, by CSS variables; drawn once and kept by content.

matplotlib wants colours, not variables: it draws with stand-ins that are replaced afterwards.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import os
import re
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from gradproof.processes import main_module_hidden
from gradproof.site.kept import Kept
from gradproof.site.numbers import Row, Table

FOREGROUND, GRID = "#010203", "#040506"
SERIES = ("#0a0b01", "#0a0b02", "#0a0b03", "#0a0b04")
MARKERS = "os^D"  # of the series, so that colour is not the only difference
VARIABLES = {
    FOREGROUND: "var(--plot-fg)",
    GRID: "var(--plot-grid)",
    **{stand_in: f"var(--plot-{number})" for number, stand_in in enumerate(SERIES, 1)},
}
STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "font.family": "Inter",
    "font.size": 10,
    "figure.dpi": 72,  # that of SVG: a pixel is a point
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "axes.edgecolor": GRID,
    "axes.labelcolor": FOREGROUND,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "xtick.color": FOREGROUND,
    "ytick.color": FOREGROUND,
    "text.color": FOREGROUND,
}
LEAST = 0.1  # ulp: errors below are drawn here
SHAPES = ("wide", "narrow")
MANY = 24  # figures from which on other processes are worth their start


@cache
def _store() -> Kept:
    return Kept("figures", hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:16])


def errors(name: str, table: Table) -> Markup:
    """The error by size, a panel a comparison, a line a data type; once wide, once for a phone. Empty for one size."""
    if len(table.sizes) < 2:
        return Markup("")
    drawn = (_store().value(_content(name, table, s), lambda s=s: _errors(name, table, s)) for s in SHAPES)
    return Markup("".join(drawn))


def draw_ahead(tables: Mapping[str, Table]) -> None:
    """Draw what is not kept yet, in processes of its own when it is much: then ``errors`` finds it."""
    due = [
        (name, table)
        for name, table in tables.items()
        if len(table.sizes) > 1 and not all(_store().has(_content(name, table, shape)) for shape in SHAPES)
    ]
    if len(due) >= MANY:
        # where no process can be started, they are drawn here, one after the other
        with suppress(BrokenProcessPool), main_module_hidden(), _pool() as pool:
            list(pool.map(errors, *zip(*due, strict=True), chunksize=4))


def _pool() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(os.cpu_count(), get_context("spawn"))


def _content(name: str, table: Table, shape: str) -> str:
    return f"{shape} {json.dumps([name, asdict(table)])}"


def _errors(name: str, table: Table, shape: str) -> str:
    plt = pyplot()
    panels = [(row.oracle, [r for r in table.rows if r.oracle == row.oracle]) for row in table.rows if row.first]
    with plt.rc_context({**STYLE, "svg.hashsalt": name}):
        figure, axes = _panels(plt, len(panels), shape)
        for at, (axis, (oracle, rows)) in enumerate(zip(axes, panels, strict=True)):
            for colour, row in zip(SERIES, rows, strict=False):
                _draw(axis, table.sizes, row, colour)
            _dress(axis, table.sizes, oracle, first=at == 0 or shape == "narrow")
        handles, labels = axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="upper right", ncols=len(labels), frameon=False, borderaxespad=0)
        drawn = svg(figure, f"{name}-{shape}", f"Error by size of {name}", shape)
        plt.close(figure)
    return drawn


def _panels(plt: Any, count: int, shape: str) -> tuple[Any, list[Any]]:
    """Side by side, or below each other on a phone."""
    if shape == "wide":
        figure, axes = plt.subplots(1, count, figsize=(9.4, 2.9), sharey=True, squeeze=False, layout="constrained")
    else:
        figure, axes = plt.subplots(
            count, 1, figsize=(4.4, 0.5 + 2.2 * count), sharey=True, sharex=True, squeeze=False, layout="constrained"
        )
    figure.get_layout_engine().set(rect=(0, 0, 1, 1 - (0.09 if shape == "wide" else 0.2 / (0.5 + 2.2 * count))))
    return figure, list(axes.flat)


def _draw(axis: Any, sizes: tuple[str, ...], row: Row, colour: str) -> None:
    at = [position for position, cell in enumerate(row.cells) if cell.worst is not None]
    marker = MARKERS[SERIES.index(colour)]
    worst = [max(row.cells[position].worst or 0.0, LEAST) for position in at]
    allowed = [row.cells[position].allowed for position in at]
    axis.plot(at, worst, color=colour, marker=marker, ms=5, lw=1.7, clip_on=False, label=row.dtype)
    axis.plot(at, allowed, color=colour, lw=1.2, ls=(0, (1.5, 2.5)), alpha=0.9)


def _dress(axis: Any, sizes: tuple[str, ...], oracle: str, *, first: bool) -> None:
    axis.set_yscale("log")
    axis.set_ylim(bottom=LEAST)
    axis.set_yticks([0.1, 1, 10, 100], ["≤ 0.1", "1", "10", "100"])
    axis.minorticks_off()
    axis.set_xticks(range(len(sizes)), list(sizes))
    axis.set_xlim(-0.25, len(sizes) - 0.75)
    axis.grid(axis="y", color=GRID, lw=0.8)
    axis.set_axisbelow(True)
    axis.tick_params(length=0, pad=5)
    axis.set_title(f"against {oracle}", loc="left", fontsize=10, color=FOREGROUND)
    if first:
        axis.set_ylabel("ulp")


def svg(figure: Any, name: str, title: str, shape: str) -> str:
    """A matplotlib figure as an SVG element for a page: variables for colours, ids of its own, no fixed size."""
    out = io.StringIO()
    figure.canvas.print_svg(out, metadata={"Date": None})  # savefig would lay out and draw everything twice
    text = _slim(out.getvalue())
    for stand_in, variable in VARIABLES.items():
        text = text.replace(stand_in, variable)
    slug = re.sub(r"\W", "-", name)
    text = re.sub(r'\b(id="|href="#|url\(#)', lambda found: f"{found[1]}{slug}-", text)
    return text.replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" class="plot {shape}" ', 1)


def _slim(text: str) -> str:
    """Without what a page does not need: the size, empty groups, digits of a pixel, the font of every word."""
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->|<style.*?</style>", "", text, flags=re.S)
    text = re.sub(r' (?:width|height)="[\d.]+pt"', "", text, count=2)
    text = re.sub(r' xmlns(?::xlink)?="[^"]*"| version="1.1"', "", text).replace("xlink:href", "href")
    text = re.sub(r' transform="rotate\(-0 [^"]*"', "", text)
    text = re.sub(r"font-size: 10px; font-family: [^;]*; ", "", text).replace(f"; fill: {FOREGROUND}", "")
    text = re.sub(r'<path d="[^"]*" style="fill: none"/>', "", text)  # the white behind the axes
    text = re.sub(r"<[^>]+>", lambda tag: _rounded(tag[0]), text)
    text = re.sub(r"(<g[^>]*)>((?:\s*<use [^>]*/>)+)", _styled_together, text)
    used = set(re.findall(r'(?:href="#|url\(#)([^")]*)', text))
    text = re.sub(r' id="([^"]*)"', lambda found: found[0] if found[1] in used else "", text)
    return re.sub(r"\s*\n\s*", " ", _ungrouped(text)).replace("> <", "><").replace("<defs></defs>", "").strip()


def _ungrouped(text: str) -> str:
    """Without the groups that say nothing; what is in them stays."""
    opened: list[str] = []

    def kept(found: re.Match[str]) -> str:
        tag = found[0]
        if tag.endswith("/>"):
            return ""
        if tag == "</g>":
            return tag if opened.pop() != "<g>" else ""
        opened.append(tag)
        return tag if tag != "<g>" else ""

    return re.sub(r"</?g\b[^>]*>", kept, text)


def _rounded(tag: str) -> str:
    """A tag with its numbers to a tenth of a pixel; what is written in the figure keeps its digits."""
    return re.sub(r"-?\d+\.\d+", lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), tag)


def _styled_together(found: re.Match[str]) -> str:
    """The markers of a curve with their style on the group, where all have the same."""
    styles = set(re.findall(r' style="[^"]*"', found[2]))
    if len(styles) != 1 or " style=" in found[1]:
        return found[0]
    (style,) = styles
    return f"{found[1]}{style}>{found[2].replace(style, '')}"


@cache
def pyplot() -> Any:
    """matplotlib, imported when the first figure is drawn."""
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    # the reader's browser has the font; this machine need not
    logging.getLogger("matplotlib.font_manager").setLevel(logging.CRITICAL)
    return plt
