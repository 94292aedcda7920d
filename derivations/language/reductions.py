"""sum, prod, mean, var, max, norm, softmax: what runs over an index, over axes, or over all entries."""

from __future__ import annotations

import ast
from collections.abc import Callable

import sympy as sp

from derivations.calculus.operators import Maximum, Sum
from derivations.calculus.substitution import substitute
from derivations.calculus.symbols import Index
from derivations.language.arguments import arguments, axes, flag, whole
from derivations.language.elaboration import applied, fail, free_names, value
from derivations.language.ranges import bound_index
from derivations.language.scope import Scope
from derivations.language.values import Array, ShapeError, reduced, scalar, shape_text
from derivations.language.vocabulary import Elementwise, folded

Call = Callable[[ast.Call, Scope], Array]


def over_index(binder: Callable[..., sp.Expr]) -> Call:
    """sum(f) of all entries, sum(f, axis=0), sum(f, k) over an index, sum(f, (k, 1, t)) with its range."""

    def call(node: ast.Call, scope: Scope) -> Array:
        keywords = arguments(node, scope, 1, 4, ("axis", "keepdims"))
        if len(node.args) == 1:
            return reduction(binder)(node, scope)
        if keywords:
            fail(node, scope, "either an index or axis=, not both")
        inner = scope
        indices = []
        for argument in node.args[1:]:
            name, k = bound_index(argument, node.args[0], inner)
            if k in indices:
                fail(argument, scope, f"the index {name} is bound twice")
            indices.append(k)
            inner = inner.binding(**{name: k})
        f = value(node.args[0], inner)
        return Array(f.indices, binder(f.body, *indices))

    return call


def reduction(reduce: Callable[..., sp.Expr]) -> Call:
    """A reduction of all entries, or along ``axis=``."""

    def call(node: ast.Call, scope: Scope) -> Array:
        keywords = arguments(node, scope, 1, 1, ("axis", "keepdims"))
        a = _array(node, scope)
        chosen = axes(keywords.get("axis"), a, scope)
        return reduced(reduce, a, scope.shared.names, chosen, flag(keywords.get("keepdims"), scope))

    return call


def _array(node: ast.Call, scope: Scope) -> Array:
    """The argument of a reduction. A scalar that nobody declared is a slip, and so is one with an index left free."""
    a = value(node.args[0], scope)
    name, written = node.func.id, free_names(node.args[0])  # type: ignore[attr-defined]
    if a.ndim:
        return a
    free = [k for k in written if k in scope.shared.free_indices and k not in scope.bound]
    if free:
        fail(node.args[0], scope, f"{name} of a scalar: over an index it is {name}(f, {max(free, key=written.count)})")
    if any(k in scope.shared.implied for k in written):
        fail(node.args[0], scope, f"{name} of a scalar: declare an array, as in 'x: real[n]'")
    return a


def _count(over: tuple[Index, ...]) -> sp.Expr:
    return sp.Mul(*(k.extent for k in over))


def mean(e: sp.Expr, *over: Index) -> sp.Expr:
    return Sum(e, *over) / _count(over)


def spread(root: bool) -> Call:
    """var and std: the mean of squared deviations, divisor n - ddof."""

    def call(node: ast.Call, scope: Scope) -> Array:
        keywords = arguments(node, scope, 1, 1, ("axis", "ddof", "keepdims"))
        a = _array(node, scope)
        ddof = whole(keywords["ddof"], scope, "ddof") if "ddof" in keywords else 0
        if not a.ndim:
            return scalar(0)

        def deviation(e: sp.Expr, *over: Index) -> sp.Expr:
            inner = tuple(scope.shared.names.index(k.high) for k in over)
            average = mean(substitute(e, dict(zip(over, inner, strict=True))), *inner)  # type: ignore[arg-type]
            divisor = _count(over) - ddof
            if ddof > 0:
                scope.need([(divisor, "≠ 0" if ddof == 1 else "> 0")])
            squares = Sum((e - average) ** 2, *over) / divisor
            if root:
                scope.need([(squares, "≥ 0")])
            return sp.sqrt(squares) if root else squares

        chosen = axes(keywords.get("axis"), a, scope)
        return reduced(deviation, a, scope.shared.names, chosen, flag(keywords.get("keepdims"), scope))

    return call


def extreme(pick: Callable, largest: int) -> Call:
    """max(x) of all entries or along axis=; max(x, y) entry by entry."""

    def call(node: ast.Call, scope: Scope) -> Array:
        arguments(node, scope, 1, 99, ("axis", "keepdims"))
        if len(node.args) == 1:
            return reduction(lambda e, *over: largest * Maximum(largest * e, *over))(node, scope)
        if node.keywords:
            fail(node, scope, "either several arguments or axis=, not both")
        arrays = tuple(value(a, scope) for a in node.args)
        try:
            return applied(Elementwise((2, 99), lambda *entries: folded(pick, entries)), arrays, node, scope)
        except ShapeError as error:
            fail(node, scope, f"{node.func.id}: {error}")  # type: ignore[attr-defined]

    return call


def norm(node: ast.Call, scope: Scope) -> Array:
    """The Euclidean norm of all entries, or along axis=."""

    def length(e: sp.Expr, *over: Index) -> sp.Expr:
        return sp.sqrt(Sum(e**2, *over))

    a = _array(node, scope) if len(node.args) == 1 else None
    if a is not None and not a.ndim:
        return Array((), sp.Abs(a.body))
    return reduction(length)(node, scope)


def softmax(log: bool) -> Call:
    """exp(z) / sum exp(z) along an axis, its logarithm when ``log``; of a matrix the axis must be said."""

    def call(node: ast.Call, scope: Scope) -> Array:
        keywords = arguments(node, scope, 1, 1, ("axis",))
        z = value(node.args[0], scope)
        name = node.func.id  # type: ignore[attr-defined]
        if not z.ndim:
            fail(node.args[0], scope, f"{name} of a scalar; declare an array, as in 'z: real[n]'")
        if z.ndim > 1 and "axis" not in keywords:
            fail(node, scope, f"{name} of an array of shape {shape_text(z)} needs axis=")
        over = set(axes(keywords.get("axis"), z, scope) or [0])
        inner = [scope.shared.names.index(k.high) if p in over else k for p, k in enumerate(z.indices)]
        total = Sum(sp.exp(z.at(*inner)), *(k for p, k in enumerate(inner) if p in over))
        return Array(z.indices, z.body - sp.log(total) if log else sp.exp(z.body) / total)

    return call


def logsumexp(e: sp.Expr, *over: Index) -> sp.Expr:
    return sp.log(Sum(sp.exp(e), *over))
