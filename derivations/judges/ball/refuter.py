"""The search for a point at which a statement fails.

refute(statement, hypotheses)   refuted with a witness, consistent, or untested
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable

import sympy as sp

from derivations.calculus.symbols import Scalar, Size, Tensor
from derivations.judges.ball import arithmetic as ba
from derivations.judges.ball.evaluator import Evaluator
from derivations.judges.ball.footprints import union
from derivations.judges.ball.judgement import judge_sharply, witness
from derivations.judges.ball.points import points as points_for
from derivations.judges.ball.scope import NotEvaluable, OutOfTime
from derivations.judges.ball.simplifying import simplified
from derivations.proof.statement import Hypothesis, Statement, expressions
from derivations.proof.verdict import Verdict

METHOD = "ball arithmetic"
TRUSTED = ("Arb (python-flint) ball arithmetic",)


def refute(
    statement: Statement,
    hypotheses: Iterable[Hypothesis] = (),
    *,
    points: int = 40,
    seed: int = 0,
    seconds: float = 10.0,
) -> Verdict:
    """Look for an admissible point at which the statement is certainly false.

    refuted: found; the witness is a simple such point, of the smallest sizes at which one was found. consistent: at
    least half of the points drawn could be evaluated and none speaks against the statement; this proves nothing.
    untested: anything else, with the reason. The time is looked at between points and inside sums.
    """
    started = time.monotonic()

    def verdict(status, **details) -> Verdict:
        return Verdict(status, METHOD, TRUSTED, seconds=time.monotonic() - started, **details)

    if not ba.AVAILABLE:
        return verdict("untested", reason="python-flint is not installed")
    hypotheses = tuple(hypotheses)
    sides = [*expressions(statement), *(e for h in hypotheses for e in expressions(h.relation))]
    objects = [thing for thing in union(sides).objects if isinstance(thing, (Size, Scalar, Tensor))]
    clash = _same_name(objects)
    if clash:
        return verdict("untested", reason=clash)
    drawn, used, reasons, evaluator = 0, 0, Counter(), None
    deadline, late = started + seconds, False
    try:
        with ba.precision():
            for point in points_for(expressions(statement), hypotheses, seed=seed, count=points, deadline=deadline):
                drawn += 1
                if evaluator is None or evaluator.values is not point.values:
                    evaluator = Evaluator(point.values, deadline)
                found = judge_sharply(statement, evaluator, point)
                if found.truth is False:
                    relations = [h.relation for h in hypotheses]
                    simple = simplified(statement, relations, point, found, deadline)
                    return verdict("refuted", witness=witness(*simple), points=drawn)
                used += found.evaluated
                if not found.evaluated:
                    reasons[found.reason] += 1
    except OutOfTime:
        late = True
    except NotEvaluable as reason:
        return verdict("untested", reason=str(reason))
    varies = any(isinstance(thing, (Scalar, Tensor)) for thing in objects)
    return verdict(**_conclusion(drawn, used, reasons, late, points, varies))


def _conclusion(drawn: int, used: int, reasons: Counter[str], late: bool, asked: int, varies: bool) -> dict:
    """The verdict's details when nothing was refuted."""
    needed = max(1, asked // 4) if varies else 1
    if late and used < needed:
        return {"status": "untested", "reason": f"out of time after {used} points", "points": used}
    if not drawn:
        return {"status": "untested", "reason": "no admissible point was found"}
    if 2 * used < drawn:
        ((reason, _),) = reasons.most_common(1)
        return {"status": "untested", "reason": reason, "points": used}
    if used < needed:
        return {"status": "untested", "reason": f"only {used} admissible points were found", "points": used}
    return {"status": "consistent", "points": used}


def _same_name(objects: Iterable[sp.Basic]) -> str:
    """The complaint about two different sizes, scalars or arrays of one name, which no witness could tell apart."""
    seen: dict[str, sp.Basic] = {}
    for thing in objects:
        if seen.setdefault(thing.name, thing) != thing:
            return f"two different objects are named {thing.name}"
    return ""
