r"""Expressions and statements for a reader: LaTeX for the page, one line of Unicode for the terminal.

    latex(D(p[i], z[j]))    \frac{\partial p_{i}}{\partial z_{j}}
    text(D(p[i], z[j]))     ∂pᵢ/∂zⱼ
    domains(statement)      ["n ≥ 1", "z ∈ ℝⁿ"]

The layout, the two printers and the order in which a human writes factors are in ``typesetting/``.
"""

from __future__ import annotations

import sympy as sp

from derivations.calculus.domains import Domain
from derivations.calculus.operators import Limit
from derivations.calculus.substitution import named_objects, subexpressions
from derivations.calculus.symbols import Index, Scalar, Size, Tensor
from derivations.calculus.typesetting.latex import Latex
from derivations.calculus.typesetting.layout import ATOMS, Layout
from derivations.calculus.typesetting.names import SUPERSCRIPTS, is_letter
from derivations.calculus.typesetting.unicode import Text, is_whole
from derivations.proof.statement import And, Hypothesis, Iff, Relation, Statement, expressions

Printable = sp.Basic | int | Relation | Iff | And | Hypothesis


def latex(thing: Printable) -> str:
    """LaTeX, without delimiters, that KaTeX takes with ``strict: "error"``."""
    return _printed(thing, Latex())


def text(thing: Printable, *, ranges: bool = False) -> str:
    """One line of Unicode. An index over the whole of 1..n prints no range unless ``ranges`` is set."""
    return _printed(thing, Text(ranges))


def domains(statement: Statement | sp.Basic) -> list[str]:
    """Where each size, scalar and array of a statement lives, and each free index that is not over all of 1..n."""
    sides = [statement] if isinstance(statement, sp.Basic) else list(expressions(statement))
    free = set().union(*(side.free_symbols for side in sides))
    limits = {e.variable for side in sides for e in subexpressions(side) if isinstance(e, Limit)}
    found = {thing for side in sides for thing in named_objects(side)} - (limits - free)
    found |= {k for k in free if isinstance(k, Index) and not is_whole(k)}
    kinds = (Size, Index, Scalar, Tensor)
    named = [(kinds.index(type(s)), s.name, _domain(s)) for s in found if isinstance(s, kinds)]
    return list(dict.fromkeys(line for _, _, line in sorted(named)))


def _printed(thing: Printable, printer: Layout) -> str:
    if isinstance(thing, (Relation, Iff, And, Hypothesis)):
        return printer.statement(thing)
    return printer.doprint(sp.Integer(thing) if isinstance(thing, int) else thing)


def _domain(s: Size | Index | Scalar | Tensor) -> str:
    """``n ≥ 1``, ``α ∈ (0, 1)``, ``z ∈ ℝⁿ``, ``v₁, v₂, … ∈ ℝ``."""
    if isinstance(s, Size):
        return f"{text(s)} ≥ {s.minimum}"
    if isinstance(s, Index):
        return f"{text(s)} ≥ {text(s.low)}" if s.high is sp.oo else f"{text(s.low)} ≤ {text(s)} ≤ {text(s.high)}"
    return f"{text(s)} {_membership(s.domain)}" if isinstance(s, Scalar) else _tensor_domain(s)


def _tensor_domain(s: Tensor) -> str:
    notes = (", zero outside" if s.padded else "") + (", random" if s.random else "")
    if any(high is sp.oo for _, high in s.axes):
        ((low, _),) = s.axes
        first = [text(s[low]), text(s[low + 1]), "…"]
        return f"{', '.join(first)} {_membership(s.domain)}{notes}"
    return f"{text(s)} ∈ {_values(s.domain)}{_to_the_shape(s)}{notes}"


def _membership(domain: Domain) -> str:
    below, above = domain.low != -sp.oo, domain.high != sp.oo
    if domain.integer or below == above:
        return f"∈ {_values(domain)}"
    if below:
        return f"{'≥' if domain.low_closed else '>'} {text(domain.low)}"
    return f"{'≤' if domain.high_closed else '<'} {text(domain.high)}"


def _values(domain: Domain) -> str:
    left, right = "[" if domain.low_closed else "(", "]" if domain.high_closed else ")"
    bounds = f"{left}{text(domain.low)}, {text(domain.high)}{right}"
    everything = "ℤ" if domain.integer else "ℝ"
    if (domain.low, domain.high) == (-sp.oo, sp.oo):
        return everything
    return f"(ℤ ∩ {bounds})" if domain.integer else bounds


def _to_the_shape(s: Tensor) -> str:
    printer = Text()
    small = [printer.small(axis, SUPERSCRIPTS) for axis in s.shape]
    if all(small) and (len(small) == 1 or all(map(is_letter, s.shape))):
        return "ˣ".join(map(str, small))
    return f"^({'×'.join(printer.wrap(axis, ATOMS) for axis in s.shape)})"
