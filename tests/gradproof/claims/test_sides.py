"""A refuted claim between arrays shows both sides in full."""

import pytest

from gradproof.claims.deciding import decide
from gradproof.claims.report import lines
from gradproof.claims.verdicts import ClaimVerdict, Source

pytest.importorskip("flint")


@pytest.mark.parametrize(
    ("states", "where", "left", "right"),
    [
        ("grad(dot(x, A@x), x) == 2*A@x", "A: real[n,n]; x: real[n]", ["1", "0"], ["0", "0"]),
        ("grad(sum(x**2), x) >= 3*x", "x: real[n]; n == 2", None, None),
        ("hessian(sum(x**2), x) == eye(n)", "x: real[n]; n == 2", [["2", "0"], ["0", "2"]], [["1", "0"], ["0", "1"]]),
        ("grad(logsumexp(z), z) == exp(z)", "z: real[n]; n == 1", ["1.0000000"], ["2.7182818"]),
        ("A.T == A", "A: real[2, 2]", None, None),
    ],
)
def test_whole_sides(states, where, left, right):
    verdict = decide(Source(states, where))
    assert verdict.refuted and verdict.witness
    record = verdict.record()["witness"]
    assert isinstance(record["left"], list) and "i" not in record["values"]
    assert record["left"] != record["right"]
    if left:
        assert (record["left"], record["right"]) == (left, right)
    assert ClaimVerdict.from_record(verdict.record()).witness == verdict.witness


def test_an_index_of_the_user_stays():
    verdict = decide(Source("diff(sum(x**2), x[i]) == x[i]", "x: real[n]"))
    assert verdict.witness and verdict.witness.values["i"] == "1"
    assert verdict.witness.left == "2"


def test_sides_keep_their_places_when_turned():
    verdict = decide(Source("zeros(n) >= x", "x: real[n]; n == 2"))
    assert verdict.witness
    assert verdict.witness.left == "[0, 0]"
    assert verdict.witness.operator == ">="


def test_a_large_array_is_shown_by_one_entry():
    verdict = decide(Source("2*x == x", "x: real[n]; n == 17"))
    assert verdict.witness
    assert not verdict.witness.left.startswith("[")
    assert "i" in verdict.witness.values


def test_vectors_and_matrices_in_the_report():
    verdict = decide(Source("grad(dot(x, A@x), x) == 2*A@x", "A: real[n,n]; x: real[n]"))
    text = "\n".join(lines(verdict))
    assert "x = (0, 1)" in text and "left (1, 0)   right (0, 0)" in text
    assert "A = [[" in text
