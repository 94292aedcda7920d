"""Whatever the text: it is read, or refused with a place in it, at once; and nothing of it is ever run."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations.language import claims
from tests.support.claim_fuzzing import LET, WHERE, arbitrary, declarations, made_of_words, read, statements


@given(arbitrary, arbitrary, st.lists(arbitrary, max_size=2))
@settings(max_examples=300)
def test_arbitrary_text(states, where, let):
    read(states)
    read("x == 1", where)
    read("x == 1", "", tuple(let))


@given(made_of_words)
@settings(max_examples=600)
def test_words_of_the_language_in_any_order(states):
    read(states, WHERE, LET)
    read("x == x", states)
    read("a == a", WHERE, (f"c = {states}",))


@given(statements)
@settings(max_examples=600)
def test_formulas_of_any_kind(states):
    read(states, WHERE, LET)


@given(statements, declarations)
@settings(max_examples=200)
def test_declarations_in_any_order(states, where):
    read(states, where)


HOSTILE = [
    "diff(sigmoid(a), a) == 1", "__import__('os').system('true') == 1", "eval(a) == 1", "open(a) == 1", "f(a) == print",
    "().__class__ == 1", "exec(a) == exec", "grad(sum((A @ x - y)**2), x) == 2*A.T @ (A @ x - y)", "lambda: 1",
    "sum(k, (k, 1, t)) == 1", "(a := 1) == 1", "breakpoint() == 1", "[a for a in a] == 1",
    "integrate(exp(-a**2), (a, 0, 1)) < 1",
]  # fmt: skip
WATCHED = """
import sys
from tests.support.claim_fuzzing import LET, WHERE, read

texts = sys.argv[1:]
taken = [read(text, WHERE, LET) for text in texts]  # imports that wait for their first use happen here
seen = []
sys.addaudithook(lambda event, arguments: seen.append((event, arguments)))
assert [read(text, WHERE, LET) for text in texts] == taken
harmless = {"compile", "object.__getattr__", "object.__setattr__", "object.__delattr__", "sys._getframe", "builtins.id"}
assert {event for event, _ in seen} <= harmless, {event for event, _ in seen} - harmless
assert all(arguments[1] == "<unknown>" for event, arguments in seen if event == "compile")  # ast.parse
assert {"read", "invalid"} == set(taken)
"""


def test_nothing_of_a_text_is_run():
    """Reading opens, imports, starts and executes nothing: only ast.parse compiles, and only to a tree."""
    done = subprocess.run([sys.executable, "-c", WATCHED, *HOSTILE], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_a_chain_is_one_part_a_comparison_with_positions():
    claim = claims.read("0 < x <= x + 1 == 1 + x")
    assert [(p.relation.operator, p.turned) for p in claim.parts] == [("<", False), ("<=", False), ("=", False)]
    assert [(p.tree.left.col_offset, p.tree.comparators[0].end_col_offset) for p in claim.parts if p.tree] == [
        (0, 5),
        (4, 14),
        (9, 23),
    ]


@pytest.mark.parametrize(
    ("operator", "stored", "turned"),
    [("==", "=", False), ("<", "<", False), ("<=", "<=", False), (">", "<", True), (">=", "<=", True)],
)
def test_operators(operator, stored, turned):
    (part,) = claims.read(f"x {operator} y").parts
    assert (part.relation.operator, part.turned) == (stored, turned)
    assert [str(part.relation.left), str(part.relation.right)] == (["y", "x"] if turned else ["x", "y"])


def test_an_antiderivative_is_read_as_its_derivative():
    (part,) = claims.read("integrate(2*x, x) == x**2 + 7").parts
    assert str(part.relation.left) == "2*x"
    assert str(part.relation.right) == "D(x**2 + 7, x)"
    assert claims.read("x**2 == integrate(2*x, x)").notes == ("up to a constant of integration",)


def test_indices_that_the_user_wrote_are_not_taken():
    claim = claims.read("A @ x == i + j * ones(m)", "A: real[m, n]; x: real[n]")
    (k,) = claim.parts[0].indices
    assert k.name not in {"i", "j"}
