"""Derivatives carried out before anything is printed: what is left is a formula like any other."""

from __future__ import annotations

import sympy as sp

from derivations.calculus.operators import Binder, D, Limit
from derivations.calculus.substitution import fresh_index, rebuild, unfold
from derivations.calculus.symbols import Defined, Definition, Entry, Index, Recurrence, Tensor
from derivations.proof.rules.base import ProofError
from derivations.proof.rules.differentiation import derivative
from derivations.proof.rules.sums import collapse, pull_out
from gradproof.export.code import NoSource
from gradproof.export.names import identifier


def without_derivatives(e: sp.Expr) -> sp.Expr:
    """The expression with every derivative carried out; ``dl/dp_i`` becomes an entry of a definition ``dl_dp``."""
    return rebuild(e, lambda node: _carried_out(node) if isinstance(node, D) else None)  # type: ignore[return-value]


def _carried_out(e: D) -> sp.Expr:
    f, x = e.function, e.variable
    if not isinstance(f, Defined) or f.subscripts or isinstance(f.head, Recurrence):
        return _formula(f, x)
    head = x.tensor if isinstance(x, Entry) else x.head if isinstance(x, Defined) else None
    name = f"d{identifier(f.head.name)}_d{identifier(head.name if head else x.name)}"  # type: ignore[union-attr]
    if head is None:
        return Definition(name, (), _formula(f, x))[()]
    parameters = _parameters(head)
    return Definition(name, parameters, _formula(f, head[parameters]))[x.subscripts]  # type: ignore[index,union-attr]


def _parameters(head: Tensor | Definition | Recurrence) -> tuple[Index, ...]:
    if isinstance(head, Recurrence) or any(high is sp.oo for _, high in head.axes):
        raise NoSource(f"a derivative by {head.name}, an endless sequence, has no source")
    if isinstance(head, Definition):
        return head.parameters
    found: list[Index] = []
    for low, high in head.axes:
        found.append(fresh_index(Index("i", low, high), found))
    return tuple(found)


def _formula(f: sp.Expr, x: sp.Expr) -> sp.Expr:
    """df/dx without a derivative in it."""
    f = without_derivatives(f)
    try:
        found = derivative(f if isinstance(x, Defined) else unfold(f), x)  # type: ignore[arg-type]
    except ProofError as error:
        raise NoSource(f"the derivative of {f} by {x}: {error}") from None
    if _differentiates(found):
        raise NoSource(f"the derivative of {f} by {x} has no closed form")
    return pull_out.function(collapse.function(found))


def _differentiates(e: sp.Basic) -> bool:
    if isinstance(e, (D, Limit, sp.Derivative, sp.Subs)):
        return True
    parts = e.args[:1] if isinstance(e, Binder) else () if isinstance(e, (Entry, Defined)) else e.args
    return any(_differentiates(part) for part in parts)
