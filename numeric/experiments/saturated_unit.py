"""E1 and E2: one sigmoid unit learns to answer 0 to the input 1, from weight 2 and bias 2.

    squared error   L = σ(w + b)²            gradient 2σ²(1 − σ): almost nothing while the answer is wrong
    log-loss        L = −log(1 − σ(w + b))   gradient σ: largest while the answer is wrong

Both weight and bias move, so that along the gradient flow z = w + b obeys dz/dt = −2 L′(z). It has closed forms:

    squared error   4t = G(z₀) − G(z),   G(z) = 3z + eᶻ − 3e⁻ᶻ − e⁻²ᶻ/2
    log-loss        2t = h(z₀) − h(z),   h(z) = z − e⁻ᶻ
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, nan
from typing import Annotated, Any, Literal

import numpy as np
import torch

from derivations.proof.source import MUCHA
from numeric.experiments.experiment import Experiment
from numeric.experiments.figure import Axis, Figure, Note, Panel, Series
from numeric.experiments.findings import Data, at_least, at_most, near

STEEPEST_SQUARE = 8 / 27  # the largest slope of σ(z)², where σ = 2/3
FLOOR = -12.0  # how far down the flow is tabulated


@dataclass(frozen=True)
class Unit:
    """The learning rates are drawn; the figures are those of the rate ``shown``, which is one of them."""

    loss: Annotated[Literal["squared", "log"], "the loss: squared error, or log-loss"]
    rates: Annotated[tuple[float, ...], "learning rates η, a curve each"]
    shown: Annotated[float, "the learning rate that the findings and the gradient flow are of"] = 0.5
    weight: Annotated[float, "weight w before the first epoch"] = 2.0
    bias: Annotated[float, "bias b before the first epoch"] = 2.0
    epochs: Annotated[int, "steps of gradient descent"] = 50

    def __post_init__(self) -> None:
        if self.shown not in self.rates:
            raise ValueError(f"the rate shown, {self.shown:g}, is not among {self.rates}")


def squared(z: torch.Tensor) -> torch.Tensor:
    return torch.sigmoid(z) ** 2


def log_loss(z: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.softplus(z)  # = −log(1 − σ(z)), without the cancellation


def squared_flow(z: np.ndarray) -> np.ndarray:
    return (3 * z + np.exp(z) - 3 * np.exp(-z) - np.exp(-2 * z) / 2) / 4


def log_flow(z: np.ndarray) -> np.ndarray:
    return (z - np.exp(-z)) / 2


LOSSES = {"squared": (squared, squared_flow), "log": (log_loss, log_flow)}


def measure(unit: Unit, seed: int) -> dict[str, Any]:
    """Gradient descent, every rate at once: losses and slopes dL/dw, shape (rates, epochs + 1); and the flow."""
    loss, _ = LOSSES[unit.loss]
    rates = torch.tensor(unit.rates)
    weight = torch.full_like(rates, unit.weight, requires_grad=True)
    bias = torch.full_like(rates, unit.bias, requires_grad=True)
    losses, slopes = [], []
    for _ in range(unit.epochs + 1):
        value = loss(weight + bias)
        by_weight, by_bias = torch.autograd.grad(value.sum(), (weight, bias))  # no rate sees another's unit
        losses.append(value.detach())
        slopes.append(by_weight)
        weight = (weight - rates * by_weight).detach().requires_grad_()
        bias = (bias - rates * by_bias).detach().requires_grad_()
    return {"loss": torch.stack(losses, 1), "slope": torch.stack(slopes, 1), "flow": follow(unit)}


def follow(unit: Unit) -> torch.Tensor:
    """The loss along the gradient flow at the times of the epochs, for the rate shown."""
    loss, time = LOSSES[unit.loss]
    z = np.linspace(FLOOR, unit.weight + unit.bias, 200_001)
    elapsed = time(z[-1:]) - time(z)  # falls as z grows
    reached = np.interp(unit.shown * np.arange(unit.epochs + 1), elapsed[::-1], z[::-1])
    return loss(torch.from_numpy(reached))


# ---- what is looked at


def curve(data: Data, rate: float | None = None) -> np.ndarray:
    """The losses of one rate, by default of the one shown; nothing if that rate did not run."""
    unit: Unit = data.parameters
    rate = unit.shown if rate is None else rate
    return data["loss"][unit.rates.index(rate)] if rate in unit.rates else np.full(unit.epochs + 1, nan)


def after(epoch: int, rate: float | None = None) -> Callable[[Data], float]:
    """The loss after so many epochs, if there are so many."""
    return lambda data: curve(data, rate)[epoch] if epoch <= data.parameters.epochs else nan


def half_epoch(losses: np.ndarray) -> float:
    """The first epoch that leaves half of the loss or less; no number if there is none."""
    reached = np.flatnonzero(losses <= losses[0] / 2)
    return float(reached[0]) if reached.size else nan


def steepest_epoch(data: Data) -> float:
    return float(np.argmax(-np.diff(curve(data))))


def prediction(data: Data) -> float:
    return 1 / (1 + exp(-data.parameters.weight - data.parameters.bias))


def share_gone(data: Data) -> float:
    losses = curve(data)
    return 1 - losses[min(10, len(losses) - 1)] / losses[0]


def first_slope(data: Data) -> float:
    return data["slope"][0, 0]


def against_squared(data: Data) -> float:
    """The first slope over the one that the squared error has there."""
    z = torch.tensor(data.parameters.weight + data.parameters.bias, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(squared(z), z)
    return first_slope(data) / float(slope)


def flow_gap(data: Data) -> float:
    """The largest distance of descent and flow, as a part of the first loss."""
    losses = curve(data)
    return float(np.abs(losses - data["flow"]).max() / losses[0])


def flow_delay(data: Data) -> float:
    """Epochs to half of the loss: the closed form of the flow against the descent."""
    z = data.parameters.weight + data.parameters.bias
    half = prediction(data) / 2**0.5  # σ² halves
    target = np.log(half / (1 - half))
    time = float(squared_flow(np.array(z)) - squared_flow(np.array(target)))
    return half_epoch(curve(data)) / (time / data.parameters.shown)


# ---- the figures


def draw(data: Data, title: str, caption: str) -> Figure:
    unit: Unit = data.parameters
    epochs = range(unit.epochs + 1)
    lines = [Series.of(f"η = {rate:g}", epochs, curve(data, rate)) for rate in unit.rates]
    flow = Series.of(f"gradient flow, η = {unit.shown:g}", epochs, data["flow"], role="reference")
    half = half_epoch(curve(data))
    notes = () if np.isnan(half) else (Note(f"half, epoch {half:g}", half, float(curve(data)[int(half)])),)
    panel = Panel(title, Axis("epoch"), Axis("loss", limits=(0, 1.05 * float(curve(data)[0]))), (*lines, flow), notes)
    return Figure(caption, (panel,))


def draw_squared(data: Data) -> Figure:
    return draw(
        data,
        "Squared error of the saturated unit",
        "Loss against epoch for several learning rates. At the middle rates the loss stays near its start for dozens of"
        " epochs, then drops; the dashed curve is the closed form of the gradient flow.",
    )


def draw_log(data: Data) -> Figure:
    return draw(
        data,
        "Log-loss of the same unit",
        "Loss against epoch. With the log-loss the descent is steepest at the first epoch and flattens from there; the"
        " dashed curve is the closed form of the gradient flow.",
    )


# ---- the experiments

squared_error = Experiment(
    "E1",
    title="A saturated unit learns late: squared error",
    source=MUCHA.at("Motivation", r"L(w, b) = (\sigma(w + b))^2"),
    says=(
        "A sigmoid unit starts at w = b = 2 and should answer 0 to x = 1. Its first answer is about 0.98, it is"
        " saturated, and its squared error behaves strangely over 50 epochs: the factor σ(1 − σ) makes the gradient"
        " really small just when the answer is almost entirely wrong."
    ),
    chosen=(
        "The slides give no learning rate. Only rates of about 0.3 to 1.5 show both the plateau and the drop within 50"
        " epochs; the findings are those of 0.5."
    ),
    parameters=Unit("squared", rates=(0.1, 0.3, 0.5, 1.0, 3.0)),
    measure=measure,
    draw=draw_squared,
    random=False,
    catalogue=("sat.initial-prediction", "sat.quadratic-50-epochs", "sat.second-term", "loss.mucha-quadratic"),
    results=("losses.squared_error_gradient", "activations.sigmoid_derivative"),
    expect=(
        near("first_answer", "first answer of the unit", prediction, 0.98, 0.005, "lecture"),
        near(
            "slope_formula",
            "first slope ∂L/∂w by autograd, against the slide's 2σ · σ(1 − σ) at z = 4",
            first_slope,
            2 * (s := 1 / (1 + exp(-4))) ** 2 * (1 - s),
            1e-12,
            "lecture",
        ),
        at_most(
            "slope_small",
            "first slope as a part of the largest that this loss can have, 8/27",
            lambda d: first_slope(d) / STEEPEST_SQUARE,
            0.2,
            "lecture",
        ),
        at_most("slow_start", "part of the loss that is gone after 10 epochs", share_gone, 0.05, "lecture"),
        at_least("late_descent", "epoch at which the loss falls fastest", steepest_epoch, 25, "computed"),
        near("half", "epoch that leaves half of the loss", lambda d: half_epoch(curve(d)), 33, 0.5, "computed"),
        near("loss_after_20", "loss after 20 epochs", after(20), 0.902, 0.001, "computed"),
        near("loss_after_40", "loss after 40 epochs", after(40), 0.0871, 0.0005, "computed"),
        near("loss_after_50", "loss after 50 epochs", after(50), 0.0266, 0.0002, "computed"),
        at_least("too_slow", "loss after 50 epochs at the rate 0.1: still flat", after(50, 0.1), 0.94, "computed"),
        at_most("too_fast", "loss after 10 epochs at the rate 3: already over", after(10, 3.0), 0.02, "computed"),
        near(
            "flow_half",
            "epochs to half of the loss, descent over gradient flow (15.81/η)",
            flow_delay,
            1,
            0.06,
            "theory",
        ),
    ),
    wrong=(
        {"weight": 0.0, "bias": 0.0},
        {"loss": "log"},
        {"rates": (0.05, 0.5, 6.0)},
        {"rates": (0.1, 1.5, 3.0), "shown": 1.5},
        {"epochs": 15},
    ),
)

logarithmic = Experiment(
    "E2",
    title="The same unit learns at once: log-loss",
    source=MUCHA.at("Log-loss", r"L(w, b) = -\log(1 - \sigma(w + b))"),
    says=(
        "With the log-loss instead, the gradient is σ(w + b) itself: large while the answer is wrong. The slide calls"
        " that perfect, and shows the loss over the same epochs."
    ),
    chosen="The learning rate is again ours: 0.5 as in E1. At 0.005 the 50 epochs are almost a straight line.",
    parameters=Unit("log", rates=(0.005, 0.1, 0.5, 1.0)),
    measure=measure,
    draw=draw_log,
    random=False,
    catalogue=("loss.mucha-log", "sat.log-50-epochs"),
    results=("losses.log_loss_gradient", "activations.softplus_derivative"),
    expect=(
        near(
            "slope_formula",
            "first slope ∂L/∂w by autograd, against the slide's σ(w + b)",
            first_slope,
            1 / (1 + exp(-4)),
            1e-12,
            "lecture",
        ),
        near("steepest_first", "epoch at which the loss falls fastest", steepest_epoch, 0, 0, "lecture"),
        at_least("fast_start", "part of the loss that is gone after 10 epochs", share_gone, 0.9, "lecture"),
        near(
            "slope_ratio",
            "first slope over that of the squared error, 1/(2σ(1 − σ))",
            against_squared,
            28.3,
            0.05,
            "theory",
        ),
        near("half", "epoch that leaves half of the loss", lambda d: half_epoch(curve(d)), 3, 0.5, "computed"),
        near("loss_after_10", "loss after 10 epochs", after(10), 0.1733, 0.0005, "computed"),
        near("loss_after_50", "loss after 50 epochs", after(50), 0.0224, 0.0002, "computed"),
        near("almost_straight", "loss after 50 epochs at the rate 0.005", after(50, 0.005), 3.541, 0.001, "computed"),
        at_most(
            "flow",
            "largest distance of descent and gradient flow, as a part of the first loss",
            flow_gap,
            0.05,
            "theory",
        ),
    ),
    wrong=(
        {"loss": "squared"},
        {"weight": -6.0},
        {"rates": (0.005, 0.1), "shown": 0.1},
        {"rates": (0.05, 3.0), "shown": 3.0},
        {"epochs": 5},
    ),
)
