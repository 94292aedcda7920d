"""Scalar statements made ready to judge: definitions opened, derivatives taken, hypotheses used where they are simple.

* x = e, x not in e      x is replaced by e (any hypothesis that is linear in a scalar with a rational coefficient)
* x < c, x <= c, x != c  the domain of x becomes narrower
* anything else          stays as a premise, for the judges that can use one
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import reduce, wraps

import sympy as sp
from sympy.core.function import ArgumentIndexError
from sympy.polys.polyerrors import BasePolynomialError

from derivations.calculus.domains import Domain
from derivations.calculus.operators import Binder, D, Delta, Expectation, Limit
from derivations.calculus.substitution import rebuild, subexpressions, substitute, unfold
from derivations.calculus.symbols import CalculusError, Defined, Entry, Index, Scalar, Size
from derivations.judges.generated_field import OutsideField
from derivations.proof.statement import Hypothesis, Relation, Statement, expressions, map_expressions
from derivations.proof.verdict import Verdict

NOT_SCALAR = (Binder, Entry, Defined, Delta, Expectation, Limit)

# OutsideField and CalculusError are ValueErrors; SymPy raises the rest, as for Max of numbers it cannot compare
FAILURES = (ValueError, TypeError, BasePolynomialError, ArithmeticError, NotImplementedError, RecursionError)

Judge = Callable[..., Verdict]
Premises = Iterable["Hypothesis | Relation"]

CONTRADICTORY = "the hypotheses contradict the domains or each other"


@dataclass(frozen=True)
class Problem:
    """A statement about scalars without definitions or derivatives, and what is assumed.

    ``replaced`` holds the substitutions that were made, in order; ``premises`` the hypotheses that were not used up.
    """

    statement: Statement
    premises: tuple[Relation, ...] = ()
    replaced: tuple[tuple[Scalar, sp.Expr], ...] = ()

    @property
    def symbols(self) -> list[sp.Symbol]:
        """The free symbols of the statement, in the order of their names."""
        free = {s for e in expressions(self.statement) for s in e.free_symbols}
        return sorted(free, key=lambda s: s.name)  # type: ignore[attr-defined]

    def with_replaced(self, x: Scalar, value: sp.Expr) -> Problem:
        """The problem with ``value`` for x everywhere."""

        def change(e: sp.Expr) -> sp.Expr:
            return substitute(e, {x: value})  # type: ignore[return-value]

        premises = tuple(map_expressions(premise, change) for premise in self.premises)
        return Problem(map_expressions(self.statement, change), premises, (*self.replaced, (x, value)))  # type: ignore


def as_judge(method: str) -> Callable[[Judge], Judge]:
    """Times a judge and turns what it cannot handle into ``unknown`` with the reason."""

    def decorate(judge: Judge) -> Judge:
        @wraps(judge)
        def timed(statement: Statement, hypotheses: Premises = ()) -> Verdict:
            started = time.perf_counter()
            try:
                verdict = judge(statement, hypotheses)
            except FAILURES as failure:
                verdict = Verdict("unknown", method, reason=str(failure) or type(failure).__name__)
            return replace(verdict, seconds=time.perf_counter() - started)

        return timed

    return decorate


# ---- derivatives -----------------------------------------------------------------------------------------------


def differentiated(e: sp.Expr) -> sp.Expr:
    """``e`` with every D(f, x) by a scalar x carried out, inner ones first.

    Off the kinks of relu, leaky_relu, |x|, max and min; saying so is left to the side conditions. Raises OutsideField
    when an f is not a scalar expression, or x is not a real scalar.
    """

    def carry_out(node: sp.Basic) -> sp.Basic | None:
        return derivative(node.function, node.variable) if isinstance(node, D) else None

    return rebuild(e, carry_out)  # type: ignore[return-value]


def derivative(f: sp.Expr, x: sp.Expr) -> sp.Expr:
    """df/dx of a scalar expression by the real scalar x, by SymPy's ``diff``; raises OutsideField."""
    require_scalar(f)
    if not isinstance(x, Scalar) or x.domain.integer:
        raise OutsideField(f"{x} is not a real scalar to differentiate by")
    try:
        slope = sp.diff(rebuild(f, _with_real_kinks), x)  # type: ignore[arg-type]
    except ArgumentIndexError as missing:
        raise OutsideField(f"no derivative by that argument is known: {missing}") from None
    return rebuild(slope, _with_sympy_kinks)  # type: ignore[return-value]


class _Modulus(sp.Function):
    """|x| of a real x: SymPy's own turns to complex numbers when it cannot see that x is real."""

    is_real = True

    def fdiff(self, argindex=1):
        return _Sign(self.args[0])


class _Sign(sp.Function):
    is_real = True

    def fdiff(self, argindex=1):
        return sp.S.Zero


def _with_real_kinks(node: sp.Basic) -> sp.Basic | None:
    if isinstance(node, sp.Abs):
        return _Modulus(node.args[0])
    if isinstance(node, sp.sign):
        return _Sign(node.args[0])
    if isinstance(node, (sp.Max, sp.Min)):
        direction = 1 if isinstance(node, sp.Max) else -1
        return reduce(lambda a, b: (a + b + direction * _Modulus(a - b)) / 2, node.args)
    return None


def _with_sympy_kinks(node: sp.Basic) -> sp.Basic | None:
    if isinstance(node, _Modulus):
        return sp.Abs(node.args[0])
    return sp.sign(node.args[0]) if isinstance(node, _Sign) else None


def require_scalar(e: sp.Expr) -> None:
    """Raise OutsideField unless ``e`` is free of sums, tensors, definitions, expectations, limits and derivatives."""
    for node in subexpressions(e):
        if isinstance(node, (*NOT_SCALAR, D)):
            raise OutsideField(f"{type(node).__name__} {node} is not a scalar expression")
        if isinstance(node, sp.Symbol) and not isinstance(node, (Scalar, Size, Index)):
            raise OutsideField(f"the symbol {node} is not declared")


# ---- preparation -----------------------------------------------------------------------------------------------


def prepared(statement: Statement, hypotheses: Premises = ()) -> Problem:
    """The problem that a statement poses. Raises OutsideField when the statement is not about scalars only.

    Hypotheses that are not about scalars only are left out: a judge then has fewer to use.
    """
    problem = Problem(map_expressions(statement, _opened))
    given = [h.relation if isinstance(h, Hypothesis) else h for h in hypotheses]
    for relation in (premise for h in given for premise in _opened_premise(h)):
        problem = replace(problem, premises=(*problem.premises, relation))
    for _ in range(2 * len(problem.premises)):
        step = next(filter(None, (_used(problem, premise) for premise in problem.premises)), None)
        if step is None:
            break
        problem = step
    return problem


def _opened(e: sp.Expr) -> sp.Expr:
    opened = differentiated(unfold(e))  # type: ignore[arg-type]
    require_scalar(opened)
    return opened


def _opened_premise(relation: Relation) -> list[Relation]:
    try:
        return [map_expressions(relation, _opened)]  # type: ignore[list-item]
    except (OutsideField, CalculusError):
        return []


def _used(problem: Problem, premise: Relation) -> Problem | None:
    """The problem with the premise used up, when it is simple enough."""
    solution = solved(premise)
    if solution is None:
        return None
    x, value, factor = solution
    rest = replace(problem, premises=tuple(p for p in problem.premises if p is not premise))
    if premise.operator == "=":
        if value.is_Rational and value not in x.domain:
            raise OutsideField(f"the hypotheses say {x.name} = {value}, outside its domain")
        return rest.with_replaced(x, value)
    if not value.is_Rational:
        return None
    narrower = Scalar(x.name, _narrowed(x.domain, premise.operator, value, below=factor > 0))
    if narrower == x and premise.operator == "!=" and value in x.domain:
        return None
    return rest if narrower == x else rest.with_replaced(x, narrower)


def solved(premise: Relation) -> tuple[Scalar, sp.Expr, sp.Rational] | None:
    """(x, e, c) with left - right = c (x - e), c a rational other than 0, and x not in e."""
    difference = sp.expand(premise.difference)
    plain = [side for side in (premise.left, premise.right) if isinstance(side, Scalar)]
    others = sorted((s for s in difference.free_symbols if isinstance(s, Scalar)), key=lambda s: s.name)
    for x in [*plain, *others]:
        c = difference.coeff(x, 1)
        rest = sp.expand(difference - c * x)
        if c.is_Rational and c != 0 and x not in rest.free_symbols:
            return x, -rest / c, c
    return None


def _narrowed(domain: Domain, operator: str, value: sp.Rational, below: bool) -> Domain:
    """The domain cut by x < value, x <= value or x != value; above the value instead, unless ``below``."""
    low, high, left, right = domain.low, domain.high, domain.low_closed, domain.high_closed
    if operator == "!=":
        left, right = left and value != low, right and value != high
    elif below and value <= high:
        high, right = value, operator == "<=" and (right or value < high)
    elif not below and value >= low:
        low, left = value, operator == "<=" and (left or value > low)
    try:
        return Domain(low, high, left, right, domain.integer)
    except ValueError:
        raise OutsideField(CONTRADICTORY) from None
