"""Inequalities between scalar expressions, and when equality holds in them.

Main results, tried in this order
* bounded functions   sigmoid(a) is some s in (0, 1), tanh(a) some u in (-1, 1), when a occurs nowhere else
* algebra             signs of rational functions of s, u, e^x and the scalars themselves (``algebraic``)
* monotony            f > 0 away from p if f(p) >= 0, f' > 0 to the right of p and f' < 0 to the left of it
* pieces              (A iff x = c): A at c, and not A below c and above it; likewise for x < c and x <= c

A judge that fails says ``unknown`` and why; refuting is left to one that has a point in the original variables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from math import inf

import sympy as sp

from derivations.calculus.domains import Domain, interval
from derivations.calculus.functions import sigmoid
from derivations.calculus.substitution import subexpressions, substitute
from derivations.calculus.symbols import Scalar
from derivations.judges import algebraic, cases
from derivations.judges import derivative as by_derivative
from derivations.judges.derivative import is_smooth, is_zero, points_of
from derivations.judges.generated_field import OutsideField
from derivations.judges.rational_form import symbol_interval, with_rational_forms
from derivations.judges.scalar_problem import Premises, Problem, as_judge, derivative, prepared, solved
from derivations.judges.sturm import Interval
from derivations.proof.statement import And, Iff, Relation, Statement, expressions, map_expressions
from derivations.proof.verdict import Verdict

METHOD = "bounds"
DEPTH = 3


@as_judge(METHOD)
def decide(statement: Statement, hypotheses: Premises = ()) -> Verdict:
    """``proved`` or ``unknown`` for an inequality, an equivalence or a conjunction of scalar statements."""
    return _decide(prepared(statement, hypotheses), DEPTH)


def _decide(problem: Problem, depth: int) -> Verdict:
    statement = problem.statement
    if isinstance(statement, And):
        return _every(_decide(replace(problem, statement=part), depth) for part in statement.parts)
    if isinstance(statement, Relation) and statement.operator == "=":
        return by_derivative.decide(statement, problem.premises)
    judges = (_by_algebra, _by_pieces, _by_smt) if isinstance(statement, Iff) else (_by_algebra, _by_monotony, _by_smt)
    return _first(_attempted(judge, problem, depth) for judge in judges)


def _attempted(judge: Callable[[Problem, int], Verdict], problem: Problem, depth: int) -> Verdict:
    try:
        return judge(problem, depth)
    except OutsideField as reason:  # another judge may still know the expression
        return Verdict("unknown", METHOD, reason=str(reason))


def _first(verdicts: Iterator[Verdict]) -> Verdict:
    """The first proof, else one unknown with every reason."""
    reasons = []
    for verdict in verdicts:
        if verdict.proved:
            return verdict
        reasons.append(verdict.reason)
    return Verdict("unknown", METHOD, reason="; ".join(dict.fromkeys(filter(None, reasons))))


def _every(verdicts: Iterator[Verdict]) -> Verdict:
    """One verdict for all: proved when each is, with the methods of all."""
    methods: dict[str, None] = {}
    trusted: dict[str, None] = {}
    for verdict in verdicts:
        if not verdict.proved:
            return verdict
        methods.update(dict.fromkeys(verdict.method.split("; ")))
        trusted.update(dict.fromkeys(verdict.trusted))
    return Verdict("proved", "; ".join(methods), tuple(trusted))


# ---- bounded functions and algebra -----------------------------------------------------------------------------


def _by_algebra(problem: Problem, depth: int) -> Verdict:
    problem, names = _bounded(problem)
    verdict = with_rational_forms(
        lambda forms: algebraic.by_sturm(problem, forms) or algebraic.by_factors(problem, forms)
    )
    if verdict is None:
        return Verdict("unknown", METHOD)
    return replace(verdict, method=", ".join((*names, verdict.method)), trusted=tuple(verdict.trusted))


def _by_smt(problem: Problem, depth: int) -> Verdict:
    problem, names = _bounded(problem)
    verdict = with_rational_forms(lambda forms: algebraic.by_smt(problem, forms))
    return replace(verdict, method=", ".join((*names, verdict.method)))


def _bounded(problem: Problem) -> tuple[Problem, list[str]]:
    """With letters for sigmoid(a) and tanh(a), unless a scalar of some a occurs elsewhere too; and what they mean.

    The letters are independent and range over all values of the functions, so what holds for them holds. Premises are
    kept only when they speak of neither.
    """
    problem = _named_argument(problem)
    nodes = [e for side in expressions(problem.statement) for e in subexpressions(side)]
    calls = list(dict.fromkeys(e for e in nodes if isinstance(e, (sigmoid, sp.tanh)) and e.free_symbols))
    inner = {s for call in calls for s in call.free_symbols}
    taken = {s.name for s in problem.symbols}  # type: ignore[attr-defined]
    letters = {call: _letter(call, taken) for call in calls}
    statement = _substituted(problem.statement, letters)
    replaced = replace(problem, statement=statement)
    if not calls or inner & set(replaced.symbols) or any(_shared(calls)):
        return problem, []
    kept = tuple(p for p in problem.premises if not inner & (p.left.free_symbols | p.right.free_symbols))
    names = [f"substitution {letter.name} = {call}" for call, letter in letters.items()]
    return replace(replaced, premises=kept), names


def _letter(call: sp.Expr, taken: set[str]) -> Scalar:
    """A scalar with the range of the function, halved when the argument has a known sign."""
    letter, low, middle, high = ("s", 0, sp.S.Half, 1) if isinstance(call, sigmoid) else ("u", -1, 0, 1)
    argument = _range_of(call.args[0])
    name = next(n for n in (letter, *(f"{letter}_{k}" for k in range(1, 1000))) if n not in taken)
    taken.add(name)
    if argument.low >= 0:
        return Scalar(name, Domain(middle, high, not argument.positive, False))
    if argument.high <= 0:
        return Scalar(name, Domain(low, middle, False, not argument.negative))
    return Scalar(name, interval(low, high))


def _range_of(e: sp.Expr) -> Interval:
    try:
        return with_rational_forms(lambda forms: forms.interval(forms.of(e)))
    except OutsideField:
        return Interval()


def _shared(calls: list[sp.Expr]) -> Iterator[bool]:
    for k, call in enumerate(calls):
        yield any(call.free_symbols & other.free_symbols for other in calls[:k])


def _named_argument(problem: Problem) -> Problem:
    """(F(a) iff a = 0) follows from (F(v) iff v = 0) for every real v, when F(a) has the scalars of a inside a only."""
    statement = problem.statement
    if not isinstance(statement, Iff) or problem.premises:
        return problem
    for relation in (statement.left, statement.right):
        a, zero = relation.left, relation.right
        if zero == 0 and a.args and a.free_symbols:
            v = Scalar(next(n for n in ("v", *(f"v_{k}" for k in range(1, 1000))) if not _names(n, statement)))
            named = replace(problem, statement=_substituted(statement, {a: v}))
            if not a.free_symbols & set(named.symbols):
                return named
    return problem


def _names(name: str, statement: Statement) -> bool:
    return any(s.name == name for e in expressions(statement) for s in e.free_symbols)


def _substituted(statement: Statement, letters: dict[sp.Expr, Scalar]) -> Statement:
    return map_expressions(statement, lambda e: substitute(e, letters))


# ---- monotony --------------------------------------------------------------------------------------------------


def _by_monotony(problem: Problem, depth: int) -> Verdict:
    relation, symbols = problem.statement, problem.symbols
    failed = Verdict("unknown", METHOD)
    if depth == 0 or len(symbols) != 1 or not isinstance(relation, Relation):
        return failed
    x = _as_real(symbols[0])
    f = substitute(relation.right - relation.left, {symbols[0]: x})
    for g in (f, -f) if relation.operator == "!=" else (f,):
        for point in points_of(_closure(x.domain)):
            verdict = _grows_from(g, x, point, relation.operator != "<=", depth)
            if verdict.proved:
                return verdict
    return failed


def _as_real(s: sp.Symbol) -> Scalar:
    """A real scalar on the interval of a scalar, size or index: what holds on all of it holds at its integers."""
    if isinstance(s, Scalar) and not s.domain.integer:
        return s
    range_ = symbol_interval(s)
    low = -sp.oo if range_.low == -inf else sp.Rational(range_.low)
    high = sp.oo if range_.high == inf else sp.Rational(range_.high)
    return Scalar(s.name, Domain(low, high, range_.low_closed, range_.high_closed))


def _grows_from(f: sp.Expr, x: Scalar, point: sp.Rational, strict: bool, depth: int) -> Verdict:
    """f >= 0 (f > 0 when ``strict``) on the domain of x, from the value at the point and the sign of f' around it."""
    failed = Verdict("unknown", METHOD)
    here = substitute(f, {x: point})
    zero = is_zero(here)
    if not (zero or _is_positive(here)) or (zero and strict and point in x.domain):
        return failed
    if not is_smooth(substitute(f, {x: Scalar(x.name, _with_point(x.domain, point))})):  # type: ignore[arg-type]
        return failed
    slope, operator = derivative(f, x), "<" if zero and strict else "<="
    sides = []
    for side, sign in ((cases.above(x.domain, point), 1), (cases.below(x.domain, point), -1)):
        if side is not None:
            grows = Relation(sp.S.Zero, operator, substitute(sign * slope, {x: Scalar(x.name, side)}))  # type: ignore
            sides.append(Problem(grows))
    judges = (_by_algebra, _by_monotony)
    verdict = _every(_first(_attempted(judge, side, depth - 1) for judge in judges) for side in sides)
    if not verdict.proved:
        return failed
    method = f"monotone on each side of {x.name} = {point}"
    return replace(verdict, method=f"{method}; {verdict.method}", trusted=(*verdict.trusted, *_MEAN_VALUE))


_MEAN_VALUE = ("SymPy derivatives", "mean value theorem")


def _is_positive(e: sp.Basic) -> bool:
    try:
        return with_rational_forms(lambda forms: bool(forms.of(e)) and forms.sign(forms.of(e)) == 1)
    except OutsideField:
        return False


def _closure(domain: Domain) -> Domain:
    return Domain(domain.low, domain.high, domain.low.is_finite, domain.high.is_finite)


def _with_point(domain: Domain, point: sp.Rational) -> Domain:
    left, right = domain.low_closed or point == domain.low, domain.high_closed or point == domain.high
    return Domain(domain.low, domain.high, left, right)


# ---- pieces ----------------------------------------------------------------------------------------------------

NEGATED = {"=": "!=", "!=": "=", "<": "<=", "<=": "<"}


def _by_pieces(problem: Problem, depth: int) -> Verdict:
    """A iff x op c: on each of x < c, x = c and x > c, either A or its negation."""
    problem = _named_argument(problem)
    statement = problem.statement
    for claim, place in ((statement.left, statement.right), (statement.right, statement.left)):  # type: ignore
        solution = solved(place)
        if solution is None or not solution[1].is_Rational:
            continue
        x, c, factor = solution
        goals = []
        for piece, value in cases.pieces(x, c):
            inside = algebraic.true_at(place, iter([-int(sp.sign(factor)) * value]))
            goal = claim if inside else _negated(claim)
            goals.append(replace(problem, statement=goal).with_replaced(x, piece))
        verdict = _every(_decide(goal, depth) for goal in goals)
        if verdict.proved:
            return replace(verdict, method=f"on each side of {x.name} = {c}; {verdict.method}")
    return Verdict("unknown", METHOD, reason="not provable piece by piece")


def _negated(relation: Relation) -> Relation:
    if relation.operator in ("=", "!="):
        return replace(relation, operator=NEGATED[relation.operator])
    return Relation(relation.right, NEGATED[relation.operator], relation.left)  # type: ignore[arg-type]
