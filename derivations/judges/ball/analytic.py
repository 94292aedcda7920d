"""The functions of an integrand on complex balls: each answers a number only where it is analytic, nothing else.

A function is lifted to dual numbers by its slope, as on the real line. Every cut of a function is kept out by one
test, that an argument stays off (-oo, 0]; there the complex function is the real one continued, so that on the real
axis nothing has a value that it does not have as a real function.

A power or a root of an argument that reaches down to 0 on the real axis is enclosed, when only its values are asked
for: the integral of sqrt(x) from 0 exists although sqrt is not analytic at 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from derivations.judges.ball import arithmetic as ba
from derivations.judges.ball.arithmetic import Dual, Number, add, multiply, negate, subtract

if TYPE_CHECKING or ba.AVAILABLE:
    from flint import acb, arb

Lifted = Callable[[Number], Number]


def smooth(value: Callable[[acb], acb], slope: Callable[[Number, Number], Number]) -> Lifted:
    """A function on numbers from one on complex balls."""

    def extended(z: Number) -> Number:
        if isinstance(z, Dual):
            w = extended(z.primal)
            return Dual(w, multiply(slope(z.primal, w), z.tangent), z.tag)
        return value(acb(z)) if ba.defined(z) else ba.UNDEFINED

    return extended


def off_cut(z: acb) -> bool:
    """Whether a ball lies off the half-line (-oo, 0]."""
    return bool(z.real > 0 or z.imag > 0 or z.imag < 0)


def _cut(value: Callable[[acb], acb], distance: Callable[[acb], acb]) -> Callable[[acb], acb]:
    """``value`` where ``distance`` stays off (-oo, 0], which is where it is analytic."""
    return lambda z: value(z) if off_cut(distance(z)) else ba.UNDEFINED


def _one_minus_square(z: Number) -> Number:
    return subtract(ba.ONE, multiply(z, z))


def _one_plus_square(z: Number) -> Number:
    return add(ba.ONE, multiply(z, z))


def _gauss(z: Number) -> Number:
    return multiply(2 / arb.pi().sqrt(), exp(negate(multiply(z, z))))


def _over_root(z: Number) -> Number:
    return exp(multiply(ba.fmpq(-1, 2), log(z)))


reciprocal = smooth(lambda z: 1 / z, lambda z, w: negate(multiply(w, w)))
exp = smooth(lambda z: z.exp(), lambda z, w: w)
log = smooth(_cut(lambda z: z.log(), lambda z: z), lambda z, w: reciprocal(z))
sin = smooth(lambda z: z.sin(), lambda z, w: cos(z))
cos = smooth(lambda z: z.cos(), lambda z, w: negate(sin(z)))
sinh = smooth(lambda z: z.sinh(), lambda z, w: cosh(z))
cosh = smooth(lambda z: z.cosh(), lambda z, w: sinh(z))
tanh = smooth(lambda z: z.tanh(), lambda z, w: _one_minus_square(w))
erf = smooth(lambda z: z.erf(), lambda z, w: _gauss(z))
erfc = smooth(lambda z: z.erfc(), lambda z, w: negate(_gauss(z)))
atan = smooth(_cut(lambda z: z.atan(), lambda z: 1 + z * z), lambda z, w: reciprocal(_one_plus_square(z)))
asinh = smooth(_cut(lambda z: z.asinh(), lambda z: 1 + z * z), lambda z, w: _over_root(_one_plus_square(z)))
asin = smooth(_cut(lambda z: z.asin(), lambda z: 1 - z * z), lambda z, w: _over_root(_one_minus_square(z)))
atanh = smooth(_cut(lambda z: z.atanh(), lambda z: 1 - z * z), lambda z, w: reciprocal(_one_minus_square(z)))
acosh = smooth(
    _cut(lambda z: z.acosh(), lambda z: z - 1),
    lambda z, w: multiply(_over_root(subtract(z, ba.ONE)), _over_root(add(z, ba.ONE))),
)
sigmoid = smooth(lambda z: 1 / (1 + (-z).exp()), lambda z, w: multiply(w, subtract(ba.ONE, w)))
softplus = smooth(
    _cut(lambda z: (1 + z.exp()).log(), lambda z: 1 + z.exp()),
    lambda z, w: sigmoid(z),
)


_side = smooth(lambda z: z.real_sgn(analytic=True), lambda z, w: ba.ZERO)


def absolute(z: Number, analytic: bool) -> Number:
    """The modulus of what is real on the real axis; its slopes are undefined across 0."""
    if isinstance(z, Dual):
        return Dual(absolute(z.primal, analytic), multiply(_side(z.primal), z.tangent), z.tag)
    return acb(z).real_abs(analytic=analytic) if ba.defined(z) else ba.UNDEFINED


def maximum(z: Number, w: Number, analytic: bool) -> Number:
    return multiply(ba.fmpq(1, 2), add(add(z, w), absolute(subtract(z, w), analytic)))


def power(base: Number, exponent: Number, analytic: bool) -> Number:
    """base^exponent; a base that is not positive needs a whole exponent."""
    if not ba.is_exact(exponent):
        return exp(multiply(exponent, log(base)))
    if exponent.q == 1:
        k = int(exponent.p)
        return ba.integer_power(base, k) if k >= 0 else reciprocal(ba.integer_power(base, -k))
    down_to_zero = None if analytic or isinstance(base, Dual) or exponent < 0 else _power_at_zero(base, exponent)
    return exp(multiply(exponent, log(base))) if down_to_zero is None else down_to_zero


def _power_at_zero(base: Number, exponent: Number) -> Number | None:
    """The values x^q for 0 <= x in a real ball that holds 0; None for another ball."""
    z = acb(base)
    if not (ba.defined(z) and z.imag == 0 and z.real.contains(0)):
        return None
    highest = z.real.abs_upper()
    if not highest > 0:
        return ba.ZERO
    half = (arb(exponent) * highest.log()).exp() / 2
    return acb(arb(half.mid(), half.abs_upper()))
