"""How each node of arithmetic is evaluated: numbers, symbols, entries, sums, products, functions.

A rule takes (evaluator, node, scope) and answers a number. ``RULES`` is the table of them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, reduce
from typing import TYPE_CHECKING, NamedTuple

import sympy as sp

from derivations.calculus import functions as field_functions
from derivations.calculus.operators import Delta, Limit, LimitAt, Maximum, Product, Sum
from derivations.calculus.symbols import Entry, Index, Scalar, Size, Tensor
from derivations.judges.ball import arithmetic as ba
from derivations.judges.ball import functions, special
from derivations.judges.ball.scope import NotEvaluable, Scope, perturbed

if TYPE_CHECKING:
    from derivations.judges.ball.evaluator import Evaluator

Rule = Callable[["Evaluator", sp.Expr, Scope], ba.Number]


# ---- leaves ----------------------------------------------------------------------------------------------------


def _number(evaluator, e, scope):
    return _rational(e.p, e.q)


@lru_cache(maxsize=5_000)
def _rational(p: int, q: int) -> ba.fmpq:
    return ba.fmpq(int(p), int(q))


def _constant(evaluator, e, scope):
    return ba.constant(str(e))


def _undefined(evaluator, e, scope):
    return ba.UNDEFINED


def _size(evaluator, e, scope):
    if e not in evaluator.values.sizes:
        raise NotEvaluable(f"the size {e} has no value here")
    return ba.fmpq(evaluator.values.sizes[e])


def _index(evaluator, e, scope):
    if e not in scope.indices:
        raise NotEvaluable(f"the index {e} has no value here")
    return ba.fmpq(scope.indices[e])


def _scalar(evaluator, e, scope):
    base = scope.previous[e] if e in scope.previous else evaluator.values.scalar(e)
    return perturbed(base, e, (), scope.perturbations)


class _Shape(NamedTuple):
    axes: tuple[tuple[sp.Expr, sp.Expr], ...]
    padded: bool
    random: bool


@lru_cache(maxsize=5_000)
def _shape(tensor: Tensor) -> _Shape:
    """What is asked about an array at every access."""
    return _Shape(tensor.axes, tensor.padded, tensor.random)


def _entry(evaluator, e, scope):
    tensor, *subscripts = e.args
    shape, at = _shape(tensor), evaluator.integers(subscripts, scope)
    for position, (low, high) in zip(at, shape.axes, strict=True):
        if evaluator.within(position, low, high, scope):
            continue
        if shape.padded:
            return ba.ZERO
        raise NotEvaluable(f"{tensor.name}{list(at)} is outside the array")
    if shape.random and scope.outcome is None:
        raise NotEvaluable(f"{e} is random and stands outside every expectation")
    base = evaluator.values.entry(tensor, at, scope.outcome if shape.random else None)
    return perturbed(base, tensor, at, scope.perturbations)


# ---- operations ------------------------------------------------------------------------------------------------


def _folded(operation: Callable[[ba.Number, ba.Number], ba.Number]) -> Rule:
    return lambda evaluator, e, scope: reduce(operation, [evaluator.value(a, scope) for a in e.args])


def _applied(function: Callable[..., ba.Number]) -> Rule:
    return lambda evaluator, e, scope: function(*[evaluator.value(a, scope) for a in e.args])


def _delta(evaluator, e, scope):
    i, j = evaluator.integers(e.args, scope)
    return ba.ONE if i == j else ba.ZERO


def _sum(evaluator, e, scope):
    return reduce(ba.add, (evaluator.value(e.body, inner) for inner in evaluator.scopes(e.bound, scope)), ba.ZERO)


def _product(evaluator, e, scope):
    return reduce(ba.multiply, (evaluator.value(e.body, inner) for inner in evaluator.scopes(e.bound, scope)), ba.ONE)


def _maximum(evaluator, e, scope):
    terms = [evaluator.value(e.body, inner) for inner in evaluator.scopes(e.bound, scope)]
    if not terms:
        raise NotEvaluable("the largest of no numbers")
    return reduce(functions.maximum, terms)


def _limit(evaluator, e, scope):
    raise NotEvaluable("a limit cannot be decided by evaluation")


_SYMPY_FUNCTIONS = "exp log tanh sinh cosh erf erfc asin acos atan asinh acosh atanh sin cos sign".split()
_FIELD_FUNCTIONS = "sigmoid softplus relu leaky_relu step cbrt".split()

RULES: dict[type, Rule] = {
    sp.Rational: _number,
    type(sp.pi): _constant,
    type(sp.E): _constant,
    type(sp.nan): _undefined,
    type(sp.zoo): _undefined,
    type(sp.oo): _undefined,
    type(-sp.oo): _undefined,
    Size: _size,
    Index: _index,
    Scalar: _scalar,
    Entry: _entry,
    sp.Add: _folded(ba.add),
    sp.Mul: _folded(ba.multiply),
    sp.Pow: _applied(functions.power),
    sp.Max: _folded(functions.maximum),
    sp.Min: _folded(functions.minimum),
    Sum: _sum,
    Product: _product,
    Delta: _delta,
    Maximum: _maximum,
    Limit: _limit,
    LimitAt: _limit,
    sp.Abs: _applied(functions.absolute),
    sp.re: _applied(lambda x: x),  # SymPy writes |exp(z_k)| as exp(re z_k); everything here is real
    sp.conjugate: _applied(lambda x: x),
    sp.im: _applied(lambda x: ba.multiply(ba.ZERO, x)),
    **{getattr(sp, name): _applied(getattr(functions, name)) for name in _SYMPY_FUNCTIONS},
    **{getattr(field_functions, name): _applied(getattr(functions, name)) for name in _FIELD_FUNCTIONS},
    **{node: _applied(function) for node, function in special.FUNCTIONS.items()},
}
