"""A refuted comparison, and whether a changed one is proved.

Whatever advice says "holds" was read again from its own text and went through all judges, like any claim.
"""

from __future__ import annotations

import ast
import time
from dataclasses import dataclass, field

from derivations.calculus.symbols import Scalar, Size, Tensor
from derivations.judges.ball.footprints import union
from derivations.judges.ladder import JudgesDisagree
from derivations.language import admissible, claims
from derivations.language.admissible import NoInput, Problem
from derivations.language.claims import Claim, Part
from derivations.language.errors import BeyondLimits, InvalidClaim
from derivations.proof.verdict import Verdict
from gradproof.claims import at_kinks, deciding
from gradproof.claims.patience import OutOfPatience, patience
from gradproof.claims.teaching.trees import same, written
from gradproof.claims.verdicts import Source

REFUTING, PROVING = 0.4, 0.8  # seconds for one candidate
OVERTIME = 0.3  # for the last one
SYMBOLS: dict[type, str] = {ast.Eq: "==", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


@dataclass(frozen=True)
class Held:
    """A changed claim that is proved, with the problem that it poses."""

    text: str
    problem: Problem
    verdicts: tuple[Verdict, ...]

    @property
    def structural(self) -> bool:
        """Whether both sides became the same expression."""
        return all(v.method == "structural" for v in self.verdicts)


@dataclass
class Lesson:
    """One comparison that is refuted, as text, tree and problem; no candidate is begun after the deadline."""

    source: Source
    claim: Claim
    problem: Problem
    part: Part
    deadline: float
    tried: set[tuple[str, str]] = field(default_factory=set)

    @property
    def tree(self) -> ast.Compare:
        assert self.part.tree is not None
        return self.part.tree

    @property
    def left(self) -> ast.expr:
        return self.tree.left

    @property
    def right(self) -> ast.expr:
        return self.tree.comparators[0]

    @property
    def operator(self) -> str:
        return SYMBOLS[type(self.tree.ops[0])]

    @property
    def late(self) -> bool:
        return time.monotonic() > self.deadline

    def things(self, kind: type) -> list:
        """The sizes, scalars or arrays that the comparison speaks of, by name."""
        found = union((self.part.relation.left, self.part.relation.right)).objects
        return sorted((t for t in found if isinstance(t, kind)), key=lambda t: t.name)

    @property
    def scalars(self) -> list[Scalar]:
        return self.things(Scalar)

    @property
    def sizes(self) -> list[Size]:
        return self.things(Size)

    def tensors(self, axes: int) -> list[Tensor]:
        return [t for t in self.things(Tensor) if len(t.axes) == axes]

    def compared(self, left: ast.expr, right: ast.expr, operator: str = "") -> str:
        return f"{written(left)} {operator or self.operator} {written(right)}"

    def holds(self, text: str, where: str = "") -> Held | None:
        """The text as a proved claim, under further conditions; None where it is no claim, not proved or tried."""
        if self.late or (text, where) in self.tried:
            return None
        self.tried.add((text, where))
        where = "; ".join(filter(None, (self.source.where.rstrip("; \n\t"), where)))
        try:
            with patience(REFUTING):
                claim = claims.read(text, where, self.source.let)
                problem = admissible.problem(claim)
            if any(self._is_trivial(part) for part in claim.parts):
                return None
            verdicts = []
            for part in problem.parts:
                left = max(self.deadline + OVERTIME - time.monotonic(), 0.01)
                times = {"refuting": min(REFUTING, left), "proving": min(PROVING, left)}
                verdicts.append(deciding.judge(part, problem.hypotheses, **times))
                if not verdicts[-1].proved:
                    return None
            with patience(REFUTING):
                if at_kinks.refute(claim, problem):
                    return None
        except (InvalidClaim, BeyondLimits, NoInput, OutOfPatience, JudgesDisagree):
            return None
        return Held(text, problem, tuple(verdicts))

    def _is_trivial(self, part: Part) -> bool:
        return part.tree is not None and same(part.tree.left, part.tree.comparators[0])

    def said(self, held: Held) -> str:
        """ " (proved)", after what a changed claim needs beyond the original."""
        known = {*self.problem.needed, *self.claim.stated}
        assumed = [*held.problem.needed, *(h for v in held.verdicts for h in v.hypotheses)]
        new = [n for n in dict.fromkeys(assumed) if n not in known]
        return f"{', where ' if new else ''}{', '.join(new)} (proved)"


def is_fixed(held: Held) -> bool:
    """Whether a scalar or an array has only one value left."""
    found = union(side for part in held.problem.parts for side in (part.relation.left, part.relation.right)).objects
    return any(isinstance(t, (Scalar, Tensor)) and t.domain.low == t.domain.high for t in found)
