"""Limits at a point and integrals in a statement, replaced by values that are proved.

Main results
* ``evaluated``   the statement without these nodes, what was put for each, and on what that rests
* d/dp of an integral whose ends and integrand depend on p is Leibniz' rule, without the value of the integral
* a limit that is oo or -oo decides the statement here: no judge calculates with infinite numbers
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import sympy as sp

from derivations.calculus.domains import Domain
from derivations.calculus.operators import Bound, D, Integral, LimitAt
from derivations.calculus.substitution import subexpressions, substitute
from derivations.calculus.symbols import Defined, Entry, Scalar
from derivations.judges import ball, integrals, limits_at
from derivations.judges.asymptotics.constants import OPAQUE, Constants, Undecided
from derivations.judges.passages import bounds
from derivations.judges.scalar_problem import FAILURES, Premises, derivative
from derivations.proof.statement import Hypothesis, Relation, Statement, expressions, map_expressions
from derivations.proof.verdict import Verdict, Witness

Judge = Callable[..., Verdict]
Judges = Callable[..., dict[str, Verdict]]

METHOD = "evaluation"
LEIBNIZ = "Leibniz' rule"
EXACT = Relation(sp.S.Zero, "=", sp.S.Zero)


@dataclass(frozen=True)
class Step:
    """A node and the value that was proved for it, under the hypotheses."""

    node: sp.Expr
    value: sp.Expr
    method: str


@dataclass(frozen=True)
class Evaluated:
    """``statement`` holds exactly where the original does; nodes that could not be valued still stand in it.

    ``reason`` says why nodes still stand, empty when none does. ``verdict`` is there when nothing is left to judge:
    an infinite value decided the statement, or a limit was not found.
    """

    statement: Statement
    steps: tuple[Step, ...] = ()
    trusted: tuple[str, ...] = ()
    reason: str = ""
    verdict: Verdict | None = None

    @property
    def complete(self) -> bool:
        """Whether every limit and integral has been replaced."""
        return not self.reason

    def extended(self, verdict: Verdict) -> Verdict:
        """A verdict on ``statement`` as one on the original: by these methods too, resting on what they rest on."""
        if not (verdict.proved or verdict.refuted):
            return verdict
        methods = dict.fromkeys(step.method for step in self.steps)
        if verdict.method != "structural":  # the value is what the other side says: nothing was left to do
            methods[verdict.method] = None
        trusted = tuple(dict.fromkeys((*self.trusted, *verdict.trusted))) if verdict.proved else verdict.trusted
        return replace(verdict, method="; ".join(methods), trusted=trusted)


def mentions(statement: Statement) -> bool:
    """Whether a limit at a point or an integral occurs."""
    return any(_has_nodes(e) for e in expressions(statement))


def evaluated(statement: Statement, hypotheses: Premises = ()) -> Evaluated | None:
    """The statement with a proved value for each limit at a point and each integral; None when it has none."""
    if not mentions(statement):
        return None
    hypotheses = tuple(hypotheses)
    evaluation = _Evaluation(Constants(hypotheses))
    try:
        changed = map_expressions(statement, evaluation.side)
    except Undecided as reason:
        return Evaluated(statement, reason=str(reason), verdict=Verdict("unknown", METHOD, reason=str(reason)))
    result = Evaluated(changed, tuple(evaluation.steps), evaluation.trusted(), "; ".join(evaluation.reasons))
    if any(isinstance(node, LimitAt) for e in expressions(changed) for node in subexpressions(e)):
        return replace(result, verdict=Verdict("unknown", METHOD, reason=result.reason))
    if any(_is_infinite(e) for e in expressions(changed)):
        return replace(result, verdict=_with_infinite_sides(result, hypotheses))
    return result


def verdicts(statement: Statement, hypotheses: Premises, decide: Judges, refute: Judge) -> dict[str, Verdict] | None:
    """What ``decide`` says of the evaluated statement, as of the original; None when there is nothing to evaluate.

    With a node still standing only ``refute`` is asked: an integral that may diverge must not be proved equal to
    itself. A statement that infinite values decide, or a missing limit leaves open, has the entry "evaluation" alone.
    """
    found = evaluated(statement, hypotheses)
    if found is None:
        return None
    if found.verdict is not None:
        return {"evaluation": found.verdict}
    if found.complete:
        return {name: found.extended(v) for name, v in decide(found.statement, hypotheses).items()}
    reason = Verdict("unknown", METHOD, reason=found.reason)
    return {"ball": refute(found.statement, hypotheses), "evaluation": reason}


def _has_nodes(e: sp.Basic) -> bool:
    return any(isinstance(node, (LimitAt, Integral)) for node in subexpressions(e))


def _is_infinite(e: sp.Expr) -> bool:
    return e in (sp.oo, -sp.oo)


# ---- values ----------------------------------------------------------------------------------------------------


class _Evaluation:
    """One walk over a statement, innermost nodes first, and what it has put for what."""

    def __init__(self, constants: Constants):
        self.constants = constants
        self.steps: list[Step] = []
        self.reasons: list[str] = []
        self._values: dict[sp.Basic, sp.Expr] = {}

    def trusted(self) -> tuple[str, ...]:
        names = {limits_at.METHOD: limits_at.TRUSTED, integrals.METHOD: (*integrals.TRUSTED, *limits_at.TRUSTED)}
        used = [name for step in self.steps for name in names.get(step.method, (step.method,))]
        return tuple(dict.fromkeys([*used, *(["Arb"] if self.constants.arb_used else [])]))

    def side(self, e: sp.Expr) -> sp.Expr:
        """A side of a statement: oo and -oo are allowed for all of it, times a number, and nowhere inside."""
        c, node = e.as_coeff_Mul()
        if isinstance(node, (LimitAt, Integral)):
            return c * self.value(node)
        return self.inside(e)

    def inside(self, e: sp.Expr) -> sp.Expr:
        """``e`` with every node replaced; raises Undecided for an infinite one."""
        if not _has_nodes(e) or isinstance(e, (Entry, Defined)):
            return e
        if isinstance(e, (LimitAt, Integral)):
            value = self.value(e)
            if _is_infinite(value):
                raise Undecided(f"{e} is {value}, and stands inside an expression")
            return value
        if isinstance(e, D):
            return self._derivative(e)
        parts = e.args[:1] if isinstance(e, OPAQUE) else e.args
        changed = tuple(self.inside(a) for a in parts)  # type: ignore[arg-type]
        return e if changed == parts else e.func(*changed, *e.args[len(parts) :])

    def value(self, node: LimitAt | Integral) -> sp.Expr:
        """The value of a node; the node itself, with a reason noted, when it has none that can be proved."""
        if node not in self._values:
            try:
                value, method = self._found(node)
                self.steps.append(Step(node, value, method))
            except FAILURES as failure:
                value = node
                self.reasons.append(f"{node}: {failure}")
            self._values[node] = value
        return self._values[node]

    def _found(self, node: LimitAt | Integral) -> tuple[sp.Expr, str]:
        ends = tuple(self.inside(end) for end in node.args[2:])  # type: ignore[arg-type]
        narrower = self._narrower(node.variable, node, ends) if _has_nodes(node.function) else node.variable
        f = self.inside(substitute(node.function, {node.variable: narrower}))  # type: ignore[arg-type]
        if any(_has_nodes(e) for e in (f, *ends)):
            raise Undecided("what stands inside has no value that could be proved")
        letters = _letters(f, ends, narrower)
        f, *ends = (substitute(e, letters) for e in (f, *ends))
        back = {letter: e for e, letter in letters.items()}
        if isinstance(node, LimitAt):
            value, method = limits_at.limit_value(LimitAt(f, narrower, *ends), self.constants), limits_at.METHOD
        else:
            value, method = integrals.integral_value(Integral(f, narrower, *ends), self.constants)
        return substitute(value, back), method  # type: ignore[return-value]

    def _narrower(self, x: Bound, node: LimitAt | Integral, ends: tuple[sp.Expr, ...]) -> Bound:
        """The variable where it matters: inside the interval, or close to a rational point on one side of it."""
        low, high = -sp.oo, sp.oo
        if isinstance(node, Integral):
            both = [bounds(end, self.constants) for end in ends]
            low, high = min(b[0][0] for b in both), max(b[1][0] for b in both)
        elif node.point.is_infinite:
            low, high = (sp.S.One, sp.oo) if node.point is sp.oo else (-sp.oo, sp.S.NegativeOne)
        elif node.point.is_Rational and node.side:
            low, high = sorted((node.point, node.point + node.side))
        low, high = max(low, x.domain.low), min(high, x.domain.high)
        return x if x.domain.integer or low >= high else Bound(x.name, Domain(low, high))

    # ---- derivatives of integrals ------------------------------------------------------------------------------

    def _derivative(self, e: D) -> sp.Expr:
        """D(f, p), where Leibniz' rule spares the value of the integrals that are terms of f."""
        p = e.variable
        if not isinstance(p, Scalar):
            return D(self.inside(e.function), p)
        total, rest = sp.S.Zero, sp.S.Zero
        for term in sp.Add.make_args(e.function):
            c, node = term.as_independent(p, as_Add=False)
            slope = self._leibniz(node, p) if isinstance(node, Integral) and not _has_nodes(c) else None
            if slope is None:
                rest += self.inside(term)  # type: ignore[arg-type]
            else:
                total += c * slope
        return total + D(rest, p) if rest != 0 else total

    def _leibniz(self, node: Integral, p: Scalar) -> sp.Expr | None:
        """f(b) b' - f(a) a' + the integral of df/dp, for f analytic in x and p from a to b; None without that."""
        f, x, ends = node.function, node.variable, (node.low, node.high)
        if any(end.is_infinite or _has_nodes(end) for end in ends) or _has_nodes(f):
            return None
        try:
            if not integrals.is_analytic_between(f, x, *ends, self.constants):
                return None
            at_low, at_high = (substitute(f, {x: end}) * derivative(end, p) for end in ends)  # type: ignore
            inner = derivative(f, p)
            moved = sp.S.Zero if inner == 0 else self.inside(Integral(inner, x, *ends))
        except FAILURES:
            return None
        self.steps.append(Step(D(node, p), at_high - at_low + moved, LEIBNIZ))
        return at_high - at_low + moved


def _letters(f: sp.Expr, ends: tuple[sp.Expr, ...], x: Bound) -> dict[sp.Basic, sp.Basic]:
    """Scalars for the entries of tensors, sums and the like that do not depend on x: numbers like any other here."""
    letters: dict[sp.Basic, sp.Basic] = {}

    def visit(e: sp.Basic) -> None:
        if isinstance(e, OPAQUE):
            if x not in e.free_symbols and e not in letters:
                domain = e.tensor.domain if isinstance(e, Entry) else Domain()
                letters[e] = Bound(f"{x.name}'e{len(letters)}", domain)
            return
        for a in e.args:
            visit(a)

    for e in (f, *ends):
        visit(e)
    return letters


# ---- infinite values -------------------------------------------------------------------------------------------


def _with_infinite_sides(result: Evaluated, hypotheses: tuple) -> Verdict:
    """The verdict on a relation with a side oo or -oo, the other one infinite too or a number."""
    relation = result.statement
    if not isinstance(relation, Relation) or any(_has_nodes(e) for e in expressions(relation)):
        return Verdict("unknown", METHOD, reason="an infinite value stands in a statement of several parts")
    left, right = ((float(e) if _is_infinite(e) else 0.0) for e in (relation.left, relation.right))
    holds = {"=": left == right, "!=": left != right, "<": left < right, "<=": left <= right}[relation.operator]
    methods = "; ".join(dict.fromkeys(step.method for step in result.steps))
    if not _inhabited(hypotheses):
        return Verdict("unknown", METHOD, reason="no point was found at which the hypotheses hold")
    if holds:
        return Verdict("proved", methods, result.trusted)
    witness = Witness({}, _spoken(relation.left), _spoken(relation.right), relation.operator)
    return Verdict("refuted", methods, result.trusted, witness=witness)


def _spoken(e: sp.Expr) -> str:
    return {sp.oo: "oo", -sp.oo: "-oo"}.get(e, str(e))


def _inhabited(hypotheses: tuple[Hypothesis | Relation, ...]) -> bool:
    given = tuple(h if isinstance(h, Hypothesis) else Hypothesis("", h) for h in hypotheses)
    return not given or ball.refute(EXACT, given, points=1).status == "consistent"
