"""The ball refuter: a statement evaluated at exact points in rigorous arithmetic, from the SymPy source itself.

    evaluate(expression, point)     a ball that contains the value
    refute(statement, hypotheses)   refuted with a witness, consistent, or untested

Sums are added term by term, derivatives are taken with dual numbers, expectations over a small finite probability
space. Nothing here knows the normal form of the kernel, substitution or SymPy's simplification: that is the point.

    arithmetic, functions, special    rationals, balls and dual numbers; exp, relu, gamma, bessel, ... on them
    footprints                        what an expression depends on
    scope, rules, definitions         how each kind of node is evaluated ...
    integration, analytic             ... integrals among them, over the complex plane
    evaluator                         ... with the numbers of one point
    values, drawing, satisfying       the numbers of a point, how they are drawn, how hypotheses are met
    solving, patterns                 ... equalities solved exactly, matrices with a structure
    points                            where a statement is tried, the smallest points first
    judgement, simplifying            one point's judgement, a simpler witness
    descending, refuter               where an inequality is closest to failing, the search for a witness
"""

from derivations.judges.ball.evaluator import Evaluator, evaluate
from derivations.judges.ball.footprints import footprint
from derivations.judges.ball.refuter import METHOD, TRUSTED, refute
from derivations.judges.ball.scope import NotEvaluable, OutOfTime, Scope

__all__ = ["METHOD", "TRUSTED", "Evaluator", "NotEvaluable", "OutOfTime", "Scope", "evaluate", "footprint", "refute"]
