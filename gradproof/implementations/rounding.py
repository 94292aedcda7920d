"""How much rounding may move the value of a function we did not write: an estimate, by adding rounding errors.

Every operation's result is moved by one unit roundoff either way, at random, and the function is run a few times so
(Monte Carlo arithmetic: Vignes' CESTAC, Parker). What it moves by is what its own rounding may have done, whatever
cancels inside. Operations that add up (sums, products of matrices) have their arguments moved too, which covers the
rounding within them. An estimate, not a bound: ``GUARD`` makes up for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_map

ROUNDS = 6
GUARD = 8.0
# operations that move, compare or make up numbers and round none
EXACT = frozenset(
    """abs neg sign relu threshold max min amax amin maximum minimum clamp clamp_min clamp_max sort topk argmax argmin
    where clone copy _to_copy cat stack index index_select gather scatter slice_scatter select_backward slice_backward
    zeros ones full arange eye empty zeros_like ones_like full_like empty_like new_zeros new_ones new_full fill
    scalar_tensor lift_fresh_copy masked_fill repeat flip roll tril triu one_hot constant_pad_nd threshold_backward
    unfold_backward embedding diag_embed heaviside floor ceil round trunc
    negative absolute positive fmax fmin rint copysign""".split()
)
SUBTRACTIONS = frozenset("add sub subtract rsub".split())  # an exact zero of theirs is no underflow


class _Noise:
    """One unit roundoff either way, for arrays of either library."""

    def __init__(self, seed: int):
        self.generator = np.random.default_rng(seed)

    def numpy(self, value: Any, underflows: Any = False) -> np.ndarray:
        array = np.asarray(value)
        if array.dtype.kind != "f":
            return array
        limits = np.finfo(array.dtype)
        signs = self.generator.integers(0, 2, array.shape) * 2.0 - 1.0
        size = np.maximum(np.abs(array), float(limits.tiny)) * float(limits.eps)
        return np.asarray(array + np.where((array != 0) | underflows, signs * size, 0.0)).astype(array.dtype)

    def torch(self, value: Any, underflows: Any = False) -> Any:
        if not isinstance(value, torch.Tensor) or not value.is_floating_point():
            return value
        limits = torch.finfo(value.dtype)
        signs = torch.as_tensor(self.generator.integers(0, 2, tuple(value.shape)) * 2.0 - 1.0)
        step = signs.to(value) * limits.eps * value.abs().clamp_min(limits.tiny)
        return torch.where((value != 0) | underflows, value + step, value)


_FRESH = _Noise(0)  # for an array that came to be without another


class _NoisyTorch(TorchDispatchMode):
    """Below autograd: the backward pass is moved as well."""

    def __init__(self, noise: _Noise):
        super().__init__()
        self.noise = noise

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        name = func._schema.name.partition("::")[2]
        views = func._schema.is_mutable or any(r.alias_info is not None for r in func._schema.returns)
        if views or name in EXACT:
            return func(*args, **kwargs)
        if torch.Tag.pointwise not in func.tags:
            args, kwargs = tree_map(self.noise.torch, (args, kwargs))
            return tree_map(self.noise.torch, func(*args, **kwargs))
        result = func(*args, **kwargs)
        return tree_map(lambda out: self.noise.torch(out, self._underflows(name, args, out)), result)

    @staticmethod
    def _underflows(name: str, args: tuple, out: Any) -> Any:
        """Where a result is 0 and no argument is: too small a number, not a true zero."""
        if name in SUBTRACTIONS or not isinstance(out, torch.Tensor):
            return False
        nonzero = out == 0
        for a in args:
            if isinstance(a, (torch.Tensor, int, float)):
                nonzero = nonzero & torch.as_tensor(a != 0)
        return nonzero


class _NoisyArray(np.ndarray):
    """An array whose ufuncs round at random; ``noise`` travels with it."""

    noise: _Noise

    def __array_finalize__(self, obj):
        self.noise = getattr(obj, "noise", _FRESH)

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **kwargs):
        noise = next(x.noise for x in (*inputs, *(out or ())) if isinstance(x, _NoisyArray))
        plain = [x.view(np.ndarray) if isinstance(x, _NoisyArray) else x for x in inputs]
        exact = ufunc.__name__ in EXACT
        adds = method != "__call__" or ufunc.signature is not None
        if adds and not exact:
            plain = [noise.numpy(x) if isinstance(x, np.ndarray) else x for x in plain]
        result = getattr(ufunc, method)(*plain, **kwargs)
        if not exact and not isinstance(result, tuple) and result is not None:
            small = False if adds or ufunc.__name__ in SUBTRACTIONS else _all_nonzero(plain) & (result == 0)
            result = noise.numpy(result, small)
        if out is not None:
            out[0].view(np.ndarray)[...] = result
            return out[0]
        return tuple(_noisy(r, noise) for r in result) if isinstance(result, tuple) else _noisy(result, noise)

    def __array_function__(self, func, types, args, kwargs):
        if func.__name__ not in ("dot", "einsum", "tensordot", "inner", "vdot", "convolve", "interp"):
            return super().__array_function__(func, types, args, kwargs)
        noise = self.noise
        plain = tree_map(lambda x: noise.numpy(x.view(np.ndarray)) if isinstance(x, _NoisyArray) else x, list(args))
        return _noisy(noise.numpy(func(*plain, **kwargs)), noise)


def _all_nonzero(arrays: list[Any]) -> Any:
    verdict: Any = True
    for array in arrays:
        verdict = verdict & (np.asarray(array) != 0)
    return verdict


def _noisy(value: Any, noise: _Noise) -> Any:
    array = np.asarray(value)
    if array.dtype.kind != "f":
        return value
    view = array.view(_NoisyArray)
    view.noise = noise
    return view


class Spread:
    """How far the values of ``run`` have moved under rounding noise: ``farthest``, an array beside each of ``plain``.

    ``run`` is given a function that it must apply to the NumPy arrays it passes on. Infinite where a value was not
    finite. Code that cannot be run so (it looks at types, say) leaves ``failed`` true and nothing moved.
    """

    def __init__(self, run: Callable[[Callable[[Any], Any]], list[np.ndarray]], plain: list[np.ndarray], seed: int):
        self.run, self.plain, self.seed = run, plain, seed
        self.farthest = [np.zeros_like(value) for value in plain]
        self.failed = False

    def add_round(self) -> None:
        """One more run."""
        if self.failed:
            return
        self.seed += 1
        noise = _Noise(self.seed)
        try:
            with _NoisyTorch(noise):
                values = self.run(lambda x: _noisy(x, noise) if isinstance(x, np.ndarray) else x)
        except Exception:
            self.failed = True
            return
        for far, value, before in zip(self.farthest, values, self.plain, strict=True):
            with np.errstate(invalid="ignore"):
                moved = np.abs(value - before) if value.shape == before.shape else np.full_like(before, np.inf)
            np.maximum(far, np.where(np.isfinite(moved), moved, np.inf), out=far)
