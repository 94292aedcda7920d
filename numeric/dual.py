"""Forward differentiation over any algebra: a value and its tangent, by the rules of the calculus.

``DualAlgebra(base)`` computes with pairs. The tangent carries the labels of the value and those of the array that is
differentiated by, so one pass gives the whole Jacobian. Pairs over pairs give second derivatives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np

from numeric.algebra import Algebra, Grid, Label, Labelled


@dataclass(frozen=True)
class Dual:
    """A value and its tangent in the base algebra; None is the zero tangent."""

    value: Any
    tangent: Any = None

    @property
    def dims(self) -> tuple[Label, ...]:
        return self.value.dims

    def extent(self, label: Label) -> int:
        return self.value.extent(label)


Slope = Callable[[Algebra, Any, Any], Any]

# the derivative of y = f(x), from x and y, in the algebra A
SLOPES: Mapping[str, Slope] = {
    "exp": lambda A, x, y: y,
    "log": lambda A, x, y: A.divide(A.number(1), x),
    "sqrt": lambda A, x, y: A.divide(A.number(Fraction(1, 2)), y),
    "tanh": lambda A, x, y: A.subtract(A.number(1), A.multiply(y, y)),
    "erf": lambda A, x, y: A.multiply(
        A.divide(A.number(2), A.apply("sqrt", A.pi())), A.apply("exp", A.negate(A.multiply(x, x)))
    ),
    "sigmoid": lambda A, x, y: A.multiply(y, A.subtract(A.number(1), y)),
    "softplus": lambda A, x, y: A.apply("sigmoid", x),
    "relu": lambda A, x, y: A.apply("step", x),
    "abs": lambda A, x, y: A.apply("sign", x),
}
CONSTANT_PIECES = ("step", "sign")  # derivative 0 off the jump


class DualAlgebra(Algebra):
    """The algebra of :class:`Dual` pairs over ``base``."""

    def __init__(self, base: Algebra):
        super().__init__(base.kernel)
        self.base = base

    def lift(self, value) -> Dual:
        return Dual(value)

    def _plus(self, a, b):
        return b if a is None else a if b is None else self.base.add(a, b)

    def _scaled(self, tangent, factor):
        return None if tangent is None else self.base.multiply(tangent, factor)

    # ---- constants ----------------------------------------------------------------------------------------------

    def number(self, value) -> Dual:
        return Dual(self.base.number(value))

    def pi(self) -> Dual:
        return Dual(self.base.pi())

    def integers(self, grid: Grid) -> Dual:
        return Dual(self.base.integers(grid))

    # ---- entry by entry -----------------------------------------------------------------------------------------

    def add(self, a: Dual, b: Dual) -> Dual:
        return Dual(self.base.add(a.value, b.value), self._plus(a.tangent, b.tangent))

    def subtract(self, a: Dual, b: Dual) -> Dual:
        return self.add(a, self.negate(b))

    def negate(self, a: Dual) -> Dual:
        return Dual(self.base.negate(a.value), None if a.tangent is None else self.base.negate(a.tangent))

    def multiply(self, a: Dual, b: Dual) -> Dual:
        tangent = self._plus(self._scaled(a.tangent, b.value), self._scaled(b.tangent, a.value))
        return Dual(self.base.multiply(a.value, b.value), tangent)

    def divide(self, a: Dual, b: Dual) -> Dual:
        quotient = self.base.divide(a.value, b.value)
        change = self._plus(a.tangent, self._scaled(b.tangent, self.base.negate(quotient)))
        return Dual(quotient, None if change is None else self.base.divide(change, b.value))

    def apply(self, name: str, a: Dual) -> Dual:
        value = self.base.apply(name, a.value)
        if a.tangent is None or name in CONSTANT_PIECES:
            return Dual(value)
        return Dual(value, self.base.multiply(a.tangent, SLOPES[name](self.base, a.value, value)))

    def integer_power(self, a: Dual, exponents: Grid) -> Dual:
        value = self.base.integer_power(a.value, exponents)
        if a.tangent is None:
            return Dual(value)
        # p x^(p-1), with x^0 in place of x^-1 where p = 0: the product is 0 either way, also at x = 0
        lower = Grid(np.where(exponents.data == 0, 0, exponents.data - 1), exponents.dims)
        slope = self.base.multiply(self.base.integers(exponents), self.base.integer_power(a.value, lower))
        return Dual(value, self.base.multiply(a.tangent, slope))

    def xlogy(self, a: Dual, b: Dual) -> Dual:
        value = self.base.xlogy(a.value, b.value)
        by_a = self._scaled(a.tangent, self.base.apply("log", b.value)) if a.tangent is not None else None
        by_b = self._scaled(b.tangent, self.base.divide(a.value, b.value)) if b.tangent is not None else None
        return Dual(value, self._plus(by_a, by_b))

    def _linear(self, a: Dual, change: Callable[[Any], Any]) -> Dual:
        return Dual(change(a.value), None if a.tangent is None else change(a.tangent))

    def select(self, mask: Grid, a: Dual) -> Dual:
        return self._linear(a, lambda x: self.base.select(mask, x))

    # ---- along labels -------------------------------------------------------------------------------------------

    def _with_labels(self, tangent, a: Dual, labels: Sequence[Label]):
        """The tangent repeated along those of ``labels`` that it does not vary along."""
        missing = tuple(label for label in labels if label not in tangent.dims)
        if not missing:
            return tangent
        extents = {label: tangent.extent(label) for label in tangent.dims} | {d: a.extent(d) for d in missing}
        return self.base.expand(tangent, (*tangent.dims, *missing), extents)

    def total(self, a: Dual, labels: Sequence[Label]) -> Dual:
        tangent = None if a.tangent is None else self.base.total(self._with_labels(a.tangent, a, labels), labels)
        return Dual(self.base.total(a.value, labels), tangent)

    def product(self, a: Dual, label: Label) -> Dual:
        """One factor after another: exact also where a factor is 0."""
        slices = [self.take(a, {label: Grid(np.array(place))}) for place in range(a.extent(label))]
        return reduce(self.multiply, slices, self.number(1))

    def along(self, name: str, a: Dual, label: Label) -> Dual:
        value = self.base.along(name, a.value, label)
        if a.tangent is None:
            return Dual(value)
        p = value if name == "softmax" else self.base.along("softmax", a.value, label)
        mean = self.base.total(self.base.multiply(p, a.tangent), [label])  # sum_k p_k dz_k
        if name == "logsumexp":
            return Dual(value, mean)
        centred = self.base.subtract(a.tangent, mean)
        return Dual(value, self.base.multiply(p, centred) if name == "softmax" else centred)

    def expand(self, a: Dual, dims: tuple[Label, ...], extents: Mapping[Label, int]) -> Dual:
        if a.tangent is None:
            return Dual(self.base.expand(a.value, dims, extents))
        own = tuple(label for label in a.tangent.dims if label not in dims)
        sizes = {**extents, **{label: a.tangent.extent(label) for label in own}}
        return Dual(self.base.expand(a.value, dims, extents), self.base.expand(a.tangent, (*dims, *own), sizes))

    def take(self, a: Dual, subscripts: Mapping[Label, Grid]) -> Dual:
        if a.tangent is None:
            return Dual(self.base.take(a.value, subscripts))
        tangent = self._with_labels(a.tangent, a, list(subscripts))
        return Dual(self.base.take(a.value, subscripts), self.base.take(tangent, subscripts))

    def stack(self, values: Sequence[Dual], label: Label) -> Dual:
        stacked = self.base.stack([value.value for value in values], label)
        tangents = [value.tangent for value in values]
        if all(tangent is None for tangent in tangents):
            return Dual(stacked)
        zero = self.base.number(0)
        return Dual(stacked, self.base.stack([zero if t is None else t for t in tangents], label))

    def _contract_pair(self, a: Dual, b: Dual, summed: Sequence[Label]) -> Dual:
        both = [label for label in summed if label in a.dims and label in b.dims]
        a = self.total(a, [label for label in summed if label in a.dims and label not in both])
        b = self.total(b, [label for label in summed if label in b.dims and label not in both])
        return self.total(self.multiply(a, b), both)


def identity(algebra: Algebra, labels: Sequence[Label], twins: Sequence[Label], extents: Sequence[int]):
    """The derivative of an array by itself: 1 where each label equals its twin."""
    value = algebra.number(1)
    for label, twin, extent in zip(labels, twins, extents, strict=True):
        same = Grid(np.eye(extent, dtype=np.int64), (label, twin))
        value = algebra.multiply(value, algebra.integers(same))
    return value


def rename(value, labels: Mapping):
    """The same value with other labels."""
    if isinstance(value, Dual):
        return Dual(rename(value.value, labels), None if value.tangent is None else rename(value.tangent, labels))
    return Labelled(value.data, tuple(labels.get(d, d) for d in value.dims))
