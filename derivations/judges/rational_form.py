"""Scalar expressions as elements of a field of rational functions.

    exp(c m)          T^(c L), one generator T = exp(m / L) for each monomial m of the exponents
    b^(p/q)           R^(p L / q) with R^L = b, one L for all the roots of b
    sin, cos(c m)     polynomials in one pair sin(m / L), cos(m / L) for each monomial m
    b^e, b > 0        exp(e log b)           b^t, t an integer >= 0        one generator for each monomial of t
    log, erf, atan, ...                      one generator for each reduced argument

log(a b) = log a + log b and (a b)^e = a^e b^e are used only for factors a that cannot be negative, roots even then only
when b cannot either.
A source expression is taken to be real where it is stated: its logarithms have positive, its square roots
nonnegative arguments. Saying so to the reader is left to whoever reads the side conditions off the source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import inf, lcm, prod
from typing import TypeVar

import sympy as sp
from sympy.polys.fields import FracElement
from sympy.polys.rings import PolyElement

from derivations.calculus.symbols import Index, Scalar, Size
from derivations.judges import enclosures
from derivations.judges.function_rules import FUNCTIONS
from derivations.judges.generated_field import (
    CLOSED_UNIT,
    NONNEGATIVE,
    POSITIVE,
    GeneratedField,
    OutsideField,
    Plan,
    Restart,
    checked,
    exp_interval,
    log_interval,
    root_interval,
)
from derivations.judges.sturm import Interval, fraction, generators_in

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
            return self.generator("pi", (), Interval(*enclosures.PI))
        if e is sp.E:
            return self.exp(self.field.one)
        if isinstance(e, sp.Add):
            return self.total(self.of(a) for a in e.args)
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
        """The q-th root, factor by factor: (f g)^(1/q) = f^(1/q) g^(1/q) for f > 0, and for f and g >= 0.

        What is left has one generator. An even root of an argument of unknown sign is stated only where that is >= 0.
        """
        if not a:
            return a
        constant, positive, rest = self.factored(a)
        if constant < 0:
            raise OutsideField("a root of a negative number")
        bases = [(self.constant(p), k) for p, k in prime_powers(constant)]
        bases += [(self.field(f), k) for f, k in positive.items()]
        factors = [self._positive_power(f, Fraction(k, q)) for f, k in bases]
        return self.product([*factors, self._root_of_rest(rest, q)])

    def _root_of_rest(self, rest: FracElement, q: int) -> FracElement:
        """A product of roots when no factor can be negative, else one root of all."""
        if rest == self.field.one:
            return rest
        constant, _, others = self.factors(rest)
        signs = {f: self._weak_sign(f) for f in others}
        if all(signs[f] or k % 2 == 0 for f, k in others.items()):
            if constant * prod((signs[f] or 1) ** k for f, k in others.items()) < 0:
                raise OutsideField("a root of a negative number")
            powers = ((self.field(f), Fraction(k, q), signs[f]) for f, k in others.items())
            return self.product(
                self._positive_power(f * sign, c) if sign else self._power_of_modulus(f, c) for f, c, sign in powers
            )
        if q % 2 and self.interval(rest).low < 0:
            raise OutsideField(f"a root of order {q} of an argument that may be negative")
        return self._root_power(rest, Fraction(1, q))

    def _weak_sign(self, f: PolyElement) -> int | None:
        """1 when f >= 0 and -1 when f <= 0 at every admissible point; None when that is not established."""
        range_ = self.interval(self.field(f))
        return 1 if range_.low >= 0 else -1 if range_.high <= 0 else None

    def _positive_power(self, f: FracElement, c: Fraction) -> FracElement:
        """f^c for one factor f >= 0."""
        position = self.position_of(f)
        kind = None if position is None else self.generators[position].kind
        if kind == "exp":
            return self.exp(self._exponent(position) * self.constant(c))  # type: ignore[arg-type]
        if kind == "root" and c.denominator > 1:
            q, base = self.relations[position]  # type: ignore[index]
            return self.rational_power(base, c / q)
        whole, left = divmod(c, 1)
        if not left:
            return f**whole
        return f**whole * self._root_power(f, left)

    def _power_of_modulus(self, f: FracElement, c: Fraction) -> FracElement:
        """|f|^c, where |f| is the square root of f^2."""
        half, left = divmod(c, 2)
        if not left:
            return f ** (2 * half)
        square = self.reduced(f**2)
        return f ** (2 * half) * self._root_power(square, left / 2)

    def _root_power(self, b: FracElement, c: Fraction) -> FracElement:
        """b^c, 0 < c < 1, in the one generator b^(1/q) with q fine enough for all the roots of b that occur."""
        root = self.generator("root", (b,), NONNEGATIVE)
        finest = self.finest(root, c.denominator)
        self.narrow(root, root_interval(self.interval(b), finest))
        self.relations[self.position(root)] = (finest, b)
        return root ** int(c * finest)

    def finest(self, generator: FracElement, q: int) -> int:
        """The L of the generator that stands for exp(m / L), b^(1 / L), ...: a multiple of q, or Restart is raised."""
        position = self.position(generator)
        finest = self.plan.roots.setdefault(position, q)
        if finest % q:
            self.plan.roots[position] = lcm(finest, q)
            raise Restart
        if finest > LARGEST_POWER:
            raise OutsideField(f"the exponents have denominators beyond {LARGEST_POWER}")
        return finest

    def _integer_power(self, b: FracElement, exponent: sp.Expr) -> FracElement:
        """b^(m + n) = b^m b^n for a base of any sign and whole m and n.

        With b^-1 where b may be 0: b^(n-1) b = b^n holds there too if b^(n-1) has a meaning, as 0^0 = 1 has.
        """
        factors = []
        for term in sp.Add.make_args(exponent):
            c, m = term.as_coeff_Mul()
            if not (c.is_Integer and m.is_integer):
                raise OutsideField(f"a base that is not provably positive is raised to {exponent}")
            base = b if m is sp.S.One else self._symbolic_power(b, m)
            factors.append(self.rational_power(base, Fraction(int(c))))
        return self.product(factors)

    def _symbolic_power(self, b: FracElement, m: sp.Expr) -> FracElement:
        """b^m for one whole m, factor by factor."""
        if not b:
            return self._power_generator(b, m)
        constant, positive, others = self.factors(b)
        size = self.constant(abs(constant)) * self.product(self.field(f) ** k for f, k in positive.items())
        powers = [self.exp(self.reduced(self.of(m) * self.log(size)))]
        powers += [self._power_generator(-self.field.one, m)] if constant < 0 else []
        powers += [self._power_generator(self.field(f), m) ** k for f, k in others.items()]
        return self.product(powers)

    def _power_generator(self, b: FracElement, m: sp.Expr) -> FracElement:
        minus_one = b == -self.field.one
        power = self.generator("power", (b, m), CLOSED_UNIT if minus_one else Interval())
        if minus_one:
            self.relations[self.position(power)] = (2, self.field.one)
        return power

    # ---- exponentials and logarithms ---------------------------------------------------------------------------

    def exp(self, a: FracElement) -> FracElement:
        """exp(sum c m) = product of exp(m)^c, and exp(c log f) = f^c."""
        return self.product(self._exp_of_multiple(m, c) for m, c in self.multiples(a))

    def multiples(self, a: FracElement) -> Iterator[tuple[FracElement, Fraction]]:
        """a = sum c m with rational c, every m a monomial over the denominator of a."""
        leading = a.denom.LC
        for exponents, c in a.numer.terms():
            m = self.field(a.numer.ring.term_new(exponents, leading)) / self.field(a.denom)
            yield m, fraction(sp.QQ(c)) / fraction(sp.QQ(leading))

    def _exp_of_multiple(self, m: FracElement, c: Fraction) -> FracElement:
        position = self.position_of(m)
        if position is not None and self.generators[position].kind == "log":
            (argument,) = self.generators[position].data
            return self.rational_power(argument, c)
        generator = self.generator("exp", (m,), POSITIVE)
        finest = self.finest(generator, c.denominator)
        self.narrow(generator, exp_interval(self.interval(m), finest))
        if abs(c * finest) > LARGEST_POWER:
            raise OutsideField(f"the exponents differ by factors beyond {LARGEST_POWER}")
        return generator ** int(c * finest)

    def _exponent(self, position: int) -> FracElement:
        """The logarithm of the exponential generator at ``position``."""
        (m,) = self.generators[position].data
        return m * self.constant(Fraction(1, self.plan.roots[position]))

    def log(self, a: FracElement) -> FracElement:
        """The sum of the logarithms of the factors that cannot be negative; the rest stays under one logarithm.

        Where log a is stated no factor of a is 0: an even power is positive there, and so is what is left without it.
        """
        if not a:
            raise OutsideField("a logarithm of 0")
        constant, positive, rest = self.factored(a)
        if constant < 0:
            raise OutsideField("a logarithm of a negative number")
        terms = [self._log_generator(self.constant(p)) * self.constant(k) for p, k in prime_powers(constant)]
        terms += [self._log_of_factor(self.field(f)) * self.constant(k) for f, k in positive.items()]
        if rest != self.field.one:
            terms += self._logs_of_rest(rest)
        return self.reduced(sum(terms, self.field.zero))

    def _logs_of_rest(self, rest: FracElement) -> Iterator[FracElement]:
        sign, _, others = self.factors(rest)
        left = self.constant(sign)
        for f, k in others.items():
            weak = self._weak_sign(f)
            if weak:
                yield self._log_of_factor(self.field(f) * weak) * self.constant(k)
                left *= weak**k
            elif k % 2 == 0:
                yield self._log_generator(self.reduced(self.field(f) ** 2)) * self.constant(Fraction(k, 2))
            else:
                left *= self.field(f) ** k
        if left == -self.field.one:
            raise OutsideField("a logarithm of a negative number")
        if left != self.field.one:
            yield self._log_generator(self.reduced(left))

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


# ---- back to expressions ---------------------------------------------------------------------------------------


def expression(forms: RationalForms, p: PolyElement) -> sp.Expr:
    """What a polynomial in the generators stands for; raises OutsideField for generators that are not written back."""
    meanings = {k: _meaning(forms, k) for k in generators_in(p)}
    terms = []
    for exponents, c in p.terms():
        factors = (meanings[k] ** n for k, n in enumerate(exponents) if n)
        terms.append(sp.Mul(_rational(fraction(sp.QQ(c))), *factors))
    return sp.Add(*terms)


def _meaning(forms: RationalForms, position: int) -> sp.Expr:
    generator, finest = forms.generators[position], forms.plan.roots.get(position, 1)
    if generator.kind == "symbol":
        return generator.data[0]  # type: ignore[return-value]
    if generator.kind == "pi":
        return sp.pi
    if generator.kind not in WRITTEN_BACK:
        raise OutsideField(f"{generator.kind} is not written back")
    (a,) = generator.data
    inner = expression(forms, a.numer) / expression(forms, a.denom)  # type: ignore[attr-defined]
    return WRITTEN_BACK[generator.kind](inner, finest)


WRITTEN_BACK: dict[str, Callable[[sp.Expr, int], sp.Expr]] = {
    "exp": lambda a, finest: sp.exp(a / finest),
    "log": lambda a, finest: sp.log(a),
    "root": lambda a, finest: a ** sp.Rational(1, finest),
    "sin": lambda a, finest: sp.sin(a / finest),
    "cos": lambda a, finest: sp.cos(a / finest),
    "atan": lambda a, finest: 2 * sp.atan(a) / sp.pi,
    "asin": lambda a, finest: 2 * sp.asin(a) / sp.pi,
    "erf": lambda a, finest: sp.erf(a),
}


def _rational(c: Fraction) -> sp.Rational:
    return sp.Rational(c.numerator, c.denominator)


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
