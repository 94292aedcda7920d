"""Texts for the claim language: arbitrary ones, and ones made of its own words."""

import contextlib

from hypothesis import strategies as st

from derivations.language import admissible, claims
from derivations.language.calls import CALLS
from derivations.language.errors import BeyondLimits, InvalidClaim
from derivations.language.vocabulary import FUNCTIONS

WHERE = "A: real[m, n]; S: real[n, n]; x: real[n]; y: real[m]; a > 0; t: integer; t >= 1"
LET = ("s = a*x + 1", "h[i] = x[i] - mean(x)", "f(u) = u**2 + sin(u)")
NAMES = "A S x y a b t n m i j k s h f u pi e oo axis ddof".split()
MARKS = "+ - * / ** @ == <= < >= > ( ) [ ] , : . .T = ; ^ ! # _ ' \" \\ { } \n \t".split(" ")
NUMBERS = "0 1 2 3 -1 1/2 0.5 1e3 9 100 1e400 0x1 1j 1_0 007 9**9**9".split()
WORDS = [
    *NAMES,
    *MARKS,
    *NUMBERS,
    *FUNCTIONS,
    *CALLS,
    "lambda",
    "if",
    "__class__",
    "eval",
    "import",
    "\0",
    "π",
    "²",
    "\ud800",
]

arbitrary = st.text(st.characters(), max_size=60)
made_of_words = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join) | st.lists(
    st.sampled_from(WORDS), max_size=12
).map("".join)


def _call(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    arguments = st.lists(inner, min_size=1, max_size=3).map(", ".join)
    return st.tuples(st.sampled_from([*FUNCTIONS, *CALLS, "f", "x"]), arguments).map(
        lambda call: f"{call[0]}({call[1]})"
    )


def _operation(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "**", "@"]), inner).map(
        lambda parts: "({} {} {})".format(*parts)
    )


def _subscript(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(inner, st.lists(inner | st.just(":"), min_size=1, max_size=2)).map(
        lambda p: f"{p[0]}[{', '.join(p[1])}]"
    )


def _range(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    head = st.sampled_from(["sum", "prod", "integrate", "limit", "diff"])
    return st.tuples(head, inner, st.sampled_from("ijkxu"), inner, inner).map(
        lambda p: (
            f"{p[0]}({p[1]}, {p[2]}, {p[3]})"
            if p[0] in ("limit", "diff")
            else f"{p[0]}({p[1]}, ({p[2]}, {p[3]}, {p[4]}))"
        )
    )


formulas = st.recursive(
    st.sampled_from([*NAMES[:18], *NUMBERS[:9]]),
    lambda inner: (
        _call(inner)
        | _operation(inner)
        | _subscript(inner)
        | _range(inner)
        | inner.map("-{}".format)
        | inner.map("{}.T".format)
    ),
    max_leaves=12,
)
statements = st.tuples(formulas, st.sampled_from(["==", "<=", "<", ">=", ">"]), formulas).map(" ".join)
declarations = st.lists(
    st.sampled_from([*WHERE.split("; "), *WORDS, "z: real[n]", "n >= 2", "x > 0", "A == A.T"]), max_size=5
).map("; ".join)


def read(states: str, where: str = "", let: tuple[str, ...] = ()) -> str:
    """How a text is taken: "read", "invalid" or "beyond"; anything but these is a fault of ours and is raised."""
    try:
        claim = claims.read(states, where, let)
    except InvalidClaim as error:
        texts = {"claim": [states], "where": [where], "let": list(let)}[error.place.origin]
        assert any(_inside(error.place, text) for text in texts), error.place
        assert error.message
        assert str(error).isprintable()
        assert error.place.excerpt.isprintable()
        return "invalid"
    except BeyondLimits:
        return "beyond"
    with contextlib.suppress(admissible.NoInput):
        admissible.problem(claim)
    return "read"


def _inside(place, text: str) -> bool:
    lines = text.split("\n")
    return 1 <= place.line <= len(lines) and 1 <= place.column <= len(lines[place.line - 1]) + 1 and place.pointer <= 64
