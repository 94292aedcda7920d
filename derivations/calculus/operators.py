"""The verbs of the calculus: sums and products over indices, Kronecker delta, derivative, expectation, limit.

SymPy's own ``Sum`` and ``diff`` are not used: ``subs`` under their binders captures, and they differentiate indexed
symbols wrongly (tests/derivations/calculus/test_sympy_traps.py). These nodes know their bound indices.
"""

from __future__ import annotations

import sympy as sp

from derivations.calculus.symbols import (
    CalculusError,
    Defined,
    Entry,
    Index,
    Scalar,
    Size,
    substituted_by_sympy,
    unevaluated_derivative,
)


class Binder(sp.Expr):
    """A node with a body and bound indices, innermost last: ``Sum(f, i, j)`` is sum_i sum_j f."""

    is_commutative = True
    is_real = True

    def __new__(cls, body, *bound):
        body = sp.sympify(body, strict=True)
        if not bound:
            raise CalculusError(f"{cls.__name__} of {body} names no index to run over")
        for position, k in enumerate(bound):
            if not isinstance(k, Index):
                raise CalculusError(f"{cls.__name__}: {k} is not an index; declare it with index(...)")
            if k in bound[:position]:
                raise CalculusError(f"{cls.__name__}: the index {k} is bound twice")
            _check_ranges(cls, k, [*body.free_symbols.difference(bound), *bound[:position]])
        return super().__new__(cls, body, *bound)

    @property
    def body(self) -> sp.Expr:
        return self.args[0]  # type: ignore[return-value]

    @property
    def bound(self) -> tuple[Index, ...]:
        return self.args[1:]  # type: ignore[return-value]

    @property
    def free_symbols(self):
        ends = {s for k in self.bound for end in (k.low, k.high) for s in end.free_symbols}
        return (self.body.free_symbols | ends) - set(self.bound)

    _eval_derivative = unevaluated_derivative
    _eval_subs = substituted_by_sympy

    def _sympystr(self, printer) -> str:
        limits = ", ".join(f"{k}={k.low}..{k.high}" for k in self.bound)
        return f"{type(self).__name__}({printer.doprint(self.body)}, {limits})"


def _check_ranges(cls: type, k: Index, outer) -> None:
    """Raise when the range of an index bound further out names ``k``: it means another k, which this one hides."""
    for other in outer:
        if isinstance(other, Index) and k in other.low.free_symbols | other.high.free_symbols:
            raise CalculusError(f"{cls.__name__}: the range of {other} names {k}, which is bound inside; rename one")


class Sum(Binder):
    """``Sum(f, k)``: the sum of f over the range of k."""


class Product(Binder):
    """``Product(f, k)``: the product of f over the range of k."""


class Maximum(Binder):
    """``Maximum(f, k)``: the largest f over the range of k, which must not be empty."""


class Delta(sp.Function):
    """Kronecker delta: 1 where the two indices agree, else 0."""

    nargs = 2
    is_integer = True
    is_nonnegative = True

    @classmethod
    def eval(cls, i, j):
        difference = sp.expand(i - j)
        if difference.is_Integer:
            return sp.Integer(int(difference == 0))
        if str(i) > str(j):
            return cls(j, i)
        return None

    def _eval_derivative(self, s):
        return sp.S.Zero


def delta(i, j) -> sp.Expr:
    """Kronecker's delta_ij."""
    return Delta(i, j)


class D(sp.Expr):
    """The partial derivative of ``f`` by ``x``: a scalar, a tensor entry, or an entry of a definition.

    By a definition ``p[i]`` it means: unfold everything in ``f`` but ``p``, hold ``p`` as an independent array and
    differentiate by its entry. This is the meaning of dL/dp_i on the slides.
    """

    is_commutative = True
    is_real = True

    def __new__(cls, f, x):
        f, x = sp.sympify(f, strict=True), sp.sympify(x, strict=True)
        if not isinstance(x, (Scalar, Entry, Defined)):
            raise CalculusError(f"D(..., {x}): differentiate by a scalar, a tensor entry or a definition")
        if isinstance(x, (Entry, Defined)):
            for subscript in x.subscripts:
                if not (isinstance(subscript, (Index, Size)) or subscript.is_Integer):
                    raise CalculusError(f"D(..., {x}): the subscript {subscript} must be a plain index")
        return super().__new__(cls, f, x)

    @property
    def function(self) -> sp.Expr:
        return self.args[0]  # type: ignore[return-value]

    @property
    def variable(self) -> Scalar | Entry | Defined:
        return self.args[1]  # type: ignore[return-value]

    _eval_derivative = unevaluated_derivative
    _eval_subs = substituted_by_sympy


class Expectation(sp.Expr):
    """The expected value of ``f`` over the random tensors in it. Linear; constants leave it."""

    is_commutative = True
    is_real = True
    _eval_derivative = unevaluated_derivative
    _eval_subs = substituted_by_sympy

    def __new__(cls, f):
        return super().__new__(cls, sp.sympify(f, strict=True))

    @property
    def function(self) -> sp.Expr:
        return self.args[0]  # type: ignore[return-value]


class Limit(sp.Expr):
    """The limit of ``f`` as the size ``t`` grows without end."""

    is_commutative = True
    is_real = True
    _eval_derivative = unevaluated_derivative
    _eval_subs = substituted_by_sympy

    def __new__(cls, f, t):
        if not isinstance(t, Size):
            raise CalculusError(f"Limit(..., {t}): only a size can grow without end")
        return super().__new__(cls, sp.sympify(f, strict=True), t)

    @property
    def function(self) -> sp.Expr:
        return self.args[0]  # type: ignore[return-value]

    @property
    def variable(self) -> Size:
        return self.args[1]  # type: ignore[return-value]

    @property
    def free_symbols(self):
        return self.function.free_symbols - {self.variable}

    def _sympystr(self, printer) -> str:
        return f"Limit({printer.doprint(self.function)}, {self.variable} -> oo)"


class Bound(Scalar):
    """The variable that a Limit at a point or an Integral binds: a type of its own, so no user's scalar equals it.

    Two such variables in one expression have different names, so that nothing captures.
    """


class LimitAt(sp.Expr):
    """The limit of ``f`` as the real ``x`` tends to ``a``, a number or oo or -oo, from both sides or from one.

    ``side`` is 1 from above, -1 from below, 0 from both (at oo and -oo always 0).
    """

    is_commutative = True
    is_real = True
    _eval_derivative = unevaluated_derivative
    _eval_subs = substituted_by_sympy

    def __new__(cls, f, x, a, side=0):
        if not isinstance(x, Bound):
            raise CalculusError(f"LimitAt(..., {x}): the variable must be a Bound scalar")
        return super().__new__(cls, *(sp.sympify(part, strict=True) for part in (f, x, a, side)))

    @property
    def function(self) -> sp.Expr:
        return self.args[0]  # type: ignore[return-value]

    @property
    def variable(self) -> Bound:
        return self.args[1]  # type: ignore[return-value]

    @property
    def point(self) -> sp.Expr:
        return self.args[2]  # type: ignore[return-value]

    @property
    def side(self) -> int:
        return int(self.args[3])  # type: ignore[arg-type]

    @property
    def free_symbols(self):
        return (self.function.free_symbols - {self.variable}) | self.point.free_symbols

    def _sympystr(self, printer) -> str:
        arrow = {1: "+", -1: "-", 0: ""}[self.side]
        return f"LimitAt({printer.doprint(self.function)}, {self.variable} -> {self.point}{arrow})"


class Integral(sp.Expr):
    """The integral of ``f`` over x from ``low`` to ``high``, which may be -oo and oo."""

    is_commutative = True
    is_real = True
    _eval_derivative = unevaluated_derivative
    _eval_subs = substituted_by_sympy

    def __new__(cls, f, x, low, high):
        if not isinstance(x, Bound):
            raise CalculusError(f"Integral(..., {x}): the variable must be a Bound scalar")
        return super().__new__(cls, *(sp.sympify(part, strict=True) for part in (f, x, low, high)))

    @property
    def function(self) -> sp.Expr:
        return self.args[0]  # type: ignore[return-value]

    @property
    def variable(self) -> Bound:
        return self.args[1]  # type: ignore[return-value]

    @property
    def low(self) -> sp.Expr:
        return self.args[2]  # type: ignore[return-value]

    @property
    def high(self) -> sp.Expr:
        return self.args[3]  # type: ignore[return-value]

    @property
    def free_symbols(self):
        return (self.function.free_symbols - {self.variable}) | self.low.free_symbols | self.high.free_symbols

    def _sympystr(self, printer) -> str:
        return f"Integral({printer.doprint(self.function)}, {self.variable}={self.low}..{self.high})"
