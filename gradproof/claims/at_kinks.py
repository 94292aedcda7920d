"""A claim at the points that were left out because a part under a derivative has a kink there (judges/kinks.py)."""

from __future__ import annotations

import ast
import re

from derivations.calculus.operators import D
from derivations.judges import kinks
from derivations.judges.kinks import Claimed, Refutation
from derivations.language.admissible import Problem
from derivations.language.claims import Claim
from derivations.proof.statement import expressions

DERIVATIVES = {"diff": 1, "grad": 1, "jacobian": 1, "hessian": 2, "integrate": 1}  # and how many of D each takes


def refute(claim: Claim, problem: Problem) -> Refutation | None:
    """A refutation at such a point; none where SymPy has dropped a derivative of the text, as from 0*diff(f, x)."""
    if claim.passages or claim.notes or _dropped(claim, problem):
        return None
    stated = len(claim.hypotheses)
    return kinks.refute(
        Claimed(
            tuple(part.relation for part in problem.parts),
            problem.hypotheses[:stated],
            problem.hypotheses[stated:],
            claim.needs,
        )
    )


def _dropped(claim: Claim, problem: Problem) -> bool:
    """Whether the text may take a derivative that stands in no comparison any more: it may have no value at a kink."""
    elsewhere = (claim.where, *claim.let)
    if any(re.search(rf"\b{name}\b", text) for name in DERIVATIVES for text in elsewhere):
        return True
    orders: dict[str, int] = {}
    for part in problem.parts:
        if part.tree is None:
            return True
        for node in ast.walk(part.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in DERIVATIVES:
                orders[ast.dump(node)] = _order(node)
    standing = {d for part in problem.parts for side in expressions(part.relation) for d in side.atoms(D)}
    return len(standing) < sum(orders.values())


def _order(call: ast.Call) -> int:
    """How many derivatives a call takes; each integer repeats the one before it."""
    assert isinstance(call.func, ast.Name)
    if call.func.id != "diff":
        return DERIVATIVES[call.func.id]
    order = 0
    for argument in call.args[1:]:
        order += argument.value - 1 if isinstance(argument, ast.Constant) and isinstance(argument.value, int) else 1
    return order
