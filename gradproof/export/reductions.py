"""Sums, products and means along indices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sympy as sp

from derivations.calculus.operators import Product, Sum
from derivations.calculus.substitution import named_objects
from derivations.calculus.symbols import Index, Scalar, Tensor
from derivations.calculus.typesetting.order import quotient
from gradproof.export.code import ATOM, PRODUCT, SIGN, SUM, Code, NoSource
from gradproof.export.ranges import box, depends

if TYPE_CHECKING:
    from gradproof.export.printer import Printer

EINSUM = "ijklpqrstuvwabcdefgh"


class Mean(sp.Expr):
    """``(body, k)``: the average of the body over the range of k. Exists only while code is written."""

    is_commutative = True
    is_real = True


def with_means(e: sp.Expr) -> sp.Expr:
    """``sum_k f / n`` as a mean, when k takes n values."""
    if not isinstance(e, sp.Mul):
        return e
    below = quotient(e).under
    for factor in e.args:
        if not isinstance(factor, Sum) or len(factor.bound) != 1:
            continue
        (k,) = factor.bound
        if k.extent in below and not k.extent.is_number and k in factor.body.free_symbols:
            return e / factor * k.extent * Mean(factor.body, k)
    return e


def mean(printer: Printer, e: Mean) -> Code:
    body, k = e.args
    whole = Sum(body, k)  # type: ignore[arg-type]
    if depends(k, printer.fixed) or _plain(printer, whole):  # type: ignore[arg-type]
        parts = [total(printer, whole), printer.whole(k.extent)]  # type: ignore[union-attr]
        return printer.joined(parts, lambda a, b: f"{a.at_least(PRODUCT)} / {b.at_least(SIGN)}", PRODUCT)
    printer.bind([k])
    value = printer(body)  # type: ignore[arg-type]
    return reduced(printer, value, "mean", [k]) if k in value.axes else value


def total(printer: Printer, e: Sum) -> Code:
    """A sum; what does not vary with its indices leaves it."""
    if _plain(printer, e):
        return _python_loop(printer, e, "sum")
    printer.bind(e.bound)
    if any(depends(k, printer.fixed) for k in e.bound):
        return reduced(printer, masked(printer, e.body, e.bound, 0), "sum", e.bound)
    outer, inner, missing = _parts(e)
    counts = [count(printer, k) for k in missing]
    value = _contracted(printer, inner, [k for k in e.bound if k not in missing]) if inner != 1 else Code("1")
    if counts:
        value = printer.product_of([*counts, value]) if inner != 1 else printer.product_of(counts)
    if outer == 1:
        return value
    sign, outer = (True, -outer) if quotient(outer).negative else (False, outer)
    factor = printer(outer)
    product = printer.product_of([factor, value]) if outer != 1 else value
    return replace(product, text=f"-{product.at_least(PRODUCT)}", binding=SUM, kept="") if sign else product


def _parts(e: Sum) -> tuple[sp.Expr, sp.Expr, list[Index]]:
    """The factors without the indices of the sum, those with, and the indices that none of these has."""
    factors = sp.Mul.make_args(e.body)
    bound = set(e.bound)
    outer = [f for f in factors if not f.free_symbols & bound]
    inner = sp.Mul(*(f for f in factors if f not in outer))
    return sp.Mul(*outer), inner, [k for k in e.bound if k not in inner.free_symbols]


def count(printer: Printer, k: Index) -> Code:
    low, high = box(k, printer.fixed)
    return printer.whole(high - low + 1)


def _contracted(printer: Printer, body: sp.Expr, bound: Sequence[Index]) -> Code:
    """Sum over the indices: by einsum where a product of arrays keeps other axes, else by ``.sum``."""
    parts = quotient(body)
    if not parts.under and not parts.negative and len(parts.over) > 1:
        values = [printer(f) for f in (*parts.over, *parts.after)]
        axes = printer.union(values)
        if set(axes) - set(bound) and all(v.kind in ("array", "shared") and v.axes for v in values):
            return _einsum(printer, values, axes, bound)
        value = printer.product_of(values)
    else:
        value = printer(body)
    missing = [k for k in bound if k not in value.axes]
    summed = reduced(printer, value, "sum", [k for k in bound if k in value.axes])
    return printer.product_of([*(count(printer, k) for k in missing), summed]) if missing else summed


def _einsum(printer: Printer, values: Sequence[Code], axes: tuple, bound: Sequence[Index]) -> Code:
    letters = dict(zip(axes, EINSUM, strict=False))
    if len(letters) < len(axes):
        raise NoSource("a product of arrays with too many axes")
    kept = tuple(axis for axis in axes if axis not in bound)
    inputs = ",".join("..." + "".join(letters[a] for a in v.axes) for v in values)
    formula = f"{inputs}->...{''.join(letters[a] for a in kept)}"
    operands = ", ".join(v.text for v in values)
    return Code(f'{printer.dialect.alias}.einsum("{formula}", {operands})', ATOM, kept, "array")


def reduced(printer: Printer, value: Code, how: str, axes: Sequence) -> Code:
    """The value summed, averaged or multiplied up along some of its axes."""
    if not axes:
        return value
    value = printer.sorted(value)
    places = sorted(value.axes.index(axis) - len(value.axes) for axis in axes)
    where = str(places[0]) if len(places) == 1 else f"({', '.join(map(str, places))})"
    left = tuple(axis for axis in value.axes if axis not in axes)
    text = value.at_least(ATOM)
    kept = printer.dialect.reduce(text, how, where, keep=True) if places == [-1] and not left else ""
    kind = "number" if value.kind == "number" else "array"
    return Code(printer.dialect.reduce(text, how, where), ATOM, left, kind, frozenset(), kept)


def masked(printer: Printer, body: sp.Expr, bound: Sequence[Index], outside: int) -> Code:
    """The body over the whole box of the indices, ``outside`` where one of them is not in its range."""
    mask = mask_of(printer, bound)
    value = printer(body)
    axes = printer.union([mask, value, Code("", axes=tuple(bound))])
    if value.kind in ("number", "scalar"):
        value = printer.product_of([replace(mask, text=printer.cast(mask.at_least(ATOM)), binding=ATOM), value])
        if outside:
            raise NoSource("a product of a number over a range that depends on another index")
        return value
    mask, value = printer.aligned(mask, axes), printer.aligned(value, axes)
    return Code(f"{printer.dialect.alias}.where({mask.text}, {value.text}, {outside})", ATOM, axes, "array")


def mask_of(printer: Printer, bound: Sequence[Index]) -> Code:
    """Where the indices lie in their ranges, as far as these depend on other indices."""
    conditions = []
    for k in bound:
        for end, sign in ((k.low, ">="), (k.high, "<=")):
            if end.free_symbols & set(printer.order):
                parts = [printer.grid(k, integers=True), printer.grid(end, integers=True)]
                conditions.append(printer.joined(parts, lambda a, b, s=sign: f"{a.text} {s} {b.text}", SUM))
    if len(conditions) == 1:
        return conditions[0]
    return printer.joined(conditions, lambda *all_: " & ".join(f"({c.text})" for c in all_), SUM)


def product(printer: Printer, e: Product) -> Code:
    if _plain(printer, e):
        return _python_loop(printer, e, "math.prod")
    printer.bind(e.bound)
    ragged = any(depends(k, printer.fixed) for k in e.bound)
    value = masked(printer, e.body, e.bound, 1) if ragged else printer(e.body)
    for k in reversed(e.bound):
        along = k in value.axes
        value = reduced(printer, value, "prod", [k]) if along else printer.raised(value, count(printer, k))
    return value


def _plain(printer: Printer, e: Any) -> bool:
    """Whether an expression is a number of Python: of sizes, and of indices that are variables of a loop."""
    if any(isinstance(thing, (Tensor, Scalar)) for thing in named_objects(e)):
        return False
    return all(s in printer.fixed for s in e.free_symbols if isinstance(s, Index))


def _python_loop(printer: Printer, e: Any, function: str) -> Code:
    """``sum(j for j in range(n))``."""
    if function.startswith("math"):
        printer.used["math"] = None
    loops, fixed = [], dict(printer.fixed)
    letters = set()
    for k in e.bound:
        with printer.within(fixed=dict(fixed)) as outside:
            low, stop = outside.whole(k.low).text, outside.whole(k.high + 1).text
        letter = next(n for n in (printer.names.letter(k), *"jilpqrs") if n not in letters | set(fixed.values()))
        letters.add(letter)
        fixed[k] = letter
        loops.append(f"for {letter} in range({'' if low == '0' else f'{low}, '}{stop})")
    with printer.within(fixed=fixed, inline=True) as inside:
        body = inside(e.body)
    return Code(f"{function}({body.text} {' '.join(loops)})")
