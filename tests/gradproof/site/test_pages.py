"""The generated pages: honest without records, complete with them, and linked to what exists."""

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import replace

import pytest
import yaml

from gradproof.site import PARTS, pages
from gradproof.site.book import anchor, link, result_page
from gradproof.site.lies import changed_side
from gradproof.site.navigation import filled, results
from gradproof.site.sources import ROOT
from tests.support.many_results import multiplied


@pytest.fixture(scope="module")
def unread(blank):
    return pages(blank)


@pytest.fixture(scope="module")
def written(book):
    return pages(book)


def test_every_result_has_a_page_and_a_record(book, written):
    for entry in book.entries:
        assert f"results/{entry.name}.md" in written
        assert json.loads(written[f"results/{entry.name}/record.json"])["name"] == entry.name


def test_without_a_run_nothing_looks_checked(unread):
    for path, text in unread.items():
        if path.endswith(".md"):
            assert 'class="state pass"' not in text
            assert 'class="badge pass"' not in text
            assert "Proved:" not in text
        if path.endswith("record.json"):
            record = json.loads(text)
            assert record["status"] == record["numeric"] == record["gpu"] == "not run"
    assert unread["index.md"].count("<b>not run</b>") == 4


def test_the_page_of_a_theorem(written):
    page = written["results/softmax.jacobian.md"]
    for part in ("## Proof", "## Verdicts", "## What it is not", "## Numbers", "## Use it", 'href="record.json"'):
        assert part in page
    assert page.count('class="step"') == 5
    assert "all 5 steps hold" in page
    assert "8 of 8 lies refuted. Each" in page
    assert page.count("<svg role=") == 2
    assert 'href="../softmax.cross_entropy_gradient/"' in page


def test_the_page_of_an_erratum(written):
    page = written["results/softmax.single_term_chain.md"]
    for part in ("The slide says", "Correct", "## Counterexample", "1/2 ≠ 0", "1/2 = 1/2"):
        assert part in page
    assert "## Proof" not in page


def test_a_result_that_did_not_run_beside_others_that_did(written):
    page = written["results/softmax.normalised.md"]
    assert 'class="badge pass"' not in page
    assert "The judges have not run" in page


def test_a_lie_that_is_believed_shows(book):
    record = book.run.records["softmax.jacobian"]
    believed = {**record, "lies": [{**record["lies"][0], "status": "proved", "witness": None}, *record["lies"][1:]]}
    run = replace(book.run, records={**book.run.records, "softmax.jacobian": believed})
    page = pages(replace(book, run=run))["results/softmax.jacobian.md"]
    assert "7 of 8 lies refuted, 1 believed. Each" in page
    assert '<span class="state fail">' in page


def test_the_front_matter_is_yaml(written):
    for path, text in written.items():
        if path.endswith(".md"):
            _, meta, _ = text.split("---\n", 2)
            assert yaml.safe_load(meta)["title"], path


def test_links_lead_to_pages(book, written):
    by_hand = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    folders = {
        posixpath.normpath(posixpath.join("/", re.sub(r"(index)?\.md$", "", path))) for path in (*written, *by_hand)
    }
    for path, text in written.items():
        if not path.endswith(".md"):
            continue
        here = posixpath.join("/", re.sub(r"(index)?\.md$", "", path))
        for target in re.findall(r'href="([^"#]+)', text):
            there = posixpath.normpath(posixpath.join(here, target))
            if target.endswith("/"):
                assert there in folders, f"{path}: {target}"
            else:
                assert there[1:] in written or (ROOT / "docs" / there[1:]).is_file(), f"{path}: {target}"


def test_a_part_that_is_missing_leaves_no_links(book):
    with_rules = pages(replace(book, parts=frozenset([*PARTS, "rules"])))["results/softmax.jacobian.md"]
    without = pages(replace(book, parts=frozenset(PARTS) - {"rules"}))["results/softmax.jacobian.md"]
    assert 'href="../../rules/#collapse"' in with_rules
    assert "rules/" not in without


def test_addresses():
    assert link("results/softmax.jacobian.md", result_page("softmax.normalised")) == "../softmax.normalised/"
    assert link("index.md", "results/softmax/index.md") == "results/softmax/"
    assert link("results/softmax.jacobian.md", "rules.md", anchor("pull out")) == "../../rules/#pull-out"
    assert link("rules.md", "rules.md", "collapse") == "#collapse"


def test_two_parts_must_not_write_one_page(book, monkeypatch):
    monkeypatch.setattr("gradproof.site.PARTS", ("result", "result"))
    with pytest.raises(ValueError, match="another part has written"):
        pages(book)


def test_the_navigation_has_every_result_once(book):
    listed = json.dumps(results(book))
    for entry in book.entries:
        assert listed.count(json.dumps(f"results/{entry.name}.md")) == 1


def test_the_navigation_names_only_parts_that_exist(book):
    nav = [{"Start": "index.md"}, {"Results": "@results"}, {"More": [{"Map": "@map map.md"}]}, {"Rules": "@rules r.md"}]
    found = filled(nav, replace(book, parts=frozenset({"rules"})))
    assert [next(iter(one)) for one in found] == ["Start", "Results", "More", "Rules"]
    assert found[2] == {"More": []}
    assert found[3] == {"Rules": "r.md"}


def test_a_lie_shows_the_side_that_changed():
    assert changed_side("a = b", "a = 2 b") == r"\dots = 2 b"
    assert changed_side("a = b", "c = b") == "c = b"
    assert changed_side(r"\left(a\right) = b", r"\left(a\right) = c") == r"\dots = c"
    assert changed_side(r"a = b \iff c = d", r"a = b \iff c = e") == r"a = b \iff c = e"


def test_three_hundred_results(book):
    many = multiplied(book, 300)
    found = pages(many)
    assert len(many.entries) >= 300
    assert sum(path.endswith("record.json") for path in found) == len(many.entries)
