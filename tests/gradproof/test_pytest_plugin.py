"""The fixture in a project of someone else's: what passes, what a failure says, and what loading it costs."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLUGIN = "gradproof.pytest_plugin"

pytest_plugins = ["pytester"]

TESTS = """
    import numpy as np
    import torch

    def jacobian(z):
        p = np.exp(z - z.max())
        p = p / p.sum()
        return np.diag(p) - np.outer(p, p)

    def test_right(gradproof_check):
        assert gradproof_check(jacobian).matches("softmax.jacobian").status == "consistent"
        gradproof_check.gradient(lambda x: (x**2).sum(), lambda x: 2 * x, np.ones(3) - np.arange(3))

    def test_wrong_theorem(gradproof_check):
        gradproof_check(lambda z: 2 * jacobian(z)).matches("softmax.jacobian")

    def test_wrong_gradient(gradproof_check):
        gradproof_check.gradient(lambda x: (x**2).mean(), lambda x: 2 * x, shapes={"x": (3,)})

    def test_untested(gradproof_check):
        gradproof_check.gradient(lambda x: (-x * x).log().sum(), lambda x: 2 / x, shapes={"x": (3,)})

    def test_unknown(gradproof_check):
        gradproof_check(jacobian).matches("softmax.jacobain")

    def test_raises(gradproof_check):
        gradproof_check(lambda z: z.nothing).matches("softmax.jacobian", backend="numpy")
"""


@pytest.fixture
def project(pytester, monkeypatch):
    """A project whose pytest loads our plugin and no other, whether gradproof is installed or not."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_ADDOPTS", "")
    monkeypatch.syspath_prepend(str(ROOT))
    return pytester


def run(project, *arguments):
    return project.runpytest_inprocess("-p", PLUGIN, "-W", "error", *arguments)


def test_the_plugin_is_installed_under_its_name():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert declared["project"]["entry-points"]["pytest11"] == {"gradproof": PLUGIN}


def test_passes_and_failures(project):
    project.makepyfile(TESTS)
    result = run(project)
    result.assert_outcomes(passed=1, failed=5)
    result.stdout.fnmatch_lines([
        "*_ test_wrong_theorem _*",
        "E *refuted: the function is not softmax.jacobian",
        "E * first failing shape: z (2,)*(float64, random values)",
        "E * entry [[]0, 0[]] of (i, j) of the result: claimed 0.*, right 0.*",
        "E * hint: claimed = 2 × the theorem at every ordinary point",
        "*_ test_wrong_gradient _*",
        "E *refuted: what is claimed is not the gradient of f by x",
        "E * first failing shape: x (2,)*",
        "E * hint: claimed = len(x) × autograd at every ordinary point: 1/len(x) is missing",
        "*_ test_untested _*",
        "E *untested: too few points could be compared*",
        "*_ test_unknown _*",
        "E *no result is named 'softmax.jacobain'; did you mean softmax.jacobian*",
        "*_ test_raises _*",
        "E *AttributeError: *nothing*",
        "E *the function, called with numpy arrays, raised AttributeError: *",
        "E * called with z: float64 array of shape (1,)*",
    ])  # fmt: skip


def test_a_failure_shows_the_users_lines_only(project):
    project.makepyfile(TESTS)
    output = run(project, "-k", "wrong", "--tb=long").stdout.str()
    assert 'gradproof_check(lambda z: 2 * jacobian(z)).matches("softmax.jacobian")' in output
    assert "pytest_plugin.py" not in output
    assert "verdict.raise_for_failure()" not in output


SLIPS = """
    import torch

    def test_shape(gradproof_check):
        gradproof_check.gradient(lambda x: (x**2).sum(), lambda x: 2 * x, shapes={"x": 3})

    def test_dict(gradproof_check):
        gradproof_check.gradient(lambda x: (x**2).sum(), lambda x: {"x": 2 * x}, shapes={"x": (3,)})

    def test_arguments(gradproof_check):
        gradproof_check.gradient(lambda x, y: (x * y).sum(), lambda x: x, shapes={"x": (3,), "y": (3,)})

    def test_dtype(gradproof_check):
        gradproof_check(torch.sigmoid).matches("softmax.jacobian", dtypes="int8")

    def test_name(gradproof_check):
        gradproof_check(torch.sigmoid).matches("softmax.jacobain")

    def test_erratum(gradproof_check):
        gradproof_check(torch.sigmoid).matches("softmax.single_term_chain")

    def test_parameters(gradproof_check):
        gradproof_check(lambda a, b: a).matches("softmax.jacobian")
"""


def test_a_slip_in_the_call_shows_its_line_and_the_message_only(project):
    project.makepyfile(SLIPS)
    result = run(project, "--tb=long")
    result.assert_outcomes(failed=7)
    output = result.stdout.str()
    for says in ("write (3,)", "returned a dict; return a tuple", "it must take (x, y)", "choose of", "did you mean"):
        assert says in output
    source = (
        "implementations",
        "pytest_plugin.py:",
        "derivations/",
        "functions.py",
        "def check_gradient",
        "def _chosen",
    )
    assert not [line for line in output.splitlines() if any(name in line for name in source)]
    assert len(output.splitlines()) < 7 * 12


def test_the_fixture_is_listed_with_its_help(project):
    result = run(project, "--fixtures", "-q")
    result.stdout.fnmatch_lines(
        ["gradproof_check [[]session scope[]]*", "*Hold an implementation against a proved theorem*"]
    )


def test_loading_costs_no_torch_no_sympy_no_numpy_and_warns_of_nothing():
    code = (
        "import sys, pytest\n"
        f"import {PLUGIN}\n"
        "heavy = {'torch', 'sympy', 'numpy', 'rich', 'typer', 'numeric'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not done.stderr
