"""Scalar expressions as elements of a field of rational functions.

    exp(c m)        T^(c L), one generator T = exp(m / L) for each monomial m of the exponents
    b^(p/q)         R^p with R^q = b         log, erf, atan, sin, step     one generator for each reduced argument
    b^e, b > 0      exp(e log b)             b^t, t an integer >= 0        one generator for each monomial of t

log(a b) = log a + log b and (a b)^e = a^e b^e are used for factors a that are provably positive, and for no others.
A source expression is taken to be real where it is stated: its logarithms have positive, its square roots
nonnegative arguments. Saying so to the reader is left to whoever reads the side conditions off the source.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import inf, lcm
from typing import TypeVar

import sympy as sp
from sympy.polys.fields import FracElement

from derivations.calculus.symbols import Index, Scalar, Size
from derivations.judges.function_rules import FUNCTIONS
from derivations.judges.generated_field import (
    CLOSED_UNIT,
    NONNEGATIVE,
    GeneratedField,
    OutsideField,
    Plan,
    Restart,
    checked,
    exp_interval,
    log_interval,
    root_interval,
)
from derivations.judges.sturm import Interval, fraction

T = TypeVar("T")

LARGEST_POWER = 64
LONGEST_NUMBER = 10**15  # numbers are factored into primes under logarithms and roots


def with_rational_forms(use: Callable[[RationalForms], T]) -> T:
    """``use(forms)`` with enough generators; ``use`` may be called several times, each time on fresh forms.

    Raises OutsideField when an expression has no rational form.
    """
    plan = Plan()
    for _ in range(24):
        try:
            return use(RationalForms(plan))
        except Restart:
            continue
        except ZeroDivisionError:
            raise OutsideField("a denominator is 0 everywhere") from None
    raise OutsideField("the exponents have too many different denominators")


class RationalForms(GeneratedField):
    """The rational forms of expressions over one set of generators."""

    def __init__(self, plan: Plan):
        super().__init__(plan)
        self._forms: dict[sp.Basic, FracElement] = {}

    def of(self, e: sp.Basic) -> FracElement:
        """The rational form of a scalar expression; raises OutsideField."""
        if e not in self._forms:
            self._forms[e] = self.reduced(checked(self._build(e)))
        return self._forms[e]

    def _build(self, e: sp.Basic) -> FracElement:
        if isinstance(e, sp.Rational):
            return self.constant(_fraction(e))
        if isinstance(e, (Scalar, Size, Index)):
            return self.generator("symbol", (e,), symbol_interval(e))
        if e is sp.pi:
            return self.generator("pi", (), Interval(Fraction(3), Fraction(22, 7)))
        if e is sp.E:
            return self.exp(self.field.one)
        if isinstance(e, sp.Add):
            return sum((self.of(a) for a in e.args), self.field.zero)
        if isinstance(e, sp.Mul):
            return self.product(self.of(a) for a in e.args)
        if isinstance(e, sp.Pow):
            return self._power(e.base, e.exp)
        if e.func in FUNCTIONS:
            return FUNCTIONS[e.func](self, *(self.of(a) for a in e.args))
        raise OutsideField(f"{e} is not an expression in scalars that this judge knows")

    # ---- powers ------------------------------------------------------------------------------------------------

    def _power(self, base: sp.Expr, exponent: sp.Expr) -> FracElement:
        b = self.of(base)
        if isinstance(exponent, sp.Rational):
            return self.rational_power(b, _fraction(exponent))
        if b and self.sign(b) == 1:
            return self.exp(self.reduced(self.of(exponent) * self.log(b)))
        if exponent.is_integer:
            return self._integer_power(b, sp.expand(exponent))
        raise OutsideField(f"{base} is raised to {exponent} and is not provably positive")

    def rational_power(self, b: FracElement, c: Fraction) -> FracElement:
        """b^c, by multiplication and roots."""
        if abs(c.numerator) > LARGEST_POWER or c.denominator > LARGEST_POWER:
            raise OutsideField(f"the power {c} is beyond {LARGEST_POWER}")
        root = b if c.denominator == 1 else self.root(b, c.denominator)
        power = self.product([root] * abs(c.numerator))
        return power if c >= 0 else self.field.one / power

    def root(self, a: FracElement, q: int) -> FracElement:
        """The q-th root: (f g)^(1/q) = f^(1/q) g^(1/q) for positive f; of the rest, a generator R with R^q = rest."""
        if not a:
            return a
        constant, positive, rest = self.factored(a)
        if constant < 0:
            raise OutsideField("a root of a negative number")
        bases = [(self.constant(p), k) for p, k in prime_powers(constant)]
        bases += [(self.field(f), k) for f, k in positive.items()]
        factors = [self._positive_power(f, Fraction(k, q)) for f, k in bases]
        if rest != self.field.one:
            if q != 2 and self.interval(rest).low < 0:
                raise OutsideField(f"a root of order {q} of an argument that may be negative")
            factors.append(self._root_generator(rest, q, NONNEGATIVE))
        return self.product(factors)

    def _positive_power(self, f: FracElement, c: Fraction) -> FracElement:
        """f^c for one positive factor f."""
        position = self.position_of(f)
        if position is not None and self.generators[position].kind == "exp":
            return self.exp(self._exponent(position) * self.constant(c))
        whole, left = divmod(c, 1)
        if not left:
            return f**whole
        root = self._root_generator(f, left.denominator, root_interval(self.interval(f)))
        return f**whole * root**left.numerator

    def _root_generator(self, b: FracElement, q: int, interval: Interval) -> FracElement:
        root = self.generator("root", (q, b), interval)
        self.relations[self.position(root)] = (q, b)
        return root

    def _integer_power(self, b: FracElement, exponent: sp.Expr) -> FracElement:
        """b^(m + n) = b^m b^n for a base of any sign; m and n are integers >= 0, or b could be 0 in a denominator."""
        factors = []
        for term in sp.Add.make_args(exponent):
            c, m = term.as_coeff_Mul()
            if not (c.is_Integer and c > 0 and m.is_integer and m.is_nonnegative):
                raise OutsideField(f"a base that is not provably positive is raised to {exponent}")
            base = b if m is sp.S.One else self._symbolic_power(b, m)
            factors.append(self.rational_power(base, Fraction(int(c))))
        return self.product(factors)

    def _symbolic_power(self, b: FracElement, m: sp.Expr) -> FracElement:
        minus_one = b == -self.field.one
        power = self.generator("power", (b, m), CLOSED_UNIT if minus_one else Interval())
        if minus_one:
            self.relations[self.position(power)] = (2, self.field.one)
        return power

    # ---- exponentials and logarithms ---------------------------------------------------------------------------

    def exp(self, a: FracElement) -> FracElement:
        """exp(sum c m) = product of exp(m)^c, and exp(c log f) = f^c."""
        leading, factors = a.denom.LC, []
        for exponents, c in a.numer.terms():
            m = self.field(a.numer.ring.term_new(exponents, leading)) / self.field(a.denom)
            factors.append(self._exp_of_multiple(m, fraction(sp.QQ(c)) / fraction(sp.QQ(leading))))
        return self.product(factors)

    def _exp_of_multiple(self, m: FracElement, c: Fraction) -> FracElement:
        position = self.position_of(m)
        if position is not None and self.generators[position].kind == "log":
            (argument,) = self.generators[position].data
            return self.rational_power(argument, c)
        generator = self.generator("exp", (m,), exp_interval(self.interval(m)))
        position = self.position(generator)
        finest = self.plan.roots.setdefault(position, 1)
        if finest % c.denominator:
            self.plan.roots[position] = lcm(finest, c.denominator)
            raise Restart
        if abs(c * finest) > LARGEST_POWER:
            raise OutsideField(f"the exponents differ by factors beyond {LARGEST_POWER}")
        return generator ** int(c * finest)

    def _exponent(self, position: int) -> FracElement:
        """The logarithm of the exponential generator at ``position``."""
        (m,) = self.generators[position].data
        return m * self.constant(Fraction(1, self.plan.roots[position]))

    def log(self, a: FracElement) -> FracElement:
        """The sum of the logarithms of the provably positive factors; the rest stays under one logarithm."""
        if not a:
            raise OutsideField("a logarithm of 0")
        constant, positive, rest = self.factored(a)
        if constant < 0:
            raise OutsideField("a logarithm of a negative number")
        terms = [self._log_generator(self.constant(p)) * self.constant(k) for p, k in prime_powers(constant)]
        terms += [self._log_of_factor(self.field(f)) * self.constant(k) for f, k in positive.items()]
        if rest != self.field.one:
            terms.append(self._log_generator(rest))
        return self.reduced(sum(terms, self.field.zero))

    def _log_of_factor(self, f: FracElement) -> FracElement:
        position = self.position_of(f)
        if position is None:
            return self._log_generator(f)
        if self.generators[position].kind == "exp":
            return self._exponent(position)
        if self.generators[position].kind == "root":
            q, base = self.relations[position]
            return self.log(base) * self.constant(Fraction(1, q))
        return self._log_generator(f)

    def _log_generator(self, argument: FracElement) -> FracElement:
        return self.generator("log", (argument,), log_interval(self.interval(argument)))


def symbol_interval(s: sp.Symbol) -> Interval:
    """The real interval that a scalar, size or index lives in."""
    if isinstance(s, Scalar):
        return Interval.of(s.domain)
    if isinstance(s, Size):
        return Interval(Fraction(s.minimum), low_closed=True)
    low = Fraction(int(s.low)) if s.low.is_Integer else -inf
    high = Fraction(int(s.high)) if s.high.is_Integer else inf
    return Interval(low, high, low != -inf, high != inf)


def _fraction(c: sp.Rational) -> Fraction:
    return Fraction(int(c.p), int(c.q))


def prime_powers(c: Fraction) -> list[tuple[int, int]]:
    """The factorisation of a positive rational; raises OutsideField for numbers too long to factor at once."""
    if max(c.numerator, c.denominator) > LONGEST_NUMBER:
        raise OutsideField(f"the number {c} is too long to factor")
    up, down = sp.factorint(c.numerator), sp.factorint(c.denominator)
    return sorted([(int(p), int(k)) for p, k in up.items()] + [(int(p), -int(k)) for p, k in down.items()])
