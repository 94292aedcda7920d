"""Gradients, Jacobians and Hessians as a user states them, all sizes symbolic: (name, left, right, hypotheses, lies).

``left`` is what is asked for, written with D; ``right`` the closed form. Each lie is another right side.
"""

from __future__ import annotations

from typing import NamedTuple

import sympy as sp
from sympy import Abs, Rational, cos, exp, log, pi, sign, sin, sqrt

from derivations.calculus.domains import POSITIVE, interval
from derivations.calculus.functions import relu, sigmoid, softplus, step, tanh
from derivations.calculus.operators import D, Maximum, Product, Sum, delta
from derivations.calculus.symbols import index, indices, matrix, scalar, scalars, sizes, tensor, vector
from derivations.proof.statement import Eq, Hypothesis, Ne


class Identity(NamedTuple):
    name: str
    left: sp.Expr
    right: sp.Expr
    hypotheses: tuple[Hypothesis, ...]
    lies: tuple[sp.Expr, ...]


def identity(name: str, left, right, *lies, given=()) -> Identity:
    hypotheses = tuple(Hypothesis(f"h{position}", relation) for position, relation in enumerate(given))
    left, right, *lies = (sp.sympify(side, strict=True) for side in (left, right, *lies))
    return Identity(name, left, right, hypotheses, tuple(lies))


m, n, p = sizes("m n p")
r, s, t = indices("r s t", m)
i, j, k, l = indices("i j k l", n)  # noqa: E741
u, v = indices("u v", p)
x, y, z, w, g, q = (vector(name, n) for name in "x y z w g q".split())
b, c, h = (vector(name, m) for name in "b c h".split())
A, W1 = matrix("A", m, n), matrix("W", m, n)
S, V = matrix("S", n, n), matrix("V", n, n)
B, C, Y = matrix("B", n, p), matrix("C", p, m), matrix("Y", m, p)
X = matrix("X", m, n)
positive = vector("d", n, domain=POSITIVE)
prob, target = vector("pi", n, domain=interval(0, 1)), vector("y", n)
a, mu, eta = scalars("a mu eta")
lam, sigma, eps, T = (scalar(name, POSITIVE) for name in "lam sigma eps tau".split())


def dot(f, h, over=k):
    return Sum(f[over] * h[over], over)


def times(M, f, row, over=k):
    """(M f)[row]."""
    return Sum(M[row, over] * f[over], over)


def transposed(M, f, column, over=r):
    """(M.T f)[column]."""
    return Sum(M[over, column] * f[over], over)


def norm(f, over=k):
    return sqrt(Sum(f[over] ** 2, over))


def soft(f, at, over=l):
    return exp(f(at)) / Sum(exp(f(over)), over)


def of(f):
    return lambda at: f[at]


def softmax(f, at, over=l):
    return soft(of(f), at, over)


def lse(f, over=k):
    return log(Sum(exp(f[over]), over))


def average(f, over):
    return Sum(f(over), over) / over.extent


def linear_algebra():
    half = Rational(1, 2)
    yield identity("sum", D(Sum(x[k], k), x[i]), 1, n, x[i])
    yield identity("dot", D(dot(x, y), x[i]), y[i], x[i], y[j])
    yield identity("squared norm", D(dot(x, x), x[i]), 2 * x[i], x[i], 2 * x[j])
    form = Sum(S[k, l] * x[k] * x[l], k, l)
    both = Sum((S[i, k] + S[k, i]) * x[k], k)
    yield identity("quadratic form", D(form, x[i]), both, 2 * times(S, x, i), 2 * transposed(S, x, i, k))
    yield identity("quadratic form nested", D(Sum(x[k] * times(S, x, k, l), k), x[i]), both, times(S, x, i), -both)
    yield identity("quadratic form by matrix", D(form, S[i, j]), x[i] * x[j], x[i] * x[i], x[i] ** 2 * delta(i, j))
    yield identity("Hessian of quadratic form", D(D(form, x[i]), x[j]), S[i, j] + S[j, i], 2 * S[i, j], S[i, j])
    symmetric = (Eq(S[i, j], S[j, i]),)
    yield identity(
        "symmetric quadratic form", D(half * form, x[i]), times(S, x, i), 2 * times(S, x, i), given=symmetric
    )
    yield identity(
        "quadratic model",
        D(half * form - dot(y, x), x[i]),
        times(S, x, i) - y[i],
        times(S, x, i) + y[i],
        given=symmetric,
    )
    residual = times(A, x, s, l) - b[s]
    loss = Sum(residual**2, s)
    yield identity(
        "least squares", D(loss, x[i]), 2 * Sum(A[s, i] * residual, s), Sum(A[s, i] * residual, s), 2 * Sum(A[s, i], s)
    )
    expanded = 2 * Sum(A[s, i] * A[s, k] * x[k], s, k) - 2 * Sum(A[s, i] * b[s], s)
    yield identity("least squares, normal equations", D(loss, x[i]), expanded, -expanded)
    yield identity("least squares by b", D(loss, b[r]), -2 * (times(A, x, r) - b[r]), 2 * (times(A, x, r) - b[r]))
    yield identity(
        "least squares by A", D(loss, A[r, i]), 2 * (times(A, x, r) - b[r]) * x[i], 2 * times(A, x, r) * x[i]
    )
    yield identity(
        "Hessian of least squares", D(D(loss, x[i]), x[j]), 2 * Sum(A[s, i] * A[s, j], s), 2 * Sum(A[s, i], s)
    )
    yield identity(
        "mean squared error", D(loss / m, x[i]), 2 * Sum(A[s, i] * residual, s) / m, 2 * Sum(A[s, i] * residual, s)
    )
    ridge = loss + lam * dot(x, x)
    yield identity(
        "ridge", D(ridge, x[i]), 2 * Sum(A[s, i] * residual, s) + 2 * lam * x[i], 2 * Sum(A[s, i] * residual, s)
    )
    yield identity(
        "Hessian of ridge",
        D(D(ridge, x[i]), x[j]),
        2 * Sum(A[s, i] * A[s, j], s) + 2 * lam * delta(i, j),
        2 * Sum(A[s, i] * A[s, j], s) + 2 * lam,
    )
    weights = vector("w", m)
    yield identity(
        "weighted least squares",
        D(Sum(weights[s] * residual**2, s), x[i]),
        2 * Sum(A[s, i] * weights[s] * residual, s),
        2 * Sum(A[s, i] * weights[s] ** 2 * residual, s),
    )
    bilinear = Sum(b[s] * A[s, k] * x[k], s, k)
    yield identity("bilinear form by A", D(bilinear, A[r, i]), b[r] * x[i], x[i])
    yield identity("bilinear form by b", D(bilinear, b[r]), times(A, x, r), transposed(A, b, i))
    yield identity("bilinear form by x", D(bilinear, x[i]), transposed(A, b, i), times(A, x, 1))
    yield identity("linear map", D(times(A, x, s), x[i]), A[s, i], A[r, i])
    yield identity("affine map by A", D(times(A, x, s) + b[s], A[r, i]), delta(r, s) * x[i], x[i])
    trace = Sum(S[k, l] * V[l, k], k, l)
    yield identity("trace of a product", D(trace, S[i, j]), V[j, i], V[i, j])
    yield identity("trace", D(Sum(S[k, k], k), S[i, j]), delta(i, j), 1)
    yield identity("trace of a square", D(Sum(S[k, l] * S[l, k], k, l), S[i, j]), 2 * S[j, i], 2 * S[i, j])
    frobenius = Sum(A[s, k] ** 2, s, k)
    yield identity("Frobenius norm squared", D(frobenius, A[r, i]), 2 * A[r, i], A[r, i])
    yield identity("Frobenius norm", D(sqrt(frobenius), A[r, i]), A[r, i] / sqrt(frobenius), A[r, i] / frobenius)
    fit = Sum(X[s, k] * B[k, v], k) - Y[s, v]
    yield identity(
        "multivariate regression",
        D(Sum(fit**2, s, v), B[i, u]),
        2 * Sum(X[s, i] * (Sum(X[s, k] * B[k, u], k) - Y[s, u]), s),
        2 * Sum(X[s, i] * Sum(X[s, k] * B[k, u], k), s),
    )
    chain = Sum(A[r, k] * B[k, v] * C[v, s], k, v)
    yield identity("chain of products", D(chain, B[j, u]), A[r, j] * C[u, s], C[u, s] * A[s, j])
    yield identity(
        "trace of a chain", D(Sum(A[s, k] * B[k, v] * C[v, s], s, k, v), B[i, u]), Sum(C[u, s] * A[s, i], s), 0
    )
    gram = Sum(Sum(A[s, k] * A[s, l], s) ** 2, k, l)
    yield identity("norm of the Gram matrix", D(gram, A[r, i]), 4 * Sum(A[r, k] * A[s, k] * A[s, i], s, k), 4 * A[r, i])
    power = Sum(S[i, k] * S[k, j], k)
    right = delta(i, k) * S[l, j] + delta(j, l) * S[i, k]
    yield identity("square of a matrix", D(power, S[k, l]), right, delta(i, k) * S[l, j])


def norms():
    given = (Ne(Sum(x[k] ** 2, k), 0),)
    N, M = norm(x), norm(y)
    yield identity("norm", D(N, x[i]), x[i] / N, 2 * x[i] / N, x[i] / N**2, given=given)
    yield identity(
        "Hessian of norm", D(D(N, x[i]), x[j]), (delta(i, j) - x[i] * x[j] / N**2) / N, delta(i, j) / N, given=given
    )
    yield identity("inverse norm", D(1 / N, x[i]), -x[i] / N**3, x[i] / N**3, given=given)
    unit = (delta(i, j) - x[i] * x[j] / dot(x, x)) / N
    yield identity("normalised vector", D(x[i] / N, x[j]), unit, (delta(i, j) - x[i] * x[j]) / N, given=given)
    squared = dot(x, x)
    yield identity(
        "inversion",
        D(x[i] / squared, x[j]),
        delta(i, j) / squared - 2 * x[i] * x[j] / squared**2,
        delta(i, j) / squared,
    )
    cosine = dot(x, y) / (N * M)
    yield identity(
        "cosine similarity",
        D(cosine, x[i]),
        y[i] / (N * M) - cosine * x[i] / N**2,
        y[i] / (N * M) + cosine * x[i] / N**2,
    )
    away = sqrt(Sum((x[k] - y[k]) ** 2, k))
    yield identity("distance", D(away, x[i]), (x[i] - y[i]) / away, (y[i] - x[i]) / away)
    yield identity("distance by the other", D(away, y[i]), (y[i] - x[i]) / away, (x[i] - y[i]) / away)
    kernel = exp(-Sum((x[k] - y[k]) ** 2, k) / (2 * sigma**2))
    yield identity(
        "Gaussian kernel", D(kernel, x[i]), -(x[i] - y[i]) / sigma**2 * kernel, (x[i] - y[i]) / sigma**2 * kernel
    )
    yield identity("L1 penalty", D(Sum(Abs(x[k]), k), x[i]), sign(x[i]), 1, x[i])
    yield identity(
        "elastic net",
        D(lam * Sum(Abs(x[k]), k) + eta * dot(x, x), x[i]),
        lam * sign(x[i]) + 2 * eta * x[i],
        lam * sign(x[i]),
    )
    smooth = Sum(sqrt(x[k] ** 2 + eps**2), k)
    yield identity("smooth L1", D(smooth, x[i]), x[i] / sqrt(x[i] ** 2 + eps**2), x[i] / (x[i] ** 2 + eps**2))
    yield identity("cubes", D(Sum(x[k] ** 3, k), x[i]), 3 * x[i] ** 2, 3 * x[i])
    yield identity(
        "p-th powers", D(Sum(positive[k] ** lam, k), positive[i]), lam * positive[i] ** (lam - 1), positive[i] ** lam
    )
    P = Sum(positive[k] ** lam, k)
    yield identity(
        "p-norm", D(P ** (1 / lam), positive[i]), P ** (1 / lam - 1) * positive[i] ** (lam - 1), P ** (1 / lam)
    )
    yield identity(
        "product",
        D(Product(positive[k], k), positive[i]),
        Product(positive[k], k) / positive[i],
        Product(positive[k], k),
    )
    whole = Product(x[k], k)
    yield identity("product of any sign", D(whole, x[i]), whole / x[i], whole / x[j], whole, given=(Ne(x[i], 0),))
    P = Product(positive[k], k)
    second = (1 - delta(i, j)) * P / (positive[i] * positive[j])
    yield identity("Hessian of product", D(D(P, positive[i]), positive[j]), second, P / (positive[i] * positive[j]))
    yield identity("log of product", D(log(Product(positive[k], k)), positive[i]), 1 / positive[i], positive[i])
    G = Product(positive[k], k) ** (1 / n)
    yield identity(
        "geometric mean",
        D(exp(Sum(log(positive[k]), k) / n), positive[i]),
        exp(Sum(log(positive[k]), k) / n) / (n * positive[i]),
        G,
    )
    yield identity(
        "harmonic mean",
        D(n / Sum(1 / positive[k], k), positive[i]),
        n / (positive[i] * Sum(1 / positive[k], k)) ** 2,
        n,
    )


def statistics():
    centre = Sum(x[k], k) / n
    spread = Sum((x[l] - centre) ** 2, l) / n
    yield identity("mean", D(centre, x[i]), 1 / n, 1)
    yield identity("variance", D(spread, x[i]), 2 * (x[i] - centre) / n, 2 * (x[i] - centre), 2 * x[i] / n)
    yield identity(
        "unbiased variance", D(n * spread / (n - 1), x[i]), 2 * (x[i] - centre) / (n - 1), 2 * (x[i] - centre) / n
    )
    deviation = sqrt(spread + eps)
    yield identity(
        "standard deviation", D(deviation, x[i]), (x[i] - centre) / (n * deviation), (x[i] - centre) / deviation
    )
    yield identity("Hessian of variance", D(D(spread, x[i]), x[j]), 2 * (delta(i, j) - 1 / n) / n, 2 * delta(i, j) / n)

    def hat(at):
        return (x[at] - centre) / deviation

    jacobian = (delta(i, j) - 1 / n - hat(i) * hat(j) / n) / deviation
    yield identity("layer norm Jacobian", D(hat(i), x[j]), jacobian, (delta(i, j) - 1 / n) / deviation)
    gradient = (g[j] - Sum(g[k], k) / n - hat(j) * Sum(g[l] * hat(l), l) / n) / deviation
    loss = Sum(g[i] * hat(i), i)
    yield identity("layer norm input gradient", D(loss, x[j]), gradient, g[j] / deviation)
    affine = Sum(g[i] * (w[i] * hat(i) + y[i]), i)
    yield identity("layer norm scale gradient", D(affine, w[j]), g[j] * hat(j), g[j] * x[j])
    yield identity("layer norm shift gradient", D(affine, y[j]), g[j], w[j])
    scaled = (w[j] * g[j] - Sum(w[k] * g[k], k) / n - hat(j) * Sum(w[l] * g[l] * hat(l), l) / n) / deviation
    yield identity("layer norm input gradient with scale", D(affine, x[j]), scaled, w[j] * gradient)
    root = sqrt(Sum(x[k] ** 2, k) / n + eps)
    rms = g[j] / root - x[j] * Sum(g[l] * x[l], l) / (n * root**3)
    yield identity("RMS norm input gradient", D(Sum(g[l] * x[l], l) / root, x[j]), rms, g[j] / root)

    def column(at):
        return average(lambda row: X[row, at], s)

    def deviation_of(at):
        return sqrt(average(lambda row: (X[row, at] - column(at)) ** 2, t) + eps)

    G = matrix("G", m, n)

    def normed(row, at):
        return (X[row, at] - column(at)) / deviation_of(at)

    inner = (
        G[r, j] - average(lambda row: G[row, j], s) - normed(r, j) * average(lambda row: G[row, j] * normed(row, j), t)
    ) / deviation_of(j)
    yield identity(
        "batch norm input gradient", D(Sum(G[s, k] * normed(s, k), s, k), X[r, j]), inner, G[r, j] / deviation_of(j)
    )
    total = Sum(w[k] * x[k], k) / Sum(w[k], k)
    yield identity("weighted mean", D(total, x[i]), w[i] / Sum(w[k], k), w[i])
    yield identity(
        "weighted mean by weight", D(total, w[i]), (x[i] - total) / Sum(w[k], k), (x[i] + total) / Sum(w[k], k)
    )
    likelihood = -Sum((x[k] - mu) ** 2, k) / (2 * sigma**2) - n * log(sigma) - n * log(2 * pi) / 2
    yield identity("Gaussian score in mu", D(likelihood, mu), Sum(x[k] - mu, k) / sigma**2, Sum(x[k] - mu, k) / sigma)
    yield identity(
        "Gaussian score in sigma", D(likelihood, sigma), Sum((x[k] - mu) ** 2, k) / sigma**3 - n / sigma, -n / sigma
    )
    by_log = -Sum((x[k] - mu) ** 2, k) * exp(-2 * eta) / 2 - n * eta
    yield identity("Gaussian score in log sigma", D(by_log, eta), Sum((x[k] - mu) ** 2, k) * exp(-2 * eta) - n, -n)
    yield identity("Fisher information", D(D(likelihood, mu), mu), -n / sigma**2, n / sigma**2)
    covariance = Sum((x[k] - Sum(x[l], l) / n) * (y[k] - Sum(y[l], l) / n), k) / n
    yield identity("covariance", D(covariance, x[i]), (y[i] - Sum(y[l], l) / n) / n, y[i] / n)


def softmaxes():
    P = softmax(z, i)
    Pj = softmax(z, j)
    unit = (Eq(Sum(target[k], k), 1),)
    yield identity("logsumexp", D(lse(z), z[i]), P, exp(z[i]))
    yield identity("Hessian of logsumexp", D(D(lse(z), z[i]), z[j]), P * delta(i, j) - P * Pj, P * delta(i, j))
    yield identity("softmax Jacobian", D(P, z[j]), P * (delta(i, j) - Pj), P * (delta(i, j) - P), P * (1 - Pj))
    vjp = softmax(z, j) * (g[j] - Sum(g[k] * softmax(z, k), k))
    yield identity("softmax vJp", D(Sum(g[k] * softmax(z, k), k), z[j]), vjp, softmax(z, j) * g[j])
    yield identity("log-softmax", D(z[i] - lse(z), z[j]), delta(i, j) - Pj, delta(i, j) - P)
    yield identity("log of softmax", D(log(P), z[j]), delta(i, j) - Pj, delta(i, j) + Pj)
    loss = -Sum(target[k] * log(softmax(z, k)), k)
    yield identity("cross-entropy", D(loss, z[i]), P - target[i], target[i] - P, P, given=unit)
    yield identity("cross-entropy without mass one", D(loss, z[i]), P * Sum(target[k], k) - target[i], P - target[i])
    yield identity("cross-entropy from logsumexp", D(lse(z) - dot(target, z), z[i]), P - target[i], P + target[i])
    yield identity("cross-entropy of a class", D(-log(P), z[j]), Pj - delta(i, j), Pj)
    hot = exp(z[i] / T) / Sum(exp(z[l] / T), l)
    warm = exp(z[j] / T) / Sum(exp(z[l] / T), l)
    yield identity("softmax with temperature", D(hot, z[j]), hot * (delta(i, j) - warm) / T, hot * (delta(i, j) - warm))
    yield identity("logsumexp with temperature", D(T * log(Sum(exp(z[l] / T), l)), z[i]), hot, hot / T)
    yield identity("softmax rows sum to 0", Sum(D(P, z[j]), j), 0, P)
    shifted = exp(z[i] - Maximum(z[k], k)) / Sum(exp(z[l] - Maximum(z[k], k)), l)
    yield identity("stable softmax", shifted, P, Pj)
    stable = Maximum(z[k], k) + log(Sum(exp(z[l] - Maximum(z[k], k)), l))
    yield identity("stable logsumexp", stable, lse(z), log(Sum(exp(z[l] - Maximum(z[k], k)), l)))
    batch = exp(X[r, i]) / Sum(exp(X[r, l]), l)
    by_row = exp(X[s, i]) / Sum(exp(X[s, l]), l)
    yield identity(
        "softmax of rows",
        D(batch, X[s, j]),
        delta(r, s) * batch * (delta(i, j) - exp(X[s, j]) / Sum(exp(X[s, l]), l)),
        batch * delta(i, j),
    )
    labels = matrix("Y", m, n)
    mean_loss = -Sum(labels[s, k] * log(exp(X[s, k]) / Sum(exp(X[s, l]), l)), s, k) / m
    rows = (Eq(Sum(labels[s, k], k), 1),)
    yield identity(
        "batch cross-entropy", D(mean_loss, X[s, i]), (by_row - labels[s, i]) / m, by_row - labels[s, i], given=rows
    )
    scores = vector("b", n)
    logits = Sum(S[k, l] * x[l], l) + scores[k]
    logits_i = Sum(S[i, l] * x[l], l) + scores[i]
    total = log(Sum(exp(logits), k)) - Sum(target[k] * logits, k)
    prediction = exp(logits_i) / Sum(exp(logits), k)
    yield identity(
        "softmax regression by W", D(total, S[i, j]), (prediction - target[i]) * x[j], (prediction - target[i]) * x[i]
    )
    yield identity("softmax regression by b", D(total, scores[i]), prediction - target[i], prediction)
    yield identity(
        "softmax regression by x",
        D(total, x[j]),
        Sum(S[k, j] * (exp(logits) / Sum(exp(logits), k) - target[k]), k),
        Sum(S[k, j] * target[k], k),
    )
    entropy = -Sum(positive[k] * log(positive[k]), k)
    yield identity("entropy", D(entropy, positive[i]), -1 - log(positive[i]), 1 + log(positive[i]))
    other = vector("q", n, domain=POSITIVE)
    divergence = Sum(positive[k] * log(positive[k] / other[k]), k)
    yield identity("KL by p", D(divergence, positive[i]), 1 + log(positive[i] / other[i]), log(positive[i] / other[i]))
    yield identity("KL by q", D(divergence, other[i]), -positive[i] / other[i], positive[i] / other[i])
    of_softmax = Sum(positive[k] * log(positive[k] / softmax(z, k)), k)
    mass = (Eq(Sum(positive[k], k), 1),)
    yield identity("KL of softmax", D(of_softmax, z[i]), P - positive[i], positive[i] - P, given=mass)
    own = -Sum(softmax(z, k) * log(softmax(z, k)), k)
    yield identity("entropy of softmax", D(own, z[i]), -P * (log(P) + own), P * (log(P) + own))


def classifiers():
    margin = Sum(X[s, k] * w[k], k)
    labels = vector("y", m)
    loss = Sum(softplus(-labels[s] * margin), s)
    yield identity(
        "logistic loss",
        D(loss, w[i]),
        -Sum(labels[s] * X[s, i] * sigmoid(-labels[s] * margin), s),
        Sum(X[s, i] * sigmoid(margin), s),
    )
    yield identity(
        "logistic loss written out",
        D(Sum(log(1 + exp(-labels[s] * margin)), s), w[i]),
        -Sum(labels[s] * X[s, i] / (1 + exp(labels[s] * margin)), s),
        Sum(labels[s] * X[s, i] / (1 + exp(labels[s] * margin)), s),
    )
    cross = -Sum(labels[s] * log(sigmoid(margin)) + (1 - labels[s]) * log(1 - sigmoid(margin)), s)
    yield identity(
        "binary cross-entropy",
        D(cross, w[i]),
        Sum((sigmoid(margin) - labels[s]) * X[s, i], s),
        Sum(sigmoid(margin) * X[s, i], s),
    )
    yield identity(
        "Hessian of binary cross-entropy",
        D(D(Sum(softplus(margin) - labels[s] * margin, s), w[i]), w[j]),
        Sum(sigmoid(margin) * (1 - sigmoid(margin)) * X[s, i] * X[s, j], s),
        Sum(sigmoid(margin) * X[s, i] * X[s, j], s),
    )
    signs = (Eq(labels[s] ** 2, 1),)
    yield identity(
        "Hessian of logistic loss",
        D(D(loss, w[i]), w[j]),
        Sum(sigmoid(labels[s] * margin) * (1 - sigmoid(labels[s] * margin)) * X[s, i] * X[s, j], s),
        Sum(sigmoid(labels[s] * margin) * X[s, i] * X[s, j], s),
        given=signs,
    )
    yield identity(
        "squared hinge",
        D(Sum(relu(1 - labels[s] * margin) ** 2, s), w[i]),
        -2 * Sum(labels[s] * X[s, i] * relu(1 - labels[s] * margin), s),
        2 * Sum(labels[s] * X[s, i] * relu(1 - labels[s] * margin), s),
    )
    rate = Sum(exp(margin) - labels[s] * margin, s)
    yield identity(
        "Poisson regression", D(rate, w[i]), Sum((exp(margin) - labels[s]) * X[s, i], s), Sum(exp(margin) * X[s, i], s)
    )
    for name, f, slope in (
        ("tanh", tanh, lambda e: 1 - tanh(e) ** 2),
        ("sigmoid", sigmoid, lambda e: sigmoid(e) * (1 - sigmoid(e))),
        ("relu", relu, step),
        ("softplus", softplus, sigmoid),
        ("sine", sin, cos),
    ):
        yield identity(
            f"elementwise {name}", D(f(x[i]), x[j]), delta(i, j) * slope(x[i]), slope(x[i]), delta(i, j) * f(x[i])
        )
        before = Sum(A[r, k] * x[k], k) + b[r]
        at_s = Sum(A[s, k] * x[k], k) + b[s]
        loss = Sum(c[r] * f(before), r)
        yield identity(f"two layers, {name}, by W", D(loss, A[s, i]), c[s] * slope(at_s) * x[i], c[s] * x[i])
        yield identity(f"two layers, {name}, by b", D(loss, b[s]), c[s] * slope(at_s), c[s])
        yield identity(
            f"two layers, {name}, by x", D(loss, x[i]), Sum(A[r, i] * c[r] * slope(before), r), Sum(A[r, i] * c[r], r)
        )
        squared = (loss - a) ** 2
        yield identity(f"two layers, {name}, squared", D(squared, c[s]), 2 * (loss - a) * f(at_s), (loss - a) * f(at_s))
    hidden = tanh(Sum(A[r, k] * x[k], k))
    out = Sum(C[v, r] * hidden, r)
    yield identity(
        "three layers",
        D(Sum(tanh(out), v), A[s, i]),
        Sum((1 - tanh(out) ** 2) * C[v, s], v) * (1 - tanh(Sum(A[s, k] * x[k], k)) ** 2) * x[i],
        Sum(C[v, s], v) * x[i],
    )
    swish = x[i] * sigmoid(x[i])
    yield identity(
        "swish",
        D(swish, x[j]),
        delta(i, j) * (sigmoid(x[i]) + swish * (1 - sigmoid(x[i]))),
        delta(i, j) * sigmoid(x[i]),
    )


def attention():
    keys, values = matrix("K", m, n), matrix("V", m, p)

    def score(at):
        return Sum(q[k] * keys[at, k], k) / sqrt(n)

    def weight(at):
        return exp(score(at)) / Sum(exp(score(t)), t)

    def out(at):
        return Sum(weight(s) * values[s, at], s)

    yield identity("attention by value", D(out(u), values[r, v]), delta(u, v) * weight(r), weight(r))
    right = Sum(weight(s) * (values[s, u] - out(u)) * keys[s, i], s) / sqrt(n)
    yield identity(
        "attention by query", D(out(u), q[i]), right, Sum(weight(s) * values[s, u] * keys[s, i], s) / sqrt(n)
    )
    by_key = weight(r) * (values[r, u] - out(u)) * q[i] / sqrt(n)
    yield identity("attention by key", D(out(u), keys[r, i]), by_key, weight(r) * values[r, u] * q[i] / sqrt(n))
    queries = matrix("Q", p, n)

    def scores(row, at):
        return Sum(queries[row, k] * keys[at, k], k)

    yield identity("scores by query", D(scores(u, s), queries[v, i]), delta(u, v) * keys[s, i], keys[s, i])
    yield identity("scores by key", D(scores(u, s), keys[r, i]), delta(r, s) * queries[u, i], queries[u, i])


def convolution():
    taps = index("a", p)
    filter_, other = vector("w", p), index("e", p)
    long = vector("x", n + p - 1)
    yield identity(
        "correlation by filter",
        D(Sum(g[k] * Sum(filter_[taps] * long[k + taps - 1], taps), k), filter_[other]),
        Sum(g[k] * long[k + other - 1], k),
        Sum(g[k] * long[k], k),
    )
    yield identity(
        "sum of neighbours", D(Sum(long[k] * filter_[1], k), filter_[1]), Sum(long[k], k), Sum(long[k + p - 1], k)
    )
    position = index("o", n + p - 1)
    padded = tensor("w", p, padded=True)
    yield identity(
        "correlation by input",
        D(Sum(g[k] * Sum(padded[taps] * long[k + taps - 1], taps), k), long[position]),
        Sum(g[k] * padded[position - k + 1], k),
        Sum(g[k] * padded[position - k], k),
    )


def higher():
    yield identity("third derivative", D(D(D(Sum(x[k] ** 3, k), x[i]), x[i]), x[i]), 6, 6 * x[i])
    mixed = D(D(D(Sum(x[k], k) ** 3, x[i]), x[j]), x[l])
    yield identity("third derivative of a cube", mixed, 6, 6 * delta(i, j))
    yield identity("Hessian of a product", D(D(dot(x, y), x[i]), y[j]), delta(i, j), 1)
    yield identity("Hessian is symmetric", D(D(lse(z), z[i]), z[j]), D(D(lse(z), z[j]), z[i]), D(lse(z), z[i]))
    yield identity("Laplacian", Sum(D(D(dot(x, x), x[i]), x[i]), i), 2 * n, 2)
    radial = Sum(D(D(exp(-dot(x, x) / 2), x[i]), x[i]), i)
    value = exp(-dot(x, x) / 2)
    yield identity("Laplacian of a Gaussian", radial, (dot(x, x) - n) * value, (dot(x, x) + n) * value)
    yield identity("Euler's theorem", Sum(x[i] * D(norm(x), x[i]), i), norm(x), n * norm(x))
    yield identity("divergence of x", Sum(D(x[i], x[i]), i), n, 1)
    yield identity(
        "gradient step", dot(x, x) - eta * Sum(D(dot(x, x), x[i]) ** 2, i), (1 - 4 * eta) * dot(x, x), dot(x, x)
    )
    hvp = Sum(D(D(lse(z), z[i]), z[j]) * g[j], j)
    yield identity(
        "Hessian times vector", hvp, softmax(z, i) * (g[i] - Sum(g[k] * softmax(z, k), k)), softmax(z, i) * g[i]
    )


TOPICS = (linear_algebra, norms, statistics, softmaxes, classifiers, attention, convolution, higher)
IDENTITIES = [found for topic in TOPICS for found in topic()]
