"""What a statement needs in order to mean something: found in its source, and settled or listed."""

import pytest
from sympy import Abs, Max, S, acosh, asin, cosh, exp, log, sign, sin, sqrt

from derivations.calculus import special
from derivations.calculus.domains import INTEGER, NONNEGATIVE, POSITIVE, Domain, interval
from derivations.calculus.functions import cbrt, relu, sigmoid, softplus
from derivations.calculus.operators import Bound, D, Integral, LimitAt, Maximum, Sum
from derivations.calculus.symbols import (
    Defined,
    Definition,
    Scalar,
    index,
    indices,
    scalar,
    scalars,
    size,
    vector,
)
from derivations.judges.side_conditions import conditions, lies_in_domain, listed
from derivations.proof.statement import Eq, Gt, Hypothesis, Le, Lt, Ne

n = size("n")
t = size("t", minimum=0)
i, k = indices("i k", n)
z, w = vector("z", n), vector("w", n, domain=POSITIVE)
x, y = scalars("x y")
eps = scalar("eps", POSITIVE)
s = scalar("s", NONNEGATIVE)
p = scalar("p", interval(0, 1))


def needs(expression, *hypotheses):
    return listed(Eq(expression, 0), tuple(Hypothesis("h", h) for h in hypotheses))


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        (1 / x, "x ≠ 0"),
        (y / (x - y), "x − y ≠ 0"),
        (log(x), "x > 0"),
        (sqrt(x), "x ≥ 0"),
        (1 / sqrt(s), "s > 0"),
        (log(s), "s > 0"),
        (D(relu(x), x), "x ≠ 0"),
        (D(Abs(x - y), x), "x − y ≠ 0"),
        (D(sign(x) * x, x), "x ≠ 0"),
        (x**y, "x > 0"),
        (1 / Sum(z[k], k), "Σₖ zₖ ≠ 0"),
        (log(Sum(z[k] ** 2, k)), "Σₖ zₖ² > 0"),
        (Sum(1 / z[k], k), "zₖ ≠ 0"),
        (1 / (1 - sigmoid(x) - p), None),
        (1 / Sum(eps, index("l", 1, t)), None),  # an empty sum is 0
    ],
)
def test_what_is_not_settled_is_listed(expression, wanted):
    found = needs(expression)
    assert found if wanted is None else found == (wanted,), found


@pytest.mark.parametrize(
    "expression",
    [
        1 / eps,
        1 / n,
        1 / (n + 1),
        1 / p,
        log(p),
        log(1 - p),
        1 / (p * (1 - p)),
        sqrt(s),
        sqrt(s + eps),
        1 / sqrt(Sum(z[k] ** 2, k) / n + eps),
        log(Sum(exp(z[k]), k)),
        1 / Sum(w[k], k),
        log(1 - sigmoid(x)),
        log(softplus(x)),
        (1 - p) ** t,
        exp(x) / (1 + exp(x)),
        D(exp(x), x),
        relu(x) * x,
        x**3,
    ],
)
def test_what_the_domains_settle_is_not_listed(expression):
    assert needs(expression) == ()


small, large, unit = (
    scalar("small", interval(-1, 1)),
    scalar("large", Domain(low=1)),
    scalar("u", interval(-1, 1, closed=True)),
)
t1 = Bound("t1")


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        (asin(x), ("1 − x² ≥ 0",)),
        (D(asin(x), x), ("1 − x² > 0",)),
        (asin(unit) + D(asin(small), small), ()),
        (D(asin(unit), unit), ("1 − u² > 0",)),
        (acosh(x), ("x − 1 ≥ 0",)),
        (acosh(large) + D(acosh(large), large) + acosh(cosh(x)), ()),
        (D(acosh(1 + s), s), ("s > 0",)),
        (cbrt(x), ()),
        (D(cbrt(x), x), ("x ≠ 0",)),
        (D(cbrt(eps), eps), ()),
        (special.gamma(x), ("x > 0",)),
        (special.loggamma(eps) + special.digamma(eps) + special.polygamma(2, eps), ()),
        (special.bessely(0, x), ("x > 0",)),
        (special.besselk(y, x), ("x > 0",)),
        (special.besselj(2, x) + special.besseli(0, x), ()),
        (special.besselj(y, x), ("x > 0",)),
        (special.expint(2, x), ("x > 0",)),
        (special.ellipk(x), ("1 − x > 0",)),
        (special.ellipk(small) + special.ellipe(unit), ()),
        (special.ellipe(x), ("1 − x ≥ 0",)),
        (D(special.ellipe(unit), unit), ("1 − u > 0",)),
        (special.erfinv(x), ("1 − x² > 0",)),
        (special.erfinv(small), ()),
        (Maximum(z[k], k), ()),
        (Maximum(z[index("e", 1, i - 1)], index("e", 1, i - 1)), ("i − 1 > 0",)),
        (1 / cosh(x) + log(2 + sin(x)), ()),
        (Integral(1 / t1, t1, S.One, S(2)), ()),
        (Integral(1 / t1, t1, -S.One, S(2)), ("t₁ ≠ 0",)),
        (Integral(log(t1), t1, S.Zero, S.One), ("t₁ > 0",)),
        (Integral(exp(t1) / x, t1, S.Zero, log(y)), ("x ≠ 0", "y > 0")),
        (LimitAt(sin(t1) / t1, t1, S.Zero), ()),
        (LimitAt(sin(t1), t1, 1 / x) + 1, ("x ≠ 0",)),
    ],
)
def test_the_special_functions_and_binders(expression, wanted):
    assert set(needs(expression)) == set(wanted)


@pytest.mark.parametrize(
    ("expression", "hypothesis", "settled"),
    [
        (asin(x), Le(x**2, 1), True),
        (asin(x), Lt(x**2, 1), True),
        (D(asin(x), x), Le(x**2, 1), False),
        (D(asin(x), x), Lt(x**2, 1), True),
        (sqrt(x), Le(0, x), True),
        (log(x), Le(0, x), False),
        (1 / x, Le(0, x), False),
        (1 / x, Le(x, 0), False),
        (special.gamma(x), Ne(x, 0), False),
    ],
)
def test_what_a_weak_inequality_settles(expression, hypothesis, settled):
    assert (needs(expression, hypothesis) == ()) is settled


def test_a_definition_is_opened():
    ratio = Defined(Definition("q", (), x / y))
    assert needs(ratio + 1) == ("y ≠ 0",)
    kinked = Defined(Definition("r", (), relu(x)))
    assert needs(D(kinked, x)) == ("x ≠ 0",)


@pytest.mark.parametrize(
    ("expression", "hypothesis"),
    [
        (1 / x, Ne(x, 0)),
        (1 / x, Ne(0, x)),
        (1 / x, Gt(x, 0)),
        (1 / x, Lt(x, 0)),
        (1 / (x - y), Ne(x, y)),
        (log(x), Gt(x, 0)),
        (1 / x**2, Ne(x, 0)),
        (1 / (eps * x), Ne(x, 0)),
        (1 / sqrt(p * x**2), Ne(x, 0)),
    ],
)
def test_what_a_hypothesis_settles_is_not_listed(expression, hypothesis):
    assert needs(expression)
    assert needs(expression, hypothesis) == ()


@pytest.mark.parametrize(
    ("expression", "hypothesis"),
    [
        (log(x), Ne(x, 0)),
        (log(x), Lt(x, 0)),
        (1 / x, Ne(y, 0)),
        (1 / x, Ne(x, 1)),
        (1 / x, Eq(x, 1)),  # true, and beyond what is looked for: it is listed, which is safe
        (sqrt(x), Ne(x, 0)),
        (1 / (x * y), Ne(x, 0)),
        (1 / (x + 1), Ne(x, 0)),
        (sqrt(x * eps), Ne(x, 0)),
    ],
)
def test_a_hypothesis_that_does_not_settle_it_leaves_it_listed(expression, hypothesis):
    assert needs(expression, hypothesis)


def test_each_condition_once():
    assert len(conditions(Eq(1 / x + y / x, 1 / x))) == 1
    assert {str(c) for c in conditions(Eq(log(x) / x, Max(x, y)))} == {"x > 0", "x ≠ 0"}


@pytest.mark.parametrize(
    ("value", "symbol", "inside"),
    [
        (p, p, True),
        (1 - p, p, True),
        (p**2, p, True),
        (sigmoid(x), p, True),
        (2 / (size("m", minimum=2) + 1), p, True),
        (2 / (n + 1), p, False),  # 1 at n = 1
        (x, p, False),
        (2 * p, p, False),
        (eps, p, False),
        (1, p, False),
        (0, p, False),
        (exp(x), eps, True),
        (x**2, eps, False),
        (x**2, s, True),
        (n + 1, n, True),
        (n - 1, n, False),
        (t, n, False),
        (n / 2, n, False),
        (n, t, True),
        (x, x, True),
        (1, Scalar("q", INTEGER), False),  # not looked into: refused, which is safe
    ],
)
def test_values_inside_a_domain(value, symbol, inside):
    assert lies_in_domain(value, symbol) is inside
