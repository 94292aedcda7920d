"""A title is words: whatever stands in it, no page takes it for markup, an attribute or another heading."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from markdown import Markdown

from gradproof.site import map as map_of
from gradproof.site import pages
from gradproof.site.book import Book
from gradproof.site.templating import heading
from tests.support.altered import described

THEOREM, ERRATUM = "softmax.jacobian", "softmax.single_term_chain"
EVIL = '[x](javascript:a) *b* _c_ `d` {: #e onclick="f" } <script>g</script> $h$ & \\* #i #'
EXTENSIONS = ["attr_list", "tables", "toc", "pymdownx.superfences", "pymdownx.arithmatex", "gradproof.site.markdown"]


def html_of(page):
    """A page as Markdown makes it."""
    body = re.sub(r"\A---\n.*?\n---\n", "", page.lstrip(), flags=re.S)
    return Markdown(extensions=EXTENSIONS, extension_configs={"pymdownx.arithmatex": {"generic": True}}).convert(body)


def headings(made):
    return re.findall(r"<h[1-6]([^>]*)>(.*?)</h[1-6]>", made, re.S)


@pytest.fixture(scope="module")
def written(book):
    return pages(described(described(book, THEOREM, title=EVIL), ERRATUM, title=EVIL))


@pytest.mark.parametrize(("path", "marked"), [
    (f"results/{THEOREM}.md", ""), (f"results/{ERRATUM}.md", ""),
    ("errata/index.md", 'id="softmax-single-term-chain"'),
])  # fmt: skip
def test_a_title_in_a_heading_is_words(written, path, marked):
    made = html_of(written[path])
    found = [(attributes, inner) for attributes, inner in headings(made) if "javascript" in inner]
    assert len(found) == 1
    ((attributes, inner),) = found
    assert unescape(inner) == EVIL
    assert "<" not in inner
    assert "onclick=" not in attributes
    assert marked in attributes


def test_no_page_takes_a_title_for_markup(written):
    for path, text in written.items():
        if path.endswith(".md") and "javascript:a" in text:
            made = html_of(text)
            for bad in ('href="javascript', "<script>g", "<em>b", "<em>c", "<code>d</code>", 'data-tex="h"'):
                assert bad not in made, f"{path}: {bad}"
            assert not re.search(r"<[^>]*\sonclick=", made), path


@pytest.mark.parametrize("title", ["one\n## Injected\n", "  one\t## Injected"])
def test_a_title_is_one_line(book, title):
    found = pages(described(described(book, THEOREM, title=title), ERRATUM, title=title))
    for path, text in found.items():
        if path.endswith(".md"):
            assert "\n## Injected" not in text
    assert found[f"results/{THEOREM}.md"].count("# one &#35;&#35; Injected") == 1


@pytest.mark.parametrize("title", ["", "  ", "\n"])
def test_a_result_without_a_title_goes_by_its_name(book, title):
    found = pages(described(described(book, THEOREM, title=title), ERRATUM, title=title))
    assert f"\n# {heading(THEOREM)}\n" in found[f"results/{THEOREM}.md"]
    assert f"### {heading(ERRATUM)} {{:" in found["errata/index.md"]


@pytest.mark.parametrize("topic", ["list", "drawn", "m-box", "m-pass", "theorem-pass", "map", "map-list", "list-map"])
def test_no_topic_takes_an_id_of_the_map(book, topic):
    entry = replace(book.by_name[THEOREM], name=f"{topic}.one", topic=topic, uses=[])
    page = map_of.pages(replace(book, entries=(*book.entries, entry)))["map.md"]
    ids = re.findall(r'\bid="([^"]+)"', page) + re.findall(r"\{: #([^ }]+)", page)
    assert sorted({one for one in ids if ids.count(one) > 1}) == []
    assert f'href="#map-{topic}"' in page


def test_words_that_mean_nothing_to_markdown_stay_as_they_are():
    assert heading("The EMA's mean age, (1 − α)/α: exact!") == "The EMA's mean age, (1 − α)/α: exact!"
    assert heading(" two\nlines ") == "two lines"


def test_a_book_keeps_titles_that_are_one_line(book):
    assert Book(book.entries).entries == book.entries
