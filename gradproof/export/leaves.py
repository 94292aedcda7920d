"""What has no parts: numbers, arguments, sizes, indices, Kronecker's delta."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import sympy as sp

from derivations.calculus.operators import Delta
from derivations.calculus.symbols import Index, Scalar, Size
from gradproof.export.code import ATOM, PRODUCT, SUM, Code
from gradproof.export.dialects import LIKE
from gradproof.export.ranges import box, running

if TYPE_CHECKING:
    from gradproof.export.printer import Printer


def rational(printer: Printer, e: sp.Rational) -> Code:
    if e.q == 1:
        return Code(str(e.p), ATOM if e.p >= 0 else SUM)
    return Code(f"{e.p} / {e.q}", PRODUCT if e.p >= 0 else SUM)


def number(printer: Printer, name: str) -> Code:
    printer.used["math"] = None
    return Code(f"math.{name}")


def scalar(printer: Printer, e: Scalar) -> Code:
    if e in printer.previous:
        return printer.previous[e]
    name = printer.names.argument(e)
    printer.used[name] = e
    return Code(name, ATOM, (), "scalar", frozenset([name]))


def index(printer: Printer, e: Index | Size) -> Code:
    return printer.grid(e)


def delta(printer: Printer, e: Delta) -> Code:
    difference = sp.expand(e.args[0] - e.args[1])
    indices = running(difference, printer.fixed)
    if not indices:
        return Code(f"int({printer.whole(e.args[0]).text} == {printer.whole(e.args[1]).text})")
    plain = all(isinstance(a, Index) and a in indices for a in e.args)
    if plain and box(e.args[0], printer.fixed)[0] == box(e.args[1], printer.fixed)[0]:
        axes = printer.union([Code("", axes=indices)])
        sizes = [printer.whole(high - low + 1).text for low, high in (box(k, printer.fixed) for k in axes)]
        shape = sizes[0] if sizes[0] == sizes[1] else ", ".join(sizes)
        return Code(f"{printer.dialect.alias}.eye({shape}{LIKE})", ATOM, axes, "shared")
    same = printer.joined([printer.grid(a, integers=True) for a in e.args], lambda a, b: f"({a.text} == {b.text})")
    return replace(same, text=printer.cast(same.text))
