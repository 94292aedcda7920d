"""Inequalities about arrays of every size, from the sign of right - left in the kernel's normal form.

Main results, tried in this order on a form f that should be >= 0, or > 0
* signs           f is a sum of products of factors of known sign (interval arithmetic over the domains)
* denominators    f d^2 >= 0 or f d >= 0, d >= 0, when the statement divides by d
* term by term    sum_k g_k >= 0 when each g_k >= 0
* lemmas          Lagrange's identity (Cauchy-Schwarz, variance), a sum and its terms, maxima (``tensor_lemmas``)
* moduli          f(|u|) with -|u|: at u and at -u
* logarithms      log a - b >= 0 when a e^-b - 1 >= 0
* roots           a - b >= 0 when a >= 0 and a^2 - b^2 >= 0
* scalars         entries and sums as independent scalars of their ranges, decided by ``bounds``

What is proved holds where both sides have a meaning. n = 1 is a size: softmax(z)[i] <= 1 and not <.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import sympy as sp

from derivations.calculus.kernel import effort
from derivations.calculus.kernel.atoms import ONE, Form, Unsupported
from derivations.calculus.kernel.hypotheses import Contradiction, Rules, rewrite
from derivations.calculus.kernel.signs import interval
from derivations.calculus.kernel.terms import (
    frozen,
    scale,
    split_content,
)
from derivations.calculus.kernel.translation import translate
from derivations.calculus.normal_form import check_size, rules_from
from derivations.calculus.operators import Binder, Integral, Limit, LimitAt
from derivations.calculus.substitution import named_objects, subexpressions, unfold
from derivations.calculus.symbols import CalculusError, Entry
from derivations.judges import bounds, kernel, value_intervals
from derivations.judges import tensor_lemmas as lemmas
from derivations.judges import tensor_reductions as reductions
from derivations.judges.abstraction import Abstraction
from derivations.judges.tensor_premises import narrowed
from derivations.proof.statement import And, Hypothesis, Relation, Statement
from derivations.proof.verdict import Verdict

METHOD = "signs of sums"
TRUSTED = ("kernel",)
DEPTHS = (1, 2, 4, 7)
MOST_ATTEMPTS = 60
MOST_TERMS = 60
MOST_SCALAR_PROBLEMS = 24


def decide(statement: Statement, hypotheses: tuple[Hypothesis, ...] = ()) -> Verdict:
    """``proved`` or ``unknown`` for an inequality or a conjunction; the refuter has the counterexamples."""
    started = time.perf_counter()
    verdict = _decide(statement, hypotheses)
    return Verdict(
        verdict.status,
        verdict.method,
        verdict.trusted,
        hypotheses=verdict.hypotheses,
        reason=verdict.reason,
        seconds=time.perf_counter() - started,
    )


def _decide(statement: Statement, hypotheses: tuple[Hypothesis, ...]) -> Verdict:
    if isinstance(statement, And):
        verdicts = [_decide(part, hypotheses) for part in statement.parts]
        failed = next((v for v in verdicts if not v.proved), None)
        if failed is not None:
            return failed
        methods, trusted = (dict.fromkeys(x for v in verdicts for x in part(v)) for part in (_methods, _trusted))
        return Verdict("proved", "; ".join(methods), tuple(trusted))
    if not isinstance(statement, Relation):
        return Verdict("unknown", METHOD, reason="only inequalities are decided by signs")
    if statement.operator == "=":
        return kernel.decide(statement, hypotheses)
    try:
        return _inequality(statement, hypotheses)
    except Contradiction as reason:
        return Verdict("unknown", METHOD, reason=f"the hypotheses contradict themselves: {reason}")
    except (Unsupported, CalculusError) as reason:
        return Verdict("unknown", METHOD, reason=str(reason))
    except RecursionError:
        return Verdict("unknown", METHOD, reason="the expression is nested too deeply")


def _methods(verdict: Verdict) -> list[str]:
    return verdict.method.split("; ")


def _trusted(verdict: Verdict) -> tuple[str, ...]:
    return verdict.trusted


def _inequality(relation: Relation, hypotheses: tuple[Hypothesis, ...]) -> Verdict:
    sides = [unfold(relation.left), unfold(relation.right)]
    check_size(sides)  # type: ignore[arg-type]
    if any(isinstance(e, (Limit, LimitAt, Integral)) for side in sides for e in subexpressions(side)):
        return Verdict("unknown", METHOD, reason="a limit or an integral is decided by its own judge")
    if not any(isinstance(e, (Entry, Binder)) for side in sides for e in subexpressions(side)):
        return Verdict("unknown", METHOD, reason="no array occurs")
    gap = sides[1] - sides[0]  # type: ignore[operator]
    strict = relation.operator != "<="
    found = value_intervals.value_interval(gap)
    if found.positive or (not strict and found.nonnegative) or (relation.operator == "!=" and found.negative):
        return Verdict("proved", METHOD, TRUSTED)
    sides, hypotheses = narrowed(sides, hypotheses)
    gap = sides[1] - sides[0]
    pairs = [(h.relation.left, h.relation.right) for h in hypotheses if h.relation.operator == "="]
    rules = rules_from(pairs)
    form = rewrite(translate(gap), rules)
    for signed in (form, scale(form, -ONE)) if relation.operator == "!=" else (form,):
        proof = _Proof(hypotheses, rules, {thing.name for side in sides for thing in named_objects(side)})  # type: ignore
        if proof.found(signed, strict):
            return Verdict("proved", "; ".join(dict.fromkeys(proof.methods or [METHOD])), tuple(proof.trusted))
    return Verdict("unknown", METHOD, reason="no rule gives the sign of the difference")


UNTRIED = Verdict("unknown", METHOD)


@dataclass
class _Proof:
    """One search. ``methods`` and ``trusted`` are what the successful path used; attempts are counted and limited."""

    hypotheses: tuple[Hypothesis, ...]
    rules: Rules
    taken: set[str]
    methods: list[str] = field(default_factory=list)
    trusted: dict[str, None] = field(default_factory=lambda: dict.fromkeys(TRUSTED))
    failed: set = field(default_factory=set)
    attempts: int = 0
    deepest: int = 0
    tried: dict = field(default_factory=dict)  # scalar problems

    def __post_init__(self):
        self.taken |= {
            thing.name  # type: ignore[attr-defined]
            for h in self.hypotheses
            for side in (h.relation.left, h.relation.right)
            for thing in named_objects(side)
        }
        self.abstraction = Abstraction(self.taken)

    def found(self, form: Form, strict: bool) -> bool:
        """Whether ``form`` >= 0, or > 0, was proved for all sizes and values; short proofs are looked for first."""
        effort.begin()
        for self.deepest in DEPTHS:
            self.failed, self.attempts = set(), 0
            if self.holds(form, strict, 0):
                return True
        return False

    def holds(self, form: Form, strict: bool, depth: int) -> bool:
        self.attempts += 1
        key = frozen(form), strict
        if depth > self.deepest or self.attempts > MOST_ATTEMPTS or key in self.failed:
            return False
        found = self._holds(form, strict, depth)
        if not found:
            self.failed.add(key)
        return found

    def _holds(self, form: Form, strict: bool, depth: int) -> bool:
        form = reductions.without_denominators(form)
        if not form:
            return not strict
        if len(form) > MOST_TERMS:
            return False
        found = interval(form)
        if found.positive or (not strict and found.nonnegative):
            return True
        _, _, form = split_content(form)  # the factors that leave are positive
        plain = not any(atom.kind in ("sum", "maximum") for atom in lemmas.every_atom(form))
        if plain and self._as_scalars(form, strict):
            return True
        if self._term_by_term(form, strict, depth):
            return True
        if any(self._follows(name, goals, depth) for name, goals in self._reductions(form, strict)):
            return True
        return not plain and self._as_scalars(form, strict)

    def _follows(self, name: str, goals: list[tuple[Form, bool]], depth: int) -> bool:
        before = list(self.methods)
        self.methods.append(name)
        try:
            if all(self.holds(goal, strict, depth + 1) for goal, strict in goals):
                return True
        except Unsupported:
            pass
        self.methods = before
        return False

    def _reductions(self, form: Form, strict: bool) -> Iterator[tuple[str, list[tuple[Form, bool]]]]:
        """Goals each of which, all proved, would prove that the form is >= 0 or > 0."""
        fresh = self.abstraction.fresh
        families = (
            lambda: lemmas.homogeneous(form, self.rules),
            lambda: lemmas.without_squares(form),
            lambda: reductions.both_signs(form),
            lambda: reductions.raised_to_e(form),
            lambda: ((name, rewrite(rest, self.rules)) for name, rest in reductions.by_tangents(form)),
            lambda: lemmas.attained(form),
            lambda: lemmas.opened_at_a_term(form, fresh),
            lambda: reductions.squared(form, bool(self.rules)),
            lambda: lemmas.squares_named(form, fresh),
        )
        for family in families:
            try:
                for name, *goals in family():
                    yield name, [(goal, strict) for goal in goals]
            except Unsupported:  # the others may still do
                continue

    def _term_by_term(self, form: Form, strict: bool, depth: int) -> bool:
        """sum_k g_k + h >= 0 when g >= 0 and h >= 0; each term n x counts as sum_k x where a sum runs over 1..n."""
        ways = [reductions.grouped(form, apart) for apart in (True, False)]
        return any(self._each(groups, strict, depth) for groups in ways if groups is not None)

    def _each(self, groups: list[reductions.Group], strict: bool, depth: int) -> bool:
        before, strictly = list(self.methods), False
        self.methods.append("term by term")
        for _, goal, inhabited in groups:
            if strict and not strictly and inhabited and self.holds(goal, True, depth + 1):
                strictly = True
            elif not self.holds(goal, False, depth + 1):
                self.methods = before
                return False
        if strict and not strictly:
            self.methods = before
            return False
        return True

    def _as_scalars(self, form: Form, strict: bool) -> bool:
        try:
            e = self.abstraction.form(form)
        except Unsupported:
            return False
        relation = Relation(sp.S.Zero, "<" if strict else "<=", e)
        if relation not in self.tried and len(self.tried) < MOST_SCALAR_PROBLEMS:
            with effort.aside():
                self.tried[relation] = bounds.decide(relation, self.hypotheses)
        verdict = self.tried.get(relation, UNTRIED)
        if verdict.proved:
            self.methods.append(f"entries as independent scalars, {verdict.method}")
            self.trusted.update(dict.fromkeys(verdict.trusted))
        return verdict.proved
