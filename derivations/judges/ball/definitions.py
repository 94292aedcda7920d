"""How definitions, derivatives and expectations are evaluated.

A derivative is a dual number: its variable moves by e, and the answer is the coefficient of e. A derivative by a
definition holds that definition as an independent array. An expectation is a sum over finitely many outcomes.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

from derivations.calculus.operators import D, Expectation
from derivations.calculus.symbols import Defined, Definition, Entry, Recurrence, Scalar, Tensor
from derivations.judges.ball import arithmetic as ba
from derivations.judges.ball.footprints import Held, footprint, held
from derivations.judges.ball.scope import NotEvaluable, Perturbation, Scope, Target, perturbed

if TYPE_CHECKING:
    from derivations.judges.ball.evaluator import Evaluator
    from derivations.judges.ball.rules import Rule


# ---- definitions and recurrences -------------------------------------------------------------------------------


def _defined(evaluator, e, scope):
    at, target = evaluator.integers(e.subscripts, scope), held(e.head)
    moved = [p for p in scope.perturbations if p.target == target]
    if not moved:
        return _unfolded(evaluator, e.head, at, scope)
    # held as an independent array: its own value does not move with this derivative or with those inside it
    outer = tuple(p for p in scope.perturbations if p.tag < moved[0].tag)
    base = _unfolded(evaluator, e.head, at, replace(scope, perturbations=outer))
    return perturbed(base, target, (*at, *_implicit(evaluator, e.head, scope)), moved)


def _implicit(evaluator: Evaluator, head: Definition | Recurrence, scope: Scope) -> tuple[int, ...]:
    """The values of the free indices in a definition's body: with them it is an array too."""
    free = sorted(held(head).reach.indices, key=lambda k: (k.name, str(k.low), str(k.high)))
    return evaluator.integers(free, scope)


def _unfolded(evaluator: Evaluator, head: Definition | Recurrence, at: tuple[int, ...], scope: Scope) -> ba.Number:
    for position, (low, high) in zip(at, head.axes, strict=True):
        if not evaluator.within(position, low, high, scope):
            raise NotEvaluable(f"{head.name}{list(at)} is outside the range of the definition")
    if isinstance(head, Recurrence):
        return _iterated(evaluator, head, at[0], scope)
    arguments = dict(zip(head.parameters, at, strict=True))
    return evaluator.value(head.body, replace(scope, indices={**scope.indices, **arguments}))


def _iterated(evaluator: Evaluator, head: Recurrence, position: int, scope: Scope) -> ba.Number:
    value = evaluator.value(head.start, scope)
    # inside the step the name ``previous`` means m[t-1] and no longer a scalar that someone differentiates by
    moved = tuple(p for p in scope.perturbations if p.target != head.previous)
    for t in range(head.first + 1, position + 1):
        inner = replace(scope.bind(head.parameter, t), previous={**scope.previous, head.previous: value})
        value = evaluator.value(head.step, replace(inner, perturbations=moved))
    return value


# ---- derivatives -----------------------------------------------------------------------------------------------


def _derivative(evaluator, e, scope):
    x = e.variable
    if isinstance(x, Scalar):
        target, at = x, ()
    elif isinstance(x, Entry):
        target, at = x.tensor, evaluator.integers(x.subscripts, scope)
    else:
        target = held(x.head)
        at = (*evaluator.integers(x.subscripts, scope), *_implicit(evaluator, x.head, scope))
    _check_meaning(e, target, scope.perturbations)
    p = Perturbation(target, at, scope.depth + 1)
    inner = replace(scope, perturbations=(*scope.perturbations, p), depth=p.tag)
    return ba.derivative(evaluator.value(e.function, inner), p.tag)


def _check_meaning(e: D, target: Target, perturbations: tuple[Perturbation, ...]) -> None:
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


# ---- expectations ----------------------------------------------------------------------------------------------


def _expectation(evaluator, e, scope):
    inside = footprint(e.function)
    if not inside.random:
        return evaluator.value(e.function, replace(scope, outcome=None))
    if any(_moves_at_random(p.target) and p.target in inside.objects for p in scope.perturbations):
        raise NotEvaluable("a derivative of an expectation by one of its random entries")
    terms = (
        ba.multiply(weight, evaluator.value(e.function, replace(scope, outcome=outcome)))
        for outcome, weight in enumerate(evaluator.values.weights)
    )
    return reduce(ba.add, terms)


def _moves_at_random(target: Target) -> bool:
    things = target.reach.objects if isinstance(target, Held) else {target}
    return any(isinstance(thing, Tensor) and thing.random for thing in things)


RULES: dict[type, Rule] = {Defined: _defined, D: _derivative, Expectation: _expectation}
