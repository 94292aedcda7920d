"""What a convention suggests, and what the files of the table share."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from gradproof.claims.teaching.lesson import Lesson
from gradproof.claims.teaching.trees import called

Suggestion = tuple[str, ast.expr]  # what to say, with {} for the new side and {on} for "on the right"
Convention = Callable[[ast.expr, Lesson], Iterator[Suggestion]]

WITH = "holds with {} {on}"
DERIVED = ("diff", "grad", "jacobian", "hessian", "integrate")
MOST = 8  # places at which one convention is tried


def derivatives(tree: ast.AST) -> list[ast.Call]:
    return [n for n in ast.walk(tree) if isinstance(n, ast.Call) and called(n) == "diff" and len(n.args) >= 2]


def some(trees: Iterator[ast.expr]) -> list[ast.expr]:
    return [tree for tree, _ in zip(trees, range(MOST), strict=False)]
