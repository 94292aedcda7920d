"""Expressions and statements for a reader: LaTeX for the page, one line of Unicode for the terminal.

    latex(D(p[i], z[j]))    \\frac{\\partial p_{i}}{\\partial z_{j}}
    text(D(p[i], z[j]))     ∂pᵢ/∂zⱼ
    domains(statement)      ["n ≥ 1", "z ∈ ℝⁿ"]

Both printers share one layout (what is a fraction, which factor comes first, where parentheses stand) and differ in
their glyphs only. A sum or product over an index reaches over the factors to its right and ends at + or −.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp
from sympy.printing.latex import LatexPrinter
from sympy.printing.printer import Printer

from derivations.calculus.affine import linear_terms
from derivations.calculus.domains import Domain
from derivations.calculus.operators import Binder, D, Delta, Expectation, Limit, Product
from derivations.calculus.substitution import named_objects
from derivations.calculus.symbols import Defined, Definition, Entry, Index, Recurrence, Scalar, Size, Tensor
from derivations.proof.statement import And, Hypothesis, Iff, Relation, Statement, expressions

Printable = sp.Basic | int | Relation | Iff | And | Hypothesis


def latex(thing: Printable) -> str:
    """LaTeX, without delimiters, that KaTeX takes with ``strict: "error"``."""
    return _printed(thing, _Latex())


def text(thing: Printable, *, ranges: bool = False) -> str:
    """One line of Unicode. An index over the whole of 1..n prints no range unless ``ranges`` is set."""
    return _printed(thing, _Text(ranges))


def domains(statement: Statement | sp.Basic) -> list[str]:
    """Where each size, scalar and array of a statement lives, and each free index that is not over all of 1..n."""
    sides = [statement] if isinstance(statement, sp.Basic) else list(expressions(statement))
    found = {thing for side in sides for thing in named_objects(side)}
    found |= {k for side in sides for k in side.free_symbols if isinstance(k, Index) and not _whole(k)}
    kinds = (Size, Index, Scalar, Tensor)
    named = [(kinds.index(type(s)), s.name, _domain(s)) for s in found if isinstance(s, kinds)]
    return list(dict.fromkeys(line for _, _, line in sorted(named)))


# ---- names -----------------------------------------------------------------------------------------------------------

GREEK = dict(
    zip(
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
        "omega Gamma Delta Theta Lambda Xi Pi Phi Psi Omega".split(),
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΦΨΩ",
        strict=True,
    )
)
SPELLINGS = {"eps": "epsilon", "lam": "lambda", "lamda": "lambda"}  # `lambda` itself is a keyword of Python
ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303"}
SQUARES = {"sigma2": "sigma"}  # a variance has a name of its own and is printed as a square

SUBSCRIPTS = str.maketrans("aehijklmnoprstuvx0123456789+−=", "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ₀₁₂₃₄₅₆₇₈₉₊₋₌")
SUPERSCRIPTS = str.maketrans("abcdefghijklmnoprstuvwxyz0123456789+−", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")


def _name_parts(name: str) -> tuple[str, str, str, str]:
    """``xhat1'`` as ("x", "hat", "1", "'"): letter or word, accent, subscript, primes."""
    stem = name.rstrip("'")
    primes = name[len(stem) :]
    split = re.fullmatch(r"([^\W\d_]+)(\d+|_\w+)?", stem)
    word, subscript = (split[1], split[2] or "") if split else (stem, "")
    accent = next((a for a in ACCENTS if word.endswith(a) and len(word) > len(a)), "")
    word = word.removesuffix(accent)
    return SPELLINGS.get(word, word), accent, subscript, primes


def _latex_name(name: str) -> str:
    if name in SQUARES:
        return f"{_latex_name(SQUARES[name])}^{{2}}"
    word, accent, subscript, primes = _name_parts(name)
    letter = f"\\{word}" if word in GREEK else word if len(word) == 1 else _roman(word)
    letter = f"\\{accent}{{{letter}}}" if accent else letter
    small = subscript if subscript.isdigit() else _roman(subscript[1:])
    return letter + primes + (f"_{{{small}}}" if subscript else "")


def _roman(word: str) -> str:
    return "\\mathrm{" + word.replace("_", "\\_") + "}"


def _text_name(name: str) -> str:
    if name in SQUARES:
        return f"{_text_name(SQUARES[name])}²"
    word, accent, subscript, primes = _name_parts(name)
    small = subscript.translate(SUBSCRIPTS) if subscript.isdigit() else subscript
    return GREEK.get(word, word) + ACCENTS.get(accent, "") + primes + small


def _has_subscript(name: str) -> bool:
    return name not in SQUARES and bool(_name_parts(name)[2])


def _is_letter(e) -> bool:
    return isinstance(e, sp.Symbol) and len(e.name) == 1


# ---- what a human writes first ---------------------------------------------------------------------------------------

NUMBER, SYMBOL, COEFFICIENT, ENTRY, DELTA, FUNCTION, BRACKET, DERIVATIVE, PREFIX = range(9)
UNSCALAR = (Entry, Defined, sp.Function, Binder, D, Expectation, Limit)


def _kind(factor: sp.Expr) -> int:
    """The place of a factor in a product, by what it is (or what it is a power of)."""
    base = factor.base if isinstance(factor, sp.Pow) else factor
    if base.is_number and not base.args:
        return NUMBER
    for kind, types in (
        (SYMBOL, sp.Symbol),
        (ENTRY, (Entry, Defined)),
        (DELTA, Delta),
        (DERIVATIVE, D),
        (PREFIX, (Binder, Limit)),
    ):
        if isinstance(base, types):
            return kind
    if not factor.has(*UNSCALAR):
        return COEFFICIENT  # (1 − β) stands before m_t
    return BRACKET if isinstance(base, sp.Add) else FUNCTION


def _factor_key(factor: sp.Expr, others: tuple[sp.Expr, ...]):
    base, kind = factor.base if isinstance(factor, sp.Pow) else factor, _kind(factor)
    within = 0
    if kind == SYMBOL:
        within = 0 if isinstance(base, Size) else 1 if _name_parts(base.name)[0] in GREEK else 2
    elif kind == ENTRY:
        within = -len(base.subscripts)  # a matrix before a vector
    elif kind == DERIVATIVE:
        within = _links_before(base, others)
    return kind, within, str(base), str(factor)


def _links_before(derivative: D, others: tuple[sp.Expr, ...]) -> int:
    """The position in a chain rule: dL/dp is 0 and dp/dz is 1."""
    before = [o for o in others if isinstance(o, D) and o != derivative and o.variable == derivative.function]
    rest = tuple(o for o in others if o not in before)
    return 1 + _links_before(before[0], rest) if before else 0


@dataclass(frozen=True)
class _Quotient:
    """``-over/under * after``, each a product in the order of printing; ``after`` stands to the right of the bar."""

    negative: bool
    over: tuple[sp.Expr, ...]
    under: tuple[sp.Expr, ...]
    after: tuple[sp.Expr, ...]


def _quotient(e: sp.Expr) -> _Quotient:
    coefficient, rest = e.as_coeff_Mul(rational=True)
    over, under = [], []
    for factor in sp.Mul.make_args(rest):
        if _is_reciprocal(factor):
            under.append(sp.Pow(factor.base, -factor.exp))
        elif factor != 1:
            over.append(factor)
    negative, coefficient = coefficient < 0, abs(coefficient)
    over, under = _in_order(over), _in_order(under)
    if coefficient.p != 1:
        over.insert(0, sp.Integer(coefficient.p))
    if coefficient.q != 1:
        under.insert(0, sp.Integer(coefficient.q))
    after = _right_of_the_bar(over, under) if under else []
    over = [factor for factor in over if factor not in after]
    return _Quotient(negative, tuple(over), tuple(under), tuple(after))


def _in_order(factors: list[sp.Expr]) -> list[sp.Expr]:
    return sorted(factors, key=lambda factor: _factor_key(factor, tuple(factors)))


def _is_reciprocal(e: sp.Basic) -> bool:
    return isinstance(e, sp.Pow) and e.exp.is_Rational and bool(e.exp < 0)


def _right_of_the_bar(over: list[sp.Expr], under: list[sp.Expr]) -> list[sp.Expr]:
    """(1/n) Σ x rather than (Σ x)/n, and (γ/s) (x − μ); but a sum over a sum, and a lone bracket, stay a fraction."""
    if len(over) == 1 and (_kind(over[0]) == BRACKET or (isinstance(over[0], Binder) and under[-1].has(Binder))):
        return []
    return [factor for factor in over if _kind(factor) >= BRACKET]


def _ordered_terms(e: sp.Expr) -> list[sp.Expr]:
    """``t − k + 1``, ``1 − σ(z)``, ``σ² + ε``: a positive term first, a constant last only in a polynomial."""
    number = sum((a for a in sp.Add.make_args(e) if a.is_Rational), sp.S.Zero)
    others = sorted((a for a in sp.Add.make_args(e) if not a.is_Rational), key=_term_key)
    lead = next((a for a in others if not _is_negative(a)), None)
    if lead is not None:
        others.remove(lead)
        others.insert(0, lead)
    if number == 0:
        return others
    last = lead is not None and (number < 0 or all(_degree(a) is not None for a in others))
    return [*others, number] if last else [number, *others]


def _term_key(term: sp.Expr):
    is_epsilon = isinstance(term, sp.Symbol) and _name_parts(term.name)[0] == "epsilon"  # the guard in √(σ² + ε)
    return is_epsilon, term.has(Binder), -(_degree(term) or 0), str(term)


def _degree(term: sp.Expr) -> int | None:
    """The total degree of a monomial in symbols and entries; None for what is no monomial."""
    total = 0
    for factor in sp.Mul.make_args(term):
        base, exponent = factor.as_base_exp()
        if factor.is_Rational:
            continue
        if not isinstance(base, (sp.Symbol, Entry, Defined)) or not exponent.is_Integer or exponent < 0:
            return None
        total += int(exponent)
    return total


def _is_negative(e: sp.Expr) -> bool:
    return bool(e.as_coeff_Mul(rational=True)[0] < 0)


# ---- the layout that both printers share -----------------------------------------------------------------------------

SUMS, PREFIXES, PRODUCTS, POWERS, ATOMS = range(5)  # how tightly an expression binds; a prefix reaches to its right
OPERATORS = {"=": ("=", "="), "<": ("<", "<"), "<=": (r"\le", "≤"), "!=": (r"\ne", "≠")}
IFF = (r"\iff", "⇔")


class _Layout(Printer, ABC):
    """Products, quotients, sums, powers and derivatives in terms of a few glyphs that each printer supplies."""

    glyph: int  # which of a pair of glyphs: 0 for LaTeX, 1 for Unicode
    times: str  # written only where juxtaposition would be misread
    minus: str
    partial: str

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
        if isinstance(e, sp.Add) or _is_negative(e) or e is sp.S.NegativeInfinity:
            return SUMS
        if isinstance(e, (Binder, Limit, D)):
            return PREFIXES
        if isinstance(e, sp.Mul) or (e.is_Rational and not e.is_Integer) or _is_reciprocal(e):
            return PRODUCTS
        return POWERS if isinstance(e, sp.Pow) or _is_decorated(e) else ATOMS

    def wrap(self, e: sp.Expr, at_least: int) -> str:
        return self.parentheses(self._print(e)) if self.binding(e) < at_least else self._print(e)

    def product(self, factors: Sequence[sp.Expr]) -> str:
        """A product, or its only factor, as it stands in a sum."""
        return self.wrap(factors[0], PREFIXES) if len(factors) == 1 else self.beside(self.pieces(factors))

    def pieces(self, factors: Sequence[sp.Expr]) -> list[str]:
        """Each factor, in parentheses unless it is a power or an atom; a last one may reach to the right."""
        *front, last = factors
        free = self.binding(last) == PREFIXES and not any(isinstance(factor, D) for factor in front)
        return [*(self.wrap(factor, POWERS) for factor in front), self.wrap(last, PREFIXES if free else POWERS)]

    def beside(self, pieces: list[str]) -> str:
        """Juxtaposition, but 3 · 2ᵏ and not 3 2ᵏ, and σ · (a + b) where σ is a number."""
        line = pieces[0]
        for piece in pieces[1:]:
            call = line.endswith(("\\sigma", "σ")) and piece.startswith(("\\left(", "("))
            line += (f" {self.times} " if call or piece[0].isdigit() else " ") + piece
        return line

    def magnitude(self, e: sp.Expr) -> str:
        """The expression without its leading sign."""
        q = _quotient(e)
        if not q.under:
            return self.product(q.over or (sp.S.One,))
        fraction = self.fraction(q.over or (sp.S.One,), q.under, alone=not q.after)
        return self.beside([fraction, *self.pieces(q.after)]) if q.after else fraction

    def _print_Mul(self, e) -> str:
        return (self.minus if _is_negative(e) else "") + self.magnitude(e)

    _print_Rational = _print_Integer = _print_Zero = _print_One = _print_NegativeOne = _print_Half = _print_Mul

    def _print_Add(self, e) -> str:
        first, *rest = _ordered_terms(e)
        line = self._print(first) if _is_negative(first) else self.magnitude(first)
        for term in rest:
            line += f" {self.minus if _is_negative(term) else '+'} {self.magnitude(term)}"
        return line

    def _print_Pow(self, e) -> str:
        if _is_reciprocal(e):
            return self.magnitude(e)
        return self.root(e.base) if e.exp == sp.S.Half else self.raised(self.wrap(e.base, ATOMS), e.exp)

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
        function, variables = _all_derivatives(e)
        order = len(variables)
        over = self.partial if order == 1 else self.raised(self.partial, sp.Integer(order))
        if len(set(variables)) == 1 and order > 1:
            under = [self._beside_partial(self.raised(self.wrap(variables[0], ATOMS), sp.Integer(order)))]
        else:
            under = [self._beside_partial(self._print(x)) for x in variables]
        if _is_short(function):
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
        parts = [self.chain(part) if isinstance(part, list) else self.statement(part) for part in _chains(thing)]
        if len(parts) > 1:
            grouped = zip(parts, _chains(thing), strict=True)
            parts = [part if isinstance(of, list) else self.parentheses(part) for part, of in grouped]
        return self.words(" and ").join(parts)

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


def _is_decorated(e: sp.Basic) -> bool:
    """Whether a name already has something where an exponent would stand: σ², s'."""
    name = e.tensor.name if isinstance(e, Entry) else e.head.name if isinstance(e, Defined) else getattr(e, "name", "")
    return name in SQUARES or name.endswith("'")


def _is_short(function: sp.Expr) -> bool:
    return isinstance(function, (sp.Symbol, Entry, Defined))


def _all_derivatives(e: sp.Expr) -> tuple[sp.Expr, list[sp.Expr]]:
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


# ---- LaTeX -----------------------------------------------------------------------------------------------------------

LATEX_FUNCTIONS = {"sigmoid": r"\sigma", "Max": r"\max", "Min": r"\min"}
LATEX_FUNCTIONS |= {name: f"\\{name}" for name in "log tanh sin cos tan sinh cosh".split()}


class _Latex(_Layout, LatexPrinter):
    glyph, times, minus, partial = 0, r"\cdot", "-", r"\partial"

    def name(self, name: str) -> str:
        return _latex_name(name)

    def parentheses(self, inner: str) -> str:
        return rf"\left({inner}\right)"

    def words(self, words: str) -> str:
        return rf"\text{{{words}}}"

    def binding(self, e: sp.Expr) -> int:
        if isinstance(e, D):
            return ATOMS if _is_short(_all_derivatives(e)[0]) else PREFIXES
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
        between = "" if all(map(_is_letter, subscripts)) else ","
        base = f"{{{self.name(name)}}}" if _has_subscript(name) else self.name(name)
        return f"{base}_{{{between.join(map(self._print, subscripts))}}}"

    def derivative(self, over: str, under: list[str]) -> str:
        below = r" \, ".join(under)
        return rf"\frac{{{over}}}{{{below}}}"

    def over_range(self, sign: str, e: Binder) -> str:
        heads = [rf"{sign}_{{{self._print(k)}={self._print(k.low)}}}^{{{self._print(k.high)}}}" for k in e.bound]
        return " ".join([*heads, self.wrap(e.body, PREFIXES)])

    def _print_Sum(self, e) -> str:
        return self.over_range(r"\sum", e)

    def _print_Product(self, e) -> str:
        return self.over_range(r"\prod", e)

    def _print_Expectation(self, e) -> str:
        return rf"\mathbb{{E}}\left[{self._print(e.function)}\right]"

    def _print_Limit(self, e) -> str:
        return rf"\lim_{{{self._print(e.variable)}\to\infty}} {self.wrap(e.function, PREFIXES)}"

    def _print_exp(self, e) -> str:
        return f"e^{{{self._print(e.args[0])}}}"

    def _print_Abs(self, e) -> str:
        return rf"\left|{self._print(e.args[0])}\right|"

    def _print_Function(self, e) -> str:
        called = type(e).__name__
        name = LATEX_FUNCTIONS.get(called, r"\operatorname{" + called.replace("_", r"\ ") + "}")
        return name + self.parentheses(", ".join(map(self._print, e.args)))

    _print_log = _print_Max = _print_Min = _print_Function


# ---- Unicode ---------------------------------------------------------------------------------------------------------

TEXT_FUNCTIONS = {"sigmoid": "σ", "Max": "max", "Min": "min"}


class _Text(_Layout):
    glyph, times, minus, partial = 1, "·", "−", "∂"

    def __init__(self, ranges: bool = False):
        super().__init__()
        self.ranges = ranges

    def name(self, name: str) -> str:
        return _text_name(name)

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
        plain = _is_letter(e) or linear_terms(e) is not None
        if not plain or not all(map(_is_letter, e.free_symbols)):
            return None
        line = self._print(e).replace(" ", "")
        return line.translate(table) if all(ord(letter) in table for letter in line) else None

    def subscripted(self, name: str, subscripts: Sequence[sp.Expr]) -> str:
        if not subscripts:
            return self.name(name)
        letters = all(map(_is_letter, subscripts))
        small = [self.small(s, SUBSCRIPTS) for s in subscripts]
        if all(small) and (letters or len(small) == 1) and not _has_subscript(name):
            return self.name(name) + "".join(map(str, small))
        inner = ("" if letters else ",").join(self._print(s).replace(" ", "") for s in subscripts)
        return f"{self.name(name)}_{{{inner}}}"

    def derivative(self, over: str, under: list[str]) -> str:
        return f"{over}/{under[0]}" if len(under) == 1 else f"{over}/({' '.join(under)})"

    def over_range(self, sign: str, e: Binder) -> str:
        return " ".join([*(sign + self.range(k) for k in e.bound), self.wrap(e.body, PREFIXES)])

    def range(self, k: Index) -> str:
        letter = self.small(k, SUBSCRIPTS)
        if _whole(k) and not self.ranges:
            return letter or f"_{{{self._print(k)}}}"
        low, high = self.small(k.low, SUBSCRIPTS), self.small(k.high, SUPERSCRIPTS)
        if letter and low and high:
            return f"{letter}₌{low}{high}"
        return f"_{{{self._print(k)}={self._print(k.low)}}}^{{{self._print(k.high)}}}"

    def _print_Sum(self, e) -> str:
        return self.over_range("Σ", e)

    def _print_Product(self, e) -> str:
        return self.over_range("∏", e)

    def _print_Expectation(self, e) -> str:
        return f"𝔼[{self._print(e.function)}]"

    def _print_Limit(self, e) -> str:
        return f"lim {self._print(e.variable)}→∞ {self.wrap(e.function, PREFIXES)}"

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


def _printed(thing: Printable, printer: _Layout) -> str:
    if isinstance(thing, (Relation, Iff, And, Hypothesis)):
        return printer.statement(thing)
    return printer.doprint(sp.Integer(thing) if isinstance(thing, int) else thing)


def _whole(k: Index) -> bool:
    """Whether an index runs over all of 1..n for a size n."""
    return k.low == 1 and isinstance(k.high, Size)


# ---- domains ---------------------------------------------------------------------------------------------------------


def _domain(s: sp.Basic) -> str:
    """``n ≥ 1``, ``α ∈ (0, 1)``, ``z ∈ ℝⁿ``, ``v₁, v₂, … ∈ ℝ``."""
    if isinstance(s, Size):
        return f"{text(s)} ≥ {s.minimum}"
    if isinstance(s, Index):
        return f"{text(s)} ≥ {text(s.low)}" if s.high is sp.oo else f"{text(s.low)} ≤ {text(s)} ≤ {text(s.high)}"
    if isinstance(s, Scalar):
        return f"{text(s)} {_membership(s.domain)}"
    assert isinstance(s, Tensor)
    notes = (", zero outside" if s.padded else "") + (", random" if s.random else "")
    if any(high is sp.oo for _, high in s.axes):
        ((low, _),) = s.axes
        first = [text(s[low]), text(s[low + 1]), "…"]
        return f"{', '.join(first)} {_membership(s.domain)}{notes}"
    return f"{text(s)} ∈ {_values(s.domain)}{_to_the_shape(s)}{notes}"


def _membership(domain: Domain) -> str:
    below, above = domain.low != -sp.oo, domain.high != sp.oo
    if domain.integer or below == above:
        return f"∈ {_values(domain)}"
    if below:
        return f"{'≥' if domain.low_closed else '>'} {text(domain.low)}"
    return f"{'≤' if domain.high_closed else '<'} {text(domain.high)}"


def _values(domain: Domain) -> str:
    left, right = "[" if domain.low_closed else "(", "]" if domain.high_closed else ")"
    bounds = f"{left}{text(domain.low)}, {text(domain.high)}{right}"
    everything = "ℤ" if domain.integer else "ℝ"
    if (domain.low, domain.high) == (-sp.oo, sp.oo):
        return everything
    return f"(ℤ ∩ {bounds})" if domain.integer else bounds


def _to_the_shape(s: Tensor) -> str:
    small = [_Text().small(axis, SUPERSCRIPTS) for axis in s.shape]
    if all(small) and (len(small) == 1 or all(map(_is_letter, s.shape))):
        return "ˣ".join(map(str, small))
    return f"^({'×'.join(text(axis).replace(' ', '') for axis in s.shape)})"
