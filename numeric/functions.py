"""A derived formula as a function to call: arguments by name, a signature, and a docstring that tells the shapes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import sympy as sp

from derivations.calculus.printing import text
from derivations.calculus.symbols import Index, Size, Tensor
from numeric.lowering import Argument, Backend, Lowered, lower


def function(
    expression: sp.Expr,
    name: str = "formula",
    doc: str = "",
    backend: Backend = "torch",
    axes: Sequence[Index] | None = None,
) -> Callable[..., Any]:
    """The expression as a vectorised function of its arrays.

    The function takes its arguments by position or by name, sizes that no shape tells by name only; it checks shapes
    and no domains.

    Args:
        expression: of the calculus.
        name: of the function.
        doc: what opens its docstring; the arguments with their shapes and domains and the shape of the result follow.
        backend: "torch" or "numpy".
        axes: the order of the free indices in the result, by name when left out.

    Raises:
        LoweringError: the expression has no numeric form.
    """
    lowered = lower(expression, backend=backend, axes=axes)
    parameters = [
        *(inspect.Parameter(a.name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for a in lowered.arguments),
        *(inspect.Parameter(s.name, inspect.Parameter.KEYWORD_ONLY, annotation=int) for s in _unshaped(lowered)),
    ]
    signature = inspect.Signature(parameters)

    def formula(*values, **named):
        try:
            bound = signature.bind(*values, **named)
        except TypeError as error:
            raise TypeError(f"{name}{_plain(signature)}: {error}") from None
        return lowered(**bound.arguments)

    formula.__name__ = formula.__qualname__ = name
    formula.__doc__ = _docstring(lowered, doc)
    formula.__signature__ = signature  # type: ignore[attr-defined]
    formula.lowered = lowered  # type: ignore[attr-defined]
    return formula


def _plain(signature: inspect.Signature) -> str:
    """The signature without annotations."""
    bare = [p.replace(annotation=inspect.Parameter.empty) for p in signature.parameters.values()]
    return str(inspect.Signature(bare))


def _unshaped(lowered: Lowered) -> list[Size]:
    """The sizes that no argument's shape tells, which the caller must give."""
    shapes = [extent for a in lowered.arguments if isinstance(a, Tensor) for extent in a.shape]
    told = {size for extent in shapes for size in extent.free_symbols}
    return [size for size in lowered.sizes if size not in told]


def _docstring(lowered: Lowered, doc: str) -> str:
    lines = [doc or str(lowered.source), "", "Args:"]
    lines += [f"    {a.name}: {_shape(a)}, {sp.sstr(a.domain)}." for a in lowered.arguments]
    lines += [f"    {s.name}: int, at least {s.minimum}." for s in _unshaped(lowered)]
    kind = "torch.Tensor" if lowered.backend == "torch" else "numpy.ndarray"
    extents = [_extent(k.extent) for k in lowered.axes]
    names = f", the axes running over {', '.join(k.name for k in lowered.axes)}" if extents else ""
    lines += _notes(lowered)
    lines += ["", "Returns:", f"    {kind} of shape ({', '.join(['*batch', *extents])}){names}."]
    lines += ["", "Raises:", "    ShapeError: the shapes of the arguments contradict each other."]
    lines += ["", "The domains are not checked."]
    return "\n".join(lines)


def _notes(lowered: Lowered) -> list[str]:
    """What the axes of sequences and of random arrays mean."""
    tensors = [a for a in lowered.arguments if isinstance(a, Tensor)]
    notes = [
        f"{a.name} is a sequence: entry 0 of the array is {text(a[low])}; it must be as long as the formula reaches."
        for a in tensors
        for low, high in a.axes
        if high is sp.oo
    ]
    if any(a.random for a in tensors):
        notes.append("outcomes: the equally likely values of what is random, over which an expectation is the mean.")
    return ["", *notes] if notes else []


def _extent(extent: sp.Expr) -> str:
    return "any" if extent is sp.oo else sp.sstr(extent)


def _shape(argument: Argument) -> str:
    axes = [_extent(extent) for extent in argument.shape] if isinstance(argument, Tensor) else []
    outcomes = ["outcomes"] if isinstance(argument, Tensor) and argument.random else []
    return f"array of shape ({', '.join(['*batch', *outcomes, *axes])})"
