"""The nouns of the calculus: sizes, indices that carry their range, scalars, tensors, definitions.

Every range is 1-based and inclusive, as on the lectures' slides: ``index("k", n)`` runs over 1..n,
``index("k", 0, n - 1)`` over 0..n-1. Numbers are taken in by ``sympify(..., strict=True)``, which refuses text: nothing
is ever evaluated from a string. An access ``z[i]`` is checked when it is written: an index that is not
provably in range raises :class:`IndexRangeError` at once.
"""

from __future__ import annotations

import keyword

import sympy as sp
from sympy.core.symbol import Str

from derivations.calculus.domains import INTEGER, REAL, Domain


class CalculusError(ValueError):
    """A statement that has no meaning: it names the place and the reason."""


def unevaluated_derivative(e: sp.Expr, s: sp.Symbol) -> sp.Expr:
    """What SymPy's ``diff`` gets from our nodes: 0, or a derivative left standing, never a wrong value.

    By a size or an index there is no derivative: nan. SymPy asks for it when it looks for the sign of a ``Max``.
    """
    if s in e.free_symbols and s.is_integer:
        return sp.nan
    return sp.S.Zero if s not in e.free_symbols else sp.Derivative(e, s, evaluate=False)


def substituted_by_sympy(e: sp.Expr, old: sp.Basic, new: sp.Basic) -> sp.Expr:
    """What SymPy's ``subs`` makes of our nodes: what ``substitute`` does, nan where that has no meaning.

    SymPy puts the number 1 for a size when it looks for a sign, and z[3] is then outside its array.
    """
    from derivations.calculus.substitution import substitute

    try:
        return substitute(e, {old: new})  # type: ignore[return-value]
    except CalculusError:
        return sp.nan


class IndexRangeError(CalculusError):
    """An index that is not provably inside the axis it is used on."""


def _checked_name(name: str) -> str:
    if not name or not name.replace("_", "").replace("'", "").isalnum() or keyword.iskeyword(name):
        raise CalculusError(f"{name!r} is not a name: use letters, digits and '_'")
    return name


class _CarryingSymbol(sp.Symbol):
    """A symbol whose identity includes what it carries (a range, a domain), not only its name."""

    __slots__ = ("carried",)

    def __new__(cls, name: str, carried: tuple[sp.Basic, ...], **assumptions):
        symbol = sp.Symbol.__xnew__(cls, _checked_name(name), **assumptions)
        symbol.carried = carried
        return symbol

    def _hashable_content(self):
        return (*super()._hashable_content(), *self.carried)

    def __getnewargs_ex__(self):
        return ((self.name, *self.carried), {})

    def __reduce_ex__(self, protocol):
        return _rebuild, (type(self), self.name, self.carried)


def _rebuild(cls, name, carried):
    return cls(name, *carried)


class Size(_CarryingSymbol):
    """A number of entries: an integer of at least ``minimum`` (1 unless told)."""

    def __new__(cls, name: str, minimum: int = 1):
        if int(minimum) < 0:
            raise CalculusError(f"size {name}: the least value {minimum} is negative")
        facts = {"positive": True} if minimum > 0 else {"nonnegative": True}
        return super().__new__(cls, name, (sp.Integer(minimum),), integer=True, **facts)

    @property
    def minimum(self) -> int:
        return int(self.carried[0])  # type: ignore[arg-type]


class Index(_CarryingSymbol):
    """An index with its range ``low..high``, both ends included; the ends are affine in sizes (or outer indices)."""

    def __new__(cls, name: str, low, high):
        low, high = sp.sympify(low, strict=True), sp.sympify(high, strict=True)
        if not (low.is_Integer or isinstance(low, sp.Expr)):
            raise CalculusError(f"index {name}: the range {low}..{high} has no meaning")
        return super().__new__(cls, name, (low, high), integer=True)

    @property
    def low(self) -> sp.Expr:
        return self.carried[0]  # type: ignore[return-value]

    @property
    def high(self) -> sp.Expr:
        return self.carried[1]  # type: ignore[return-value]

    @property
    def extent(self) -> sp.Expr:
        """How many values the index takes."""
        return self.high - self.low + 1

    def renamed(self, name: str) -> Index:
        return Index(name, self.low, self.high)


class Scalar(_CarryingSymbol):
    """A number from a declared domain."""

    def __new__(cls, name: str, domain: Domain = REAL):
        return super().__new__(cls, name, (domain,), **domain.assumptions())

    @property
    def domain(self) -> Domain:
        return self.carried[0]  # type: ignore[return-value]


class _Head(sp.Basic):
    """Something with a name that SymPy's traversals must not look into: they would rewrite it behind our back."""

    __slots__ = ("content",)
    __iter__ = None  # z[i] is no iteration: SymPy would otherwise try z[0], z[1], ...
    is_Atom = True

    def __new__(cls, name: str | Str, *content: sp.Basic):
        head = super().__new__(cls)
        head.content = (Str(_checked_name(str(name))), *content)
        return head

    @property
    def name(self) -> str:
        return self.content[0].name

    def _hashable_content(self):
        return self.content

    def __reduce_ex__(self, protocol):
        return _rebuild_head, (type(self), self.content)

    def _sympystr(self, printer) -> str:
        return self.name


def _rebuild_head(cls, content):
    return _Head.__new__(cls, *content)


class Previous(Scalar):
    """What stands for ``m[t-1]`` in the step of a recurrence: a type of its own, so no user's scalar equals it."""


class Tensor(_Head):
    """An array of symbolic shape; ``axes`` holds one (low, high) pair an axis, ``high`` may be oo for a sequence.

    ``padded`` reads entries outside the axes as 0. ``random`` marks a random variable, for ``Expectation``.
    """

    def __new__(cls, name, axes, domain: Domain = REAL, padded=False, random=False):
        axes = sp.Tuple(*(sp.Tuple(low, high) for low, high in axes))
        flags = (sp.true if flag else sp.false for flag in (padded, random))
        return super().__new__(cls, name, axes, domain, *flags)

    @property
    def axes(self) -> tuple[tuple[sp.Expr, sp.Expr], ...]:
        return tuple(tuple(axis) for axis in self.content[1])  # type: ignore[misc]

    @property
    def free_symbols(self):
        return self.content[1].free_symbols

    @property
    def shape(self) -> tuple[sp.Expr, ...]:
        return tuple(high - low + 1 for low, high in self.axes)

    @property
    def domain(self) -> Domain:
        return self.content[2]  # type: ignore[return-value]

    @property
    def padded(self) -> bool:
        return bool(self.content[3])

    @property
    def random(self) -> bool:
        return bool(self.content[4])

    def __getitem__(self, subscript) -> Entry:
        return Entry(self, *(subscript if isinstance(subscript, tuple) else (subscript,)))


class Entry(sp.Expr):
    """``z[i]``: one entry of a tensor, a real number, which SymPy is told here and in the other nodes."""

    is_commutative = True
    is_real = True

    def __new__(cls, tensor: Tensor, *subscripts):
        from derivations.calculus.affine import provably_within

        subscripts = tuple(sp.sympify(subscript, strict=True) for subscript in subscripts)
        if len(subscripts) != len(tensor.axes):
            raise CalculusError(f"{tensor.name} has {len(tensor.axes)} axes and was given {len(subscripts)} subscripts")
        for position, (subscript, axis) in enumerate(zip(subscripts, tensor.axes, strict=True), 1):
            if not tensor.padded and not provably_within(subscript, *axis):
                raise IndexRangeError(
                    f"{tensor.name}{list(subscripts)}: subscript {position}, {subscript}, is not provably in "
                    f"{axis[0]}..{axis[1]}"
                )
        return super().__new__(cls, tensor, *subscripts)

    @property
    def tensor(self) -> Tensor:
        return self.args[0]  # type: ignore[return-value]

    @property
    def subscripts(self) -> tuple[sp.Expr, ...]:
        return self.args[1:]  # type: ignore[return-value]

    _eval_derivative = unevaluated_derivative
    _eval_subs = substituted_by_sympy

    def _sympystr(self, printer) -> str:
        return f"{self.tensor.name}[{', '.join(printer.doprint(s) for s in self.subscripts)}]"


class Definition(_Head):
    """A name for an expression: ``p`` with parameters ``(i,)`` and body ``exp(z[i]) / Z``."""

    def __new__(cls, name, parameters, body):
        return super().__new__(cls, name, sp.Tuple(*parameters), sp.sympify(body, strict=True))

    @property
    def parameters(self) -> tuple[Index, ...]:
        return tuple(self.content[1])  # type: ignore[arg-type]

    @property
    def free_symbols(self):
        ends = {s for k in self.parameters for end in (k.low, k.high) for s in end.free_symbols}
        return (self.body.free_symbols | ends) - set(self.parameters)

    @property
    def body(self) -> sp.Expr:
        return self.content[2]  # type: ignore[return-value]

    @property
    def axes(self) -> tuple[tuple[sp.Expr, sp.Expr], ...]:
        return tuple((parameter.low, parameter.high) for parameter in self.parameters)

    def at(self, *subscripts) -> sp.Expr:
        """The body with the parameters replaced, bound indices renamed where they would capture."""
        from derivations.calculus.substitution import substitute

        return substitute(self.body, dict(zip(self.parameters, subscripts, strict=True)))

    def __getitem__(self, subscript) -> Defined:
        return Defined(self, *(subscript if isinstance(subscript, tuple) else (subscript,)))


class Recurrence(_Head):
    """A sequence given by its first value and a step: ``m[0] = start``, ``m[t] = step`` for t > 0.

    ``step`` is an expression in ``t`` and ``previous``, the symbol that stands for ``m[t-1]``.
    """

    def __new__(cls, name, parameter: Index, previous: Scalar, start, step):
        return super().__new__(
            cls, name, parameter, previous, sp.sympify(start, strict=True), sp.sympify(step, strict=True)
        )

    @property
    def parameter(self) -> Index:
        """The index of the step; its ``low`` is the first position that the step defines."""
        return self.content[1]  # type: ignore[return-value]

    @property
    def previous(self) -> Scalar:
        return self.content[2]  # type: ignore[return-value]

    @property
    def start(self) -> sp.Expr:
        return self.content[3]  # type: ignore[return-value]

    @property
    def step(self) -> sp.Expr:
        return self.content[4]  # type: ignore[return-value]

    @property
    def first(self) -> int:
        """The position of the start value."""
        return int(self.parameter.low) - 1

    @property
    def axes(self) -> tuple[tuple[sp.Expr, sp.Expr], ...]:
        return ((sp.Integer(self.first), sp.oo),)

    @property
    def free_symbols(self):
        return (self.start.free_symbols | self.step.free_symbols) - {self.parameter, self.previous}

    @property
    def parameters(self) -> tuple[Index, ...]:
        return (self.parameter,)

    def step_at(self, position) -> sp.Expr:
        """The right side of the step for ``m[position]``, in terms of ``m[position - 1]``."""
        from derivations.calculus.substitution import substitute

        return substitute(self.step, {self.parameter: position, self.previous: self[position - 1]})

    def __getitem__(self, position) -> Defined:
        return Defined(self, position)


class Defined(sp.Expr):
    """A use of a definition or recurrence: ``Z``, ``p[i]``, ``m[t]``. Its meaning is the body."""

    is_commutative = True
    is_real = True

    def __new__(cls, head: Definition | Recurrence, *subscripts):
        from derivations.calculus.affine import provably_within

        subscripts = tuple(sp.sympify(subscript, strict=True) for subscript in subscripts)
        if len(subscripts) != len(head.axes):
            raise CalculusError(f"{head.name} takes {len(head.axes)} subscripts and was given {len(subscripts)}")
        for subscript, axis in zip(subscripts, head.axes, strict=True):
            if not provably_within(subscript, *axis):
                raise IndexRangeError(
                    f"{head.name}{list(subscripts)}: {subscript} is not provably in {axis[0]}..{axis[1]}"
                )
        return super().__new__(cls, head, *subscripts)

    @property
    def head(self) -> Definition | Recurrence:
        return self.args[0]  # type: ignore[return-value]

    @property
    def subscripts(self) -> tuple[sp.Expr, ...]:
        return self.args[1:]  # type: ignore[return-value]

    @property
    def unfolded(self) -> sp.Expr:
        """The body at these subscripts, one level down."""
        if isinstance(self.head, Definition):
            return self.head.at(*self.subscripts)
        (position,) = self.subscripts
        return self.head.start if position == self.head.first else self.head.step_at(position)

    _eval_derivative = unevaluated_derivative
    _eval_subs = substituted_by_sympy

    def _sympystr(self, printer) -> str:
        if not self.subscripts:
            return self.head.name
        return f"{self.head.name}[{', '.join(printer.doprint(s) for s in self.subscripts)}]"


# ---- constructors, as topic files use them ---------------------------------------------------------------------


def size(name: str, minimum: int = 1) -> Size:
    """A symbolic number of entries: an integer of at least ``minimum``, which stays a symbol throughout."""
    return Size(name, minimum)


def sizes(names: str, minimum: int = 1) -> tuple[Size, ...]:
    """Several sizes, their names separated by spaces: ``m, n = sizes("m n")``."""
    return tuple(Size(name, minimum) for name in names.split())


def index(name: str, *ends) -> Index:
    """An index with its range, both ends included: ``index("k", n)`` runs over 1..n, ``index("k", 0, n - 1)`` from 0.

    The ends are affine in sizes and in other indices.
    """
    low, high = (1, ends[0]) if len(ends) == 1 else ends
    return Index(name, low, high)


def indices(names: str, *ends) -> tuple[Index, ...]:
    """Several indices of one range: ``i, j, k = indices("i j k", n)``."""
    return tuple(index(name, *ends) for name in names.split())


def scalar(name: str, domain: Domain = REAL) -> Scalar:
    """A number from a domain: ``scalar("eps", POSITIVE)``."""
    return Scalar(name, domain)


def scalars(names: str, domain: Domain = REAL) -> tuple[Scalar, ...]:
    """Several numbers from one domain, their names separated by spaces."""
    return tuple(Scalar(name, domain) for name in names.split())


def integer(name: str) -> Scalar:
    """A whole number of either sign; a number of entries is a ``size``."""
    return Scalar(name, INTEGER)


def tensor(name: str, *shape, domain: Domain = REAL, padded=False, random=False) -> Tensor:
    """An array with one axis 1..n for each size n in ``shape``; an axis may also be a pair (low, high).

    Args:
        name: letters, digits and underscores; names of Greek letters are printed as letters.
        shape: the sizes of the axes.
        domain: where each entry lives.
        padded: entries outside of the axes are read as 0, as at the border of a convolution.
        random: a random variable, of which ``Expectation`` is taken.

    Raises:
        CalculusError: an axis without entries, or a name that is none.
    """
    axes = [axis if isinstance(axis, tuple) else (1, axis) for axis in shape]
    for low, high in axes:
        if sp.S(high - low + 1).is_Integer and high - low + 1 < 1:
            raise CalculusError(f"{name}: an axis of size {high - low + 1} has no entries; sizes are at least 1")
    return Tensor(name, axes, domain, padded, random)


def vector(name: str, n, **options) -> Tensor:
    """An array of shape (n,); ``options`` are those of ``tensor``."""
    return tensor(name, n, **options)


def matrix(name: str, m, n, **options) -> Tensor:
    """An array of shape (m, n); ``options`` are those of ``tensor``."""
    return tensor(name, m, n, **options)


def sequence(name: str, first: int = 1, **options) -> Tensor:
    """An endless sequence ``v[first], v[first + 1], ...``."""
    return tensor(name, (first, sp.oo), **options)
