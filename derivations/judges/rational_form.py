"""Scalar expressions as elements of a field of rational functions.

Every transcendental or algebraic ingredient becomes a generator that stands for one real number at each point:

    exp(c m)        T^(c L), one generator T = exp(m / L) for each monomial m of the exponents
    b^(p/q)         R^p with R^q = b         log, erf, atan, sin, step     one generator for each normalised argument
    b^e, b > 0      exp(e log b)             b^t, t an integer             one generator for each monomial of t

Main result: evaluation of the generators at a point is a homomorphism, so a difference whose form is 0 is 0 wherever
the denominators of the source are not. The converse is not claimed: generators may depend on each other unseen.

log(a b) = log a + log b and (a b)^e = a^e b^e are used for factors a that are provably positive, and for no others.
A source expression is taken to be real where it is stated: its logarithms have positive, its square roots
nonnegative arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import inf, lcm
from typing import TypeVar

import sympy as sp
from sympy.polys.fields import FracElement, FracField
from sympy.polys.rings import PolyElement

from derivations.calculus.functions import leaky_relu, relu, sigmoid, softplus, step
from derivations.calculus.symbols import Index, Scalar, Size
from derivations.judges.sturm import Interval, enclosure, fraction, generators_in, sign_on

T = TypeVar("T")

LARGEST_POWER = 64
LARGEST_POLYNOMIAL = 2000  # terms; beyond, greatest common divisors take minutes

POSITIVE = Interval(Fraction(0))
NONNEGATIVE = Interval(Fraction(0), low_closed=True)
UNIT = Interval(Fraction(-1), Fraction(1))


class OutsideField(ValueError):
    """The expression has no rational form; the message says why."""


class _Restart(Exception):
    """More generators, or a finer root of an exponential, are needed than were provided for."""


@dataclass(frozen=True)
class Generator:
    """What a generator stands for. ``kind`` is "symbol", "exp", "log", "root", "power" or a function's name."""

    kind: str
    data: tuple[Hashable, ...]
    interval: Interval


@dataclass
class _Plan:
    """What a first attempt found out: how many generators, and for each exponential the root L that is needed."""

    capacity: int
    roots: dict[int, int]


def with_rational_forms(use: Callable[[RationalForms], T]) -> T:
    """``use(forms)`` with enough generators; ``use`` may be called several times, each time on fresh forms.

    Raises OutsideField when an expression has no rational form.
    """
    plan = _Plan(capacity=6, roots={})
    for _ in range(24):
        try:
            return use(RationalForms(plan))
        except _Restart:
            continue
        except ZeroDivisionError:
            raise OutsideField("a denominator is 0 everywhere") from None
    raise OutsideField("the exponents have too many different denominators")


class RationalForms:
    """The rational forms of expressions over one set of generators.

    ``generators[k]`` says what generator k stands for, ``relations[k] = (q, b)`` that its q-th power is b.
    """

    def __init__(self, plan: _Plan):
        self.plan = plan
        self.field = FracField([f"g{k}" for k in range(plan.capacity)], sp.QQ)
        self.generators: list[Generator] = []
        self.relations: dict[int, tuple[int, FracElement]] = {}
        self._position: dict[tuple, int] = {}
        self._forms: dict[sp.Basic, FracElement] = {}

    @property
    def box(self) -> list[Interval]:
        return [generator.interval for generator in self.generators]

    # ---- conversion --------------------------------------------------------------------------------------------

    def of(self, e: sp.Basic) -> FracElement:
        """The rational form of a scalar expression; raises OutsideField."""
        if e not in self._forms:
            self._forms[e] = self._checked(self.reduced(self._build(e)))
        return self._forms[e]

    def _build(self, e: sp.Basic) -> FracElement:
        if isinstance(e, sp.Rational):
            return self.constant(Fraction(int(e.p), int(e.q)))
        if isinstance(e, (Scalar, Size, Index)):
            return self._generator("symbol", (e,), symbol_interval(e))
        if e is sp.pi:
            return self._generator("pi", (), Interval(Fraction(3), Fraction(22, 7)))
        if e is sp.E:
            return self.exp(self.field.one)
        if isinstance(e, sp.Add):
            return sum((self.of(a) for a in e.args), self.field.zero)
        if isinstance(e, sp.Mul):
            return self._product(self.of(a) for a in e.args)
        if isinstance(e, sp.Pow):
            return self._power(e.base, e.exp)
        if e.func in FUNCTIONS:
            return FUNCTIONS[e.func](self, *(self.of(a) for a in e.args))
        raise OutsideField(f"{e} is not an expression in scalars that this judge knows")

    def _product(self, factors: Iterable[FracElement]) -> FracElement:
        product = self.field.one
        for factor in factors:
            product = self._checked(product * factor)
        return product

    def _checked(self, a: FracElement) -> FracElement:
        if len(a.numer) + len(a.denom) > LARGEST_POLYNOMIAL:
            raise OutsideField(f"the rational form grows beyond {LARGEST_POLYNOMIAL} terms")
        return a

    def constant(self, c: Fraction | int) -> FracElement:
        c = Fraction(c)
        return self.field(sp.QQ(c.numerator, c.denominator))

    def _generator(self, kind: str, data: tuple[Hashable, ...], interval: Interval) -> FracElement:
        position = self._position.setdefault((kind, *data), len(self._position))
        if position == len(self.generators):
            if position >= self.plan.capacity:
                self.plan.capacity *= 2
                raise _Restart
            self.generators.append(Generator(kind, data, interval))
        return self.field.gens[position]

    def generator_of(self, a: FracElement | PolyElement) -> int | None:
        """The position of the generator that ``a`` is, if it is one."""
        return next((k for k in range(len(self.generators)) if a in (self.field.gens[k], self.field.ring.gens[k])), None)

    # ---- algebraic relations -----------------------------------------------------------------------------------

    def reduced(self, a: FracElement) -> FracElement:
        """The same element with powers of roots lowered and, where possible, no square root in the denominator.

        It is 0 exactly when it is 0 by the field operations and the relations.
        """
        if not self.relations:
            return a
        top, bottom = self._lowered(self.field(a.numer)), self._lowered(self.field(a.denom))
        if not bottom:
            raise OutsideField("a denominator is 0 everywhere")
        return self._rationalised(top, bottom) or top / bottom

    def _lowered(self, a: FracElement) -> FracElement:
        # later roots may have earlier ones under them, so the last comes first
        for position in sorted(self.relations, reverse=True):
            if any(exponents[position] >= self.relations[position][0] for exponents in a.numer.itermonoms()):
                a = self._lowered_at(a.numer, position) / self._lowered_at(a.denom, position)
        return a

    def _lowered_at(self, p: PolyElement, position: int) -> FracElement:
        """p with R^q replaced by its value, where R is the generator at ``position``."""
        q, value = self.relations[position]
        total = self.field.zero
        for exponents, c in p.terms():
            times, left = divmod(exponents[position], q)
            rest = (*exponents[:position], left, *exponents[position + 1 :])
            total += self.field(p.ring.term_new(rest, c)) * value**times
        return self._checked(total)

    def _rationalised(self, top: FracElement, bottom: FracElement) -> FracElement | None:
        """top / bottom with the square roots moved out of the denominator; None when that would multiply by 0.

        (a + b R)(a - b R) = a^2 - b^2 R^2. A norm that is not 0 shows that none of the factors is a divisor of 0.
        """
        for position in sorted(self.relations, reverse=True):
            if position not in generators_in(bottom.numer):
                continue
            if self.relations[position][0] != 2:
                return None
            conjugate = self._conjugate(bottom, position)
            top, bottom = self._lowered(top * conjugate), self._lowered(bottom * conjugate)
            if not bottom:
                return None
        return top / bottom

    def _conjugate(self, a: FracElement, position: int) -> FracElement:
        terms = ((e, -c if e[position] % 2 else c) for e, c in a.numer.terms())
        return self.field(self.field.ring.from_dict(dict(terms))) / self.field(a.denom)

    # ---- positive factors --------------------------------------------------------------------------------------

    def interval(self, a: FracElement) -> Interval:
        """An interval that contains the value of ``a`` at every admissible point; coarse for true fractions."""
        if a.denom.is_ground:
            return enclosure(a.numer, self.box) * Interval.point(1 / fraction(a.denom.LC))
        sign = self.sign(a)
        return Interval() if sign is None else POSITIVE if sign > 0 else Interval(high=Fraction(0))

    def sign(self, a: FracElement) -> int | None:
        """1 or -1 when a > 0 or a < 0 at every admissible point is established; None otherwise."""
        constant, _, rest = self.factored(a)
        return None if rest != self.field.one else 1 if constant > 0 else -1

    def factored(self, a: FracElement) -> tuple[Fraction, dict[PolyElement, int], FracElement]:
        """a = constant * product of f^k * rest, every f provably positive, ``rest`` of unknown sign or 1.

        The constant is positive unless ``rest`` is 1. ``a`` must not be 0.
        """
        constant, positive, rest = Fraction(1), {}, self.field.one
        for p, direction in ((a.numer, 1), (a.denom, -1)):
            c, factors = p.factor_list() if len(p) <= 100 else (sp.QQ(1), [(p, 1)])
            constant *= fraction(sp.QQ(c)) ** direction
            for factor, k in factors:
                sign = sign_on(factor, self.box)
                if sign is None:
                    rest *= self.field(factor) ** (k * direction)
                else:
                    constant *= sign**k
                    positive[factor * sign] = k * direction
        if constant < 0 and rest != self.field.one:
            constant, rest = -constant, -rest
        return constant, positive, rest

    # ---- powers ------------------------------------------------------------------------------------------------

    def _power(self, base: sp.Basic, exponent: sp.Basic) -> FracElement:
        b = self.of(base)
        if isinstance(exponent, sp.Rational):
            return self._rational_power(b, Fraction(int(exponent.p), int(exponent.q)))
        if b and self.sign(b) == 1:
            return self.exp(self.reduced(self.of(exponent) * self.log(b)))
        if exponent.is_integer:
            return self._integer_power(b, sp.expand(exponent))
        raise OutsideField(f"{base} is raised to {exponent} and is not provably positive")

    def _rational_power(self, b: FracElement, c: Fraction) -> FracElement:
        if abs(c.numerator) > LARGEST_POWER or c.denominator > LARGEST_POWER:
            raise OutsideField(f"the power {c} is beyond {LARGEST_POWER}")
        if c.numerator < 0 and not b:
            raise OutsideField("a denominator is 0 everywhere")
        root = b if c.denominator == 1 else self.root(b, c.denominator)
        if len(root.numer) + len(root.denom) > 3:  # repeated products, checked as they grow
            power = self._product([root] * abs(c.numerator))
            return power if c >= 0 else self.field.one / power
        return root**c.numerator

    def root(self, a: FracElement, q: int) -> FracElement:
        """The q-th root: (f g)^(1/q) = f^(1/q) g^(1/q) for positive f; of the rest, a generator R with R^q = rest."""
        if not a:
            return a
        constant, positive, rest = self.factored(a)
        if constant < 0:
            raise OutsideField("a root of a negative number")
        if rest != self.field.one and q != 2 and self.interval(rest).low < 0:
            raise OutsideField(f"a root of order {q} of an argument that may be negative")
        bases = [(self.constant(p), k) for p, k in prime_powers(constant)]
        bases += [(self.field(f), k) for f, k in positive.items()]
        factors = [self._positive_root(f, Fraction(k, q)) for f, k in bases]
        if rest != self.field.one:
            factors.append(self._root_generator(rest, q, NONNEGATIVE))
        return self._product(factors)

    def _positive_root(self, f: FracElement, c: Fraction) -> FracElement:
        """f^c for one positive factor f."""
        position = self.generator_of(f)
        if position is not None and self.generators[position].kind == "exp":
            return self.exp(self._exponent(position) * self.constant(c))
        whole, left = divmod(c, 1)
        if not left:
            return f**whole
        interval = _compared_with_one(self.interval(f), POSITIVE)
        return f**whole * self._root_generator(f, left.denominator, interval) ** left.numerator

    def _root_generator(self, b: FracElement, q: int, interval: Interval) -> FracElement:
        generator = self._generator("root", (q, b), interval)
        self.relations.setdefault(self._position["root", q, b], (q, b))
        return generator

    def _integer_power(self, b: FracElement, exponent: sp.Expr) -> FracElement:
        """b^(m + n) = b^m b^n for integer exponents, of which the negative ones need b != 0."""
        power = self.field.one
        for term in sp.Add.make_args(exponent):
            c, m = term.as_coeff_Mul()
            if not (c.is_Integer and m.is_integer and (m is sp.S.One or m.is_nonnegative)) or c < 0:
                raise OutsideField(f"a base of unknown sign is raised to {exponent}")
            base = b if m is sp.S.One else self._symbolic_power(b, m)
            power = self._checked(power * self._rational_power(base, Fraction(int(c))))
        return power

    def _symbolic_power(self, b: FracElement, m: sp.Expr) -> FracElement:
        generator = self._generator("power", (b, m), UNIT if b == -1 else Interval())
        if b == -1:
            position = self._position["power", b, m]
            self.generators[position] = Generator("power", (b, m), Interval(Fraction(-1), Fraction(1), True, True))
            self.relations[position] = (2, self.field.one)
        return generator

    # ---- exponentials and logarithms ---------------------------------------------------------------------------

    def exp(self, a: FracElement) -> FracElement:
        """exp(sum c m) = product of exp(m)^c; exp(c log f) = f^c."""
        factors = []
        for exponents, c in a.numer.terms():
            m = self.field(a.numer.ring.term_new(exponents, sp.QQ(1))) / self.field(a.denom.monic())
            c = fraction(c) / fraction(a.denom.LC)
            position = self.generator_of(m)
            if position is not None and self.generators[position].kind == "log":
                (argument,) = self.generators[position].data
                factors.append(self._rational_power(argument, c))
            else:
                factors.append(self._exponential(m, c))
        return self._product(factors)

    def _exponential(self, m: FracElement, c: Fraction) -> FracElement:
        generator = self._generator("exp", (m,), _compared_with_zero(self.interval(m)))
        position = self._position["exp", m]
        finest = self.plan.roots.setdefault(position, 1)
        if finest % c.denominator:
            self.plan.roots[position] = lcm(finest, c.denominator)
            raise _Restart
        power = int(c * finest)
        if abs(power) > LARGEST_POWER:
            raise OutsideField(f"the exponent {c} is beyond 1/{LARGEST_POWER} .. {LARGEST_POWER}")
        return generator**power

    def _exponent(self, position: int) -> FracElement:
        """The logarithm of the exponential generator at ``position``."""
        (m,) = self.generators[position].data
        return m * self.constant(Fraction(1, self.plan.roots[position]))

    def log(self, a: FracElement) -> FracElement:
        """log of a product of provably positive factors is the sum of their logarithms; the rest stays together."""
        if not a:
            raise OutsideField("a logarithm of 0")
        constant, positive, rest = self.factored(a)
        if constant < 0:
            raise OutsideField("a logarithm of a negative number")
        total = self.field.zero
        for p, k in prime_powers(constant):
            total += self._log_generator(self.constant(p)) * self.constant(k)
        for f, k in positive.items():
            total += self._log_of_factor(self.field(f)) * self.constant(k)
        return total if rest == self.field.one else total + self._log_generator(rest)

    def _log_of_factor(self, f: FracElement) -> FracElement:
        position = self.generator_of(f)
        if position is not None and self.generators[position].kind == "exp":
            return self._exponent(position)
        if position is not None and self.generators[position].kind == "root":
            q, base = self.relations[position]
            return self.log(base) * self.constant(Fraction(1, q))
        return self._log_generator(f)

    def _log_generator(self, argument: FracElement) -> FracElement:
        range_ = self.interval(argument)
        return self._generator("log", (argument,), _sign_of_log(range_))

    # ---- other functions ---------------------------------------------------------------------------------------

    def opaque(self, name: str, a: FracElement, interval: Interval) -> FracElement:
        return self._generator(name, (a,), interval)


def symbol_interval(s: sp.Symbol) -> Interval:
    """The real interval that a scalar, size or index lives in."""
    if isinstance(s, Scalar):
        return Interval.of(s.domain)
    if isinstance(s, Size):
        return Interval(Fraction(s.minimum), low_closed=True)
    low = Fraction(int(s.low)) if s.low.is_Integer else -inf
    high = Fraction(int(s.high)) if s.high.is_Integer else inf
    return Interval(low, high, low != -inf, high != inf)


def prime_powers(c: Fraction) -> list[tuple[int, int]]:
    """The factorisation of a positive rational; raises OutsideField for numbers too long to factor at once."""
    if max(c.numerator, c.denominator) > 10**15:
        raise OutsideField(f"the number {c} is too long to factor")
    up, down = sp.factorint(c.numerator), sp.factorint(c.denominator)
    return sorted([(int(p), int(k)) for p, k in up.items()] + [(int(p), -int(k)) for p, k in down.items()])
