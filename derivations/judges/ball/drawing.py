"""Numbers of a domain: the simplest ones in order, ordinary and extreme ones at random, and styles of drawing them.

simplest(REAL)     0, 1, -1, 2, 1/2, -2, ...
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from derivations.calculus.domains import Domain
from derivations.calculus.symbols import Scalar, Tensor
from derivations.judges.ball.scope import NotEvaluable
from derivations.judges.ball.values import Key

SIMPLEST = tuple(Fraction(x) for x in ("0", "1", "-1", "2", "1/2", "-2", "-1/2", "3", "1/3", "-3", "3/2"))


@dataclass(frozen=True)
class Interval:
    """A domain with its ends as fractions, None for an infinite one: SymPy's comparisons are too slow for this."""

    low: Fraction | None
    high: Fraction | None
    low_closed: bool
    high_closed: bool
    integer: bool

    def __contains__(self, x: Fraction) -> bool:
        above = self.low is None or x > self.low or (self.low_closed and x == self.low)
        below = self.high is None or x < self.high or (self.high_closed and x == self.high)
        return above and below and (not self.integer or x.denominator == 1)


@lru_cache(maxsize=1_000)
def interval_of(domain: Domain) -> Interval:
    low, high = (Fraction(int(end.p), int(end.q)) if end.is_Rational else None for end in (domain.low, domain.high))
    return Interval(low, high, domain.low_closed, domain.high_closed, domain.integer)


def inside(domain: Domain, x: Fraction) -> bool:
    return x in interval_of(domain)


@lru_cache(maxsize=1_000)
def simplest(domain: Domain) -> tuple[Fraction, ...]:
    """The simplest numbers of a domain, simplest first; empty only for a domain without numbers."""
    span = interval_of(domain)
    low, high = span.low, span.high
    anchor = low if low is not None else (high if high is not None else Fraction(0))
    if span.integer:
        anchor = Fraction(math.floor(anchor))
        steps = [Fraction(k) for k in range(-3, 6)]
    elif low is not None and high is not None:
        steps = [(high - low) * Fraction(x) for x in ("0", "1", "1/2", "1/4", "3/4", "1/3")]
    else:
        steps = [Fraction(x) if low is not None else -Fraction(x) for x in ("0", "1", "1/2", "2", "3")]
    found = [x for x in SIMPLEST if x in span]
    extra = [anchor + step for step in steps if anchor + step in span]
    return tuple(found) if len(found) >= 4 else tuple(dict.fromkeys([*found, *extra]))


def ordinary(domain: Domain, rng: random.Random) -> Fraction:
    """A random rational of moderate size."""
    span = interval_of(domain)
    low, high = span.low, span.high
    if span.integer:
        first = math.floor(low) if low is not None else (math.ceil(high) - 9 if high is not None else -6)
        last = min(math.ceil(high), first + 9) if high is not None else first + 12
        return Fraction(rng.randint(first, last))
    if low is not None and high is not None:
        parts = rng.choice((11, 13, 17, 19, 23))
        return low + (high - low) * Fraction(rng.randint(1, parts - 1), parts)
    return _away(span, Fraction(rng.randint(1, 40), rng.choice((5, 7, 9, 11, 13))), rng)


def extreme(domain: Domain, rng: random.Random) -> Fraction:
    """A large or tiny number, or one close to an end of the domain."""
    span = interval_of(domain)
    if span.integer:
        return ordinary(domain, rng)
    tiny = Fraction(1, rng.randint(500, 2000))
    if span.low is not None and span.high is not None:
        return span.low + (span.high - span.low) * rng.choice((tiny, 1 - tiny))
    far = Fraction(10 ** rng.choice((3, 5, 7))) if rng.random() < 0.25 else Fraction(40)
    return _away(span, rng.choice((tiny, far + Fraction(rng.randint(1, 9), 7))), rng)


def _away(span: Interval, distance: Fraction, rng: random.Random) -> Fraction:
    """The number at this distance from the finite end of a half-line, or from 0 on either side."""
    if span.low is not None:
        return span.low + distance
    return span.high - distance if span.high is not None else distance * rng.choice((1, -1))


@dataclass(frozen=True)
class Style:
    """How the numbers of one point are drawn: always the same ones for the same style."""

    kind: Literal["simple", "ordinary", "extreme"]
    rank: int = 0  # simple: 0 takes the simplest number everywhere, 1 and on take neighbouring ones in turn
    seed: str = ""
    lone: bool = False  # one number only: take the simplest ones in turn
    signs: bool = False  # random entries are uncorrelated signs on a uniform space, else arbitrary numbers
    order: tuple[Scalar | Tensor, ...] = ()  # simple: things at different places start at different numbers

    def __call__(self, key: Key) -> Fraction:
        thing, at, outcome = key
        if self.signs and outcome is not None and inside(thing.domain, Fraction(-1)):
            return self._sign(thing, at, outcome)
        if self.kind == "simple":
            return self._simple(key)
        rng = random.Random(f"{self.seed}/{thing.name}/{at}/{outcome}")
        far = self.kind == "extreme" and rng.random() < 0.5
        for _ in range(30):
            x = (extreme if far else ordinary)(thing.domain, rng)
            if inside(thing.domain, x):
                return x
        raise NotEvaluable(f"no number was found in the domain of {thing.name}")

    def _simple(self, key: Key) -> Fraction:
        """Rank 1: x = [0, 1, -1], y = [1, -1, 2], a = 1, b = -1; each further rank one number on."""
        thing, at, outcome = key
        choices = simplest(thing.domain)
        if not choices:
            raise NotEvaluable(f"the domain of {thing.name} has no number")
        if self.lone or not self.rank:
            return choices[min(self.rank, len(choices) - 1)]
        start = self.order.index(thing) if thing in self.order else 0
        if isinstance(thing, Tensor):
            lows = [int(low) if low.is_Integer else 0 for low, _ in thing.axes]
            place = sum((p - low) * 3**axis for axis, (p, low) in enumerate(zip(at, lows, strict=True)))
            start += place + (outcome or 0)
        elif choices[0] == 0:
            start += 1
        return choices[(self.rank - 1 + start) % len(choices)]

    def _sign(self, thing: Scalar | Tensor, at: tuple[int, ...], outcome: int) -> Fraction:
        """A column of a Hadamard matrix for each entry: mean 0, variance 1, any two entries uncorrelated."""
        columns = (1, 2, 4, 8, 3, 5, 6, 9, 10, 12, 7, 11, 13, 14, 15)  # the first four are independent
        place = sum(map(ord, thing.name)) + sum(p * 4**axis for axis, p in enumerate(at))
        return Fraction(-1 if (outcome & columns[place % len(columns)]).bit_count() % 2 else 1)

    def weights(self) -> list[Fraction]:
        """The probabilities of the outcomes: sixteen equal ones, a fair coin, or three different ones."""
        if self.signs:
            return [Fraction(1, 16)] * 16
        if self.kind == "simple":
            return [Fraction(1, 2)] * 2
        parts = random.Random(f"{self.seed}/weights").sample((1, 2, 3, 4, 5), 3)
        return [Fraction(part, sum(parts)) for part in parts]
