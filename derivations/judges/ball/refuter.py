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
from derivations.judges.ball.descending import inequalities, nearest_failures
from derivations.judges.ball.evaluator import Evaluator
from derivations.judges.ball.footprints import union
from derivations.judges.ball.judgement import judge_sharply, witness
from derivations.judges.ball.points import points as points_for
from derivations.judges.ball.scope import NotEvaluable, OutOfTime
from derivations.judges.ball.simplifying import simplified
from derivations.judges.ball.values import Point
from derivations.proof.statement import Hypothesis, Statement, expressions
from derivations.proof.verdict import Verdict, Witness

FAR = (6,)  # beside the small sizes, a few points with every size five above its least
SECONDS_FAR = 1.0

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
    search = _Search(statement, hypotheses, seed)
    deadline, late = started + seconds, False
    try:
        with ba.precision():
            found = search.run(points, deadline)
            if found is None and any(isinstance(thing, Size) for thing in objects):
                found = search.run_far(2 + points // 20, min(deadline, time.monotonic() + SECONDS_FAR))
            if found is None and search.held:
                found = search.run_downhill(deadline)
            if found is not None:
                return verdict("refuted", witness=found, points=search.drawn)
    except OutOfTime:
        late = True
    except NotEvaluable as reason:
        return verdict("untested", reason=str(reason))
    varies = any(isinstance(thing, (Scalar, Tensor)) for thing in objects)
    return verdict(**_conclusion(search.drawn, search.used, search.reasons, late, points, varies))


class _Search:
    """The points tried so far, and what came of them."""

    def __init__(self, statement: Statement, hypotheses: tuple[Hypothesis, ...], seed: int):
        self.statement, self.hypotheses, self.seed = statement, hypotheses, seed
        self.drawn, self.used, self.reasons = 0, 0, Counter()
        self.held: list[Point] = []  # where an inequality was tried in vain
        self._descends = bool(inequalities(statement))

    def run(self, count: int, deadline: float, **where) -> Witness | None:
        """Judge the statement at up to ``count`` points; the witness of the first at which it fails."""
        evaluator = None
        sides = expressions(self.statement)
        for point in points_for(sides, self.hypotheses, seed=self.seed, count=count, deadline=deadline, **where):
            self.drawn += 1
            if evaluator is None or evaluator.values is not point.values:
                evaluator = Evaluator(point.values, deadline)
            found = judge_sharply(self.statement, evaluator, point)
            if found.truth is False:
                relations = [h.relation for h in self.hypotheses]
                return witness(*simplified(self.statement, relations, point, found, deadline))
            self.used += found.evaluated
            if found.evaluated and self._descends:
                self.held.append(point)
            if not found.evaluated:
                self.reasons[found.reason] += 1
        return None

    def run_far(self, count: int, deadline: float) -> Witness | None:
        """The same at larger sizes, for what is false only there; no harm if there is no time for them."""
        try:
            return self.run(count, deadline, sizes=FAR)
        except (OutOfTime, NotEvaluable):
            return None

    def run_downhill(self, deadline: float) -> Witness | None:
        """Points at which an inequality comes closest to failing, found by descent from those where it holds."""
        relations = [h.relation for h in self.hypotheses]
        for point in nearest_failures(self.statement, relations, self.held, deadline):
            found = judge_sharply(self.statement, Evaluator(point.values, deadline), point)
            if found.truth is False:
                return witness(*simplified(self.statement, relations, point, found, deadline))
        return None


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
