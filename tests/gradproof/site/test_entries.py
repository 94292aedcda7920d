"""What is said of every result: snippets that run, steps with reasons, words to find it by."""

from __future__ import annotations

import pytest

from derivations import TOPICS, catalogue, load
from derivations.proof.rules.titles import TITLES
from gradproof.site.entries import _told
from gradproof.site.snippets import run
from gradproof.site.sources import ROOT, entries_key


@pytest.mark.parametrize("name", catalogue())
def test_the_snippet_runs_and_prints_what_the_page_says(entries, name):
    entry = next(e for e in entries if e.name == name)
    assert name in entry.snippet
    assert entry.output
    assert run(entry.snippet) == entry.output


def test_a_closed_form_is_called_and_anything_else_is_loaded(entries):
    by_name = {entry.name: entry for entry in entries}
    assert "gradproof.function" in by_name["softmax.jacobian"].snippet
    assert "derivations.load" in by_name["softmax.single_term_chain"].snippet
    assert "derivations.load" in by_name["softmax.normalised"].snippet  # a number has nothing to call
    assert "z: array of shape (*batch, n)" in by_name["softmax.jacobian"].help


def test_what_an_assumption_speaks_of_sums_to_one(entries):
    snippet = next(e for e in entries if e.name == "softmax.cross_entropy_gradient").snippet
    assert "y=[0.2, 0.3, 0.5]" in snippet


def test_every_step_of_every_proof_has_its_reason(entries):
    for entry in entries:
        assert not entry.broken
        assert len(entry.steps) == len(load(entry.name).steps)
        for step in entry.steps:
            assert step["rule"] in TITLES
            assert step["reason"].startswith(step["rule"])


def test_a_cited_theorem_is_a_link_and_a_name_is_a_formula(entries):
    steps = next(e for e in entries if e.name == "softmax.cross_entropy_gradient").steps
    assert {"result": "softmax.jacobian"} in [a for step in steps for a in step["arguments"]]
    jacobian = next(e for e in entries if e.name == "softmax.jacobian")
    assert jacobian.steps[0]["arguments"] == [{"latex": "p"}, {"latex": "Z"}]


@pytest.mark.parametrize(
    ("name", "alias"),
    [("softmax.jacobian", "dp/dz"), ("batchnorm.input_gradient", "batch norm gradient"),
     ("batchnorm.input_gradient", "layernorm gradient"), ("averages.ema_mean_age", "EMA")],
)  # fmt: skip
def test_aliases(entries, name, alias):
    assert alias in next(e for e in entries if e.name == name).aliases


@pytest.mark.parametrize(
    ("name", "title"),
    [("adaptive.adam_bias_correction", "Why Adam divides by 1 − (1 − β)ᵗ"),
     ("averages.ema_weight_in_window_limit", "For long windows that weight tends to 1 − e⁻², about 0.865")],
)  # fmt: skip
def test_titles_with_formulas(entries, name, title):
    assert next(e for e in entries if e.name == name).title == title


def test_a_topic_that_did_not_change_is_not_described_again(monkeypatch):
    told = _told("losses", {})
    assert [one["name"] for one in told["entries"]] == [n for n in catalogue() if n.startswith("losses.")]
    monkeypatch.setattr("gradproof.site.describing.describe", lambda result: pytest.fail(f"{result.name} again"))
    assert _told("losses", told) is told
    with pytest.raises(pytest.fail.Exception, match="again"):
        _told("losses", told | {"key": "another"})


def test_a_topic_changes_with_itself_and_with_what_it_cites():
    own, cited, other = (ROOT / "derivations" / f"{name}.py" for name in ("adaptive", "averages", "softmax"))
    key = _told("adaptive", {})["key"]
    files = {ROOT / "derivations" / f"{name}.py" for name in TOPICS}
    assert key == entries_key(without=files - {own, cited})
    assert key != entries_key(without=files - {own})
    assert key != entries_key(without=files - {own, cited, other})
