"""How the rational form of f(a) is made from that of a, one rule for each function of the field.

A rule is an identity that holds at every real point where f(a) is defined, kinks included.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

import sympy as sp
from sympy.polys.fields import FracElement

from derivations.calculus.functions import cbrt, leaky_relu, relu, sigmoid, softplus, step
from derivations.judges import enclosures
from derivations.judges.circular_rules import arcsine, arctangent, cosine, sine, up_to_sign
from derivations.judges.generated_field import OPEN_UNIT, OutsideField, increasing
from derivations.judges.special_rules import SPECIAL_RULES, inverse_of
from derivations.judges.sturm import Interval

if TYPE_CHECKING:
    from derivations.judges.rational_form import RationalForms


def _sigmoid(forms: RationalForms, a: FracElement) -> FracElement:
    t = forms.exp(a)
    return t / (1 + t)


def _tanh(forms: RationalForms, a: FracElement) -> FracElement:
    t = forms.exp(2 * a)
    return (t - 1) / (t + 1)


def _step(forms: RationalForms, a: FracElement) -> FracElement:
    """step(f a) = step(a) for f > 0, step(-a) = 1 - step(a), with the value 1/2 at 0."""
    if not a:
        return forms.constant(Fraction(1, 2))
    constant, _, rest = forms.factored(a)
    if rest == forms.field.one:
        return forms.constant(int(constant > 0))
    sign, b = up_to_sign(rest)
    value = forms.generator("step", (b,), Interval(Fraction(0), Fraction(1), True, True))
    return value if sign > 0 else 1 - value


def _erf(forms: RationalForms, a: FracElement) -> FracElement:
    """Odd and growing from -1 to 1, the inverse of erfinv."""
    if not a:
        return a
    sign, b = up_to_sign(a)
    inner = inverse_of(forms, b, "erfinv")
    if inner is None:
        inner = forms.generator("erf", (b,), increasing(enclosures.erf, forms.interval(b), OPEN_UNIT))
    return sign * inner


def _asinh(forms: RationalForms, a: FracElement) -> FracElement:
    """log(a + sqrt(a^2 + 1)), odd."""
    sign, b = up_to_sign(a)
    return sign * forms.log(forms.reduced(b + forms.root(forms.reduced(b**2 + forms.field.one), 2)))


def _acosh(forms: RationalForms, a: FracElement) -> FracElement:
    """log(a + sqrt(a^2 - 1)), stated for a >= 1."""
    return forms.log(forms.reduced(a + forms.root(forms.reduced(a**2 - forms.field.one), 2)))


def _cbrt(forms: RationalForms, a: FracElement) -> FracElement:
    """The product of the cube roots of the factors, of either sign."""
    if not a:
        return a
    constant, positive, others = forms.factors(a)
    root = forms.root(forms.constant(abs(constant)), 3) * (1 if constant > 0 else -1)
    parts = [forms.root(forms.field(f) ** k, 3) for f, k in positive.items()]
    return forms.product([root, *parts, *(_cbrt_of_factor(forms, forms.field(f)) ** k for f, k in others.items())])


def _cbrt_of_factor(forms: RationalForms, f: FracElement) -> FracElement:
    range_ = forms.interval(f)
    if range_.low >= 0 or range_.high <= 0:
        return forms.root(f, 3) if range_.low >= 0 else -forms.root(-f, 3)
    sign, b = up_to_sign(f)
    root = forms.generator("cbrt", (b,), Interval())
    forms.relations[forms.position(root)] = (3, b)
    return sign * root


def _heaviside(forms: RationalForms, a: FracElement, at_zero: FracElement) -> FracElement:
    if at_zero != forms.constant(Fraction(1, 2)):
        raise OutsideField("a step with another value at 0")
    return _step(forms, a)


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
    sp.asinh: _asinh,
    sp.acosh: _acosh,
    sp.sin: sine,
    sp.cos: cosine,
    sp.atan: arctangent,
    sp.asin: arcsine,
    sp.acos: lambda forms, a: forms.of(sp.pi) / 2 - arcsine(forms, a),
    sp.Abs: _abs,
    sp.sign: lambda forms, a: forms.constant(-1) + 2 * _step(forms, a),
    sp.Max: _extreme(1),
    sp.Min: _extreme(-1),
    sp.Heaviside: _heaviside,
    cbrt: _cbrt,
    step: _step,
    relu: _relu,
    leaky_relu: _relu,
    **SPECIAL_RULES,
}
