"""What an inequality that fails may have meant: the other direction, a weak one, another constant.

best_constant(lesson)      "holds with 1/4 in place of 1/5 (proved), the best constant: equality at x = 0"
worst(lesson)              where it fails most
"""

from __future__ import annotations

import ast
import math
from fractions import Fraction

import sympy as sp

from derivations.calculus.substitution import substitute
from derivations.calculus.symbols import Scalar, Tensor
from derivations.judges.ball import arithmetic as ba
from derivations.judges.best_constant import Largest, largest, value_at
from derivations.proof.statement import Relation
from gradproof.claims.teaching.constants import approximation, recognised
from gradproof.claims.teaching.lesson import Held, Lesson
from gradproof.claims.teaching.trees import coefficient, is_number, number, plus, rational, same, scaled, times, written

OPPOSITE = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
WEAK = {"<": "<=", ">": ">="}
USUAL = tuple(Fraction(x) for x in ("0", "1/4", "1/2", "1", "2", "4"))  # where the search cannot go: for arrays
CLOSE = 1e-9
RECOGNISED = 1e-11  # how well a search finds a constant


def other_operator(lesson: Lesson) -> str:
    """The claim with another comparison, where that is proved."""
    operator = lesson.operator
    weak = WEAK.get(operator)
    if weak:
        held = lesson.holds(lesson.compared(lesson.left, lesson.right, weak))
        if held:
            return f"holds with {weak} in place of {operator}{lesson.said(held)}"
    opposite = OPPOSITE[operator]
    for turned in filter(None, (opposite, WEAK.get(opposite))):
        held = lesson.holds(lesson.compared(lesson.left, lesson.right, turned))
        if held:
            return f"holds with {turned} in place of {operator}{lesson.said(held)}"
    return ""


def as_inequality(lesson: Lesson) -> str:
    """An equality of which one direction is proved."""
    for operator in ("<=", ">="):
        held = lesson.holds(lesson.compared(lesson.left, lesson.right, operator))
        if held:
            return f"holds with {operator} in place of =={lesson.said(held)}"
    return ""


# ---- the best constant -----------------------------------------------------------------------------------------


def best_constant(lesson: Lesson) -> str:
    """The claim with the constant with which it holds, where that is proved; the best one where it is attained."""
    if lesson.things(Tensor):
        return _usual_constant(lesson)
    scalars = lesson.scalars
    if not 1 <= len(scalars) <= 3 or lesson.sizes:
        return ""
    forms = [form for form in _forms(lesson) if form.found is not None]
    for advice in (*(form.exact for form in forms), *(form.rounded for form in forms)):
        line = "" if lesson.late else advice()
        if line:
            return line
    return ""


class _Form:
    """A side with a number in it that can be another: ``c`` alone, ``c*g(x)``, ``g(x) + c``."""

    def __init__(self, lesson: Lesson, on_the_left: bool, kind: str):
        self.lesson, self.on_the_left, self.kind = lesson, on_the_left, kind
        self.side = lesson.left if on_the_left else lesson.right
        relation = lesson.part.relation  # smaller < larger
        self.up = on_the_left == lesson.part.turned  # the number must grow
        self.own, self.other = (relation.right, relation.left) if self.up else (relation.left, relation.right)
        self.found = self.search()

    def exact(self) -> str:
        """With the number found, where that has a closed form."""
        assert self.found is not None
        c = recognised(self.of_side(self.found.value), RECOGNISED)
        return "" if c is None else self.said(c, True)

    def rounded(self) -> str:
        """With three figures of it, on the safe side."""
        assert self.found is not None
        near = approximation(self.of_side(self.found.value))
        digits = 2 - (math.floor(math.log10(abs(near))) if near else 0)
        step = Fraction(10) ** -digits
        steps = math.ceil(near / step) if self.up else math.floor(near / step)
        return self.said(_decimal(steps * step), False)

    def said(self, c: ast.expr, is_exact: bool) -> str:
        if self.kind == "factor" and coefficient(c)[0] <= 0:
            return ""
        operators = dict.fromkeys((self.lesson.operator, WEAK.get(self.lesson.operator, self.lesson.operator)))
        for operator in operators:
            new = self.with_number(c)
            sides = (new, self.lesson.right) if self.on_the_left else (self.lesson.left, new)
            held = self.lesson.holds(self.lesson.compared(*sides, operator))
            if held:
                return self.sentence(new, operator, held, is_exact)
        return ""

    def search(self) -> Largest | None:
        """The number that the side needs, up to sign the largest value of the other side against it."""
        sign = 1 if self.up else -1
        if self.kind == "alone":
            f = sign * self.other
        elif self.kind == "added":
            f = sign * (self.other - self.own)
        else:
            f = sign * self.other / self.own
        relations = [h.relation for h in self.lesson.problem.hypotheses]
        if self.kind == "factor":
            relations.append(Relation(sp.S.Zero, "<", self.own))
        return largest(f, self.lesson.scalars, relations, self.lesson.deadline)

    def of_side(self, value: ba.Number):
        return ba.arb(value) if self.up else -ba.arb(value)

    def with_number(self, c: ast.expr) -> ast.expr:
        if self.kind == "alone":
            return c
        if self.kind == "added":
            return plus(self.side, c)
        value = rational(c)
        return scaled(self.side, value) if value is not None else times(c, self.side)

    def sentence(self, new: ast.expr, operator: str, held: Held, is_exact: bool) -> str:
        found = self.found
        assert found is not None
        changed = f"{operator} " if operator != self.lesson.operator else ""
        was = f"{self.lesson.operator} " if changed else ""
        says = f"holds with {changed}{written(new)} in place of {was}{written(self.side)}{self.lesson.said(held)}"
        if not is_exact:
            return says
        sides = [value_at(e, found.at) for e in _sides(held, found)]
        gap = None if None in sides else ba.arb(sides[0]) - ba.arb(sides[1])
        if found.attained and gap is not None and ba.certain_sign(ba.subtract(sides[0], sides[1])) == 0:
            return f"{says}, the best constant: equality at {_place(found)}"
        if gap is not None and abs(gap) < CLOSE and self.kind != "factor":
            return f"{says}, the best constant up to 1e-9"
        return says


def _sides(held: Held, found: Largest):
    """Both sides of the changed claim in the scalars of the search."""
    relation = held.problem.parts[0].relation
    mine = {s.name: s for s in found.at}
    for side in (relation.left, relation.right):
        there = {s: mine[s.name] for s in side.free_symbols if isinstance(s, Scalar) and s.name in mine}
        yield substitute(side, there)  # type: ignore[arg-type]


def _place(found: Largest) -> str:
    return ", ".join(f"{s.name} = {x}" for s, x in found.at.items())


def _forms(lesson: Lesson) -> list[_Form]:
    """The side that is a number first; then numbers before and behind what varies."""
    left, right = rational(lesson.left), rational(lesson.right)
    if right is not None or is_number(lesson.right):
        return [_Form(lesson, False, "alone")]
    if left is not None or is_number(lesson.left):
        return [_Form(lesson, True, "alone")]
    return [_Form(lesson, False, "factor"), _Form(lesson, False, "added")]


def _decimal(x: Fraction) -> ast.expr:
    text = str(float(x))
    value = ast.Constant(abs(int(x)) if x.denominator == 1 else abs(float(text)))
    return ast.UnaryOp(ast.USub(), value) if x < 0 else value


def _usual_constant(lesson: Lesson) -> str:
    """The nearest of a few usual numbers with which a claim about arrays holds."""
    for on_the_left, side in ((False, lesson.right), (True, lesson.left)):
        c, rest = coefficient(side)
        if rest is not None and (on_the_left or same(rest, side)):
            continue
        up = on_the_left == lesson.part.turned
        others = sorted((x for x in USUAL if (x > c if up else x < c)), reverse=not up)
        for x in others:
            new = number(x) if rest is None else scaled(rest, x)
            held = lesson.holds(lesson.compared(*((new, lesson.right) if on_the_left else (lesson.left, new))))
            if held:
                return f"holds with {written(new)} in place of {written(side)}{lesson.said(held)}"
    return ""


# ---- the worst point -------------------------------------------------------------------------------------------


def worst(lesson: Lesson, values: dict[str, str]) -> str:
    """Where a claim about a few scalars fails most, unless that is the witness; empty where there is no such place."""
    scalars, relation = lesson.scalars, lesson.part.relation
    if not 1 <= len(scalars) <= 3 or lesson.things(Tensor) or lesson.sizes or lesson.late:
        return ""
    relations = [h.relation for h in lesson.problem.hypotheses]
    found = largest(relation.left - relation.right, scalars, relations, lesson.deadline)
    if found is None or not found.attained or ba.certain_sign(found.value) != 1:
        return ""
    witness = value_at(relation.left - relation.right, {s: Fraction(values[s.name]) for s in scalars})
    if witness is None or not ba.arb(found.value) > ba.arb(witness) * 1.001:
        return ""
    left, right = (value_at(side, found.at) for side in (relation.left, relation.right))
    if left is None or right is None:
        return ""
    if any(x.denominator > 60 for x in found.at.values()):  # a place between short fractions: no exact sides
        left, right = (ba.arb(z) if len(str(z)) > 12 else z for z in (left, right))
    texts = ba.texts(left, right)[:: -1 if lesson.part.turned else 1]
    where = ", ".join(f"{s.name} = {_short(x)}" for s, x in found.at.items())
    return f"the largest violation found: at {where}, left {texts[0]}, right {texts[1]}"


def _short(x: Fraction) -> str:
    return str(x) if x.denominator <= 60 else f"{float(x):.6g}"
