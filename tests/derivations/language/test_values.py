"""Arithmetic of arrays against NumPy on small sizes: broadcasting, transposes, matrix products, subscripts."""

import itertools

import numpy as np
import pytest

from derivations.language.errors import InvalidClaim
from tests.support.claim_values import entries

SIZES = {"m": 2, "n": 3, "p": 4}
SHAPES = {
    "a": "", "x": "[n]", "w": "[n]", "y": "[m]", "A": "[m, n]", "B": "[n, p]", "S": "[n, n]", "R": "[1, n]",
    "C": "[m, 1]", "K": "[n, 1]", "T": "[m, n, p]",
}  # fmt: skip
PAIRS = list(itertools.product(SHAPES, repeat=2))
WHERE = "; ".join(f"{name}: real{shape}" for name, shape in SHAPES.items())


def drawn(name: str, rng: np.random.Generator) -> np.ndarray:
    """Random numbers that are exact as floats and as fractions."""
    shape = [SIZES.get(size, 1) for size in SHAPES[name].strip("[]").split(", ") if size]
    return np.asarray(rng.integers(1, 40, shape) / 8 * rng.choice([-1, 1], shape))


@pytest.fixture(scope="module")
def numbers():
    rng = np.random.default_rng(0)
    return {name: drawn(name, rng) for name in SHAPES}


def agree(text: str, numpy: str, numbers) -> None:
    expected = np.asarray(eval(numpy, {"np": np, **numbers, **SIZES}))  # a text of ours
    found = entries(text, WHERE, **numbers, **SIZES)
    assert found.shape == expected.shape
    assert np.allclose(found, expected, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize(
    "text",
    [
        "a + x",
        "x + A",
        "A * x",
        "x - a",
        "A / R",
        "A + R",
        "A + C",
        "C + R",
        "R - C",
        "T * B",
        "x**2",
        "2**a",
        "-A",
        "+A",
        "A - A",
        "a * A + A / a",
        "1 / x",
        "A * A * A",
        "S * x",
        "x * S",
        "S / x",
        "(S + S.T) / 2",
        "S * S.T - S.T",
        "R + R.T",
        "K + K.T",
        "C.T + C",
        "x + R",
        "R.T + x",
        "A.T",
        "A.T.T",
        "x.T",
        "T.T",
        "a.T",
        "T.T - T.T.T.T",
        "S.T + x.T * K",
    ],
)
def test_elementwise_operations_broadcast_as_numpy(text, numbers):
    agree(text, text, numbers)


@pytest.mark.parametrize("pair", PAIRS, ids="".join)
def test_products_of_all_pairs_of_shapes(pair, numbers):
    """a @ b is NumPy's, or refused where NumPy refuses (and where it would stack matrices)."""
    left, right = (numbers[name] for name in pair)
    text = f"{pair[0]} @ {pair[1]}"
    try:
        (left @ right).shape  # noqa: B018
        possible = max(left.ndim, right.ndim) <= 2
    except ValueError:
        possible = False
    if possible:
        agree(text, text, numbers)
    else:
        with pytest.raises(InvalidClaim, match="'@' between"):
            entries(text, WHERE, **numbers, **SIZES)


@pytest.mark.parametrize("pair", PAIRS, ids="".join)
def test_sums_of_all_pairs_of_shapes(pair, numbers):
    """NumPy's, or refused where NumPy refuses: no size here is 1 by accident."""
    text = f"{pair[0]} + {pair[1]}"
    try:
        np.broadcast_shapes(*(numbers[name].shape for name in pair))
    except ValueError:
        with pytest.raises(InvalidClaim, match=r"'\+': the shapes .* do not match"):
            entries(text, WHERE, **numbers, **SIZES)
    else:
        agree(text, text, numbers)


@pytest.mark.parametrize(
    ("text", "numpy"),
    [("x[1]", "x[0]"), ("x[n]", "x[-1]"), ("A[1]", "A[0]"), ("A[1, :]", "A[0]"), ("A[:, 1]", "A[:, 0]"), ("A[:]", "A"),
     ("A[m, n]", "A[-1, -1]"), ("A.T[n]", "A[:, -1]"), ("(A @ x)[m]", "(A @ x)[-1]"), ("T[1, :, p]", "T[0, :, -1]"),
     ("T[:, 1]", "T[:, 0]"), ("A[1][n]", "A[0][-1]"), ("(x + A)[1, 1]", "(x + A)[0, 0]"), ("R[1]", "R[0]"),
     ("S[1, :] + S[:, 1]", "S[0] + S[:, 0]")],
)  # fmt: skip
def test_subscripts_count_from_1(text, numpy, numbers):
    agree(text, numpy, numbers)


@pytest.mark.parametrize(
    ("entry", "whole"),
    [
        ("A[i, j]", "A"),
        ("A.T[i, j]", "A.T"),
        ("x[i] * y[j]", "np.outer(x, y)"),
        ("S[i, j] - S[j, i]", "S - S.T"),
        ("(A @ B)[i, j]", "A @ B"),
        ("x[i] * i", "x * np.arange(1, 4)"),
        ("x[n + 1 - i]", "x[::-1]"),
        ("S[i, i]", "np.diag(S)"),
        ("delta(i, j) + S[i, j]", "np.eye(3) + S"),
        ("delta(i, 1) * x[i]", "x * [1, 0, 0]"),
        ("delta(j, 2) + y[j]", "y + [0, 1]"),
    ],
)
def test_names_in_subscripts_are_indices_over_the_axes(entry, whole, numbers):
    """At each entry of the free indices, in the order in which they are met."""
    from derivations.judges.ball import evaluate
    from derivations.judges.ball.footprints import footprint
    from derivations.language import claims
    from tests.support.claim_values import point_of

    expected = np.asarray(eval(whole, {"np": np, **numbers}))
    left = claims.read(f"{entry} == 0", WHERE).parts[0].relation.left
    names = sorted({k.name for k in footprint(left).indices})
    for at in np.ndindex(expected.shape):
        indices = {k: at[names.index(k.name)] + 1 for k in footprint(left).indices}
        found = float(evaluate(left, point_of(footprint(left), indices, {**numbers, **SIZES})).mid())
        assert np.isclose(found, expected[at], rtol=1e-13)
