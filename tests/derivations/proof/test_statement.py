"""Statements are data: relations, their parts, and names that a reader could not tell apart."""

import dataclasses

import pytest
from sympy import SympifyError

from derivations.calculus.operators import Sum
from derivations.calculus.symbols import CalculusError, index, scalar, scalars, size, vector
from derivations.proof.statement import (
    Eq,
    Ge,
    Gt,
    Hypothesis,
    Iff,
    Le,
    Lt,
    Ne,
    Relation,
    both,
    check_names,
    expressions,
    map_expressions,
    relations,
)

a, b, c = scalars("a b c")


def test_greater_is_written_with_the_sides_exchanged():
    assert Gt(a, b) == Lt(b, a) == Relation(b, "<", a)
    assert Ge(a, b) == Le(b, a) == Relation(b, "<=", a)
    assert Ne(a, b) != Eq(a, b)


def test_relations_and_expressions_come_left_to_right():
    statement = both(Lt(0, a), Iff(Eq(a, b), Ne(b, c)))
    assert [r.operator for r in relations(statement)] == ["<", "=", "!="]
    assert list(expressions(statement)) == [0, a, a, b, b, c]


def test_map_expressions_keeps_the_shape():
    statement = both(Lt(0, a), Iff(Eq(a, b), Eq(b, c)))
    doubled = map_expressions(statement, lambda e: 2 * e)
    assert doubled == both(Lt(0, 2 * a), Iff(Eq(2 * a, 2 * b), Eq(2 * b, 2 * c)))


def test_statements_and_hypotheses_cannot_be_altered():
    for thing, attribute in ((Eq(a, b), "left"), (Hypothesis("a", Eq(a, b)), "relation")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(thing, attribute, c)


def test_text_is_no_expression():
    with pytest.raises(SympifyError):
        Eq("a", b)


@pytest.mark.parametrize(
    "other",
    [size("a"), vector("a", size("n"))[1], scalar("a", domain=scalar("a").domain.__class__(low=0))],
)
def test_two_objects_of_one_name_are_refused(other):
    with pytest.raises(CalculusError, match="two different objects are named 'a'"):
        check_names(Eq(a, other))


def test_bound_indices_may_share_a_name():
    n, m = size("n"), size("m")
    k, l = index("k", n), index("k", m)  # noqa: E741
    check_names(Eq(Sum(vector("z", n)[k], k), Sum(vector("w", m)[l], l)))
