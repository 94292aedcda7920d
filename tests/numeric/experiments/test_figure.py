"""A description of a figure is complete, or there is an error."""

import json

import pytest

from numeric.experiments.figure import Axis, Figure, FigureError, Note, Panel, Series, from_record


def panel(*series, x="linear", y="linear", **rest):
    return Panel("a panel", Axis("time", x), Axis("value", y), tuple(series), **rest)


def test_a_record_reads_back_after_json():
    series = Series.of("curve", [0, 1], [0.5, 0.25], "steps", role="reference")
    figure = Figure("what is seen", (panel(series, notes=(Note("here", 0, 0.5),)),))
    assert from_record(json.loads(json.dumps(figure.record()))) == figure


def test_a_record_keeps_six_digits():
    record = Figure("", (panel(Series.of("curve", [0.0], [1 / 3])),)).record()
    assert record["panels"][0]["series"][0]["y"] == [0.333333]


@pytest.mark.parametrize(
    ("series", "scale", "says"),
    [
        (Series("s", (0.0, 1.0), (0.0,)), "linear", "2 places and 1 values"),
        (Series("s", (), ()), "linear", "no points"),
        (Series("s", (0.0,), (float("nan"),)), "linear", "'value' is not finite"),
        (Series("s", (0.0,), (0.0,)), "log", "'value' is not positive"),
    ],
)
def test_what_cannot_be_drawn_is_refused(series, scale, says):
    with pytest.raises(FigureError, match=f"a panel: s: .*{says}"):
        panel(series, y=scale)


def test_two_series_need_two_names():
    with pytest.raises(FigureError, match="one name"):
        panel(Series("s", (0.0,), (0.0,)), Series("s", (0.0,), (1.0,)))
