"""A derivation: how the definitions, assumptions, theorems and errata of one topic are written down."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import sympy as sp

from derivations.calculus.kernel.signs import interval
from derivations.calculus.normal_form import Contradiction, Unsupported, equal, normal_form, rules_from
from derivations.calculus.symbols import CalculusError, Defined, Definition, Index, Previous, Recurrence, Scalar
from derivations.proof.proofs import Chain
from derivations.proof.rules.base import ProofError, Rule
from derivations.proof.source import Source
from derivations.proof.statement import Eq, Hypothesis, Relation, Statement, check_names
from derivations.proof.theorem import Erratum, Proof, Result, Theorem


class Derivation:
    """Collects the results of one topic by name. ``results`` keeps them in the order of the file."""

    def __init__(self, topic: str, source: Source):
        """``topic`` is the name of its file, an identifier. Raises ProofError for another."""
        _check_name(topic, "a topic")
        self.topic, self.source = topic, source
        self.results: dict[str, Result] = {}

    # ---- the vocabulary of a topic

    def define(self, name: str, body, at: Index | Sequence[Index] = ()):
        """Name an expression: with ``at`` something to be indexed, ``p[i]``, else a scalar that is used as it stands.

        Args:
            name: as it is printed, an identifier.
            body: the expression; its free indices are those of ``at``.
            at: the index or indices that it depends on.

        Raises:
            ProofError: a name that is no identifier.
        """
        _check_name(name, f"{self.topic}: a definition")
        parameters = (at,) if isinstance(at, Index) else tuple(at)
        definition = Definition(name, parameters, sp.sympify(body, strict=True))
        return definition if parameters else Defined(definition)

    def define_recursively(self, name: str, at: Index, start, step: Callable[[Scalar], sp.Expr]) -> Recurrence:
        """A sequence: ``start`` at the position before ``at.low``, then ``step(previous)`` in terms of ``at``."""
        _check_name(name, f"{self.topic}: a definition")
        previous = Previous(f"{name}_previous")
        return Recurrence(name, at, previous, start, step(previous))

    def assume(self, text: str, relation: Relation) -> Hypothesis:
        """An assumption, to be used by the rule ``use`` or given to a theorem.

        Args:
            text: the assumption in words, as it is printed beside the formula.
            relation: the assumption; free indices in it mean "for all".

        Raises:
            CalculusError: it cannot hold for any input.
        """
        hypothesis = Hypothesis(text, relation)
        try:
            if relation.operator == "=":
                rules_from([(relation.left, relation.right)])
            elif relation.operator == "!=" and equal(relation.left, relation.right):
                raise Contradiction("both sides are equal for every input")
            elif relation.operator in ("<", "<="):
                _check_not_excluded(relation)
        except Contradiction as error:
            raise CalculusError(f"{self.topic}: the assumption {text!r} contradicts itself: {error}") from error
        except Unsupported:
            pass  # outside the kernel's language: the judges then simply do not use it
        return hypothesis

    # ---- results

    def prove(
        self,
        name: str,
        left,
        *rules: Rule,
        equals,
        by: Proof | None = None,
        given: Sequence[Hypothesis] = (),
        **about,
    ) -> Theorem:
        """The theorem ``left = equals``, by a chain of rules or by the proof ``by``. Nothing is judged yet.

        Args:
            name: of the result within its topic.
            left: the left side, with which the chain begins.
            rules: what is applied to it, one after another.
            equals: the right side.
            by: a proof of another kind, such as ``induction(...)``, in place of rules.
            given: hypotheses that no rule uses and no cited theorem has.
            about: ``title``, ``source``, ``catalogue``, ``conventions`` of the ``Theorem``.

        Raises:
            ProofError: rules and a proof, or a name that is taken or no identifier.
            CalculusError: two different things in it have one name.
        """
        if by is not None and rules:
            raise ProofError(f"{self.topic}.{name}: give rules or a proof, not both")
        return self.state(name, Eq(left, equals), by or Chain(rules), given=given, **about)

    def state(
        self, name: str, statement: Statement, by: Proof, *, given: Sequence[Hypothesis] = (), **about
    ) -> Theorem:
        """A theorem with any statement. The hypotheses of cited theorems and used assumptions join ``given``."""
        drawn = [fact for fact in by.given() if isinstance(fact, Hypothesis)]
        hypotheses = tuple(dict.fromkeys((*given, *drawn)))
        check_names(statement, *(h.relation for h in hypotheses))
        about.setdefault("source", self.source)
        theorem = Theorem(f"{self.topic}.{name}", statement, by, hypotheses=hypotheses, **about)
        return self._add(name, theorem)

    def refute(
        self,
        name: str,
        printed: Statement,
        *,
        instead: Theorem | None = None,
        given: Sequence[Hypothesis] = (),
        **about,
    ) -> Erratum:
        """An erratum: a printed statement that the judges must refute, and the theorem that holds instead.

        ``about`` may give its ``rank``, its ``reading`` and the place that has it right, ``right_at``: see ``Erratum``.
        """
        check_names(printed, *(h.relation for h in given))
        about.setdefault("source", self.source)
        erratum = Erratum(f"{self.topic}.{name}", printed, instead=instead, hypotheses=tuple(given), **about)
        _check_place(erratum)
        return self._add(name, erratum)

    def _add(self, name: str, result):
        _check_name(name, f"{self.topic}: a result")
        if name in self.results:
            raise ProofError(f"{self.topic}: two results are named {name!r}")
        self.results[name] = result
        return result


def _check_name(name: str, whose: str) -> None:
    """Raise ProofError for what cannot be the name of a function and of a page."""
    if isinstance(name, str) and name.isascii() and name.isidentifier():
        return
    mended = re.sub(r"\W+", "_", str(name), flags=re.ASCII).strip("_")
    advice = f", such as {mended!r}" if mended.isidentifier() else ""
    raise ProofError(f"{whose} is named by an identifier of ASCII letters, digits and _{advice}; {name!r} is none")


def _check_place(erratum: Erratum) -> None:
    """Raise ProofError for a rank that is none, or a right place that is the false one or of another lecture."""
    if erratum.rank is not None and erratum.rank < 1:
        raise ProofError(f"{erratum.name}: ranks begin at 1, not at {erratum.rank}")
    if erratum.right_at and (erratum.right_at == erratum.source or erratum.right_at.key != erratum.source.key):
        raise ProofError(f"{erratum.name}: right_at is another place of the lecture that errs")


def _check_not_excluded(relation: Relation) -> None:
    """Raise Contradiction when the domains alone rule a strict or weak inequality out."""
    gap = interval(normal_form(relation.right - relation.left))
    empty = gap.high is not None and (gap.high < 0 or (gap.high == 0 and (gap.high_open or relation.operator == "<")))
    if empty:
        raise Contradiction("the domains of its symbols exclude it")
