"""Floating-point kernels: the arithmetic of plain torch tensors and of NumPy arrays.

A kernel holds ``functions`` (name -> function of one array) and the few operations that a library spells its own way.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import pi
from typing import Any, ClassVar

import numpy as np
import torch

FUNCTIONS = ("exp", "log", "sqrt", "tanh", "erf", "sigmoid", "softplus", "relu", "step", "abs", "sign")


class TorchKernel:
    """Tensors of one dtype on one device; every operation is differentiable by autograd and by torch.func."""

    functions: ClassVar[dict[str, Callable]] = {
        "exp": torch.exp,
        "log": torch.log,
        "sqrt": torch.sqrt,
        "tanh": torch.tanh,
        "erf": torch.erf,
        "sigmoid": torch.sigmoid,
        # F.softplus returns x above its threshold 20, wrong by 2e-9 in float64
        "softplus": lambda x: torch.logaddexp(x, torch.zeros_like(x)),
        "relu": torch.relu,
        "step": lambda x: (torch.sign(x) + 1) / 2,
        "abs": torch.abs,
        "sign": torch.sign,
    }
    einsum = staticmethod(torch.einsum)
    softmax = staticmethod(torch.softmax)
    logsumexp = staticmethod(torch.logsumexp)
    log_softmax = staticmethod(torch.log_softmax)
    xlogy = staticmethod(torch.xlogy)

    def __init__(self, dtype: torch.dtype = torch.float64, device: Any = "cpu"):
        self.dtype, self.device = dtype, device

    def _tensor(self, array) -> torch.Tensor:
        return torch.as_tensor(array, dtype=self.dtype, device=self.device)

    def lift(self, array) -> torch.Tensor:
        return self._tensor(array)

    def number(self, value: Fraction) -> torch.Tensor:
        return self._tensor(float(value))

    def pi(self) -> torch.Tensor:
        return self._tensor(pi)

    def integers(self, grid: np.ndarray) -> torch.Tensor:
        return self._tensor(grid)

    def integer_power(self, base: torch.Tensor, exponents: np.ndarray) -> torch.Tensor:
        if exponents.ndim == 0:
            return base ** int(exponents)
        return torch.pow(base, self._tensor(exponents))

    def select(self, mask: np.ndarray, a: torch.Tensor) -> torch.Tensor:
        inside = torch.tensor(mask, device=self.device)
        return torch.where(inside, a, torch.zeros((), dtype=a.dtype, device=a.device))

    def total(self, a: torch.Tensor, axes: tuple[int, ...]) -> torch.Tensor:
        return a.sum(axes)

    def product(self, a: torch.Tensor, axis: int) -> torch.Tensor:
        return a.prod(axis)

    def expand(self, a: torch.Tensor, shape: tuple[int, ...]) -> torch.Tensor:
        return a.expand((*a.shape[: len(a.shape) - len(shape)], *shape))

    def take(self, a: torch.Tensor, positions) -> torch.Tensor:
        return a[(..., *(torch.tensor(p, device=self.device) for p in positions))]

    def stack(self, arrays) -> torch.Tensor:
        return torch.stack(torch.broadcast_tensors(*arrays), -1)


def _numpy_sigmoid(x: np.ndarray) -> np.ndarray:
    small = np.exp(-np.abs(x))  # never overflows
    return np.where(x >= 0, 1.0, small) / (1 + small)


def _numpy_erf(x: np.ndarray) -> np.ndarray:
    return torch.erf(torch.as_tensor(x)).numpy()  # NumPy has no erf


def _numpy_xlogy(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.where(x == 0, 0.0, x * np.log(np.where(x == 0, 1.0, y)))


class NumpyKernel:
    """NumPy arrays of float64 or float32."""

    functions: ClassVar[dict[str, Callable]] = {
        "exp": np.exp,
        "log": np.log,
        "sqrt": np.sqrt,
        "tanh": np.tanh,
        "erf": _numpy_erf,
        "sigmoid": _numpy_sigmoid,
        "softplus": lambda x: np.logaddexp(x, np.zeros_like(x)),
        "relu": lambda x: np.maximum(x, 0),
        "step": lambda x: (np.sign(x) + 1) / 2,
        "abs": np.abs,
        "sign": np.sign,
    }
    einsum = staticmethod(np.einsum)
    xlogy = staticmethod(_numpy_xlogy)

    def __init__(self, dtype: Any = np.float64):
        self.dtype = np.dtype(dtype)

    def lift(self, array) -> np.ndarray:
        return np.asarray(array, dtype=self.dtype)

    def number(self, value: Fraction) -> np.ndarray:
        return self.lift(float(value))

    def pi(self) -> np.ndarray:
        return self.lift(pi)

    def integers(self, grid: np.ndarray) -> np.ndarray:
        return self.lift(grid)

    def integer_power(self, base: np.ndarray, exponents: np.ndarray) -> np.ndarray:
        return np.power(base, exponents.astype(self.dtype))

    def select(self, mask: np.ndarray, a: np.ndarray) -> np.ndarray:
        return np.where(mask, a, self.number(Fraction(0)))

    def total(self, a: np.ndarray, axes: tuple[int, ...]) -> np.ndarray:
        return a.sum(axes)

    def product(self, a: np.ndarray, axis: int) -> np.ndarray:
        return a.prod(axis)

    def expand(self, a: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        return np.broadcast_to(a, (*a.shape[: a.ndim - len(shape)], *shape))

    def take(self, a: np.ndarray, positions) -> np.ndarray:
        return a[(..., *positions)]

    def stack(self, arrays) -> np.ndarray:
        return np.stack(np.broadcast_arrays(*arrays), -1)

    def softmax(self, a: np.ndarray, axis: int) -> np.ndarray:
        shifted = np.exp(a - a.max(axis, keepdims=True))
        return shifted / shifted.sum(axis, keepdims=True)

    def logsumexp(self, a: np.ndarray, axis: int) -> np.ndarray:
        largest = a.max(axis, keepdims=True)
        return np.log(np.exp(a - largest).sum(axis)) + largest.squeeze(axis)

    def log_softmax(self, a: np.ndarray, axis: int) -> np.ndarray:
        shifted = a - a.max(axis, keepdims=True)
        return shifted - np.log(np.exp(shifted).sum(axis, keepdims=True))
