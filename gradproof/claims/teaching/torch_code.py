"""Claims as PyTorch code, from tree to tree: every name is a checked identifier, every call comes from a table.

Translator(values, ...).code(tree)    the same expression in torch, with its number of axes

Arrays of the claim count from 1, torch from 0; derivatives become ``torch.func`` of a lambda, which nests.
"""

from __future__ import annotations

import ast
import builtins
import keyword
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from derivations.language.abbreviations import EQUALS, HEAD
from derivations.language.text import expression
from gradproof.claims.teaching import torch_functions as table
from gradproof.claims.teaching.trees import call, called, changed, names, operation, parsed, rational

DEEPEST = 12  # abbreviations inside each other


class NoForm(ValueError):
    """An expression that has no form in torch here."""


@dataclass(frozen=True)
class Code:
    """An expression in Python: a tensor with some axes, or a plain number."""

    tree: ast.expr
    ndim: int = 0
    is_tensor: bool = True


def identifier(name: str) -> str:
    """A name that means nothing else in the code."""
    taken = keyword.iskeyword(name) or hasattr(builtins, name) or name == "torch"
    return f"{name}_" if taken else name


class Translator:
    """``axes`` gives each array and real scalar its number of axes; ``whole`` are the names of whole numbers."""

    def __init__(self, axes: Mapping[str, int], whole: Iterable[str], let: Iterable[str] = ()):
        self.axes, self.whole, self.depth = axes, set(whole), 0
        self.bound: set[str] = set()
        self.let = dict(map(_abbreviation, let))

    def code(self, node: ast.expr) -> Code:
        """Raises NoForm."""
        translate = _TRANSLATIONS.get(type(node))
        if translate is None:
            raise NoForm(type(node).__name__)
        return translate(self, node)

    def tensor(self, node: ast.expr) -> Code:
        """The same, a plain number made a tensor."""
        found = self.code(node)
        return found if found.is_tensor else Code(parsed("torch.tensor(u, dtype=torch.float64)", u=found.tree))

    def number(self, node: ast.expr) -> ast.expr:
        found = self.code(node)
        if found.is_tensor:
            raise NoForm("a tensor where a whole number is meant")
        return found.tree

    @contextmanager
    def binding(self, *names: str) -> Iterator[None]:
        before, self.bound = self.bound, self.bound | set(names)
        try:
            yield
        finally:
            self.bound = before

    # ---- leaves and operators ----------------------------------------------------------------------------------

    def _constant(self, node: ast.Constant) -> Code:
        return Code(node, is_tensor=False)

    def _name(self, node: ast.Name) -> Code:
        name = node.id
        if name in self.bound or (name in self.whole and name not in self.let):
            return Code(ast.Name(identifier(name)), is_tensor=False)
        if name in self.let:
            return self._abbreviated(name)
        if name in self.axes:
            return Code(ast.Name(identifier(name)), self.axes[name])
        if name in ("pi", "e"):
            return Code(parsed(f"torch.{name}"), is_tensor=False)
        raise NoForm(name)

    def _unary(self, node: ast.UnaryOp) -> Code:
        found = self.code(node.operand)
        return replace(found, tree=ast.UnaryOp(node.op, found.tree))

    def _binary(self, node: ast.BinOp) -> Code:
        if isinstance(node.op, ast.MatMult):
            return self._matmul(node.left, node.right)
        left, right = self.code(node.left), self.code(node.right)
        tree = ast.BinOp(left.tree, node.op, right.tree)
        return Code(tree, max(left.ndim, right.ndim), left.is_tensor or right.is_tensor)

    def _matmul(self, a: ast.expr, b: ast.expr) -> Code:
        left, right = self.code(a), self.code(b)
        return Code(operation(left.tree, ast.MatMult, right.tree), left.ndim + right.ndim - 2)

    def _transpose(self, node: ast.Attribute) -> Code:
        found = self.code(node.value)
        if found.ndim > 2:
            raise NoForm("a transpose of more than two axes")
        return replace(found, tree=ast.Attribute(found.tree, "T", ast.Load())) if found.ndim == 2 else found

    def _subscript(self, node: ast.Subscript) -> Code:
        found = self.code(node.value)
        elements = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        kept = sum(isinstance(k, ast.Slice) for k in elements) + found.ndim - len(elements)
        positions = [k if isinstance(k, ast.Slice) else from_zero(self.number(k)) for k in elements]
        position = positions[0] if len(positions) == 1 else ast.Tuple(positions, ast.Load())
        return Code(ast.Subscript(found.tree, position, ast.Load()), kept)

    # ---- calls -------------------------------------------------------------------------------------------------

    def _call(self, node: ast.Call) -> Code:
        name, count = called(node), len(node.args)
        if name in self.let:
            return self._applied(name, node)
        if name in ("sum", "prod") and count > 1:
            return self._over_indices(name, node)
        if name in table.OPTIONAL:
            return self._elementwise(table.OPTIONAL[name][count - 1], node.args)
        if name in table.PAIRWISE and count > 1:
            name = table.PAIRWISE[name]
        if name in table.FOLDED:
            return self._folded(table.FOLDED[name], node.args)
        if name in table.ELEMENTWISE:
            return self._elementwise(table.ELEMENTWISE[name], node.args)
        if name in table.REDUCTIONS or name in table.ALONG or name == "logsumexp":
            return self._reduced(name, node)
        if name in table.PRODUCTS:
            text, ndim = table.PRODUCTS[name]
            return replace(self._elementwise(text, node.args), ndim=ndim)
        if name in _OPERATORS:
            return _OPERATORS[name](self, node)
        raise NoForm(name)

    def _elementwise(self, text: str, arguments: list[ast.expr]) -> Code:
        codes = [self.tensor(a) for a in arguments]
        tree = parsed(text, **{letter: c.tree for letter, c in zip("uv", codes, strict=False)})
        return Code(tree, max(c.ndim for c in codes))

    def _folded(self, text: str, arguments: list[ast.expr]) -> Code:
        first, *others = (self.tensor(a) for a in arguments)
        for other in others:
            first = Code(parsed(text, u=first.tree, v=other.tree), max(first.ndim, other.ndim))
        return first

    def _reduced(self, name: str, node: ast.Call) -> Code:
        found, keywords = self.tensor(node.args[0]), {k.arg: k.value for k in node.keywords}
        if not found.ndim:
            raise NoForm(f"{name} of a scalar")
        axis = keywords.get("axis")
        count = len(axis.elts) if isinstance(axis, ast.Tuple) else found.ndim if axis is None else 1
        parts = {"u": found.tree, "c": keywords.get("ddof", ast.Constant(0)), "d": axis or ast.Constant(0)}
        if name in table.ALONG:
            return Code(parsed(table.ALONG[name], **parts), found.ndim)
        if name == "logsumexp":
            every = ast.Tuple([ast.Constant(k) for k in range(found.ndim)], ast.Load())
            along = axis or (every if found.ndim > 1 else ast.Constant(0))
            return Code(parsed("torch.logsumexp(u, d)", u=found.tree, d=along), found.ndim - count)
        return Code(parsed(table.REDUCTIONS[name][axis is not None], **parts), found.ndim - count)

    def _dot(self, node: ast.Call) -> Code:
        return self._matmul(*node.args)

    def _diag(self, node: ast.Call) -> Code:
        found = self.tensor(node.args[0])
        return Code(parsed("torch.diag(u)", u=found.tree), 3 - found.ndim)

    def _filled(self, node: ast.Call) -> Code:
        name = called(node)
        sizes = [self.number(a) for a in node.args]
        tree = parsed(f"{table.FILLED[name]}(dtype=torch.float64)")
        assert isinstance(tree, ast.Call)
        return Code(ast.Call(tree.func, sizes, tree.keywords), 2 if name == "eye" else len(sizes))

    def _delta(self, node: ast.Call) -> Code:
        i, j = (self.number(a) for a in node.args)
        return Code(call("float", ast.Compare(i, [ast.Eq()], [j])), is_tensor=False)

    # ---- sums over indices -------------------------------------------------------------------------------------

    def _over_indices(self, name: str, node: ast.Call) -> Code:
        """A list of the terms, added or multiplied."""
        body, clauses, taken = node.args[0], [], []
        with self.binding():
            for k in node.args[1:]:
                index, span = self._span(k, body)
                clauses.append(ast.comprehension(ast.Name(identifier(index)), span, [], 0))
                taken.append(index)
                self.bound = self.bound | {index}
            found = self.tensor(body)
        terms = ast.ListComp(found.tree, clauses)
        return Code(parsed(f"torch.stack(terms).{name}(0)", terms=terms), found.ndim)

    def _span(self, k: ast.expr, body: ast.expr) -> tuple[str, ast.expr]:
        """The name of an index, and its range."""
        if isinstance(k, ast.Tuple):
            head, low, high = k.elts
            return head.id, call("range", self.number(low), _next(self.number(high)))  # type: ignore[attr-defined]
        name = k.id  # type: ignore[attr-defined]
        return name, call("range", ast.Constant(1), _next(self._extent(name, body)))

    def _extent(self, index: str, body: ast.expr) -> ast.expr:
        """The size of the first axis that the index stands on."""
        for part in ast.walk(body):
            if isinstance(part, ast.Subscript) and index not in names(part.value):
                elements = part.slice.elts if isinstance(part.slice, ast.Tuple) else [part.slice]
                for axis, k in enumerate(elements):
                    if index in names(k):
                        array = self.tensor(part.value)
                        return parsed("u.shape[d]", u=array.tree, d=ast.Constant(axis))
        raise NoForm(f"the range of {index}")

    # ---- derivatives -------------------------------------------------------------------------------------------

    def _diff(self, node: ast.Call) -> Code:
        found, variables = self.code(node.args[0]), []
        for argument in node.args[1:]:
            order = rational(argument)
            variables += [argument] if order is None else [variables[-1]] * (int(order) - 1)
        for x in variables:
            found = self._derivative(found, x)
        return found

    def _derivative(self, f: Code, x: ast.expr, twice: bool = False) -> Code:
        """The derivative of what is already code: the axes of f, then those of x."""
        array = x.value if isinstance(x, ast.Subscript) else x
        if not f.is_tensor or not isinstance(array, ast.Name) or array.id in self.let or array.id not in self.axes:
            raise NoForm("this derivative")
        name = identifier(array.id)
        function = ast.Lambda(ast.arguments([], [ast.arg(name)], None, [], [], None, []), f.tree)
        applied = "torch.func.jacrev(torch.func.jacrev(f))(x)" if twice else "torch.func.jacrev(f)(x)"
        jacobian = parsed(applied, f=function, x=ast.Name(name))
        ndim = self.axes[array.id]
        if array is x:
            return Code(jacobian, f.ndim + ndim * (2 if twice else 1))
        elements = x.slice.elts if isinstance(x.slice, ast.Tuple) else [x.slice]  # type: ignore[attr-defined]
        positions: list[ast.expr] = [from_zero(self.number(k)) for k in elements]
        if f.ndim:
            positions = [ast.Constant(...), *positions]
        position = positions[0] if len(positions) == 1 else ast.Tuple(positions, ast.Load())
        return Code(ast.Subscript(jacobian, position, ast.Load()), f.ndim)

    def _grad(self, node: ast.Call) -> Code:
        return self._derivative(self.code(node.args[0]), node.args[1])

    def _hessian(self, node: ast.Call) -> Code:
        return self._derivative(self.code(node.args[0]), node.args[1], twice=True)

    # ---- abbreviations -----------------------------------------------------------------------------------------

    @contextmanager
    def _opened(self, tree: ast.expr) -> Iterator[None]:
        """Inside an abbreviation, which must not speak of an index bound around it."""
        self.depth += 1
        if self.depth > DEEPEST or names(tree) & self.bound:
            raise NoForm("abbreviations too deep, or an index captured")
        try:
            yield
        finally:
            self.depth -= 1

    def _abbreviated(self, name: str) -> Code:
        kind, parameters, tree = self.let[name]
        if kind == "(":
            raise NoForm(name)
        with self._opened(tree):
            spans = [self._extent(p, tree) for p in parameters]
            with self.binding(*parameters):
                found = self.tensor(tree)
        for p, size in reversed(list(zip(parameters, spans, strict=True))):
            span = call("range", ast.Constant(1), _next(size))
            terms = ast.ListComp(found.tree, [ast.comprehension(ast.Name(identifier(p)), span, [], 0)])
            found = Code(parsed("torch.stack(terms)", terms=terms), found.ndim + 1)
        return found

    def _applied(self, name: str, node: ast.Call) -> Code:
        kind, parameters, tree = self.let[name]
        binds = any(called(n) in ("sum", "prod") and len(n.args) > 1 for n in ast.walk(tree))  # type: ignore
        if kind != "(" or binds or len(parameters) != len(node.args):
            raise NoForm(name)
        arguments = dict(zip(parameters, node.args, strict=True))
        opened = changed(tree, lambda n: arguments.get(n.id) if isinstance(n, ast.Name) else None)
        self.depth += 1
        if self.depth > DEEPEST:
            raise NoForm(name)
        found = self.code(opened)
        self.depth -= 1
        return found


def from_zero(position: ast.expr) -> ast.expr:
    """A subscript that counts from 1 as one that counts from 0."""
    value = rational(position)
    if value is not None:
        return ast.Constant(int(value) - 1)
    if isinstance(position, ast.BinOp) and isinstance(position.op, ast.Add) and rational(position.right) == 1:
        return position.left
    return operation(position, ast.Sub, ast.Constant(1))


def _next(end: ast.expr) -> ast.expr:
    value = rational(end)
    return operation(end, ast.Add, ast.Constant(1)) if value is None else ast.Constant(int(value) + 1)


def _abbreviation(text: str) -> tuple[str, tuple[str, tuple[str, ...], ast.expr]]:
    """The name, how its parameters are bracketed, the parameters, and the tree on the right."""
    equals = EQUALS.search(text)
    head = HEAD.fullmatch(text, 0, equals.start()) if equals else None
    if not equals or not head:
        raise NoForm(text)
    parameters = tuple(p.strip() for p in head[3].split(",")) if head[3] else ()
    return head[1], (head[2] or "", parameters, expression(text, "let", equals.end()))


_TRANSLATIONS = {
    ast.Constant: Translator._constant,
    ast.Name: Translator._name,
    ast.UnaryOp: Translator._unary,
    ast.BinOp: Translator._binary,
    ast.Attribute: Translator._transpose,
    ast.Subscript: Translator._subscript,
    ast.Call: Translator._call,
}
_OPERATORS = {
    "dot": Translator._dot, "diag": Translator._diag, "ones": Translator._filled, "zeros": Translator._filled,
    "eye": Translator._filled, "delta": Translator._delta, "diff": Translator._diff, "grad": Translator._grad,
    "jacobian": Translator._grad, "hessian": Translator._hessian,
}  # fmt: skip
