"""A form as a scalar expression: entries, sizes and sums become scalars that range over the intervals of their values.

The scalars are independent of each other, so an inequality that holds for all of them holds for the form. An inequality
that needs a relation between two entries or sums is lost, never gained.
"""

from __future__ import annotations

from fractions import Fraction

import sympy as sp

from derivations.calculus import functions as fn
from derivations.calculus.domains import Domain
from derivations.calculus.kernel import signs, special
from derivations.calculus.kernel.atoms import ONE, Atom, Form, Monomial, Unsupported
from derivations.calculus.symbols import Scalar, Tensor

_NAMED: dict[str, type] = {
    name: getattr(sp, name) for name in "log tanh erf sin cos sinh cosh atan atanh asin asinh acosh sign".split()
}
_NAMED |= {"abs": sp.Abs, "sigmoid": fn.sigmoid, "softplus": fn.softplus, "cbrt": fn.cbrt}
_NAMED |= {name: kind for kind, name in special.NAMES.items()}
_INDICATOR = Domain(0, 1, True, True, integer=True)


class Abstraction:
    """One scalar for each atom that is no scalar function; the same atom gets the same scalar.

    ``taken`` are the names that the scalars must not have: a hypothesis may speak of a scalar with such a name.
    """

    def __init__(self, taken: set[str]):
        self.scalars: dict[Atom, Scalar] = {}
        self.taken = set(taken)

    def form(self, form: Form) -> sp.Expr:
        return sp.Add(*(_number(c) * self.monomial(m) for m, c in form.items()))

    def monomial(self, monomial: Monomial) -> sp.Expr:
        return sp.Mul(*(sp.Pow(self.atom(atom), _number(q)) for atom, q in monomial))

    def atom(self, atom: Atom) -> sp.Expr:
        kind, data = atom.kind, atom.data
        if kind == "symbol":
            if data[0] is not sp.pi and not isinstance(data[0], Scalar):
                raise Unsupported(f"{data[0]} is no declared scalar")
            return data[0]
        if kind == "prime":
            return sp.Integer(data[0])
        if kind == "exp":
            return sp.exp(self.monomial(data[0]))
        if kind == "base":
            return self.form(dict(data[0]))
        if kind == "function" and data[0] in _NAMED:
            return _NAMED[data[0]](*(self.form(dict(a)) for a in data[1:]))
        if atom not in self.scalars:
            self.scalars[atom] = Scalar(self.fresh("e"), _domain(atom))
        return self.scalars[atom]

    def fresh(self, letter: str) -> str:
        name = next(n for n in (f"{letter}_{k}" for k in range(1, 10**6)) if n not in self.taken)
        self.taken.add(name)
        return name


def _number(q: Fraction) -> sp.Rational:
    return sp.Rational(q.numerator, q.denominator)


def _domain(atom: Atom) -> Domain:
    if atom.kind in ("delta", "guard"):
        return _INDICATOR
    if atom.kind == "entry" and isinstance(atom.data[0], Tensor) and not atom.data[0].padded:
        return atom.data[0].domain
    found = signs.monomial_interval(((atom, ONE),))
    low = -sp.oo if found.low is None else _number(found.low)
    high = sp.oo if found.high is None else _number(found.high)
    return Domain(low, high, low.is_finite and not found.low_open, high.is_finite and not found.high_open)
