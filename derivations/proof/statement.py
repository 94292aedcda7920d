"""What a theorem says: relations between expressions, joined by "and", "iff", under hypotheses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import sympy as sp

from derivations.calculus.symbols import CalculusError

Operator = Literal["=", "<", "<=", "!="]


@dataclass(frozen=True)
class Relation:
    """``left op right``. ``>`` and ``>=`` are written with the sides exchanged."""

    left: sp.Expr
    operator: Operator
    right: sp.Expr

    @property
    def difference(self) -> sp.Expr:
        return self.left - self.right


@dataclass(frozen=True)
class Iff:
    """Two relations that hold at the same points: ``s' = 1/4 iff z = 0``."""

    left: Relation
    right: Relation


@dataclass(frozen=True)
class And:
    """Several statements at once, such as ``0 < s' and s' <= 1/4 and (s' = 1/4 iff z = 0)``."""

    parts: tuple[Relation | Iff, ...]


Statement = Relation | Iff | And


@dataclass(frozen=True)
class Hypothesis:
    """An assumption with the words it is printed with. Free indices in it mean "for all"."""

    text: str
    relation: Relation


def _relation(left, operator: Operator, right) -> Relation:
    return Relation(sp.sympify(left, strict=True), operator, sp.sympify(right, strict=True))


def Eq(left, right) -> Relation:
    """left = right, for all values of the free indices."""
    return _relation(left, "=", right)


def Ne(left, right) -> Relation:
    """left is not right, for any value of the free indices."""
    return _relation(left, "!=", right)


def Lt(left, right) -> Relation:
    """left < right"""
    return _relation(left, "<", right)


def Le(left, right) -> Relation:
    """left <= right"""
    return _relation(left, "<=", right)


def Gt(left, right) -> Relation:
    """left > right, kept as right < left"""
    return _relation(right, "<", left)


def Ge(left, right) -> Relation:
    """left >= right, kept as right <= left"""
    return _relation(right, "<=", left)


def both(*parts: Relation | Iff) -> And:
    """Several statements at once.

    Raises:
        CalculusError: there are none, which would say nothing.
    """
    if not parts:
        raise CalculusError("both() of no statements")
    return And(parts)


def relations(statement: Statement) -> Iterator[Relation]:
    """Every relation in a statement, left to right."""
    if isinstance(statement, Relation):
        yield statement
    elif isinstance(statement, Iff):
        yield statement.left
        yield statement.right
    else:
        for part in statement.parts:
            yield from relations(part)


def expressions(statement: Statement) -> Iterator[sp.Expr]:
    """Both sides of every relation in a statement."""
    for relation in relations(statement):
        yield relation.left
        yield relation.right


def map_expressions(statement: Statement, change) -> Statement:
    """The statement with ``change`` applied to each side of each relation."""
    if isinstance(statement, Relation):
        return Relation(change(statement.left), statement.operator, change(statement.right))
    if isinstance(statement, Iff):
        return Iff(map_expressions(statement.left, change), map_expressions(statement.right, change))  # type: ignore[arg-type]
    return And(tuple(map_expressions(part, change) for part in statement.parts))  # type: ignore[arg-type]


def check_names(*statements: Statement) -> None:
    """Raise when two different symbols or arrays carry one name: a reader could not tell them apart."""
    from derivations.calculus.substitution import named_objects

    seen: dict[str, sp.Basic] = {}
    for statement in statements:
        for expression in expressions(statement):
            for thing in named_objects(expression):
                other = seen.setdefault(thing.name, thing)  # type: ignore[attr-defined]
                if other != thing:
                    raise CalculusError(
                        f"two different objects are named {thing.name!r}: {sp.srepr(other)} and {sp.srepr(thing)}"  # type: ignore[attr-defined]
                    )
