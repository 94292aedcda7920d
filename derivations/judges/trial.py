"""A result on trial: every step of its proof judged, its statement judged, its lies told."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from functools import cache

from derivations.calculus.substitution import named_objects
from derivations.judges import ball, bounds, kernel, ladder, mutation, side_conditions
from derivations.judges.ladder import JudgesDisagree, conclude
from derivations.judges.mutation import Lie
from derivations.judges.scalar_problem import CONTRADICTORY
from derivations.judges.side_conditions import Condition
from derivations.proof.proofs import Induction
from derivations.proof.rules.base import ProofError
from derivations.proof.statement import Hypothesis, Lt, Relation
from derivations.proof.theorem import Erratum, Instance, Result, Step, Theorem
from derivations.proof.verdict import Status, Verdict

LIES = 8  # near-misses told about each theorem
LIE_POINTS = 16


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
    corrections: tuple[tuple[str, Verdict], ...] = ()  # of an erratum: the theorems that hold instead
    seconds: float = field(default=0.0, compare=False)

    @property
    def status(self) -> Status:
        return self.verdict.status

    @property
    def as_claimed(self) -> bool:
        """A theorem proved, or an erratum refuted with its correction proved; and no lie believed."""
        wanted = "proved" if isinstance(self.result, Theorem) else "refuted"
        corrected = all(verdict.proved for _, verdict in self.corrections)
        return self.status == wanted and corrected and not any(lie.verdict.proved for lie in self.lies)


def judge(result: Result, *, lies: int = LIES, seed: int = 0) -> Trial:
    """Try a theorem or an erratum. Raises JudgesDisagree when two judges contradict each other."""
    started = time.perf_counter()
    trial = _judge_erratum(result, seed) if isinstance(result, Erratum) else _judge_theorem(result, lies, seed)
    return replace(trial, seconds=time.perf_counter() - started)


def _judge_erratum(erratum: Erratum, seed: int) -> Trial:
    verdicts = ladder.decide(erratum.printed, erratum.hypotheses, seed=seed)
    instead = (erratum.instead, *erratum.because) if erratum.instead else erratum.because
    corrections = tuple((theorem.name, proof_of(theorem)) for theorem in instead)
    verdict = conclude(erratum.printed, erratum.hypotheses, verdicts)
    return Trial(erratum, verdict, verdicts, corrections=corrections)


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
    told, equivalents = tell_lies(theorem, most_lies, seed, verdict.proved)
    return Trial(theorem, verdict, verdicts, steps, told, equivalents)


def _judge_name(theorem: Theorem) -> str:
    return "induction" if theorem.proof.method == "induction" else "steps"


def judge_step(step: Step, seed: int = 0) -> JudgedStep:
    """A step by itself; if that decides nothing and it cites theorems, with those as assumptions of the kernel."""
    verdicts = ladder.decide(step.claim, step.hypotheses, points=ladder.STEP_POINTS, seed=seed)
    if step.cites and not any(v.proved or v.refuted for v in verdicts.values()):
        verdicts["citing"] = _decide_citing(step)
    return JudgedStep(step, conclude(step.claim, step.hypotheses, verdicts))


def _decide_citing(step: Step) -> Verdict:
    """The kernel with the cited equalities as rules; sound only as far as each cited theorem is itself proved."""
    names: list[str] = []
    needs: tuple[str, ...] = ()
    assumed = list(step.hypotheses)
    for cited in step.cites:
        theorem = cited if isinstance(cited, Theorem) else cited.of
        if not proof_of(theorem).proved or not isinstance(cited.statement, Relation):
            return Verdict("unknown", kernel.METHOD, reason=f"the cited theorem {theorem.name} is not proved")
        if isinstance(cited, Instance) and not _within_domains(cited):
            return Verdict("unknown", kernel.METHOD, reason=f"{cited.short_name} may lie outside its domain")
        if not set(cited.hypotheses) <= set(step.hypotheses):
            return Verdict("unknown", kernel.METHOD, reason=f"{cited.short_name} needs hypotheses that are not given")
        needs += tuple(map(str, _conditions_of(cited, step.hypotheses)))
        assumed.append(Hypothesis(theorem.name, cited.statement))
        names.append(f"theorem {theorem.name}")
    verdict = kernel.decide(step.claim, tuple(assumed))  # type: ignore[arg-type]
    if not verdict.proved:
        return verdict
    return replace(verdict, trusted=(*verdict.trusted, *names), hypotheses=(*verdict.hypotheses, *needs))


def _within_domains(instance: Instance) -> bool:
    """Whether each value put for a scalar or a size of a theorem provably lies in its domain."""
    return all(side_conditions.lies_in_domain(value, symbol) for symbol, value in instance.values)


def _conditions_of(cited: Theorem | Instance, hypotheses: tuple[Hypothesis, ...]) -> list[Condition]:
    """What the cited theorem, its statement and its steps, needs at the values it is cited at."""
    theorem, values = (cited, ()) if isinstance(cited, Theorem) else (cited.of, cited.values)
    found = side_conditions.undischarged(theorem.statement, theorem.hypotheses)
    for step in theorem.steps:
        found += side_conditions.undischarged(step.claim, step.hypotheses)
    return side_conditions.instances(found, dict(values), hypotheses)


@cache
def proof_of(theorem: Theorem) -> Verdict:
    """The verdict on a theorem without its lies: what citing it, or correcting by it, rests on."""
    try:
        steps = tuple(judge_step(step) for step in theorem.steps)
    except ProofError as error:
        return Verdict("unknown", theorem.proof.method, reason=str(error))
    verdict = _verdict_of_steps(theorem, steps)
    if not verdict.proved:
        return verdict
    tried = ladder.confront(theorem.statement, theorem.hypotheses)
    if tried.refuted or ladder.survives(theorem.statement, tried):
        return tried if tried.refuted else verdict
    return replace(verdict, status="unknown", trusted=(), reason=tried.reason)


def _verdict_of_steps(theorem: Theorem, steps: tuple[JudgedStep, ...]) -> Verdict:
    seconds = sum(s.verdict.seconds for s in steps)
    for number, judged in enumerate(steps, 1):
        if not judged.verdict.proved:
            part = f" of {judged.step.part}" if judged.step.part else ""
            reason = f"step {number}{part} ({judged.step.reason}) is {judged.verdict.status}"
            if judged.verdict.reason:
                reason += f": {judged.verdict.reason}"
            if judged.verdict.witness:
                reason += f" at {judged.verdict.witness}"
            return Verdict("unknown", theorem.proof.method, reason=reason, seconds=seconds)
    moving = _conditions_on_the_variable(theorem, steps)
    if moving:
        reason = f"the step of the induction needs {', '.join(moving)}, and so would every smaller one"
        return Verdict("unknown", theorem.proof.method, reason=reason, seconds=seconds)
    trusted = tuple(dict.fromkeys(t for s in steps for t in s.verdict.trusted))
    needs = tuple(dict.fromkeys(h for s in steps for h in s.verdict.hypotheses))
    return Verdict("proved", theorem.proof.method, trusted, needs, seconds=seconds)


def _conditions_on_the_variable(theorem: Theorem, steps: tuple[JudgedStep, ...]) -> list[str]:
    """Conditions of an induction that speak of its variable: stated for one t, they would be needed for all below."""
    if not isinstance(theorem.proof, Induction):
        return []
    found: list[Condition] = []
    for step in (judged.step for judged in steps):
        found += side_conditions.undischarged(step.claim, step.hypotheses)
        found += [c for cited in step.cites for c in _conditions_of(cited, step.hypotheses)]
    return [str(c) for c in found if theorem.proof.t in named_objects(c.expression)]


def _conclude(theorem: Theorem, steps: tuple[JudgedStep, ...], verdicts: dict[str, Verdict]) -> Verdict:
    """Proved only if every step is; a statement that the refuter refutes is refuted whatever the steps say."""
    refutation = next((v for v in verdicts.values() if v.refuted), None)
    if refutation:
        return refutation
    whole = verdicts[_judge_name(theorem)]
    if not whole.proved:
        return whole
    if not theorem.steps and not any(v.proved for name, v in verdicts.items() if name != _judge_name(theorem)):
        return replace(whole, status="unknown", trusted=(), reason="the proof has no steps: it shows nothing")
    if not ladder.survives(theorem.statement, verdicts["ball"]):
        reason = f"not confronted with the ball refuter: {verdicts['ball'].reason}"
        if contradictory(theorem.hypotheses):
            reason = f"{CONTRADICTORY}: no input satisfies them"
        return replace(whole, status="unknown", trusted=(), reason=reason)
    needs = side_conditions.listed(theorem.statement, theorem.hypotheses)
    if not any(v.proved for name, v in verdicts.items() if name != _judge_name(theorem)):
        needs = tuple(dict.fromkeys((*needs, *whole.hypotheses)))  # the lines in between must have a meaning as well
    return Verdict(
        "proved",
        whole.method,
        whole.trusted,
        needs,
        points=verdicts["ball"].points,
        seconds=sum(v.seconds for v in verdicts.values()),
    )


def contradictory(hypotheses: tuple[Hypothesis, ...]) -> bool:
    """Whether the bounds judge can tell that no input satisfies the hypotheses."""
    return bounds.decide(Lt(1, 0), hypotheses).reason == CONTRADICTORY


def tell_lies(
    theorem: Theorem, most: int, seed: int = 0, theorem_is_proved: bool = False
) -> tuple[tuple[JudgedLie, ...], tuple[str, ...]]:
    """Near-misses of a theorem: the refuter and every prover are asked about each, so that none hides another."""
    told: list[JudgedLie] = []
    equivalents: list[str] = []
    for lie in mutation.lies(theorem):
        if len(told) >= most or len(told) + len(equivalents) >= 4 * most:
            break
        try:
            verdicts = ladder.decide(lie.statement, lie.hypotheses, thorough=True, points=LIE_POINTS, seed=seed)
        except JudgesDisagree as error:
            raise JudgesDisagree(f"{theorem.name}, lie {lie.description!r}: {error}") from error
        verdict = conclude(lie.statement, lie.hypotheses, verdicts)
        if verdict.status == "unknown" and theorem_is_proved:
            verdict = _refuted_by_comparison(theorem, lie) or verdict
        if verdict.proved and _same_statement(theorem, lie):
            equivalents.append(lie.description)
        else:
            told.append(JudgedLie(lie, _undecided(verdict)))
    return tuple(told), tuple(equivalents)


def _refuted_by_comparison(theorem: Theorem, lie: Lie) -> Verdict | None:
    """left = wrong is refuted where left = right is proved and a point shows wrong != right: limits need this way."""
    true, false = theorem.statement, lie.statement
    if not isinstance(true, Relation) or not isinstance(false, Relation) or lie.hypotheses != theorem.hypotheses:
        return None
    if true.left != false.left or true.operator != "=" or false.operator != "=":
        return None
    verdict = ball.refute(Relation(true.right, "=", false.right), lie.hypotheses, points=LIE_POINTS)
    return replace(verdict, method="ball arithmetic against the proved value") if verdict.refuted else None


def _undecided(verdict: Verdict) -> Verdict:
    """A lie is refuted or unknown: that the refuter found no point against it is no word in its favour."""
    if verdict.status not in ("consistent", "untested"):
        return verdict
    return replace(verdict, status="unknown", reason=f"{verdict.points} points, none against it; {verdict.reason}")


def _same_statement(theorem: Theorem, lie: Lie) -> bool:
    """A mutant that is proved and that no point refutes, on many more points, is a true statement and no lie."""
    return ball.refute(lie.statement, lie.hypotheses, points=4 * LIE_POINTS, seed=1).status == "consistent"
