"""Transposes, products in the other order, swapped indices."""

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
    names,
    operation,
    same,
    variants,
)


def transposed(side: ast.expr, lesson: Lesson) -> Iterator[Suggestion]:
    says = "holds transposed: {} {on}"
    matrices = {t.name for t in lesson.tensors(2)}

    def turned(node: ast.AST) -> Iterator[ast.expr]:
        if isinstance(node, ast.Attribute):
            yield node.value
        elif isinstance(node, ast.Name) and node.id in matrices:
            yield ast.Attribute(node, "T", ast.Load())

    def exchanged(node: ast.AST) -> Iterator[ast.expr]:
        if is_operation(node, ast.MatMult):
            yield operation(node.right, ast.MatMult, node.left)  # type: ignore[attr-defined]
        elif called(node) == "outer" and len(node.args) == 2:  # type: ignore[attr-defined]
            yield call("outer", *node.args[::-1])  # type: ignore[attr-defined]

    for new in some(variants(side, turned)):
        yield says, _without_double(new)
    for name in sorted(matrices & names(side)):
        yield says, _all_turned(side, name)
    for new in some(variants(side, exchanged)):
        yield "holds with the factors exchanged: {} {on}", new
    if len(lesson.part.indices) == 2:
        yield says, side.value if isinstance(side, ast.Attribute) else ast.Attribute(side, "T", ast.Load())


def _all_turned(side: ast.expr, name: str) -> ast.expr:
    def turn(node: ast.AST) -> ast.AST | None:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name:
            return node.value
        return ast.Attribute(node, "T", ast.Load()) if isinstance(node, ast.Name) and node.id == name else None

    return changed(side, turn)


def _without_double(tree: ast.expr) -> ast.expr:
    """A.T.T is A."""

    def single(node: ast.AST) -> ast.AST | None:
        double = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute)
        return _without_double(node.value.value) if double else None  # type: ignore[attr-defined]

    return changed(tree, single)


def swapped_indices(side: ast.expr, lesson: Lesson) -> Iterator[Suggestion]:
    says = "holds with swapped indices: {} {on}"

    def swapped(node: ast.AST) -> Iterator[ast.expr]:
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple) and len(node.slice.elts) == 2:
            first, second = node.slice.elts
            if not any(isinstance(k, ast.Slice) for k in (first, second)) and not same(first, second):
                yield ast.Subscript(node.value, ast.Tuple([second, first], ast.Load()), ast.Load())

    for new in some(variants(side, swapped)):
        yield says, new
    letters = sorted(_letters(lesson.tree))
    for position, i in enumerate(letters[:3]):
        for j in letters[position + 1 : 3]:
            exchanged = {i: ast.Name(j), j: ast.Name(i)}
            yield says, changed(side, lambda n, to=exchanged: to.get(n.id) if isinstance(n, ast.Name) else None)


def _letters(tree: ast.AST) -> set[str]:
    """The names that stand alone in subscripts."""
    slices = [node.slice for node in ast.walk(tree) if isinstance(node, ast.Subscript)]
    elements = [e for s in slices for e in (s.elts if isinstance(s, ast.Tuple) else [s])]
    return {e.id for e in elements if isinstance(e, ast.Name)}
