"""Random expressions of the surface language, made to confuse names and ranges, and points to evaluate them at.

Bound indices take the names of free ones on purpose, sums over k stand inside sums over k, ranges end at outer indices,
accesses are shifted or leave a padded array. Every expression has a value at almost every point: denominators and roots
are taken of things that are positive.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import sympy as sp
from sympy import Abs, Max, Min, Rational, exp, log, sign, sqrt, tanh

from derivations.calculus.domains import POSITIVE, interval
from derivations.calculus.functions import leaky_relu, relu, sigmoid, softplus
from derivations.calculus.operators import D, Expectation, Product, Sum, delta
from derivations.calculus.symbols import (
    Definition,
    Index,
    index,
    matrix,
    scalar,
    size,
    sizes,
    vector,
)
from derivations.judges.ball.drawing import Style
from derivations.judges.ball.values import Point, Values

n, m = sizes("n m")
o = size("o", minimum=0)
i, j = index("i", n), index("j", n)
s = index("s", m)
zero_based = index("i", 0, n - 1)  # the name of another free index, and its extent
FREE = (i, j, s, zero_based)
BOUND = "ijkst"

x, y, p, u = vector("x", n), vector("y", m), vector("p", n, domain=POSITIVE), vector("u", n + 1)
W, M = matrix("W", n, m), matrix("M", n, n)
e = vector("e", o, domain=POSITIVE)  # may have no entry at all
g = vector("g", n, padded=True)
R = vector("R", n, random=True)
a, c = scalar("a"), scalar("c", interval(-3, -1))
b, q = scalar("b", interval(0, 1)), scalar("q", POSITIVE)

SIZES = ((1, 1, 0), (2, 1, 1), (1, 2, 0), (2, 3, 2), (3, 2, 1))  # n, m, o


class Generator:
    """Expressions from one seed; the same seed gives the same expressions."""

    def __init__(self, seed: int | str):
        self.rng = random.Random(seed)

    def expression(self, depth: int = 4) -> sp.Expr:
        return sp.sympify(self.real(depth, FREE))

    def real(self, depth: int, scope: tuple[Index, ...]) -> sp.Expr:
        """Any real expression; ``scope`` holds the indices in reach, the innermost last."""
        if depth <= 0 or self.rng.random() < 0.1:
            return self.leaf(scope)
        kinds = (
            (self._product_of_two, 5), (self._sum_of_two, 4), (self._summed, 7), (self._causal, 3),
            (self._function, 4), (self._power, 3), (self._kink, 3), (self._multiplied, 1), (self._discounted, 2),
            (self._derivative, 1), (self._expected, 1), (self._defined, 2),
        )  # fmt: skip
        kind = self.rng.choices([k for k, _ in kinds], [w for _, w in kinds])[0]
        return kind(depth - 1, scope)

    # leaves

    def leaf(self, scope) -> sp.Expr:
        k, r = self.over(n, scope), self.over(n, scope)
        t = self.over(m, scope)
        leaves = [
            x[k], y[t], p[k], u[k], u[k + 1], u[n + 1], W[k, t], W[r, t], M[k, r], M[k, k], a, b, c, q, n, m, k, o,
            delta(k, r), delta(k, t), delta(k + 1, r), g[k - r], g[k + r - 1], g[k + 1], x[n], x[1], x[n + 1 - k],
            M[k, n], Rational(self.rng.randint(-3, 3), self.rng.randint(1, 3)),
        ]  # fmt: skip
        return self.rng.choice(leaves)

    def over(self, axis, scope) -> sp.Expr:
        """An index expression within 1..axis: an index of this range, or one whose range depends on such an index."""
        found = []
        for k in scope:
            high = k.high.high if isinstance(k.high, Index) else k.high
            low = k.low.low if isinstance(k.low, Index) else k.low
            if (low, high) == (1, axis):
                found.append(k)
            elif (low, high) == (0, axis - 1):
                found.append(k + 1)
        weights = range(1, len(found) + 1)  # inner ones more often
        return self.rng.choices(found, weights)[0]

    def plain(self, axis, scope) -> sp.Expr:
        """As ``over``, but one index alone, as a derivative takes it."""
        return self.over(axis, [k for k in scope if k.low != 0])

    # inner nodes

    def _product_of_two(self, depth, scope):
        return self.real(depth, scope) * self.real(depth - 1, scope)

    def _sum_of_two(self, depth, scope):
        return self.real(depth, scope) + self.rng.choice((1, -1, 2)) * self.real(depth - 1, scope)

    def _summed(self, depth, scope):
        k = self.bound(((1, n), (1, n), (1, m), (1, n + 1), (0, n - 1), (1, o)))
        return Sum(self.real(depth, under(k, scope)), k)

    def bound(self, ranges) -> Index:
        return index(self.rng.choice(BOUND), *self.rng.choice(ranges))

    def _causal(self, depth, scope):
        """A sum whose range ends, or starts, at an outer index."""
        t = self.rng.choice([k for k in scope if (k.low, k.high) == (1, n)])
        low, high = self.rng.choice(((1, t), (t, n), (1, t)))
        k = index(self.rng.choice([name for name in BOUND if name != t.name]), low, high)
        body = self.real(depth, under(k, scope))
        if low == 1 and self.rng.random() < 0.4:
            body = body * self.rng.choice((b ** (t - k), x[t - k + 1], (b / 2) ** (2 * (t - k) + 1)))
        return Sum(body, k)

    def _function(self, depth, scope):
        f = self.rng.choice((exp, tanh, sigmoid, softplus, log))
        return f(self.positive(depth, scope) if f is log else self.bounded(depth, scope))

    def bounded(self, depth, scope) -> sp.Expr:
        """Something that is not too large for an exponential."""
        inner = self.real(min(depth, 2), scope)
        return self.rng.choice((inner / 4, tanh(inner), -inner / 3))

    def positive(self, depth, scope) -> sp.Expr:
        k = self.over(n, scope)
        choices = (
            lambda: p[k] * q,
            lambda: 1 + self.real(min(depth, 2), scope) ** 2,
            lambda: Sum(p[index("k", n)] * exp(x[index("k", n)]), index("k", n)),
            lambda: exp(self.bounded(depth, scope)) + b,
            lambda: (2 - b) * p[k],
            lambda: 1 + Sum(e[index("k", o)], index("k", o)),
            lambda: c**2 * p[k],
        )
        return self.rng.choice(choices)()

    def _power(self, depth, scope):
        base = self.positive(depth, scope)
        exponent = self.rng.choice((-1, -1, -2, Rational(1, 2), Rational(-1, 2), Rational(3, 2), Rational(1, 3)))
        whole = self.real(min(depth, 2), scope) ** self.rng.choice((2, 2, 3))
        entry = self.rng.choice((x[self.over(n, scope)], c, a + 7))
        square_root = sqrt(entry ** self.rng.choice((2, -2)) * self.positive(0, scope))
        return self.rng.choice((base**exponent, base**exponent, whole, square_root))

    def _kink(self, depth, scope):
        inner, other = self.real(depth - 1, scope), self.real(min(depth, 1), scope)
        choices = (relu(inner), Abs(inner), sign(inner), Max(inner, other), Min(inner, other), leaky_relu(inner, b))
        return self.rng.choice(choices)

    def _multiplied(self, depth, scope):
        """A product; the factors stay near 1."""
        k = self.bound(((1, n), (1, m), (1, n + 1)))
        inner = self.real(min(depth, 1), under(k, scope))
        factor = self.rng.choice((1 + inner / 5, self.positive(0, under(k, scope)), exp(inner / 4), 2 * inner))
        return Product(factor, k)

    def _discounted(self, depth, scope):
        """Sums of symbolic powers, which have closed forms."""
        k = index(self.rng.choice(BOUND), *self.rng.choice(((1, n), (1, o), (0, n - 1))))
        base = self.rng.choice((b, 1 - b, b**2, 2 * q, b / (1 + q)))
        power = base ** self.rng.choice((k, n - k, 2 * k, o - k))
        return Sum(power * self.rng.choice((1, k, k**2, q)), k) * self.real(min(depth, 1), scope)

    def _derivative(self, depth, scope):
        smooth = self.real(min(depth, 2), scope)
        k, t = self.plain(n, scope), self.plain(m, scope)
        return D(smooth, self.rng.choice((x[k], x[k], a, b, W[k, t], M[k, k], x[n])))

    def _expected(self, depth, scope):
        k, r = self.over(n, scope), self.over(n, scope)
        t = index(self.rng.choice(BOUND), n)
        noise = (R[k], R[k] * R[r], R[k] ** 2, Sum(R[t] * x[t], t), tanh(R[k] * x[r]), Sum(R[t], t) ** 2)
        return Expectation(self.rng.choice(noise) * self.real(min(depth, 1), scope))

    def _defined(self, depth, scope):
        """A definition used at an index, or differentiated by: its parameter and its sums take common names."""
        t = index(self.rng.choice(BOUND), n)
        body = self.rng.choice((exp(x[t] / 4), x[t] ** 2, x[t] * Sum(p[j] * x[j], j), tanh(a * x[t])))
        P = Definition("P", (t,), body)
        k, r = self.plain(n, scope), index(self.rng.choice(BOUND), n)
        outer = self.rng.choice((P[r] ** 2, P[r] * x[r], tanh(P[r]), P[r] * P[1], P[r] / (1 + P[r] ** 2)))
        total = self.rng.choice((Sum(outer, r), outer if r in scope else Sum(outer, r)))
        return self.rng.choice((P[k], D(total, P[k]), total))


def under(k: Index, scope: tuple[Index, ...]) -> tuple[Index, ...]:
    """The indices in reach under a binder of ``k``: those that it does not shadow, nor the end of whose range."""
    return (*(f for f in scope if f != k and k not in f.low.free_symbols | f.high.free_symbols), k)


# ---- points ----------------------------------------------------------------------------------------------------


def points(seed: int | str, how_many: int = 3) -> Iterator[Point]:
    """Points at different sizes, the smallest among them, with a value for every free index."""
    rng = random.Random(f"points {seed}")
    smallest, *others = SIZES
    for at in (smallest, *rng.sample(others, how_many - 1)):
        assigned = dict(zip((n, m, o), at, strict=True))
        style = Style("ordinary", 0, f"{seed}/{at}")
        values = Values(assigned, style, style.weights())
        ends = {i: (1, at[0]), j: (1, at[0]), s: (1, at[1]), zero_based: (0, at[0] - 1)}
        yield Point({k: rng.randint(*span) for k, span in ends.items()}, values)
