"""Identities of averages, activations, products and moments: (what is true, near misses, hypotheses)."""

import sympy as sp
from sympy import Abs, Max, Min, Rational, exp, log, tanh

from derivations.calculus.domains import POSITIVE, interval
from derivations.calculus.functions import leaky_relu, relu, sigmoid, softplus
from derivations.calculus.operators import D, Expectation, Product, Sum, delta
from derivations.calculus.symbols import (
    index,
    indices,
    scalar,
    scalars,
    sequence,
    size,
    sizes,
    vector,
)

n = sizes("n")[0]


def averages():
    t, T = size("t", 0), size("T")
    alpha = scalar("alpha", interval(0, 1))
    v, x = sequence("v"), sequence("x")
    start = scalar("v0")
    k, later = index("k", 1, t), index("k", 1, t + 1)
    ema = alpha * Sum((1 - alpha) ** (t - k) * v[k], k) + (1 - alpha) ** t * start
    after = alpha * Sum((1 - alpha) ** (t + 1 - later) * v[later], later) + (1 - alpha) ** (t + 1) * start
    upto, before = index("k", 1, T), index("k", 1, T - 1)
    j, s = index("j", 0, n - 1), index("s", n)
    causal = index("k", 1, s)
    weights = Sum(alpha * (1 - alpha) ** (t - k), k)
    true = [
        (alpha * v[t + 1] + (1 - alpha) * ema, after),
        (weights, 1 - (1 - alpha) ** t),
        (Sum(v[upto], upto) / T, (v[T] + (T - 1) * (Sum(v[before], before) / (T - 1))) / T),
        (Sum(j, j) / n, (n - 1) / sp.Integer(2)),
        (Sum(j**2, j), n * (n - 1) * (2 * n - 1) / 6),
        (Sum(Sum(1, causal), s), n * (n + 1) / sp.Integer(2)),
        (Sum(alpha**j, j), (1 - alpha**n) / (1 - alpha)),
        (Sum(Sum(v[causal] * x[s], causal), s), _exchanged(v, x)),
    ]
    false = [
        (weights, 1 - (1 - alpha) ** (t + 1)),
        (Sum(j, j) / n, n / sp.Integer(2)),
        (Sum(Sum(v[causal] * x[s], causal), s), Sum(Sum(v[s] * x[causal], causal), s)),
        (Sum(alpha**j, j), (1 - alpha ** (n + 1)) / (1 - alpha)),
        (Sum(v[upto], upto) / T, Sum(v[before], before) / (T - 1)),
    ]
    return true, false, []


def _exchanged(v, x):
    """sum_{k <= s <= n} with the inner sum over s = k..n."""
    k = index("k", n)
    s = index("s", k, n)
    return Sum(Sum(v[k] * x[s], s), k)


def activations():
    z, y, w, b, x = scalars("z y w b x")
    s, unit = sigmoid(z), sigmoid(w * x + b)
    loss = -(y * log(unit) + (1 - y) * log(1 - unit))
    true = [
        (D(s, z), s * (1 - s)),
        (D(tanh(z), z), 1 - tanh(z) ** 2),
        (tanh(z), 2 * sigmoid(2 * z) - 1),
        (D(softplus(z), z), s),
        (softplus(z) - softplus(-z), z),
        (s + sigmoid(-z), 1),
        (D(loss, w), x * (unit - y)),
        (tanh(-z), -tanh(z)),
    ]
    false = [
        (D(s, z), s * (1 + s)),
        (tanh(z), 2 * sigmoid(2 * z) - 1 + Rational(1, 10**12)),
        (softplus(z) + softplus(-z), z),
        (D(loss, w), x * (unit - y) * unit * (1 - unit)),
        (tanh(z), sigmoid(z)),
    ]
    return true, false, []


def kinks():
    z, y, a = scalars("z y a")
    true = [
        (relu(z) - relu(-z), z),
        (relu(z) + relu(-z), Abs(z)),
        (relu(z) * relu(-z), 0),
        (Max(z, y) + Min(z, y), z + y),
        (Max(z, y) * Min(z, y), z * y),
        (Max(z, y) - Min(z, y), Abs(z - y)),
        (D(relu(z) ** 2, z), 2 * relu(z)),
        (leaky_relu(z, a), relu(z) - a * relu(-z)),
        (Abs(z) ** 2, z**2),
        (relu(z) * Abs(z), relu(z) * z),
        (relu(0 * z), 0),
    ]
    false = [
        (relu(z), z),
        (relu(z + y), relu(z) + relu(y)),
        (Max(z, y), Max(z, -y)),
        (D(relu(z), z), 1),
        (leaky_relu(z, a), Max(z, a * z)),  # only for a <= 1
        (Abs(z) * z, z**2),
    ]
    return true, false, []


def products():
    k, q = indices("k q", n)
    f = vector("f", n, domain=POSITIVE)
    x = vector("x", n + 1)
    c = scalar("c", POSITIVE)
    last = index("k", n + 1)
    true = [
        (Product(exp(f[k]), k), exp(Sum(f[k], k))),
        (Product(c * f[k], k), c**n * Product(f[k], k)),
        (Product(f[k] ** 2, k), Product(f[q], q) ** 2),
        (Product(x[last], last), x[n + 1] * Product(x[k], k)),
        (Product(1 / f[k], k) * Product(f[k], k), 1),
        (D(Product(c * f[k], k), c), n * c**n * Product(f[k], k) / c),
    ]
    false = [
        (Product(c * f[k], k), c * Product(f[k], k)),
        (Product(f[k] + 1, k), Product(f[k], k) + 1),
        (Product(x[last], last), x[1] * Product(x[k], k)),
    ]
    return true, false, []


def moments():
    k, q, s = indices("k q s", n)
    g = vector("g", n, random=True)
    x = vector("x", n)
    mu, sigma = scalars("mu sigma")
    mean = Sum(g[k], k) / n
    hypotheses = [(Expectation(g[k]), mu), (Expectation(g[k] * g[q]), mu**2 + sigma**2 * delta(k, q))]
    true = [
        (Expectation(mean), mu),
        (Expectation((mean - mu) ** 2), sigma**2 / n),
        (Expectation(Sum(x[k] * g[k], k)), mu * Sum(x[k], k)),
        (Expectation(g[s] ** 2), mu**2 + sigma**2),
    ]
    false = [
        (Expectation((mean - mu) ** 2), sigma**2),
        (Expectation(g[s] ** 2), mu**2),
        (Expectation(g[k] ** 3), mu**3),
    ]
    return true, false, hypotheses
