"""A statement at one point: true for certain, false for certain, or neither.

A ball that excludes 0 decides an equality, as does an exact rational; all else stays open.
"""

from __future__ import annotations

from dataclasses import dataclass

from derivations.judges.ball import arithmetic as ba
from derivations.judges.ball.evaluator import Evaluator
from derivations.judges.ball.scope import NotEvaluable, Scope
from derivations.judges.ball.values import Point
from derivations.proof.statement import Iff, Relation, Statement
from derivations.proof.verdict import Witness

RETRY_BITS = 1024  # for a point whose balls came out too wide to tell anything
TOO_WIDE = "the balls stayed too wide"


@dataclass(frozen=True)
class Judgement:
    """What is certain about a statement at one point: true, false or neither (None)."""

    truth: bool | None
    evaluated: bool  # every side is finite and sharp
    operator: str = ""
    sides: tuple[ba.Number, ba.Number] | tuple[Judgement, Judgement] | None = None
    reason: str = ""

    def texts(self) -> tuple[str, str]:
        """Both sides in figures; of an "iff", both relations with their truth."""
        left, right = self.sides  # type: ignore[misc]
        return ba.texts(left, right) if self.operator != "iff" else (left.sentence(), right.sentence())

    def sentence(self) -> str:
        left, right = self.texts()
        return f"{left} {self.operator} {right} ({'true' if self.truth else 'false'})"


def judge(statement: Statement, evaluator: Evaluator, scope: Scope) -> Judgement:
    """The statement at one point; the sides of the part that fails are in the answer."""
    if isinstance(statement, Relation):
        return _judge_relation(statement, evaluator, scope)
    if isinstance(statement, Iff):
        return _judge_iff(*(judge(side, evaluator, scope) for side in (statement.left, statement.right)))
    parts = [judge(part, evaluator, scope) for part in statement.parts]
    failing = next((part for part in parts if part.truth is False), None)
    if failing:
        return failing
    truth = True if all(part.truth for part in parts) else None
    reason = next((part.reason for part in parts if part.reason), "")
    return Judgement(truth, all(part.evaluated for part in parts), reason=reason)


def judge_sharply(statement: Statement, evaluator: Evaluator, point: Point) -> Judgement:
    """The statement at a point, with more bits where the balls came out too wide."""
    found = judge(statement, evaluator, Scope(point.indices))
    if found.reason != TOO_WIDE:
        return found
    with ba.precision(RETRY_BITS):
        return judge(statement, Evaluator(point.values, evaluator.deadline), Scope(point.indices))


def witness(point: Point, found: Judgement) -> Witness:
    """The point in words, with both sides of what fails there."""
    left, right = found.texts()
    return Witness(point.described(), left, right, found.operator)


def _judge_relation(relation: Relation, evaluator: Evaluator, scope: Scope) -> Judgement:
    try:
        left, right = (evaluator.value(side, scope) for side in (relation.left, relation.right))
    except NotEvaluable as reason:
        return Judgement(None, False, reason=str(reason))
    difference = ba.subtract(left, right)
    if not ba.defined(difference):
        return Judgement(None, False, reason="the value is not a finite real number at the point tried")
    truth = _truth(relation.operator, difference)
    sharp = truth is not None or ba.sharp(difference, left)
    return Judgement(truth, sharp, relation.operator, (left, right), "" if sharp else TOO_WIDE)


def _truth(operator: str, difference: ba.Number) -> bool | None:
    """Whether ``left - right`` makes the relation certainly true or certainly false."""
    sign = ba.certain_sign(difference)
    at_least, at_most = difference >= 0, difference <= 0
    if operator == "<":
        return True if sign == -1 else (False if at_least else None)
    if operator == "<=":
        return True if at_most else (False if sign == 1 else None)
    equal = None if sign is None else sign == 0
    return equal if operator == "=" or equal is None else not equal


def _judge_iff(left: Judgement, right: Judgement) -> Judgement:
    known = left.truth is not None and right.truth is not None
    truth = left.truth == right.truth if known else None
    return Judgement(truth, left.evaluated and right.evaluated, "iff", (left, right), left.reason or right.reason)
