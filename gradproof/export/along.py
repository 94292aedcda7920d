"""Softmax and its kin along an index, expectations, and values repeated along axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import sympy as sp

from derivations.calculus.operators import Expectation
from derivations.calculus.symbols import Index
from gradproof.export.code import ATOM, OUTCOME, PRODUCT, SIGN, SUM, Code, NoSource
from gradproof.export.dialects import LIKE
from gradproof.export.ranges import depends
from gradproof.export.reading import Axis, read
from gradproof.export.reductions import count, reduced
from numeric.stable import LogSoftmax, LogSumExp, Softmax

if TYPE_CHECKING:
    from gradproof.export.printer import Printer


def _along(printer: Printer, body: sp.Expr, k: Index) -> tuple[Code, int]:
    """The body with the axis of k, and where that axis is."""
    if depends(k, printer.fixed):
        raise NoSource(f"a softmax over {k}, whose range {k.low}..{k.high} depends on another index")
    printer.bind([k])
    value = printer.sorted(with_axes(printer, printer(body), (k,)))
    if value.kind == "scalar":
        raise NoSource("a softmax of a number")
    return value, value.axes.index(k) - len(value.axes)


def softmax(printer: Printer, e: Softmax | LogSoftmax) -> Code:
    name = "softmax" if isinstance(e, Softmax) else "log_softmax"
    value, place = _along(printer, e.body, e.index)
    printer.helper(name)
    text = printer.dialect.templates[name].format(value.text, place)
    if e.at in value.axes and e.at != e.index:
        raise NoSource(f"a softmax read along an index that it depends on: {e.at}")
    binding = SUM if " - " in text.split("(")[0] else ATOM
    everything = replace(value, text=text, binding=binding, kept="")
    last = printer.sorted(everything)
    if last.axes[-1] != e.index:
        raise NoSource(f"a softmax along {e.index} within other axes")
    extent = e.index.extent
    at = read(printer, replace(last, axes=()), last.axes[:-1], [Axis(sp.expand(e.at - e.index.low), extent)])
    return replace(at, binding=binding if at.text == text else ATOM)


def logsumexp(printer: Printer, e: LogSumExp) -> Code:
    value, place = _along(printer, e.body, e.args[1])  # type: ignore[arg-type]
    text = printer.dialect.templates["logsumexp"].format(value.text, place)
    left = tuple(axis for axis in value.axes if axis != e.args[1])
    return Code(text, ATOM, left, value.kind)


def expectation(printer: Printer, e: Expectation) -> Code:
    """The mean over the outcomes of what is random in it."""
    value = printer(e.function)
    return reduced(printer, value, "mean", [OUTCOME]) if OUTCOME in value.axes else value


def with_axes(printer: Printer, value: Code, axes: Sequence) -> Code:
    """The value repeated along the axes that it lacks."""
    missing = tuple(axis for axis in axes if axis not in value.axes)
    if not missing:
        return value
    sizes = [count(printer, k).text for k in missing]
    ones = Code(f"{printer.dialect.alias}.ones({_shape(sizes)}{LIKE})", ATOM, missing, "shared")
    return printer.joined([value, ones], lambda a, b: f"{a.at_least(PRODUCT)} * {b.at_least(SIGN)}", PRODUCT)


def _shape(sizes: Sequence[str]) -> str:
    return sizes[0] if len(sizes) == 1 else f"({', '.join(sizes)})"
