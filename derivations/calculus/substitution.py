"""Replacing symbols under binders without capture, and unfolding definitions.

SymPy's ``subs`` and ``xreplace`` walk into binders; nothing here uses them on an expression that has one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import sympy as sp

LETTERS = "klpqrsuvabcdefgh"


def free_names(expressions: Iterable[sp.Basic]) -> set[str]:
    """The names of all symbols that occur free."""
    return {s.name for e in expressions for s in e.free_symbols}  # type: ignore[attr-defined]


def fresh_index(k, taken: Iterable[sp.Basic]):
    """An index with the range of ``k`` whose name none of ``taken`` uses; ``k`` itself when it is free."""
    names = free_names(taken)
    if k.name not in names:
        return k
    start = LETTERS.find(k.name) + 1
    candidates = [*LETTERS[start:], *LETTERS[:start], *(f"{k.name}{n}" for n in range(1, 100))]
    return k.renamed(next(name for name in candidates if name not in names))


def substitute(expression: sp.Basic, replacements: Mapping[sp.Basic, sp.Basic]) -> sp.Basic:
    """Replace symbols (or whole sub-expressions) at once; bound indices are renamed where they would capture.

    The range of an index that is not replaced itself follows its ends: with n -> n+1, ``Sum(f, k in 1..n)`` runs on.
    """
    from derivations.calculus.operators import Binder, Limit
    from derivations.calculus.symbols import Definition, Index, Recurrence, Tensor

    replacements = {sp.sympify(a): sp.sympify(b) for a, b in replacements.items() if a != b}
    if not replacements:
        return expression

    def with_range(k: Index, mapping) -> Index:
        if not mapping or not (k.low.free_symbols | k.high.free_symbols):
            return k
        low, high = walk(k.low, mapping), walk(k.high, mapping)
        return k if (low, high) == (k.low, k.high) else Index(k.name, low, high)

    def bind(bound: tuple[Index, ...], bodies: tuple[sp.Basic, ...], mapping):
        """Rename the bound indices away from the names that the replacements bring in."""
        mapping = {a: b for a, b in mapping.items() if a not in bound}
        free = set().union(*(body.free_symbols for body in bodies)) - set(bound)
        incoming = list(mapping.values())  # also those that could not capture: a shadowed name misleads a reader
        renamed = []
        for k in bound:
            others = [*incoming, *renamed, *(f for f in free if f not in mapping), *(b for b in bound if b != k)]
            fresh = with_range(fresh_index(k, others), mapping)
            if fresh != k:
                mapping = {**mapping, k: fresh}
            renamed.append(fresh)
        return tuple(renamed), mapping

    def walk(e: sp.Basic, mapping) -> sp.Basic:
        if e in mapping:
            return mapping[e]
        if not mapping:
            return e
        if isinstance(e, Binder):
            bound, inner = bind(e.bound, (e.body,), mapping)
            return type(e)(walk(e.body, inner), *bound)
        if isinstance(e, Limit):
            inner = {a: b for a, b in mapping.items() if a != e.variable}
            return Limit(walk(e.function, inner), e.variable)
        if isinstance(e, (Definition, Recurrence)) and not _mentions(e, mapping):
            return e
        if isinstance(e, Definition):
            parameters, inner = bind(e.parameters, (e.body,), mapping)
            return Definition(e.name, parameters, walk(e.body, inner))
        if isinstance(e, Recurrence):
            (parameter,), inner = bind((e.parameter,), (e.start, e.step), mapping)
            return Recurrence(e.name, parameter, e.previous, walk(e.start, mapping), walk(e.step, inner))
        if isinstance(e, Index):
            return with_range(e, mapping)
        if isinstance(e, Tensor):
            axes = [tuple(walk(end, mapping) for end in axis) for axis in e.axes]
            return e if tuple(axes) == e.axes else Tensor(e.name, axes, e.domain, e.padded, e.random)
        if not e.args:
            return e
        args = tuple(walk(a, mapping) for a in e.args)
        return e if args == e.args else e.func(*args)

    return walk(expression, replacements)


def _mentions(head: sp.Basic, mapping: Mapping[sp.Basic, sp.Basic]) -> bool:
    """Whether a replacement can touch a definition; for one of a compound expression, always."""
    return not all(a.is_Symbol for a in mapping) or bool(head.free_symbols & set(mapping))


def rebuild(expression: sp.Basic, transform: Callable[[sp.Basic], sp.Basic | None]) -> sp.Basic:
    """Apply ``transform`` bottom-up to every sub-expression; None leaves it. Tensors and bodies are not entered."""
    from derivations.calculus.operators import Binder, D, Limit
    from derivations.calculus.symbols import Defined, Entry

    e = expression
    if isinstance(e, (Entry, Defined)) or not e.args:
        new = e
    elif isinstance(e, Binder):
        new = _remake(e, (rebuild(e.body, transform), *e.bound))
    elif isinstance(e, (D, Limit)):
        new = _remake(e, (rebuild(e.args[0], transform), e.args[1]))
    else:
        new = _remake(e, tuple(rebuild(a, transform) for a in e.args))
    changed = transform(new)
    return new if changed is None else changed


def _remake(e: sp.Basic, args: tuple[sp.Basic, ...]) -> sp.Basic:
    return e if args == e.args else e.func(*args)


def unfold(expression: sp.Basic, heads: Iterable | None = None, keep: Iterable = ()) -> sp.Basic:
    """Replace definitions by their bodies: those named like ``heads`` (all when None), never those in ``keep``.

    By name, because a substitution inside a definition makes another definition of the same name. Recurrences have no
    body to unfold into and stay.
    """
    from derivations.calculus.symbols import Defined, Definition

    wanted, kept = None if heads is None else {head.name for head in heads}, set(keep)

    def open_definition(e):
        if not isinstance(e, Defined) or not isinstance(e.head, Definition) or e.head in kept:
            return None
        if wanted is not None and e.head.name not in wanted:
            return None
        return unfold(e.unfolded, heads, keep)

    return rebuild(expression, open_definition)


def canonical(expression: sp.Basic, depth: int = 0) -> sp.Basic:
    """The same expression with bound indices numbered by depth: equal for two that differ in their names only."""
    from derivations.calculus.operators import Binder, D, Limit
    from derivations.calculus.symbols import Defined, Entry

    e = expression
    if isinstance(e, Binder):
        names = {k: k.renamed(f"{BOUND}{depth + position}") for position, k in enumerate(e.bound)}
        body = substitute(e.body, names)
        bound = tuple(names[k] for k in e.bound)
        return type(e)(canonical(body, depth + len(bound)), *bound)
    if isinstance(e, (Entry, Defined)) or not e.args:
        return e
    if isinstance(e, (D, Limit)):
        return _remake(e, (canonical(e.args[0], depth), e.args[1]))
    return _remake(e, tuple(canonical(a, depth) for a in e.args))


BOUND = "bound_"


def alpha_equal(left: sp.Basic, right: sp.Basic) -> bool:
    """Structural equality up to the names of bound indices."""
    return left == right or canonical(left) == canonical(right)


def subexpressions(expression: sp.Basic):
    """Every sub-expression, outermost first, without entering tensors, subscripts or definitions."""
    from derivations.calculus.operators import Binder, D, Limit
    from derivations.calculus.symbols import Defined, Entry

    yield expression
    if isinstance(expression, (Entry, Defined)):
        return
    inner = expression.args[:1] if isinstance(expression, (Binder, D, Limit)) else expression.args
    for argument in inner:
        yield from subexpressions(argument)


def named_objects(expression: sp.Basic) -> set[sp.Basic]:
    """Every scalar, size, tensor and definition in an expression, those inside definitions' bodies too.

    Bound and free indices are left out: two indices may share a letter in different sums.
    """
    from derivations.calculus.operators import Binder, Limit
    from derivations.calculus.symbols import Defined, Definition, Entry, Index, Scalar, Size

    found: set[sp.Basic] = set()

    def ends(low, high):
        for end in (low, high):
            for s in end.free_symbols:
                visit(s)

    def visit(e):
        if e in found:
            return
        if isinstance(e, Index):
            ends(e.low, e.high)
        elif isinstance(e, (Scalar, Size)):
            found.add(e)
        elif isinstance(e, Entry):
            found.add(e.tensor)
            for axis in e.tensor.axes:
                ends(*axis)
            for s in e.subscripts:
                visit(s)
        elif isinstance(e, Defined):
            found.add(e.head)
            for s in e.subscripts:
                visit(s)
            for k in e.head.parameters:
                ends(k.low, k.high)
            if isinstance(e.head, Definition):
                visit(e.head.body)
            else:
                visit(e.head.start)
                for s in named_objects(e.head.step) - {e.head.previous}:
                    found.add(s)
        elif isinstance(e, (Binder, Limit)):
            for a in e.args:
                visit(a)
        else:
            for a in e.args:
                visit(a)

    visit(expression)
    return found
