"""Equality of scalar expressions, by the normal form of their difference in a field of rational functions.

Main result: when the difference of the two sides is the zero element, the sides agree wherever the statement has a
meaning. The judge says ``proved`` or ``unknown``, never ``refuted``: a form that is not 0 may still vanish, since
generators can depend on each other unseen.
"""

from __future__ import annotations

import sympy as sp

from derivations.judges.rational_form import with_rational_forms
from derivations.judges.scalar_problem import Premises, as_judge, prepared
from derivations.proof.statement import Relation, Statement
from derivations.proof.verdict import Verdict

METHOD = "field normal form"
TRUSTED = ("SymPy polynomial arithmetic",)


@as_judge(METHOD)
def decide(relation: Statement, hypotheses: Premises = ()) -> Verdict:
    """``proved`` when the two sides have one rational form, given those hypotheses that solve for a scalar."""
    if not (isinstance(relation, Relation) and relation.operator == "="):
        return Verdict("unknown", METHOD, reason="the field decides equalities only")
    problem = prepared(relation, hypotheses)
    if same_form(problem.statement.left, problem.statement.right):  # type: ignore[union-attr]
        return Verdict("proved", METHOD, TRUSTED)
    return Verdict("unknown", METHOD, reason="the rational forms of the two sides differ")


def same_form(left: sp.Expr, right: sp.Expr) -> bool:
    """Whether two scalar expressions have equal rational forms; raises OutsideField when one has none."""
    return with_rational_forms(lambda forms: not forms.reduced(forms.of(left) - forms.of(right)))
