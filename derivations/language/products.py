"""dot, outer, trace, diag, eye, ones, zeros, delta."""

from __future__ import annotations

import ast
from collections.abc import Callable

import sympy as sp

from derivations.calculus.affine import linear_terms
from derivations.calculus.operators import Delta, Sum
from derivations.calculus.symbols import Index
from derivations.language.arguments import arguments
from derivations.language.elaboration import entry_value, fail, value
from derivations.language.ranges import size
from derivations.language.scope import Scope
from derivations.language.values import Array, ShapeError, matmul, scalar, shape_text


def dot(node: ast.Call, scope: Scope) -> Array:
    """The inner product of two vectors; of higher shapes what '@' means."""
    arguments(node, scope, 2, 2)
    a, b = (value(argument, scope) for argument in node.args)
    try:
        return matmul(a, b, scope.shared.names)
    except ShapeError as error:
        fail(node, scope, f"dot: {error}")


def outer(node: ast.Call, scope: Scope) -> Array:
    arguments(node, scope, 2, 2)
    a, b = (value(argument, scope) for argument in node.args)
    if a.ndim != 1 or b.ndim != 1:
        fail(node, scope, f"outer needs two vectors, not {shape_text(a)} and {shape_text(b)}")
    i, j = scope.shared.names.index(a.shape[0]), scope.shared.names.index(b.shape[0])
    return Array((i, j), a.at(i) * b.at(j))


def trace(node: ast.Call, scope: Scope) -> Array:
    arguments(node, scope, 1, 1)
    a = value(node.args[0], scope)
    if a.ndim != 2 or a.shape[0] != a.shape[1]:
        fail(node.args[0], scope, f"trace needs a square matrix, not {shape_text(a)}")
    k = scope.shared.names.index(a.shape[0])
    return Array((), Sum(a.at(k, k), k))


def diag(node: ast.Call, scope: Scope) -> Array:
    """diag(x) is the diagonal matrix of a vector, diag(A) the diagonal of a square matrix."""
    arguments(node, scope, 1, 1)
    a = value(node.args[0], scope)
    if a.ndim == 2 and a.shape[0] == a.shape[1]:
        k = scope.shared.names.index(a.shape[0])
        return Array((k,), a.at(k, k))
    if a.ndim != 1:
        fail(node.args[0], scope, f"diag needs a vector or a square matrix, not {shape_text(a)}")
    i, j = scope.shared.names.index(a.shape[0]), scope.shared.names.index(a.shape[0])
    return Array((i, j), a.at(i) * Delta(i, j))


def filled(f: Callable[..., sp.Expr], least: int, most: int) -> Callable[[ast.Call, Scope], Array]:
    """eye(n), ones(n), zeros(m, n)."""

    def call(node: ast.Call, scope: Scope) -> Array:
        arguments(node, scope, least, most)
        sizes = [size(a, scope) for a in node.args]
        indices = tuple(scope.shared.names.index(s) for s in (sizes * 2 if most == 1 else sizes))
        return Array(indices, f(*indices))

    return call


def delta(node: ast.Call, scope: Scope) -> Array:
    arguments(node, scope, 2, 2)
    _learn_from_delta(node, scope)
    one, other = (entry_value(a, scope, "an argument of delta") for a in node.args)
    for argument, e in zip(node.args, (one, other), strict=True):
        if linear_terms(e) is None:
            fail(argument, scope, "delta compares indices")
    return scalar(Delta(one, other))


def _learn_from_delta(node: ast.Call, scope: Scope) -> None:
    """In delta(i, j) an index without a range of its own takes the other's."""
    free = scope.shared.free_indices
    names = [a.id if isinstance(a, ast.Name) else "" for a in node.args]
    for mine, other in (names, names[::-1]):
        if mine in free and free[mine] is None and mine not in scope.bound:
            known = scope.bound.get(other) or free.get(other)
            if isinstance(known, Index):
                free[mine] = known.renamed(mine)
