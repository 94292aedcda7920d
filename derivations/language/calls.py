"""The operators of the claim language by name.

CALLS["diff"](node, scope)      what diff(f, x) means at this place
"""

from __future__ import annotations

import ast
from collections.abc import Callable

import sympy as sp

from derivations.calculus.operators import Delta, Product, Sum
from derivations.language import derivatives, passages, products, reductions
from derivations.language.scope import Scope
from derivations.language.values import Array
from derivations.language.vocabulary import maximum, minimum

CALLS: dict[str, Callable[[ast.Call, Scope], Array]] = {
    "diff": derivatives.diff,
    "grad": derivatives.grad,
    "jacobian": derivatives.jacobian,
    "hessian": derivatives.hessian,
    "sum": reductions.over_index(Sum),
    "prod": reductions.over_index(Product),
    "mean": reductions.reduction(reductions.mean),
    "var": reductions.spread(root=False),
    "std": reductions.spread(root=True),
    "max": reductions.extreme(maximum, 1),
    "min": reductions.extreme(minimum, -1),
    "norm": reductions.norm,
    "softmax": reductions.softmax(log=False),
    "log_softmax": reductions.softmax(log=True),
    "logsumexp": reductions.reduction(reductions.logsumexp),
    "dot": products.dot,
    "outer": products.outer,
    "trace": products.trace,
    "diag": products.diag,
    "eye": products.filled(Delta, 1, 1),
    "ones": products.filled(lambda *indices: sp.S.One, 1, 3),
    "zeros": products.filled(lambda *indices: sp.S.Zero, 1, 3),
    "delta": products.delta,
    "limit": passages.limit,
    "integrate": passages.integrate,
}
