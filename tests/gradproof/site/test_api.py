"""The reference: everything that users import is on it, and nothing is there without words."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from typing import Any

import pytest

import derivations
import gradproof
from derivations import TOPICS
from derivations.proof.rules import Rule
from gradproof.site.sources import ROOT

PAGES = sorted((ROOT / "docs" / "api").glob("*.md"))
NAMED = [name for page in PAGES for name in re.findall(r"^::: (\S+)$", page.read_text(encoding="utf-8"), flags=re.M)]
SYMPY = {"exp", "log", "sqrt", "tanh", "erf"}


def found(name: str) -> Any:
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module), attribute)


@pytest.mark.parametrize("name", NAMED)
def test_what_is_named_exists_and_is_described(name):
    thing = found(name)
    words = thing.identity if isinstance(thing, Rule) else thing.__doc__
    assert words
    if inspect.isclass(thing):
        assert not words.startswith(f"{thing.__name__}("), "what a dataclass says when nobody has said anything"


def test_nothing_is_named_twice():
    assert len(NAMED) == len(set(NAMED)) > 80


@pytest.mark.parametrize("package", [gradproof, derivations])
def test_the_doors_are_complete(package):
    documented = {name.rpartition(".")[2] for name in NAMED}
    assert set(package.__all__) - {"__version__", "TOPICS"} <= documented


@pytest.mark.parametrize("topic", TOPICS)
def test_what_a_topic_imports_is_documented(topic):
    documented = {name.rpartition(".")[2] for name in NAMED}
    tree = ast.parse((ROOT / "derivations" / f"{topic}.py").read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    public = ("derivations.calculus", "derivations.proof")
    names = {one.name for node in imports if str(node.module).startswith(public) for one in node.names}
    assert {name for name in names if not name.isupper()} - SYMPY <= documented  # domains and lectures are constants


def test_every_rule_is_documented():
    rules = importlib.import_module("derivations.proof.rules")
    assert set(rules.__all__) <= {name.rpartition(".")[2] for name in NAMED}


@pytest.mark.parametrize("name", ["gradproof.verify", "gradproof.function", "gradproof.check"])
def test_the_main_functions_say_what_they_take_and_raise(name):
    words = inspect.getdoc(found(name)) or ""
    for parameter in inspect.signature(found(name)).parameters:
        assert f"\n    {parameter}: " in words
    assert "\nReturns:" in words
    assert "\nRaises:" in words
