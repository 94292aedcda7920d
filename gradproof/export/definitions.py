"""What the mathematics names becomes a local variable; a recurrence becomes a loop."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import sympy as sp

from derivations.calculus.substitution import canonical, substitute
from derivations.calculus.symbols import Defined, Definition, Index, Recurrence
from gradproof.export.code import ATOM, Code, NoSource
from gradproof.export.derivatives import without_derivatives
from gradproof.export.ranges import box_end, running
from gradproof.export.reading import Axis, read
from numeric.stable import stabilise

if TYPE_CHECKING:
    from gradproof.export.printer import Printer


def stable(e: sp.Expr) -> sp.Expr:
    """Without derivatives, with numbered bound indices, in stable forms."""
    return stabilise(canonical(without_derivatives(e)))  # type: ignore[arg-type]


def defined(printer: Printer, e: Defined) -> Code:
    """The use of a definition: entries of the local variable that holds all of it."""
    head = e.head
    if isinstance(head, Recurrence):
        return _of_sequence(printer, e)
    if not _closed(head):
        return _unfolded(printer, e)
    value = _whole(printer, head)
    axes = [
        Axis(sp.expand(s - k.low), k.extent)
        for k, s in zip(head.parameters, e.subscripts, strict=True)
        if k in value.axes
    ]
    return value if not axes else read(printer, replace(value, axes=()), (), axes)


def _closed(head: Definition) -> bool:
    """Whether the parameters range over boxes that the sizes give, and nothing else runs in the body."""
    ends = [end for axis in head.axes for end in axis]
    free = {s for s in head.free_symbols if isinstance(s, Index)}
    return not free and not any(end in (sp.oo, -sp.oo) or end.atoms(Index) for end in ends)


def _whole(printer: Printer, head: Definition) -> Code:
    """All entries of a definition, in the order of its parameters."""
    if head not in printer.known:
        with printer.within() as inside:
            inside.order = list(head.parameters)
            value = inside.sorted(inside(stable(head.body)))
        printer.known.update(inside.known)
        if printer.inline:
            raise NoSource(f"{head.name} within a sum over whole numbers")
        printer.known[head] = printer.local(head.name, value)
    return printer.known[head]


def _unfolded(printer: Printer, e: Defined) -> Code:
    """The body at these subscripts, as a local variable of its own where that is possible."""
    if e not in printer.known:
        value = printer(stable(e.unfolded))
        if printer.inline or value.text.isidentifier():
            return value
        printer.known[e] = printer.local(e.head.name, value)
    return printer.known[e]


def _of_sequence(printer: Printer, e: Defined) -> Code:
    """m[t] for one t: the steps are taken one by one; for several t they are kept."""
    head: Recurrence = e.head  # type: ignore[assignment]
    (position,) = e.subscripts
    last = box_end(position, True, printer.fixed)
    if running(position, printer.fixed):
        value = _steps(printer, head, last, keep=True)
        return read(
            printer, replace(value, axes=()), (), [Axis(sp.expand(position - head.first), last - head.first + 1)]
        )
    return _steps(printer, head, last, keep=False)


def _steps(printer: Printer, head: Recurrence, last: sp.Expr, keep: bool) -> Code:
    key = (head, last, keep)
    if key in printer.known:
        return printer.known[key]
    if printer.inline:
        raise NoSource(f"{head.name} within a sum over whole numbers")
    start = printer(stable(head.start))
    if start.axes:
        raise NoSource(f"{head.name} starts from an array")
    if keep:
        start = _as_array(printer, start)
    now = printer.local(head.name, start)
    every = ""
    if keep:
        every = printer.names.fresh(f"{head.name}s")
        printer.emit(f"{every} = [{now.text}]")
    t = printer.names.fresh(head.parameter.name)
    first, stop = printer.whole(head.parameter.low), printer.whole(last + 1)  # type: ignore[arg-type]
    printer.emit(f"for {t} in range({first.text}, {stop.text}):")
    bounded = Index(head.parameter.name, head.parameter.low, last)
    step = _step(printer, head, bounded, t, now)
    if step.axes:
        raise NoSource(f"{head.name} is a sequence of arrays")
    if keep:
        printer.emit(f"    {every}.append({now.text})")
        text = printer.dialect.templates["stack"].format(every)
        value = Code(printer.names.fresh(f"all_{head.name}"), ATOM, (head.parameter,), "array")
        printer.emit(f"{value.text} = {text}")
    else:
        value = replace(now, kind="array" if "array" in (now.kind, step.kind) else step.kind, scalars=step.scalars)
    printer.known[key] = value
    return value


def _as_array(printer: Printer, start: Code) -> Code:
    """The first value as an array, to be stacked with those that follow."""
    printer.lifted |= start.scalars
    if start.kind != "number":
        return start
    return Code(printer.dialect.templates["constant"].format(start.text), kind="shared")


def _step(printer: Printer, head: Recurrence, t: Index, name: str, now: Code) -> Code:
    body = substitute(head.step, {head.parameter: t})
    with printer.within(
        indent=printer.indent + "    ",
        fixed={**printer.fixed, t: name},
        previous={**printer.previous, head.previous: replace(now, kind="array", scalars=frozenset())},
    ) as inside:
        step = inside(stable(body))  # type: ignore[arg-type]
        inside.emit(f"{now.text} = {step.text}")
    return step
