"""Rewriting what floats compute badly into what they compute well.

    e^z_i / sum_k e^z_k -> softmax            log sum_k e^z_k -> logsumexp          log softmax -> log_softmax
    1 / (1 + e^-x), e^x / (1 + e^x) -> sigmoid        log(1 + e^x) -> softplus      x log y -> xlogy, 0 where x = 0
    log sigmoid(x) -> -softplus(-x)           log(1 - sigmoid(x)) -> -softplus(x)
    1 - sigmoid(x) -> sigmoid(-x)             only where ``cancellations`` asks for it

All are identities of the reals (xlogy extends by continuity). The nodes below exist only inside a lowering.
"""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from derivations.calculus.functions import sigmoid, softplus
from derivations.calculus.operators import Binder, D, Limit, Sum
from derivations.calculus.substitution import canonical, substitute
from derivations.calculus.symbols import Defined, Definition, Entry, Index, Recurrence, Size

Held = frozenset  # the definitions that something is differentiated by: they are never looked into
NOTHING: Held = frozenset()


class AlongAxis(sp.Expr):
    """``(body, k, at)``: an operation on ``body`` along the index k, read at ``at``; k is bound."""

    is_commutative = True
    is_real = True

    @property
    def body(self) -> sp.Expr:
        return self.args[0]  # type: ignore[return-value]

    @property
    def index(self) -> Index:
        return self.args[1]  # type: ignore[return-value]

    @property
    def at(self) -> sp.Expr:
        return self.args[2]  # type: ignore[return-value]


class Softmax(AlongAxis):
    """``exp(body at k = at) / sum_k exp(body)``."""


class LogSoftmax(AlongAxis):
    """The logarithm of :class:`Softmax`."""


class LogSumExp(sp.Expr):
    """``(body, k)``: ``log sum_k exp(body)``."""

    is_commutative = True
    is_real = True

    @property
    def body(self) -> sp.Expr:
        return self.args[0]  # type: ignore[return-value]

    @property
    def index(self) -> Index:
        return self.args[1]  # type: ignore[return-value]


class XLogY(sp.Expr):
    """``(x, y)``: ``x log y``, and 0 where x = 0."""

    is_commutative = True
    is_real = True


def held_definitions(expression: sp.Basic) -> Held:
    """The definitions by which something in the expression is differentiated, definitions' bodies included."""
    found, seen = set(), set()

    def visit(e: sp.Basic) -> None:
        if e in seen:
            return
        seen.add(e)
        if isinstance(e, D) and isinstance(e.variable, Defined):
            found.add(e.variable.head)
        for inner in e.args:  # the head of a use is among them
            visit(inner)

    visit(expression)
    return frozenset(found)


def stabilise(expression: sp.Expr, held: Held = NOTHING, cancellations: bool = True) -> sp.Expr:
    """The expression in stable forms; bound indices must not share a name with free ones (``canonical``)."""
    return _Stabiliser(held, cancellations).visit(expression)


@lru_cache(maxsize=4096)
def stable_body(head: Definition | Recurrence, held: Held, cancellations: bool) -> sp.Expr:
    """The body of a definition, or the step of a recurrence, in stable forms with canonical bound indices."""
    body = head.body if isinstance(head, Definition) else head.step
    return stabilise(canonical(body), held, cancellations)  # type: ignore[arg-type]


class _Stabiliser:
    def __init__(self, held: Held, cancellations: bool):
        self.held, self.cancellations = held, cancellations

    def visit(self, e: sp.Expr) -> sp.Expr:
        if isinstance(e, Defined):
            return self.visit(e.unfolded) if self._is_partition(e) else e
        if isinstance(e, Entry) or not e.args:
            return e
        if isinstance(e, Binder):
            return type(e)(self.visit(e.body), *e.bound)
        if isinstance(e, (D, Limit)):
            return type(e)(self.visit(e.args[0]), e.args[1])
        changed = e.func(*(self.visit(a) for a in e.args))
        if isinstance(changed, sp.log):
            return self.logarithm(changed)
        if isinstance(changed, sp.Pow):
            return reciprocal_as_sigmoid(changed)
        if isinstance(changed, sp.Mul):
            return logarithm_as_xlogy(exponentials_over_sigmoid(exponentials_over_totals(changed)))
        if isinstance(changed, sp.Add) and self.cancellations:
            return self.complement(changed)
        return changed

    def _is_partition(self, e: Defined) -> bool:
        """Whether the use stands for ``sum_k exp(...)``, which may overflow where its uses do not."""
        if not isinstance(e.head, Definition) or e.head in self.held:
            return False
        return exponential_sum(e.head.body) is not None

    def look_through(self, e: sp.Expr) -> sp.Expr:
        """What a definition stands for, one level down."""
        opaque = not isinstance(e, Defined) or not isinstance(e.head, Definition) or e.head in self.held
        return e if opaque else self.visit(e.unfolded)

    def logarithm(self, e: sp.Expr) -> sp.Expr:
        """log of a sum of exponentials, of a softmax, of a sigmoid or its complement, of 1 + e^x."""
        inside = self.look_through(e.args[0])
        if (total := exponential_sum(inside)) is not None:
            return LogSumExp(*total)
        if isinstance(inside, Softmax):
            return LogSoftmax(*inside.args)
        if isinstance(inside, sigmoid):
            return -softplus(-inside.args[0])
        if (exponent := one_plus_exponential(inside)) is not None:
            return softplus(exponent)
        if (argument := self.complement_of_sigmoid(inside)) is not None:
            return -softplus(argument)
        return e

    def complement_of_sigmoid(self, e: sp.Expr) -> sp.Expr | None:
        """x when the expression is 1 - sigmoid(x), or already sigmoid(-x) made from it."""
        if isinstance(e, sp.Add) and len(e.args) == 2 and sp.S.One in e.args:
            inside = self.look_through(sp.S.One - e)
            return inside.args[0] if isinstance(inside, sigmoid) else None
        return None

    def complement(self, e: sp.Expr) -> sp.Expr:
        """``1 - sigmoid(x)`` as ``sigmoid(-x)``."""
        argument = self.complement_of_sigmoid(e)
        return e if argument is None else sigmoid(-argument)


def exponential_sum(e: sp.Expr) -> tuple[sp.Expr, Index] | None:
    """``(b, k)`` when the expression is ``sum_k exp(b)`` with one index."""
    if isinstance(e, Sum) and len(e.bound) == 1 and isinstance(e.body, sp.exp):
        return e.body.args[0], e.bound[0]
    return None


def one_plus_exponential(e: sp.Expr) -> sp.Expr | None:
    """x when the expression is ``1 + exp(x)``."""
    if isinstance(e, sp.Add) and len(e.args) == 2 and sp.S.One in e.args and isinstance(e - 1, sp.exp):
        return (e - 1).args[0]
    return None


def reciprocal_as_sigmoid(e: sp.Expr) -> sp.Expr:
    """``(1 + exp(-x))**-q`` as ``sigmoid(x)**q``."""
    base, power = e.as_base_exp()
    if power.is_Integer and power < 0 and (exponent := one_plus_exponential(base)) is not None:
        return sigmoid(-exponent) ** -power
    return e


def exponentials_over_sigmoid(e: sp.Expr) -> sp.Expr:
    """``exp(x) sigmoid(-x)`` as ``sigmoid(x)``."""
    factors = list(sp.Mul.make_args(e))
    for exponential in factors:
        if isinstance(exponential, sp.exp) and sigmoid(-exponential.args[0]) in (f.as_base_exp()[0] for f in factors):
            x = exponential.args[0]
            return e / exponential / sigmoid(-x) * sigmoid(x)
    return e


def exponentials_over_totals(e: sp.Expr) -> sp.Expr:
    """``exp(b_i + ...) / sum_k exp(b_k)`` as ``softmax(b)_i exp(...)``, for every power of every total."""
    factors = list(sp.Mul.make_args(e))
    exponent = sum((f.args[0] for f in factors if isinstance(f, sp.exp)), sp.S.Zero)
    rest = [f for f in factors if not isinstance(f, sp.exp)]
    if not exponent.args or not rest:
        return e
    softmaxes, remaining, changed = [], [], False
    for factor in rest:
        base, power = factor.as_base_exp()
        total = exponential_sum(base) if power.is_Integer else None
        if total is None:
            remaining.append(factor)
            continue
        changed = True
        while power < 0 and (found := matching_term(exponent, *total)) is not None:
            term, at = found
            exponent, power = exponent - term, power + 1
            softmaxes.append(Softmax(*total, at))
        exponent += power * LogSumExp(*total)
    return sp.Mul(*softmaxes, *remaining, sp.exp(exponent)) if changed else e


def matching_term(exponent: sp.Expr, body: sp.Expr, k: Index) -> tuple[sp.Expr, sp.Expr] | None:
    """A part of the exponent that is ``body`` at some k = i, with that i."""
    for term in (exponent, *sp.Add.make_args(exponent)):
        for at in sorted(subscripts_in(term), key=str):
            ranged = not isinstance(at, Index) or (at.low, at.high) == (k.low, k.high)
            if ranged and substitute(body, {k: at}) == term:
                return term, at
    return None


def subscripts_in(e: sp.Expr) -> set[sp.Expr]:
    """Every subscript of a tensor entry or of a use of a definition."""
    if isinstance(e, (Entry, Defined)):
        return set(e.subscripts)
    return set().union(*(subscripts_in(a) for a in e.args)) if e.args else set()


def logarithm_as_xlogy(e: sp.Expr) -> sp.Expr:
    """``x log(y)`` as one operation, so that 0 log 0 is 0."""
    factors = sp.Mul.make_args(e)
    logarithm = next((f for f in factors if isinstance(f, sp.log)), None)
    if logarithm is None or len(factors) == 1:
        return e
    others = [f for f in factors if f is not logarithm]
    constants = [f for f in others if f.is_number]
    varying = [f for f in others if not f.is_number]
    return sp.Mul(*constants, XLogY(sp.Mul(*varying), logarithm.args[0])) if varying else e


def fraction_parts(e: sp.Expr) -> tuple[list[sp.Expr], list[sp.Expr]]:
    """The factors above and below the line."""
    above, below = [], []
    for factor in sp.Mul.make_args(e):
        base, exponent = factor.as_base_exp() if isinstance(factor, sp.Pow) else (factor, sp.S.One)
        if isinstance(factor, sp.Rational) and factor.q != 1:
            above += [sp.Integer(factor.p)] if factor.p != 1 else []
            below.append(sp.Integer(factor.q))
        elif isinstance(factor, sp.Pow) and exponent.is_Rational and exponent < 0:
            below.append(base**-exponent)
        else:
            above.append(factor)
    return above, below


def whole_valued(e: sp.Expr) -> bool:
    """Whether the expression is built from integers, indices and sizes only."""
    return bool(e.is_integer) and all(isinstance(s, (Index, Size)) for s in e.free_symbols)
