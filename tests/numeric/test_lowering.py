"""Index expressions as functions of arrays: values, shapes, batches, and what must be refused."""

import numpy as np
import pytest
import sympy as sp
import torch
import torch.nn.functional as F

from derivations.calculus.domains import interval
from derivations.calculus.functions import (
    erf,
    exp,
    leaky_relu,
    log,
    logsumexp,
    relu,
    sigmoid,
    softmax,
    softplus,
    step,
    tanh,
)
from derivations.calculus.operators import D, Expectation, Limit, Product, Sum, delta
from derivations.calculus.symbols import (
    Recurrence,
    index,
    indices,
    matrix,
    scalar,
    sequence,
    size,
    tensor,
    vector,
)
from numeric.lowering import LoweringError, ShapeError, free_indices, lower

# two graphs of one formula, some dozen float64 operations each: a few hundred ulps; a wrong formula is far off
SAME_DIGITS = {"rtol": 1e-12, "atol": 1e-13}

F64 = torch.float64
n, m = size("n"), size("m")
i, j, k = indices("i j k", n)
q = index("q", m)
z, w = vector("z", n), vector("w", m)
A = matrix("A", m, n)
x, a, b = scalar("x"), scalar("a"), scalar("b", interval(0, 1))
v = sequence("v")
steps, last = index("t", 1, sp.oo), scalar("last")
ema = Recurrence("ema", steps, last, 0, b * v[steps] + (1 - b) * last)
tn = index("t", 1, n)
causal = index("c", 1, tn)


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


def close(left, right):
    torch.testing.assert_close(torch.as_tensor(left), torch.as_tensor(right), **SAME_DIGITS)


@pytest.mark.parametrize("backend", ["torch", "numpy"])
def test_softmax_jacobian_over_a_batch(st, backend):
    logits = 5 * torch.randn(3, 4, 5, dtype=F64)
    probabilities = torch.softmax(logits, -1)
    wanted = torch.diag_embed(probabilities) - probabilities[..., None] * probabilities[..., None, :]
    found = lower(D(st.p[st.i], st.z[st.j]), backend)(z=logits if backend == "torch" else logits.numpy())
    assert found.shape == (3, 4, 5, 5)
    close(found, wanted)


def test_axes_give_the_order_of_the_result():
    array = torch.randn(2, 3, dtype=F64)
    assert lower(A[q, i], axes=(i, q))(array).shape == (3, 2)
    close(lower(A[q, i], axes=(i, q))(array), array.T)
    close(lower(A[q, i], axes=(q, i))(array), array)
    assert lower(z[i], axes=(i, j))(torch.randn(4)).shape == (4, 4)
    with pytest.raises(LoweringError, match=r"free indices.*i"):
        lower(A[q, i], axes=(q,))


def test_every_argument_has_its_own_batch():
    matrices, vectors = torch.randn(6, 1, 2, 3, dtype=F64), torch.randn(4, 3, dtype=F64)
    close(lower(Sum(A[q, k] * z[k], k))(A=matrices, z=vectors), (matrices @ vectors[..., None])[..., 0])
    with pytest.raises(ShapeError, match="batch"):
        lower(Sum(A[q, k] * z[k], k))(A=torch.randn(6, 2, 3), z=torch.randn(4, 3))


def test_a_contraction_is_an_einsum():
    B = matrix("B", n, n)
    first, second = torch.randn(2, 3, dtype=F64), torch.randn(3, 3, dtype=F64)
    found = lower(Sum(A[q, k] * B[k, j] * z[j], k, j))(A=first, B=second, z=torch.ones(3, dtype=F64))
    close(found, first @ second @ torch.ones(3, dtype=F64))
    close(lower(Sum(B[k, k], k))(second), second.trace())
    close(lower(Sum(z[i] * x, i, j))(x=2.0, z=torch.ones(3, dtype=F64)), torch.tensor(18.0, dtype=F64))


def test_convolution_is_a_gather():
    s = index("s", 1, n - m + 1)
    signal, kernel = torch.randn(4, 9, dtype=F64), torch.randn(3, dtype=F64)
    found = lower(Sum(w[q] * z[s + q - 1], q))(w=kernel, z=signal)
    close(found, F.conv1d(signal[:, None], kernel[None, None])[:, 0])


def test_a_padded_array_is_zero_outside():
    g = tensor("g", n, padded=True)
    found = lower(g[i + 1] + g[i - 2])(torch.arange(1.0, 6.0))
    assert found.tolist() == [2.0, 3.0, 5.0, 7.0, 3.0]


def test_deltas_and_causal_ranges():
    assert torch.equal(lower(delta(i, j))(n=3), torch.eye(3))
    assert torch.equal(lower(delta(i, j + 1))(n=3), torch.diag(torch.ones(2), -1))
    assert lower(Sum(v[causal], causal))(torch.arange(1.0, 5.0), n=4).tolist() == [1, 3, 6, 10]
    assert lower(Product(v[causal], causal))(torch.arange(1.0, 5.0), n=4).tolist() == [1, 2, 6, 24]


@pytest.mark.parametrize("backend", ["torch", "numpy"])
def test_a_recurrence_is_its_closed_form(backend):
    values = np.random.default_rng(0).normal(size=(2, 9))
    weight = np.array([0.3, 0.4])
    closed = lower(Sum(b * (1 - b) ** (tn - causal) * v[causal], causal), backend)(v=values, b=weight, n=9)
    close(lower(ema[tn], backend)(v=values, b=weight, n=9), closed)
    close(lower(ema[n], backend)(v=values, b=weight, n=9), closed[:, -1])
    found = lower(D(ema[tn], v[k]), backend, axes=(tn, k))(v=values, b=weight, n=9)
    lags = np.subtract.outer(np.arange(9), np.arange(9))
    wanted = np.where(lags >= 0, 0.3 * 0.7 ** np.maximum(lags, 0), 0.0)
    close(found[0], wanted)


def test_expectation_is_the_mean_over_outcomes():
    g = sequence("g", random=True)
    outcomes = torch.randn(5, 6, 4, dtype=F64)  # batch, outcomes, time
    close(lower(Expectation(g[tn] ** 2))(g=outcomes, n=4), (outcomes**2).mean(1))
    close(lower(Expectation(x * g[n]))(g=outcomes, x=3.0, n=4), 3 * outcomes.mean(1)[:, -1])
    with pytest.raises(LoweringError, match="outside of an Expectation"):
        lower(g[tn])(g=outcomes, n=4)


def test_functions():
    points = torch.linspace(-3, 3, 13, dtype=F64)
    wanted = {
        relu(x): torch.relu(points),
        leaky_relu(x, a): F.leaky_relu(points, 0.1),
        step(x): torch.heaviside(points, torch.tensor(0.5, dtype=F64)),
        erf(x): torch.erf(points),
        tanh(x): torch.tanh(points),
        sp.Abs(x): points.abs(),
        sp.sign(x): points.sign(),
        sp.sqrt(x**2 + 1): (points**2 + 1).sqrt(),
        (x**2 + 1) ** sp.Rational(-3, 2): (points**2 + 1) ** -1.5,
        x**3 / 7: points**3 / 7,
        sp.pi * sp.E * x: torch.pi * torch.e * points,
        D(relu(x), x): (points > 0).to(F64),
        D(erf(x), x): 2 / torch.pi**0.5 * torch.exp(-(points**2)),
        D(D(tanh(x), x), x): -2 * torch.tanh(points) * (1 - torch.tanh(points) ** 2),
    }
    off_the_kink = points != 0
    for expression, value in wanted.items():
        for backend in ("torch", "numpy"):
            lowered = lower(expression, backend)
            given = {"x": points, "a": torch.tensor(0.1, dtype=F64)}
            found = lowered(**{s.name: np.asarray(given[s.name]) for s in lowered.arguments})
            close(np.asarray(found)[off_the_kink], value[off_the_kink])


def test_stable_forms_survive_extreme_arguments():
    logits = torch.tensor([1000.0, 0.0, -1000.0], dtype=F64)
    assert lower(softmax(z, i))(logits).tolist() == [1, 0, 0]
    assert lower(logsumexp(z))(logits) == 1000
    assert lower(log(softmax(z, i)))(logits).tolist() == [0, -1000, -2000]
    assert lower(softmax(z, i) * softmax(z, j))(logits)[0, 0] == 1
    far = torch.tensor([800.0, 40.0, -40.0, -800.0], dtype=F64)
    assert lower(log(1 + exp(x)))(far).tolist() == [800, 40 + np.exp(-40), np.exp(-40), 0]
    assert lower(1 / (1 + exp(-x)))(far).isfinite().all()
    assert lower(1 - sigmoid(x))(far)[1] == pytest.approx(np.exp(-40), rel=1e-15)
    assert lower(log(1 - sigmoid(x)))(far)[0] == -800
    assert lower(exp(x) / (1 + exp(x)))(far)[0] == 1
    assert lower(softplus(x))(far)[0] == 800
    assert lower(x * log(a))(torch.zeros(1), torch.zeros(1)).tolist() == [0]


def test_a_kept_cancellation_is_kept():
    point = torch.tensor(40.0, dtype=F64)
    assert lower(1 - sigmoid(x))(point) > 0
    assert lower(1 - sigmoid(x), cancellations=False)(point) == 0


def test_a_definition_is_held_when_differentiated_by(st):
    """dL/dp_i holds p: it is -y_i / p_i and knows nothing of z."""
    logits, target = torch.randn(7, 4, dtype=F64), torch.rand(7, 4, dtype=F64)
    found = lower(D(st.L, st.p[st.i]))(z=logits, y=target)
    close(found, -target / torch.softmax(logits, -1))
    chain = Sum(D(st.L, st.p[st.k]) * D(st.p[st.k], st.z[st.j]), st.k)
    whole = torch.softmax(logits, -1) * target.sum(-1, keepdim=True) - target
    for backend in ("torch", "numpy"):
        close(lower(chain, backend)(z=np.asarray(logits), y=np.asarray(target)), whole)


def test_autograd_passes_through(st):
    leaf = torch.randn(4, dtype=F64, requires_grad=True)
    lower(logsumexp(z))(leaf).backward()
    close(leaf.grad, torch.softmax(leaf.detach(), -1))


def test_dtypes():
    half = torch.randn(3, dtype=torch.float32)
    assert lower(x * z[i])(x=0.1, z=half).dtype == torch.float32
    assert lower(x * z[i])(x=0.1, z=half.double()).tolist() == (0.1 * half.double()).tolist()
    assert lower(x * z[i], "numpy")(x=0.1, z=half.numpy()).dtype == np.float32


def test_the_result_owns_its_memory():
    found = lower(z[i], "numpy", axes=(j, i))(np.arange(3.0))
    found[0, 0] = 7
    assert found[1, 0] == 0
    assert lower(z[i], axes=(j, i))(torch.arange(3.0)).is_contiguous()


def test_shapes_that_contradict_each_other_name_both():
    with pytest.raises(ShapeError, match=r"z has shape \(4,\).*n = 3.*from A of shape \(2, 3\)"):
        lower(Sum(A[q, k] * z[k], k))(A=torch.randn(2, 3), z=torch.randn(4))
    with pytest.raises(ShapeError, match="last axes"):
        lower(Sum(A[q, k] * z[k], k))(A=torch.randn(3), z=torch.randn(3))
    with pytest.raises(ShapeError, match="give n="):
        lower(delta(i, j))()
    with pytest.raises(ShapeError, match="at least 1"):
        lower(delta(i, j))(n=0)
    with pytest.raises(ShapeError, match="v needs 4 entries, it has 3"):
        lower(ema[tn])(v=torch.randn(3), b=0.5, n=4)
    with pytest.raises(ShapeError, match="no room"):
        s = index("s", 1, n - m + 1)
        lower(Sum(w[q] * z[s + q - 1], q))(w=torch.randn(9), z=torch.randn(3))


def test_an_affine_extent_is_solved():
    padded = tensor("P", 2 * n + 1)
    assert lower(Sum(padded[2 * k], k))(torch.arange(7.0)) == 1 + 3 + 5
    with pytest.raises(ShapeError, match="no whole n"):
        lower(Sum(padded[2 * k], k))(torch.arange(6.0))


def test_what_has_no_numeric_form_is_named():
    with pytest.raises(LoweringError, match="Limit"):
        lower(Limit(b**n, n))(b=0.5, n=2)
    with pytest.raises(LoweringError, match="gamma"):
        lower(sp.gamma(x))(1.0)
    with pytest.raises(LoweringError, match="endless"):
        lower(v[steps])(torch.arange(3.0))
    with pytest.raises(ValueError, match="backend"):
        lower(x, backend="jax")


def test_wrong_names():
    with pytest.raises(TypeError, match=r"missing.*z"):
        lower(x * z[i])(x=1.0)
    with pytest.raises(TypeError, match=r"unexpected.*'u'"):
        lower(x)(u=1.0)
    with pytest.raises(TypeError, match="twice"):
        lower(x)(1.0, x=1.0)
    with pytest.raises(TypeError, match="2 arguments"):
        lower(x)(1.0, 2.0)


def test_free_indices(st):
    assert free_indices(Sum(st.p[st.i] * st.z[st.j], st.i)) == {st.j}
    assert free_indices(Sum(v[causal], causal)) == {tn}
    assert free_indices(D(st.L, st.z[st.j])) == {st.j}


def test_bound_letters_may_repeat():
    """The same letter free and bound, in siblings, and in nested sums."""
    array = torch.randn(3, dtype=F64)
    close(lower(z[k] * Sum(z[k], k))(array), array * array.sum())
    close(lower(Sum(z[k] * Sum(z[k], k), k))(array), array.sum() ** 2)
    close(lower(Sum(z[k], k) ** 2 - Sum(z[k] ** 2, k))(array), array.sum() ** 2 - (array**2).sum())


def test_a_derivative_over_a_batch_with_an_empty_array():
    o = size("o", minimum=0)
    e, k = vector("e", o), index("k", o)
    formula = lower(D(x**2, x) + Sum(e[k], k))
    close(formula(e=torch.zeros(3, 0, dtype=F64), x=torch.ones(3, dtype=F64)), 2 * torch.ones(3, dtype=F64))
