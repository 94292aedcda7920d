"""A sign, a factor, a divisor that is off."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fractions import Fraction

from gradproof.claims.teaching.conventions.suggestion import DERIVED, WITH, Suggestion, derivatives, some
from gradproof.claims.teaching.lesson import Lesson
from gradproof.claims.teaching.trees import (
    call,
    called,
    is_number,
    is_operation,
    names,
    operation,
    parsed,
    rational,
    scaled,
    times,
    variants,
    written,
)


def signs_of_terms(side: ast.expr, lesson: Lesson) -> Iterator[Suggestion]:
    """a + b against a - b."""

    def flipped(node: ast.AST) -> Iterator[ast.expr]:
        if is_operation(node, ast.Add):
            yield operation(node.left, ast.Sub, node.right)  # type: ignore[attr-defined]
        elif is_operation(node, ast.Sub):
            yield operation(node.left, ast.Add, node.right)  # type: ignore[attr-defined]

    for new in some(variants(side, flipped)):
        yield WITH, new


USUAL = ("1", "0", "-1", "2", "1/2", "e", "1/e", "pi", "pi/2", "sqrt(pi)", "sqrt(2*pi)", "log(2)")


def one_off(side: ast.expr, lesson: Lesson) -> Iterator[Suggestion]:
    """A whole number, such as an exponent, that is one too large or too small."""

    def moved(node: ast.AST) -> Iterator[ast.expr]:
        if is_operation(node, ast.Pow) and rational(node.right) == 2:  # type: ignore[attr-defined]
            yield node.left  # type: ignore[attr-defined]
        elif isinstance(node, ast.Constant) and isinstance(node.value, int):
            yield ast.Constant(node.value - 1)
            yield ast.Constant(node.value + 1)

    for new in some(variants(side, moved)):
        yield WITH, new


def plain_factors(side: ast.expr, lesson: Lesson) -> Iterator[Suggestion]:
    """-1, 2, 1/2, and other numbers for a number: where the sides cannot be evaluated, as limits."""
    for factor in (Fraction(-1), Fraction(2), Fraction(1, 2)):
        yield WITH, scaled(side, factor)
    for value in USUAL if is_number(side) else ():
        yield WITH, parsed(value)


def sizes(side: ast.expr, lesson: Lesson) -> Iterator[Suggestion]:
    """1 against 1/n against 1/(n - 1)."""
    for size in lesson.sizes[:3]:
        n = ast.Name(size.name)
        less = operation(n, ast.Sub, ast.Constant(1))
        yield WITH, operation(side, ast.Div, n)
        yield WITH, times(n, side)
        yield WITH, operation(side, ast.Div, less)
        yield WITH, times(less, side)
        yield WITH, operation(times(n, side), ast.Div, less)
        yield WITH, operation(times(less, side), ast.Div, n)


def scalars(side: ast.expr, lesson: Lesson) -> Iterator[Suggestion]:
    """A factor that was forgotten in a derivative, or is one too many: w, 1/w, w**2, 1/w**2."""
    derived = any(called(n) in DERIVED for n in ast.walk(lesson.left))
    for scalar in lesson.scalars[:4] if derived else ():
        w = ast.Name(scalar.name)
        square = operation(w, ast.Pow, ast.Constant(2))
        for factor in (w, square):
            yield WITH, times(factor, side)
            yield WITH, operation(side, ast.Div, factor)


def chain_rule(side: ast.expr, lesson: Lesson) -> Iterator[Suggestion]:
    """The inner derivative forgotten: diff(f(u), x) == f'(u)."""
    for node in derivatives(lesson.left):
        inner = node.args[0]
        if called(inner) and isinstance(inner, ast.Call) and len(inner.args) == 1:
            u, x = inner.args[0], node.args[1]
            if not isinstance(u, ast.Name):
                factor = call("diff", u, x)
                yield "holds with the inner derivative: {} {on}", operation(side, ast.Mult, factor)


def divisors(side: ast.expr, lesson: Lesson) -> Iterator[Suggestion]:
    """var(x) against var(x, ddof=1), a mean against a sum, / n against / (n - 1)."""

    def other_ddof(node: ast.AST) -> Iterator[ast.expr]:
        if called(node) in ("var", "std"):
            others = [k for k in node.keywords if k.arg != "ddof"]  # type: ignore[attr-defined]
            if len(others) == len(node.keywords):  # type: ignore[attr-defined]
                others = [*others, ast.keyword("ddof", ast.Constant(1))]
            yield ast.Call(node.func, node.args, others)  # type: ignore[attr-defined]

    for new in some(variants(side, other_ddof)):
        says = "1/(n - 1)" if "ddof=1" in written(new) else "1/n"
        yield f"holds with the {says} variance: {{}} {{on}}", new

    def other(node: ast.AST) -> Iterator[ast.expr]:
        if called(node) in ("mean", "sum") and len(node.args) == 1:  # type: ignore[attr-defined]
            name = "sum" if called(node) == "mean" else "mean"
            yield ast.Call(ast.Name(name), node.args, node.keywords)  # type: ignore[attr-defined]
        elif is_operation(node, ast.Div):
            under = node.right  # type: ignore[attr-defined]
            if names(under) & {n.name for n in lesson.sizes}:
                yield node.left  # type: ignore[attr-defined]
            if isinstance(under, ast.Name) and under.id in {n.name for n in lesson.sizes}:
                yield operation(node.left, ast.Div, operation(under, ast.Sub, ast.Constant(1)))  # type: ignore
            elif is_operation(under, ast.Sub) and rational(under.right) == 1:
                yield operation(node.left, ast.Div, under.left)  # type: ignore[attr-defined]

    for new in some(variants(side, other)):
        yield WITH, new
