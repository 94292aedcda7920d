"""Inequalities between scalar expressions, and when equality holds in them.

Main results, tried in this order
* bounded functions   sigmoid(a) is some s in (0, 1), tanh(a) some u in (-1, 1), when a occurs nowhere else
* algebra             signs of rational functions of s, u, e^x and the scalars themselves (``algebraic``)
* monotony            f > 0 away from p if f(p) >= 0, f' > 0 to the right of p and f' < 0 to the left of it
* subdivision         f > 0 by interval arithmetic on small pieces, and by monotony far out
* cases               on each side of a kink: |x|, relu(x), sign(x) are smooth there
* pieces              (A iff x = c): A at c, and not A below c and above it; likewise for x < c and x <= c

A judge that fails says ``unknown`` and why; refuting is left to one that has a point in the original variables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from math import inf

import sympy as sp

from derivations.calculus.domains import Domain, interval
from derivations.calculus.functions import sigmoid
from derivations.calculus.substitution import subexpressions, substitute
from derivations.calculus.symbols import Scalar
from derivations.judges import algebraic, cases, floats
from derivations.judges import derivative as by_derivative
from derivations.judges.derivative import is_smooth, is_zero, points_of
from derivations.judges.generated_field import OutsideField
from derivations.judges.rational_form import RationalForms, expression, symbol_interval, with_rational_forms
from derivations.judges.scalar_problem import Premises, Problem, as_judge, derivative, prepared, solved
from derivations.judges.sturm import Interval
from derivations.judges.subdivision import is_positive_on
from derivations.proof.statement import And, Iff, Relation, Statement, expressions, map_expressions
from derivations.proof.verdict import Verdict

METHOD = "bounds"
DEPTH = 3
CASES = 2  # kinks that may lie within each other
ATTEMPTS = 90


@dataclass(frozen=True)
class Effort:
    """How deep to differentiate, and how many points are left to try monotony from, all depths together."""

    depth: int = DEPTH
    left: list[int] = field(default_factory=lambda: [ATTEMPTS])

    def deeper(self) -> Effort:
        return Effort(self.depth - 1, self.left)

    def spent(self) -> bool:
        self.left[0] -= 1
        return self.left[0] < 0


@as_judge(METHOD)
def decide(statement: Statement, hypotheses: Premises = ()) -> Verdict:
    """``proved`` or ``unknown`` for an inequality, an equivalence or a conjunction of scalar statements."""
    return _by_cases(prepared(statement, hypotheses), CASES)


def _by_cases(problem: Problem, cuts: int) -> Verdict:
    """The statement at once, else on each piece of a domain with a kink inside."""
    if isinstance(problem.statement, And):
        return _every(_by_cases(replace(problem, statement=part), cuts) for part in problem.statement.parts)
    if _is_hopeless(problem):
        return Verdict("unknown", METHOD, reason="at some point it does not hold, by its values in floating point")
    whole = _decide(problem, Effort())
    parts = cases.split(problem) if cuts and not whole.proved else None
    if not parts or not parts[1]:
        return whole
    where, pieces = parts
    verdict = _every(_by_cases(piece, cuts - 1) for piece in pieces)
    return replace(verdict, method=f"{where}; {verdict.method}") if verdict.proved else whole


def _is_hopeless(problem: Problem) -> bool:
    """Whether a glance at a few points makes a search for a proof pointless."""
    statement, symbols = problem.statement, problem.symbols
    real = len(symbols) == 1 and isinstance(symbols[0], Scalar) and not symbols[0].domain.integer
    return real and not problem.premises and isinstance(statement, Relation) and floats.fails(statement, symbols[0])


def _decide(problem: Problem, effort: Effort) -> Verdict:
    statement = problem.statement
    if isinstance(statement, Relation) and statement.operator == "=":
        return by_derivative.decide(statement, problem.premises)
    if isinstance(statement, Iff):
        judges = (_by_algebra, _by_pieces, _by_smt)
    else:
        judges = (_by_algebra, _by_subdivision, _by_monotony, _by_smt)
    return _first(_attempted(judge, problem, effort) for judge in judges)


def _attempted(judge: Callable[[Problem, Effort], Verdict], problem: Problem, effort: Effort) -> Verdict:
    try:
        return judge(problem, effort)
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


def _by_algebra(problem: Problem, effort: Effort) -> Verdict:
    problem, names = _bounded(problem)
    verdict = with_rational_forms(
        lambda forms: algebraic.by_sturm(problem, forms) or algebraic.by_factors(problem, forms)
    )
    if verdict is None:
        return Verdict("unknown", METHOD)
    return replace(verdict, method=", ".join((*names, verdict.method)), trusted=tuple(verdict.trusted))


def _by_smt(problem: Problem, effort: Effort) -> Verdict:
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


def _by_monotony(problem: Problem, effort: Effort) -> Verdict:
    relation, symbols = problem.statement, problem.symbols
    failed = Verdict("unknown", METHOD)
    if effort.depth == 0 or len(symbols) != 1 or not isinstance(relation, Relation):
        return failed
    x = _as_real(symbols[0])
    if x == symbols[0] and floats.fails(relation, x):
        return failed
    f = substitute(relation.right - relation.left, {symbols[0]: x})
    for g in (f, -f) if relation.operator == "!=" else (f,):
        for h in dict.fromkeys((g, _without_positive_factors(g))):
            for point in points_of(_closure(x.domain)):
                verdict = _grows_from(h, x, point, relation.operator != "<=", effort)
                if verdict.proved:
                    return verdict
    return failed


def _without_positive_factors(f: sp.Expr) -> sp.Expr:
    """A polynomial in the generators with the sign of f everywhere; f itself where none is found."""

    def stripped(forms: RationalForms) -> sp.Expr:
        form = forms.of(f)
        constant, _, others = forms.factors(form)
        if not others or any(k < 0 for k in others.values()):
            return f
        rest = forms.product(forms.field(g) ** (2 - k % 2) for g, k in others.items())
        return expression(forms, rest.numer) * (1 if constant > 0 else -1)

    try:
        return with_rational_forms(stripped)
    except OutsideField:
        return f


def _as_real(s: sp.Symbol) -> Scalar:
    """A real scalar on the interval of a scalar, size or index: what holds on all of it holds at its integers."""
    if isinstance(s, Scalar) and not s.domain.integer:
        return s
    range_ = symbol_interval(s)
    low = -sp.oo if range_.low == -inf else sp.Rational(range_.low)
    high = sp.oo if range_.high == inf else sp.Rational(range_.high)
    return Scalar(s.name, Domain(low, high, range_.low_closed, range_.high_closed))


def _grows_from(f: sp.Expr, x: Scalar, point: sp.Rational, strict: bool, effort: Effort) -> Verdict:
    """f >= 0 (f > 0 when ``strict``) on the domain of x, from the value at the point and the sign of f' around it."""
    failed = Verdict("unknown", METHOD)
    if effort.spent():
        return failed
    here = substitute(f, {x: point})
    zero = is_zero(here)
    if not (zero or _is_positive(here)) or (zero and strict and point in x.domain):
        return failed
    if not is_smooth(substitute(f, {x: Scalar(x.name, _with_point(x.domain, point))})):  # type: ignore[arg-type]
        return failed
    slope, sides = derivative(f, x), []
    for side, sign in ((cases.above(x.domain, point), 1), (cases.below(x.domain, point), -1)):
        if side is not None:
            sides.append(substitute(sign * slope, {x: Scalar(x.name, side)}))
    verdict = _every(_slope_verdict(side, zero and strict, effort) for side in sides)  # type: ignore[arg-type]
    if not verdict.proved:
        return failed
    method = f"monotone on each side of {x.name} = {point}"
    return replace(verdict, method=f"{method}; {verdict.method}", trusted=(*verdict.trusted, *_MEAN_VALUE))


def _slope_verdict(slope: sp.Expr, strict: bool, effort: Effort) -> Verdict:
    """slope >= 0 on its domain; when ``strict``, slope > 0 but for single points.

    A slope that is analytic and not 0 everywhere vanishes at single points only.
    """
    judges = (_by_algebra, _by_monotony)
    at_least = Problem(Relation(sp.S.Zero, "<=", slope))
    above = Problem(Relation(sp.S.Zero, "<", slope))
    if not strict:
        return _first(_attempted(judge, at_least, effort.deeper()) for judge in judges)
    if _is_somewhere_positive(slope):
        return _first(_attempted(judge, at_least, effort.deeper()) for judge in judges)
    return _first(_attempted(judge, above, effort.deeper()) for judge in judges)


def _is_somewhere_positive(slope: sp.Expr) -> bool:
    """Whether it is at one of a few points of its domain."""
    reals = [s for s in slope.free_symbols if isinstance(s, Scalar)]
    if len(reals) != 1:
        return _is_positive(slope)
    return any(_is_positive(substitute(slope, {reals[0]: point})) for point in points_of(reals[0].domain))


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


# ---- subdivision -----------------------------------------------------------------------------------------------

FAR = sp.Integer(8)  # beyond, what is bounded mostly keeps to one side of its limit


def _by_subdivision(problem: Problem, effort: Effort) -> Verdict:
    """f > 0 with a gap: on small intervals between -8 and 8 by interval arithmetic, beyond them by monotony."""
    relation, symbols = problem.statement, problem.symbols
    failed = Verdict("unknown", METHOD)
    if len(symbols) != 1 or not isinstance(relation, Relation) or relation.operator not in ("<", "<="):
        return failed
    x = _as_real(symbols[0])
    f = substitute(relation.right - relation.left, {symbols[0]: x})
    middle = _common(x.domain, -FAR, FAR)
    if middle is None:
        return failed
    g: sp.Expr = substitute(f, {x: Scalar(x.name, middle)})  # type: ignore[assignment]
    slope = derivative(f, x) if is_smooth(g) else None
    if not is_positive_on(f, x, middle, slope):
        return failed
    verdicts = [Verdict("proved", f"interval arithmetic for |{x.name}| <= {FAR}", _MEAN_VALUE)]
    for tail in (cases.above(x.domain, FAR), cases.below(x.domain, -FAR)):
        if tail is not None:
            beyond = Problem(Relation(sp.S.Zero, "<", substitute(f, {x: Scalar(x.name, tail)})))  # type: ignore[arg-type]
            verdicts.append(_first(_attempted(judge, beyond, Effort()) for judge in (_by_algebra, _by_monotony)))
    return _every(iter(verdicts))


def _common(domain: Domain, low: sp.Expr, high: sp.Expr) -> Domain | None:
    """The part of a domain between two numbers; None when it has no inside."""
    left, right = max(domain.low, low), min(domain.high, high)
    if left >= right:
        return None
    return Domain(left, right, domain.low_closed or left > domain.low, domain.high_closed or right < domain.high)


# ---- pieces ----------------------------------------------------------------------------------------------------

NEGATED = {"=": "!=", "!=": "=", "<": "<=", "<=": "<"}


def _by_pieces(problem: Problem, effort: Effort) -> Verdict:
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
        verdict = _every(_decide(goal, effort) for goal in goals)
        if verdict.proved:
            return replace(verdict, method=f"on each side of {x.name} = {c}; {verdict.method}")
    return Verdict("unknown", METHOD, reason="not provable piece by piece")


def _negated(relation: Relation) -> Relation:
    if relation.operator in ("=", "!="):
        return replace(relation, operator=NEGATED[relation.operator])
    return Relation(relation.right, NEGATED[relation.operator], relation.left)  # type: ignore[arg-type]
