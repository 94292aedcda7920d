"""Lines that fit the page: a long one is broken before its outermost operators, in parentheses."""

from __future__ import annotations

import re
from collections.abc import Iterator

WIDTH = 96
OPERATORS = ((" + ", " - "), (" * ", " / "))


def fitted(line: str, width: int = WIDTH) -> list[str]:
    """The line, or several that mean the same."""
    found = re.match(r"(\s*)(return |\w+ = )", line)
    if len(line) <= width or not found:
        return [line]
    indent, opening = found[1], found[0]
    pieces = _broken(line[len(opening) :])
    if len(pieces) < 2:
        return [line]
    return [f"{opening}(", *_deeper(pieces, f"{indent}    ", width), f"{indent})"]


def _broken(text: str) -> list[str]:
    """The text before each operator of the kind that binds least; one piece where there is none."""
    return next((found for operators in OPERATORS if len(found := list(_pieces(text, operators))) > 1), [text])


def _pieces(text: str, operators: tuple[str, ...]) -> Iterator[str]:
    """The text cut before each operator that stands in no bracket."""
    depth, start = 0, 0
    for place, letter in enumerate(text):
        depth += (letter in "([") - (letter in ")]")
        if not depth and text[place : place + 3] in operators:
            yield text[start:place].strip()
            start = place
    yield text[start:].strip()


def _deeper(pieces: list[str], indent: str, width: int) -> Iterator[str]:
    """Each piece on a line; one that is still too long is broken within its longest bracket."""
    for piece in pieces:
        first, last = _longest_bracket(piece)
        inner = _broken(piece[first + 1 : last]) if last else []
        if len(indent + piece) <= width or len(inner) < 2:
            yield indent + piece
            continue
        yield indent + piece[: first + 1]
        yield from _deeper(inner, f"{indent}    ", width)
        yield indent + piece[last:]


def _longest_bracket(text: str) -> tuple[int, int]:
    """Where the longest pair of round brackets that stands in no other begins and ends; (0, 0) when there is none."""
    opened, found = [], (0, 0)
    for place, letter in enumerate(text):
        if letter in "([":
            opened.append(place)
        elif letter in ")]":
            start = opened.pop()
            if not opened and letter == ")" and place - start > found[1] - found[0]:
                found = (start, place)
    return found
