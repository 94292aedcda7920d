"""Points of the declared domains, all at once: ``sample(arguments, hypotheses, sizes, count, seed, dtype)``.

Most entries are moderate; about one in eight points is stretched toward the ends of its domain. Equality hypotheses are
met by construction (assignment, normalisation, a shift), the others by rejection, and every hypothesis is measured
on the finished sample: a sample that does not satisfy its hypotheses is an error, never a weaker test.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import prod

import numpy as np
import sympy as sp

from derivations.calculus.domains import Domain
from derivations.calculus.operators import Expectation, Sum
from derivations.calculus.substitution import named_objects, substitute
from derivations.calculus.symbols import Entry, Index, Scalar, Size, Tensor
from derivations.proof.statement import Hypothesis, Relation, map_expressions
from numeric.kernels import NumpyKernel
from numeric.lowering import Argument, free_indices, lower

OUTCOMES = 6  # equally likely outcomes of the random tensors
STRETCHED = 1 / 8  # the share of points toward the ends of the domain
SMALL = 1 / 32  # the share of points of the real line that lie close to 0, where bounds are tight
OVERSAMPLING = 16  # rejection draws this many times what it needs before it gives up
ENDLESS = 6  # how many values of an endless index are looked at
SLACK = 2.0**-40  # relative: an equality hypothesis is met up to the rounding of its sides

Sample = dict[str, np.ndarray]


class SamplingError(ValueError):
    """No way is known to meet a hypothesis, or too few points met it; the message names it."""


def sample(
    arguments: Sequence[Argument],
    hypotheses: Iterable[Hypothesis | Relation],
    sizes: Mapping[Size, int],
    count: int,
    seed: int = 0,
    dtype: str = "float64",
    sequence_length: int | None = None,
) -> Sample:
    """Arrays by name: scalars of shape ``(count,)``, tensors ``(count, *extents)``, random ones with outcomes before.

    Values are numbers of ``dtype`` held as float64. An endless axis gets ``sequence_length`` entries, by default the
    sum of the sizes, ``ENDLESS`` and 2. Raises SamplingError when the hypotheses cannot be met.
    """
    relations = [first_entries(h.relation if isinstance(h, Hypothesis) else h) for h in hypotheses]
    wanted = _with_those_in(relations, arguments)
    length = sequence_length or sum(sizes.values()) + ENDLESS + 2
    generator = np.random.default_rng(seed)
    drawn = count * (OVERSAMPLING if relations else 1)
    points = {a.name: _rounded(_draw(a, sizes, length, drawn, generator), dtype) for a in wanted}
    for relation in (r for r in relations if r.operator == "="):
        points = _satisfy(relation, points, sizes, dtype)
    accepted = np.ones(drawn, bool)
    for argument in wanted:
        accepted &= inside(argument.domain, points[argument.name], _slack(dtype))
    for relation in relations:
        accepted &= holds(relation, points, sizes, dtype)
    if accepted.sum() < count:
        shown = "; ".join(f"{r.left} {r.operator} {r.right}" for r in relations)
        raise SamplingError(f"only {accepted.sum()} of {drawn} points meet the hypotheses {shown}")
    return {name: array[np.flatnonzero(accepted)[:count]] for name, array in points.items()}


def _with_those_in(relations: Iterable[Relation], arguments: Sequence[Argument]) -> list[Argument]:
    """The arguments and everything that the hypotheses name beside them."""
    named = set(arguments).union(*(named_objects(side) for r in relations for side in (r.left, r.right)))
    return sorted((a for a in named if isinstance(a, (Tensor, Scalar))), key=lambda a: a.name)


def _rounded(array: np.ndarray, dtype: str) -> np.ndarray:
    """The nearest numbers of the dtype, held as float64."""
    return array.astype(dtype).astype(np.float64)


def first_entries(relation: Relation) -> Relation:
    """The relation with every endless free index kept to its first ``ENDLESS`` values."""
    endless = {k for k in free_indices(relation.left) | free_indices(relation.right) if k.high is sp.oo}
    ends = {k: Index(k.name, k.low, k.low + ENDLESS - 1) for k in endless}
    return map_expressions(relation, lambda side: substitute(side, ends))  # type: ignore[return-value]


# ---- domains ----------------------------------------------------------------------------------------------------


def extents(argument: Argument, sizes: Mapping[Size, int], length: int) -> tuple[int, ...]:
    """The shape of one point of the argument."""
    if not isinstance(argument, Tensor):
        return ()
    ends = {size: sp.Integer(value) for size, value in sizes.items()}
    own = tuple(length if high is sp.oo else int((high - low + 1).xreplace(ends)) for low, high in argument.axes)
    return ((OUTCOMES,) if argument.random else ()) + own


def _draw(argument: Argument, sizes, length: int, count: int, generator: np.random.Generator) -> np.ndarray:
    shape = (count, *extents(argument, sizes, length))
    stretch = generator.random(count) < STRETCHED
    return _from_domain(argument.domain, shape, stretch.reshape(count, *(1,) * (len(shape) - 1)), generator)


def _from_domain(domain: Domain, shape, stretch: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    if domain.integer:
        low = int(sp.ceiling(domain.low)) if domain.low != -sp.oo else -5
        high = int(sp.floor(domain.high)) if domain.high != sp.oo else max(low, 0) + 9
        low, high = (low + (low not in domain), high - (high not in domain))
        return generator.integers(low, high + 1, shape).astype(float)
    if domain.low != -sp.oo and domain.high != sp.oo:
        return _between(domain, shape, stretch, generator)
    if domain.low == -sp.oo and domain.high == sp.oo:
        small = generator.random(stretch.shape) < SMALL
        near_zero = np.where(small, 10.0 ** -generator.uniform(2, 6, stretch.shape), 1.0)
        return generator.standard_normal(shape) * np.where(stretch, 12.0, 1.5 * near_zero)
    # a half line: its end and a positive distance, moderate or over several powers of ten
    distance = np.exp(generator.standard_normal(shape) * np.where(stretch, 3.0, 0.7))
    return float(domain.low) + distance if domain.high == sp.oo else float(domain.high) - distance


def _between(domain: Domain, shape, stretch: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Inside a bounded interval; a stretched point lies close to one of the ends, never on it."""
    low, high = float(domain.low), float(domain.high)
    fraction = generator.uniform(0.02, 0.98, shape)
    close = 10.0 ** -generator.uniform(1, 4, shape)
    close = np.where(generator.random(shape) < 0.5, close, 1 - close)
    return low + (high - low) * np.where(stretch, close, fraction)


def inside(domain: Domain, array: np.ndarray, slack: float = SLACK) -> np.ndarray:
    """At which points every entry is in the domain; rounding does not count as leaving an open end of an interval."""
    low, high = float(domain.low), float(domain.high)
    margin = slack * (high - low) if np.isfinite(high - low) else 0.0
    above = array >= low if domain.low_closed else array > low + margin
    below = array <= high if domain.high_closed else array < high - margin
    verdict = above & below & np.isfinite(array)
    if domain.integer:
        verdict &= array == np.round(array)
    return np.asarray(verdict.reshape(len(array), -1).all(1))


# ---- hypotheses -------------------------------------------------------------------------------------------------


def evaluate(expression: sp.Expr, points: Sample, sizes: Mapping[Size, int], axes=None) -> np.ndarray:
    """The expression at every point, in float64: shape ``(count, *extents of axes)``."""
    lowered = lower(expression, backend="numpy", axes=axes)
    known = {size: sizes[size] for size in lowered.sizes}
    values = lowered.evaluate(NumpyKernel(), {a.name: points[a.name] for a in lowered.arguments}, known)
    count = len(next(iter(points.values()))) if points else 1
    return np.broadcast_to(values, (count, *values.shape[1:])) if lowered.arguments else np.stack([values] * count)


def _slack(dtype: str) -> float:
    return SLACK if dtype == "float64" else 2.0**-16


def holds(relation: Relation, points: Sample, sizes: Mapping[Size, int], dtype: str = "float64") -> np.ndarray:
    """At which points a hypothesis holds, for all its free indices; an equality up to rounding in ``dtype``."""
    axes = sorted(free_indices(relation.left) | free_indices(relation.right), key=str)
    left, right = (evaluate(side, points, sizes, axes) for side in (relation.left, relation.right))
    slack = _slack(dtype)
    scale = 1 + np.maximum(np.abs(left), np.abs(right))
    verdict = {
        "=": np.abs(left - right) <= slack * scale,
        "!=": np.abs(left - right) > slack * scale,
        "<": left < right,
        "<=": left <= right,
    }[relation.operator]
    return np.asarray(verdict.reshape(len(verdict), -1).all(1))


def _satisfy(relation: Relation, points: Sample, sizes: Mapping[Size, int], dtype: str) -> Sample:
    """The points moved onto an equality: by one rule of the three, whichever applies."""
    for target, value in ((relation.left, relation.right), (relation.right, relation.left)):
        for rule in (_assign, _normalise, _centre):
            moved = rule(target, value, points, sizes)
            if moved is not None:
                return {**points, **{name: _rounded(array, dtype) for name, array in moved.items()}}
    raise SamplingError(f"no way is known to meet {relation.left} = {relation.right}")


def _names(expression: sp.Expr) -> set[str]:
    return {thing.name for thing in named_objects(expression)}  # type: ignore[attr-defined]


def _plain(subscripts: Sequence[sp.Expr]) -> bool:
    """Whether each subscript is an index of its own."""
    return all(isinstance(s, Index) for s in subscripts) and len(set(subscripts)) == len(subscripts)


def _assign(target, value, points: Sample, sizes) -> Sample | None:
    """``x = value`` and ``T[i, j] = value``: the value, when it does not depend on what it is given to."""
    if isinstance(target, Scalar) and target.name not in _names(value):
        return {target.name: evaluate(value, points, sizes, axes=())}
    if isinstance(target, Entry) and _plain(target.subscripts) and target.tensor.name not in _names(value):
        if free_indices(value) - set(target.subscripts):
            return None
        array = evaluate(value, points, sizes, axes=target.subscripts)
        return {target.tensor.name: array} if array.shape == points[target.tensor.name].shape else None
    return None


def _normalise(target, value, points: Sample, sizes) -> Sample | None:
    """``sum_i T[..., i, ...] = value``: scaled when the entries have one sign, shifted when they are any reals."""
    if not isinstance(target, Sum) or not isinstance(target.body, Entry):
        return None
    entry = target.body
    if not _plain(entry.subscripts) or not set(target.bound) <= set(entry.subscripts) or _infinite(entry.tensor):
        return None
    outer = [s for s in entry.subscripts if s not in target.bound]
    if free_indices(value) - set(outer) or entry.tensor.name in _names(value):
        return None
    array = points[entry.tensor.name]
    wanted, found = (_spread(evaluate(side, points, sizes, outer), entry, outer) for side in (value, target))
    if entry.tensor.domain.nonnegative:
        return {entry.tensor.name: array * (wanted / found)}
    terms = prod(array.shape[1 + entry.subscripts.index(k)] for k in target.bound)
    return {entry.tensor.name: array + (wanted - found) / terms}


def _infinite(tensor: Tensor) -> bool:
    return any(high is sp.oo for _, high in tensor.axes)


def _spread(values: np.ndarray, entry: Entry, outer: Sequence[Index]) -> np.ndarray:
    """Values along the ``outer`` subscripts, with an axis of length 1 for each of the others."""
    order = sorted(outer, key=entry.subscripts.index)
    values = values.transpose((0, *(1 + list(outer).index(k) for k in order)))
    return values[(slice(None), *(slice(None) if s in outer else None for s in entry.subscripts))]


def _centre(target, value, points: Sample, sizes) -> Sample | None:
    """``E T[i] = value`` for a random T: the outcomes shifted alike, along the whole axis."""
    if not isinstance(target, Expectation) or not isinstance(target.function, Entry):
        return None
    entry = target.function
    if not entry.tensor.random or not _plain(entry.subscripts) or entry.tensor.domain.assumptions() != {"real": True}:
        return None
    if entry.tensor.name in _names(value):
        return _centre_on_itself(entry, value, points)
    if free_indices(value):
        return None
    wanted = evaluate(value, points, sizes, axes=())
    array = points[entry.tensor.name]
    wanted = wanted.reshape(len(wanted), *(1,) * (array.ndim - 1))
    return {entry.tensor.name: array - array.mean(1, keepdims=True) + wanted}


def _centre_on_itself(entry: Entry, value, points: Sample) -> Sample | None:
    """``E T[i] = E T[1]`` (stationary): every mean becomes that of the first entry."""
    if not isinstance(value, Expectation) or not isinstance(value.function, Entry):
        return None
    if value.function.tensor != entry.tensor or any(free_indices(s) for s in value.function.subscripts):
        return None
    array = points[entry.tensor.name]
    means = array.mean(1, keepdims=True)
    first = means[(slice(None), slice(None), *(slice(0, 1) for _ in entry.subscripts))]
    return {entry.tensor.name: array - means + first}
