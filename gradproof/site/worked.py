"""A counterexample worked by hand: what each definition is at the witness, then both sides of what is printed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

import sympy as sp

from derivations.calculus import printing
from derivations.calculus.substitution import named_objects, substitute
from derivations.calculus.symbols import Defined, Definition, Index, Recurrence
from derivations.calculus.typesetting.names import latex_name
from derivations.judges.ball import arithmetic as ba
from derivations.judges.ball.evaluator import Evaluator
from derivations.judges.ball.scope import NotEvaluable, Scope
from derivations.judges.ball.values import Point, point
from derivations.proof.statement import Relation, expressions
from derivations.proof.theorem import Erratum, Theorem

LONGEST = 4  # entries of a definition that are written out


def worked(erratum: Erratum, witness: dict[str, Any]) -> list[dict[str, str]]:
    """Lines "latex" = "value", each with the "role" it plays: definition, printed, correct.

    Empty where the witness does not give numbers for everything, as with random arrays.
    """
    try:
        at = _point(erratum, witness["values"])
        with ba.precision():
            return [*_definitions(erratum, at), *_sides(erratum, at)]
    except (NotEvaluable, ValueError, SyntaxError, KeyError):
        return []


def _point(erratum: Erratum, values: dict[str, str]) -> Point:
    statements = [erratum.statement, *(t.statement for t in _right(erratum))]
    things = set().union(*(named_objects(side) | _free(side) for s in statements for side in expressions(s)))
    named = {getattr(thing, "name", ""): thing for thing in things if not isinstance(thing, (Definition, Recurrence))}
    return point({named[name]: _number(text) for name, text in values.items() if name in named})


def _free(side: sp.Expr) -> set[Any]:
    return {s for s in side.free_symbols if isinstance(s, Index)}


def _number(text: str) -> Any:
    """``[0, -1/2]`` as nested lists of texts."""
    return ast.literal_eval(re.sub(r"-?\d+(/\d+)?", lambda m: repr(m[0]), text))


def _right(erratum: Erratum) -> tuple[Theorem, ...]:
    return (erratum.instead,) if erratum.instead else erratum.because


def _definitions(erratum: Erratum, at: Point) -> Iterator[dict[str, str]]:
    heads = {h for side in expressions(erratum.statement) for h in named_objects(side) if isinstance(h, Definition)}
    for head in sorted(heads, key=lambda h: h.name):
        for name, entry, scope in _entries(head, at):
            yield {"role": "definition", "latex": name, "value": _value(entry, at, scope)}


def _entries(head: Definition, at: Point) -> Iterator[tuple[str, sp.Expr, dict[Index, int]]]:
    """The definition at each of its positions, as far as they are few: its name there, and how to evaluate it."""
    name = latex_name(head.name)
    if not head.parameters:
        yield name, Defined(head), {}
    elif len(head.parameters) == 1:
        (k,) = head.parameters
        low, high = (int(end.subs(dict(at.sizes))) for end in (k.low, k.high))
        for position in range(low, min(high, low + LONGEST - 1) + 1):
            yield f"{name}_{{{position}}}", head[k], {k: position}


def _sides(erratum: Erratum, at: Point) -> Iterator[dict[str, str]]:
    for role, statement in (("printed", erratum.statement), *(("correct", t.statement) for t in _right(erratum))):
        if not isinstance(statement, Relation) or _is_random(statement):
            continue
        renamed = _at_the_same_indices(statement, at)
        for side, expression in zip(("left", "right"), renamed, strict=True):
            line = {"role": role, "side": side, "latex": printing.latex(expression)}
            yield {**line, "value": _value(expression, at), "operator": statement.operator}


def _is_random(statement: Relation) -> bool:
    """Whether it speaks of random arrays, which have no value at a point."""
    return any(getattr(thing, "random", False) for side in expressions(statement) for thing in named_objects(side))


def _at_the_same_indices(statement: Relation, at: Point) -> tuple[sp.Expr, sp.Expr]:
    """Both sides with an index that the witness does not know called by the one it knows over the same range."""
    known = {(k.low, k.high): k for k in at.indices}
    free = _free(statement.left) | _free(statement.right)
    mapping = {k: known[k.low, k.high] for k in free if k not in at.indices and (k.low, k.high) in known}
    sides = (statement.left, statement.right)
    return tuple(substitute(side, mapping) if mapping else side for side in sides)  # type: ignore[return-value]


def _value(expression: sp.Expr, at: Point, scope: dict[Index, int] | None = None) -> str:
    """An exact rational as a fraction, anything else to eight digits."""
    value = Evaluator(at.values).value(expression, Scope({**at.indices, **(scope or {})}))
    return str(value) if ba.is_exact(value) else ba.arb(value).str(8, radius=False)
