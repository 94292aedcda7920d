"""The pytest fixture ``gradproof_check``: a function of yours held against a theorem, or a gradient against autograd.

    def test_backward(gradproof_check):
        gradproof_check(my_backward).matches("batchnorm.input_gradient")

    def test_loss(gradproof_check):
        gradproof_check.gradient(loss, loss_gradient, inputs=(x, y))

pytest loads this module in every project where gradproof is installed, so it imports nothing heavy. PYTEST_DONT_REWRITE
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

__tracebackhide__ = True  # a failure is shown at the line of the test

if TYPE_CHECKING:
    from derivations.proof.theorem import Theorem
    from gradproof.implementations import ImplementationVerdict


@dataclass(frozen=True)
class CheckedFunction:
    """One implementation under test."""

    implementation: Callable[..., Any]

    def matches(self, name: str | Theorem, **options: Any) -> ImplementationVerdict:
        """Assert that it agrees with the closed form of a theorem; ``options`` are those of ``gradproof.matches``.

        Returns the verdict, which says what was compared. "shape-dependent" and "untested" fail too.
        """
        __tracebackhide__ = True
        from gradproof.implementations import matches

        verdict = matches(self.implementation, name, **options)
        verdict.raise_for_failure()
        return verdict


class GradproofCheck:
    """What the fixture gives: ``gradproof_check(function).matches(name)`` and ``gradproof_check.gradient(...)``."""

    def __call__(self, implementation: Callable[..., Any]) -> CheckedFunction:
        return CheckedFunction(implementation)

    def gradient(
        self, f: Callable[..., Any], claimed: Callable[..., Any], inputs: Any = None, **options: Any
    ) -> ImplementationVerdict:
        """Assert that ``claimed`` is the gradient of ``f``; ``options`` are those of ``gradproof.check_gradient``."""
        __tracebackhide__ = True
        from gradproof.implementations import check_gradient

        verdict = check_gradient(f, claimed, inputs, **options)
        verdict.raise_for_failure()
        return verdict


@pytest.fixture(scope="session")
def gradproof_check() -> GradproofCheck:
    """Hold an implementation against a proved theorem, or a hand-written gradient against autograd.

    gradproof_check(my_function).matches("softmax.jacobian")
    gradproof_check.gradient(f, claimed_gradient, inputs)
    """
    return GradproofCheck()
