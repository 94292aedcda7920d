"""Arguments of calls: how many, which keywords, whole numbers, axes."""

from __future__ import annotations

import ast

from derivations.language.elaboration import entry_value, fail
from derivations.language.scope import Scope
from derivations.language.values import Array, shape_text


def arguments(node: ast.Call, scope: Scope, low: int, high: int, keywords: tuple[str, ...] = ()) -> dict[str, ast.expr]:
    """Check the number of arguments; the keywords by name."""
    name = node.func.id  # type: ignore[attr-defined]
    if "axis" in keywords and name not in ("max", "min") and len(node.args) == 2 and _is_number(node.args[1]):
        fail(node.args[1], scope, f"an axis is named: {name}(..., axis={ast.unparse(node.args[1])})")
    if not low <= len(node.args) <= high:
        expected = str(low) if low == high else f"{low} to {high}"
        fail(node, scope, f"{name} takes {expected} argument{'s' * (expected != '1')}, not {len(node.args)}")
    for keyword in node.keywords:
        if keyword.arg not in keywords:
            known = f": only {', '.join(keywords)}" if keywords else ""
            fail(keyword.value, scope, f"{name} takes no {keyword.arg}={known}")
    return {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}


def _is_number(node: ast.expr) -> bool:
    inner = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(inner, ast.Constant)


def whole(node: ast.expr, scope: Scope, what: str) -> int:
    number = entry_value(node, scope, what)
    if not number.is_Integer:
        fail(node, scope, f"{what} must be a whole number")
    return int(number)


def flag(node: ast.expr | None, scope: Scope) -> bool:
    """What ``keepdims=`` says."""
    if node is None:
        return False
    if not (isinstance(node, ast.Constant) and isinstance(node.value, bool)):
        fail(node, scope, "keepdims is True or False")
    return node.value


def axes(node: ast.expr | None, a: Array, scope: Scope) -> list[int] | None:
    """The axes that ``axis=`` names; None for all."""
    if node is None:
        return None
    chosen = []
    for part in node.elts if isinstance(node, ast.Tuple) else [node]:
        axis = whole(part, scope, "an axis")
        if not -a.ndim <= axis < a.ndim:
            fail(part, scope, f"axis {axis} of an array of shape {shape_text(a)}")
        if axis % a.ndim in chosen:
            fail(part, scope, f"axis {axis} is named twice")
        chosen.append(axis % a.ndim)
    return chosen
