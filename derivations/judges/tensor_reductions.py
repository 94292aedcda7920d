"""What a form >= 0 may be reduced to: sums term by term, tangents, moduli, logarithms, squares, no denominators."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from derivations.calculus.kernel.atoms import ONE, Atom, Form, Monomial
from derivations.calculus.kernel.binders import open_sum, replace, sum_over
from derivations.calculus.kernel.elementary import exponential
from derivations.calculus.kernel.ranges import Affine, Dim, Var, fresh_var, nonnegative, of
from derivations.calculus.kernel.signs import monomial_interval
from derivations.calculus.kernel.terms import (
    accumulate,
    add,
    constant,
    multiply,
    normalised,
    power,
    scale,
    sort_factors,
    subtract,
)
from derivations.judges.tensor_lemmas import every_atom, exchanged


def without_denominators(form: Form) -> Form:
    """Times what the statement divides by, where that has a sign, else times its square."""
    for _ in range(8):
        least: dict[Atom, Fraction] = {}
        for monomial in form:
            for atom, q in monomial:
                if q < 0 and atom.kind not in ("exp", "prime"):
                    least[atom] = min(q, least.get(atom, q))
        if not least:
            return form
        atom = max(least, key=lambda a: (a.kind == "base", a.height, a.key))
        q = -least[atom]
        if not monomial_interval(((atom, ONE),)).nonnegative:
            q = Fraction(2 * -(-q.numerator // (2 * q.denominator)))
        if atom.kind == "base":
            cleared: Form = {}
            for monomial, c in form.items():
                factors = dict(monomial)
                p = factors.pop(atom, Fraction(0)) + q
                up, part = p.numerator // p.denominator, p % 1
                term = multiply(normalised(factors, c), power(dict(atom.data[0]), up))
                accumulate(cleared, multiply(term, {((atom, part),): ONE}) if part else term)
            form = cleared
        else:
            form = multiply(form, normalised({atom: q}, ONE))
    return form


MOST_SQUARED = 3


class Group(NamedTuple):
    """``total`` summed over ``bound``; ``counts`` when it counts at least once, with a factor > 0."""

    bound: list[Var]
    total: Form
    counts: bool


def grouped(form: Form, apart: bool) -> list[Group] | None:
    """The summands of the sums over one range, and the terms without a sum, each with whether it counts at least once.

    With ``apart`` a cofactor >= 0 stays outside and makes a group of its own, else it goes into the summand.
    None where a term has several sums, or nothing would change.
    """
    extents = {a.data[0][0] for m in form for a, q in m if a.kind == "sum" and q == 1 and len(a.data[0]) == 1}
    rest: Form = {}
    groups: dict[tuple, list[tuple[Atom | None, Fraction, Form]]] = {}
    for monomial, c in form.items():
        sums = [atom for atom, q in monomial if atom.kind == "sum"]
        if not sums:
            counted = _count(monomial, extents)
            if counted is None:
                rest[monomial] = c
            else:
                others, extent = counted
                groups.setdefault(((), (extent,)), []).append((None, c, {others: ONE}))
            continue
        if len(sums) > 1 or dict(monomial)[sums[0]] != 1:
            return None
        others = tuple(f for f in monomial if f[0] != sums[0])
        nonneg = apart and monomial_interval(others).nonnegative
        key, inside = (others, constant(1)) if nonneg else ((), {others: ONE})
        groups.setdefault((key, sums[0].data[0]), []).append((sums[0], c, inside))
    if not groups:
        return None
    goals = [_summand(extents, members, cofactor) for (cofactor, extents), members in groups.items()]
    return [*goals, Group([], rest, True)] if rest else goals


def _count(monomial, extents: set[Affine]):
    for extent in sorted((e for e in extents if e is not None), key=str):
        if extent.constant == 0 and len(extent.terms) == 1:
            size, c = extent.terms[0]
            atom = Atom("dim", size)
            if c == 1 and isinstance(size, Dim) and dict(monomial).get(atom) == 1:
                return tuple(f for f in monomial if f[0] != atom), extent
    return None


def _summand(extents, members, cofactor) -> Group:
    common = [fresh_var(extent) for extent in extents]
    total: Form = {}
    for atom, c, factor in members:
        body = constant(1)
        if atom is not None:
            names, opened = open_sum(atom)
            body = replace(opened, {v: of(w) for v, w in zip(names, common, strict=True)})
        accumulate(total, scale(multiply(body, factor), c))
    inhabited = all(extent is not None and nonnegative(extent.shifted(-1)) for extent in extents)
    return Group(common, total, inhabited and monomial_interval(cofactor).positive)


def by_tangents(form: Form) -> Iterator[tuple[str, Form]]:
    """Less than the form: p (1 - 1/v) for each p log v with p >= 0, a product of several logarithms taken as one."""
    groups = grouped(form, False) or [Group([], form, True)]
    lower = [_with_tangents(group.total) for group in groups]
    if all(part is None for part in lower):
        return
    parts = [g.total if part is None else part for g, part in zip(groups, lower, strict=True)]
    yield "log u <= u - 1", add(*(sum_over(part, g.bound) for g, part in zip(groups, parts, strict=True)))


def _with_tangents(form: Form) -> Form | None:
    inverses: dict[Monomial, Form] = {}
    rest: Form = {}
    for monomial, c in form.items():
        logs = [a for a, q in monomial if a.kind == "function" and a.data[0] == "log" and q == 1]
        others = tuple(f for f in monomial if f[0] not in logs)
        if len(logs) != 1 or c.denominator != 1 or not monomial_interval(others).nonnegative:
            rest[monomial] = c
            continue
        inverse = power(dict(logs[0].data[1]), -c)
        inverses[others] = multiply(inverses.get(others, constant(1)), inverse)
    if not inverses:
        return None
    return add(rest, *(multiply({others: ONE}, subtract(constant(1), v)) for others, v in inverses.items()))


def both_signs(form: Form) -> Iterator[tuple[str, Form, Form]]:
    """f(|u|) = min(f(u), f(-u)) where |u| stands to the first power with factors that make it not positive."""
    for atom in sorted(every_atom(form), key=lambda a: a.key):
        if atom.kind != "function" or atom.data[0] != "abs":
            continue
        terms = {m: c for m, c in form.items() if atom in dict(m)}
        others = [({a: q for a, q in m if a != atom}, c, dict(m)[atom]) for m, c in terms.items()]
        if not others or any(
            c > 0 or q != 1 or not monomial_interval(sort_factors(rest)).nonnegative for rest, c, q in others
        ):
            continue
        u = dict(atom.data[1])
        yield "both signs of a modulus", exchanged(form, atom, u), exchanged(form, atom, scale(u, -ONE))


def raised_to_e(form: Form) -> Iterator[tuple[str, Form]]:
    """e^f - 1, when f has a logarithm among its terms."""
    logs = [c for m, c in form.items() if len(m) == 1 and m[0][0].kind == "function" and m[0][0].data[0] == "log"]
    if logs and all(c.denominator == 1 for c in logs):
        yield "monotony of exp", subtract(exponential(form), constant(1))


def squared(form: Form, always: bool) -> Iterator[tuple[str, Form]]:
    """a^2 - b^2 for f = a - b, a the terms that are provably >= 0: then f >= 0 if a^2 >= b^2.

    For forms with roots, and for others when a hypothesis may speak of squares.
    """
    above = {m: c for m, c in form.items() if c > 0 and monomial_interval(m).nonnegative}
    roots = {m: c for m, c in above.items() if any(q.denominator > 1 for _, q in m)}
    if not (always and len(form) <= MOST_SQUARED) and not any(q.denominator > 1 for m in form for _, q in m):
        return
    for part in (above, roots) if roots != above else (above,):
        below = {m: c for m, c in form.items() if m not in part}
        if part and below:
            yield "squares of both sides", subtract(power(part, 2), power(below, 2))
