"""The page of the interactive elements, served from the checkout."""

from collections.abc import Iterator

import pytest

from tests.support.built_site import ROOT, served

PAGE = "tests/site/widgets/index.html"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(ROOT) as found:
        yield found


@pytest.fixture
def page(browser, address):
    """The page of the elements; whatever it complains about or asks of another host fails the test."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda r: r.url.startswith((address, "data:")) or complaints.append(r.url))
    page.goto(address + PAGE)
    page.wait_for_function("[...document.querySelectorAll('main > :not(h1,h2)')].every((e) => e.values)")
    yield page
    context.close()
    assert not complaints
