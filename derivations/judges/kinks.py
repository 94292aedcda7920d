"""Relations at points that are left out for a kink of a part only: x |x| has a derivative at 0, though |x| has none.

Main result: if f is continuous at c, differentiable near c on both sides, and f' tends to L from both, then f'(c) = L.

A relation that is false with these values at c is refuted there. Nothing is said where a derivative has no value that
could be proved, where c is the end of a domain, or where anything else in the claim has no meaning at c.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import sympy as sp

from derivations.calculus.domains import Domain
from derivations.calculus.operators import Bound, D, LimitAt
from derivations.calculus.substitution import named_objects, substitute
from derivations.calculus.symbols import Scalar
from derivations.judges import ball, limits_at
from derivations.judges.asymptotics.constants import OPAQUE, Constants, Undecided
from derivations.judges.derivative import is_smooth, points_of
from derivations.judges.scalar_problem import FAILURES, differentiated, solved
from derivations.judges.side_conditions import Condition, Requirement, conditions
from derivations.proof.statement import Hypothesis, Relation, map_expressions
from derivations.proof.verdict import Verdict, Witness

METHOD = "limit of the derivative at a kink"
TRUSTED = (*limits_at.TRUSTED, "SymPy derivatives", "mean value theorem", *ball.TRUSTED)
NEAR = (sp.Rational(1, 8), sp.Rational(1, 1000))  # how far from the point the functions must be smooth
PARAMETERS = 3  # choices of numbers for the other scalars

Need = tuple[sp.Expr, Requirement]


@dataclass(frozen=True)
class Claimed:
    """Relations, what the user assumed, and what else was: points where all have a meaning, off all kinks."""

    relations: tuple[Relation, ...]
    stated: tuple[Hypothesis, ...] = ()
    assumed: tuple[Hypothesis, ...] = ()
    needs: tuple[Need, ...] = ()

    def expressions(self) -> Iterator[sp.Expr]:
        for relation in (*self.relations, *(h.relation for h in self.stated)):
            yield from (relation.left, relation.right)
        yield from (e for e, _ in self.needs)

    def mapped(self, change) -> Claimed:
        stated, assumed = (
            tuple(replace(h, relation=map_expressions(h.relation, change)) for h in hypotheses)
            for hypotheses in (self.stated, self.assumed)
        )
        relations = tuple(map_expressions(r, change) for r in self.relations)
        return Claimed(relations, stated, assumed, tuple((change(e), r) for e, r in self.needs))  # type: ignore


@dataclass(frozen=True)
class Refutation:
    """The relation at ``position`` is false at a point that the hypotheses ``lifted`` would leave out."""

    position: int
    verdict: Verdict
    lifted: tuple[str, ...]


def refute(claim: Claimed) -> Refutation | None:
    """A kink at which every derivative of the claim has a value and a relation is false; None where none was found."""
    if not any(r.left.has(D) or r.right.has(D) for r in claim.relations):
        return None
    for x, c in _kinks(claim):
        for numbers in _parameters(claim, x):
            try:
                found = _refuted_at(x, c, numbers, claim)
            except FAILURES:
                continue
            if found:
                return found
    return None


def _kinks(claim: Claimed) -> Iterator[tuple[Scalar, sp.Rational]]:
    """The scalar of all derivatives, and the points inside its domain that are left out."""
    slopes = {node for e in claim.expressions() for node in e.atoms(D)}
    variables = {node.variable for node in slopes}
    names = {x.name if isinstance(x, Scalar) else None for x in variables}
    if len(names) != 1 or None in names:
        return
    for relation in dict.fromkeys(h.relation for h in claim.assumed if h.relation.operator == "!="):
        solution = solved(relation)
        if solution is None or not solution[1].is_Rational:
            continue
        x, c, _ = solution
        if x in variables and not x.domain.integer and x.domain.low < c < x.domain.high:
            yield x, c


def _parameters(claim: Claimed, x: Scalar) -> Iterator[dict[str, sp.Rational]]:
    """Numbers for the scalars other than x, by name; none at all where something else than scalars occurs."""
    relations = [side for r in claim.relations for side in (r.left, r.right)]
    objects = {thing for e in claim.expressions() for thing in named_objects(e)}
    if any(e.has(*(node for node in OPAQUE if node is not D)) for e in claim.expressions()):
        return
    if not all(isinstance(thing, Scalar) for thing in objects):
        return
    # a scalar has a narrower domain in a relation than in the text of a need
    present = {s.name: s for s in (*objects, *(s for e in relations for s in named_objects(e))) if s.name != x.name}  # type: ignore
    choices = {name: list(points_of(s.domain)) for name, s in sorted(present.items())}  # type: ignore[attr-defined]
    if not choices:
        yield {}
        return
    for k in range(PARAMETERS):
        if all(choices.values()):
            yield {name: points[-1 - k % len(points)] for name, points in choices.items()}


def _refuted_at(x: Scalar, c: sp.Rational, numbers: dict[str, sp.Rational], claim: Claimed) -> Refutation | None:
    claim = claim.mapped(lambda e: _of_one_scalar(e, x, numbers))
    if any(named_objects(e) - {x} for e in claim.expressions()):
        return None
    at = _Kink(x, c)
    if not (all(at.certain(h.relation) for h in claim.stated) and all(at.met(*need) for need in claim.needs)):
        return None
    here = [Relation(at.value(r.left), r.operator, at.value(r.right)) for r in claim.relations]
    for position, relation in enumerate(here):
        tried = ball.refute(relation, points=1)
        if tried.refuted and tried.witness:
            values = {x.name: str(c), **{name: str(number) for name, number in numbers.items()}}
            witness = Witness(values, tried.witness.left, tried.witness.right, relation.operator)
            lifted = tuple(h.text for h in claim.assumed if not at.allows(h.relation))
            return Refutation(position, Verdict("refuted", METHOD, TRUSTED, witness=witness), lifted)
    return None


def _of_one_scalar(e: sp.Expr, x: Scalar, numbers: dict[str, sp.Rational]) -> sp.Expr:
    """``e`` with numbers for the other scalars, and x with the domain that it has in the relations."""
    scalars = [s for s in named_objects(e) if isinstance(s, Scalar)]
    return substitute(e, {s: numbers.get(s.name, x if s.name == x.name else s) for s in scalars})  # type: ignore


class _Kink:
    """The point x = c: derivatives and values there, raising Undecided where none could be proved."""

    def __init__(self, x: Scalar, c: sp.Rational):
        self.x, self.c, self.constants = x, c, Constants()
        self.room = min(1, c - x.domain.low, x.domain.high - c)
        self._slopes: dict[sp.Basic, sp.Expr] = {}

    def value(self, e: sp.Expr) -> sp.Expr:
        """A number: ``e`` at c, where every part of it has a meaning."""
        letters = {node: Bound(f"slope{k}") for k, node in enumerate(_outermost(e))}
        opened: sp.Expr = substitute(e, letters)  # type: ignore[assignment]
        numbers = {self.x: self.c, **{letter: self.slope(node) for node, letter in letters.items()}}
        for condition in conditions(Relation(opened, "=", sp.S.Zero)):
            if not self._holds(Condition(substitute(condition.expression, numbers), condition.requirement)):  # type: ignore
                raise Undecided(f"{condition} is not certain at {self.x} = {self.c}")
        found: sp.Expr = substitute(opened, numbers)  # type: ignore[assignment]
        if found.free_symbols or found.has(sp.nan, sp.zoo, sp.oo, -sp.oo):
            raise Undecided(f"{e} is no number at {self.x} = {self.c}")
        return found

    def slope(self, node: D) -> sp.Expr:
        """The derivative at c, by the theorem above."""
        if node not in self._slopes:
            f, slope = differentiated(node.function), differentiated(node)
            if not self._smooth_beside(f):
                raise Undecided(f"{node.function} is not provably smooth on both sides of {self.c}")
            if not self._agree(self._limit(f), self.value(node.function)):
                raise Undecided(f"{node.function} is not provably continuous at {self.c}")
            self._slopes[node] = self._limit(slope)
        return self._slopes[node]

    def met(self, expression: sp.Expr, requirement: Requirement) -> bool:
        return self._holds(Condition(self.value(expression), requirement))

    def certain(self, relation: Relation) -> bool:
        """Whether a hypothesis holds at c, with room to spare."""
        sign = self.constants.sign(self.value(relation.right) - self.value(relation.left))
        return sign == 1 if relation.operator in ("<", "<=") else relation.operator == "!=" and sign in (1, -1)

    def allows(self, relation: Relation) -> bool:
        """Whether a relation that says "not 0" or "positive" holds at c; others are not there to leave out a point."""
        try:
            return relation.operator not in ("!=", "<") or self.certain(relation)
        except FAILURES:
            return False

    def _holds(self, condition: Condition) -> bool:
        sign = self.constants.sign(condition.expression)
        return sign in {"> 0": (1,), "≥ 0": (0, 1), "≠ 0": (1, -1)}[condition.requirement]

    def _beside(self, side: int, distance: sp.Rational) -> Domain:
        return Domain(*sorted((self.c, self.c + side * self.room * distance)))

    def _smooth_beside(self, f: sp.Expr) -> bool:
        return all(
            any(is_smooth(substitute(f, {self.x: Scalar(self.x.name, self._beside(side, d))})) for d in NEAR)  # type: ignore
            for side in (1, -1)
        )

    def _limit(self, f: sp.Expr) -> sp.Expr:
        """The limit at c, a number, the same from both sides."""
        above, below = (self._one_sided(f, side) for side in (1, -1))
        if above.is_infinite or below.is_infinite or not self._agree(above, below):
            raise Undecided(f"{f} tends to {above} from above and to {below} from below")
        return above

    def _one_sided(self, f: sp.Expr, side: int) -> sp.Expr:
        near = Bound(self.x.name, self._beside(side, NEAR[-1]))
        moved: sp.Expr = substitute(f, {self.x: near})  # type: ignore[assignment]
        return limits_at.limit_value(LimitAt(moved, near, self.c, side), self.constants)

    def _agree(self, left: sp.Expr, right: sp.Expr) -> bool:
        return left == right or self.constants.is_zero(left - right)


def _outermost(e: sp.Basic) -> Iterable[D]:
    """The derivatives in ``e`` that stand in no other, each once."""
    if isinstance(e, D):
        return [e]
    return dict.fromkeys(node for a in e.args for node in _outermost(a))
