"""The value of an index expression in an algebra: one pass over the tree, every distinct sub-expression once.

The same walk gives torch tensors, NumPy arrays, 200-bit truth and error bounds; only the algebra differs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
import sympy as sp

from derivations.calculus.functions import leaky_relu, relu, sigmoid, softplus, step
from derivations.calculus.operators import D, Delta, Expectation, Limit, Product, Sum
from derivations.calculus.symbols import Defined, Definition, Entry, Index, Recurrence, Scalar, Size, Tensor
from numeric.algebra import Algebra, Grid, aligned
from numeric.dual import rename
from numeric.shapes import LoweringError, Ranges, ShapeError
from numeric.stable import (
    NOTHING,
    Held,
    LogSoftmax,
    LogSumExp,
    Softmax,
    XLogY,
    fraction_parts,
    stabilise,
    stable_body,
    whole_valued,
)

OUTCOME = "outcome"  # the label of the axis that holds the equally likely outcomes of random tensors

UNARY: dict[type, str] = {
    sp.exp: "exp",
    sp.log: "log",
    sp.tanh: "tanh",
    sp.erf: "erf",
    sp.Abs: "abs",
    sp.sign: "sign",
    sigmoid: "sigmoid",
    softplus: "softplus",
    relu: "relu",
    step: "step",
}


def axis_labels(tensor: Tensor | Definition | Recurrence) -> tuple[tuple[str, int], ...]:
    """Labels for the axes of an array as a whole, before any index runs along them."""
    return tuple((tensor.name, position) for position in range(len(tensor.axes)))


@dataclass
class Evaluator:
    """Values of expressions for given sizes and arguments.

    ``arguments`` maps scalars and tensors to values labelled by :func:`axis_labels`; ``held`` maps definitions that
    are independent arrays at the moment. ``autodiff`` differentiates by torch.func, and then nothing is batched.
    """

    algebra: Algebra
    ranges: Ranges
    arguments: Mapping[sp.Basic, Any]
    kept: Held = NOTHING
    cancellations: bool = True
    autodiff: bool = False
    held: Mapping[Definition, Any] = field(default_factory=dict)
    _memo: dict[sp.Basic, Any] = field(default_factory=dict)
    _arrays: dict[Any, Any] = field(default_factory=dict)

    def child(self, **changes) -> Evaluator:
        return replace(self, **changes, _memo={}, _arrays={})

    def __call__(self, e: sp.Expr):
        if e not in self._memo:
            self._memo[e] = self._evaluate(e)
        return self._memo[e]

    def _evaluate(self, e: sp.Expr):
        for kind, method in RULES:
            if isinstance(e, kind):
                return method(self, e)
        raise LoweringError(f"{type(e).__name__} has no numeric form: {e}")

    # ---- leaves -------------------------------------------------------------------------------------------------

    def rational(self, e: sp.Rational):
        return self.algebra.number(Fraction(int(e.p), int(e.q)))

    def whole(self, e: sp.Expr):
        """An index or a size as a number."""
        return self.algebra.integers(self.ranges.grid(e))

    def scalar(self, e: Scalar):
        if e not in self.arguments:
            raise LoweringError(f"no value was given for {e}")
        return self.arguments[e]

    def delta(self, e: Delta):
        difference = self.ranges.grid(sp.expand(e.args[0] - e.args[1]))
        return self.algebra.integers(Grid((difference.data == 0).astype(np.int64), difference.dims))

    def entry(self, e: Entry):
        if e.tensor not in self.arguments:
            raise LoweringError(f"no value was given for {e.tensor}")
        lows = [low for low, _ in e.tensor.axes]
        return self.read(self.arguments[e.tensor], e, axis_labels(e.tensor), lows, e.tensor.padded)

    def read(self, array, e: Entry | Defined, labels, lows, padded: bool = False):
        """The entries of ``array`` at the subscripts of ``e``; outside a padded array they are 0.

        Raises ShapeError when an admissible subscript is outside an array that is not padded.
        """
        places, inside = {}, []
        for label, subscript, low in zip(labels, e.subscripts, lows, strict=True):
            place, extent = self.ranges.grid(subscript - low), array.extent(label)
            valid = Grid((place.data >= 0) & (place.data < extent), place.dims)
            if not valid.data.all():
                if padded:
                    inside.append(valid)
                else:
                    self._require_inside(valid, place, e, subscript, extent)
            places[label] = Grid(np.clip(place.data, 0, max(extent - 1, 0)), place.dims)
        value = self.algebra.take(array, places) if places else array
        return reduce(lambda partial, mask: self.algebra.select(mask, partial), inside, value)

    def _require_inside(self, valid: Grid, place: Grid, e, subscript, extent: int) -> None:
        admissible = self.ranges.admissible(valid.dims)
        if (aligned(valid, admissible.dims) | ~admissible.data).all():
            return
        reached = np.where(admissible.data, aligned(place, admissible.dims), 0)
        if reached.min() >= 0 and isinstance(e, Entry) and len(e.subscripts) == 1:
            raise ShapeError(f"{e.tensor.name} needs {reached.max() + 1} entries, it has {extent}")
        raise ShapeError(f"{e}: the subscript {subscript} leaves the axis, which has {extent} entries")

    # ---- arithmetic ---------------------------------------------------------------------------------------------

    def sum_of_terms(self, e: sp.Add):
        total = None
        for term in e.args:
            minus = term.could_extract_minus_sign()
            value = self(-term if minus else term)
            if total is None:
                total = self.algebra.negate(value) if minus else value
            else:
                total = (self.algebra.subtract if minus else self.algebra.add)(total, value)
        return total

    def product_of_factors(self, e: sp.Mul):
        above, below = fraction_parts(e)
        numerator = self.algebra.contract([self(f) for f in above], []) if above else self.algebra.number(1)
        if not below:
            return numerator
        return self.algebra.divide(numerator, self.algebra.contract([self(f) for f in below], []))

    def power(self, e: sp.Pow):
        base, exponent = e.args
        if exponent.is_Integer and exponent < 0:
            return self.algebra.divide(self.algebra.number(1), self(base**-exponent))
        if exponent == 1:
            return self(base)
        if exponent == 2:
            return self.algebra.multiply(self(base), self(base))
        if exponent.is_Rational and exponent.q == 2:
            root = self.algebra.apply("sqrt", self(base))
            power = self.algebra.integer_power(root, Grid(np.array(abs(exponent.p)))) if abs(exponent.p) > 1 else root
            return power if exponent > 0 else self.algebra.divide(self.algebra.number(1), power)
        if whole_valued(exponent):
            return self.algebra.integer_power(self(base), self.ranges.grid(exponent))
        return self.algebra.power(self(base), self(exponent))

    def unary(self, e: sp.Function):
        return self.algebra.apply(UNARY[type(e)], self(e.args[0]))

    def leaky(self, e: leaky_relu):
        """relu(x) - a relu(-x), exactly."""
        x = self(e.args[0])
        negative = self.algebra.apply("relu", self.algebra.negate(x))
        return self.algebra.subtract(self.algebra.apply("relu", x), self.algebra.multiply(self(e.args[1]), negative))

    def xlogy(self, e: XLogY):
        return self.algebra.xlogy(self(e.args[0]), self(e.args[1]))

    # ---- along indices ------------------------------------------------------------------------------------------

    def sum(self, e: Sum):
        if any(self.ranges.mask(k) is not None for k in e.bound):
            return self.algebra.total(self._masked(e.body, e.bound), e.bound)
        # a label that no factor has counts its extent; a factor that the sum does not reach leaves it
        above, below = fraction_parts(e.body)
        factors = [self(f) for f in above] + [self.algebra.divide(self.algebra.number(1), self(f)) for f in below]
        present = {label for factor in factors for label in factor.dims}
        repeats = [self.ranges.values(k) for k in e.bound if k not in present]
        factors += [self.algebra.integers(Grid(np.array(grid.data.size))) for grid in repeats]
        return self.algebra.contract(factors or [self.algebra.number(1)], e.bound)

    def _masked(self, body: sp.Expr, bound):
        """The body over the whole box of the bound indices, 0 where one of them is outside its range."""
        inside = self.ranges.admissible(bound)
        shape = tuple(self.ranges.values(k).data.size for k in inside.dims)
        return self.algebra.select(Grid(np.broadcast_to(inside.data, shape), inside.dims), self(body))

    def product(self, e: Product):
        value = self(e.body)
        for k in reversed(e.bound):
            if (inside := self.ranges.mask(k)) is not None:
                outside = self.algebra.integers(Grid((~inside.data).astype(np.int64), inside.dims))
                value = self.algebra.add(self.algebra.select(inside, value), outside)  # factor 1 outside
            elif k not in value.dims:
                value = self.algebra.integer_power(value, Grid(np.array(self.ranges.values(k).data.size)))
                continue
            value = self.algebra.product(value, k)
        return value

    def _along(self, name: str, e, body: sp.Expr, k: Index):
        if self.ranges.mask(k) is not None:
            raise LoweringError(f"{name} over {k}, whose range {k.low}..{k.high} depends on another index: {e}")
        value = self(body)
        if k not in value.dims:
            extents = {**{d: value.extent(d) for d in value.dims}, k: self.ranges.values(k).data.size}
            value = self.algebra.expand(value, (*value.dims, k), extents)
        return self.algebra.along(name, value, k)

    def softmax(self, e: Softmax | LogSoftmax):
        name = "softmax" if isinstance(e, Softmax) else "log_softmax"
        value = self._along(name, e, e.body, e.index)
        place = self.ranges.grid(e.at - e.index.low)
        return self.algebra.take(value, {e.index: place})

    def logsumexp(self, e: LogSumExp):
        return self._along("logsumexp", e, e.body, e.index)

    def expectation(self, e: Expectation):
        value = self(e.function)
        if OUTCOME not in value.dims:
            return value
        count = self.algebra.number(value.extent(OUTCOME))
        return self.algebra.divide(self.algebra.total(value, [OUTCOME]), count)

    def limit(self, e: Limit):
        raise LoweringError(f"Limit has no numeric form: {e.function} as {e.variable} grows without end")

    # ---- definitions --------------------------------------------------------------------------------------------

    def defined(self, e: Defined):
        head = e.head
        if isinstance(head, Recurrence):
            return self._sequence_entry(e)
        if head not in self.held and not self.closed(head):
            return self(stabilise(e.unfolded, self.kept, self.cancellations))
        return self.read(self.array(head), e, axis_labels(head), [low for low, _ in head.axes])

    def closed(self, head: Definition) -> bool:
        """Whether the parameters range over boxes that the sizes give."""
        ends = [end for axis in head.axes for end in axis]
        return not any(end in (sp.oo, -sp.oo) or end.atoms(Index) for end in ends)

    def array(self, head: Definition):
        """All entries of a definition, labelled by its axes."""
        if head in self.held:
            return self.held[head]
        if head not in self._arrays:
            value = self(stable_body(head, self.kept, self.cancellations))
            extents = {d: value.extent(d) for d in value.dims}
            extents |= {k: self.ranges.values(k).data.size for k in head.parameters}
            others = tuple(d for d in value.dims if d not in head.parameters)
            self._arrays[head] = self._relabelled(value, (*others, *head.parameters), extents, head)
        return self._arrays[head]

    def _relabelled(self, value, dims, extents, head):
        labels = dict(zip(head.parameters, axis_labels(head), strict=True))
        full = self.algebra.expand(value, dims, extents)
        return rename(full, labels)

    def _sequence_entry(self, e: Defined):
        """m[t] for all the t asked for: the steps are taken one by one, everything else at once."""
        head: Recurrence = e.head  # type: ignore[assignment]
        place = self.ranges.grid(e.subscripts[0] - head.first)
        last = int(place.data.max()) if place.data.size else 0
        if (head, last) not in self._arrays:
            values = [self(head.start)]
            for position in range(head.first + 1, head.first + last + 1):
                now = self.child(
                    ranges=self.ranges.with_fixed({head.parameter: position}),
                    arguments={**self.arguments, head.previous: values[-1]},
                )
                values.append(now(stable_body(head, self.kept, self.cancellations)))
            self._arrays[head, last] = self.algebra.stack(values, axis_labels(head)[0])
        return self.read(self._arrays[head, last], e, axis_labels(head), [sp.Integer(head.first)])

    def derivative(self, e: D):
        from numeric.derivatives import derivative

        return derivative(self, e)


RULES: list[tuple[type | tuple[type, ...], Callable[[Evaluator, Any], Any]]] = [
    (Entry, Evaluator.entry),
    (Defined, Evaluator.defined),
    (sp.Rational, Evaluator.rational),
    (type(sp.pi), lambda self, e: self.algebra.pi()),
    (type(sp.E), lambda self, e: self.algebra.apply("exp", self.algebra.number(1))),
    ((Index, Size), Evaluator.whole),
    (Scalar, Evaluator.scalar),
    (Delta, Evaluator.delta),
    (sp.Add, Evaluator.sum_of_terms),
    (sp.Mul, Evaluator.product_of_factors),
    (tuple(UNARY), Evaluator.unary),
    (sp.Pow, Evaluator.power),
    (leaky_relu, Evaluator.leaky),
    (XLogY, Evaluator.xlogy),
    (Sum, Evaluator.sum),
    (Product, Evaluator.product),
    ((Softmax, LogSoftmax), Evaluator.softmax),
    (LogSumExp, Evaluator.logsumexp),
    (Expectation, Evaluator.expectation),
    (D, Evaluator.derivative),
    (Limit, Evaluator.limit),
]
