"""The text of a module with one function: the closed form of a theorem, or any expression of the calculus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Literal, get_args

import sympy as sp

from derivations import load
from derivations.calculus import printing
from derivations.calculus.substitution import named_objects
from derivations.calculus.symbols import CalculusError, Index, Scalar, Size, Tensor
from derivations.proof.theorem import Erratum, Result, Theorem
from gradproof.export.along import with_axes
from gradproof.export.arguments import conversions, reach_checks, shape_of, signature, size_lines
from gradproof.export.code import OUTCOME, Code, NoSource
from gradproof.export.definitions import stable
from gradproof.export.derivatives import without_derivatives
from gradproof.export.dialects import DEVICE, DIALECTS, DTYPE, LIKE, LIKE_FLOATS
from gradproof.export.layout import fitted
from gradproof.export.names import Names
from gradproof.export.printer import Printer
from gradproof.export.ranges import box, depends
from gradproof.export.reductions import mask_of
from gradproof.functions import describe, free_axes, with_closed_form
from gradproof.records import definitions

Backend = Literal["torch", "numpy"]


def source_of(result: str | Result, backend: Backend = "torch") -> str:
    """The right side of an equality, by its name in the registry or the theorem itself, as the text of a module."""
    if backend not in get_args(Backend):
        raise ValueError(f"backend {backend!r}: choose {' or '.join(get_args(Backend))}")
    return _source(result if isinstance(result, (Theorem, Erratum)) else load(result), backend)


@cache
def _source(result: Result, backend: Backend) -> str:
    theorem = with_closed_form(result)
    try:
        return written(
            theorem.expression, theorem.short_name, free_axes(theorem), backend, _header(theorem), theorem.text()
        )
    except NoSource as reason:
        raise NoSource(f"{result.name} has no {backend} source: {reason}") from None


def _header(theorem: Theorem) -> str:
    """What opens the module: title, statement, definitions, domains, hypotheses, source."""
    from gradproof import __version__

    statement, rest = describe(theorem).split("\n")[:3], describe(theorem).split("\n")[4:]
    named = [f"    {name} = {body}" for name, body in definitions(theorem, printing.text)]
    domains = printing.domains(theorem.statement)
    lines = [*statement, "", *(["where", "", *named, ""] if named else [])]
    lines += [f"for {', '.join(domains)}.", ""] if domains else []
    return "\n".join([*lines, *rest, f"Written by gradproof {__version__}."])


def written(
    expression: sp.Expr,
    name: str,
    axes: Sequence[Index],
    backend: Backend = "torch",
    header: str = "",
    summary: str = "",
) -> str:
    """An expression as the text of a module with the function ``name``; ``axes`` are those of the result.

    Raises:
        NoSource: what cannot be written soundly.
    """
    expression = sp.sympify(expression, strict=True)
    try:
        return _written(expression, name, tuple(axes), backend, header, summary or printing.text(expression))
    except CalculusError as error:  # of a derivative, whose indices clash
        raise NoSource(str(error)) from None


def _written(
    expression: sp.Expr, name: str, axes: tuple[Index, ...], backend: Backend, header: str, summary: str
) -> str:
    ends = {thing for k in axes for end in (k.low, k.high) for thing in named_objects(end)}
    things = {s for s in named_objects(without_derivatives(expression)) | ends if isinstance(s, (Tensor, Scalar, Size))}
    names = Names()
    names.taken.add(name)
    names.add_arguments(sorted(things, key=lambda s: s.name))
    names.taken |= {k.name for k in axes} - set(names.arguments.values())
    printer = Printer(DIALECTS[backend], names, [*axes])
    result = _result(printer, printer(stable(expression)), axes)
    checks = reach_checks(printer)
    body = [*size_lines(printer), *checks, *conversions(printer), *printer.lines, f"return {result}"]
    return _module(printer, name, axes, body, header, summary)


def _result(printer: Printer, value: Code, axes: tuple[Index, ...]) -> str:
    """The value with all the axes asked for, 0 where a free index is outside of its range."""
    masked = any(depends(k, ()) for k in axes)
    if value.kind == "number" and axes:
        value = _constant(printer, value, axes)
    value = printer.sorted(with_axes(printer, value, axes))
    if OUTCOME in value.axes:
        raise NoSource("a random array stands outside of an expectation")
    if not masked:
        return f"{float(value.text)}" if value.text.lstrip("-").isdigit() else value.text
    mask = printer.aligned(mask_of(printer, axes), axes)
    return f"{printer.dialect.alias}.where({mask.text}, {value.text}, 0)"


def _constant(printer: Printer, value: Code, axes: tuple[Index, ...]) -> Code:
    ends = [box(k, ()) for k in axes]
    sizes = ", ".join(printer.whole(high - low + 1).text for low, high in ends)
    shape = sizes if len(ends) == 1 else f"({sizes})"
    number = value.text if "/" in value.text else f"float({value.text})"
    filled = f"full(({sizes}{',' if len(ends) == 1 else ''}), {number}{LIKE})"
    if value.text in ("0", "1"):
        filled = f"{'zeros' if value.text == '0' else 'ones'}({shape}{LIKE})"
    return Code(f"{printer.dialect.alias}.{filled}", axes=axes, kind="shared")


def _module(printer: Printer, name: str, axes: Sequence[Index], body: list[str], header: str, summary: str) -> str:
    dialect = printer.dialect
    lines = [line for one in body for line in fitted(_with_dtype(printer, one))]
    helpers = [dialect.helpers[one].strip("\n") for one in sorted(printer.helpers)]
    imports = ["import math"] if "math" in printer.used or "erf" in printer.helpers else []
    if any(f"{dialect.alias}." in line for line in (*lines, *helpers)):
        imports += ["", dialect.statement] if imports else [dialect.statement]
    function = [f"def {name}({signature(printer)}):", *_indented(_docstring(printer, axes, summary)), *_indented(lines)]
    opening = f'"""{_quotable(header)}\n"""\n' if header else ""
    top = "\n".join(filter(None, [opening, "\n".join(imports)]))
    return "\n\n\n".join(filter(None, [top, *helpers, "\n".join(function)])) + "\n"


def _with_dtype(printer: Printer, line: str) -> str:
    """The line with the dtype and the device of an argument."""
    reference = printer.reference()
    torch = printer.dialect.name == "torch"
    if reference is None:
        own = "torch.get_default_dtype()" if torch else "float"
        return _filled(line, {LIKE: "", LIKE_FLOATS: f", dtype={own}", DEVICE: "", DTYPE: own})
    device = f", device={reference}.device" if torch else ""
    like = f", dtype={reference}.dtype{device}"
    return _filled(line, {LIKE: like, LIKE_FLOATS: like, DEVICE: device, DTYPE: f"{reference}.dtype"})


def _filled(line: str, values: Mapping[str, str]) -> str:
    for mark, value in values.items():
        line = line.replace(mark, value)
    return line


def _docstring(printer: Printer, axes: Sequence[Index], summary: str) -> list[str]:
    lines = [f'"""{_quotable(summary)}', ""]
    arguments = [
        f"    {name}: {shape_of(thing)}"
        for name, thing in sorted(printer.used.items())
        if isinstance(thing, (Tensor, Scalar))
    ]
    sizes = [f"    {size}: a whole number" for size in printer.asked_sizes()]
    lines += ["Args:", *arguments, *sizes, ""] if arguments or sizes else []
    shape = ", ".join([*(["*batch"] if arguments else []), *(sp.sstr(k.extent) for k in axes)])
    shape += "," if axes and len(axes) == 1 and not arguments else ""
    along = f", the {'axis' if len(axes) == 1 else 'axes'} {', '.join(k.name for k in axes)}" if axes else ""
    lines.append(f"Returns: shape ({shape}){along}" if shape else "Returns: a number")
    return [*lines, '"""']


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]


def _quotable(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"""', "'''")
