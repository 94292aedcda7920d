"""Sums: closing, opening, and replacing index variables.

A closed sum binds canonical names that no open form contains (locally nameless), so capture cannot happen: opening
puts fresh variables in, closing chooses the names again.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from derivations.calculus.kernel import indicators
from derivations.calculus.kernel.atoms import ONE, Atom, Form, Monomial, Unsupported, bound_variables
from derivations.calculus.kernel.elementary import (
    absolute,
    affine_value,
    cube_root,
    exponential,
    function,
    logarithm,
    sign,
)
from derivations.calculus.kernel.ranges import ZERO, Affine, Var, always_within, fresh_var, nonnegative, of
from derivations.calculus.kernel.terms import (
    accumulate,
    constant,
    multiply,
    normalised,
    power,
    scale,
    sort_factors,
    symbolic_power,
)

MOST_BOUND = 7  # indices in one connected sum
LONGEST_PEEL = 8  # last terms split off a sum to n + c

Change = Callable[[Atom, Fraction], Form | None]


# ---- entries ----------------------------------------------------------------------------------------------------


def entry(tensor, subscripts: Iterable[Affine]) -> Form:
    """``tensor[a, ...]``, subscripts counted from 1. A compound subscript becomes sum_p delta(p - a) tensor[p].

    Outside its axes a tensor counts as 0: the surface language has checked every access that is not declared padded,
    and a widened causal range is cut by its guard.
    """
    plain: list[Affine] = []
    bound: list[Var] = []
    deltas = constant(1)
    for a, (low, high) in zip(subscripts, tensor.axes, strict=True):
        extent = _extent(low, high)
        if not a.variables:
            if always_within(a, extent):
                plain.append(a)
                continue
            raise Unsupported(f"whether {a} is an index of {tensor.name} depends on the sizes")
        v = a.sole_variable
        if v is not None and always_within(a, extent):
            plain.append(a)
            continue
        p = fresh_var(extent)
        bound.append(p)
        deltas = multiply(deltas, indicators.delta(of(p).plus(a, -1)))
        plain.append(of(p))
    atom = {((Atom("entry", tensor, tuple(plain)), ONE),): ONE}
    return sum_over(multiply(deltas, atom), bound) if bound else atom


def _extent(low, high) -> Affine | None:
    import sympy as sp

    from derivations.calculus.kernel.translation import size_form

    return None if high is sp.oo else size_form(high - low + 1)


# ---- rebuilding -------------------------------------------------------------------------------------------------


def rebuild(form: Form, change: Change) -> Form:
    """Apply ``change`` to every atom, outermost first; where it answers None, descend and rebuild the atom."""
    total: Form = {}
    for monomial, c in form.items():
        kept: dict[Atom, Fraction] = {}
        others: list[Form] = []
        for atom, q in monomial:
            new = change(atom, q)
            if new is None:
                new = _descend(atom, q, change)
            if len(new) == 1 and next(iter(new.items())) == (((atom, q),), ONE):
                kept[atom] = q
            else:
                others.append(new)
        accumulate(total, multiply(normalised(kept, c), *others))
    return total


def _descend(atom: Atom, q: Fraction, change: Change) -> Form:
    from derivations.calculus.kernel.maxima import maximum_over
    from derivations.calculus.kernel.products import expectation, product_over

    kind, data = atom.kind, atom.data
    if kind == "exp":
        return exponential(scale(rebuild({data[0]: ONE}, change), q))
    if kind == "power":
        base, v = data
        return symbolic_power(rebuild(dict(base), change), of(v), q)
    if kind == "function":
        return power(apply_function(data[0], [rebuild(dict(a), change) for a in data[1:]]), q)
    if kind == "base":
        return power(rebuild(dict(data[0]), change), q)
    if kind == "sum":
        bound, body = open_sum(atom)
        return power(sum_over(rebuild(body, change), bound), q)
    if kind == "product":
        (v,), body = open_sum(atom)
        return power(product_over(rebuild(body, change), v), q)
    if kind == "maximum":
        (v,), body = open_sum(atom)
        return power(maximum_over(rebuild(body, change), v), q)
    if kind == "mean":
        return power(expectation(rebuild({data[0]: ONE}, change)), q)
    return {((atom, q),): ONE}


def apply_function(name: str, arguments: list[Form]) -> Form:
    from derivations.calculus.kernel import special

    if name == "log":
        return logarithm(*arguments)
    if name == "abs":
        return absolute(*arguments)
    if name == "sign":
        return sign(*arguments)
    if name == "cbrt":
        return cube_root(*arguments)
    if name in special.SLOPES:
        return special.special(name, *arguments)
    return function(name, *arguments)


def replace(form: Form, mapping: Mapping[Var, Affine]) -> Form:
    """Replace free index variables by affine forms."""

    def change(atom: Atom, q: Fraction) -> Form | None:
        if not any(v in mapping for v in atom.variables):
            return {((atom, q),): ONE}
        kind, data = atom.kind, atom.data
        if kind == "entry":
            return power(entry(data[0], [a.replaced(mapping) for a in data[1]]), q)
        if kind == "delta":
            return indicators.delta(data[0].replaced(mapping))
        if kind == "guard":
            return indicators.guard(data[0].replaced(mapping))
        if kind == "index":
            return power(affine_value(mapping[data[0]]), q)
        if kind == "power" and data[1] in mapping:
            return symbolic_power(replace(dict(data[0]), mapping), mapping[data[1]], q)
        return None

    return rebuild(form, change)


# ---- opening and closing ----------------------------------------------------------------------------------------


def open_sum(atom: Atom) -> tuple[list[Var], Form]:
    """The summand (or factor) with fresh variables in place of the bound ones."""
    extents, body = atom.data
    form = {body: ONE} if atom.kind == "sum" else dict(body)
    fresh = [fresh_var(extent) for extent in extents]
    names = bound_variables(extents, atom.height)
    return fresh, replace(form, {name: of(v) for name, v in zip(names, fresh, strict=True)})


def sum_over(form: Form, bound: Iterable[Var]) -> Form:
    """The sum of a form over the ranges of ``bound``."""
    bound = list(bound)
    if not bound:
        return form
    if any(v.extent == ZERO for v in bound):
        return {}
    total: Form = {}
    for monomial, c in form.items():
        accumulate(total, scale(_sum_monomial(monomial, bound), c))
    return total


def _sum_monomial(monomial: Monomial, bound: list[Var]) -> Form:
    for step in (_contract, _open_inner, _peel):
        done = step(monomial, bound)
        if done is not None:
            return done
    return _separate(monomial, bound)


def _contract(monomial: Monomial, bound: list[Var]) -> Form | None:
    """sum_v delta(v - e) f(v) = f(e), when e is provably in the range of v."""
    for atom, _ in monomial:
        if atom.kind != "delta":
            continue
        a = atom.data[0]
        for v in bound:
            c = a.coefficient(v)
            if abs(c) != 1:
                continue
            e = a.without(v).scaled(-c)
            alone = not any(v in other.variables for other, _ in monomial if other is not atom)
            if (alone or e.sole_variable is not None or not e.variables) and always_within(e, v.extent):
                rest = {tuple(f for f in monomial if f[0] is not atom): ONE}
                return sum_over(replace(rest, {v: e}), [w for w in bound if w is not v])
    return None


def _open_inner(monomial: Monomial, bound: list[Var]) -> Form | None:
    """Whole powers of inner sums that depend on the bound indices become part of this sum."""
    for atom, q in monomial:
        if atom.kind == "sum" and q > 0 and q.denominator == 1 and atom.variables & set(bound):
            result: Form = {tuple(f for f in monomial if f[0] is not atom): ONE}
            inner: list[Var] = []
            for _ in range(int(q)):
                fresh, body = open_sum(atom)
                inner += fresh
                result = multiply(result, body)
            if len(bound) + len(inner) > MOST_BOUND:
                raise Unsupported("too many nested sums")
            return sum_over(result, [*bound, *inner])
    return None


def _peel(monomial: Monomial, bound: list[Var]) -> Form | None:
    """sum to n + c = sum to n, and the last c terms; a sum over a number of terms is written out."""
    for v in bound:
        if v.extent is None or v.extent.constant <= 0:
            continue
        rest = Affine(0, v.extent.terms)
        c = v.extent.constant
        if c > LONGEST_PEEL or not nonnegative(rest):
            continue
        others = [w for w in bound if w is not v]
        form = {monomial: ONE}
        total: Form = {}
        if rest != ZERO:
            shorter = fresh_var(rest)
            accumulate(total, sum_over(replace(form, {v: of(shorter)}), [*others, shorter]))
        for position in range(1, c + 1):
            accumulate(total, sum_over(replace(form, {v: rest.shifted(position)}), others))
        return total
    return None


def _separate(monomial: Monomial, bound: list[Var]) -> Form:
    """Take out what does not depend on the indices, count unused ones, split the rest into connected components."""
    bound_set = set(bound)
    outer = {atom: q for atom, q in monomial if not atom.variables & bound_set}
    inner = [(atom, q) for atom, q in monomial if atom.variables & bound_set]
    used = {v for atom, _ in inner for v in atom.variables & bound_set}
    result = normalised(outer, ONE)
    for v in bound:
        if v not in used:
            result = multiply(result, count(v))
    components: list[tuple[set[Var], list[tuple[Atom, Fraction]]]] = []
    for atom, q in inner:
        names = set(atom.variables & bound_set)
        touching = [c for c in components if c[0] & names]
        components = [c for c in components if not c[0] & names]
        merged = names.union(*(c[0] for c in touching))
        components.append((merged, [(atom, q), *(f for c in touching for f in c[1])]))
    for names, factors in components:
        result = multiply(result, _component(sorted(names, key=lambda v: v.key), factors))
    return result


def count(v: Var) -> Form:
    if v.extent is None:
        raise Unsupported("an endless sum of a constant")
    return affine_value(v.extent)


def _component(bound: list[Var], factors: list[tuple[Atom, Fraction]]) -> Form:
    from derivations.calculus.kernel import closed_sums
    from derivations.calculus.kernel.canonical import canonical_sum

    if any(v.extent is None for v in bound) and not any(a.kind == "delta" for a, _ in factors):
        raise Unsupported("an endless sum")
    for v in bound:
        own = [(a, q) for a, q in factors if v in a.variables]
        closed = closed_sums.closed_form(v, own)
        if closed is not None:
            outer = normalised({a: q for a, q in factors if v not in a.variables}, ONE)
            return sum_over(multiply(outer, closed), [w for w in bound if w is not v])
    smaller = _cancel_subsum(bound, factors)
    if smaller is not None:
        return smaller
    return canonical_sum(bound, factors)


def _cancel_subsum(bound: list[Var], factors: list[tuple[Atom, Fraction]]) -> Form | None:
    """sum_ik a_ik b_i (sum_k a_ik)**-1 = sum_i b_i: do the inner sum when its inverse is a factor."""
    inverses = {atom for atom, q in factors if atom.kind == "sum" and q < 0}
    if not inverses or len(bound) < 2:
        return None
    for length in range(1, len(bound)):
        for chosen in itertools.combinations(bound, length):
            inner = [(a, q) for a, q in factors if a.variables & set(chosen)]
            if len(inner) == len(factors):
                continue
            outer = {a: q for a, q in factors if not a.variables & set(chosen)}
            done = _sum_monomial(sort_factors(dict(inner)), list(chosen))
            if len(done) == 1 and any(atom in inverses for atom, _ in next(iter(done))):
                return sum_over(multiply(normalised(outer, ONE), done), [v for v in bound if v not in chosen])
    return None
