"""The value of an index expression as code: one rule a node, after numeric/evaluate.py, which computes the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp

from derivations.calculus.functions import leaky_relu, step
from derivations.calculus.operators import Delta, Expectation, Product, Sum
from derivations.calculus.symbols import Defined, Entry, Index, Scalar, Size, Tensor
from gradproof.export import along, arithmetic, definitions, leaves, reading, reductions
from gradproof.export.arguments import told_sizes
from gradproof.export.code import ATOM, OUTCOME, POWER, PRODUCT, SIGN, Code, NoSource, kind_of, subscript_for
from gradproof.export.dialects import DEVICE, LIKE_FLOATS, Dialect
from gradproof.export.names import Names
from gradproof.export.ranges import box, running, whole
from numeric.stable import LogSoftmax, LogSumExp, Softmax, XLogY


@dataclass
class Printer:
    """Code of expressions, and the statements that it rests on, in ``lines``."""

    dialect: Dialect
    names: Names
    order: list[Any]  # the axes, outermost first
    lines: list[str] = field(default_factory=list)
    fixed: dict[Index, str] = field(default_factory=dict)  # indices that are variables of a loop
    previous: dict[Scalar, Code] = field(default_factory=dict)  # what stands for the step before
    known: dict[Any, Code] = field(default_factory=dict)  # local variables, by what they stand for
    used: dict[str, Any] = field(default_factory=dict)  # arguments and sizes, by name
    lifted: set[str] = field(default_factory=set)  # scalars that must be arrays
    helpers: set[str] = field(default_factory=set)
    reached: dict[Tensor, list[sp.Expr]] = field(default_factory=dict)  # of sequences: how many entries are read
    indent: str = ""
    inline: bool = False  # within an expression that cannot have statements of its own

    def __call__(self, e: sp.Expr) -> Code:
        for kind, rule in RULES:
            if isinstance(e, kind):
                return rule(self, e)
        raise NoSource(f"{type(e).__name__} has no form in {self.dialect.name}: {e}")

    # ---- statements

    def emit(self, line: str) -> None:
        self.lines.append(self.indent + line)

    def local(self, name: str, value: Code) -> Code:
        """A local variable that holds the value."""
        variable = self.names.fresh(name)
        self.emit(f"{variable} = {value.text}")
        return replace(value, text=variable, binding=ATOM, kept="")

    @contextmanager
    def within(self, **changes) -> Iterator[Printer]:
        """A printer for a block or an expression inside: what it defines is not known outside."""
        yield replace(self, known=dict(self.known), order=list(self.order), **changes)

    def helper(self, name: str) -> None:
        if name in self.dialect.helpers:
            self.helpers.add(name)

    # ---- arguments

    def reference(self) -> str | None:
        """The argument whose dtype the result has: the first array, else the first number."""
        for kind in (Tensor, Scalar):
            for name, thing in self.used.items():
                if isinstance(thing, kind):
                    return name
        return None

    def asked_sizes(self) -> list[str]:
        """The sizes that no shape tells, which the caller gives."""
        told = told_sizes(self)
        return sorted(name for name, thing in self.used.items() if isinstance(thing, Size) and thing not in told)

    # ---- axes

    def union(self, parts: Sequence[Code]) -> tuple:
        """All the axes, in order."""
        found = {axis for part in parts for axis in part.axes}
        return tuple(sorted(found, key=lambda axis: -1 if axis == OUTCOME else self.order.index(axis)))

    def bind(self, axes: Sequence) -> None:
        """Make axes known, inside of those that are."""
        for axis in axes:
            if axis in self.order:
                self.order.remove(axis)
            self.order.append(axis)

    def aligned(self, part: Code, axes: tuple) -> Code:
        """The value with an axis of length 1 for each of ``axes`` that it lacks, and its own in their order."""
        part = self.sorted(part)
        if part.kind == "number" or not axes:
            return part
        where = subscript_for(part.axes, axes, part.kind != "shared")
        if not where:
            return part
        if part.kept and len(axes) == 1:
            return Code(part.kept, ATOM, axes, part.kind)
        self.lifted |= part.scalars
        return replace(part, text=part.at_least(ATOM) + where, binding=ATOM, axes=axes, scalars=frozenset(), kept="")

    def sorted(self, part: Code) -> Code:
        axes = self.union([part])
        if axes == part.axes:
            return part
        if len(axes) == 2:
            text = f"{part.at_least(ATOM)}.swapaxes(-2, -1)"
        else:
            places = [part.axes.index(axis) - len(axes) for axis in axes]
            numbers = ", ".join(map(str, places)), ", ".join(str(p) for p in range(-len(axes), 0))
            text = f"{self.dialect.alias}.moveaxis({part.text}, ({numbers[0]}), ({numbers[1]}))"
        return replace(part, text=text, binding=ATOM, axes=axes, kept="")

    def joined(self, parts: Sequence[Code], template: Callable[..., str], binding: int = ATOM) -> Code:
        """An operation entry by entry on values whose axes are brought together."""
        axes = self.union(parts)
        texts = [self.aligned(part, axes) for part in parts]
        scalars = frozenset().union(*(part.scalars for part in texts))
        return Code(
            template(*texts), binding, axes, kind_of(parts), scalars if kind_of(parts) == "scalar" else frozenset()
        )

    # ---- leaves

    def name_of(self, s: sp.Symbol) -> str:
        """A size or a fixed index."""
        if isinstance(s, Index):
            return self.fixed[s]
        name = self.names.argument(s)
        self.used[name] = s
        return name

    def whole(self, e: sp.Expr) -> Code:
        return whole(e, self.name_of)

    def grid(self, e: sp.Expr, integers: bool = False) -> Code:
        """An affine form as numbers: one axis for each index that runs; whole numbers where they are subscripts."""
        indices = running(e, self.fixed)
        if not indices:
            return self.whole(e)
        # ranged indices one by one, so that each is a variable of its own
        parts = [self.arange(k, integers) for k in indices]
        axes = self.union(parts)
        texts = {k: self.aligned(part, axes).text for k, part in zip(indices, parts, strict=True)}
        value = whole(e, lambda s: texts[s] if s in texts else self.name_of(s))
        return replace(value, axes=axes, kind="shared")

    def arange(self, k: Index, integers: bool) -> Code:
        """All values of an index as a local variable."""
        key = (k, integers)
        if key not in self.known:
            if self.inline:
                raise NoSource(f"{k} runs within a sum over whole numbers")
            low, high = box(k, self.fixed)
            stop = self.whole(high + 1).text
            ends = stop if low == 0 else f"{self.whole(low).text}, {stop}"
            text = f"{self.dialect.alias}.arange({ends}{DEVICE if integers else LIKE_FLOATS})"
            self.known[key] = self.local(self.names.letter(k), Code(text, ATOM, (k,), "shared"))
        return self.known[key]

    def raised(self, base: Code, power: Code) -> Code:
        return self.joined([base, power], lambda a, b: f"{a.at_least(ATOM)} ** {b.at_least(POWER)}", POWER)

    def cast(self, mask: str) -> str:
        return self.dialect.templates["cast"].format(mask)

    # ---- operations

    def product_of(self, values: Sequence[Code]) -> Code:
        total = values[0]
        for value in values[1:]:
            total = self.joined([total, value], lambda a, b: f"{a.at_least(PRODUCT)} * {b.at_least(SIGN)}", PRODUCT)
        return total


RULES: list[tuple[type | tuple[type, ...], Callable[[Printer, Any], Code]]] = [
    (Entry, reading.entry),
    (Defined, definitions.defined),
    (sp.Rational, leaves.rational),
    (type(sp.pi), lambda printer, e: leaves.number(printer, "pi")),
    (type(sp.E), lambda printer, e: leaves.number(printer, "e")),
    ((Index, Size), leaves.index),
    (Scalar, leaves.scalar),
    (Delta, leaves.delta),
    (sp.Add, arithmetic.add),
    (sp.Mul, arithmetic.multiply),
    (tuple(arithmetic.FUNCTIONS), arithmetic.function),
    (step, arithmetic.step_function),
    (sp.Pow, arithmetic.power),
    (leaky_relu, arithmetic.leaky),
    (XLogY, arithmetic.xlogy),
    (Sum, reductions.total),
    (Product, reductions.product),
    ((Softmax, LogSoftmax), along.softmax),
    (reductions.Mean, reductions.mean),
    (LogSumExp, along.logsumexp),
    (Expectation, along.expectation),
]
