"""The operators of the claim language: derivatives, sums and other reductions, limits, integrals.

CALLS["diff"](node, scope)      what diff(f, x) means at this place
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace

import sympy as sp

from derivations.calculus.affine import linear_terms
from derivations.calculus.operators import Bound, D, Delta, Integral, Limit, LimitAt, Maximum, Product, Sum
from derivations.calculus.substitution import substitute
from derivations.calculus.symbols import CalculusError, Entry, Index, Scalar, Size
from derivations.language.elaboration import applied, entry_value, fail, free_names, value
from derivations.language.errors import BeyondLimits, InvalidClaim
from derivations.language.scope import Scope
from derivations.language.values import Array, ShapeError, matmul, reduced, scalar, shape_text
from derivations.language.vocabulary import INFINITY, Elementwise, maximum, minimum

HIGHEST_ORDER = 8


def _arguments(
    node: ast.Call, scope: Scope, low: int, high: int, keywords: tuple[str, ...] = ()
) -> dict[str, ast.expr]:
    """Check the number of arguments; the keywords by name."""
    name = node.func.id  # type: ignore[attr-defined]
    if not low <= len(node.args) <= high:
        expected = str(low) if low == high else f"{low} to {high}"
        fail(node, scope, f"{name} takes {expected} argument{'s' * (expected != '1')}, not {len(node.args)}")
    for keyword in node.keywords:
        if keyword.arg not in keywords:
            known = f": only {', '.join(keywords)}" if keywords else ""
            fail(keyword.value, scope, f"{name} takes no {keyword.arg}={known}")
    return {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}


def _whole(node: ast.expr, scope: Scope, what: str) -> int:
    number = entry_value(node, scope, what)
    if not number.is_Integer:
        fail(node, scope, f"{what} must be a whole number")
    return int(number)


# ---- derivatives -----------------------------------------------------------------------------------------------


def _diff(node: ast.Call, scope: Scope) -> Array:
    """diff(f, x), diff(f, x, 2), diff(f, x, y): by scalars and entries, of f entry by entry."""
    _arguments(node, scope, 2, 6)
    f = value(node.args[0], scope)
    body = f.body
    variables: list[sp.Expr] = []
    for argument in node.args[1:]:
        if variables and isinstance(argument, ast.Constant):
            order = _whole(argument, scope, "the order of a derivative")
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


def _grad(node: ast.Call, scope: Scope) -> Array:
    """The gradient of a scalar, of the shape of x."""
    _arguments(node, scope, 2, 2)
    f, x = value(node.args[0], scope), _tensor(node.args[1], scope)
    if f.ndim:
        fail(node.args[0], scope, f"grad needs a scalar; this has shape {shape_text(f)}: use jacobian, or sum it")
    return Array(x.indices, D(f.body, x.body))


def _jacobian(node: ast.Call, scope: Scope) -> Array:
    """J[i, j] = df_i / dx_j: the axes of f, then those of x."""
    _arguments(node, scope, 2, 2)
    f, x = value(node.args[0], scope), _tensor(node.args[1], scope)
    return Array((*f.indices, *x.indices), D(f.body, x.body))


def _hessian(node: ast.Call, scope: Scope) -> Array:
    """H[i, j] = d^2 f / dx_i dx_j of a scalar."""
    _arguments(node, scope, 2, 2)
    f, x, y = value(node.args[0], scope), _tensor(node.args[1], scope), _tensor(node.args[1], scope)
    if f.ndim:
        fail(node.args[0], scope, f"hessian needs a scalar; this has shape {shape_text(f)}")
    return Array((*x.indices, *y.indices), D(D(f.body, x.body), y.body))


# ---- sums and other reductions ---------------------------------------------------------------------------------


def _over_index(binder: Callable[..., sp.Expr]) -> Callable[[ast.Call, Scope], Array]:
    """sum(f) of all entries, sum(f, axis=0), sum(f, k) over an index, sum(f, (k, 1, t)) with its range."""

    def call(node: ast.Call, scope: Scope) -> Array:
        keywords = _arguments(node, scope, 1, 4, ("axis",))
        if len(node.args) == 1:
            return _reduction(lambda e, *over: binder(e, *over))(node, scope)
        if keywords:
            fail(node, scope, "either an index or axis=, not both")
        inner = scope
        indices = []
        for argument in node.args[1:]:
            k = _bound_index(argument, node.args[0], inner)
            indices.append(k)
            inner = inner.binding(**{k.name: k})
        f = value(node.args[0], inner)
        return Array(f.indices, binder(f.body, *indices))

    return call


def _bound_index(node: ast.expr, body: ast.expr, scope: Scope) -> Index:
    """The index of a sum: ``k``, whose range is that of the axes it stands on, or ``(k, low, high)``."""
    if isinstance(node, ast.Tuple):
        if len(node.elts) != 3 or not isinstance(node.elts[0], ast.Name):
            fail(node, scope, "a range is written (k, low, high)")
        low, high = (_end(e, scope) for e in node.elts[1:])
        try:
            return Index(node.elts[0].id, low, high)
        except CalculusError as error:
            fail(node, scope, str(error))
    if not isinstance(node, ast.Name):
        fail(node, scope, "an index is a name, or a range (k, low, high)")
    size = _size_of_axis(node.id, body, scope)
    if size is None:
        fail(node, scope, f"the range of {node.id} is not known: it is no subscript here. Write ({node.id}, 1, n)")
    return Index(node.id, 1, size)


def _end(node: ast.expr, scope: Scope) -> sp.Expr:
    end = entry_value(node, scope, "the end of a range")
    if linear_terms(end) is None or any(isinstance(s, Scalar) for s in end.free_symbols):
        fail(node, scope, "the end of a range is a whole number or an integer; declare it, as in 't: integer; t >= 1'")
    return end


def _size_of_axis(name: str, body: ast.expr, scope: Scope) -> sp.Expr | None:
    """The size of the first axis on which the name is a subscript by itself, or shifted."""
    for part in ast.walk(body):
        if isinstance(part, ast.Subscript):
            subscripts = part.slice.elts if isinstance(part.slice, ast.Tuple) else [part.slice]
            for position, subscript in enumerate(subscripts):
                if name not in free_names(subscript):
                    continue
                shape = _shape_of(part.value, scope)
                if shape is not None and position < len(shape):
                    return shape[position]
        elif isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id == "delta":
            for one, other in (part.args, part.args[::-1]) if len(part.args) == 2 else ():
                if isinstance(one, ast.Name) and one.id == name and isinstance(other, ast.Name):
                    known = scope.bound.get(other.id) or scope.shared.free_indices.get(other.id)
                    if isinstance(known, Index) and known.low == 1:
                        return known.high
    return None


def _shape_of(node: ast.expr, scope: Scope) -> tuple[sp.Expr, ...] | None:
    """The shape of an expression, None where it cannot be read by itself, as when it uses the index in question."""
    needs = dict(scope.shared.needs)
    try:
        return value(node, scope).shape
    except (InvalidClaim, BeyondLimits):
        return None
    finally:
        scope.shared.needs = needs


def _axes(node: ast.expr | None, a: Array, scope: Scope) -> list[int] | None:
    """The axes that ``axis=`` names; None for all."""
    if node is None:
        return None
    chosen = []
    for part in node.elts if isinstance(node, ast.Tuple) else [node]:
        axis = _whole(part, scope, "an axis")
        if not -a.ndim <= axis < a.ndim:
            fail(part, scope, f"axis {axis} of an array of shape {shape_text(a)}")
        chosen.append(axis % a.ndim)
    return chosen


def _reduction(reduce: Callable[..., sp.Expr]) -> Callable[[ast.Call, Scope], Array]:
    """A reduction of all entries, or along ``axis=``."""

    def call(node: ast.Call, scope: Scope) -> Array:
        keywords = _arguments(node, scope, 1, 1, ("axis",))
        a = value(node.args[0], scope)
        return reduced(reduce, a, scope.shared.names, _axes(keywords.get("axis"), a, scope))

    return call


def _count(over: tuple[Index, ...]) -> sp.Expr:
    return sp.Mul(*(k.extent for k in over))


def _mean(e: sp.Expr, *over: Index) -> sp.Expr:
    return Sum(e, *over) / _count(over)


def _spread(root: bool) -> Callable[[ast.Call, Scope], Array]:
    """var and std: the mean of squared deviations, divisor n - ddof."""

    def call(node: ast.Call, scope: Scope) -> Array:
        keywords = _arguments(node, scope, 1, 1, ("axis", "ddof"))
        a = value(node.args[0], scope)
        ddof = _whole(keywords["ddof"], scope, "ddof") if "ddof" in keywords else 0
        if not a.ndim:
            return scalar(0)

        def spread(e: sp.Expr, *over: Index) -> sp.Expr:
            inner = tuple(scope.shared.names.index(k.high) for k in over)
            mean = _mean(substitute(e, dict(zip(over, inner, strict=True))), *inner)  # type: ignore[arg-type]
            divisor = _count(over) - ddof
            if ddof:
                scope.need([(divisor, "≠ 0")])
            squares = Sum((e - mean) ** 2, *over) / divisor
            if root:
                scope.need([(squares, "≥ 0")])
            return sp.sqrt(squares) if root else squares

        return reduced(spread, a, scope.shared.names, _axes(keywords.get("axis"), a, scope))

    return call


def _extreme(pick: Callable, largest: int) -> Callable[[ast.Call, Scope], Array]:
    """max(x) of all entries or along axis=; max(x, y) entry by entry."""

    def call(node: ast.Call, scope: Scope) -> Array:
        _arguments(node, scope, 1, 99, ("axis",))
        if len(node.args) == 1:
            return _reduction(lambda e, *over: largest * Maximum(largest * e, *over))(node, scope)
        if node.keywords:
            fail(node, scope, "either several arguments or axis=, not both")
        result, *others = (value(a, scope) for a in node.args)
        for other in others:
            result = applied(Elementwise((2, 2), pick), (result, other), node, scope)
        return result

    return call


def _norm(node: ast.Call, scope: Scope) -> Array:
    """The Euclidean norm of all entries, or along axis=."""

    def norm(e: sp.Expr, *over: Index) -> sp.Expr:
        return sp.sqrt(Sum(e**2, *over))

    a = value(node.args[0], scope) if node.args else None
    if a is not None and not a.ndim:
        return Array((), sp.Abs(a.body))
    return _reduction(norm)(node, scope)


def _softmax(log: bool) -> Callable[[ast.Call, Scope], Array]:
    """exp(z) / sum exp(z) along an axis, its logarithm when ``log``; of a matrix the axis must be said."""

    def call(node: ast.Call, scope: Scope) -> Array:
        keywords = _arguments(node, scope, 1, 1, ("axis",))
        z = value(node.args[0], scope)
        name = node.func.id  # type: ignore[attr-defined]
        if not z.ndim:
            fail(node.args[0], scope, f"{name} of a scalar; declare an array, as in 'z: real[n]'")
        if z.ndim > 1 and "axis" not in keywords:
            fail(node, scope, f"{name} of an array of shape {shape_text(z)} needs axis=")
        over = set(_axes(keywords.get("axis"), z, scope) or [0])
        inner = [scope.shared.names.index(k.high) if p in over else k for p, k in enumerate(z.indices)]
        total = Sum(sp.exp(z.at(*inner)), *(k for p, k in enumerate(inner) if p in over))
        return Array(z.indices, z.body - sp.log(total) if log else sp.exp(z.body) / total)

    return call


def _logsumexp(e: sp.Expr, *over: Index) -> sp.Expr:
    return sp.log(Sum(sp.exp(e), *over))


# ---- products of arrays ----------------------------------------------------------------------------------------


def _dot(node: ast.Call, scope: Scope) -> Array:
    """The inner product of two vectors; of higher shapes what '@' means."""
    _arguments(node, scope, 2, 2)
    a, b = (value(argument, scope) for argument in node.args)
    try:
        return matmul(a, b, scope.shared.names)
    except ShapeError as error:
        fail(node, scope, f"dot: {error}")


def _outer(node: ast.Call, scope: Scope) -> Array:
    _arguments(node, scope, 2, 2)
    a, b = (value(argument, scope) for argument in node.args)
    if a.ndim != 1 or b.ndim != 1:
        fail(node, scope, f"outer needs two vectors, not {shape_text(a)} and {shape_text(b)}")
    i, j = scope.shared.names.index(a.shape[0]), scope.shared.names.index(b.shape[0])
    return Array((i, j), a.at(i) * b.at(j))


def _trace(node: ast.Call, scope: Scope) -> Array:
    _arguments(node, scope, 1, 1)
    a = value(node.args[0], scope)
    if a.ndim != 2 or a.shape[0] != a.shape[1]:
        fail(node.args[0], scope, f"trace needs a square matrix, not {shape_text(a)}")
    k = scope.shared.names.index(a.shape[0])
    return Array((), Sum(a.at(k, k), k))


def _diag(node: ast.Call, scope: Scope) -> Array:
    """diag(x) is the diagonal matrix of a vector, diag(A) the diagonal of a square matrix."""
    _arguments(node, scope, 1, 1)
    a = value(node.args[0], scope)
    if a.ndim == 2 and a.shape[0] == a.shape[1]:
        k = scope.shared.names.index(a.shape[0])
        return Array((k,), a.at(k, k))
    if a.ndim != 1:
        fail(node.args[0], scope, f"diag needs a vector or a square matrix, not {shape_text(a)}")
    i, j = scope.shared.names.index(a.shape[0]), scope.shared.names.index(a.shape[0])
    return Array((i, j), a.at(i) * Delta(i, j))


def _filled(f: Callable[..., sp.Expr], least: int, most: int) -> Callable[[ast.Call, Scope], Array]:
    """eye(n), ones(n), zeros(m, n)."""

    def call(node: ast.Call, scope: Scope) -> Array:
        _arguments(node, scope, least, most)
        sizes = [_end(a, scope) for a in node.args]
        indices = tuple(scope.shared.names.index(size) for size in (sizes * 2 if most == 1 else sizes))
        return Array(indices, f(*indices))

    return call


def _delta(node: ast.Call, scope: Scope) -> Array:
    _arguments(node, scope, 2, 2)
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


# ---- limits and integrals --------------------------------------------------------------------------------------


def _limit(node: ast.Call, scope: Scope) -> Array:
    """limit(f, x, a): from both sides; dir=1 from above, dir=-1 from below; of a size only at oo."""
    keywords = _arguments(node, scope, 3, 3, ("dir",))
    x = _bindable(node.args[1], scope)
    point = _extended(node.args[2], scope)
    side = _whole(keywords["dir"], scope, "dir") if "dir" in keywords else 0
    if side not in (-1, 0, 1):
        fail(keywords["dir"], scope, "dir is 1 (from above), -1 (from below) or 0 (both)")
    f = value(node.args[0], replace(scope, silent=(*scope.silent, x)))
    if isinstance(x, Size):
        if point is not sp.oo:
            fail(node.args[2], scope, f"{x} is a size: it can only tend to oo")
        return Array(f.indices, Limit(f.body, x))
    bound = _fresh_bound(x, scope)
    return Array(f.indices, LimitAt(substitute(f.body, {x: bound}), bound, point, 0 if point.is_infinite else side))


def _integrate(node: ast.Call, scope: Scope) -> Array:
    """integrate(f, (x, a, b)). The indefinite integrate(f, x) is read where a whole side is one (claims.py)."""
    _arguments(node, scope, 2, 2)
    over = node.args[1]
    if not isinstance(over, ast.Tuple):
        fail(node, scope, "an indefinite integral must be a whole side of an equality; a definite one has (x, a, b)")
    if len(over.elts) != 3:
        fail(over, scope, "the range of an integral is written (x, a, b)")
    x = _bindable(over.elts[0], scope)
    if isinstance(x, Size):
        fail(over.elts[0], scope, f"{x} is a size: sum over it")
    low, high = (_extended(e, scope) for e in over.elts[1:])
    f = value(node.args[0], replace(scope, silent=(*scope.silent, x)))
    bound = _fresh_bound(x, scope)
    return Array(f.indices, Integral(substitute(f.body, {x: bound}), bound, low, high))


def _bindable(node: ast.expr, scope: Scope) -> Scalar | Size:
    if not isinstance(node, ast.Name):
        fail(node, scope, "the variable must be a name")
    x = entry_value(node, scope, "the variable")
    if not isinstance(x, (Scalar, Size)) or isinstance(x, Bound):
        fail(node, scope, f"{node.id} cannot be the variable here")
    return x


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
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        inner = infinity(node.operand)
        return inner and (-inner if isinstance(node.op, ast.USub) else inner)
    return sp.oo if isinstance(node, ast.Name) and node.id == INFINITY else None


CALLS: dict[str, Callable[[ast.Call, Scope], Array]] = {
    "diff": _diff,
    "grad": _grad,
    "jacobian": _jacobian,
    "hessian": _hessian,
    "sum": _over_index(Sum),
    "prod": _over_index(Product),
    "mean": _reduction(_mean),
    "var": _spread(root=False),
    "std": _spread(root=True),
    "max": _extreme(maximum, 1),
    "min": _extreme(minimum, -1),
    "norm": _norm,
    "softmax": _softmax(log=False),
    "log_softmax": _softmax(log=True),
    "logsumexp": _reduction(_logsumexp),
    "dot": _dot,
    "outer": _outer,
    "trace": _trace,
    "diag": _diag,
    "eye": _filled(Delta, 1, 1),
    "ones": _filled(lambda *indices: sp.S.One, 1, 3),
    "zeros": _filled(lambda *indices: sp.S.Zero, 1, 3),
    "delta": _delta,
    "limit": _limit,
    "integrate": _integrate,
}
