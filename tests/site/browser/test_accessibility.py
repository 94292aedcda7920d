"""WCAG 2.2 AA as far as axe can tell: one page of each kind, wide and narrow, light and dark, everything unfolded."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.support.browser import VIEWS, go, opened

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# KaTeX's drawing is hidden from assistive technology, which reads the MathML beside it.
WHERE = {"include": [["html"]], "exclude": [[".katex-html"]]}
RESULTS = (  # the short, the long and the wide: these pages differ more than those of other kinds
    "results/softmax.jacobian/",
    "results/batchnorm.input_gradient/",
    "results/batchnorm.input_gradient_staged/",
    "results/softmax.single_term_chain/",
)


def one_of_each_kind(paths: Iterable[str]) -> list[str]:
    """The results above, and the first page of every other shape of address."""
    kinds: dict[str, str] = {}
    for path in paths:
        kinds.setdefault(re.sub(r"(?<=/)[^/]+/$", "*/", path), path)
    return list(dict.fromkeys([*RESULTS, *kinds.values()]))


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_no_violation(browser, address, every_page, view):
    found = []
    with opened(browser, address, view) as (page, _):
        for path in one_of_each_kind(every_page):
            go(page, address + path)
            page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
            page.wait_for_timeout(150)  # what overflows now becomes focusable once its size has changed
            options = {"runOnly": STANDARDS, "resultTypes": ["violations"]}
            for broken in Axe().run(page, context=WHERE, options=options).response["violations"]:
                nodes = [(node["target"], node.get("failureSummary", "")[:200]) for node in broken["nodes"][:3]]
                found.append(f"{path or 'start'}: {broken['id']} ({len(broken['nodes'])}): {broken['help']}: {nodes}")
    assert not found, "\n".join(found)


def test_axe_sees_a_violation(browser, address):
    """The check itself."""
    with opened(browser, address) as (page, _):
        go(page, address)
        page.evaluate("document.querySelector('.md-content h1').innerHTML = '<button></button>'")
        found = Axe().run(page, context=WHERE, options={"runOnly": STANDARDS}).response["violations"]
    assert "button-name" in {broken["id"] for broken in found}
