"""What a formula that is off may have meant: one function for each convention that people mix up.

Each takes one side of an equality and yields (what to say, the side as it would be). ``CONVENTIONS`` is the order in
which they are tried, simplest first; what is said is only said of what was proved.

    sign, factor 2 or 1/2      diff(x**2, x) == x                     holds with 2*x on the right
    transpose                  grad(a @ x, x) ...                     holds transposed: A.T@x on the right
    1/n, 1/(n - 1), 1          var against var(x, ddof=1)
    f against f'               sigmoid(x) == sigmoid(x)*(1 - ...)     you wrote f for f'
    sigma against its argument s*(1 - s)                              sigmoid(x)*(1 - sigmoid(x))
    swapped indices            M[i, j] against M[j, i]
    epsilon                    sqrt(v + eps) against sqrt(v) + eps
    a number one off           x**3 against x**2
    moving averages            b*m + (1 - b)*g against (1 - b)*m + b*g
"""

from __future__ import annotations

from gradproof.claims.teaching.conventions.averages import epsilon, weights
from gradproof.claims.teaching.conventions.factors import (
    chain_rule,
    divisors,
    one_off,
    plain_factors,
    scalars,
    signs_of_terms,
    sizes,
)
from gradproof.claims.teaching.conventions.functions import argument, derivative_on_the_left, derivative_on_the_right
from gradproof.claims.teaching.conventions.general import symmetrised, weighted
from gradproof.claims.teaching.conventions.layout import swapped_indices, transposed
from gradproof.claims.teaching.conventions.suggestion import DERIVED, WITH, Convention

RIGHT: tuple[Convention, ...] = (
    argument, divisors, sizes, swapped_indices, transposed, signs_of_terms, weights, epsilon, one_off, scalars,
    derivative_on_the_right, chain_rule,
)  # fmt: skip
LEFT: tuple[Convention, ...] = (divisors, derivative_on_the_left, epsilon, transposed, swapped_indices)
GENERAL: tuple[Convention, ...] = (symmetrised, weighted)

__all__ = ["DERIVED", "GENERAL", "LEFT", "RIGHT", "WITH", "Convention", "plain_factors"]
