"""From syntax trees to arrays: arithmetic, names, subscripts, calls.

A name is, in this order: bound here (an index, a parameter), an abbreviation, declared, an index because it is used as
a subscript, a constant, a real scalar. Names of functions are functions where they are called and nothing elsewhere.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn

import sympy as sp

from derivations.calculus.affine import provably_within
from derivations.calculus.operators import Binder, Integral, LimitAt
from derivations.calculus.symbols import CalculusError, Entry, Index, Scalar, Size, Tensor
from derivations.language.errors import BeyondLimits, InvalidClaim, place_at
from derivations.language.scope import Abbreviation, Scope
from derivations.language.values import Array, ShapeError, elementwise, matmul, refreshed, scalar, shape_text, transpose
from derivations.language.vocabulary import (
    ALSO_NAMES,
    CONSTANTS,
    FUNCTIONS,
    INFINITY,
    LARGEST_NUMBER,
    Elementwise,
    number,
    power,
    power_needs,
)

DEEPEST_CALLS = 20
MOST_STEPS = 50_000  # expressions read for one claim
MOST_PARTS = 20_000  # parts of one expression, its abbreviations written out


def fail(node: ast.AST, scope: Scope, message: str) -> NoReturn:
    """Raise InvalidClaim at a node."""
    raise InvalidClaim(message, place_at(scope.text, getattr(node, "col_offset", 0), scope.origin))


def value(node: ast.expr, scope: Scope) -> Array:
    """What an expression means; raises InvalidClaim at the node that has no meaning."""
    handler = _HANDLERS.get(type(node))
    if handler is None:
        fail(node, scope, "what is in brackets with commas stands only as a range (k, 1, n), a subscript or an axis")
    scope.shared.steps += 1
    if scope.shared.steps > MOST_STEPS:
        raise BeyondLimits(f"more than {MOST_STEPS} expressions to read")
    try:
        found = handler(node, scope)
        _check_parts(found.body, scope.shared.sizes)
        return found
    except (ShapeError, CalculusError) as error:
        fail(node, scope, str(error))


def entry_value(node: ast.expr, scope: Scope, what: str) -> sp.Expr:
    """The value of an expression that must be a scalar."""
    found = value(node, scope)
    if found.ndim:
        fail(node, scope, f"{what} must be a scalar; this has shape {shape_text(found)}")
    return found.body


def _check_parts(e: sp.Expr, sizes: dict[sp.Basic, int]) -> int:
    """How many parts an expression has. Raises where one of them has no real value, or they are too many.

    What has been looked at before is in ``sizes``. The ends of integrals and the points of limits may be oo.
    """
    if e in sizes:
        return sizes[e]
    if e in (sp.zoo, sp.nan, sp.I, sp.oo, -sp.oo):
        raise CalculusError("this has no real value")
    if e.is_Rational and max(abs(int(e.p)), int(e.q)).bit_length() > LARGEST_NUMBER:
        raise BeyondLimits("a number with thousands of digits")
    parts = () if isinstance(e, Entry) else e.args[:1] if isinstance(e, (LimitAt, Integral, Binder)) else e.args
    size = 1 + sum(_check_parts(part, sizes) for part in parts)  # type: ignore[arg-type]
    if size > MOST_PARTS:
        raise BeyondLimits(f"an expression of more than {MOST_PARTS} parts")
    sizes[e] = size
    return size


# ---- leaves ----------------------------------------------------------------------------------------------------


def _constant(node: ast.Constant, scope: Scope) -> Array:
    if node.value is None or isinstance(node.value, bool):
        fail(node, scope, f"{node.value} has no value here: it stands in keepdims=True and in x[:, None] only")
    return scalar(number(scope.text[node.col_offset : node.end_col_offset]))


def _name(node: ast.Name, scope: Scope) -> Array:
    name, shared = node.id, scope.shared
    if name in scope.bound:
        found = scope.bound[name]
        return refreshed(found, shared.names) if isinstance(found, Array) else scalar(found)
    if name in shared.abbreviations:
        abbreviation = shared.abbreviations[name]
        if abbreviation.value is None:
            fail(node, scope, f"{name} is a function: write {name}({', '.join(abbreviation.parameters)})")
        scope.need(abbreviation.needs)
        _check_meant(node, abbreviation.value, scope)
        return refreshed(abbreviation.value, shared.names)
    if name in shared.declared:
        return _declared(shared.declared[name], scope)
    if name in shared.free_indices:
        index = shared.free_indices[name]
        if index is None:
            fail(node, scope, f"the range of {name} is not known here: use it as a subscript first")
        return scalar(index)
    if name in CONSTANTS:
        return scalar(CONSTANTS[name])
    if name == INFINITY:
        fail(node, scope, "oo stands as the point of a limit, the end of an integral, or alone on one side")
    if is_function(name) and name not in ALSO_NAMES:
        fail(node, scope, f"{name} is a function: write {name}(...)")
    shared.declared[name] = Scalar(name)
    shared.implied.add(name)
    return scalar(shared.declared[name])


def _check_meant(node: ast.Name, found: Array, scope: Scope) -> None:
    """An abbreviation that speaks of another k than the sum around it: what is meant cannot be told."""
    for name, bound in scope.bound.items():
        if isinstance(bound, Index) and any(s.name == name and s != bound for s in found.body.free_symbols):  # type: ignore[attr-defined]
            fail(
                node,
                scope,
                f"{node.id} speaks of another {name} than the sum here: write let '{node.id}[{name}] = ...'",
            )


def _declared(thing: Scalar | Size | Tensor | sp.Integer, scope: Scope) -> Array:
    if not isinstance(thing, Tensor):
        return scalar(thing)
    indices = tuple(scope.shared.names.index(high) for _, high in thing.axes)
    return Array(indices, thing[indices])


def is_function(name: str) -> bool:
    """Whether the language has a function of this name."""
    from derivations.language.calls import CALLS

    return name in FUNCTIONS or name in CALLS


ELSEWHERE = {  # what other languages call it
    "sigma": "sigmoid(x)", "derivative": "diff(f, x)", "gradient": "grad(f, x)", "ln1p": "log1p(x)", "pow": "x**n",
    "arcsin": "asin(x)", "arccos": "acos(x)", "arctan": "atan(x)", "arcsinh": "asinh(x)", "arccosh": "acosh(x)",
    "arctanh": "atanh(x)", "where": "step(x), max(x, y), abs(x)", "integral": "integrate(f, (x, a, b))",
    "matmul": "A@B", "transpose": "A.T", "einsum": "sum(A[i,k]*B[k,j], k)", "sgn": "sign(x)", "lim": "limit(f, x, a)",
    "average": "mean(x)", "factorial": "gamma(n + 1)", "clip": "min(max(x, a), b)", "clamp": "min(max(x, a), b)",
}  # fmt: skip


# ---- operators -------------------------------------------------------------------------------------------------


def _binary(node: ast.BinOp, scope: Scope) -> Array:
    """A chain such as a + b + c is read from the left, without a level of recursion for each term."""
    chain: list[ast.BinOp] = []
    first: ast.expr = node
    while isinstance(first, ast.BinOp):
        chain.append(first)
        first = first.left
    result = value(first, scope)
    terms: list[Array] = []  # of a sum of scalars, added at once: SymPy would sort them anew at each step
    for step in reversed(chain):
        right = value(step.right, scope)
        if isinstance(step.op, (ast.Add, ast.Sub)) and not (result.ndim or right.ndim):
            terms += [] if terms else [result]
            terms.append(right if isinstance(step.op, ast.Add) else Array((), -right.body))
            continue
        result = _combined(step, _total(terms) if terms else result, right, scope)
        terms = []
    return _total(terms) if terms else result


def _total(terms: list[Array]) -> Array:
    return scalar(sp.Add(*(term.body for term in terms)))


def _combined(node: ast.BinOp, left: Array, right: Array, scope: Scope) -> Array:
    try:
        if isinstance(node.op, ast.MatMult):
            return matmul(left, right, scope.shared.names)
        f, needs = OPERATORS[type(node.op)]
        return applied(Elementwise((2, 2), f, needs), (left, right), node, scope)
    except ShapeError as error:
        symbol = "" if isinstance(node.op, ast.MatMult) else f"'{SYMBOLS[type(node.op)]}': "
        fail(node.right, scope, f"{symbol}{error}")


SYMBOLS: dict[type, str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
OPERATORS: dict[type, tuple[Callable, Callable]] = {
    ast.Add: (lambda x, y: x + y, lambda x, y: ()),
    ast.Sub: (lambda x, y: x - y, lambda x, y: ()),
    ast.Mult: (lambda x, y: x * y, lambda x, y: ()),
    ast.Div: (lambda x, y: x / y, lambda x, y: [(y, "≠ 0")]),
    ast.Pow: (power, power_needs),
}


def _unary(node: ast.UnaryOp, scope: Scope) -> Array:
    operand = value(node.operand, scope)
    return operand if isinstance(node.op, ast.UAdd) else Array(operand.indices, -operand.body)


def applied(f: Elementwise, arrays: tuple[Array, ...], node: ast.expr, scope: Scope) -> Array:
    """A function of entries, with what it needs noted, or refused at once where a number does not satisfy it."""

    def build(*entries: sp.Expr) -> sp.Expr:
        for expression, requirement in f.needs(*entries):
            known = satisfies(expression, requirement) if expression.is_number else None
            if known is False:
                what = "this is only read where its arguments are positive" if f.partial else "this has no real value"
                fail(node, scope, f"{what}: {expression} should be {requirement}")
            if known is None:
                scope.need([(expression, requirement)])
        return f.build(*entries)

    return elementwise(build, scope.shared.names, *arrays)


def satisfies(number: sp.Expr, requirement: str) -> bool | None:
    """Whether a number satisfies a requirement; None where SymPy cannot tell."""
    if requirement == "≠ 0":
        return None if number.is_zero is None else not number.is_zero
    return number.is_positive if requirement == "> 0" else number.is_nonnegative


def _attribute(node: ast.Attribute, scope: Scope) -> Array:
    return transpose(value(node.value, scope))


# ---- subscripts ------------------------------------------------------------------------------------------------


def _subscript(node: ast.Subscript, scope: Scope) -> Array:
    array = value(node.value, scope)
    subscripts = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
    if any(map(_is_new_axis, subscripts)):
        array = _with_new_axes(array, subscripts, scope)
        subscripts = [ast.copy_location(ast.Slice(), s) if _is_new_axis(s) else s for s in subscripts]
    if len(subscripts) > array.ndim:
        fail(node.slice, scope, _too_many_subscripts(node.value, array, len(subscripts)))
    indices, positions = [], []
    for position, k in enumerate(array.indices):
        if position >= len(subscripts) or _is_whole(subscripts[position]):
            fresh = scope.shared.names.index(k.high)
            indices.append(fresh)
            positions.append(fresh)
        else:
            positions.append(_position(subscripts[position], k.high, scope))
    try:
        return Array(tuple(indices), array.at(*positions))
    except ShapeError as error:
        fail(node.slice, scope, str(error))


def _too_many_subscripts(node: ast.expr, array: Array, count: int) -> str:
    if not array.ndim:
        hint = f": declare an array, as in '{node.id}: real[n]'" if isinstance(node, ast.Name) else ""
        return f"a scalar has no subscripts{hint}"
    return f"{count} subscripts for an array of shape {shape_text(array)}"


def _is_new_axis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _with_new_axes(array: Array, subscripts: list[ast.expr], scope: Scope) -> Array:
    """An axis of size 1 wherever None stands."""
    indices, old = [], list(array.indices)
    for subscript in subscripts:
        if _is_new_axis(subscript):
            indices.append(scope.shared.names.index(sp.S.One))
        elif old:
            indices.append(old.pop(0))
    return Array((*indices, *old), array.body)


def _is_whole(node: ast.expr) -> bool:
    return isinstance(node, ast.Slice) and node.lower is None and node.upper is None and node.step is None


def _position(node: ast.expr, size: sp.Expr, scope: Scope) -> sp.Expr:
    """A subscript on an axis of this size; a name that is new here becomes an index over the axis."""
    if isinstance(node, ast.Slice):
        fail(node, scope, "only the whole axis ':' can be a slice")
    for name in free_names(node):
        if name in scope.shared.free_indices and scope.shared.free_indices[name] is None and name not in scope.bound:
            scope.shared.free_indices[name] = Index(name, 1, size)
    found = entry_value(node, scope, "a subscript")
    plain = isinstance(node, ast.Name) and isinstance(found, Index)
    if plain and found.low == 1 and found.high != size and not provably_within(found, 1, size):
        fail(node, scope, f"the index {node.id} runs over 1..{found.high} elsewhere and over 1..{size} here")
    if not (found.is_integer or found.is_Integer):
        fail(node, scope, "a subscript must be an index, a size or a whole number")
    if not provably_within(found, 1, size):
        fail(node, scope, f"the subscript {found} is not provably between 1 and {size}{_subscript_mend(found, size)}")
    return found


def _subscript_mend(subscript: sp.Expr, size: sp.Expr) -> str:
    if subscript.is_Integer and subscript > 1 and isinstance(size, Size):
        return f": declare {size} >= {subscript}"
    return ": subscripts count from 1" if subscript.is_Integer and subscript < 1 else ""


def free_names(node: ast.AST) -> list[str]:
    """The names in a tree, functions that are called left out."""
    called = {id(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}
    return [n.id for n in ast.walk(node) if isinstance(n, ast.Name) and id(n) not in called]


def index_names(node: ast.AST) -> list[str]:
    """The names that one subscript, or one delta, uses as indices."""
    if isinstance(node, ast.Subscript):
        return free_names(node.slice)
    is_delta = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "delta"
    return [name for argument in node.args for name in free_names(argument)] if is_delta else []  # type: ignore


# ---- calls -----------------------------------------------------------------------------------------------------


def _call(node: ast.Call, scope: Scope) -> Array:
    from derivations.language.calls import CALLS

    if not isinstance(node.func, ast.Name):
        fail(node, scope, "only a function of the language can be called")
    name = node.func.id
    abbreviation = scope.shared.abbreviations.get(name)
    if abbreviation is not None and abbreviation.tree is not None:
        return _abbreviated(node, abbreviation, scope)
    if name in CALLS:
        return CALLS[name](node, scope)
    if name not in FUNCTIONS:
        fail(node, scope, _unknown_function(name, scope))
    no_keywords(node, scope)
    f = FUNCTIONS[name]
    low, high = f.arguments
    if not low <= len(node.args) <= high:
        expected = str(low) if low == high else f"{low} or more" if high > 2 else f"{low} or {high}"
        fail(node, scope, f"{name} takes {expected} argument{'s' * (expected != '1')}, not {len(node.args)}")
    arguments = tuple(value(a, scope) for a in node.args)
    try:
        return applied(f, arguments, node, scope)
    except ShapeError as error:
        fail(node, scope, f"{name}: {error}")


def _unknown_function(name: str, scope: Scope) -> str:
    from derivations.language.calls import CALLS

    if len(name) == 1 or name in scope.bound or name in scope.shared.declared or name in scope.shared.abbreviations:
        return f"{name} is no function: a product is written {name}*(...), an abbreviation is defined with let"
    if name.lower() in ELSEWHERE:
        return f"there is no function {name!r}: write {ELSEWHERE[name.lower()]}"
    known = sorted((*FUNCTIONS, *CALLS), key=len)
    near = [k for k in known if len(name) > 2 and k.startswith(name.lower())]
    near = near or difflib.get_close_matches(name, known, 1, 0.75)
    return f"there is no function {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")


def no_keywords(node: ast.Call, scope: Scope) -> None:
    if node.keywords:
        fail(node.keywords[0].value, scope, f"{node.func.id} takes no {node.keywords[0].arg}=")  # type: ignore[attr-defined]


def _abbreviated(node: ast.Call, abbreviation: Abbreviation, scope: Scope) -> Array:
    no_keywords(node, scope)
    if len(node.args) != len(abbreviation.parameters):
        count = len(abbreviation.parameters)
        fail(node, scope, f"{abbreviation.name} takes {count} argument{'s' * (count != 1)}, not {len(node.args)}")
    if scope.depth >= DEEPEST_CALLS:
        fail(node, scope, f"{abbreviation.name} calls itself, or abbreviations call each other too deeply")
    arguments = {p: value(a, scope) for p, a in zip(abbreviation.parameters, node.args, strict=True)}
    inner = replace(scope, text=abbreviation.text, origin="let", bound=arguments, depth=scope.depth + 1)
    return value(abbreviation.tree, inner)  # type: ignore[arg-type]


_HANDLERS: dict[type, Callable[..., Array]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Call: _call,
}
