"""Kronecker deltas and guards: [a = 0] and [a >= 0] for an affine form a."""

from __future__ import annotations

import itertools
from fractions import Fraction
from math import gcd

from derivations.calculus.kernel import binders
from derivations.calculus.kernel.atoms import ONE, Atom, Form, Unsupported
from derivations.calculus.kernel.ranges import (
    Affine,
    Var,
    always_negative,
    always_nonnegative,
    always_within,
    bounds,
    nonnegative,
)
from derivations.calculus.kernel.terms import constant, multiply, sort_factors


def delta(a: Affine) -> Form:
    """[a = 0], with coprime coefficients and the sign of the first variable fixed."""
    factor = gcd(*(c for _, c in a.terms))
    if factor > 1:
        if a.constant % factor:
            return {}
        a = Affine(a.constant // factor, [(v, c // factor) for v, c in a.terms])
    return constant(1) if a == Affine(0) else _delta_value(_oriented(a))


def _oriented(a: Affine) -> Affine:
    first = next((c for v, c in a.terms if isinstance(v, Var)), a.terms[0][1] if a.terms else 1)
    return a.scaled(-1) if first < 0 else a


def _delta_value(a: Affine) -> Form:
    low, high = bounds(a)
    if low is not None and nonnegative(low.shifted(-1)):
        return {}
    if high is not None and nonnegative(high.scaled(-1).shifted(-1)):
        return {}
    if not a.terms:
        return {}
    if not a.variables:
        raise Unsupported(f"whether {a} = 0 depends on the sizes")
    return {((Atom("delta", a), ONE),): ONE}


def guard(a: Affine) -> Form:
    """[a >= 0], with coprime coefficients."""
    factor = gcd(*(c for _, c in a.terms)) if a.terms else 0
    if factor > 1:
        a = Affine(a.constant // factor, [(v, c // factor) for v, c in a.terms])
    if always_nonnegative(a):
        return constant(1)
    if always_negative(a):
        return {}
    return {((Atom("guard", a), ONE),): ONE}


def solved(a: Affine) -> tuple[Var, Affine] | None:
    """``a = 0`` as v = e, where e is plain (one variable or none) and provably in the range of v."""
    for v in sorted(a.variables, key=lambda v: v.key, reverse=True):
        c = a.coefficient(v)
        if abs(c) != 1:
            continue
        e = a.without(v).scaled(-c)
        if (e.sole_variable is not None or not e.variables) and always_within(e, v.extent):
            return v, e
    return None


def normalised(factors: dict[Atom, Fraction], c: Fraction) -> Form:
    """Settle the deltas and guards of one monomial; everything else in it is normal already."""
    indicators = [atom for atom in factors if atom.kind in ("delta", "guard")]
    if not indicators:
        return {sort_factors(factors): c}
    for atom in indicators:
        if factors[atom] < 0 or factors[atom].denominator != 1:
            raise Unsupported("division by an indicator")
    rest = {atom: q for atom, q in factors.items() if atom not in indicators}
    deltas = sorted((a for a in indicators if a.kind == "delta"), key=lambda a: a.key)
    guards = sorted((a for a in indicators if a.kind == "guard"), key=lambda a: a.key)
    for atom in deltas:  # delta(i - j) f(j) = delta(i - j) f(i)
        solution = solved(atom.data[0])
        if solution is None:
            continue
        v, e = solution
        others = {**rest, **dict.fromkeys((a for a in (*deltas, *guards) if a is not atom), ONE)}
        if any(v in other.variables for other in others):
            replaced = binders.replace({sort_factors(others): c}, {v: e})
            return multiply({((atom, ONE),): ONE}, replaced)
    exposed = _combined(deltas, guards, rest, c)
    if exposed is not None:
        return exposed
    kept = _independent_guards(guards)
    if kept is None:
        return {}
    return {sort_factors({**rest, **dict.fromkeys((*deltas, *kept), ONE)}): c}


def _combined(deltas: list[Atom], guards: list[Atom], rest: dict[Atom, Fraction], c: Fraction) -> Form | None:
    """Two compound deltas whose sum or difference is a plain equality: put that one in place of the second."""
    compound = [a for a in deltas if solved(a.data[0]) is None]
    for x, y in itertools.combinations(compound, 2):
        for sign in (-1, 1):
            z = x.data[0].plus(y.data[0], sign)
            if z.terms and solved(z) is None:
                continue
            others = dict.fromkeys((a for a in (*deltas, *guards) if a is not y), ONE)
            return multiply({sort_factors({**rest, **others}): c}, delta(z))
    return None


def _independent_guards(guards: list[Atom]) -> list[Atom] | None:
    """Drop guards that another one implies; None when two exclude each other."""
    kept = list(guards)
    for x, y in itertools.combinations(guards, 2):
        a, b = x.data[0], y.data[0]
        if always_negative(a.plus(b)):
            return None
        if x in kept and y in kept:
            if always_nonnegative(a.plus(b, -1)):
                kept.remove(x)
            elif always_nonnegative(b.plus(a, -1)):
                kept.remove(y)
    return kept
