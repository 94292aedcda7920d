"""Rational forms of sine, cosine and their inverses.

sin(sum c m), cos(sum c m)     by the addition theorems, in one pair sin(m / L), cos(m / L) for each monomial m
m = atan(a) or asin(a)         the pair itself is a / sqrt(1 + a^2), 1 / sqrt(1 + a^2), or a, sqrt(1 - a^2)
m = pi                         the square roots that SymPy knows: sin(pi/12), cos(pi/5), ...
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import sympy as sp
from sympy.polys.fields import FracElement

from derivations.judges import enclosures
from derivations.judges.gaussian import parts_of_arctangent
from derivations.judges.generated_field import CLOSED_UNIT, OPEN_UNIT, OutsideField
from derivations.judges.sturm import Interval, fraction

if TYPE_CHECKING:
    from derivations.judges.rational_form import RationalForms

LARGEST_MULTIPLE = 24
LONGEST_SUM = 5  # terms under a sine that are taken apart
ZERO, HALF, ONE = Fraction(0), Fraction(1, 2), Fraction(1)

Pair = tuple[FracElement, FracElement]  # a sine and a cosine


def sine(forms: RationalForms, a: FracElement) -> FracElement:
    return _circle(forms, a)[0]


def cosine(forms: RationalForms, a: FracElement) -> FracElement:
    return _circle(forms, a)[1]


def arctangent(forms: RationalForms, a: FracElement) -> FracElement:
    """Odd, between -pi/2 and pi/2; of a number, in terms of those of Gaussian primes."""
    if a and a.numer.is_ground and a.denom.is_ground:
        parts = parts_of_arctangent(fraction(sp.QQ(a.numer.LC)) / fraction(sp.QQ(a.denom.LC)))
        if parts is not None:
            eighths, turns = parts
            terms = [forms.of(sp.pi) * forms.constant(Fraction(eighths, 4))]
            terms += [k * _inverse(forms, "atan", forms.constant(t), OPEN_UNIT) for t, k in turns.items() if k]
            return forms.total(terms)
    return _inverse(forms, "atan", a, OPEN_UNIT)


def arcsine(forms: RationalForms, a: FracElement) -> FracElement:
    """Odd, from -pi/2 to pi/2, stated for -1 <= a <= 1; of a number by the arc tangent, where the root comes out."""
    if a and a.numer.is_ground and a.denom.is_ground:
        square = forms.reduced(forms.field.one - a**2)
        if not square:
            return forms.of(sp.pi) / 2 * a
        cosine = forms.root(square, 2)
        if cosine.numer.is_ground and cosine.denom.is_ground:
            return arctangent(forms, a / cosine)
    return _inverse(forms, "asin", a, CLOSED_UNIT)


def _inverse(forms: RationalForms, name: str, a: FracElement, unit: Interval) -> FracElement:
    """pi/2 times a generator between -1 and 1."""
    if not a:
        return a
    sign, b = up_to_sign(a)
    return forms.of(sp.pi) / 2 * sign * forms.generator(name, (b,), _halved(forms, b, unit))


def up_to_sign(a: FracElement) -> tuple[int, FracElement]:
    """(s, b) with a = s b and s = 1 or -1, the same b for a and -a."""
    return (-1, -a) if a.numer.LC < 0 else (1, a)


def _halved(forms: RationalForms, b: FracElement, unit: Interval) -> Interval:
    """The part of [-1, 1] with the sign of b, where that is known: the range of an odd function that grows."""
    sign, range_ = forms.sign(b), forms.interval(b)
    if sign is None:
        return replace(unit, low=ZERO, low_closed=True) if range_.low >= 0 else unit
    if sign > 0:
        return replace(unit, low=ZERO, low_closed=False)
    return replace(unit, high=ZERO, high_closed=False)


# ---- sums of multiples -----------------------------------------------------------------------------------------


def _circle(forms: RationalForms, a: FracElement) -> Pair:
    """sin a and cos a."""
    if not a:
        return forms.field.zero, forms.field.one
    if len(a.numer) > LONGEST_SUM:
        sign, b = up_to_sign(a)
        s, c = _of_multiple(forms, b, Fraction(1))
        return sign * s, c
    pair: Pair = forms.field.zero, forms.field.one
    for m, c in forms.multiples(a):
        pair = _turned(forms, pair, _of_multiple(forms, m, c))
    return pair


def _turned(forms: RationalForms, one: Pair, other: Pair) -> Pair:
    """The addition theorems."""
    (s, c), (t, d) = one, other
    return forms.reduced(s * d + c * t), forms.reduced(c * d - s * t)


def _of_multiple(forms: RationalForms, m: FracElement, c: Fraction) -> Pair:
    """sin(c m) and cos(c m)."""
    exact = _at_part_of_pi(forms, c) if _kind(forms, m) == "pi" else _of_inverse(forms, m, 2 * c)
    if exact is not None:
        return exact
    sine = forms.generator("sin", (m,), CLOSED_UNIT)
    finest = forms.finest(sine, c.denominator)
    _narrow(forms, sine, "sin", m, finest)
    cosine = forms.generator("cos", (m,), CLOSED_UNIT)
    _narrow(forms, cosine, "cos", m, finest)
    forms.plan.roots[forms.position(cosine)] = finest
    forms.relations[forms.position(cosine)] = (2, 1 - sine**2)
    return _multiple(forms, (sine, cosine), int(c * finest))


def _at_part_of_pi(forms: RationalForms, c: Fraction) -> Pair | None:
    """sin(c pi) and cos(c pi) where they are square roots that SymPy writes down."""
    angle = sp.Rational(c.numerator, c.denominator) * sp.pi
    values = sp.sin(angle), sp.cos(angle)
    if any(value.has(sp.sin, sp.cos) for value in values):
        return None
    return forms.of(values[0]), forms.of(values[1])


def _kind(forms: RationalForms, a: FracElement) -> str:
    position = forms.position_of(a)
    return "" if position is None else forms.generators[position].kind


def _of_inverse(forms: RationalForms, m: FracElement, k: Fraction) -> Pair | None:
    """The pair of k f(b), f an inverse function, when m is pi times its generator and k is whole."""
    if k.denominator != 1 or not any(generator.kind in ("atan", "asin") for generator in forms.generators):
        return None
    kind = _kind(forms, m / forms.of(sp.pi))
    if kind not in ("atan", "asin"):
        return None
    (b,) = forms.generators[forms.position_of(m / forms.of(sp.pi))].data  # type: ignore[index]
    return _multiple(forms, _inverse_pair(forms, kind, b), int(k))  # type: ignore[arg-type]


def _inverse_pair(forms: RationalForms, kind: str, b: FracElement) -> Pair:
    if kind == "asin":
        return b, forms.root(forms.reduced(1 - b**2), 2)
    cosine = 1 / forms.root(forms.reduced(1 + b**2), 2)
    return b * cosine, cosine


def _multiple(forms: RationalForms, pair: Pair, k: int) -> Pair:
    """(sin k a, cos k a) from (sin a, cos a)."""
    if abs(k) > LARGEST_MULTIPLE:
        raise OutsideField(f"the angles differ by factors beyond {LARGEST_MULTIPLE}")
    total: Pair = forms.field.zero, forms.field.one
    for _ in range(abs(k)):
        total = _turned(forms, total, pair)
    return total if k >= 0 else (-total[0], total[1])


def _narrow(forms: RationalForms, generator: FracElement, kind: str, m: FracElement, finest: int) -> None:
    """Says where sin(m / L) or cos(m / L) lies when the angle is a number or keeps to a part of the circle."""
    angle = forms.interval(m) * Interval.point(Fraction(1, finest))
    if angle.low == angle.high:
        low, high = getattr(enclosures, kind)(Fraction(angle.low))
        forms.narrow(generator, Interval(low, high, True, True))
        return
    turns = _turns(forms, m)
    if turns is None:  # in half circles, with a little less than pi for pi
        turns = angle * Interval.point(1 / enclosures.PI[0])
    else:
        turns = turns * Interval.point(Fraction(1, finest))
    if kind == "sin" and turns.low >= 0 and (turns.high < 1 or (turns.high == 1 and not turns.high_closed)):
        forms.narrow(generator, Interval(ZERO, ONE, not turns.positive, True))
    elif kind == "sin" and turns.low >= -HALF and turns.high <= HALF and not (turns.low_closed or turns.high_closed):
        forms.narrow(generator, OPEN_UNIT)
    elif kind == "cos" and turns.low >= -HALF and turns.high <= HALF:
        ends = turns.low_closed or turns.high_closed
        forms.narrow(generator, Interval(ZERO, ONE, ends, not (turns.positive or turns.negative)))


def _turns(forms: RationalForms, m: FracElement) -> Interval | None:
    """The range of m / pi, when m is a multiple of pi."""
    pi = forms.of(sp.pi) if any(g.kind == "pi" for g in forms.generators) else None
    ratio = None if pi is None else m / pi
    return None if ratio is None or forms.position(pi) in forms.used(ratio) else forms.interval(ratio)
