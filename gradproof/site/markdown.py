r"""The Markdown extension for mathematics: ``$...$``, ``$$...$$`` and ``<x-tex tex="...">`` become finished formulas.

It works in two steps. While Markdown is read, a formula is checked with KaTeX and stands as
``<x-tex data-tex="...">plain text</x-tex>``, which is what the search plugin indexes. When the page is finished,
``fill`` puts KaTeX's HTML in the place of the plain text.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from markdown import Extension, Markdown
from markdown.postprocessors import Postprocessor

from gradproof.site import katex
from gradproof.site.plain_text import plain

# what pymdownx.arithmatex leaves in its generic form, and what our templates write
WRITTEN = re.compile(r'<(span|div) class="arithmatex">\s*\\([(\[])(.*?)\\[)\]]\s*</\1>', re.S)
TEMPLATED = re.compile(r'<x-tex tex="([^"]*)"( display)?></x-tex>')
WAITING = re.compile(r'<x-tex( class="x-display")? data-tex="([^"]*)">[^<]*</x-tex>')


def element(tex: str, display: bool = False) -> str:
    """The formula as it stands in a template, before Markdown has run."""
    return f'<x-tex tex="{html.escape(tex, quote=True)}"{" display" if display else ""}></x-tex>'


def fill(page: str) -> str:
    """The page with every waiting formula typeset."""
    return _styled_once(_drawn_once(WAITING.sub(_filled, page)))


def _filled(found: re.Match[str]) -> str:
    display, data = found[1] or "", found[2]
    rendered = katex.render(html.unescape(data), bool(display))
    return f'<x-tex{display} data-tex="{data}">{rendered}</x-tex>'


def _drawn_once(page: str) -> str:
    """Every radical drawn once: the second of a shape, and each after it, points to the first."""
    seen: dict[str, str] = {}

    def point(found: re.Match[str]) -> str:
        shape = found[1]
        if shape in seen:
            return f'<use href="#{seen[shape]}"/>'
        seen[shape] = f"shape-{len(seen) + 1}"
        return f'<path id="{seen[shape]}" d="{shape}"/>'

    return re.sub(r'<path d="([^"]{200,})"/>', point, page)


def _styled_once(page: str) -> str:
    """Lengths that KaTeX writes on many elements become classes, and stand in the head of the page once."""
    sized = re.compile(r'<span(?: class="([\w -]+)")? style="([\w.:;-]+)">')
    counted = Counter(style for _, style in sized.findall(page))
    names = {style: f"z{number}" for number, (style, count) in enumerate(counted.most_common()) if count > 2}

    def name(found: re.Match[str]) -> str:
        classes, style = found[1], found[2]
        return f'<span class="{f"{classes} " if classes else ""}{names[style]}">' if style in names else found[0]

    sheet = "".join(f".{short}{{{_firm(style)}}}" for style, short in names.items())
    return sized.sub(name, page).replace("</head>", f"<style>{sheet}</style></head>", 1) if names else page


def _firm(style: str) -> str:
    """A style that nothing overrides, as on the element itself."""
    return ";".join(f"{part}!important" for part in style.split(";") if part)


class Formulas(Postprocessor):
    """Checks each formula and leaves it waiting, as plain text. ``wrong`` says what becomes of one that is wrong."""

    def __init__(self, md: Markdown, wrong: Callable[[katex.TexError], str]):
        super().__init__(md)
        self.wrong = wrong

    def run(self, text: str) -> str:
        text = WRITTEN.sub(lambda m: self._waiting(html.unescape(m[3]).strip(), m[2] == "["), text)
        return TEMPLATED.sub(lambda m: self._waiting(html.unescape(m[1]), bool(m[2])), text)

    def _waiting(self, tex: str, display: bool) -> str:
        try:
            katex.render(tex, display)  # on the page on which the formula stands
        except katex.TexError as error:
            return self.wrong(error)
        return _waiting(tex, display)


def _fail(error: katex.TexError) -> str:
    raise error


def _waiting(tex: str, display: bool) -> str:
    kind = ' class="x-display"' if display else ""
    return f'<x-tex{kind} data-tex="{html.escape(tex, quote=True)}">{html.escape(plain(tex))}</x-tex>'


class MathExtension(Extension):
    """Registers the postprocessor, after those that restore raw HTML.

    Its option ``wrong`` takes the TexError of a formula and returns the HTML in its place, or raises, as it does when
    left out.
    """

    def __init__(self, **options: Any):
        self.config = {"wrong": [_fail, "what to do with a formula that cannot be typeset"]}
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:
        md.postprocessors.register(Formulas(md, self.getConfig("wrong")), "gradproof-math", 1)


def makeExtension(**options: Any) -> MathExtension:
    """The entry point by which Markdown loads the extension."""
    return MathExtension(**options)
