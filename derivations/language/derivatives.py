"""diff, grad, jacobian, hessian: derivatives by scalars, entries and arrays."""

from __future__ import annotations

import ast

import sympy as sp

from derivations.calculus.operators import D
from derivations.calculus.symbols import Entry, Index, Scalar, Size
from derivations.language.arguments import arguments, whole
from derivations.language.elaboration import fail, value
from derivations.language.scope import Scope
from derivations.language.values import Array, shape_text

HIGHEST_ORDER = 8


def diff(node: ast.Call, scope: Scope) -> Array:
    """diff(f, x), diff(f, x, 2), diff(f, x, y): by scalars and entries, of f entry by entry."""
    arguments(node, scope, 2, 6)
    f = value(node.args[0], scope)
    body = f.body
    variables: list[sp.Expr] = []
    for argument in node.args[1:]:
        if variables and isinstance(argument, ast.Constant):
            order = whole(argument, scope, "the order of a derivative")
            if not 1 <= order <= HIGHEST_ORDER:
                fail(argument, scope, f"the order of a derivative must be from 1 to {HIGHEST_ORDER}")
            variables += [variables[-1]] * (order - 1)
        else:
            variables.append(_variable(argument, scope))
    if len(variables) > HIGHEST_ORDER:
        fail(node, scope, f"more than {HIGHEST_ORDER} derivatives")
    for x in variables:
        body = D(body, x)
    return Array(f.indices, body)


def _variable(node: ast.expr, scope: Scope) -> sp.Expr:
    """A scalar or an entry to differentiate by."""
    if isinstance(node, ast.Name) and node.id in scope.shared.abbreviations:
        fail(node, scope, f"{node.id} is an abbreviation; differentiate by a declared name")
    found = value(node, scope)
    if found.ndim:
        hint = "use grad(f, x) or jacobian(f, x), or differentiate by an entry such as x[i]"
        fail(node, scope, f"diff by an array of shape {shape_text(found)}: {hint}")
    x = found.body
    if isinstance(x, (Size, Index)) or (isinstance(x, Scalar) and x.domain.integer):
        fail(node, scope, f"{x} is a whole number: there is no derivative by it")
    if not isinstance(x, (Scalar, Entry)):
        fail(node, scope, "differentiate by a name or by an entry such as x[i]")
    return x


def _tensor(node: ast.expr, scope: Scope) -> Array:
    """A declared array, entry by entry, to differentiate by."""
    if isinstance(node, ast.Name) and node.id in scope.shared.abbreviations:
        fail(node, scope, f"{node.id} is an abbreviation; differentiate by a declared name")
    x = value(node, scope)
    if not x.ndim:
        return Array((), _variable(node, scope))
    if not isinstance(x.body, Entry):
        fail(node, scope, "differentiate by a declared array")
    return x


def grad(node: ast.Call, scope: Scope) -> Array:
    """The gradient of a scalar, of the shape of x."""
    arguments(node, scope, 2, 2)
    f, x = value(node.args[0], scope), _tensor(node.args[1], scope)
    if f.ndim:
        fail(node.args[0], scope, f"grad needs a scalar; this has shape {shape_text(f)}: use jacobian, or sum it")
    return Array(x.indices, D(f.body, x.body))


def jacobian(node: ast.Call, scope: Scope) -> Array:
    """J[i, j] = df_i / dx_j: the axes of f, then those of x."""
    arguments(node, scope, 2, 2)
    f, x = value(node.args[0], scope), _tensor(node.args[1], scope)
    return Array((*f.indices, *x.indices), D(f.body, x.body))


def hessian(node: ast.Call, scope: Scope) -> Array:
    """H[i, j] = d^2 f / dx_i dx_j of a scalar."""
    arguments(node, scope, 2, 2)
    f, x, y = value(node.args[0], scope), _tensor(node.args[1], scope), _tensor(node.args[1], scope)
    if f.ndim:
        fail(node.args[0], scope, f"hessian needs a scalar; this has shape {shape_text(f)}")
    return Array((*x.indices, *y.indices), D(D(f.body, x.body), y.body))
