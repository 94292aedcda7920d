"""Verdicts as records and back, and the exit code of several."""

import itertools
import json

import pytest

from derivations.proof.verdict import Witness
from gradproof.claims.verdicts import ClaimError, ClaimVerdict, Source, exit_code

FIELDS = (
    "name status states where let method hypotheses trusted witness reason points advice snippet seconds error".split()
)
VERDICTS = [
    ClaimVerdict(
        "proved",
        "normal form",
        ("the kernel",),
        ("x > 0", "n >= 2"),
        points=40,
        seconds=0.25,
        source=Source("x == x", "x > 0", ("s = 1",), "a"),
    ),
    ClaimVerdict(
        "refuted",
        "ball arithmetic",
        witness=Witness({"n": "2", "x": "[0, 1/2]", "A": "[[1, 0], [-1/3, 2]]"}, "1/4", "1/5", "<="),
        advice=("holds with 1/4",),
        snippet="import torch\nprint(1)",
        source=Source("x == 1"),
    ),
    ClaimVerdict(
        "invalid", "reading", reason="column 2: no", source=Source("x"), error=ClaimError("no", 1, 2, "where", "x", 1)
    ),
    ClaimVerdict("unknown", "none", reason="out of time after 9 s"),
]


@pytest.mark.parametrize("verdict", VERDICTS, ids=lambda v: v.status)
def test_records_have_every_field_and_lose_nothing(verdict):
    record = verdict.record()
    assert list(record) == FIELDS
    assert ClaimVerdict.from_record(json.loads(json.dumps(record))) == verdict


def test_values_of_a_witness_are_nested_lists_of_exact_numbers():
    assert VERDICTS[1].record()["witness"] == {
        "values": {"n": "2", "x": ["0", "1/2"], "A": [["1", "0"], ["-1/3", "2"]]},
        "left": "1/4",
        "operator": "<=",
        "right": "1/5",
    }


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5])
def test_exit_codes(count):
    """0 all proved, 1 any refuted, 2 any invalid, 3 otherwise."""
    for statuses in itertools.combinations(["proved", "refuted", "consistent", "unknown", "invalid"], count):
        expected = (
            1
            if "refuted" in statuses
            else 2
            if "invalid" in statuses
            else 3
            if {"consistent", "unknown"} & {*statuses}
            else 0
        )
        assert exit_code([ClaimVerdict(s, "") for s in statuses]) == expected  # type: ignore[arg-type]
