"""Special functions of forms: the derivative by the last argument, and orders of one sign for Bessel functions.

J_-n = (-1)^n J_n and Y_-n = (-1)^n Y_n for a whole n, I_-n = I_n for a whole n, K_-v = K_v for a number v
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import sympy as sp

from derivations.calculus import special as surface
from derivations.calculus.kernel.atoms import ONE, Atom, Form
from derivations.calculus.kernel.elementary import exponential, function
from derivations.calculus.kernel.terms import add, constant, multiply, power, scale, single, subtract

HALF = Fraction(1, 2)
NAMES: dict[type, str] = {kind: kind.__name__ for kind in surface.SPECIAL}


def special(name: str, *arguments: Form) -> Form:
    """An atom f(arguments); a negative order of a Bessel function is made positive where that is an identity."""
    order = _number(arguments[0])
    if name == "polygamma" and order == 0:
        return function("digamma", arguments[1])
    if name.startswith("bessel") and order is not None and order < 0:
        flipped = special(name, constant(-order), *arguments[1:])
        if name == "besselk":
            return flipped
        if order.denominator == 1:
            return scale(flipped, Fraction((-1) ** (order.numerator % 2)) if name != "besseli" else ONE)
    return function(name, *arguments)


def _number(form: Form) -> Fraction | None:
    return form.get((), Fraction(0)) if set(form) <= {()} else None


def _neighbours(name: str, below: Fraction, above: Fraction) -> Callable[..., Form]:
    """below f_(v-1) + above f_(v+1)."""

    def slope(v: Form, x: Form) -> Form:
        lower, upper = special(name, subtract(v, constant(1)), x), special(name, add(v, constant(1)), x)
        return add(scale(lower, below), scale(upper, above))

    return slope


def _ellipk_slope(m: Form) -> Form:
    """(E - (1 - m) K) / (2 m (1 - m))."""
    rest = subtract(constant(1), m)
    over = subtract(function("ellipe", m), multiply(rest, function("ellipk", m)))
    return multiply(over, power(scale(m, Fraction(2)), -1), power(rest, -1))


def _erfinv_slope(x: Form) -> Form:
    root_of_pi = single(Atom("symbol", sp.pi), HALF)
    return multiply(scale(root_of_pi, HALF), exponential(power(function("erfinv", x), 2)))


SLOPES: dict[str, Callable[..., Form]] = {
    "gamma": lambda x: multiply(function("gamma", x), function("digamma", x)),
    "loggamma": lambda x: function("digamma", x),
    "digamma": lambda x: special("polygamma", constant(1), x),
    "polygamma": lambda n, x: special("polygamma", add(n, constant(1)), x),
    "besselj": _neighbours("besselj", HALF, -HALF),
    "bessely": _neighbours("bessely", HALF, -HALF),
    "besseli": _neighbours("besseli", HALF, HALF),
    "besselk": _neighbours("besselk", -HALF, -HALF),
    "ellipk": _ellipk_slope,
    "ellipe": lambda m: multiply(
        subtract(function("ellipe", m), function("ellipk", m)), power(scale(m, Fraction(2)), -1)
    ),
    "expint": lambda v, x: scale(special("expint", subtract(v, constant(1)), x), -ONE),
    "erfinv": _erfinv_slope,
}
