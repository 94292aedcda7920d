"""The page of the rules: each once, with its uses, and an anchor for every link to it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from markupsafe import escape

from derivations.proof.rules.titles import TITLES
from gradproof.site import result, rules
from gradproof.site.book import anchor


@pytest.fixture(scope="module")
def page(book):
    return rules.pages(book)["rules.md"]


def test_every_rule_stands_once(page):
    assert re.findall(r"\{: #(\S+) \}", page) == [anchor(name) for name in TITLES]
    assert len({anchor(name) for name in TITLES}) == len(TITLES)
    assert set(rules.GROUPS) <= set(TITLES)


def test_every_step_is_counted(book):
    used = rules.uses(book)
    assert set(used) <= set(TITLES)
    counted = sum(len(numbers) for places in used.values() for _, numbers in places)
    assert counted == sum(len(entry.steps) for entry in book.entries)


def test_a_use_leads_to_its_step(page):
    assert 'href="../results/softmax.jacobian/#step-2"' in page


def test_a_step_leads_to_its_rule(book, page):
    anchors = set(re.findall(r"\{: #(\S+) \}", page))
    for path, text in result.pages(replace(book, parts=book.parts | {"rules"})).items():
        assert set(re.findall(r'rules/#([^"]+)"', text)) <= anchors, path


def test_a_rule_that_no_proof_uses_says_so(book):
    page = rules.pages(replace(book, entries=()))["rules.md"]
    assert page.count("No proof uses it yet.") == len(TITLES)


def test_a_rule_that_is_used_twice_leads_to_its_first_step(book):
    twice = [
        (entry, rule, numbers)
        for rule, places in rules.uses(book).items()
        for entry, numbers in places
        if len(numbers) > 1
    ]
    assert twice
    page = rules.pages(book)["rules.md"]
    for entry, _, numbers in twice:
        said = f"steps {', '.join(map(str, numbers))}"
        where = (
            f'href="../results/{entry.name}/#step-{numbers[0]}">{escape(entry.title)}</a> <span class="count">{said}<'
        )
        assert where in page
        assert numbers == sorted(numbers)
