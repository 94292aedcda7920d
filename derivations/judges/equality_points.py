"""Strict inequalities that are equalities where every entry is 0, or 1: no ball can tell log 2 from softplus(0).

    sum softplus(x_k) < sum relu(x_k) + n log 2      fails at x = 0, and there only

The kernel proves that the sides are equal there, for every size; the ball refuter finds both sides defined at a point
of that kind that meets the hypotheses, and as close as it can tell. Such a point is a counterexample.
"""

from __future__ import annotations

import time
from fractions import Fraction

import sympy as sp

from derivations.calculus.normal_form import Contradiction, Unsupported, check_size, equal
from derivations.calculus.operators import Binder, D, Expectation, Integral, Limit, LimitAt
from derivations.calculus.substitution import named_objects, subexpressions
from derivations.calculus.symbols import CalculusError, Defined, Entry, Scalar, Size, Tensor
from derivations.judges.ball import arithmetic as ba
from derivations.judges.ball.drawing import inside
from derivations.judges.ball.evaluator import Evaluator
from derivations.judges.ball.footprints import closed
from derivations.judges.ball.judgement import judge_sharply
from derivations.judges.ball.satisfying import assignments, instances
from derivations.judges.ball.scope import NotEvaluable, OutOfTime, Scope
from derivations.judges.ball.values import Point, Values
from derivations.proof.statement import Hypothesis, Relation, Statement
from derivations.proof.verdict import Verdict, Witness

METHOD = "equality at a point"
TRUSTED = ("kernel", "Arb (python-flint) ball arithmetic")
SECONDS = 0.3
DIGITS = 12  # of the value that both sides have
_MOVING = (D, Limit, LimitAt, Integral, Expectation, Defined)  # what a number cannot simply be put into


def decide(statement: Statement, hypotheses: tuple[Hypothesis, ...] = ()) -> Verdict:
    """``refuted`` at a point with every number 0, or every number 1, where the sides are equal; else ``unknown``."""
    started = time.perf_counter()
    found = _counterexample(statement, hypotheses)
    seconds = time.perf_counter() - started
    if found is None:
        return Verdict("unknown", METHOD, seconds=seconds)
    return Verdict("refuted", METHOD, TRUSTED, witness=found, seconds=seconds)


def _counterexample(statement: Statement, hypotheses: tuple[Hypothesis, ...]) -> Witness | None:
    if not isinstance(statement, Relation) or statement.operator != "<" or not ba.AVAILABLE:
        return None
    sides = statement.left, statement.right
    if any(isinstance(node, _MOVING) for side in sides for node in subexpressions(side)):
        return None
    said = {thing for side in sides for thing in named_objects(side)}
    numbers = [thing for thing in said if isinstance(thing, (Scalar, Tensor))]
    if not numbers or any(isinstance(thing, Tensor) and (thing.padded or thing.random) for thing in numbers):
        return None
    assumed = {thing for h in hypotheses for e in (h.relation.left, h.relation.right) for thing in named_objects(e)}
    for x in (0, 1):
        if not all(inside(t.domain, Fraction(x)) for t in said | assumed if isinstance(t, (Scalar, Tensor))):
            continue
        point = _flat_point(statement, hypotheses, said | assumed, x)
        if point is not None and _equal_everywhere(statement, x):
            with ba.precision():
                value = Evaluator(point.values).value(statement.left, Scope(point.indices))
                text = str(value) if ba.is_exact(value) else ba.arb(value).str(DIGITS, radius=False)
            return Witness(point.described(), text, text, "<")
    return None


def _flat_point(statement: Relation, hypotheses: tuple[Hypothesis, ...], things: set, x: int) -> Point | None:
    """The least sizes with every number ``x``, if the hypotheses hold there and both sides are defined and close."""
    deadline = time.monotonic() + SECONDS
    sizes = {s: s.minimum for s in things if isinstance(s, Size)}
    values = Values(sizes, lambda key: Fraction(x))
    try:
        with ba.precision():
            if not all(i.holds(values, deadline) for i in instances([h.relation for h in hypotheses], values)):
                return None
            values.assume(set())
            free = closed([statement.left, statement.right]).indices
            indices = next(assignments(free, values, window=1), None)
            if indices is None:
                return None
            point = Point(indices, values)
            found = judge_sharply(statement, Evaluator(values, deadline), point)
            return point if found.truth is None and found.evaluated else None
    except (NotEvaluable, OutOfTime):
        return None


def _equal_everywhere(statement: Relation, x: int) -> bool:
    """Whether the kernel proves the sides equal with every number ``x``, for all sizes and indices."""
    try:
        left, right = (_with_numbers(side, sp.Integer(x)) for side in (statement.left, statement.right))
        check_size([left, right])
        return equal(left, right) is True
    except (Unsupported, Contradiction, CalculusError, RecursionError):
        return False


def _with_numbers(e: sp.Expr, x: sp.Integer) -> sp.Expr:
    if isinstance(e, (Entry, Scalar)):
        return x
    if isinstance(e, Binder):
        return type(e)(_with_numbers(e.body, x), *e.bound)
    args = tuple(_with_numbers(a, x) for a in e.args)  # type: ignore[arg-type]
    return e if args == e.args else e.func(*args)  # type: ignore[return-value]
