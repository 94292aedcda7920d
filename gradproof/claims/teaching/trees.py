"""Syntax trees of the claim language: written as text, searched, changed. No tree is changed in place."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from fractions import Fraction

CONSTANT_NAMES = ("pi", "e", "sqrt", "log", "exp", "cbrt")
Change = Callable[[ast.AST], ast.AST | None]


def written(tree: ast.AST) -> str:
    """The text of a tree, products and powers without spaces: ``2*A.T@(A@x - b)``."""
    text = ast.unparse(tree)
    for operator in ("**", "*", "/", "@"):
        text = text.replace(f" {operator} ", operator)
    return text


def same(one: ast.AST, other: ast.AST) -> bool:
    return type(one) is type(other) and ast.unparse(one) == ast.unparse(other)


def parsed(text: str, **parts: ast.expr) -> ast.expr:
    """The tree of a text of ours; names in it may stand for trees."""
    return changed(ast.parse(text, mode="eval").body, lambda n: parts.get(n.id) if isinstance(n, ast.Name) else None)


def changed(tree: ast.AST, change: Change) -> ast.expr:
    """A copy in which ``change(node)`` stands for each outermost node where it is not None."""
    new = change(tree)
    if new is not None:
        return new  # type: ignore[return-value]
    fields = {}
    for name, part in ast.iter_fields(tree):
        if isinstance(part, list):
            part = [changed(p, change) if isinstance(p, ast.AST) else p for p in part]
        elif isinstance(part, (ast.expr, ast.keyword)):
            part = changed(part, change)
        fields[name] = part
    return type(tree)(**fields)  # type: ignore[return-value]


def variants(tree: ast.expr, change: Callable[[ast.AST], Iterator[ast.expr]]) -> Iterator[ast.expr]:
    """The trees with one node changed, in each of the ways that ``change`` gives for it."""
    for node in list(ast.walk(tree)):
        for new in change(node):
            yield changed(tree, lambda n, node=node, new=new: new if n is node else None)


def names(tree: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}


def call(name: str, *arguments: ast.expr, **keywords: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name), list(arguments), [ast.keyword(k, v) for k, v in keywords.items()])


def called(node: ast.AST) -> str:
    """The function that a node calls, empty for any other node."""
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def operation(left: ast.expr, operator: type[ast.operator], right: ast.expr) -> ast.BinOp:
    return ast.BinOp(left, operator(), right)


def is_operation(node: ast.AST, *operators: type[ast.operator]) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, operators)


# ---- numbers ---------------------------------------------------------------------------------------------------


def number(x: Fraction | int) -> ast.expr:
    x = Fraction(x)
    over: ast.expr = ast.Constant(abs(x.numerator))
    if x < 0:
        over = ast.UnaryOp(ast.USub(), over)
    return over if x.denominator == 1 else operation(over, ast.Div, ast.Constant(x.denominator))


def rational(tree: ast.AST) -> Fraction | None:
    """The value of a tree of digits, signs and quotients."""
    if isinstance(tree, ast.Constant):
        return Fraction(str(tree.value))
    if isinstance(tree, ast.UnaryOp):
        inner = rational(tree.operand)
        return -inner if inner is not None and isinstance(tree.op, ast.USub) else inner
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Div):
        over, under = rational(tree.left), rational(tree.right)
        return over / under if over is not None and under else None
    return None


def is_number(tree: ast.AST) -> bool:
    """Whether nothing but constants and functions of them stands in a tree."""
    return not any(isinstance(n, ast.Name) and n.id not in CONSTANT_NAMES for n in ast.walk(tree))


def coefficient(tree: ast.expr) -> tuple[Fraction, ast.expr | None]:
    """``3*x/2`` as 3/2 and ``x``; a number as itself and nothing."""
    value = rational(tree)
    if value is not None:
        return value, None
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub):
        c, rest = coefficient(tree.operand)
        return -c, rest
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, (ast.Mult, ast.MatMult, ast.Div)):
        c, rest = coefficient(tree.left)
        under = rational(tree.right)
        if under and rest is not None and not isinstance(tree.op, ast.MatMult):
            return (c / under if isinstance(tree.op, ast.Div) else c * under), rest
        if rest is None and isinstance(tree.op, ast.Div):
            return c, operation(ast.Constant(1), ast.Div, tree.right)
        if rest is None:
            inner, deeper = coefficient(tree.right)
            return c * inner, deeper
        return c, ast.BinOp(rest, tree.op, tree.right)
    return Fraction(1), tree


def scaled(tree: ast.expr, factor: Fraction | int) -> ast.expr:
    """``factor`` times a tree, with one number in front."""
    c, rest = coefficient(tree)
    c *= factor
    if rest is None:
        return number(c)
    if c == -1 and is_operation(rest, ast.Sub):
        return operation(rest.right, ast.Sub, rest.left)  # type: ignore[attr-defined]
    result = {1: rest, -1: _negated(rest)}.get(c.numerator) or _prefixed(number(c.numerator), rest)
    return result if c.denominator == 1 else operation(result, ast.Div, ast.Constant(c.denominator))


def _negated(tree: ast.expr) -> ast.expr:
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, (ast.Mult, ast.MatMult, ast.Div)):
        return ast.BinOp(_negated(tree.left), tree.op, tree.right)
    return ast.UnaryOp(ast.USub(), tree)


def times(factor: ast.expr, tree: ast.expr) -> ast.expr:
    """A product with the factor behind the number in front: 2*w*x."""
    c, rest = coefficient(tree)
    return scaled(factor if rest is None else _prefixed(factor, rest), c)


def _prefixed(factor: ast.expr, tree: ast.expr) -> ast.expr:
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, (ast.Mult, ast.MatMult, ast.Div)):
        return ast.BinOp(_prefixed(factor, tree.left), tree.op, tree.right)
    if isinstance(tree, ast.Constant) and tree.value == 1:
        return factor
    return operation(factor, ast.Mult, tree)


def plus(tree: ast.expr, c: ast.expr) -> ast.expr:
    """The sum with a number, folded into the one that is a term already."""
    value = rational(c)
    if value is None:
        return operation(tree, ast.Sub, scaled(c, -1)) if coefficient(c)[0] < 0 else operation(tree, ast.Add, c)
    folded = _folded(tree, value)
    if folded is not None:
        return folded
    if value <= 0:
        return tree if value == 0 else operation(tree, ast.Sub, number(-value))
    return operation(tree, ast.Add, c)


def number_among_terms(tree: ast.expr) -> Fraction:
    """The number that is a term of a sum; 0 where none is."""
    own = rational(tree)
    if own is None and isinstance(tree, ast.BinOp) and isinstance(tree.op, (ast.Add, ast.Sub)):
        right = number_among_terms(tree.right) if isinstance(tree.op, ast.Add) else -number_among_terms(tree.right)
        return number_among_terms(tree.left) or right
    return own or Fraction(0)


def _folded(tree: ast.expr, value: Fraction) -> ast.expr | None:
    """The sum with a number that goes into a term which is a number; None where no term is."""
    own = rational(tree)
    if own is not None:
        return number(own + value)
    if not isinstance(tree, ast.BinOp) or not isinstance(tree.op, (ast.Add, ast.Sub)):
        return None
    last = rational(tree.right)
    if last is not None:
        return plus(tree.left, number(value + (last if isinstance(tree.op, ast.Add) else -last)))
    left = _folded(tree.left, value)
    if left is None:
        return None
    if rational(left) == 0:
        return tree.right if isinstance(tree.op, ast.Add) else ast.UnaryOp(ast.USub(), tree.right)
    return ast.BinOp(left, tree.op, tree.right)
