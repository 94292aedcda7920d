"""Entries of arrays at subscripts: whole axes, slices, flips, and gathers where nothing simpler is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sympy as sp

from derivations.calculus.affine import linear_terms, provably_nonnegative
from derivations.calculus.symbols import Entry, Index, Tensor
from gradproof.export.code import ATOM, OUTCOME, Code, NoSource
from gradproof.export.ranges import box, box_end, running

if TYPE_CHECKING:
    from gradproof.export.printer import Printer


@dataclass(frozen=True)
class Axis:
    """One axis of an array: where it is read, in numbers from 0, and how long it is (oo for a sequence)."""

    place: sp.Expr
    extent: sp.Expr


def entry(printer: Printer, e: Entry) -> Code:
    """``z[i]``: the entries of an argument; 0 outside of one that is padded."""
    tensor = e.tensor
    name = printer.names.argument(tensor)
    printer.used[name] = tensor
    axes = [Axis(sp.expand(s - low), high - low + 1) for s, (low, high) in zip(e.subscripts, tensor.axes, strict=True)]
    front = (OUTCOME,) if tensor.random else ()
    for axis in axes:
        if axis.extent is sp.oo:
            _note_reach(printer, tensor, axis.place)
    return read(printer, Code(name, ATOM, (), "array"), front, axes, tensor.padded)


def _note_reach(printer: Printer, tensor: Tensor, place: sp.Expr) -> None:
    """How many entries of a sequence are read."""
    last = box_end(place, True, ())
    printer.reached.setdefault(tensor, []).append(sp.expand(last + 1))


def read(printer: Printer, array: Code, front: tuple, axes: Sequence[Axis], padded: bool = False) -> Code:
    """The array at the places of its axes, which stand behind those in ``front``."""
    indices = [running(axis.place, printer.fixed) for axis in axes]
    once = all(len(own) <= 1 for own in indices) and len(sum(indices, ())) == len(set(sum(indices, ())))
    if once and all(_contiguous(printer, axis, own) for axis, own in zip(axes, indices, strict=True)):
        return _sliced(printer, array, front, axes, indices)
    return _gathered(printer, array, front, axes, indices, padded)


def _contiguous(printer: Printer, axis: Axis, own: tuple[Index, ...]) -> bool:
    """Whether the places are one run of entries, forwards or backwards, that never leaves the axis."""
    steps = (linear_terms(axis.place) or (0, {}))[1]
    return all(abs(steps[k]) == 1 for k in own) and _inside(printer, axis)


def _inside(printer: Printer, axis: Axis) -> bool:
    low, high = (box_end(axis.place, upper, printer.fixed) for upper in (False, True))
    return provably_nonnegative(low) and (axis.extent is sp.oo or provably_nonnegative(axis.extent - 1 - high))


def _sliced(printer: Printer, array: Code, front: tuple, axes: Sequence[Axis], indices) -> Code:
    items, flipped, kept = [], [], []
    for axis, own in zip(axes, indices, strict=True):
        if not own:
            items.append(printer.whole(axis.place).text)
            continue
        (k,) = own
        box(k, printer.fixed)  # a range that may end before it begins is no slice
        kept.append(k)
        first, last = (box_end(axis.place, upper, printer.fixed) for upper in (False, True))
        items.append(_slice(printer, first, last + 1, axis.extent))
        if linear_terms(axis.place)[1][k] < 0:  # type: ignore[index]
            flipped.append(k)
    text = array.at_least(ATOM)
    if set(items) - {":"}:
        text += f"[{', '.join(['...', *items])}]"
    if flipped:
        places = [kept.index(k) - len(kept) for k in flipped]
        text = f"{printer.dialect.alias}.flip({text}, ({', '.join(map(str, places))},))"
    return Code(text, ATOM, (*front, *kept), array.kind)


def _slice(printer: Printer, first: sp.Expr, stop: sp.Expr, extent: sp.Expr) -> str:
    start = "" if first == 0 else printer.whole(first).text
    end = "" if extent is not sp.oo and sp.expand(stop - extent) == 0 else printer.whole(stop).text
    return f"{start}:{end}"


def _gathered(printer: Printer, array: Code, front: tuple, axes: Sequence[Axis], indices, padded: bool) -> Code:
    """Arrays of whole numbers as subscripts; those that leave the axis are moved inside, and read as 0 if padded."""
    places = [printer.grid(axis.place, integers=True) for axis in axes]
    together = printer.union(places)
    texts, masks = [], []
    for axis, place in zip(axes, places, strict=True):
        extent = _extent(printer, array, axis, len(axes) - axes.index(axis))
        text = printer.aligned(place, together)
        if not _inside(printer, axis):
            clipped = f"min(max({text.text}, 0), {extent} - 1)"
            if place.axes:
                clipped = printer.dialect.templates["clip"].format(text.text, f"{extent} - 1")
            if padded:
                masks.append(f"(0 <= {text.text}) & ({text.text} < {extent})")
            texts.append(clipped)
        else:
            texts.append(text.text)
    value = Code(f"{array.at_least(ATOM)}[{', '.join(['...', *texts])}]", ATOM, (*front, *together), array.kind)
    if not masks:
        return value
    mask = " & ".join(masks) if len(masks) == 1 else " & ".join(f"({m})" for m in masks)
    if not together:
        return Code(
            f"({value.text} if {mask.replace(' & ', ' and ')} else 0 * {value.text})", ATOM, value.axes, "array"
        )
    return Code(f"{printer.dialect.alias}.where({mask}, {value.text}, 0)", ATOM, value.axes, value.kind)


def _extent(printer: Printer, array: Code, axis: Axis, from_behind: int) -> str:
    if axis.extent is not sp.oo:
        return printer.whole(axis.extent).at_least(1)
    if array.binding < ATOM:
        raise NoSource(f"an entry of {array.text}, which has no end")
    return f"{array.text}.shape[-{from_behind}]"
