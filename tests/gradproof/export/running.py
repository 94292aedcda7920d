"""The generated text as a function, run by itself."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch


def function_in(text: str, name: str) -> Callable[..., Any]:
    """The function of a generated module; nothing but the text is there when it runs."""
    scope: dict[str, Any] = {"__name__": "generated"}
    exec(compile(text, f"<{name}>", "exec"), scope)
    return scope[name]


def given(function: Callable, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs that the function takes."""
    return {name: inputs[name] for name in inspect.signature(function).parameters}


def arrays(inputs: Mapping[str, np.ndarray], backend: str, dtype: str = "float64") -> dict[str, Any]:
    """The inputs as arrays of the library."""
    if backend == "numpy":
        return {name: np.asarray(value, dtype=dtype) for name, value in inputs.items()}
    return {name: torch.as_tensor(np.asarray(value), dtype=getattr(torch, dtype)) for name, value in inputs.items()}


def close(found: Any, wanted: Any, tolerance: float = 1e-11) -> bool:
    """Equal up to rounding at the size of the values; what is not finite must be so in both."""
    found, wanted = (np.asarray(value, dtype=float) for value in (found, wanted))
    if found.shape != wanted.shape:
        try:
            found = np.broadcast_to(found, wanted.shape)
        except ValueError:
            return False
    finite = np.isfinite(wanted)
    if not np.array_equal(finite, np.isfinite(found)):
        return False
    scale = 1 + np.abs(wanted[finite]).max(initial=0)
    return bool(np.abs(found[finite] - wanted[finite]).max(initial=0) <= tolerance * scale)
