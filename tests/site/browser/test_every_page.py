"""Every page, wide and narrow, light and dark: nothing fails to load, no formula fails, nothing sticks out."""

from __future__ import annotations

import pytest

from tests.support.browser import VIEWS, go, opened

# What a page must not have, by name. An element sticks out if it ends right of the window and no box around it scrolls.
FAULTS = r"""() => {
  const content = document.querySelector(".md-content");
  const edge = document.documentElement.clientWidth + 1;
  const scrolls = (e) => { for (let p = e.parentElement; p && p !== content; p = p.parentElement)
    if (getComputedStyle(p).overflowX !== "visible") return true; return false; };
  const sticksOut = (e) => e.getBoundingClientRect().right > edge && e.checkVisibility()
    && !e.closest(".katex-mathml, .sr") && !scrolls(e);
  const walker = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
  const raw = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (/\\[a-zA-Z]{2,}|\\[([]|\$[^$]*[\\^_{][^$]*\$/.test(node.data)
      && !node.parentElement.closest("pre, code, script, style, textarea, .katex")) raw.push(node.data.slice(0, 60));
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  return {
    "formulas that failed": document.querySelectorAll(".katex-error, merror").length,
    "formulas not typeset": [...document.querySelectorAll("x-tex")].filter((e) => !e.querySelector(".katex")).length,
    "raw TeX": raw,
    "sticks out": [...content.querySelectorAll("*")].filter(sticksOut).map((e) => e.outerHTML.slice(0, 90)).slice(0, 3),
    "wider than the window": document.documentElement.scrollWidth > edge ? document.documentElement.scrollWidth : 0,
    "the same id twice": ids.filter((id, at) => ids.indexOf(id) !== at),
    "fonts that failed": [...document.fonts].filter((f) => f.status === "error").map((f) => f.family),
    "no heading, or several": document.querySelectorAll("h1").length === 1 ? 0 : "h1",
  };
}"""


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_wrong_on_any_page(browser, address, every_page, view):
    found = []
    with opened(browser, address, view) as (page, complaints):
        for path in every_page:
            complaints.clear()
            go(page, address + path)
            faults = {name: what for name, what in page.evaluate(FAULTS).items() if what}
            found += [f"{path or 'start'}: {what}" for what in complaints]
            found += [f"{path or 'start'}: {name}: {what}" for name, what in faults.items()]
    assert not found, "\n".join(found)


def test_the_faults_are_seen_where_they_are(browser, address):
    """The check itself: a page with one fault of each kind."""
    with opened(browser, address) as (page, _):
        go(page, address)
        page.evaluate(r"""document.querySelector(".md-content").innerHTML = `
            <h1>a</h1><h1>b</h1><p>\\frac{1}{2} and $x_1$</p><x-tex data-tex="x">x</x-tex>
            <span class="katex-error">x</span><p id="twice" style="width: 9000px">wide</p><p id="twice">again</p>`""")
        faults = {name for name, what in page.evaluate(FAULTS).items() if what}
    assert faults >= {
        "formulas that failed",
        "formulas not typeset",
        "raw TeX",
        "sticks out",
        "the same id twice",
        "no heading, or several",
    }
