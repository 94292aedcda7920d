"""Inequalities between rational forms: by signs on the line, by factors and squares, by z3.

The generators of a rational form are treated as independent variables on their intervals. The values they really take
together are among those, so what is proved holds; what fails says nothing about the statement.

    one generator       cut its interval at all roots (Sturm) and look at the signs
    factors             of one sign on the box, squares, or sums of squares with rational coefficients
    anything else       z3, with the algebraic relations R^q = b and the premises
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

import sympy as sp
from sympy.polys.fields import FracElement
from sympy.polys.rings import PolyElement

from derivations.judges.generated_field import OutsideField, factor_list
from derivations.judges.rational_form import RationalForms
from derivations.judges.scalar_problem import Problem
from derivations.judges.smt import Constraint, entails
from derivations.judges.sturm import Interval, generators_in, sign_cells, sum_of_squares, univariate
from derivations.proof.statement import And, Iff, Relation, Statement, relations
from derivations.proof.verdict import Verdict

POLYNOMIALS = "SymPy polynomial arithmetic"


def gap(relation: Relation, forms: RationalForms) -> FracElement:
    """A form with the sign of d = right - left: d itself, or exp(d) - 1 where that frees d of its logarithms."""
    difference = forms.reduced(forms.of(relation.right) - forms.of(relation.left))
    logs = {k for k, generator in enumerate(forms.generators) if generator.kind == "log"}
    if not logs & _used(difference):
        return difference
    try:
        without = forms.reduced(forms.exp(difference)) - 1
    except OutsideField:
        return difference
    return without if not logs & _used(without) and len(_used(without)) <= len(_used(difference)) else difference


def _used(a: FracElement) -> set[int]:
    return generators_in(a.numer) | generators_in(a.denom)


def true_at(statement: Statement, signs: Iterator[int]) -> bool:
    """The truth of a statement, given the sign of right - left for each of its relations in order."""
    if isinstance(statement, Iff):
        return true_at(statement.left, signs) == true_at(statement.right, signs)
    if isinstance(statement, And):
        truths = [true_at(part, signs) for part in statement.parts]  # all parts: each takes its own signs
        return all(truths)
    sign = next(signs)
    return {"=": sign == 0, "!=": sign != 0, "<": sign > 0, "<=": sign >= 0}[statement.operator]


# ---- one generator ---------------------------------------------------------------------------------------------


def by_sturm(problem: Problem, forms: RationalForms) -> Verdict | None:
    """The statement on every cell of the line; None when it is not about one generator only."""
    goal, given = [[gap(r, forms) for r in relations(problem.statement)], _premise_gaps(problem, forms)]
    goal_polynomials = _without_bases([p for g in goal for p in (g.numer, g.denom)], forms)
    used = set().union(*map(generators_in, goal_polynomials))
    if len(used) > 1:
        return None
    position = used.pop() if used else 0
    usable = [(r, g) for r, g in given if _used(g) <= {position}]
    polynomials = [*goal_polynomials, *(p for _, g in usable for p in (g.numer, g.denom))]
    range_ = forms.generators[position].interval if forms.generators else Interval.point(Fraction(0))
    name = _named(position, forms)
    for cell in sign_cells([univariate(p, position) for p in polynomials], range_):
        tops, bottoms = cell.signs[::2], cell.signs[1::2]
        signs = [top * bottom for top, bottom in zip(tops, bottoms, strict=True)]
        assumed = zip((r for r, _ in usable), signs[len(goal) :], strict=True)
        if not all(true_at(premise, iter([sign])) for premise, sign in assumed):
            continue
        if 0 in bottoms[: len(goal)]:
            return Verdict("unknown", "Sturm", reason=f"a denominator is 0 at {name} {cell.place}")
        if not true_at(problem.statement, iter(signs)):
            return Verdict("unknown", "Sturm", reason=f"false at {name} {cell.place}")
    return Verdict("proved", f"Sturm in {name}", (POLYNOMIALS, "SymPy root isolation"))


def _premise_gaps(problem: Problem, forms: RationalForms) -> list[tuple[Relation, FracElement]]:
    """The rational forms of those premises that have one."""
    gaps = []
    for premise in problem.premises:
        try:
            gaps.append((premise, gap(premise, forms)))
        except OutsideField:
            continue
    return gaps


def _without_bases(polynomials: list[PolyElement], forms: RationalForms) -> list[PolyElement]:
    """With R^q for x, wherever R is a root of a generator x: then x is no longer a variable of its own."""
    used = set().union(*map(generators_in, polynomials))
    for position, (q, base) in forms.relations.items():
        x = forms.position_of(base)
        if x is not None and position in used:
            polynomials = [_power_for(p, x, position, q) for p in polynomials]
    return polynomials


def _power_for(p: PolyElement, x: int, root: int, q: int) -> PolyElement:
    """p with the q-th power of the generator ``root`` in place of the generator x."""
    result = p.ring.zero
    for exponents, c in p.terms():
        changed = list(exponents)
        changed[root] += q * changed[x]
        changed[x] = 0
        result += p.ring.term_new(tuple(changed), c)
    return result


def _named(position: int, forms: RationalForms) -> str:
    """How to speak of a generator: the symbol itself, or what it stands for."""
    if position >= len(forms.generators):
        return "the constant"
    generator = forms.generators[position]
    if generator.kind == "symbol":
        return str(generator.data[0])
    inner = generator.data[-1] if generator.data else None
    at = forms.position_of(inner) if isinstance(inner, FracElement) else None
    return generator.kind if at is None else f"{generator.kind}({_named(at, forms)})"


# ---- factors and squares ---------------------------------------------------------------------------------------


def by_factors(problem: Problem, forms: RationalForms) -> Verdict | None:
    """The sign of right - left, as a product of factors whose signs are known."""
    relation = problem.statement
    if not isinstance(relation, Relation) or relation.operator == "=":
        return None
    signs = _possible_signs(gap(relation, forms), forms)
    if signs is not None and all(true_at(relation, iter([sign])) for sign in signs):
        return Verdict("proved", "signs of factors, sums of squares", (POLYNOMIALS,))
    return None


def _possible_signs(a: FracElement, forms: RationalForms) -> set[int] | None:
    """The signs that ``a`` can have, if anything is known about them."""
    if not a:
        return {0}
    constant, _, rest = forms.factored(a)
    if rest == forms.field.one:
        return {1 if constant > 0 else -1}
    if not rest.denom.is_ground:
        return None
    c, factors = factor_list(rest.numer)
    sign, zero = (1 if (c > 0) == (rest.denom.LC > 0) else -1), False
    for factor, multiplicity in factors:
        known = _sign_by_squares(factor)
        if multiplicity % 2 == 0:
            zero = zero or known is None or known[1]
        elif known is None:
            return None
        else:
            sign, zero = sign * known[0], zero or known[1]
    return {sign, 0} if zero else {sign}


def _sign_by_squares(p: PolyElement) -> tuple[int, bool] | None:
    """(1 or -1, whether p may be 0) when p or -p is a sum of squares."""
    for sign in (1, -1):
        squares = sum_of_squares(p * sign)
        if squares is not None:
            return sign, all(not form.is_ground for _, form in squares)
    return None


# ---- z3 --------------------------------------------------------------------------------------------------------


def by_smt(problem: Problem, forms: RationalForms) -> Verdict:
    """The statement as a question to z3 about real numbers."""
    statement = problem.statement
    parts = list(relations(statement))
    gaps = [gap(r, forms) for r in parts]
    premises = [_constraint(r.operator, g) for r, g in _premise_gaps(problem, forms)]
    box = forms.box
    premises += _relations(forms)
    poles = [Constraint(g.denom, "!=") for g in gaps if not g.denom.is_ground]
    if poles:
        defined = entails(premises, poles, box)
        if not defined.holds:
            return Verdict("unknown", "z3", reason=f"a denominator may be 0 ({defined.reason})")
    goal = [_constraint(r.operator, g) for r, g in zip(parts, gaps, strict=True)]
    answer = entails(premises, goal, box, equivalent=isinstance(statement, Iff))
    if answer.holds:
        return Verdict("proved", "z3, nonlinear real arithmetic", (POLYNOMIALS, "z3"))
    return Verdict("unknown", "z3", reason=_told(answer.reason, answer.model, forms))


def _constraint(operator: str, g: FracElement) -> Constraint:
    """left operator right as a polynomial constraint, where the denominator of g = right - left is not 0."""
    return Constraint(-g.numer * g.denom, operator)  # type: ignore[arg-type]


def _relations(forms: RationalForms) -> Iterable[Constraint]:
    for position, (q, base) in forms.relations.items():
        root = forms.field.ring.gens[position]
        yield Constraint(root**q * base.denom - base.numer, "=")


def _told(reason: str, model: dict[int, Fraction] | None, forms: RationalForms) -> str:
    if model is None or any(generator.kind != "symbol" for generator in forms.generators):
        return reason
    values = ", ".join(f"{_named(k, forms)} = {sp.Rational(v.numerator, v.denominator)}" for k, v in model.items())
    return f"false at {values}"
