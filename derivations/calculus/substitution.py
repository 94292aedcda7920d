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
    Raises CalculusError where a replacement would move the variable of a derivative together with its function.
    """
    from derivations.calculus.operators import Binder, D, Limit
    from derivations.calculus.symbols import Definition, Index, Recurrence, Tensor

    replacements = {sp.sympify(a, strict=True): sp.sympify(b, strict=True) for a, b in replacements.items() if a != b}
    if not replacements:
        return expression

    def with_range(k: Index, mapping) -> Index:
        if not mapping or not (k.low.free_symbols | k.high.free_symbols):
            return k
        low, high = walk(k.low, mapping), walk(k.high, mapping)
        return k if (low, high) == (k.low, k.high) else Index(k.name, low, high)

    def bind(bound: tuple[Index, ...], bodies: tuple[sp.Basic, ...], mapping):
        """Rename the bound indices away from the names that the replacements bring in."""
        mapping = _outside(bound, mapping)
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
            t, inner = _renamed_apart(e.variable, e.function, _outside([e.variable], mapping))
            return Limit(walk(e.function, inner), t)
        if isinstance(e, D):
            _check_derivative(e, mapping)
        if isinstance(e, (Definition, Recurrence)) and not _mentions(e, mapping):
            return e
        if isinstance(e, Definition):
            parameters, inner = bind(e.parameters, (e.body,), mapping)
            return Definition(e.name, parameters, walk(e.body, inner))
        if isinstance(e, Recurrence):
            (parameter,), inner = bind((e.parameter,), (e.start, e.step), mapping)
            previous, inner = _renamed_apart(e.previous, e.step, _outside([e.previous], inner))
            return Recurrence(e.name, parameter, previous, walk(e.start, mapping), walk(e.step, inner))
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


def _outside(bound: Iterable[sp.Symbol], mapping: Mapping[sp.Basic, sp.Basic]) -> dict[sp.Basic, sp.Basic]:
    """The replacements that go on under a binder: those of expressions that do not speak of what it binds."""
    return {a: b for a, b in mapping.items() if not a.free_symbols & set(bound)}


def _renamed_apart(symbol, body: sp.Basic, mapping: Mapping[sp.Basic, sp.Basic]):
    """A bound size or scalar under a name that no replacement brings in, and the replacements with its own added."""
    if symbol not in set().union(*(b.free_symbols for b in mapping.values())):
        return symbol, mapping
    taken = free_names([body, *mapping.values()])
    name = symbol.name
    while name in taken:
        name += "'"
    fresh = type(symbol)(name, symbol.carried[0])
    return fresh, {**mapping, symbol: fresh}


def _check_derivative(e: sp.Basic, mapping: Mapping[sp.Basic, sp.Basic]) -> None:
    """Raise unless the replacement and the derivative can be exchanged: (df/dx)(a = x^2) is not d f(a = x^2)/dx."""
    from derivations.calculus.symbols import CalculusError, Defined, Entry

    x = e.variable  # type: ignore[attr-defined]
    moving = x.tensor if isinstance(x, Entry) else x.head if isinstance(x, Defined) else x
    for old, new in mapping.items():
        if old in (x, moving):
            captured = type(new) is not type(old) or (isinstance(new, sp.Symbol) and new in e.function.free_symbols)  # type: ignore[attr-defined]
        else:
            captured = moving in named_objects(new)
        if captured:
            raise CalculusError(f"{old} = {new} cannot be put into {e}: it is, or contains, what is differentiated by")


def _mentions(head: sp.Basic, mapping: Mapping[sp.Basic, sp.Basic]) -> bool:
    """Whether a replacement can touch a definition; for one of a compound expression, always."""
    return not all(a.is_Symbol for a in mapping) or bool(head.free_symbols & set(mapping))


def rebuild(expression: sp.Basic, transform: Callable[[sp.Basic], sp.Basic | None]) -> sp.Basic:
    """Apply ``transform`` bottom-up to every sub-expression; None leaves it. Tensors and bodies are not entered."""
    new = _with_parts(expression, lambda part: rebuild(part, transform))
    changed = transform(new)
    return new if changed is None else changed


def _with_parts(e: sp.Basic, change: Callable[[sp.Basic], sp.Basic]) -> sp.Basic:
    """``e`` with its direct sub-expressions changed; subscripts, bound indices and what D goes by are none."""
    from derivations.calculus.operators import Binder, D, Limit
    from derivations.calculus.symbols import Defined, Entry

    if isinstance(e, (Entry, Defined)) or not e.args:
        return e
    if isinstance(e, (Binder, D, Limit)):
        return _remake(e, (change(e.args[0]), *e.args[1:]))
    return _remake(e, tuple(change(a) for a in e.args))


def _remake(e: sp.Basic, args: tuple[sp.Basic, ...]) -> sp.Basic:
    return e if args == e.args else e.func(*args)


def unfold(expression: sp.Basic, heads: Iterable | None = None, keep: Iterable = ()) -> sp.Basic:
    """Replace definitions by their bodies: those named like ``heads`` (all when None), never those in ``keep``.

    By name, because a substitution inside a definition makes another definition of the same name. Recurrences have no
    body to unfold into and stay. Under a derivative by a definition p, p stays: opened, it could not be held any more,
    and the value would be another one.
    """
    from derivations.calculus.operators import D
    from derivations.calculus.symbols import Defined, Definition

    wanted = None if heads is None else {head.name for head in heads}

    def opened(e: sp.Basic, kept: frozenset[str]) -> sp.Basic:
        if isinstance(e, D) and isinstance(e.variable, Defined):
            kept = kept | {e.variable.head.name}
        e = _with_parts(e, lambda part: opened(part, kept))
        if not isinstance(e, Defined) or not isinstance(e.head, Definition) or e.head.name in kept:
            return e
        return opened(e.unfolded, kept) if wanted is None or e.head.name in wanted else e

    return opened(expression, frozenset(head.name for head in keep))


def canonical(expression: sp.Basic, avoiding: Iterable[sp.Basic] = ()) -> sp.Basic:
    """The same expression with bound indices numbered by depth: equal for two that differ in their names only.

    The numbers follow a word that no free name of the expression, or of those in ``avoiding``, begins with.
    """
    from derivations.calculus.operators import Binder
    from derivations.calculus.symbols import Index

    word, free = "bound_", free_names([expression, *avoiding])
    while any(name.startswith(word) for name in free):
        word += "_"

    def numbered(e: sp.Basic, depth: int) -> sp.Basic:
        if not isinstance(e, Binder):
            return _with_parts(e, lambda part: numbered(part, depth))
        names: dict[sp.Basic, sp.Basic] = {}
        for position, k in enumerate(e.bound, depth):  # a range may name the indices bound before it
            names[k] = Index(f"{word}{position}", substitute(k.low, names), substitute(k.high, names))
        return type(e)(numbered(substitute(e.body, names), depth + len(names)), *names.values())

    return numbered(expression, 0)


def alpha_equal(left: sp.Basic, right: sp.Basic) -> bool:
    """Structural equality up to the names of bound indices."""
    return left == right or canonical(left, [right]) == canonical(right, [left])


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
    from derivations.calculus.operators import Binder, Bound, Limit
    from derivations.calculus.symbols import Defined, Definition, Entry, Index, Scalar, Size

    found: set[sp.Basic] = set()

    def ends(low, high):
        for end in (low, high):
            for s in end.free_symbols:
                visit(s)

    def visit(e):
        if e in found or isinstance(e, Bound):
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
