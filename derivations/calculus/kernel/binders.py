"""Sums, products and expectations: closing, opening, and replacing index variables.

A closed sum binds canonical names that no open form contains (locally nameless), so capture cannot happen: opening
puts fresh variables in, closing chooses the names again.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import cache

from derivations.calculus.kernel import indicators
from derivations.calculus.kernel.ranges import ZERO, Affine, Dim, Var, always_within, fresh_var, nonnegative, of
from derivations.calculus.kernel.terms import (
    ONE,
    Atom,
    Form,
    Monomial,
    Unsupported,
    absolute,
    accumulate,
    affine_value,
    bound_variables,
    constant,
    exponential,
    frozen,
    function,
    logarithm,
    multiply,
    normalised,
    power,
    scale,
    sign,
    single,
    sort_factors,
    symbolic_power,
)
from derivations.calculus.substitution import named_objects
from derivations.calculus.symbols import Recurrence, Tensor

MOST_BOUND = 7  # indices in one connected sum
MOST_ORDERS = 720  # orders tried for a canonical name
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
    if kind == "mean":
        return power(expectation(rebuild({data[0]: ONE}, change)), q)
    return {((atom, q),): ONE}


def apply_function(name: str, arguments: list[Form]) -> Form:
    if name == "log":
        return logarithm(*arguments)
    if name == "abs":
        return absolute(*arguments)
    if name == "sign":
        return sign(*arguments)
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
            if (e.sole_variable is not None or not e.variables) and always_within(e, v.extent):
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


def canonical_sum(bound: list[Var], factors: list[tuple[Atom, Fraction]]) -> Form:
    """The closed sum, its indices named so that equal sums get equal names.

    A new name may turn a sign, as in tanh(x_k - x_l) = -tanh(x_l - x_k). Where the same sum comes out with both signs,
    it is its own negative: 0.
    """
    if len(bound) > MOST_BOUND:
        raise Unsupported("too many bound indices")
    height = 1 + max((atom.height for atom, _ in factors), default=0)
    form = {sort_factors(dict(factors)): ONE}
    best: tuple[str, Atom, Fraction] | None = None
    for order in _orders(bound, factors):
        extents = tuple(v.extent for v in order)
        names = bound_variables(extents, height)  # type: ignore[arg-type]
        renamed = replace(form, {v: of(name) for v, name in zip(order, names, strict=True)})
        if len(renamed) != 1:
            raise Unsupported("an index under another name splits the summand")
        ((monomial, c),) = renamed.items()
        key = f"{extents}{[(a.key, q) for a, q in monomial]}"
        if best is None or key < best[0]:
            best = key, Atom("sum", extents, monomial), c
        elif key == best[0] and c != best[2] and Atom("sum", extents, monomial) == best[1]:
            return {}
    assert best is not None
    return {((best[1], ONE),): best[2]}


def _orders(bound: list[Var], factors: list[tuple[Atom, Fraction]]):
    """Orders of the indices to try: those that an invariant of each index leaves open."""
    signature = {v: _signature(v, bound, factors) for v in bound}
    ranked = sorted(bound, key=lambda v: signature[v])
    groups = [list(g) for _, g in itertools.groupby(ranked, key=lambda v: signature[v])]
    orders = itertools.product(*(itertools.permutations(group) for group in groups))
    for tried, choice in enumerate(orders):
        if tried > MOST_ORDERS:
            raise Unsupported("too many symmetric indices")
        yield [v for group in choice for v in group]


def _signature(v: Var, bound: list[Var], factors: list[tuple[Atom, Fraction]]) -> tuple:
    """The same for an index whatever the others are called: its factors with all other names blanked."""
    shapes = []
    for atom, q in factors:
        if v in atom.variables:
            text = atom.key
            for w in bound:
                text = text.replace(w.key, "?" if w is v else "*")
            shapes.append(("".join(sorted(text)), str(q)))
    return str(v.extent), tuple(sorted(shapes))


# ---- products and expectations ----------------------------------------------------------------------------------


def product_over(form: Form, v: Var) -> Form:
    """The product over v: factors split, factors without v become powers, a product to n + c is peeled."""
    if v.extent is None:
        raise Unsupported("an endless product")
    if form == constant(1) or v.extent == ZERO:
        return constant(1)
    c, rest = v.extent.constant, Affine(0, v.extent.terms)
    if 0 < c <= LONGEST_PEEL and nonnegative(rest):
        result = constant(1)
        if rest != ZERO:
            shorter = fresh_var(rest)
            result = product_over(replace(form, {v: of(shorter)}), shorter)
        for position in range(1, c + 1):
            result = multiply(result, replace(form, {v: rest.shifted(position)}))
        return result
    if len(form) == 1:
        ((monomial, c),) = form.items()
        if monomial and (c != 1 or len(monomial) > 1):
            parts = [{((atom, q),): ONE} for atom, q in monomial]
            result = product_over(constant(c), v) if c != 1 else constant(1)
            for part in parts:
                result = multiply(result, product_over(part, v))
            return result
    if not any(v in atom.variables for monomial in form for atom, _ in monomial):
        return symbolic_power(form, v.extent)
    if len(form) == 1:
        ((monomial, _),) = form.items()
        ((atom, q),) = monomial
        if atom.kind == "exp":  # a product of exponentials is the exponential of the sum
            return exponential(scale(sum_over({atom.data[0]: ONE}, [v]), q))
        if q != 1 and q.denominator == 1:
            return power(product_over({((atom, ONE),): ONE}, v), q)
    height = 1 + max((a.height for m in form for a, _ in m), default=0)
    (name,) = bound_variables((v.extent,), height)
    body = replace(form, {v: of(name)})
    return {((Atom("product", (v.extent,), frozen(body)), ONE),): ONE}


def is_random(atom: Atom) -> bool:
    """Whether a random tensor occurs in an atom; inside an expectation nothing is random any more."""
    if atom.kind == "entry":
        return _reaches_random(atom.data[0])
    if atom.kind == "mean":
        return False
    return any(is_random(a) for a in _atoms_within(atom.data))


@cache
def _reaches_random(head: Tensor | Recurrence) -> bool:
    """Whether a tensor is random, or a recurrence is driven by one."""
    if isinstance(head, Recurrence):
        reach = named_objects(head.start) | named_objects(head.step)
        return any(isinstance(thing, Tensor) and thing.random for thing in reach)
    return head.random


def _atoms_within(part):
    if isinstance(part, Atom):
        yield part
    elif isinstance(part, tuple):
        for p in part:
            yield from _atoms_within(p)


def expectation(form: Form) -> Form:
    """Linearity: constants and finite sums leave the expectation; what stays is one product of random factors."""
    total: Form = {}
    for monomial, c in form.items():
        accumulate(total, scale(_expectation_monomial(monomial), c))
    return total


def _expectation_monomial(monomial: Monomial) -> Form:
    fixed = {atom: q for atom, q in monomial if not is_random(atom)}
    random = [(atom, q) for atom, q in monomial if atom not in fixed]
    outer = normalised(fixed, ONE)
    if not random:
        return outer
    for atom, q in random:
        if atom.kind == "sum" and q > 0 and q.denominator == 1:
            bound, body = open_sum(atom)
            rest = normalised({a: p for a, p in random if a is not atom}, ONE)
            again = multiply(body, rest, single(atom, q - 1))
            return multiply(outer, sum_over(expectation(again), bound))
    return multiply(outer, {((Atom("mean", sort_factors(dict(random))), ONE),): ONE})


def dims_of(form: Form) -> set[Dim]:
    """The sizes that occur anywhere in a form."""
    found: set[Dim] = set()

    def visit(part):
        if isinstance(part, Dim):
            found.add(part)
        elif isinstance(part, Atom):
            visit(part.data)
        elif isinstance(part, Affine):
            for v, _ in part.terms:
                visit(v)
        elif isinstance(part, Var):
            if part.extent is not None:
                visit(part.extent)
        elif isinstance(part, tuple):
            for p in part:
                visit(p)

    for monomial in form:
        visit(monomial)
    return found
