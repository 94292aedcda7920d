"""Claims that differ a little from true ones: what a slip of the pen makes of them."""

from __future__ import annotations

import ast
import copy
import random
from collections.abc import Iterator
from dataclasses import replace

from gradproof.claims.verdicts import Source

SWAPPED = {
    "sin": "cos", "cos": "sin", "sinh": "cosh", "cosh": "sinh", "tanh": "sigmoid", "sigmoid": "tanh", "exp": "expm1",
    "log": "log1p", "sec": "csc", "csc": "sec", "gamma": "loggamma", "digamma": "trigamma", "softmax": "sigmoid",
}  # fmt: skip
OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div}


def always_false(source: Source) -> Iterator[Source]:
    """A true equality with its right side moved: false wherever both sides are defined, unless that side is 0."""
    left, right = _sides(source)
    for change in ("-({})", "2*({})", "({})*(1 + 1e-12)", "({})*999/1000"):
        if right != "0":
            yield _stated(source, left, change.format(right))
    if "integrate" not in left or ", (" in left:  # an antiderivative may carry a constant
        yield _stated(source, left, f"({right}) + 1e-6")


def slips(source: Source, count: int, seed: int = 0) -> Iterator[Source]:
    """A true equality with one operator, number or function on the right replaced: as a rule false, not always."""
    left, right = _sides(source)
    rng = random.Random(f"{seed} {source.states}")
    for _ in range(count):
        tree = ast.parse(right, mode="eval")
        if _slip(rng.choice(list(ast.walk(tree)))):
            yield _stated(source, left, ast.unparse(tree))


def _slip(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        node.op = OPERATORS[type(node.op)]()
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        node.left, node.right = copy.copy(node.right), copy.copy(node.left)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        node.value += 1
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SWAPPED:
        node.func.id = SWAPPED[node.func.id]
    else:
        return False
    return True


def _sides(source: Source) -> tuple[str, str]:
    left, _, right = source.states.partition("==")
    return left.strip(), right.strip()


def _stated(source: Source, left: str, right: str) -> Source:
    return replace(source, states=f"{left} == {right}")
