"""The side without the condition: what holds for every A, not only where A == A.T."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fractions import Fraction

from gradproof.claims.teaching.conventions.suggestion import Suggestion
from gradproof.claims.teaching.lesson import Lesson
from gradproof.claims.teaching.trees import (
    call,
    changed,
    parsed,
    same,
    scaled,
    times,
)


def symmetrised(side: ast.expr, lesson: Lesson) -> Iterator[Suggestion]:
    """(A + A.T) @ x for 2*A@x: right only where A == A.T."""
    for matrix in [t.name for t in lesson.tensors(2) if t.axes[0] == t.axes[1]]:
        both = parsed("A + A.T", A=ast.Name(matrix))
        new = changed(side, lambda n, name=matrix, b=both: b if isinstance(n, ast.Name) and n.id == name else None)
        if not same(new, side):
            yield "in general {the} is {}", scaled(new, Fraction(1, 2))


def weighted(side: ast.expr, lesson: Lesson) -> Iterator[Suggestion]:
    """sum(y)*softmax(z) - y for softmax(z) - y: right only where sum(y) == 1."""
    terms = _terms(side)
    for vector in [t.name for t in lesson.tensors(1)]:
        total = call("sum", ast.Name(vector))
        for term in terms[:4]:
            new = changed(side, lambda n, t=term, s=total: times(s, t) if n is t else None)
            yield "in general {the} is {}", new


def _terms(side: ast.expr) -> list[ast.expr]:
    if isinstance(side, ast.BinOp) and isinstance(side.op, (ast.Add, ast.Sub)):
        return [*_terms(side.left), *_terms(side.right)]
    return [side]
