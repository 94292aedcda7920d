"""What a refuted claim may have meant, and code that shows the refutation.

    taught(verdict)     the verdict with advice ("holds if A == A.T (proved)") and a PyTorch snippet

A fixed list of conventions is tried, simplest first; what is said to hold was proved as a claim of its own. All of it
together has a budget of time, and what was found within it is kept.
"""

from __future__ import annotations

import ast
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from derivations.judges import ball
from derivations.language.claims import Part
from gradproof.claims import deciding
from gradproof.claims.patience import OutOfPatience, patience
from gradproof.claims.teaching import constants, conventions, hypotheses, inequalities, snippet
from gradproof.claims.teaching.lesson import Lesson
from gradproof.claims.teaching.trees import (
    called,
    is_number,
    number,
    number_among_terms,
    operation,
    plus,
    rational,
    scaled,
    times,
    written,
)
from gradproof.claims.verdicts import ClaimVerdict

SECONDS = 2.0  # for all of it
SEARCHING = 0.8  # no candidate is begun later
MOST = 2  # pieces of advice


def taught(verdict: ClaimVerdict) -> ClaimVerdict:
    """The verdict with advice and a snippet, as far as there are any; never raises."""
    if not verdict.refuted or verdict.witness is None:
        return verdict
    lines: list[str] = []
    try:
        with patience(SECONDS):
            lesson = _lesson(verdict)
            if lesson is None:
                return verdict
            verdict = replace(verdict, snippet=snippet.snippet(lesson, verdict.witness))
            for line in _advice(lesson, verdict):
                lines.append(line)
                if len(lines) == MOST:
                    break
    except (Exception, OutOfPatience):
        pass  # advice is a courtesy: the verdict stands without it
    return replace(verdict, advice=tuple(lines))


def _lesson(verdict: ClaimVerdict) -> Lesson | None:
    deadline = time.monotonic() + SEARCHING
    found = deciding.read(verdict.source)
    if isinstance(found, ClaimVerdict):
        return None
    parts = found.problem.parts
    part = parts[0] if len(parts) == 1 else _refuted(parts, found.problem.hypotheses)
    return part and Lesson(verdict.source, found.claim, found.problem, part, deadline)


def _refuted(parts: tuple[Part, ...], assumed) -> Part | None:
    """The comparison of a chain that the refuter stopped at."""
    for part in parts:
        if ball.refute(part.relation, assumed, points=deciding.POINTS, seconds=SEARCHING / 2).refuted:
            return part
    return None


def _advice(lesson: Lesson, verdict: ClaimVerdict) -> Iterator[str]:
    """The advice, each piece as soon as it is proved."""
    about = f"{lesson.compared(lesson.left, lesson.right)}: " if len(lesson.claim.parts) > 1 else ""
    find = _for_equality if lesson.operator == "==" else _for_inequality
    yield from (about + line for line in find(lesson, verdict))


def _for_equality(lesson: Lesson, verdict: ClaimVerdict) -> Iterator[str]:
    constant = _constants(lesson)
    if constant:  # then no condition helps: the sides differ wherever they are not 0
        yield constant
        return
    replaced = _first(lesson, conventions.RIGHT, on_the_left=False)
    replaced = replaced or _first(lesson, conventions.LEFT, on_the_left=True)
    if replaced:
        yield replaced
        lesson.deadline -= SEARCHING / 2  # a second piece of advice is worth less
    condition = hypotheses.missing(lesson)
    if condition:
        yield condition[0]
    if condition and not replaced:
        general = _first(lesson, conventions.GENERAL, on_the_left=False)
        general = general or _first(lesson, conventions.GENERAL, on_the_left=True)
        if general:
            yield general
    passages = (*conventions.DERIVED, "limit")  # an inequality between derivatives is seldom what was meant
    if not replaced and not condition and not any(called(n) in passages for n in ast.walk(lesson.tree)):
        inequality = inequalities.as_inequality(lesson)
        if inequality:
            yield inequality


def _for_inequality(lesson: Lesson, verdict: ClaimVerdict) -> Iterator[str]:
    advice = inequalities.other_operator(lesson) or inequalities.best_constant(lesson)
    if advice:
        yield advice
    condition = None if advice else hypotheses.missing(lesson)
    if condition:
        yield condition[0]
    if "best constant" in advice:  # it fails most where that is attained
        return
    assert verdict.witness is not None
    where = inequalities.worst(lesson, verdict.witness.values)
    if where:
        yield where


def _constants(lesson: Lesson) -> str:
    """The right side times, or plus, the number by which the sides differ."""
    found = constants.samples(lesson)
    value = constants.constant_value(found) if is_number(lesson.right) else None
    if value is not None:
        return _replaced(lesson, value)
    ratio = constants.constant_ratio(found)
    if ratio is not None:
        c = rational(ratio)
        line = _replaced(lesson, scaled(lesson.right, c) if c is not None else times(ratio, lesson.right))
        if line:
            return line
    own = number_among_terms(lesson.right)
    for beside in dict.fromkeys((Fraction(0), own)):
        difference = constants.constant_difference(found, beside)
        if difference is None:
            continue
        new = plus(plus(lesson.right, number(-beside)), difference)
        if lesson.claim.notes:  # the sides were derivatives
            x = _variable(lesson)
            new = new if x is None else operation(lesson.right, ast.Add, times(difference, x))
        return _replaced(lesson, new)
    if not found:
        for says, new in conventions.plain_factors(lesson.right, lesson):
            line = _replaced(lesson, new, says)
            if line:
                return line
    return ""


def _variable(lesson: Lesson) -> ast.expr | None:
    """The variable of an indefinite integral on the left."""
    return lesson.left.args[1] if isinstance(lesson.left, ast.Call) and len(lesson.left.args) == 2 else None


def _first(lesson: Lesson, table: tuple[Callable, ...], *, on_the_left: bool) -> str:
    side = lesson.left if on_the_left else lesson.right
    for convention in table:
        for says, new in convention(side, lesson):
            if lesson.late:
                return ""
            line = _replaced(lesson, new, says, on_the_left)
            if line:
                return line
    return ""


def _replaced(lesson: Lesson, new: ast.expr, says: str = conventions.WITH, on_the_left: bool = False) -> str:
    """What to say when the claim holds with another side, empty when that is not proved."""
    sides = (new, lesson.right) if on_the_left else (lesson.left, new)
    held = lesson.holds(lesson.compared(*sides))
    if not held:
        return ""
    where = "left" if on_the_left else "right"
    return says.format(written(new), on=f"on the {where}", the=f"the {where} side") + lesson.said(held)
