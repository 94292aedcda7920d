"""The site, built and served once, and one browser for all of these tests."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.support.browser import ARGUMENTS, CHROMIUM
from tests.support.built_site import addresses, build, served

HERE = Path(__file__).parent

# `make test-site` installs it. Without it there is nothing to collect: the tests would be deselected anyway.
if importlib.util.find_spec("playwright") is None:
    collect_ignore_glob = ["*"]


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(900))


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    return build(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def address(site):
    with served(site) as found:
        yield found


@pytest.fixture(scope="session")
def every_page(site):
    """The addresses of all pages; the one for a missing page has absolute links, which only its real host resolves."""
    return [path for path in addresses(site) if path != "404.html"]


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    if CHROMIUM is None:
        pytest.fail(
            "no chromium: install Debian's package chromium, or name the program: CHROMIUM=/path make test-site"
        )
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()
