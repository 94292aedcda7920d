"""Calling a function that someone else wrote: which library it wants, in which order, and what it does wrong."""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

import numpy as np
import torch

__tracebackhide__ = True  # pytest then shows a usage error at the line that made it, and no line of this file

Library = Literal["torch", "numpy"]


class CallError(RuntimeError):
    """The function raised, or returned what is no array; the message has the shapes, the cause the traceback."""


def call(function: Callable, inputs: Mapping[str, Any], described: str, **named: Any) -> Any:
    """The function of its inputs, by position in their order; with warnings and overflow held back.

    Raises CallError from whatever the function raises.
    """
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"), torch.enable_grad():
            warnings.simplefilter("ignore")  # at extreme values overflow is no news
            return function(*inputs.values(), **named)
    except Exception as error:
        given = ", ".join(f"{name}: {_kind(value)}" for name, value in {**inputs, **named}.items())
        raise CallError(f"{described} raised {type(error).__name__}: {error}\n  called with {given}") from error


def _kind(value: Any) -> str:
    if isinstance(value, torch.Tensor):
        return f"{str(value.dtype).removeprefix('torch.')} tensor of shape {tuple(value.shape)}"
    if isinstance(value, np.ndarray):
        return f"{value.dtype} array of shape {value.shape}"
    return repr(value)


def as_float64(value: Any, described: str) -> np.ndarray:
    """What a function returned, as float64. Raises CallError for what is no array of real numbers."""
    if isinstance(value, torch.Tensor):
        value = value.detach().cpu()
        value = value.double().numpy() if not value.is_complex() else value.numpy()
    try:
        array = np.asarray(value)
        if array.dtype.kind in "biuf":
            return np.array(array, dtype=np.float64)
    except (TypeError, ValueError):
        pass
    raise CallError(f"{described} returned {type(value).__name__}, which is no array of real numbers")


def dtype_of(value: Any) -> str:
    """The floating dtype of a result; float64 for Python's numbers and for integers."""
    dtype = getattr(value, "dtype", None)
    name = str(dtype).removeprefix("torch.")
    return name if name in ("float16", "bfloat16", "float32") else "float64"


def to_library(array: np.ndarray, library: Library, dtype: str, device: Any = "cpu") -> Any:
    """A copy of float64 numbers in ``dtype``, as a tensor or an array."""
    if library == "torch":
        return torch.tensor(array, dtype=getattr(torch, dtype), device=device)
    return np.array(array, dtype=dtype)


# ---- which library ------------------------------------------------------------------------------------------------


def library_of(function: Callable, otherwise: Library) -> Library:
    """The library whose names the function's code uses; torch when it uses both, ``otherwise`` when neither.

    The same method may mean two things (``x.var()`` is biased in NumPy, unbiased in torch), so trying is no way.
    """
    used = _libraries(function, set())
    return "torch" if "torch" in used else "numpy" if "numpy" in used else otherwise


def _libraries(function: Any, seen: set[int]) -> set[str]:
    while isinstance(function, functools.partial):
        function = function.func
    function = inspect.unwrap(getattr(function, "__func__", function))
    if id(function) in seen:
        return set()
    seen.add(id(function))
    if isinstance(function, (torch.nn.Module, torch.jit.ScriptFunction)):
        return {"torch"}
    if root := _root(getattr(function, "__module__", None) or type(function).__module__):
        return {root}
    code = getattr(function, "__code__", None)
    if code is None:
        called = type(function).__call__ if not isinstance(function, type) else None
        return _libraries(called, seen) if hasattr(called, "__code__") else set()
    return _libraries_in(function, code, seen)


def _libraries_in(function: Any, code: Any, seen: set[int]) -> set[str]:
    """The libraries behind the global names, the closure and the imports of a function, and of functions it names."""
    names = set(code.co_names) | {name for inner in _inner(code) for name in inner.co_names}
    cells = [cell.cell_contents for cell in function.__closure__ or () if _filled(cell)]
    things = [function.__globals__[name] for name in names if name in function.__globals__] + cells
    found = {name for name in names if name in ("torch", "numpy")}  # an import inside the function
    for thing in things:
        if isinstance(thing, ModuleType):
            found.add(_root(thing.__name__))
        elif callable(thing):
            found |= _libraries(thing, seen)
    return found - {""}


def _inner(code: Any) -> list[Any]:
    own = [constant for constant in code.co_consts if inspect.iscode(constant)]
    return own + [deeper for inner in own for deeper in _inner(inner)]


def _filled(cell: Any) -> bool:
    try:
        cell.cell_contents  # noqa: B018 - asking is what raises
    except ValueError:
        return False
    return True


def _root(module: str) -> str:
    root = module.partition(".")[0]
    return root if root in ("torch", "numpy") else ""


# ---- parameters ---------------------------------------------------------------------------------------------------


def parameters(function: Callable) -> tuple[list[str], int] | None:
    """The names of the positional parameters and how many are required; None where Python cannot tell."""
    try:
        found = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(p.kind is p.VAR_POSITIONAL for p in found):
        return None
    positional = [p for p in found if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return [p.name for p in positional], sum(p.default is p.empty for p in positional)


@dataclass(frozen=True)
class Keywords:
    """The parameters that a function takes by name, in order; those that it takes by name only; the required ones."""

    all: list[str]
    only: frozenset[str]
    required: frozenset[str]


def keyword_parameters(function: Callable) -> Keywords | None:
    """None where Python cannot tell."""
    try:
        found = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return None
    named = [p for p in found if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    required = [p.name for p in found if p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    only = frozenset(p.name for p in named if p.kind is p.KEYWORD_ONLY)
    return Keywords([p.name for p in named], only, frozenset(required))


def takes(function: Callable, count: int) -> bool | None:
    """Whether the function can be called with so many positional arguments; None where Python cannot tell."""
    known = parameters(function)
    return None if known is None else known[1] <= count <= len(known[0])


def name_of(function: Any) -> str:
    name = getattr(function, "__name__", type(function).__name__)
    return "the function" if name == "<lambda>" else name
