"""Closed forms of sums against adding up, for every length from 0."""

from fractions import Fraction

import pytest
import sympy as sp
from flint import fmpq
from sympy import Rational

from derivations.calculus.domains import POSITIVE, interval
from derivations.calculus.kernel.atoms import Atom
from derivations.calculus.kernel.closed_sums import closed_form
from derivations.calculus.kernel.elementary import affine_value
from derivations.calculus.kernel.ranges import dim, fresh_var, of
from derivations.calculus.normal_form import normal_form
from derivations.calculus.operators import Sum
from derivations.calculus.symbols import index, scalar, size
from derivations.judges.ball import arithmetic
from derivations.judges.ball.values import point
from tests.support.form_values import form_value

N = size("N", minimum=0)
b, c = scalar("b", interval(0, 1)), scalar("c", POSITIVE)
AT = {b: Rational(2, 7), c: Rational(3, 5)}
k = index("k", N)
from_zero, odd_start = index("k", 0, N), index("k", 3, N + 2)


@pytest.mark.parametrize("length", range(7))
@pytest.mark.parametrize("which", [k, from_zero, odd_start], ids=["from 1", "from 0", "from 3"])
@pytest.mark.parametrize(
    "term",
    [
        lambda v: sp.Integer(1),
        lambda v: v,
        lambda v: v**2,
        lambda v: v**3,
        lambda v: b**v,
        lambda v: v * b**v,
        lambda v: b ** (2 * v) * c,
        lambda v: b ** (N - v),
        lambda v: v * b**v / (1 + c) ** v,
        lambda v: (1 - b) ** (v + 1) * b**v,
        lambda v: c**v,  # c may be 1: no closed form
        lambda v: 2**v * v,
        lambda v: (-1) ** v,
        lambda v: v**4 + v,
    ],
)
def test_a_sum_has_the_value_of_its_terms_added_up(term, which, length):
    form = normal_form(Sum(term(which), which))
    at = {**AT, N: length}
    low, high = (int(end.xreplace({N: sp.Integer(length)})) for end in (which.low, which.high))
    added = sum(term(sp.Integer(v)).xreplace({s: sp.sympify(x) for s, x in at.items()}) for v in range(low, high + 1))
    with arithmetic.precision():
        value = form_value(form, point(at))
        assert value.contains(_exact(added))
        assert value.is_finite()


def _exact(x) -> fmpq:
    x = sp.Rational(x)
    return fmpq(int(x.p), int(x.q))


@pytest.mark.parametrize(("shift", "known"), [(-3, False), (-1, False), (0, True), (1, False), (2, False)])
def test_counting_needs_a_count_that_lies_in_the_range(shift, known):
    """sum_{v <= N} [v <= e] is e only while 0 <= e <= N."""
    length = of(dim("N", 0))
    v = fresh_var(length)
    e = length.shifted(shift)
    found = closed_form(v, [(Atom("guard", e.plus(of(v), -1)), Fraction(1))])
    assert found == (affine_value(length) if known else None)


def test_the_ratio_must_not_be_one_and_not_depend_on_the_index():
    (monomial,) = normal_form(Sum(c**k, k))
    assert any(atom.kind == "sum" for atom, _ in monomial)
    (monomial,) = normal_form(Sum((c / (c + k)) ** k, k))
    assert any(atom.kind == "sum" for atom, _ in monomial)
