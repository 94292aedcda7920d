"""The door: results of deep-learning lectures, derived for arrays of every size.

load("softmax.jacobian")     a theorem or erratum by its name
catalogue()                  all names, topic by topic
"""

from __future__ import annotations

import difflib
import importlib
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from derivations.proof.derivation import Derivation
    from derivations.proof.theorem import Erratum, Theorem

__all__ = ["TOPICS", "UnknownName", "catalogue", "load", "resolve", "topic"]

TOPICS = ("activations", "losses", "softmax", "batchnorm", "averages", "adaptive")


class UnknownName(LookupError):
    """A name that no result has; ``nearest`` holds the closest ones."""

    def __init__(self, name: str, nearest: list[str]):
        self.name, self.nearest = name, nearest
        hint = f"; did you mean {' or '.join(nearest)}?" if nearest else ""
        super().__init__(f"no result is named {name!r}{hint}")

    def __str__(self) -> str:
        return self.args[0]


@cache
def topic(name: str) -> Derivation:
    """The derivation of one topic. Raises UnknownName."""
    if name not in TOPICS:
        raise UnknownName(name, difflib.get_close_matches(name, TOPICS, n=3))
    module = importlib.import_module(f"derivations.{name}")
    return getattr(module, name)


def catalogue() -> tuple[str, ...]:
    """The names of all results, in the order of the topic files."""
    return tuple(result.name for name in TOPICS for result in topic(name).results.values())


def load(name: str) -> Theorem | Erratum:
    """A result by its registry name. Raises UnknownName, with the nearest names."""
    head, _, tail = name.partition(".")
    if head in TOPICS and tail in topic(head).results:
        return topic(head).results[tail]
    names = catalogue()
    raise UnknownName(name, nearest(name, names))


def nearest(name: str, names: tuple[str, ...]) -> list[str]:
    """The names closest in spelling, the part after the dot counting by itself too."""
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    tails = {n.partition(".")[2]: n for n in names}
    tail = name.rpartition(".")[2]
    close += [tails[t] for t in difflib.get_close_matches(tail, list(tails), n=3, cutoff=0.6)]
    return list(dict.fromkeys(close))[:3]


def resolve(names: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Names of results and topics as names of results; all of them when none is given. Raises UnknownName."""
    if not names:
        return catalogue()
    found: dict[str, None] = {}
    for name in names:
        if name in TOPICS:
            found.update(dict.fromkeys(result.name for result in topic(name).results.values()))
        else:
            found[load(name).name] = None
    return tuple(found)
