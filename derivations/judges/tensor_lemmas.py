"""Lemmas on sums, as rewritings of a form whose sign is asked for.

lagrange       (sum f^2)(sum g^2) - (sum f g)^2 = 1/2 sum_ij (f_i g_j - f_j g_i)^2 >= 0
cross terms    (sum f)^2 - sum f^2 >= 0 for f >= 0
one term       sum f = f_e + r with r >= 0, for f >= 0 and an e in the range
attained       max f = f_v for some v; what holds for every v holds for that one
upper bound    max f = f_e + r with r >= 0
hidden square  sum_skl A_sk A_sl x_k x_l = sum_s (sum_k A_sk x_k)^2 >= 0
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction

from derivations.calculus.domains import NONNEGATIVE, POSITIVE
from derivations.calculus.kernel import ranges
from derivations.calculus.kernel.atoms import ONE, Atom, Form, Monomial
from derivations.calculus.kernel.binders import open_sum, rebuild, replace, sum_over
from derivations.calculus.kernel.elementary import absolute
from derivations.calculus.kernel.hypotheses import Rule, Rules
from derivations.calculus.kernel.ranges import Affine, Var, always_within, fresh_var, of
from derivations.calculus.kernel.signs import monomial_interval, positive
from derivations.calculus.kernel.terms import (
    add,
    constant,
    multiply,
    normalised,
    power,
    scale,
    single,
    sort_factors,
    subtract,
)
from derivations.calculus.symbols import Scalar

HALF = Fraction(1, 2)
MOST_SHARED = 2
MOST_PLACES = 4
LARGEST_DEGREE = 4


def without_squares(form: Form) -> Iterator[tuple[str, Form]]:
    """What is left of a form when a non-negative multiple of a lemma's left side is taken away."""
    for monomial, c in form.items():
        if c >= 0:
            continue
        for atom, q in monomial:
            if atom.kind != "sum" or q not in (1, 2):
                continue
            rest = {a: p for a, p in monomial if a != atom}
            cofactor = normalised(rest, -c)
            if not monomial_interval(sort_factors(rest)).nonnegative:
                continue
            gaps = _lagrange(atom) if q == 2 else itertools.chain(_cross_terms(atom), _lagrange_inside(atom))
            for name, gap in gaps:
                yield name, subtract(form, multiply(cofactor, gap))
    yield from _without_products(form)


def _without_products(form: Form) -> Iterator[tuple[str, Form]]:
    """(sum a)(sum b) is replaced by (sum sqrt(a b))^2, for a and b > 0."""
    for monomial, c in form.items():
        sums = [atom for atom, q in monomial if atom.kind == "sum" and q == 1]
        if c < 0 or len(sums) != 2 or sums[0].data[0] != sums[1].data[0]:
            continue
        rest = {a: p for a, p in monomial if a not in sums}
        (bound, first), (others, second) = map(open_sum, sums)
        second = replace(second, {v: of(w) for v, w in zip(others, bound, strict=True)})
        known = monomial_interval(sort_factors(rest)).nonnegative and _positive(first) and _positive(second)
        if known and len(first) == len(second) == 1:
            middle = power(sum_over(power(multiply(first, second), HALF), bound), 2)
            gap = subtract(multiply(single(sums[0]), single(sums[1])), middle)
            yield "Lagrange's identity", subtract(form, multiply(normalised(rest, c), gap))


def _lagrange(atom: Atom) -> Iterator[tuple[str, Form]]:
    """(sum f^2)(sum g^2) - (sum f g)^2 for the ways to write the summand as f g."""
    bound, body = open_sum(atom)
    if len(body) == 1:
        ((monomial, c),) = body.items()
        for squares in _products_of_squares(monomial, bound):
            yield "Lagrange's identity", subtract(squares, power(scale(single(atom), 1 / c), 2))


def _lagrange_inside(atom: Atom) -> Iterator[tuple[str, Form]]:
    """The same summed over the indices s that are held, for sum_s p_s (sum_k f_sk g_sk)^2 with p >= 0."""
    found = square_inside(atom)
    if found is None:
        return
    shared, held, bound, factors = found
    for squares in _products_of_squares(sort_factors(dict(factors)), bound):
        yield "Lagrange's identity", subtract(sum_over(multiply(held, squares), shared), single(atom))


def _products_of_squares(monomial: Monomial, bound: list[Var]) -> Iterator[Form]:
    for left, right in _splits(monomial):
        yield multiply(*(sum_over(multiply(part, part), bound) for part in (left, right)))


def _splits(monomial: Monomial) -> Iterator[tuple[Form, Form]]:
    weight = {atom: q * HALF for atom, q in monomial if positive(((atom, ONE),))}
    value = {atom: q for atom, q in monomial if atom not in weight}
    if weight:  # sqrt(w) and sqrt(w) x
        yield normalised(weight, ONE), multiply(normalised(weight, ONE), normalised(value, ONE))
    for size in range(len(monomial) // 2 + 1):
        for chosen in itertools.combinations(monomial, size):
            others = {atom: q for atom, q in monomial if (atom, q) not in chosen}
            yield normalised(dict(chosen), ONE), normalised(others, ONE)


def _cross_terms(atom: Atom) -> Iterator[tuple[str, Form]]:
    bound, body = open_sum(atom)
    if len(body) != 1:
        return
    ((monomial, c),) = body.items()
    root = constant(1)
    for a, q in monomial:
        if positive(((a, ONE),)):
            root = multiply(root, normalised({a: q * HALF}, ONE))
        elif q.denominator == 1 and q % 2 == 0:
            root = multiply(root, power(absolute(single(a)), q * HALF))
        else:
            return
    if c == 1:
        yield "a square of a sum", subtract(power(sum_over(root, bound), 2), single(atom))


def homogeneous(form: Form, rules: Rules) -> Iterator[tuple[str, Form]]:
    """Each term times a power of sum p / c, which is 1 by a hypothesis, so that all terms have one degree in p."""
    for rule in rules:
        if not isinstance(rule, Rule) or rule.variables or rule.pattern.kind != "sum" or set(rule.value()) != {()}:
            continue
        heads = [a.data[0] for a, _ in rule.pattern.data[1] if a.kind == "entry"]
        if len(set(heads)) != 1:
            continue
        degrees = {monomial: _degree(monomial, heads[0]) for monomial in form}
        highest, degree = max(degrees.values()), _degree(rule.pattern, heads[0])
        missing = {monomial: (highest - d) / degree for monomial, d in degrees.items()}
        if not any(missing.values()) or any(q.denominator > 1 or q > LARGEST_DEGREE for q in missing.values()):
            continue
        one = scale(single(rule.pattern), 1 / rule.value()[()])
        yield "what sums to a constant", add(*(multiply({m: c}, power(one, missing[m])) for m, c in form.items()))


def _degree(part, head) -> Fraction:
    """How many factors of an array a product has, those inside sums too; functions are not looked into."""
    if isinstance(part, Atom):
        if part.kind == "entry":
            return Fraction(part.data[0] == head)
        return _degree(part.data[1], head) if part.kind == "sum" else Fraction(0)
    return sum((q * _degree(atom, head) for atom, q in part), Fraction(0))


# ---- one term of a sum, and maxima -------------------------------------------------------------------------------


def opened_at_a_term(form: Form, fresh) -> Iterator[tuple[str, Form]]:
    """The form with a sum or a maximum written as one of its terms and a remainder that is not negative."""
    atoms = {atom for atom in every_atom(form) if atom.kind in ("sum", "maximum") and len(atom.data[0]) == 1}
    for atom in sorted(atoms, key=lambda a: (a.height, a.key)):
        (v,), body = open_sum(atom)
        if atom.kind == "maximum" and _signs(form, atom) == {-1}:
            continue
        if v.extent is None or (atom.kind == "sum" and not _nonnegative(body)):
            continue
        for e in _places(form, v):
            strict = atom.kind == "sum" and ranges.nonnegative(v.extent.shifted(-2)) and _positive(body)
            remainder = single(Atom("symbol", Scalar(fresh("r"), POSITIVE if strict else NONNEGATIVE)))
            value = add(replace(body, {v: e}), remainder)
            name = "a sum is at least each of its terms" if atom.kind == "sum" else "a maximum is an upper bound"
            yield name, exchanged(form, atom, value)


def attained(form: Form) -> Iterator[tuple[str, Form]]:
    """The form with one maximum replaced by the value at an index of which nothing is known."""
    for atom in sorted({a for a in every_atom(form) if a.kind == "maximum"}, key=lambda a: a.key):
        (v,), body = open_sum(atom)
        if _signs(form, atom) == {1} and _places(form, v):
            continue
        free = fresh_var(v.extent)
        yield "a maximum is attained", exchanged(form, atom, replace(body, {v: of(free)}))


def _signs(form: Form, atom: Atom) -> set[int]:
    """The signs of the terms that have the atom as a factor to the first power; 0 for any other occurrence."""
    signs = set()
    for monomial, c in form.items():
        if dict(monomial).get(atom) == 1 and monomial_interval(tuple(f for f in monomial if f[0] != atom)).nonnegative:
            signs.add(1 if c > 0 else -1)
        elif atom in every_atom({monomial: c}):
            signs.add(0)
    return signs


def exchanged(form: Form, old: Atom, new: Form) -> Form:
    return rebuild(form, lambda atom, q: power(new, q) if atom == old else None)


def every_atom(form: Form) -> set[Atom]:
    """The atoms of a form, those in the arguments of functions and powers too, but not those under a binder."""
    found: set[Atom] = set()

    def visit(part):
        if isinstance(part, Atom):
            found.add(part)
            if part.kind in ("function", "base", "exp"):
                visit(part.data)
        elif isinstance(part, tuple):
            for p in part:
                visit(p)

    visit(tuple(form))
    return found


def _places(form: Form, v: Var) -> list[Affine]:
    """Where an array is read outside of all sums, as far as it is in the range of v."""
    found: dict[Affine, None] = {}
    for atom in sorted(every_atom(form), key=lambda a: a.key):
        if atom.kind == "entry":
            found.update(dict.fromkeys(a for a in atom.data[1] if always_within(a, v.extent)))
    return list(found)[:MOST_PLACES]


def _nonnegative(form: Form) -> bool:
    return all(c > 0 and monomial_interval(m).nonnegative for m, c in form.items())


def _positive(form: Form) -> bool:
    return bool(form) and all(c > 0 and monomial_interval(m).positive for m, c in form.items())


# ---- hidden squares ----------------------------------------------------------------------------------------------


def squares_named(form: Form, fresh) -> Iterator[tuple[str, Form]]:
    """The form with a non-negative scalar for each sum that is a sum of squares and stands under no binder."""
    named = form
    for atom in sorted((a for a in every_atom(form) if a.kind == "sum"), key=lambda a: a.key):
        if is_sum_of_squares(atom):
            named = exchanged(named, atom, single(Atom("symbol", Scalar(fresh("q"), NONNEGATIVE))))
    if named != form:
        yield "a sum of squares", named


def is_sum_of_squares(atom: Atom) -> bool:
    """Whether the factors fall, some indices being held, into a factor >= 0 and pairs of equal sums."""
    bound, body = open_sum(atom)
    if len(body) != 1 or next(iter(body.values())) < 0:
        return False
    (monomial,) = body
    return any(_pairs(monomial, bound, shared) for shared in _shared(bound))


def _shared(bound: list[Var]) -> Iterator[tuple[Var, ...]]:
    for size in range(min(MOST_SHARED, len(bound) - 1) + 1):
        yield from itertools.combinations(bound, size)


Part = tuple[list[Var], list[tuple[Atom, Fraction]]]


def _pairs(monomial: Monomial, bound: list[Var], shared: tuple[Var, ...]) -> list[Part] | None:
    """The parts of a product that share only held indices, when they are pairs of equal sums; else None."""
    inner = [v for v in bound if v not in shared]
    held = {atom: q for atom, q in monomial if not atom.variables & set(inner)}
    if not monomial_interval(sort_factors(held)).nonnegative:
        return None
    parts = [([v for v in inner if v in names], factors) for names, factors in _components(monomial, set(inner))]
    sums = [sum_over({sort_factors(dict(factors)): ONE}, names) for names, factors in parts]
    return parts if parts and all(sums.count(part) % 2 == 0 for part in sums) else None


def square_inside(atom: Atom) -> tuple[list[Var], Form, list[Var], list[tuple[Atom, Fraction]]] | None:
    """A sum as sum_shared held (sum_bound product of factors)^2: (shared, held, bound, factors), or None."""
    bound, body = open_sum(atom)
    if len(body) != 1 or next(iter(body.values())) != 1:
        return None
    (monomial,) = body
    for shared in _shared(bound):
        parts = _pairs(monomial, bound, shared)
        if parts is not None and len(parts) == 2:
            inside = {factor for _, factors in parts for factor in factors}
            held = normalised({a: q for a, q in monomial if (a, q) not in inside}, ONE)
            return list(shared), held, *parts[0]
    return None


def _components(monomial: Monomial, bound: set[Var]) -> list[tuple[set[Var], list[tuple[Atom, Fraction]]]]:
    found: list[tuple[set[Var], list[tuple[Atom, Fraction]]]] = []
    for atom, q in monomial:
        names = set(atom.variables & bound)
        if not names:
            continue
        touching = [part for part in found if part[0] & names]
        found = [part for part in found if not part[0] & names]
        found.append((names.union(*(p[0] for p in touching)), [(atom, q), *(f for p in touching for f in p[1])]))
    return found
