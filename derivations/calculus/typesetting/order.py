"""What a human writes first: the order of factors and of terms, and what goes over and under the fraction bar."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from derivations.calculus.operators import Binder, D, Delta, Expectation, Integral, Limit, LimitAt, Sum
from derivations.calculus.substitution import subexpressions
from derivations.calculus.symbols import Defined, Entry, Index, Size
from derivations.calculus.typesetting.names import GREEK, name_parts

NUMBER, SYMBOL, COEFFICIENT, ENTRY, DELTA, FUNCTION, BRACKET, DERIVATIVE, PREFIX = range(9)
UNSCALAR = (Entry, Defined, sp.Function, Binder, D, Expectation, Limit, LimitAt, Integral)


def _kind(factor: sp.Expr) -> int:
    """The place of a factor in a product, by what it is (or what it is a power of)."""
    base = factor.base if isinstance(factor, sp.Pow) else factor
    if base.is_number and not base.args:
        return NUMBER
    for kind, types in (
        (SYMBOL, sp.Symbol),
        (ENTRY, (Entry, Defined)),
        (DELTA, Delta),
        (DERIVATIVE, D),
        (PREFIX, (Binder, Limit, LimitAt, Integral)),
    ):
        if isinstance(base, types):
            return kind
    if not _contains(factor, UNSCALAR):
        return COEFFICIENT  # (1 − β) stands before m_t
    return BRACKET if isinstance(base, sp.Add) else FUNCTION


def _contains(e: sp.Expr, types) -> bool:
    """Whether such a node is printed; SymPy's ``has`` would look into the bodies of definitions too."""
    return any(isinstance(part, types) for part in subexpressions(e))


def _factor_key(factor: sp.Expr, others: tuple[sp.Expr, ...]):
    base, kind = factor.base if isinstance(factor, sp.Pow) else factor, _kind(factor)
    within = 0
    if kind == SYMBOL:
        within = 0 if isinstance(base, (Size, Index)) else 1 if _is_greek(base) else 3
    elif kind == COEFFICIENT and all(isinstance(s, (Size, Index)) or _is_greek(s) for s in factor.free_symbols):
        kind, within = SYMBOL, 2  # α (1 − β) x, but x (a − y)
    elif kind == ENTRY:
        within = -len(base.subscripts)  # a matrix before a vector
    elif kind == DERIVATIVE:
        within = _links_before(base, others)
    return kind, within, str(base), str(factor)


def _is_greek(s: sp.Symbol) -> bool:
    return name_parts(s.name)[0] in GREEK


def _links_before(derivative: D, others: tuple[sp.Expr, ...]) -> int:
    """The position in a chain rule: dL/dp is 0 and dp/dz is 1."""
    before = [o for o in others if isinstance(o, D) and o != derivative and o.variable == derivative.function]
    rest = tuple(o for o in others if o not in before)
    return 1 + _links_before(before[0], rest) if before else 0


@dataclass(frozen=True)
class Quotient:
    """``-over/under * after``, each a product in the order of printing; ``after`` stands to the right of the bar."""

    negative: bool
    over: tuple[sp.Expr, ...]
    under: tuple[sp.Expr, ...]
    after: tuple[sp.Expr, ...]


def quotient(e: sp.Expr) -> Quotient:
    coefficient, rest = e.as_coeff_Mul(rational=True)
    negative, over, under = coefficient < 0, [], []
    for factor in sp.Mul.make_args(rest):
        if is_reciprocal(factor):
            under.append(sp.Pow(factor.base, -factor.exp))
        elif factor != 1:
            sign, unsigned = without_sign(factor)
            negative ^= sign
            over.append(unsigned)
    coefficient = abs(coefficient)
    over, under = _in_order(over), _in_order(under)
    if coefficient.p != 1:
        over.insert(0, sp.Integer(coefficient.p))
    if coefficient.q != 1:
        under.insert(0, sp.Integer(coefficient.q))
    after = _right_of_the_bar(over, under) if under else []
    over = [factor for factor in over if factor not in after]
    return Quotient(negative, tuple(over), tuple(under), tuple(after))


def _in_order(factors: list[sp.Expr]) -> list[sp.Expr]:
    return sorted(factors, key=lambda factor: _factor_key(factor, tuple(factors)))


def is_reciprocal(e: sp.Basic) -> bool:
    return isinstance(e, sp.Pow) and e.exp.is_Rational and bool(e.exp < 0)


def _right_of_the_bar(over: list[sp.Expr], under: list[sp.Expr]) -> list[sp.Expr]:
    """(1/n) Σ x rather than (Σ x)/n, and (γ/s) (x − μ); but a sum over a sum, and a lone bracket, stay a fraction."""
    if len(over) == 1 and (_kind(over[0]) == BRACKET or (isinstance(over[0], Binder) and _contains(under[-1], Binder))):
        return []
    return [factor for factor in over if _kind(factor) >= BRACKET]


def ordered_terms(e: sp.Expr) -> list[sp.Expr]:
    """``t − k + 1``, ``1 − σ(z)``, ``σ² + ε``: a positive term first, a constant last only in a polynomial."""
    numbers = [a for a in sp.Add.make_args(e) if a.is_Rational]
    others = sorted((a for a in sp.Add.make_args(e) if not a.is_Rational), key=_term_key)
    lead = next((a for a in others if not is_negative(a)), None)
    if lead is not None:
        others.remove(lead)
        others.insert(0, lead)
    last = lead is not None and all(_degree(a) is not None for a in others)
    if last or (lead is not None and any(a < 0 for a in numbers)):
        return [*others, *numbers]
    return [*numbers, *others]


def _term_key(term: sp.Expr):
    is_epsilon = isinstance(term, sp.Symbol) and name_parts(term.name)[0] == "epsilon"  # the guard in √(σ² + ε)
    return is_epsilon, _contains(term, Binder), -(_degree(term) or 0), str(term)


def _degree(term: sp.Expr) -> int | None:
    """The total degree of a monomial in symbols and entries; None for what is no monomial."""
    total = 0
    for factor in sp.Mul.make_args(term):
        base, exponent = factor.as_base_exp()
        if factor.is_Rational:
            continue
        if not isinstance(base, (sp.Symbol, Entry, Defined)) or not exponent.is_Integer or exponent < 0:
            return None
        total += int(exponent)
    return total


def without_sign(factor: sp.Expr) -> tuple[bool, sp.Expr]:
    """A sum over an index of −f as a minus and the sum of f: −Σ f rather than Σ (−f)."""
    if not isinstance(factor, Sum) or not is_negative(factor.body):
        return False, factor
    return True, Sum(-factor.body, *factor.bound)


def is_negative(e: sp.Expr) -> bool:
    """Whether a minus is printed in front."""
    coefficient, rest = e.as_coeff_Mul(rational=True)
    negative = bool(coefficient < 0)
    for factor in sp.Mul.make_args(rest):
        negative ^= without_sign(factor)[0]
    return negative
