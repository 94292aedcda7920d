"""The expansions of special functions.

erfc a  ~ e^(-a^2) / (a sqrt(pi)) sum_k (-1)^k (2k-1)!! / (2 a^2)^k                      a -> oo     DLMF 7.12.1
log gamma a ~ (a - 1/2) log a - a + log(2 pi)/2 + sum_k B_2k / (2k (2k-1) a^(2k-1))      a -> oo     DLMF 5.11.1
digamma a ~ log a - 1/(2a) - sum_k B_2k / (2k a^2k)                                      a -> oo     DLMF 5.11.2
J_v(a), Y_v(a) = O(a^-1/2),  K_v(a) = O(e^-a a^-1/2),  E_v(a) = O(e^-a / a)   a -> oo     DLMF 10.17, 10.25, 8.20
An asymptotic series has the error of the first term left out, as Taylor's has: ``taylor`` serves for both.
gamma a = gamma(a + 1) / a and its like for log gamma and digamma carry them to 0 from above
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from derivations.calculus.special import (
    besselj,
    besselk,
    bessely,
    digamma,
    erfinv,
    expint,
    gamma,
    loggamma,
    polygamma,
)
from derivations.judges.asymptotics.constants import Undecided
from derivations.judges.asymptotics.scale import Monomial
from derivations.judges.asymptotics.series import Expansions, Series

MINUS = sp.S.NegativeOne


def erfc(at: Expansions, f: Series) -> Series:
    parts = at.finite(f)
    if parts is not None:
        return at.analytic(sp.erfc, parts)
    if at.sign(f) > 0:
        return erfc_of_large(at, f)
    return at.subtract(at.constant(sp.Integer(2)), erfc_of_large(at, at.times(MINUS, f)))


def erfc_of_large(at: Expansions, f: Series) -> Series:
    square = at.multiply(f, f)
    inverse = at.power(square, MINUS)
    series = at.taylor(lambda k: (-1) ** k * sp.factorial2(2 * k - 1) / sp.Integer(2) ** k, inverse)
    leading = at.divide(at.exp(at.times(MINUS, square)), at.times(sp.sqrt(sp.pi), f))
    return at.multiply(leading, series)


# ---- gamma and its like, for positive arguments ----------------------------------------------------------------


def _positive(g: type, large: Callable, raised: Callable) -> Callable[[Expansions, Series], Series]:
    """Taylor at a positive limit; ``large`` at oo; ``raised`` carries an argument that falls to 0 up by 1."""

    def rule(at: Expansions, f: Series) -> Series:
        if at.sign(f) <= 0:
            raise Undecided(f"{g.__name__} of an argument that is not positive")
        parts = at.finite(f)
        if parts is None:
            return large(at, f)
        if at.constants.sign(parts.constant) == 0:
            return raised(at, f, rule(at, at.add(f, at.constant(sp.S.One))))
        if at.constants.sign(parts.constant) != 1:
            raise Undecided(f"{g.__name__} at {parts.constant}, which is not provably positive")
        return at.analytic(g, parts)

    return rule


def _stirling(at: Expansions, f: Series) -> Series:
    log, half = at.log(f), at.constant(sp.S.Half)
    start = at.subtract(at.multiply(at.subtract(f, half), log), f)
    inverse = at.power(f, MINUS)

    def coefficient(k: int) -> sp.Expr:
        if k == 0:
            return sp.log(2 * sp.pi) / 2
        return sp.bernoulli(k + 1) / (k * (k + 1)) if k % 2 else sp.S.Zero

    return at.add(start, at.taylor(coefficient, inverse))


def _digamma_of_large(at: Expansions, f: Series) -> Series:
    def coefficient(k: int) -> sp.Expr:
        if k < 2:
            return sp.Rational(-k, 2)
        return sp.S.Zero if k % 2 else -sp.bernoulli(k) / k

    return at.add(at.log(f), at.taylor(coefficient, at.power(f, MINUS)))


_loggamma = _positive(loggamma, _stirling, lambda at, f, above: at.subtract(above, at.log(f)))

RULES: dict[type, Callable] = {
    gamma: _positive(
        gamma, lambda at, f: at.exp(_stirling(at, f)), lambda at, f, above: at.multiply(above, at.power(f, MINUS))
    ),
    loggamma: _loggamma,
    digamma: _positive(digamma, _digamma_of_large, lambda at, f, above: at.subtract(above, at.power(f, MINUS))),
    erfinv: lambda at, f: _erfinv(at, f),
}


def _erfinv(at: Expansions, f: Series) -> Series:
    parts = at.finite(f)
    if parts is None or any(at.constants.sign(1 + s * parts.constant) != 1 for s in (1, -1)):
        raise Undecided("erfinv of an argument not provably between -1 and 1")
    return at.analytic(lambda u: erfinv(u), parts)


# ---- functions with an order -----------------------------------------------------------------------------------


def _of_order(g: type, large: Callable[[Expansions, Series], Monomial | None]) -> Callable:
    """Taylor at a positive limit; a bound at oo, for a fixed order."""

    def rule(at: Expansions, order: sp.Expr, f: Series) -> Series:
        if at.sign(f) <= 0:
            raise Undecided(f"{g.__name__} of an argument that is not positive")
        parts = at.finite(f)
        if parts is None:
            return Series((), large(at, f))
        if at.constants.sign(parts.constant) != 1:
            raise Undecided(f"{g.__name__} at {parts.constant}, which is not provably positive")
        return at.analytic(lambda u: g(order, u), parts)

    return rule


def _inverse_root(at: Expansions, f: Series) -> Monomial | None:
    return at.bound(at.power(f, -sp.S.Half))


def _falling(power: sp.Expr) -> Callable[[Expansions, Series], Monomial | None]:
    return lambda at, f: at.bound(at.multiply(at.exp(at.times(MINUS, f)), at.power(f, power)))


WITH_ORDER: dict[type, Callable] = {
    besselj: _of_order(besselj, _inverse_root),
    bessely: _of_order(bessely, _inverse_root),
    besselk: _of_order(besselk, _falling(-sp.S.Half)),
    expint: _of_order(expint, _falling(MINUS)),
    polygamma: _of_order(polygamma, lambda at, f: at.bound(at.power(f, MINUS))),
}
