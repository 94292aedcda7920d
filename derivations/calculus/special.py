"""Special functions, as plain nodes: real arguments, a derivative each, no rewriting behind our back.

SymPy's own classes evaluate on sight, over the complex numbers: J_v(-x) becomes (-x)^v x^-v J_v(x), which no real x
satisfies. These stand still; what is known about them is in the judges.

gamma(x)              Euler's integral, x not 0, -1, -2, ...        loggamma(x)     log gamma(x), x > 0
polygamma(n, x)       n-th derivative of digamma, n = 0, 1, ...     digamma(x)      gamma'(x) / gamma(x)
besselj(v, x), bessely(v, x), besseli(v, x), besselk(v, x)          x > 0, or any x for J and I of whole order
ellipk(m), ellipe(m)  complete elliptic integrals of the parameter m < 1 (m <= 1 for ellipe), not of the modulus
expint(v, x)          int_1^oo e^(-x t) t^-v dt, x > 0              erfinv(x)       the inverse of erf, -1 < x < 1

Source: NIST Digital Library of Mathematical Functions, chapters 5, 7, 8, 10 and 19.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp
from sympy.core.function import ArgumentIndexError

__all__ = [
    "SPECIAL",
    "besseli",
    "besselj",
    "besselk",
    "bessely",
    "digamma",
    "ellipe",
    "ellipk",
    "erfinv",
    "expint",
    "gamma",
    "loggamma",
    "polygamma",
]


class _Special(sp.Function):
    is_real = True

    def fdiff(self, argindex=1):
        if argindex != len(self.args):  # by an order: nothing that could be written down
            raise ArgumentIndexError(self, argindex)
        return SLOPES[type(self)](*self.args)


class gamma(_Special):
    nargs = 1


class loggamma(_Special):
    nargs = 1


class digamma(_Special):
    nargs = 1


class besselj(_Special):
    nargs = 2


class bessely(_Special):
    nargs = 2


class besseli(_Special):
    nargs = 2


class besselk(_Special):
    nargs = 2


class ellipk(_Special):
    nargs = 1


class ellipe(_Special):
    nargs = 1


class expint(_Special):
    nargs = 2


class erfinv(_Special):
    nargs = 1


class polygamma(_Special):
    """``polygamma(n, x)`` for a whole n >= 1; ``polygamma(0, x)`` is digamma(x)."""

    nargs = 2

    @classmethod
    def eval(cls, n, x):
        return digamma(x) if n == 0 else None


# The derivative by the last argument.
SLOPES: dict[type, Callable[..., sp.Expr]] = {
    gamma: lambda x: gamma(x) * digamma(x),
    loggamma: lambda x: digamma(x),
    digamma: lambda x: polygamma(1, x),
    polygamma: lambda n, x: polygamma(n + 1, x),
    besselj: lambda v, x: (besselj(v - 1, x) - besselj(v + 1, x)) / 2,
    bessely: lambda v, x: (bessely(v - 1, x) - bessely(v + 1, x)) / 2,
    besseli: lambda v, x: (besseli(v - 1, x) + besseli(v + 1, x)) / 2,
    besselk: lambda v, x: -(besselk(v - 1, x) + besselk(v + 1, x)) / 2,
    ellipk: lambda m: (ellipe(m) - (1 - m) * ellipk(m)) / (2 * m * (1 - m)),
    ellipe: lambda m: (ellipe(m) - ellipk(m)) / (2 * m),
    expint: lambda v, x: -expint(v - 1, x),
    erfinv: lambda x: sp.sqrt(sp.pi) / 2 * sp.exp(erfinv(x) ** 2),
}

SPECIAL = tuple(SLOPES)
