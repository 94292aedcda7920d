"""A field of rational functions whose generators stand for real numbers.

Main result: evaluating the generators at a point is a homomorphism, so an element that is 0 is 0 wherever the
denominators it was made with are not. The converse is not claimed: generators may depend on each other unseen.

* ``GeneratedField.generator``   one generator for each ingredient, with the interval it lies in
* ``GeneratedField.reduced``     powers of roots lowered by R^q = b, square roots moved out of denominators
* ``GeneratedField.factored``    the provably positive factors of an element, and the rest
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import inf, prod
from typing import Any

import sympy as sp
from sympy.polys.fields import FracElement, FracField
from sympy.polys.rings import PolyElement, PolyRing

from derivations.judges import enclosures
from derivations.judges.sturm import Interval, enclosure, fraction, generators_in, sign_on, sum_of_squares

LARGEST_POLYNOMIAL = 2000  # terms; beyond, greatest common divisors take minutes
LARGEST_DENSE = 3000  # monomials up to the degrees of a polynomial, likewise
LARGEST_FACTORED = 100  # terms
LARGEST_CONJUGATE = 6  # the order of a root that is moved out of a denominator of two terms
LARGEST_DENOMINATOR = 12  # terms of a denominator that roots are moved out of
LARGEST_SIGNED = 24  # terms of a polynomial whose sign is looked for beyond interval arithmetic

ONE = Fraction(1)
POSITIVE = Interval(Fraction(0))
NONNEGATIVE = Interval(Fraction(0), low_closed=True)
OPEN_UNIT = Interval(-ONE, ONE)
CLOSED_UNIT = Interval(-ONE, ONE, True, True)


class OutsideField(ValueError):
    """The expression has no rational form; the message says why."""


class Restart(Exception):
    """The plan had too few generators, or too coarse a root of an exponential; it has been corrected."""


@dataclass(frozen=True)
class Generator:
    """What a generator stands for. ``kind`` is "symbol", "pi", "exp", "log", "root", "power" or a function's name."""

    kind: str
    data: tuple[Hashable, ...]
    interval: Interval


@dataclass
class Plan:
    """What earlier attempts found out: how many generators, and for each exponential exp(m) the L of exp(m / L)."""

    capacity: int = 6
    roots: dict[int, int] = field(default_factory=dict)


class GeneratedField:
    """Rational functions over QQ in generators that are added as they are met.

    ``generators[k]`` says what generator k stands for; ``relations[k] = (q, b)`` that its q-th power is b, where b
    has earlier generators only.
    """

    def __init__(self, plan: Plan):
        self.plan = plan
        self.field = FracField([f"g{k}" for k in range(plan.capacity)], sp.QQ)
        self.generators: list[Generator] = []
        self.relations: dict[int, tuple[int, FracElement]] = {}
        self._positions: dict[tuple, int] = {}
        self._signs: dict[PolyElement, int | None] = {}

    @property
    def box(self) -> list[Interval]:
        """The interval of each generator."""
        return [generator.interval for generator in self.generators]

    def constant(self, c: Fraction | int) -> FracElement:
        c = Fraction(c)
        return self.field(sp.QQ(c.numerator, c.denominator))

    def generator(self, kind: str, data: tuple[Hashable, ...], interval: Interval) -> FracElement:
        """The generator for this ingredient, the same one each time; raises Restart when there is no room."""
        position = self._positions.setdefault((kind, *map(_key, data)), len(self.generators))
        if position == len(self.generators):
            if position == self.plan.capacity:
                self.plan.capacity *= 2
                raise Restart
            self.generators.append(Generator(kind, data, interval))
        return self.field.gens[position]

    def narrow(self, generator: FracElement, interval: Interval) -> None:
        """Says more about where a generator lies."""
        position = self.position(generator)
        self.generators[position] = replace(self.generators[position], interval=interval)

    def used(self, a: FracElement) -> set[int]:
        """The positions of the generators that occur in ``a``."""
        return generators_in(a.numer) | generators_in(a.denom)

    def position(self, generator: FracElement) -> int:
        return self.field.gens.index(generator)

    def position_of(self, a: FracElement) -> int | None:
        """The position of the generator that ``a`` is, if it is one."""
        return next((k for k in range(len(self.generators)) if a == self.field.gens[k]), None)

    def product(self, factors: Iterable[FracElement]) -> FracElement:
        product = self.field.one
        for factor in factors:
            product = checked(product * factor)
        return product

    def total(self, terms: Iterable[FracElement]) -> FracElement:
        total = self.field.zero
        for term in terms:
            total = checked(total + term)
        return total

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
        if not top:
            return top
        return self._rationalised(top, bottom) or top / bottom

    def _lowered(self, a: FracElement) -> FracElement:
        # later roots may have earlier ones under them, so the last comes first
        for position in sorted(self.relations, reverse=True):
            q = self.relations[position][0]
            if any(exponents[position] >= q for p in (a.numer, a.denom) for exponents in p.itermonoms()):
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
        return checked(total)

    def _rationalised(self, top: FracElement, bottom: FracElement) -> FracElement | None:
        """top / bottom with the roots moved out of the denominator; None where that is not known or multiplies by 0.

        (a + b R)(a - b R) = a^2 - b^2 R^2, and a^q - (-b)^q R^q beyond squares. A norm that is not 0 shows that none
        of the factors is a divisor of 0.
        """
        for position in sorted(self.relations, reverse=True):
            if position not in generators_in(bottom.numer):
                continue
            conjugate = self._conjugate(bottom, position) if len(bottom.numer) <= LARGEST_DENOMINATOR else None
            if conjugate is None:
                return None
            top, bottom = self._lowered(checked(top * conjugate)), self._lowered(checked(bottom * conjugate))
            if not bottom:
                return None
        return top / bottom

    def _conjugate(self, a: FracElement, position: int) -> FracElement | None:
        """What multiplies c R^k, or a + b R, to something free of R; R is the generator at ``position``."""
        q, root = self.relations[position][0], self.field.gens[position]
        degrees = {exponents[position] for exponents in a.numer.itermonoms()}
        if len(degrees) == 1:
            return root ** (q - degrees.pop())
        if degrees != {0, 1} or q > LARGEST_CONJUGATE:
            return None
        without = self.field(self._part(a.numer, position, 0)) / self.field(a.denom)
        other = without - a  # minus the part with R
        return sum((without ** (q - 1 - k) * other**k for k in range(q)), self.field.zero)

    def _part(self, p: PolyElement, position: int, degree: int) -> PolyElement:
        """The terms of p in which the generator has that degree."""
        return p.ring.from_dict({e: c for e, c in p.terms() if e[position] == degree})

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
        constant, positive, others = self.factors(a)
        rest = self.product(self.field(f) ** k for f, k in others.items())
        return (-constant, positive, -rest) if constant < 0 and others else (constant, positive, rest)

    def factors(self, a: FracElement) -> tuple[Fraction, dict[PolyElement, int], dict[PolyElement, int]]:
        """a = constant * product of f^k * product of g^k, every f provably positive, every g of unknown sign."""
        constant, positive, others = Fraction(1), {}, {}
        for p, direction in ((a.numer, 1), (a.denom, -1)):
            c, factors = self._with_cosines(*factor_list(p))
            constant *= fraction(sp.QQ(c)) ** direction
            for factor, k in factors:
                sign = self._factor_sign(factor)
                if sign is None:
                    others[factor] = k * direction
                else:
                    constant *= sign**k
                    positive[factor * sign] = k * direction
        return constant, positive, others

    def _with_cosines(
        self, c: Any, factors: list[tuple[PolyElement, int]]
    ) -> tuple[Any, list[tuple[PolyElement, int]]]:
        """The factors with cos^2 for (1 - sin)(1 + sin): its sign, root and logarithm are those of the cosine."""
        for position in (k for k in self.relations if self.generators[k].kind == "cos"):
            sine = self._sine(position)
            powers = dict(factors)
            times = min(powers.get(sine - 1, 0), powers.get(sine + 1, 0))
            if times:
                for factor in (sine - 1, sine + 1):
                    powers[factor] -= times
                powers[sine.ring.gens[position]] = powers.get(sine.ring.gens[position], 0) + 2 * times
                c, factors = c * (-1) ** times, [(factor, k) for factor, k in powers.items() if k]
        return c, factors

    def _sine(self, position: int) -> PolyElement:
        """The sine that belongs to the cosine at ``position``: it was made just before."""
        return self.field.ring.gens[self._positions["sin", _key(self.generators[position].data[0])]]

    def _factor_sign(self, p: PolyElement) -> int | None:
        """The sign of a polynomial at every admissible point: by its range, by squares, by the norm of a root in it."""
        if p not in self._signs:
            self._signs[p] = None  # what follows asks about smaller polynomials only, but a loop would be endless
            self._signs[p] = sign_on(p, self.box)
            if self._signs[p] is None and len(p) <= LARGEST_SIGNED:
                self._signs[p] = self._sign_by_norm(p) or _sign_by_squares(p)
        return self._signs[p]

    def _sign_by_norm(self, p: PolyElement) -> int | None:
        """The sign of u + v R, R >= 0: that of v where v^2 R^2 > u^2, that of u where v^2 R^2 < u^2."""
        roots = [k for k in self.relations if self.generators[k].kind == "root" and k in generators_in(p)]
        if not roots or self.relations[max(roots)][0] != 2 or {e[max(roots)] for e in p.itermonoms()} != {0, 1}:
            return None
        last = max(roots)
        u = self.field(self._part(p, last, 0))
        v = (self.field(p) - u) / self.field.gens[last]
        excess = self.reduced(v**2 * self.relations[last][1] - u**2)
        sign = self.sign(excess) if excess else None
        return None if sign is None else self.sign(v if sign > 0 else u)


def _sign_by_squares(p: PolyElement) -> int | None:
    """1 or -1 when p or -p is a sum of squares with a positive constant among them."""
    for sign in (1, -1):
        squares = sum_of_squares(p * sign)
        if squares and any(form.is_ground and form for _, form in squares):
            return sign
    return None


def _key(a: Hashable) -> Hashable:
    """What tells elements apart: SymPy's squares of polynomials carry the hash of an unfinished result."""
    return (frozenset(a.numer.items()), frozenset(a.denom.items())) if isinstance(a, FracElement) else a


def checked(a: FracElement) -> FracElement:
    """``a`` itself; raises OutsideField when it has grown too long to compute with."""
    if len(a.numer) + len(a.denom) > LARGEST_POLYNOMIAL:
        raise OutsideField(f"the rational form grows beyond {LARGEST_POLYNOMIAL} terms")
    if len(a.denom) > 1 and _dense_size(a.numer) * _dense_size(a.denom) > LARGEST_DENSE**2:
        raise OutsideField("the degrees of the rational form grow too high")
    return a


def _dense_size(p: PolyElement) -> int:
    """How many monomials have no higher degree in any generator than p has: what common divisors cost."""
    return prod(1 + max(degrees) for degrees in zip(*p.itermonoms(), strict=True)) if p else 1


def factor_list(p: PolyElement) -> tuple[Any, list[tuple[PolyElement, int]]]:
    """The irreducible factors of p, found among the generators that occur in it; p itself when that would take long."""
    used = sorted(generators_in(p))
    if not used or len(p) > LARGEST_FACTORED or _dense_size(p) > LARGEST_DENSE:
        return (p.LC, []) if p.is_ground else (sp.QQ(1), [(p, 1)])
    small = PolyRing([p.ring.symbols[k] for k in used], p.ring.domain, p.ring.order)
    c, factors = small.from_dict({tuple(e[k] for k in used): a for e, a in p.terms()}).factor_list()
    return c, [(_spread(factor, used, p.ring), k) for factor, k in factors]


def _spread(p: PolyElement, used: list[int], ring: PolyRing) -> PolyElement:
    """p, in the generators ``used`` only, as an element of the whole ring."""
    terms = {}
    for exponents, c in p.terms():
        full = [0] * ring.ngens
        for k, n in zip(used, exponents, strict=True):
            full[k] = n
        terms[tuple(full)] = c
    return ring.from_dict(terms)


# ---- ranges of generators --------------------------------------------------------------------------------------


def exp_interval(exponent: Interval, finest: int = 1) -> Interval:
    """Where exp(m / L) lies when m lies in ``exponent``."""
    return increasing(lambda r: enclosures.exp(r / finest), exponent, POSITIVE)


def log_interval(argument: Interval) -> Interval:
    """Where log a lies when a > 0 lies in ``argument``."""
    if argument.high <= 0:
        return Interval()
    inside = argument if argument.low > 0 else replace(argument, low=-inf, low_closed=False)
    return increasing(enclosures.log, inside, Interval())


def root_interval(base: Interval, q: int = 2) -> Interval:
    """Where a root of b >= 0 lies when b lies in ``base``."""
    if base.high < 0:
        return NONNEGATIVE
    low = max(base.low, Fraction(0))
    inside = replace(base, low=low, low_closed=base.low_closed or low != base.low)
    return increasing(lambda r: enclosures.root(r, q), inside, NONNEGATIVE)


def increasing(bounds: Callable[[Fraction], enclosures.Bounds], argument: Interval, range_: Interval) -> Interval:
    """The values, within ``range_``, of an increasing function on an interval, from bounds of its values at the ends.

    An end that the bounds give exactly is attained when the argument's is; one moved outwards is never attained.
    """
    low, low_closed, high, high_closed = range_.low, range_.low_closed, range_.high, range_.high_closed
    if argument.low != -inf:
        least = bounds(Fraction(argument.low))
        low, low_closed = least[0], least[0] == least[1] and argument.low_closed
    if argument.high != inf:
        most = bounds(Fraction(argument.high))
        high, high_closed = most[1], most[0] == most[1] and argument.high_closed
    return Interval(low, high, low_closed and low != -inf, high_closed and high != inf)
