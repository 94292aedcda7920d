"""A limit on the work of one decision, counted and not timed, so that the same claim always gets the same answer.

A unit is a letter in the name of an atom; a product of two terms counts PRODUCT of them. A million take about two
seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Unsupported(Exception):
    """Outside what the kernel decides; the verdict is then unknown."""


LIMIT = 1_200_000
PRODUCT = 20

_spent = 0


def begin() -> None:
    """Start counting anew: a new expression is translated, or a new attempt made."""
    global _spent
    _spent = 0


@contextmanager
def aside() -> Iterator[None]:
    """Work that is not counted here: it has a limit of its own."""
    global _spent
    before = _spent
    try:
        yield
    finally:
        _spent = before


def spend(units: int) -> None:
    global _spent
    _spent += units
    if _spent > LIMIT:
        raise Unsupported("the expression grows too large when it is multiplied out")
