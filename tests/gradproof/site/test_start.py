"""The start page: its figures lead to what explains them, and its ways in to the parts that exist."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from gradproof.site import start

WAYS = {"map": "map/", "errata": "errata/", "experiments": "experiments/", "rules": "rules/", "check": "check/"}


def figures(page):
    """By what is counted, the address that explains it."""
    return {what: href for href, what in re.findall(r'<a class="what" href="([^"]+)">([^<]+)</a>', page)}


def test_a_figure_leads_to_what_explains_it(book):
    assert figures(start.start(book)) == {"theorems": "results/", "errata": "errata/", "lies told": "judges/#kill-rate"}
    assert {one["what"] for one in start.state(book)} >= set(start.EXPLAINED)


def test_without_these_parts_the_figures_lead_nowhere(book):
    page = start.start(replace(book, parts=frozenset({"start"})))
    assert figures(page) == {"theorems": "results/"}
    for what in ("errata", "lies told", "numeric checks"):
        assert f'<span class="what">{what}</span>' in page


@pytest.mark.parametrize("part", WAYS)
def test_a_way_in_is_there_with_its_part_only(book, part):
    way = f'<a href="{WAYS[part]}">'
    assert way in start.start(replace(book, parts=book.parts | {part}))
    assert way not in start.start(replace(book, parts=book.parts - {part}))


def test_with_nothing_to_glance_at_there_is_no_heading_for_it(book):
    assert "At a glance" in start.start(book)
    assert "At a glance" not in start.start(replace(book, parts=frozenset({"start"})))
