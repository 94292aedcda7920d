"""Index expressions as vectorised functions of arrays.

    softmax_jacobian = lower(D(p[i], z[j]), axes=(i, j))
    softmax_jacobian(z=torch.randn(1000, 5))              # shape (1000, 5, 5)

Sizes are read off the shapes of the arguments. Leading axes are a batch: they broadcast against each other, and every
argument may have its own. Ranges 1..n become axes 0..n-1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import prod
from typing import Any, Literal

import numpy as np
import sympy as sp
import torch

from derivations.calculus.operators import Binder, D, Limit
from derivations.calculus.substitution import canonical, named_objects
from derivations.calculus.symbols import Defined, Entry, Index, Scalar, Size, Tensor
from numeric.algebra import Algebra, Labelled
from numeric.evaluate import OUTCOME, Evaluator, axis_labels
from numeric.kernels import NumpyKernel, TorchKernel
from numeric.shapes import LoweringError, Ranges, ShapeError, solve_sizes
from numeric.stable import Held, held_definitions, stabilise

Backend = Literal["torch", "numpy"]
Argument = Tensor | Scalar

__all__ = ["Backend", "Lowered", "LoweringError", "ShapeError", "free_indices", "lower"]


def free_indices(expression: sp.Basic) -> set[Index]:
    """The indices that occur free, in subscripts or as numbers, and those that the range of one names."""
    e = expression
    if isinstance(e, Index):
        return {e}.union(*(free_indices(end) for end in (e.low, e.high)))
    if isinstance(e, (Entry, Defined)):
        return set().union(*(free_indices(s) for s in e.subscripts))
    if isinstance(e, Binder):
        ends = (free_indices(end) for k in e.bound for end in (k.low, k.high))
        return free_indices(e.body).union(*ends) - set(e.bound)
    if isinstance(e, Limit):
        return free_indices(e.function)
    return set().union(*(free_indices(a) for a in e.args))


def contains_derivative(expression: sp.Basic) -> bool:
    """Whether there is a D in the expression or in a definition that it uses."""
    return isinstance(expression, D) or any(contains_derivative(a) for a in expression.args)


@dataclass(frozen=True)
class Lowered:
    """A function of arrays: call it with the arguments by name, or in the order of ``arguments``.

    Every argument has shape ``(*batch, *axes)``, a random tensor ``(*batch, outcomes, *axes)``; the result has shape
    ``(*batch, *extents of self.axes)``. A size that no shape tells is given by name as an int.
    """

    source: sp.Expr  # as it was written
    expression: sp.Expr  # in stable forms
    axes: tuple[Index, ...]
    arguments: tuple[Argument, ...]
    sizes: tuple[Size, ...]
    backend: Backend
    kept: Held
    cancellations: bool
    differentiates: bool

    def __call__(self, *values, **named):
        """The value at the given arrays; TypeError for wrong names, ShapeError for contradictory shapes."""
        given = self._bind(values, named)
        sizes = {size: given.pop(size.name) for size in self.sizes if size.name in given}
        if self.backend == "torch":
            return self.evaluate(_torch_kernel(given), given, sizes).contiguous()
        return np.array(self.evaluate(_numpy_kernel(given), given, sizes))

    def _bind(self, values: Sequence[Any], named: Mapping[str, Any]) -> dict[str, Any]:
        names = [argument.name for argument in self.arguments]
        if len(values) > len(names):
            raise TypeError(f"{len(values)} arguments were given; there are {len(names)}: {', '.join(names)}")
        positional = names[: len(values)]
        known = [*names, *(size.name for size in self.sizes)]
        for name in named:
            if name not in known:
                raise TypeError(f"unexpected argument {name!r}; the arguments are {', '.join(known) or 'none'}")
            if name in positional:
                raise TypeError(f"the argument {name!r} was given twice")
        given = {**dict(zip(names, values, strict=False)), **named}
        if missing := [name for name in names if name not in given]:
            raise TypeError(f"missing arguments: {', '.join(missing)}")
        return given

    def evaluate(self, kernel, arrays: Mapping[str, Any], sizes: Mapping[Size, int] | None = None) -> Any:
        """The value in any kernel: an array of the kernel, of shape ``(*batch, *extents)``.

        Raises ShapeError for contradictory shapes and LoweringError for a node without a numeric form.
        """
        values = {argument: kernel.lift(arrays[argument.name]) for argument in self.arguments}
        solved = self._solve(values, sizes or {})
        batch = self._batch(values)
        with np.errstate(all="ignore"):  # overflow shows as a non-finite result, which the caller sees
            if isinstance(kernel, TorchKernel) and self.differentiates and batch:
                return self._mapped(kernel, values, solved, batch)
            return self._value(kernel, values, solved, batch)

    def _batch(self, values: Mapping[Argument, Any]) -> tuple[int, ...]:
        shapes = {a.name: tuple(v.shape)[: _batch_rank(a, v)] for a, v in values.items()}
        try:
            return np.broadcast_shapes(*shapes.values())
        except ValueError:
            shown = ", ".join(f"{name} has {shape}" for name, shape in shapes.items())
            raise ShapeError(f"the batch axes do not broadcast: {shown}") from None

    def _solve(self, values: Mapping[Argument, Any], known: Mapping[Size, int]) -> dict[Size, int]:
        for size, value in known.items():
            if int(value) != value or value < size.minimum:
                raise ShapeError(f"{size} = {value}: this size is a whole number of at least {size.minimum}")
        shapes = []
        for argument, value in values.items():
            rank, shape = _rank(argument), tuple(value.shape)
            if len(shape) < rank:
                axes = [str(extent) for extent in argument.shape] if isinstance(argument, Tensor) else []
                needed = ["outcomes", *axes] if rank > len(axes) else axes
                raise ShapeError(f"{argument.name} has shape {shape}; its last axes must be ({', '.join(needed)})")
            if isinstance(argument, Tensor) and argument.axes:
                shapes.append((argument, shape[len(shape) - len(argument.axes) :]))
        return solve_sizes(shapes, {size: int(value) for size, value in known.items()})

    def _value(self, kernel, values: Mapping[Argument, Any], sizes: Mapping[Size, int], batch: tuple[int, ...]):
        """The value of arrays that may carry batch axes."""
        algebra, ranges = Algebra(kernel), Ranges(sizes)
        arguments = {a: Labelled(v, _labels(a)) for a, v in values.items()}
        autodiff = isinstance(kernel, TorchKernel)
        evaluator = Evaluator(algebra, ranges, arguments, self.kept, self.cancellations, autodiff)
        result = evaluator(self.expression)
        if OUTCOME in result.dims:
            raise LoweringError(f"a random array stands outside of an Expectation: {self.source}")
        extents = {k: _extent(ranges, k) for k in self.axes}
        full = algebra.expand(result, self.axes, extents)
        inside = ranges.admissible(self.axes)
        if not inside.data.all():
            full = algebra.select(inside, full)  # a free index outside its range has no entry: 0
        return kernel.expand(full.data, (*batch, *extents.values()))

    def _mapped(self, kernel: TorchKernel, values: Mapping[Argument, Any], sizes, batch: tuple[int, ...]):
        """torch.func differentiates one point; vmap takes it over the batch."""
        names, flat = list(values), []
        for argument, value in values.items():
            own = tuple(value.shape)[_batch_rank(argument, value) :]
            flat.append(value.expand((*batch, *own)).reshape(prod(batch), *own))

        def at_point(*point):
            return self._value(kernel, dict(zip(names, point, strict=True)), sizes, ())

        result = torch.func.vmap(at_point)(*flat)
        return result.reshape(*batch, *result.shape[1:])


def _extent(ranges: Ranges, k: Index) -> int:
    """How many values a free index takes; ShapeError when its range ends before it begins."""
    extent = ranges.grid(k.extent).data
    if extent.size and extent.max() < 0:
        raise ShapeError(f"the axis {k} has extent {k.extent} = {extent.max()}: the shapes leave no room for it")
    return ranges.values(k).data.size


def _rank(argument: Argument) -> int:
    """How many trailing axes belong to the argument itself."""
    return len(argument.axes) + argument.random if isinstance(argument, Tensor) else 0


def _batch_rank(argument: Argument, value) -> int:
    return len(value.shape) - _rank(argument)


def _labels(argument: Argument) -> tuple:
    if not isinstance(argument, Tensor):
        return ()
    return (OUTCOME, *axis_labels(argument)) if argument.random else axis_labels(argument)


def _torch_kernel(given: Mapping[str, Any]) -> TorchKernel:
    """The dtype that the floating arrays promote to, plain numbers yielding to them, on the device of the arrays."""
    tensors = [torch.as_tensor(value) for value in given.values() if not isinstance(value, (int, float))]
    tensors = [t for t in tensors if t.ndim] or tensors
    floating = [t.dtype for t in tensors if t.is_floating_point()] or [torch.get_default_dtype()]
    return TorchKernel(reduce(torch.promote_types, floating), tensors[0].device if tensors else "cpu")


def _numpy_kernel(arrays: Mapping[str, Any]) -> NumpyKernel:
    """float32 when every floating array is, float64 otherwise."""
    dtypes = [np.asarray(a).dtype for a in arrays.values() if np.ndim(a)]
    floating = [dtype for dtype in dtypes if np.issubdtype(dtype, np.floating)]
    return NumpyKernel(np.result_type(*floating) if floating else np.float64)


def _by_name(symbols: Iterable) -> tuple:
    return tuple(sorted(symbols, key=lambda s: s.name))


def lower(
    expression: sp.Expr,
    backend: Backend = "torch",
    axes: Sequence[Index] | None = None,
    cancellations: bool = True,
) -> Lowered:
    """The expression as a function of its tensors and scalars.

    Args:
        expression: of the calculus.
        backend: "torch" or "numpy".
        axes: the order of the free indices in the result, by name when left out; further indices in it are axes along
            which the result is repeated.
        cancellations: allow rewriting 1 - sigmoid(x), which loses digits as it stands.

    Raises:
        LoweringError: ``axes`` lacks a free index.
        ValueError: another backend.
    """
    if backend not in ("torch", "numpy"):
        raise ValueError(f"backend {backend!r}: choose 'torch' or 'numpy'")
    expression = sp.sympify(expression, strict=True)
    free = free_indices(expression)
    order = tuple(axes) if axes is not None else _by_name(free)
    if missing := free - set(order):
        raise LoweringError(f"the free indices {sorted(map(str, missing))} are not among the axes {list(order)}")
    named = named_objects(expression).union(*(named_objects(end) for k in order for end in (k.low, k.high)))
    arguments = _by_name(s for s in named if isinstance(s, (Tensor, Scalar)))
    sizes = _by_name(s for s in named if isinstance(s, Size))
    held = held_definitions(expression)
    body = stabilise(canonical(expression), held, cancellations)  # type: ignore[arg-type]
    differentiates = contains_derivative(expression)
    return Lowered(expression, body, order, arguments, sizes, backend, held, cancellations, differentiates)
