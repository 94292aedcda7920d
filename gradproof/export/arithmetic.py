"""Sums of terms, products and quotients, powers, and functions entry by entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import sympy as sp

from derivations.calculus.functions import leaky_relu, step
from derivations.calculus.operators import Sum
from derivations.calculus.typesetting.order import is_negative, is_reciprocal, ordered_terms, quotient
from gradproof.export import reductions
from gradproof.export.code import ATOM, PRODUCT, SIGN, SUM, Code, NoSource
from gradproof.export.dialects import OF_NUMBERS
from gradproof.export.leaves import rational
from numeric.evaluate import UNARY
from numeric.stable import XLogY, whole_valued

if TYPE_CHECKING:
    from gradproof.export.printer import Printer

FUNCTIONS = {kind: name for kind, name in UNARY.items() if kind is not step}  # a step is written with its half


def add(printer: Printer, e: sp.Add) -> Code:
    first, *rest = ordered_terms(e)
    total = printer(first)
    for term in rest:
        minus = is_negative(term)
        value = magnitude(printer, term) if minus else printer(term)
        sign, least = ("-", PRODUCT) if minus else ("+", SUM)
        parts = [total, value]
        total = printer.joined(parts, lambda a, b, s=sign, n=least: f"{a.at_least(SUM)} {s} {b.at_least(n)}", SUM)
    return total


def magnitude(printer: Printer, e: sp.Expr) -> Code:
    """A negative term without its sign."""
    if e.is_Rational:
        return rational(printer, abs(e))
    return printer(Sum(-e.body, *e.bound)) if isinstance(e, Sum) else unsigned(printer, e)


def multiply(printer: Printer, e: sp.Expr) -> Code:
    """A product or a quotient, in the order of the mathematics."""
    value = unsigned(printer, e)
    if not quotient(e).negative:
        return value
    return replace(value, text=f"-{value.at_least(PRODUCT)}", binding=SUM, kept="")


def unsigned(printer: Printer, e: sp.Expr) -> Code:
    parts = quotient(reductions.with_means(e))
    value = times(printer, parts.over or [sp.S.One])
    if parts.under:
        below = times(printer, parts.under)
        value = printer.joined([value, below], lambda a, b: f"{a.at_least(PRODUCT)} / {b.at_least(SIGN)}", PRODUCT)
    return printer.product_of([value, *map(printer, parts.after)]) if parts.after else value


def times(printer: Printer, factors: Sequence[sp.Expr]) -> Code:
    return printer.product_of([printer(f) for f in factors])


def power(printer: Printer, e: sp.Pow) -> Code:
    base, exponent = e.args
    if is_reciprocal(e):
        return multiply(printer, e)
    if base is sp.E:
        return printer.function(sp.exp(exponent))
    if exponent == sp.S.Half:
        return applied(printer, "sqrt", printer(base))
    if whole_valued(exponent):
        power = whole_power(printer, exponent)
    else:
        power = Code(str(float(exponent))) if exponent.is_Rational and exponent.q == 2 else printer(exponent)
    return printer.raised(printer(base), power)


def whole_power(printer: Printer, exponent: sp.Expr) -> Code:
    return printer.grid(exponent) if not exponent.is_Integer else rational(printer, exponent)


def applied(printer: Printer, name: str, x: Code) -> Code:
    """A function entry by entry."""
    if x.kind == "number":
        if name not in OF_NUMBERS:
            raise NoSource(f"{name} of a plain number: {x.text}")
        printer.used["math"] = None
        return Code(f"{OF_NUMBERS[name]}({x.text})")
    if printer.dialect.name == "torch":
        printer.lifted |= x.scalars
    printer.helper(name)
    template = printer.dialect.functions[name]
    inside = x.text if "({})" in template or "({}," in template or ", {})" in template else x.at_least(ATOM)
    return replace(x, text=template.format(inside), binding=SUM if template[0] == "-" else ATOM, kept="")


def function(printer: Printer, e: sp.Function) -> Code:
    return applied(printer, FUNCTIONS[type(e)], printer(e.args[0]))


def step_function(printer: Printer, e: step) -> Code:
    """1/2 at 0."""
    x = applied(printer, "sign", printer(e.args[0]))
    return replace(x, text=f"({x.text} + 1) / 2", binding=PRODUCT)


def leaky(printer: Printer, e: leaky_relu) -> Code:
    x = printer(e.args[0])
    if x.kind == "number":
        raise NoSource(f"leaky_relu of a plain number: {x.text}")
    if x.binding < ATOM and not printer.inline:
        x = printer.local("x", x)
    printer.lifted |= x.scalars
    where = f"{printer.dialect.alias}.where"

    def chosen(x: Code, slope: Code) -> str:
        return f"{where}({x.at_least(SUM)} > 0, {x.text}, {slope.at_least(SIGN)} * {x.at_least(SIGN)})"

    return printer.joined([x, printer(e.args[1])], chosen)


def xlogy(printer: Printer, e: XLogY) -> Code:
    printer.helper("xlogy")
    parts = [printer(a) for a in e.args]
    if all(part.kind == "number" for part in parts):
        raise NoSource(f"xlogy of plain numbers: {', '.join(part.text for part in parts)}")
    for part in parts:
        printer.lifted |= part.scalars
    return printer.joined(parts, lambda x, y: printer.dialect.templates["xlogy"].format(x.text, y.text))
