"""Identities of the field that the kernel proves for all sizes, each with a near miss that it does not prove."""

import pytest
import sympy as sp
from sympy import Abs, Max, Min, Rational, exp, log, sqrt, tanh

from derivations.calculus.domains import POSITIVE, interval
from derivations.calculus.functions import leaky_relu, relu, sigmoid, softplus
from derivations.calculus.normal_form import Unsupported, equal, normal_form
from derivations.calculus.operators import D, Expectation, Limit, Product, Sum, delta
from derivations.calculus.symbols import (
    Definition,
    index,
    indices,
    matrix,
    scalar,
    scalars,
    sequence,
    size,
    sizes,
    vector,
)

n, m, p, r = sizes("n m p r")


def cases(*functions):
    """Named statements of several topics: (proved, not proved, hypotheses) each."""
    good, bad = [], []
    for topic in functions:
        true, false, hypotheses = topic()
        good += [pytest.param(*sides, hypotheses, id=f"{topic.__name__}-{at}") for at, sides in enumerate(true)]
        bad += [pytest.param(*sides, hypotheses, id=f"{topic.__name__}-{at}") for at, sides in enumerate(false)]
    return good, bad


def softmax():
    i, j, k = indices("i j k", n)
    z = vector("z", n)
    P = Definition("p", (i,), exp(z[i]) / Sum(exp(z[k]), k))
    true = [
        (D(P[i], z[j]), P[i] * (delta(i, j) - P[j])),
        (Sum(P[i], i), 1),
        (Sum(D(P[i], z[j]), j), 0),
    ]
    false = [
        (D(P[i], z[j]), P[i] * (delta(i, j) - P[i])),
        (D(P[i], z[j]), P[i] * (1 - P[j])),
        (Sum(P[i] ** 2, i), 1),
    ]
    return true, false, []


def cross_entropy():
    i, j, k = indices("i j k", n)
    z, y = vector("z", n), vector("y", n)
    P = Definition("p", (i,), exp(z[i]) / Sum(exp(z[k]), k))
    L = Definition("L", (), -Sum(y[i] * log(P[i]), i))[()]
    true = [
        (D(L, z[j]), P[j] - y[j]),
        (Sum(D(L, P[i]) * D(P[i], z[j]), i), P[j] - y[j]),
        (D(L, P[j]), -y[j] / P[j]),
    ]
    false = [(D(L, z[j]), P[j] + y[j]), (D(L, P[i]) * D(P[i], z[i]), P[i] - y[i]), (D(L, z[j]), P[j])]
    return true, false, [(Sum(y[i], i), sp.Integer(1))]


def cross_entropy_without_the_hypothesis():
    true, false, _ = cross_entropy()
    return [true[2]], [true[0], true[1], *false], []


def linear_layer():
    s, i = indices("s i", m)
    j, k = indices("j k", n)
    W, x, b, g = matrix("W", m, n), vector("x", n), vector("b", m), vector("g", m)
    Z = Definition("z", (s,), Sum(W[s, k] * x[k], k) + b[s])
    true = [
        (Sum(g[s] * D(Z[s], W[i, j]), s), g[i] * x[j]),
        (Sum(g[s] * D(Z[s], x[j]), s), Sum(W[s, j] * g[s], s)),
        (Sum(g[s] * D(Z[s], b[i]), s), g[i]),
    ]
    false = [(Sum(g[s] * D(Z[s], x[j]), s), Sum(W[s, j] * g[s], s) + g[1]), (D(Z[s], b[i]), 1)]
    return true, false, []


def ridge_regression():
    s = index("s", m)
    i, j, k = indices("i j k", n)
    A, x, b = matrix("A", m, n), vector("x", n), vector("b", m)
    penalty = scalar("penalty", POSITIVE)
    residual = Definition("e", (s,), Sum(A[s, k] * x[k], k) - b[s])
    L = Sum(residual[s] ** 2, s) + penalty * Sum(x[k] ** 2, k)
    gradient = 2 * Sum(A[s, i] * residual[s], s) + 2 * penalty * x[i]
    true = [
        (D(L, x[i]), gradient),
        (D(D(L, x[i]), x[j]), 2 * Sum(A[s, i] * A[s, j], s) + 2 * penalty * delta(i, j)),
    ]
    return true, [(D(L, x[i]), gradient + penalty * x[i])], []


def quadratic_form():
    i, j, k, q = indices("i j k q", n)
    A, x = matrix("A", n, n), vector("x", n)
    L = Sum(x[k] * A[k, q] * x[q], k, q)
    true = [(D(L, x[i]), Sum((A[i, k] + A[k, i]) * x[k], k)), (D(D(L, x[i]), x[j]), A[i, j] + A[j, i])]
    return true, [(D(L, x[i]), Sum(2 * A[i, k] * x[k], k))], []


def symmetric_quadratic_form():
    true = quadratic_form()[0]
    i, j = indices("i j", n)
    A = matrix("A", n, n)
    return true, [(A[i, j], A[i, i])], [(A[i, j], A[j, i])]


def batch_norm():
    i, k, s = indices("i k s", m)
    x, g = vector("x", m), vector("g", m)
    gamma, beta = scalars("gamma beta")
    eps = scalar("eps", POSITIVE)
    M = Definition("mu", (), Sum(x[k], k) / m)[()]
    V = Definition("var", (), Sum((x[k] - M) ** 2, k) / m)[()]
    X = Definition("xhat", (i,), (x[i] - M) / sqrt(V + eps))
    Y = Definition("y", (i,), gamma * X[i] + beta)
    L = Definition("l", (), Sum(g[s] * Y[s], s))[()]
    full = Sum(g[s] * D(Y[s], x[i]), s)
    collapsed = gamma / (m * sqrt(V + eps)) * (m * g[i] - Sum(g[k], k) - X[i] * Sum(g[k] * X[k], k))
    by_variance = Sum(gamma * g[k] * (x[k] - M) * Rational(-1, 2) * (V + eps) ** Rational(-3, 2), k)
    by_mean = Sum(-gamma * g[k] / sqrt(V + eps), k) + by_variance * Sum(-2 * (x[k] - M), k) / m
    staged = gamma * g[i] / sqrt(V + eps) + by_variance * 2 * (x[i] - M) / m + by_mean / m
    true = [
        (D(L, X[i]), g[i] * gamma),
        (D(L, V), by_variance),
        (D(L, M), by_mean),
        (full, staged),
        (full, collapsed),
        (D(L, gamma), Sum(g[k] * X[k], k)),
        (D(L, beta), Sum(g[k], k)),
        (Sum(X[i], i), 0),
        (Sum(D(L, x[i]), i), 0),
        (Sum(x[k] - M, k) / m, 0),
    ]
    false = [(full, collapsed + g[i]), (full, 2 * collapsed), (Sum(X[i] ** 2, i), m), (D(L, V), by_mean)]
    return true, false, []


def layer_norm():
    i, s = indices("i s", m)
    j, k, t, q = indices("j k t q", n)
    x, G = matrix("x", m, n), matrix("G", m, n)
    gamma, beta = vector("gamma", n), vector("beta", n)
    eps = scalar("eps", POSITIVE)
    mu = Definition("mu", (s,), Sum(x[s, k], k) / n)
    var = Definition("var", (s,), Sum((x[s, k] - mu[s]) ** 2, k) / n)
    X = Definition("xhat", (s, t), (x[s, t] - mu[s]) / sqrt(var[s] + eps))
    Y = Definition("y", (s, t), gamma[t] * X[s, t] + beta[t])
    full = Sum(G[s, t] * D(Y[s, t], x[i, j]), s, t)
    inner = n * G[i, j] * gamma[j] - Sum(G[i, q] * gamma[q], q) - X[i, j] * Sum(G[i, q] * gamma[q] * X[i, q], q)
    collapsed = inner / (n * sqrt(var[i] + eps))
    by_gamma = Sum(G[s, t] * D(Y[s, t], gamma[j]), s, t)
    true = [(full, collapsed), (by_gamma, Sum(G[s, j] * X[s, j], s))]
    return true, [(full, 2 * collapsed), (by_gamma, Sum(G[s, j], s))], []


def convolution():
    longer, shorter = sizes("nz nk")
    s, t, k = index("s", longer), index("t", shorter), index("k", shorter)
    j = index("j", longer + shorter - 1)
    a, w, g = vector("a", longer + shorter - 1), vector("w", shorter), vector("g", longer, padded=True)
    Z = Definition("z", (s,), Sum(w[t] * a[s + t - 1], t))
    true = [
        (Sum(g[s] * D(Z[s], w[k]), s), Sum(g[s] * a[s + k - 1], s)),
        (Sum(g[s] * D(Z[s], a[j]), s), Sum(w[t] * g[j - t + 1], t)),
    ]
    false = [
        (Sum(g[s] * D(Z[s], w[k]), s), Sum(g[s] * a[s], s)),
        (Sum(g[s] * D(Z[s], a[j]), s), Sum(w[t] * g[j - t], t)),
    ]
    return true, false, []


def attention():
    i, s = indices("i s", m)
    j, k, t, u, q = indices("j k t u q", n)
    c, a = indices("c a", p)
    d, b = indices("d b", r)
    Q, K, V, G = matrix("Q", m, p), matrix("K", n, p), matrix("V", n, r), matrix("G", m, r)
    scale = scalar("dk", POSITIVE)
    score = Definition("score", (s, t), Sum(Q[s, a] * K[t, a], a) / sqrt(scale))
    A = Definition("A", (s, t), exp(score[s, t]) / Sum(exp(score[s, q]), q))
    out = Definition("O", (s, b), Sum(A[s, k] * V[k, b], k))
    dA = Definition("dA", (s, t), Sum(G[s, b] * V[t, b], b))

    def gradient(x):
        return Sum(G[s, b] * D(out[s, b], x), s, b)

    def dS(at, t):
        return A[at, t] * (dA[at, t] - Sum(A[at, u] * dA[at, u], u))

    true = [
        (gradient(V[j, d]), Sum(A[s, j] * G[s, d], s)),
        (gradient(Q[i, c]), Sum(dS(i, t) * K[t, c], t) / sqrt(scale)),
        (gradient(K[j, c]), Sum(dS(s, j) * Q[s, c], s) / sqrt(scale)),
    ]
    return true, [(gradient(Q[i, c]), Sum(dS(i, t) * K[t, c], t))], []


def log_sum_exp():
    i, j, k, s = indices("i j k s", n)
    z, v = vector("z", n), vector("v", n)
    P = Definition("p", (i,), exp(z[i]) / Sum(exp(z[k]), k))
    L = log(Sum(exp(z[k]), k))
    H = P[i] * delta(i, j) - P[i] * P[j]
    true = [
        (D(L, z[i]), P[i]),
        (D(D(L, z[i]), z[j]), H),
        (Sum(H, j), 0),
        (Sum(v[i] * v[j] * H, i, j), Sum(P[i] * (v[i] - Sum(P[s] * v[s], s)) ** 2, i)),
    ]
    return true, [(D(D(L, z[i]), z[j]), P[i] * delta(i, j) + P[i] * P[j]), (Sum(H, j), P[i])], []


def denominators_inside_a_sum():
    k = index("k", n)
    a = vector("a", n)
    whole = Sum(a[k] / (1 + a[k]), k) + Sum(1 / (1 + a[k]), k)
    return [(whole, n)], [(whole, n + 1), (Sum(a[k] / (1 + a[k]), k), Sum(a[k], k) / Sum(1 + a[k], k))], []


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


PROVED, NOT_PROVED = cases(
    softmax,
    cross_entropy,
    cross_entropy_without_the_hypothesis,
    linear_layer,
    ridge_regression,
    quadratic_form,
    symmetric_quadratic_form,
    batch_norm,
    layer_norm,
    convolution,
    attention,
    log_sum_exp,
    denominators_inside_a_sum,
    averages,
    activations,
    kinks,
    products,
    moments,
)


@pytest.mark.parametrize(("left", "right", "hypotheses"), PROVED)
def test_proved_for_all_sizes(left, right, hypotheses):
    assert equal(sp.sympify(left), sp.sympify(right), hypotheses) is True


@pytest.mark.parametrize(("left", "right", "hypotheses"), NOT_PROVED)
def test_near_misses_are_not_proved(left, right, hypotheses):
    assert equal(sp.sympify(left), sp.sympify(right), hypotheses) is None


def test_hypotheses_of_a_matrix_hold_for_each_row():
    s, k = index("s", m), index("k", n)
    y, x = matrix("y", m, n), vector("x", m)
    rows = [(Sum(y[s, k], k), sp.Integer(1))]
    assert equal(Sum(x[s] * y[s, k], s, k), Sum(x[s], s), rows)
    assert not equal(Sum(y[s, k], s), sp.Integer(1), rows)


def test_what_the_kernel_does_not_speak_is_refused():
    t = size("t")
    a, b = scalars("a b")
    for e in (Limit(a**2 / t, t), sp.Function("f")(a), sp.sqrt(a) ** sp.pi, a**b, sp.I * a):
        with pytest.raises(Unsupported):
            normal_form(e)


def test_the_form_of_zero_is_empty():
    k = index("k", n)
    x = vector("x", n)
    assert normal_form(Sum(x[k], k) - Sum(x[index("j", n)], index("j", n))) == {}
    assert normal_form(Sum(x[k], k), [(Sum(x[k], k), sp.Integer(0))]) == {}
