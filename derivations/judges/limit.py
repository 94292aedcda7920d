"""Limits as a size grows, term by term, of what the kernel makes of the function.

t^a r^t -> 0            for 0 < r < 1 and every a
P(t)/Q(t) -> its ratio of leading coefficients, or 0, by the degrees
b_t^t -> e^c            when t (b_t - 1) -> c
"""

from __future__ import annotations

import time
from fractions import Fraction

import sympy as sp

from derivations.calculus.kernel.atoms import Form, Monomial, Unsupported
from derivations.calculus.kernel.elementary import exponential
from derivations.calculus.kernel.ranges import Dim
from derivations.calculus.kernel.signs import interval
from derivations.calculus.kernel.terms import add, constant, multiply, normalised, subtract
from derivations.calculus.kernel.translation import size_form, translate
from derivations.calculus.kernel.zero_test import is_zero
from derivations.calculus.normal_form import dims_of
from derivations.calculus.operators import Limit
from derivations.calculus.substitution import unfold
from derivations.calculus.symbols import CalculusError
from derivations.proof.statement import Hypothesis, Relation
from derivations.proof.verdict import Verdict

METHOD = "limit, term by term"
GEOMETRIC = "lemma: t^a r^t → 0 for 0 < r < 1"
EULER = "lemma: b_t^t → e^c when t (b_t − 1) → c"

_T = sp.Symbol("t", positive=True)


def decide(relation: Relation, hypotheses: tuple[Hypothesis, ...] = ()) -> Verdict:
    """``proved`` when one side is a limit whose terms all converge and add up to the other side; else unknown."""
    started = time.perf_counter()

    def verdict(status, reason="", trusted=()):
        return Verdict(status, METHOD, trusted, reason=reason, seconds=time.perf_counter() - started)

    if not isinstance(relation, Relation) or relation.operator != "=":
        return verdict("unknown", "decides equalities only")
    try:
        for limit, value in ((relation.left, relation.right), (relation.right, relation.left)):
            limit = unfold(limit)
            if isinstance(limit, Limit) and _tends_to(limit, value):
                return verdict("proved", trusted=("kernel", *_lemmas(limit)))
    except (Unsupported, CalculusError) as reason:
        return verdict("unknown", str(reason))
    return verdict("unknown", "no side is a limit whose terms are understood")


def _tends_to(limit: Limit, value: sp.Expr) -> bool:
    ((t, _),) = size_form(limit.variable).terms
    expected = translate(value)
    if not isinstance(t, Dim) or t in dims_of(expected):
        return False
    terms = [_term_limit(monomial, c, t) for monomial, c in translate(limit.function).items()]
    if any(term is None for term in terms):
        return False
    return bool(is_zero(subtract(add(*terms), expected)))  # type: ignore[arg-type]


def _lemmas(limit: Limit) -> list[str]:
    """What the powers in a limit rest on."""
    ((t, _),) = size_form(limit.variable).terms
    powers = {atom for m in translate(limit.function) for atom, _ in m if atom.kind == "power" and atom.data[1] is t}
    moving = {t in dims_of(dict(atom.data[0])) for atom in powers}
    return [lemma for lemma, used in ((GEOMETRIC, False in moving), (EULER, True in moving)) if used]


def _term_limit(monomial: Monomial, c: Fraction, t: Dim) -> Form | None:
    """The limit of one term; None where a factor is not understood or the term diverges."""
    fixed, decays, rational, factor = {}, False, sp.S.One, constant(1)
    for atom, q in monomial:
        if t not in dims_of({((atom, q),): Fraction(1)}):
            fixed[atom] = q
        elif atom.kind == "power" and atom.data[1] is t:
            base = dict(atom.data[0])
            if t not in dims_of(base):
                if not _vanishes(base, q):
                    return None
                decays = True
                continue
            exponent = _exponential_rate(base, t)
            if exponent is None:
                return None
            factor = multiply(factor, exponential(constant(exponent * q)))
        else:
            part = _rational({((atom, q),): Fraction(1)}, t)
            if part is None:
                return None
            rational *= part
    if decays:
        return {}
    value = _rational_limit(rational)
    if value is None:
        return None
    return multiply(normalised(fixed, c * value), factor) if value else {}


def _vanishes(base: Form, q: Fraction) -> bool:
    """Whether (base^q)^t -> 0: a base between 0 and 1 to a positive power, or one above 1 to a negative power."""
    found = interval(base)
    if q < 0:
        return found.low is not None and (found.low > 1 or (found.low == 1 and found.low_open))
    return found.positive and found.high is not None and (found.high < 1 or (found.high == 1 and found.high_open))


def _exponential_rate(base: Form, t: Dim) -> Fraction | None:
    """c with t (b_t - 1) -> c, for a rational b_t of t alone."""
    rate = _rational(subtract(base, constant(1)), t)
    return None if rate is None else _rational_limit(_T * rate)


def _rational(form: Form, t: Dim) -> sp.Expr | None:
    """A form as a rational function of t with rational coefficients; None when anything else occurs."""
    total = sp.S.Zero
    for monomial, c in form.items():
        term = sp.Rational(c.numerator, c.denominator)
        for atom, q in monomial:
            if q.denominator != 1:
                return None
            if atom.kind == "dim" and atom.data[0] is t:
                inner = _T
            elif atom.kind == "base":
                inner = _rational(dict(atom.data[0]), t)
            else:
                return None
            if inner is None:
                return None
            term *= inner ** int(q)
        total += term
    return total


def _rational_limit(e: sp.Expr) -> Fraction | None:
    """The limit of a rational function as t grows; None when it diverges."""
    numerator, denominator = (sp.Poly(part, _T) for part in sp.fraction(sp.together(e)))
    if numerator.is_zero or numerator.degree() < denominator.degree():
        return Fraction(0)
    if numerator.degree() > denominator.degree():
        return None
    ratio = sp.Rational(numerator.LC() / denominator.LC())
    return Fraction(int(ratio.p), int(ratio.q))
