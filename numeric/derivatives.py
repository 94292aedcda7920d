"""The value of D(f, x): the Jacobian of f by the whole array of x, read at the subscripts of x.

By torch.func where the kernel is torch's, by dual numbers in every other kernel. The two share no code, so one checks
the other; dual numbers also carry error bounds and 200-bit arithmetic through a derivative.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp
import torch

from derivations.calculus.operators import D
from derivations.calculus.symbols import Definition, Entry, Recurrence, Scalar, Tensor
from numeric.algebra import Label, Labelled
from numeric.dual import Dual, DualAlgebra, identity
from numeric.evaluate import OUTCOME, Evaluator, axis_labels
from numeric.shapes import LoweringError


def derivative(evaluator: Evaluator, e: D):
    """The value of ``e``; LoweringError for a derivative by a random array or an endless sequence."""
    target, array, lows = _variable(evaluator, e)
    if OUTCOME in array.dims:
        raise LoweringError(f"a derivative by a random array has no numeric form: {e}")
    labels = () if isinstance(target, Scalar) else axis_labels(target)
    twins = tuple(("derivative", _depth(evaluator), *label) for label in labels)
    jacobian = _by_torch if evaluator.autodiff else _by_duals
    matrix = jacobian(evaluator, e.function, target, array, labels, twins)
    return evaluator.read(matrix, e.variable, twins, lows) if labels else matrix


def _depth(evaluator: Evaluator) -> int:
    """How many derivatives are being taken around this one: it keeps the labels of nested ones apart."""
    depth, algebra = 0, evaluator.algebra
    while isinstance(algebra, DualAlgebra):
        depth, algebra = depth + 1, algebra.base
    return depth


def _variable(evaluator: Evaluator, e: D) -> tuple[Any, Any, list[sp.Expr]]:
    """What is differentiated by: the scalar, tensor or definition, its value, and where its axes begin."""
    x = e.variable
    if isinstance(x, Scalar):
        return x, evaluator.scalar(x), []
    head = x.tensor if isinstance(x, Entry) else x.head
    lows = [low for low, _ in head.axes]
    if isinstance(head, Tensor):
        if head not in evaluator.arguments:
            raise LoweringError(f"no value was given for {head}")
        return head, evaluator.arguments[head], lows
    if isinstance(head, Recurrence) or not (head in evaluator.held or evaluator.closed(head)):
        raise LoweringError(f"a derivative by {x}, an endless sequence, has no numeric form: {e}")
    return head, evaluator.array(head), lows


def _by_torch(evaluator: Evaluator, f: sp.Expr, target, array: Labelled, labels, twins) -> Labelled:
    """Reverse mode; the arrays of the evaluator carry no batch here."""
    dims: list[Label] = []

    def value(data: torch.Tensor) -> torch.Tensor:
        independent = Labelled(data, tuple(labels))
        changes: dict[str, Mapping] = (
            {"held": {**evaluator.held, target: independent}}
            if isinstance(target, Definition)
            else {"arguments": {**evaluator.arguments, target: independent}}
        )
        result = evaluator.child(**changes)(f)
        dims[:] = result.dims
        return result.data

    jacobian = torch.func.jacrev(value)(array.data)
    return Labelled(jacobian, (*dims, *twins))


def _by_duals(evaluator: Evaluator, f: sp.Expr, target, array, labels: Sequence[Label], twins: Sequence[Label]):
    """Forward mode: the array enters with the identity as its tangent, everything else as a constant."""
    algebra = evaluator.algebra
    own = identity(algebra, labels, twins, [array.extent(label) for label in labels])
    arguments = {symbol: Dual(value) for symbol, value in evaluator.arguments.items()}
    held: dict[Definition, Any] = {head: Dual(value) for head, value in evaluator.held.items()}
    (held if isinstance(target, Definition) else arguments)[target] = Dual(array, own)
    result = evaluator.child(algebra=DualAlgebra(algebra), arguments=arguments, held=held)(f)
    extents = {d: result.extent(d) for d in result.dims}
    extents |= {twin: array.extent(label) for label, twin in zip(labels, twins, strict=True)}
    tangent = algebra.number(0) if result.tangent is None else result.tangent
    return algebra.expand(tangent, (*result.dims, *twins), extents)
