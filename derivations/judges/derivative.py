"""Equality of scalar functions, by the derivative and one point.

Main result: f = 0 on an interval if f' = 0 there and f(x0) = 0 at one of its points, when f is differentiable on all
of the interval. That rids f of logarithms, arc tangents and error functions, which the field alone cannot compare.

Differentiability is read off the expression: denominators and the arguments of logarithms and roots must have one
sign on the domain, and nothing with a kink may occur. So atan(x) + atan(1/x) = pi/2 is not claimed across x = 0.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from derivations.calculus.domains import Domain
from derivations.calculus.functions import sigmoid, softplus
from derivations.calculus.substitution import substitute
from derivations.calculus.symbols import Scalar
from derivations.judges import field
from derivations.judges.generated_field import OutsideField
from derivations.judges.rational_form import RationalForms, with_rational_forms
from derivations.judges.scalar_problem import Premises, as_judge, derivative, prepared
from derivations.proof.statement import Relation, Statement
from derivations.proof.verdict import Verdict

METHOD = "derivative and one point"
TRUSTED = (*field.TRUSTED, "SymPy derivatives", "mean value theorem")
DEPTH = 3

SMOOTH = (sp.exp, sigmoid, softplus, sp.tanh, sp.sinh, sp.cosh, sp.erf, sp.erfc, sp.atan, sp.sin, sp.cos)


@as_judge(METHOD)
def decide(relation: Statement, hypotheses: Premises = ()) -> Verdict:
    """``proved`` when the difference vanishes at a point and its derivative by some scalar vanishes, up to 3 deep."""
    if not (isinstance(relation, Relation) and relation.operator == "="):
        return Verdict("unknown", METHOD, reason="only equalities are decided by the derivative")
    problem = prepared(relation, hypotheses)
    difference = problem.statement.difference  # type: ignore[union-attr]
    real = [s for s in problem.symbols if isinstance(s, Scalar) and not s.domain.integer]
    if is_zero(difference):
        return Verdict("proved", field.METHOD, field.TRUSTED)
    if not is_smooth(difference):
        return Verdict("unknown", METHOD, reason="not provably differentiable on the whole domain")
    for x in real:
        for point in points_of(x.domain):
            if _vanishes(difference, x, point, DEPTH):
                return Verdict("proved", f"d/d{x.name} = 0, and 0 at {x.name} = {point}", TRUSTED)
    return Verdict("unknown", METHOD, reason="no scalar whose derivative vanishes, with a point where the sides agree")


def _vanishes(f: sp.Expr, x: Scalar, point: sp.Rational, depth: int) -> bool:
    """Whether f = 0 for all x of its domain, f being differentiable there as often as needed."""
    if is_zero(f):
        return True
    return depth > 0 and is_zero(substitute(f, {x: point})) and _vanishes(derivative(f, x), x, point, depth - 1)


def is_zero(f: sp.Basic) -> bool:
    """Whether the rational form of f is 0; False also when f has none."""
    try:
        return field.same_form(f, sp.S.Zero)  # type: ignore[arg-type]
    except OutsideField:
        return False


def points_of(domain: Domain) -> Iterator[sp.Rational]:
    """Points of a domain at which functions of the field have simple values."""
    candidates = [sp.S.Zero, sp.S.One, sp.S.Half]
    if domain.low.is_finite and domain.high.is_finite:
        candidates.append((domain.low + domain.high) / 2)
    candidates += [end for end in (domain.low, domain.high) if end.is_finite]
    candidates += [domain.low + 1] if domain.low.is_finite else []
    candidates += [domain.high - 1] if domain.high.is_finite else []
    yield from dict.fromkeys(c for c in candidates if c in domain)


def is_smooth(e: sp.Expr) -> bool:
    """Whether ``e`` is provably analytic in its real scalars, at every point of their domains."""
    try:
        return with_rational_forms(lambda forms: _smooth(e, forms))
    except OutsideField:
        return False


def _smooth(e: sp.Basic, forms: RationalForms) -> bool:
    if not e.args:
        return True
    if not all(_smooth(a, forms) for a in e.args):
        return False
    if isinstance(e, (sp.Add, sp.Mul, *SMOOTH)):
        return True
    if isinstance(e, sp.log):
        return _has_sign(e.args[0], forms, (1,))
    if not isinstance(e, sp.Pow):
        return False
    if e.exp.is_Integer or (e.exp.is_integer and e.exp.is_nonnegative and not _mentions_real(e.exp)):
        return e.exp.is_nonnegative or _has_sign(e.base, forms, (1, -1))
    return _has_sign(e.base, forms, (1,))


def _mentions_real(e: sp.Basic) -> bool:
    return not all(s.is_integer for s in e.free_symbols)


def _has_sign(e: sp.Basic, forms: RationalForms, signs: tuple[int, ...]) -> bool:
    form = forms.of(e)
    return bool(form) and forms.sign(form) in signs
