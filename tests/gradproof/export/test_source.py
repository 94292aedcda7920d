"""Closed forms as source: every one agrees with ``gradproof.function`` and needs nothing of this project."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

import gradproof
from derivations import catalogue, load
from derivations.calculus.functions import exp
from derivations.calculus.operators import Delta, Limit, Sum
from derivations.calculus.substitution import named_objects
from derivations.calculus.symbols import Recurrence, Size, index, scalar, sequence, size, vector
from derivations.proof.statement import expressions
from derivations.proof.theorem import Theorem
from gradproof import cli
from gradproof.export import NoSource
from gradproof.export.source import written
from gradproof.functions import free_axes
from gradproof.records import is_equality
from numeric.lowering import lower
from numeric.sampling import sample
from tests.gradproof.export.running import arrays, close, function_in, given

BACKENDS = ("torch", "numpy")
EQUALITIES = [
    name for name in catalogue() if isinstance(load(name), Theorem) and is_equality(load(name).statement)
]  # fmt: skip
WITHOUT_SOURCE: dict[str, str] = {}  # name: why; a theorem that has none is listed here
CASES = list(product(EQUALITIES, BACKENDS))
SINGLE = 64 * float(np.finfo(np.float32).eps)  # relative to the largest entry: some dozen operations


def admissible(name: str, extent: int, count: int):
    """Points at which the theorem holds, all its sizes ``extent``, and the sizes by name."""
    theorem = load(name)
    assert isinstance(theorem, Theorem)
    lowered = lower(theorem.expression, axes=free_axes(theorem))
    sizes = {s: max(extent, s.minimum) for s in every_size(theorem, lowered)}
    points = sample(lowered.arguments, theorem.hypotheses, sizes, count, seed=extent)
    wanted = {argument.name for argument in lowered.arguments}
    named = {s.name: value for s, value in sizes.items() if s in lowered.sizes}
    return {key: value for key, value in points.items() if key in wanted}, named


def every_size(theorem, lowered):
    sides = [*expressions(theorem.statement), *(e for h in theorem.hypotheses for e in expressions(h.relation))]
    return {*lowered.sizes, *(s for side in sides for s in named_objects(side) if isinstance(s, Size))}


def test_every_closed_form_has_source():
    missing = {}
    for name, backend in CASES:
        try:
            gradproof.source(name, backend)
        except NoSource as reason:
            missing[name] = str(reason)
    assert missing.keys() == WITHOUT_SOURCE.keys()
    assert len(EQUALITIES) >= 45


@pytest.mark.parametrize(("name", "backend"), CASES)
def test_it_agrees_with_the_function(name, backend):
    reference = gradproof.function(name, backend)
    written_out = function_in(gradproof.source(name, backend), load(name).short_name)
    for extent, batch in product((1, 2, 5), ((), (4,), (2, 3))):
        points, sizes = admissible(name, extent, max(1, int(np.prod(batch))))
        shaped = {key: value.reshape((*batch, *value.shape[1:])) for key, value in points.items()}
        inputs = arrays(shaped, backend)
        wanted = reference(**inputs, **{s: n for s, n in sizes.items() if s in inspect.signature(reference).parameters})
        found = written_out(**given(written_out, {**inputs, **sizes}))
        assert close(found, wanted, 1e-12 if inputs else 1e-7)  # without input torch gives its default dtype
        if given(written_out, inputs | sizes).keys() >= inputs.keys() and inputs:
            assert tuple(found.shape) == tuple(wanted.shape)


@pytest.mark.parametrize(("name", "backend"), CASES)
def test_the_result_has_the_dtype_of_the_input(name, backend):
    written_out = function_in(gradproof.source(name, backend), load(name).short_name)
    for batch in ((), (3,)):
        points, sizes = admissible(name, 3, 3)
        points = {key: value if batch else value[0] for key, value in points.items()}
        inputs = arrays(points, backend, "float32")
        taken = given(written_out, {**inputs, **sizes})
        if not set(taken) & set(inputs):
            return  # a number, or an array of the default dtype
        assert str(written_out(**taken).dtype).removeprefix("torch.") == "float32"
        double = written_out(**given(written_out, {**arrays(points, backend), **sizes}))
        assert close(written_out(**taken), double, SINGLE * 16)


@pytest.mark.parametrize("name", EQUALITIES)
def test_the_device_is_that_of_the_input(name):
    """On the device that computes shapes only, an array made elsewhere would raise."""
    written_out = function_in(gradproof.source(name), load(name).short_name)
    points, sizes = admissible(name, 3, 2)
    inputs = {key: value.to("meta") for key, value in arrays(points, "torch").items()}
    taken = given(written_out, {**inputs, **sizes})
    if set(taken) & set(inputs):
        assert written_out(**taken).device.type == "meta"


@pytest.mark.parametrize(("name", "backend"), CASES)
def test_it_imports_nothing_else(name, backend):
    tree = ast.parse(gradproof.source(name, backend))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert not any(isinstance(node, ast.ImportFrom) for node in ast.walk(tree))
    assert imported <= {"math", backend}


@pytest.mark.parametrize("backend", BACKENDS)
def test_nothing_is_unused_or_undefined(backend, tmp_path):
    for name in EQUALITIES:
        (tmp_path / f"{name.replace('.', '_')}.py").write_text(gradproof.source(name, backend), encoding="utf-8")
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F,E7,E9,W", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", ["softmax.jacobian", "batchnorm.input_gradient", "averages.ema_closed_form"])
def test_a_wrong_sign_or_factor_is_noticed(name, backend):
    """Each minus made a plus, each product a quotient: what runs gives other numbers."""
    text, short = gradproof.source(name, backend), load(name).short_name
    head, marker, body = text.rpartition('"""')
    points, sizes = admissible(name, 4, 3)
    inputs = {**arrays(points, backend), **sizes}
    right = gradproof.function(name, backend)
    wanted = right(
        **arrays(points, backend), **{s: n for s, n in sizes.items() if s in inspect.signature(right).parameters}
    )
    tried = 0
    for old, new in ((" - ", " + "), (" * ", " / "), (" + ", " - ")):
        for at in [i for i in range(len(body)) if body.startswith(old, i)]:
            wrong = function_in(head + marker + body[:at] + new + body[at + len(old) :], short)
            try:
                found = wrong(**given(wrong, inputs))
            except (IndexError, RuntimeError, ValueError):
                continue
            tried += 1
            assert not close(found, wanted, 1e-9), body[at - 20 : at + 20]
    assert tried >= 2


def test_the_jacobian_reads_as_a_person_writes_it():
    text = gradproof.source("softmax.jacobian")
    assert text.startswith('"""Jacobian of the softmax.')
    assert "Registry: softmax.jacobian.\nWritten by gradproof" in text
    assert text.endswith(
        "    n = z.shape[-1]\n"
        "    p = torch.softmax(z, dim=-1)\n"
        "    return p[..., :, None] * (torch.eye(n, dtype=z.dtype, device=z.device) - p[..., None, :])\n"
    )


def test_a_sequence_that_is_too_short_is_refused():
    ema = function_in(gradproof.source("averages.ema_closed_form", "numpy"), "ema_closed_form")
    with pytest.raises(ValueError, match="v is too short"):
        ema(alpha=0.1, v=np.ones(2), v0=0.0, t=3)
    assert close(ema(alpha=0.1, v=np.ones(3), v0=1.0, t=3), 1.0)


# ---- what no theorem of the registry needs

n, t = size("n"), size("t")
i, j, k = index("i", n), index("j", n), index("k", n)
x, v = vector("x", n), sequence("v")
beta, last = scalar("beta"), scalar("last")
steps = index("s", 1, t)
ema = Recurrence("ema", index("s", 1, 10**6), last, 0, beta * v[index("s", 1, 10**6)] + (1 - beta) * last)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_recurrence_is_a_loop(backend):
    text = written(ema[t], "ema_now", (), backend)
    assert "for s in range(1, t + 1):" in text
    values, rate = np.random.default_rng(0).normal(size=(2, 5)), np.array([0.3, 0.9])
    by_hand = np.zeros(2)
    for at in range(4):
        by_hand = rate * values[:, at] + (1 - rate) * by_hand
    inputs = arrays({"beta": rate, "v": values}, backend)
    assert close(function_in(text, "ema_now")(**inputs, t=4), by_hand)


@pytest.mark.parametrize("backend", BACKENDS)
def test_all_steps_of_a_recurrence(backend):
    text = written(Sum(ema[steps], steps), "total", (), backend)
    inputs = arrays({"beta": np.array(0.25), "v": np.array([1.0, 2.0, 4.0])}, backend)
    wanted = lower(Sum(ema[steps], steps), backend)(**inputs, t=3)
    assert close(function_in(text, "total")(**inputs, t=3), wanted)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_sum_up_to_another_index_is_masked(backend):
    causal = index("k", 1, i)
    body = Sum(beta ** (i - causal) * x[causal], causal) + Delta(i, j) * exp(x[n + 1 - j])
    text = written(body, "f", (i, j), backend)
    inputs = arrays({"beta": np.array([0.5, 2.0]), "x": np.random.default_rng(1).normal(size=(2, 4))}, backend)
    assert close(function_in(text, "f")(**inputs), lower(body, backend, axes=(i, j))(**inputs))


def test_what_has_no_source_says_why():
    with pytest.raises(NoSource, match="Limit"):
        written(Limit(beta**t, t), "limit", ())
    with pytest.raises(TypeError, match="erratum"):
        gradproof.source("softmax.single_term_chain")
    with pytest.raises(TypeError, match="no closed form"):
        gradproof.source("activations.tanh_derivative_bound")
    with pytest.raises(ValueError, match="choose torch or numpy"):
        gradproof.source("softmax.jacobian", "jax")  # type: ignore[arg-type]


def test_the_text_is_written_without_torch():
    """Where torch cannot be imported."""
    program = (
        "import sys; sys.modules['torch'] = None\n"
        "import gradproof\n"
        "print(gradproof.source('batchnorm.input_gradient'))\n"
    )
    root = Path(gradproof.__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=root, check=False)
    assert done.returncode == 0, done.stderr
    assert "def input_gradient(eps, g, gamma, x):" in done.stdout


def test_the_command_line_prints_it():
    result = CliRunner().invoke(cli.app, ["show", "softmax.jacobian", "--source", "numpy"])
    assert result.exit_code == 0
    assert result.stdout == gradproof.source("softmax.jacobian", "numpy")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["softmax.single_term_chain", "--source", "torch"], "erratum"),
        (["softmax.jacobian", "--source", "jax"], "torch or numpy"),
        (["softmax.jacobian", "--source", "torch", "--latex"], "neither"),
    ],
)
def test_the_command_line_refuses(words, said):
    result = CliRunner().invoke(cli.app, ["show", *words])
    assert result.exit_code == 2
    assert said in result.output


def test_gradients_flow_through_it():
    jacobian = function_in(gradproof.source("softmax.jacobian"), "jacobian")
    assert torch.autograd.gradcheck(jacobian, torch.randn(2, 3, dtype=torch.float64, requires_grad=True))
