"""The special functions on rationals, balls and dual numbers; undefined wherever no real value is meant.

A derivative by an order or by the parameter of expint has no rule: the tangent is then undefined.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from derivations.calculus import special as nodes
from derivations.judges.ball.arithmetic import (
    AVAILABLE,
    ONE,
    UNDEFINED,
    ZERO,
    Dual,
    Number,
    add,
    arb,
    defined,
    fmpq,
    is_exact,
    multiply,
    negate,
    primal,
    subtract,
)
from derivations.judges.ball.functions import exp, smooth

if TYPE_CHECKING or AVAILABLE:
    from flint import acb

HALF: Number = fmpq(1, 2) if AVAILABLE else None
HIGHEST_ORDER = 1000  # beyond it a value may take Arb very long


def _of_positive(value: Callable[[arb], arb]) -> Callable[[arb], arb]:
    """A function that is meant for x > 0 only, whatever Arb continues it to."""
    return lambda x: value(x) if x > 0 else UNDEFINED


# ---- the gamma family ------------------------------------------------------------------------------------------


def polygamma(n: Number, x: Number) -> Number:
    """The n-th derivative of digamma, for a whole n >= 0."""
    n = primal(n)
    if not (is_exact(n) and n.q == 1 and 0 <= n <= HIGHEST_ORDER):
        return UNDEFINED
    order = int(n.p)
    value = (lambda y: acb(y).polygamma(order).real) if order else (lambda y: y.digamma())
    return smooth(value, lambda y, _: polygamma(fmpq(order + 1), y))(x)


def digamma(x: Number) -> Number:
    return polygamma(ZERO, x)


gamma = smooth(lambda x: x.gamma(), lambda x, y: multiply(y, digamma(x)))
loggamma = smooth(_of_positive(lambda x: x.lgamma()), lambda x, y: digamma(x))


# ---- functions with an order -----------------------------------------------------------------------------------


def _with_order(value: Callable[[Number, arb], arb], slope: Callable[[Number, Number], Number]):
    """A function of (v, x) from one of an unperturbed order and a ball; ``slope(v, x)`` is its derivative by x."""

    def extended(v: Number, x: Number) -> Number:
        if not defined(v):
            return UNDEFINED
        order = primal(v)
        if not -HIGHEST_ORDER <= order <= HIGHEST_ORDER:
            return UNDEFINED
        y = smooth(lambda ball: value(order, ball), lambda point, _: slope(order, point))(x)
        return _unknown_along(v, y)

    return extended


def _unknown_along(v: Number, y: Number) -> Number:
    """``y``, without a derivative in every direction in which the order moves."""
    while isinstance(v, Dual):
        if not (is_exact(v.tangent) and v.tangent == 0):
            y = add(y, Dual(ZERO, UNDEFINED, v.tag))
        v = v.primal
    return y


def _whole(v: Number) -> bool:
    return is_exact(v) and v.q == 1


def _half_difference(f, v: Number, x: Number) -> Number:
    return multiply(HALF, subtract(f(subtract(v, ONE), x), f(add(v, ONE), x)))


def _half_sum(f, v: Number, x: Number) -> Number:
    return multiply(HALF, add(f(subtract(v, ONE), x), f(add(v, ONE), x)))


def _j(v: Number, x: arb) -> arb:
    return x.bessel_j(arb(v)) if _whole(v) or x > 0 else UNDEFINED


def _i(v: Number, x: arb) -> arb:
    return x.bessel_i(arb(v)) if _whole(v) or x > 0 else UNDEFINED


besselj = _with_order(_j, lambda v, x: _half_difference(besselj, v, x))
besseli = _with_order(_i, lambda v, x: _half_sum(besseli, v, x))
bessely = _with_order(
    lambda v, x: x.bessel_y(arb(v)) if x > 0 else UNDEFINED, lambda v, x: _half_difference(bessely, v, x)
)
besselk = _with_order(
    lambda v, x: x.bessel_k(arb(v)) if x > 0 else UNDEFINED, lambda v, x: negate(_half_sum(besselk, v, x))
)
expint = _with_order(
    lambda v, x: x.expint(arb(v)) if x > 0 else UNDEFINED, lambda v, x: negate(expint(subtract(v, ONE), x))
)


# ---- elliptic integrals and the inverse of erf -----------------------------------------------------------------


def _hypergeometric(a: fmpq, b: fmpq, c: fmpq, m: Number) -> Number:
    """2F1(a, b; c; m) for m < 1; its derivative is a b / c 2F1(a + 1, b + 1; c + 1; m), without a gap at m = 0."""
    value = lambda x: x.hypgeom_2f1(arb(a), arb(b), arb(c)) if x < 1 else UNDEFINED  # noqa: E731
    return smooth(value, lambda x, _: multiply(a * b / c, _hypergeometric(a + 1, b + 1, c + 1, x)))(m)


def _quarter_turn() -> arb:
    return arb.pi() / 2


def ellipk(m: Number) -> Number:
    """The complete elliptic integral of the first kind of the parameter m < 1."""
    return multiply(_quarter_turn(), _hypergeometric(HALF, HALF, ONE, m))


def ellipe(m: Number) -> Number:
    """The complete elliptic integral of the second kind of the parameter m <= 1; no derivative at 1."""
    if is_exact(m) and m == 1:
        return ONE
    return multiply(_quarter_turn(), _hypergeometric(-HALF, HALF, ONE, m))


erfinv = smooth(
    lambda x: x.erfinv() if x > -1 and x < 1 else UNDEFINED,
    lambda x, y: multiply(arb.pi().sqrt() / 2, exp(multiply(y, y))),
)

FUNCTIONS: dict[type, Callable[..., Number]] = {
    nodes.gamma: gamma,
    nodes.loggamma: loggamma,
    nodes.digamma: digamma,
    nodes.polygamma: polygamma,
    nodes.besselj: besselj,
    nodes.bessely: bessely,
    nodes.besseli: besseli,
    nodes.besselk: besselk,
    nodes.ellipk: ellipk,
    nodes.ellipe: ellipe,
    nodes.expint: expint,
    nodes.erfinv: erfinv,
}
