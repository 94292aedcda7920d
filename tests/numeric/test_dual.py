"""Forward differentiation by dual numbers against torch.func: two ways that share no code."""

import numpy as np
import pytest
import sympy as sp
import torch

from derivations.calculus.functions import erf, exp, log, logsumexp, sigmoid, softmax, softplus, tanh
from derivations.calculus.operators import D, Product, Sum
from derivations.calculus.symbols import indices, matrix, scalar, size, vector
from numeric.dual import SLOPES
from numeric.kernels import FUNCTIONS
from numeric.lowering import lower

# two graphs of one formula, some dozen float64 operations each: a few hundred ulps; a wrong formula is far off
SAME_DIGITS = {"rtol": 1e-12, "atol": 1e-13}

n = size("n")
i, j, k, q = indices("i j k q", n)
z, W = vector("z", n), matrix("W", n, n)
x = scalar("x")

EXPRESSIONS = {
    "product rule": D(z[i] * Sum(z[k] ** 2, k), z[j]),
    "quotient": D(z[i] / (1 + Sum(z[k] ** 2, k)), z[j]),
    "softmax": D(softmax(z, i), z[j]),
    "second derivative": D(D(logsumexp(z), z[i]), z[j]),
    "third derivative": D(D(D(logsumexp(z), z[i]), z[j]), z[k]),
    "log softmax": D(log(softmax(z, i)), z[j]),
    "product with a zero": D(Product(z[k] - z[i], k), z[j]),
    "matrix": D(Sum(W[i, k] * tanh(Sum(W[k, q] * z[q], q)), k), W[j, i]),
    "diagonal": D(Sum(W[k, k] * z[k], k), W[i, i]),
    "functions": D(sigmoid(x) + softplus(x) + erf(x) + exp(x) * sp.sqrt(1 + x**2) + log(2 + x**2), x),
    "power": D((1 + x**2) ** x, x),
    "derivative of a Jacobian's trace": D(Sum(D(softmax(z, k), z[k]), k), z[i]),
    "constant": D(Sum(z[k], k), x) + x,
}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_duals_agree_with_torch(name):
    expression = EXPRESSIONS[name]
    generator = np.random.default_rng(0)
    shapes = {"z": (4, 3), "W": (4, 3, 3), "x": (4,)}
    by_torch, by_duals = lower(expression), lower(expression, "numpy")
    arguments = {a.name: generator.normal(size=shapes[a.name]) for a in by_torch.arguments}
    np.testing.assert_allclose(by_duals(**arguments), by_torch(**arguments).numpy(), **SAME_DIGITS)


def test_every_smooth_function_has_a_slope():
    assert set(FUNCTIONS) == set(SLOPES) | {"step", "sign"}


def test_a_wrong_slope_is_seen(monkeypatch):
    """The comparison of the two ways bites."""
    from numeric import dual

    broken = {**SLOPES, "tanh": lambda A, x, y: A.multiply(y, y)}
    monkeypatch.setattr(dual, "SLOPES", broken)
    found = lower(D(tanh(x), x), "numpy")(x=0.3)
    assert abs(found - float(lower(D(tanh(x), x))(x=torch.tensor(0.3, dtype=torch.float64)))) > 0.1
