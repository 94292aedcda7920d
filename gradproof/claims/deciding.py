"""One claim, from text to verdict, in this process.

Read, find the admissible inputs, look for a point against it, try to prove it: each with its share of the time. Every
proof has survived the refuter, or it is no proof (judges/ladder.py).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from derivations.judges import ball, evaluation, ladder, one_sided
from derivations.judges.kinks import Refutation
from derivations.judges.ladder import JudgesDisagree
from derivations.language import admissible, claims
from derivations.language.admissible import NoInput, Problem
from derivations.language.claims import Claim, Part
from derivations.language.errors import BeyondLimits, InvalidClaim
from derivations.proof.statement import Hypothesis, Statement
from derivations.proof.verdict import Verdict, Witness
from gradproof.claims import at_kinks, meaning
from gradproof.claims.patience import OutOfPatience, patience
from gradproof.claims.sides import whole
from gradproof.claims.verdicts import ClaimError, ClaimVerdict, Source

READING, EVALUATING, REFUTING, PROVING = 2.0, 2.0, 2.0, 3.0  # seconds
POINTS = 40


@dataclass(frozen=True)
class Read:
    """A claim that has a meaning, and the problem that it poses."""

    claim: Claim
    problem: Problem


def decide(source: Source) -> ClaimVerdict:
    """The verdict on a claim; never raises for what a text may hold."""
    started = time.perf_counter()
    try:
        found = read(source)
        verdict = found if isinstance(found, ClaimVerdict) else judged(found, source)
    except Exception as error:  # a mistake of ours must not take the other claims of a file with it
        verdict = _unknown(source, f"internal error in gradproof: {type(error).__name__}: {error}")
    return replace(verdict, seconds=time.perf_counter() - started)


def read(source: Source) -> Read | ClaimVerdict:
    """The problem that a text poses, or the verdict where it poses none."""
    try:
        with patience(READING):
            claim = claims.read(source.states, source.where, source.let)
            return Read(claim, admissible.problem(claim))
    except InvalidClaim as error:
        return ClaimVerdict("invalid", "reading", reason=str(error), source=source, error=ClaimError.of(error))
    except BeyondLimits as error:
        return _unknown(source, f"too large to judge: {error}")
    except NoInput as error:
        return _unknown(source, str(error))
    except OutOfPatience:
        return _unknown(source, f"out of time: not read within {READING:g} s")
    except (RecursionError, MemoryError) as error:
        return _unknown(source, f"too large to judge ({type(error).__name__})")


def judged(found: Read, source: Source) -> ClaimVerdict:
    """All parts of a chain together: refuted by any, proved when each is."""
    try:
        reason = _missing_meaning(found)
        if reason:
            return _unknown(source, reason)
        verdicts = [_judge(part, found.problem.hypotheses) for part in found.problem.parts]
        at_kink = None if any(v.refuted for v in verdicts) else _refuted_at_kink(found)
    except JudgesDisagree as error:
        return _unknown(source, f"the judges contradict each other, which is an error in gradproof: {error}")
    except (RecursionError, MemoryError) as error:
        return _unknown(source, f"too large to judge ({type(error).__name__})")
    verdict = at_kink.verdict if at_kink else _together(verdicts)
    lifted = at_kink.lifted if at_kink else ()
    assumed = (*found.claim.stated, *(h for h in found.problem.needed if h not in lifted), *found.claim.notes)
    if verdict.proved:
        assumed = (*assumed, *(h for v in verdicts for h in v.hypotheses))
    return ClaimVerdict(
        verdict.status,
        verdict.method,
        verdict.trusted,
        tuple(dict.fromkeys(assumed)),
        verdict.witness,
        verdict.reason,
        verdict.points,
        source=source,
    )


def _refuted_at_kink(found: Read) -> Refutation | None:
    try:
        with patience(EVALUATING):
            refutation = at_kinks.refute(found.claim, found.problem)
    except OutOfPatience:
        return None
    if refutation is None or refutation.verdict.witness is None:
        return None
    shown = _as_written(refutation.verdict.witness, found.problem.parts[refutation.position])
    return replace(refutation, verdict=replace(refutation.verdict, witness=shown))


def _missing_meaning(found: Read) -> str:
    try:
        with patience(EVALUATING):
            return meaning.missing(found.claim, found.problem.hypotheses)
    except OutOfPatience:
        return "out of time: it was not established that every limit and integral has a value"


def _unknown(source: Source, reason: str) -> ClaimVerdict:
    return ClaimVerdict("unknown", "none", reason=reason, source=source)


def _together(verdicts: list[Verdict]) -> Verdict:
    for status in ("refuted", "unknown", "consistent"):
        for verdict in verdicts:
            if verdict.status == status:
                return verdict
    methods = dict.fromkeys(v.method for v in verdicts)
    trusted = dict.fromkeys(t for v in verdicts for t in v.trusted)
    return replace(
        verdicts[0], method="; ".join(methods), trusted=tuple(trusted), points=min(v.points for v in verdicts)
    )


def _judge(part: Part, hypotheses: tuple[Hypothesis, ...]) -> Verdict:
    """The verdict on one comparison, as the user wrote it."""
    verdict = judge(part, hypotheses)
    if verdict.status == "untested":
        verdict = replace(verdict, status="unknown")
    if not verdict.witness:
        return verdict
    return replace(verdict, witness=_as_written(whole(verdict.witness, part, hypotheses), part))


def _as_written(witness: Witness, part: Part) -> Witness:
    """The sides in the user's order, the operator as typed."""
    operator = {"=": "==", "<": "<", "<=": "<="}[witness.operator]
    if not part.turned:
        return replace(witness, operator=operator)
    return replace(witness, left=witness.right, right=witness.left, operator=operator.replace("<", ">"))


def judge(
    part: Part,
    hypotheses: tuple[Hypothesis, ...],
    *,
    refuting: float = REFUTING,
    proving: float = PROVING,
) -> Verdict:
    """The ladder of judges on one relation, each stage with its seconds. Raises JudgesDisagree."""
    statement = part.relation
    try:
        with patience(EVALUATING):
            found = evaluation.evaluated(statement, hypotheses)
    except OutOfPatience:
        return Verdict("unknown", evaluation.METHOD, reason=f"out of time after {EVALUATING:g} s")
    if found is None:
        return _climbed(statement, hypotheses, refuting, proving)
    if found.verdict is not None:
        return _without_limit(statement, hypotheses, found.verdict)
    tried = _refuted(statement, hypotheses, refuting)  # with its own values of the integrals, where it has them
    if tried.refuted or not found.complete:
        return replace(tried, reason=found.reason or tried.reason)
    return found.extended(_climbed(found.statement, hypotheses, refuting, proving))


def _without_limit(statement: Statement, hypotheses: tuple[Hypothesis, ...], verdict: Verdict) -> Verdict:
    """The verdict, or the refutation of a limit that does not exist."""
    if verdict.status != "unknown":
        return verdict
    try:
        with patience(EVALUATING):
            return one_sided.refute(statement, hypotheses) or verdict
    except OutOfPatience:
        return verdict


def _climbed(statement: Statement, hypotheses: tuple[Hypothesis, ...], refuting: float, proving: float) -> Verdict:
    """Refuter, then provers, on a statement without limits at a point and integrals."""
    verdicts = {"ball": _refuted(statement, hypotheses, refuting)}
    if not verdicts["ball"].refuted:
        try:
            with patience(proving):
                for name, prover in ladder.provers(statement):
                    verdicts[name] = prover(statement, hypotheses)
                    if verdicts[name].proved:
                        break
        except OutOfPatience:
            verdicts["time"] = Verdict("unknown", "provers", reason=f"out of time after {proving:g} s")
    ladder.check_agreement(statement, verdicts)
    return ladder.conclude(statement, hypotheses, verdicts)


def _refuted(statement: Statement, hypotheses: tuple[Hypothesis, ...], seconds: float) -> Verdict:
    try:
        with patience(1.5 * seconds):
            return ball.refute(statement, hypotheses, points=POINTS, seconds=seconds)
    except OutOfPatience:
        return Verdict("untested", ball.METHOD, reason="out of time")
