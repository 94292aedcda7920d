"""Derived formulas as functions: torch and NumPy agree with each other and with the formula written by hand."""

import inspect

import numpy as np
import pytest
import torch

import gradproof
from derivations import UnknownName, catalogue, load
from derivations.proof.statement import Relation

# two graphs of one formula, some dozen float64 operations each: a few hundred ulps; a wrong formula is far off
SAME_DIGITS = {"rtol": 1e-12, "atol": 1e-13}

rng = np.random.default_rng(0)


def softmax(z):
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def normal(*shape):
    return rng.normal(size=shape)


def softmax_jacobian(z):
    p = softmax(z)
    return p[..., :, None] * (np.eye(z.shape[-1]) - p[..., None, :])


def batchnorm_input_gradient(x, g, gamma, eps):
    m = x.shape[-1]
    d = np.sqrt(x.var(-1, keepdims=True) + np.asarray(eps)[..., None])
    xhat = (x - x.mean(-1, keepdims=True)) / d
    inner = m * g - g.sum(-1, keepdims=True) - xhat * (g * xhat).sum(-1, keepdims=True)
    return np.asarray(gamma)[..., None] / (m * d) * inner


def unrolled(alpha, v, v0):
    value = v0
    for position in range(v.shape[-1]):
        value = (1 - alpha) * value + alpha * v[..., position]
    return value


BY_HAND = {
    "activations.sigmoid_derivative": (lambda z: sigmoid(z) * (1 - sigmoid(z)), lambda b: {"z": normal(*b)}),
    "activations.tanh_derivative": (lambda z: 1 - np.tanh(z) ** 2, lambda b: {"z": normal(*b)}),
    "activations.tanh_from_sigmoid": (lambda z: np.tanh(z), lambda b: {"z": normal(*b)}),
    "softmax.jacobian": (softmax_jacobian, lambda b: {"z": normal(*b, 4)}),
    "softmax.logsumexp_hessian": (softmax_jacobian, lambda b: {"z": normal(*b, 3)}),
    "softmax.cross_entropy_gradient": (
        lambda z, y: softmax(z) - y,
        lambda b: {"z": normal(*b, 5), "y": softmax(normal(*b, 5))},
    ),
    "batchnorm.input_gradient": (
        batchnorm_input_gradient,
        lambda b: {"x": normal(*b, 6), "g": normal(*b, 6), "gamma": normal(*b), "eps": abs(normal(*b)) + 0.1},
    ),
    "losses.cross_entropy_gradient": (
        lambda w, x, b, y: x * (sigmoid(w * x + b) - y),
        lambda b: {name: normal(*b) for name in "wxby"},
    ),
}


@pytest.mark.parametrize("batch", [(), (7,), (2, 3)])
@pytest.mark.parametrize("name", BY_HAND)
def test_against_the_formula_by_hand(name, batch):
    by_hand, draw = BY_HAND[name]
    inputs = {k: np.asarray(v) for k, v in draw(batch).items()}
    expected = by_hand(**inputs)
    with_numpy = gradproof.function(name, "numpy")(**inputs)
    with_torch = gradproof.function(name)(**{k: torch.from_numpy(v.copy()) for k, v in inputs.items()})
    assert isinstance(with_torch, torch.Tensor)
    assert with_torch.dtype == torch.float64
    assert np.shape(with_numpy) == expected.shape == tuple(with_torch.shape)
    np.testing.assert_allclose(with_numpy, expected, **SAME_DIGITS)
    np.testing.assert_allclose(with_torch.numpy(), expected, **SAME_DIGITS)


def test_a_recurrence_and_its_closed_form():
    v, v0, alpha = normal(3, 8), normal(3), np.full(3, 0.3)
    closed = gradproof.function("averages.ema_closed_form", "numpy")
    found = closed(alpha=alpha, v=v, v0=v0, t=8)
    np.testing.assert_allclose(found, unrolled(alpha, v, v0), rtol=SAME_DIGITS["rtol"])


def test_a_wrong_formula_by_hand_would_be_seen():
    z = normal(4)
    found = gradproof.function("softmax.jacobian", "numpy")(z=z)
    assert not np.allclose(found, softmax_jacobian(z) * (1 + 1e-6), rtol=1e-9)


def test_gradients_flow_through_a_torch_function():
    z = torch.randn(5, dtype=torch.float64, requires_grad=True)
    gradproof.function("softmax.jacobian")(z)[0, 0].backward()
    assert z.grad is not None
    assert torch.isfinite(z.grad).all()


# ---- what a reader is told


@pytest.mark.parametrize("backend", ["torch", "numpy"])
def test_signature_and_docstring(backend):
    function = gradproof.function("batchnorm.input_gradient", backend)
    assert function.__name__ == "input_gradient"
    assert set(inspect.signature(function).parameters) == {"x", "g", "gamma", "eps"}
    text = function.__doc__
    for name in inspect.signature(function).parameters:
        assert f"    {name}: array of shape (" in text
    assert "(*batch, m)" in text
    assert load("batchnorm.input_gradient").text() in text
    assert "Registry: batchnorm.input_gradient" in text
    assert {"torch": "torch.Tensor", "numpy": "numpy.ndarray"}[backend] in text


def test_a_docstring_names_source_and_hypotheses():
    text = gradproof.function("softmax.cross_entropy_gradient").__doc__
    assert load("softmax.cross_entropy_gradient").source.lecture in text
    assert "Holds if the targets sum to one: Σᵢ yᵢ = 1." in text


def test_a_size_that_no_shape_tells_is_asked_for_by_name():
    parameters = inspect.signature(gradproof.function("averages.geometric_sum", "numpy")).parameters
    assert parameters["t"].kind is inspect.Parameter.KEYWORD_ONLY
    with pytest.raises(TypeError, match=r"geometric_sum\(alpha, \*, t\): missing a required argument: 't'"):
        gradproof.function("averages.geometric_sum", "numpy")(alpha=0.5)


# ---- every equality, and what is none


@pytest.mark.parametrize("name", catalogue())
def test_every_closed_form_is_a_function_and_nothing_else_is(name):
    result = load(name)
    for backend in ("torch", "numpy"):
        if result.kind == "erratum":
            with pytest.raises(TypeError, match="is an erratum: what it prints is false"):
                gradproof.function(name, backend)
        elif not isinstance(result.statement, Relation):
            with pytest.raises(TypeError, match="which is no closed form"):
                gradproof.function(name, backend)
        else:
            assert callable(gradproof.function(name, backend))


def test_an_erratum_points_to_what_is_right():
    with pytest.raises(TypeError, match=r"use softmax\.cross_entropy_gradient"):
        gradproof.function("softmax.single_term_chain")


def test_every_erratum_points_to_what_is_right():
    for erratum in (load(name) for name in catalogue() if load(name).kind == "erratum"):
        with pytest.raises(TypeError) as caught:
            gradproof.function(erratum)
        right = [erratum.instead] if erratum.instead else erratum.because
        assert str(caught.value).endswith("use " + " or ".join(theorem.name for theorem in right))


def test_the_theorem_itself_names_its_function():
    assert gradproof.function(load("softmax.jacobian")) is gradproof.function("softmax.jacobian")
    for nonsense in (None, 3):
        with pytest.raises(TypeError, match="a result is named by a string"):
            gradproof.function(nonsense)


def test_the_face_has_no_names_but_its_own():
    assert sorted(dir(gradproof)) == sorted(gradproof.__all__)


def test_a_sequence_that_is_too_short_says_how_many_entries_are_needed():
    closed = gradproof.function("averages.ema_closed_form", "numpy")
    with pytest.raises(ValueError, match=r"^v needs 5 entries, it has 3$"):
        closed(alpha=0.5, v=normal(3), v0=0.0, t=5)


def test_a_docstring_explains_sequences_and_outcomes():
    text = gradproof.function("averages.ema_closed_form").__doc__
    assert "entry 0 of the array is v₁" in text
    assert "domains are not checked" in text
    function = gradproof.function("adaptive.moment_closed_form")
    assert "outcomes: the equally likely values" in function.__doc__


def test_other_backends_and_names_are_refused():
    with pytest.raises(ValueError, match="backend 'jax': choose torch or numpy"):
        gradproof.function("softmax.jacobian", "jax")
    with pytest.raises(UnknownName, match=r"did you mean softmax\.jacobian"):
        gradproof.function("softmax.jacobain")


def test_shapes_that_contradict_each_other_are_refused():
    with pytest.raises(ValueError, match=r"\bn\b|shape"):
        gradproof.function("softmax.cross_entropy_gradient", "numpy")(z=normal(3), y=normal(4))
