"""Samples lie in their domains and satisfy their hypotheses, or there is an error."""

import numpy as np
import pytest

from derivations.calculus.domains import INTEGER, NONNEGATIVE, POSITIVE, interval
from derivations.calculus.functions import sigmoid
from derivations.calculus.operators import Expectation, Sum
from derivations.calculus.symbols import (
    index,
    indices,
    matrix,
    scalar,
    sequence,
    size,
    tensor,
    vector,
)
from derivations.proof.statement import Eq, Ge, Gt, Hypothesis, Lt, Ne
from numeric.sampling import ENDLESS, OUTCOMES, SamplingError, holds, inside, sample

n, m = size("n"), size("m")
i, k = indices("i k", n)
q = index("q", m)
x, c = scalar("x"), scalar("c")
z = vector("z", n)
SIZES = {n: 4, m: 3}


@pytest.mark.parametrize(
    "domain", [POSITIVE, NONNEGATIVE, interval(0, 1), interval(-2, 5, closed=True), INTEGER, interval(-1, 1)]
)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_every_point_is_in_the_domain(domain, dtype):
    values = sample([vector("w", n, domain=domain)], [], SIZES, 500, dtype=dtype)["w"]
    assert values.shape == (500, 4)
    assert inside(domain, values).all()
    assert np.array_equal(values, values.astype(dtype))
    assert values.std() > 0


def test_inside_sees_what_is_outside():
    assert inside(interval(0, 1), np.array([0.0, 0.5, 1.0])).tolist() == [False, True, False]
    assert inside(interval(0, 1, closed=True), np.array([0.0, 0.5, 1.0])).tolist() == [True, True, True]
    assert inside(INTEGER, np.array([0.5, 2.0])).tolist() == [False, True]


def test_some_points_are_extreme():
    values = np.abs(sample([x], [], {}, 1000)["x"])
    assert np.quantile(values, 0.5) < 2 < 10 < values.max()


def test_a_seed_gives_the_same_points():
    first, again, other = (sample([x], [], {}, 5, seed=seed)["x"] for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_sum_is_normalised():
    for domain in (POSITIVE, z.domain):
        y = vector("y", n, domain=domain)
        values = sample([y], [Hypothesis("unit mass", Eq(Sum(y[i], i), 1))], SIZES, 200)["y"]
        np.testing.assert_allclose(values.sum(1), 1, atol=1e-13)
        assert values[:, 0].std() > 0.1


def test_rows_are_normalised_to_a_given_vector():
    P, w = matrix("P", m, n, domain=POSITIVE), vector("w", m, domain=POSITIVE)
    points = sample([P, w], [Eq(Sum(P[q, k], k), w[q])], SIZES, 50)
    np.testing.assert_allclose(points["P"].sum(2), points["w"], rtol=1e-12)


def test_assignments():
    points = sample([x, z], [Eq(x, 2 / (n + 1)), Eq(z[i], i * c)], SIZES, 20)
    assert (points["x"] == 0.4).all()
    np.testing.assert_allclose(points["z"], points["c"][:, None] * np.arange(1, 5))
    points = sample([x, c], [Eq(sigmoid(c), x)], {}, 20)
    np.testing.assert_allclose(points["x"], 1 / (1 + np.exp(-points["c"])))


def test_inequalities_by_rejection():
    points = sample([x, c], [Gt(x, c), Ge(c, -1), Ne(x, 0), Lt(c, 1)], {}, 300)
    assert (points["x"] > points["c"]).all()
    assert (np.abs(points["c"]) <= 1).all()
    whole = scalar("k", INTEGER)
    assert (sample([whole], [Ne(whole, 0)], {}, 300)["k"] != 0).all()


def test_stationary_means():
    g, mean = sequence("g", random=True), scalar("mean")
    every = index("t", 1, g.axes[0][1])
    points = sample([g], [Eq(Expectation(g[every]), mean)], SIZES, 30)
    assert points["g"].shape == (30, OUTCOMES, 4 + 3 + ENDLESS + 2)
    np.testing.assert_allclose(points["g"].mean(1), np.broadcast_to(points["mean"][:, None], (30, 15)))
    points = sample([g], [Eq(Expectation(g[every]), Expectation(g[1]))], SIZES, 30)
    np.testing.assert_allclose(points["g"].mean(1).std(1), 0, atol=1e-12)


def test_shapes():
    points = sample([tensor("T", 2 * n + 1, (0, m)), sequence("v", 0)], [], SIZES, 7)
    assert points["T"].shape == (7, 9, 4)
    assert points["v"].shape == (7, 4 + 3 + ENDLESS + 2)


def test_what_cannot_be_met_is_an_error():
    with pytest.raises(SamplingError, match="only 0 of"):
        sample([x], [Gt(x, 1000)], {}, 10)
    with pytest.raises(SamplingError, match="no way is known"):
        sample([z], [Eq(Sum(z[i] ** 2, i), 1)], SIZES, 10)
    inner = vector("y", n, domain=interval(0, 1))
    with pytest.raises(SamplingError, match="only 0 of"):  # one entry of an open interval cannot be its end
        sample([inner], [Eq(Sum(inner[i], i), 1)], {n: 1}, 10)
    with pytest.raises(SamplingError, match="only 0 of"):  # the second assignment undoes the first
        sample([x, c], [Eq(x, c), Eq(x, c + 1)], {}, 10)


def test_holds_sees_a_violation():
    points = {"x": np.array([1.0, 2.0]), "c": np.array([1.0, 1.0])}
    assert holds(Eq(x, c), points, {}).tolist() == [True, False]
    assert holds(Ne(x, c), points, {}).tolist() == [False, True]
    assert holds(Lt(c, x), points, {}).tolist() == [False, True]
