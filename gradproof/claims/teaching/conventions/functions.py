"""f against f', a function against its argument."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fractions import Fraction

from derivations.language.vocabulary import FUNCTIONS
from gradproof.claims.teaching.conventions.suggestion import DERIVED, Suggestion, derivatives, some
from gradproof.claims.teaching.lesson import Lesson
from gradproof.claims.teaching.trees import (
    call,
    called,
    changed,
    names,
    number,
    parsed,
    rational,
    same,
    variants,
    written,
)

DERIVATIVES = {
    "sigmoid": "sigmoid(u)*(1 - sigmoid(u))", "tanh": "1 - tanh(u)**2", "sin": "cos(u)", "cos": "-sin(u)",
    "log": "1/u", "sqrt": "1/(2*sqrt(u))", "relu": "step(u)", "softplus": "sigmoid(u)", "sinh": "cosh(u)",
    "cosh": "sinh(u)", "atan": "1/(1 + u**2)", "square": "2*u", "erf": "2*exp(-u**2)/sqrt(pi)", "abs": "sign(u)",
    "tan": "1 + tan(u)**2", "logsigmoid": "sigmoid(-u)",
}  # fmt: skip


def derivative_on_the_left(side: ast.expr, lesson: Lesson) -> Iterator[Suggestion]:
    """f == f' written for diff(f, x) == f', the order of a derivative one off, or f' for f."""
    is_number = rational(lesson.right) is not None
    if not is_number and not any(called(n) in DERIVED for n in ast.walk(side)):
        arrays = [t for axes in (1, 2) for t in lesson.tensors(axes)]
        for thing, operator in [(s, "diff") for s in lesson.scalars[:3]] + [(t, "grad") for t in arrays[:3]]:
            if thing.name in names(side):
                yield (
                    "holds for the derivative: {} {on}; you wrote f for f'",
                    call(operator, side, ast.Name(thing.name)),
                )
    for node in derivatives(side):
        x = node.args[1]
        order = rational(node.args[2]) if len(node.args) == 3 else Fraction(1)
        if order is None or len(node.args) > 3:
            continue
        more = call("diff", node.args[0], x, number(order + 1))
        less = node.args[0] if order == 1 else call("diff", *node.args[:2], *([number(order - 1)] * (order > 2)))
        yield "holds for the next derivative: {} {on}", changed(side, lambda n, a=node, b=more: b if n is a else None)
        says = "holds for the function itself: {} {on}; you wrote f' for f"
        if order > 1:
            says = "holds for the derivative of lower order: {} {on}"
        yield says, changed(side, lambda n, a=node, b=less: b if n is a else None)


def derivative_on_the_right(side: ast.expr, lesson: Lesson) -> Iterator[Suggestion]:
    """diff(f(w*x), x) == w*f(w*x) for w*f'(w*x)."""

    def derived(node: ast.AST) -> Iterator[ast.expr]:
        name = called(node)
        if name in DERIVATIVES and len(node.args) == 1:  # type: ignore[attr-defined]
            yield parsed(DERIVATIVES[name], u=node.args[0])  # type: ignore[attr-defined]

    for new in some(variants(side, derived)):
        yield "holds for the derivative of the function: {} {on}; you wrote f for f'", new


def argument(side: ast.expr, lesson: Lesson) -> Iterator[Suggestion]:
    """x*(1 - x) for sigmoid(x)*(1 - sigmoid(x)), and the other way round."""
    calls = [n for n in ast.walk(lesson.left) if isinstance(n, ast.Call) and called(n) in (*FUNCTIONS, "softmax")]
    for value in {written(c): c for c in calls if len(c.args) == 1}.values():
        u, name = value.args[0], called(value)

        def applied(node: ast.AST, u=u, value=value) -> ast.AST | None:
            return value if same(node, u) else node if same(node, value) else None

        def plain(node: ast.AST, u=u, value=value) -> ast.AST | None:
            return u if same(node, value) else None

        yield f"holds with {name}({written(u)}) for {written(u)}: {{}} {{on}}", changed(side, applied)
        yield f"holds with {written(u)} for {name}({written(u)}): {{}} {{on}}", changed(side, plain)
