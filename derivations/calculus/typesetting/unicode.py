"""One line of Unicode for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from derivations.calculus.affine import linear_terms
from derivations.calculus.operators import Binder
from derivations.calculus.symbols import Index, Size
from derivations.calculus.typesetting.layout import ATOMS, POWERS, PREFIXES, Layout
from derivations.calculus.typesetting.names import SUBSCRIPTS, SUPERSCRIPTS, has_subscript, is_letter, text_name
from derivations.calculus.typesetting.ranges import letters_clash
from derivations.proof.statement import Hypothesis, expressions

CALLED = {"gamma": "Γ", "loggamma": "logΓ", "digamma": "ψ", "ellipk": "ellipk", "ellipe": "ellipe", "erfinv": "erf⁻¹"}
TEXT_FUNCTIONS = {"sigmoid": "σ", "Max": "max", "Min": "min"}


class Text(Layout):
    """``ranges`` writes every range out; without it those over the whole of 1..n stay away where no letter has two."""

    glyph, times, minus, partial, sigmoid, sum, opening = 1, "·", "−", "∂", "σ", "Σ", "("
    called = CALLED

    def __init__(self, ranges: bool = False):
        super().__init__()
        self.ranges = ranges

    def doprint(self, expr) -> str:
        self.ranges = self.ranges or letters_clash([expr])
        return super().doprint(expr)

    def statement(self, thing) -> str:
        relation = thing.relation if isinstance(thing, Hypothesis) else thing
        self.ranges = self.ranges or letters_clash(expressions(relation))
        return super().statement(thing)

    def name(self, name: str) -> str:
        return text_name(name)

    def parentheses(self, inner: str) -> str:
        return f"({inner})"

    def words(self, words: str) -> str:
        return words

    def fraction(self, over, under, alone) -> str:
        top = self.wrap(over[0], POWERS) if len(over) == 1 else self.product(over)
        bottom = self.wrap(under[0], POWERS) if len(under) == 1 else self.parentheses(self.product(under))
        return f"{top}/{bottom}" if alone else f"({top}/{bottom})"

    def raised(self, base: str, exponent: sp.Expr) -> str:
        return base + (self.small(exponent, SUPERSCRIPTS) or f"^({self._print(exponent)})")

    def root(self, radicand: sp.Expr) -> str:
        return f"√{self.wrap(radicand, ATOMS)}"

    def small(self, e: sp.Expr, table: dict[int, int]) -> str | None:
        """``t − k`` as ₜ₋ₖ; None where a letter has no small form or where several letters make one name."""
        plain = is_letter(e) or linear_terms(e) is not None
        if not plain or not all(map(is_letter, e.free_symbols)):
            return None
        line = self._print(e).replace(" ", "")
        return line.translate(table) if all(ord(letter) in table for letter in line) else None

    def subscripted(self, name: str, subscripts: Sequence[sp.Expr]) -> str:
        if not subscripts:
            return self.name(name)
        letters = all(map(is_letter, subscripts))
        small = [self.small(s, SUBSCRIPTS) for s in subscripts]
        if all(small) and (letters or len(small) == 1) and not has_subscript(name):
            return self.name(name) + "".join(map(str, small))
        return f"{self.name(name)}[{','.join(map(self.close, subscripts))}]"

    def close(self, e: sp.Expr) -> str:
        """Without spaces, to stand in brackets: T+1."""
        return self._print(e).replace(" ", "")

    def derivative(self, over: str, under: list[str]) -> str:
        return f"{over}/{under[0]}" if len(under) == 1 else f"{over}/({' '.join(under)})"

    def over_range(self, sign: str, e: Binder) -> str:
        return " ".join([*(sign + self.range(k) for k in e.bound), self.wrap(e.body, PREFIXES)])

    def range(self, k: Index) -> str:
        letter = self.small(k, SUBSCRIPTS)
        if is_whole(k) and not self.ranges:
            return letter or f"[{self.close(k)}]"
        low, high = self.small(k.low, SUBSCRIPTS), self.small(k.high, SUPERSCRIPTS)
        if letter and low and high:
            return f"{letter}₌{low}{high}"
        return f"[{self.close(k)}={self.close(k.low)}..{self.close(k.high)}]"

    def _print_Product(self, e) -> str:
        return self.over_range("∏", e)

    def _print_Expectation(self, e) -> str:
        return f"𝔼[{self._print(e.function)}]"

    def _print_Limit(self, e) -> str:
        return f"lim {self._print(e.variable)}→∞ {self.wrap(e.function, PREFIXES)}"

    def _print_Maximum(self, e) -> str:
        return self.over_range("max", e)

    def _print_LimitAt(self, e) -> str:
        side = {1: "⁺", -1: "⁻", 0: ""}[e.side]
        point = self.wrap(e.point, ATOMS).replace(" ", "") if side else self.close(e.point)
        return f"lim {self._print(e.variable)}→{point}{side} {self.wrap(e.function, PREFIXES)}"

    def _print_Integral(self, e) -> str:
        low, high = self.small(e.low, SUBSCRIPTS), self.small(e.high, SUPERSCRIPTS)
        ends = f"{low}{high}" if low and high else f"[{self.close(e.low)}..{self.close(e.high)}]"
        return f"∫{ends} {self.wrap(e.function, PREFIXES)} d{self._print(e.variable)}"

    def _print_cbrt(self, e) -> str:
        return f"∛{self.wrap(e.args[0], ATOMS)}"

    def _print_polygamma(self, e) -> str:
        order = self.small(e.args[0], SUPERSCRIPTS)
        return self.call(f"ψ⁽{order}⁾" if order else f"ψ^({self._print(e.args[0])})", e.args[1])

    def _print_Abs(self, e) -> str:
        return f"|{self._print(e.args[0])}|"

    def _print_Function(self, e) -> str:
        called = type(e).__name__
        return f"{TEXT_FUNCTIONS.get(called, called)}({', '.join(map(self._print, e.args))})"

    def _print_Infinity(self, e) -> str:
        return "∞"

    def _print_NegativeInfinity(self, e) -> str:
        return "−∞"

    def _print_Pi(self, e) -> str:
        return "π"

    def _print_Exp1(self, e) -> str:
        return "e"


def is_whole(k: Index) -> bool:
    """Whether an index runs over all of 1..n for a size n."""
    return k.low == 1 and isinstance(k.high, Size)
