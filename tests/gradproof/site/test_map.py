"""The map: every result once, arrows as the proofs cite, verdicts from the records only, and a layout one can read."""

from __future__ import annotations

import html
import re
import time
from dataclasses import replace
from graphlib import CycleError
from itertools import combinations

import pytest

from gradproof.site import map as map_of
from gradproof.site import result
from gradproof.site.book import drawn_on
from gradproof.site.graph.layers import layered, levels
from gradproof.site.graph.ordering import crossings, order
from gradproof.site.graph.placing import layout
from tests.support.altered import came_out, with_first
from tests.support.many_results import multiplied

NODE = re.compile(r'<a id="([^"]+)" href="([^"]+)" class="([^"]*)" transform="[^"]+"><(?:title|desc)>([^<]*)</')
EDGE = re.compile(r'<path (?:class="(\w+)" )?data-e="(\d+) (\d+)"')
THEOREM, ERRATUM = "softmax.jacobian", "softmax.single_term_chain"
FRAME = 25_000  # bytes of a built page that are not its content


def drawing(page):
    return page[page.index('<svg viewBox="-12') : page.rindex("</svg>")]


@pytest.fixture(scope="module")
def page(book):
    return map_of.pages(book)["map.md"]


@pytest.fixture(scope="module")
def many(book):
    return multiplied(book, 300)


def only(book, name):
    """A book of one result, and of what corrects it: the others are not in its way."""
    kept = (name, book.by_name[name].instead)
    return replace(book, entries=tuple(replace(e, uses=[]) for e in book.entries if e.name in kept))


def layout_of(book):
    groups = [{entry.name: entry.title for entry in members} for _, members in book.topics]
    return layout(groups, {entry.name: drawn_on(entry) for entry in book.entries})


def test_every_result_is_a_node_linked_to_its_page(book, page):
    nodes = NODE.findall(drawing(page))
    assert sorted(name for name, *_ in nodes) == sorted(book.by_name)
    for name, href, look, _ in nodes:
        assert href == f"../results/{name}/"
        assert ("slip" in look) == book.by_name[name].is_erratum


def test_a_title_that_is_cut_stands_in_full_beside_it(book, page):
    for node in drawing(page).split("<a ")[1:]:
        name, text = node.split('"')[1], node[node.index("<text>") :]
        shown = html.unescape(re.sub(r"<[^>]+>", "", text)).strip()
        title = book.by_name[name].title
        in_full = [html.unescape(found) for found in re.findall(r"<title>(.*) \(", node)]
        assert (shown, in_full) == (title, []) or (shown[-1], in_full) == ("…", [title])


def test_the_arrows_are_what_results_draw_on(book, page):
    names = [name for name, *_ in NODE.findall(drawing(page))]
    drawn = {(names[int(used)], names[int(user)]): look for look, used, user in EDGE.findall(page)}
    assert set(drawn) == {(used, entry.name) for entry in book.entries for used in drawn_on(entry)}
    for (used, user), look in drawn.items():
        erratum = book.by_name[user].is_erratum
        assert (look == "fix") == erratum
        assert (look == "far") == (not erratum and book.by_name[used].topic != book.by_name[user].topic)


def test_verdicts_come_from_the_records(book, page):
    words = {"pass": "proved", "fail": "refuted", "none": "not run"}
    for name, _, look, title in NODE.findall(drawing(page)):
        status = (book.record(name) or {"status": "not run"})["status"]
        assert words[look.split()[0]] == status
        assert title.rpartition("(")[2].removesuffix(")") in (status, f"erratum, {status}")


def node_of(book, name):
    """The colour and the shape of one result on the map, and its words there, in the list and in the legend."""
    page = map_of.pages(book)["map.md"]
    drawn = next(node for node in drawing(page).split("<a ")[1:] if node.startswith(f'id="{name}"'))
    state = re.search(r'class="(\w+)', drawn)
    shape = re.search(r'href="#(\w+)-(\w+)"/><text>', drawn)
    said = re.search(r"<desc>(.*?)</desc>|<title>.* \((.*?)\)</title>", drawn)
    listed = re.search(rf'<li><a href="\.\./results/{re.escape(name)}/">.*?</a> (.*?)(?:<br>|</li>)', page)
    assert state and shape and said and listed
    assert state[1] == shape[2]
    assert (said[1] or said[2]) == listed[1]
    assert f"1 {listed[1].replace('erratum, ', 'erratum ')}" in re.sub("1 theorem ", "1 ", page)
    return shape[1], shape[2], listed[1]


@pytest.mark.parametrize(("status", "state", "words"), [
    ("proved", "pass", "proved"), ("refuted", "fail", "refuted"), ("unknown", "open", "unknown"),
    ("consistent", "open", "consistent"), ("untested", "open", "untested"),
])  # fmt: skip
def test_a_theorem_on_the_map(book, status, state, words):
    assert node_of(came_out(only(book, THEOREM), THEOREM, status=status), THEOREM) == ("theorem", state, words)


@pytest.mark.parametrize(("status", "state", "words"), [
    ("refuted", "fail", "erratum, refuted"), ("proved", "open", "erratum, proved, not as claimed"),
    ("unknown", "open", "erratum, unknown"), ("consistent", "open", "erratum, consistent"),
    ("untested", "open", "erratum, untested"),
])  # fmt: skip
def test_an_erratum_on_the_map(book, status, state, words):
    """Red where the slide is wrong; one that the run did not bear out is neither red nor green."""
    assert node_of(came_out(only(book, ERRATUM), ERRATUM, status=status), ERRATUM) == ("erratum", state, words)


def test_what_has_not_run_on_the_map(blank):
    assert node_of(only(blank, THEOREM), THEOREM) == ("theorem", "none", "not run")
    assert node_of(only(blank, ERRATUM), ERRATUM) == ("erratum", "none", "erratum, not run")


def test_a_check_that_fails_and_a_lie_that_is_believed_are_on_the_map(book):
    one, record = only(book, THEOREM), book.record(THEOREM)
    failing = came_out(one, THEOREM, checks=with_first(record, "checks", status="fail"))
    assert node_of(failing, THEOREM) == ("theorem", "fail", "proved, a check fails")
    believed = came_out(one, THEOREM, lies=with_first(record, "lies", status="proved"))
    assert node_of(believed, THEOREM) == ("theorem", "fail", "proved, a lie is believed")
    failing = came_out(only(book, ERRATUM), ERRATUM, checks=with_first(book.record(ERRATUM), "checks", status="fail"))
    assert node_of(failing, ERRATUM) == ("erratum", "open", "erratum, refuted, a check fails")


def test_what_the_signs_mean_is_said(page):
    said = page[: page.index("<ul")]
    for words in ("A circle is a theorem", "A diamond is an erratum", "the slide is wrong", "question mark"):
        assert words in said


def test_the_heads_of_the_columns(page):
    heads = re.findall(r'<text class="depth" x="([^"]+)" y="13">([^<]+)</text>', page)
    assert [words for _, words in heads] == [
        "from definitions alone", *(f"depth {level}" for level in range(1, len(heads)))
    ]  # fmt: skip
    assert len(heads) > 2
    assert [float(x) for x, _ in heads] == sorted(float(x) for x, _ in heads)


def test_without_a_run_nothing_is_proved(blank):
    page = map_of.pages(blank)["map.md"]
    assert {look.split()[0] for _, _, look, _ in NODE.findall(drawing(page))} == {"none"}
    assert f"{len(list(blank.theorems))} theorems not run" in page
    shown = page[page.index("<ul") :]  # below what the signs mean
    assert "proved" not in shown
    assert "refuted" not in shown


def test_what_no_judge_decided_is_open(book):
    name = "softmax.jacobian"
    undecided = {**book.run.records, name: {**book.run.records[name], "status": "unknown"}}
    page = map_of.pages(replace(book, run=replace(book.run, records=undecided)))["map.md"]
    assert re.search(
        rf'<a id="{name}" href="[^"]+" class="open two?[^"]*"|<a id="{name}" href="[^"]+" class="open"', page
    )
    assert "1 theorem unknown" in page


def test_the_list_says_the_same(book, page):
    listed = page[page.index("## The same as a list") :]
    for entry in book.entries:
        # once as itself, and once for each neighbour
        neighbours = len(drawn_on(entry)) + len(book.used_by.get(entry.name, []))
        assert listed.count(f'href="../results/{entry.name}/"') == 1 + neighbours


def test_a_result_leads_to_its_node(book, page):
    shown = result.pages(book)["results/softmax.jacobian.md"]
    assert 'href="../../map/#softmax.jacobian"' in shown
    assert 'id="softmax.jacobian"' in page
    assert "map/#" not in result.pages(replace(book, parts=book.parts - {"map"}))["results/softmax.jacobian.md"]


def test_every_id_is_given_once(page):
    ids = re.findall(r'\bid="([^"]+)"', page) + re.findall(r"\{: #(\S+)", page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:href="|url\()#([^")]+)', page)) <= set(ids)


# ---- the layout


@pytest.mark.parametrize("count", [1, 300])
def test_no_two_boxes_overlap(book, count):
    drawn = layout_of(multiplied(book, count))
    for a, b in combinations(drawn.boxes.values(), 2):
        apart = a.x + a.width <= b.x or b.x + b.width <= a.x or a.y + a.height <= b.y or b.y + b.height <= a.y
        assert apart, (a, b)
    assert all(box.x + box.width <= drawn.width for box in drawn.boxes.values())
    assert all(box.y + box.height <= drawn.height for box in drawn.boxes.values())


def test_edges_go_to_the_right_and_boxes_stay_in_their_band(many):
    drawn = layout_of(many)
    for (used, user), route in drawn.routes.items():
        assert [route[0], route[-1]] == [drawn.boxes[used], drawn.boxes[user]]
        assert [box.level for box in route] == list(range(drawn.boxes[used].level, drawn.boxes[user].level + 1))
    for (_, members), (top, height) in zip(many.topics, drawn.bands, strict=True):
        for entry in members:
            box = drawn.boxes[entry.name]
            assert top <= box.y
            assert box.y + box.height <= top + height


def test_results_without_edges_have_no_frame_and_stand_below_the_others(book):
    drawn = layout_of(book)
    alone = {e.name for e in book.entries if not drawn_on(e) and not book.used_by.get(e.name)}
    assert {name for name, box in drawn.boxes.items() if box.loose} == alone
    for _, members in book.topics:
        lowest = max((drawn.boxes[e.name].y for e in members if e.name not in alone), default=0)
        assert all(drawn.boxes[e.name].y > lowest for e in members if e.name in alone)


def test_the_same_book_gives_the_same_map(book, page):
    assert map_of.pages(book)["map.md"] == page


def test_a_level_is_the_longest_way_down():
    assert levels({"a": [], "b": ["a"], "c": ["a", "b"]}) == {"a": 0, "b": 1, "c": 2}
    with pytest.raises(CycleError):
        levels({"a": ["b"], "b": ["a"]})


def test_the_order_takes_crossings_away():
    graph = layered([["a", "b", "x", "y"]], {"x": ["b"], "y": ["a"], "a": [], "b": []})
    assert crossings(graph) == 1
    order(graph)
    assert crossings(graph) == 0


def test_a_long_edge_has_a_place_in_every_column_it_passes():
    graph = layered([["a", "b"], ["c"]], {"a": [], "b": ["a"], "c": ["a", "b"]})
    assert [place.level for place in graph.chains["a", "c"]] == [0, 1, 2]
    passing = graph.chains["a", "c"][1]
    assert passing.group == 1
    assert passing in graph.bands[1][1]


def test_three_hundred_results_are_light_and_quick(many):
    start = time.perf_counter()
    page = map_of.pages(many)["map.md"]
    assert time.perf_counter() - start < 5
    assert len(page.encode()) + FRAME < 250_000
