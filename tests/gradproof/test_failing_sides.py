"""The point at which a statement fails, in the terminal and in LaTeX: also of an "iff", whose sides are sentences."""

import pytest

from derivations import load
from gradproof.latex import latex_of
from gradproof.report import witness

POINT = {"values": {"z": "0"}, "left": "σ′(z) = 1/4 is true", "right": "z = 1 is false", "operator": "iff"}


def test_in_the_terminal():
    assert witness(POINT) == "z = 0: σ′(z) = 1/4 is true; z = 1 is false"
    assert witness({"values": {"n": "2"}, "left": "1/2", "right": "0", "operator": "="}) == "n = 2: 1/2 ≠ 0"


@pytest.mark.parametrize("operator", ["=", "<", "<=", "!=", "iff"])
def test_in_latex(operator):
    document = latex_of(load("softmax.single_term_chain"), POINT | {"operator": operator})
    assert "fails at" in document
    assert (r"is true; " in document) == (operator == "iff")
