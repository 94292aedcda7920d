"""Implementations against theorems by name: right ones pass in every spelling, wrong ones are told where they fail."""

import traceback

import numpy as np
import pytest
import torch

import gradproof
from derivations import UnknownName, catalogue, load
from derivations.proof.statement import Relation
from gradproof.implementations import CallError, matches
from gradproof.implementations.comparison import FORMATS


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def input_gradient(x, g, gamma, eps):
    m, d = x.shape[-1], np.sqrt(x.var() + eps)
    xhat = (x - x.mean()) / d
    return gamma / (m * d) * (m * g - g.sum() - xhat * (g * xhat).sum())


def input_gradient_in_stages(x, g, gamma, eps):
    m, mu = len(x), x.mean()
    var = ((x - mu) ** 2).sum() / m
    by_xhat = gamma * g
    by_var = -(by_xhat * (x - mu)).sum() / 2 * (var + eps) ** -1.5
    by_mu = -by_xhat.sum() / torch.sqrt(var + eps) - 2 * by_var * (x - mu).sum() / m
    return by_xhat / torch.sqrt(var + eps) + by_var * 2 * (x - mu) / m + by_mu / m


def by_autograd(x, g, gamma, eps):
    x = x.clone().requires_grad_()
    y = gamma * (x - x.mean()) / torch.sqrt(x.var(unbiased=False) + eps)
    return torch.autograd.grad(y, x, g)[0]


def jacobian(z):
    p = softmax(z)
    return np.diag(p) - np.outer(p, p)


def jacobian_of_a_batch(z):
    p = torch.softmax(z, dim=1)
    return torch.diag_embed(p) - torch.einsum("bi,bj->bij", p, p)


RIGHT = {
    "batchnorm, closed": ("batchnorm.input_gradient", input_gradient),
    "batchnorm, staged": ("batchnorm.input_gradient", input_gradient_in_stages),
    "batchnorm, autograd": ("batchnorm.input_gradient", by_autograd),
    "softmax, NumPy": ("softmax.jacobian", jacobian),
    "softmax, batch": ("softmax.jacobian", jacobian_of_a_batch),
    "softmax, autograd": ("softmax.jacobian", lambda z: torch.func.jacrev(lambda z: torch.softmax(z, -1))(z)),
    "sigmoid, s(1 - s)": ("activations.sigmoid_derivative", lambda z: sigmoid(z) * (1 - sigmoid(z))),
    "sigmoid, s(z) s(-z)": ("activations.sigmoid_derivative", lambda z: torch.sigmoid(z) * torch.sigmoid(-z)),
    "sigmoid, cosh": ("activations.sigmoid_derivative", lambda z: 1 / (4 * np.cosh(z / 2) ** 2)),
    "a sum that is 0": ("softmax.jacobian_rows_sum_to_zero", lambda z: jacobian(z).sum(1)),
    "a loop": ("averages.geometric_sum", lambda alpha, *, t: sum((1 - alpha) ** j for j in range(t))),
    "a size alone": ("averages.sma_noise_variance", lambda n: 1 / n),
    "names of its own": ("softmax.cross_entropy_gradient", lambda target, logits: softmax(logits) - target),
}


@pytest.mark.parametrize("case", RIGHT)
def test_right_implementations_pass(case):
    name, implementation = RIGHT[case]
    verdict = matches(implementation, name)
    assert verdict, str(verdict)
    assert verdict.status == "consistent"
    assert verdict.worst < 0.5  # far from the tolerance: what passes does not pass by luck
    assert load(name).text() in str(verdict)


def numpy_gradient(change):
    """The input gradient with one thing changed."""
    settings = {"ddof": 0, "per": 1.0, "mean": 1.0, "projection": 1.0, "sign": 1.0, "outside": False} | change

    def input_gradient(x, g, gamma, eps):
        m, ddof = len(x), settings["ddof"]
        var = ((x - x.mean()) ** 2).sum() / np.maximum(m - ddof, 1)
        d = np.sqrt(var) + eps if settings["outside"] else np.sqrt(var + eps)
        xhat = (x - x.mean()) / d
        inner = m * g - settings["mean"] * g.sum() - settings["projection"] * xhat * (g * xhat).sum()
        return settings["sign"] * gamma / (m ** settings["per"] * d) * inner

    return input_gradient


NAIVE = {"softmax.jacobian": lambda z: (lambda p: np.diag(p) - np.outer(p, p))(np.exp(z) / np.exp(z).sum())}
WRONG = {
    "no 1/m": ("batchnorm.input_gradient", numpy_gradient({"per": 0}), "claimed = m × the theorem.*: 1/m is missing"),
    "unbiased variance": ("batchnorm.input_gradient", numpy_gradient({"ddof": 1}), r"x \(2,\)"),
    "eps outside of the root": ("batchnorm.input_gradient", numpy_gradient({"outside": True}), r"x \([123],\)"),
    "the mean's term missing": ("batchnorm.input_gradient", numpy_gradient({"mean": 0}), r"x \(1,\)"),
    "the variance's term missing": ("batchnorm.input_gradient", numpy_gradient({"projection": 0}), r"x \([123],\)"),
    "sign": ("batchnorm.input_gradient", numpy_gradient({"sign": -1}), "claimed = −the theorem"),
    "gamma left out": ("batchnorm.input_gradient", lambda x, g, gamma, eps: input_gradient(x, g, 1, eps), "entry"),
    "x and g exchanged": (
        "batchnorm.input_gradient",
        lambda x, g, gamma, eps: input_gradient(g, x, gamma, eps),
        "entry",
    ),
    "overflow": (
        "softmax.jacobian",
        NAIVE["softmax.jacobian"],
        "claimed nan(.|\n)*all ordinary points agree.*overflow",
    ),
    "the diagonal only": ("softmax.jacobian", lambda z: np.diag(softmax(z) * (1 - softmax(z))), "off the diagonal"),
    "delta left out": ("softmax.jacobian", lambda z: -np.outer(softmax(z), softmax(z)), "on the diagonal"),
    "half of it": ("activations.sigmoid_derivative", lambda z: sigmoid(z) * (1 - sigmoid(z)) / 2, "1/2 × the theorem"),
    "one part in 10⁵": (
        "activations.sigmoid_derivative",
        lambda z: sigmoid(z) * (1 - sigmoid(z)) * 1.00001,
        "entry|the result",
    ),
    "tanh for sigmoid": ("activations.sigmoid_derivative", lambda z: 1 - np.tanh(z) ** 2, "the result: claimed"),
    "a term too few": ("averages.geometric_sum", lambda alpha, t: sum((1 - alpha) ** j for j in range(t - 1)), "t = 1"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_implementations_fail_with_shape_entry_and_value(case):
    name, implementation, says = WRONG[case]
    verdict = matches(implementation, name)
    assert verdict.status == "refuted", str(verdict)
    with pytest.raises(AssertionError, match=says) as caught:
        verdict.raise_for_failure()
    text, failure = str(caught.value), verdict.failure
    assert "first failing shape: " in text
    assert f"{list(failure.entry)} of" in text or failure.entry == ()
    assert "claimed " in text
    assert "right " in text


def test_the_first_failure_is_the_smallest():
    failure = matches(numpy_gradient({"per": 0}), "batchnorm.input_gradient").failure
    assert failure.shapes["x"] == (2,)  # at m = 1 the gradient is 0, with any factor
    assert failure.values == "random values"
    assert failure.dtype == "float64"
    right = gradproof.function("batchnorm.input_gradient", "numpy")(**failure.inputs)
    assert failure.right == pytest.approx(right[failure.entry], rel=1e-9)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_digits_that_cancel_about_a_far_mean(dtype):
    def cancelling(x, g, gamma, eps):
        m, d = len(x), np.sqrt((x**2).mean() - x.mean() ** 2 + eps)
        xhat = (x - x.mean()) / d
        return gamma / (m * d) * (m * g - g.sum() - xhat * (g * xhat).sum())

    verdict = matches(cancelling, "batchnorm.input_gradient", dtypes=dtype)
    assert verdict.status == "refuted"
    assert "offset 1e4 in x" in str(verdict)
    assert "all ordinary points agree; what fails is at extreme values" in str(verdict)


def test_digits_lost_in_float32_only():
    def narrow(z):
        return jacobian(z.astype(np.float32) if z.dtype == np.float64 else z)

    verdict = matches(narrow, "softmax.jacobian")
    assert verdict.status == "refuted"
    assert "the result is float32 where the arguments are float64" in str(verdict)
    assert "in float32 nothing fails" in str(verdict)


@pytest.mark.parametrize("dtype", FORMATS)
def test_half_precision_on_request(dtype):
    verdict = matches(jacobian_of_a_batch, "softmax.jacobian", dtypes=dtype)
    assert verdict, str(verdict)
    assert verdict.dtypes == (dtype,)
    assert not matches(lambda z: 2 * jacobian_of_a_batch(z), "softmax.jacobian", dtypes=dtype)


CLOSED_FORMS = [
    name for name in catalogue() if load(name).kind == "theorem" and isinstance(load(name).statement, Relation)
]


@pytest.mark.parametrize("name", CLOSED_FORMS)
def test_every_exported_function_matches_its_theorem_and_nothing_beside_it(name):
    function = gradproof.function(name, "numpy")
    verdict = matches(function, name, backend="numpy", sizes=(1, 3))
    assert verdict, str(verdict)

    def slightly_off(*values, **named):
        return function(*values, **named) * 1.001 + 0.001

    slightly_off.__signature__ = function.__signature__
    assert matches(slightly_off, name, backend="numpy", sizes=(1, 3)).status == "refuted"


# ---- conventions ---------------------------------------------------------------------------------------------------


def test_the_convention_is_said():
    without, batch = (matches(f, "softmax.jacobian").notes[-1] for f in (jacobian, jacobian_of_a_batch))
    assert without == "called with (z), numpy arrays, no batch axes"
    assert batch == "called with (z), torch arrays, one leading batch axis"
    assert "no batch axes" in matches(jacobian, "softmax.jacobian", batch=False).notes[-1]


def test_arguments_by_name_in_order_or_reordered():
    name = "batchnorm.input_gradient"
    assert matches(input_gradient, name).notes[-1].startswith("called with (x, g, gamma, eps)")

    def own_names(values, upstream, scale, epsilon):
        return input_gradient(values, upstream, scale, epsilon)

    order = ("x", "g", "gamma", "eps")
    assert matches(own_names, name, arguments=order)
    wrong = matches(own_names, name)
    assert wrong.status == "refuted"
    assert wrong.notes[-1].startswith(
        "called with (eps, g, gamma, x), numpy arrays"
    )  # as gradproof.function takes them
    with pytest.raises(ValueError, match=r"arguments names y; batchnorm\.input_gradient has eps, g, gamma, x"):
        matches(own_names, name, arguments=("x", "g", "gamma", "y"))


def test_what_does_not_fit_is_said():
    with pytest.raises(UnknownName, match=r"did you mean batchnorm\.input_gradient"):
        matches(input_gradient, "batchnorm.input_gradiant")
    with pytest.raises(TypeError, match=r"is an erratum: what it prints is false; use softmax\.cross_entropy_gradient"):
        matches(input_gradient, "softmax.single_term_chain")
    with pytest.raises(TypeError, match=r"takes \(a, b\); for softmax\.jacobian it must take \(z\)"):
        matches(lambda a, b: a, "softmax.jacobian")
    with pytest.raises(ValueError, match="dtype 'int8'"):
        matches(jacobian, "softmax.jacobian", dtypes="int8")
    with pytest.raises(ValueError, match="bfloat16 for PyTorch only"):
        matches(jacobian, "softmax.jacobian", dtypes=("bfloat16",))
    with pytest.raises(CallError, match="returned dict, which is no array"):
        matches(lambda z: {}, "softmax.jacobian")


def test_a_wrong_shape_tells_both():
    verdict = matches(lambda z: softmax(z), "softmax.jacobian")
    assert verdict.status == "refuted"
    assert "the result has shape (1,); the theorem's axes (i, j) have (1, 1)" in str(verdict)


def test_an_exception_comes_with_the_shapes_and_its_cause():
    def broken(z):
        return z[3:] @ np.ones(7)

    with pytest.raises(
        CallError, match=r"broken, .*raised ValueError(.|\n)*z: float64 array of shape \(1,\)"
    ) as caught:
        matches(broken, "softmax.jacobian")
    assert isinstance(caught.value.__cause__, ValueError)
    assert traceback.extract_tb(caught.value.__cause__.__traceback__)[-1].name == "broken"


def test_the_theorem_itself_is_a_name():
    assert matches(jacobian, load("softmax.jacobian"))
