"""The ball refuter: a statement evaluated at exact points in rigorous arithmetic, from the SymPy source itself.

    evaluate(expression, point)     a ball that contains the value
    refute(statement, hypotheses)   refuted with a witness, consistent, or untested

Sums are added term by term, derivatives are taken with dual numbers, expectations over a small finite probability
space. Nothing here knows the normal form of the kernel, substitution or SymPy's simplification: that is the point.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, reduce
from typing import TYPE_CHECKING, NamedTuple

import sympy as sp

from derivations.calculus import functions as field_functions
from derivations.calculus.operators import Binder, D, Delta, Expectation, Limit, Product, Sum
from derivations.calculus.symbols import Defined, Definition, Entry, Index, Recurrence, Scalar, Size, Tensor
from derivations.judges import ball_arithmetic as ba
from derivations.proof.statement import Hypothesis, Iff, Relation, Statement, expressions
from derivations.proof.verdict import Verdict, Witness

if TYPE_CHECKING:
    from derivations.judges.points import Point, Values


class NotEvaluable(Exception):
    """The expression has no value that this judge can compute at this point; the message says why."""


class OutOfTime(Exception):
    """The time given to the judge is used up."""


# ---- what an expression depends on -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Footprint:
    """Free indices, and every size, scalar, array and definition (as Held) in reach, inside definitions too."""

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
        return _union(e.subscripts) | _body_footprint(e.head) | Footprint(objects=frozenset({held(e.head)}))
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


@lru_cache(maxsize=20_000)
def _body_footprint(head: Definition | Recurrence) -> Footprint:
    ends = _union(end for k in head.parameters for end in (k.low, k.high))
    if isinstance(head, Definition):
        return footprint(head.body).without(*head.parameters) | ends
    return footprint(head.start) | footprint(head.step).without(head.parameter, head.previous) | ends


@dataclass(frozen=True)
class Held:
    """A definition as something to differentiate by; two that differ only in names of bound indices are equal."""

    nameless: tuple
    head: Definition | Recurrence = field(compare=False)

    @property
    def reach(self) -> Footprint:
        return _body_footprint(self.head)


@lru_cache(maxsize=20_000)
def held(head: Definition | Recurrence) -> Held:
    return Held(_nameless(head), head)


def _nameless(head: Definition | Recurrence) -> tuple:
    """The tree of a definition with each bound index replaced by the number of its binder."""

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
    """One derivative being taken: ``target`` at ``subscripts`` moves by e_tag."""

    target: Scalar | Tensor | Held
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

    def __init__(self, values: Values, deadline: float = float("inf")):
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
        return ba.fmpq(int(e.p), int(e.q))

    def _constant(self, e, scope):
        return ba.constant(str(e))

    def _undefined(self, e, scope):
        return ba.UNDEFINED

    def _size(self, e, scope):
        if e not in self.values.sizes:
            raise NotEvaluable(f"the size {e} has no value here")
        return ba.fmpq(self.values.sizes[e])

    def _index(self, e, scope):
        if e not in scope.indices:
            raise NotEvaluable(f"the index {e} has no value here")
        return ba.fmpq(scope.indices[e])

    def _scalar(self, e, scope):
        base = scope.previous[e] if e in scope.previous else self.values.scalar(e)
        return _perturbed(base, e, (), scope.perturbations)

    def _entry(self, e, scope):
        at = self.integers(e.subscripts, scope)
        axes = zip(at, e.tensor.axes, strict=True)
        if not all(self._within(position, low, high, scope) for position, (low, high) in axes):
            if e.tensor.padded:
                return ba.ZERO
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
        at, target = self.integers(e.subscripts, scope), held(e.head)
        moved = [p for p in scope.perturbations if p.target == target]
        if not moved:
            return self._unfolded(e.head, at, scope)
        # held as an independent array: its own value does not move with this derivative or with those inside it
        outer = tuple(p for p in scope.perturbations if p.tag < moved[0].tag)
        base = self._unfolded(e.head, at, replace(scope, perturbations=outer))
        return _perturbed(base, target, (*at, *self._implicit(e.head, scope)), moved)

    def _implicit(self, head: Definition | Recurrence, scope: Scope) -> tuple[int, ...]:
        """The values of the free indices in a definition's body: with them it is an array too."""
        free = sorted(held(head).reach.indices, key=lambda k: (k.name, str(k.low), str(k.high)))
        return self.integers(free, scope)

    def _unfolded(self, head: Definition | Recurrence, at: tuple[int, ...], scope: Scope) -> ba.Number:
        for position, (low, high) in zip(at, head.axes, strict=True):
            if not self._within(position, low, high, scope):
                raise NotEvaluable(f"{head.name}{list(at)} is outside the range of the definition")
        if isinstance(head, Recurrence):
            return self._iterated(head, at[0], scope)
        arguments = dict(zip(head.parameters, at, strict=True))
        return self.value(head.body, replace(scope, indices={**scope.indices, **arguments}))

    def _within(self, position: int, low: sp.Expr, high: sp.Expr, scope: Scope) -> bool:
        above = low is -sp.oo or position >= self.integer(low, scope)
        return above and (high is sp.oo or position <= self.integer(high, scope))

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
            target, at = held(x.head), (*self.integers(x.subscripts, scope), *self._implicit(x.head, scope))
        _check_meaning(e, target, scope.perturbations)
        p = Perturbation(target, at, scope.depth + 1)
        inner = replace(scope, perturbations=(*scope.perturbations, p), depth=p.tag)
        return ba.derivative(self.value(e.function, inner), p.tag)

    def _expectation(self, e, scope):
        inside = footprint(e.function)
        if not inside.random:
            return self.value(e.function, replace(scope, outcome=None))
        if any(_moves_at_random(p.target) and p.target in inside.objects for p in scope.perturbations):
            raise NotEvaluable("a derivative of an expectation by one of its random entries")
        terms = (
            ba.multiply(weight, self.value(e.function, replace(scope, outcome=outcome)))
            for outcome, weight in enumerate(self.values.weights)
        )
        return reduce(ba.add, terms)


def _perturbed(base: ba.Number, target, at: tuple[int, ...], perturbations: Iterable[Perturbation]) -> ba.Number:
    for p in perturbations:
        if p.target == target and p.subscripts == at:
            base = ba.Dual(base, ba.ONE, p.tag)
    return base


def _check_meaning(e: D, target: Scalar | Tensor | Held, perturbations: tuple[Perturbation, ...]) -> None:
    """Raise for a derivative by a definition that two readers could take in two ways."""
    inside = footprint(e.function).objects
    others = [other.head.name for other in inside if isinstance(other, Held) and other != target]
    if isinstance(target, Held) and target.head.name in others:
        raise NotEvaluable(f"{e}: two different definitions are named {target.head.name}")
    for p in perturbations:
        outer = p.target
        if not isinstance(outer, Held) or outer == target or outer not in inside:
            continue
        # held fixed or unfolded? inside a derivative by p, "by z" may or may not reach z through p
        if target in outer.reach.objects or (isinstance(target, Held) and outer in target.reach.objects):
            raise NotEvaluable(f"{e} stands in a derivative by {outer.head.name}, which depends on the same variable")


def _moves_at_random(target: Scalar | Tensor | Held) -> bool:
    things = target.reach.objects if isinstance(target, Held) else {target}
    return any(isinstance(thing, Tensor) and thing.random for thing in things)


def _applied(function: Callable[..., ba.Number]):
    return lambda evaluator, e, scope: function(*(evaluator.value(a, scope) for a in e.args))


_REMEMBERED = (Binder, Defined, D, Expectation)

_RULES: tuple[tuple[tuple[type, ...], Callable[[Evaluator, sp.Expr, Scope], ba.Number]], ...] = (
    ((sp.Rational,), Evaluator._number),
    ((type(sp.pi), type(sp.E)), Evaluator._constant),
    ((type(sp.nan), type(sp.zoo), type(sp.oo), type(-sp.oo)), Evaluator._undefined),
    ((Size,), Evaluator._size),
    ((Index,), Evaluator._index),
    ((Scalar,), Evaluator._scalar),
    ((Entry,), Evaluator._entry),
    ((Defined,), Evaluator._defined),
    ((sp.Add,), Evaluator._add),
    ((sp.Mul,), Evaluator._mul),
    ((sp.Pow,), Evaluator._pow),
    ((Sum,), Evaluator._sum),
    ((Product,), Evaluator._product),
    ((Delta,), Evaluator._delta),
    ((D,), Evaluator._derivative),
    ((Expectation,), Evaluator._expectation),
    ((Limit,), Evaluator._limit),
    ((sp.Max,), Evaluator._maximum),
    ((sp.Min,), Evaluator._minimum),
    *(
        ((getattr(sp, name),), _applied(getattr(ba, name)))
        for name in ("exp", "log", "tanh", "sinh", "cosh", "erf", "erfc", "atan", "atanh", "sin", "cos", "sign")
    ),
    ((sp.Abs,), _applied(ba.absolute)),
    ((sp.re, sp.conjugate), _applied(lambda x: x)),  # SymPy writes |exp(z_k)| as exp(re z_k); everything here is real
    ((sp.im,), _applied(lambda x: ba.multiply(ba.ZERO, x))),
    *(
        ((getattr(field_functions, name),), _applied(getattr(ba, name)))
        for name in ("sigmoid", "softplus", "relu", "leaky_relu", "step")
    ),
)


@lru_cache(maxsize=500)
def _rule(kind: type) -> Callable[[Evaluator, sp.Expr, Scope], ba.Number]:
    for kinds, rule in _RULES:
        if issubclass(kind, kinds):
            return rule
    raise NotEvaluable(f"{kind.__name__} has no rule in ball arithmetic")


def evaluate(expression: sp.Expr, point: Point) -> ba.arb:
    """A ball around the value of ``expression``, not finite where it has none; raises NotEvaluable."""
    with ba.precision():
        return ba.arb(Evaluator(point.values).value(sp.sympify(expression, strict=True), Scope(point.indices)))


# ---- judging ---------------------------------------------------------------------------------------------------

METHOD = "ball arithmetic"
TRUSTED = ("Arb (python-flint) ball arithmetic",)
RETRY_BITS = 1024  # for a point whose balls came out too wide to tell anything
TOO_WIDE = "the balls stayed too wide"


@dataclass(frozen=True)
class Judgement:
    """What is certain about a statement at one point: true, false or neither (None)."""

    truth: bool | None
    evaluated: bool  # every side is finite and sharp
    left: str = ""
    operator: str = ""
    right: str = ""
    reason: str = ""


def judge(statement: Statement, evaluator: Evaluator, scope: Scope) -> Judgement:
    """The statement at one point; the sides of the part that fails are in the answer."""
    if isinstance(statement, Relation):
        return _judge_relation(statement, evaluator, scope)
    if isinstance(statement, Iff):
        return _judge_iff(*(judge(side, evaluator, scope) for side in (statement.left, statement.right)))
    parts = [judge(part, evaluator, scope) for part in statement.parts]
    failing = next((part for part in parts if part.truth is False), None)
    if failing:
        return failing
    truth = True if all(part.truth for part in parts) else None
    reason = next((part.reason for part in parts if part.reason), "")
    return Judgement(truth, all(part.evaluated for part in parts), reason=reason)


def _judge_relation(relation: Relation, evaluator: Evaluator, scope: Scope) -> Judgement:
    try:
        left, right = (evaluator.value(side, scope) for side in (relation.left, relation.right))
    except NotEvaluable as reason:
        return Judgement(None, False, reason=str(reason))
    difference = ba.subtract(left, right)
    if not ba.defined(difference):
        return Judgement(None, False, reason="the value is not a finite real number at the point tried")
    truth = _truth(relation.operator, difference)
    sharp = truth is not None or ba.sharp(difference, left)
    left_text, right_text = ba.texts(left, right)
    return Judgement(truth, sharp, left_text, relation.operator, right_text, "" if sharp else TOO_WIDE)


def _truth(operator: str, difference: ba.Number) -> bool | None:
    """Whether ``left - right`` makes the relation certainly true or certainly false."""
    sign = ba.certain_sign(difference)
    at_least, at_most = difference >= 0, difference <= 0
    if operator == "<":
        return True if sign == -1 else (False if at_least else None)
    if operator == "<=":
        return True if at_most else (False if sign == 1 else None)
    equal = None if sign is None else sign == 0
    return equal if operator == "=" or equal is None else not equal


def _judge_iff(left: Judgement, right: Judgement) -> Judgement:
    known = left.truth is not None and right.truth is not None
    evaluated, reason = left.evaluated and right.evaluated, left.reason or right.reason
    sides = [f"{j.left} {j.operator} {j.right} ({'true' if j.truth else 'false'})" for j in (left, right)]
    return Judgement(left.truth == right.truth if known else None, evaluated, sides[0], "iff", sides[1], reason)


def refute(
    statement: Statement,
    hypotheses: Iterable[Hypothesis] = (),
    *,
    points: int = 40,
    seed: int = 0,
    seconds: float = 10.0,
) -> Verdict:
    """Look for an admissible point at which the statement is certainly false.

    refuted: found, with the smallest such point as witness. consistent: at least half of the points drawn could be
    evaluated and none speaks against the statement; this proves nothing. untested: anything else, with the reason.
    The time is looked at between points and inside sums.
    """
    started = time.monotonic()

    def verdict(status, **details) -> Verdict:
        return Verdict(status, METHOD, TRUSTED, seconds=time.monotonic() - started, **details)

    if not ba.AVAILABLE:
        return verdict("untested", reason="python-flint is not installed")
    hypotheses = tuple(hypotheses)
    sides = [*expressions(statement), *(e for h in hypotheses for e in expressions(h.relation))]
    objects = [thing for thing in _union(sides).objects if isinstance(thing, (Size, Scalar, Tensor))]
    clash = _same_name(objects)
    if clash:
        return verdict("untested", reason=clash)
    # the face of this module; points.py draws with the evaluator above, so it cannot be imported before it
    from derivations.judges import points as drawing

    drawn, used, reasons, evaluator = 0, 0, Counter(), None
    deadline = started + seconds
    source = drawing.points(expressions(statement), hypotheses, seed=seed, count=points, deadline=deadline)
    late = False
    try:
        with ba.precision():
            for point in source:
                drawn += 1
                if evaluator is None or evaluator.values is not point.values:
                    evaluator = Evaluator(point.values, deadline)
                found = _judged_sharply(statement, evaluator, point)
                if found.truth is False:
                    witness = Witness(point.described(), found.left, found.right, found.operator)
                    return verdict("refuted", witness=witness, points=drawn)
                used += found.evaluated
                if not found.evaluated:
                    reasons[found.reason] += 1
    except OutOfTime:
        late = True
    except NotEvaluable as reason:
        return verdict("untested", reason=str(reason))
    varies = any(isinstance(thing, (Scalar, Tensor)) for thing in objects)
    return verdict(**_conclusion(drawn, used, reasons, late, points, varies))


def _judged_sharply(statement: Statement, evaluator: Evaluator, point: Point) -> Judgement:
    found = judge(statement, evaluator, Scope(point.indices))
    if found.reason != TOO_WIDE:
        return found
    with ba.precision(RETRY_BITS):
        return judge(statement, Evaluator(point.values, evaluator.deadline), Scope(point.indices))


def _conclusion(drawn: int, used: int, reasons: Counter[str], late: bool, asked: int, varies: bool) -> dict:
    """The verdict's details when nothing was refuted."""
    needed = max(1, asked // 4) if varies else 1
    if late and used < needed:
        return {"status": "untested", "reason": f"out of time after {used} points", "points": used}
    if not drawn:
        return {"status": "untested", "reason": "no admissible point was found"}
    if 2 * used < drawn:
        ((reason, _),) = reasons.most_common(1)
        return {"status": "untested", "reason": reason, "points": used}
    if used < needed:
        return {"status": "untested", "reason": f"only {used} admissible points were found", "points": used}
    return {"status": "consistent", "points": used}


def _same_name(objects: Iterable[sp.Basic]) -> str:
    """The complaint about two different sizes, scalars or arrays of one name, which no witness could tell apart."""
    seen: dict[str, sp.Basic] = {}
    for thing in objects:
        if seen.setdefault(thing.name, thing) != thing:
            return f"two different objects are named {thing.name}"
    return ""
