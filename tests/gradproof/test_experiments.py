"""Experiments on the command line: findings with numbers, settings of every kind, exit codes."""

import json

import pytest
from typer.testing import CliRunner

from gradproof import cli


def gradproof(*arguments):
    return CliRunner().invoke(cli.app, ["experiment", *arguments])


def test_one_line_a_finding_and_a_summary():
    result = gradproof("E1")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0].startswith("E1 · A saturated unit learns late")
    (half,) = [line.split() for line in lines if "epoch that leaves half of the loss" in line]
    assert half[:5] == ["holds", "33", "33", "±", "0.5"]
    assert lines[-1].startswith("12 findings · 12 hold · ")


def test_a_foreseen_difference_is_told_and_ends_with_0():
    result = gradproof("E13")
    assert result.exit_code == 0
    assert "differs" in result.output and "1 differ as foreseen" in result.output


def test_without_a_name_all_run_and_json_holds_them():
    records = json.loads(gradproof("--json", "--seed", "1").output)
    assert [r["id"] for r in records] == ["E1", "E2", "E4", "E11", "E13"]
    assert records[2]["seed"] == 1 and records[0]["seed"] is None


def test_settings_reach_the_run_and_what_fails_ends_with_1():
    result = gradproof("E1", "--set", "rates=0.2,0.4", "--set", "shown = 0.4", "--set", "epochs=30", "--json")
    (record,) = json.loads(result.output)
    assert result.exit_code == 1
    assert (record["parameters"]["rates"], record["parameters"]["shown"]) == ([0.2, 0.4], 0.4)
    assert record["data"]["loss"]["shape"] == [2, 31]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["E99"], "E13"),
        (["E1", "--set", "epoch=3"], "epochs"),
        (["E1", "--set", "epochs=many"], "50"),
        (["E1", "--set", "shown=7"], "not among"),
        (["--set", "epochs=3"], "name one"),
    ],
)
def test_a_usage_error_ends_with_2_and_says_what_is_possible(arguments, said):
    result = gradproof(*arguments)
    assert result.exit_code == 2
    assert said in result.output
