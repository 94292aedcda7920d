"""What is known about coefficients: expressions in the parameters, for all their admissible values at once.

Main results
* ``sign``        1, -1 or 0 when the coefficient has that sign at every admissible point, else None
* ``is_nonzero``  products, powers and what the hypotheses exclude, beside a known sign
"""

from __future__ import annotations

import sympy as sp

from derivations.calculus.operators import Binder, D, Expectation, Integral, Limit, LimitAt
from derivations.calculus.special import gamma, loggamma
from derivations.calculus.substitution import rebuild, subexpressions, substitute
from derivations.calculus.symbols import CalculusError, Defined, Entry
from derivations.judges import ball
from derivations.judges.ball.values import Point, Values
from derivations.judges.derivative import is_zero
from derivations.judges.generated_field import OutsideField
from derivations.judges.rational_form import with_rational_forms
from derivations.judges.scalar_problem import FAILURES, Premises, prepared
from derivations.proof.statement import Hypothesis, Relation

LONGEST = 400  # operations of a coefficient
OPAQUE = (Binder, D, Defined, Entry, Expectation, Integral, Limit, LimitAt)


class Undecided(ValueError):
    """Nothing could be proved; the message says what was missing."""


class Coarse(Undecided):
    """More terms might help."""


class Constants:
    """Signs of coefficients under some hypotheses. ``arb_used`` says whether one rests on ball arithmetic."""

    def __init__(self, hypotheses: Premises = ()):
        self.hypotheses = tuple(hypotheses)
        self.arb_used = False
        self._replaced, self._excluded = _used(self.hypotheses)
        self._signs: dict[sp.Expr, int | None] = {}
        self._zeros: dict[sp.Expr, bool] = {}

    def sign(self, c: sp.Expr) -> int | None:
        """The sign that c has at every admissible point, where c has a meaning."""
        if isinstance(c, sp.Rational):
            return int(sp.sign(c))
        if c not in self._signs:
            self._signs[c] = self._sign(checked(self.narrowed(c)))
        return self._signs[c]

    def is_zero(self, c: sp.Expr) -> bool:
        """Whether c is provably 0; quicker than its sign."""
        if isinstance(c, sp.Rational):
            return c == 0
        if c not in self._zeros:
            narrowed = checked(self.narrowed(c))
            self._zeros[c] = not (_is_number(narrowed) and self._enclosed(narrowed)) and is_zero(narrowed)
        return self._zeros[c]

    def is_nonzero(self, c: sp.Expr) -> bool:
        if self.sign(c) in (1, -1):
            return True
        if isinstance(c, sp.Mul):
            return all(self.is_nonzero(a) for a in c.args)
        if isinstance(c, sp.Pow) and c.exp.is_real:
            return self.is_nonzero(c.base)
        if isinstance(c, sp.log) and self.is_nonzero(c.args[0] - 1):  # type: ignore[operator]
            return True
        return any(is_zero(self.narrowed(c) - k * e) for e in self._excluded for k in (1, -1))

    def is_nonnegative(self, c: sp.Expr) -> bool:
        if c.is_infinite:
            return c is sp.oo
        return self.sign(c) in (0, 1) or self.narrowed(c).is_nonnegative is True

    def narrowed(self, c: sp.Expr) -> sp.Expr:
        """``c`` with scalars whose domains are as narrow as the hypotheses make them."""
        for x, value in self._replaced:
            c = substitute(c, {x: value})  # type: ignore[assignment]
        return c

    def _sign(self, c: sp.Expr) -> int | None:
        if any(isinstance(node, OPAQUE) for node in subexpressions(c)):
            return None
        if _is_number(c) and (sign := self._enclosed(c)):
            return sign
        try:
            return with_rational_forms(lambda forms: forms.sign(f) if (f := forms.of(c)) else 0)
        except FAILURES:
            return None

    def _enclosed(self, c: sp.Expr) -> int | None:
        """The sign of a number, when a ball around it leaves out 0."""
        try:
            value = ball.evaluate(c, Point({}, Values({})))
        except (*FAILURES, ball.NotEvaluable):
            return None
        sign = 1 if value > 0 else -1 if value < 0 else None
        self.arb_used |= sign is not None
        return sign


def _is_number(c: sp.Expr) -> bool:
    return not c.free_symbols


def checked(c: sp.Expr) -> sp.Expr:
    """``c`` itself; raises Undecided when it is too long to be worth a look."""
    if sp.count_ops(c) > LONGEST:
        raise Undecided("the coefficients grow too long")
    return c


def _used(hypotheses: tuple[Hypothesis | Relation, ...]) -> tuple[tuple, tuple[sp.Expr, ...]]:
    """What the hypotheses replace a scalar by, and the expressions that they say are not 0."""
    nothing = Relation(sp.S.Zero, "=", sp.S.Zero)
    try:
        problem = prepared(nothing, hypotheses)
    except (OutsideField, CalculusError):
        return (), ()
    excluded = [p.difference for p in problem.premises if p.operator in ("!=", "<")]
    return problem.replaced, tuple(excluded)


def valued(c: sp.Expr) -> sp.Expr:
    """``c`` with gamma(k) and gamma(k + 1/2) for whole k > 0, log gamma(1) and log gamma(2) as the numbers they are."""

    def value(node: sp.Basic) -> sp.Basic | None:
        if isinstance(node, (gamma, loggamma)) and (2 * node.args[0]).is_Integer and 0 < node.args[0] <= 20:
            return sp.gamma(node.args[0]) if isinstance(node, gamma) else sp.log(sp.gamma(node.args[0]))
        return None

    return rebuild(c, value) if c.has(gamma, loggamma) else c  # type: ignore[return-value]


def simplest(c: sp.Expr, constants: Constants) -> sp.Expr:
    """The shortest of a few ways to write c, each checked to be c."""
    ways = [c]
    for rewrite in (sp.expand, sp.factor_terms, sp.cancel):
        try:
            ways.append(rewrite(c))
        except FAILURES:
            continue
    ways.sort(key=lambda e: (sp.count_ops(e), e is not c))
    return next(e for e in ways if e is c or constants.is_zero(e - c))
