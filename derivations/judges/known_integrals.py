"""Definite integrals without an elementary antiderivative, by name. All that is checked is that the integrand fits.

int_0^oo x^(s-1) e^(-a x^k) dx = gamma(s/k) / (k a^(s/k))           s, a, k > 0          DLMF 5.9.1
int_0^1 x^(p-1) (1-x)^(q-1) dx = gamma(p) gamma(q) / gamma(p+q)     p, q > 0             DLMF 5.12.1
int_0^oo sin(a x)/x dx = pi/2                                       a > 0                Dirichlet
int_0^oo e^(-a x^2) cos(b x) dx = sqrt(pi/a) e^(-b^2/(4a)) / 2      a > 0                DLMF 5.9 and its real part
int_0^(pi/2) (1 - m sin(x)^2)^(-+1/2) dx = ellipk(m), ellipe(m)     m < 1                DLMF 19.2
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from derivations.calculus.operators import Bound
from derivations.calculus.special import ellipe, ellipk, gamma
from derivations.judges.asymptotics.constants import Constants, valued

GAMMA = "Euler's integral of the gamma function"

Known = Callable[[sp.Expr, Bound, Constants], "tuple[sp.Expr, str] | None"]


def known_integral(f: sp.Expr, x: Bound, low: sp.Expr, high: sp.Expr, constants: Constants):
    """(value, name of the lemma) when the table has the integral of f; None otherwise."""
    for rule in RULES.get((low, high), ()):
        c, rest = sp.powsimp(sp.expand_power_exp(f)).as_independent(x, as_Add=False)
        found = rule(rest, x, constants)
        if found is not None:
            return valued(c * found[0]), found[1]
    return None


def _gamma(f: sp.Expr, x: Bound, constants: Constants):
    powers, exponents, others = _factors(f, x, x)
    if others or exponents == 0:
        return None
    rate, power = (-sp.expand(exponents)).as_independent(x, as_Add=False)
    k = _exponent_of(power, x)
    s = powers + 1
    if k is None or not all(constants.sign(c) == 1 for c in (s, rate, k)):
        return None
    return gamma(s / k) / (k * rate ** (s / k)), GAMMA


def _beta(f: sp.Expr, x: Bound, constants: Constants):
    p, exponents, others = _factors(f, x, x)
    q, _, rest = _factors(sp.Mul(*others), x, 1 - x)
    p, q = p + 1, q + 1
    if 1 in (p, q):  # a power: elementary
        return None
    if rest or exponents != 0 or not all(constants.sign(c) == 1 for c in (p, q)):
        return None
    return gamma(p) * gamma(q) / gamma(p + q), "Euler's beta integral"


def _dirichlet(f: sp.Expr, x: Bound, constants: Constants):
    rate = _rate(f * x, sp.sin, x)
    return (sp.pi / 2, "Dirichlet's integral") if rate is not None and constants.sign(rate) == 1 else None


def _gaussian_wave(f: sp.Expr, x: Bound, constants: Constants):
    powers, exponents, others = _factors(f, x, x)
    a = -sp.expand(exponents / x**2)
    b = _rate(sp.Mul(*others), sp.cos, x)
    if powers != 0 or b is None or x in a.free_symbols or constants.sign(a) != 1:
        return None
    return sp.sqrt(sp.pi / a) * sp.exp(-(b**2) / (4 * a)) / 2, "the Fourier integral of a Gaussian"


def _elliptic(f: sp.Expr, x: Bound, constants: Constants):
    if not isinstance(f, sp.Pow) or abs(f.exp) != sp.S.Half:
        return None
    m = sp.expand((1 - f.base) / sp.sin(x) ** 2)
    if x in m.free_symbols or constants.sign(1 - m) != 1:
        return None
    return (ellipk if f.exp < 0 else ellipe)(m), "the definition of the complete elliptic integrals"


def _factors(f: sp.Expr, x: Bound, base: sp.Expr) -> tuple[sp.Expr, sp.Expr, list[sp.Expr]]:
    """(p, e, others) with f = base^p exp(e) times the others; p does not depend on x."""
    power, exponent, others = sp.S.Zero, sp.S.Zero, []
    for factor in sp.Mul.make_args(f):
        b, e = factor.as_base_exp()
        if isinstance(factor, sp.exp):
            exponent += factor.args[0]
        elif b == base and x not in e.free_symbols:
            power += e
        elif factor != 1:
            others.append(factor)
    return power, exponent, others


def _exponent_of(power: sp.Expr, x: Bound) -> sp.Expr | None:
    base, k = power.as_base_exp()
    return k if base == x and x not in k.free_symbols else None


def _rate(f: sp.Expr, wave: type, x: Bound) -> sp.Expr | None:
    """a when f = wave(a x)."""
    if not isinstance(f, wave):
        return None
    a = sp.expand(f.args[0] / x)
    return None if x in a.free_symbols else a


RULES: dict[tuple[sp.Expr, sp.Expr], tuple[Known, ...]] = {
    (sp.S.Zero, sp.oo): (_gamma, _dirichlet, _gaussian_wave),
    (sp.S.Zero, sp.S.One): (_beta,),
    (sp.S.Zero, sp.pi / 2): (_elliptic,),
}
