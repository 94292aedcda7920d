"""F.mse_loss and the binary cross-entropies of one sigmoid unit, z = w x + b."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from numeric.oracles import gradient, oracle, variable


@oracle("losses.squared_error_gradient", names="F.mse_loss")
def squared_error_gradient(w, x, b, y):
    """Half of mse_loss: the lectures' error has the factor 1/2, PyTorch's has not."""
    w = variable(w)
    return gradient(0.5 * F.mse_loss(torch.sigmoid(w * x + b), y, reduction="none"), w)


@oracle("losses.cross_entropy_gradient", names="F.binary_cross_entropy_with_logits")
def cross_entropy_gradient(w, x, b, y):
    w = variable(w)
    return gradient(F.binary_cross_entropy_with_logits(w * x + b, y, reduction="none"), w)


@oracle("losses.cross_entropy_from_desired_gradient", names="F.binary_cross_entropy")
def cross_entropy_from_desired_gradient(p, y):
    """binary_cross_entropy takes targets in [0, 1]; its gradient is affine in y, so 0 and 1 determine it."""
    p = variable(p)
    at_zero, at_one = (
        gradient(F.binary_cross_entropy(p, torch.full_like(p, target), reduction="none"), p) for target in (0.0, 1.0)
    )
    return (1 - y) * at_zero + y * at_one


@oracle("losses.log_loss_gradient", names="F.binary_cross_entropy_with_logits")
def log_loss_gradient(w, b):
    """The unit with x = 1 and target 0."""
    w = variable(w)
    return gradient(F.binary_cross_entropy_with_logits(w + b, torch.zeros_like(w), reduction="none"), w)
