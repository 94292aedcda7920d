"""A formula in plain text, for the search index: read off the MathML that KaTeX makes of it."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from xml.etree import ElementTree

from gradproof.site import katex

RELATIONS = ("=", "+", "−", "<", "≤", "⟺", "⇒", "→", "∈")
SPACES = ("mspace", "mpadded", "mphantom")
BESIDE = {"mfrac": "/", "msub": "_", "msup": "^", "munder": "_", "mover": "^"}
ACCENTS = {"^": "\u0302", "ˉ": "\u0304", "~": "\u0303"}
BESIDE_TWO = {"msubsup": "_^", "munderover": "_^"}


@cache
def plain(tex: str) -> str:
    r"""``\frac{\partial p_i}{\partial z_j}`` as ``∂p_i/∂z_j``."""
    found = re.search(r"<math\b.*?</math>", katex.render(tex), re.S)
    if not found:
        return tex
    words = _text(ElementTree.fromstring(_without_entities(found[0])))
    return unicodedata.normalize("NFC", " ".join(words.replace("\u2061", " ").split()))


def _without_entities(mathml: str) -> str:
    """KaTeX writes spaces as entities of HTML, which XML does not know."""
    return mathml.replace("&nbsp;", "\u00a0")


def _text(element: ElementTree.Element) -> str:
    kind = element.tag.rpartition("}")[2]
    parts = [_text(child) for child in element]
    if kind in SPACES:
        return " "
    if kind == "mover" and len(parts) == 2 and parts[1] in ACCENTS:
        return parts[0] + ACCENTS[parts[1]]
    if kind == "msqrt":
        return f"√{_grouped(''.join(parts))}"
    if kind in BESIDE and len(parts) == 2:
        return BESIDE[kind].join(_grouped(part) for part in parts)
    if kind in BESIDE_TWO and len(parts) == 3:
        below, above = BESIDE_TWO[kind]
        return f"{parts[0]}{below}{_grouped(parts[1])}{above}{_grouped(parts[2])}"
    if kind == "mtr":
        return " ".join(parts) + "; "
    return "".join([element.text or "", *parts])


def _grouped(part: str) -> str:
    part = part.strip()
    return part if re.fullmatch(r"∂?\w*(_\w+)?(\^\w+)?", part) or len(part) < 2 else f"({part})"


@cache
def width(tex: str) -> float:
    """About how wide the formula is, in letters; a fraction is as wide as its wider half."""
    found = re.search(r"<math\b.*?</math>", katex.render(tex), re.S)
    return _width(ElementTree.fromstring(_without_entities(found[0]))) if found else float(len(tex))


def _width(element: ElementTree.Element) -> float:
    kind = element.tag.rpartition("}")[2]
    parts = [_width(child) for child in element]
    if kind == "mfrac":
        return max(parts) + 0.5
    if kind in ("munder", "mover", "munderover"):
        return max([parts[0], *(0.7 * part for part in parts[1:])])
    if kind == "msubsup":
        return parts[0] + 0.7 * max(parts[1:])
    if kind in ("msub", "msup"):
        return parts[0] + 0.7 * parts[1]
    if kind == "mtable":
        return max(parts)
    if kind == "mspace":
        return 0.5
    if kind == "mo" and element.text in RELATIONS:
        return 2.0
    return sum(parts) + len(element.text or "") + (1.5 if kind == "msqrt" else 0.0)
