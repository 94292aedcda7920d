"""Whether the limits and integrals of a claim have a meaning, also where SymPy has made something simpler of them.

sqrt(x)**2 is x once it is read, and 0 times an integral is 0: what the text needs is kept beside it and looked at here.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from derivations.calculus.domains import Domain
from derivations.calculus.operators import Bound, Integral, Limit, LimitAt
from derivations.calculus.printing import text
from derivations.calculus.substitution import subexpressions, substitute
from derivations.judges import bounds, evaluation, side_conditions
from derivations.judges.asymptotics.constants import Constants
from derivations.judges.limits_at import limit_value
from derivations.judges.passages import bounds as bounds_of
from derivations.judges.scalar_problem import FAILURES
from derivations.judges.side_conditions import Condition
from derivations.language.claims import Claim
from derivations.language.scope import Passage
from derivations.proof.statement import Hypothesis, Relation, expressions

KINDS = (Limit, LimitAt, Integral)
CLOSE = (sp.S.One, sp.Rational(1, 16), sp.Rational(1, 1024))
FAR = (1, 100, 10**6)


def missing(claim: Claim, hypotheses: tuple[Hypothesis, ...]) -> str:
    """Why a limit or an integral of the claim may have no value; empty when nothing speaks for that."""
    standing = set(_nodes(claim))
    variables = {node.variable for node in standing}  # each of a LimitAt or an Integral is its own
    for passage in claim.passages:
        for condition in _lost(passage):
            if not _holds(condition, passage.node, hypotheses):
                return f"{text(passage.node)} may have no meaning: {condition} is not established there"
        stands = passage.node in standing or (
            not isinstance(passage.node, Limit) and passage.node.variable in variables
        )
        if not stands and not _has_value(passage.node, hypotheses):
            return f"{text(passage.node)} drops out, and it is not established that it has a value"
    return ""


def _nodes(claim: Claim) -> Iterator[Limit | LimitAt | Integral]:
    for part in claim.parts:
        for side in expressions(part.relation):
            yield from (node for node in subexpressions(side) if isinstance(node, KINDS))


def _has_value(node: Limit | LimitAt | Integral, hypotheses: tuple[Hypothesis, ...]) -> bool:
    found = evaluation.evaluated(Relation(node, "=", sp.S.Zero), hypotheses)
    return found is not None and found.complete and found.verdict is None


def _lost(passage: Passage) -> list[Condition]:
    """What the text needs and the expression no longer shows. That 1/x misses a point changes no limit or integral."""
    shown = side_conditions.conditions(Relation(passage.node.function, "=", sp.S.Zero))
    needed = [Condition(e, requirement) for e, requirement in passage.needs if requirement != "≠ 0"]
    return [c for c in needed if c not in shown]


def _holds(condition: Condition, node: Limit | LimitAt | Integral, hypotheses: tuple[Hypothesis, ...]) -> bool:
    """Whether the condition holds where the variable goes: on one range of each list; for a size, at all its values."""
    if isinstance(node, Limit):
        return not side_conditions.instances([condition], {}, hypotheses)
    ranges = [[_between(node, hypotheses)]] if isinstance(node, Integral) else list(_near(node))
    return all(
        any(_holds_on(condition, node.variable, domain, hypotheses) for domain in choices)
        or (isinstance(node, LimitAt) and _tends_to_positive(condition, node, hypotheses))
        for choices in ranges
    )


def _between(node: Integral, hypotheses: tuple[Hypothesis, ...]) -> Domain | None:
    try:
        ends = [bounds_of(end, Constants(hypotheses)) for end in (node.low, node.high)]
        low, high = min(end[0][0] for end in ends), max(end[1][0] for end in ends)
        return Domain(low, high) if low < high else None
    except FAILURES:
        return Domain()


def _near(node: LimitAt) -> Iterator[list[Domain | None]]:
    """For each side of the point some ranges close to it; one of them has to do."""
    point = node.point
    if point.is_infinite:
        yield [Domain(n, sp.oo) if point is sp.oo else Domain(-sp.oo, -n) for n in FAR]
    elif point.is_Rational:
        for side in (node.side,) if node.side else (1, -1):
            yield [Domain(*sorted((point, point + side * d))) for d in CLOSE]
    elif point.is_number and point.is_real:
        middle = sp.Rational(str(sp.N(point, 20)))
        yield [Domain(middle - d, middle + d) for d in CLOSE]
    else:
        yield [Domain()]


def _holds_on(condition: Condition, x: Bound, domain: Domain | None, hypotheses: tuple[Hypothesis, ...]) -> bool:
    if domain is None:  # from a to a: nothing is asked for
        return True
    narrow = Bound(x.name, _meet(domain, x.domain))
    expression = substitute(condition.expression, {x: narrow})
    if not side_conditions.instances([Condition(expression, condition.requirement)], {}, hypotheses):  # type: ignore
        return True
    operator = "<" if condition.requirement == "> 0" else "<="
    return bounds.decide(Relation(sp.S.Zero, operator, expression), hypotheses).proved  # type: ignore[arg-type]


def _meet(a: Domain, b: Domain) -> Domain:
    try:
        return Domain(max(a.low, b.low), min(a.high, b.high))
    except ValueError:
        return a


def _tends_to_positive(condition: Condition, node: LimitAt, hypotheses: tuple[Hypothesis, ...]) -> bool:
    """Whether what must be positive tends to something that is: then it is so close to the point."""
    try:
        found = LimitAt(condition.expression, node.variable, node.point, node.side)
        return bool(limit_value(found, Constants(hypotheses)).is_positive)
    except FAILURES:
        return False
