"""Admissible points of a theorem: random ones, and extreme ones within its domains and hypotheses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import sympy as sp
import torch

from derivations.calculus.domains import Domain
from derivations.calculus.substitution import named_objects
from derivations.calculus.symbols import Size
from derivations.proof.statement import Hypothesis
from numeric.lowering import Argument
from numeric.sampling import Sample, first_entries, holds, inside, sample

RANDOM = 10  # ordinary points a size and dtype; 200-bit arithmetic is slow
MODERATE = 10.0  # up to here an input is ordinary


@dataclass(frozen=True)
class Points:
    """Arrays by name with the points leading, and what kind each point is of."""

    arrays: Sample
    labels: tuple[str, ...]
    ordinary: tuple[bool, ...]

    @property
    def count(self) -> int:
        return len(self.labels)


def admissible_points(
    arguments: Sequence[Argument],
    hypotheses: Iterable[Hypothesis],
    sizes: Mapping[Size, int],
    dtype: str,
    seed: int,
) -> Points:
    """Points that meet the domains and hypotheses, as numbers of the dtype held as float64, ordinary ones first.

    Raises SamplingError when the hypotheses cannot be met.
    """
    hypotheses = tuple(hypotheses)
    wide = "float64" if dtype == "float64" else "float32"  # the sampler knows these two
    if not arguments and not hypotheses:
        return Points({}, ("no arguments",), (True,))
    drawn = sample(arguments, hypotheses, sizes, RANDOM, seed, wide)
    ordinary = {name: _rounded(array, dtype) for name, array in drawn.items()}
    known = [a for a in arguments if a.name in ordinary]
    extremes = list(_extremes(known, ordinary, hypotheses, dtype))
    kept = [(label, point) for label, point in extremes if _admissible(known, point, hypotheses, sizes, wide)]
    moderate = [_moderate(ordinary, k) for k in range(RANDOM)]
    arrays = {name: np.concatenate([array, *(point[name] for _, point in kept)]) for name, array in ordinary.items()}
    labels = ["random values" if m else "wide random values" for m in moderate]
    return Points(arrays, (*labels, *(label for label, _ in kept)), (*moderate, *(False for _ in kept)))


def _moderate(points: Sample, k: int) -> bool:
    return all(np.abs(array[k]).max(initial=0.0) <= MODERATE for array in points.values())


def _rounded(array: np.ndarray, dtype: str) -> np.ndarray:
    return torch.as_tensor(np.asarray(array, float)).to(getattr(torch, dtype)).double().numpy()


def _admissible(arguments, point: Sample, hypotheses: Sequence[Hypothesis], sizes, dtype: str) -> bool:
    in_domain = all(inside(a.domain, point[a.name], slack=0.0).all() for a in arguments)
    relations = [first_entries(h.relation) for h in hypotheses]
    return in_domain and all(holds(relation, point, sizes, dtype).all() for relation in relations)


def _extremes(arguments: Sequence[Argument], ordinary: Sample, hypotheses: Sequence[Hypothesis], dtype: str):
    """One point of each kind: in all arguments at once, then in one at a time."""
    bound = {thing for h in hypotheses if h.relation.operator == "=" for thing in _named(h)}
    free = [a for a in arguments if a not in bound]
    turn = 0
    for label, change in KINDS.items():
        groups = [free] if len(free) < 2 else [free, *([a] for a in free)]
        if label in OFFSETS:  # common to the entries of one array
            groups = [[a] for a in free if ordinary[a.name][0].size > 1]
        for group in groups if free else []:
            k, turn = turn % RANDOM, turn + 1
            point = {name: array[k : k + 1] for name, array in ordinary.items()}
            changed = {a.name: _rounded(change(a.domain, point[a.name]), dtype) for a in group}
            if any(not np.array_equal(changed[name], point[name]) for name in changed):
                yield (label if group == free else f"{label} in {group[0].name}"), {**point, **changed}


def _named(hypothesis: Hypothesis) -> set:
    return named_objects(hypothesis.relation.left) | named_objects(hypothesis.relation.right)


# ---- kinds: a domain and an array of one point, changed -------------------------------------------------------------


def _scaled(factor: float) -> Callable[[Domain, np.ndarray], np.ndarray]:
    """Larger or smaller distances: from 0 on the line, from the end of a half line, from the ends of an interval."""

    def change(domain: Domain, a: np.ndarray) -> np.ndarray:
        if domain.integer:
            return a
        low, high = (float(end) if end.is_finite else None for end in (domain.low, domain.high))
        if low is not None and high is not None:
            near = np.minimum(1.0, factor if factor < 1 else 1 / factor) * (a - low)
            return low + near if factor < 1 else high - near
        if low is not None:
            return low + factor * (a - low)
        if high is not None:
            return high - factor * (high - a)
        return factor * a if factor < 1 else factor * (a + np.copysign(1.0, a))

    return change


def _end(domain: Domain, a: np.ndarray) -> np.ndarray:
    """Zeros, or the end of the domain where that belongs to it."""
    closed = [end for end, is_in in ((domain.low, domain.low_closed), (domain.high, domain.high_closed)) if is_in]
    return np.full_like(a, float(closed[0]) if closed else 0.0)


def _negative_zeros(domain: Domain, a: np.ndarray) -> np.ndarray:
    return -np.zeros_like(a) if domain.low == -sp.oo else a


def _equal(domain: Domain, a: np.ndarray) -> np.ndarray:
    return np.full_like(a, a.reshape(-1)[0] if a.size else 0.0)


def _one_huge(domain: Domain, a: np.ndarray) -> np.ndarray:
    changed = a.copy()
    if a.size:
        changed.reshape(-1)[-1:] = _scaled(1e3)(domain, changed.reshape(-1)[-1:])
    return changed


def _offset(by: float) -> Callable[[Domain, np.ndarray], np.ndarray]:
    """The spread of ordinary values about a far point, where digits cancel in E x² − (E x)²."""

    def change(domain: Domain, a: np.ndarray) -> np.ndarray:
        ends = domain.high if by > 0 else domain.low
        return a if domain.integer or ends.is_finite else a + by

    return change


OFFSETS: dict[str, Callable[[Domain, np.ndarray], np.ndarray]] = {
    "offset 1e3": _offset(1e3),
    "offset 1e4": _offset(1e4),
    "offset −1e4": _offset(-1e4),
}
KINDS: dict[str, Callable[[Domain, np.ndarray], np.ndarray]] = {
    "large values": _scaled(30.0),
    "very large values": _scaled(1e3),
    "tiny values": _scaled(1e-6),
    "very tiny values": _scaled(1e-20),
    "zeros": _end,
    "negative zeros": _negative_zeros,
    "equal entries": _equal,
    "one huge entry": _one_huge,
    **OFFSETS,
}
