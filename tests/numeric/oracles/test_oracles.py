"""PyTorch's operators against formulas written out by hand, and the registry."""

import pytest
import torch

from numeric import oracles
from numeric.oracles import Oracle, OracleError, activations, adaptive, averages, batchnorm, losses, softmax

F64 = torch.float64


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


def close(left, right):
    torch.testing.assert_close(left, right, rtol=1e-10, atol=1e-12)


def test_activations():
    z = torch.linspace(-45, 45, 19, dtype=F64)
    s = torch.sigmoid(z)
    close(activations.sigmoid_derivative(z), s * (1 - s))
    close(activations.tanh_derivative(z), 1 - torch.tanh(z) ** 2)
    torch.testing.assert_close(activations.softplus_derivative(z), s, rtol=1e-15, atol=0)
    close(activations.tanh_from_sigmoid(z), torch.tanh(z))


def test_losses():
    w, x, b, y = torch.randn(4, 20, dtype=F64)
    a = torch.sigmoid(w * x + b)
    close(losses.squared_error_gradient(w, x, b, y), (a - y) * a * (1 - a) * x)
    close(losses.cross_entropy_gradient(w, x, b, y), x * (a - y))
    close(losses.log_loss_gradient(w, b), torch.sigmoid(w + b))
    p = torch.rand(20, dtype=F64) * 0.9 + 0.05
    close(losses.cross_entropy_from_desired_gradient(p, y), (p - y) / (p * (1 - p)))


def test_softmax():
    z = torch.randn(6, 4, dtype=F64)
    y = torch.rand(6, 4, dtype=F64)
    y = y / y.sum(-1, keepdim=True)
    p = torch.softmax(z, -1)
    jacobian = torch.diag_embed(p) - p[..., None] * p[..., None, :]
    close(softmax.jacobian(z), jacobian)
    close(softmax.logsumexp_hessian(z), jacobian)
    close(softmax.cross_entropy_gradient(z, y), p - y)
    close(softmax.normalised(z), torch.ones(6, dtype=F64))


def test_batchnorm_has_one_eps_a_point():
    x, g = torch.randn(2, 8, 5, dtype=F64)
    gamma, eps = torch.randn(8, dtype=F64), torch.rand(8, dtype=F64) + 0.1
    xhat = (x - x.mean(1, keepdim=True)) / (x.var(1, unbiased=False, keepdim=True) + eps[:, None]).sqrt()
    leaf = x.clone().requires_grad_()
    deviation = leaf - leaf.mean(1, keepdim=True)
    normal = deviation / ((deviation**2).mean(1, keepdim=True) + eps[:, None]).sqrt()
    (wanted,) = torch.autograd.grad((gamma[:, None] * normal * g).sum(), leaf)
    close(batchnorm.input_gradient(x, g, eps, gamma), wanted)
    close(batchnorm.gamma_gradient(x, g, eps), (g * xhat).sum(1))
    close(batchnorm.beta_gradient(x, g, eps), g.sum(1))
    close(batchnorm.xhat_sums_to_zero(x, eps), torch.zeros(8, dtype=F64))
    with pytest.raises(NotImplementedError, match="one value"):
        batchnorm.input_gradient(x[:, :1], g[:, :1], eps, gamma)


def test_averages():
    v, start, alpha = torch.randn(3, 7, dtype=F64), torch.randn(3, dtype=F64), torch.rand(3, dtype=F64)
    wanted = (1 - alpha) ** 4 * start + sum(alpha * (1 - alpha) ** (3 - s) * v[:, s] for s in range(4))
    close(averages.ema_closed_form(v, alpha, start, 4), wanted)
    close(averages.running_mean(v, 3), v[:, :4].mean(1))


def test_adam():
    g, eta = torch.randn(9, dtype=F64), torch.rand(9, dtype=F64)
    close(adaptive.adam_first_step(g, eta), -eta * g.sign())
    noise, beta = torch.randn(30, 6, 5, dtype=F64), torch.rand(30, dtype=F64)
    wanted = sum(beta[:, None] * (1 - beta[:, None]) ** (3 - s) * noise[:, :, s] for s in range(4)).mean(1)
    close(adaptive.adam_bias_correction(noise, beta, 4), wanted[: adaptive.FEW])


def test_the_registry():
    found = oracles.find("softmax.jacobian")
    assert found.names == "torch.softmax"
    assert oracles.find("softmax.nothing") is None
    with pytest.raises(ValueError, match="two oracles"):
        oracles.oracle("softmax.jacobian", names="another")(lambda z: z)
    assert oracles.find("softmax.jacobian") is found


def test_an_oracle_says_what_it_lacks():
    with pytest.raises(OracleError, match="needs y"):
        Oracle("t", "native", lambda z, y: z)({"z": torch.ones(2)})
