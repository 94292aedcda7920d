"""Exact admissible points, from the smallest to larger ones: where the ball refuter tries a statement.

    points(expressions, hypotheses)          points drawn from the declared domains, hypotheses satisfied exactly

Sizes start at their minimum and grow; numbers start at 0, 1, -1, 2, 1/2 where the domain admits them and go on to
random rationals, a few of them large or tiny. An equality among the hypotheses is solved for one of its numbers in
exact arithmetic; other hypotheses are met by trying again. What is yielded satisfies every hypothesis for certain.

A hypothesis about an endless sequence is solved for its first ``WINDOW`` instances; reading further is an error.
That the sequence can be continued beyond is taken for granted.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import sympy as sp

from derivations.calculus.symbols import Index, Scalar, Size, Tensor
from derivations.judges.ball.drawing import SIMPLEST, Style
from derivations.judges.ball.footprints import closed
from derivations.judges.ball.satisfying import assignments, instances, satisfy
from derivations.judges.ball.scope import NotEvaluable
from derivations.judges.ball.values import Point, Values
from derivations.proof.statement import Hypothesis, Relation

ATTEMPTS = 12  # draws for one admissible point


def points(
    statement_expressions: Iterable[sp.Expr],
    hypotheses: Iterable[Hypothesis] = (),
    sizes: Sequence[int] = (1, 2, 3),
    seed: int = 0,
    count: int = 40,
    deadline: float = math.inf,
) -> Iterator[Point]:
    """At most ``count`` admissible points, smallest first; fewer where the hypotheses are hard to satisfy.

    ``sizes`` counts from each size's own minimum: 1 is the minimum, 2 one more. Each point has a value for every free
    index of the expressions. Raises NotEvaluable for what has no value anywhere, OutOfTime after ``deadline`` (a
    reading of ``time.monotonic``).
    """
    sides = [sp.sympify(e, strict=True) for e in statement_expressions]
    plan = _Plan(sides, [h.relation for h in hypotheses], deadline)
    inhabited = [(n, plan.index_values(n)) for n in plan.size_assignments(sizes)]
    chosen, cap = _within_budget([(n, where) for n, where in inhabited if where], count)
    per_round = sum(min(cap, len(where)) for _, where in chosen)
    rounds = max(1, count // per_round) if per_round and plan.numbers else 1
    yielded = 0
    for at_sizes, where in chosen:
        for number in range(rounds):
            values = plan.admissible(at_sizes, number, rounds, f"{seed}/{tuple(at_sizes.values())}/{number}")
            if values is None or yielded == count:
                continue
            pick = random.Random(f"{seed}/{number}/indices").sample(range(len(where)), min(cap, len(where)))
            for position in sorted(pick)[: count - yielded]:
                yielded += 1
                yield Point(where[position], values)
    if not yielded and plan.reason:
        raise NotEvaluable(plan.reason)


def _within_budget(inhabited: list, count: int) -> tuple[list, int]:
    """Which sizes to try and how many index values at each, so that every one is drawn twice where possible."""
    chosen, cap = inhabited, 1
    for limit, cap in ((12, 9), (10, 6), (8, 4), (6, 3), (4, 2), (2, 1)):
        chosen = _spread(inhabited, limit)
        if 2 * sum(min(cap, len(where)) for _, where in chosen) <= count:
            break
    return chosen, cap


def _spread(items: list, limit: int) -> list:
    """At most ``limit`` items, the first and the last among them, the others evenly between."""
    if len(items) <= limit:
        return items
    return [items[round(k * (len(items) - 1) / (limit - 1))] for k in range(limit)]


@dataclass
class _Plan:
    """What has to be drawn for a statement under its hypotheses."""

    expressions: list[sp.Expr]
    relations: list[Relation]
    deadline: float
    free: frozenset[Index] = field(init=False)
    objects: frozenset = field(init=False)
    numbers: tuple[Scalar | Tensor, ...] = field(init=False)  # arrays first, then scalars, each by name
    reason: str = ""  # why the last point was given up

    def __post_init__(self):
        said = closed(self.expressions)
        assumed = closed([side for r in self.relations for side in (r.left, r.right)])
        self.free, self.objects = said.indices, said.objects | assumed.objects
        numbers = (thing for thing in self.objects if isinstance(thing, (Scalar, Tensor)))
        self.numbers = tuple(sorted(numbers, key=lambda thing: (isinstance(thing, Scalar), thing.name)))

    def size_assignments(self, steps: Sequence[int]) -> list[dict[Size, int]]:
        """Every assignment from the minimum upwards, the smallest total first."""
        sizes = sorted((s for s in self.objects if isinstance(s, Size)), key=lambda s: s.name)
        steps = sorted(steps) if self.numbers or len(sizes) > 1 else range(1, 2 * len(steps) + 2)
        choices = itertools.product(*([s.minimum + k - 1 for k in steps] for s in sizes))
        ordered = sorted(itertools.islice(choices, 20_000), key=lambda values: (sum(values), values))
        return [dict(zip(sizes, values, strict=True)) for values in ordered]

    def index_values(self, sizes: Mapping[Size, int]) -> list[dict[Index, int]]:
        """Every choice of the free indices (the first few, on an endless range)."""
        return list(itertools.islice(assignments(self.free, Values(sizes), window=4), 5000))

    def admissible(self, sizes: Mapping[Size, int], number: int, rounds: int, seed: str) -> Values | None:
        """Numbers that satisfy the hypotheses, or None after some attempts."""
        for attempt in range(ATTEMPTS):
            style = self._style(number, rounds, attempt, f"{seed}/{attempt}")
            values = Values(sizes, style, style.weights())
            try:
                if satisfy(instances(self.relations, values), values, self.deadline):
                    values.assume(self._endless())
                    return values
            except NotEvaluable as reason:
                self.reason = str(reason)
        return None

    def _style(self, number: int, rounds: int, attempt: int, seed: str) -> Style:
        lone = len(self.numbers) == 1 and isinstance(self.numbers[0], Scalar)
        simple = min(len(SIMPLEST), max(rounds // 3, min(3, rounds // 2))) if lone else min(4, rounds // 2)
        moments = bool(self.relations) and any(isinstance(t, Tensor) and t.random for t in self.objects)
        signs = moments and (number + attempt) % 2 == 1
        if number < simple:
            first = 0 if lone or simple > 2 else 1  # with few draws, skip the one where everything is 0
            return Style("simple", first + number + attempt, seed, lone, signs, self.numbers)
        kind = "extreme" if (number - simple) % 4 == 3 else "ordinary"
        return Style("simple" if signs else kind, 0, seed, False, signs)

    def _endless(self) -> set[Tensor]:
        """The sequences that a hypothesis with an endless index speaks of."""
        assumed = [closed([relation.left, relation.right]) for relation in self.relations]
        speaking = [seen.objects for seen in assumed if any(k.high is sp.oo for k in seen.indices)]
        tensors = (t for seen in speaking for t in seen if isinstance(t, Tensor))
        return {t for t in tensors if any(high is sp.oo for _, high in t.axes)}
