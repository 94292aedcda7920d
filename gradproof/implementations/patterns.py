"""Inputs to try, after the pattern of example inputs: their shapes, dtypes and ranges.

Extents that are equal in the example vary together. An example whose entries are all positive, or between 0 and 1, or
probabilities that sum to 1, stands for such inputs: a gradient may hold for those only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch

from gradproof.implementations.calling import Library, parameters, to_library

Range = Literal["real", "positive", "nonnegative", "negative", "unit", "distribution", "binary", "integer", "fixed"]
__tracebackhide__ = True  # pytest then shows a usage error at the line that made it, and no line of this file
MOST_EXTENTS = 4  # are made 1 by themselves
RANDOM = 5  # random points a shape
LARGE_EXAMPLE = 20_000  # entries; beyond, the example's own shape is tried at fewer points
KEPT = {
    "positive": "kept positive",
    "nonnegative": "kept nonnegative",
    "negative": "kept negative",
    "unit": "kept between 0 and 1",
    "distribution": "kept nonnegative with sum 1 along the last axis",
    "binary": "kept 0 or 1",
}
_LEAST = 1e-12  # stands for 0 where the example does not reach it


@dataclass(frozen=True)
class Pattern:
    """What is known of one argument. ``example`` is None when only a shape was given."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    range: Range
    example: Any = None
    library: Library = "torch"
    device: Any = "cpu"

    @property
    def variable(self) -> bool:
        """Whether the function is differentiated by it."""
        return self.range not in ("integer", "fixed")

    def lift(self, value: Any, library: Library, dtype: str | None = None) -> Any:
        """A value of this argument as the function gets it."""
        if self.range == "fixed":
            return value
        return to_library(value, library, dtype if dtype and self.variable else self.dtype, self.device)


@dataclass(frozen=True)
class Case:
    """One point: values by name, in float64. ``ordinary``: of moderate size, where nothing should overflow.

    ``given``: of the shapes that the user gave. At others f may work by broadcasting alone, where sizes are linked.
    """

    label: str
    ordinary: bool
    values: Mapping[str, Any]
    given: bool = True


def read_patterns(f: Callable, inputs: Any, shapes: Any, dtype: str | None, names: Sequence[str] = ()) -> list[Pattern]:
    """The arguments of ``f`` in order; ``names`` where ``f`` has none. Raises TypeError for what is no pattern."""
    if inputs is None and shapes is None:
        raise TypeError("give example inputs, or shapes such as shapes={'x': (3, 4)}")
    given = inputs if shapes is None else shapes
    if shapes is not None and inputs is not None:
        raise TypeError("give inputs or shapes, not both: an input that is a tuple of ints is a shape already")
    ordered = _ordered(f, given, names, is_shape=_is_shape if shapes is not None else lambda _: False)
    if shapes is not None:
        _refuse_extents(ordered)
    alone = not any(_is_array(value) or _is_shape(value) for value in ordered.values())
    patterns = [_pattern(name, value, dtype, alone) for name, value in ordered.items()]
    if not any(p.variable for p in patterns):
        raise TypeError(
            f"no input to differentiate by among {', '.join(ordered) or 'none'}: floating arrays are needed"
        )
    return _without_lonely_binaries(patterns)


def _ordered(f: Callable, given: Any, others: Sequence[str], is_shape: Callable[[Any], bool]) -> dict[str, Any]:
    known = parameters(f)
    names = known[0] if known else list(others)
    if isinstance(given, Mapping):
        if known and not set(given) <= set(names):
            unknown = ", ".join(sorted(set(given) - set(names)))
            raise TypeError(f"the function takes ({', '.join(names)}), and the inputs name {unknown}")
        return {name: given[name] for name in names if name in given} if known else dict(given)
    if not isinstance(given, (tuple, list)) or is_shape(given):
        given = (given,)
    if known and not known[1] <= len(given) <= len(names):
        raise TypeError(f"the function takes ({', '.join(names)}), and {len(given)} inputs were given")
    return {(names[k] if k < len(names) else f"argument {k + 1}"): value for k, value in enumerate(given)}


def _is_array(value: Any) -> bool:
    return isinstance(value, (torch.Tensor, np.ndarray, np.generic)) or (
        isinstance(value, list) and np.asarray(value).dtype.kind in "biuf"
    )


def _is_shape(value: Any) -> bool:
    return isinstance(value, tuple) and all(isinstance(n, int) and n > 0 for n in value)


def _refuse_extents(shapes: Mapping[str, Any]) -> None:
    """3 and [3, 4] are numbers to pass on everywhere else; among shapes they are slips for (3,) and (3, 4)."""
    for name, value in shapes.items():
        extents = [value] if isinstance(value, (int, np.integer)) else value
        if not isinstance(extents, (list, tuple)) or _is_shape(value):
            continue
        if not all(isinstance(n, (int, np.integer)) and n > 0 for n in extents):
            raise TypeError(f"shapes gives {name} = {value!r}: a shape is a tuple of integers of at least 1, as (3, 4)")
        raise TypeError(f"shapes gives {name} = {value!r}: write {tuple(int(n) for n in extents)}")


def _pattern(name: str, value: Any, dtype: str | None, alone: bool) -> Pattern:
    if _is_shape(value):
        return Pattern(name, value, dtype or "float64", "real")
    if isinstance(value, torch.Tensor):
        own, library, device = str(value.dtype).removeprefix("torch."), "torch", value.device
        array = value.detach().cpu().to(torch.float64 if value.is_floating_point() else value.dtype).numpy()
    elif _is_array(value) or (alone and isinstance(value, float)):
        array, library, device = np.asarray(value), "torch" if isinstance(value, (list, float)) else "numpy", "cpu"
        own = array.dtype.name
    else:
        return Pattern(name, (), "", "fixed", value)
    if array.dtype.kind in "biu":
        return Pattern(name, array.shape, own, "integer", array, library, device)
    if array.dtype.kind != "f":
        raise TypeError(f"{name} is of dtype {own}: real numbers are needed")
    own = dtype or own
    example = to_library(array.astype(float), "torch", own).double().numpy()
    return Pattern(name, array.shape, own, _range(example), example, library, device)


def _range(a: np.ndarray) -> Range:
    if not a.size or not a.any() or not np.isfinite(a).all():
        return "real"
    if (a < 0).any():
        return "negative" if a.size >= 4 and (a < 0).all() else "real"
    if a.ndim and a.shape[-1] > 1 and np.allclose(a.sum(-1), 1, atol=1e-5):
        return "distribution"
    if np.isin(a, (0.0, 1.0)).all() and (a == 0).any():
        return "binary"
    if a.size > 1 and (a <= 1).all() and np.ptp(a) > 0:
        return "unit"
    return "positive" if (a > 0).all() else "nonnegative"


def _without_lonely_binaries(patterns: list[Pattern]) -> list[Pattern]:
    """Labels go with something else; zeros and ones by themselves are an example of any reals (there x² = x)."""
    if any(p.variable and p.range != "binary" for p in patterns):
        return patterns
    return [Pattern(**{**vars(p), "range": "real"}) if p.range == "binary" else p for p in patterns]


# ---- shapes -------------------------------------------------------------------------------------------------------


def resized(patterns: Sequence[Pattern]) -> list[dict[int, int]]:
    """What becomes of each extent, the example's own shapes last: all 1, one of them 1, small ones."""
    extents = sorted({n for p in patterns for n in p.shape})
    own = {n: n for n in extents}
    turns = [dict.fromkeys(extents, 1), {n: 2 + k for k, n in enumerate(extents)}]
    turns += [{**own, n: 1} for n in extents[-MOST_EXTENTS:]] + [{n: 3 + k for k, n in enumerate(extents)}]
    turns = [turn for turn in turns if turn != own]
    unique = [turn for k, turn in enumerate(turns) if turn not in turns[:k]]
    return [*sorted(unique, key=lambda turn: sum(turn.values())), own]


def cases(patterns: Sequence[Pattern], resize: bool, seed: int) -> Iterator[Case]:
    """The example itself, and at every shape random and then extreme values."""
    examples = {p.name: p.example for p in patterns}
    if all(value is not None for value in examples.values()):
        yield Case("the inputs as given", True, examples)
    else:  # f must take the shapes that were given: they come first, to say so if it does not
        yield next(_at_shape(patterns, {n: n for p in patterns for n in p.shape}, seed, few=True))
    small = sum(int(np.prod(p.shape)) for p in patterns) <= LARGE_EXAMPLE
    turns = resized(patterns)
    for turn in turns if resize else turns[-1:]:
        own = all(n == m for n, m in turn.items())
        yield from _at_shape(patterns, turn, seed, few=own and not small)


def _at_shape(patterns: Sequence[Pattern], turn: Mapping[int, int], seed: int, few: bool) -> Iterator[Case]:
    given = all(n == m for n, m in turn.items())
    rng = np.random.default_rng([seed, *turn.values()])
    shapes = {p.name: tuple(turn[n] for n in p.shape) for p in patterns}

    def ordinary() -> dict[str, Any]:
        return {p.name: draw(p, rng.standard_normal(shapes[p.name]) * 1.5, rng) for p in patterns}

    for _ in range(2 if few else RANDOM):
        yield Case("random values", True, ordinary(), given)
    variable = [p for p in patterns if p.variable]
    for kind, (label, change) in enumerate(EXTREMES.items()):
        one = variable[(kind + sum(turn.values())) % len(variable)]
        groups = [variable] if few or len(variable) == 1 else [variable, [one]]
        for group in groups:
            values = ordinary()
            values |= {p.name: draw(p, change(rng.standard_normal(shapes[p.name]), rng), rng) for p in group}
            where = f" in {group[0].name}" if group is not variable else ""
            yield Case(f"{label}{where}", False, values, given)


# ---- values -------------------------------------------------------------------------------------------------------


def _one_huge(a: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    changed = a.copy()
    if a.size:
        changed.reshape(-1)[rng.integers(a.size)] = rng.choice((-1e3, 1e3))
    return changed


EXTREMES: dict[str, Callable[[np.ndarray, np.random.Generator], np.ndarray]] = {
    "large values": lambda a, rng: np.sign(a) * (30 + 10 * np.abs(a)),
    "very large values": lambda a, rng: np.sign(a) * (1e3 + 1e2 * np.abs(a)),
    "tiny values": lambda a, rng: a * 1e-6,
    "very tiny values": lambda a, rng: a * 1e-20,
    "zeros": lambda a, rng: np.zeros_like(a),
    "negative zeros": lambda a, rng: -np.zeros_like(a),
    "equal entries": lambda a, rng: np.full_like(a, rng.standard_normal()),
    "one huge entry": _one_huge,
    "offset 1e3": lambda a, rng: 1e3 + a,
    "offset 1e4": lambda a, rng: 1e4 + a,
    "offset −1e4": lambda a, rng: a - 1e4,
}


def draw(pattern: Pattern, raw: np.ndarray, rng: np.random.Generator) -> Any:
    """Real numbers moved into the range of the pattern, as numbers of its dtype held as float64."""
    if pattern.range == "fixed":
        return pattern.example
    if pattern.range == "integer":
        values = np.unique(pattern.example)
        return rng.choice(values, raw.shape) if values.size else np.zeros(raw.shape, pattern.example.dtype)
    if pattern.range == "binary":
        return rng.integers(0, 2, raw.shape).astype(float)
    least = 0.0 if pattern.example is not None and not np.all(pattern.example) else _LEAST
    moved = {
        "real": lambda: raw,
        "positive": lambda: np.maximum(np.abs(raw), _LEAST),
        "nonnegative": lambda: np.abs(raw),
        "negative": lambda: -np.maximum(np.abs(raw), _LEAST),
        "unit": lambda: np.clip(_logistic(raw), least, 1 - least),
        "distribution": lambda: _softmax(pattern, raw),
    }[pattern.range]()
    return to_library(np.asarray(moved, float), "torch", pattern.dtype).double().numpy()


def _logistic(a: np.ndarray) -> np.ndarray:
    return 0.5 * (1 + np.tanh(a / 2))


def _softmax(pattern: Pattern, raw: np.ndarray) -> np.ndarray:
    """Probabilities; one-hot where the example is."""
    if pattern.example is not None and np.isin(pattern.example, (0.0, 1.0)).all():
        return np.eye(raw.shape[-1])[raw.argmax(-1)]
    e = np.exp(raw - raw.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)
