"""Integer affine forms over sizes and indices: the arithmetic of ranges.

``lower_bound`` and ``provably_nonnegative`` are the only facts about ranges that anything else relies on. They are
sound and incomplete: False means "not proved".
"""

from __future__ import annotations

import sympy as sp


def linear_terms(e: sp.Expr) -> tuple[int, dict[sp.Symbol, int]] | None:
    """``2*i - n + 3`` as (3, {i: 2, n: -1}); None when the expression is not affine over the integers."""
    constant, terms = 0, {}
    for term in sp.Add.make_args(sp.expand(e)):
        coefficient, rest = term.as_coeff_Mul()
        if not coefficient.is_Integer:
            return None
        if rest is sp.S.One:
            constant += int(coefficient)
        elif isinstance(rest, sp.Symbol) and rest.is_integer:
            terms[rest] = terms.get(rest, 0) + int(coefficient)
        else:
            return None
    return constant, {s: c for s, c in terms.items() if c}


def provably_nonnegative(e) -> bool:
    """Whether e >= 0 follows from the ranges of the sizes and indices in it."""
    from derivations.calculus.symbols import Index, Size

    e = sp.sympify(e, strict=True)
    if e is sp.oo:
        return True
    for _ in range(8):  # each pass replaces indices by the ends of their ranges, which may name outer indices
        form = linear_terms(e)
        if form is None:
            return False
        constant, terms = form
        inner = [s for s in terms if isinstance(s, Index)]
        if not inner:
            low = constant
            for s, c in terms.items():
                if not isinstance(s, Size) or c < 0:
                    return False
                low += c * s.minimum
            return low >= 0
        # an index whose range names another index goes first: k <= t before t <= n
        named = {s for k in inner for end in (k.low, k.high) for s in end.free_symbols}
        k = next((k for k in inner if k not in named), inner[0])
        end = k.low if terms[k] > 0 else k.high
        if end in (sp.oo, -sp.oo):
            return False
        e = e + terms[k] * (end - k)
    return False


def provably_within(subscript, low, high) -> bool:
    """Whether low <= subscript <= high follows from the ranges."""
    above = provably_nonnegative(subscript - low)
    return above and (high is sp.oo or provably_nonnegative(high - subscript))
