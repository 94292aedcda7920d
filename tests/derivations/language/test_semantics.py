"""Random formulas mean what loops over NumPy arrays make of them: no index is captured, no axis is mistaken."""

import ast
import random

import numpy as np
import pytest

from tests.support.claim_reference import LET, SIZES, WHERE, Reference, formula
from tests.support.claim_values import entries

RNG = np.random.default_rng(5)
SHAPES = {"a": (), "x": 3, "y": 2, "A": (2, 3), "S": (3, 3)}
NUMBERS = {name: np.asarray(RNG.integers(-6, 7, shape) / 2) for name, shape in SHAPES.items()}
FREE = {"i": 2, "j": 1}


@pytest.mark.parametrize("seed", range(150))
def test_random_formulas(seed):
    rng = random.Random(seed)
    text = formula(rng, rng.choice(["", "n", "m", "mn", "nm", "nn"]), frozenset(FREE), 3)
    expected = np.asarray(Reference(NUMBERS, LET).value(ast.parse(text, mode="eval").body, FREE))
    found = entries(text, WHERE, LET, **NUMBERS, **SIZES, **FREE)
    assert found.shape == expected.shape, text
    assert np.allclose(found, expected, rtol=1e-10, atol=1e-8), text
