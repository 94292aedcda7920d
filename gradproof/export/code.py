"""A piece of code that stands for an array: how tightly it binds, and which axes it has behind those of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

SUM, PRODUCT, SIGN, POWER, ATOM = range(5)
OUTCOME = "outcome"  # the axis of the equally likely outcomes of random arrays

# a number of Python; an array without batch axes, such as arange; arguments that may be Python numbers; an array
Kind = Literal["number", "shared", "scalar", "array"]


class NoSource(ValueError):
    """A formula that has no source of its own; the message says why."""


@dataclass(frozen=True)
class Code:
    """Python that evaluates to an array of shape ``(*batch, *axes)``.

    ``scalars`` names the arguments without axes in it that may be Python numbers, ``kept`` is the same reduction with
    the last axis kept.
    """

    text: str
    binding: int = ATOM
    axes: tuple = ()
    kind: Kind = "number"
    scalars: frozenset[str] = frozenset()
    kept: str = ""

    def at_least(self, binding: int) -> str:
        """The text, in parentheses where it binds less tightly."""
        return self.text if self.binding >= binding else f"({self.text})"


def kind_of(parts: Sequence[Code]) -> Kind:
    """What an operation on several pieces gives."""
    kinds = {part.kind for part in parts}
    if "array" in kinds or {"shared", "scalar"} <= kinds:
        return "array"
    return "scalar" if "scalar" in kinds else "shared" if "shared" in kinds else "number"


def subscript_for(own: Sequence, wanted: Sequence, batched: bool) -> str:
    """``[..., :, None]``: what puts the axes ``own``, in the order of ``wanted``, among all of ``wanted``."""
    places = [":" if axis in own else "None" for axis in wanted]
    if not batched:  # what is missing in front broadcasts
        places = places[places.index(":") :] if ":" in places else []
    if "None" not in places:
        return ""
    return f"[{', '.join(['...', *places] if batched else places)}]"
