"""Exact admissible points, from the smallest to larger ones: where the ball refuter tries a statement.

    point({n: 2, i: 1, z: [1, "1/3"]})       a point written by hand
    points(expressions, hypotheses)          points drawn from the declared domains, hypotheses satisfied exactly

Sizes start at their minimum and grow; numbers start at 0, 1, -1, 1/2, 2 where the domain admits them and go on to
random rationals, a few of them large or tiny. An equality among the hypotheses is solved for one of its numbers in
exact arithmetic; other hypotheses are met by trying again. What is yielded satisfies every hypothesis for certain.

A hypothesis about an endless sequence is solved for its first ``WINDOW`` instances; reading further is an error.
That the sequence can be continued beyond is taken for granted.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import sympy as sp

from derivations.calculus.domains import Domain
from derivations.calculus.symbols import Index, Scalar, Size, Tensor
from derivations.judges import ball_arithmetic as ba
from derivations.judges.ball import Evaluator, Footprint, NotEvaluable, Scope, footprint
from derivations.proof.statement import Hypothesis, Relation

Key = tuple[Scalar | Tensor, tuple[int, ...], int | None]  # a scalar, or an entry; at an outcome when random

WINDOW = 8  # instances of a hypothesis about an endless sequence
ATTEMPTS = 12  # draws for one admissible point


class Values:
    """The numbers of a point, each drawn when it is first read and fixed from then on."""

    def __init__(self, sizes: Mapping[Size, int], draw: Callable[[Key], Fraction] | None = None, weights=()):
        self.sizes, self.weights = dict(sizes), [_flint(w) for w in weights]
        self.known: dict[Key, ba.fmpq] = {}
        self.read: dict[Key, None] = {}  # in the order of reading
        self.fenced: set[Tensor] = set()  # sequences whose further entries hypotheses restrict in ways not solved
        self._draw = draw

    def scalar(self, s: Scalar) -> ba.fmpq:
        return self._get((s, (), None))

    def entry(self, tensor: Tensor, at: tuple[int, ...], outcome: int | None) -> ba.fmpq:
        return self._get((tensor, at, outcome))

    def _get(self, key: Key) -> ba.fmpq:
        if key not in self.known:
            thing, at, _ = key
            if thing in self.fenced:
                raise NotEvaluable(f"{thing.name}{list(at)} lies beyond the solved instances of the hypotheses")
            if self._draw is None:
                raise NotEvaluable(f"{thing.name}{list(at) or ''} has no value at this point")
            self.known[key] = _flint(self._draw(key))
        self.read[key] = None
        return self.known[key]


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
        things = sorted({key[0] for key in self.values.read}, key=lambda t: (isinstance(t, Tensor), t.name))
        for thing in things:
            text[thing.name] = _array_text(thing, self) if isinstance(thing, Tensor) else str(self.values.scalar(thing))
        return text


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
            values.known[tensor, at, outcome] = _flint(Fraction(str(nested)))
            return
        low = evaluator.integer(tensor.axes[len(at)][0], scope)
        for position, part in enumerate(nested, low):
            fill(tensor, part, (*at, position), outcome)

    for thing, value in assignment.items():
        if isinstance(thing, Scalar):
            values.known[thing, (), None] = _flint(Fraction(str(value)))
        elif isinstance(thing, Tensor) and thing.random:
            for outcome, nested in enumerate(value):
                fill(thing, nested, (), outcome)
        elif isinstance(thing, Tensor):
            fill(thing, value, (), None)
    return Point(indices, values)


def _flint(x: Fraction) -> ba.fmpq:
    return ba.fmpq(x.numerator, x.denominator)


def _array_text(tensor: Tensor, at: Point) -> str:
    """The entries as nested lists, up to the last one read on an endless axis; one list an outcome when random."""
    evaluator, scope = Evaluator(at.values), Scope(at.indices)
    ranges = []
    for axis, (low, high) in enumerate(tensor.axes):
        read = [key[1][axis] for key in at.values.read if key[0] == tensor]
        last = max(read) if high is sp.oo else evaluator.integer(high, scope)
        ranges.append(range(evaluator.integer(low, scope), last + 1))

    def nested(chosen: tuple[int, ...], outcome) -> str:
        if len(chosen) == len(ranges):
            try:
                return str(at.values.entry(tensor, chosen, outcome))
            except NotEvaluable:  # an entry that nothing read and that has no value of its own
                return "_"
        return "[" + ", ".join(nested((*chosen, k), outcome) for k in ranges[len(chosen)]) + "]"

    if not tensor.random:
        return nested((), None)
    return "; ".join(f"{nested((), k)} with probability {w}" for k, w in enumerate(at.values.weights))


# ---- drawing numbers -------------------------------------------------------------------------------------------

SIMPLEST = tuple(Fraction(x) for x in ("0", "1", "-1", "1/2", "2", "-1/2", "-2", "3", "1/3", "-3", "3/2"))


def _inside(domain: Domain, x: Fraction) -> bool:
    return sp.Rational(x.numerator, x.denominator) in domain


def _ends(domain: Domain) -> tuple[Fraction | None, Fraction | None]:
    return tuple(Fraction(int(end.p), int(end.q)) if end.is_Rational else None for end in (domain.low, domain.high))  # type: ignore[return-value]


def simplest(domain: Domain) -> list[Fraction]:
    """The simplest numbers of a domain, simplest first; never empty for a domain that has a number."""
    low, high = _ends(domain)
    anchor = low if low is not None else (high if high is not None else Fraction(0))
    if domain.integer:
        anchor = Fraction(math.floor(anchor))
        steps = [Fraction(k) for k in range(-3, 6)]
    elif low is not None and high is not None:
        steps = [(high - low) * Fraction(x) for x in ("0", "1", "1/2", "1/4", "3/4", "1/3")]
    else:
        steps = [Fraction(x) if low is not None else -Fraction(x) for x in ("0", "1", "1/2", "2", "3")]
    found = [x for x in SIMPLEST if _inside(domain, x)]
    extra = [anchor + step for step in steps if _inside(domain, anchor + step)]
    return found if len(found) >= 4 else list(dict.fromkeys([*found, *extra]))


def ordinary(domain: Domain, rng: random.Random) -> Fraction:
    """A random rational of moderate size."""
    low, high = _ends(domain)
    if domain.integer:
        first = math.floor(low) if low is not None else (math.ceil(high) - 9 if high is not None else -6)
        last = min(math.ceil(high), first + 9) if high is not None else first + 12
        return Fraction(rng.randint(first, last))
    if low is not None and high is not None:
        parts = rng.choice((11, 13, 17, 19, 23))
        return low + (high - low) * Fraction(rng.randint(1, parts - 1), parts)
    distance = Fraction(rng.randint(1, 40), rng.choice((5, 7, 9, 11, 13)))
    if low is not None:
        return low + distance
    return high - distance if high is not None else distance * rng.choice((1, -1))


def extreme(domain: Domain, rng: random.Random) -> Fraction:
    """A large or tiny number, or one close to an end of the domain."""
    low, high = _ends(domain)
    if domain.integer:
        return ordinary(domain, rng)
    tiny = Fraction(1, rng.randint(500, 2000))
    if low is not None and high is not None:
        return low + (high - low) * rng.choice((tiny, 1 - tiny))
    distance = rng.choice((tiny, 40 + Fraction(rng.randint(1, 9), 7)))
    if low is not None:
        return low + distance
    return high - distance if high is not None else distance * rng.choice((1, -1))


@dataclass(frozen=True)
class Style:
    """How the numbers of one point are drawn: always the same ones for the same style."""

    kind: str  # simple, ordinary, extreme
    rank: int = 0  # simple: up to this place in the list of simplest numbers
    seed: str = ""
    lone: bool = False  # one number only: take the simplest ones in turn
    signs: bool = False  # random entries are uncorrelated signs on a uniform space, else arbitrary numbers

    def __call__(self, key: Key) -> Fraction:
        thing, at, outcome = key
        rng = random.Random(f"{self.seed}/{thing.name}/{at}/{outcome}")
        if self.signs and outcome is not None and _inside(thing.domain, Fraction(-1)):
            return self._sign(thing, at, outcome)
        if self.kind == "simple":
            choices = simplest(thing.domain)
            if not choices:
                raise NotEvaluable(f"the domain of {thing.name} has no number")
            return choices[min(self.rank if self.lone else rng.randint(0, self.rank), len(choices) - 1)]
        far = self.kind == "extreme" and rng.random() < 0.5
        for _ in range(30):
            x = (extreme if far else ordinary)(thing.domain, rng)
            if _inside(thing.domain, x):
                return x
        raise NotEvaluable(f"no number was found in the domain of {thing.name}")

    def _sign(self, thing: Tensor, at: tuple[int, ...], outcome: int) -> Fraction:
        """A column of a Hadamard matrix for each entry: mean 0, variance 1, any two entries uncorrelated."""
        columns = (1, 2, 4, 8, 3, 5, 6, 9, 10, 12, 7, 11, 13, 14, 15)  # the first four are independent
        place = sum(map(ord, thing.name)) + sum(p * 4**axis for axis, p in enumerate(at))
        return Fraction(-1 if (outcome & columns[place % len(columns)]).bit_count() % 2 else 1)

    def weights(self) -> list[Fraction]:
        """The probabilities of the outcomes: sixteen equal ones, or three different ones."""
        if self.signs:
            return [Fraction(1, 16)] * 16
        parts = random.Random(f"{self.seed}/weights").sample((1, 2, 3, 4, 5), 3)
        return [Fraction(part, sum(parts)) for part in parts]


# ---- satisfying hypotheses -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Instance:
    """A hypothesis at one choice of its free indices."""

    relation: Relation
    indices: Mapping[Index, int]

    def residual(self, values: Values, deadline: float) -> ba.Number:
        """left - right; records in ``values.read`` what it depends on."""
        evaluator, scope = Evaluator(values, deadline), Scope(self.indices)
        left, right = evaluator.value(self.relation.left, scope), evaluator.value(self.relation.right, scope)
        return ba.subtract(left, right)

    def holds(self, values: Values, deadline: float) -> bool:
        """Whether the relation is certain here."""
        sign = ba.certain_sign(self.residual(values, deadline))
        return sign in {"=": (0,), "<": (-1,), "<=": (-1, 0), "!=": (-1, 1)}[self.relation.operator]


def satisfy(instances: Sequence[Instance], values: Values, deadline: float = math.inf) -> bool:
    """Change ``values`` so that every instance holds exactly; False when that was not found.

    Whatever the search does, the answer rests on the last line only.
    """
    settled: set[Key] = set()
    solved: list[Instance] = []
    for instance in instances:
        if instance.relation.operator != "=":
            continue
        solved.append(instance)
        read = _keys_read(instance, values, deadline)
        if not instance.holds(values, deadline):
            free = [key for key in reversed(read) if key not in settled]
            groups = [*([key] for key in free), free]  # one number at a time, else all scaled by one factor
            one = any(_solve_along(instance, group, values, deadline) for group in groups if group)
            if not one and not _solve_jointly(solved, values, deadline):
                return False
        settled.update(read)
    in_domain = all(_inside(key[0].domain, Fraction(int(x.p), int(x.q))) for key, x in values.known.items())
    return in_domain and all(instance.holds(values, deadline) for instance in instances)


def _keys_read(instance: Instance, values: Values, deadline: float) -> list[Key]:
    before, values.read = values.read, {}
    try:
        instance.residual(values, deadline)
        return list(values.read)
    finally:
        values.read = {**before, **values.read}


def _solve_along(instance: Instance, keys: Sequence[Key], values: Values, deadline: float) -> bool:
    """Shift one number, or scale several, so that an instance that is affine in the shift holds."""
    start = {key: values.known[key] for key in keys}

    def move(s) -> ba.Number:
        for key, x in start.items():
            values.known[key] = x + s if len(keys) == 1 else x * (1 + s)
        return instance.residual(values, deadline)

    here, there = move(ba.ZERO), move(ba.ONE)
    if ba.is_exact(here) and ba.is_exact(there) and here != there:
        s = here / (here - there)
        if ba.certain_sign(move(s)) == 0 and all(_inside(k[0].domain, _fraction(values.known[k])) for k in keys):
            return True
    values.known.update(start)
    return False


def _solve_jointly(instances: Sequence[Instance], values: Values, deadline: float) -> bool:
    """Solve all instances at once for all that they read, when they are affine together."""
    keys = list(dict.fromkeys(key for i in instances for key in reversed(_keys_read(i, values, deadline))))
    start = {key: values.known[key] for key in keys}
    here = [i.residual(values, deadline) for i in instances]
    columns = []
    for key in keys:
        values.known[key] = start[key] + 1
        columns.append([i.residual(values, deadline) for i in instances])
        values.known[key] = start[key]
    if not all(ba.is_exact(x) for column in [here, *columns] for x in column):
        return False
    rows = [[c[r] - here[r] for c in columns] + [-here[r]] for r in range(len(instances))]
    for column, shift in _particular_solution(rows):
        values.known[keys[column]] += shift
    if all(i.holds(values, deadline) for i in instances):
        return True
    values.known.update(start)
    return False


def _particular_solution(rows: list[list[ba.fmpq]]) -> Iterator[tuple[int, ba.fmpq]]:
    """The pivots of [A | b] and their values with every other unknown 0; nonsense when there is no solution."""
    reduced, rank = ba.fmpq_mat(rows).rref()
    last = len(rows[0]) - 1
    for row in reduced.tolist()[:rank]:
        pivot = next(c for c, x in enumerate(row) if x != 0)
        if pivot != last:
            yield pivot, row[last]


def _fraction(x: ba.fmpq) -> Fraction:
    return Fraction(int(x.p), int(x.q))


# ---- the points ------------------------------------------------------------------------------------------------


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
    reason: str = ""  # why the last point was given up

    def __post_init__(self):
        said = _closed(self.expressions)
        assumed = _closed([side for r in self.relations for side in (r.left, r.right)])
        self.free, self.objects = said.indices, said.objects | assumed.objects

    @property
    def numbers(self) -> list[Scalar | Tensor]:
        return [thing for thing in self.objects if isinstance(thing, (Scalar, Tensor))]

    def size_assignments(self, steps: Sequence[int]) -> list[dict[Size, int]]:
        """Every assignment from the minimum upwards, the smallest total first."""
        sizes = sorted((s for s in self.objects if isinstance(s, Size)), key=lambda s: s.name)
        steps = sorted(steps) if self.numbers or len(sizes) > 1 else range(1, 2 * len(steps) + 2)
        choices = itertools.product(*([s.minimum + k - 1 for k in steps] for s in sizes))
        ordered = sorted(itertools.islice(choices, 20_000), key=lambda values: (sum(values), values))
        return [dict(zip(sizes, values, strict=True)) for values in ordered]

    def index_values(self, sizes: Mapping[Size, int]) -> list[dict[Index, int]]:
        """Every choice of the free indices (the first few, on an endless range)."""
        return list(itertools.islice(_choices(self.free, Values(sizes), window=4), 5000))

    def admissible(self, sizes: Mapping[Size, int], number: int, rounds: int, seed: str) -> Values | None:
        """Numbers that satisfy the hypotheses, or None after some attempts."""
        for attempt in range(ATTEMPTS):
            style = self._style(number, rounds, attempt, f"{seed}/{attempt}")
            values = Values(sizes, style, style.weights())
            try:
                if satisfy(self._instances(values), values, self.deadline):
                    values.fenced = self._endless()
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
            first = 0 if simple > 2 else 1  # with few draws, skip the one where everything is 0
            return Style("simple", first + number + attempt, seed, lone, signs)
        kind = "extreme" if (number - simple) % 4 == 3 else "ordinary"
        return Style("simple" if signs else kind, 0, seed, False, signs)

    def _instances(self, values: Values) -> list[Instance]:
        return [
            Instance(relation, indices)
            for relation in self.relations
            for indices in _choices(_closed([relation.left, relation.right]).indices, values, window=WINDOW)
        ]

    def _endless(self) -> set[Tensor]:
        """The sequences that a hypothesis with an endless index speaks of."""
        assumed = [_closed([relation.left, relation.right]) for relation in self.relations]
        speaking = [seen.objects for seen in assumed if any(k.high is sp.oo for k in seen.indices)]
        tensors = (t for seen in speaking for t in seen if isinstance(t, Tensor))
        return {t for t in tensors if any(high is sp.oo for _, high in t.axes)}


def _closed(expressions: Iterable[sp.Expr]) -> Footprint:
    """The footprint of expressions and of the ranges of their free indices."""
    found = Footprint()
    for e in expressions:
        found = found | footprint(e)
    while True:
        wider = found
        for k in found.indices:
            wider = wider | footprint(k.low) | footprint(k.high)
        if wider == found:
            return found
        found = wider


def _choices(free: frozenset[Index], values: Values, window: int) -> Iterator[dict[Index, int]]:
    """Every assignment of the free indices; an index whose range names another one comes after it."""
    evaluator = Evaluator(values)

    def extend(chosen: dict[Index, int]) -> Iterator[dict[Index, int]]:
        left = sorted(free - chosen.keys(), key=lambda k: (k.name, str(k.low), str(k.high)))
        if not left:
            yield chosen
            return
        ready = [k for k in left if not _closed([k.low, k.high]).indices - chosen.keys()]
        if not ready:
            raise NotEvaluable(f"the ranges of {', '.join(map(str, left))} name one another")
        k, scope = ready[0], Scope(chosen)
        if k.high is sp.oo:
            low = evaluator.integer(k.low, scope)
            span = range(low, low + window)
        else:
            span = evaluator.span(k, scope)
        for value in span:
            yield from extend({**chosen, k: value})

    yield from extend({})
