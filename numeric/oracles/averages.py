"""torch.lerp step by step, and torch.cumsum."""

from __future__ import annotations

import torch

from numeric.oracles import oracle


@oracle("averages.ema_closed_form", names="torch.lerp")
def ema_closed_form(v, alpha, v0, t):
    """torch.lerp(old, new, alpha) = old + alpha (new - old): alpha weighs the new value, as in the lecture."""
    average = v0
    for step in range(int(t)):
        average = torch.lerp(average, v[:, step], alpha)
    return average


@oracle("averages.running_mean", names="torch.cumsum")
def running_mean(v, T):
    """The mean of v_1 .. v_(T+1): a partial sum over how many values it has."""
    counts = torch.arange(1, v.shape[1] + 1, dtype=v.dtype, device=v.device)
    return (torch.cumsum(v, -1) / counts)[:, int(T)]
