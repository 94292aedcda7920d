"""The ranges of indices: written out as (k, 1, n), or those of the axes on which an index stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import sympy as sp

from derivations.calculus.affine import linear_terms, provably_nonnegative
from derivations.calculus.symbols import CalculusError, Index, Scalar, Size, Tensor
from derivations.language.elaboration import entry_value, fail, free_names, value
from derivations.language.errors import InvalidClaim
from derivations.language.scope import Scope
from derivations.language.vocabulary import CONSTANTS, INFINITY


def bound_index(node: ast.expr, body: ast.expr, scope: Scope) -> tuple[str, Index]:
    """The index of a sum and its name in the text: ``k``, whose range is that of its axis, or ``(k, low, high)``."""
    if isinstance(node, ast.Tuple):
        if len(node.elts) != 3 or not isinstance(node.elts[0], ast.Name):
            fail(node, scope, "a range is written (k, low, high)")
        name = _index_name(node.elts[0], scope)
        low, high = (end(e, scope) for e in node.elts[1:])
        return name, _index(node, name, low, high, scope)
    if not isinstance(node, ast.Name):
        fail(node, scope, "an index is a name, or a range (k, low, high)")
    name = _index_name(node, scope)
    found = size_of_axis(name, body, scope)
    if found is None:
        fail(node, scope, f"the range of {name} is not known: it is no subscript here. Write ({name}, 1, n)")
    return name, _index(node, name, sp.S.One, found, scope)


def _index_name(node: ast.Name, scope: Scope) -> str:
    name = node.id
    if name in CONSTANTS or name == INFINITY:
        fail(node, scope, f"{name} is a constant; choose another name for the index")
    if isinstance(scope.shared.declared.get(name), Tensor):
        fail(node, scope, f"{name} is an array; choose another name for the index")
    return name


def _index(node: ast.expr, name: str, low: sp.Expr, high: sp.Expr, scope: Scope) -> Index:
    """An index that is not called like a scalar or a size of the claim: a sum may run over n and end at n."""
    try:
        if scope.depth:  # in a called abbreviation: an argument may speak of an index of the same name
            return Index(scope.shared.names.index(sp.S.One).name, low, high)
        return Index(f"{name}'" if name in scope.shared.declared else name, low, high)
    except CalculusError as error:
        fail(node, scope, str(error))


def end(node: ast.expr, scope: Scope) -> sp.Expr:
    """The end of a range: whole numbers, sizes and indices, added up."""
    found = entry_value(node, scope, "the end of a range")
    if linear_terms(found) is None or any(isinstance(s, Scalar) for s in found.free_symbols):
        fail(node, scope, "the end of a range is a whole number or an integer; declare it, as in 't: integer; t >= 0'")
    return found


def size(node: ast.expr, scope: Scope) -> sp.Expr:
    """The size of an axis: as the end of a range, and at least 1."""
    found = entry_value(node, scope, "a size")
    if linear_terms(found) is None or any(not isinstance(s, Size) for s in found.free_symbols):
        undeclared = isinstance(node, ast.Name) and node.id in scope.shared.implied
        mend = f": {node.id} stands in no shape; declare '{node.id}: integer; {node.id} >= 1'" if undeclared else ""  # type: ignore[attr-defined]
        fail(node, scope, f"a size is a whole number, or a name such as n{mend}")
    if found.is_Integer and found < 1:
        fail(node, scope, f"an axis of size {found} has no entries; sizes are at least 1")
    if not provably_nonnegative(found - 1):
        fail(node, scope, f"the size {found} is not provably at least 1: declare a bound such as n >= 2")
    return found


# ---- ranges that are not written ---------------------------------------------------------------------------------


def bound_names(node: ast.AST) -> set[str]:
    """The indices that a sum or a product binds."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("sum", "prod")):
        return set()
    heads = (a.elts[0] if isinstance(a, ast.Tuple) and a.elts else a for a in node.args[1:])
    return {head.id for head in heads if isinstance(head, ast.Name)}


def within(tree: ast.AST) -> Iterator[tuple[ast.AST, tuple[ast.Call, ...]]]:
    """The nodes of a tree in the order of the text, each with the sums and products around it."""
    todo: list[tuple[ast.AST, tuple[ast.Call, ...]]] = [(tree, ())]
    while todo:
        node, around = todo.pop()
        yield node, around
        inner = (*around, node) if bound_names(node) else around
        todo += [(child, inner) for child in reversed(list(ast.iter_child_nodes(node)))]  # type: ignore[misc]


def size_of_axis(name: str, body: ast.expr, scope: Scope) -> sp.Expr | None:
    """The size of the first axis on which the name, free in the body, is a subscript."""
    for node, around in within(body):
        if any(name in bound_names(call) for call in around):
            continue
        if isinstance(node, ast.Subscript):
            found = _size_in_subscript(name, node, around, scope)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "delta":
            found = _size_in_delta(name, node, scope)
        else:
            continue
        if found is not None:
            return found
    return None


def _size_in_subscript(name: str, node: ast.Subscript, around: tuple[ast.Call, ...], scope: Scope) -> sp.Expr | None:
    subscripts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    positions = [p for p, subscript in enumerate(subscripts) if name in free_names(subscript)]
    if not positions:
        return None
    shape = _shape_of(node.value, (), scope) or _shape_of(node.value, around, scope)
    return shape[positions[0]] if shape is not None and positions[0] < len(shape) else None


def _size_in_delta(name: str, node: ast.Call, scope: Scope) -> sp.Expr | None:
    names = [a.id if isinstance(a, ast.Name) else "" for a in node.args]
    for one, other in (names, names[::-1]) if len(names) == 2 else ():
        known = scope.bound.get(other) or scope.shared.free_indices.get(other)
        if one == name and isinstance(known, Index) and known.low == 1:
            return known.high
    return None


def _shape_of(node: ast.expr, around: tuple[ast.Call, ...], scope: Scope) -> tuple[sp.Expr, ...] | None:
    """The shape of an expression inside some sums; None where it cannot be read yet, as when it uses the index itself.

    A look ahead: nothing that is met on the way is kept.
    """
    shared = scope.shared
    before = dict(shared.needs), dict(shared.declared), set(shared.implied), dict(shared.free_indices)
    try:
        for call in around:
            for argument in call.args[1:]:
                name, k = bound_index(argument, call.args[0], scope)
                scope = scope.binding(**{name: k})
        return value(node, scope).shape
    except InvalidClaim:
        return None
    finally:
        shared.needs, shared.declared, shared.implied, shared.free_indices = before
