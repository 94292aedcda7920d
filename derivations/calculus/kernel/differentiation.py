"""Derivatives of forms by a scalar or by a tensor entry."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import sympy as sp

from derivations.calculus.kernel import indicators, special
from derivations.calculus.kernel.atoms import ONE, Atom, Form, Unsupported
from derivations.calculus.kernel.binders import open_sum, sum_over
from derivations.calculus.kernel.elementary import affine_value, cube_root, exponential, function, sign
from derivations.calculus.kernel.products import expectation, is_random, product_over
from derivations.calculus.kernel.ranges import Dim, of
from derivations.calculus.kernel.signs import nonzero
from derivations.calculus.kernel.terms import (
    accumulate,
    add,
    constant,
    multiply,
    normalised,
    power,
    scale,
    single,
    sole_atom,
    subtract,
)
from derivations.calculus.substitution import named_objects
from derivations.calculus.symbols import Recurrence

HALF = Fraction(1, 2)
DERIVATIVES: dict[str, Callable[..., Form]] = {  # by the last argument
    "log": lambda x: power(x, -1),
    "tanh": lambda x: subtract(constant(1), power(function("tanh", x), 2)),
    "sigmoid": lambda x: subtract(function("sigmoid", x), power(function("sigmoid", x), 2)),
    "softplus": lambda x: function("sigmoid", x),
    "erf": lambda x: multiply(
        constant(2), power(single(Atom("symbol", sp.pi)), Fraction(-1, 2)), exponential(scale(power(x, 2), -ONE))
    ),
    "abs": sign,
    "sign": lambda x: {},
    "sin": lambda x: function("cos", x),
    "cos": lambda x: scale(function("sin", x), -ONE),
    "sinh": lambda x: function("cosh", x),
    "cosh": lambda x: function("sinh", x),
    "atan": lambda x: power(add(constant(1), power(x, 2)), -1),
    "atanh": lambda x: power(subtract(constant(1), power(x, 2)), -1),
    "asin": lambda x: power(subtract(constant(1), power(x, 2)), -HALF),
    "asinh": lambda x: power(add(constant(1), power(x, 2)), -HALF),
    "acosh": lambda x: power(subtract(power(x, 2), constant(1)), -HALF),
    "cbrt": lambda x: scale(power(cube_root(x), -2), Fraction(1, 3)),
    **special.SLOPES,
}


def derivative(form: Form, variable: Atom) -> Form:
    """d form / d variable, the variable being a symbol atom or an entry with plain subscripts."""
    total: Form = {}
    for monomial, c in form.items():
        for atom, q in monomial:
            inner = _atom_derivative(atom, variable)
            if not inner:
                continue
            rest = dict(monomial)
            if atom.kind != "exp":  # (e**(q m))' = q m' e**(q m): the factor stays
                rest[atom] = q - 1
            accumulate(total, multiply(normalised(rest, c * q), inner))
    return total


def _atom_derivative(atom: Atom, variable: Atom) -> Form:
    kind, data = atom.kind, atom.data
    if atom == variable:
        return constant(1)
    if kind == "entry" and variable.kind == "entry" and data[0] == variable.data[0]:
        result = constant(1)
        for a, b in zip(data[1], variable.data[1], strict=True):
            result = multiply(result, indicators.delta(a.plus(b, -1)))
        return result
    if kind == "entry" and isinstance(data[0], Recurrence):
        return _constant_recurrence(data[0], variable)
    if kind == "exp":
        return derivative({data[0]: ONE}, variable)
    if kind == "base":
        return derivative(dict(data[0]), variable)
    if kind == "function":
        return _chain(data[0], [dict(a) for a in data[1:]], variable)
    if kind == "power":
        return _power_derivative(atom, variable)
    if kind == "sum":
        bound, body = open_sum(atom)
        return sum_over(derivative(body, variable), bound)
    if kind == "product":
        return _product_derivative(atom, variable)
    if kind == "maximum":
        if derivative(open_sum(atom)[1], variable):
            raise Unsupported("the derivative of a maximum over an index")
        return {}
    if kind == "mean":
        if is_random(variable):
            raise Unsupported("a derivative of an expectation by one of its random entries")
        return expectation(derivative({data[0]: ONE}, variable))
    return {}


def _constant_recurrence(head: Recurrence, variable: Atom) -> Form:
    """0, the derivative of m[t] by what m does not depend on. Raises Unsupported where m may depend on it."""
    reach = named_objects(head.start) | (named_objects(head.step) - {head.previous})
    if variable.data[0] in reach:
        raise Unsupported(f"the derivative of the recurrence {head.name}")
    return {}


def _chain(name: str, arguments: list[Form], variable: Atom) -> Form:
    inner = [derivative(a, variable) for a in arguments]
    if not any(inner):
        return {}
    if name not in DERIVATIVES:
        raise Unsupported(f"the derivative of {name}")
    if any(inner[:-1]):
        raise Unsupported(f"the derivative of {name} by its order")
    return multiply(DERIVATIVES[name](*arguments), inner[-1])


def _power_derivative(atom: Atom, variable: Atom) -> Form:
    """(b**v)' = v b**v b'/b, for b not zero."""
    base, v = atom.data
    inner = derivative(dict(base), variable)
    if not inner:
        return {}
    if not nonzero(dict(base)):
        raise Unsupported("the derivative of a symbolic power whose base may be zero")
    number = single(Atom("dim", v)) if isinstance(v, Dim) else affine_value(of(v))
    return multiply(number, single(atom), inner, power(dict(base), -1))


def _product_derivative(atom: Atom, variable: Atom) -> Form:
    """(prod_k f_k)' = sum_j f_j' prod_k (delta_kj + (1 - delta_kj) f_k): no division, so no condition."""
    (j,), body = open_sum(atom)
    inner = derivative(body, variable)
    if not inner:
        return {}
    (k,), other = open_sum(atom)
    here = indicators.delta(of(k).plus(of(j), -1))
    skipped = add(here, multiply(subtract(constant(1), here), other))
    return sum_over(multiply(inner, product_over(skipped, k)), [j])


def partial_by(form: Form, variable: Form) -> Form:
    """``derivative`` by a variable that must be one scalar, or one entry with plain subscripts.

    Raises Unsupported for anything else: an access that may leave its array is a sum, not an entry.
    """
    atom = sole_atom(variable)
    if atom is None or atom.kind not in ("symbol", "entry"):
        raise Unsupported("a derivative by an entry with a compound subscript, or one that may be out of range")
    if atom.kind == "entry" and any(a.variables and a.sole_variable is None for a in atom.data[1]):
        raise Unsupported("a derivative by an entry with a compound subscript")
    return derivative(form, atom)
