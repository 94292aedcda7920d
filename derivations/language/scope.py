"""What the names of a claim stand for, and what the claim needs in order to have a meaning."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import sympy as sp

from derivations.calculus.operators import Integral, Limit, LimitAt
from derivations.calculus.symbols import Index, Scalar, Size, Tensor
from derivations.language.values import Array, Names
from derivations.language.vocabulary import Need


@dataclass(frozen=True)
class Abbreviation:
    """``h[i] = ...`` or ``s = ...`` as an array; ``f(x) = ...`` as a tree that is read anew at each call."""

    name: str
    value: Array | None = None
    needs: tuple[Need, ...] = ()
    parameters: tuple[str, ...] = ()
    tree: ast.expr | None = None
    text: str = ""


@dataclass(frozen=True)
class Passage:
    """A limit or an integral as it was read, and what its body needs of the variable, before anything is simplified."""

    node: Limit | LimitAt | Integral
    needs: tuple[Need, ...]


@dataclass
class Shared:
    """What all scopes of one claim have in common."""

    names: Names
    declared: dict[str, Scalar | Size | Tensor | sp.Integer] = field(default_factory=dict)
    abbreviations: dict[str, Abbreviation] = field(default_factory=dict)
    free_indices: dict[str, Index | None] = field(default_factory=dict)  # None until a subscript tells the range
    needs: dict[Need, None] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)  # every name that the user wrote
    implied: set[str] = field(default_factory=set)  # names that nobody declared: real scalars
    sizes: dict[sp.Basic, int] = field(default_factory=dict)  # expressions built so far -> number of their parts
    inner: list[Need] = field(default_factory=list)  # what is needed under limits and integrals, of their variables
    passages: list[Passage] = field(default_factory=list)  # every limit and integral that was read
    notes: dict[str, None] = field(default_factory=dict)  # how something was taken that may be meant otherwise
    steps: int = 0  # expressions read so far, calls of abbreviations counted anew


@dataclass(frozen=True)
class Scope:
    """One place in a text: the text itself, what is bound around it, and what the claim shares."""

    shared: Shared
    text: str
    origin: str = "claim"
    bound: dict[str, Index | Array] = field(default_factory=dict)
    depth: int = 0  # calls of abbreviations around it
    silent: tuple[sp.Symbol, ...] = ()  # variables of limits and integrals: needs that speak of them are not kept

    def binding(self, **bound: Index | Array) -> Scope:
        return replace(self, bound={**self.bound, **bound})

    def need(self, needs: Iterable[Need]) -> None:
        """Note where the claim has a meaning."""
        for expression, requirement in needs:
            if set(self.silent) & expression.free_symbols:
                self.shared.inner.append((expression, requirement))
            else:
                self.shared.needs.setdefault((expression, requirement))
