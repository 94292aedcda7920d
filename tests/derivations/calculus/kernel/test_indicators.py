"""Products of [a = 0] and [a >= 0] against every value of the indices."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from derivations.calculus.kernel import indicators
from derivations.calculus.kernel.atoms import Unsupported
from derivations.calculus.kernel.ranges import Affine, dim, of
from derivations.calculus.kernel.terms import multiply
from derivations.calculus.kernel.translation import free_index
from derivations.calculus.symbols import index, sizes
from derivations.judges.ball.values import point
from tests.support.form_values import form_value

n, m = sizes("n m")
i, j, s = index("i", n), index("j", n), index("s", m)
VARIABLES = [*(free_index(k).variables[0] for k in (i, j, s)), dim("n", 1), dim("m", 1)]
affine = st.builds(
    lambda constant, factors: Affine(constant, zip(VARIABLES, factors, strict=True)),
    st.integers(-3, 3),
    st.lists(st.integers(-2, 2), min_size=5, max_size=5),
)
made = st.lists(st.tuples(st.sampled_from(["delta", "guard"]), affine), min_size=1, max_size=3)


def values(at_n: int, at_m: int):
    for a, b, c in itertools.product(range(1, at_n + 1), range(1, at_n + 1), range(1, at_m + 1)):
        yield {n: at_n, m: at_m, i: a, j: b, s: c}


POINTS = [at for sizes_ in ((1, 1), (2, 3), (4, 1), (3, 4)) for at in values(*sizes_)]


def holds(kind: str, a: Affine, at: dict) -> bool:
    number = dict(zip(VARIABLES, (at[i], at[j], at[s], at[n], at[m]), strict=True))
    value = a.constant + sum(c * number[v] for v, c in a.terms)
    return value == 0 if kind == "delta" else value >= 0


@given(made)
def test_a_product_of_indicators_is_one_exactly_where_all_hold(factors):
    try:
        form = multiply(*(getattr(indicators, kind)(a) for kind, a in factors))
    except Unsupported:
        return
    for at in POINTS:
        assert form_value(form, point(at)) == all(holds(kind, a, at) for kind, a in factors)


@given(affine)
def test_solved_is_an_equality_within_its_range(a):
    found = indicators.solved(a)
    if found is None:
        return
    v, e = found
    assert a.plus(of(v).plus(e, -1), -a.coefficient(v)) == Affine(0)
    for at in POINTS:
        number = dict(zip(VARIABLES, (at[i], at[j], at[s], at[n], at[m]), strict=True))
        end = number[dim("n", 1)] if v.extent == of(dim("n", 1)) else number[dim("m", 1)]
        assert 1 <= e.constant + sum(c * number[w] for w, c in e.terms) <= end


def test_indices_that_start_elsewhere_are_other_variables():
    zero_based = index("i", 0, n - 1)
    assert free_index(zero_based).variables[0] is not free_index(i).variables[0]
    assert free_index(zero_based).shifted(1).sole_variable is free_index(zero_based).variables[0]
    assert free_index(i).sole_variable is free_index(index("i", n)).variables[0]
