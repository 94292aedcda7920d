"""Functions of forms: e^x, log, |x|, sign and the rest, each in a normal form of its own."""

from __future__ import annotations

from fractions import Fraction

import sympy as sp

from derivations.calculus.kernel.atoms import ONE, Atom, Form, Unsupported
from derivations.calculus.kernel.ranges import Affine, Dim, of
from derivations.calculus.kernel.terms import (
    add,
    constant,
    frozen,
    leading,
    multiply,
    normalised,
    scale,
    single,
    split_content,
)


def exponential(form: Form) -> Form:
    """e**form as a product of one atom a monomial."""
    result: dict[Atom, Fraction] = {}
    for monomial, c in form.items():
        result[Atom("exp", monomial)] = c
    return normalised(result, ONE)


def logarithm(form: Form) -> Form:
    """log of a product of provably positive factors is the sum of their logs."""
    from derivations.calculus.kernel.signs import positive

    if len(form) == 1:
        ((monomial, c),) = form.items()
        if c > 0 and all(positive(((a, ONE),)) for a, _ in monomial):  # not x**-2: x may be negative
            parts = [scale(_log_of_atom(atom), q) for atom, q in monomial]
            for part, sign in ((c.numerator, 1), (c.denominator, -1)):
                if part.bit_length() > 200:
                    raise Unsupported("the logarithm of a very large number")
                for prime, e in sp.factorint(part).items():
                    parts.append(scale(function("log", constant(prime)), Fraction(int(e) * sign)))
            return add(*parts)
    elif form:
        content, common, primitive = split_content(form)
        if content != 1 or common:
            outer = {common: content}
            return add(logarithm(outer), function("log", primitive))
    return function("log", form)


def _log_of_atom(atom: Atom) -> Form:
    if atom.kind == "exp":
        return {atom.data[0]: ONE}
    if atom.kind == "base":
        return function("log", dict(atom.data[0]))
    if atom.kind == "prime":
        return function("log", constant(atom.data[0]))
    if atom.kind == "power":
        base, variable = atom.data
        return multiply(affine_value(of(variable)), logarithm(dict(base)))
    return function("log", single(atom))


def absolute(form: Form) -> Form:
    """|form| with positive factors outside and one sign chosen for the rest."""
    from derivations.calculus.kernel.signs import positive, positive_form

    if not form:
        return {}
    if positive_form(form):
        return form
    content, common, primitive = split_content(form)
    if len(primitive) == 1:
        ((monomial, _),) = primitive.items()
        outer = scale({common: ONE}, content)
        for atom, q in monomial:
            if q.denominator > 1:
                raise Unsupported("the modulus of a root")
            if q % 2 == 0 or positive(((atom, q),)):
                outer = multiply(outer, normalised({atom: q}, ONE))
            else:
                outer = multiply(outer, normalised({Atom("function", "abs", frozen(single(atom))): q}, ONE))
        return outer
    if leading(primitive) < 0:
        primitive = scale(primitive, Fraction(-1))
    return multiply({common: content}, {((Atom("function", "abs", frozen(primitive)), ONE),): ONE})


def sign(form: Form) -> Form:
    """sign(form), with sign(0) = 0; positive factors leave it."""
    from derivations.calculus.kernel.signs import positive_form

    if not form:
        return {}
    if positive_form(form):
        return constant(1)
    _, _, primitive = split_content(form)
    if leading(primitive) < 0:
        return scale(sign(scale(primitive, Fraction(-1))), Fraction(-1))
    return {((Atom("function", "sign", frozen(primitive)), ONE),): ONE}


_ODD = {"tanh", "erf", "sin", "atan", "sinh", "atanh", "asinh"}
_EVEN = {"cos", "cosh"}


def function(name: str, *arguments: Form) -> Form:
    """An atom f(arguments), after f(0) and the parity of f."""
    if len(arguments) == 1:
        (argument,) = arguments
        if not argument and name in _ODD:
            return {}
        if not argument and name in _EVEN:
            return constant(1)
        if name == "log" and argument == constant(1):
            return {}
        if name in _ODD | _EVEN and argument and leading(argument) < 0:
            flipped = function(name, scale(argument, Fraction(-1)))
            return scale(flipped, Fraction(-1)) if name in _ODD else flipped
    return {((Atom("function", name, *(frozen(a) for a in arguments)), ONE),): ONE}


def affine_value(a: Affine) -> Form:
    """An affine form of sizes and indices as a number."""
    parts = [constant(a.constant)]
    for v, c in a.terms:
        atom = Atom("dim", v) if isinstance(v, Dim) else Atom("index", v)
        parts.append({((atom, ONE),): Fraction(c)})
    return add(*parts)
