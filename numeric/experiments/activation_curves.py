"""E13: the activation functions and their derivatives, and what autograd makes of the kink at 0.

sigmoid   1/(1 + e⁻ᶻ)     tanh     ReLU   max(0, z)     leaky ReLU   max(z, a z), a = 0.01 or 0.1
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

import numpy as np
import torch
from torch.nn.functional import leaky_relu

from derivations.proof.source import CIS680
from numeric.experiments.experiment import Experiment
from numeric.experiments.figure import Axis, Figure, Panel, Series
from numeric.experiments.findings import Data, at_most, near

Function = Callable[[torch.Tensor], torch.Tensor]

ACTIVATIONS: dict[str, Function] = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "ReLU": torch.relu,
    "leaky ReLU, 0.01": partial(leaky_relu, negative_slope=0.01),
    "leaky ReLU, 0.1": partial(leaky_relu, negative_slope=0.1),
}
RELUS: dict[str, Function] = {  # max(0, z), written in three ways
    "relu": torch.relu,
    "maximum": lambda z: torch.maximum(z, torch.zeros_like(z)),
    "clamp": lambda z: torch.clamp(z, min=0),
}


@dataclass(frozen=True)
class Curves:
    """The range of z, and the place at which the kink is looked for."""

    low: Annotated[float, "least z of the grid"] = -5.0
    high: Annotated[float, "greatest z of the grid"] = 5.0
    points: Annotated[int, "points of the grid, equally far apart"] = 201
    kink: Annotated[float, "the z at which ReLU's derivatives are looked at"] = 0.0
    depth: Annotated[int, "units in the chain whose factors are multiplied"] = 10


def derivative(f: Function, z: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Value and derivative at every z, by autograd."""
    z = z.clone().requires_grad_()
    value = f(z)
    (slope,) = torch.autograd.grad(value.sum(), z)
    return value.detach(), slope


def measure(curves: Curves, seed: int) -> dict[str, Any]:
    """Values and derivatives, shape (activations, points); ReLU's derivative at the kink, by each of ``RELUS``."""
    z = torch.linspace(curves.low, curves.high, curves.points)
    both = [derivative(f, z) for f in ACTIVATIONS.values()]
    kink, step = torch.tensor([curves.kink]), 2.0**-20
    left, right = (float((torch.relu(kink + h) - torch.relu(kink)) / h) for h in (-step, step))
    return {
        "z": z,
        "value": torch.stack([value for value, _ in both]),
        "slope": torch.stack([slope for _, slope in both]),
        "kink": torch.cat([derivative(f, kink)[1] for f in RELUS.values()]),
        "one_sided": torch.tensor([left, right]),
    }


# ---- what is looked at


def slopes(data: Data, activation: str) -> np.ndarray:
    return data["slope"][list(ACTIVATIONS).index(activation)]


def slope_at(activation: str, place: float) -> Callable[[Data], float]:
    """The derivative at the point of the grid that is nearest."""
    return lambda data: slopes(data, activation)[np.argmin(np.abs(data["z"] - place))]


def largest(activation: str) -> Callable[[Data], float]:
    return lambda data: slopes(data, activation).max()


def smallest_product(activation: str) -> Callable[[Data], float]:
    """The least factor of the gradient through ``depth`` units with weight 1."""
    return lambda data: slopes(data, activation).min() ** data.parameters.depth


def draw(data: Data) -> Figure:
    values = tuple(Series.of(f, data["z"], v) for f, v in zip(ACTIVATIONS, data["value"], strict=True))
    slopes_ = tuple(Series.of(f, data["z"], v) for f, v in zip(ACTIVATIONS, data["slope"], strict=True))
    quarter = Series.of("1/4", data["z"][[0, -1]], [0.25, 0.25], role="reference")
    return Figure(
        "Five activation functions and their derivatives. The sigmoid's derivative has its maximum 1/4 at 0, that of"
        " tanh 1; ReLU's jumps from 0 to 1 and the leaky one's from its small slope to 1.",
        (
            Panel("Activation f(z)", Axis("z"), Axis("f(z)", limits=(-1.5, 2.5)), values),
            Panel("Derivative f′(z)", Axis("z"), Axis("f′(z)", limits=(-0.05, 1.1)), (*slopes_, quarter)),
        ),
    )


curves = Experiment(
    "E13",
    title="Activation functions and their derivatives",
    source=CIS680.at("Vanishing Gradients: Activation function requirements"),
    says=(
        "An activation should be non-linear, differentiable and free of the vanishing gradient. CIS 680 shows sigmoid,"
        " tanh and ReLU and takes ReLU; Piastra adds that its derivative is in general not small; Romanov shows the"
        " leaky one. The sigmoid's derivative is at most 1/4, that of tanh at most 1."
    ),
    chosen="The range −5 to 5 is ours, as are the slopes 0.01 and 0.1 of the leaky ReLU, which the text does not give.",
    parameters=Curves(),
    measure=measure,
    draw=draw,
    random=False,
    catalogue=(
        "act.sigmoid",
        "act.sigmoid-derivative-max",
        "act.tanh-derivative-max",
        "act.relu",
        "act.relu-differentiable",
        "act.relu-no-same-problem",
        "act.leaky-relu",
    ),
    results=(
        "activations.sigmoid_derivative",
        "activations.sigmoid_derivative_bound",
        "activations.tanh_derivative",
        "activations.tanh_derivative_bound",
    ),
    expect=(
        near("sigmoid_max", "largest derivative of the sigmoid", largest("sigmoid"), 0.25, 1e-12, "lecture"),
        near("tanh_max", "largest derivative of tanh", largest("tanh"), 1, 1e-12, "lecture"),
        near("sigmoid_at_4", "derivative of the sigmoid at z = 4", slope_at("sigmoid", 4), 0.017663, 1e-6, "theory"),
        near("sigmoid_at_5", "derivative of the sigmoid at z = 5", slope_at("sigmoid", 5), 0.006648, 1e-6, "theory"),
        near("relu_positive", "derivative of ReLU at z = 3", slope_at("ReLU", 3), 1, 0, "lecture"),
        near("relu_negative", "derivative of ReLU at z = −3: a dead unit", slope_at("ReLU", -3), 0, 0, "theory"),
        near(
            "differentiable",
            "jump of ReLU's one-sided derivatives at 0, if it were differentiable",
            lambda d: d["one_sided"][1] - d["one_sided"][0],
            0,
            1e-6,
            "lecture",
            foreseen="differs",
        ),
        near("torch_relu", "torch.relu: derivative that autograd gives at 0", lambda d: d["kink"][0], 0, 0, "computed"),
        near("torch_maximum", "torch.maximum(z, 0): the same", lambda d: d["kink"][1], 0.5, 0, "computed"),
        near("torch_clamp", "torch.clamp(z, min=0): the same", lambda d: d["kink"][2], 1, 0, "computed"),
        at_most(
            "leaky_vanishes",
            "least factor of the gradient through 10 leaky units (0.01), against 4⁻¹⁰ of the sigmoid's bound",
            smallest_product("leaky ReLU, 0.01"),
            0.25**10,
            "theory",
        ),
    ),
    wrong=(
        {"low": 3.0, "high": 9.0},
        {"low": -5.0, "high": -1.0},
        {"kink": 1.0},
        {"kink": -1.0},
        {"low": 0.5},
    ),
)
