"""A glance in floating point: whether a search for a proof is worth while. Nothing is concluded from it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

from derivations.calculus.functions import cbrt, leaky_relu, relu, sigmoid, softplus, step
from derivations.calculus.symbols import Scalar
from derivations.proof.statement import Relation

MARGIN = 1e-6  # relative: a violation smaller than this may be rounding


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > 0 else math.exp(x) / (1 + math.exp(x))


def _sign(x: float) -> float:
    return float((x > 0) - (x < 0))


FUNCTIONS: dict[type, Callable[..., Any]] = {
    sp.exp: math.exp, sp.log: math.log, sp.sin: math.sin, sp.cos: math.cos, sp.tanh: math.tanh, sp.sinh: math.sinh,
    sp.cosh: math.cosh, sp.asin: math.asin, sp.atan: math.atan, sp.asinh: math.asinh, sp.acosh: math.acosh,
    sp.atanh: math.atanh, sp.erf: math.erf, sp.erfc: math.erfc, sp.Abs: abs, sp.sign: _sign, sp.Max: max, sp.Min: min,
    sigmoid: _logistic, softplus: lambda x: max(x, 0.0) + math.log1p(math.exp(-abs(x))), cbrt: math.cbrt,
    relu: lambda x: max(x, 0.0), step: lambda x: (1 + _sign(x)) / 2, leaky_relu: lambda x, a: x if x > 0 else a * x,
}  # fmt: skip


def value(e: sp.Basic, at: Mapping[sp.Basic, float]) -> float:
    """An expression at a point; nan where it has no value or a function is not known."""
    try:
        return _value(e, at)
    except (ValueError, ZeroDivisionError, OverflowError, TypeError, KeyError):
        return math.nan


def _value(e: sp.Basic, at: Mapping[sp.Basic, float]) -> float:
    if e in at:
        return at[e]
    if isinstance(e, sp.Rational):
        return int(e.p) / int(e.q)
    if e is sp.pi or e is sp.E:
        return math.pi if e is sp.pi else math.e
    parts = [_value(a, at) for a in e.args]
    if isinstance(e, sp.Add):
        return math.fsum(parts)
    if isinstance(e, sp.Mul):
        return math.prod(parts)
    if isinstance(e, sp.Pow):
        return float(parts[0] ** parts[1])
    return float(FUNCTIONS[type(e)](*parts))


def points_of(x: Scalar) -> list[float]:
    """A few points of a domain, its ends left out."""
    low, high = (float(end) for end in (x.domain.low, x.domain.high))
    if math.isfinite(low) and math.isfinite(high):
        return [low + (high - low) * share for share in (0.001, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999)]
    far = (1e-3, 0.1, 0.4, 1.0, 2.5, 7.0, 30.0)
    if math.isfinite(low) or math.isfinite(high):
        return [low + d for d in far] if math.isfinite(low) else [high - d for d in far]
    return [sign * d for d in far for sign in (1, -1)]


def fails(relation: Relation, x: Scalar) -> bool:
    """Whether an inequality in one real scalar is clearly violated at one of a few points."""
    for point in points_of(x):
        left, right = (value(side, {x: point}) for side in (relation.left, relation.right))
        if relation.operator in ("<", "<=") and left - right > MARGIN * (1e-3 + abs(left) + abs(right)):
            return True
    return False
