"""Theorems and errata are values: a statement, its hypotheses, where it comes from, and an inert proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import sympy as sp

from derivations.calculus import printing
from derivations.proof.source import Convention, Source
from derivations.proof.statement import Hypothesis, Relation, Statement


@dataclass(frozen=True)
class Step:
    """One line of a proof: what it asserts, by which operation, under which assumptions, in which part.

    Attributes:
        claim: what the step asserts, most often that two lines are equal.
        reason: the rule, as it is printed: "unfold p, Z".
        identity: what the rule stands for.
        hypotheses: what may be assumed.
        part: of a proof that has parts: "base", "step", "g > 0".
        cites: theorems that the rule put to use.
    """

    claim: Statement
    reason: str
    identity: str
    hypotheses: tuple[Hypothesis, ...] = ()
    part: str = ""  # "base", "step", "g > 0": where the proof has parts
    cites: tuple[Theorem | Instance, ...] = ()  # proved elsewhere, and needed where the step rests on induction

    @property
    def line(self) -> sp.Expr | Statement:
        """The expression the step arrives at."""
        return self.claim.right if isinstance(self.claim, Relation) else self.claim

    def latex(self) -> str:
        """The line as LaTeX."""
        return printing.latex(self.line)

    def text(self) -> str:
        """The line as Unicode."""
        return printing.text(self.line)


class Proof(Protocol):
    """How a statement is derived. Inert until ``steps`` is asked for."""

    @property
    def method(self) -> str: ...

    def steps(self, statement: Statement, hypotheses: tuple[Hypothesis, ...]) -> Iterator[Step]:
        """The lines of the proof, engine-derived. Raises ProofError where a rule does not apply."""
        ...

    def given(self) -> tuple:
        """Hypotheses and theorems that the proof draws on."""
        ...


@dataclass(frozen=True)
class Instance:
    """A theorem's statement at particular values."""

    short_name: str
    statement: Statement
    hypotheses: tuple[Hypothesis, ...]
    of: Theorem
    values: tuple[tuple[sp.Symbol, sp.Expr], ...]


@dataclass(frozen=True, eq=False)
class Theorem:
    """A statement with a proof. Cite it with the rules ``cite`` and ``cite_backwards``.

    Attributes:
        name: in the registry: "softmax.jacobian".
        statement: a relation, or several joined.
        proof: how it is derived; it does nothing until ``steps`` is asked for.
        source: the lecture and the slide.
        hypotheses: what is assumed.
        catalogue: the rows of the lectures' catalogue that it settles.
        title: in words.
        conventions: where lecture and PyTorch mean different things.
    """

    name: str  # "softmax.jacobian"
    statement: Statement
    proof: Proof
    source: Source
    hypotheses: tuple[Hypothesis, ...] = ()
    catalogue: tuple[str, ...] = ()
    title: str = ""
    conventions: tuple[Convention, ...] = ()  # where lecture and PyTorch differ
    kind: str = field(default="theorem", init=False)

    @property
    def topic(self) -> str:
        """The part of the name before the dot."""
        return self.name.partition(".")[0]

    @property
    def short_name(self) -> str:
        """The part of the name after the dot."""
        return self.name.partition(".")[2]

    @property
    def left(self) -> sp.Expr:
        """The left side of a relation; TypeError for a statement of several."""
        return self._relation.left

    @property
    def expression(self) -> sp.Expr:
        """The right side of a relation, of an equality the closed form; TypeError for a statement of several."""
        return self._relation.right

    @property
    def _relation(self) -> Relation:
        if not isinstance(self.statement, Relation):
            raise TypeError(f"{self.name} is not a single relation; read its .statement")
        return self.statement

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every line, derived by the engine. Raises ProofError where a rule does not apply."""
        return tuple(self.proof.steps(self.statement, self.hypotheses))

    def at(self, values: Mapping[sp.Symbol, sp.Expr]) -> Instance:
        """The statement with some of its scalars and sizes replaced, to be cited."""
        from derivations.calculus.substitution import named_objects, substitute
        from derivations.calculus.symbols import CalculusError
        from derivations.proof.statement import map_expressions

        for symbol, value in values.items():
            if any(getattr(thing, "random", False) for thing in named_objects(sp.sympify(value, strict=True))):
                raise CalculusError(
                    f"{self.name} at {symbol} = {value}: the theorem is about a number, not a random one"
                )

        def put(e):
            return substitute(e, values)

        hypotheses = tuple(Hypothesis(h.text, map_expressions(h.relation, put)) for h in self.hypotheses)  # type: ignore
        where = ", ".join(f"{printing.text(symbol)} = {printing.text(value)}" for symbol, value in values.items())
        return Instance(
            f"{self.short_name} at {where}",
            map_expressions(self.statement, put),
            hypotheses,
            self,
            tuple(values.items()),
        )

    @property
    def uses(self) -> tuple[Theorem, ...]:
        """The theorems that the proof cites."""
        return tuple(dict.fromkeys(t for t in self.proof.given() if isinstance(t, Theorem)))

    def latex(self) -> str:
        """The statement as LaTeX."""
        return printing.latex(self.statement)

    def text(self) -> str:
        """The statement as one line of Unicode."""
        return printing.text(self.statement)

    def __repr__(self) -> str:
        return f"<theorem {self.name}: {self.text()}>"


@dataclass(frozen=True, eq=False)
class Erratum:
    """A statement that a lecture prints and that is false, with what is right instead.

    ``reading`` says under which reading it is false, where the slide leaves more than one: "as an equality". It is
    empty where the formula itself is wrong as printed.
    ``rank`` orders the errata of all lectures by how much each would mislead a student: 1 does the most damage when it
    is implemented or learned as printed. Parts of one slip share a rank; None stands for one that was not ranked.
    ``right_at`` is another place of the same lecture, one that prints it right.
    """

    name: str
    printed: Statement
    source: Source
    instead: Theorem | None = None
    hypotheses: tuple[Hypothesis, ...] = ()
    catalogue: tuple[str, ...] = ()
    title: str = ""
    because: tuple[Theorem, ...] = ()  # what the printed expression is in truth
    rank: int | None = None
    reading: str = ""
    right_at: Source | None = None
    kind: str = field(default="erratum", init=False)

    @property
    def topic(self) -> str:
        return self.name.partition(".")[0]

    @property
    def short_name(self) -> str:
        return self.name.partition(".")[2]

    @property
    def statement(self) -> Statement:
        return self.printed

    @property
    def steps(self) -> tuple[Step, ...]:
        return ()

    def latex(self) -> str:
        return printing.latex(self.printed)

    def text(self) -> str:
        return printing.text(self.printed)

    def __repr__(self) -> str:
        return f"<erratum {self.name}: {self.text()}>"


Result = Theorem | Erratum
