"""What hypotheses about sums say of the entries: a mass of c bounds each entry by c."""

from __future__ import annotations

import sympy as sp

from derivations.calculus.domains import Domain
from derivations.calculus.operators import D, Sum
from derivations.calculus.substitution import subexpressions, substitute
from derivations.calculus.symbols import Entry, Index, Tensor
from derivations.proof.statement import Hypothesis, map_expressions


def narrowed(sides: list[sp.Expr], hypotheses: tuple[Hypothesis, ...]) -> tuple[list[sp.Expr], tuple[Hypothesis, ...]]:
    """An array p >= 0 with sum_k p_k = c over its whole last axis has entries of at most c."""
    mapping: dict[Tensor, Tensor] = {}
    for h in hypotheses:
        total, c = h.relation.left, h.relation.right
        if h.relation.operator != "=" or not isinstance(total, Sum) or not c.is_Rational or len(total.bound) != 1:
            continue
        e, (k,) = total.body, total.bound
        if not isinstance(e, Entry) or e.tensor.padded or not 0 <= e.tensor.domain.low < c < e.tensor.domain.high:
            continue
        places = zip(e.subscripts, e.tensor.axes, strict=True)
        whole = all(isinstance(s, Index) and (s.low, s.high) == axis for s, axis in places)
        if whole and k == e.subscripts[-1] and len(set(e.subscripts)) == len(e.subscripts):
            d = e.tensor.domain
            narrow = Domain(d.low, c, d.low_closed, True, d.integer)
            mapping[e.tensor] = Tensor(e.tensor.name, e.tensor.axes, narrow, False, e.tensor.random)
    if not mapping or any(isinstance(node, D) for side in sides for node in subexpressions(side)):
        return sides, hypotheses

    def put(e):
        return substitute(e, mapping)

    changed = tuple(Hypothesis(h.text, map_expressions(h.relation, put)) for h in hypotheses)  # type: ignore[arg-type]
    return [put(side) for side in sides], changed
