"""Atoms: the indivisible factors of which the kernel's forms are made.

Kinds
    symbol s         a scalar                       dim n, index v    a size or an index as a number
    prime p          p**q with 0 < q < 1            entry T, (a...)   a tensor entry, subscripts affine
    delta a          [a = 0]                        guard a           [a >= 0]
    exp m            e**m                           power B, v        B**v, v a dimension or index
    function f, B..  f(B, ...)                      base B            a form of several terms, to be raised
    sum (e...), m    sum of m over 1..e             product e, B      product of B over 1..e
    maximum e, B     largest B over 1..e            mean m           expected value of m (random atoms only)

A form is ``{monomial: coefficient}``, a monomial a sorted product of atom**rational (terms.py).
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

import sympy as sp

from derivations.calculus.kernel import effort, ranges
from derivations.calculus.kernel.effort import Unsupported as Unsupported
from derivations.calculus.kernel.ranges import Affine, Dim, Var

Monomial = tuple[tuple["Atom", Fraction], ...]
Form = dict[Monomial, Fraction]

ONE = Fraction(1)
BINDERS = ("sum", "product", "maximum")  # atoms that bind indices


class Atom:
    """An indivisible factor. Compared by structure; ``key`` orders atoms, ``variables`` are its free indices."""

    __slots__ = ("_hash", "data", "height", "key", "kind", "variables")

    def __init__(self, kind: str, *data: Any):
        self.kind, self.data = kind, data
        self._hash = hash((kind, data))
        self.variables, self.height = _inspect(kind, data)
        self.key = f"{kind}({','.join(key_of(part) for part in data)})"
        effort.spend(len(self.key))

    def __eq__(self, other) -> bool:
        return self is other or (
            isinstance(other, Atom)
            and self._hash == other._hash
            and self.kind == other.kind
            and self.data == other.data
        )

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return self.key

    def __getstate__(self):
        return self.kind, self.data


@cache
def _symbol_number(symbol) -> int:
    """Tells apart two symbols or tensors with one name."""
    same_name = _numbered.setdefault(symbol.name, {})
    return same_name.setdefault(symbol, len(same_name))


_numbered: dict[str, dict] = {}


def key_of(part: Any) -> str:
    if isinstance(part, (Atom, Dim, Var)):
        return part.key
    if isinstance(part, tuple):
        return f"[{' '.join(key_of(p) for p in part)}]"
    if isinstance(part, Affine):
        return "+".join([str(part.constant), *(f"{c}*{v.key}" for v, c in part.terms)])
    if isinstance(part, sp.Basic) and hasattr(part, "name"):
        return f"{part.name}~{_symbol_number(part)}"  # type: ignore[attr-defined]
    return str(part)


def _inspect(kind: str, data: tuple) -> tuple[frozenset[Var], int]:
    """The free index variables of an atom, and how deep its binders nest."""
    free: set[Var] = set()
    height = 0

    def visit(part):
        nonlocal height
        if isinstance(part, Atom):
            free.update(part.variables)
            height = max(height, part.height)
        elif isinstance(part, Affine):
            free.update(part.variables)
        elif isinstance(part, Var):
            free.add(part)
        elif isinstance(part, tuple):
            for p in part:
                visit(p)

    visit(data)
    if kind in BINDERS:
        height += 1
        free -= set(bound_variables(data[0], height))
    return frozenset(free), height


def bound_variables(extents: tuple[Affine, ...], height: int) -> list[Var]:
    """The canonical names of the indices that a closed sum of this height binds."""
    return [ranges.named_var(f"~{height}.{position}", extent) for position, extent in enumerate(extents)]
