"""Error bounds hold against 200-bit truth, are not vacuous, and ulps are what they should be."""

import numpy as np
import pytest
import sympy as sp
import torch

from derivations.calculus.functions import erf, exp, log, logsumexp, relu, sigmoid, softmax, softplus, tanh
from derivations.calculus.operators import D, Product, Sum
from derivations.calculus.symbols import indices, scalar, size, vector
from numeric.kernels import NumpyKernel, TorchKernel
from numeric.lowering import lower
from numeric.precision import FLOAT32, FLOAT64, BoundedKernel, ulp, ulp_distance
from numeric.truth import TruthKernel

n = size("n")
i, j, k = indices("i j k", n)
z = vector("z", n)
x, w = scalar("x"), scalar("w")

EXPRESSIONS = {
    "sum": Sum(z[k], k),
    "cancelling sum": Sum(z[k], k) - Sum(z[k] * (1 + w / 1000), k),
    "variance": Sum((z[k] - Sum(z[i], i) / n) ** 2, k) / n,
    "softmax": softmax(z, i),
    "log softmax": log(softmax(z, i)),
    "logsumexp": logsumexp(z),
    "softmax of a computed argument": exp(z[i] * w) / Sum(exp(z[k] * w), k),
    "sigmoid": sigmoid(x * w),
    "1 - sigmoid": 1 - sigmoid(x),
    "softplus": softplus(x + w),
    "tanh": (1 - tanh(x)) * (1 + tanh(x)),
    "erf": erf(x * w) - erf(x),
    "roots": sp.sqrt(x**2 + 1) - sp.sqrt(x**2),
    "power": (1 + w / 10) ** 9 - 1,
    "negative power": (3 + x**2) ** -3,
    "rational": x / 3 + sp.Rational(1, 7),
    "logarithm": log(1 + x**2) * exp(-x),
    "product": Product(1 + z[k] / 9, k),
    "relu": relu(x - w) * sp.Abs(w),
    "derivative": D(softmax(z, i), z[j]),
    "pi": sp.pi * x,
}


def points(lowered, dtype, count=400):
    generator = np.random.default_rng(1)
    shapes = {"z": (count, 5), "x": (count,), "w": (count,)}
    scale = np.where(np.arange(count) % 5 == 0, 8.0, 1.0)
    draw = {name: generator.normal(size=shape) for name, shape in shapes.items()}
    draw = {name: array * scale.reshape(-1, *(1,) * (array.ndim - 1)) for name, array in draw.items()}
    return {a.name: draw[a.name].astype(dtype).astype(float) for a in lowered.arguments}


@pytest.mark.parametrize("form", [FLOAT64, FLOAT32], ids=lambda form: form.name)
@pytest.mark.parametrize("name", EXPRESSIONS)
def test_the_error_is_within_its_bound(name, form):
    lowered = lower(EXPRESSIONS[name], cancellations=False)
    given = points(lowered, form.name)
    kernels = [TorchKernel(getattr(torch, form.name)), NumpyKernel(form.name)]
    bound = lowered.evaluate(BoundedKernel(form), given)
    few = {name: array[:40] for name, array in given.items()}
    truth = TruthKernel()
    with truth.precision():
        exact = lowered.evaluate(truth, few)
        for kernel in kernels:
            computed = np.asarray(lowered.evaluate(kernel, few), dtype=float)
            assert (truth.error(computed, exact) <= bound.error[:40]).all()
    # and the bound says something: within a few hundred ulps of the natural scale
    assert np.median(bound.error / ulp(bound.scale, form)) < 300


def test_a_bound_without_roundings_would_be_exceeded():
    """The bound is needed: a tenth of a rounding of it is too little for some sum."""
    lowered = lower(Sum(z[k], k))
    given = {"z": np.random.default_rng(0).normal(size=(200, 9))}
    truth = TruthKernel()
    with truth.precision():
        error = truth.error(lowered.evaluate(NumpyKernel(), given), lowered.evaluate(truth, given))
    assert error.max() > 0.1 * 2.0**-53


def test_overflow_and_division_by_an_uncertain_zero_have_no_bound():
    kernel = BoundedKernel()
    assert np.isinf(lower(exp(x)).evaluate(kernel, {"x": np.array([800.0])}).error).all()
    assert np.isinf(lower(1 / (x + w)).evaluate(kernel, {"x": np.array([0.1]), "w": np.array([-0.1])}).error).all()
    assert np.isinf(lower(exp(x)).evaluate(BoundedKernel(FLOAT32), {"x": np.array([100.0])}).error).all()


def test_data_have_no_error_and_constants_theirs():
    kernel = BoundedKernel()
    exact = lower(x / 2).evaluate(kernel, {"x": np.array([0.3])})
    assert 0 < exact.error[0] <= 2.0**-53
    assert kernel.number(sp.Rational(1, 4)).error == 0
    assert kernel.number(sp.Rational(1, 3)).error > 0
    assert BoundedKernel(FLOAT32).number(sp.Rational(1, 4) + sp.Rational(1, 2**40)).error > 0


def test_natural_scale_is_that_of_the_terms_that_cancel():
    """(x + 1) - 1 loses digits of 1, so its errors are counted in ulps of 1."""
    tiny = np.array([1e-12])
    shifted = lower(Sum(z[k], k) - 1, cancellations=False)
    bound = shifted.evaluate(BoundedKernel(), {"z": np.array([[1.0, 1e-12]])})
    assert bound.scale[0] == pytest.approx(1.0)
    assert lower(2 * x).evaluate(BoundedKernel(), {"x": tiny}).scale[0] == pytest.approx(2e-12)


def test_ulps():
    assert ulp(np.array([1.0, 1.5, 2.0, 0.75])).tolist() == [2.0**-52, 2.0**-52, 2.0**-51, 2.0**-53]
    assert ulp(np.array([1.0]), FLOAT32)[0] == 2.0**-23
    assert ulp(np.array([0.0]))[0] == np.nextafter(0, 1)
    assert ulp_distance(np.nextafter(1.0, 2), 1.0) == 1


@pytest.mark.parametrize("name", ["softmax", "sigmoid", "erf", "power", "derivative", "variance", "pi"])
def test_balls_and_mpmath_agree(name):
    """Where python-flint is missing, mpmath gives the same truth."""
    pytest.importorskip("flint")
    lowered = lower(EXPRESSIONS[name])
    given = {name: array[:6] for name, array in points(lowered, "float64").items()}
    values = []
    for exact in (True, False):
        kernel = TruthKernel(exact)
        with kernel.precision():
            values.append(kernel.midpoints(lowered.evaluate(kernel, given)))
    np.testing.assert_allclose(*values, rtol=1e-15)
