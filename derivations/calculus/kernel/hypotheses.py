"""Equalities that may be used: each becomes a rule "atom -> form", for all values of its free indices."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import sympy as sp

from derivations.calculus.kernel import indicators
from derivations.calculus.kernel.atoms import ONE, Atom, Form
from derivations.calculus.kernel.binders import open_sum, rebuild, replace, sum_over
from derivations.calculus.kernel.ranges import Affine, Var, always_within, of
from derivations.calculus.kernel.signs import positive
from derivations.calculus.kernel.terms import add, multiply, normalised, power, scale, single, sort_factors
from derivations.calculus.kernel.translation import size_form

MOST_PASSES = 6
MOST_MATCHES = 500
_PIVOTS = {"sum": 3, "mean": 3, "product": 3, "entry": 2, "symbol": 1}


class Contradiction(ValueError):
    """A hypothesis that can hold for no input."""


@dataclass(frozen=True)
class Rule:
    """``pattern**exponent -> replacement`` for all values of ``variables``."""

    pattern: Atom
    variables: tuple[Var, ...]
    replacement: tuple
    exponent: int = 1

    def value(self) -> Form:
        return dict(self.replacement)


@dataclass(frozen=True)
class Symmetry:
    """A[a, b] = c A[b, a] for all subscripts, c being 1 or -1: an entry is written as the mean of the two.

    That asks for no order among bound indices, and doing it twice is doing it once.
    """

    tensor: sp.Basic
    order: tuple[int, ...]
    sign: int

    def value(self, atom: Atom) -> Form | None:
        if atom.kind != "entry" or atom.data[0] != self.tensor:
            return None
        exchanged = tuple(atom.data[1][position] for position in self.order)
        other = single(Atom("entry", self.tensor, exchanged))
        return scale(add(single(atom), scale(other, Fraction(self.sign))), Fraction(1, 2))


def symmetry_from(difference: Form) -> Symmetry | None:
    """``A[i, j] - c A[j, i] = 0``, i and j running over the whole of A's axes, as a symmetry."""
    if len(difference) != 2 or not all(len(m) == 1 and m[0][1] == 1 and m[0][0].kind == "entry" for m in difference):
        return None
    ((((first, _),), c), (((second, _),), d)) = difference.items()
    tensor, subscripts = first.data
    if abs(c) != abs(d) or second.data[0] != tensor or getattr(tensor, "padded", True) or tensor.random:
        return None
    names = [a.sole_variable for a in subscripts]
    extents = [size_form(high - low + 1) if high is not sp.oo else None for low, high in tensor.axes]
    if None in names or len(set(names)) != len(names) or set(second.data[1]) != set(subscripts):
        return None
    if any(v is None or extent is None or v.extent != extent for v, extent in zip(names, extents, strict=True)):
        return None
    order = tuple(subscripts.index(a) for a in second.data[1])
    if any(order[order[position]] != position for position in order):
        return None
    return Symmetry(tensor, order, 1 if c == -d else -1)


def reversed_orthogonality(difference: Form) -> Form | None:
    """``sum_k Q[i, k] Q[j, k] = delta(i, j)`` from ``sum_k Q[k, i] Q[k, j] = delta(i, j)`` for a square Q, and back."""
    sums = [(m[0][0], c) for m, c in difference.items() if len(m) == 1 and m[0][1] == 1 and m[0][0].kind == "sum"]
    if len(difference) != 2 or len(sums) != 1:
        return None
    ((atom, c),) = sums
    bound, body = open_sum(atom)
    monomial = next(iter(body))
    if len(bound) != 1 or len(monomial) != 2 or any(a.kind != "entry" or q != 1 for a, q in monomial):
        return None
    (first, _), (second, _) = monomial
    (k,), tensor, size = bound, first.data[0], bound[0].extent
    if second.data[0] != tensor or len(first.data[1]) != 2 or getattr(tensor, "padded", True):
        return None
    if any(size_form(high - low + 1) != size for low, high in tensor.axes):
        return None
    at = next((p for p in (0, 1) if first.data[1][p] == second.data[1][p] == of(k)), None)
    free = None if at is None else [a.data[1][1 - at].sole_variable for a in (first, second)]
    if free is None or any(v is None or v.extent != size for v in free) or free[0] is free[1]:
        return None
    i, j = (of(v) for v in free)
    rest = {m: v for m, v in difference.items() if dict(m).get(atom) is None}
    if rest != scale(indicators.delta(i.plus(j, -1)), -c):
        return None
    pairs = ((of(k), a) if at == 1 else (a, of(k)) for a in (i, j))
    other = multiply(*(single(Atom("entry", tensor, pair)) for pair in pairs))
    return add(sum_over(other, [k]), scale(indicators.delta(i.plus(j, -1)), -ONE))


def without_root(difference: Form) -> Form | None:
    """``a**2 S = b**2`` from ``a sqrt(S) = b``, both of one term: what follows, whatever the signs."""
    if len(difference) != 2:
        return None
    (first, c), (second, d) = difference.items()
    if not any(atom.kind == "base" and q == Fraction(1, 2) for atom, q in (*first, *second)):
        return None
    return add(power({first: c}, 2), scale(power({second: d}, 2), -ONE))


def rule_from(difference: Form) -> Rule | Symmetry | None:
    """Solve ``difference = 0`` for one atom or a whole power of one, times what is not 0; None where none can be.

    The other side must have fewer of the pattern's names, so that rules cannot run in circles.
    Raises Contradiction when the difference is a number other than 0.
    """
    if not difference:
        return None
    if set(difference) == {()}:
        raise Contradiction(f"the hypothesis says {difference[()]} = 0")
    symmetry = symmetry_from(difference)
    if symmetry is not None:
        return symmetry
    candidates = []
    for monomial, c in difference.items():
        rest = {m: v for m, v in difference.items() if m != monomial}
        for atom, q in monomial:
            others = {a: p for a, p in monomial if a != atom}
            if (
                atom.kind not in _PIVOTS
                or q < 1
                or q.denominator != 1
                or (q > 1 and atom.kind not in ("entry", "symbol"))
            ):
                continue
            if others and not (positive(sort_factors(others)) or set(rest) == {()}):
                continue  # a product that is a number other than 0 has no factor 0
            replacement = multiply(scale(rest, -1 / c), normalised({a: -p for a, p in others.items()}, ONE))
            if _shrinks(atom, q, replacement):
                rank = (not others, q == 1, _PIVOTS[atom.kind], atom.height, atom.key)
                candidates.append((rank, Rule(atom, _ordered(atom.variables), tuple(replacement.items()), int(q))))
    for _, rule in sorted(candidates, key=lambda candidate: candidate[0], reverse=True):
        if {v for m in rule.value() for a, _ in m for v in a.variables} <= rule.pattern.variables:
            return rule  # else the other side has an index that the pattern does not bind
    return None


def _ordered(variables: frozenset[Var]) -> tuple[Var, ...]:
    return tuple(sorted(variables, key=lambda v: v.key))


def _shrinks(atom: Atom, q: Fraction, replacement: Form) -> bool:
    """Whether each term of ``replacement`` names the arrays and scalars of ``atom**q`` less often than that does."""
    heads = _heads((atom,))
    most = max((_uses(monomial, heads) for monomial in replacement), default=0)
    return most < _uses(((atom, q),), heads)


def _uses(part, heads: set) -> int:
    """How often ``heads`` occur, powers counted as products."""
    if isinstance(part, Atom):
        return int(part.kind in ("entry", "symbol") and part.data[0] in heads) + _uses(part.data, heads)
    if isinstance(part, tuple) and len(part) == 2 and isinstance(part[0], Atom) and isinstance(part[1], Fraction):
        return _uses(part[0], heads) * max(1, ceil(abs(part[1])))
    if isinstance(part, tuple):
        return sum(_uses(p, heads) for p in part)
    return 0


def _heads(part) -> set:
    if isinstance(part, Atom):
        own = {part.data[0]} if part.kind in ("entry", "symbol") else set()
        return own.union(*(_heads(d) for d in part.data))
    if isinstance(part, tuple):
        return set().union(*(_heads(p) for p in part))
    return set()


Rules = tuple[Rule | Symmetry, ...]


def rewrite(form: Form, rules: Rules) -> Form:
    """Apply the rules everywhere until nothing changes (or MOST_PASSES is reached, which loses only completeness)."""
    if not rules:
        return form
    for _ in range(MOST_PASSES):
        new = rebuild(form, lambda atom, q: _apply(atom, q, rules))
        if new == form:
            return form
        form = new
    return form


def _apply(atom: Atom, q: Fraction, rules: Rules) -> Form | None:
    for rule in rules:
        if isinstance(rule, Symmetry):
            value, whole, rest = rule.value(atom), q, 0
        elif rule.exponent == 1:
            value, whole, rest = match(rule, atom), q, 0
        elif q.denominator == 1:
            value, whole, rest = match(rule, atom), q // rule.exponent, q % rule.exponent
        else:
            continue
        if value is not None and whole:
            return multiply(power(value, whole), single(atom, rest))
    if atom.kind == "sum" and len(atom.data[0]) > 1:
        inner = _inner_sum(atom, rules)
        if inner is not None:
            return power(inner, q)
    return None


def _inner_sum(atom: Atom, rules: Rules) -> Form | None:
    """sum_sk y_sk f_s = sum_s f_s when sum_k y_sk = 1: offer the sum over some of the indices to the rules."""
    bound, body = open_sum(atom)
    ((monomial, c),) = body.items() if len(body) == 1 else (((), ONE),)
    if not monomial:
        return None
    for length in range(1, len(bound)):
        for chosen in itertools.combinations(bound, length):
            inside = [(a, q) for a, q in monomial if a.variables & set(chosen)]
            outside = {a: q for a, q in monomial if not a.variables & set(chosen)}
            part = sum_over({sort_factors(dict(inside)): c}, list(chosen))
            if len(part) != 1:
                continue
            ((sub, coefficient),) = part.items()
            if len(sub) != 1:
                continue
            for rule in rules:
                if isinstance(rule, Symmetry) or rule.exponent > 1:
                    continue
                value = match(rule, sub[0][0]) if sub[0][1] == 1 else None
                if value is not None:
                    rest = [v for v in bound if v not in chosen]
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
