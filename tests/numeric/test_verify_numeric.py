"""Every result of the catalogue, numerically; errata are seen to fail."""

import sys
from dataclasses import dataclass
from subprocess import run

import pytest
import sympy as sp

import derivations
from derivations.calculus.functions import sigmoid
from derivations.calculus.operators import D
from derivations.calculus.symbols import scalar
from derivations.proof.statement import Eq, Relation
from numeric import Check, oracles, refutation, verify_numeric

x = scalar("x")


@dataclass
class Result:
    statement: Relation
    kind: str = "theorem"
    name: str = "test.result"
    hypotheses: tuple = ()


@pytest.mark.parametrize("name", derivations.catalogue())
def test_each_result(name):
    result = derivations.load(name)
    checks = verify_numeric(result, points=200)
    assert checks
    assert "fail" not in {c.status for c in checks}
    assert any(c.passed for c in checks)
    for c in checks:
        assert c.passed or "F.batch_norm refuses a batch of one value" in c.detail


def test_every_oracle_stands_for_a_result_and_is_used():
    assert set(oracles.oracles()) <= set(derivations.catalogue())
    for name, oracle in oracles.oracles().items():
        checks = verify_numeric(derivations.load(name), points=50)
        assert any(c.oracle == oracle.names and c.passed for c in checks), name


def test_an_erratum_passes_when_it_is_seen_to_fail():
    wrong = Eq(D(sigmoid(x), x), sigmoid(x) * (1 + sigmoid(x)))
    (found,) = verify_numeric(Result(wrong, "erratum"), points=100)
    assert found.passed
    assert "fails as claimed" in found.detail


def test_an_erratum_that_is_true_fails():
    right = Eq(D(sigmoid(x), x), sigmoid(x) * (1 - sigmoid(x)))
    (found,) = verify_numeric(Result(right, "erratum"), points=100)
    assert found.status == "fail"
    assert "no point shows it" in found.detail


def test_an_undefined_value_refutes_nothing():
    overflow = Check("definition", "float64", "cpu", "", 10, float("inf"), 1.0, "fail", "")
    assert refutation([overflow]).status == "fail"
    (found,) = verify_numeric(Result(Eq(sp.log(-1 - x**2), 0), "erratum"), points=100)
    assert not found.passed


def test_a_theorem_that_is_wrong_fails():
    checks = verify_numeric(Result(Eq(D(sigmoid(x), x), sigmoid(x))), dtypes=("float64", "float32"), points=100)
    assert {(c.dtype, c.status) for c in checks if c.oracle == "autograd"} == {("float64", "fail"), ("float32", "fail")}


def test_numeric_needs_neither_flint_nor_the_command_line_packages():
    program = (
        "import sys\n"
        "for name in ('flint', 'rich', 'typer', 'pebble', 'z3'): sys.modules[name] = None\n"
        "import derivations\nfrom numeric import verify_numeric\n"
        "checks = verify_numeric(derivations.load('softmax.jacobian'), points=20)\n"
        "assert {c.status for c in checks} == {'pass'}, checks\n"
        "assert any(c.oracle == 'mpmath, 200 bits' for c in checks)\n"
    )
    done = run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
