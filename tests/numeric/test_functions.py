"""The formula as a function: signature, docstring, value."""

import inspect

import numpy as np
import pytest
import torch

from derivations.calculus.domains import interval
from derivations.calculus.operators import Expectation, delta
from derivations.calculus.symbols import index, scalar, sequence, size
from numeric import LoweringError, ShapeError, function

n = size("n")
i, j = index("i", n), index("j", n)


def test_signature_and_docstring(st):
    jacobian = function(st.softmax_jacobian.right, "jacobian", "Jacobian of the softmax.", axes=(st.i, st.j))
    assert jacobian.__name__ == "jacobian"
    assert str(inspect.signature(jacobian)) == "(z)"
    assert jacobian.__doc__.startswith("Jacobian of the softmax.\n")
    assert "z: array of shape (*batch, n), real." in jacobian.__doc__
    assert "torch.Tensor of shape (*batch, n, n), the axes running over i, j." in jacobian.__doc__
    logits = torch.randn(2, 4, dtype=torch.float64)
    wanted = torch.func.vmap(torch.func.jacrev(lambda a: torch.softmax(a, -1)))(logits)
    torch.testing.assert_close(jacobian(logits), wanted)
    torch.testing.assert_close(jacobian(z=logits), wanted)


def test_numpy_and_free_sizes():
    beta = scalar("beta", interval(0, 1))
    g = sequence("g", random=True)
    weights = function(beta * Expectation(g[n]) * delta(i, j), "weights", backend="numpy")
    assert str(inspect.signature(weights)) == "(beta, g, *, n: int)"
    assert "g: array of shape (*batch, outcomes, any), real." in weights.__doc__
    assert "beta: array of shape (*batch), in (0, 1)." in weights.__doc__
    assert "n: int, at least 1." in weights.__doc__
    found = weights(0.5, np.ones((3, 2, 6)), n=4)
    assert isinstance(found, np.ndarray)
    np.testing.assert_array_equal(found, np.broadcast_to(0.5 * np.eye(4), (3, 4, 4)))


def test_wrong_calls(st):
    gradient = function(st.cross_entropy_gradient.right, "gradient")
    with pytest.raises(TypeError, match="'z'"):
        gradient(torch.ones(3))
    with pytest.raises(ShapeError, match=r"z has shape \(4,\)"):
        gradient(y=torch.ones(3), z=torch.ones(4))
    with pytest.raises(LoweringError, match="not among the axes"):
        function(st.softmax_jacobian.right, axes=(st.i,))
