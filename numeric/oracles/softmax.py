"""torch.softmax, F.cross_entropy and torch.logsumexp under torch.func."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch.func import jacrev, vmap

from numeric.oracles import gradient, oracle, variable


@oracle("softmax.normalised", names="torch.softmax")
def normalised(z):
    return torch.softmax(z, -1).sum(-1)


@oracle("softmax.jacobian", names="torch.softmax")
def jacobian(z):
    return vmap(jacrev(lambda logits: torch.softmax(logits, -1)))(z)


@oracle("softmax.jacobian_rows_sum_to_zero", names="torch.softmax")
def jacobian_rows_sum_to_zero(z):
    return jacobian(z).sum(-1)


@oracle("softmax.cross_entropy_gradient", names="F.cross_entropy")
def cross_entropy_gradient(z, y):
    """The targets are probabilities: F.cross_entropy takes them as a float array of the shape of the logits."""
    z = variable(z)
    return gradient(F.cross_entropy(z, y, reduction="none"), z)


@oracle("softmax.logsumexp_hessian", names="torch.logsumexp")
def logsumexp_hessian(z):
    """Reverse over reverse: torch.func.hessian goes forward over reverse, which warns of its own torch.jit.script."""
    return vmap(jacrev(jacrev(lambda logits: torch.logsumexp(logits, -1))))(z)
