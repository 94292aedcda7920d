"""Epsilon inside or outside the root, the weights of a moving average."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from gradproof.claims.teaching.conventions.suggestion import Suggestion, some
from gradproof.claims.teaching.lesson import Lesson
from gradproof.claims.teaching.trees import (
    call,
    called,
    changed,
    is_operation,
    operation,
    rational,
    same,
    variants,
)


def epsilon(side: ast.expr, lesson: Lesson) -> Iterator[Suggestion]:
    """sqrt(v + eps) against sqrt(v) + eps."""

    def moved(node: ast.AST) -> Iterator[ast.expr]:
        if called(node) == "sqrt" and is_operation(node.args[0], ast.Add):  # type: ignore[attr-defined]
            inside = node.args[0]  # type: ignore[attr-defined]
            yield operation(call("sqrt", inside.left), ast.Add, inside.right)
            yield operation(call("sqrt", inside.right), ast.Add, inside.left)
        elif is_operation(node, ast.Add):
            for root, eps in ((node.left, node.right), (node.right, node.left)):  # type: ignore[attr-defined]
                radicand = _radicand(root)
                if radicand is not None:
                    yield call("sqrt", operation(radicand, ast.Add, eps))
                    yield call("sqrt", operation(radicand, ast.Add, operation(eps, ast.Pow, ast.Constant(2))))

    for new in some(variants(side, moved)):
        where = "inside" if _sums_in_roots(new) > _sums_in_roots(side) else "outside"
        yield f"holds with epsilon {where} the root: {{}} {{on}}", new


def _radicand(node: ast.expr) -> ast.expr | None:
    if called(node) == "sqrt":
        return node.args[0]  # type: ignore[attr-defined]
    if called(node) == "std":
        return ast.Call(ast.Name("var"), node.args, node.keywords)  # type: ignore[attr-defined]
    if called(node) == "norm" and not node.keywords:  # type: ignore[attr-defined]
        return call("sum", operation(node.args[0], ast.Pow, ast.Constant(2)))  # type: ignore[attr-defined]
    return None


def _sums_in_roots(tree: ast.AST) -> int:
    return sum(called(n) == "sqrt" and is_operation(n.args[0], ast.Add) for n in ast.walk(tree))  # type: ignore


def weights(side: ast.expr, lesson: Lesson) -> Iterator[Suggestion]:
    """b*m + (1 - b)*g against (1 - b)*m + b*g."""
    differences = [n for n in ast.walk(side) if is_operation(n, ast.Sub)]
    complements = [n for n in differences if rational(n.left) == 1 and isinstance(n.right, ast.Name)]  # type: ignore
    for name in dict.fromkeys(n.right.id for n in complements):  # type: ignore[attr-defined]
        b = ast.Name(name)
        complement = operation(ast.Constant(1), ast.Sub, b)

        def exchanged(node: ast.AST, b=b, complement=complement) -> ast.AST | None:
            return b if same(node, complement) else complement if same(node, b) else None

        yield "holds with the weights exchanged: {} {on}", changed(side, exchanged)
