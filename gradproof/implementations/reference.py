"""Autograd of a function that someone else wrote, at a point: what a hand-written gradient is held against."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import torch

from gradproof.implementations.calling import CallError, call, name_of, to_library
from gradproof.implementations.patterns import Case, Pattern

__tracebackhide__ = True  # pytest then shows a usage error at the line that made it, and no line of this file

# the gradient of a number, the vector-Jacobian product with a cotangent, the gradient of the sum, the whole Jacobian
Mode = Literal["gradient", "product", "sum", "jacobian"]


class Reference:
    """Autograd of ``f`` by the inputs named in ``by``, in float64 where ``f`` runs in it."""

    def __init__(self, f: Callable[..., Any], patterns: Sequence[Pattern]):
        self.f, self.patterns = f, patterns
        self.wide = True
        self.mode: Mode = "gradient"
        self.by: list[str] = []

    def shape(self, case: Case) -> tuple[int, ...]:
        """The shape of f. Settles whether f runs in float64; with parameters of another dtype it may not."""
        try:
            value = self._value(self._leaves(case, 0, 0.0))
        except CallError:
            self.wide = False
            value = self._value(self._leaves(case, 0, 0.0))
        return tuple(value.shape)

    def gradients(self, case: Case, seed: int, nudge: float = 0.0) -> list[np.ndarray]:
        """One array for each input in ``by``, nan where f has no value; inputs moved by a share ``nudge`` of them.

        Raises CallError when f does, TypeError when it is not made of PyTorch operations.
        """
        leaves = self._leaves(case, seed, nudge)
        value = self._value(leaves)
        by = [leaves[name] for name in self.by]
        if not value.requires_grad:
            raise TypeError("autograd finds no way from f to its inputs: f must be PyTorch operations throughout")
        defined = torch.isfinite(value.detach())
        if self.mode == "jacobian":
            rows = [_pull(entry, by, None) for entry in value.reshape(-1)]
            whole = [np.stack(column).reshape(*value.shape, *column[0].shape) for column in zip(*rows, strict=True)]
            return [_only_where(defined.cpu().numpy(), jacobian) for jacobian in whole]
        cotangent = to_library(self.cotangent(tuple(value.shape), seed), "torch", "float64").to(value)
        pulled = _pull(value, by, cotangent)
        if defined.all():
            return pulled
        # log has a derivative of autograd's at −1, and no value: only what does not depend on that is compared
        rest = _pull(value, by, torch.where(defined, cotangent, torch.zeros_like(cotangent)))
        same = [np.where(a == b, a, np.nan) for a, b in zip(pulled, rest, strict=True)]
        return [_only_where(defined.cpu().numpy(), gradient) for gradient in same]

    def cotangent(self, shape: tuple[int, ...], seed: int) -> np.ndarray:
        """Random for a vector-Jacobian product, as numbers that every dtype has; ones otherwise."""
        if self.mode != "product":
            return np.ones(shape)
        return np.round(np.random.default_rng(seed).standard_normal(shape) * 32) / 32

    def _leaves(self, case: Case, seed: int, nudge: float) -> dict[str, Any]:
        rng = np.random.default_rng(seed)
        leaves = {}
        for p in self.patterns:
            value = case.values[p.name]
            if nudge and p.variable:
                steps = rng.choice((-1.0, 1.0), np.shape(value)) * rng.uniform(0.5, 1.0, np.shape(value))
                value = value + nudge * steps * np.where(value, np.abs(value), 1.0)
            leaf = p.lift(value, "torch", "float64" if self.wide else None)
            leaves[p.name] = leaf.requires_grad_() if p.variable else leaf
        return leaves

    def _value(self, leaves: Mapping[str, Any]) -> torch.Tensor:
        value = call(self.f, leaves, f"f ({name_of(self.f)})")
        if not isinstance(value, torch.Tensor) or not value.is_floating_point():
            raise TypeError(f"f must return one floating PyTorch tensor; it returned {type(value).__name__}")
        return value


def _pull(value: torch.Tensor, by: list[Any], cotangent: Any) -> list[np.ndarray]:
    try:
        pulled = torch.autograd.grad(value, by, cotangent, allow_unused=True, retain_graph=True)
    except RuntimeError as error:
        raise CallError(f"autograd of f raised: {error}") from error
    return [
        np.zeros(tuple(x.shape)) if g is None else g.detach().cpu().double().numpy()
        for g, x in zip(pulled, by, strict=True)
    ]


def _only_where(defined: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """nan where f is not finite; all nan when their axes do not agree."""
    if defined.all():
        return gradient
    if defined.ndim and gradient.shape[: defined.ndim] == defined.shape:
        return np.where(defined.reshape(*defined.shape, *(1,) * (gradient.ndim - defined.ndim)), gradient, np.nan)
    return np.full_like(gradient, np.nan)
