"""What the experiments compute by hand, by PyTorch's own means or by exact formulas."""

import numpy as np
import pytest
import torch
from torch.nn.functional import avg_pool1d, binary_cross_entropy_with_logits

from numeric import experiments
from numeric.experiments import gradient_by_layer, moving_averages, saturated_unit


@pytest.mark.parametrize(("id", "rate"), [("E1", 0.5), ("E1", 3.0), ("E2", 0.5)])
def test_the_unit_descends_as_torch_optim_sgd(id, rate):
    unit = torch.nn.Linear(1, 1, dtype=torch.float64)
    with torch.no_grad():
        unit.weight.fill_(2.0), unit.bias.fill_(2.0)
    x, y = torch.ones(1, dtype=torch.float64), torch.zeros(1, dtype=torch.float64)
    optimiser, losses = torch.optim.SGD(unit.parameters(), lr=rate), []
    for _ in range(51):
        z = unit(x)
        loss = (
            torch.nn.functional.mse_loss(torch.sigmoid(z), y) if id == "E1" else binary_cross_entropy_with_logits(z, y)
        )
        losses.append(loss.item())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert np.allclose(saturated_unit.curve(experiments.load(id).run().data, rate), losses, rtol=1e-12, atol=0)


@pytest.mark.parametrize(("loss", "name"), [("squared", "E1"), ("log", "E2")])
def test_small_rates_follow_the_closed_form_of_the_flow(loss, name):
    run = experiments.load(name).run(rates=(0.001,), shown=0.001, epochs=3000)
    gap = saturated_unit.flow_gap(run.data)
    half = experiments.load(name).run(rates=(0.0005,), shown=0.0005, epochs=6000)
    assert gap < 2e-3
    assert saturated_unit.flow_gap(half.data) == pytest.approx(gap / 2, rel=0.05)  # Euler's method is of first order


def test_the_gradient_by_layer_is_that_of_nn_sequential():
    stack, seed = gradient_by_layer.Stack(layers=3, width=5, batch=4, bias=0.5), 3
    expected = weight_gradients(stack, seed)
    found = experiments.load("E4").run(seed=seed, layers=3, width=5, batch=4, bias=0.5)
    assert np.allclose(gradient_by_layer.sizes(found.data, "weights", "tanh", "2/n"), expected, rtol=1e-12)


def weight_gradients(stack, seed):
    """Sizes of ∂L/∂W for tanh and variance 2/n, with PyTorch's modules and the same draws."""
    generator, width = torch.Generator().manual_seed(seed), stack.width

    def draw(*shape):
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    hidden, layers = draw(stack.batch, width), []
    for _ in range(stack.layers):
        linear = torch.nn.Linear(width, width, dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(draw(width, width) * (2 / width) ** 0.5)
            linear.bias.copy_(draw(width) * stack.bias)
        layers.append(linear)
    network = torch.nn.Sequential(*(part for linear in layers for part in (linear, torch.nn.Tanh())))
    (network(hidden) * draw(stack.batch, width)).sum().backward()
    return [layer.weight.grad.square().mean().sqrt().item() for layer in layers]


def test_the_theory_of_wide_layers_is_exact_for_relu():
    stack = gradient_by_layer.Stack()
    factors = gradient_by_layer.wide(stack, torch.relu, 1 / stack.width)
    assert factors == pytest.approx([0.5**0.5] * 11, rel=1e-5)  # √(E f′²) = √½, by a quadrature in float32 here


def normal(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def test_the_simple_average_is_avg_pool1d():
    values = normal(3, 40)
    found = moving_averages.sma(values, 10)[:, 9:]
    assert torch.allclose(found, avg_pool1d(values, 10, stride=1), rtol=1e-12)


def test_the_exponential_average_is_its_closed_form():
    values, alpha, start = normal(30), 0.2, torch.tensor(1.5, dtype=torch.float64)
    age = torch.arange(29, -1, -1).double()
    expected = (alpha * (1 - alpha) ** age * values).sum() + (1 - alpha) ** 30 * start
    assert moving_averages.ema(values, alpha, start)[-1] == pytest.approx(expected.item(), rel=1e-13)
