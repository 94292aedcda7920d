"""Limits as a size grows: terms with t^a r^t, 0 < r < 1, vanish; what stays must not depend on t."""

from __future__ import annotations

import time
from fractions import Fraction

from derivations.calculus.kernel.ranges import Dim
from derivations.calculus.kernel.signs import interval
from derivations.calculus.kernel.terms import Form, Monomial, Unsupported, subtract
from derivations.calculus.kernel.translation import size_form, translate
from derivations.calculus.kernel.zero_test import clear_denominators, is_zero
from derivations.calculus.normal_form import dims_of
from derivations.calculus.operators import Limit
from derivations.calculus.substitution import unfold
from derivations.calculus.symbols import CalculusError
from derivations.proof.statement import Hypothesis, Relation
from derivations.proof.verdict import Verdict

METHOD = "limit of geometric terms"
TRUSTED = ("kernel", "lemma: t^a r^t -> 0 for 0 < r < 1")


def decide(relation: Relation, hypotheses: tuple[Hypothesis, ...] = ()) -> Verdict:
    """``proved`` when one side is the limit of the other side plus terms that vanish; else unknown."""
    started = time.perf_counter()

    def verdict(status, reason=""):
        trusted = TRUSTED if status == "proved" else ()
        return Verdict(status, METHOD, trusted, reason=reason, seconds=time.perf_counter() - started)

    if relation.operator != "=":
        return verdict("unknown", "decides equalities only")
    for limit, value in ((relation.left, relation.right), (relation.right, relation.left)):
        limit = unfold(limit)
        if isinstance(limit, Limit):
            try:
                if _tends_to(limit, value):
                    return verdict("proved")
            except (Unsupported, CalculusError) as reason:
                return verdict("unknown", str(reason))
    return verdict("unknown", "no side is a limit whose terms are understood")


def _tends_to(limit: Limit, value) -> bool:
    """f - value consists of vanishing terms, up to terms that cancel when denominators (free of t) are cleared."""
    ((t, _),) = size_form(limit.variable).terms
    difference = subtract(translate(limit.function), translate(value))
    if not isinstance(t, Dim) or t in dims_of(translate(value)):
        return False
    remaining: Form = {m: c for m, c in difference.items() if not _vanishes(m, t)}
    if t in dims_of(remaining):
        if any(q < 0 and t in dims_of({((atom, q),): c}) for m, c in remaining.items() for atom, q in m):
            return False  # multiplying by a denominator that depends on t could undo the decay
        remaining = {m: c for m, c in clear_denominators(remaining).items() if not _vanishes(m, t)}
        if t in dims_of(remaining):
            return False
    return bool(is_zero(remaining))


def _vanishes(monomial: Monomial, t: Dim) -> bool:
    """Whether a term is (free of t) * t^a * r^t with 0 < r < 1."""
    decays = False
    for atom, q in monomial:
        if atom.kind == "power" and atom.data[1] is t:
            if t in dims_of(dict(atom.data[0])) or q <= 0 or not _between_zero_and_one(dict(atom.data[0])):
                return False
            decays = True
        elif atom.kind == "dim" and atom.data[0] is t:
            continue
        elif t in dims_of({((atom, q),): Fraction(1)}):
            return False
    return decays


def _between_zero_and_one(base: Form) -> bool:
    found = interval(base)
    return found.positive and found.high is not None and (found.high < 1 or (found.high == 1 and found.high_open))
