"""LaTeX of a line of Unicode mathematics: ``z ∈ ℝⁿ`` as ``z \\in \\mathbb{R}^{n}``.

Domains and witnesses are kept in records as text for the terminal; a page typesets them.
"""

from __future__ import annotations

import re
import unicodedata

from derivations.calculus.typesetting.names import ACCENTS, GREEK, SUBSCRIPTS, SUPERSCRIPTS

SYMBOLS = {
    "∈": r"\in",
    "≥": r"\ge",
    "≤": r"\le",
    "≠": r"\ne",
    "ℝ": r"\mathbb{R}",
    "ℤ": r"\mathbb{Z}",
    "∩": r"\cap",
    "∞": r"\infty",
    "…": r"\dots",
    "×": r"\times",
    "ˣ": r"\times",
    "−": "-",
    "→": r"\to",
    "·": r"\cdot",
}
_GREEK = {letter: f"\\{name}" for name, letter in GREEK.items()}
_ACCENTS = {mark: f"\\{name}" for name, mark in ACCENTS.items()}
_DOWN = {chr(small): chr(letter) for letter, small in SUBSCRIPTS.items()}
_UP = {chr(small): chr(letter) for letter, small in SUPERSCRIPTS.items()} | {"ˣ": "×"}


def latex_of_text(line: str) -> str:
    """LaTeX for KaTeX; letters one by one in italics, longer words upright."""
    pieces = re.findall(r"[A-Za-z]{2,}|[^\W\d_][\u0300-\u036f]|.", unicodedata.normalize("NFC", line))
    return "".join(_joined([_piece(unicodedata.normalize("NFD", piece)) for piece in pieces])).strip()


def _piece(piece: str) -> tuple[str, str]:
    """The level of a piece, "" or "^" or "_", and its LaTeX."""
    if len(piece) > 1 and piece[1] in _ACCENTS:
        return "", f"{_ACCENTS[piece[1]]}{{{_GREEK.get(piece[0], piece[0])}}}"
    if len(piece) > 1:
        return "", rf"\text{{ {piece} }}"
    if piece in _DOWN:
        return "_", _symbol(_DOWN[piece])
    if piece in _UP:
        return "^", _symbol(_UP[piece])
    return "", _symbol(piece)


def _symbol(character: str) -> str:
    known = SYMBOLS.get(character) or _GREEK.get(character)
    return f"{known} " if known else character


def _joined(pieces: list[tuple[str, str]]) -> list[str]:
    """Neighbours of one level in one pair of braces."""
    out: list[str] = []
    level = ""
    for now, latex in pieces:
        if now != level:
            out += (["}"] if level else []) + ([f"{now}{{"] if now else [])
            level = now
        out.append(latex)
    return [*out, *(["}"] if level else [])]
