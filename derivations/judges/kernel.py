"""The kernel as a judge: an equality for all sizes, by normal form."""

from __future__ import annotations

import time

import sympy as sp

from derivations.calculus.kernel.hypotheses import Contradiction
from derivations.calculus.normal_form import Unsupported, check_size, equal
from derivations.calculus.operators import Binder, D, Expectation, Limit
from derivations.calculus.substitution import named_objects, subexpressions, unfold
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

    if not isinstance(relation, Relation) or relation.operator != "=":
        return verdict("unknown", "the kernel decides equalities only")
    pairs = [(h.relation.left, h.relation.right) for h in hypotheses if h.relation.operator == "="]
    try:
        check_size([relation.left, relation.right, *(side for pair in pairs for side in pair)])
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
    """Limits of provably equal functions are equal: give such limits one name. Other limits keep names of their own.

    A name is a constant, so a limit inside a derivative, a sum, an expectation or another limit gets none. Hypotheses
    that speak of the growing size are about one value of it and say nothing of the limit.
    """
    named: list[tuple[Limit, sp.Dummy]] = []

    def name(node):
        if isinstance(node, (D, Binder, Expectation)) and _has_limit(node.args[0]):
            raise Unsupported(f"a limit inside {type(node).__name__}")
        if not isinstance(node, Limit):
            return None
        if _has_limit(node.function):
            raise Unsupported("a limit inside a limit")
        silent = [p for p in pairs if all(node.variable not in named_objects(side) for side in p)]
        for limit, symbol in named:
            if limit.variable == node.variable and equal(limit.function, node.function, silent):
                return symbol
        named.append((node, sp.Dummy("limit", real=True)))
        return named[-1][1]

    if not (_has_limit(left) or _has_limit(right)):
        return left, right
    return _top_down(unfold(left), name), _top_down(unfold(right), name)  # type: ignore[return-value]


def _has_limit(e: sp.Basic) -> bool:
    return any(isinstance(node, Limit) for node in subexpressions(unfold(e)))


def _top_down(e: sp.Basic, change) -> sp.Basic:
    """Apply ``change`` outermost first; where it answers None, to the arguments."""
    new = change(e)
    if new is not None:
        return new
    if isinstance(e, (D, Binder, Expectation)) or not e.args:
        return e
    return e.func(*(_top_down(a, change) for a in e.args))
