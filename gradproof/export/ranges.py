"""The ends of index ranges, and whole numbers as code."""

from __future__ import annotations

from collections.abc import Callable, Collection

import sympy as sp

from derivations.calculus.affine import linear_terms, provably_nonnegative
from derivations.calculus.symbols import Index
from derivations.calculus.typesetting.order import ordered_terms
from gradproof.export.code import ATOM, PRODUCT, SUM, Code, NoSource


def running(e: sp.Expr, fixed: Collection[Index]) -> tuple[Index, ...]:
    """The indices in an affine form that are not fixed, so that they run along axes."""
    form = linear_terms(e)
    if form is None:
        raise NoSource(f"{e} is not affine in indices and sizes")
    return tuple(sorted((s for s in form[1] if isinstance(s, Index) and s not in fixed), key=lambda k: k.name))


def box_end(e: sp.Expr, upper: bool, fixed: Collection[Index]) -> sp.Expr:
    """The largest or least value of an affine form when each index runs over all that it may ever be."""
    constant, terms = linear_terms(e) or (e, {})
    total = sp.sympify(constant)
    for s, c in terms.items():
        if isinstance(s, Index) and s not in fixed:
            high = (c > 0) == upper
            s = box_end(s.high if high else s.low, high, fixed)
            if s in (sp.oo, -sp.oo):
                raise NoSource("an index runs without end")
        total += c * s
    return sp.expand(total)


def box(k: Index, fixed: Collection[Index]) -> tuple[sp.Expr, sp.Expr]:
    """The least and the largest value of an index, in sizes and fixed indices."""
    if sp.oo in (k.high, -k.low):
        raise NoSource(f"the index {k} runs over {k.low}..{k.high}, which is endless")
    low, high = box_end(k.low, False, fixed), box_end(k.high, True, fixed)
    if not provably_nonnegative(high - low + 1):
        raise NoSource(f"the range {low}..{high} of {k} may end before it begins")
    return low, high


def depends(k: Index, fixed: Collection[Index]) -> bool:
    """Whether the range of an index depends on another that runs."""
    return bool(running(k.low, fixed) or running(k.high, fixed))


def whole(e: sp.Expr, name: Callable[[sp.Symbol], str]) -> Code:
    """An affine form of sizes and fixed indices as code: ``2 * n - 1``."""
    e = sp.expand(e)
    if linear_terms(e) is None:
        raise NoSource(f"{e} is not affine in indices and sizes")
    text, binding = "", ATOM
    for term in ordered_terms(e):
        coefficient, rest = term.as_coeff_Mul()
        size = abs(int(coefficient))
        shown = str(size) if rest == 1 else name(rest) if size == 1 else f"{size} * {name(rest)}"
        binding = SUM if text or coefficient < 0 else ATOM if rest == 1 or size == 1 else PRODUCT
        sign = "-" if coefficient < 0 else "+"
        text = f"{text} {sign} {shown}" if text else ("-" if coefficient < 0 else "") + shown
    return Code(text, binding)
