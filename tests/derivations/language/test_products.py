"""dot, outer, trace, diag, eye, ones, zeros, delta against NumPy on small sizes."""

import numpy as np
import pytest

from tests.support.claim_values import entries

WHERE = "x, w: real[n]; y: real[m]; A: real[m, n]; B: real[n, p]; S: real[n, n]"
SIZES = {"m": 2, "n": 3, "p": 4}


@pytest.mark.parametrize(
    ("text", "numpy"),
    [("dot(x, w)", "x @ w"), ("dot(A, x)", "A @ x"), ("dot(A, B)", "A @ B"), ("dot(y, A)", "y @ A"),
     ("outer(x, y)", "np.outer(x, y)"), ("outer(x, x)", "np.outer(x, x)"), ("trace(S)", "np.trace(S)"),
     ("trace(A @ A.T)", "np.trace(A @ A.T)"), ("diag(x)", "np.diag(x)"), ("diag(S)", "np.diag(S)"),
     ("diag(x) @ B", "np.diag(x) @ B"), ("eye(n)", "np.eye(3)"), ("eye(n + 1)", "np.eye(4)"), ("ones(n)", "np.ones(3)"),
     ("zeros(n, p)", "np.zeros((3, 4))"), ("S - trace(S) * eye(n)", "S - np.trace(S) * np.eye(3)"),
     ("outer(x, w) - outer(w, x)", "np.outer(x, w) - np.outer(w, x)"), ("ones(m) @ A", "A.sum(0)"),
     ("norm(x) * norm(S)", "np.linalg.norm(x) * np.linalg.norm(S)"), ("norm(-3)", "3.0")],
)  # fmt: skip
def test_products_are_those_of_numpy(text, numpy):
    rng = np.random.default_rng(2)
    shapes = {"x": 3, "w": 3, "y": 2, "A": (2, 3), "B": (3, 4), "S": (3, 3)}
    numbers = {name: rng.integers(-40, 40, shape) / 16 for name, shape in shapes.items()}
    expected = np.asarray(eval(numpy, {"np": np, **numbers}))  # a text of ours
    found = entries(text, WHERE, **numbers, **SIZES)
    assert found.shape == expected.shape
    assert np.allclose(found, expected, rtol=1e-13, atol=1e-13)
