"""Hundreds of claims, true and false: no false one is proved, no true one refuted, and nearly all are decided."""

from collections import Counter
from pathlib import Path

import pytest

from gradproof.claims import claims_file
from gradproof.claims.deciding import decide
from gradproof.claims.verdicts import Source
from tests.support.perturbing import always_false, slips

BATTERY = Path(__file__).parent / "battery"
# slips that happen to be true, found by hand: the other order of a product that does not mind
TRUE_SLIPS = ("x @ (2 * A)", "trace(A @ B) == trace(A @ B)", "sum(A * B) == trace(B @ A.T)")


def claims(name) -> list[Source]:
    found = claims_file.read(BATTERY / f"{name}.toml")
    assert all(isinstance(source, Source) for source in found)
    return found  # type: ignore[return-value]


def equalities(name) -> list[Source]:
    return [source for source in claims(name) if "==" in source.states]


def undecided(verdicts, wanted) -> list[str]:
    return [f"{v.status}: {v.source.states} | {v.source.where}" for v in verdicts if v.status != wanted]


@pytest.mark.parametrize(
    ("name", "share"),
    [("elementary", 0.95), ("tensor", 0.95), ("special", 0.9), ("inequalities", 0.9), ("passages", 0.95)],
)
def test_true_claims_are_proved(name, share):
    verdicts = [decide(source) for source in claims(f"true_{name}")]
    left = undecided(verdicts, "proved")
    assert len(left) <= (1 - share) * len(verdicts), left
    assert {v.status for v in verdicts} <= {"proved", "consistent"}, left


def test_false_claims_are_refuted():
    verdicts = [decide(source) for source in claims("false")]
    assert len(verdicts) > 60
    assert undecided(verdicts, "refuted") == []


@pytest.mark.parametrize("name", ["elementary", "tensor", "special", "passages"])
def test_what_is_moved_a_little_is_refuted(name):
    verdicts = [decide(moved) for source in equalities(f"true_{name}")[::2] for moved in always_false(source)]
    assert len(verdicts) > 40
    assert undecided(verdicts, "refuted") == []


@pytest.mark.parametrize("name", ["elementary", "tensor", "special"])
def test_a_slip_of_the_pen_is_not_proved(name):
    verdicts = [decide(slip) for source in equalities(f"true_{name}")[1::2] for slip in slips(source, 4)]
    counts = Counter(v.status for v in verdicts)
    believed = [v.source.states for v in verdicts if v.proved and not any(t in v.source.states for t in TRUE_SLIPS)]
    assert believed == []
    assert counts["refuted"] >= 0.98 * (len(verdicts) - counts["invalid"] - counts["proved"])
