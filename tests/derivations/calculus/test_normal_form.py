"""Identities of the field that the kernel proves for all sizes, each with a near miss that it does not prove."""

import pytest
import sympy as sp

from derivations.calculus.normal_form import Unsupported, equal, normal_form
from derivations.calculus.operators import Limit, Sum
from derivations.calculus.symbols import (
    index,
    matrix,
    scalars,
    size,
    sizes,
    vector,
)
from tests.support import layer_identities as layers
from tests.support import scalar_identities as scalars_

n, m = sizes("n m")


def cases(*functions):
    """Named statements of several topics: (proved, not proved, hypotheses) each."""
    good, bad = [], []
    for topic in functions:
        true, false, hypotheses = topic()
        good += [pytest.param(*sides, hypotheses, id=f"{topic.__name__}-{at}") for at, sides in enumerate(true)]
        bad += [pytest.param(*sides, hypotheses, id=f"{topic.__name__}-{at}") for at, sides in enumerate(false)]
    return good, bad


PROVED, NOT_PROVED = cases(
    layers.softmax,
    layers.cross_entropy,
    layers.cross_entropy_without_the_hypothesis,
    layers.linear_layer,
    layers.ridge_regression,
    layers.quadratic_form,
    layers.symmetric_quadratic_form,
    layers.batch_norm,
    layers.layer_norm,
    layers.convolution,
    layers.attention,
    layers.log_sum_exp,
    layers.denominators_inside_a_sum,
    scalars_.averages,
    scalars_.activations,
    scalars_.kinks,
    scalars_.products,
    scalars_.moments,
)


@pytest.mark.parametrize(("left", "right", "hypotheses"), PROVED)
def test_proved_for_all_sizes(left, right, hypotheses):
    assert equal(sp.sympify(left), sp.sympify(right), hypotheses) is True


@pytest.mark.parametrize(("left", "right", "hypotheses"), NOT_PROVED)
def test_near_misses_are_not_proved(left, right, hypotheses):
    assert equal(sp.sympify(left), sp.sympify(right), hypotheses) is None


def test_hypotheses_of_a_matrix_hold_for_each_row():
    s, k = index("s", m), index("k", n)
    y, x = matrix("y", m, n), vector("x", m)
    rows = [(Sum(y[s, k], k), sp.Integer(1))]
    assert equal(Sum(x[s] * y[s, k], s, k), Sum(x[s], s), rows)
    assert not equal(Sum(y[s, k], s), sp.Integer(1), rows)


def test_what_the_kernel_does_not_speak_is_refused():
    t = size("t")
    a, b = scalars("a b")
    for e in (Limit(a**2 / t, t), sp.Function("f")(a), sp.sqrt(a) ** sp.pi, a**b, sp.I * a):
        with pytest.raises(Unsupported):
            normal_form(e)


def test_the_form_of_zero_is_empty():
    k = index("k", n)
    x = vector("x", n)
    assert normal_form(Sum(x[k], k) - Sum(x[index("j", n)], index("j", n))) == {}
    assert normal_form(Sum(x[k], k), [(Sum(x[k], k), sp.Integer(0))]) == {}
