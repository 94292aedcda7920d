"""The rule ``differentiate``: by scalars, entries and definitions, with bound indices that share a letter with x."""

import pytest
from sympy import Rational, erf, exp, log, sqrt, tanh

from derivations.calculus.functions import leaky_relu, relu, sigmoid, softplus
from derivations.calculus.operators import D, Product, Sum, delta
from derivations.calculus.substitution import alpha_equal
from derivations.calculus.symbols import (
    CalculusError,
    Defined,
    Definition,
    indices,
    matrix,
    scalars,
    sizes,
    vector,
)
from derivations.judges import ball
from derivations.proof.rules import NothingChanged, ProofError, collapse, differentiate
from derivations.proof.statement import Eq, Hypothesis, Ne

n, m = sizes("n m")
i, j, k = indices("i j k", n)
s = indices("s", m)[0]
z, w = vector("z", n), vector("w", n)
A = matrix("A", n, n)
x, a, b = scalars("x a b")


def survives(line, *hypotheses):
    """The line after ``differentiate``, which the dual numbers of the ball refuter confirm."""
    new = differentiate(line)
    verdict = ball.refute(Eq(line, new), hypotheses, points=12)
    assert verdict.status == "consistent", verdict
    return new


@pytest.mark.parametrize(
    "f",
    [
        a * x**3 - b * x,
        (a * x + b) ** 5,
        exp(a * x) * tanh(x),
        log(1 + exp(x)),
        sqrt(1 + x**2),
        1 / (1 + x**2) ** Rational(3, 2),
        sigmoid(a * x) * softplus(x),
        erf(x) * x,
        Sum(exp(z[k] * x), k),
        Product(1 + exp(z[k] * x), k),
        Rational(3, 2) ** x,
    ],
)
def test_by_a_scalar(f):
    assert survives(D(f, x)) != 0


@pytest.mark.parametrize("f", [relu(x), leaky_relu(x, a), relu(x) * x])
def test_across_a_kink_that_is_excluded(f):
    survives(D(f, x), Hypothesis("off the kink", Ne(x, 0)))


@pytest.mark.parametrize(
    "f",
    [
        Sum(z[k] * w[k], k),
        Sum(z[k] ** 2, k) / n,
        Sum(Sum(z[i] * A[i, j] * z[j], i), j),
        z[i] * Sum(exp(z[k]), k),
        log(Sum(exp(z[i]), i)),
    ],
)
@pytest.mark.parametrize("at", [k, i, j, n, 1])
def test_by_an_entry_whose_index_is_bound_in_the_function(f, at):
    survives(D(f, z[at]))


def test_the_variable_is_not_captured_by_a_bound_index_of_its_name():
    """sum_k z_k w_k by z_k is w_k; SymPy's own diff loses the sum here."""
    assert alpha_equal(differentiate(D(Sum(z[k] * w[k], k), z[k])), Sum(delta(k, j) * w[j], j))
    assert collapse(differentiate(D(Sum(z[k] * w[k], k), z[k]))) == w[k]


def test_what_does_not_depend_on_the_variable_vanishes():
    assert differentiate(D(Sum(w[k], k) + b, z[i])) == 0
    assert differentiate(D(a, x)) == 0


def test_by_a_definition_holds_it_as_independent():
    """With p = 2 x and f = p x, df/dp is x: p is not opened, and x in f is not read as p / 2."""
    p = Defined(Definition("p", (), 2 * x))
    assert differentiate(D(p * x, p)) == x
    q = Definition("q", (i,), z[i] ** 2)
    assert differentiate(D(Sum(q[k] * z[k], k), q[j])) == Sum(delta(j, k) * z[k], k)


def test_an_outer_definition_is_opened_and_an_inner_one_stays():
    inner = Defined(Definition("u", (), Sum(z[k], k)))
    outer = Defined(Definition("v", (), inner**2))
    assert differentiate(D(outer, inner)) == 2 * inner
    assert differentiate(D(inner * x, z[i])) == x * D(inner, z[i])


def test_a_second_derivative():
    assert survives(D(D(log(Sum(exp(z[k]), k)), z[i]), z[j])) != 0


def test_without_a_derivative_nothing_changes():
    with pytest.raises(NothingChanged, match="differentiate changes nothing"):
        differentiate(x**2)


def test_a_product_over_two_indices_is_refused_by_name():
    with pytest.raises(ProofError, match="a product over one index at a time"):
        differentiate(D(Product(z[k] * x, k, s), x))


def test_only_variables_are_differentiated_by():
    with pytest.raises(CalculusError, match="differentiate by a scalar, a tensor entry or a definition"):
        D(x**2, x**2)
    with pytest.raises(CalculusError, match="must be a plain index"):
        D(z[i], vector("v", n, padded=True)[i + 1])


def test_the_power_rule_needs_no_logarithm_for_a_constant_exponent():
    assert differentiate(D(x**a, x)) == a * x ** (a - 1)
