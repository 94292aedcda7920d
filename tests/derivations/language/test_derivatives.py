"""diff, grad, jacobian, hessian against torch.autograd.functional on small sizes: values, and the order of the axes."""

import numpy as np
import pytest
import torch
from torch.autograd.functional import hessian, jacobian

from tests.support.claim_values import entries

WHERE = "a: real; x: real[n]; y: real[m]; A: real[m, n]; S: real[n, n]"
SIZES = {"m": 2, "n": 3}
FUNCTIONS = {  # as text, and in PyTorch
    "sum(x**3)": lambda v: (v["x"] ** 3).sum(),
    "x @ S @ x": lambda v: v["x"] @ v["S"] @ v["x"],
    "sum((A @ x - y)**2)": lambda v: ((v["A"] @ v["x"] - v["y"]) ** 2).sum(),
    "logsumexp(x)": lambda v: torch.logsumexp(v["x"], 0),
    "norm(A)": lambda v: v["A"].norm(),
    "var(x, ddof=1)": lambda v: v["x"].var(),
    "sum(tanh(A) * outer(y, x))": lambda v: (v["A"].tanh() * torch.outer(v["y"], v["x"])).sum(),
    "a**2 * sum(exp(a * x))": lambda v: v["a"] ** 2 * torch.exp(v["a"] * v["x"]).sum(),
    "trace(S @ S.T)": lambda v: torch.trace(v["S"] @ v["S"].T),
    "max(x)": lambda v: v["x"].max(),
    "prod(x)": lambda v: v["x"].prod(),
}
ARRAYS = {
    "A @ x": lambda v: v["A"] @ v["x"],
    "softmax(x)": lambda v: torch.softmax(v["x"], 0),
    "outer(y, x**2)": lambda v: torch.outer(v["y"], v["x"] ** 2),
    "A * x": lambda v: v["A"] * v["x"],
    "S.T": lambda v: v["S"].T,
    "softmax(A, axis=0)": lambda v: torch.softmax(v["A"], 0),
    "sin(x)": lambda v: v["x"].sin(),
    "(A @ S).T": lambda v: (v["A"] @ v["S"]).T,
}


@pytest.fixture(scope="module")
def numbers():
    rng = np.random.default_rng(3)
    shapes = {"a": (), "x": 3, "y": 2, "A": (2, 3), "S": (3, 3)}
    return {name: np.asarray(rng.integers(1, 40, shape) / 16) for name, shape in shapes.items()}


def compare(text, reference, name, numbers, layout):
    tensors = {key: torch.from_numpy(value) for key, value in numbers.items()}
    expected = layout(lambda moved: reference({**tensors, name: moved}), tensors[name]).numpy()
    found = entries(text, WHERE, **numbers, **SIZES)
    assert found.shape == expected.shape
    assert np.allclose(found, expected, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("name", ["x", "y", "A", "S", "a"])
@pytest.mark.parametrize("text", FUNCTIONS)
def test_gradients_have_the_shape_of_the_variable(text, name, numbers):
    compare(f"grad({text}, {name})", FUNCTIONS[text], name, numbers, jacobian)


@pytest.mark.parametrize("name", ["x", "A", "S", "a"])
@pytest.mark.parametrize("text", ARRAYS)
def test_jacobians_have_the_axes_of_the_function_then_those_of_the_variable(text, name, numbers):
    compare(f"jacobian({text}, {name})", ARRAYS[text], name, numbers, jacobian)


@pytest.mark.parametrize("name", ["x", "A", "a"])
@pytest.mark.parametrize("text", [text for text in FUNCTIONS if "max" not in text])
def test_hessians_have_the_axes_of_the_variable_twice(text, name, numbers):
    compare(f"hessian({text}, {name})", FUNCTIONS[text], name, numbers, hessian)


@pytest.mark.parametrize(
    "text", ["diff(sin(a) * a**3, a)", "diff(tanh(a), a)", "diff(x * exp(a), a)", "diff(A**2 / a, a)"]
)
def test_diff_by_a_scalar_goes_entry_by_entry(text, numbers):
    f = {"sin(a)": lambda v: v["a"].sin() * v["a"] ** 3, "tanh(a)": lambda v: v["a"].tanh(),
         "x * exp": lambda v: v["x"] * v["a"].exp(), "A**2 / ": lambda v: v["A"] ** 2 / v["a"]}  # fmt: skip
    compare(text, next(g for start, g in f.items() if text[5:].startswith(start)), "a", numbers, jacobian)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("a, 2", 12 * 1.25**2),
        ("a, a", 12 * 1.25**2),
        ("a, 3", 24 * 1.25),
        ("a, a, 2", 24 * 1.25),
        ("a, 4", 24),
        ("a, 5", 0),
    ],
)
def test_orders_of_derivatives(order, expected):
    assert entries(f"diff(a**4, {order})", a=1.25) == pytest.approx(expected, abs=1e-12)


def test_mixed_derivatives():
    assert entries("diff(a**2 * b**3, a, b)", a=2.0, b=0.5) == pytest.approx(2 * 2 * 3 * 0.25)
    assert entries("diff(a**2 * b**3, a, b, 2)", a=2.0, b=0.5) == pytest.approx(2 * 2 * 6 * 0.5)


def test_derivatives_by_entries(numbers):
    x = numbers["x"]
    found = entries("diff(sum(x**3), x[2])", "x: real[n]; n >= 2", x=x, n=3)
    assert found == pytest.approx(3 * x[1] ** 2)


def test_an_index_of_the_variable_is_not_the_one_that_is_summed_over(numbers):
    """d/dA of a sum over i and j with an i of its own: no capture."""
    a = numbers["A"]
    assert np.allclose(entries("grad(sum(A[i, j]**2, i, j), A)", WHERE, A=a, **SIZES), 2 * a)
    let = ("s = sum(A[i, j]**2, i, j)",)
    assert np.allclose(entries("grad(s * s, A)", WHERE, let, A=a, **SIZES), 4 * a * (a**2).sum())
