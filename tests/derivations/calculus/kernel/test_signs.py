"""Intervals of forms: every value lies inside, at random points and at the ends of the domains."""

import itertools
from fractions import Fraction

from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st
from sympy import Rational, exp, sqrt, tanh

from derivations.calculus.domains import NONNEGATIVE, POSITIVE, Domain, interval
from derivations.calculus.functions import sigmoid
from derivations.calculus.kernel import signs
from derivations.calculus.kernel.signs import Interval
from derivations.calculus.normal_form import Unsupported, normal_form
from derivations.calculus.operators import Product, Sum, delta
from derivations.calculus.symbols import index, scalar, size, sizes, vector
from derivations.judges.ball import arithmetic
from tests.support.form_values import form_value
from tests.support.fuzzing import Generator, points

n, m = sizes("n m")
o = size("o", minimum=0)
k, few = index("k", n), index("k", o)
ends = st.one_of(st.none(), st.integers(-3, 3).map(Fraction))


@st.composite
def intervals(draw) -> Interval:
    low, high = draw(ends), draw(ends)
    if low is not None and high is not None and low > high:
        low, high = high, low
    if low == high and low is not None:
        return Interval(low, high, False, False)
    return Interval(low, high, draw(st.booleans()) or low is None, draw(st.booleans()) or high is None)


def members(a: Interval) -> list[Fraction]:
    """Values inside, those near the ends and the closed ends among them."""
    low = a.low if a.low is not None else (a.high if a.high is not None else Fraction(0)) - 5
    high = a.high if a.high is not None else max(low, Fraction(0)) + 5
    step = (high - low) / 7
    return [x for x in (low, low + step / 50, *(low + k * step for k in range(1, 7)), high) if inside(x, a)]


def inside(x: Fraction, a: Interval) -> bool:
    above = a.low is None or x > a.low or (x == a.low and not a.low_open)
    return above and (a.high is None or x < a.high or (x == a.high and not a.high_open))


@given(intervals(), intervals())
def test_sums_and_products_of_members_are_members(a, b):
    for x, y in itertools.product(members(a), members(b)):
        assert inside(x + y, signs.plus(a, b))
        assert inside(x * y, signs.times(a, b))


@given(intervals(), st.integers(-3, 4).filter(bool))
def test_powers_of_members_are_members(a, q):
    raised = signs.raised(a, Fraction(q))
    for x in members(a):
        if x or q > 0:
            assert inside(x**q, raised), (x, q, raised)


def test_the_interval_of_a_form_holds_its_value():
    narrow = 0
    for seed in range(300):
        form = _form(seed)
        found = None if form is None else signs.interval(form)
        if found is None or (found.low is None and found.high is None):
            continue
        narrow += 1
        with arithmetic.precision():
            for point in points(seed, 2):
                value = form_value(form, point)
                if not value.is_finite():
                    continue
                assert found.low is None or not value < fmpq(found.low.numerator, found.low.denominator)
                assert found.high is None or not value > fmpq(found.high.numerator, found.high.denominator)
    assert narrow > 20


def _form(seed):
    generator = Generator(f"signs {seed}")
    try:
        return normal_form(generator.positive(2, (index("i", n), index("s", m))) * generator.real(0, SCOPE))
    except (Unsupported, ValueError):
        return None


SCOPE = (index("i", n), index("s", m))


def test_what_is_positive():
    p = vector("p", n, domain=POSITIVE)
    e = vector("e", o, domain=POSITIVE)
    g = vector("g", n, domain=POSITIVE, padded=True)
    b, q = scalar("b", interval(0, 1)), scalar("q", NONNEGATIVE)
    c = scalar("c", Domain(-3, -1))
    s = index("s", m)
    positive = [Sum(p[k], k), exp(c), 1 - b, 2 * b - b**2, sqrt(p[k]), c**2 + 1, Product(p[k], k), sigmoid(c), n - b]
    positive += [1 + Sum(e[few], few), 1 - b**n, 1 + tanh(c), 1 / c**2, b**o]
    other = [Sum(e[few], few), q, g[s], o, 1 - b**o, delta(k, s), c, c**2 - 1, p[k] - 1, c**3, tanh(c), Sum(g[s], s)]
    assert [e for e in positive if not signs.positive_form(normal_form(e))] == []
    assert [e for e in other if signs.positive_form(normal_form(e))] == []
    assert signs.nonzero(normal_form(c))
    assert not signs.nonzero(normal_form(q - Rational(1, 2)))
