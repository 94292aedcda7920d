"""Mathematics in Markdown: waiting as plain text for the search, then typeset."""

from __future__ import annotations

import re

import pytest
from markdown import Markdown

from gradproof.site.katex import TexError
from gradproof.site.markdown import element, fill

EXTENSIONS = ["pymdownx.arithmatex", "gradproof.site.markdown", "attr_list"]


def converted(text):
    options = {"pymdownx.arithmatex": {"generic": True}}
    return Markdown(extensions=EXTENSIONS, extension_configs=options).convert(text)


def test_a_formula_waits_as_plain_text():
    found = converted(r"The sum $\sum_k p_k$ is one.")
    assert found == r'<p>The sum <x-tex data-tex="\sum_k p_k">∑_kp_k</x-tex> is one.</p>'


def test_display_mathematics_and_what_a_template_writes():
    assert '<x-tex class="x-display" data-tex="a &lt; b">a&lt;b</x-tex>' in converted("$$\na < b\n$$")
    assert '<x-tex class="x-display" data-tex="a &lt; b">' in converted(f"<div>{element('a < b', True)}</div>")


def test_a_finished_page_has_the_formula():
    page = fill(f"<head></head><body>{converted('$a < b$')}</body>")
    assert '<x-tex data-tex="a &lt; b"><span class="katex">' in page
    assert "<mo>&lt;</mo>" in page


def test_a_typo_fails_where_it_stands():
    with pytest.raises(TexError, match="sgima"):
        converted(r"Here $\sgima(x)$ is wrong.")


def test_code_is_left_alone():
    assert "x-tex" not in converted("The command `echo $HOME$` prints.")


def test_a_radical_is_drawn_once():
    page = fill(converted(r"$\sqrt{a}$ and $\sqrt{b}$"))
    paths, uses = re.findall(r'<path id="(shape-\d+)"', page), re.findall(r'<use href="#(shape-\d+)"', page)
    assert paths == ["shape-1"]
    assert uses == ["shape-1"]


def test_repeated_lengths_become_classes_with_the_same_lengths():
    formulas = " ".join(f"$x_{{{letter}}}$" for letter in "abcdefg")
    page = fill(f"<head></head>{converted(formulas)}")
    sheet = dict(re.findall(r"\.(z\d+)\{([^}]*)\}", page))
    assert sheet
    assert all("!important" in style for style in sheet.values())
    used = {name for names in re.findall(r'class="([^"]*)"', page) for name in names.split() if name in sheet}
    assert used == set(sheet)
