"""The value of a kernel form at a point, in ball arithmetic: what the normal form says, without the normal form's code.

Each kind of atom is read by its definition in ``kernel/terms.py``. Sums run over their ranges, expectations over the
outcomes of the point. Numbers come from the point; none of the ball refuter's rules is used.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction

import sympy as sp
from flint import arb, fmpq

from derivations.calculus.kernel.atoms import Atom, Form, bound_variables
from derivations.calculus.kernel.ranges import Affine, Dim, Var
from derivations.calculus.kernel.translation import free_index
from derivations.calculus.symbols import Index, Size

FUNCTIONS = {
    "log": lambda x: x.log(),
    "tanh": lambda x: x.tanh(),
    "sinh": lambda x: x.sinh(),
    "cosh": lambda x: x.cosh(),
    "sin": lambda x: x.sin(),
    "cos": lambda x: x.cos(),
    "atan": lambda x: x.atan(),
    "erf": lambda x: x.erf(),
    "abs": lambda x: abs(x),
    "sign": lambda x: x.sgn(),
    "sigmoid": lambda x: 1 / (1 + (-x).exp()),
    "softplus": lambda x: (1 + x.exp()).log(),
    "cbrt": lambda x: x.root(3) if x >= 0 else -(-x).root(3),
    "asin": lambda x: x.asin(),
    "asinh": lambda x: x.asinh(),
    "acosh": lambda x: x.acosh(),
    "besselj": lambda v, x: x.bessel_j(v),
}


def form_value(form: Form, point) -> arb:
    """A ball around the value of ``form``; not finite where a denominator may be 0 or a root negative."""
    return _Reader(point).form(form, _free_values(point.indices), None)


def _free_values(indices: Mapping[Index, int]) -> dict[Var, int]:
    values = {}
    for k, value in indices.items():
        a = free_index(k)  # the index as variable + offset, the offset being a number or made of sizes
        (v,) = a.variables
        values[v] = (value, a.without(v))
    return values


class _Reader:
    """Reads atoms with the numbers of one point. ``where`` binds index variables, ``outcome`` the random arrays."""

    def __init__(self, point):
        self.point = point
        self.sizes = {(s.name, s.minimum): value for s, value in point.sizes.items()}

    def form(self, form, where, outcome) -> arb:
        total = arb(0)
        for monomial, c in dict(form).items():
            total += arb(fmpq(c.numerator, c.denominator)) * self.monomial(monomial, where, outcome)
        return total

    def monomial(self, monomial, where, outcome) -> arb:
        """A factor [..] that is 0 decides first: the range it cuts may hold factors without a value."""
        indicators = [atom for atom, _ in monomial if atom.kind in ("delta", "guard")]
        if not all(self.indicator(atom, where) for atom in indicators):
            return arb(0)
        result = arb(1)
        for atom, q in monomial:
            if atom.kind not in ("delta", "guard"):
                result *= _power(self.atom(atom, where, outcome), q)
        return result

    def integer(self, a: Affine, where) -> int:
        total = a.constant
        for v, c in a.terms:
            total += c * (self.size(v) if isinstance(v, Dim) else self.variable(v, where))
        return total

    def size(self, v: Dim) -> int:
        return self.sizes[v.name, v.minimum]

    def variable(self, v: Var, where) -> int:
        value = where[v]
        return value if isinstance(value, int) else value[0] - self.integer(value[1], {})

    def indicator(self, atom: Atom, where) -> bool:
        value = self.integer(atom.data[0], where)
        return value == 0 if atom.kind == "delta" else value >= 0

    def atom(self, atom: Atom, where, outcome) -> arb:
        return getattr(self, f"_{atom.kind}")(*atom.data, where=where, outcome=outcome, height=atom.height)

    def _symbol(self, s, where, **_):
        return arb.pi() if s is sp.pi else arb(self.point.values.scalar(s))

    def _dim(self, v, **_):
        return arb(self.size(v))

    def _index(self, v, where, **_):
        return arb(self.variable(v, where))

    def _prime(self, p, **_):
        return arb(p)

    def _entry(self, tensor, subscripts, where, outcome, **_):
        position = []
        for a, (low, high) in zip(subscripts, tensor.axes, strict=True):
            first, last = self.end(low), None if high is sp.oo else self.end(high)
            at = first + self.integer(a, where) - 1
            assert first <= at and (last is None or at <= last), f"the form reads {tensor.name} outside its axes"
            position.append(at)
        return arb(self.point.values.entry(tensor, tuple(position), outcome if tensor.random else None))

    def end(self, e: sp.Expr) -> int:
        return int(e.xreplace({s: sp.Integer(value) for s, value in self.point.sizes.items() if isinstance(s, Size)}))

    def _exp(self, monomial, where, outcome, **_):
        return self.monomial(monomial, where, outcome).exp()

    def _power(self, base, v, where, outcome, **_):
        exponent = self.size(v) if isinstance(v, Dim) else self.variable(v, where)
        return _power(self.form(base, where, outcome), Fraction(exponent))

    def _function(self, name, *arguments, where, outcome, **_):
        return FUNCTIONS[name](*(self.form(a, where, outcome) for a in arguments))

    def _base(self, form, where, outcome, **_):
        return self.form(form, where, outcome)

    def _sum(self, extents, monomial, where, outcome, height):
        total = arb(0)
        for inner in self.bindings(extents, where, height):
            total += self.monomial(monomial, inner, outcome)
        return total

    def _product(self, extents, form, where, outcome, height):
        total = arb(1)
        for inner in self.bindings(extents, where, height):
            total *= self.form(form, inner, outcome)
        return total

    def _maximum(self, extents, form, where, outcome, height):
        first, *others = (self.form(form, inner, outcome) for inner in self.bindings(extents, where, height))
        for other in others:
            first = first.max(other)
        return first

    def bindings(self, extents, where, height):
        names = bound_variables(extents, height)
        spans = [range(1, self.integer(extent, where) + 1) for extent in extents]
        for chosen in itertools.product(*spans):
            yield {**where, **dict(zip(names, chosen, strict=True))}

    def _mean(self, monomial, where, **_):
        total = arb(0)
        for outcome, weight in enumerate(self.point.values.weights):
            total += arb(weight) * self.monomial(monomial, where, outcome)
        return total


def _power(x: arb, q: Fraction) -> arb:
    if q.denominator == 1:
        return x**q.numerator if q >= 0 else 1 / x**-q.numerator
    if q.denominator == 2:
        root = x.sqrt() ** abs(q.numerator)
        return root if q > 0 else 1 / root
    return x ** arb(fmpq(q.numerator, q.denominator))
