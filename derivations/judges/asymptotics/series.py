"""Expansions: finitely many terms c m, the fastest first, and an error O(m), as x -> oo.

Main results, each with its error term
* f + g, f g, f^r, exp f, log f
* g(f) for g analytic at the limit of f, by Taylor's series

A coefficient may turn out to be 0 only where nothing rests on it: whoever needs the leading term asks ``leading``.
The error is O(m) for each admissible value of the parameters, not uniformly in them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import sympy as sp

from derivations.judges.asymptotics.constants import Coarse, Constants, Undecided, checked, valued
from derivations.judges.asymptotics.scale import ONE, Monomial, Scale, X, iterated_log

LONGEST_PRODUCT = 12  # f^n is multiplied out for n up to this


@dataclass(frozen=True)
class Series:
    """``terms`` are (coefficient, monomial) pairs; ``error`` a monomial, or None when the terms are all."""

    terms: tuple[tuple[sp.Expr, Monomial], ...]
    error: Monomial | None = None


@dataclass(frozen=True)
class Parts:
    """A series cut by growth: terms that tend to oo, the constant one, and the rest that tends to 0."""

    large: tuple[tuple[sp.Expr, Monomial], ...]
    constant: sp.Expr
    small: Series


ZERO = Series(())
BOUNDED = Series((), ONE)


class Expansions:
    """The arithmetic of series with at most ``order`` terms."""

    def __init__(self, constants: Constants, order: int):
        self.constants, self.order, self.scale = constants, order, Scale(constants)

    # ---- making ------------------------------------------------------------------------------------------------

    def constant(self, c: sp.Expr) -> Series:
        return Series(((c, ONE),)) if c != 0 else ZERO

    def near(self, a: sp.Expr, side: int) -> Series:
        """The variable itself: x at oo, -x at -oo, a + side/x near a."""
        if a.is_infinite:
            return Series(((sp.S.One if a is sp.oo else sp.S.NegativeOne, X),))
        step = (sp.Integer(side), self.scale.power(X, sp.S.NegativeOne))
        return Series((step,)) if a == 0 else Series(((a, ONE), step))

    def cut(self, terms, error: Monomial | None) -> Series:
        """Terms above the error only, and not too many: the first one left out is added to the error."""
        terms = list(terms)
        if len(terms) > self.order:
            error = self.scale.larger(terms[self.order][1], error)
            terms = terms[: self.order]
        while terms and error is not None and self.scale.compare(terms[-1][1], error) <= 0:
            terms.pop()
        return Series(tuple(terms), error)

    # ---- reading -----------------------------------------------------------------------------------------------

    def leading(self, f: Series) -> tuple[sp.Expr, Monomial]:
        """The leading term, its coefficient provably not 0: so f has no zero near by."""
        if f == ZERO:
            raise Undecided("a division by 0, or a logarithm of 0")
        if not f.terms:
            raise Coarse("the function may vanish near the point")
        c, m = f.terms[0]
        if not self.constants.is_nonzero(c):
            raise Undecided(f"{c} is not provably different from 0")
        return c, m

    def sign(self, f: Series) -> int:
        """The sign of f near by; raises Undecided. 0 means that f is 0."""
        if f == ZERO:
            return 0
        c, _ = self.leading(f)
        sign = self.constants.sign(c)
        if sign is None:
            raise Undecided(f"the sign of {c} is not known")
        return sign

    def bound(self, f: Series) -> Monomial | None:
        """m with f = O(m); None when f is 0."""
        return f.terms[0][1] if f.terms else f.error

    def tends_to_zero(self, f: Series) -> bool:
        bound = self.bound(f)
        return bound is None or self.scale.growth(bound) < 0

    def parts(self, f: Series) -> Parts:
        """f = large + constant + small; raises Undecided when the error does not tend to 0."""
        if f.error is not None and self.scale.growth(f.error) >= 0:
            raise Coarse("the function is known too coarsely near the point, or has no limit there")
        growths = [self.scale.growth(m) for _, m in f.terms]
        large = tuple(t for t, g in zip(f.terms, growths, strict=True) if g > 0)
        constant = next((c for (c, _), g in zip(f.terms, growths, strict=True) if g == 0), sp.S.Zero)
        small = tuple(t for t, g in zip(f.terms, growths, strict=True) if g < 0)
        return Parts(large, constant, Series(small, f.error))

    def finite(self, f: Series) -> Parts | None:
        """The parts of a series without large terms; None when it has some."""
        parts = self.parts(f)
        return None if parts.large else parts

    # ---- arithmetic --------------------------------------------------------------------------------------------

    def add(self, f: Series, g: Series) -> Series:
        return self.cut(self.scale.merged(f.terms, g.terms), self.scale.larger(f.error, g.error))

    def times(self, c: sp.Expr, f: Series, m: Monomial = ONE) -> Series:
        """c m f for a coefficient c and a monomial m."""
        if c == 0:
            return ZERO
        terms = tuple((c * d, self.scale.product(m, other)) for d, other in f.terms)
        return Series(terms, None if f.error is None else self.scale.product(m, f.error))

    def subtract(self, f: Series, g: Series) -> Series:
        return self.add(f, self.times(sp.S.NegativeOne, g))

    def multiply(self, f: Series, g: Series) -> Series:
        total = ZERO
        for c, m in g.terms:
            total = self.add(total, self.times(c, Series(f.terms), m))
        return self.cut(total.terms, self.scale.larger(total.error, self._error_of_product(f, g)))

    def _error_of_product(self, f: Series, g: Series) -> Monomial | None:
        error = None
        for one, other in ((self.bound(f), g.error), (f.error, self.bound(g))):
            if one is not None and other is not None:
                error = self.scale.larger(error, self.scale.product(one, other))
        return error

    def taylor(self, coefficient: Callable[[int], sp.Expr], small: Series) -> Series:
        """sum_k c_k d^k for a d that tends to 0; the error is that of the first power left out."""
        if small == ZERO:
            return self.constant(coefficient(0))
        if not self.tends_to_zero(small):
            raise Coarse("the function is known too coarsely near the point")
        total, power, bound = ZERO, self.constant(sp.S.One), self.bound(small)
        for k in range(self.order):
            total = self.add(total, self.times(coefficient(k), power))
            power = self.multiply(power, small)
        first_left_out = self.scale.power(bound, sp.Integer(self.order))  # type: ignore[arg-type]
        return self.cut(total.terms, self.scale.larger(total.error, first_left_out))

    def relative(self, f: Series) -> tuple[sp.Expr, Monomial, Series]:
        """(c, m, d) with f = c m (1 + d), c not 0 and d tending to 0."""
        c, m = self.leading(f)
        return c, m, self.times(1 / c, Series(f.terms[1:], f.error), self.scale.power(m, sp.S.NegativeOne))

    def power(self, f: Series, r: sp.Expr) -> Series:
        """f^r: by multiplication, or c^r m^r (1 + d)^r, where c is positive or r an integer."""
        if r.is_Integer and 0 <= r <= LONGEST_PRODUCT:
            power = self.constant(sp.S.One)
            for _ in range(int(r)):
                power = self.multiply(power, f)
            return power
        if f == ZERO and self.constants.sign(r) == 1:
            return ZERO
        c, m, small = self.relative(f)
        if not (r.is_integer or self.constants.sign(c) == 1):
            raise Undecided(f"{c} is not provably positive, and its power {r} is taken")
        binomial = self.taylor(lambda k: sp.ff(r, k) / sp.factorial(k), small)
        return self.times(c**r, binomial, self.scale.power(m, r))

    def divide(self, f: Series, g: Series) -> Series:
        return self.multiply(f, self.power(g, sp.S.NegativeOne))

    def exp(self, f: Series) -> Series:
        """exp(large) exp(constant) exp(small); exp of a bounded function is bounded."""
        if f.error is not None and self.scale.growth(f.error) == 0:
            return Series((), self.bound(self.exp(Series(tuple(t for t in f.terms)))))
        parts = self.parts(f)
        return self.times(
            sp.exp(parts.constant),
            self.taylor(lambda k: 1 / sp.factorial(k), parts.small),
            self._exp_of_large(parts.large),
        )

    def _exp_of_large(self, large) -> Monomial:
        """exp of log x, log log x, ... gives powers, of anything else a new monomial."""
        powers, exponent = ONE, []
        for c, m in large:
            k = next((k for k in (1, 2, 3, 4) if m == iterated_log(k)), None)
            if k is None:
                exponent.append((c, m))
            else:
                powers = self.scale.product(powers, self.scale.power(iterated_log(k - 1), c))
        return Monomial(powers.powers, tuple(exponent))

    def log(self, f: Series) -> Series:
        """log c + log m + log(1 + d) for c > 0."""
        c, m, small = self.relative(f)
        if self.constants.sign(c) != 1:
            raise Undecided(f"a logarithm of {c}, which is not provably positive, times a monomial")
        total = self.add(Series(m.exponent), self.constant(sp.log(c)))
        for k, p in enumerate(m.powers):
            if p != 0:
                total = self.add(total, Series(((p, iterated_log(k + 1)),)))
        return self.add(total, self.taylor(lambda k: sp.Rational((-1) ** (k + 1), k) if k else sp.S.Zero, small))

    def analytic(self, g: Callable[[sp.Expr], sp.Expr], parts: Parts) -> Series:
        """g(f) for f = constant + small and g analytic at the constant, which the caller knows."""
        slopes = _slopes(g)
        return self.taylor(lambda k: valued(slopes(k).xreplace({U: parts.constant})) / sp.factorial(k), parts.small)


U = sp.Dummy("u", real=True)


def _slopes(g: Callable[[sp.Expr], sp.Expr]) -> Callable[[int], sp.Expr]:
    """The derivatives of g at U, each taken when it is first asked for."""
    taken = [g(U)]

    def slope(k: int) -> sp.Expr:
        while len(taken) <= k:
            taken.append(_checked_slope(taken[-1]))
        return taken[k]

    return slope


@lru_cache(maxsize=500)
def _checked_slope(e: sp.Expr) -> sp.Expr:
    slope = sp.diff(e, U)
    return checked(min(slope, sp.expand(slope), key=sp.count_ops))
