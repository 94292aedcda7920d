"""Derived closed forms as functions of arrays."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Literal, get_args

from derivations import is_registered, load
from derivations.calculus import printing
from derivations.calculus.symbols import Index
from derivations.calculus.typesetting.names import greek
from derivations.proof.theorem import Erratum, Result, Theorem
from gradproof.records import is_equality

Backend = Literal["torch", "numpy"]


def closed_form(name: str | Result, backend: Backend = "torch") -> Callable[..., Any]:
    """The right side of an equality, by its name in the registry or the theorem itself, as a function of arrays."""
    if backend not in get_args(Backend):
        raise ValueError(f"backend {backend!r}: choose {' or '.join(get_args(Backend))}")
    return _closed_form(name if isinstance(name, (Theorem, Erratum)) else load(name), backend)


@cache
def _closed_form(result: Result, backend: Backend) -> Callable[..., Any]:
    theorem = with_closed_form(result)
    from numeric import function

    return function(theorem.expression, theorem.short_name, describe(theorem), backend, axes=free_axes(theorem))


def with_closed_form(result: Result) -> Theorem:
    """The theorem, if it has a closed form; TypeError for an erratum or a bound."""
    if isinstance(result, Erratum):
        raise TypeError(f"{result.name} is an erratum: what it prints is false; use {_instead(result)}")
    if not is_equality(result.statement):
        raise TypeError(f"{result.name} states {printing.text(result.statement)}, which is no closed form")
    return result


def _instead(erratum: Erratum) -> str:
    right = (erratum.instead,) if erratum.instead else erratum.because
    return " or ".join(theorem.name for theorem in right) or "another result"


def free_axes(theorem: Theorem) -> tuple[Index, ...]:
    """The free indices of the statement by name: the axes of the result."""
    free = theorem.left.free_symbols | theorem.expression.free_symbols
    return tuple(sorted((s for s in free if isinstance(s, Index)), key=lambda k: k.name))


def describe(theorem: Theorem) -> str:
    """What opens the docstring of a function: title, statement, hypotheses, source."""
    title = f"{greek(theorem.title)}." if theorem.title else theorem.name
    lines = [title, "", f"    {theorem.text()}", ""]
    lines += [f"Holds if {h.text}: {printing.text(h.relation)}." for h in theorem.hypotheses]
    lines += [f"{note}." for note in theorem.conventions]
    source = ", ".join(part for part in (theorem.source.lecture, theorem.source.slide) if part)
    registry = f" Registry: {theorem.name}." if is_registered(theorem) else ""
    lines.append(f"Source: {source}{'' if source.endswith(('?', '!', '.')) else '.'}{registry}")
    return "\n".join(lines)
