"""Identities of layers of symbolic size. Each function: (what is true, near misses, hypotheses), sides in pairs."""

import sympy as sp
from sympy import Rational, exp, log, sqrt

from derivations.calculus.domains import POSITIVE
from derivations.calculus.operators import D, Sum, delta
from derivations.calculus.symbols import (
    Definition,
    index,
    indices,
    matrix,
    scalar,
    scalars,
    sizes,
    vector,
)

n, m, p, r = sizes("n m p r")


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
