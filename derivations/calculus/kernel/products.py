"""Products over an index, expectations of random factors, and the sizes that a form mentions."""

from __future__ import annotations

from functools import cache

from derivations.calculus.kernel.atoms import ONE, Atom, Form, Monomial, Unsupported, bound_variables
from derivations.calculus.kernel.binders import LONGEST_PEEL, open_sum, replace, sum_over
from derivations.calculus.kernel.elementary import exponential
from derivations.calculus.kernel.ranges import ZERO, Affine, Dim, Var, dim, fresh_var, nonnegative, of
from derivations.calculus.kernel.terms import (
    accumulate,
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
