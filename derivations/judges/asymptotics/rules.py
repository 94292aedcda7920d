"""The expansion of f(a) from that of a, one rule for each function.

Where a has a finite limit at which f is analytic it is Taylor's series. Elsewhere f is written in exp, log and roots,
by an identity of the reals that holds there:

tanh a = 1 - 2 / (1 + e^2a)      asinh a = log(a + sqrt(a^2 + 1))      atan a = pi/2 - atan(1/a)  for a > 0
sigmoid a = 1 / (1 + e^-a)       softplus a = log(1 + e^a)             asin a = pi/2 - 2 asin(sqrt((1 - a)/2))
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from derivations.calculus.functions import cbrt, leaky_relu, relu, sigmoid, softplus, step
from derivations.judges.asymptotics import special
from derivations.judges.asymptotics.constants import OPAQUE, Undecided
from derivations.judges.asymptotics.series import BOUNDED, ZERO, Expansions, Series

Rule = Callable[..., Series]


def expand(at: Expansions, e: sp.Expr, x: sp.Symbol, near: Series) -> Series:
    """The expansion of ``e`` where the variable x has the expansion ``near``; raises Undecided."""
    if e == x:
        return near
    if x not in e.free_symbols:
        return at.constant(e)
    if isinstance(e, OPAQUE):
        raise Undecided(f"{type(e).__name__} depends on {x}")
    if isinstance(e, sp.Pow):
        return _power(at, expand(at, e.base, x, near), expand(at, e.exp, x, near), e.exp, x)  # type: ignore[arg-type]
    if e.func in special.WITH_ORDER:
        if x in e.args[0].free_symbols:
            raise Undecided(f"the order of {e.func} depends on {x}")
        return special.WITH_ORDER[e.func](at, e.args[0], expand(at, e.args[1], x, near))  # type: ignore[arg-type]
    if e.func not in RULES:
        raise Undecided(f"{e.func} has no expansion")
    return RULES[e.func](at, *(expand(at, a, x, near) for a in e.args))  # type: ignore[arg-type]


def _power(at: Expansions, base: Series, exponent: Series, e: sp.Expr, x: sp.Symbol) -> Series:
    if x in e.free_symbols:
        return at.exp(at.multiply(exponent, at.log(base)))
    return at.power(base, e)


def _add(at: Expansions, *parts: Series) -> Series:
    total = ZERO
    for part in parts:
        total = at.add(total, part)
    return total


def _multiply(at: Expansions, *factors: Series) -> Series:
    product = at.constant(sp.S.One)
    for factor in factors:
        product = at.multiply(product, factor)
    return product


def _plus(at: Expansions, f: Series, c: sp.Expr | int) -> Series:
    return at.add(f, at.constant(sp.sympify(c, strict=True)))


def _negative(at: Expansions, f: Series) -> Series:
    return at.times(sp.S.NegativeOne, f)


def _root(at: Expansions, f: Series) -> Series:
    return at.power(f, sp.S.Half)


def _inverse(at: Expansions, f: Series) -> Series:
    return at.power(f, sp.S.NegativeOne)


# ---- functions that are analytic on all of the reals -----------------------------------------------------------


def entire(g: type, elsewhere: Rule) -> Rule:
    """Taylor's series at a finite limit, the other rule at oo and -oo."""

    def rule(at: Expansions, f: Series) -> Series:
        parts = at.finite(f)
        return elsewhere(at, f) if parts is None else at.analytic(g, parts)

    return rule


def _wave(g: type) -> Rule:
    """sin and cos: bounded, whatever the argument does."""

    def rule(at: Expansions, f: Series) -> Series:
        if f.error is not None and at.scale.growth(f.error) >= 0:
            return BOUNDED
        return entire(g, lambda at, f: BOUNDED)(at, f)

    return rule


def _tanh(at: Expansions, f: Series) -> Series:
    doubled = at.exp(at.times(sp.Integer(2), f))
    return _plus(at, at.times(sp.Integer(-2), _inverse(at, _plus(at, doubled, 1))), 1)


def _hyperbolic(sign: int) -> Rule:
    def rule(at: Expansions, f: Series) -> Series:
        rest = at.times(sp.Integer(sign), at.exp(_negative(at, f)))
        return at.times(sp.S.Half, at.add(at.exp(f), rest))

    return rule


def _sigmoid(at: Expansions, f: Series) -> Series:
    return _inverse(at, _plus(at, at.exp(_negative(at, f)), 1))


def _softplus(at: Expansions, f: Series) -> Series:
    return at.log(_plus(at, at.exp(f), 1))


def _odd(above: Rule) -> Rule:
    """A rule for positive arguments, and -g(-a) for negative ones."""

    def rule(at: Expansions, f: Series) -> Series:
        return above(at, f) if at.sign(f) > 0 else _negative(at, above(at, _negative(at, f)))

    return rule


def _atan_of_large(at: Expansions, f: Series) -> Series:
    return _plus(at, _negative(at, RULES[sp.atan](at, _inverse(at, f))), sp.pi / 2)


def _asinh_of_large(at: Expansions, f: Series) -> Series:
    return at.log(at.add(f, _root(at, _plus(at, at.multiply(f, f), 1))))


# ---- functions on part of the reals ----------------------------------------------------------------------------


def _acosh(at: Expansions, f: Series) -> Series:
    return at.log(at.add(f, _root(at, _plus(at, at.multiply(f, f), -1))))


def _atanh(at: Expansions, f: Series) -> Series:
    return at.times(sp.S.Half, at.subtract(at.log(_plus(at, f, 1)), at.log(_plus(at, _negative(at, f), 1))))


def _asin(at: Expansions, f: Series) -> Series:
    parts = at.finite(f)
    if parts is None:
        raise Undecided("asin of an argument that grows without end")
    below, above = (at.constants.sign(1 + s * parts.constant) for s in (1, -1))
    if below == above == 1:
        return at.analytic(sp.asin, parts)
    if 0 not in (below, above):
        raise Undecided("asin of an argument not provably between -1 and 1")
    return _odd(_asin_near_one)(at, f)


def _asin_near_one(at: Expansions, f: Series) -> Series:
    half = at.times(sp.S.Half, _plus(at, _negative(at, f), 1))
    return _plus(at, at.times(sp.Integer(-2), RULES[sp.asin](at, _root(at, half))), sp.pi / 2)


# ---- functions with a kink or a jump ---------------------------------------------------------------------------


def _abs(at: Expansions, f: Series) -> Series:
    return at.times(sp.Integer(at.sign(f)), f) if f.terms or f == ZERO else f  # |O(m)| = O(m)


def _sign(at: Expansions, f: Series) -> Series:
    return at.constant(sp.Integer(at.sign(f)))


def _step(at: Expansions, f: Series) -> Series:
    return at.constant(sp.Rational(1 + at.sign(f), 2))


def _relu(at: Expansions, f: Series) -> Series:
    return f if not f.terms or at.sign(f) > 0 else ZERO


def _leaky_relu(at: Expansions, f: Series, slope: Series) -> Series:
    return f if f == ZERO or at.sign(f) > 0 else at.multiply(slope, f)


def _cbrt(at: Expansions, f: Series) -> Series:
    sign = sp.Integer(at.sign(f))
    return at.times(sign, at.power(at.times(sign, f), sp.Rational(1, 3))) if sign else f


RULES: dict[type, Rule] = {
    sp.Add: _add,
    sp.Mul: _multiply,
    sp.exp: lambda at, f: at.exp(f),
    sp.log: lambda at, f: at.log(f),
    sp.sin: _wave(sp.sin),
    sp.cos: _wave(sp.cos),
    sp.sinh: entire(sp.sinh, _hyperbolic(-1)),
    sp.cosh: entire(sp.cosh, _hyperbolic(1)),
    sp.tanh: entire(sp.tanh, _tanh),
    sigmoid: entire(sigmoid, _sigmoid),
    softplus: entire(softplus, _softplus),
    sp.atan: entire(sp.atan, _odd(_atan_of_large)),
    sp.asinh: entire(sp.asinh, _odd(_asinh_of_large)),
    sp.asin: _asin,
    sp.acosh: _acosh,
    sp.atanh: _atanh,
    sp.Abs: _abs,
    sp.sign: _sign,
    step: _step,
    relu: _relu,
    leaky_relu: _leaky_relu,
    cbrt: _cbrt,
    sp.erf: entire(sp.erf, _odd(lambda at, f: _plus(at, _negative(at, special.erfc_of_large(at, f)), 1))),
    sp.erfc: lambda at, f: special.erfc(at, f),
    **special.RULES,
}
