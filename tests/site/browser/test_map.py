"""The map, as a reader uses it: a result lights up with all that it rests on and all that rests on it, and no more."""

from __future__ import annotations

import pytest

from tests.support.browser import go, opened

MAP = "map/"
CHOSEN = "softmax.cross_entropy_gradient"  # it rests on others, and others rest on it

LIT = """() => [...document.querySelectorAll(".map svg a.lit")].map((a) => a.id).sort()"""
LIT_EDGES = """() => document.querySelectorAll(".map svg path.lit").length"""

# what the drawing says, apart from the script that lights it: the ends of every arrow, by the names of the results
EDGES = """() => {
    const names = [...document.querySelectorAll(".map svg a")].map((a) => a.id);
    return [...document.querySelectorAll(".map svg [data-e]")].map((p) => p.dataset.e.split(" ").map((k) => names[k]));
}"""


def reached(edges, name, end):
    """What one comes to from a result along the arrows, or against them."""
    found, ahead = set(), [name]
    while ahead:
        here = ahead.pop()
        further = {ends[1 - end] for ends in edges if ends[end] == here} - found
        found |= further
        ahead += further
    return found


def around(edges, name):
    return sorted({name} | reached(edges, name, 0) | reached(edges, name, 1))


@pytest.mark.parametrize("reach", ["link", "pointer", "keyboard"])
def test_a_result_lights_up_with_what_is_around_it(browser, address, reach):
    with opened(browser, address) as (page, complaints):
        go(page, address + MAP + (f"#{CHOSEN}" if reach == "link" else ""))
        edges = page.evaluate(EDGES)
        expected = around(edges, CHOSEN)
        assert reached(edges, CHOSEN, 0)
        assert reached(edges, CHOSEN, 1)
        assert len(expected) < page.locator(".map svg a").count()
        if reach != "link":
            assert page.evaluate(LIT) == []
            node = page.locator(f'[id="{CHOSEN}"]')
            node.hover() if reach == "pointer" else focus(page, CHOSEN)
        page.locator(".map svg.lighting").wait_for(timeout=2000)
        assert page.evaluate(LIT) == expected
        assert page.evaluate(LIT_EDGES) == sum(set(ends) <= set(expected) and on_the_way(edges, ends) for ends in edges)
        assert not complaints


def on_the_way(edges, ends):
    """Whether an arrow leads to the chosen result or comes from it, at any distance."""
    before, after = reached(edges, CHOSEN, 1) | {CHOSEN}, reached(edges, CHOSEN, 0) | {CHOSEN}
    return set(ends) <= before or set(ends) <= after


def focus(page, name):
    """The result reached with the keyboard: by Tab from the one before it."""
    before = page.evaluate(
        """(name) => { const all = [...document.querySelectorAll(".map svg a")];
        const found = all[all.findIndex((a) => a.id === name) - 1]; found.focus(); return found.id; }""",
        name,
    )
    assert before
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == name


def test_the_light_goes_out_with_the_pointer(browser, address):
    with opened(browser, address) as (page, _):
        go(page, address + MAP)
        page.locator(f'[id="{CHOSEN}"]').hover()
        page.locator(".map svg.lighting").wait_for(timeout=2000)
        page.mouse.move(1, 1)
        page.locator(".map svg:not(.lighting)").wait_for(timeout=2000)
        assert page.evaluate(LIT) == []
