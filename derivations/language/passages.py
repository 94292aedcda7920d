"""limit and integrate: what binds a real variable."""

from __future__ import annotations

import ast
from dataclasses import replace

import sympy as sp

from derivations.calculus.domains import Domain
from derivations.calculus.operators import Binder, Bound, Integral, Limit, LimitAt
from derivations.calculus.substitution import subexpressions, substitute
from derivations.calculus.symbols import Entry, Scalar, Size
from derivations.language.arguments import arguments, whole
from derivations.language.elaboration import entry_value, fail, value
from derivations.language.scope import Passage, Scope
from derivations.language.values import Array, scalar
from derivations.language.vocabulary import INFINITY, Need


def limit(node: ast.Call, scope: Scope) -> Array:
    """limit(f, x, a): from both sides, or the one where f has a meaning; dir=1 from above, dir=-1 from below.

    Of a size only at oo.
    """
    keywords = arguments(node, scope, 3, 3, ("dir",))
    x = _variable(node.args[1], scope)
    point = _extended(node.args[2], scope)
    side = whole(keywords["dir"], scope, "dir") if "dir" in keywords else 0
    if side not in (-1, 0, 1):
        fail(keywords["dir"], scope, "dir is 1 (from above), -1 (from below) or 0 (both)")
    if isinstance(x, Size):
        if point is not sp.oo:
            fail(node.args[2], scope, f"{x} is a size: it can only tend to oo")
        f, needs = _with_needs(node.args[0], replace(scope, silent=(*scope.silent, x)))
        if any(x in node.free_symbols for node in subexpressions(f.body) if isinstance(node, (Binder, Entry))):
            return _passage(f, Limit(f.body, x), needs, scope)
        # no sum runs to it: where the limit over the reals exists, it is the limit over the whole numbers
        real = _fresh_bound(Scalar(x.name, Domain(x.minimum, sp.oo, True)), scope)
        needed: list[Need] = [(substitute(e, {x: real}), r) for e, r in needs]  # type: ignore[misc]
        return _passage(f, LimitAt(substitute(f.body, {x: real}), real, point), needed, scope)
    side = _side(x, point, side, node, scope)
    f, bound, needs = _body(node.args[0], node.args[1].id, x, scope)  # type: ignore[attr-defined]
    if not side and not point.is_infinite and "dir" not in keywords:
        side = _side_with_meaning(bound, point, needs)
        if side:
            scope.shared.notes[f"{x} → {point} from {'above' if side > 0 else 'below'}"] = None
    return _passage(f, LimitAt(f.body, bound, point, side), needs, scope)


def _with_needs(node: ast.expr, scope: Scope) -> tuple[Array, list[Need]]:
    """An expression, and what it needs of the silent variables."""
    shared = scope.shared
    before, shared.inner = shared.inner, []
    try:
        return value(node, scope), shared.inner
    finally:
        shared.inner = before


def _passage(f: Array, node: Limit | LimitAt | Integral, needs: list[Need], scope: Scope) -> Array:
    """The limit or integral of f, entry by entry; it is kept, for SymPy may cancel it together with what it needs."""
    scope.shared.passages.append(Passage(node, tuple(dict.fromkeys(needs))))
    return Array(f.indices, node)


def _side_with_meaning(x: Bound, point: sp.Expr, needs: list[Need]) -> int:
    """The side of a point on which a function has a meaning, 1 for log(x) at 0; 0 where it may have one on both."""
    sides = set()
    for expression, requirement in needs:
        slope = expression.coeff(x, 1)
        rest = sp.expand(expression - slope * x)
        linear = slope.is_Rational and slope != 0 and x not in rest.free_symbols
        if linear and requirement != "≠ 0" and sp.expand(slope * point + rest) == 0:
            sides.add(1 if slope > 0 else -1)
    return sides.pop() if len(sides) == 1 else 0


def _side(x: Scalar, point: sp.Expr, side: int, node: ast.Call, scope: Scope) -> int:
    """At an end of the declared domain the limit is the one from inside."""
    _check_inside(x, point, node.args[2], scope)
    if point.is_infinite:
        return 0
    inside = 1 if point == x.domain.low else -1 if point == x.domain.high else side
    if side not in (0, inside):
        fail(node.args[2], scope, f"{x} is declared to lie on the other side of {point}")
    return inside


def integrate(node: ast.Call, scope: Scope) -> Array:
    """integrate(f, (x, a, b)). The indefinite integrate(f, x) is read where a whole side is one (claims.py)."""
    arguments(node, scope, 2, 2)
    over = node.args[1]
    if not isinstance(over, ast.Tuple):
        fail(node, scope, "an indefinite integral must be a whole side of an equality; a definite one has (x, a, b)")
    if len(over.elts) != 3:
        fail(over, scope, "the range of an integral is written (x, a, b)")
    x = _variable(over.elts[0], scope)
    if isinstance(x, Size):
        fail(over.elts[0], scope, f"{x} is a size: sum over it")
    low, high = (_extended(e, scope) for e in over.elts[1:])
    for at, point in zip(over.elts[1:], (low, high), strict=True):
        _check_inside(x, point, at, scope)
    f, bound, needs = _body(node.args[0], over.elts[0].id, x, scope)  # type: ignore[attr-defined]
    return _passage(f, Integral(f.body, bound, low, high), needs, scope)


def _variable(node: ast.expr, scope: Scope) -> Scalar | Size:
    if not isinstance(node, ast.Name):
        fail(node, scope, "the variable must be a name")
    x = entry_value(node, scope, "the variable")
    if not isinstance(x, (Scalar, Size)):
        fail(node, scope, f"{node.id} cannot be the variable here")
    if isinstance(x, Scalar) and x.domain.integer:
        fail(node, scope, f"{x} is a whole number: the variable must be real")
    return x


def _check_inside(x: Scalar, point: sp.Expr, node: ast.expr, scope: Scope) -> None:
    """What is declared of x holds of the values it takes here: |x| is x under ``x > 0``, and not over (-1, 1)."""
    low, high = x.domain.low, x.domain.high
    above = low == -sp.oo or point == sp.oo or (point - low).is_nonnegative
    below = high == sp.oo or point == -sp.oo or (high - point).is_nonnegative
    if not (above and below):
        fail(node, scope, f"{point} is not provably in the domain that is declared for {x}: choose another variable")


def _body(node: ast.expr, name: str, x: Scalar, scope: Scope) -> tuple[Array, Bound, list[Need]]:
    """What stands under a limit or an integral, with its variable, and what that needs of the variable.

    An abbreviation ``s = x**2`` is read as if written out: its x is the variable. The arguments of ``f(x)``, in whose
    body this stands, are not: their x is the one outside.
    """
    bound, outside = _fresh_bound(x, scope), _fresh_bound(x, scope)
    arguments = {n: a for n, a in scope.bound.items() if isinstance(a, Array)} if scope.depth else {}
    hidden = {n: Array(a.indices, substitute(a.body, {x: outside})) for n, a in arguments.items()}  # type: ignore[arg-type]
    inner = replace(scope.binding(**hidden).binding(**{name: scalar(bound)}), silent=(*scope.silent, x, bound))
    shared, before = scope.shared, scope.shared.inner
    f, found = _with_needs(node, inner)
    shown = {x: bound, outside: x}
    needs = [(substitute(e, shown), requirement) for e, requirement in found]
    shared.inner = [*before, *((e, r) for e, r in needs if bound not in e.free_symbols)]
    return Array(f.indices, substitute(f.body, shown)), bound, needs  # type: ignore[arg-type,return-value]


def _fresh_bound(x: Scalar, scope: Scope) -> Bound:
    name, taken = x.name, scope.shared.names.taken
    while name in taken:
        name += "'"
    taken.add(name)
    return Bound(name, x.domain)


def _extended(node: ast.expr, scope: Scope) -> sp.Expr:
    """A number, oo or -oo."""
    return infinity(node) or entry_value(node, scope, "an end")


def infinity(node: ast.expr) -> sp.Expr | None:
    """oo or -oo, where a tree is just that."""
    if isinstance(node, ast.UnaryOp):
        inner = infinity(node.operand)
        return inner and (-inner if isinstance(node.op, ast.USub) else inner)
    return sp.oo if isinstance(node, ast.Name) and node.id == INFINITY else None
