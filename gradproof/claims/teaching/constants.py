"""Closed forms of numbers, and the constant by which two sides differ.

recognised(x)            "sqrt(3)/9" for a ball or a close approximation
constant_ratio(samples)  c when left = c * right wherever both were looked at
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fractions import Fraction

from derivations.calculus.symbols import Scalar, Tensor
from derivations.judges.ball import arithmetic as ba
from derivations.judges.ball.evaluator import Evaluator
from derivations.judges.ball.points import points
from derivations.judges.ball.scope import NotEvaluable, OutOfTime, Scope
from derivations.judges.ball.values import exact
from gradproof.claims.teaching.lesson import Lesson
from gradproof.claims.teaching.trees import number, operation, parsed, scaled

POINTS = 8
LARGEST = 1000  # numerator; denominators are shorter
UNITS = (
    "sqrt(2)", "sqrt(3)", "pi", "e", "sqrt(pi)", "sqrt(2*pi)", "log(2)", "sqrt(5)", "sqrt(6)", "pi**2", "sqrt(e)",
    "sqrt(2*e)", "sqrt(2/pi)", "log(10)",
)  # fmt: skip

Sample = tuple[ba.Number, ba.Number]


def samples(lesson: Lesson) -> list[Sample]:
    """Both sides, as written, at a few admissible points where both have values: too few tell nothing."""
    relation = lesson.part.relation
    sides = (relation.right, relation.left) if lesson.part.turned else (relation.left, relation.right)
    found = []
    try:
        with ba.precision():
            for point in points(sides, lesson.problem.hypotheses, count=POINTS, deadline=lesson.deadline):
                evaluator = Evaluator(point.values, lesson.deadline)
                values = _values(evaluator, sides, Scope(point.indices))
                if values is not None:
                    found.append(values)
    except (NotEvaluable, OutOfTime):
        pass
    return found if len(found) >= 2 or not (lesson.things(Scalar) or lesson.things(Tensor)) else []


def _values(evaluator: Evaluator, sides, scope: Scope) -> Sample | None:
    try:
        left, right = (evaluator.value(side, scope) for side in sides)
    except NotEvaluable:
        return None
    return (left, right) if ba.defined(left) and ba.defined(right) else None


def constant_value(found: list[Sample]) -> ast.expr | None:
    """The left side, where it is the same number at all points."""
    return _common([ba.arb(left) for left, _ in found])


def constant_ratio(found: list[Sample]) -> ast.expr | None:
    """The number c with left = c * right at all points, in closed form; None where the ratio varies."""
    ratios = []
    with ba.precision():
        for left, right in found:
            if ba.certain_sign(right) == 0 and ba.certain_sign(left) == 0:
                continue
            if ba.certain_sign(right) in (0, None) or ba.certain_sign(left) == 0:
                return None
            ratios.append(ba.arb(left) / ba.arb(right))
        return _common(ratios)


def constant_difference(found: list[Sample], beside: Fraction = Fraction(0)) -> ast.expr | None:
    """The number c with left = right - beside + c at all points, in closed form."""
    with ba.precision():
        return _common([ba.arb(left) - ba.arb(right) + exact(beside) for left, right in found])


def _common(balls: list) -> ast.expr | None:
    if not balls or not all(b.is_finite() and b.overlaps(balls[0]) for b in balls):
        return None
    narrowest = min(balls, key=lambda b: b.rad())
    return recognised(narrowest)


def recognised(x, tolerance: float = 1e-25) -> ast.expr | None:
    """A short closed form of a number: p/q, or p/q times or over a root, pi, e, a logarithm."""
    with ba.precision():
        ball = ba.arb(x)
        if not ball.is_finite() or float(ball.rad()) > tolerance:
            return None
        if abs(ball) < tolerance:
            return number(0)
        for unit, value in _units():
            for inverse in (False, True):
                found = _rational(ball / (1 / value if inverse else value), tolerance)
                if found is None:
                    continue
                if unit is None:
                    return number(found)
                if inverse:
                    return _over(found, unit)
                return scaled(unit, found)
    return None


def _units() -> Iterator[tuple[ast.expr | None, ba.Number]]:
    yield None, ba.arb(1)
    pi, e = ba.constant("pi"), ba.constant("E")
    values = (
        ba.arb(2).sqrt(), ba.arb(3).sqrt(), pi, e, pi.sqrt(), (2 * pi).sqrt(), ba.arb(2).log(), ba.arb(5).sqrt(),
        ba.arb(6).sqrt(), pi * pi, e.sqrt(), (2 * e).sqrt(), (2 / pi).sqrt(), ba.arb(10).log(),
    )  # fmt: skip
    for text, value in zip(UNITS, values, strict=True):
        yield parsed(text), value


def _rational(ball, tolerance: float) -> Fraction | None:
    """The short fraction in, or very near, a ball."""
    near = approximation(ball)
    short = near.limit_denominator(64)
    if not 0 < abs(short.numerator) <= LARGEST or abs(near - short) > tolerance * max(1, abs(short)):
        return None
    return short


def approximation(ball) -> Fraction:
    """The middle of a ball to fifty digits."""
    text = ba.arb(ball).mid().str(50, radius=False)
    return Fraction(text)


def _over(found: Fraction, unit: ast.expr) -> ast.expr:
    under = unit if found.denominator == 1 else scaled(unit, found.denominator)
    return operation(number(found.numerator), ast.Div, under)
