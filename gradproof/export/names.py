"""Names for what the generated code speaks of: one for each thing, none twice, none that Python has taken."""

from __future__ import annotations

import builtins
import keyword
import re
from dataclasses import dataclass, field
from typing import Any

from derivations.calculus.symbols import Index
from gradproof.export.code import NoSource

TAKEN = {
    *dir(builtins),
    *keyword.kwlist,
    *keyword.softkwlist,
    "torch",
    "np",
    "math",
    "sigmoid",
    "erf",
    "softmax",
    "xlogy",
}
LETTERS = "kijlpqrsuvbcdefgh"


def identifier(name: str) -> str:
    """A name of the mathematics as one of Python: ``xhat1'`` is x_hat1_prime."""
    stem = name.rstrip("'")
    found = re.sub(r"(?<=[A-Za-z])(hat|bar|tilde)(?=$|[_\d])", r"_\1", stem) + "_prime" * (len(name) - len(stem))
    if not (found.isascii() and found.isidentifier()):
        raise NoSource(f"the name {name!r} cannot be written in Python")
    return found


@dataclass
class Names:
    """The names in use, and what arguments and sizes are called."""

    taken: set[str] = field(default_factory=lambda: set(TAKEN))
    arguments: dict[Any, str] = field(default_factory=dict)

    def add_arguments(self, things: list) -> None:
        """Arguments and sizes keep their names, for they are given by name."""
        for thing in things:
            name = thing.name if thing.name.isidentifier() and thing.name.isascii() else identifier(thing.name)
            if name in self.arguments.values():
                raise NoSource(f"two different quantities are called {thing.name}")
            self.arguments[thing] = name if name not in TAKEN else f"{name}_"
            self.taken.add(self.arguments[thing])

    def argument(self, thing) -> str:
        return self.arguments[thing]

    def fresh(self, name: str) -> str:
        """A name for a local variable, numbered when it is taken."""
        name = identifier(name)
        found = next(n for n in (name, *(f"{name}_{number}" for number in range(2, 1000))) if n not in self.taken)
        self.taken.add(found)
        return found

    def letter(self, k: Index) -> str:
        """A letter for a bound index; its own name where it has one."""
        if not k.name.startswith("bound_"):
            return k.name
        return next((letter for letter in LETTERS if letter not in self.taken), "k")
