"""Functions of forms: e^x, log, |x|, sign and the rest, each in a normal form of its own."""

from __future__ import annotations

from fractions import Fraction

import sympy as sp

from derivations.calculus.kernel.atoms import ONE, Atom, Form, Monomial, Unsupported
from derivations.calculus.kernel.ranges import Affine, Dim, of
from derivations.calculus.kernel.terms import (
    LARGEST_POWER,
    add,
    constant,
    frozen,
    leading,
    multiply,
    normalised,
    number_power,
    power,
    scale,
    single,
    split_content,
    symbolic_power,
)

THIRD = Fraction(1, 3)


def exponential(form: Form) -> Form:
    """e**form as a product of one atom a monomial; e**(c log u) is u**c, as u > 0 where log u has a meaning."""
    result: dict[Atom, Fraction] = {}
    powers: list[Form] = []
    for monomial, c in form.items():
        raised = _power_of_argument(monomial, c) or _product_of_arguments(monomial, c)
        if raised is None:
            result[Atom("exp", monomial)] = c
        else:
            powers.append(raised)
    return multiply(normalised(result, ONE), *powers)


def _power_of_argument(monomial: Monomial, c: Fraction) -> Form | None:
    """e**(c log u) = u**c and e**(c n log u) = u**(c n) for a size or index n; None where it is left as it is."""
    from derivations.calculus.kernel.signs import positive_form

    logs = [atom for atom, q in monomial if q == 1 and atom.kind == "function" and atom.data[0] == "log"]
    if len(logs) != 1 or len(monomial) > 2 or abs(c) > LARGEST_POWER:
        return None
    inner = dict(logs[0].data[1])
    others = [(atom, q) for atom, q in monomial if atom is not logs[0]]
    if not others:
        return power(inner, c) if c.denominator == 1 or positive_form(inner) else None
    ((number, q),) = others
    if number.kind in ("dim", "index") and q == 1 and len(inner) == 1 and positive_form(inner):
        return symbolic_power(inner, of(number.data[0]), c)
    return None


def _product_of_arguments(monomial: Monomial, c: Fraction) -> Form | None:
    """e**(c sum_k log u_k) = (prod_k u_k)**c, for u > 0: the way back from the logarithm of a product."""
    from derivations.calculus.kernel.binders import open_sum
    from derivations.calculus.kernel.products import product_over
    from derivations.calculus.kernel.signs import positive_form

    if len(monomial) != 1 or monomial[0][0].kind != "sum" or monomial[0][1] != 1 or abs(c) > LARGEST_POWER:
        return None
    bound, body = open_sum(monomial[0][0])
    ((summand, factor),) = body.items() if len(body) == 1 else (((), ONE),)
    if len(bound) != 1 or len(summand) != 1 or factor != 1 or summand[0][1] != 1:
        return None
    (log, _) = summand[0]
    if log.kind != "function" or log.data[0] != "log" or not positive_form(dict(log.data[1])):
        return None
    return power(product_over(dict(log.data[1]), bound[0]), c)


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
    if atom.kind == "product":
        return _log_of_product(atom)
    if atom.kind == "power":
        base, variable = atom.data
        return multiply(affine_value(of(variable)), logarithm(dict(base)))
    return function("log", single(atom))


def _log_of_product(atom: Atom) -> Form:
    """log prod_k f_k = sum_k log f_k when every f_k > 0; an empty product is 1."""
    from derivations.calculus.kernel.binders import open_sum, sum_over
    from derivations.calculus.kernel.signs import interval

    bound, body = open_sum(atom)
    return sum_over(logarithm(body), bound) if interval(body).positive else function("log", single(atom))


def absolute(form: Form) -> Form:
    """|form| with positive factors outside and one sign chosen for the rest."""
    from derivations.calculus.kernel.signs import nonnegative_form, positive, positive_form

    if not form:
        return {}
    if positive_form(form) or nonnegative_form(form):
        return form
    if nonnegative_form(scale(form, -ONE)):
        return scale(form, -ONE)
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


def cube_root(form: Form) -> Form:
    """The real cube root, which distributes over all factors, of either sign; x^(1/3) for x >= 0."""
    from derivations.calculus.kernel.signs import nonnegative_form

    if len(form) > 1 and nonnegative_form(form):
        return power(form, THIRD)
    if not form:
        return {}
    if len(form) == 1:
        ((monomial, c),) = form.items()
        result = scale(number_power(abs(c), THIRD), ONE if c > 0 else -ONE)
        for atom, q in monomial:
            result = multiply(result, _cube_root_of_factor(atom, q))
        return result
    content, common, primitive = split_content(form)
    outer = multiply(number_power(content, THIRD), normalised({atom: q * THIRD for atom, q in common}, ONE))
    if len(primitive) == 1:
        return multiply(outer, cube_root(primitive))
    if leading(primitive) < 0:
        return scale(multiply(outer, cube_root(scale(primitive, -ONE))), -ONE)
    return multiply(outer, {((Atom("function", "cbrt", frozen(primitive)), ONE),): ONE})


def _cube_root_of_factor(atom: Atom, q: Fraction) -> Form:
    from derivations.calculus.kernel.signs import nonnegative_form, positive

    if atom.kind in ("delta", "guard"):
        return {((atom, q),): ONE}  # 0 or 1
    if q.denominator > 1 or positive(((atom, ONE),)):
        return normalised({atom: q * THIRD}, ONE)  # what stands under a root is not negative
    if nonnegative_form(single(atom)):
        return power(power(single(atom), THIRD), q)
    if atom.kind == "base":
        return power(cube_root(dict(atom.data[0])), q)
    return normalised({Atom("function", "cbrt", frozen(single(atom))): q}, ONE)


_ODD = {"tanh", "erf", "sin", "asin", "atan", "sinh", "atanh", "asinh", "erfinv"}
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
