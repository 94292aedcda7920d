"""All judges on one statement, in the order of their cost; disagreement is a bug and stops the run.

structural -> ball refuter -> kernel -> field normal form -> derivative and point -> bounds, signs of sums, limit
-> small ranges written out, equality where the statement says less
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from derivations.calculus.operators import Limit
from derivations.calculus.substitution import alpha_equal, subexpressions, unfold
from derivations.judges import (
    ball,
    bounds,
    derivative,
    equality_points,
    field,
    kernel,
    limit,
    side_conditions,
    small_ranges,
    tensor_bounds,
)
from derivations.proof.statement import And, Hypothesis, Iff, Relation, Statement
from derivations.proof.verdict import Verdict

STEP_POINTS = 8
STATEMENT_POINTS = 40


class JudgesDisagree(AssertionError):
    """One judge proved what another refuted: one of them is wrong, and nothing may be believed until it is mended."""


def structural(statement: Statement, hypotheses: tuple[Hypothesis, ...] = ()) -> Verdict:
    """Both sides are the same expression, up to the names of bound indices."""
    reflexive = isinstance(statement, Relation) and statement.operator in ("=", "<=")
    if reflexive and alpha_equal(statement.left, statement.right):
        return Verdict("proved", "structural", ("identical expressions",))
    return Verdict("unknown", "structural", reason="the two sides are written differently")


_EQUALITY_JUDGES: tuple[tuple[str, Callable], ...] = (
    ("structural", structural),
    ("kernel", kernel.decide),
    ("field", field.decide),
    ("derivative", derivative.decide),
    ("limit", limit.decide),
    ("small ranges", small_ranges.decide),
)
_OTHER_JUDGES: tuple[tuple[str, Callable], ...] = (
    ("structural", structural),
    ("bounds", bounds.decide),
    ("sums", tensor_bounds.decide),
    ("small ranges", small_ranges.decide),
    ("equality points", equality_points.decide),
)


def provers(statement: Statement) -> tuple[tuple[str, Callable], ...]:
    """The judges that can prove a statement of this kind, or refute it by means that the refuter has not."""
    if isinstance(statement, Relation) and statement.operator == "=":
        return _EQUALITY_JUDGES
    return _OTHER_JUDGES


def decide(
    statement: Statement,
    hypotheses: tuple[Hypothesis, ...] = (),
    *,
    points: int = STATEMENT_POINTS,
    thorough: bool = False,
    seed: int = 0,
) -> dict[str, Verdict]:
    """The verdict of each judge that was asked. ``thorough`` asks all of them, else the first proof ends it.

    Raises JudgesDisagree when a prover proves what the ball refuter refutes.
    """
    verdicts = {"ball": _timed(confront, statement, hypotheses, points=points, seed=seed)}
    for name, judge in provers(statement):
        verdicts[name] = _timed(judge, statement, hypotheses)
        if verdicts[name].proved and (not thorough or name == "structural"):
            break
        if verdicts["ball"].refuted and not thorough:
            break
    check_agreement(statement, verdicts)
    return verdicts


def confront(
    statement: Statement, hypotheses: tuple[Hypothesis, ...], *, points: int = STATEMENT_POINTS, seed: int = 0
) -> Verdict:
    """The ball refuter; for an "iff" also at points where one side holds, which chance would never hit."""
    verdict = ball.refute(statement, hypotheses, points=points, seed=seed)
    for side in _equalities_of_iffs(statement):
        if verdict.refuted:
            return verdict
        narrowed = ball.refute(statement, (*hypotheses, Hypothesis("one side", side)), points=points, seed=seed)
        if narrowed.refuted:
            return narrowed
        verdict = replace(verdict, points=verdict.points + narrowed.points)
    return verdict


def _equalities_of_iffs(statement: Statement) -> list[Relation]:
    parts = statement.parts if isinstance(statement, And) else (statement,)
    sides = [side for part in parts if isinstance(part, Iff) for side in (part.left, part.right)]
    return [side for side in sides if side.operator == "="]


def _timed(judge: Callable, statement: Statement, hypotheses: tuple[Hypothesis, ...], **options) -> Verdict:
    started = time.perf_counter()
    verdict = judge(statement, hypotheses, **options)
    return replace(verdict, seconds=time.perf_counter() - started)


def check_agreement(statement: Statement, verdicts: dict[str, Verdict]) -> None:
    proofs = [name for name, v in verdicts.items() if v.proved]
    refutations = [name for name, v in verdicts.items() if v.refuted]
    if proofs and refutations:
        witness = verdicts[refutations[0]].witness
        raise JudgesDisagree(
            f"{', '.join(proofs)} proved and {', '.join(refutations)} refuted {statement}; the witness is {witness}"
        )


def survives(statement: Statement, verdict: Verdict) -> bool:
    """Whether the refuter tried a statement and found nothing; limits are beyond it, and only they are excused."""
    return verdict.status == "consistent" or _is_about_a_limit(statement)


def _is_about_a_limit(statement: Statement) -> bool:
    """Whether each side is a limit or free of limits, at least one being one: "limit = value", "limit = limit"."""
    if not isinstance(statement, Relation) or statement.operator != "=":
        return False
    sides = [unfold(side) for side in (statement.left, statement.right)]
    inner = [side.function if isinstance(side, Limit) else side for side in sides]
    free = not any(isinstance(node, Limit) for side in inner for node in subexpressions(side))
    return free and any(isinstance(side, Limit) for side in sides)


def conclude(statement: Statement, hypotheses: tuple[Hypothesis, ...], verdicts: dict[str, Verdict]) -> Verdict:
    """One verdict out of all: refuted by any, proved by any that survived the refuter, else what is left."""
    seconds = sum(v.seconds for v in verdicts.values())
    ball_verdict = verdicts["ball"]
    for v in verdicts.values():
        if v.refuted:
            return replace(v, seconds=seconds)
    proofs = [v for v in verdicts.values() if v.proved]
    if proofs and not survives(statement, ball_verdict):
        reason = f"proved by {proofs[0].method}, but not confronted with the ball refuter: {ball_verdict.reason}"
        return Verdict("unknown", proofs[0].method, reason=reason, seconds=seconds)
    if proofs:
        needs = side_conditions.listed(statement, hypotheses)
        needs = tuple(dict.fromkeys((*needs, *(h for v in proofs for h in v.hypotheses))))
        return replace(proofs[0], hypotheses=needs, points=ball_verdict.points, seconds=seconds)
    reasons = "; ".join(
        dict.fromkeys(f"{n}: {v.reason}" for n, v in verdicts.items() if v.reason and n != "structural")
    )
    status = "consistent" if ball_verdict.status == "consistent" else "unknown"
    return Verdict(status, ball_verdict.method, reason=reasons, points=ball_verdict.points, seconds=seconds)
