"""The numbers of a point: drawn when they are first read, written by hand, described in words.

point({n: 2, i: 1, z: [1, "1/3"]})       a point written by hand
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sympy as sp

from derivations.calculus.symbols import Index, Scalar, Size, Tensor
from derivations.judges.ball import arithmetic as ba
from derivations.judges.ball.evaluator import Evaluator
from derivations.judges.ball.scope import NotEvaluable, Scope

Key = tuple[Scalar | Tensor, tuple[int, ...], int | None]  # a scalar, or an entry; at an outcome when random


class Values:
    """The numbers of a point, each drawn when it is first read and fixed from then on."""

    def __init__(self, sizes: Mapping[Size, int], draw: Callable[[Key], Fraction] | None = None, weights=()):
        self.sizes, self.weights = dict(sizes), [exact(w) for w in weights]
        self.known: dict[Key, ba.fmpq] = {}
        self.read: dict[Key, None] = {}  # in the order of reading
        self.assumed: dict[Key, None] = {}  # what only the hypotheses read
        self.fenced: set[Tensor] = set()  # sequences whose further entries hypotheses restrict in ways not solved
        self._draw = draw

    def scalar(self, s: Scalar) -> ba.fmpq:
        return self.number((s, (), None))

    def entry(self, tensor: Tensor, at: tuple[int, ...], outcome: int | None) -> ba.fmpq:
        return self.number((tensor, at, outcome))

    def number(self, key: Key) -> ba.fmpq:
        """The number at a key; raises NotEvaluable where there is none."""
        if key not in self.known:
            thing, at, _ = key
            if thing in self.fenced:
                raise NotEvaluable(f"{thing.name}{list(at)} lies beyond the solved instances of the hypotheses")
            if self._draw is None:
                raise NotEvaluable(f"{thing.name}{list(at) or ''} has no value at this point")
            self.known[key] = exact(self._draw(key))
        self.read[key] = None
        return self.known[key]

    def assume(self, fenced: set[Tensor]) -> None:
        """End of the hypotheses: what was read until now is theirs, and they fence these sequences."""
        self.assumed, self.read, self.fenced = self.read, {}, fenced

    def with_number(self, key: Key, x: ba.fmpq) -> Values:
        """A copy in which one number is another, and to be read anew."""
        changed = Values(self.sizes, self._draw)
        changed.weights = self.weights
        changed.known = {**self.known, key: x}
        return changed


@dataclass(frozen=True)
class Point:
    """Values of the free indices, and of everything else; points at the same ``values`` share one evaluator."""

    indices: Mapping[Index, int]
    values: Values

    @property
    def sizes(self) -> Mapping[Size, int]:
        return self.values.sizes

    def described(self) -> dict[str, str]:
        """Names and exact values as text: sizes, indices, scalars, then arrays as nested lists."""
        text = {s.name: str(value) for s, value in self.sizes.items()}
        for k, value in self.indices.items():  # two free indices may share a letter
            text[k.name if k.name not in text else f"{k.name} in {k.low}..{k.high}"] = str(value)
        for thing in self.things():
            text[thing.name] = _array_text(thing, self) if isinstance(thing, Tensor) else str(self.values.scalar(thing))
        return text

    def things(self) -> list[Scalar | Tensor]:
        """The scalars and arrays that were read here."""
        read = {key[0] for key in (*self.values.assumed, *self.values.read)}
        return sorted(read, key=lambda t: (isinstance(t, Tensor), t.name))

    def keys_of(self, thing: Scalar | Tensor) -> list[Key]:
        """A scalar, or the entries of an array that are shown."""
        if isinstance(thing, Scalar):
            return [(thing, (), None)]
        outcomes = range(len(self.values.weights)) if thing.random else (None,)
        return [(thing, at, k) for k in outcomes for at in _positions(self.spans(thing))]

    def spans(self, tensor: Tensor) -> list[range]:
        """The range of each axis, an endless one up to the last entry read."""
        evaluator, scope = Evaluator(self.values), Scope(self.indices)
        read = [at for thing, at, _ in self.values.read if thing == tensor]
        read = read or [at for thing, at, _ in self.values.assumed if thing == tensor]
        ends = [max(at[axis] for at in read) if high is sp.oo else high for axis, (_, high) in enumerate(tensor.axes)]
        return [
            range(evaluator.integer(low, scope), evaluator.integer(sp.S(end), scope) + 1)
            for (low, _), end in zip(tensor.axes, ends, strict=True)
        ]


def _positions(spans: Sequence[range]) -> Iterator[tuple[int, ...]]:
    if not spans:
        yield ()
        return
    for k in spans[0]:
        for rest in _positions(spans[1:]):
            yield (k, *rest)


def point(assignment: Mapping, weights: Sequence = ()) -> Point:
    """A point from ``{size: 2, index: 1, scalar: "1/2", array: [[1, 2], [0, "1/3"]]}``.

    Numbers are ints, Fractions, SymPy rationals or text such as "1/3". A random array takes one nested list for each
    outcome, whose probabilities are ``weights``. Arrays start at the low ends of their axes.
    """
    sizes = {s: int(v) for s, v in assignment.items() if isinstance(s, Size)}
    indices = {k: int(v) for k, v in assignment.items() if isinstance(k, Index)}
    values = Values(sizes, weights=[Fraction(str(w)) for w in weights])
    evaluator, scope = Evaluator(values), Scope(indices)

    def fill(tensor, nested, at, outcome):
        if len(at) == len(tensor.axes):
            values.known[tensor, at, outcome] = exact(Fraction(str(nested)))
            return
        low = evaluator.integer(tensor.axes[len(at)][0], scope)
        for position, part in enumerate(nested, low):
            fill(tensor, part, (*at, position), outcome)

    for thing, value in assignment.items():
        if isinstance(thing, Scalar):
            values.known[thing, (), None] = exact(Fraction(str(value)))
        elif isinstance(thing, Tensor) and thing.random:
            for outcome, nested in enumerate(value):
                fill(thing, nested, (), outcome)
        elif isinstance(thing, Tensor):
            fill(thing, value, (), None)
    return Point(indices, values)


def exact(x: Fraction) -> ba.fmpq:
    return ba.fmpq(x.numerator, x.denominator)


def as_fraction(x: ba.fmpq) -> Fraction:
    return Fraction(int(x.p), int(x.q))


def _array_text(tensor: Tensor, at: Point) -> str:
    """The entries as nested lists; one list an outcome when random, equal ones taken together where only it is."""
    spans = at.spans(tensor)

    def nested(chosen: tuple[int, ...], outcome) -> str:
        if len(chosen) == len(spans):
            try:
                return str(at.values.entry(tensor, chosen, outcome))
            except NotEvaluable:  # an entry that nothing read and that has no value of its own
                return "_"
        return "[" + ", ".join(nested((*chosen, k), outcome) for k in spans[len(chosen)]) + "]"

    if not tensor.random:
        return nested((), None)
    outcomes = [(nested((), k), w) for k, w in enumerate(at.values.weights)]
    if sum(isinstance(thing, Tensor) and thing.random for thing in at.things()) == 1:
        texts = dict.fromkeys(text for text, _ in outcomes)
        outcomes = [(text, sum((w for t, w in outcomes if t == text), ba.ZERO)) for text in texts]
    return "; ".join(f"{text} with probability {w}" for text, w in outcomes)
