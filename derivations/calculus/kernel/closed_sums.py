"""Sums over one index that have a closed form for every length N >= 0.

    sum 1 [e >= v] = e      sum v = N(N+1)/2      sum v^2 = N(N+1)(2N+1)/6      sum v^3 = (N(N+1)/2)^2
    sum r^v = r (1 - r^N) / (1 - r)               sum v r^v = r (1 - (N+1) r^N + N r^(N+1)) / (1 - r)^2
The geometric ones need r provably different from 1.
"""

from __future__ import annotations

from fractions import Fraction

from derivations.calculus.kernel.atoms import Atom, Form
from derivations.calculus.kernel.elementary import affine_value
from derivations.calculus.kernel.ranges import Var, always_nonnegative
from derivations.calculus.kernel.signs import nonzero
from derivations.calculus.kernel.terms import add, constant, multiply, power, scale, subtract, symbolic_power


def closed_form(v: Var, factors: list[tuple[Atom, Fraction]]) -> Form | None:
    """The sum over v of the product of ``factors``, all of which depend on v; None where no formula is known."""
    if v.extent is None or not always_nonnegative(v.extent):
        return None
    if len(factors) == 1 and factors[0][0].kind == "guard":
        return _counted(v, factors[0][0])
    values = [(a, q) for a, q in factors if a.kind == "index"]
    powers = [(a, q) for a, q in factors if a.kind == "power" and a.data[1] is v]
    if len(values) + len(powers) != len(factors):
        return None
    if any(v in atom.variables for p, _ in powers for monomial, _ in p.data[0] for atom, _ in monomial):
        return None  # the base depends on v as well
    degree = values[0][1] if values else Fraction(0)
    if not powers:
        return _faulhaber(v, degree)
    return _geometric(v, degree, powers)


def _counted(v: Var, atom: Atom) -> Form | None:
    """How many v in 1..N satisfy a >= 0, when a is v - e or e - v and the count is provably in 0..N."""
    a = atom.data[0]
    c = a.coefficient(v)
    if abs(c) != 1 or v.extent is None:
        return None
    e = a.without(v)
    number = e if c < 0 else v.extent.plus(e)  # v <= e: e of them; v >= -e: N + e + 1 less 1-based start
    if c > 0:
        number = number.shifted(1)
    if always_nonnegative(number) and always_nonnegative(v.extent.plus(number, -1)):
        return affine_value(number)
    return None


def _faulhaber(v: Var, degree: Fraction) -> Form | None:
    assert v.extent is not None
    n = affine_value(v.extent)
    successor = add(n, constant(1))
    if degree == 1:
        return scale(multiply(n, successor), Fraction(1, 2))
    if degree == 2:
        return scale(multiply(n, successor, add(scale(n, Fraction(2)), constant(1))), Fraction(1, 6))
    if degree == 3:
        return scale(power(multiply(n, successor), 2), Fraction(1, 4))
    return None


def _geometric(v: Var, degree: Fraction, powers: list[tuple[Atom, Fraction]]) -> Form | None:
    assert v.extent is not None
    ratio, last = constant(1), constant(1)
    for atom, q in powers:
        base = dict(atom.data[0])
        ratio = multiply(ratio, power(base, q))
        last = multiply(last, symbolic_power(base, v.extent, q))
    gap = subtract(constant(1), ratio)
    if degree not in (0, 1) or not nonzero(gap):
        return None
    if degree == 0:
        return multiply(ratio, subtract(constant(1), last), power(gap, -1))
    n = affine_value(v.extent)
    middle = add(constant(1), scale(multiply(add(n, constant(1)), last), Fraction(-1)), multiply(n, last, ratio))
    return multiply(ratio, middle, power(gap, -2))
