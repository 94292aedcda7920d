"""The templates: jinja2, with formulas, icons and code as functions; whatever is text is escaped."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from derivations.calculus.typesetting.names import greek, text_name
from gradproof.site.badges import WORDS, figure
from gradproof.site.book import anchor
from gradproof.site.markdown import element
from gradproof.site.plain_text import plain
from gradproof.site.unicode_math import latex_of_text

# names, white space and punctuation are coloured like the text around them; their elements are most of the weight
PLAIN = re.compile(r'<span class="(?:n|p|w)">([^<]*)</span>')
ICONS = {
    "pass": '<path d="M3.2 8.6l3.1 3.1 6.5-7.2"/>',
    "fail": '<path d="M4 4l8 8M12 4l-8 8"/>',
    "open": '<path d="M5.6 6.2a2.4 2.4 0 1 1 3.4 2.2c-.7.4-1 .8-1 1.5M8 12.6v.1"/>',
    "none": '<path d="M4.5 8h7"/>',
}


@cache
def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("gradproof.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # a character beyond the first 65,536 would be escaped as two halves, which YAML does not take
    found.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    found.globals |= {"tex": tex, "icon": icon, "code": code, "words": WORDS, "plain": plain}
    found.filters |= {
        "domain": latex_of_text,
        "figure": figure,
        "anchor": anchor,
        "variable": variable,
        "minus": minus,
        "heading": heading,
        "greek": greek,
    }
    return found


def render(template: str, **values: Any) -> str:
    """A page or a part of one. Blank lines are folded, which inside of HTML mean nothing."""
    text = _environment().get_template(template).render(**values)
    return re.sub(r"\n{3,}", "\n\n", text)


def tex(latex: str, display: bool = False) -> Markup:
    """A formula, to be typeset by the Markdown extension."""
    return Markup(element(latex, display))


def icon(state: str) -> Markup:
    """The sign of a state, for the eye only: words stand beside it."""
    return Markup(f'<i class="sign"><svg viewBox="0 0 16 16" aria-hidden="true">{ICONS[state]}</svg></i>')


@cache
def code(source: str, language: str = "python") -> Markup:
    """Highlighted code that can be reached and scrolled with the keyboard."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name

    body = highlight(source, get_lexer_by_name(language), HtmlFormatter(nowrap=True)).rstrip("\n")
    plain_body = PLAIN.sub(r"\1", body)
    # a blank line would end the block for Markdown's eyes
    safe = re.sub(r"\n(?=\n)", "\n<span></span>", plain_body)
    return Markup(f'<div class="highlight"><pre tabindex="0"><span></span><code>{safe}\n</code></pre></div>')


def variable(name: str) -> Markup:
    """The name of a quantity in running text: β₁ in italics."""
    found = re.fullmatch(r"(.*?)(\d+)?", name)
    stem, number = (found[1], found[2] or "") if found else (name, "")
    small = f"<sub>{number}</sub>" if number else ""
    return Markup(f"<var>{escape(text_name(stem))}{small}</var>")


def heading(words: str) -> Markup:
    """Words for a heading that Markdown must take as they are: what means something to it or to HTML is escaped."""
    return Markup(re.sub(r"[\\`*_{}\[\]<>&$#]", lambda found: f"&#{ord(found[0])};", " ".join(words.split())))


def minus(text: str) -> str:
    """Figures with a true minus sign."""
    return text.replace("-", "−")
