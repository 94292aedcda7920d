"""Limits that do not exist because the two sides of the point differ: an equality with such a limit is refuted."""

from __future__ import annotations

import sympy as sp

from derivations.calculus.operators import LimitAt
from derivations.calculus.printing import text
from derivations.judges import ball, limits_at
from derivations.judges.asymptotics.constants import Constants
from derivations.judges.scalar_problem import FAILURES
from derivations.proof.statement import Hypothesis, Relation, Statement
from derivations.proof.verdict import Verdict, Witness

POINTS = 12


def refute(statement: Statement, hypotheses: tuple[Hypothesis, ...] = ()) -> Verdict | None:
    """The refutation of ``limit = value``; None where the sides are not both known, or agree."""
    if not isinstance(statement, Relation) or statement.operator != "=":
        return None
    sides = (statement.left, statement.right)
    limits = [e for e in sides if isinstance(e, LimitAt) and not e.side and not e.point.is_infinite]
    if len(limits) != 1:
        return None
    try:
        above, below = (_value(limits[0], side, hypotheses) for side in (1, -1))
    except FAILURES:
        return None
    where = _differ(above, below, hypotheses)
    if where is None:
        return None
    shown = f"no limit: {_spoken(above)} from above, {_spoken(below)} from below"
    left, right = (shown if e is limits[0] else _spoken(e) for e in sides)
    return Verdict("refuted", limits_at.METHOD, limits_at.TRUSTED, witness=Witness(where, left, right, "="))


def _value(limit: LimitAt, side: int, hypotheses: tuple[Hypothesis, ...]) -> sp.Expr:
    found = LimitAt(limit.function, limit.variable, limit.point, side)
    return limits_at.limit_value(found, Constants(hypotheses))


def _differ(above: sp.Expr, below: sp.Expr, hypotheses: tuple[Hypothesis, ...]) -> dict[str, str] | None:
    """A point at which the two values differ; None where none was found. There must be a point at all."""
    if above.is_infinite or below.is_infinite:
        if above == below:
            return None
        tried = ball.refute(Relation(sp.S.Zero, "=", sp.S.One), hypotheses, points=1)
    else:
        tried = ball.refute(Relation(above, "=", below), hypotheses, points=POINTS)
    return dict(tried.witness.values) if tried.refuted and tried.witness else None


def _spoken(e: sp.Expr) -> str:
    return {sp.oo: "oo", -sp.oo: "-oo"}.get(e) or text(e)
