"""The ball refuter: a statement evaluated at exact points in rigorous arithmetic, from the SymPy source itself.

    evaluate(expression, point)     a ball that contains the value
    refute(statement, hypotheses)   refuted with a witness, consistent, or untested

Sums are added term by term, derivatives are taken with dual numbers, expectations over a small finite probability
space. Nothing here knows the normal form of the kernel, substitution or SymPy's simplification: that is the point.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, reduce
from typing import NamedTuple

import sympy as sp

from derivations.calculus import functions as field_functions
from derivations.calculus.operators import Binder, D, Delta, Expectation, Limit, Product, Sum
from derivations.calculus.symbols import Defined, Definition, Entry, Index, Recurrence, Scalar, Size, Tensor
from derivations.judges import ball_arithmetic as ba


class NotEvaluable(Exception):
    """The expression has no value that this judge can compute at this point; the message says why."""


class OutOfTime(Exception):
    """The time given to the judge is used up."""


# ---- what an expression depends on -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Footprint:
    """Free indices, and every size, scalar, array and (nameless) definition in reach, inside definitions too."""

    indices: frozenset[Index] = frozenset()
    objects: frozenset = frozenset()
    random: bool = False  # depends on the outcome: a random entry outside the expectations inside

    def __or__(self, other: Footprint) -> Footprint:
        return Footprint(self.indices | other.indices, self.objects | other.objects, self.random or other.random)

    def without(self, *symbols: sp.Symbol) -> Footprint:
        return replace(self, indices=self.indices - set(symbols), objects=self.objects - set(symbols))


@lru_cache(maxsize=20_000)
def footprint(e: sp.Basic) -> Footprint:
    if isinstance(e, Index):
        return Footprint(indices=frozenset({e}))
    if isinstance(e, (Size, Scalar)):
        return Footprint(objects=frozenset({e}))
    if isinstance(e, Entry):
        of_array = Footprint(objects=frozenset({e.tensor}), random=e.tensor.random)
        return _union(e.subscripts) | _union(end for axis in e.tensor.axes for end in axis) | of_array
    if isinstance(e, Defined):
        return _union(e.subscripts) | _body_footprint(e.head) | Footprint(objects=frozenset({nameless(e.head)}))
    if isinstance(e, Binder):
        inner = footprint(e.body)
        for k in reversed(e.bound):
            inner = inner.without(k) | footprint(k.low) | footprint(k.high)
        return inner
    if isinstance(e, Limit):
        return footprint(e.function).without(e.variable)
    found = _union(e.args)
    return replace(found, random=False) if isinstance(e, Expectation) else found


def _union(expressions) -> Footprint:
    return reduce(Footprint.__or__, map(footprint, expressions), Footprint())


def _body_footprint(head: Definition | Recurrence) -> Footprint:
    ends = _union(end for k in head.parameters for end in (k.low, k.high))
    if isinstance(head, Definition):
        return footprint(head.body).without(*head.parameters) | ends
    return footprint(head.start) | footprint(head.step).without(head.parameter, head.previous) | ends


@lru_cache(maxsize=20_000)
def nameless(head: sp.Basic) -> sp.Basic | tuple:
    """A definition without the names of its bound indices: equal for two that differ in those names only."""

    def scoped(kind, bound, body, levels):
        ranges = []
        for k in bound:
            ranges += [walk(k.low, levels), walk(k.high, levels)] if isinstance(k, Index) else [k]
            levels = {**levels, k: 1 + max(levels.values(), default=0)}
        return (kind, *ranges, walk(body, levels))

    def walk(e, levels):
        if e in levels:
            return ("bound", levels[e])
        if isinstance(e, Binder):
            return scoped(type(e), e.bound, e.body, levels)
        if isinstance(e, Definition):
            return (e.name, scoped(Definition, e.parameters, e.body, levels))
        if isinstance(e, Recurrence):
            step = scoped(Recurrence, (e.parameter, e.previous), e.step, levels)
            return (e.name, walk(e.start, levels), step)
        return (type(e), *(walk(a, levels) for a in e.args)) if e.args else e

    return walk(head, {})


# ---- evaluation ------------------------------------------------------------------------------------------------


class Perturbation(NamedTuple):
    """One derivative being taken: ``target`` (scalar, array or nameless definition) at ``subscripts`` moves by e_tag."""

    target: sp.Basic | tuple
    subscripts: tuple[int, ...]
    tag: int


@dataclass(frozen=True)
class Scope:
    """What surrounds a sub-expression: values of indices, derivatives being taken, the outcome of the experiment."""

    indices: Mapping[Index, int] = field(default_factory=dict)
    previous: Mapping[Scalar, ba.Number] = field(default_factory=dict)  # m[t-1] inside the step of a recurrence
    perturbations: tuple[Perturbation, ...] = ()  # outermost first, tags rising
    outcome: int | None = None
    depth: int = 0  # the largest tag ever used around here; never falls, so no two perturbations are confused

    def bind(self, k: Index, value: int) -> Scope:
        return replace(self, indices={**self.indices, k: value})


class Evaluator:
    """Evaluates expressions with the numbers of one point; ``values`` is a :class:`points.Values`.

    Sums, definitions, derivatives and expectations are remembered by all that they depend on.
    """

    def __init__(self, values, deadline: float = float("inf")):
        self.values, self.deadline = values, deadline
        self._memo: dict[tuple, ba.Number] = {}

    def value(self, e: sp.Expr, scope: Scope) -> ba.Number:
        """The value of ``e``; raises NotEvaluable for what has none here, OutOfTime after the deadline."""
        if not isinstance(e, _REMEMBERED):
            return _rule(type(e))(self, e, scope)
        key = self._key(e, scope)
        if key is None:
            return _rule(type(e))(self, e, scope)
        if key not in self._memo:
            self._memo[key] = _rule(type(e))(self, e, scope)
        return self._memo[key]

    def integer(self, e: sp.Expr, scope: Scope) -> int:
        """The value of a subscript, an end of a range, an argument of delta."""
        if e.is_Integer:
            return int(e)
        x = self.value(e, scope)
        if not (ba.is_exact(x) and x.q == 1):
            raise NotEvaluable(f"{e} is used as an index and is not a whole number here")
        return int(x.p)

    def integers(self, subscripts, scope: Scope) -> tuple[int, ...]:
        return tuple(self.integer(s, scope) for s in subscripts)

    def span(self, k: Index, scope: Scope) -> range:
        """The values of an index; empty when its ends cross."""
        if sp.oo in (k.high, -k.low):
            raise NotEvaluable(f"the range of {k}, {k.low}..{k.high}, has no end")
        return range(self.integer(k.low, scope), self.integer(k.high, scope) + 1)

    def scopes(self, bound: tuple[Index, ...], scope: Scope) -> Iterator[Scope]:
        """One scope for each value of the bound indices; a range may depend on the indices bound before it."""
        if not bound:
            if time.monotonic() > self.deadline:
                raise OutOfTime
            yield scope
            return
        for value in self.span(bound[0], scope):
            yield from self.scopes(bound[1:], scope.bind(bound[0], value))

    def _key(self, e: sp.Expr, scope: Scope) -> tuple | None:
        seen = footprint(e)
        if any(s in seen.objects for s in scope.previous):
            return None
        where = frozenset((k, scope.indices.get(k)) for k in seen.indices)
        moved = tuple(p for p in scope.perturbations if p.target in seen.objects)
        return e, where, moved, scope.outcome if seen.random else None

    # one rule a kind of node

    def _number(self, e, scope):
        return ba.rational(int(e.p), int(e.q))

    def _constant(self, e, scope):
        return ba.CONSTANTS[str(e)]()

    def _undefined(self, e, scope):
        return ba.UNDEFINED

    def _size(self, e, scope):
        if e not in self.values.sizes:
            raise NotEvaluable(f"the size {e} has no value here")
        return ba.rational(self.values.sizes[e])

    def _index(self, e, scope):
        if e not in scope.indices:
            raise NotEvaluable(f"the index {e} has no value here")
        return ba.rational(scope.indices[e])

    def _scalar(self, e, scope):
        base = scope.previous[e] if e in scope.previous else self.values.scalar(e)
        return _perturbed(base, e, (), scope.perturbations)

    def _entry(self, e, scope):
        at = self.integers(e.subscripts, scope)
        for position, (low, high) in zip(at, e.tensor.axes, strict=True):
            inside = position >= self.integer(low, scope) and (high is sp.oo or position <= self.integer(high, scope))
            if not inside and e.tensor.padded:
                return ba.ZERO
            if not inside:
                raise NotEvaluable(f"{e.tensor.name}{list(at)} is outside the array")
        if e.tensor.random and scope.outcome is None:
            raise NotEvaluable(f"{e} is random and stands outside every expectation")
        base = self.values.entry(e.tensor, at, scope.outcome if e.tensor.random else None)
        return _perturbed(base, e.tensor, at, scope.perturbations)

    def _add(self, e, scope):
        return reduce(ba.add, (self.value(a, scope) for a in e.args))

    def _mul(self, e, scope):
        return reduce(ba.multiply, (self.value(a, scope) for a in e.args))

    def _pow(self, e, scope):
        return ba.power(self.value(e.base, scope), self.value(e.exp, scope))

    def _delta(self, e, scope):
        i, j = self.integers(e.args, scope)
        return ba.ONE if i == j else ba.ZERO

    def _sum(self, e, scope):
        return reduce(ba.add, (self.value(e.body, inner) for inner in self.scopes(e.bound, scope)), ba.ZERO)

    def _product(self, e, scope):
        return reduce(ba.multiply, (self.value(e.body, inner) for inner in self.scopes(e.bound, scope)), ba.ONE)

    def _maximum(self, e, scope):
        return reduce(ba.maximum, (self.value(a, scope) for a in e.args))

    def _minimum(self, e, scope):
        return reduce(ba.minimum, (self.value(a, scope) for a in e.args))

    def _limit(self, e, scope):
        raise NotEvaluable("a limit cannot be decided by evaluation")

    def _defined(self, e, scope):
        at, target = self.integers(e.subscripts, scope), nameless(e.head)
        held = [p for p in scope.perturbations if p.target == target]
        if not held:
            return self._unfolded(e.head, at, scope)
        # held as an independent array: its own value does not move with this derivative or with those inside it
        outer = tuple(p for p in scope.perturbations if p.tag < held[0].tag)
        base = self._unfolded(e.head, at, replace(scope, perturbations=outer))
        return _perturbed(base, target, (*at, *_implicit(e.head, scope)), tuple(held))

    def _unfolded(self, head, at, scope):
        for k, position in zip(head.parameters, at, strict=True):
            low = head.first if isinstance(head, Recurrence) else self.integer(k.low, scope)
            if position < low or (k.high is not sp.oo and position > self.integer(k.high, scope)):
                raise NotEvaluable(f"{head.name}{list(at)} is outside the range of the definition")
            scope = scope.bind(k, position) if isinstance(head, Definition) else scope
        if isinstance(head, Definition):
            return self.value(head.body, scope)
        return self._iterated(head, at[0], scope)

    def _iterated(self, head: Recurrence, position: int, scope: Scope) -> ba.Number:
        value = self.value(head.start, scope)
        # inside the step the name ``previous`` means m[t-1] and no longer a scalar that someone differentiates by
        moved = tuple(p for p in scope.perturbations if p.target != head.previous)
        for t in range(head.first + 1, position + 1):
            inner = replace(scope.bind(head.parameter, t), previous={**scope.previous, head.previous: value})
            value = self.value(head.step, replace(inner, perturbations=moved))
        return value

    def _derivative(self, e, scope):
        x = e.variable
        if isinstance(x, Scalar):
            target, at = x, ()
        elif isinstance(x, Entry):
            target, at = x.tensor, self.integers(x.subscripts, scope)
        else:
            target, at = nameless(x.head), (*self.integers(x.subscripts, scope), *_implicit(x.head, scope))
        _check_meaning(e, target, scope)
        p = Perturbation(target, at, scope.depth + 1)
        inner = replace(scope, perturbations=(*scope.perturbations, p), depth=p.tag)
        return ba.derivative(self.value(e.function, inner), p.tag)

    def _expectation(self, e, scope):
        inside = footprint(e.function)
        if not inside.random:
            return self.value(e.function, replace(scope, outcome=None))
        if any(_is_random(p.target) and p.target in inside.objects for p in scope.perturbations):
            raise NotEvaluable("a derivative of an expectation by one of its random entries")
        terms = (
            ba.multiply(weight, self.value(e.function, replace(scope, outcome=outcome)))
            for outcome, weight in enumerate(self.values.weights)
        )
        return reduce(ba.add, terms)
