"""What ``where`` says: ``x: real``, ``x > 0``, ``0 < s < 1``, ``t: integer``, ``A: real[m, n]``, ``A == A.T``.

Bounds of a single name by numbers become its domain; every other relation is kept as a hypothesis. A size is whatever
stands in a shape; it is a whole number >= 1 unless a bound such as ``n >= 2`` raises that, or ``n == 3`` fixes it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import sympy as sp

from derivations.calculus.domains import INTEGER, NONNEGATIVE, POSITIVE, REAL, Domain
from derivations.calculus.symbols import Scalar, Size, Tensor, tensor
from derivations.language.errors import InvalidClaim, place_at
from derivations.language.passages import infinity
from derivations.language.ranges import size
from derivations.language.scope import Scope, Shared
from derivations.language.text import expression
from derivations.language.tokens import check_characters, check_name
from derivations.language.vocabulary import CONSTANTS, INFINITY, number

TYPES = {"real": REAL, "positive": POSITIVE, "nonnegative": NONNEGATIVE, "integer": INTEGER}
MIRRORED = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE, ast.Eq: ast.Eq}


@dataclass
class Wanted:
    """What is said about one name before it becomes an object."""

    domain: Domain = REAL
    shape: tuple[ast.expr, ...] = ()
    offset: int = 0


@dataclass
class Declarations:
    """The declarations of one claim; ``relations`` are comparisons that say more than the domain of a name."""

    text: str
    wanted: dict[str, Wanted] = field(default_factory=dict)
    relations: list[ast.Compare] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)  # size -> minimum
    fixed: dict[str, int] = field(default_factory=dict)  # size -> its value
    abbreviated: frozenset[str] = frozenset()  # names that let defines: what is said of them is a relation
    stated: list[str] = field(default_factory=list)  # relations and bounds as written


def read(text: str, shared: Shared, abbreviated: Iterable[str] = ()) -> Declarations:
    """Put the declared names into ``shared``. Raises InvalidClaim."""
    check_characters(text, "where")
    found = Declarations(text, abbreviated=frozenset(abbreviated))
    comparisons: list[ast.Compare] = []
    for start, end in _pieces(text):
        colon = text.find(":", start, end)
        if colon >= 0:
            _typed(found, start, colon, end)
        elif text[start:end].strip():
            comparisons.append(_comparison(text, start, end))
    for comparison in comparisons:
        _bound_or_relation(found, comparison)
        found.stated.append(
            " ".join(text[comparison.left.col_offset : comparison.comparators[-1].end_col_offset].split())
        )
    _declare(found, shared)
    return found


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for separator in [m.start() for m in re.finditer(r"[;\n]", text)] + [len(text)]:
        if text[start:separator].strip():
            yield start, separator
        start = separator + 1


def _comparison(text: str, start: int, end: int) -> ast.Compare:
    tree = expression(text, "where", start, end)
    if not isinstance(tree, ast.Compare):
        message = "a declaration is 'name: real', 'name: real[n]', or a relation such as 'x > 0'"
        raise InvalidClaim(message, place_at(text, tree.col_offset, "where"))
    return tree


# ---- name: type ------------------------------------------------------------------------------------------------


def _typed(found: Declarations, start: int, colon: int, end: int) -> None:
    text = found.text
    tree = expression(text, "where", colon + 1, end)
    kind, shape = (tree.value, tree.slice) if isinstance(tree, ast.Subscript) else (tree, None)
    if not isinstance(kind, ast.Name) or kind.id not in TYPES:
        message = f"a type is one of {', '.join(TYPES)}, with a shape such as real[m, n]"
        raise InvalidClaim(message, place_at(text, tree.col_offset, "where"))
    dimensions = () if shape is None else tuple(shape.elts) if isinstance(shape, ast.Tuple) else (shape,)
    if dimensions and kind.id == "integer":
        raise InvalidClaim("arrays are real, positive or nonnegative", place_at(text, tree.col_offset, "where"))
    for m in re.finditer(r"(?:^|(?<=,))[^,]*", text[start:colon]):
        name, offset = m[0].strip(), start + m.start() + len(m[0]) - len(m[0].lstrip())
        if not re.fullmatch(r"[A-Za-z_]\w*", name):
            raise InvalidClaim(
                f"{name[:40]!r} is not a name" if name else "a name is missing", place_at(text, offset, "where")
            )
        check_name(name, text, "where", offset)
        if name in CONSTANTS or name == INFINITY:
            raise InvalidClaim(f"{name} is a constant; choose another name", place_at(text, offset, "where"))
        if name in found.wanted:
            raise InvalidClaim(f"{name} is declared twice", place_at(text, offset, "where"))
        found.wanted[name] = Wanted(TYPES[kind.id], dimensions, offset)
    for dimension in dimensions:
        for node in ast.walk(dimension):
            if isinstance(node, ast.Name):
                found.sizes.setdefault(node.id, 1)


# ---- bounds ----------------------------------------------------------------------------------------------------


def _bound_or_relation(found: Declarations, comparison: ast.Compare) -> None:
    """``0 < s < 1`` narrows s; anything else is kept whole."""
    terms = [comparison.left, *comparison.comparators]
    bounds = []
    for left, operator, right in zip(terms, comparison.ops, terms[1:], strict=False):
        plain = _bound(found, left, type(operator), right)
        swapped = _bound(found, right, MIRRORED[type(operator)], left)
        bounds.append(plain or swapped)
    if not all(bounds):
        found.relations.append(comparison)
        return
    for name, operator, end in filter(None, bounds):
        try:
            if not _narrow(found, name, operator, end):
                found.relations.append(comparison)
                return
        except ValueError as error:
            raise InvalidClaim(str(error), place_at(found.text, comparison.col_offset, "where")) from None


def _bound(found: Declarations, name: ast.expr, operator: type, end: ast.expr) -> tuple[str, type, sp.Rational] | None:
    """A bound of a single name by a number."""
    value = infinity(end) or _rational(end, found.text)
    if not isinstance(name, ast.Name) or value is None or name.id in CONSTANTS or name.id == INFINITY:
        return None
    return None if name.id in found.abbreviated else (name.id, operator, value)


def _rational(node: ast.expr, text: str) -> sp.Rational | None:
    """A number written with digits, a sign and a quotient."""
    if isinstance(node, ast.Constant):
        return number(text[node.col_offset : node.end_col_offset])
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _rational(node.operand, text)
        return None if inner is None else -inner
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        over, under = _rational(node.left, text), _rational(node.right, text)
        return None if over is None or not under else over / under
    return None


def _narrow(found: Declarations, name: str, operator: type, end: sp.Rational) -> bool:
    """Take a bound into the declaration of a name; False when it says something that a domain cannot."""
    if name in found.sizes:
        _narrow_size(found, name, operator, end)
        return True
    wanted = found.wanted.setdefault(name, Wanted())
    d = wanted.domain
    low, high, left, right = d.low, d.high, d.low_closed, d.high_closed
    if operator in (ast.Gt, ast.GtE):
        closed = operator is ast.GtE
        if end > low or (end == low and not closed):
            low, left = end, closed
    elif operator in (ast.Lt, ast.LtE):
        closed = operator is ast.LtE
        if end < high or (end == high and not closed):
            high, right = end, closed
    else:
        return False
    empty = low > high or (low == high and not (left and right))
    if empty or (d.integer and _whole_between(low, high, left, right) is None):
        raise ValueError(f"no value of {name} satisfies all its bounds")
    wanted.domain = Domain(low, high, left, right, d.integer)
    return True


def _whole_between(low: sp.Expr, high: sp.Expr, low_closed: bool, high_closed: bool) -> sp.Expr | None:
    """The least whole number of an interval, or the greatest, or any; None when there is none."""
    if low == -sp.oo:
        return sp.S.Zero if high == sp.oo else sp.ceiling(high) - 1
    least = sp.ceiling(low) if low_closed or not low.is_integer else low + 1
    return least if least < high or (least == high and high_closed) else None


def _narrow_size(found: Declarations, name: str, operator: type, end: sp.Rational) -> None:
    if operator is ast.Eq and end.is_Integer and end >= 1:
        if found.fixed.setdefault(name, int(end)) != end:
            raise ValueError(f"{name} cannot be both {found.fixed[name]} and {end}")
    elif operator in (ast.Gt, ast.GtE) and end.is_Rational:
        least = int(sp.floor(end)) + 1 if operator is ast.Gt else int(sp.ceiling(end))
        found.sizes[name] = max(found.sizes[name], least)
    else:
        raise ValueError(f"{name} is a size: only a lower bound such as {name} >= 2, or {name} == 3, can be said of it")
    if found.fixed.get(name, found.sizes[name]) < found.sizes[name]:
        raise ValueError(f"no value of {name} satisfies all its bounds")


# ---- objects ---------------------------------------------------------------------------------------------------


def _declare(found: Declarations, shared: Shared) -> None:
    for name, minimum in found.sizes.items():
        shared.declared[name] = sp.Integer(found.fixed[name]) if name in found.fixed else Size(name, minimum)
        if name in found.wanted and (found.wanted[name].shape or not found.wanted[name].domain.integer):
            place = place_at(found.text, found.wanted[name].offset, "where")
            raise InvalidClaim(f"{name} is a size: it is a whole number, not {_said(found.wanted[name])}", place)
    for name, wanted in found.wanted.items():
        if name in found.sizes:
            continue
        if wanted.shape:
            shared.declared[name] = _tensor(name, wanted, found, shared)
        elif wanted.domain.integer and wanted.domain.high == sp.oo and wanted.domain.low >= 0:
            d = wanted.domain
            least = sp.floor(d.low) + 1 if d.low.is_Integer and not d.low_closed else sp.ceiling(d.low)
            shared.declared[name] = Size(name, int(least))
        else:
            shared.declared[name] = Scalar(name, wanted.domain)


def _said(wanted: Wanted) -> str:
    return "an array" if wanted.shape else "a real number"


def _tensor(name: str, wanted: Wanted, found: Declarations, shared: Shared) -> Tensor:
    scope = Scope(shared, found.text, "where")
    shape = []
    for node in wanted.shape:
        shape.append(size(node, scope))
    return tensor(name, *shape, domain=wanted.domain)
