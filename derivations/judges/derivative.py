"""Equality of scalar functions, by the derivative and one point.

Main result: f = 0 on an interval if f' = 0 there and f(x0) = 0 at one of its points, when f is differentiable on all
of the interval. That rids f of logarithms, arc tangents and error functions, which the field alone cannot compare.

Differentiability is read off the expression: denominators and the arguments of logarithms and roots must have one
sign on the domain, and so must what has a kink at 0. So atan(x) + atan(1/x) = pi/2 is not claimed across x = 0. A
domain with kinks or exceptions inside is cut there, and each piece is a problem of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sympy as sp

from derivations.calculus import special as fn
from derivations.calculus.domains import Domain
from derivations.calculus.functions import cbrt, sigmoid, softplus, step
from derivations.calculus.substitution import subexpressions, substitute
from derivations.calculus.symbols import Scalar
from derivations.judges import cases, field
from derivations.judges.generated_field import OutsideField
from derivations.judges.rational_form import RationalForms, with_rational_forms
from derivations.judges.scalar_problem import CONTRADICTORY, Premises, Problem, as_judge, derivative, prepared
from derivations.proof.statement import Relation, Statement
from derivations.proof.verdict import Verdict

METHOD = "derivative and one point"
TRUSTED = (*field.TRUSTED, "SymPy derivatives", "mean value theorem")
DEPTH = 3
CASES = 3  # kinks that may lie within each other

SMOOTH = (sp.exp, sigmoid, softplus, sp.tanh, sp.sinh, sp.cosh, sp.erf, sp.erfc, sp.atan, sp.sin, sp.cos, sp.asinh)

# What must be positive for a function to be analytic; it is still continuous where that is 0 if the flag says so.
POSITIVE: dict[type, tuple[Callable[[sp.Expr], sp.Expr], bool]] = {
    sp.log: (lambda a: a, False),
    sp.asin: (lambda a: 1 - a**2, True),
    sp.atanh: (lambda a: 1 - a**2, False),
    sp.acosh: (lambda a: a - 1, True),
    fn.gamma: (lambda a: a, False),
    fn.loggamma: (lambda a: a, False),
    fn.digamma: (lambda a: a, False),
    fn.polygamma: (lambda a: a, False),
    fn.bessely: (lambda a: a, False),
    fn.besselk: (lambda a: a, False),
    fn.expint: (lambda a: a, False),
    fn.erfinv: (lambda a: 1 - a**2, False),
    fn.ellipk: (lambda a: 1 - a, False),
    fn.ellipe: (lambda a: 1 - a, True),
}


@as_judge(METHOD)
def decide(relation: Statement, hypotheses: Premises = ()) -> Verdict:
    """``proved`` when the difference vanishes at a point and its derivative by some scalar vanishes, up to 3 deep."""
    if not (isinstance(relation, Relation) and relation.operator == "="):
        return Verdict("unknown", METHOD, reason="only equalities are decided by the derivative")
    return _decide(prepared(relation, hypotheses), CASES)


def _decide(problem: Problem, depth: int) -> Verdict:
    whole = _by_calculus(problem)
    if whole.proved or not depth:
        return whole
    parts = cases.split(problem)
    if parts is None:
        return _by_signs(problem, depth) or whole  # type: ignore[union-attr]
    where, pieces = parts
    if not pieces:
        return Verdict("unknown", METHOD, reason=CONTRADICTORY)
    verdicts = []
    for piece in pieces:
        verdicts.append(_decide(piece, depth - 1))
        if not verdicts[-1].proved:
            return whole
    methods = dict.fromkeys([where, *(v.method for v in verdicts)])
    return Verdict("proved", "; ".join(methods), tuple(dict.fromkeys(t for v in verdicts for t in v.trusted)))


def _by_signs(problem: Problem, depth: int) -> Verdict | None:
    """By cases in the sign of an expression under |.|, sign, relu or the like."""
    excluded = {p.difference for p in problem.premises if p.operator in ("!=", "<")}
    excluded |= {-e for e in excluded}
    if not _vanishes_by_signs(problem.statement.difference, excluded, depth):  # type: ignore[union-attr]
        return None
    return Verdict("proved", "by the signs of what has a kink; " + field.METHOD, field.TRUSTED)


def _vanishes_by_signs(f: sp.Expr, excluded: set[sp.Expr], depth: int) -> bool:
    """Whether f = 0 in every case; ``excluded`` are expressions that are not 0."""
    if is_zero(f):
        return True
    a = next((e.args[0] for e in subexpressions(f) if isinstance(e, cases.KINKED) and not isinstance(e, cbrt)), None)
    if a is None or not depth:
        return False
    if not excluded & {a, sp.Abs(a)}:
        at_zero = cases.at_sign(f, a, 0)
        if not (_is_multiple(at_zero, a) or _vanishes_by_signs(at_zero, excluded, depth - 1)):
            return False
    return all(_vanishes_by_signs(cases.at_sign(f, a, sign), excluded, depth - 1) for sign in (1, -1))


def _is_multiple(f: sp.Expr, a: sp.Expr) -> bool:
    """Whether the rational form of f has that of a as a factor, so that f = 0 where a = 0."""

    def divides(forms: RationalForms) -> bool:
        multiple, factor = forms.of(f), forms.of(a)
        certain = multiple.denom.is_ground or forms.sign(forms.field(multiple.denom)) is not None
        return certain and not multiple.numer.rem([factor.numer])

    try:
        return with_rational_forms(divides)
    except OutsideField:
        return False


def _by_calculus(problem: Problem) -> Verdict:
    difference = problem.statement.difference  # type: ignore[union-attr]
    if is_zero(difference):
        return Verdict("proved", field.METHOD, field.TRUSTED)
    domains = {s: s.domain for s in problem.symbols if isinstance(s, Scalar) and _is_extended(s.domain)}
    inside = {s: Scalar(s.name, Domain(s.domain.low, s.domain.high)) for s in domains}
    inner: sp.Expr = substitute(difference, inside)  # type: ignore[assignment]
    if not is_smooth(inner) or not (inner == difference or is_continuous(difference)):
        return Verdict("unknown", METHOD, reason="not provably differentiable on the whole domain")
    for s, domain in domains.items():
        for point in points_of(domain):
            if _vanishes(inner, inside[s], point, DEPTH):
                return Verdict("proved", f"d/d{s.name} = 0, and 0 at {s.name} = {point}", TRUSTED)
    return Verdict("unknown", METHOD, reason="no scalar whose derivative vanishes, with a point where the sides agree")


def _is_extended(domain: Domain) -> bool:
    return not domain.integer and domain.low < domain.high


def _vanishes(f: sp.Expr, x: Scalar, point: sp.Rational, depth: int) -> bool:
    """Whether f = 0 for all x of its domain: differentiable inside, continuous up to the point."""
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
    return _regular(e, closed=False)


def is_continuous(e: sp.Expr) -> bool:
    """Whether ``e`` is provably continuous in its real scalars, on all of their domains, ends included."""
    return _regular(e, closed=True)


def _regular(e: sp.Expr, closed: bool) -> bool:
    try:
        return with_rational_forms(lambda forms: _Regularity(forms, closed).holds(e))
    except OutsideField:
        return False


@dataclass(frozen=True)
class _Regularity:
    """Smoothness, or continuity when ``closed``: the argument of a root or an arc sine may then reach its end."""

    forms: RationalForms
    closed: bool

    def holds(self, e: sp.Basic) -> bool:
        if not e.args:
            return True
        return all(self.holds(a) for a in e.args) and self._at_node(e)

    def _at_node(self, e: sp.Basic) -> bool:
        if isinstance(e, (sp.Add, sp.Mul, *SMOOTH)):
            return True
        if isinstance(e, (fn.besselj, fn.besseli)):
            entire = e.args[0].is_Integer
            return entire or (not _mentions_real(e.args[0]) and self.is_positive(e.args[1]))
        if e.func in POSITIVE:
            condition, weak = POSITIVE[e.func]
            order = e.args[0] if len(e.args) == 2 else sp.S.One
            return not _mentions_real(order) and self.is_positive(condition(e.args[-1]), weak)
        if isinstance(e, sp.Pow):
            return self._at_power(e)
        if isinstance(e, cases.KINKED):
            bend = self.closed and not isinstance(e, (sp.sign, step, sp.Heaviside))
            return bend or self.has_sign(e.args[0])
        return False

    def _at_power(self, e: sp.Pow) -> bool:
        if e.exp.is_Integer or (e.exp.is_integer and e.exp.is_nonnegative and not _mentions_real(e.exp)):
            return e.exp.is_nonnegative or self.has_sign(e.base)
        return self.is_positive(e.base, weak=e.exp.is_Rational and e.exp.is_positive)

    def is_positive(self, a: sp.Expr, weak: bool = False) -> bool:
        """a > 0; a >= 0 is enough for continuity where a function has a value at 0."""
        form = self.forms.of(a)
        if form and self.forms.sign(form) == 1:
            return True
        return weak and self.closed and self.forms.interval(form).low >= 0

    def has_sign(self, a: sp.Expr) -> bool:
        form = self.forms.of(a)
        return bool(form) and self.forms.sign(form) is not None


def _mentions_real(e: sp.Basic) -> bool:
    return not all(s.is_integer for s in e.free_symbols)
