"""Integrals between finite ends, with rigorous bounds: Arb's integrator over the complex plane, and Leibniz's rule.

The integrand is a plain tree over its variable: arithmetic, elementary functions, sums over indices. What does not
depend on the variable is evaluated on the real line as anywhere else. An integral whose enclosure stays wide, as at a
singularity, has no value here.

d/da int_l^h f dx = int_l^h df/da dx + f(h) dh/da - f(l) dl/da, for every derivative that moves f or an end.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING

import sympy as sp

from derivations.calculus import functions as field_functions
from derivations.calculus.operators import Bound, D, Integral, Sum
from derivations.judges.ball import analytic as on_balls
from derivations.judges.ball import arithmetic as ba
from derivations.judges.ball.footprints import footprint
from derivations.judges.ball.scope import NotEvaluable, OutOfTime, Perturbation, Scope, perturbed

if TYPE_CHECKING or ba.AVAILABLE:
    from flint import acb, arb

if TYPE_CHECKING:
    from derivations.judges.ball.evaluator import Evaluator
    from derivations.judges.ball.rules import Rule

GOAL_BITS = 100  # the integrator stops at this relative precision
LEAST_BITS = 40  # a wider enclosure is no value
EVALUATIONS = 4_000  # of the integrand, for one integral
DEPTH = 400  # bisections towards a root at an end

FUNCTIONS: dict[type, on_balls.Lifted] = {
    **{
        getattr(sp, name): getattr(on_balls, name)
        for name in "exp log sin cos sinh cosh tanh asin atan asinh acosh atanh erf erfc".split()
    },
    field_functions.sigmoid: on_balls.sigmoid,
    field_functions.softplus: on_balls.softplus,
}


@dataclass(frozen=True)
class _Integrand:
    """A function of one bound variable, its parameters fixed at a point."""

    function: sp.Expr
    variable: Bound
    evaluator: Evaluator
    scope: Scope

    def on_ball(self, e: sp.Expr, z: ba.Number, scope: Scope, analytic: bool) -> ba.Number:
        """A sub-expression with ``z`` for the variable."""
        if e == self.variable:
            return perturbed(z, self.variable, (), scope.perturbations)
        if self.variable not in footprint(e).objects:
            return self.evaluator.value(e, scope)
        if isinstance(e, sp.Add):
            return reduce(ba.add, (self.on_ball(a, z, scope, analytic) for a in e.args))  # type: ignore[arg-type]
        if isinstance(e, sp.Mul):
            return reduce(ba.multiply, (self.on_ball(a, z, scope, analytic) for a in e.args))  # type: ignore[arg-type]
        if isinstance(e, Sum):
            inside = (self.on_ball(e.body, z, inner, analytic) for inner in self.evaluator.scopes(e.bound, scope))
            return reduce(ba.add, inside, ba.ZERO)
        if isinstance(e, D) and e.variable == self.variable:
            p = Perturbation(self.variable, (), scope.depth + 1)
            inner = replace(scope, perturbations=(*scope.perturbations, p), depth=p.tag)
            return ba.derivative(self.on_ball(e.function, z, inner, analytic), p.tag)
        if isinstance(e, sp.Pow) and e.base is not sp.E:
            base, exponent = (self.on_ball(a, z, scope, analytic) for a in (e.base, e.exp))
            return on_balls.power(base, exponent, analytic)
        if isinstance(e, sp.Abs):
            return on_balls.absolute(self.on_ball(e.args[0], z, scope, analytic), analytic)  # type: ignore[arg-type]
        if isinstance(e, field_functions.relu):
            return on_balls.maximum(self.on_ball(e.args[0], z, scope, analytic), ba.ZERO, analytic)  # type: ignore[arg-type]
        if type(e) in FUNCTIONS:
            return FUNCTIONS[type(e)](self.on_ball(e.args[0], z, scope, analytic))  # type: ignore[arg-type]
        raise NotEvaluable(f"{type(e).__name__} of the variable of an integral has no rule in ball arithmetic")

    def at(self, end: ba.Number) -> ba.Number:
        """The value at an end, undefined unless the function is smooth there."""
        tag = self.scope.depth + 1
        inner = replace(self.scope, previous={**self.scope.previous, self.variable: ba.Dual(end, ba.ONE, tag)})
        y = self.evaluator.value(self.function, replace(inner, depth=tag))
        if not ba.defined(y):
            return ba.UNDEFINED
        return y.primal if isinstance(y, ba.Dual) and y.tag == tag else y

    def between(self, low: ba.Number, high: ba.Number, part: Callable[[ba.Number], ba.Number]) -> ba.Number:
        """The integral of one part of the integrand, which is a dual number where derivatives move it."""
        failures: list[Exception] = []

        def integrand(z: acb, analytic: bool) -> acb:
            if not failures:
                try:
                    if time.monotonic() > self.evaluator.deadline:
                        raise OutOfTime
                    value = part(self.on_ball(self.function, z, self.scope, analytic))
                    if isinstance(value, ba.Dual):
                        raise NotEvaluable("the integrand moves with a derivative that is not taken here")
                    return acb(value)
                except (NotEvaluable, OutOfTime) as failure:  # the integrator would swallow it
                    failures.append(failure)
            return acb(ba.UNDEFINED)

        goal = arb(2) ** -GOAL_BITS
        found = acb.integral(
            integrand,
            acb(low),
            acb(high),
            rel_tol=goal,
            abs_tol=goal,
            eval_limit=EVALUATIONS,
            depth_limit=DEPTH,
        )
        if failures:
            raise failures[0]
        narrow = found.is_finite() and found.imag.contains(0) and found.rad() < (1 + abs(found)) * arb(2) ** -LEAST_BITS
        if not narrow:
            raise NotEvaluable("the bounds of an integral stayed too wide")
        return found.real


def _coefficient(x: ba.Number, choice: tuple[tuple[int, bool], ...]) -> ba.Number:
    """The part of a dual number that belongs to the chosen derivatives; tags fall from first to last."""
    for tag, moved in choice:
        x = ba.derivative(x, tag) if moved else _still(x, tag)
    return x


def _still(x: ba.Number, tag: int) -> ba.Number:
    return x.primal if isinstance(x, ba.Dual) and x.tag == tag else x


def _integral(evaluator: Evaluator, e: Integral, scope: Scope) -> ba.Number:
    if not (e.low.is_finite is not False and e.high.is_finite is not False):
        raise NotEvaluable("an integral with an infinite end")
    low, high = evaluator.value(e.low, scope), evaluator.value(e.high, scope)
    if not (ba.defined(low) and ba.defined(high)):
        return ba.UNDEFINED
    # the variable is bound: a derivative by a scalar that happens to be the same one stops here
    around = tuple(p for p in scope.perturbations if p.target != e.variable)
    inside = _Integrand(e.function, e.variable, evaluator, replace(scope, perturbations=around))
    seen = footprint(e).objects
    tags = {p.tag for p in around if scope.previous or p.target in seen}
    return _leibniz(inside, low, high, tuple(sorted(tags, reverse=True)), ())


def _leibniz(f: _Integrand, low: ba.Number, high: ba.Number, tags: tuple[int, ...], choice: tuple) -> ba.Number:
    """The integral as a dual number in ``tags``, of the part of f that was chosen for the tags before them."""
    if not tags:
        return f.between(low, high, lambda y: _coefficient(y, choice))
    tag, *rest = tags
    steady, moving = (*choice, (tag, False)), (*choice, (tag, True))
    ends = [(_still(end, tag), ba.derivative(end, tag)) for end in (low, high)]
    (l0, l1), (h0, h1) = ends
    value = _leibniz(f, l0, h0, tuple(rest), steady)
    tangent = _leibniz(f, l0, h0, tuple(rest), moving)
    for sign, end, speed in ((-ba.ONE, l0, l1), (ba.ONE, h0, h1)):
        if not (ba.is_exact(speed) and speed == 0):
            boundary = ba.multiply(_coefficient(f.at(end), steady), speed)
            tangent = ba.add(tangent, ba.multiply(sign, boundary))
    return ba.Dual(value, tangent, tag)


RULES: dict[type, Rule] = {Integral: _integral}
