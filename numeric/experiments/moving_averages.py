"""E11: the exponential moving average (EMA) against the simple one (SMA) that it is said to approximate.

    SMA   the mean of the last n values
    EMA   e ← (1 − α) e + α v

Both are run on an impulse (which gives their weights), a step, a ramp, a sinusoid (of period n) and white noise, each
for long enough that the start no longer matters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, nan, pi
from typing import Annotated, Any

import numpy as np
import torch

from derivations.proof.source import PIASTRA
from numeric.experiments.experiment import Experiment
from numeric.experiments.figure import Axis, Figure, Mark, Panel, Series
from numeric.experiments.findings import Data, near

FORGOTTEN = 1e-17  # a start that weighs less than this has been forgotten


@dataclass(frozen=True)
class Averages:
    """A window and the α that is to match it, and the signals that both averages are run on."""

    window: Annotated[int, "values n that the simple average is of"] = 10
    alpha: Annotated[float, "weight α that the exponential average gives to a new value"] = 2 / 11
    extra: Annotated[int, "values that the slide's sum over the window has too many"] = 1
    pictured: Annotated[float, "the α of the slide's picture of weights"] = 0.125
    pictured_weights: Annotated[int, "weights in that picture"] = 15
    period: Annotated[int, "period of the sinusoid, in steps"] = 10
    deviation: Annotated[float, "standard deviation of the white noise"] = 1.0
    sequences: Annotated[int, "sequences of white noise"] = 200
    steps: Annotated[int, "steps of each, after the start is forgotten"] = 2000

    @property
    def settled(self) -> int:
        """How many steps until both averages have forgotten their start."""
        return max(self.window, ceil(np.log(FORGOTTEN) / np.log1p(-min(self.alpha, self.pictured))))


def ema(values: torch.Tensor, alpha: float, start: torch.Tensor) -> torch.Tensor:
    """Along the last axis, by PyTorch's own step of it."""
    average, out = start, []
    for value in values.unbind(-1):
        average = torch.lerp(average, value, alpha)
        out.append(average)
    return torch.stack(out, -1)


def sma(values: torch.Tensor, window: int, extra: int = 0) -> torch.Tensor:
    """Along the last axis; values before the first count as the first. ``extra`` values are summed, not divided by."""
    width = window + extra
    padded = torch.cat([values[..., :1].expand(*values.shape[:-1], width - 1), values], -1)
    return padded.unfold(-1, width, 1).sum(-1) / window


def measure(averages: Averages, seed: int) -> dict[str, Any]:
    """Each signal with both averages, shape (3, steps): signal, SMA, EMA. The noise is summed up, and shown in part."""
    arrays = {name: both(signal, averages) for name, signal in signals(averages).items()}
    generator = torch.Generator().manual_seed(seed)
    noise = averages.deviation * torch.randn(averages.sequences, averages.settled + averages.steps, generator=generator)
    smoothed = both(noise, averages)[..., averages.settled :]
    arrays["noise"] = smoothed[:, 0, :120]
    arrays["covariance"] = torch.cov(smoothed.flatten(1))
    unit = torch.zeros(averages.settled)
    unit[0] = 1
    arrays["printed"] = sma(torch.ones(2 * averages.window), averages.window, averages.extra)
    arrays["pictured"] = ema(unit, averages.pictured, torch.zeros(()))
    return arrays


def signals(averages: Averages) -> dict[str, torch.Tensor]:
    """From ``settled`` steps before to as many after time 0, at which the impulse and the step come."""
    time = torch.arange(-averages.settled, averages.settled)
    return {
        "impulse": (time == 0).double(),
        "step": (time >= 0).double(),
        "ramp": time.double(),
        "sinusoid": torch.sin(2 * pi * time / averages.period),
    }


def both(signal: torch.Tensor, averages: Averages) -> torch.Tensor:
    """The signal, its SMA and its EMA, which starts at the first value."""
    simple = sma(signal, averages.window)
    return torch.stack([signal, simple, ema(signal, averages.alpha, signal[..., 0])])


# ---- what is looked at

SIMPLE, EXPONENTIAL = 1, 2


def weights(data: Data, which: int) -> np.ndarray:
    """By age: the impulse response."""
    return data["impulse"][which, data.parameters.settled :]


def mean_age(which: int) -> Callable[[Data], float]:
    """How far an average of the ramp lies behind it, which is the mean age of its values."""
    return lambda data: data["ramp"][0, -1] - data["ramp"][which, -1]


def age_variance(data: Data, which: int) -> float:
    w, age = weights(data, which), np.arange(data.parameters.settled)
    return w @ age**2 - (w @ age) ** 2


def age_variance_ratio(data: Data) -> float:
    simple = age_variance(data, SIMPLE)
    return age_variance(data, EXPONENTIAL) / simple if simple > 0 else nan  # a window of one value has no spread


def in_window(data: Data) -> float:
    return weights(data, EXPONENTIAL)[: data.parameters.window].sum()


def noise_variance(which: int) -> Callable[[Data], float]:
    return lambda data: data["covariance"][which, which] * data.parameters.window


def correlation(data: Data) -> float:
    c = data["covariance"]
    return c[SIMPLE, EXPONENTIAL] / np.sqrt(c[SIMPLE, SIMPLE] * c[EXPONENTIAL, EXPONENTIAL])


def amplitude(which: int) -> Callable[[Data], float]:
    """Of the average of the sinusoid, over its last period."""
    return lambda data: np.sqrt(2 * np.mean(data["sinusoid"][which, -data.parameters.period :] ** 2))


def apart(data: Data) -> float:
    """The total variation between the two sets of weights."""
    return np.abs(weights(data, SIMPLE) - weights(data, EXPONENTIAL)).sum() / 2


def draw(data: Data) -> Figure:
    return Figure(
        "Four views of both averages: their weights by age, equal for the SMA and decaying for the EMA; a step, which"
        " the EMA follows faster at first and slower at the end; a sinusoid of the window's period, which the SMA"
        " removes and the EMA keeps at about a third; and white noise, which both smooth to the same variance.",
        (
            _weights(data),
            _response(data, "step", "A step", 25),
            _response(data, "sinusoid", f"A sinusoid of period {data.parameters.period}", 30),
            _noise(data),
        ),
    )


def _weights(data: Data) -> Panel:
    age = range(data.parameters.pictured_weights)
    shown = slice(len(age))
    n, alpha, pictured = data.parameters.window, data.parameters.alpha, data.parameters.pictured
    series = (
        Series.of(f"SMA, n = {n}", age, weights(data, SIMPLE)[shown], "bars"),
        Series.of(f"EMA, α = {alpha:.3g}", age, weights(data, EXPONENTIAL)[shown], "line and points"),
        Series.of(f"the slide's picture, α = {pictured:g}", age, data["pictured"][shown], "points", role="reference"),
    )
    return Panel("Weights", Axis("age of the value, steps"), Axis("weight", limits=(0, 0.2)), series)


def _response(data: Data, name: str, title: str, steps: int) -> Panel:
    now = data.parameters.settled
    time, shown = np.arange(-5, steps), slice(now - 5, now + steps)
    signal, simple, exponential = data[name][:, shown]
    mark = "steps" if name == "step" else "line"
    return Panel(title, Axis("step"), Axis("value"), _three(time, signal, simple, exponential, mark))


def _noise(data: Data) -> Panel:
    signal, simple, exponential = data["noise"]
    return Panel(
        "White noise", Axis("step"), Axis("value"), _three(np.arange(len(signal)), signal, simple, exponential)
    )


def _three(
    time: np.ndarray, signal: np.ndarray, simple: np.ndarray, exponential: np.ndarray, mark: Mark = "line"
) -> tuple[Series, ...]:
    return (
        Series.of("signal", time, signal, mark, "signal"),
        Series.of("SMA", time, simple),
        Series.of("EMA", time, exponential),
    )


ema_against_sma = Experiment(
    "E11",
    title="Exponential against simple moving average",
    source=PIASTRA.at("An aside: moving averages", r"\alpha = \frac{2}{n + 1}"),
    says=(
        "A simple moving average of n values is approximately an exponential one with α = 2/(n + 1). Contributions"
        " decay as (1 − α) to the power of their age; a picture shows such weights. The simple average is printed as a"
        " sum from T − n to T, divided by n."
    ),
    chosen=(
        "The slide does not say in what sense the two are close; each sense is measured. n = 10. The slide's picture"
        " looks like the well-known one with 15 weights and α = 0.125; it is lost in our text of the slides."
    ),
    parameters=Averages(),
    measure=measure,
    draw=draw,
    catalogue=("ema.sma-equivalence", "ema.decay", "ema.sma"),
    results=(
        "averages.ema_sma_mean_age",
        "averages.ema_sma_noise_variance",
        "averages.ema_weight_in_window",
        "averages.ema_is_not_sma",
        "averages.sma_window_off_by_one",
    ),
    expect=(
        near("sma_age", "SMA: lag behind a ramp, steps", mean_age(SIMPLE), 4.5, 1e-9, "theory"),
        near("ema_age", "EMA: lag behind a ramp, the same as the SMA's", mean_age(EXPONENTIAL), 4.5, 1e-9, "lecture"),
        near("sma_noise", "SMA: variance of white noise, times n", noise_variance(SIMPLE), 1, 0.03, "theory"),
        near(
            "ema_noise",
            "EMA: variance of white noise, times n, the same as the SMA's",
            noise_variance(EXPONENTIAL),
            1,
            0.03,
            "lecture",
        ),
        near(
            "decay",
            "EMA: weight at age 10 over weight at age 0, (1 − α)¹⁰",
            lambda d: weights(d, EXPONENTIAL)[10] / weights(d, EXPONENTIAL)[0],
            (9 / 11) ** 10,
            1e-12,
            "lecture",
        ),
        near("in_window", "EMA: weight on the last n values", in_window, 0.8656, 1e-4, "theory"),
        near("correlation", "correlation of the two averages of white noise", correlation, 0.8656, 0.01, "theory"),
        near(
            "age_variance",
            "variance of the age, EMA over SMA",
            age_variance_ratio,
            3,
            1e-9,
            "theory",
        ),
        near("sma_sinusoid", "SMA: amplitude left of a sinusoid of period n", amplitude(SIMPLE), 0, 1e-12, "theory"),
        near("ema_sinusoid", "EMA: amplitude left of it", amplitude(EXPONENTIAL), 0.3093, 1e-4, "theory"),
        near("apart", "total variation between the weights", apart, 0.2867, 1e-4, "computed"),
        near(
            "same_weights",
            "total variation between the weights, if these were approximately equal",
            apart,
            0,
            0.05,
            "lecture",
            foreseen="differs",
        ),
        near(
            "printed_sum",
            "the printed sum, from T − n to T over n, of the constant 1",
            lambda d: d["printed"][-1],
            1,
            1e-9,
            "lecture",
            foreseen="differs",
        ),
        near(
            "pictured",
            "sum of the first 15 weights at α = 0.125",
            lambda d: d["pictured"][: d.parameters.pictured_weights].sum(),
            0.8651,
            1e-4,
            "theory",
        ),
    ),
    wrong=(
        {"alpha": 0.1},
        {"alpha": 2 / 12},
        {"extra": 0},
        {"window": 9},
        {"window": 1, "alpha": 0.999},
        {"pictured": 0.2},
        {"period": 7},
        {"deviation": 1.1},
    ),
)
