"""The functions of the field on rationals, balls and dual numbers.

Smooth functions are lifted from Arb's by ``smooth``, each with its slope. relu, sign, max and their kind have no
derivative at a kink: there the tangents are undefined, never one of the two sides.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derivations.judges.ball.arithmetic import (
    MAX_RATIONAL_BITS,
    ONE,
    UNDEFINED,
    ZERO,
    Dual,
    Number,
    add,
    arb,
    certain_sign,
    defined,
    fmpq,
    is_exact,
    multiply,
    negate,
    primal,
    rational_power,
    reciprocal,
    subtract,
)

Function = Callable[[Any], Any]


def smooth(value: Function, slope: Callable[[Any, Any], Any]) -> Function:
    """A function on numbers from one on balls; ``slope(x, f(x))`` is its derivative, again on numbers."""

    def extended(x: Number) -> Number:
        if isinstance(x, Dual):
            y = extended(x.primal)
            return Dual(y, multiply(slope(x.primal, y), x.tangent), x.tag)
        if not defined(x):
            return UNDEFINED
        y = value(arb(x))
        return _exact_if_possible(y) if is_exact(x) else y

    return extended


def _exact_if_possible(y: arb) -> Number:
    """A ball of radius 0 as the rational it is: exp 0, log 1, tanh 0."""
    if not (y.is_finite() and y.is_exact()):
        return y
    mantissa, exponent = (int(part) for part in y.man_exp())
    if abs(exponent) > MAX_RATIONAL_BITS:
        return y
    return fmpq(mantissa) * fmpq(2) ** exponent


def _one_minus_square(x: Number) -> Number:
    return subtract(ONE, multiply(x, x))


def _one_plus_square(x: Number) -> Number:
    return add(ONE, multiply(x, x))


def _over_root(x: Number) -> Number:
    """1 / sqrt(x), for x > 0."""
    return rational_power(x, fmpq(-1, 2))


def _gauss(x: Number) -> Number:
    """2 / sqrt(pi) exp(-x^2), the slope of erf."""
    return multiply(2 / arb.pi().sqrt(), exp(negate(multiply(x, x))))


def _logistic(x: arb) -> arb:
    # of the two equal forms the one whose exponential is small: it keeps the relative precision
    return 1 / (1 + (-x).exp()) if x > 0 else x.exp() / (1 + x.exp())


exp = smooth(lambda x: x.exp(), lambda x, y: y)
log = smooth(lambda x: x.log(), lambda x, y: reciprocal(x))
sinh = smooth(lambda x: x.sinh(), lambda x, y: cosh(x))
cosh = smooth(lambda x: x.cosh(), lambda x, y: sinh(x))
tanh = smooth(lambda x: x.tanh(), lambda x, y: _one_minus_square(y))
sin = smooth(lambda x: x.sin(), lambda x, y: cos(x))
cos = smooth(lambda x: x.cos(), lambda x, y: negate(sin(x)))
atan = smooth(lambda x: x.atan(), lambda x, y: reciprocal(_one_plus_square(x)))
atanh = smooth(lambda x: x.atanh(), lambda x, y: reciprocal(_one_minus_square(x)))
asin = smooth(lambda x: x.asin(), lambda x, y: _over_root(_one_minus_square(x)))
acos = smooth(lambda x: x.acos(), lambda x, y: negate(_over_root(_one_minus_square(x))))
asinh = smooth(lambda x: x.asinh(), lambda x, y: _over_root(_one_plus_square(x)))
acosh = smooth(lambda x: x.acosh(), lambda x, y: _over_root(negate(_one_minus_square(x))))
erf = smooth(lambda x: x.erf(), lambda x, y: _gauss(x))
erfc = smooth(lambda x: x.erfc(), lambda x, y: negate(_gauss(x)))
sigmoid = smooth(_logistic, lambda x, y: multiply(y, subtract(ONE, y)))
softplus = smooth(lambda x: x.exp().log1p(), lambda x, y: sigmoid(x))


def cbrt(x: Number) -> Number:
    """The real cube root, of a negative number too; no derivative at 0."""
    if isinstance(x, Dual):
        y = cbrt(x.primal)
        return Dual(y, multiply(reciprocal(multiply(fmpq(3), multiply(y, y))), x.tangent), x.tag)
    if certain_sign(x) == -1:
        return negate(cbrt(negate(x)))
    return rational_power(x, fmpq(1, 3))


def power(base: Number, exponent: Number) -> Number:
    """base^exponent over the reals, with 0^0 = 1 for an exact exponent; a negative base needs a whole exponent."""
    if is_exact(exponent):
        return rational_power(base, exponent)
    return exp(multiply(exponent, log(base)))


# ---- functions with a kink or a jump ---------------------------------------------------------------------------


def _without_slope(value: Number, x: Number) -> Number:
    """``value`` with undefined derivatives in every direction in which ``x`` is perturbed."""
    return Dual(_without_slope(value, x.primal), UNDEFINED, x.tag) if isinstance(x, Dual) else value


def _jump(x: Number, below: fmpq, at: fmpq, above: fmpq) -> Number:
    """A step function: constant on both sides of 0, no derivative at 0."""
    sign = certain_sign(x)
    if sign is None:
        return UNDEFINED
    return _without_slope(at, x) if sign == 0 else (above if sign > 0 else below)


def sign(x: Number) -> Number:
    return _jump(x, -ONE, ZERO, ONE)


def step(x: Number) -> Number:
    """Heaviside's step, 1/2 at 0."""
    return _jump(x, ZERO, fmpq(1, 2), ONE)


def maximum(x: Number, y: Number) -> Number:
    """The larger; its derivative exists only where one is larger for certain."""
    difference = subtract(x, y)
    side = certain_sign(difference)
    if side in (1, -1):
        return x if side == 1 else y
    a, b = primal(x), primal(y)
    value = a if side == 0 and is_exact(a) else arb(a).max(arb(b))
    return _without_slope(value, difference)


def minimum(x: Number, y: Number) -> Number:
    return negate(maximum(negate(x), negate(y)))


def absolute(x: Number) -> Number:
    return maximum(x, negate(x))


def relu(x: Number) -> Number:
    return maximum(x, ZERO)


def leaky_relu(x: Number, a: Number) -> Number:
    """x for x > 0 and a x otherwise."""
    side = certain_sign(x)
    if side is None or not defined(a):
        return UNDEFINED
    scaled = multiply(a, x)
    if side == 0:
        return _without_slope(ZERO, scaled)
    return x if side > 0 else scaled
