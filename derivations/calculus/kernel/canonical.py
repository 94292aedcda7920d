"""The canonical name of a closed sum: equal sums get equal atoms, whatever their indices were called."""

from __future__ import annotations

import itertools
from fractions import Fraction

from derivations.calculus.kernel.atoms import ONE, Atom, Form, Unsupported, bound_variables
from derivations.calculus.kernel.binders import MOST_BOUND, replace
from derivations.calculus.kernel.ranges import Var, of
from derivations.calculus.kernel.terms import sort_factors

MOST_ORDERS = 720  # orders tried for a canonical name


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
