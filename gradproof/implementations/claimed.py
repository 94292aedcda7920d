"""A hand-written gradient: what it takes, which inputs it is by, and its values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from gradproof.implementations.calling import (
    Library,
    as_float64,
    call,
    dtype_of,
    library_of,
    name_of,
    parameters,
    takes,
    to_library,
)
from gradproof.implementations.comparison import FORMATS
from gradproof.implementations.patterns import Case, Pattern
from gradproof.implementations.reference import Reference

__tracebackhide__ = True  # pytest then shows a usage error at the line that made it, and no line of this file


class Claimed:
    """The function that is to be the gradient, called as ``reference`` needs it."""

    def __init__(self, function: Callable[..., Any], reference: Reference, wrt: Any, backend: Library | None):
        self.function, self.reference = function, reference
        self.patterns: Sequence[Pattern] = reference.patterns
        arrays = [p for p in self.patterns if p.range != "fixed"]
        self.library: Library = backend or library_of(function, arrays[0].library)
        self.variable = [p.name for p in self.patterns if p.variable]
        # errors are told in the narrowest format of the inputs
        self.form = min((FORMATS[p.dtype] for p in self.patterns if p.variable), key=lambda form: form.bits)
        self.wrt = self._chosen(wrt)
        self.device = next(p.device for p in self.patterns if p.variable)
        self.narrowed = ""

    def _chosen(self, wrt: Any) -> list[str] | None:
        if wrt is None:
            return None
        chosen = [wrt] if isinstance(wrt, str) else list(wrt)
        if unknown := [name for name in chosen if name not in self.variable]:
            raise ValueError(f"wrt names {', '.join(map(str, unknown))}; to choose from: {', '.join(self.variable)}")
        return chosen

    def settle(self, case: Case) -> None:
        """At a first point: what f returns, what this takes and returns then, and so the mode of the reference.

        Raises CallError when one of them does, TypeError when they do not fit each other.
        """
        shape = self.reference.shape(case)
        count, known = len(self.patterns), parameters(self.function)
        if shape:
            self.reference.mode = "product" if known is None or known[1] > count else "sum"
        product = self.reference.mode == "product"
        if takes(self.function, count + product) is False:
            names = [*(p.name for p in self.patterns), *(["cotangent"] if product else [])]
            own = ", ".join(known[0]) if known else ""
            raise TypeError(f"the claimed gradient takes ({own}); it must take ({', '.join(names)}), as f does")
        returned = self._call(case, 0, shape)
        if isinstance(returned, Mapping):
            raise TypeError(
                f"the claimed function returned a {type(returned).__name__}; return a tuple, of one gradient for each "
                f"of {', '.join(self.wrt or self.variable)} in this order (None for one not to be compared)"
            )
        parts = _parts(returned)
        by = self._inputs_of(parts)
        if self.reference.mode == "sum" and len(by) == 1:
            found, own = np.shape(parts[self.places[0]]), np.shape(case.values[by[0]])
            self.reference.mode = "jacobian" if found == (*shape, *own) != own else "sum"
        self.reference.by = by

    def _inputs_of(self, parts: list[Any]) -> list[str]:
        """The inputs that the parts returned are by."""
        among = self.wrt or (self.variable if len(parts) > 1 or len(self.variable) == 1 else self.variable[:1])
        if len(parts) == len(self.patterns) > len(among):
            among = [p.name for p in self.patterns]
        if len(parts) != len(among):
            raise TypeError(
                f"the claimed function returned {len(parts)} gradients; there are {len(among)} inputs to differentiate "
                f"by: {', '.join(among)}"
            )
        by = [name for name, part in zip(among, parts, strict=True) if part is not None and name in self.variable]
        if not by:
            raise TypeError("the claimed function returned no gradient (None)")
        self.places = [among.index(name) for name in by]
        return by

    def values(self, case: Case, seed: int, prepare: Callable[[Any], Any] = lambda x: x) -> list[np.ndarray]:
        """One array for each input in ``reference.by``; ``prepare`` is applied to what the function gets."""
        shape = self.reference.shape(case) if self.reference.mode == "product" else ()
        parts = _parts(self._call(case, seed, shape, prepare))
        for place in self.places:
            if FORMATS[dtype_of(parts[place])].bits < self.form.bits:
                self.narrowed = f"the claimed gradient is {dtype_of(parts[place])}, the inputs are {self.form.name}"
        return [as_float64(parts[place], "the claimed gradient") for place in self.places]

    def _call(self, case: Case, seed: int, shape: tuple[int, ...], prepare: Callable[[Any], Any] = lambda x: x) -> Any:
        given = {p.name: prepare(p.lift(case.values[p.name], self.library)) for p in self.patterns}
        if self.reference.mode == "product":
            cotangent = self.reference.cotangent(shape, seed)
            given["cotangent"] = prepare(to_library(cotangent, self.library, self.form.name, self.device))
        return call(
            self.function, given, f"the claimed gradient ({name_of(self.function)}), called with {self.library}"
        )


def _parts(returned: Any) -> list[Any]:
    """The gradients returned; nested lists of numbers are one."""
    arrays = (torch.Tensor, np.ndarray, np.generic)
    if isinstance(returned, (tuple, list)) and all(part is None or isinstance(part, arrays) for part in returned):
        return list(returned)
    return [returned]
