"""How the rational form of f(a) is made from that of a, one rule for each function of the field.

A rule is an identity that holds at every real point where f(a) is defined, kinks included.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

import sympy as sp
from sympy.polys.fields import FracElement

from derivations.calculus.functions import leaky_relu, relu, sigmoid, softplus, step
from derivations.judges.generated_field import CLOSED_UNIT, OPEN_UNIT
from derivations.judges.sturm import Interval, fraction

if TYPE_CHECKING:
    from derivations.judges.rational_form import RationalForms


def up_to_sign(a: FracElement) -> tuple[int, FracElement]:
    """(s, b) with a = s b and s = 1 or -1, the same b for a and -a."""
    return (-1, -a) if a.numer.LC < 0 else (1, a)


def _sigmoid(forms: RationalForms, a: FracElement) -> FracElement:
    t = forms.exp(a)
    return t / (1 + t)


def _tanh(forms: RationalForms, a: FracElement) -> FracElement:
    t = forms.exp(2 * a)
    return (t - 1) / (t + 1)


def _step(forms: RationalForms, a: FracElement) -> FracElement:
    """step(c a) = step(a) for c > 0, step(-a) = 1 - step(a), with the value 1/2 at 0."""
    if not a:
        return forms.constant(Fraction(1, 2))
    sign, b = up_to_sign(a)
    known = forms.sign(b)
    if known is None:
        b = b / forms.constant(abs(fraction(sp.QQ(b.numer.LC)) / fraction(sp.QQ(b.denom.LC))))
        value = forms.generator("step", (b,), Interval(Fraction(0), Fraction(1), True, True))
    else:
        value = forms.constant(int(known > 0))
    return value if sign > 0 else 1 - value


def _atan(forms: RationalForms, a: FracElement) -> FracElement:
    sign, b = up_to_sign(a)
    if b == forms.field.one:
        return forms.of(sp.pi) * forms.constant(Fraction(sign, 4))
    return _odd("atan", Interval(Fraction(-2), Fraction(2)))(forms, a)


def _odd(name: str, interval: Interval) -> Callable[[RationalForms, FracElement], FracElement]:
    """f(-a) = -f(a) and f(0) = 0."""

    def rule(forms: RationalForms, a: FracElement) -> FracElement:
        sign, b = up_to_sign(a)
        return sign * forms.generator(name, (b,), interval) if a else a

    return rule


def _cos(forms: RationalForms, a: FracElement) -> FracElement:
    """cos^2 = 1 - sin^2, cos(-a) = cos(a), cos 0 = 1."""
    _, b = up_to_sign(a)
    if not a:
        return forms.field.one
    sine = FUNCTIONS[sp.sin](forms, b)
    cosine = forms.generator("cos", (b,), CLOSED_UNIT)
    forms.relations[forms.position(cosine)] = (2, 1 - sine**2)
    return cosine


def _extreme(pick: int) -> Callable[..., FracElement]:
    """max(a, b) = (a + b + |a - b|) / 2, and min with minus."""

    def rule(forms: RationalForms, first: FracElement, *others: FracElement) -> FracElement:
        for other in others:
            first = (first + other + pick * _abs(forms, forms.reduced(first - other))) / 2
        return first

    return rule


def _abs(forms: RationalForms, a: FracElement) -> FracElement:
    range_ = forms.interval(a)
    if range_.low >= 0 or range_.high <= 0:
        return a if range_.low >= 0 else -a
    return forms.root(forms.reduced(a**2), 2)


def _relu(forms: RationalForms, a: FracElement, slope: FracElement | int = 0) -> FracElement:
    """a for a >= 0 and slope a for a <= 0."""
    range_ = forms.interval(a)
    if range_.low >= 0 or range_.high <= 0:
        return a if range_.low >= 0 else slope * a
    return a * (slope + (1 - slope) * _step(forms, a))


_erf = _odd("erf", OPEN_UNIT)

FUNCTIONS: dict[type, Callable[..., FracElement]] = {
    sp.exp: lambda forms, a: forms.exp(a),
    sp.log: lambda forms, a: forms.log(a),
    sigmoid: _sigmoid,
    softplus: lambda forms, a: forms.log(1 + forms.exp(a)),
    sp.tanh: _tanh,
    sp.sinh: lambda forms, a: (forms.exp(a) - 1 / forms.exp(a)) / 2,
    sp.cosh: lambda forms, a: (forms.exp(a) + 1 / forms.exp(a)) / 2,
    sp.atanh: lambda forms, a: (forms.log(forms.reduced(1 + a)) - forms.log(forms.reduced(1 - a))) / 2,
    sp.erf: _erf,
    sp.erfc: lambda forms, a: 1 - _erf(forms, a),
    sp.atan: _atan,
    sp.sin: _odd("sin", CLOSED_UNIT),
    sp.cos: _cos,
    sp.Abs: _abs,
    sp.sign: lambda forms, a: forms.constant(-1) + 2 * _step(forms, a),
    sp.Max: _extreme(1),
    sp.Min: _extreme(-1),
    step: _step,
    relu: _relu,
    leaky_relu: _relu,
}
