"""LaTeX that KaTeX takes with ``strict: "error"``."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp
from sympy.printing.latex import LatexPrinter

from derivations.calculus.operators import Binder, D
from derivations.calculus.typesetting.layout import ATOMS, POWERS, PREFIXES, Layout, all_derivatives, is_short
from derivations.calculus.typesetting.names import has_subscript, is_letter, latex_name

LATEX_FUNCTIONS = {"sigmoid": r"\sigma", "Max": r"\max", "Min": r"\min"}
CALLED = {"gamma": r"\Gamma", "loggamma": r"\log\Gamma", "digamma": r"\psi", "erfinv": r"\operatorname{erf}^{-1}"}
CALLED |= {"ellipk": r"\operatorname{K}", "ellipe": r"\operatorname{E}"}
LATEX_FUNCTIONS |= {name: f"\\{name}" for name in "log tanh sin cos tan sinh cosh".split()}


class Latex(Layout, LatexPrinter):
    glyph, times, minus, partial = 0, r"\cdot", "-", r"\partial"
    sigmoid, sum, opening = r"\sigma", r"\sum", r"\left("
    called = CALLED

    def name(self, name: str) -> str:
        return latex_name(name)

    def parentheses(self, inner: str) -> str:
        return rf"\left({inner}\right)"

    def gap(self, left: str, right: str) -> str:
        gap = super().gap(left, right)
        return r" \, " if gap == " " and r"\mathrm" in left + right else gap  # LaTeX drops the space after a word

    def words(self, words: str) -> str:
        return rf"\text{{{words}}}"

    def binding(self, e: sp.Expr) -> int:
        if isinstance(e, D):
            return ATOMS if is_short(all_derivatives(e)[0]) else PREFIXES
        return POWERS if isinstance(e, sp.exp) else super().binding(e)

    def fraction(self, over, under, alone) -> str:
        return rf"\frac{{{self.inside(over)}}}{{{self.inside(under)}}}"

    def inside(self, factors: Sequence[sp.Expr]) -> str:
        """A product inside braces: its only factor needs no parentheses."""
        return self._print(factors[0]) if len(factors) == 1 else self.product(factors)

    def raised(self, base: str, exponent: sp.Expr) -> str:
        return f"{base}^{{{self._print(exponent)}}}"

    def root(self, radicand: sp.Expr) -> str:
        return rf"\sqrt{{{self._print(radicand)}}}"

    def subscripted(self, name: str, subscripts: Sequence[sp.Expr]) -> str:
        if not subscripts:
            return self.name(name)
        between = "" if all(map(is_letter, subscripts)) else ","
        base = f"{{{self.name(name)}}}" if has_subscript(name) else self.name(name)
        return f"{base}_{{{between.join(map(self._print, subscripts))}}}"

    def derivative(self, over: str, under: list[str]) -> str:
        below = r" \, ".join(under)
        return rf"\frac{{{over}}}{{{below}}}"

    def over_range(self, sign: str, e: Binder) -> str:
        heads = [rf"{sign}_{{{self._print(k)}={self._print(k.low)}}}^{{{self._print(k.high)}}}" for k in e.bound]
        return " ".join([*heads, self.wrap(e.body, PREFIXES)])

    def _print_Product(self, e) -> str:
        return self.over_range(r"\prod", e)

    def _print_Expectation(self, e) -> str:
        return rf"\mathbb{{E}}\left[{self._print(e.function)}\right]"

    def _print_Limit(self, e) -> str:
        return rf"\lim_{{{self._print(e.variable)}\to\infty}} {self.wrap(e.function, PREFIXES)}"

    def _print_Maximum(self, e) -> str:
        heads = [rf"\max_{{{self._print(k.low)}\le {self._print(k)}\le {self._print(k.high)}}}" for k in e.bound]
        return " ".join([*heads, self.wrap(e.body, PREFIXES)])

    def _print_LimitAt(self, e) -> str:
        side = {1: "^{+}", -1: "^{-}", 0: ""}[e.side]
        point = f"{self.wrap(e.point, ATOMS)}{side}" if side else self._print(e.point)
        return rf"\lim_{{{self._print(e.variable)}\to {point}}} {self.wrap(e.function, PREFIXES)}"

    def _print_Integral(self, e) -> str:
        ends = f"_{{{self._print(e.low)}}}^{{{self._print(e.high)}}}"
        return rf"\int{ends} {self.wrap(e.function, PREFIXES)} \, d{self._print(e.variable)}"

    def _print_cbrt(self, e) -> str:
        return rf"\sqrt[3]{{{self._print(e.args[0])}}}"

    def _print_polygamma(self, e) -> str:
        return self.call(rf"\psi^{{\left({self._print(e.args[0])}\right)}}", e.args[1])

    def _print_exp(self, e) -> str:
        return f"e^{{{self._print(e.args[0])}}}"

    def _print_Abs(self, e) -> str:
        return rf"\left|{self._print(e.args[0])}\right|"

    def _print_Function(self, e) -> str:
        called = type(e).__name__
        name = LATEX_FUNCTIONS.get(called, r"\operatorname{" + called.replace("_", r"\ ") + "}")
        return name + self.parentheses(", ".join(map(self._print, e.args)))

    _print_log = _print_Max = _print_Min = _print_Function
