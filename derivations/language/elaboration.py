"""From syntax trees to arrays: arithmetic, names, subscripts, calls.

A name is, in this order: bound here (an index, a parameter), an abbreviation, declared, an index because it is used as
a subscript, a constant, a real scalar. Names of functions are functions where they are called and nothing elsewhere.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NoReturn

import sympy as sp

from derivations.calculus.operators import Binder, Integral, LimitAt
from derivations.calculus.symbols import CalculusError, Entry, Index, Scalar, Size, Tensor
from derivations.language.errors import BeyondLimits, InvalidClaim, place_at
from derivations.language.scope import Abbreviation, Scope
from derivations.language.values import Array, ShapeError, elementwise, matmul, scalar, transpose
from derivations.language.vocabulary import (
    ALSO_NAMES,
    CONSTANTS,
    FUNCTIONS,
    INFINITY,
    LARGEST_NUMBER,
    Elementwise,
    power,
    power_needs,
)

DEEPEST_CALLS = 20
CHARACTERS_OF_SIZE = 40


def fail(node: ast.AST, scope: Scope, message: str) -> NoReturn:
    """Raise InvalidClaim at a node."""
    raise InvalidClaim(message, place_at(scope.text, getattr(node, "col_offset", 0), scope.origin))


def value(node: ast.expr, scope: Scope) -> Array:
    """What an expression means; raises InvalidClaim at the node that has no meaning."""
    try:
        found = _HANDLERS[type(node)](node, scope)
        _check_number(found.body)
        return found
    except (ShapeError, CalculusError) as error:
        fail(node, scope, str(error))
    except KeyError:
        fail(node, scope, f"{type(node).__name__} has no meaning here")


def entry_value(node: ast.expr, scope: Scope, what: str) -> sp.Expr:
    """The value of an expression that must be a scalar."""
    found = value(node, scope)
    if found.ndim:
        fail(node, scope, f"{what} must be a scalar; this has shape {found.shape}")
    return found.body


def _check_number(e: sp.Expr) -> None:
    """Raise where SymPy has found that an expression has no real value, or a number has grown out of hand."""
    if any(_is_no_number(part) for part in _evaluated_parts(e)):
        raise CalculusError("this has no real value")
    if e.is_Rational and max(abs(int(e.p)), int(e.q)).bit_length() > LARGEST_NUMBER:
        raise BeyondLimits("a number with thousands of digits")


def _evaluated_parts(e: sp.Basic) -> Iterator[sp.Basic]:
    """The parts of an expression, the ends of integrals and the points of limits left out: they may be oo."""
    yield e
    if not isinstance(e, Entry):
        for part in e.args[:1] if isinstance(e, (LimitAt, Integral, Binder)) else e.args:
            yield from _evaluated_parts(part)


def _is_no_number(e: sp.Basic) -> bool:
    return e in (sp.zoo, sp.nan, sp.I, sp.oo, -sp.oo)


# ---- leaves ----------------------------------------------------------------------------------------------------


def _constant(node: ast.Constant, scope: Scope) -> Array:
    written = scope.text[node.col_offset : node.end_col_offset]
    mantissa, _, exponent = written.lower().partition("e")
    if exponent and abs(int(exponent)) > 400:
        raise BeyondLimits(f"the number {written}")
    whole, _, decimals = mantissa.partition(".")
    number = sp.Rational(int((whole + decimals) or "0"), 10 ** len(decimals))
    return scalar(number * sp.Integer(10) ** int(exponent or 0))


def _name(node: ast.Name, scope: Scope) -> Array:
    name, shared = node.id, scope.shared
    if name in scope.bound:
        found = scope.bound[name]
        return found if isinstance(found, Array) else scalar(found)
    if name in shared.abbreviations:
        abbreviation = shared.abbreviations[name]
        if abbreviation.value is None:
            fail(node, scope, f"{name} is a function: write {name}({', '.join(abbreviation.parameters)})")
        scope.need(abbreviation.needs)
        return abbreviation.value
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
    if is_function(name, scope) and name not in ALSO_NAMES:
        fail(node, scope, f"{name} is a function: write {name}(...)")
    shared.declared[name] = Scalar(name)
    return scalar(shared.declared[name])


def _declared(thing: Scalar | Size | Tensor | sp.Integer, scope: Scope) -> Array:
    if not isinstance(thing, Tensor):
        return scalar(thing)
    indices = tuple(scope.shared.names.index(high) for _, high in thing.axes)
    return Array(indices, thing[indices])


def is_function(name: str, scope: Scope) -> bool:
    from derivations.language.calls import CALLS

    return name in FUNCTIONS or name in CALLS


# ---- operators -------------------------------------------------------------------------------------------------


def _binary(node: ast.BinOp, scope: Scope) -> Array:
    """A chain such as a + b + c is read from the left, without a level of recursion for each term."""
    chain: list[ast.BinOp] = []
    first: ast.expr = node
    while isinstance(first, ast.BinOp):
        chain.append(first)
        first = first.left
    result = value(first, scope)
    for step in reversed(chain):
        result = _combined(step, result, value(step.right, scope), scope)
    return result


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
                fail(node, scope, f"this has no real value: {expression} should be {requirement}")
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
    subscripts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if len(subscripts) > array.ndim:
        has = f"has {array.ndim} axes" if array.ndim else "is a scalar"
        fail(node, scope, f"{len(subscripts)} subscripts for what {has}")
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
        fail(node.slice, scope, f"{error} (subscripts count from 1)")


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
    if plain and found.low == 1 and found.high != size and not _fits(found, size):
        fail(node, scope, f"the index {node.id} runs over 1..{found.high} elsewhere and over 1..{size} here")
    if not (found.is_integer or found.is_Integer):
        fail(node, scope, "a subscript must be an index, a size or a whole number")
    return found


def _fits(k: Index, size: sp.Expr) -> bool:
    from derivations.calculus.affine import provably_within

    return provably_within(k, 1, size)


def free_names(node: ast.AST) -> list[str]:
    """The names in a tree, functions that are called left out."""
    called = {id(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}
    return [n.id for n in ast.walk(node) if isinstance(n, ast.Name) and id(n) not in called]


def subscript_names(node: ast.AST) -> list[str]:
    """The names that stand in subscripts, in the order of the text."""
    found: dict[str, None] = {}
    for part in ast.walk(node):
        if isinstance(part, ast.Subscript):
            found.update(dict.fromkeys(free_names(part.slice)))
        elif isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id == "delta":
            found.update(dict.fromkeys(name for argument in part.args for name in free_names(argument)))
    return list(found)


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
        fail(node, scope, _unknown_function(name))
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


def _unknown_function(name: str) -> str:
    import difflib

    from derivations.language.calls import CALLS

    known = sorted((*FUNCTIONS, *CALLS), key=len)
    near = [k for k in known if len(name) > 2 and k.startswith(name.lower())] or difflib.get_close_matches(
        name, known, 1
    )
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
        fail(node, scope, f"{abbreviation.name} is called more than {DEEPEST_CALLS} deep")
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
