"""Verdicts as lines of text."""

import io

import pytest
from rich.console import Console

from derivations.proof.verdict import Witness
from gradproof.claims.report import lines, show
from gradproof.claims.verdicts import ClaimError, ClaimVerdict, Source

CLAIM = Source("x  ==\n\t1", name="a name")


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (
            ClaimVerdict("proved", "normal form", points=40, hypotheses=("x > 0",), source=CLAIM),
            ["proved      x == 1", "  for x > 0", "  by normal form, and 40 points tried"],
        ),
        (ClaimVerdict("proved", "structural", source=CLAIM), ["proved      x == 1", "  by structural"]),
        (
            ClaimVerdict("consistent", "ball", points=40, source=CLAIM),
            ["consistent  x == 1", "  40 points tried, none against it; no proof was found"],
        ),
        (ClaimVerdict("unknown", "none", reason="out of time", source=CLAIM), ["unknown     x == 1", "  out of time"]),
        (
            ClaimVerdict(
                "refuted",
                "ball",
                witness=Witness({"x": "[0, 1]"}, "2", "1", "=="),
                advice=("holds with 2",),
                snippet="a\nb",
                source=CLAIM,
            ),
            [
                "refuted     x == 1",
                "  at x = (0, 1)   left 2   right 1",
                "  holds with 2",
                "  see it    a",
                "            b",
            ],
        ),
        (
            ClaimVerdict("refuted", "ball", witness=Witness({}, "2", "1", "=="), source=CLAIM),
            ["refuted     x == 1", "  left 2   right 1"],
        ),
        (
            ClaimVerdict(
                "invalid",
                "reading",
                reason="column 3: no",
                source=CLAIM,
                error=ClaimError("no", 1, 3, "claim", "x  ==", 2),
            ),
            ["invalid     column 3: no", "            x  ==", "              ^"],
        ),
    ],
    ids=lambda value: value.status if isinstance(value, ClaimVerdict) else "",
)
def test_lines(verdict, expected):
    assert list(lines(verdict)) == expected


def test_a_name_or_a_text_cannot_move_the_cursor():
    verdict = ClaimVerdict("unknown", "none", reason="no", source=Source("x\x1b[2J == 1", name="\x1b[31m\r\nred"))
    for line in lines(verdict, named=True):
        assert line.isprintable()


@pytest.mark.parametrize(("count", "words"), [(1, "1 claim · 1 proved"), (2, "2 claims · 2 proved")])
def test_the_summary(count, words):
    out = io.StringIO()
    show(Console(file=out, width=100), [ClaimVerdict("proved", "kernel", source=CLAIM)] * count, summary=True)
    assert out.getvalue().splitlines()[-1] == words
    assert "proved      a name  x == 1" in out.getvalue()
