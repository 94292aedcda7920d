"""Every snippet is run: it prints the two sides that the witness shows."""

import re
import subprocess
import sys

import pytest

from gradproof.claims.deciding import decide
from gradproof.claims.teaching import taught
from gradproof.claims.verdicts import Source, nested

pytest.importorskip("flint")
pytest.importorskip("torch")

X, Z, AX = "x: real[n]", "z: real[n]", "A: real[n,n]; x: real[n]"

REFUTED = [
    ("diff(sigmoid(x), x) <= 1/5", ""),
    ("diff(tanh(x), x) == 1 - x**2", ""),
    ("diff(gelu(x), x) <= 1", ""),
    ("diff(x**3, x, 2) == 6*x**2", ""),
    ("diff(x**2*y, x, y) == x", ""),
    ("exp(1) + e == pi*x", ""),
    ("cbrt(x) + cot(x) == sec(x)*csc(x) - x", "x > 0"),
    ("asinh(x) == acosh(1 + x) + acot(x)", "x > 0"),
    ("step(x) == heaviside(x) + relu(x)", ""),
    ("elu(x, a) + leaky_relu(x, a) == mish(x) + softsign(x)", ""),
    ("max(x, y, 2) == min(x, y)", ""),
    ("loggamma(x) + beta(x, x) == digamma(x) - trigamma(x)", "x > 0"),
    ("erf(x) + erfc(x) == logaddexp(x, x) + logit(p)", ""),
    ("integrate(cos(x), x) == -sin(x)", ""),
    ("grad(dot(x, A@x), x) == 2*A@x", AX),
    ("grad(sum((A@x - b)**2), x) == 2*A@(A@x - b)", f"{AX}; b: real[n]"),
    ("hessian(x@A@x, x) == 2*A", AX),
    ("jacobian(softmax(z), z) == diag(softmax(z)) + outer(z, z)", Z),
    ("grad(logsumexp(z), z) == exp(z)", Z),
    ("diff(softmax(z)[i], z[j]) == softmax(z)[i]*delta(i, j)", Z),
    ("diff(sum(x[k]**2, k), x[i]) == x[i]", X),
    ("sum(x[k]*x[k + 1], (k, 1, n - 1)) == 1 + x[1]", f"{X}; n >= 2"),
    ("prod(x[k], k) == sum(x)", X),
    ("var(x) == var(x, ddof=1) + std(x) - norm(x)", f"{X}; n >= 2"),
    ("mean(A, axis=0) == mean(A, axis=1)", "A: real[n,n]"),
    ("max(A, axis=0) == A[1, :] + ones(n)", "A: real[n,n]"),
    ("log_softmax(A, axis=1) == A.T", "A: real[n,n]"),
    ("trace(A@A.T) == trace(A)*n", "A: real[n,n]"),
    ("eye(n) == zeros(n, n) + A - A.T", "A: real[n,n]; n == 3"),
    ("2*x[:] == x.T + 1", X),
    ("torch + print == lam", "torch: real; print: real; lam: real"),
    ("diff(x**2, x) == x == x", ""),
    ("x > 0", ""),
]

ABBREVIATED = [
    ("m == b*g + (1 - b)*p", "", ("m = (1 - b)*g + b*p",)),
    ("h == x", X, ("h[i] = (x[i] - mean(x))/(1 + std(x))",)),
    ("diff(f(x), x) == f(x)", "", ("f(t) = t*sigmoid(t)",)),
    ("G[1, 2] == G[2, 2]", f"{X}; n >= 2", ("G[i, j] = x[i] - 2*x[j]",)),
]


def ran(snippet: str) -> list:
    """What the code prints, as values."""
    command = re.fullmatch(r'python -c "([^"$`\\!]*)"', snippet)
    printed: list = []
    exec(command[1] if command else snippet, {"print": lambda *values: printed.extend(values)})
    return printed


def close(value, shown) -> bool:
    if isinstance(shown, list):
        return len(value) == len(shown) and all(map(close, value, shown))
    if "/" in shown:
        over, under = shown.split("/")
        shown = int(over) / int(under)
    return abs(value - float(shown)) <= 1e-6 * max(1, abs(float(shown)))


@pytest.mark.parametrize(("states", "where", "let"), [(*c, ()) for c in REFUTED] + ABBREVIATED)
def test_both_sides_as_the_witness_says(states, where, let):
    verdict = decide(Source(states, where, let))
    assert verdict.refuted, verdict
    snippet = taught(verdict).snippet
    assert snippet
    left, right = ran(snippet)
    assert verdict.witness
    assert close(left, nested(verdict.witness.left)), snippet
    assert close(right, nested(verdict.witness.right)), snippet
    assert left != right or "<" in states or ">" in states


def test_a_command_runs_in_a_shell():
    snippet = taught(decide(Source("diff(sigmoid(x), x) <= 1/5"))).snippet
    assert snippet.startswith('python -c "import torch; x = torch.tensor(0.0')
    code = snippet.removeprefix('python -c "').removesuffix('"')
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["0.25", "0.2"]


@pytest.mark.parametrize(
    ("states", "where"),
    [
        ("besselj(0, x) == 1", ""),
        ("integrate(t, (t, 0, x)) == x", ""),
        ("ellipk(x) == 1", "x < 1"),
        ("limit(sin(t)/t, t, 0) == x", ""),
    ],
)
def test_no_code_for_what_torch_has_not(states, where):
    verdict = decide(Source(states, where))
    assert verdict.refuted
    assert taught(verdict).snippet == ""
