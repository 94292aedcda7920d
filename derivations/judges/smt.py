"""Polynomial inequalities in several real variables, by z3.

Main result: the premises entail the goal over the reals when z3 finds the premises with the negated goal
unsatisfiable. A model is returned for a caller to check; nothing is concluded from it here. Every call has z3's own
resource limit and a timeout, so the answer may be that there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from math import inf
from typing import Any

from sympy.polys.rings import PolyElement

from derivations.judges.sturm import Interval, fraction
from derivations.proof.statement import Operator

z3: Any
try:
    z3 = import_module("z3")
except ImportError:  # an optional prover: without it the answer is always "unknown"
    z3 = None

RESOURCES = 4_000_000
MILLISECONDS = 3_000


@dataclass(frozen=True)
class Constraint:
    """``polynomial operator 0``."""

    polynomial: PolyElement
    operator: Operator


@dataclass(frozen=True)
class Entailment:
    """``holds`` is True, or None when nothing was decided; ``model`` then may hold a point against it, unchecked."""

    holds: bool | None
    reason: str = ""
    model: dict[int, Fraction] | None = None  # generator -> value; None when a value is not rational


def entails(
    premises: Sequence[Constraint], goal: Sequence[Constraint], box: Sequence[Interval], *, equivalent: bool = False
) -> Entailment:
    """Whether every real point of the box that meets the premises meets the goal.

    The goal is the conjunction of its constraints, or, when ``equivalent``, that all of them are true or all false.
    ``box[k]`` is the range of generator k.
    """
    if z3 is None:
        return Entailment(None, "z3 is not installed")
    variables = [z3.Real(f"g{k}") for k in range(len(box))]
    solver = z3.SolverFor("QF_NRA")
    solver.set("rlimit", RESOURCES)
    solver.set("timeout", MILLISECONDS)
    solver.add(*(_formula(premise, variables) for premise in premises))
    solver.add(*(bound for v, range_ in zip(variables, box, strict=True) for bound in _bounds(v, range_)))
    claims = [_formula(constraint, variables) for constraint in goal]
    solver.add(z3.Not(z3.And([one == claims[0] for one in claims[1:]]) if equivalent else z3.And(claims)))
    answer = solver.check()
    if answer == z3.unsat:
        return Entailment(True)
    if answer == z3.sat:
        return Entailment(None, "z3 found a point against it", _rational_model(solver.model(), variables))
    return Entailment(None, f"z3: {solver.reason_unknown()}")


def _formula(constraint: Constraint, variables: Sequence[Any]) -> Any:
    value = _polynomial(constraint.polynomial, variables)
    if constraint.operator == "=":
        return value == 0
    if constraint.operator == "!=":
        return value != 0
    return value < 0 if constraint.operator == "<" else value <= 0


def _polynomial(p: PolyElement, variables: Sequence[Any]) -> Any:
    terms = []
    for exponents, c in p.terms():
        term = _number(fraction(c))
        for v, n in zip(variables, exponents, strict=False):  # the ring may have generators not in use yet
            for _ in range(n):
                term = term * v
        terms.append(term)
    return z3.Sum([z3.RealVal(0), *terms])


def _number(c: Fraction) -> Any:
    return z3.Q(c.numerator, c.denominator)


def _bounds(v: Any, range_: Interval) -> list[Any]:
    bounds = []
    if range_.low != -inf:
        low = _number(Fraction(range_.low))
        bounds.append(v >= low if range_.low_closed else v > low)
    if range_.high != inf:
        high = _number(Fraction(range_.high))
        bounds.append(v <= high if range_.high_closed else v < high)
    return bounds


def _rational_model(model: Any, variables: Sequence[Any]) -> dict[int, Fraction] | None:
    values = {}
    for k, v in enumerate(variables):
        value = model.eval(v, model_completion=True)
        if not z3.is_rational_value(value):
            return None
        values[k] = Fraction(value.numerator_as_long(), value.denominator_as_long())
    return values
