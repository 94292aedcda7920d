"""torch.optim.Adam. The lecture's beta weighs the new value, PyTorch's the old one: betas = 1 - beta.

Adam takes its betas as plain numbers, one pair an optimiser, so only the first ``FEW`` points are compared.
"""

from __future__ import annotations

import torch

from numeric.oracles import oracle

FEW = 16


@oracle("adaptive.adam_first_step", names="torch.optim.Adam")
def adam_first_step(g, eta, beta1, beta2):
    """The change of a parameter from 0 by one step with eps = 0."""
    return torch.stack([_first_step(*point) for point in zip(g[:FEW], eta, beta1, beta2, strict=False)])


def _first_step(gradient: torch.Tensor, eta, beta1, beta2) -> torch.Tensor:
    theta = torch.nn.Parameter(torch.zeros_like(gradient))
    optimiser = torch.optim.Adam([theta], lr=float(eta), betas=(1 - float(beta1), 1 - float(beta2)), eps=0.0)
    theta.grad = gradient.clone()
    optimiser.step()
    return theta.detach()


@oracle("adaptive.adam_bias_correction", names="torch.optim.Adam")
def adam_bias_correction(g, beta, t):
    """The mean of Adam's first moment over the outcomes of g, an array (points, outcomes, time)."""
    return torch.stack([_first_moment(g[point], 1 - beta[point], int(t)).mean() for point in range(min(FEW, len(g)))])


def _first_moment(g: torch.Tensor, weight_of_old: torch.Tensor, steps: int) -> torch.Tensor:
    theta = torch.nn.Parameter(torch.zeros_like(g[:, 0]))
    optimiser = torch.optim.Adam([theta], betas=(float(weight_of_old), 0.999))
    for step in range(steps):
        theta.grad = g[:, step].clone()
        optimiser.step()
    return optimiser.state[theta]["exp_avg"]
