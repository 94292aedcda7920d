"""Ways to prove: a chain of rules, induction, cases by sign, a bound on the end of a chain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sympy as sp

from derivations.calculus.domains import POSITIVE
from derivations.calculus.operators import Binder, D, Expectation, Limit
from derivations.calculus.substitution import alpha_equal, named_objects, subexpressions, substitute
from derivations.calculus.symbols import Scalar, Size
from derivations.proof.rules.algebra import rearrange, rename
from derivations.proof.rules.base import ProofError, Rule
from derivations.proof.rules.definitions import use
from derivations.proof.statement import Eq, Hypothesis, Relation, Statement, map_expressions
from derivations.proof.theorem import Instance, Step, Theorem


def _equality(statement: Statement, method: str) -> Relation:
    if not isinstance(statement, Relation) or statement.operator != "=":
        raise ProofError(f"{method} proves an equality, and this is none: {statement}")
    return statement


def chain_steps(
    start: sp.Expr,
    rules: Sequence[Rule],
    end: sp.Expr | None,
    hypotheses: tuple[Hypothesis, ...],
    part: str = "",
) -> Iterator[Step]:
    """Apply the rules one after another; where the last line is not the claim literally, one more step goes there."""
    line = start
    for position, rule in enumerate(rules, 1):
        try:
            new = rule(line)
        except ProofError as error:
            raise ProofError(f"step {position}{f' of {part}' if part else ''}: {error}") from error
        yield Step(Eq(line, new), rule.reason, rule.identity, hypotheses, part, _cited(rule))
        line = new
    if end is not None and line != end:
        closing = rename if _differ_in_names(line, end) else rearrange
        yield Step(Eq(line, end), closing.name, closing.identity, hypotheses, part)


def _differ_in_names(line: sp.Expr, end: sp.Expr) -> bool:
    """Whether two lines are the same up to the names of bound indices, without any cancellation."""
    return alpha_equal(line, end) and type(line) is type(end) and len(line.args) == len(end.args)


def _cited(rule: Rule) -> tuple[Theorem | Instance, ...]:
    return tuple(a for a in rule.arguments if isinstance(a, (Theorem, Instance)))


@dataclass(frozen=True)
class Chain:
    """left = ... = right, one rule a step."""

    rules: tuple[Rule, ...]
    method: str = "chain of equalities"

    def steps(self, statement: Statement, hypotheses: tuple[Hypothesis, ...]) -> Iterator[Step]:
        relation = _equality(statement, "a chain")
        yield from chain_steps(relation.left, self.rules, relation.right, hypotheses)

    def given(self) -> tuple:
        return tuple(fact for rule in self.rules for fact in rule.given)


def _unbound(line: sp.Expr) -> sp.Expr:
    """P(t), assumed for one t"""
    raise ProofError("the induction hypothesis is used outside of an induction")


induction_hypothesis = Rule("use the induction hypothesis", "P(t), assumed for one t", _unbound)


@dataclass(frozen=True)
class Induction:
    """P(t) for all t: P at the least t, and P(t+1) from P(t)."""

    t: Size
    base: tuple[Rule, ...] = ()
    step: tuple[Rule, ...] = ()
    method: str = "induction"

    def steps(self, statement: Statement, hypotheses: tuple[Hypothesis, ...]) -> Iterator[Step]:
        relation = _equality(statement, "induction")
        self._check_independent(hypotheses)
        first = sp.Integer(self.t.minimum)
        start, end = (substitute(side, {self.t: first}) for side in (relation.left, relation.right))
        yield from chain_steps(start, self.base, end, hypotheses, f"base {self.t} = {first}")  # type: ignore[arg-type]
        assumed = Hypothesis(f"the claim for {self.t}", relation)
        rules = [self._with_hypothesis(rule, assumed) for rule in self.step]
        start, end = (substitute(side, {self.t: self.t + 1}) for side in (relation.left, relation.right))
        part = f"step {self.t} → {self.t} + 1"
        yield from chain_steps(start, rules, end, (*hypotheses, assumed), part)  # type: ignore[arg-type]

    def _check_independent(self, hypotheses: tuple[Hypothesis, ...]) -> None:
        """A hypothesis on t says one thing of t and another of t + 1: the step would not reach the base through it."""
        for h in hypotheses:
            if any(self.t in named_objects(side) for side in (h.relation.left, h.relation.right)):
                raise ProofError(f"induction over {self.t}: the hypothesis {h.text!r} is about {self.t} itself")

    @staticmethod
    def _with_hypothesis(rule: Rule, assumed: Hypothesis) -> Rule:
        if rule is not induction_hypothesis:
            return rule
        bound = use(assumed)
        return Rule(rule.name, rule.identity, bound.function, bound.arguments, quiet=True)

    def given(self) -> tuple:
        return tuple(fact for rule in (*self.base, *self.step) for fact in rule.given)


@dataclass(frozen=True)
class BySign:
    """Cases g > 0 and g < 0, for a real scalar g that is assumed not to be 0."""

    g: Scalar
    positive: tuple[Rule, ...] = ()
    negative: tuple[Rule, ...] = ()
    method: str = "cases by sign"

    def steps(self, statement: Statement, hypotheses: tuple[Hypothesis, ...]) -> Iterator[Step]:
        relation = _equality(statement, "cases by sign")
        if not any(self._excludes_zero(h.relation) for h in hypotheses):
            raise ProofError(f"cases by sign of {self.g}: the case {self.g} = 0 is not excluded by a hypothesis")
        magnitude = Scalar(self.g.name, POSITIVE)
        others = tuple(h for h in hypotheses if not self._excludes_zero(h.relation))
        for sign, rules in ((1, self.positive), (-1, self.negative)):
            mapping = {self.g: sign * magnitude}
            start, end = (substitute(side, mapping) for side in (relation.left, relation.right))
            assumed = tuple(
                Hypothesis(h.text, map_expressions(h.relation, lambda e, m=mapping: substitute(e, m)))  # type: ignore
                for h in others
            )
            part = f"{self.g} > 0" if sign > 0 else f"{self.g} < 0, written −{self.g}"
            yield from chain_steps(start, rules, end, assumed, part)  # type: ignore[arg-type]

    def _excludes_zero(self, relation: Relation) -> bool:
        return relation.operator == "!=" and {relation.left, relation.right} == {self.g, sp.S.Zero}

    def given(self) -> tuple:
        return tuple(fact for rule in (*self.positive, *self.negative) for fact in rule.given)


@dataclass(frozen=True)
class Bound:
    """Rewrite the bounded expression by a chain, then bound the result: the last claim goes to the bounds judge."""

    bounded: sp.Expr
    rules: tuple[Rule, ...]
    method: str = "bound"

    def steps(self, statement: Statement, hypotheses: tuple[Hypothesis, ...]) -> Iterator[Step]:
        line = self.bounded
        for step in chain_steps(line, self.rules, None, hypotheses):
            yield step
            line = step.claim.right  # type: ignore[union-attr]

        final = map_expressions(statement, lambda e: self._rewritten(e, line))  # type: ignore[return-value,arg-type]
        yield Step(final, "bound", "an inequality between real numbers, decided exactly", hypotheses)

    def _rewritten(self, e: sp.Expr, line: sp.Expr) -> sp.Expr:
        """The bounded expression replaced as a value; inside a derivative, sum or limit it would be a function."""
        if e == self.bounded:
            return line
        if isinstance(e, (Binder, D, Expectation, Limit)):
            if any(node == self.bounded for node in subexpressions(e)):
                raise ProofError(f"bound: {self.bounded} stands inside {e}, where a value may not replace it")
            return e
        return e.func(*(self._rewritten(a, line) for a in e.args)) if e.args else e

    def given(self) -> tuple:
        return tuple(fact for rule in self.rules for fact in rule.given)


@dataclass(frozen=True)
class Decision:
    """One step: the judges decide the statement as it stands."""

    method: str = "decision"

    def steps(self, statement: Statement, hypotheses: tuple[Hypothesis, ...]) -> Iterator[Step]:
        yield Step(statement, "decide", "a statement of real arithmetic, decided exactly", hypotheses)

    def given(self) -> tuple:
        return ()


@dataclass(frozen=True)
class Cases:
    """Cases by the value of a size: n = its least value, and n beyond it."""

    n: Size
    least: tuple[Rule, ...] = ()
    beyond: tuple[Rule, ...] = ()
    method: str = "cases by size"

    def steps(self, statement: Statement, hypotheses: tuple[Hypothesis, ...]) -> Iterator[Step]:
        relation = _equality(statement, "cases by size")
        larger = Size(self.n.name, self.n.minimum + 1)
        for value, rules, part in (
            (sp.Integer(self.n.minimum), self.least, f"{self.n} = {self.n.minimum}"),
            (larger, self.beyond, f"{self.n} ≥ {larger.minimum}"),
        ):
            mapping = {self.n: value}
            start, end = (substitute(side, mapping) for side in (relation.left, relation.right))
            assumed = tuple(
                Hypothesis(h.text, map_expressions(h.relation, lambda e, m=mapping: substitute(e, m)))  # type: ignore
                for h in hypotheses
            )
            yield from chain_steps(start, rules, end, assumed, part)  # type: ignore[arg-type]

    def given(self) -> tuple:
        return tuple(fact for rule in (*self.least, *self.beyond) for fact in rule.given)


def decision() -> Decision:
    """Proof of one step: the judges decide the statement as it stands."""
    return Decision()


def induction(t: Size, base: Sequence[Rule] = (), step: Sequence[Rule] = ()) -> Induction:
    """Proof for every t: the rules for its least value, and those from t to t + 1.

    The rule ``induction_hypothesis`` uses the claim for t in the step. No hypothesis may be about t itself.
    """
    return Induction(t, tuple(base), tuple(step))


def by_sign(g: Scalar, positive: Sequence[Rule] = (), negative: Sequence[Rule] = ()) -> BySign:
    """Proof in two cases, g > 0 and g < 0. That g is not 0 must be among the hypotheses."""
    return BySign(g, tuple(positive), tuple(negative))


def cases(n: Size, least: Sequence[Rule] = (), beyond: Sequence[Rule] = ()) -> Cases:
    """Proof in two cases: n at its least value, and n beyond it."""
    return Cases(n, tuple(least), tuple(beyond))


def bound(bounded: sp.Expr, *rules: Rule) -> Bound:
    """Proof of an inequality: an expression in it is rewritten by rules, and the judges decide the result."""
    return Bound(bounded, rules)
