"""The words of a text, looked at one by one before Python's parser sees them.

    check_characters(text, origin)            printable ASCII of a sane length, a mend for what else people write
    check_words(text, origin, start, end)     numbers, names and marks of the language, in an order that can be read

What is wrong is found here, from left to right, so that the first mistake is the one reported, at its own place.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from dataclasses import dataclass, field
from typing import NoReturn

from derivations.language.errors import InvalidClaim, place_at

LONGEST = 20_000  # characters
DEEPEST = 150  # brackets inside each other
LONGEST_NUMBER = 400  # digits, and the largest exponent
LONGEST_NAME = 40

NUMBER = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d+))?", re.ASCII)
WORD = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>\.?\d[\w.]*((?<=[eE])[+-]\d+)?)"
    r"|(?P<attribute>\.\s*[A-Za-z_]\w*)"
    r"|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<refused>[-+*/@]=|===+|<=>|=[<>]|<[<>]|>>|!=|:=|->|//)"
    r"|(?P<comparison>==|<=|>=|<|>)"
    r"|(?P<assign>=)"
    r"|(?P<operator>\*\*|[-+*/@])"
    r"|(?P<open>[(\[])|(?P<close>[)\]])|(?P<comma>,)|(?P<colon>:)"
    r"|(?P<other>.)",
    re.ASCII | re.DOTALL,
)
FOREIGN = re.compile(r"[^ -~\n\t\r]")
CLOSING = {"(": ")", "[": "]"}
SIGNS = {"+", "-"}

MENDS = {
    "^": "'^' is not a power here: write **",
    "%": "'%' is not part of the language",
    "//": "'//' is not part of the language: write /",
    "&": "'&' is not part of the language: state one claim at a time",
    "|": "'|' is not part of the language: write abs(x), norm(x)",
    "!": "'!' is not part of the language: write gamma(n + 1)",
    "!=": "'!=' is not part of the language: a claim is an equality or an inequality, == <= < >= >",
    "<>": "'<>' is not part of the language: a claim is an equality or an inequality, == <= < >= >",
    "=<": "'=<' is not part of the language: write <=",
    "=>": "'=>' is not part of the language: write >=",
    "===": "'===' is not part of the language: write ==",
    ":=": "':=' is not part of the language: write ==",
    "'": "quotes are not part of the language: a derivative is written diff(f, x)",
    '"': "quotes are not part of the language",
    "\\": "'\\' is not part of the language: write formulas as in NumPy, not as in LaTeX",
    "{": "braces are not part of the language: use ( )",
    "}": "braces are not part of the language: use ( )",
    "#": "comments are not part of the language",
    ";": "';' separates declarations; a claim is one statement",
}
WORDS_OF_PYTHON = {
    "and": "'and' is not part of the language: state one claim at a time, or a chain such as 0 < x < 1",
    "or": "'or' is not part of the language: state one claim at a time",
    "not": "'not' is not part of the language",
    "is": "'is' is not part of the language: write ==",
    "in": "'in' is not part of the language: write bounds such as 0 < x < 1",
    "lambda": "'lambda' is a word of Python and cannot be a name: write lam",
}
CONSTANTS_OF_PYTHON = {"True", "False", "None"}  # as in keepdims=True and x[:, None]
SYMBOLS = {
    "≤": "<=", "≥": ">=", "−": "-", "–": "-", "·": "*", "×": "*", "÷": "/", "²": "**2", "³": "**3",
    "√": "sqrt(x)", "∞": "oo", "∑": "sum(f, k)", "∏": "prod(f, k)", "∂": "diff(f, x)", "∇": "grad(f, x)",
    "∫": "integrate(f, (x, a, b))", "ᵀ": ".T", "λ": "lam",
}  # fmt: skip


def check_characters(text: str, origin: str, start: int = 0, end: int = LONGEST) -> None:
    """Raise InvalidClaim for a text that is too long or has a character outside printable ASCII."""
    if len(text) > LONGEST:
        raise InvalidClaim(f"the text has {len(text)} characters, more than {LONGEST}", place_at(text, LONGEST, origin))
    found = FOREIGN.search(text, start, end)
    if found:
        c = found[0]
        what = f"the character {c!r}" if c.isprintable() else f"the control character {c!r}"
        raise InvalidClaim(f"{what} is not part of the language{_mend(c)}", place_at(text, found.start(), origin))


def _mend(c: str) -> str:
    if c in SYMBOLS:
        return f": write {SYMBOLS[c]}"
    if re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER \w+", unicodedata.name(c, "")):
        name = unicodedata.name(c).split()[-1]
        return f": write {name.lower() if c.islower() else name.capitalize()}"
    return ": write its name in Latin letters" if c.isalpha() else ": only printable ASCII is"


def check_name(name: str, text: str, origin: str, at: int) -> None:
    """Raise InvalidClaim for a name that is too long, a word of Python, or shaped like Python's internals."""
    if len(name) > LONGEST_NAME:
        raise InvalidClaim(f"a name of more than {LONGEST_NAME} characters", place_at(text, at, origin))
    if name.startswith("_") or name.endswith("_") or "__" in name:
        raise InvalidClaim(f"the name {name!r}: underscores only between letters", place_at(text, at, origin))
    if keyword.iskeyword(name) and name not in CONSTANTS_OF_PYTHON:
        message = WORDS_OF_PYTHON.get(name, f"{name!r} is a word of Python and cannot be a name")
        raise InvalidClaim(message, place_at(text, at, origin))


@dataclass
class _Reader:
    """Where a reading from left to right stands: the brackets that are open, and the word before."""

    text: str
    origin: str
    opened: list[int] = field(default_factory=list)
    kind: str = ""  # of the word before, "" at the start
    word: str = ""
    at: int = 0

    def fail(self, message: str, at: int) -> NoReturn:
        raise InvalidClaim(message, place_at(self.text, at, self.origin))

    @property
    def after_operand(self) -> bool:
        return self.kind in ("number", "name", "close", "attribute")

    def missing(self, word: str, at: int) -> NoReturn:
        """An expression is missing before a word, as in ``x + * y`` or ``f(, y)``."""
        if self.kind in ("operator", "comparison", "assign"):
            self.fail(f"an expression is missing between {self.word!r} and {word!r}", at)
        self.fail(f"an expression is missing before {word!r}", at)


def check_words(text: str, origin: str, start: int, end: int) -> None:
    """Raise InvalidClaim at the first word between two offsets that is none of the language or stands amiss."""
    reader = _Reader(text, origin)
    for found in WORD.finditer(text, start, end):
        kind, word, at = str(found.lastgroup), found[0], found.start()
        if kind != "space":
            _CHECKS[kind](reader, word, at)
            reader.kind, reader.word, reader.at = kind, word, at
    if reader.opened:
        reader.fail(f"{text[reader.opened[-1]]!r} is never closed", reader.opened[-1])
    if not reader.kind:
        reader.fail("an expression is missing", start)
    if not reader.after_operand:
        reader.fail(f"an expression is missing after {reader.word!r}", reader.at)


def _number(reader: _Reader, word: str, at: int) -> None:
    _operand(reader, word, at)
    if re.search(rf"\d{{{LONGEST_NUMBER + 1}}}", word):
        reader.fail(f"a number of more than {LONGEST_NUMBER} digits", at)
    number = NUMBER.fullmatch(word)
    if not number or re.match(r"0+[1-9]\d*$", word):
        product = re.fullmatch(r"(\d+)((?!j$|[xXoObBeE]\w)[A-Za-z]\w*)", word)
        mend = f": a product is written {product[1]}*{_short(product[2])}" if product else ""
        reader.fail(f"{_short(word)} is not a number{mend}", at)
    if abs(int(number[2] or 0)) > LONGEST_NUMBER:
        reader.fail(f"the exponent of {_short(word)} is beyond {LONGEST_NUMBER}", at)


def _name(reader: _Reader, word: str, at: int) -> None:
    check_name(word, reader.text, reader.origin, at)
    _operand(reader, word, at)


def _operand(reader: _Reader, word: str, at: int) -> None:
    if reader.after_operand:
        reader.fail(f"an operator is missing before {_short(word)!r}", at)


def _attribute(reader: _Reader, word: str, at: int) -> None:
    name = word[1:].strip()
    if name != "T":
        from derivations.language.elaboration import is_function

        mend = f"write {name}(x)" if is_function(name) else "only .T is"
        reader.fail(f"'.{_short(name)}' is not part of the language: {mend}", at)
    if not reader.after_operand:
        reader.missing(word, at)


def _operator(reader: _Reader, word: str, at: int) -> None:
    if not reader.after_operand and word not in SIGNS:
        if reader.kind in ("open", "comma") and word in ("*", "**"):
            reader.fail(f"{word!r} before an argument is not part of the language", at)
        reader.missing(word, at)


def _comparison(reader: _Reader, word: str, at: int) -> None:
    if reader.opened:
        reader.fail(f"expected {CLOSING[reader.text[reader.opened[-1]]]!r} before {word!r}", at)
    if not reader.after_operand:
        reader.missing(word, at)


def _assign(reader: _Reader, word: str, at: int) -> None:
    if not reader.opened:
        reader.fail("equality is written '==', not '='", at)
    if reader.kind != "name":
        reader.fail("'=' stands only after the name of an argument, as in axis=0", at)


def _open(reader: _Reader, word: str, at: int) -> None:
    if len(reader.opened) >= DEEPEST:
        reader.fail(f"more than {DEEPEST} brackets inside each other", at)
    if reader.kind == "number":
        reader.fail(f"an operator is missing before {word!r}", at)
    if word == "[" and not reader.after_operand:
        reader.fail("a list is not part of the language: '[' stands after a name, as in x[i]", at)
    reader.opened.append(at)


def _close(reader: _Reader, word: str, at: int) -> None:
    text, opened = reader.text, reader.opened
    if not opened:
        reader.fail(f"{word!r} closes nothing", at)
    expected = CLOSING[text[opened[-1]]]
    if expected != word:
        reader.fail(f"expected {expected!r} before {word!r}", at)
    no_arguments = reader.kind == "open" and re.search(r"\w\s*\($", text[: opened[-1] + 1])
    if not (reader.after_operand or no_arguments or reader.kind in ("comma", "colon")):
        reader.missing(word, at)
    opened.pop()


def _comma(reader: _Reader, word: str, at: int) -> None:
    if not reader.opened:
        reader.fail("',' stands only inside brackets: state one claim at a time", at)
    if not reader.after_operand and reader.kind != "colon":
        reader.missing(word, at)


def _colon(reader: _Reader, word: str, at: int) -> None:
    if not reader.opened or reader.text[reader.opened[-1]] != "[":
        reader.fail("':' stands only in declarations and for a whole axis, as in A[:, j]", at)


def _refused(reader: _Reader, word: str, at: int) -> None:
    reader.fail(MENDS.get(word, f"{word!r} is not part of the language"), at)


def _short(word: str) -> str:
    return word if len(word) <= LONGEST_NAME else word[:LONGEST_NAME] + "..."


_CHECKS = {
    "number": _number, "name": _name, "attribute": _attribute, "operator": _operator, "comparison": _comparison,
    "assign": _assign, "open": _open, "close": _close, "comma": _comma, "colon": _colon, "refused": _refused,
    "other": _refused,
}  # fmt: skip
