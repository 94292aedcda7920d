"""What a rule is: a plain function from expression to expression, its identity as its docstring.

Rules are not trusted. Each line that a rule produces is judged against the line before it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from derivations.calculus.substitution import alpha_equal


class ProofError(ValueError):
    """A proof that cannot be carried out as written; names the derivation, the rule and the line."""


class NothingChanged(ProofError):
    """A rule that leaves its line as it is: a reason the proof does not need, or that does not apply."""


@dataclass(frozen=True)
class Rule:
    """An operation on a line. ``identity`` is what it asserts, ``given`` the facts it draws on."""

    name: str
    identity: str
    function: Callable[..., sp.Expr] = field(compare=False)
    arguments: tuple[Any, ...] = ()
    given: tuple[Any, ...] = ()  # Hypothesis or Theorem objects that the rule uses
    quiet: bool = False  # the arguments stand in the line already

    def __call__(self, line: sp.Expr) -> sp.Expr:
        """The line after the operation; raises NothingChanged when it is the line before."""
        new = self.function(line, *self.arguments)
        if alpha_equal(new, line):
            raise NothingChanged(f"{self.reason} changes nothing in {line}")
        return new

    @property
    def reason(self) -> str:
        """How the step is annotated: "unfold p, Z"."""
        names = [] if self.quiet else [name for name in map(_display, self.arguments) if name]
        return f"{self.name} {', '.join(names)}".strip()


def _display(argument: Any) -> str:
    if isinstance(argument, (tuple, list)):
        return ", ".join(filter(None, map(_display, argument)))
    if isinstance(argument, sp.Basic):
        from derivations.calculus.printing import text

        head = getattr(argument, "name", None)
        return head if isinstance(head, str) else text(argument)
    for attribute in ("short_name", "text", "name"):
        value = getattr(argument, attribute, None)
        if isinstance(value, str):
            return value
    return ""


def rule(function: Callable[[sp.Expr], sp.Expr]) -> Rule:
    """Make a rule of a function without parameters; the docstring states the identity."""
    return Rule(function.__name__.replace("_", " "), _identity(function), function)


def identity_of(function: Callable) -> str:
    return _identity(function)


def _identity(function: Callable) -> str:
    doc = inspect.getdoc(function)
    if not doc:
        raise ProofError(f"the rule {function.__name__} states no identity")
    return doc
