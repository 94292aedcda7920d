"""PyTorch's own implementation of the results, one file a topic, registered by the theorem's name.

    @oracle("softmax.jacobian", names="torch.softmax")
    def jacobian(z): ...

An oracle takes the sampled arguments it names, with the batch leading, and returns what the closed form says, axes in
the order of the index names. A scalar argument has shape ``(count,)``, a size is an int. It may return the first points
only. Where PyTorch cannot do it (batch_norm of one value), it raises NotImplementedError with the reason.
"""

from __future__ import annotations

import importlib.util
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch

from derivations import TOPICS


class OracleError(TypeError):
    """An oracle that does not fit its theorem: a fault of ours, so the check fails."""


@dataclass(frozen=True)
class Oracle:
    """A function of PyTorch that stands for a theorem."""

    theorem: str
    names: str  # what it is: "torch.softmax"
    function: Callable[..., torch.Tensor]

    def __call__(self, given: Mapping[str, Any]) -> torch.Tensor:
        """The value at the sampled points.

        Raises OracleError when the statement lacks an argument, NotImplementedError when PyTorch cannot.
        """
        wanted = inspect.signature(self.function).parameters
        if missing := [name for name in wanted if name not in given]:
            raise OracleError(f"{self.names} needs {', '.join(missing)}, which the statement does not have")
        return self.function(**{name: given[name] for name in wanted})


_ORACLES: dict[str, Oracle] = {}


def oracle(theorem: str, names: str) -> Callable[[Callable[..., torch.Tensor]], Callable[..., torch.Tensor]]:
    """Register a function as PyTorch's word on a theorem."""

    def register(function: Callable[..., torch.Tensor]) -> Callable[..., torch.Tensor]:
        if theorem in _ORACLES and _ORACLES[theorem].function.__module__ != function.__module__:
            raise ValueError(f"two oracles for {theorem}: {_ORACLES[theorem].names} and {names}")
        _ORACLES[theorem] = Oracle(theorem, names, function)
        return function

    return register


@cache
def _load() -> Mapping[str, Oracle]:
    for topic in TOPICS:
        if importlib.util.find_spec(f"numeric.oracles.{topic}"):  # not every topic has an operator in PyTorch
            importlib.import_module(f"numeric.oracles.{topic}")
    return _ORACLES


def oracles() -> Mapping[str, Oracle]:
    """Every oracle by the name of its theorem."""
    return _load()


def find(theorem: str) -> Oracle | None:
    """The oracle of a theorem, if PyTorch has such an operator."""
    return _load().get(theorem)


def gradient(value: torch.Tensor, by: torch.Tensor, upstream: torch.Tensor | None = None) -> torch.Tensor:
    """The gradient of independent points at once: no point depends on another's argument."""
    (result,) = torch.autograd.grad(value, by, torch.ones_like(value) if upstream is None else upstream)
    return result


def variable(x: torch.Tensor) -> torch.Tensor:
    """A leaf that autograd follows."""
    return x.detach().clone().requires_grad_()
