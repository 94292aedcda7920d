"""An expression at a point, term by term, in rigorous arithmetic.

    evaluate(expression, point)     a ball that contains the value

``value`` looks up the rule for the kind of node: rules.py has those of arithmetic and of the functions,
definitions.py those of definitions, derivatives and expectations, integration.py that of integrals.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import sympy as sp

from derivations.calculus.operators import Binder, D, Expectation, Integral
from derivations.calculus.symbols import Defined, Index
from derivations.judges.ball import arithmetic as ba
from derivations.judges.ball import definitions, integration, rules
from derivations.judges.ball.footprints import footprint
from derivations.judges.ball.scope import NotEvaluable, OutOfTime, Scope

if TYPE_CHECKING:
    from derivations.judges.ball.values import Point, Values

REMEMBERED = (Binder, Defined, D, Expectation, Integral)  # what is worth more than looking it up

RULES = {**rules.RULES, **definitions.RULES, **integration.RULES}


class Evaluator:
    """Evaluates expressions with the numbers of one point.

    Sums, definitions, derivatives and expectations are remembered by all that they depend on.
    """

    def __init__(self, values: Values, deadline: float = float("inf")):
        self.values, self.deadline = values, deadline
        self._memo: dict[tuple, ba.Number] = {}

    def value(self, e: sp.Expr, scope: Scope) -> ba.Number:
        """The value of ``e``; raises NotEvaluable for what has none here, OutOfTime after the deadline."""
        kind = type(e)
        key = self._key(e, scope) if issubclass(kind, REMEMBERED) else None
        if key is None:
            return rule_for(kind)(self, e, scope)
        if key not in self._memo:
            self._memo[key] = rule_for(kind)(self, e, scope)
        return self._memo[key]

    def integer(self, e: sp.Expr, scope: Scope) -> int:
        """The value of a subscript, an end of a range, an argument of delta."""
        if e in scope.indices:
            return scope.indices[e]  # type: ignore[index]
        if e.is_Integer:
            return int(e)
        x = self.value(e, scope)
        if not (ba.is_exact(x) and x.q == 1):
            raise NotEvaluable(f"{e} is used as an index and is not a whole number here")
        return int(x.p)

    def integers(self, subscripts: Iterable[sp.Expr], scope: Scope) -> tuple[int, ...]:
        return tuple(self.integer(s, scope) for s in subscripts)

    def within(self, position: int, low: sp.Expr, high: sp.Expr, scope: Scope) -> bool:
        """Whether low <= position <= high here."""
        above = low is sp.S.NegativeInfinity or position >= self.integer(low, scope)
        return above and (high is sp.S.Infinity or position <= self.integer(high, scope))

    def span(self, k: Index, scope: Scope) -> range:
        """The values of an index; empty when its ends cross."""
        if k.high is sp.S.Infinity or k.low is sp.S.NegativeInfinity:
            raise NotEvaluable(f"the range of {k}, {k.low}..{k.high}, has no end")
        return range(self.integer(k.low, scope), self.integer(k.high, scope) + 1)

    def scopes(self, bound: tuple[Index, ...], scope: Scope) -> Iterator[Scope]:
        """One scope for each value of the bound indices; a range may depend on the indices bound before it."""
        if not bound:
            if time.monotonic() > self.deadline:
                raise OutOfTime
            yield scope
            return
        for value in self.span(bound[0], scope):
            yield from self.scopes(bound[1:], scope.bind(bound[0], value))

    def _key(self, e: sp.Expr, scope: Scope) -> tuple | None:
        """All that the value depends on; None inside the step of a recurrence, whose previous value has no name."""
        seen = footprint(e)
        if any(s in seen.objects for s in scope.previous):
            return None
        where = frozenset((k, scope.indices.get(k)) for k in seen.indices)
        moved = tuple(p for p in scope.perturbations if p.target in seen.objects)
        return e, where, moved, scope.outcome if seen.random else None


@lru_cache(maxsize=500)
def rule_for(kind: type) -> Callable[[Evaluator, sp.Expr, Scope], ba.Number]:
    """The rule of the nearest ancestor that has one."""
    for ancestor in kind.__mro__:
        if ancestor in RULES:
            return RULES[ancestor]
    raise NotEvaluable(f"{kind.__name__} has no rule in ball arithmetic")


def evaluate(expression: sp.Expr, point: Point) -> ba.arb:
    """A ball around the value of ``expression``, not finite where it has none; raises NotEvaluable."""
    with ba.precision():
        return ba.arb(Evaluator(point.values).value(sp.sympify(expression, strict=True), Scope(point.indices)))
