"""sum, mean, var, max, norm, softmax, ... against NumPy and PyTorch on small sizes: axes, ddof, layouts."""

import itertools

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from derivations.judges import kernel
from derivations.language import claims
from derivations.language.errors import InvalidClaim
from tests.support.claim_values import entries

WHERE = "x: real[n]; A: real[m, n]; T: real[m, n, p]; a: real"
SIZES = {"m": 2, "n": 3, "p": 4}
AXES = {
    "x": ("", "0", "-1"),
    "A": ("", "0", "1", "-2", "(0, 1)", "(-1, 0)"),
    "T": ("", "0", "2", "-2", "(0, 2)", "(2, 0)", "(0, 1, 2)"),
}
CASES = [(name, axis) for name, axes in AXES.items() for axis in axes]


@pytest.fixture(scope="module")
def numbers():
    rng = np.random.default_rng(1)
    shapes = {"x": (3,), "A": (2, 3), "T": (2, 3, 4), "a": ()}
    return {name: np.asarray(rng.integers(-40, 40, shape) / 16) for name, shape in shapes.items()}


def agree(text, expected, numbers):
    expected = np.asarray(expected)
    found = entries(text, WHERE, **numbers, **SIZES)
    assert found.shape == expected.shape, text
    assert np.allclose(found, expected, rtol=1e-12, atol=1e-12), text


def axes_of(axis: str):
    found = tuple(int(part) for part in axis.strip("()").split(",") if part.strip())
    return None if not axis else found


def soft(array, axes):
    shifted = np.exp(array - array.max())
    return shifted / shifted.sum(axis=axes, keepdims=True)


NUMPY = {
    "sum": np.sum,
    "prod": np.prod,
    "mean": np.mean,
    "var": np.var,
    "std": np.std,
    "max": np.max,
    "min": np.min,
    "norm": lambda array, axis: np.sqrt(np.sum(array**2, axis=axis)),
    "logsumexp": lambda array, axis: np.log(np.sum(np.exp(array), axis=axis)),
}


@pytest.mark.parametrize(("name", "axis"), CASES)
@pytest.mark.parametrize("reduction", NUMPY)
def test_reductions_of_all_axes(reduction, name, axis, numbers):
    text = f"{reduction}({name}, axis={axis})" if axis else f"{reduction}({name})"
    agree(text, NUMPY[reduction](numbers[name], axis=axes_of(axis)), numbers)


@pytest.mark.parametrize(("name", "axis"), CASES)
@pytest.mark.parametrize("ddof", [-1, 0, 1, 2])
def test_divisors_of_variances(ddof, name, axis, numbers):
    options = f"ddof={ddof}" + (f", axis={axis}" if axis else "")
    count = numbers[name].size // np.sum(numbers[name], axis=axes_of(axis)).size
    if ddof < count:
        agree(f"var({name}, {options})", np.var(numbers[name], axis=axes_of(axis), ddof=ddof), numbers)
        agree(f"std({name}, {options})", np.std(numbers[name], axis=axes_of(axis), ddof=ddof), numbers)


@pytest.mark.parametrize(("name", "axis"), [case for case in CASES if case != ("A", "") and case != ("T", "")])
def test_softmax_along_axes(name, axis, numbers):
    text = f"{name}, axis={axis}" if axis else name
    expected = soft(numbers[name], axes_of(axis))
    agree(f"softmax({text})", expected, numbers)
    agree(f"log_softmax({text})", np.log(expected), numbers)


def test_softmax_is_that_of_pytorch(numbers):
    tensor = torch.from_numpy(numbers["T"])
    for axis in range(3):
        agree(f"softmax(T, axis={axis})", F.softmax(tensor, axis).numpy(), numbers)
        agree(f"log_softmax(T, axis={axis})", F.log_softmax(tensor, axis).numpy(), numbers)
        agree(f"logsumexp(T, axis={axis})", torch.logsumexp(tensor, axis).numpy(), numbers)


@pytest.mark.parametrize("name", ["A", "T"])
@pytest.mark.parametrize("function", ["softmax", "log_softmax"])
def test_softmax_of_more_axes_must_name_one(function, name, numbers):
    with pytest.raises(InvalidClaim, match="needs axis="):
        entries(f"{function}({name})", WHERE)


@pytest.mark.parametrize(("text", "expected"), [
    ("sum(x[i], i)", lambda x, A: x.sum()),
    ("sum(A[i, j], i, j)", lambda x, A: A.sum()),
    ("sum(sum(A[i, j], i) * x[j], j)", lambda x, A: (A.sum(0) @ x)),
    ("sum(A[:, j] * x[j], j)", lambda x, A: A @ x),
    ("sum(x[k], (k, 1, n))", lambda x, A: x.sum()),
    ("sum(x[k + 1] - x[k], (k, 1, n - 1))", lambda x, A: x[-1] - x[0]),
    ("sum(x[n + 1 - k] * k, (k, 1, n))", lambda x, A: x[::-1] @ [1, 2, 3]),
    ("sum(k**2, (k, -2, 3))", lambda x, A: 19),
    ("sum(k, (k, 5, 2))", lambda x, A: 0),
    ("prod(k, (k, 5, 2))", lambda x, A: 1),
    ("prod(x[i], i)", lambda x, A: x.prod()),
    ("prod(k, (k, 1, n + 2))", lambda x, A: 120),
    ("sum(sum(x[k] * j, (j, 1, k)), k)", lambda x, A: x @ [1, 3, 6]),
    ("sum(x[j] * x[k], (k, 1, n), (j, 1, k))", lambda x, A: np.tril(np.outer(x, x)).sum()),
    ("sum(n, (n, 1, n))", lambda x, A: 6),
    ("sum(a * a, (a, 1, 3))", lambda x, A: 14),
    ("sum(x[i], i) * a + sum(i, (i, 1, 2))", lambda x, A: x.sum() * -0.5 + 3),
    ("sum(sum(x[i], i) * sum(x[i]**2, i) * j, (j, 1, 2))", lambda x, A: x.sum() * (x**2).sum() * 3),
])  # fmt: skip
def test_sums_over_indices(text, expected, numbers):
    numbers = {**numbers, "a": np.asarray(-0.5)}
    agree(text, expected(numbers["x"], numbers["A"]), numbers)


@pytest.mark.parametrize("several", [2, 3])
def test_max_and_min_of_several_arguments(several, numbers):
    for names in itertools.product(["x", "A", "a", "0"], repeat=several):
        values = [numbers.get(name, np.asarray(0.0)) for name in names]
        if any(v.ndim for v in values) or "a" in names:
            for text, f in (("max", np.maximum), ("min", np.minimum), ("maximum", np.maximum), ("minimum", np.minimum)):
                expected = values[0]
                for v in values[1:]:
                    expected = f(expected, v)
                agree(f"{text}({', '.join(names)})", expected, numbers)


@pytest.mark.parametrize(
    ("kept", "plain"),
    [
        ("X - mean(X, axis=1, keepdims=True)", "X - mean(X, axis=1)[:, None]"),
        ("X / norm(X, axis=0, keepdims=True)", "X / norm(X, axis=0)"),
        ("max(X, axis=1, keepdims=True) * X", "max(X, axis=1)[:, None] * X"),
        ("var(X, axis=1, keepdims=True) + X", "var(X, axis=1)[:, None] + X"),
        ("sum(X, axis=0, keepdims=False)", "sum(X, axis=0)"),
        ("(x[:, None] * y[None, :])[i, j]", "x[i] * y[j]"),
    ],
)
def test_axes_that_are_kept_or_new(kept, plain):
    where = "X: real[m, n]; x: real[m]; y: real[n]"
    (part,) = claims.read(f"{kept} == {plain}", where).parts
    assert kernel.decide(part.relation).proved


@pytest.mark.parametrize(
    ("states", "message"),
    [
        ("mean(z) == 1", "column 6: mean of a scalar: declare an array, as in 'x: real[n]'"),
        ("sum(x[k]*y[k]) == 1", "column 5: sum of a scalar: over an index it is sum(f, k)"),
        ("sum(x, 0) == 1", "column 8: an axis is named: sum(..., axis=0)"),
        ("sum(x, axis=0, keepdims=1) == 1", "column 25: keepdims is True or False"),
        ("x[None] + None == 1", "column 11: None has no value here: it stands in keepdims=True and in x[:, None] only"),
    ],
)
def test_slips_are_told(states, message):
    with pytest.raises(InvalidClaim) as error:
        claims.read(states, "x: real[n]; y: real[n]")
    assert str(error.value) == message
