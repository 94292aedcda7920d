"""diff, grad, jacobian, hessian: derivatives by scalars, entries and arrays."""

from __future__ import annotations

import ast
from collections.abc import Sequence

import sympy as sp

from derivations.calculus.operators import D
from derivations.calculus.substitution import named_objects
from derivations.calculus.symbols import Entry, Index, Scalar, Size
from derivations.language.arguments import arguments, whole
from derivations.language.elaboration import fail, value
from derivations.language.scope import Scope
from derivations.language.values import Array, shape_text
from derivations.language.vocabulary import Need

HIGHEST_ORDER = 8


def _function(node: ast.expr, scope: Scope) -> tuple[Array, list[Need]]:
    """What is differentiated, and what it needs in order to have a meaning."""
    shared = scope.shared
    before, shared.needs = shared.needs, {}
    inner, shared.inner = shared.inner, []
    try:
        f = value(node, scope)
        return f, [*shared.needs, *shared.inner]
    finally:
        shared.needs, shared.inner = {**before, **shared.needs}, [*inner, *shared.inner]


def _differentiable(needs: list[Need], variables: Sequence[sp.Expr], scope: Scope) -> None:
    """Where a root, an asin or the like ends there is no derivative, even if SymPy has made something simpler of it."""
    moving = {x.tensor if isinstance(x, Entry) else x for x in variables}
    for expression, requirement in needs:
        if requirement == "≥ 0" and moving & named_objects(expression):
            scope.need([(expression, "> 0")])


def diff(node: ast.Call, scope: Scope) -> Array:
    """diff(f, x), diff(f, x, 2), diff(f, x, y): by scalars and entries, of f entry by entry."""
    arguments(node, scope, 2, 6)
    f, needs = _function(node.args[0], scope)
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
    _differentiable(needs, variables, scope)
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
    _check_apart(node, x, scope)
    if isinstance(x, (Size, Index)) or (isinstance(x, Scalar) and x.domain.integer):
        fail(node, scope, f"{x} is a whole number: there is no derivative by it")
    if not isinstance(x, (Scalar, Entry)):
        fail(node, scope, "differentiate by a name or by an entry such as x[i]")
    return x


def _check_apart(node: ast.expr, x: sp.Expr, scope: Scope) -> None:
    """In f(x) with ``f(t) = diff(t*x, x)`` it cannot be told whether t moves with x."""
    if isinstance(node, ast.Name) and node.id in scope.bound:
        return
    moving = x.tensor if isinstance(x, Entry) else x
    if any(isinstance(a, Array) and moving in named_objects(a.body) for a in scope.bound.values()):
        fail(node, scope, f"an argument of the abbreviation speaks of {moving}, by which its body differentiates")


def _tensor(node: ast.expr, scope: Scope) -> Array:
    """A declared array, entry by entry, to differentiate by."""
    if isinstance(node, ast.Name) and node.id in scope.shared.abbreviations:
        fail(node, scope, f"{node.id} is an abbreviation; differentiate by a declared name")
    x = value(node, scope)
    _check_apart(node, x.body, scope)
    if not x.ndim:
        return Array((), _variable(node, scope))
    if not isinstance(x.body, Entry):
        fail(node, scope, "differentiate by a declared array")
    return x


def grad(node: ast.Call, scope: Scope) -> Array:
    """The gradient of a scalar, of the shape of x."""
    arguments(node, scope, 2, 2)
    (f, needs), x = _function(node.args[0], scope), _tensor(node.args[1], scope)
    if f.ndim:
        fail(node.args[0], scope, f"grad needs a scalar; this has shape {shape_text(f)}: use jacobian, or sum it")
    _differentiable(needs, [x.body], scope)
    return Array(x.indices, D(f.body, x.body))


def jacobian(node: ast.Call, scope: Scope) -> Array:
    """J[i, j] = df_i / dx_j: the axes of f, then those of x."""
    arguments(node, scope, 2, 2)
    (f, needs), x = _function(node.args[0], scope), _tensor(node.args[1], scope)
    _differentiable(needs, [x.body], scope)
    return Array((*f.indices, *x.indices), D(f.body, x.body))


def hessian(node: ast.Call, scope: Scope) -> Array:
    """H[i, j] = d^2 f / dx_i dx_j of a scalar."""
    arguments(node, scope, 2, 2)
    (f, needs), x, y = _function(node.args[0], scope), _tensor(node.args[1], scope), _tensor(node.args[1], scope)
    _differentiable(needs, [x.body], scope)
    if f.ndim:
        fail(node.args[0], scope, f"hessian needs a scalar; this has shape {shape_text(f)}")
    return Array((*x.indices, *y.indices), D(D(f.body, x.body), y.body))
