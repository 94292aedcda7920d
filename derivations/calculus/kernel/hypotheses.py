"""Equalities that may be used: each becomes a rule "atom -> form", for all values of its free indices."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction

from derivations.calculus.kernel.atoms import ONE, Atom, Form
from derivations.calculus.kernel.binders import open_sum, rebuild, replace, sum_over
from derivations.calculus.kernel.ranges import Affine, Var, always_within, of
from derivations.calculus.kernel.terms import normalised, power, scale, single, sort_factors

MOST_PASSES = 6
MOST_MATCHES = 500
_PIVOTS = {"sum": 3, "mean": 3, "product": 3, "entry": 2, "symbol": 1}


class Contradiction(ValueError):
    """A hypothesis that can hold for no input."""


@dataclass(frozen=True)
class Rule:
    """``pattern -> replacement`` for all values of ``variables``."""

    pattern: Atom
    variables: tuple[Var, ...]
    replacement: tuple

    def value(self) -> Form:
        return dict(self.replacement)


def rule_from(difference: Form) -> Rule | None:
    """Solve ``difference = 0`` for one atom that occurs once, alone, to the first power; None where none does.

    Raises Contradiction when the difference is a number other than 0.
    """
    if not difference:
        return None
    if set(difference) == {()}:
        raise Contradiction(f"the hypothesis says {difference[()]} = 0")
    candidates = []
    for monomial, c in difference.items():
        if len(monomial) == 1 and monomial[0][1] == 1 and monomial[0][0].kind in _PIVOTS:
            atom = monomial[0][0]
            rest = {m: v for m, v in difference.items() if m != monomial}
            if not _occurs(atom, rest):
                candidates.append((_PIVOTS[atom.kind], atom.height, atom.key, atom, scale(rest, -1 / c)))
    if not candidates:
        return None
    *_, atom, replacement = max(candidates, key=lambda candidate: candidate[:3])
    free = {v for m in replacement for a, _ in m for v in a.variables}
    if not free <= atom.variables:
        return None  # the other side has an index that the pattern does not bind
    return Rule(atom, tuple(sorted(atom.variables, key=lambda v: v.key)), tuple(replacement.items()))


def _occurs(atom: Atom, form: Form) -> bool:
    """Whether the head of ``atom`` occurs in ``form``; coarse on purpose, so that rules cannot run in circles."""
    heads = _heads((atom,))
    return bool(heads & _heads(tuple(form)))


def _heads(part) -> set:
    if isinstance(part, Atom):
        own = {part.data[0]} if part.kind in ("entry", "symbol") else set()
        return own.union(*(_heads(d) for d in part.data))
    if isinstance(part, tuple):
        return set().union(*(_heads(p) for p in part))
    return set()


def rewrite(form: Form, rules: tuple[Rule, ...]) -> Form:
    """Apply the rules everywhere until nothing changes (or MOST_PASSES is reached, which loses only completeness)."""
    if not rules:
        return form
    for _ in range(MOST_PASSES):
        new = rebuild(form, lambda atom, q: _apply(atom, q, rules))
        if new == form:
            return form
        form = new
    return form


def _apply(atom: Atom, q: Fraction, rules: tuple[Rule, ...]) -> Form | None:
    for rule in rules:
        value = match(rule, atom)
        if value is not None:
            return power(value, q)
    if atom.kind == "sum" and len(atom.data[0]) > 1:
        inner = _inner_sum(atom, rules)
        if inner is not None:
            return power(inner, q)
    return None


def _inner_sum(atom: Atom, rules: tuple[Rule, ...]) -> Form | None:
    """sum_sk y_sk f_s = sum_s f_s when sum_k y_sk = 1: offer the sum over some of the indices to the rules."""
    bound, body = open_sum(atom)
    ((monomial, c),) = body.items() if len(body) == 1 else (((), ONE),)
    if not monomial:
        return None
    for length in range(1, len(bound)):
        for chosen in itertools.combinations(bound, length):
            inside = [(a, q) for a, q in monomial if a.variables & set(chosen)]
            outside = {a: q for a, q in monomial if not a.variables & set(chosen)}
            if not outside:
                continue
            part = sum_over({sort_factors(dict(inside)): c}, list(chosen))
            if len(part) != 1:
                continue
            ((sub, coefficient),) = part.items()
            if len(sub) != 1:
                continue
            for rule in rules:
                value = match(rule, sub[0][0]) if sub[0][1] == 1 else None
                if value is not None:
                    rest = [v for v in bound if v not in chosen]
                    from derivations.calculus.kernel.terms import multiply

                    return sum_over(multiply(normalised(outside, coefficient), value), rest)
    return None


def match(rule: Rule, atom: Atom) -> Form | None:
    """The value of the rule at ``atom``, when the atom is an instance of its pattern."""
    pattern = rule.pattern
    if pattern.kind != atom.kind or pattern.height != atom.height:
        return None
    if not rule.variables:
        return rule.value() if pattern == atom else None
    # what a sum inside binds is no value for a pattern's index: sum_k y[i,k] is not met by sum_k y[k,k]
    offered = sorted((a for a in _subscripts(atom.data) if atom.variables.issuperset(a.variables)), key=str)
    choices = [[a for a in offered if always_within(a, v.extent)] for v in rule.variables]
    for tried, values in enumerate(itertools.product(*choices)):
        if tried > MOST_MATCHES:
            return None
        mapping = dict(zip(rule.variables, values, strict=True))
        if replace(single(pattern), mapping) == single(atom):
            return replace(rule.value(), mapping)
    return None


def _subscripts(part) -> set[Affine]:
    """Affine forms that occur in an atom, and its free variables: what a pattern's index can stand for."""
    if isinstance(part, Atom):
        return {of(v) for v in part.variables} | _subscripts(part.data)
    if isinstance(part, Affine):
        return {part}
    if isinstance(part, tuple):
        return set().union(*(_subscripts(p) for p in part))
    return set()
