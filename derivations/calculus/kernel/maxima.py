"""The largest value over an index, as an atom.

max(c + f) = c + max f, max(c f) = c max f for c >= 0, max e^f = e^(max f). The range must not be empty. What does not
depend on the index leaves; what stays is named as a product is.
"""

from __future__ import annotations

from fractions import Fraction

from derivations.calculus.kernel.atoms import ONE, Atom, Form, Unsupported, bound_variables
from derivations.calculus.kernel.binders import replace
from derivations.calculus.kernel.elementary import exponential
from derivations.calculus.kernel.ranges import Var, always_nonnegative, of
from derivations.calculus.kernel.signs import monomial_interval
from derivations.calculus.kernel.terms import add, frozen, multiply, normalised, scale, sort_factors, split_content


def maximum_over(form: Form, v: Var) -> Form:
    """The largest value of ``form`` over the range of v. Raises Unsupported where the range may be empty."""
    if v.extent is None or not always_nonnegative(v.extent.shifted(-1)):
        raise Unsupported("a maximum over a range that may be empty or endless")
    fixed = {m: c for m, c in form.items() if not any(v in atom.variables for atom, _ in m)}
    moving = {m: c for m, c in form.items() if m not in fixed}
    if not moving:
        return fixed
    content, common, rest = split_content(moving)
    outer = {atom: q for atom, q in common if v not in atom.variables}
    inner = {atom: q for atom, q in common if v in atom.variables}
    if inner:
        rest = multiply(rest, {sort_factors(inner): ONE})
    held = _nonnegative_factors(rest, v)  # 0 among them: then both sides are 0
    outer |= held
    rest = multiply(rest, {sort_factors({atom: -q for atom, q in held.items()}): ONE})
    return add(fixed, multiply(normalised(outer, content), _of_moving(rest, v)))


def _nonnegative_factors(form: Form, v: Var) -> dict[Atom, Fraction]:
    """The factors >= 0 that every term has and that do not depend on v."""
    monomials = [dict(monomial) for monomial in form]
    found: dict[Atom, Fraction] = {}
    for atom in set.intersection(*(set(monomial) for monomial in monomials)):
        least = min(monomial[atom] for monomial in monomials)
        known = monomial_interval(((atom, least),)).nonnegative
        if least > 0 and least.denominator == 1 and known and v not in atom.variables:
            found[atom] = least
    return found


def _of_moving(form: Form, v: Var) -> Form:
    if len(form) == 1:
        ((monomial, c),) = form.items()
        if c == 1 and all(atom.kind == "exp" for atom, _ in monomial):
            exponents = [scale({atom.data[0]: ONE}, q) for atom, q in monomial]
            return exponential(maximum_over(add(*exponents), v))
    height = 1 + max((a.height for m in form for a, _ in m), default=0)
    (name,) = bound_variables((v.extent,), height)  # type: ignore[arg-type]
    return {((Atom("maximum", (v.extent,), frozen(replace(form, {v: of(name)}))), ONE),): ONE}
