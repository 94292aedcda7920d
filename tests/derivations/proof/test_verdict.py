"""A verdict as plain data."""

import json

from derivations.proof.verdict import Verdict, Witness


def test_a_record_holds_what_json_needs_and_no_empty_fields():
    verdict = Verdict("proved", "normal form", ("kernel",), seconds=0.123456)
    assert verdict.record() == {"status": "proved", "method": "normal form", "trusted": ["kernel"], "seconds": 0.1235}
    assert verdict.proved
    assert not verdict.refuted


def test_a_witness_is_text_all_through():
    witness = Witness({"n": "2", "z": "[0, 1/3]"}, "1/2", "0")
    record = Verdict("refuted", "ball", witness=witness, points=3, reason="found").record()
    assert json.loads(json.dumps(record)) == record
    assert record["witness"] == {"values": {"n": "2", "z": "[0, 1/3]"}, "left": "1/2", "operator": "=", "right": "0"}
    assert str(witness) == "n = 2, z = [0, 1/3]: 1/2 ≠ 0"
    assert str(Witness({}, "1", "0", "<=")) == ": 1 not <= 0"


def test_verdicts_that_took_different_times_are_equal():
    assert Verdict("unknown", "m", seconds=1.0) == Verdict("unknown", "m", seconds=2.0)
