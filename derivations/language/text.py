"""From a text to a syntax tree, without ever running anything.

    expression(text, origin)      the tree of one expression or comparison, positions as offsets into the text

The words of the text have been looked at (tokens.py) before Python's parser sees it. The tree is then walked once: only
the node types of the language.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from derivations.language.errors import InvalidClaim, place_at
from derivations.language.tokens import DEEPEST, NUMBER, check_characters, check_name, check_words

ALLOWED = (
    ast.Compare, ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Constant, ast.Attribute, ast.Subscript, ast.Tuple,
    ast.Slice, ast.keyword, ast.Load,
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.MatMult, ast.UAdd, ast.USub,
    ast.Eq, ast.Lt, ast.LtE, ast.Gt, ast.GtE,
)  # fmt: skip


def expression(text: str, origin: str = "claim", start: int = 0, end: int | None = None) -> ast.expr:
    """The tree of ``text[start:end]``, its ``col_offset`` counting from the start of the whole text.

    Raises InvalidClaim for anything that is not one expression (or comparison) of the language.
    """
    end = len(text) if end is None else end
    check_characters(text, origin, start, end)
    check_words(text, origin, start, end)
    line = re.sub(r"\s", " ", text[start:end])  # one line of the same length: offsets stay offsets
    try:
        tree = ast.parse(f"({line}\n)", mode="eval").body
    except SyntaxError as error:
        at = start + max(0, min((error.offset or 1) - 2, len(line)))  # it counts from 1, and there is a parenthesis
        word = re.match(r"\w+|\S|", text[at:end])
        raise InvalidClaim(
            f"unexpected {word[0]!r}" if word else "unexpected end", place_at(text, at, origin)
        ) from None
    except (ValueError, MemoryError, RecursionError, OverflowError):
        raise InvalidClaim("nested too deeply, or too long", place_at(text, start, origin)) from None
    _shift(tree, start - 1)
    _check_nodes(tree, text, origin)
    return tree


def _shift(tree: ast.AST, by: int) -> None:
    """Positions in the text that was parsed, a parenthesis before it, as positions in the whole text."""
    for node in ast.walk(tree):
        if hasattr(node, "col_offset"):
            node.col_offset += by  # type: ignore[attr-defined]
            node.end_col_offset += by  # type: ignore[attr-defined]


def _check_nodes(tree: ast.AST, text: str, origin: str) -> None:
    """Only the nodes of the language, not too deep; each complaint at its own place."""
    level, here = 0, [(tree, tree)]
    while here:
        level += 1
        if level > 3 * DEEPEST:
            at = getattr(here[0][1], "col_offset", 0)
            raise InvalidClaim("nested too deeply", place_at(text, at, origin))
        deeper = []
        for node, parent in here:
            at = getattr(node, "col_offset", getattr(parent, "col_offset", 0))
            if not isinstance(node, ALLOWED):
                raise InvalidClaim(f"{type(node).__name__} is not part of the language", place_at(text, at, origin))
            _check_leaf(node, text, origin, at)
            deeper += [(child, node) for child in _inner(node)]
        here = deeper


def _inner(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node; a chain a + b + c is one level, however long."""
    for child in ast.iter_child_nodes(node):
        while isinstance(node, ast.BinOp) and isinstance(child, ast.BinOp) and child is node.left:
            yield from (child.op, child.right)
            node, child = child, child.left
        yield child


def _check_leaf(node: ast.AST, text: str, origin: str, at: int) -> None:
    """What the words have been checked for is checked once more where it matters: names, attributes, numbers."""
    if isinstance(node, ast.Name):
        check_name(node.id, text, origin, at)
    elif isinstance(node, ast.keyword) and node.arg is None:
        raise InvalidClaim("'**' before an argument is not part of the language", place_at(text, at, origin))
    elif isinstance(node, ast.Attribute) and node.attr != "T":
        raise InvalidClaim("only .T is part of the language", place_at(text, at, origin))
    elif isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, bool)):
        return  # refused where it is read, unless it is keepdims=True or x[:, None]
    elif isinstance(node, ast.Constant) and not NUMBER.fullmatch(text[node.col_offset : node.end_col_offset]):
        raise InvalidClaim("not a number of the language", place_at(text, at, origin))
