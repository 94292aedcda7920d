"""The search box, as a reader uses it: a result is found by name, by other names, by its derivative, by its lecture."""

from __future__ import annotations

import re

import pytest

from tests.support.browser import go, opened

LINKS = ".md-search-result__item > a.md-search-result__link"
FIRST = 3  # of the results that are shown: nobody looks further


def hits(page, words: str) -> list[str]:
    """The addresses that the search box shows for the words, best first."""
    page.keyboard.press("f")
    box = page.locator("input.md-search__input:focus")
    box.wait_for()
    box.press_sequentially(words, delay=5)
    page.locator(".md-search-result__meta", has_text=re.compile("matching document")).wait_for()
    found, settled = [], None
    while found != settled:  # results come while one types
        settled = found
        page.wait_for_timeout(400)
        found = page.eval_on_selector_all(LINKS, "links => links.map((link) => link.href)")
    return found


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("softmax jacobian", "results/softmax.jacobian/"),
        ("softmax.jacobian", "results/softmax.jacobian/"),
        ("softmax derivative", "results/softmax.jacobian/"),
        ("dp/dz", "results/softmax.jacobian/"),
        ("layernorm gradient", "results/batchnorm.input_gradient/"),
        ("batch norm gradient", "results/batchnorm.input_gradient/"),
        ("batch norm backward", "results/batchnorm.input_gradient/"),
        ("EMA mean age", "results/averages.ema_mean_age/"),
        ("Adam bias correction", "results/adaptive.adam_bias_correction"),
        ("∂p/∂z", "results/softmax.jacobian/"),
        ("crossentropy gradient", "results/softmax.cross_entropy_gradient/"),
        ("sigmoid derivative", "results/activations.sigmoid_derivative"),
        ("exploding gradients", "lectures/cis-680/"),
        ("CIS680", "lectures/cis-680/"),
        ("Mucha lecture 3", "lectures/mucha/"),
        ("Deep Supervision", "lectures/cis-680/"),
    ],
)
def test_what_is_looked_for_is_found(browser, address, words, expected):
    with opened(browser, address) as (page, complaints):
        go(page, address)
        found = hits(page, words)
    assert any(expected in one for one in found[:FIRST]), found
    assert not complaints


@pytest.mark.parametrize("lecture", ["Piastra", "Romanov", "CIS 680", "Mucha"])
def test_a_result_is_found_by_its_lecture(browser, address, lecture):
    with opened(browser, address) as (page, _):
        go(page, address)
        found = hits(page, lecture)
    assert any("/results/" in one for one in found), found


def test_what_is_nowhere_is_not_found(browser, address):
    with opened(browser, address) as (page, _):
        go(page, address)
        assert not hits(page, "quaternionic zeitgeist")


def test_the_index_is_fetched_when_somebody_searches(browser, address):
    """It is the heaviest file of the site; nobody who only reads should wait for it."""
    asked = []
    with opened(browser, address) as (page, _):
        page.on("request", lambda request: asked.append(request.url))
        go(page, address)
        page.wait_for_load_state("networkidle")
        assert not [url for url in asked if "search_index" in url]
        hits(page, "softmax")
        assert [url for url in asked if "search_index" in url]
        page.goto(address + "results/softmax.jacobian/?h=softmax")
        page.locator(".md-content mark").first.wait_for()
