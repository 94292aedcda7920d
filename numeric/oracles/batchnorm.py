"""The backward pass of F.batch_norm in training mode.

One point of the sample is one channel: batch_norm wants (batch, channels), the sample has (points, batch).
F.batch_norm takes a single eps, the sample has one a point. Batch normalisation is homogeneous, so x / sqrt(eps) with
eps = 1 is the same function: ((x - mu)/s) / sqrt(var/s^2 + 1) with s = sqrt(eps).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F

from numeric.oracles import gradient, oracle, variable


def _batch_norm(x, eps, gamma, beta) -> torch.Tensor:
    if x.shape[1] == 1:
        raise NotImplementedError("F.batch_norm refuses a batch of one value")
    return F.batch_norm((x / eps.sqrt()[:, None]).T, None, None, gamma, beta, training=True, eps=1.0).T


def _ones_and_zeros(x) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.ones_like(x[:, 0]), torch.zeros_like(x[:, 0])


@oracle("batchnorm.input_gradient", names="F.batch_norm")
def input_gradient(x, g, eps, gamma):
    x = variable(x)
    return gradient(_batch_norm(x, eps, gamma, torch.zeros_like(gamma)), x, g)


@oracle("batchnorm.input_gradient_staged", names="F.batch_norm")
def input_gradient_staged(x, g, eps, gamma):
    return input_gradient(x, g, eps, gamma)


@oracle("batchnorm.input_gradient_sums_to_zero", names="F.batch_norm")
def input_gradient_sums_to_zero(x, g, eps, gamma):
    return input_gradient(x, g, eps, gamma).sum(-1)


@oracle("batchnorm.gamma_gradient", names="F.batch_norm")
def gamma_gradient(x, g, eps):
    gamma, beta = _ones_and_zeros(x)
    gamma = variable(gamma)  # the gradient does not depend on where gamma is
    return gradient(_batch_norm(x, eps, gamma, beta), gamma, g)


@oracle("batchnorm.beta_gradient", names="F.batch_norm")
def beta_gradient(x, g, eps):
    gamma, beta = _ones_and_zeros(x)
    beta = variable(beta)
    return gradient(_batch_norm(x, eps, gamma, beta), beta, g)


@oracle("batchnorm.xhat_sums_to_zero", names="F.batch_norm")
def xhat_sums_to_zero(x, eps):
    return _batch_norm(x, eps, *_ones_and_zeros(x)).sum(-1)
