"""Statements in the surface language that several tests use."""

from sympy import Rational

from derivations.calculus.domains import POSITIVE
from derivations.calculus.functions import exp, log, sigmoid, sqrt
from derivations.calculus.operators import D, Sum, delta
from derivations.calculus.symbols import Defined, Definition, indices, scalar, scalars, size, vector
from derivations.proof.statement import Eq, Hypothesis

n = size("n")
i, j, k = indices("i j k", n)
z, y = vector("z", n), vector("y", n)
x = scalar("x")

Z = Defined(Definition("Z", (), Sum(exp(z[k]), k)))
p = Definition("p", (i,), exp(z[i]) / Z)
L = Defined(Definition("L", (), -Sum(y[i] * log(p[i]), i)))
unit_mass = Hypothesis("the targets sum to one", Eq(Sum(y[i], i), 1))

softmax_jacobian = Eq(D(p[i], z[j]), p[i] * (delta(i, j) - p[j]))
cross_entropy_gradient = Eq(D(L, z[j]), p[j] - y[j])
sigmoid_derivative = Eq(D(sigmoid(x), x), sigmoid(x) * (1 - sigmoid(x)))

m = size("m")
r, s, t = indices("r s t", m)
u, g = vector("u", m), vector("g", m)
gamma, beta = scalars("gamma beta")
eps = scalar("eps", POSITIVE)
mu = Defined(Definition("mu", (), Sum(u[t], t) / m))
var = Defined(Definition("var", (), Sum((u[t] - mu) ** 2, t) / m))
uhat = Definition("uhat", (r,), (u[r] - mu) / sqrt(var + eps))
out = Definition("out", (r,), gamma * uhat[r] + beta)
loss = Defined(Definition("loss", (), Sum(g[s] * out[s], s)))
batchnorm_gradient = Eq(
    Sum(g[s] * D(out[s], u[r]), s),
    gamma / (m * sqrt(var + eps)) * (m * g[r] - Sum(g[t], t) - uhat[r] * Sum(g[t] * uhat[t], t)),
)
batchnorm_staged = Eq(
    D(loss, u[r]),
    D(loss, uhat[r]) / sqrt(var + eps) + D(loss, var) * 2 * (u[r] - mu) / m + D(loss, mu) / m,
)
HALF = Rational(1, 2)
