"""A theorem of one's own is a value like those of the registry: verified, exported, matched, never mistaken for one."""

import numpy as np
import pytest

import gradproof
from derivations import UnknownName, load
from derivations.calculus.operators import D, Sum
from derivations.calculus.symbols import indices, size, vector
from derivations.proof.derivation import Derivation
from derivations.proof.rules import collapse, differentiate
from derivations.proof.source import Source

n = size("n")
i, j = indices("i j", n)
x = vector("x", n)
own = Derivation("own", source=Source("own", "own work"))
square = own.prove("square", D(Sum(x[i] ** 2, i), x[j]), differentiate, collapse, equals=2 * x[j])


def test_it_is_verified_beside_those_of_the_registry():
    found = gradproof.verify(["softmax.normalised", square, square], points=50)
    assert [record.name for record in found] == ["softmax.normalised", "own.square"]
    assert all(record.as_claimed for record in found)
    with pytest.raises(UnknownName):
        gradproof.verify("own.square")


def test_a_name_of_the_registry_does_not_make_it_that_result():
    softmax = Derivation("softmax", source=own.source)
    false = softmax.prove("jacobian", D(Sum(x[i] ** 2, i), x[j]), differentiate, collapse, equals=3 * x[j])
    (record,) = gradproof.verify(false, numeric=False)
    assert record.status == "refuted"
    with pytest.raises(ValueError, match=r"softmax\.jacobian itself fails"):
        gradproof.matches(lambda x: 3 * x, false, backend="numpy")
    function = gradproof.function(false, "numpy")
    assert function(np.ones(2)).tolist() == [3, 3]
    assert "Registry" not in (function.__doc__ or "")
    assert gradproof.function(load("softmax.jacobian")) is gradproof.function("softmax.jacobian")


def test_it_runs_in_this_process_only():
    with pytest.raises(ValueError, match="jobs=1"):
        gradproof.verify(square, jobs=2)


def test_a_function_is_held_against_it():
    assert gradproof.matches(lambda x: 2 * x, square, backend="numpy")
    assert not gradproof.matches(lambda x: x**2, square, backend="numpy")


def test_an_operator_is_not_asked_about_another_theorem_of_its_name():
    """torch.softmax says nothing about somebody's own softmax.jacobian."""
    mine = Derivation("softmax", source=own.source).prove(
        "jacobian", D(Sum(x[i] ** 2, i), x[j]), differentiate, collapse, equals=2 * x[j]
    )
    (record,) = gradproof.verify(mine, points=50)
    assert record.as_claimed
    assert "torch.softmax" not in {check["oracle"] for check in record.data()["checks"]}
    assert gradproof.matches(lambda x: 2 * x, mine, backend="numpy")
