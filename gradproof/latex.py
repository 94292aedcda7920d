"""A proof as LaTeX: what it is about as comments, then one ``align*`` environment with a line a step."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Any

from derivations.calculus import printing
from derivations.calculus.typesetting.names import GREEK, SUBSCRIPTS, greek, latex_name
from derivations.proof.theorem import Erratum, Result
from gradproof.records import definitions, line_of, names_in, openings, step_signs

SIGNS = {"=": "=", "⇒": r"\Rightarrow", "": ""}
UNEQUAL = {"=": r"\neq", "!=": "=", "<=": r"\not\leq", "<": r"\not<"}
_LETTERS = {letter: f"\\{name}" for name, letter in GREEK.items()}
_SMALL = {chr(small): f"_{{{chr(letter)}}}" for letter, small in SUBSCRIPTS.items()}
_SYMBOLS = {"→": r"\to", "−": "-", "≥": r"\geq", "≤": r"\leq", "≠": r"\neq", "∞": r"\infty", "·": r"\cdot"}


def latex_of(result: Result, witness: dict[str, Any] | None = None) -> str:
    """The document of a result; ``witness`` is the point at which an erratum fails, as its record has it."""
    body = _erratum(result, witness) if isinstance(result, Erratum) else _chain(result)
    return "\n".join([*head(result), r"\begin{align*}", "  " + " \\\\\n  ".join(body), r"\end{align*}"])


def head(result: Result) -> list[str]:
    """Name, statement, hypotheses, definitions and source, each a comment."""
    source = result.source
    lines = [f"{result.name}: {result.title}" if result.title else result.name]
    if not isinstance(result, Erratum):
        lines.append(f"statement: {result.latex()}")
    lines += [f"if {h.text}: {printing.latex(h.relation)}" for h in result.hypotheses]
    lines += [f"with {name} = {body}" for name, body in definitions(result, printing.latex)]
    lines.append(f"for {', '.join(printing.domains(result.statement))}")
    lines.append(f"source: {source.lecture}{', ' + source.slide if source.slide else ''}")
    return [f"% {line}" for line in lines]


def _chain(result: Result) -> list[str]:
    lines, names = [], names_in(result)
    for step, sign, (part, start) in zip(
        result.steps, step_signs(result), openings(result, printing.latex), strict=True
    ):
        if part:
            lines.append(rf"&\textbf{{{label(part)}}}")
        if start:
            lines.append(f"&{start}")
        relation = f"{SIGNS[sign]} " if sign else ""
        lines.append(rf"&\quad {relation}{printing.latex(line_of(step))} && \text{{{reason(step.reason, names)}}}")
    return lines


def _erratum(erratum: Erratum, witness: dict[str, Any] | None) -> list[str]:
    lines = [rf"&\text{{printed (false):}} && {erratum.latex()}"]
    if witness:
        where = r",\; ".join(f"{latex_name(name)} = {value}" for name, value in witness["values"].items())
        fails = _failure(witness)
        lines.append(rf"&\text{{fails at }} {where} && {fails}")
    right = [("instead", erratum.instead)] if erratum.instead else []
    for word, theorem in (*right, *(("because", theorem) for theorem in erratum.because)):
        lines.append(rf"&\text{{{word} ({escaped(theorem.name)}):}} && {theorem.latex()}")
    return lines


def _failure(witness: dict[str, Any]) -> str:
    """``1/2 \\neq 0``; of an "iff" the two sentences, of which one is true and the other is not."""
    if witness["operator"] == "iff":
        return rf"\text{{{escaped(witness['left'])}; {escaped(witness['right'])}}}"
    return f"{witness['left']} {UNEQUAL[witness['operator']]} {witness['right']}"


def reason(words: str, names: Collection[str]) -> str:
    """A reason in text mode, the names of quantities in it in math mode."""
    pieces = re.split(r"(\w+)", words)
    return "".join(f"${latex_name(p)}$" if p in names and len(p) > 1 else escaped(p) for p in pieces)


def escaped(words: str) -> str:
    """Words for LaTeX's text mode: special characters escaped, Greek letters, small letters and signs in math mode."""
    return "".join(map(_in_text_mode, words)).replace("$$", "")


def _in_text_mode(character: str) -> str:
    if character in _LETTERS or character in _SYMBOLS or character in _SMALL:
        return f"${_LETTERS.get(character) or _SYMBOLS.get(character) or _SMALL[character]}$"
    plain = unicodedata.normalize("NFKD", character)
    return "\\" + character if character in "_&%#${}" else plain if plain.isascii() else character


def label(part: str) -> str:
    """The name of a part, ``base t = 0`` or ``g < 0, written −g``: its words as text, the rest in math mode."""
    pieces = re.findall(r"[A-Za-z]{2,}|(?:(?![A-Za-z]{2}).)+", greek(part))
    return "".join(map(_piece, pieces))


def _piece(piece: str) -> str:
    if re.fullmatch(r"[A-Za-z]{2,}", piece):
        return piece
    inner = escaped(piece.strip()).replace("$", "")
    before, after = (" " if piece != cut else "" for cut in (piece.lstrip(), piece.rstrip()))
    return f"{before}${inner}${after}" if inner else " "
