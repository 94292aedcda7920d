"""The kernel as a judge: an equality for all sizes, by normal form."""

from __future__ import annotations

import time

import sympy as sp

from derivations.calculus.kernel.hypotheses import Contradiction
from derivations.calculus.normal_form import Unsupported, equal
from derivations.calculus.operators import Limit
from derivations.calculus.substitution import rebuild, subexpressions
from derivations.calculus.symbols import CalculusError
from derivations.proof.statement import Hypothesis, Relation
from derivations.proof.verdict import Verdict

METHOD = "normal form"
TRUSTED = ("kernel",)


def decide(relation: Relation, hypotheses: tuple[Hypothesis, ...] = ()) -> Verdict:
    """``proved`` or ``unknown`` for an equality; anything else is unknown."""
    started = time.perf_counter()

    def verdict(status, reason=""):
        trusted = TRUSTED if status == "proved" else ()
        return Verdict(status, METHOD, trusted, reason=reason, seconds=time.perf_counter() - started)

    if relation.operator != "=":
        return verdict("unknown", "the kernel decides equalities only")
    pairs = [(h.relation.left, h.relation.right) for h in hypotheses if h.relation.operator == "="]
    try:
        left, right = _name_limits(relation.left, relation.right, pairs)
        if equal(left, right, pairs):
            return verdict("proved")
    except Unsupported as reason:
        return verdict("unknown", str(reason))
    except Contradiction as reason:
        return verdict("unknown", f"the hypotheses contradict themselves: {reason}")
    except CalculusError as reason:
        return verdict("unknown", str(reason))
    except RecursionError:
        return verdict("unknown", "the expression is nested too deeply")
    return verdict("unknown", "the normal forms of the two sides differ")


def _name_limits(left: sp.Expr, right: sp.Expr, pairs) -> tuple[sp.Expr, sp.Expr]:
    """Limits of provably equal functions are equal: give such limits one name. Other limits keep names of their own."""
    named: list[tuple[Limit, sp.Dummy]] = []

    def name(node):
        if not isinstance(node, Limit):
            return None
        for limit, symbol in named:
            if limit.variable == node.variable and equal(limit.function, node.function, pairs):
                return symbol
        named.append((node, sp.Dummy("limit", real=True)))
        return named[-1][1]

    if not any(isinstance(node, Limit) for side in (left, right) for node in subexpressions(side)):
        return left, right
    return rebuild(left, name), rebuild(right, name)  # type: ignore[return-value]
