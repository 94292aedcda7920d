"""A claim: what a user states, read from text into a statement with hypotheses.

    read("diff(tanh(x), x) == 1 - tanh(x)**2")
    read("grad(sum((A@x - b)**2), x) == 2*A.T@(A@x - b)", where="A: real[m, n]; x: real[n]; b: real[m]")

The admissible inputs of a claim are those of the declared domains that satisfy the declared relations and at which
every part of the claim has a real value. What that asks for beyond the declarations is worked out in admissible.py.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import sympy as sp

from derivations.calculus.operators import D
from derivations.calculus.symbols import CalculusError, Index, Scalar
from derivations.language import abbreviations, declarations
from derivations.language.elaboration import fail, index_names, value
from derivations.language.errors import InvalidClaim, place_at
from derivations.language.passages import infinity
from derivations.language.ranges import bound_names, size_of_axis, within
from derivations.language.scope import Passage, Scope, Shared
from derivations.language.text import expression
from derivations.language.values import Array, Names, ShapeError, elementwise, shape_text
from derivations.language.vocabulary import Need
from derivations.proof.statement import Hypothesis, Operator, Relation

OPERATORS: dict[type, tuple[Operator, bool]] = {  # and whether the sides change places
    ast.Eq: ("=", False),
    ast.Lt: ("<", False),
    ast.LtE: ("<=", False),
    ast.Gt: ("<", True),
    ast.GtE: ("<=", True),
}


@dataclass(frozen=True)
class Part:
    """One comparison of a chain; of arrays, at the free indices ``indices`` (every entry)."""

    relation: Relation
    indices: tuple[Index, ...] = ()
    turned: bool = False  # written with > or >=: the relation has the sides exchanged
    tree: ast.Compare | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Claim:
    """What was read. ``needs`` are the places where parts of the claim have a meaning."""

    states: str
    where: str
    let: tuple[str, ...]
    parts: tuple[Part, ...]
    hypotheses: tuple[Hypothesis, ...]
    needs: tuple[Need, ...]
    stated: tuple[str, ...] = ()  # the relations of ``where``, as written
    passages: tuple[Passage, ...] = ()  # the limits and integrals, as they were read
    notes: tuple[str, ...] = ()  # such as "up to a constant of integration"


def read(states: str, where: str = "", let: Iterable[str] = ()) -> Claim:
    """Read a claim. Raises InvalidClaim with the place of what is wrong, BeyondLimits for numbers out of hand."""
    let = tuple(let)
    tree = statement_tree(states)
    return from_tree(tree, states, where, let)


def statement_tree(states: str) -> ast.Compare:
    """The syntax tree of a statement. Raises InvalidClaim."""
    tree = expression(states)
    if not isinstance(tree, ast.Compare):
        raise InvalidClaim("a claim is a comparison: == <= < >= >", place_at(states, tree.col_offset, "claim"))
    return tree


def from_tree(tree: ast.Compare, states: str, where: str, let: tuple[str, ...]) -> Claim:
    """The claim that a tree states; ``states`` is the text that its positions point into."""
    shared = Shared(Names())
    scope = Scope(shared, states)
    try:
        declared = declarations.read(where, shared, [abbreviations.head(text)[1] for text in let])
        _reserve(shared, [tree, *declared.relations], let)
        for text in let:
            abbreviations.read(text, shared)
        hypotheses = tuple(
            h for relation in declared.relations for h in _hypotheses(relation, Scope(shared, where, "where"))
        )
        _free_indices(tree, scope)
        parts, notes = _parts(tree, scope)
    except RecursionError:
        raise InvalidClaim("nested too deeply", place_at(states, 0, "claim")) from None
    return Claim(
        states,
        where,
        let,
        parts,
        hypotheses,
        tuple(shared.needs),
        tuple(declared.stated),
        tuple(shared.passages),
        (*notes, *shared.notes),
    )


def _reserve(shared: Shared, trees: Iterable[ast.AST], let: Iterable[str]) -> None:
    """Names that the user writes are not given to indices of ours."""
    shared.written.update(shared.declared)
    for tree in trees:
        shared.written.update(n.id for n in ast.walk(tree) if isinstance(n, ast.Name))
    for text in let:
        shared.written.update(re.findall(r"[A-Za-z]\w*", text))
    shared.names.taken.update(shared.written)


def _free_indices(tree: ast.AST, scope: Scope) -> None:
    """Undeclared names in subscripts, outside all sums and products over them, are indices over their axes."""
    shared = scope.shared
    for node, around in within(tree):
        for name in index_names(node):
            taken = name in shared.declared or name in shared.abbreviations
            if not taken and not any(name in bound_names(call) for call in around):
                shared.free_indices.setdefault(name, None)
    _learn_ranges(tree, scope)


def _learn_ranges(tree: ast.AST, scope: Scope) -> None:
    """Find the range of each free index before anything is read: it may be used as a number first."""
    shared = scope.shared
    for _ in range(2):  # a second time for what the first pass made readable
        for name in [n for n, k in shared.free_indices.items() if k is None]:
            size = size_of_axis(name, tree, scope)  # type: ignore[arg-type]
            if size is not None:
                shared.free_indices[name] = Index(name, 1, size)


# ---- statements ------------------------------------------------------------------------------------------------


def _parts(tree: ast.Compare, scope: Scope) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    terms = [tree.left, *tree.comparators]
    parts, notes = [], []
    sides: dict[int, Array] = {}
    for position, operator in enumerate(tree.ops):
        left, right = terms[position], terms[position + 1]
        compared = ast.copy_location(ast.Compare(left, [operator], [right]), left)
        antiderivative = _antiderivatives(compared, scope)
        if antiderivative is not None:
            parts.append(antiderivative)
            notes.append("up to a constant of integration")
            continue
        for at, node in ((position, left), (position + 1, right)):
            if at not in sides:
                sides[at] = _side(node, scope)
        parts.append(_part(compared, sides[position], sides[position + 1], scope))
    return tuple(parts), tuple(dict.fromkeys(notes))


def _side(node: ast.expr, scope: Scope) -> Array:
    infinite = infinity(node)
    return value(node, scope) if infinite is None else Array((), infinite)


def _part(tree: ast.Compare, left: Array, right: Array, scope: Scope) -> Part:
    try:
        both = elementwise(lambda a, b: sp.Tuple(a, b), scope.shared.names, left, right)  # type: ignore[arg-type,return-value]
    except (ShapeError, CalculusError):
        fail(tree.comparators[0], scope, f"the sides have different shapes: {shape_text(left)} and {shape_text(right)}")
    indices = _simply_named(both.indices, scope)
    a, b = both.at(*indices).args
    operator, turned = OPERATORS[type(tree.ops[0])]
    return Part(Relation(b, operator, a) if turned else Relation(a, operator, b), indices, turned, tree)


def _simply_named(indices: tuple[Index, ...], scope: Scope) -> tuple[Index, ...]:
    """The indices of the entries compared, under the first letters that nobody uses: they are shown."""
    letters = (c for c in "ijklpqrsuv" if c not in scope.shared.written)
    return tuple(k.renamed(next(letters, k.name)) for k in indices)


def _antiderivatives(tree: ast.Compare, scope: Scope) -> Part | None:
    """integrate(f, x) == F says that F is an antiderivative: f = dF/dx."""
    sides = [tree.left, tree.comparators[0]]
    indefinite = [_indefinite(side) for side in sides]
    if not any(indefinite):
        return None
    if not isinstance(tree.ops[0], ast.Eq):
        fail(tree, scope, "an indefinite integral has no order: state an equality")
    call = next(c for c in indefinite if c is not None)
    x = value(call.args[1], scope).body
    if not isinstance(x, Scalar) or x.domain.integer:
        fail(call.args[1], scope, "the variable of an integral is a real name")
    derivatives = []
    for side, inner in zip(sides, indefinite, strict=True):
        if inner is None:
            found = value(side, scope)
            derivatives.append(Array(found.indices, D(found.body, x)))
        elif value(inner.args[1], scope).body != x:
            fail(inner.args[1], scope, "both sides must be integrals over the same variable")
        else:
            derivatives.append(value(inner.args[0], scope))
    return _part(tree, derivatives[0], derivatives[1], scope)


def _indefinite(node: ast.expr) -> ast.Call | None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "integrate":
        return node if len(node.args) == 2 and isinstance(node.args[1], ast.Name) and not node.keywords else None
    return None


def _hypotheses(tree: ast.Compare, scope: Scope) -> list[Hypothesis]:
    """A declared relation, chains split; of arrays, for every entry."""
    _free_indices(tree, scope)
    parts, _ = _parts(tree, scope)
    scope.shared.free_indices.clear()
    return [Hypothesis(_written(part, scope.text), part.relation) for part in parts]


def _written(part: Part, text: str) -> str:
    """The comparison as the user wrote it."""
    tree = part.tree
    assert tree is not None
    start, end = tree.left.col_offset, tree.comparators[0].end_col_offset
    return " ".join(text[start:end].split())
