"""The functions of the field, beside SymPy's exp, log, sqrt, tanh and erf.

sigmoid(x) = 1 / (1 + e^-x)      softplus(x) = log(1 + e^x)      relu(x) = max(0, x)
leaky_relu(x, a) = x for x > 0, a x else          cbrt(x) = the real cube root, of negative x too
softmax(z, i) = e^z_i / sum_k e^z_k       logsumexp(z) = log sum_k e^z_k
mean(f, k) = (1/n) sum_k f                variance(f, k) = (1/n) sum_k (f - mean)^2
"""

from __future__ import annotations

import sympy as sp
from sympy import erf, exp, log, sqrt, tanh

from derivations.calculus.operators import Sum
from derivations.calculus.substitution import fresh_index, substitute
from derivations.calculus.symbols import Index, Tensor

__all__ = [
    "cbrt",
    "erf",
    "exp",
    "leaky_relu",
    "log",
    "logsumexp",
    "mean",
    "relu",
    "sigmoid",
    "softmax",
    "softplus",
    "sqrt",
    "step",
    "tanh",
    "variance",
]


class sigmoid(sp.Function):
    """The logistic function, real to (0, 1)."""

    nargs = 1
    is_real = True
    is_positive = True

    def fdiff(self, argindex=1):
        return self * (1 - self)

    def _eval_rewrite_as_exp(self, x, **options):
        return 1 / (1 + exp(-x))


class softplus(sp.Function):
    """log(1 + e^x), real to the positive reals."""

    nargs = 1
    is_real = True
    is_positive = True

    def fdiff(self, argindex=1):
        return sigmoid(self.args[0])

    def _eval_rewrite_as_exp(self, x, **options):
        return log(1 + exp(x))


class step(sp.Function):
    """Heaviside's step with value 1/2 at 0: the derivative of relu off its kink."""

    nargs = 1
    is_real = True
    is_nonnegative = True

    def fdiff(self, argindex=1):
        return sp.S.Zero


class relu(sp.Function):
    """max(0, x). Differentiable except at 0."""

    nargs = 1
    is_real = True
    is_nonnegative = True

    def fdiff(self, argindex=1):
        return step(self.args[0])


class leaky_relu(sp.Function):
    """x for x > 0 and a x otherwise. Differentiable except at 0."""

    nargs = 2
    is_real = True

    def fdiff(self, argindex=1):
        x, a = self.args
        return a + (1 - a) * step(x) if argindex == 1 else x - relu(x)


class cbrt(sp.Function):
    """The real cube root. Differentiable except at 0."""

    nargs = 1
    is_real = True

    def fdiff(self, argindex=1):
        return 1 / (3 * self**2)


def softmax(z: Tensor, i) -> sp.Expr:
    """Entry i of the softmax of the vector z."""
    return exp(z[i]) / _total(exp, z, i)


def logsumexp(z: Tensor) -> sp.Expr:
    """log sum_k e^z_k for the vector z."""
    return log(_total(exp, z, None))


def _total(f, z: Tensor, avoiding) -> sp.Expr:
    ((low, high),) = z.axes
    taken = {avoiding} if avoiding is not None else set()
    k = fresh_index(Index("k", low, high), taken)
    return Sum(f(z[k]), k)


def mean(f, k: Index) -> sp.Expr:
    """The average of f over the range of k."""
    return Sum(f, k) / k.extent


def variance(f, k: Index) -> sp.Expr:
    """The biased variance, divisor n, as batch normalisation uses it."""
    f = sp.sympify(f, strict=True)
    inner = fresh_index(k, f.free_symbols)
    return Sum((f - mean(substitute(f, {k: inner}), inner)) ** 2, k) / k.extent
