"""Signs of polynomials over intervals, exactly.

Main results
* ``Interval``          exact interval arithmetic that keeps track of which ends are attained
* ``enclosure``         an interval that contains every value of a polynomial on a box
* ``sign_on``           the sign of a polynomial on a box, when it has one
* ``sign_cells``        the line cut at every root of some polynomials, with their signs on each piece
* ``sum_of_squares``    a certificate p = sum_i d_i l_i^2 with d_i > 0, checked by expansion

Polynomials are SymPy ``PolyElement`` over the rationals; numbers are ``Fraction``, or a float infinity at an end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise
from math import inf

import sympy as sp
from sympy.polys.rings import PolyElement

from derivations.calculus.domains import Domain

End = tuple["Fraction | float", bool]  # a value, and whether it is attained

ROOT = sp.Dummy("r")


def fraction(c) -> Fraction:
    """An element of QQ, of whatever ground type, as a Fraction."""
    return Fraction(int(c.numerator), int(c.denominator))


@dataclass(frozen=True)
class Interval:
    """A non-empty interval of the reals; an infinite end is never attained."""

    low: Fraction | float = -inf
    high: Fraction | float = inf
    low_closed: bool = False
    high_closed: bool = False

    @classmethod
    def of(cls, domain: Domain) -> Interval:
        def end(value):
            return float(value) if value in (sp.oo, -sp.oo) else Fraction(int(value.p), int(value.q))

        low, high = end(domain.low), end(domain.high)
        return cls(low, high, domain.low_closed and low != -inf, domain.high_closed and high != inf)

    @classmethod
    def point(cls, value: Fraction) -> Interval:
        return cls(value, value, True, True)

    @property
    def positive(self) -> bool:
        return self.low > 0 or (self.low == 0 and not self.low_closed)

    @property
    def negative(self) -> bool:
        return self.high < 0 or (self.high == 0 and not self.high_closed)

    def __contains__(self, value) -> bool:
        above = value >= self.low if self.low_closed else value > self.low
        return above and (value <= self.high if self.high_closed else value < self.high)

    def __add__(self, other: Interval) -> Interval:
        low_closed, high_closed = self.low_closed and other.low_closed, self.high_closed and other.high_closed
        return Interval(self.low + other.low, self.high + other.high, low_closed, high_closed)

    def __mul__(self, other: Interval) -> Interval:
        return _spanned([_end_product(a, b) for a in self._ends() for b in other._ends()])

    def __pow__(self, n: int) -> Interval:
        powers = [(value**n, closed) for value, closed in self._ends()]
        if n % 2 == 0 and self.low < 0 < self.high:
            powers.append((Fraction(0), True))
        return _spanned(powers)

    def _ends(self) -> list[End]:
        return [(self.low, self.low_closed), (self.high, self.high_closed)]


def _end_product(a: End, b: End) -> End:
    """The product of two ends. A factor 0 that is attained gives an attained 0, whatever the other factor is."""
    if a[0] == 0 or b[0] == 0:
        return Fraction(0), any(value == 0 and closed for value, closed in (a, b))
    return a[0] * b[0], a[1] and b[1]


def _spanned(ends: list[End]) -> Interval:
    low, high = min(value for value, _ in ends), max(value for value, _ in ends)
    low_closed = any(closed for value, closed in ends if value == low)
    high_closed = any(closed for value, closed in ends if value == high)
    return Interval(low, high, low_closed, high_closed)


# ---- boxes: several variables ----------------------------------------------------------------------------------


def enclosure(p: PolyElement, box: Sequence[Interval]) -> Interval:
    """An interval that contains p on the box; ``box[k]`` is the range of generator k."""
    total = Interval.point(Fraction(0))
    for exponents, c in p.terms():
        term = Interval.point(fraction(c))
        for position, n in enumerate(exponents):
            if n:
                term = term * box[position] ** n
        total = total + term
    return total


def generators_in(p: PolyElement) -> set[int]:
    """The positions of the generators that occur in p."""
    return {position for exponents in p.itermonoms() for position, n in enumerate(exponents) if n}


def univariate(p: PolyElement, position: int) -> sp.Poly:
    """p, in which only the generator at ``position`` occurs, as a polynomial in one unknown."""
    terms = {(exponents[position],): sp.QQ.to_sympy(c) for exponents, c in p.terms()}
    return sp.Poly.from_dict(terms or {(0,): sp.S.Zero}, ROOT, domain="QQ")


def sign_on(p: PolyElement, box: Sequence[Interval]) -> int | None:
    """1 or -1 when p > 0 or p < 0 on all of the box is established; None otherwise."""
    range_ = enclosure(p, box)
    if range_.positive or range_.negative:
        return 1 if range_.positive else -1
    used = generators_in(p)
    if len(used) != 1:
        return None
    (position,) = used
    signs = {cell.signs[0] for cell in sign_cells([univariate(p, position)], box[position])}
    return signs.pop() if len(signs) == 1 and 0 not in signs else None


# ---- the line: one variable ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """A point or an open piece of an interval on which each of several polynomials keeps one sign."""

    signs: tuple[int, ...]
    sample: Fraction | None  # a rational point of the cell; None when the cell is an irrational root
    place: str  # how to name the cell to a reader


@dataclass
class _Root:
    """A real root of the irreducible ``factor``, alone in [low, high]; irrational roots are strictly inside."""

    factor: sp.Poly
    low: Fraction
    high: Fraction

    @property
    def exact(self) -> bool:
        return self.low == self.high

    def halve(self) -> None:
        if self.exact:
            return
        middle = (self.low + self.high) / 2  # never a root: an irreducible factor of degree > 1 has no rational one
        if _sign(self.factor, middle) == _sign(self.factor, self.low):
            self.low = middle
        else:
            self.high = middle


def _sign(p: sp.Poly, at: Fraction) -> int:
    value = p.eval(sp.Rational(at.numerator, at.denominator))
    return int(bool(value > 0)) - int(bool(value < 0))


def _roots_of(factor: sp.Poly) -> list[_Root]:
    """The real roots of an irreducible polynomial, isolated; the count is checked against Sturm's theorem."""
    if factor.degree() == 1:
        a, b = factor.all_coeffs()
        root = Fraction(int((-b / a).p), int((-b / a).q))
        return [_Root(factor, root, root)]
    ends = [(Fraction(int(a.p), int(a.q)), Fraction(int(b.p), int(b.q))) for (a, b), _ in factor.intervals()]
    if len(ends) != factor.count_roots() or any(_sign(factor, a) * _sign(factor, b) != -1 for a, b in ends):
        raise ArithmeticError(f"the isolation of the roots of {factor.as_expr()} contradicts Sturm's count")
    return [_Root(factor, a, b) for a, b in ends]


def _separated(roots: list[_Root], ends: Sequence[Fraction]) -> list[_Root]:
    """The roots from left to right, refined until their intervals share at most an end and avoid ``ends``."""
    for root in roots:
        while not root.exact and any(root.low <= end <= root.high for end in ends):
            root.halve()
    for one, other in combinations(roots, 2):
        while _overlap(one, other):
            one.halve()
            other.halve()
    return sorted(roots, key=lambda root: (root.low, root.high))


def _overlap(one: _Root, other: _Root) -> bool:
    if one.exact or other.exact:
        return one.low <= other.high and other.low <= one.high
    return one.low < other.high and other.low < one.high


def _gaps(roots: list[_Root], interval: Interval) -> Iterator[Fraction]:
    """A rational point strictly inside each gap between neighbouring roots and ends."""
    edges = [(interval.low, interval.low), *((root.low, root.high) for root in roots), (interval.high, interval.high)]
    for (_, left), (right, _) in pairwise(edges):
        if left == -inf and right == inf:
            yield Fraction(0)
        elif left == -inf:
            yield Fraction(right) - 1
        elif right == inf:
            yield Fraction(left) + 1
        else:
            yield (Fraction(left) + Fraction(right)) / 2


def sign_cells(polynomials: Sequence[sp.Poly], interval: Interval) -> list[Cell]:
    """The interval cut at the roots of all polynomials: pieces, roots and attained ends, with every sign on each.

    The polynomials are in one unknown over QQ. The cells cover the interval, so a statement about signs holds on the
    interval exactly when it holds on each of them.
    """
    ends = [Fraction(end) for end in (interval.low, interval.high) if abs(end) != inf]
    if interval.low == interval.high:
        point = Fraction(interval.low)
        return [Cell(tuple(_sign(p, point) for p in polynomials), point, f"= {point}")]
    factors = {factor for p in polynomials if not p.is_zero for factor, _ in p.factor_list()[1]}
    roots = _separated([root for factor in factors for root in _roots_of(factor)], ends)
    inside = [root for root in roots if interval.low < root.low and root.high < interval.high]
    attained = [end for end, closed in interval._ends() if closed]
    samples = [*_gaps(inside, interval), *(root.low for root in inside if root.exact), *attained]
    cells = [Cell(tuple(_sign(p, at) for p in polynomials), at, f"= {at}") for at in samples]
    return cells + [_irrational_cell(polynomials, root) for root in inside if not root.exact]


def _irrational_cell(polynomials: Sequence[sp.Poly], root: _Root) -> Cell:
    def sign_at_root(p: sp.Poly) -> int:
        # p changes sign in [low, high] at this root only, so off its factors the sign at an end is the sign at the root
        return 0 if p.rem(root.factor).is_zero else _sign(p, root.low)

    middle = float((root.low + root.high) / 2)
    return Cell(tuple(map(sign_at_root, polynomials)), None, f"near {middle:.6g}, a root of {root.factor.as_expr()}")


# ---- sums of squares -------------------------------------------------------------------------------------------


def sum_of_squares(p: PolyElement) -> list[tuple[Fraction, PolyElement]] | None:
    """p as sum_i d_i l_i^2 with every d_i > 0, or None when the attempt fails.

    The basis holds each monomial m whose square occurs in p; every other monomial is shared equally among the products
    of two basis monomials that give it. Complete for quadratics; a heuristic beyond. What is returned was multiplied
    out and compared with p.
    """
    gram = _gram_matrix(p)
    if gram is None:
        return None
    basis, matrix = gram
    squares = _diagonalised(basis, matrix)
    if squares is None or sum((form**2 * sp.QQ(d.numerator, d.denominator) for d, form in squares), p.ring.zero) != p:
        return None
    return squares


def _gram_matrix(p: PolyElement) -> tuple[list[PolyElement], list[list[Fraction]]] | None:
    """The basis monomials and a symmetric matrix G with p = m^T G m."""
    squares = [e for e, c in p.terms() if c > 0 and all(n % 2 == 0 for n in e)]
    basis = sorted((tuple(n // 2 for n in e) for e in squares), reverse=True)  # the constant 1 comes last
    products: dict[tuple[int, ...], list[tuple[int, int]]] = {}
    for i, j in combinations(range(len(basis)), 2):
        products.setdefault(tuple(a + b for a, b in zip(basis[i], basis[j], strict=True)), []).append((i, j))
    matrix = [[Fraction(0)] * len(basis) for _ in basis]
    for exponents, c in p.terms():
        half = tuple(n // 2 for n in exponents)
        if half in basis and all(n % 2 == 0 for n in exponents):
            k = basis.index(half)
            matrix[k][k] = fraction(c)
            continue
        pairs = products.get(exponents)
        if not pairs:
            return None
        for i, j in pairs:
            matrix[i][j] = matrix[j][i] = fraction(c) / (2 * len(pairs))
    return [p.ring.term_new(e, sp.QQ(1)) for e in basis], matrix


def _diagonalised(basis: list[PolyElement], matrix: list[list[Fraction]]):
    """m^T G m = sum_i d_i l_i^2 by elimination; None when a pivot is negative, or 0 with its row not 0."""
    squares = []
    for k in range(len(basis)):
        pivot = matrix[k][k]
        if pivot < 0 or (pivot == 0 and any(matrix[k][j] for j in range(k, len(basis)))):
            return None
        if pivot == 0:
            continue
        row = [matrix[k][j] / pivot for j in range(len(basis))]
        form = sum((basis[j] * sp.QQ(row[j].numerator, row[j].denominator) for j in range(k, len(basis))), 0)
        squares.append((pivot, form))
        for i in range(k + 1, len(basis)):
            for j in range(k + 1, len(basis)):
                matrix[i][j] -= pivot * row[i] * row[j]
    return squares
