"""Figures: every series by its mark and role, in both shapes, with ids of their own."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from gradproof.site import figures
from gradproof.site.experiment_figure import SHAPES, _draw, drawn, numbered
from gradproof.site.figure_legends import laid_out
from gradproof.site.numbers import Cell, Row, Table
from numeric.experiments import Axis, Figure, Note, Panel, Series
from tests.support.drawings import number, scale_of

X = (1.0, 2.0, 3.0, 4.0)
MARKS = ("line", "points", "line and points", "steps", "bars")
WIDE, NARROW = SHAPES


def figure(*series, scale: Any = "linear", limits=None, notes=()):
    panel = Panel("one", Axis("x"), Axis("y", scale, limits), series, notes)
    return Figure("Said in words.", (panel,)).record()


def curve(name="a", mark: Any = "line", role: Any = "measured", y=(1.0, 2.0, 1.0, 3.0)):
    return Series(name, X, y, mark, role)


def texts(svg):
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


@pytest.mark.parametrize("role", ["measured", "reference", "signal"])
@pytest.mark.parametrize("mark", MARKS)
def test_every_mark_in_every_role(mark, role):
    svg = _draw("E", figure(curve("the name", mark, role)), NARROW)
    assert "the name" in texts(svg)
    shapes = {"points": "<use", "line and points": "<use"}.get(mark, "<path")
    assert shapes in svg.partition("clip-path")[2]
    drawn_line = "fill: none; stroke" in svg.partition("clip-path")[2].replace("var(--plot-grid)", "", 1)
    assert drawn_line or mark in ("points", "bars")


def test_a_reference_is_dashed_and_a_signal_faint():
    assert "stroke-dasharray" in _draw("E", figure(curve(role="reference")), NARROW)
    assert "stroke-dasharray" not in _draw("E", figure(curve()), NARROW)
    assert "opacity: 0.6" in _draw("E", figure(curve(role="signal")), NARROW)


def test_six_series_differ_without_their_colours():
    svg = _draw("E", figure(*(curve(f"s{n}", "line and points") for n in range(6))), WIDE)
    assert {f"s{n}" for n in range(6)} <= set(texts(svg))
    assert {f"var(--plot-{n})" for n in (1, 2, 3, 4)} <= set(re.findall(r"var\(--plot-\d\)", svg))
    assert len(set(re.findall(r'<use href="#([^"]*)"', svg))) >= 6  # a marker each


def test_text_keeps_its_digits():
    svg = _draw("E", figure(curve("η = 0.005"), notes=(Note("at 0.0313", 2.0, 2.0),)), WIDE)
    assert {"η = 0.005", "at 0.0313"} <= set(texts(svg))
    assert not [tag for tag in re.findall(r"<[^>]+>", svg) if re.search(r"\d\.\d\d", tag)]  # a page needs no more


def test_scales_and_limits():
    svg = _draw("E", figure(curve(y=(1e-9, 1e-6, 1e-3, 1.0)), scale="log"), WIDE)
    assert "1" in texts(svg) and any(text.startswith("10⁻") for text in texts(svg))
    limited = _draw("E", figure(curve(), limits=(0, 50)), WIDE)
    assert "50" in texts(limited)


def test_a_name_has_one_number_in_all_panels():
    def panel(*names):
        return {"series": [{"name": name, "role": "measured"} for name in names]}

    assert numbered([panel("a", "b", "c"), panel("a", "c"), panel("c", "d")]) == {"a": 0, "b": 1, "c": 2, "d": 1}
    assert numbered([panel("b", "c"), panel("a", "b", "c")]) == {"b": 0, "c": 1, "a": 2}


def test_a_legend_for_each_panel_where_a_style_means_two_names():
    def panel(*names):
        return {"series": [{"name": name, "role": "measured"} for name in names]}

    together, apart = [panel("a", "b"), panel("a")], [panel("a"), panel("b")]
    assert len(laid_out(together, numbered(together), WIDE)) == 1
    assert [legend.panel for legend in laid_out(apart, numbered(apart), WIDE)] == [0, 1]


# ---- where things are drawn: positions are read off the labels of the axes, as a reader does it


def labelled(svg, anchor):
    """Positions and texts of the labels of ticks: "end" for those of a vertical axis, "middle" of a horizontal one."""
    found = re.findall(
        rf'<text style="text-anchor: {anchor}" x="([\d.]+)" y="([\d.]+)">([\d.,−⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)</text>', svg
    )
    return [(float(x), float(y), number(text)) for x, y, text in found]


MIDDLE = 3.8  # pixels from the middle of a label to its baseline


def vertical(labels, transform=np.asarray):
    return scale_of([y - MIDDLE for _, y, _ in labels], transform([value for *_, value in labels]))


def markers(svg):
    """Those of the curves, which are clipped to their axes; legends have some too."""
    curves = "".join(re.findall("<g clip-path.*?</g>", svg))
    return [(float(x), float(y)) for x, y in re.findall(r'<use href="[^"]*" x="([\d.]+)" y="([\d.]+)"', curves)]


def two_panels(first, second):
    panels = [
        Panel(name, Axis("x"), axis, (Series(name, X, y, "line and points"),)) for name, axis, y in (first, second)
    ]
    return Figure("Said in words.", tuple(panels)).record()


@pytest.mark.parametrize(
    ("scale", "transform", "y"),
    [("linear", np.asarray, (1.0, 2.0, 1.5, 3.0)), ("log", np.log10, (1e-9, 1e-6, 2e-3, 1.0)),
     ("log", np.log10, (1.0, 1e3, 2e5, 1e8))],
)  # fmt: skip
def test_points_are_where_the_axes_say(scale, transform, y):
    svg = _draw("E", figure(curve(mark="line and points", y=y), scale=scale), WIDE)
    across = scale_of(*zip(*((x, value) for x, _, value in labelled(svg, "middle")), strict=True))
    wanted = np.column_stack([across(X), vertical(labelled(svg, "end"), transform)(transform(y))])
    assert np.allclose(markers(svg), wanted, atol=0.3)


def test_panels_that_measure_different_things_have_scales_of_their_own():
    small, large = (1.0, 2.0, 1.5, 3.0), (100.0, 200.0, 150.0, 300.0)
    svg = _draw("E", two_panels(("a", Axis("loss"), small), ("b", Axis("epoch"), large)), WIDE)
    labels = labelled(svg, "end")
    apart = np.mean([x for x, *_ in labels])
    left, right = ([one for one in labels if (one[0] < apart) == first] for first in (True, False))
    found = markers(svg)
    assert np.allclose([y for _, y in found[: len(X)]], vertical(left)(small), atol=0.3)
    assert np.allclose([y for _, y in found[len(X) :]], vertical(right)(large), atol=0.3)
    assert {"loss", "epoch"} <= set(texts(svg))


def test_panels_that_measure_the_same_have_one_scale():
    small, large = (1.0, 2.0, 1.5, 3.0), (10.0, 20.0, 15.0, 30.0)
    svg = _draw("E", two_panels(("a", Axis("loss"), small), ("b", Axis("loss"), large)), WIDE)
    down = vertical(labelled(svg, "end"))
    assert np.allclose([y for _, y in markers(svg)], down([*small, *large]), atol=0.3)
    assert texts(svg).count("loss") == 1


@pytest.mark.parametrize("place", [(2.0, 1.5), (3.5, 1.2), (1.2, 2.8)])
def test_an_arrow_points_from_a_note_to_its_place(place):
    svg = _draw("E", figure(curve(mark="line and points"), notes=(Note("here", *place),)), WIDE)
    across = scale_of(*zip(*((x, value) for x, _, value in labelled(svg, "middle")), strict=True))
    wanted = np.array([across(place[0]), vertical(labelled(svg, "end"))(place[1])])
    (tip,) = re.findall(r'd="M [\d.]+ [\d.]+ Q [\d.]+ [\d.]+ ([\d.]+) ([\d.]+) "', svg)
    assert np.linalg.norm(np.array(tip, float) - wanted) < 6
    (said,) = re.findall(r'x="([\d.]+)" y="([\d.]+)">here<', svg)
    assert np.linalg.norm(np.array(said, float) - wanted) < 100


def test_both_shapes_and_no_id_twice():
    svg = drawn("E1", figure(curve(mark="line and points"))) + drawn("E2", figure(curve(mark="line and points")))
    assert re.findall(r'class="plot (\w+)"', svg) == ["wide", "narrow"] * 2
    ids = re.findall(r' id="([^"]*)"', svg)
    assert ids and len(ids) == len(set(ids))
    assert set(re.findall(r'(?:href="#|url\(#)([^")]*)', svg)) <= set(ids)


def test_a_figure_is_well_formed_and_light_as_it_can_be():
    from xml.etree import ElementTree

    svg = _draw("E", figure(*(curve(mark=mark, name=mark) for mark in MARKS), notes=(Note("a < b", 2.0, 2.0),)), WIDE)
    ElementTree.fromstring(svg)
    assert "<g>" not in svg
    assert not re.search("#0[0-9a-f]{5}", svg)  # no stand-in for a colour is left


def test_what_is_drawn_ahead_is_what_is_drawn(monkeypatch):
    cells = tuple(Cell("pass", float(n), 4.0, "") for n in (1, 2))
    tables = {f"ahead.{n}": Table(("n = 1", "n = 2"), (Row("torch", "float64", cells, True, 1),)) for n in range(2)}
    monkeypatch.setattr(figures, "MANY", 2)
    figures.draw_ahead(tables)
    for name, table in tables.items():
        assert figures._store().has(figures._content(name, table, "wide"))
        assert figures.errors(name, table) == "".join(figures._errors(name, table, s) for s in figures.SHAPES)


def test_points_stay_in_their_order():
    svg = _draw("E", figure(curve(mark="line and points")), WIDE)
    at = [float(x) for x in re.findall(r'<use href="[^"]*" x="([\d.]+)"', svg)][: len(X)]
    assert all(a < b for a, b in pairwise(at))
    assert np.allclose(np.diff(at), np.diff(at)[0], atol=0.2)
