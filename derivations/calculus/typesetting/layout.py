"""The layout that both printers share: products, quotients, sums, powers, derivatives, statements.

Each printer supplies its glyphs. Parentheses stand where the grammar needs them: a sum or product over an index, a
limit and the operator of a long derivative reach over the factors to their right and end at + or −.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import sympy as sp
from sympy.printing.printer import Printer

from derivations.calculus.functions import cbrt
from derivations.calculus.operators import Binder, D, Integral, Limit, LimitAt
from derivations.calculus.symbols import Defined, Entry, Index
from derivations.calculus.typesetting.names import is_decorated
from derivations.calculus.typesetting.order import is_negative, is_reciprocal, ordered_terms, quotient
from derivations.proof.statement import And, Hypothesis, Iff, Relation, Statement

SUMS, PREFIXES, PRODUCTS, POWERS, ATOMS = range(5)  # how tightly an expression binds; a prefix reaches to its right
OPERATORS = {"=": ("=", "="), "<": ("<", "<"), "<=": (r"\le", "≤"), "!=": (r"\ne", "≠")}
BY_ORDER = {"besselj": "J", "bessely": "Y", "besseli": "I", "besselk": "K", "expint": "E"}
IFF = (r"\iff", "⇔")


class Layout(Printer, ABC):
    """Products, quotients, sums, powers and derivatives in terms of a few glyphs that each printer supplies."""

    glyph: int  # which of a pair of glyphs: 0 for LaTeX, 1 for Unicode
    times: str  # written only where juxtaposition would be misread
    minus: str
    partial: str
    sigmoid: str
    sum: str
    opening: str  # the left parenthesis
    called: dict[str, str]  # functions with a letter of their own

    @abstractmethod
    def name(self, name: str) -> str: ...

    @abstractmethod
    def parentheses(self, inner: str) -> str: ...

    @abstractmethod
    def fraction(self, over: Sequence[sp.Expr], under: Sequence[sp.Expr], alone: bool) -> str: ...

    @abstractmethod
    def raised(self, base: str, exponent: sp.Expr) -> str: ...

    @abstractmethod
    def subscripted(self, name: str, subscripts: Sequence[sp.Expr]) -> str: ...

    @abstractmethod
    def derivative(self, over: str, under: list[str]) -> str: ...

    def binding(self, e: sp.Expr) -> int:
        if isinstance(e, sp.Add) or is_negative(e) or e is sp.S.NegativeInfinity:
            return SUMS
        if isinstance(e, (Binder, Limit, LimitAt, Integral, D)):
            return PREFIXES
        if isinstance(e, sp.Mul) or (e.is_Rational and not e.is_Integer) or is_reciprocal(e):
            return PRODUCTS
        return POWERS if isinstance(e, (sp.Pow, cbrt)) or is_decorated(e) else ATOMS

    def wrap(self, e: sp.Expr, at_least: int) -> str:
        return self.parentheses(self._print(e)) if self.binding(e) < at_least else self._print(e)

    def product(self, factors: Sequence[sp.Expr]) -> str:
        """A product, or its only factor, as it stands in a sum."""
        return self.wrap(factors[0], PREFIXES) if len(factors) == 1 else self.beside(self.pieces(factors))

    def pieces(self, factors: Sequence[sp.Expr]) -> list[str]:
        """Each factor, in parentheses unless it is a power or an atom; a last one may reach to the right."""
        *front, last = factors
        chain = isinstance(last, D) and any(isinstance(factor, D) for factor in front)
        reach = PREFIXES if self.binding(last) == PREFIXES and not chain else POWERS
        return [*(self.wrap(factor, POWERS) for factor in front), self.wrap(last, reach)]

    def beside(self, pieces: list[str]) -> str:
        line = pieces[0]
        for piece in pieces[1:]:
            line += self.gap(line, piece) + piece
        return line

    def gap(self, left: str, right: str) -> str:
        """Juxtaposition, but 3 · 2ᵏ and not 3 2ᵏ, and σ · (a + b) where σ is a number and not the sigmoid."""
        call = left.endswith((self.sigmoid, *self.called.values())) and right.startswith(self.opening)
        return f" {self.times} " if call or right[0].isdigit() else " "

    def magnitude(self, e: sp.Expr) -> str:
        """The expression without its leading sign."""
        q = quotient(e)
        if not q.under:
            return self.product(q.over or (sp.S.One,))
        fraction = self.fraction(q.over or (sp.S.One,), q.under, alone=not q.after)
        return self.beside([fraction, *self.pieces(q.after)]) if q.after else fraction

    def _print_Mul(self, e) -> str:
        return (self.minus if is_negative(e) else "") + self.magnitude(e)

    _print_Rational = _print_Half = _print_Mul

    def _print_Integer(self, e) -> str:
        return f"{self.minus if e < 0 else ''}{abs(int(e))}"

    _print_Zero = _print_One = _print_NegativeOne = _print_Integer

    def _print_Add(self, e) -> str:
        first, *rest = ordered_terms(e)
        line = self._print(first) if is_negative(first) else self.magnitude(first)
        for term in rest:
            line += f" {self.minus if is_negative(term) else '+'} {self.magnitude(term)}"
        return line

    def _print_Pow(self, e) -> str:
        if is_reciprocal(e):
            return self.magnitude(e)
        return self.root(e.base) if e.exp == sp.S.Half else self.raised(self.wrap(e.base, ATOMS), e.exp)

    def _print_Sum(self, e) -> str:
        return self._print_Mul(e) if is_negative(e) else self.over_range(self.sum, e)

    def call(self, name: str, *arguments: sp.Expr) -> str:
        return name + self.parentheses(", ".join(map(self._print, arguments)))

    def _with_order(self, e) -> str:
        """A Bessel function or an exponential integral, the order as a subscript: J₀(x)."""
        order, x = e.args
        return self.call(self.subscripted(BY_ORDER[type(e).__name__], (order,)), x)

    _print_besselj = _print_bessely = _print_besseli = _print_besselk = _print_expint = _with_order

    def _letter(self, e) -> str:
        return self.call(self.called[type(e).__name__], *e.args)

    _print_gamma = _print_loggamma = _print_digamma = _print_ellipk = _print_ellipe = _print_erfinv = _letter

    @abstractmethod
    def over_range(self, sign: str, e: Binder) -> str: ...

    @abstractmethod
    def root(self, radicand: sp.Expr) -> str: ...

    def _print_Symbol(self, e) -> str:
        return self.name(e.name)

    _print_Tensor = _print_Definition = _print_Recurrence = _print_Symbol

    def _print_Entry(self, e) -> str:
        return self.subscripted(e.tensor.name, e.subscripts)

    def _print_Defined(self, e) -> str:
        return self.subscripted(e.head.name, e.subscripts)

    def _print_Delta(self, e) -> str:
        return self.subscripted("delta", e.args)

    def _print_D(self, e) -> str:
        function, variables = all_derivatives(e)
        order = len(variables)
        over = self.partial if order == 1 else self.raised(self.partial, sp.Integer(order))
        if len(set(variables)) == 1 and order > 1:
            under = [self._beside_partial(self.raised(self.wrap(variables[0], ATOMS), sp.Integer(order)))]
        else:
            under = [self._beside_partial(self._print(x)) for x in variables]
        if is_short(function):
            return self.derivative(over + self._after_partial(self._print(function)), under)
        return f"{self.derivative(over, under)} {self.wrap(function, ATOMS)}"

    def _beside_partial(self, variable: str) -> str:
        return self.partial + self._after_partial(variable)

    def _after_partial(self, name: str) -> str:
        return name if self.glyph else f" {name}"

    # statements

    def statement(self, thing: Statement | Hypothesis) -> str:
        if isinstance(thing, Hypothesis):
            return self.hypothesis(thing.relation)
        if isinstance(thing, Relation):
            return self.chain([thing])
        if isinstance(thing, Iff):
            return f"{self.statement(thing.left)} {IFF[self.glyph]} {self.statement(thing.right)}"
        return self.words(" and ").join(map(self.conjunct, _chains(thing)))

    def conjunct(self, part: list[Relation] | Iff) -> str:
        return self.parentheses(self.statement(part)) if isinstance(part, Iff) else self.chain(part)

    def chain(self, links: list[Relation]) -> str:
        """``0 < s ≤ 1/4`` for relations that share their middle."""
        line = self._print(links[0].left)
        for link in links:
            line += f" {OPERATORS[link.operator][self.glyph]} {self._print(link.right)}"
        return line

    def hypothesis(self, relation: Relation) -> str:
        free = relation.left.free_symbols | relation.right.free_symbols
        over = sorted((k for k in free if isinstance(k, Index)), key=str)
        line = self.words("if ") + self.chain([relation])
        return line + (self.words(" for all ") + ", ".join(map(self._print, over)) if over else "")

    @abstractmethod
    def words(self, words: str) -> str: ...


def is_short(function: sp.Expr) -> bool:
    return isinstance(function, (sp.Symbol, Entry, Defined))


def all_derivatives(e: sp.Expr) -> tuple[sp.Expr, list[sp.Expr]]:
    """The function and the variables of a derivative of any order, the last differentiation first."""
    variables = []
    while isinstance(e, D):
        variables.append(e.variable)
        e = e.function
    return e, variables


def _chains(thing: And) -> list[list[Relation] | Iff]:
    """The parts, with ``a < b`` and ``b <= c`` that follow each other taken together."""
    parts: list[list[Relation] | Iff] = []
    for part in thing.parts:
        if isinstance(part, Iff):
            parts.append(part)
        elif parts and isinstance(parts[-1], list) and _continues(parts[-1][-1], part):
            parts[-1].append(part)
        else:
            parts.append([part])
    return parts


def _continues(link: Relation, following: Relation) -> bool:
    return link.right == following.left and "!=" not in (link.operator, following.operator)
