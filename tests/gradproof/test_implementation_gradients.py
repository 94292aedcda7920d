"""A hand-written gradient against autograd: right ones pass however they are written, wrong ones say where."""

import functools

import numpy as np
import pytest
import torch

from gradproof.implementations import CallError, ImplementationRefuted, check_gradient
from gradproof.implementations.calling import library_of

sigmoid = torch.sigmoid


def softmax(z):
    return torch.softmax(z, -1)


def batchnorm(x, gamma, beta):
    return (x - x.mean(0)) / torch.sqrt(x.var(0, unbiased=False) + 1e-3) * gamma + beta


def batchnorm_backward(x, gamma, beta, g):
    m, d = x.shape[0], np.sqrt(x.var(0) + 1e-3)
    xhat = (x - x.mean(0)) / d
    return gamma / (m * d) * (m * g - g.sum(0) - xhat * (g * xhat).sum(0)), (g * xhat).sum(0), g.sum(0)


def least_squares(A, x, b):
    return ((A @ x - b) ** 2).sum()


VECTOR, SQUARE = {"x": (4,)}, {"A": (3, 3), "x": (3,)}
LEAST_SQUARES = {"A": (4, 3), "x": (3,), "b": (4,)}
RIGHT = {
    "sigmoid, s(1 - s)": (sigmoid, lambda x: sigmoid(x) * (1 - sigmoid(x)), VECTOR),
    "sigmoid, s(x) s(-x)": (sigmoid, lambda x: sigmoid(x) * sigmoid(-x), VECTOR),
    "sigmoid, cosh": (sigmoid, lambda x: 1 / (4 * np.cosh(x / 2) ** 2), VECTOR),
    "tanh": (torch.tanh, lambda x: 1 - np.tanh(x) ** 2, {"x": (2, 3)}),
    "softmax, product": (
        softmax,
        lambda z, g: softmax(z) * (g - (g * softmax(z)).sum(-1, keepdim=True)),
        {"z": (2, 4)},
    ),
    "softmax, Jacobian": (softmax, lambda z: torch.diag(softmax(z)) - torch.outer(softmax(z), softmax(z)), {"z": (4,)}),
    "least squares": (
        least_squares,
        lambda A, x, b: (2 * torch.outer(A @ x - b, x), 2 * A.T @ A @ x - 2 * A.T @ b, 2 * (b - A @ x)),
        LEAST_SQUARES,
    ),
    "batch normalisation": (batchnorm, batchnorm_backward, {"x": (4, 3), "gamma": (3,), "beta": (3,)}),
    "a subgradient at the kink": (lambda x: torch.relu(x).sum(), lambda x: (x >= 0) * 1.0, VECTOR),
    "one of the largest": (lambda x: x.max(), lambda x: np.eye(len(x))[x.argmax()], VECTOR),
    "of a loop of numbers": (
        lambda x: (x**3).sum(),
        lambda x: np.array([3 * float(v) ** 2 for v in x]),
        VECTOR,
    ),
    "where digits cancel": (
        lambda x: ((1 - torch.cos(x)) / x**2).sum(),
        lambda x: np.sin(x) / x**2 - 2 * (1 - np.cos(x)) / x**3,
        VECTOR,
    ),
}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", RIGHT)
def test_right_gradients_pass(name, dtype):
    f, claimed, shapes = RIGHT[name]
    verdict = check_gradient(f, claimed, shapes=shapes, dtype=dtype)
    assert verdict, str(verdict)
    assert verdict.status == "consistent"
    assert verdict.points >= 30
    assert any("(1" in shape for shape in verdict.shapes)
    verdict.raise_for_failure()


def mean_square(x, y):
    return ((x - y) ** 2).mean()


PAIR = {"x": (4,), "y": (4,)}
WRONG = {
    "a factor": (sigmoid, lambda x: 2 * sigmoid(x) * (1 - sigmoid(x)), VECTOR, "claimed = 2 × autograd"),
    "a fraction": (lambda x: (x**3).sum(), lambda x: x**2, VECTOR, "claimed = 1/3 × autograd"),
    "the sign": (torch.cos, lambda x: np.sin(x), VECTOR, "claimed = −autograd"),
    "no 1/n": (mean_square, lambda x, y: 2 * (x - y), PAIR, r"claimed = len\(x\) × autograd .*: 1/len\(x\) is missing"),
    "one 1/n too many": (lambda x: (x**2).sum(), lambda x: 2 * x / len(x), VECTOR, r"claimed = 1/len\(x\) × autograd"),
    "n for n - 1": (
        lambda x: x.var(),
        lambda x: 2 * (x - x.mean()) / len(x),
        VECTOR,
        r"claimed = \(len\(x\) − 1\)/len\(x\) × autograd",
    ),
    "transposed": (
        lambda W, x, y: y @ W @ x,
        lambda W, x, y: torch.outer(x, y),
        {"W": (3, 3), "x": (3,), "y": (3,)},
        "claimed is autograd transposed",
    ),
    "a term missing": (lambda A, x: x @ A @ x, lambda A, x: (None, A @ x), SQUARE, "entry .0. of the gradient by x"),
    "only symmetric": (lambda A, x: x @ A @ x, lambda A, x: (None, 2 * A @ x), SQUARE, "the gradient by x"),
    "the diagonal only": (
        softmax,
        lambda z: torch.diag(softmax(z) * (1 - softmax(z))),
        {"z": (3,)},
        "off the diagonal",
    ),
    "an absolute value": (lambda x: (x**2).sum() / 2, lambda x: np.abs(x), VECTOR, "some signs are wrong"),
    "one part in ten thousand": (lambda x: (x**2).sum(), lambda x: 2.0002 * x, VECTOR, "claimed = 1.0001.* × autograd"),
    "another eps": (
        lambda x: torch.nn.functional.layer_norm(x, x.shape, eps=1e-5),
        lambda x, g: (lambda d, h: (g - g.mean() - h * (g * h).mean()) / d)(
            (x.var(unbiased=False) + 1e-4).sqrt(), (x - x.mean()) / (x.var(unbiased=False) + 1e-4).sqrt()
        ),
        VECTOR,
        "entry",
    ),
    "overflow": (
        sigmoid,
        lambda x: np.exp(x) / (1 + np.exp(x)) ** 2,
        VECTOR,
        r"claimed nan, right (.|\n)*all ordinary points agree.*overflow",
    ),
    "0/0": (lambda x: x.prod(), lambda x: x.prod() / x, VECTOR, r"zeros(.|\n)*claimed nan, right"),
}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", WRONG)
def test_wrong_gradients_fail_and_say_what_is_wrong(name, dtype):
    f, claimed, shapes, says = WRONG[name]
    verdict = check_gradient(f, claimed, shapes=shapes, dtype=dtype)
    assert verdict.status == "refuted"
    assert not verdict
    with pytest.raises(ImplementationRefuted, match=says) as caught:
        verdict.raise_for_failure()
    text = str(caught.value)
    assert text == str(verdict)
    assert "first failing shape: " in text
    assert verdict.failure.entry is not None
    assert f"entry {list(verdict.failure.entry)} of" in text


def test_the_failure_can_be_tried_again_by_hand():
    f, claimed, shapes, _ = WRONG["a factor"]
    failure = check_gradient(f, claimed, shapes=shapes).failure
    x = torch.tensor(failure.inputs["x"], requires_grad=True)
    sigmoid(x).sum().backward()
    assert failure.right == pytest.approx(x.grad[failure.entry].item(), rel=1e-12)
    assert failure.claimed == pytest.approx(2 * failure.right, rel=1e-12)
    assert failure.shapes == {"x": (1,)}  # the smallest shape
    assert failure.error_ulp > failure.allowed_ulp


# ---- examples as a pattern ----------------------------------------------------------------------------------------


def test_probabilities_stay_probabilities():
    def loss(z, y):
        return -(y * torch.log_softmax(z, -1)).sum()

    def claimed(z, y):
        return softmax(z) - y

    z = torch.tensor([0.3, -1.0, 2.0])
    for y in (torch.tensor([0.2, 0.5, 0.3]), torch.tensor([0.0, 1.0, 0.0])):
        verdict = check_gradient(loss, claimed, (z, y))
        assert verdict, str(verdict)
        assert "y is kept nonnegative with sum 1 along the last axis, as in the example" in str(verdict)
    assert check_gradient(loss, claimed, (z, torch.tensor([0.2, -0.5, 0.3]))).status == "refuted"


def test_positive_examples_stay_positive():
    examples = {"x": np.array([0.5, 1.5, 3.0])}
    verdict = check_gradient(lambda x: torch.sqrt(x * x).sum(), lambda x: np.ones_like(x), examples)
    assert verdict, str(verdict)
    assert "x is kept positive, as in the example" in verdict.notes


def test_labels_and_constants_are_passed_on():
    def loss(z, labels, weight):
        return weight * torch.nn.functional.cross_entropy(z, labels)

    def claimed(z, labels, weight):
        return weight * (softmax(z) - torch.nn.functional.one_hot(labels, z.shape[1])) / len(z)

    inputs = (torch.randn(5, 3, generator=torch.Generator().manual_seed(0)), torch.tensor([0, 1, 2, 1, 0]), 0.5)
    verdict = check_gradient(loss, claimed, inputs)
    assert verdict, str(verdict)
    assert "weight = 0.5 throughout" in verdict.notes
    assert verdict.skipped["f raises there"] > 0  # a label beyond the classes of a smaller shape


def test_inputs_are_left_as_they_are():
    def f(x):
        return (x**2).sum()

    def claimed(x):
        x *= 2
        return x

    x = np.arange(3.0) - 1
    assert check_gradient(f, claimed, x)
    np.testing.assert_array_equal(x, [-1, 0, 1])


def test_the_library_is_read_off_the_code_not_off_what_happens_to_work():
    def f(x):
        return x.var(unbiased=False).log()

    def biased_in_numpy(x):
        return np.multiply(2 / len(x), x - x.mean()) / x.var()

    def without_a_name(x):
        return 2 / len(x) * (x - x.mean()) / x.var()

    assert check_gradient(f, biased_in_numpy, shapes=VECTOR)
    assert check_gradient(f, without_a_name, shapes=VECTOR, backend="numpy")
    assert not check_gradient(f, without_a_name, shapes=VECTOR, backend="torch")
    assert library_of(biased_in_numpy, "torch") == "numpy"
    assert library_of(without_a_name, "torch") == "torch"
    assert library_of(functools.partial(np.add, 1), "torch") == "numpy"
    assert library_of(torch.nn.Tanh(), "numpy") == "torch"


def test_a_function_with_float32_parameters():
    layer = torch.nn.Linear(3, 2)
    verdict = check_gradient(
        lambda x: layer(x).sum(),
        lambda x: layer.weight.detach().sum(0).expand(*x.shape),
        shapes={"x": (4, 3)},
        dtype="float32",
    )
    assert verdict, str(verdict)
    assert "f does not run in float64" in str(verdict)


# ---- what cannot be compared, and what is wrong before comparing --------------------------------------------------


def test_only_where_f_has_a_value():
    verdict = check_gradient(torch.log, lambda x: np.where(x > 0, 1 / x, np.nan), shapes=VECTOR)
    assert verdict, str(verdict)
    assert not check_gradient(torch.log, lambda x: np.where(x > 0, 2 / x, np.nan), shapes=VECTOR)
    assert check_gradient(torch.log, lambda x, g: np.where(x > 0, g / x, np.nan), shapes=VECTOR)


def test_nothing_compared_is_untested_and_no_pass():
    verdict = check_gradient(lambda x: torch.log(-x * x).sum(), lambda x: 2 / x, shapes=VECTOR)
    assert verdict.status == "untested"
    assert not verdict
    with pytest.raises(AssertionError, match="too few points could be compared"):
        verdict.raise_for_failure()


def test_a_wrong_shape_tells_both():
    def claimed(W, x):
        return torch.outer(x, torch.ones_like(W[:, 0]))

    verdict = check_gradient(lambda W, x: (W @ x).sum(), claimed, shapes={"W": (2, 3), "x": (3,)}, resize=False)
    assert "the claimed gradient by W has shape (3, 2), autograd (2, 3); transposed, it is right here" in str(verdict)


def test_an_exception_comes_with_the_shapes_and_its_cause():
    def claimed(x):
        if len(x) == 1:
            raise KeyError("no neighbours")
        return 2 * x

    with pytest.raises(
        CallError, match=r"raised KeyError: 'no neighbours'\n.*x: float64 tensor of shape \(1,\)"
    ) as caught:
        check_gradient(lambda x: (x**2).sum(), claimed, shapes={"x": (1,)})
    assert isinstance(caught.value.__cause__, KeyError)


def test_an_exception_at_a_shape_we_made_up_is_a_note():
    def by_x(x, g):
        return g.reshape(6, 4)

    f, shapes = lambda x, g: (x.reshape(-1) * g).sum(), {"x": (6, 4), "g": (24,)}
    verdict = check_gradient(f, by_x, shapes=shapes)
    assert verdict, str(verdict)
    assert verdict.skipped["the claimed gradient raises there"] > 0
    assert "x (1, 1), g (1,), where the claimed gradient raises: RuntimeError: shape '[6, 4]' is invalid" in str(
        verdict
    )
    assert check_gradient(f, lambda x, g: 2 * by_x(x, g), shapes=shapes).status == "refuted"


# ---- other shapes than those given --------------------------------------------------------------------------------


def convolved(x, w, g):
    return (g * torch.nn.functional.conv1d(x[None, None], w[None, None])[0, 0]).sum()


LINKED = {"x": (6,), "w": (3,), "g": (4,)}  # 4 = 6 - 3 + 1; at g (1,) the sum only works by broadcasting


def test_linked_sizes_are_no_refutation_and_no_pass():
    verdict = check_gradient(convolved, lambda x, w, g: np.convolve(g, w), shapes=LINKED)
    assert verdict.status == "shape-dependent"
    assert not verdict
    assert verdict.failure.shapes == {"x": (6,), "w": (3,), "g": (1,)}
    with pytest.raises(AssertionError, match=r"at the shapes given, at others it does not(.|\n)*say resize=False"):
        verdict.raise_for_failure()
    assert check_gradient(convolved, lambda x, w, g: np.convolve(g, w), shapes=LINKED, resize=False)


@pytest.mark.parametrize("resize", [True, False])
def test_what_is_wrong_at_linked_sizes_is_refuted(resize):
    verdict = check_gradient(convolved, lambda x, w, g: np.convolve(g, w[::-1]), shapes=LINKED, resize=resize)
    assert verdict.status == "refuted"
    twice = check_gradient(convolved, lambda x, w, g: 2 * np.convolve(g, w), shapes=LINKED, resize=resize)
    assert "claimed = 2 × autograd" in str(twice)


def test_right_at_one_size_only_is_no_pass():
    def f(x):
        return (x**2).mean()

    verdict = check_gradient(f, lambda x: 2 * x / 4, shapes=VECTOR)
    assert verdict.status == "shape-dependent"
    assert not verdict
    assert verdict.failure.shapes == {"x": (1,)}
    assert check_gradient(f, lambda x: 2 * x / 4, shapes={"x": (3,)}).status == "refuted"
    assert check_gradient(f, lambda x: 2 * x / 4, torch.ones(4), resize=False)


def test_values_with_a_far_mean_are_tried():
    def deviation(x):
        return torch.sqrt(x.var(unbiased=False) + 1e-5)

    def claimed(x):  # below 0 after rounding the variance has no root
        return (x - x.mean()) / len(x) / np.sqrt((x**2).mean() - x.mean() ** 2 + 1e-5)

    verdict = check_gradient(deviation, claimed, shapes={"x": (8,)}, dtype="float32")
    assert verdict.status == "refuted"
    assert "claimed nan" in str(verdict)
    assert check_gradient(deviation, lambda x: (x - x.mean()) / len(x) / np.sqrt(x.var() + 1e-5), shapes={"x": (8,)})


# ---- hints --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("factor", "says"),
    [
        (2.000001, "claimed = 1.0000005 × autograd"),
        (2 + 1e-9, "claimed = 1.0000000005 × autograd"),
        (1.0000006, "claimed = 0.5000003 × autograd"),
        (1 + 2e-10, "claimed = 0.5000000001 × autograd"),
        (-2.0, "claimed = −autograd"),
    ],
)
def test_a_hint_explains_all_of_the_deviation(factor, says):
    verdict = check_gradient(lambda x: (x**2).sum(), lambda x: factor * x, shapes={"x": (3,)})
    assert verdict.hints == (f"{says} at every ordinary point",)


def test_no_hint_where_nothing_is_in_common():
    A = torch.tensor([[1.0, 2.0, 0.5], [2.0, 1.0, 0.3], [0.5, 0.3000001, 1.0]], dtype=torch.float64)
    nearly_symmetric = check_gradient(lambda X: (A * X).sum(), lambda X: A + 1e-9, shapes={"X": (3, 3)}, resize=False)
    assert nearly_symmetric.status == "refuted"
    assert nearly_symmetric.hints == ()
    signs = check_gradient(lambda x: (x**2).sum() / 2, lambda x: np.abs(x) * (1 + 1e-8), shapes=VECTOR)
    assert not any("signs" in hint for hint in signs.hints)


def test_what_is_no_pattern_or_no_function():
    def f(x, y):
        return (x * y).sum()

    with pytest.raises(TypeError, match="give example inputs, or shapes"):
        check_gradient(f, lambda x, y: y)
    with pytest.raises(TypeError, match=r"the function takes \(x, y\), and the inputs name z"):
        check_gradient(f, lambda x, y: y, {"z": np.ones(3)})
    with pytest.raises(TypeError, match=r"the claimed gradient takes \(x\); it must take \(x, y\)"):
        check_gradient(f, lambda x: x, shapes=PAIR)
    with pytest.raises(TypeError, match="returned 3 gradients; there are 2 inputs to differentiate by: x, y"):
        check_gradient(f, lambda x, y: (y, x, x), shapes=PAIR)
    with pytest.raises(ValueError, match="wrt names z; to choose from: x, y"):
        check_gradient(f, lambda x, y: y, shapes=PAIR, wrt="z")
    with pytest.raises(TypeError, match="f must be a PyTorch function"):
        check_gradient(lambda x: np.sum(x), lambda x: 1, shapes=VECTOR)
    with pytest.raises(TypeError, match="PyTorch operations throughout"):
        check_gradient(lambda x: x.detach().sum(), lambda x: x, shapes=VECTOR)
    with pytest.raises(ValueError, match="no function of its inputs"):
        check_gradient(lambda x: (torch.dropout(x, 0.5, True) ** 2).sum(), lambda x: 2 * x, shapes={"x": (50,)})
    with pytest.raises(ValueError, match="dtype 'int8'"):
        check_gradient(f, lambda x, y: y, shapes=PAIR, dtype="int8")


def test_slips_in_shapes_and_gradients_say_what_to_write():
    def f(x, y):
        return (x * y).sum()

    for shapes, says in (
        ({"x": 3, "y": (3,)}, r"x = 3: write \(3,\)"),
        ({"x": [3], "y": (3,)}, r"x = \[3\]: write \(3,\)"),
        ({"x": (3,), "y": [3, 4]}, r"y = \[3, 4\]: write \(3, 4\)"),
        ({"x": (0,), "y": (3,)}, r"x = \(0,\): a shape is a tuple of integers of at least 1"),
    ):
        with pytest.raises(TypeError, match=says):
            check_gradient(f, lambda x, y: y, shapes=shapes)
    with pytest.raises(TypeError, match="returned a dict; return a tuple, of one gradient for each of x, y"):
        check_gradient(f, lambda x, y: {"x": y, "y": x}, shapes=PAIR)


def test_one_of_several_inputs_by_name():
    assert check_gradient(lambda x, y: (x * y).sum(), lambda x, y: x, shapes=PAIR, wrt="y")
    assert not check_gradient(lambda x, y: (x * y).sum(), lambda x, y: x, shapes=PAIR)
