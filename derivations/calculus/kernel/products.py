"""Products over an index, expectations of random factors, and the sizes that a form mentions."""

from __future__ import annotations

from functools import cache

from derivations.calculus.kernel.atoms import ONE, Atom, Form, Monomial, Unsupported, bound_variables
from derivations.calculus.kernel.binders import LONGEST_PEEL, apply_function, open_sum, replace, sum_over
from derivations.calculus.kernel.elementary import exponential
from derivations.calculus.kernel.ranges import ZERO, Affine, Dim, Var, always_within, dim, fresh_var, nonnegative, of
from derivations.calculus.kernel.signs import nonzero
from derivations.calculus.kernel.terms import (
    accumulate,
    add,
    constant,
    frozen,
    multiply,
    normalised,
    power,
    scale,
    single,
    sort_factors,
    symbolic_power,
)
from derivations.calculus.substitution import named_objects
from derivations.calculus.symbols import Recurrence, Size, Tensor


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
    skipping = exception(form, v)
    if skipping is not None and nonzero(skipping[0]):
        return without_exception(skipping, v)
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
        if q == 1 and atom.kind == "function" and atom.data[0] in ("abs", "sign"):  # |prod f| = prod |f|, at 0 too
            return apply_function(atom.data[0], [product_over(dict(atom.data[1]), v)])
    height = 1 + max((a.height for m in form for a, _ in m), default=0)
    (name,) = bound_variables((v.extent,), height)
    body = replace(form, {v: of(name)})
    return {((Atom("product", (v.extent,), frozen(body)), ONE),): ONE}


def exception(form: Form, v: Var) -> tuple[Form, Form, Affine] | None:
    """``f + delta(v - e) h`` as (f, h, e), when e is provably in the range of v; None for any other form."""
    usual: Form = {}
    extra: Form = {}
    places: set[Affine] = set()
    for monomial, c in form.items():
        delta = next((atom for atom, _ in monomial if atom.kind == "delta" and v in atom.variables), None)
        if delta is None:
            usual[monomial] = c
            continue
        coefficient = delta.data[0].coefficient(v)
        places.add(delta.data[0].without(v).scaled(-coefficient))
        if abs(coefficient) != 1:
            return None
        extra[tuple(factor for factor in monomial if factor[0] is not delta)] = c
    if len(places) != 1 or not usual:
        return None
    (e,) = places
    return (usual, extra, e) if always_within(e, v.extent) else None


def without_exception(parts: tuple[Form, Form, Affine], v: Var) -> Form:
    """prod_v (f + delta(v - e) h) = (f(e) + h(e)) / f(e) prod_v f, for f(e) not 0."""
    usual, extra, e = parts
    here = replace(usual, {v: e})
    return multiply(add(here, replace(extra, {v: e})), power(here, -1), product_over(usual, v))


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
    """The sizes that a form depends on, through the shapes of its arrays and the steps of its recurrences too."""
    found: set[Dim] = set()

    def visit(part):
        if isinstance(part, Dim):
            found.add(part)
        elif isinstance(part, Atom):
            visit(part.data)
            if part.kind == "entry":
                found.update(_sizes_behind(part.data[0]))
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


@cache
def _sizes_behind(head: Tensor | Recurrence) -> frozenset[Dim]:
    """The sizes in the shape of a tensor, or anywhere in what drives a recurrence."""
    if isinstance(head, Recurrence):
        reach = named_objects(head.start) | named_objects(head.step)
        symbols = reach.union(*(thing.free_symbols for thing in reach))
    else:
        symbols = head.free_symbols
    return frozenset(dim(s.name, s.minimum) for s in symbols if isinstance(s, Size))
