"""The arguments of the written function: its signature, their shapes, sizes read off them, numbers made arrays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import sympy as sp

from derivations.calculus.affine import linear_terms, provably_nonnegative
from derivations.calculus.symbols import Scalar, Size, Tensor

if TYPE_CHECKING:
    from gradproof.export.printer import Printer


def signature(printer: Printer) -> str:
    """``z, *, t``: the arguments by name, then the sizes that no shape tells."""
    given = sorted(name for name, thing in printer.used.items() if isinstance(thing, (Tensor, Scalar)))
    sizes = printer.asked_sizes()
    return ", ".join([*given, *(["*", *sizes] if sizes else [])])


def shape_of(argument: Tensor | Scalar) -> str:
    """``shape (*batch, n)``."""
    if isinstance(argument, Scalar):
        return "shape (*batch)"
    extents = ["length" if extent is sp.oo else sp.sstr(extent) for extent in argument.shape]
    outcomes = ["outcomes"] if argument.random else []
    first = ", ".join(f"{argument.name}[{low}]" for low, high in argument.axes if high is sp.oo)
    note = f", the first entry {first}" if first else ""
    note += ", the outcomes equally likely" if argument.random else ""
    return f"shape ({', '.join(['*batch', *outcomes, *extents])}){note}"


def told_sizes(printer: Printer) -> dict[Size, str]:
    """The sizes that the shapes tell, each with how, in an order in which they can be read."""
    tensors = [(name, t) for name, t in printer.used.items() if isinstance(t, Tensor)]
    axes = [(name, place - len(t.axes), extent) for name, t in tensors for place, extent in enumerate(t.shape)]
    axes.sort(key=lambda axis: not isinstance(axis[2], Size))  # a plain n before n + 1
    told: dict[Size, str] = {}
    for _ in range(len(axes) + 1):
        for name, place, extent in axes:
            form = linear_terms(extent) if extent is not sp.oo else None
            unknown = [s for s in form[1] if s not in told] if form else []
            if form and len(unknown) == 1:
                told[unknown[0]] = _solved(printer, f"{name}.shape[{place}]", extent, unknown[0], form[1])
    return told


def _solved(printer: Printer, length: str, extent: sp.Expr, size: Size, terms: dict) -> str:
    """The size from the length of an axis: ``(z.shape[-1] - 1) // 2``."""
    rest = sp.expand(extent - terms[size] * size)
    text = length
    if rest != 0:
        text = f"{length} - {printer.whole(rest).at_least(1)}"
    if terms[size] == 1:
        return text
    return f"({text}) // {terms[size]}"


def size_lines(printer: Printer) -> list[str]:
    """``n = z.shape[-1]`` for every size in use."""
    wanted = {thing for thing in printer.used.values() if isinstance(thing, Size)}
    told = told_sizes(printer)
    needed = set(wanted)
    for size in reversed(list(told)):
        if size in needed:
            needed |= {s for s in told if s is not size and _mentions(told[size], printer.names.argument(s))}
    return [f"{printer.names.argument(size)} = {how}" for size, how in told.items() if size in needed]


def _mentions(text: str, name: str) -> bool:
    return re.search(rf"(?<![\w.]){name}(?!\w|\.)", text) is not None


def conversions(printer: Printer) -> list[str]:
    """Numbers made arrays, where the code reads their shape or their dtype."""
    tensor = next((name for name, thing in printer.used.items() if isinstance(thing, Tensor)), None)
    templates = printer.dialect.templates
    if tensor:
        return [f"{name} = {templates['lift'].format(name, tensor)}" for name in sorted(printer.lifted)]
    if printer.dialect.name == "torch":
        return []  # its functions take tensors
    return [f"{name} = {templates['lift_alone'].format(name)}" for name in sorted(printer.lifted)]


def reach_checks(printer: Printer) -> list[str]:
    """A sequence that is too short is refused: a slice of it would be short in silence."""
    lines = []
    for tensor, reaches in printer.reached.items():
        name = printer.names.argument(tensor)
        longest = [r for r in reaches if not any(s != r and provably_nonnegative(s - r) for s in reaches)]
        length = " or ".join(f"{name}.shape[-1] < {printer.whole(r).text}" for r in dict.fromkeys(longest))
        lines += [f"if {length}:", f'    raise ValueError("{name} is too short")']
    return lines
