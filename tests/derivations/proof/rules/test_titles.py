"""Every rule has a title, and every title a rule."""

from __future__ import annotations

import pytest

from derivations import catalogue, load
from derivations.proof import proofs, rules
from derivations.proof.rules import algebra
from derivations.proof.rules.base import Rule
from derivations.proof.rules.titles import TITLES, Title, rule_of

FACTORIES = {"unfold", "fold", "step of", "start of", "use", "by", "backwards by"}
BY_JUDGES = {"bound", "decide"}


def test_titles_are_of_the_rules_there_are():
    named = {thing.name for module in (rules, algebra, proofs) for thing in vars(module).values()
             if isinstance(thing, Rule)}  # fmt: skip
    assert set(TITLES) == named | FACTORIES | BY_JUDGES


@pytest.mark.parametrize("name", catalogue())
def test_every_reason_begins_with_its_rule(name):
    for step in load(name).steps:
        rule = rule_of(step.reason)
        assert step.reason == rule or step.reason.startswith(f"{rule} ")


@pytest.mark.parametrize(
    ("reason", "rule"),
    [("by jacobian", "by"), ("backwards by jacobian", "backwards by"), ("split powers", "split powers"),
     ("split", "split"), ("use the induction hypothesis", "use the induction hypothesis"), ("use x = 1", "use")],
)  # fmt: skip
def test_the_longest_rule_that_fits(reason, rule):
    assert rule_of(reason) == rule


def test_an_unknown_reason_raises():
    with pytest.raises(KeyError, match="no rule begins"):
        rule_of("splitting")


def test_one_formula_or_several():
    assert Title("x", "a").formulas == ("a",)
    assert Title("x", ("a", "b")).formulas == ("a", "b")
