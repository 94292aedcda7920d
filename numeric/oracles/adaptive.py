"""torch.optim.Adam. The lecture's beta weighs the new value, PyTorch's the old one: betas = 1 - beta.

Adam takes its betas as plain numbers, one pair an optimiser, so the bias correction
is compared at the first ``FEW`` points only.
"""

from __future__ import annotations

import torch

from numeric.oracles import oracle

FEW = 16


@oracle("adaptive.adam_first_step", names="torch.optim.Adam")
def adam_first_step(g, eta):
    """The change of a parameter from 0 by one step with eps = 0, at learning rate 1 and scaled by eta.

    The betas are the slide's 0.1 and 0.001; they cancel in the first step.
    """
    theta = torch.nn.Parameter(torch.zeros_like(g))
    optimiser = torch.optim.Adam([theta], lr=1.0, betas=(1 - 0.1, 1 - 0.001), eps=0.0)
    theta.grad = g.clone()
    optimiser.step()
    return eta * theta.detach()


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
