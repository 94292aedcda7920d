"""The pages of the experiments: honest without a run, complete with one, and never with what an older one drew."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from dataclasses import replace

import pytest
import torch

from gradproof import experiments as command_line
from gradproof.site import PARTS, experiments, pages, widgets
from gradproof.site.book import experiment_page
from gradproof.site.experiment_records import describe
from gradproof.site.numerals import scientific, shown
from numeric import experiments as registry
from tests.support.drawings import number


@pytest.fixture(scope="module")
def unread(blank):
    """The experiments before they ran."""
    return replace(blank, experiments=tuple(describe(registry.load(id)) for id in registry.catalogue()))


@pytest.fixture(scope="module")
def ran(unread):
    """All have run."""
    records = (json.loads(json.dumps(registry.load(one.id).record(), allow_nan=False)) for one in unread.experiments)
    done = zip(unread.experiments, records, strict=True)
    return replace(unread, experiments=tuple(replace(one, record=record, date="2026-01-01") for one, record in done))


@pytest.fixture(scope="module")
def written(ran):
    return experiments.pages(ran)


def test_every_experiment_has_a_page_a_record_and_its_data(written):
    assert {"experiments/index.md", "experiments/interactive.md"} < set(written)
    for id in registry.catalogue():
        assert {f"experiments/{id}.md", f"experiments/{id}/record.json", f"experiments/{id}/figure.csv"} < set(written)


def test_without_a_run_nothing_is_drawn_and_nothing_holds(unread):
    found = experiments.pages(unread)
    for id in registry.catalogue():
        page = found[experiment_page(id)]
        assert "<svg role=" not in page and "figure.csv" not in page
        assert 'class="state pass"' not in page and 'class="state fail"' not in page
        assert page.count("not run") > len(registry.load(id).expect)
        assert json.loads(found[f"experiments/{id}/record.json"])["status"] == "not run"
        assert f"experiments/{id}/figure.csv" not in found
    assert 'class="state pass"' not in found["experiments/index.md"]


@pytest.mark.parametrize("id", registry.catalogue())
def test_the_findings_are_those_of_the_record(id, ran, written):
    (experiment,) = (one for one in ran.experiments if one.id == id)
    page = written[experiment_page(id)]
    rows = re.findall(r'<tr id="finding-([\w-]+)">.*?<span class="state (\w+)">.*?</i>([^<]*)</span></td></tr>', page)
    wanted = [
        (one["name"].replace("_", "-"), *experiments.OUTCOMES[one["status"], one["as_foreseen"]])
        for one in experiment.record["findings"]
    ]
    assert rows == wanted
    assert {state for _, state, _ in rows} <= {"pass", "fail"}


# ---- what a page says, read off its cells and held against the record

WORDS = {"lecture": "lecture", "theory": "theory", "computed": "earlier run"}


def cells(row):
    return [html.unescape(re.sub(r"<[^>]*>", "", cell)) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]


def table(page, name):
    body = re.search(rf'<table class="{name}".*?<tbody>(.*?)</tbody>', page, flags=re.DOTALL)
    assert body
    return [cells(row) for row in re.findall(r"<tr.*?</tr>", body[1], flags=re.DOTALL)]


@pytest.mark.parametrize("id", registry.catalogue())
def test_each_finding_has_its_own_words_and_figures(id, ran, written):
    (experiment,) = (one for one in ran.experiments if one.id == id)
    rows = table(written[experiment_page(id)], "findings")
    for row, found in zip(rows, experiment.record["findings"], strict=True):
        says, basis, expected, measured, _ = row
        assert (says, basis) == (found["says"], WORDS[found["basis"]])
        assert expected == f"expected {scientific(found['expected'])}"
        assert number(measured.removeprefix("measured ")) == pytest.approx(found["measured"], rel=1e-5)


@pytest.mark.parametrize("id", registry.catalogue())
def test_each_wrong_parameter_stands_beside_what_caught_it(id, ran, written):
    (experiment,) = (one for one in ran.experiments if one.id == id)
    rows = table(written[experiment_page(id)], "wrongs")
    said = {changes: set(by.split(", ")) for changes, by in rows}
    for one in experiment.record["wrong"]:
        changes = " ".join(f"{name} = {shown(value)}" for name, value in one["changes"].items())
        assert said.pop(changes) == {name.replace("_", " ") for name in one["by"]}
    assert not said


def test_the_stamp_is_that_of_the_run(ran):
    first = ran.experiments[0]
    record = {**first.record, "seconds": 12.345, "versions": {"torch": "2.0", "numpy": "1.9", "python": "3.8"}}
    page = experiments.page(ran, replace(first, record=record, date="2020-02-29"))
    (stamp,) = re.findall(r'<p class="stamp">(.*?)</p>', page)
    assert stamp.startswith("Run on 2020-02-29 in 12.3 s with torch 2.0, NumPy 1.9, Python 3.8,")


def test_parameters_and_seed_are_those_of_the_experiment(ran, written):
    for experiment in ran.experiments:
        *rows, (_, seed, _) = table(written[experiment_page(experiment.id)], "parameters")
        assert rows == [[one["name"], shown(one["default"]), one["meaning"]] for one in experiment.parameters]
        assert seed == ("–" if experiment.record["seed"] is None else str(experiment.record["seed"]))


def test_what_was_not_foreseen_shows(ran):
    first = ran.experiments[0]
    finding = {**first.record["findings"][0], "status": "differs", "as_foreseen": False}
    record = {**first.record, "findings": [finding, *first.record["findings"][1:]]}
    page = experiments.page(ran, replace(first, record=record))
    assert page.count("differs, not foreseen") == 2  # in its row and at the head of the page


def test_a_finding_without_a_number(ran):
    first = ran.experiments[0]
    finding = {**first.record["findings"][0], "measured": None}
    found = experiments.findings(replace(first, record={**first.record, "findings": [finding]}))
    assert found[0]["measured"] == "none"
    assert found[1]["words"] == "not run"


def test_every_anchor_of_a_wrong_parameter_is_there(written):
    for id in registry.catalogue():
        page = written[experiment_page(id)]
        linked = set(re.findall(r'href="#(finding-[^"]*)"', page))
        assert linked == set(re.findall(r'id="(finding-[^"]*)"', page))  # every finding is caught failing once


def test_the_commands_are_taken_by_the_command_line():
    for id in registry.catalogue():
        experiment = registry.load(id)
        for changes in experiment.wrong:
            line = experiments.command(id, json.loads(json.dumps(changes)))
            assert command_line.settings(experiment, line.split(" --set ")[1:]) == changes


def test_the_data_are_the_points_of_the_figure(ran, written):
    for experiment in ran.experiments:
        rows = list(csv.DictReader(io.StringIO(written[f"experiments/{experiment.id}/figure.csv"])))
        points = [(x, y) for panel in experiment.record["figure"]["panels"] for s in panel["series"]
                  for x, y in zip(s["x"], s["y"], strict=True)]  # fmt: skip
        assert [(float(row["x"]), float(row["y"])) for row in rows] == points


def test_the_record_parses(written):
    for id in registry.catalogue():
        assert json.loads(written[f"experiments/{id}/record.json"])["findings"]


def test_links_to_lectures_only_where_there_are_lectures(ran):
    first = ran.experiments[0]
    assert 'href="../../lectures/' in experiments.page(ran, first)
    assert "lectures/" not in experiments.page(replace(ran, parts=frozenset(PARTS) - {"lectures"}), first)


def test_the_navigation_lists_every_experiment(ran):
    listed = [page for one in experiments.nav(ran) for page in one.values()]
    assert listed == [*(experiment_page(id) for id in registry.catalogue()), widgets.INTERACTIVE]


# ---- the interactive elements


@pytest.fixture(scope="module")
def site(ran):
    return pages(ran)


def test_an_element_is_loaded_where_it_stands_and_nowhere_else(site):
    for path, text in site.items():
        if path.endswith(".md"):
            assert re.findall(r"<(softmax-jacobian|vanishing-product|ema-sma)>", text) == [
                *widgets.PLACES.get(path, ())
            ]
            assert text.count('<script type="module"') == len(widgets.PLACES.get(path, ()))
            assert text.count("widgets.css") == (path in widgets.PLACES)


def test_every_place_of_an_element_is_a_page(site):
    assert set(widgets.PLACES) <= set(site)


def test_without_the_script_there_are_numbers(written):
    page = written[widgets.INTERACTIVE]
    assert page.count('<table class="w-table">') == len(widgets.WIDGETS)
    assert f"p₁ = {torch.softmax(torch.tensor([1.2, 0.3, -0.8]), 0)[0]:.3f}" in page
    assert f"<td>{widgets.number(0.25**12)}</td>" in page
    assert page.count("4.50") == 2  # the mean age in both averages of ten


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("1e-12", "10⁻¹²"), ("0.3 ± 1e-12", "0.3 ± 10⁻¹²"), ("8.5e-08", "8.5·10⁻⁸"), ("-2", "−2"), ("21e+10", "21·10¹⁰")],
)
def test_numbers_as_we_print_them(text, wanted):
    assert scientific(text) == wanted
