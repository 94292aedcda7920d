"""E4: how large the gradient is at each layer of a deep network, by activation and by the size of the first weights.

    z⁽ˡ⁾ = W⁽ˡ⁾ h⁽ˡ⁻¹⁾ + b⁽ˡ⁾,   h⁽ˡ⁾ = f(z⁽ˡ⁾),   L = Σ g h⁽ᴷ⁾,   with h⁽⁰⁾ and g ~ N(0, 1): only the layers shape it

Two sizes are kept apart, because they behave differently: that of the signal that flows back, ∂L/∂z⁽ˡ⁾, and that of
the gradient of the weights, ∂L/∂W⁽ˡ⁾ = ∂L/∂z⁽ˡ⁾ h⁽ˡ⁻¹⁾ᵀ, in which an h that shrinks forward hides a ∂L/∂z that shrinks
back.

The theory of wide layers: z⁽ˡ⁾ ~ N(0, q⁽ˡ⁾) with q⁽ˡ⁾ = n Var W · E f(z⁽ˡ⁻¹⁾)² + Var b, and one layer back multiplies
the root mean square of the signal by √(n Var W · E f′(z⁽ˡ⁾)²).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import nan
from typing import Annotated, Any

import numpy as np
import torch

from derivations.proof.source import ROMANOV
from numeric.experiments.experiment import Experiment
from numeric.experiments.figure import Axis, Figure, Panel, Series
from numeric.experiments.findings import Data, at_least, at_most, near

ACTIVATIONS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "ReLU": torch.relu,
    "leaky ReLU": lambda z: torch.nn.functional.leaky_relu(z, 0.01),
}
WEIGHTS: dict[str, Callable[[int], float]] = {  # the variance, from the width
    "1/n": lambda width: 1 / width,
    "2/n": lambda width: 2 / width,
    "0.01²": lambda width: 1e-4,
}


@dataclass(frozen=True)
class Stack:
    """A stack of square layers."""

    layers: Annotated[int, "layers K of the stack"] = 12
    width: Annotated[int, "units n of every layer"] = 100
    batch: Annotated[int, "inputs h⁽⁰⁾ at once"] = 64
    steepness: Annotated[float, "c: every activation is f(c z)"] = 1.0
    bias: Annotated[float, "standard deviation of the biases"] = 0.0


def measure(stack: Stack, seed: int) -> dict[str, Any]:
    """Root mean squares, shape (activations, weights, layers), and the theory's factor a layer between them."""
    found = [backward(stack, f, seed) for f in ACTIVATIONS.values()]
    theory = [[wide(stack, f, v(stack.width)) for v in WEIGHTS.values()] for f in ACTIVATIONS.values()]
    arrays = {name: np.stack([one[name] for one in found]) for name in ("signal", "weights", "norms")}
    return {**arrays, "theory": np.array(theory)}


def backward(stack: Stack, f: Callable[[torch.Tensor], torch.Tensor], seed: int) -> dict[str, np.ndarray]:
    """One activation, all sizes of weights at once: the same draws, scaled."""
    generator = torch.Generator().manual_seed(seed)
    deviations = torch.tensor([v(stack.width) ** 0.5 for v in WEIGHTS.values()])[:, None, None]
    hidden = torch.randn(stack.batch, stack.width, generator=generator).expand(len(WEIGHTS), -1, -1)
    inputs: list[torch.Tensor] = []
    matrices: list[torch.Tensor] = []
    for _ in range(stack.layers):
        matrix = (torch.randn(stack.width, stack.width, generator=generator) * deviations).requires_grad_()
        z = hidden @ matrix.mT + stack.bias * torch.randn(stack.width, generator=generator)
        hidden = f(stack.steepness * z)
        inputs.append(z)
        matrices.append(matrix)
    loss = (hidden * torch.randn(stack.batch, stack.width, generator=generator)).sum()
    gradients = torch.autograd.grad(loss, [*inputs, *matrices])
    return {
        "signal": _sizes(gradients[: stack.layers]),
        "weights": _sizes(gradients[stack.layers :]),
        "norms": torch.stack([torch.linalg.matrix_norm(m.detach(), 2) for m in matrices], 1).numpy(),
    }


def _sizes(gradients: tuple[torch.Tensor, ...]) -> np.ndarray:
    """Root mean squares, shape (weights, layers)."""
    return torch.stack([g.square().mean((-2, -1)).sqrt() for g in gradients], 1).numpy()


def wide(stack: Stack, f: Callable[[torch.Tensor], torch.Tensor], variance: float) -> list[float]:
    """The factor of the signal from layer l + 1 back to layer l, for l = 1 ... layers − 1, when layers are wide."""
    normal = torch.linspace(-9, 9, 20_000)  # an even number: the kink of ReLU is between two nodes
    density = torch.exp(-(normal**2) / 2)
    density /= density.sum()
    gain, factors = stack.width * variance, []
    q = gain + stack.bias**2  # of the first layer: its input is N(0, 1)
    for _ in range(stack.layers - 1):
        z = (q**0.5 * normal).requires_grad_()
        value = f(stack.steepness * z)
        (slope,) = torch.autograd.grad(value.sum(), z)
        factors.append(float((gain * (density * slope**2).sum()) ** 0.5))
        q = float(gain * (density * value.detach() ** 2).sum()) + stack.bias**2
    return factors


# ---- what is looked at


def sizes(data: Data, array: str, activation: str, weights: str) -> np.ndarray:
    return data[array][list(ACTIVATIONS).index(activation), list(WEIGHTS).index(weights)]


def factor(activation: str, weights: str, array: str = "signal") -> Callable[[Data], float]:
    """What one layer back multiplies the gradient by: the geometric mean over the layers."""

    def measured(data: Data) -> float:
        values = sizes(data, array, activation, weights)
        alive = len(values) > 1 and values[-1] > 0  # narrow layers of ReLU can die altogether
        return float((values[0] / values[-1]) ** (1 / (len(values) - 1))) if alive else nan

    return measured


def predicted(activation: str, weights: str) -> Callable[[Data], float]:
    return lambda data: float(np.exp(np.log(sizes(data, "theory", activation, weights)).mean()))


def tightness(data: Data) -> float:
    """The sigmoid's largest factor of one layer over its bound ‖W‖/4."""
    found = data["signal"][0, :, :-1] / data["signal"][0, :, 1:]
    return float((found / (data["norms"][0, :, 1:] / 4)).max())


def largest_factor(data: Data) -> float:
    return max(factor(f, weights)(data) for f in ACTIVATIONS for weights in WEIGHTS)


def first_over_last(data: Data) -> float:
    values = sizes(data, "signal", "sigmoid", "1/n")
    return float(values[0] / values[-1])


def draw(data: Data) -> Figure:
    return Figure(
        "Root mean square of ∂L/∂z at each layer, relative to the last one, for three sizes of the first weights. With"
        " the sigmoid it shrinks by nearly the same factor at each layer, about 4 at variance 1/n: a straight line on"
        " this scale. ReLU at 2/n keeps it; weights of variance 0.01² shrink it with every activation.",
        tuple(_panel(data, weights) for weights in WEIGHTS),
    )


def _panel(data: Data, weights: str) -> Panel:
    layers = range(1, data.parameters.layers + 1)
    curves = [(f, sizes(data, "signal", f, weights)) for f in ACTIVATIONS]
    alive = [(f, values) for f, values in curves if values.min() > 0]
    lines = [Series.of(f, layers, values / values[-1], "line and points") for f, values in alive]
    factors = sizes(data, "theory", "sigmoid", weights)
    theory = np.append(np.cumprod(factors[::-1])[::-1], 1.0)
    lines.append(Series.of("sigmoid, theory of wide layers", layers, theory, role="reference"))
    return Panel(f"Var W = {weights}", Axis("layer"), Axis("size of ∂L/∂z, last layer = 1", "log"), tuple(lines))


by_layer = Experiment(
    "E4",
    title="The size of the gradient, layer by layer",
    source=ROMANOV.at("Gradient Vanishing: Sigmoid"),
    says=(
        "Each sigmoid multiplies the gradient by at most 1/4, so it vanishes with depth (Romanov, CIS 680, Dripta: the"
        " norm of one layer's Jacobian is at most ‖W‖/4); tanh has the bound 1. CIS 680 asks for an activation that"
        " eliminates the problem and takes ReLU; Romanov concludes that vanishing cannot be avoided at all."
    ),
    chosen=(
        "The slides print no experiment. Ours: 12 square layers of 100 units without biases, a batch of 64, a random"
        " linear loss, and weights of variance 1/n, 2/n and 0.01² (the size that CIS 680 calls typical)."
    ),
    parameters=Stack(),
    measure=measure,
    draw=draw,
    catalogue=(
        "grad.sigmoid-bound",
        "grad.tanh-bound",
        "grad.small-weight-figure",
        "grad.unavoidable",
        "act.eliminates-vanishing",
    ),
    results=("activations.sigmoid_derivative_bound", "activations.tanh_derivative_bound"),
    expect=(
        at_most("bound", "sigmoid: largest factor of one layer over its bound ‖W‖/4", tightness, 1, "lecture"),
        at_most(
            "vanishes",
            "sigmoid, 1/n: the first layer's signal as a part of the last's",
            first_over_last,
            1e-6,
            "lecture",
        ),
        near(
            "sigmoid",
            "sigmoid, 1/n: factor a layer",
            factor("sigmoid", "1/n"),
            predicted("sigmoid", "1/n"),
            0.01,
            "theory",
        ),
        near(
            "sigmoid_small",
            "sigmoid, 0.01²: factor a layer",
            factor("sigmoid", "0.01²"),
            predicted("sigmoid", "0.01²"),
            0.001,
            "theory",
        ),
        near("tanh", "tanh, 1/n: factor a layer", factor("tanh", "1/n"), predicted("tanh", "1/n"), 0.02, "theory"),
        near("relu", "ReLU, 2/n: factor a layer", factor("ReLU", "2/n"), 1, 0.08, "theory"),
        at_least(
            "eliminates",
            "ReLU, 0.01²: factor a layer, if ReLU eliminated the problem",
            factor("ReLU", "0.01²"),
            0.9,
            "lecture",
            foreseen="differs",
        ),
        at_most(
            "unavoidable",
            "largest factor of all, if vanishing could not be avoided",
            largest_factor,
            0.9,
            "lecture",
            foreseen="differs",
        ),
        near(
            "hidden",
            "tanh, 1/n: factor of ∂L/∂W, which stays although ∂L/∂z shrinks",
            factor("tanh", "1/n", "weights"),
            1.02,
            0.05,
            "computed",
        ),
        near(
            "homogeneous",
            "ReLU, 0.01²: factor of ∂L/∂W, the same for every size of weights",
            factor("ReLU", "0.01²", "weights"),
            1,
            0.05,
            "theory",
        ),
    ),
    wrong=({"steepness": 0.25}, {"steepness": 16.0}, {"bias": 1.0}, {"width": 3}, {"layers": 3}),
)
