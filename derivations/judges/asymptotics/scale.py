"""The scale of growth: monomials x^p (log x)^q (log log x)^r ... exp(L), L a sum of monomials that grow without end.

Main result: ``growth`` says whether a monomial tends to oo, to 0 or is 1, by comparing the terms of its logarithm;
exponents may have parameters, as long as the signs that matter are known. No L has a term log x, log log x, ...: these
are powers. So the logarithm of a monomial has no two terms of the same growth.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from derivations.judges.asymptotics.constants import Constants, Undecided


@dataclass(frozen=True)
class Monomial:
    """``powers`` of x, log x, log log x, ...; ``exponent`` holds (coefficient, monomial) pairs, the fastest first."""

    powers: tuple[sp.Expr, ...] = ()
    exponent: tuple[tuple[sp.Expr, Monomial], ...] = ()


ONE = Monomial()
X = Monomial((sp.S.One,))


def iterated_log(k: int) -> Monomial:
    """x for k = 0, log x for k = 1, log log x for k = 2."""
    return Monomial((*[sp.S.Zero] * k, sp.S.One))


class Scale:
    """Products, powers and comparisons of monomials."""

    def __init__(self, constants: Constants):
        self.constants = constants

    def growth(self, m: Monomial) -> int:
        """1 when m -> oo, 0 when m = 1, -1 when m -> 0."""
        if not m.exponent:
            return self._growth_of_powers(m.powers)
        c, fastest = m.exponent[0]
        k = next((k for k, p in enumerate(m.powers) if p != 0), None)
        if k is not None and self.compare(fastest, iterated_log(k + 1)) < 0:
            return self._growth_of_powers(m.powers)
        return self._sign(c)

    def _growth_of_powers(self, powers: tuple[sp.Expr, ...]) -> int:
        return next((s for s in map(self._sign, powers) if s), 0)

    def _sign(self, c: sp.Expr) -> int:
        sign = self.constants.sign(c)
        if sign is None:
            raise Undecided(f"the sign of {c} is not known")
        return sign

    def compare(self, m: Monomial, other: Monomial) -> int:
        """1, 0, -1 as m grows faster than the other, is the same, or grows more slowly."""
        return 0 if m == other else self.growth(self.quotient(m, other))

    def larger(self, m: Monomial | None, other: Monomial | None) -> Monomial | None:
        """The faster of two error terms, None standing for no error."""
        if m is None or other is None:
            return m or other
        return m if self.compare(m, other) >= 0 else other

    def product(self, m: Monomial, other: Monomial) -> Monomial:
        length = max(len(m.powers), len(other.powers))
        padded = [(*p, *[sp.S.Zero] * (length - len(p))) for p in (m.powers, other.powers)]
        powers = tuple(self.total(p, q) for p, q in zip(*padded, strict=True))
        return Monomial(_stripped(powers), tuple(self.merged(m.exponent, other.exponent)))

    def power(self, m: Monomial, r: sp.Expr) -> Monomial:
        if r == 0:
            return ONE
        return Monomial(tuple(sp.expand(p * r) for p in m.powers), tuple((sp.expand(c * r), n) for c, n in m.exponent))

    def quotient(self, m: Monomial, other: Monomial) -> Monomial:
        return self.product(m, self.power(other, sp.S.NegativeOne))

    def total(self, c: sp.Expr, d: sp.Expr) -> sp.Expr:
        """c + d, the number 0 when that is provably 0."""
        total = c + d
        if isinstance(total, sp.Rational):
            return total
        total = sp.expand(total)
        return sp.S.Zero if self.constants.is_zero(total) else total

    def merged(self, terms, others) -> list[tuple[sp.Expr, Monomial]]:
        """The sum of two lists of (coefficient, monomial), each the fastest first."""
        result, terms, others = [], list(terms), list(others)
        while terms and others:
            order = self.compare(terms[0][1], others[0][1])
            if order:
                result.append(terms.pop(0) if order > 0 else others.pop(0))
                continue
            (c, m), (d, _) = terms.pop(0), others.pop(0)
            if (total := self.total(c, d)) != 0:
                result.append((total, m))
        return [*result, *terms, *others]


def _stripped(powers: tuple[sp.Expr, ...]) -> tuple[sp.Expr, ...]:
    """Without the zeros at the end."""
    while powers and powers[-1] == 0:
        powers = powers[:-1]
    return powers
