"""A result on trial: every step of its proof judged, its statement judged, its lies told."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from derivations.judges import ball, ladder, mutation, side_conditions
from derivations.judges.ladder import JudgesDisagree, conclude
from derivations.judges.mutation import Lie
from derivations.proof.rules.base import ProofError
from derivations.proof.theorem import Erratum, Result, Step, Theorem
from derivations.proof.verdict import Status, Verdict


@dataclass(frozen=True)
class JudgedStep:
    step: Step
    verdict: Verdict


@dataclass(frozen=True)
class JudgedLie:
    lie: Lie
    verdict: Verdict


@dataclass(frozen=True)
class Trial:
    """Everything that the symbolic judges found about one result."""

    result: Result
    verdict: Verdict
    verdicts: dict[str, Verdict]
    steps: tuple[JudgedStep, ...] = ()
    lies: tuple[JudgedLie, ...] = ()
    equivalents: tuple[str, ...] = ()  # mutants that turned out to be true
    seconds: float = field(default=0.0, compare=False)

    @property
    def status(self) -> Status:
        return self.verdict.status

    @property
    def as_claimed(self) -> bool:
        """A theorem proved, or an erratum refuted with its correction proved; and no lie believed."""
        wanted = "proved" if isinstance(self.result, Theorem) else "refuted"
        return self.status == wanted and not any(lie.verdict.proved for lie in self.lies)


def judge(result: Result, *, lies: int = mutation.MOST_LIES, seed: int = 0) -> Trial:
    """Try a theorem or an erratum. Raises JudgesDisagree when two judges contradict each other."""
    started = time.perf_counter()
    trial = _judge_erratum(result, seed) if isinstance(result, Erratum) else _judge_theorem(result, lies, seed)
    return Trial(
        trial.result,
        trial.verdict,
        trial.verdicts,
        trial.steps,
        trial.lies,
        trial.equivalents,
        time.perf_counter() - started,
    )


def _judge_erratum(erratum: Erratum, seed: int) -> Trial:
    verdicts = ladder.decide(erratum.printed, erratum.hypotheses, seed=seed)
    return Trial(erratum, conclude(erratum.printed, erratum.hypotheses, verdicts), verdicts)


def _judge_theorem(theorem: Theorem, most_lies: int, seed: int) -> Trial:
    verdicts = ladder.decide(theorem.statement, theorem.hypotheses, thorough=True, seed=seed)
    try:
        steps = tuple(judge_step(step, seed) for step in theorem.steps)
    except ProofError as error:
        broken = Verdict("unknown", theorem.proof.method, reason=f"{theorem.name}: {error}")
        return Trial(theorem, broken, verdicts)
    verdicts[_judge_name(theorem)] = _verdict_of_steps(theorem, steps)
    ladder.check_agreement(theorem.statement, verdicts)
    verdict = _conclude(theorem, steps, verdicts)
    told, equivalents = tell_lies(theorem, most_lies, seed)
    return Trial(theorem, verdict, verdicts, steps, told, equivalents)


def _judge_name(theorem: Theorem) -> str:
    return "induction" if theorem.proof.method == "induction" else "steps"


def judge_step(step: Step, seed: int = 0) -> JudgedStep:
    verdicts = ladder.decide(step.claim, step.hypotheses, points=ladder.STEP_POINTS, seed=seed)
    return JudgedStep(step, conclude(step.claim, step.hypotheses, verdicts))


def _verdict_of_steps(theorem: Theorem, steps: tuple[JudgedStep, ...]) -> Verdict:
    seconds = sum(s.verdict.seconds for s in steps)
    for number, judged in enumerate(steps, 1):
        if not judged.verdict.proved:
            part = f" of {judged.step.part}" if judged.step.part else ""
            reason = f"step {number}{part} ({judged.step.reason}) is {judged.verdict.status}: {judged.verdict.reason}"
            if judged.verdict.witness:
                reason += f" at {judged.verdict.witness}"
            return Verdict("unknown", theorem.proof.method, reason=reason, seconds=seconds)
    trusted = tuple(dict.fromkeys(t for s in steps for t in s.verdict.trusted))
    needs = tuple(dict.fromkeys(h for s in steps for h in s.verdict.hypotheses))
    return Verdict("proved", theorem.proof.method, trusted, needs, seconds=seconds)


def _conclude(theorem: Theorem, steps: tuple[JudgedStep, ...], verdicts: dict[str, Verdict]) -> Verdict:
    """Proved only if every step is; a statement that the refuter refutes is refuted whatever the steps say."""
    refutation = next((v for v in verdicts.values() if v.refuted), None)
    if refutation:
        return refutation
    whole = verdicts[_judge_name(theorem)]
    if not whole.proved:
        return whole
    needs = side_conditions.listed(theorem.statement, theorem.hypotheses)
    return Verdict(
        "proved",
        whole.method,
        whole.trusted,
        needs,
        points=verdicts["ball"].points,
        seconds=sum(v.seconds for v in verdicts.values()),
    )


def tell_lies(theorem: Theorem, most: int, seed: int = 0) -> tuple[tuple[JudgedLie, ...], tuple[str, ...]]:
    """Near-misses of a theorem: the refuter and every prover are asked about each, so that none hides another."""
    told, equivalents = [], []
    for lie in mutation.lies(theorem, most):
        try:
            verdicts = ladder.decide(lie.statement, lie.hypotheses, thorough=True, points=LIE_POINTS, seed=seed)
        except JudgesDisagree as error:
            raise JudgesDisagree(f"{theorem.name}, lie {lie.description!r}: {error}") from error
        verdict = conclude(lie.statement, lie.hypotheses, verdicts)
        if verdict.proved and _same_statement(theorem, lie):
            equivalents.append(lie.description)
        else:
            told.append(JudgedLie(lie, verdict))
    return tuple(told), tuple(equivalents)


LIE_POINTS = 16


def _same_statement(theorem: Theorem, lie: Lie) -> bool:
    """A mutant that is proved and that no point refutes, on many more points, is a true statement and no lie."""
    return ball.refute(lie.statement, lie.hypotheses, points=4 * LIE_POINTS, seed=1).status == "consistent"
