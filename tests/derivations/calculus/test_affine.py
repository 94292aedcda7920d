"""Facts about ranges against every value of small sizes and indices."""

import itertools

import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from derivations.calculus.affine import linear_terms, provably_nonnegative, provably_within
from derivations.calculus.symbols import Index, index, integer, scalar, size, sizes

n, m = sizes("n m")
o, five = size("o", minimum=0), size("f", minimum=5)
i, j = index("i", n), index("j", 0, m - 1)
upto, beyond = index("k", 1, i), index("l", i, n)
inner = index("q", 1, upto)
SIZES = {n: (1, 2, 3), m: (1, 2, 4), o: (0, 1, 2), five: (5, 6)}
SYMBOLS = (n, m, o, five, i, j, upto, beyond, inner)


def _extended(at: dict, left: list[Index]):
    """``at`` with every value of the indices ``left`` within their ranges."""
    if not left:
        yield at
        return
    k, *rest = left
    low, high = (int(end.xreplace(at)) for end in (k.low, k.high))
    for value in range(low, high + 1):
        yield from _extended({**at, k: sp.Integer(value)}, rest)


POINTS = [
    {s: int(v) for s, v in at.items()}
    for values in itertools.product(*SIZES.values())
    for at in _extended({s: sp.Integer(v) for s, v in zip(SIZES, values, strict=True)}, [i, j, upto, beyond, inner])
]
coefficients = st.lists(st.integers(-2, 2), min_size=len(SYMBOLS), max_size=len(SYMBOLS))


@given(coefficients, st.integers(-6, 6))
def test_what_is_called_nonnegative_is(factors, constant):
    e = constant + sum(c * s for c, s in zip(factors, SYMBOLS, strict=True))
    if provably_nonnegative(e):
        values = (constant + sum(c * at[s] for c, s in zip(factors, SYMBOLS, strict=True)) for at in POINTS)
        assert min(values) >= 0


def test_ranges_that_are_known():
    for e in (n - 1, n - i, i - 1, i - upto, n - upto, beyond - i, n - beyond, m - 1 - j, j, upto - inner, five - 5, o):
        assert provably_nonnegative(e), e
    for e in (n - 2, m - n, i - 2, upto - i, o - 1, five - 6, i - beyond, scalar("a"), integer("a"), n * m - 1, n / 2):
        assert not provably_nonnegative(e), e
    assert provably_within(n + 1 - i, 1, n)
    assert provably_within(i + j, 1, sp.oo)
    assert not provably_within(i + j, 1, n)


def test_linear_terms():
    assert linear_terms(2 * i - n + 3) == (3, {i: 2, n: -1})
    assert linear_terms(sp.expand((i - n) - (i - n))) == (0, {})
    assert linear_terms(i * n) is None
    assert linear_terms(i / 2) is None
