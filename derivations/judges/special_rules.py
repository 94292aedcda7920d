"""Rational forms of special functions: one generator for all arguments, or orders, that differ by whole numbers.

    gamma(a + 1) = a gamma(a)                        gamma(1 - a) = pi / (sin(pi a) gamma(a))
    gamma(2 a) = 2^(2 a - 1) gamma(a) gamma(a + 1/2) / sqrt(pi)
    polygamma(n, a + 1) = polygamma(n, a) + (-1)^n n! / a^(n + 1)            digamma(1 - a) = digamma(a) + pi cot(pi a)
    J_(v+1) = (2 v / x) J_v - J_(v-1), likewise Y; I_(v+1) = I_(v-1) - (2 v / x) I_v; K_(v+1) = K_(v-1) + (2 v / x) K_v
    v E_(v+1) = e^-x - x E_v

Each is a change of generators that can be undone, so it adds no zeros; that a pole of one side may be none of the other
does no harm, as what is left is an identity between the functions that occur.
Source: NIST DLMF 5.5, 5.15, 8.19, 10.6, 10.29.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import factorial, floor, inf
from typing import TYPE_CHECKING

import sympy as sp
from sympy.polys.fields import FracElement

from derivations.calculus import special
from derivations.judges.circular_rules import cosine, sine, up_to_sign
from derivations.judges.generated_field import CLOSED_UNIT, POSITIVE, OutsideField, checked
from derivations.judges.sturm import Interval, fraction

if TYPE_CHECKING:
    from derivations.judges.rational_form import RationalForms

LARGEST_SHIFT = 24
HALF = Fraction(1, 2)

Rule = Callable[..., FracElement]


def _shifted(forms: RationalForms, a: FracElement, positive: bool = True) -> tuple[FracElement, int]:
    """(b, k) with a = b + k, k whole, the same b for all such a, and 0 < b <= 1 when a is a number.

    Else the constant of b is the least for which b > 0, if that is asked and there is one, or it lies in [0, 1).
    """
    c = _constant_part(forms, a)
    rest = a - forms.constant(c)
    if not rest:
        start = Fraction(1) if c.denominator == 1 else c - floor(c)
    else:
        range_ = forms.interval(rest)
        start = c - floor(c)
        if positive and range_.low != -inf:
            start += -floor(range_.low + start)
            start += not (range_.low + start > 0 or not range_.low_closed)
    shift = int(c - start)
    if abs(shift) > LARGEST_SHIFT:
        raise OutsideField(f"a shift by more than {LARGEST_SHIFT}")
    return rest + forms.constant(start), shift


def _constant_part(forms: RationalForms, a: FracElement) -> Fraction:
    """The constant term of the whole part of a rational function: adding k to the function adds k to it."""
    if not a:
        return Fraction(0)
    (whole,), _ = a.numer.div([a.denom])
    return fraction(sp.QQ(whole.get((0,) * len(forms.field.gens), 0)))


def _is_number(a: FracElement) -> bool:
    return a.numer.is_ground and a.denom.is_ground


def _number(a: FracElement) -> Fraction:
    return fraction(sp.QQ(a.numer.LC)) / fraction(sp.QQ(a.denom.LC)) if a else Fraction(0)


def _whole(a: FracElement, least: int) -> int:
    """A whole number that is written as a number; raises OutsideField."""
    if not _is_number(a) or _number(a).denominator != 1 or _number(a) < least:
        raise OutsideField("the order of a function is not a whole number")
    return int(_number(a))


# ---- the gamma function ----------------------------------------------------------------------------------------


def _reflects(forms: RationalForms, a: FracElement) -> bool:
    """Whether to speak of 1 - a instead of a: never where that would lose a > 0."""
    rest = a - forms.constant(_constant_part(forms, a))
    if not rest or rest.numer.LC > 0:
        return False
    return not forms.interval(a).positive or forms.interval(forms.reduced(1 - a)).positive


def _is_even(forms: RationalForms, a: FracElement) -> bool:
    """Whether a = 2 (polynomial with whole coefficients) + constant."""
    rest = (a - forms.constant(_constant_part(forms, a))) / 2
    return bool(rest) and rest.denom == 1 and all(c.denominator == 1 for c in rest.numer.coeffs())


def _gamma(forms: RationalForms, a: FracElement) -> FracElement:
    if _reflects(forms, a):
        z = forms.reduced(1 - a)
        pi = forms.of(sp.pi)
        return pi / (sine(forms, forms.reduced(pi * z)) * _gamma(forms, z))
    if _is_even(forms, a):
        power = forms.exp(forms.reduced((a - 1) * forms.of(sp.log(2))))
        halves = _gamma(forms, a / 2) * _gamma(forms, a / 2 + forms.constant(HALF))
        return power * halves / forms.root(forms.of(sp.pi), 2)
    base, k = _shifted(forms, a)
    value = _gamma_of_base(forms, base)
    factors = [base + i for i in range(k)] if k > 0 else [1 / (base - 1 - i) for i in range(-k)]
    return forms.product([value, *factors])


def _gamma_of_base(forms: RationalForms, base: FracElement) -> FracElement:
    if base == forms.field.one:
        return base
    if base == forms.constant(HALF):
        return forms.root(forms.of(sp.pi), 2)
    return forms.generator("gamma", (base,), POSITIVE if forms.interval(base).positive else Interval())


def _loggamma(forms: RationalForms, a: FracElement) -> FracElement:
    """log gamma(a); stated for a > 0 only, where gamma is positive."""
    base, _ = _shifted(forms, a)
    if _is_number(a) or forms.interval(base).positive:
        return forms.log(_gamma(forms, a))
    return forms.generator("loggamma", (a,), Interval())


def _digamma(forms: RationalForms, a: FracElement) -> FracElement:
    if not _reflects(forms, a):
        return _polygamma_of_order(forms, 0, a)
    z, pi = forms.reduced(1 - a), forms.of(sp.pi)
    angle = forms.reduced(pi * z)
    return _digamma(forms, z) + pi * cosine(forms, angle) / sine(forms, angle)


def _polygamma(forms: RationalForms, n: FracElement, a: FracElement) -> FracElement:
    return _polygamma_of_order(forms, _whole(n, 1), a)


def _polygamma_of_order(forms: RationalForms, n: int, a: FracElement) -> FracElement:
    base, k = _shifted(forms, a)
    range_ = POSITIVE if n % 2 else Interval(high=Fraction(0))
    range_ = range_ if n and forms.interval(base).positive else Interval()
    value = _polygamma_at(forms, n, base)
    if value is None:
        value = forms.generator("polygamma", (n, base), range_)
    step = forms.constant((-1) ** n * factorial(n))
    terms = [step / (base + i) ** (n + 1) for i in range(k)]
    terms += [-step / (base - 1 - i) ** (n + 1) for i in range(-k)]
    return forms.total([value, *terms])


def _polygamma_at(forms: RationalForms, n: int, base: FracElement) -> FracElement | None:
    """The values at 1 and 1/2 that are written with pi, and digamma(1/2) = digamma(1) - 2 log 2."""
    half = base == forms.constant(HALF)
    if n == 1 and (half or base == forms.field.one):
        return forms.of(sp.pi) ** 2 / (2 if half else 6)
    if n == 0 and half:
        return _polygamma_of_order(forms, 0, forms.field.one) - 2 * forms.of(sp.log(2))
    return None


# ---- Bessel functions ------------------------------------------------------------------------------------------

# f_(v+1) = a f_(v-1) + b (2 v / x) f_v
STEPS = {"besselj": (-1, 1), "bessely": (-1, 1), "besseli": (1, -1), "besselk": (1, 1)}


def _bessel(name: str) -> Rule:
    def rule(forms: RationalForms, v: FracElement, x: FracElement) -> FracElement:
        if name == "besselk" and v and v.numer.LC < 0:
            v = -v
        base, k = _shifted(forms, v, positive=False)
        entire = name in ("besselj", "besseli") and _is_number(v) and _number(v).denominator == 1
        if entire:
            base, k = forms.field.zero, int(_number(v))
            sign, x = up_to_sign(x)
            if not x:
                return forms.field.zero if k else forms.field.one
            return sign ** abs(k) * _from_neighbours(forms, name, base, k, x)
        if not x:
            raise OutsideField(f"{name} at 0")
        return _from_neighbours(forms, name, base, k, x)

    return rule


def _from_neighbours(forms: RationalForms, name: str, v: FracElement, k: int, x: FracElement) -> FracElement:
    """f_(v+k) by the recurrence from f_v and f_(v+1)."""
    a, b = STEPS[name]
    here, after = _neighbours(forms, name, v, x)
    for _ in range(k):
        v = v + forms.field.one
        here, after = after, forms.reduced(checked(a * here + b * 2 * v / x * after))
    for _ in range(-k):
        here, after = forms.reduced(checked(a * (after - b * 2 * v / x * here))), here
        v = v - forms.field.one
    return here


def _neighbours(forms: RationalForms, name: str, v: FracElement, x: FracElement) -> tuple[FracElement, FracElement]:
    if v == forms.constant(HALF):
        before, here = _of_half_order(forms, name, x)
        a, b = STEPS[name]
        return here, a * before + b / x * here
    here, after = (
        forms.generator(name, (order, x), _range_of(forms, name, order, x)) for order in (v, v + forms.field.one)
    )
    return here, after


def _range_of(forms: RationalForms, name: str, order: FracElement, x: FracElement) -> Interval:
    if name == "besselj" and _is_number(order) and _number(order).denominator == 1:
        return CLOSED_UNIT
    growing = name == "besselk" or (name == "besseli" and _is_number(order) and _number(order) >= 0)
    return POSITIVE if growing and forms.interval(x).positive else Interval()


def _of_half_order(forms: RationalForms, name: str, x: FracElement) -> tuple[FracElement, FracElement]:
    """f_(-1/2) and f_(1/2)."""
    pi = forms.of(sp.pi)
    factor = forms.root(2 / (pi * x), 2)
    if name in ("besselj", "bessely"):
        s, c = factor * sine(forms, x), factor * cosine(forms, x)
        return (c, s) if name == "besselj" else (s, -c)
    growing, falling = forms.exp(x), 1 / forms.exp(x)
    if name == "besseli":
        return factor * (growing + falling) / 2, factor * (growing - falling) / 2
    value = pi / 2 * factor * falling
    return value, value


# ---- the others ------------------------------------------------------------------------------------------------


def _expint(forms: RationalForms, v: FracElement, x: FracElement) -> FracElement:
    if not x:
        raise OutsideField("expint at 0")
    base, k = _shifted(forms, v, positive=False)
    fall = 1 / forms.exp(x)
    value = forms.generator("expint", (base, x), POSITIVE)
    for i in range(k):
        value = checked((fall - x * value) / (base + i))
    for i in range(-k):
        value = checked((fall - (base - 1 - i) * value) / x)
    return value


def _erfinv(forms: RationalForms, a: FracElement) -> FracElement:
    if not a:
        return a
    sign, b = up_to_sign(a)
    inner = inverse_of(forms, b, "erf")
    return sign * (forms.generator("erfinv", (b,), Interval()) if inner is None else inner)


def inverse_of(forms: RationalForms, b: FracElement, name: str) -> FracElement | None:
    """a, when b is the generator name(a)."""
    position = forms.position_of(b)
    if position is None or forms.generators[position].kind != name:
        return None
    return forms.generators[position].data[0]  # type: ignore[return-value]


def _elliptic(name: str) -> Rule:
    def rule(forms: RationalForms, m: FracElement) -> FracElement:
        if not m:
            return forms.of(sp.pi) / 2
        if name == "ellipe" and m == forms.field.one:
            return m
        return forms.generator(name, (m,), POSITIVE)

    return rule


SPECIAL_RULES: dict[type, Rule] = {
    special.gamma: _gamma,
    special.loggamma: _loggamma,
    special.digamma: _digamma,
    special.polygamma: _polygamma,
    special.besselj: _bessel("besselj"),
    special.bessely: _bessel("bessely"),
    special.besseli: _bessel("besseli"),
    special.besselk: _bessel("besselk"),
    special.expint: _expint,
    special.erfinv: _erfinv,
    special.ellipk: _elliptic("ellipk"),
    special.ellipe: _elliptic("ellipe"),
}
