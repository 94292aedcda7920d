"""Every link of the built site leads to a page, a file or an anchor that is there; nothing is loaded from elsewhere."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlparse

import pytest

from tests.support.built_site import Page, addresses

HOST = "http://site/"


@pytest.fixture(scope="module")
def parsed(site):
    """Every page by its address; the one for a missing page has links that only its real host resolves."""
    found = {
        path: Page((site / path / "index.html").read_text("utf-8")) for path in addresses(site) if path[-4:] != "html"
    }
    assert len(found) > 60
    return found


def dead(site: Path, parsed: dict[str, Page], path: str, link: str) -> str:
    """What is wrong with a link of a page; empty if it leads somewhere."""
    target, anchor = urldefrag(urljoin(HOST + path, link))
    if not target.startswith(HOST):
        return "" if urlparse(target).scheme in ("http", "https", "mailto") else "no address"
    file = unquote(target.removeprefix(HOST))
    if file not in parsed:
        return "" if file and (site / file).is_file() else "nothing is there"
    return "" if not anchor or anchor in parsed[file].ids else "no such anchor"


@pytest.mark.timeout(300)
def test_every_link_leads_somewhere(site, parsed):
    found = [
        f"{path or 'start'}: {link}: {problem}"
        for path, page in parsed.items()
        for link in dict.fromkeys([*page.links, *page.loads])
        if (problem := dead(site, parsed, path, link))
    ]
    assert not found, "\n".join(found)


@pytest.mark.timeout(300)
def test_nothing_is_loaded_from_another_site(site, parsed):
    pages = [*parsed.values(), Page((site / "404.html").read_text("utf-8"))]
    loaded = {address for page in pages for address in page.loads}
    assert loaded
    assert not [address for address in loaded if urlparse(address).netloc]


@pytest.mark.timeout(300)
def test_no_anchor_stands_twice(parsed):
    twice = {path: {one for one in page.ids if page.ids.count(one) > 1} for path, page in parsed.items()}
    assert not {path: ids for path, ids in twice.items() if ids}


@pytest.mark.timeout(300)
def test_the_check_sees_what_is_dead(site, parsed):
    assert dead(site, parsed, "rules/", "../resluts/") == "nothing is there"
    assert dead(site, parsed, "rules/", "#no-such-rule") == "no such anchor"
    assert dead(site, parsed, "rules/", "javascript:void(0)") == "no address"
    assert not dead(site, parsed, "rules/", "../results/softmax.jacobian/#proof")
