"""Rules that open and close definitions, and that use hypotheses and theorems."""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from derivations.calculus.substitution import rebuild
from derivations.calculus.substitution import unfold as unfold_definitions
from derivations.calculus.symbols import Defined, Definition, Index, Recurrence
from derivations.proof.rules.base import ProofError, Rule, identity_of
from derivations.proof.rules.matching import replace_instances
from derivations.proof.statement import Hypothesis, Relation


def head_of(definition) -> Definition | Recurrence:
    if isinstance(definition, Defined):
        return definition.head
    if isinstance(definition, (Definition, Recurrence)):
        return definition
    raise ProofError(f"{definition} is not a definition")


def _unfold(line: sp.Expr, heads: tuple) -> sp.Expr:
    """p = its definition"""
    return unfold_definitions(line, heads)  # type: ignore[return-value]


def unfold(*definitions) -> Rule:
    """Replace definitions by their bodies."""
    return Rule("unfold", identity_of(_unfold), _unfold, (tuple(map(head_of, definitions)),))


def _fold(line: sp.Expr, heads: tuple) -> sp.Expr:
    """a definition's body = its name"""
    for head in heads:
        line = replace_instances(line, head.body, head[head.parameters], head.parameters)
    return line


def fold(*definitions) -> Rule:
    """Replace bodies by the names of their definitions."""
    return Rule("fold", identity_of(_fold), _fold, (tuple(map(head_of, definitions)),))


def _step_of(line: sp.Expr, head: Recurrence) -> sp.Expr:
    """m[t] = its recurrence, in terms of m[t-1]"""

    def change(node):
        if isinstance(node, Defined) and node.head.name == head.name and node.subscripts[0] != head.first:
            return node.unfolded
        return None

    return rebuild(line, change)  # type: ignore[return-value]


def step_of(recurrence) -> Rule:
    """Replace each ``m[t]`` by the right side of its recurrence, once."""
    return Rule("step of", identity_of(_step_of), _step_of, (head_of(recurrence),))


def _start_of(line: sp.Expr, head: Recurrence) -> sp.Expr:
    """m at its first position = the start value"""

    def change(node):
        if isinstance(node, Defined) and node.head.name == head.name and node.subscripts[0] == head.first:
            return node.head.start
        return None

    return rebuild(line, change)  # type: ignore[return-value]


def start_of(recurrence) -> Rule:
    """Replace the first element of a recurrence by its start value."""
    return Rule("start of", identity_of(_start_of), _start_of, (head_of(recurrence),))


def free_indices(relation: Relation) -> tuple[Index, ...]:
    """The indices over which a relation is universal."""
    free = relation.left.free_symbols | relation.right.free_symbols
    return tuple(sorted((s for s in free if isinstance(s, Index)), key=str))


def _use(line: sp.Expr, hypothesis: Hypothesis) -> sp.Expr:
    """left side of a hypothesis = its right side"""
    relation = hypothesis.relation
    return replace_instances(line, relation.left, relation.right, free_indices(relation))


def use(hypothesis: Hypothesis) -> Rule:
    """Replace the left side of a hypothesis by its right side."""
    if hypothesis.relation.operator != "=":
        raise ProofError(f"the hypothesis {hypothesis.text!r} is not an equality: it cannot rewrite a line")
    return Rule("use", identity_of(_use), _use, (hypothesis,), given=(hypothesis,))


def _cite(line: sp.Expr, theorem) -> sp.Expr:
    """left side of a theorem = its right side"""
    relation = theorem.statement
    return replace_instances(line, relation.left, relation.right, free_indices(relation))


def _cited_equality(theorem, at: Mapping | None):
    if not isinstance(theorem.statement, Relation) or theorem.statement.operator != "=":
        raise ProofError(f"{theorem.name} is not an equality: it cannot rewrite a line")
    return theorem if at is None else theorem.at(at)


def cite(theorem, at: Mapping | None = None) -> Rule:
    """Replace the left side of a proved equality by its right side; its hypotheses become this proof's.

    ``at`` gives values to scalars or sizes of the theorem. Nothing is taken on trust: the step is judged by itself.
    """
    instance = _cited_equality(theorem, at)
    return Rule("by", identity_of(_cite), _cite, (instance,), given=(theorem, *instance.hypotheses))


def _cite_backwards(line: sp.Expr, theorem) -> sp.Expr:
    """right side of a theorem = its left side"""
    relation = theorem.statement
    return replace_instances(line, relation.right, relation.left, free_indices(relation))


def cite_backwards(theorem, at: Mapping | None = None) -> Rule:
    """Replace the right side of a proved equality by its left side."""
    instance = _cited_equality(theorem, at)
    given = (theorem, *instance.hypotheses)
    return Rule("backwards by", identity_of(_cite_backwards), _cite_backwards, (instance,), given=given)
