"""The functions of the claim language: how each is written in the nodes of the calculus, and where it has a meaning.

    FUNCTIONS["log"]     Elementwise(arguments=(1, 1), build=..., needs=...)

``needs`` gives pairs (expression, requirement). Conventions: acot(x) = atan(1/x); gelu is the exact one, by erf; elu
has scale 1 unless told; var and std divide by n, as NumPy does; cbrt is the real root; ellipk and ellipe take the
parameter m = k^2; expint(x) is E_1(x); gamma and its kin are read for positive arguments only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import sympy as sp

from derivations.calculus import functions as fn
from derivations.calculus import special
from derivations.calculus.affine import provably_nonnegative
from derivations.judges.side_conditions import Requirement
from derivations.language.errors import BeyondLimits

Need = tuple[sp.Expr, Requirement]

LARGEST_NUMBER = 10_000  # bits


@dataclass(frozen=True)
class Elementwise:
    """A function of one entry of each argument."""

    arguments: tuple[int, int]  # the least and the greatest number
    build: Callable[..., sp.Expr]
    needs: Callable[..., Iterable[Need]] = lambda *arguments: ()
    partial: bool = False  # it has values elsewhere too; here it is only read where the needs are met


def _one(build: Callable[..., sp.Expr], needs: Callable[..., Iterable[Need]] = lambda *arguments: ()) -> Elementwise:
    return Elementwise((1, 1), build, needs)


def _two(build: Callable[..., sp.Expr], needs: Callable[..., Iterable[Need]] = lambda *arguments: ()) -> Elementwise:
    return Elementwise((2, 2), build, needs)


def _positive(x) -> list[Need]:
    return [(x, "> 0")]


def _nonzero(x) -> list[Need]:
    return [(x, "≠ 0")]


def _unit(x) -> list[Need]:
    return [(1 - x, "≥ 0"), (1 + x, "≥ 0")]


def _open_unit(x) -> list[Need]:
    return [(1 - x, "> 0"), (1 + x, "> 0")]


def _outside_unit(x) -> list[Need]:
    return [(x, "≠ 0"), (x**2 - 1, "≥ 0")]


def maximum(x, y):
    """max(x, y), of numbers and expressions alike."""
    return (x + y + sp.Abs(x - y)) / 2


def minimum(x, y):
    return (x + y - sp.Abs(x - y)) / 2


def power(base: sp.Expr, exponent: sp.Expr) -> sp.Expr:
    """base^exponent; raises BeyondLimits where SymPy would compute a number of thousands of digits."""
    if base.is_number and exponent.is_Rational:
        size = sum(max(abs(int(q.p)), int(q.q)).bit_length() for q in base.atoms(sp.Rational))
        if size > 1 and abs(exponent) * size > LARGEST_NUMBER:
            raise BeyondLimits("a power of numbers with thousands of digits")
    elif exponent.is_Integer and isinstance(base, sp.Add) and abs(exponent) > 1000:
        raise BeyondLimits(f"the power {exponent} of a sum")
    return base**exponent


def power_needs(base: sp.Expr, exponent: sp.Expr) -> list[Need]:
    if exponent.is_Integer:
        return [(base, "≠ 0")] if exponent < 0 else []
    if exponent.is_Rational:
        return [(base, "> 0" if exponent < 0 else "≥ 0")]
    if exponent.is_integer:
        return [] if provably_nonnegative(exponent) or exponent.is_nonnegative else [(base, "≠ 0")]
    return [(base, "> 0")]


def elu(x, a=sp.S.One):
    return fn.relu(x) + a * (sp.exp(-fn.relu(-x)) - 1)


def _log_to(base: int):
    return lambda x: sp.log(x) / sp.log(base)


def beta(x, y):
    return special.gamma(x) * special.gamma(y) / special.gamma(x + y)


def expint(*arguments):
    return special.expint(*arguments) if len(arguments) == 2 else special.expint(sp.S.One, *arguments)


def _last_positive(*arguments) -> list[Need]:
    return [(arguments[-1], "> 0")]


def _whole_order_or_positive(v, x) -> list[Need]:
    return [] if v.is_Integer else [(x, "> 0")]


FUNCTIONS: dict[str, Elementwise] = {
    # elementary
    "exp": _one(sp.exp),
    "log": _one(sp.log, _positive),
    "ln": _one(sp.log, _positive),
    "sqrt": _one(sp.sqrt, lambda x: [(x, "≥ 0")]),
    "cbrt": _one(fn.cbrt),
    "abs": _one(sp.Abs),
    "sign": _one(sp.sign),
    "exp2": _one(lambda x: power(sp.Integer(2), x)),
    "log2": _one(_log_to(2), _positive),
    "log10": _one(_log_to(10), _positive),
    "log1p": _one(lambda x: sp.log(1 + x), lambda x: [(1 + x, "> 0")]),
    "expm1": _one(lambda x: sp.exp(x) - 1),
    "square": _one(lambda x: x**2),
    # trigonometric and hyperbolic
    "sin": _one(sp.sin),
    "cos": _one(sp.cos),
    "tan": _one(lambda x: sp.sin(x) / sp.cos(x), lambda x: _nonzero(sp.cos(x))),
    "cot": _one(lambda x: sp.cos(x) / sp.sin(x), lambda x: _nonzero(sp.sin(x))),
    "sec": _one(lambda x: 1 / sp.cos(x), lambda x: _nonzero(sp.cos(x))),
    "csc": _one(lambda x: 1 / sp.sin(x), lambda x: _nonzero(sp.sin(x))),
    "asin": _one(sp.asin, _unit),
    "acos": _one(lambda x: sp.pi / 2 - sp.asin(x), _unit),
    "atan": _one(sp.atan),
    "acot": _one(lambda x: sp.atan(1 / x), _nonzero),
    "asec": _one(lambda x: sp.pi / 2 - sp.asin(1 / x), _outside_unit),
    "acsc": _one(lambda x: sp.asin(1 / x), _outside_unit),
    "sinh": _one(sp.sinh),
    "cosh": _one(sp.cosh),
    "tanh": _one(sp.tanh),
    "coth": _one(lambda x: sp.cosh(x) / sp.sinh(x), _nonzero),
    "sech": _one(lambda x: 1 / sp.cosh(x)),
    "csch": _one(lambda x: 1 / sp.sinh(x), _nonzero),
    "asinh": _one(sp.asinh),
    "acosh": _one(sp.acosh, lambda x: [(x - 1, "≥ 0")]),
    "atanh": _one(sp.atanh, _open_unit),
    "acoth": _one(lambda x: sp.atanh(1 / x), lambda x: [(x, "≠ 0"), (x**2 - 1, "> 0")]),
    "asech": _one(lambda x: sp.acosh(1 / x), lambda x: [(x, "> 0"), (1 - x, "≥ 0")]),
    "acsch": _one(lambda x: sp.asinh(1 / x), _nonzero),
    # special
    "erf": _one(sp.erf),
    "erfc": _one(sp.erfc),
    "erfinv": _one(special.erfinv, _open_unit),
    "gamma": Elementwise((1, 1), special.gamma, _positive, partial=True),
    "loggamma": Elementwise((1, 1), special.loggamma, _positive, partial=True),
    "lgamma": Elementwise((1, 1), special.loggamma, _positive, partial=True),
    "digamma": Elementwise((1, 1), special.digamma, _positive, partial=True),
    "trigamma": Elementwise((1, 1), lambda x: special.polygamma(sp.S.One, x), _positive, partial=True),
    "polygamma": Elementwise((2, 2), special.polygamma, _last_positive, partial=True),
    "beta": Elementwise((2, 2), beta, lambda x, y: [(x, "> 0"), (y, "> 0")], partial=True),
    "besselj": _two(special.besselj, _whole_order_or_positive),
    "bessely": _two(special.bessely, _last_positive),
    "besseli": _two(special.besseli, _whole_order_or_positive),
    "besselk": _two(special.besselk, _last_positive),
    "ellipk": _one(special.ellipk, lambda m: [(1 - m, "> 0")]),
    "ellipe": _one(special.ellipe, lambda m: [(1 - m, "≥ 0")]),
    "expint": Elementwise((1, 2), expint, _last_positive),
    # of the field
    "sigmoid": _one(fn.sigmoid),
    "logistic": _one(fn.sigmoid),
    "logit": _one(lambda p: sp.log(p) - sp.log(1 - p), lambda p: [(p, "> 0"), (1 - p, "> 0")]),
    "softplus": _one(fn.softplus),
    "relu": _one(fn.relu),
    "leaky_relu": _two(fn.leaky_relu),
    "elu": Elementwise((1, 2), elu),
    "silu": _one(lambda x: x * fn.sigmoid(x)),
    "swish": _one(lambda x: x * fn.sigmoid(x)),
    "gelu": _one(lambda x: x * (1 + sp.erf(x / sp.sqrt(2))) / 2),
    "mish": _one(lambda x: x * sp.tanh(fn.softplus(x))),
    "softsign": _one(lambda x: x / (1 + sp.Abs(x))),
    "logsigmoid": _one(lambda x: -fn.softplus(-x)),
    "step": _one(fn.step),
    "heaviside": _one(fn.step),
    "logaddexp": _two(lambda x, y: sp.log(sp.exp(x) + sp.exp(y))),
    "xlogy": _two(lambda x, y: x * sp.log(y), _last_positive),
    "maximum": Elementwise((2, 99), lambda *xs: folded(maximum, xs)),
    "minimum": Elementwise((2, 99), lambda *xs: folded(minimum, xs)),
}


def number(written: str) -> sp.Rational:
    """The exact value of digits: 0.1 is 1/10."""
    mantissa, _, exponent = written.lower().partition("e")
    whole, _, decimals = mantissa.partition(".")
    value = sp.Rational(int((whole + decimals) or "0"), 10 ** len(decimals))
    return value * sp.Integer(10) ** int(exponent or 0)


def folded(f: Callable, values: Sequence):
    """f of many values, two at a time, by halves: each value is written out a few times and not 2^n times."""
    if len(values) == 1:
        return values[0]
    half = (len(values) + 1) // 2
    return f(folded(f, values[:half]), folded(f, values[half:]))


# Greek letters that are functions when called and plain names otherwise: gamma * h + beta.
ALSO_NAMES = {"beta", "gamma", "step", "sign"}
CONSTANTS = {"pi": sp.pi, "e": sp.E}
INFINITY = "oo"
