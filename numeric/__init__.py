"""Floating point: the formulas as functions of arrays, and each result confronted with autograd, PyTorch and truth.

verify_numeric(theorem)                   every check of a result, as records
function(expression, "jacobian")          the formula as a vectorised torch or NumPy function
lower(expression, axes=(i, j))            the same without a signature
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numeric.autograd import check
    from numeric.checks import Check
    from numeric.functions import function
    from numeric.lowering import Lowered, LoweringError, ShapeError, lower

__all__ = ["Check", "Lowered", "LoweringError", "ShapeError", "check", "function", "lower", "verify_numeric"]


# they import torch, which the source of a closed form (gradproof/export) is written without
_LAZY = {
    "Check": "checks",
    "Lowered": "lowering",
    "LoweringError": "shapes",
    "ShapeError": "shapes",
    "check": "autograd",
    "function": "functions",
    "lower": "lowering",
}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(f"numeric.{_LAZY[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def verify_numeric(
    theorem: Any,
    device: str = "cpu",
    dtypes: Sequence[str] = ("float64",),
    points: int = 1000,
    seed: int = 0,
) -> list[Check]:
    """Every numeric check of a theorem or an erratum, at several sizes.

    PyTorch's own operators are asked about results of the registry and about names that it has not.

    A theorem passes when both sides agree. An erratum passes when what is printed is seen to fail: one check a dtype,
    at the size where it does. A check that could not run says "not run" and why.

    Args:
        theorem: a result, such as ``derivations.load`` gives.
        device: "cpu", "cuda" or "cuda:N".
        dtypes: of "float64" and "float32".
        points: random points a check.
        seed: of the random points.
    """
    from derivations import is_registered
    from numeric import oracles
    from numeric.autograd import check

    oracle = oracles.find(theorem.name) if is_registered(theorem) or not _is_taken(theorem.name) else None
    checks: list[Check] = []
    for dtype in dtypes:
        found = check(
            theorem.statement,
            theorem.hypotheses,
            count=points,
            dtype=dtype,
            device=device,
            seed=seed,
            oracle=oracle,
        )
        checks += [refutation(found)] if theorem.kind == "erratum" else found
    return checks


def _is_taken(name: str) -> bool:
    """Whether a result of the registry has the name: then its operator says nothing about another theorem."""
    from derivations import catalogue

    return name in catalogue()


def refutation(checks: Sequence[Check]) -> Check:
    """One check that passes when the two sides of a false statement are seen to differ somewhere."""
    sides = [c for c in checks if c.oracle in ("autograd", "definition", "limit", "both sides")] or list(checks)
    # an overflow or an undefined value is not a counterexample
    failed = next((c for c in sides if c.status == "fail" and isfinite(c.worst_ulp or 0.0)), None)
    if failed is not None:
        return replace(failed, status="pass", detail=f"fails as claimed: {failed.detail}")
    ran = [c for c in sides if c.status != "not run"]
    if not ran:
        return sides[0]
    return replace(ran[-1], status="fail", detail="the statement is said to be false, and no point shows it")
