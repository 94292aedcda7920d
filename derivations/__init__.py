"""The door: results of deep-learning lectures, derived for arrays of every size.

load("softmax.jacobian")     a theorem or erratum by its name
catalogue()                  all names, topic by topic
is_registered(theorem)       whether it is one of these
"""

from __future__ import annotations

import difflib
import importlib
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from derivations.proof.derivation import Derivation
    from derivations.proof.theorem import Erratum, Theorem

__all__ = ["TOPICS", "UnknownName", "catalogue", "is_registered", "load", "resolve", "topic"]

TOPICS = ("activations", "losses", "softmax", "batchnorm", "averages", "adaptive")


class UnknownName(LookupError):
    """A name that no result has; ``nearest`` holds the closest ones."""

    def __init__(self, name: str, nearest: list[str]):
        self.name, self.nearest = name, nearest
        hint = f"; did you mean {_either(nearest)}?" if nearest else ""
        super().__init__(f"no result is named {name!r}{hint}")

    def __str__(self) -> str:
        return self.args[0]


def _either(names: list[str]) -> str:
    """``a, b or c``"""
    return " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


@cache
def topic(name: str) -> Derivation:
    """The derivation of one topic, such as "softmax".

    Raises:
        UnknownName: there is no such topic; the message has the nearest names.
    """
    if name not in TOPICS:
        raise UnknownName(name, difflib.get_close_matches(name, TOPICS, n=3))
    module = importlib.import_module(f"derivations.{name}")
    return getattr(module, name)


def catalogue() -> tuple[str, ...]:
    """The names of all results, in the order of the topic files."""
    return tuple(result.name for name in TOPICS for result in topic(name).results.values())


def load(name: str) -> Theorem | Erratum:
    """A result by its registry name, such as "softmax.jacobian": always the same object.

    Raises:
        UnknownName: no result has the name; the message has the nearest.
        TypeError: what is given is no string.
    """
    _check_string(name)
    head, _, tail = name.partition(".")
    if head in TOPICS and tail in topic(head).results:
        return topic(head).results[tail]
    raise UnknownName(name, nearest(name, (*TOPICS, *catalogue())))


def is_registered(result: Theorem | Erratum) -> bool:
    """Whether it is a result of the registry, and not one of somebody's own under the same name."""
    head, _, tail = result.name.partition(".")
    return head in TOPICS and topic(head).results.get(tail) is result


def nearest(name: str, names: tuple[str, ...]) -> list[str]:
    """The names closest in spelling, in whatever case; the part after the dot counts by itself too."""
    name = name.lower()
    if name in names:
        return [name]
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    tails = {tail: n for n in names if (tail := n.partition(".")[2])}
    tail = name.rpartition(".")[2]
    close += [tails[t] for t in difflib.get_close_matches(tail, list(tails), n=3, cutoff=0.6)]
    return list(dict.fromkeys(close))[:3]


def _check_string(name: object) -> None:
    if not isinstance(name, str):
        raise TypeError(f"a result is named by a string such as 'softmax.jacobian', not by {name!r}")


def resolve(names: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Names of results and topics as names of results, each once; all of them when none is given.

    Raises:
        UnknownName: neither a result nor a topic has one of the names.
        TypeError: one of them is no string.
    """
    for name in names:
        _check_string(name)
    if not names:
        return catalogue()
    found: dict[str, None] = {}
    for name in names:
        if name in TOPICS:
            found.update(dict.fromkeys(result.name for result in topic(name).results.values()))
        else:
            found[load(name).name] = None
    return tuple(found)
