"""The lines that put a result to use, with an input written out; they are run, and what they gave is kept."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

import sympy as sp

from derivations.calculus.domains import Domain
from derivations.calculus.substitution import named_objects
from derivations.calculus.symbols import Scalar, Size, Tensor
from derivations.proof.statement import expressions
from derivations.proof.theorem import Erratum, Result, Theorem
from gradproof.records import is_equality

SIZE = 3  # of every axis, where the least size allows it
ENDLESS = 8  # entries of a sequence
OUTCOMES = 2  # of a random array
WITHIN = ("0.2", "0.3", "0.5")  # fractions of a bounded interval; they sum to one, as targets do
REAL = ("0.5", "-1.0", "2.0", "1.0", "-0.5")
POSITIVE = ("0.5", "1.0", "2.0", "1.5")


@dataclass(frozen=True)
class Snippet:
    """Code that runs as it stands, what its last line printed, and the docstring of the function in it."""

    code: str
    output: str
    help: str = ""


def snippet_of(result: Result) -> Snippet:
    """For a closed form a call with an input; for anything else how to hold the result in hand."""
    if isinstance(result, Theorem) and is_equality(result.statement):
        from numeric.lowering import LoweringError

        try:
            return _call(result)
        except LoweringError:
            pass
    return _loaded(result)


def _loaded(result: Result) -> Snippet:
    shown = "erratum.instead" if isinstance(result, Erratum) and result.instead else "result.text()"
    name = shown.partition(".")[0]
    code = f'import derivations\n\n{name} = derivations.load("{result.name}")\nprint({shown})\n'
    return Snippet(code, run(code))


def _call(theorem: Theorem) -> Snippet:
    from gradproof.functions import closed_form

    function: Any = closed_form(theorem.name, "numpy")
    lowered = function.lowered
    if not (lowered.arguments or lowered.sizes):  # a number: there is nothing to call it with
        return _loaded(theorem)
    bound_by = {
        thing.name for h in theorem.hypotheses for side in expressions(h.relation) for thing in named_objects(side)
    }
    given = list(_inputs(lowered.arguments, lowered.sizes, bound_by))
    call = f"{theorem.short_name}({', '.join(given)})"
    if len(call) > 100:
        call = f"{theorem.short_name}(\n" + "".join(f"    {one},\n" for one in given) + ")"
    load = f'{theorem.short_name} = gradproof.function("{theorem.name}", backend="numpy")'
    code = f"import gradproof\n\n{load}\nprint({call})\n"
    return Snippet(code, run(code), function.__doc__ or "")


def run(code: str) -> str:
    """What the code prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "<snippet>", "exec"), {"__name__": "snippet"})
    return printed.getvalue().rstrip("\n")


# ---- inputs


def _inputs(
    arguments: Sequence[Tensor | Scalar], sizes: Sequence[Size], assumed: Collection[str] = ()
) -> Iterator[str]:
    """``z=[0.5, -1.0, 2.0]`` for each argument, then the sizes that no array tells."""
    told: set[Any] = set()
    for at, argument in enumerate(arguments):
        shape = _shape(argument)
        told |= {s for extent in getattr(argument, "shape", ()) for s in extent.free_symbols}
        # what an assumption speaks of are targets: they sum to one
        values = WITHIN if shape and argument.name in assumed else _of(argument.domain)
        yield f"{argument.name}={_nested(shape, islice(cycle(values), at % len(values), None))}"
    yield from (f"{size.name}={_value(size)}" for size in sizes if size not in told)


def _shape(argument: Tensor | Scalar) -> tuple[int, ...]:
    if not isinstance(argument, Tensor):
        return ()
    values = {size: _value(size) for extent in argument.shape for size in extent.free_symbols}
    own = tuple(ENDLESS if extent is sp.oo else int(extent.subs(values)) for extent in argument.shape)
    return ((OUTCOMES,) if argument.random else ()) + own


def _value(size: Any) -> int:
    return max(SIZE, int(size.minimum))


def _nested(shape: tuple[int, ...], numbers: Iterator[str]) -> str:
    if not shape:
        return next(numbers)
    return "[" + ", ".join(_nested(shape[1:], numbers) for _ in range(shape[0])) + "]"


def _of(domain: Domain) -> tuple[str, ...]:
    low, high = domain.low, domain.high
    if domain.integer:
        first = int(sp.ceiling(low)) if low != -sp.oo else 0
        return tuple(str(k) for k in range(first, first + 4) if k in domain)
    if low != -sp.oo and high != sp.oo:
        return tuple(f"{float(low + (high - low) * sp.Rational(part)):g}" for part in WITHIN)
    if low == -sp.oo and high == sp.oo:
        return REAL
    return tuple(f"{float(low) + float(x):g}" if high == sp.oo else f"{float(high) - float(x):g}" for x in POSITIVE)
