"""Random expressions: wherever there is source, it computes what the lowering computes."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from gradproof.export import NoSource
from gradproof.export.source import written
from numeric.lowering import Lowered, LoweringError, free_indices, lower
from numeric.sampling import sample
from tests.gradproof.export.running import arrays, close, function_in
from tests.support.fuzzing import SIZES, Generator, m, n, o

SEEDS = 40
TOLERANCE = 1e-9  # the trees differ, and some of these formulas cancel


def cases(backend: str, seeds: range) -> Iterator[tuple[int, str, Lowered]]:
    """Expressions that have both source and a lowering."""
    for seed in seeds:
        e = Generator(f"source {seed}").expression()
        free = sorted(free_indices(e), key=lambda k: k.name)
        if len({k.name for k in free}) < len(free):
            continue  # two indices of one name
        try:
            yield seed, written(e, "f", free, backend), lower(e, backend, axes=free)  # type: ignore[arg-type]
        except NoSource:
            continue


def disagreement(text: str, lowered: Lowered, backend: str, batch: int, extents, seed: int) -> Any:
    """Both values where they differ, None where they agree or the lowering has none."""
    sizes = dict(zip((n, m, o), extents, strict=True))
    points = sample(lowered.arguments, [], sizes, 2, seed=seed)
    inputs = arrays(
        {a.name: points[a.name][: batch or None] if batch else points[a.name][0] for a in lowered.arguments}, backend
    )
    named = {s.name: sizes[s] for s in lowered.sizes}
    try:
        wanted = lowered(**inputs, **named)
    except LoweringError:
        return None
    function = function_in(text, "f")
    taken = {key: (inputs | named)[key] for key in inspect.signature(function).parameters}
    with np.errstate(all="ignore"):
        found = function(**taken)
    tolerance = TOLERANCE if inputs else 1e-6  # without input torch gives its default dtype
    return None if close(found, wanted, tolerance) else (found, wanted)


def compared(backend: str, seeds: range) -> int:
    count = 0
    for seed, text, lowered in cases(backend, seeds):
        for extents in SIZES:
            for batch in (0, 2):
                found = disagreement(text, lowered, backend, batch, extents, seed)
                assert found is None, f"seed {seed}, sizes {extents}, batch {batch}: {found}\n{text}"
                count += 1
    return count


@pytest.mark.parametrize("backend", ["torch", "numpy"])
def test_source_computes_what_the_lowering_computes(backend):
    assert compared(backend, range(SEEDS)) > SEEDS * len(SIZES)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("backend", ["torch", "numpy"])
def test_of_many_more(backend):
    assert compared(backend, range(SEEDS, 30 * SEEDS)) > 1000
