"""Equality of scalar expressions, by the normal form of their difference in a field of rational functions.

Main result: when the difference of the two sides is the zero element, the sides agree wherever the statement has a
meaning. The judge says ``proved`` or ``unknown``, never ``refuted``: a form that is not 0 may still vanish, since
generators can depend on each other unseen.
"""

from __future__ import annotations

import sympy as sp

from derivations.judges.rational_form import RationalForms, with_rational_forms
from derivations.judges.scalar_problem import Premises, as_judge, prepared
from derivations.judges.sturm import Interval
from derivations.proof.statement import Relation, Statement
from derivations.proof.verdict import Verdict

METHOD = "field normal form"
LARGEST_SQUARED = 12  # terms of a side that is squared
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
    """Whether two scalar expressions have equal rational forms; raises OutsideField when one has none.

    Equal squares are enough for two sides of the same sign: sqrt(3 + 2 sqrt(2)) = 1 + sqrt(2); the roots must be real
    everywhere, so that sqrt(x y) = sqrt(x) sqrt(y) is not claimed where both x and y are negative.
    """

    def compare(forms: RationalForms) -> bool:
        one, other = forms.of(left), forms.of(right)
        if not forms.reduced(one - other):
            return True
        bases = [g.data[0] for g in forms.generators if g.kind == "root"]
        rooted = bases and all(forms.interval(base).low >= 0 for base in bases)  # type: ignore[arg-type]
        if not rooted or not one or not other or max(len(one.numer), len(other.numer)) > LARGEST_SQUARED:
            return False
        return not forms.reduced(one**2 - other**2) and _same_sign(forms.interval(one), forms.interval(other))

    return with_rational_forms(compare)


def _same_sign(one: Interval, other: Interval) -> bool:
    """Whether neither is ever negative, or neither ever positive."""
    return (one.low >= 0 and other.low >= 0) or (one.high <= 0 and other.high <= 0)
