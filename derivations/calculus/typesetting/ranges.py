"""When a sum needs its range written out: where a reader could take one range for another."""

from __future__ import annotations

from collections.abc import Iterable

import sympy as sp

from derivations.calculus.operators import Binder
from derivations.calculus.substitution import subexpressions
from derivations.calculus.symbols import Index


def bound_indices(sides: Iterable[sp.Expr]) -> set[Index]:
    return {k for side in sides for e in subexpressions(side) if isinstance(e, Binder) for k in e.bound}


def letters_clash(sides: Iterable[sp.Expr]) -> bool:
    """Whether one letter runs over two different ranges: Σ over k up to t beside Σ over k up to t + 1."""
    bound = bound_indices(sides)
    return len({k.name for k in bound}) < len(bound)


def ranges_differ(sides: Iterable[sp.Expr]) -> bool:
    """Whether the sums run over more than one range, whatever their letters."""
    return len({(k.low, k.high) for k in bound_indices(sides)}) > 1
