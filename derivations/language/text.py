"""From a text to a syntax tree, without ever running anything.

    expression(text, origin)      the tree of one expression or comparison, positions as offsets into the text

The text is looked at character by character before Python's parser sees it: only printable ASCII, brackets that match,
no strings, no comments, numbers of a sane length. The tree is then walked once: only the node types of the language.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from derivations.language.errors import InvalidClaim, place_at

LONGEST = 20_000  # characters
DEEPEST = 150  # brackets, and levels of the tree
LONGEST_NUMBER = 400  # digits

ALLOWED = (
    ast.Expression, ast.Compare, ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Constant, ast.Attribute, ast.Subscript,
    ast.Tuple, ast.Slice, ast.keyword, ast.operator, ast.unaryop, ast.cmpop, ast.expr_context,
)  # fmt: skip
REFUSED_OPERATORS = {
    ast.BitXor: "'^' is not a power here: write **",
    ast.Mod: "'%' is not part of the language",
    ast.FloorDiv: "'//' is not part of the language: write /",
    ast.BitAnd: "'&' is not part of the language: state one claim at a time",
    ast.BitOr: "'|' is not part of the language: write abs(x), norm(x)",
    ast.LShift: "'<<' is not part of the language",
    ast.RShift: "'>>' is not part of the language",
    ast.Invert: "'~' is not part of the language",
    ast.Not: "'not' is not part of the language",
    ast.NotEq: "a claim is an equality or an inequality: == <= < >= >",
    ast.Is: "'is' is not part of the language: write ==",
    ast.IsNot: "'is' is not part of the language: write ==",
    ast.In: "'in' is not part of the language",
    ast.NotIn: "'in' is not part of the language",
}
REFUSED_CHARACTERS = {
    "'": "quotes are not part of the language: a derivative is written diff(f, x)",
    '"': "quotes are not part of the language",
    "`": "'`' is not part of the language",
    "\\": "'\\' is not part of the language: write formulas as in NumPy, not as in LaTeX",
    "{": "braces are not part of the language: use ( )",
    "}": "braces are not part of the language: use ( )",
    "#": "comments are not part of the language",
    "$": "'$' is not part of the language",
    "?": "'?' is not part of the language",
    ";": "';' separates declarations; a claim is one statement",
    "^": "'^' is not a power here: write **",
}
NUMBER = re.compile(r"(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?")
CLOSING = {"(": ")", "[": "]"}
COMPARISON = re.compile(r"[=!<>]=|[<>]")


def expression(text: str, origin: str = "claim", offset: int = 0) -> ast.expr:
    """The tree of ``text[offset:]``, its ``col_offset`` counting from the start of the whole text.

    Raises InvalidClaim for anything that is not one expression (or comparison) of the language.
    """
    check_characters(text, origin)
    _check_brackets(text, origin, offset)
    if not text[offset:].strip():
        raise InvalidClaim("an expression is missing", place_at(text, offset, origin))
    # one line, the same length: offsets stay offsets; what stands before is blank and the parentheses take its place
    line = " " * offset + re.sub(r"\s", " ", text[offset:])
    try:
        tree = ast.parse(f"({line}\n)", mode="eval").body
    except SyntaxError as error:
        raise _translated(error, text, origin, offset) from None
    except (ValueError, MemoryError, RecursionError, OverflowError):
        raise InvalidClaim("nested too deeply, or too long", place_at(text, offset, origin)) from None
    _shift(tree)
    _check_nodes(tree, text, origin)
    return tree


def check_characters(text: str, origin: str) -> None:
    """Raise InvalidClaim for a text that is too long or has a character outside the language."""
    if len(text) > LONGEST:
        raise InvalidClaim(f"the text has {len(text)} characters, more than {LONGEST}", place_at(text, LONGEST, origin))
    for position, c in enumerate(text):
        if c in REFUSED_CHARACTERS and not (c == ";" and origin == "where"):
            raise InvalidClaim(REFUSED_CHARACTERS[c], place_at(text, position, origin))
        if not (" " <= c <= "~" or c in "\n\t\r"):
            what = f"the character {c!r}" if c.isprintable() else f"the control character {c!r}"
            mend = ": write its name in Latin letters, such as alpha" if c.isalpha() else ": only ASCII is"
            raise InvalidClaim(f"{what} is not part of the language{mend}", place_at(text, position, origin))
    for run in re.finditer(rf"\d{{{LONGEST_NUMBER + 1},}}", text):
        raise InvalidClaim(f"a number of more than {LONGEST_NUMBER} digits", place_at(text, run.start(), origin))


def _check_brackets(text: str, origin: str, offset: int) -> None:
    """Every bracket has its partner, and no comparison stands inside one: a better message than the parser's."""
    opened: list[int] = []
    position = offset
    while position < len(text):
        c = text[position]
        comparison = COMPARISON.match(text, position)
        if c in CLOSING:
            opened.append(position)
            if len(opened) > DEEPEST:
                raise InvalidClaim(f"more than {DEEPEST} brackets inside each other", place_at(text, position, origin))
        elif c in ")]":
            if not opened or CLOSING[text[opened[-1]]] != c:
                expected = f": expected {CLOSING[text[opened[-1]]]!r}" if opened else " closes nothing"
                raise InvalidClaim(f"{c!r}{expected}", place_at(text, position, origin))
            opened.pop()
        elif comparison and opened:
            expected = CLOSING[text[opened[-1]]]
            raise InvalidClaim(f"expected {expected!r} before {comparison[0]!r}", place_at(text, position, origin))
        position += len(comparison[0]) if comparison else 1
    if opened:
        where = place_at(text, opened[-1], origin)
        raise InvalidClaim(f"{text[opened[-1]]!r} is never closed", where)


def _translated(error: SyntaxError, text: str, origin: str, offset: int) -> InvalidClaim:
    """Our words for what Python's parser complains about."""
    position = (error.offset or 1) - 2  # one for the parenthesis, one because the parser counts from 1
    position = max(offset, min(position, len(text)))
    assigned = re.compile(r"(?<![=!<>])=(?!=)").search(text, offset)
    unfinished = re.search(r"([-+*/@,.]|[=<>]=|[<>])\s*$", text)
    word = re.match(r"[A-Za-z]\w*|[=!<>]=|\S", text[position:])
    found = word[0] if word else ""
    if found == "lambda":
        message = "'lambda' is a word of Python and cannot be a name: write lam"
    elif unfinished:
        message, position = f"an expression is missing after {unfinished[1]!r}", unfinished.start(1)
    elif assigned and not text[: assigned.start()].count("("):
        message, position = "a claim is stated with '==', not '='", assigned.start()
    elif "forgot a comma" in (error.msg or "") or re.match(r"\w+\s+\w", text[position:]):
        message = "an operator is missing between two expressions"
    else:
        message = f"unexpected {found!r}" if found else "the text ends too early"
    return InvalidClaim(message, place_at(text, position, origin))


def _shift(tree: ast.AST) -> None:
    """Take the parenthesis before the text off every position."""
    for node in ast.walk(tree):
        if hasattr(node, "col_offset"):
            node.col_offset -= 1  # type: ignore[attr-defined]
            node.end_col_offset -= 1  # type: ignore[attr-defined]


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
            if type(node) in REFUSED_OPERATORS:
                raise InvalidClaim(REFUSED_OPERATORS[type(node)], place_at(text, at, origin))
            if not isinstance(node, ALLOWED):
                raise InvalidClaim(f"{_words(node)} not part of the language", place_at(text, at, origin))
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


def _words(node: ast.AST) -> str:
    names = {
        ast.Lambda: "'lambda' is", ast.BoolOp: "'and' and 'or' are", ast.IfExp: "'if' is", ast.NamedExpr: "':=' is",
        ast.List: "a list is", ast.Starred: "'*' before a name is", ast.Await: "'await' is", ast.Yield: "'yield' is",
    }  # fmt: skip
    return names.get(type(node), f"{type(node).__name__} is")


def _check_leaf(node: ast.AST, text: str, origin: str, at: int) -> None:
    if isinstance(node, ast.Name):
        check_name(node.id, text, origin, at)
    elif isinstance(node, ast.keyword) and node.arg is None:
        raise InvalidClaim("'**' before an argument is not part of the language", place_at(text, at, origin))
    elif isinstance(node, ast.Attribute) and node.attr != "T":
        attribute = (node.end_col_offset or at) - len(node.attr)
        message = f"'.{node.attr[:40]}' is not part of the language: only .T is"
        raise InvalidClaim(message, place_at(text, attribute, origin))
    elif isinstance(node, ast.Constant):
        written = text[node.col_offset : node.end_col_offset]
        if not NUMBER.fullmatch(written):
            raise InvalidClaim(f"{written[:40]} is not a number of the language", place_at(text, at, origin))


def check_name(name: str, text: str, origin: str, at: int) -> None:
    """Raise InvalidClaim for a name that is too long or has a meaning for Python's internals."""
    if name.startswith("_") or name.endswith("_") or "__" in name:
        raise InvalidClaim(f"the name {name[:40]!r}: underscores only between letters", place_at(text, at, origin))
    if len(name) > 40:
        raise InvalidClaim("a name of more than 40 characters", place_at(text, at, origin))
