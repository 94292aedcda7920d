"""Definite integrals by the fundamental theorem, checked; SymPy only guesses the antiderivative.

Main result: the integral of f from a to b is lim_(x->b) F - lim_(x->a) F, both taken from inside, when F and f are
analytic on the open interval and F' = f there. This includes infinite ends and singular ones, if the limits exist;
one infinite limit makes the integral oo or -oo. A pole or a kink inside is a place to cut the interval: what F does
at the ends of each piece then decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import sympy as sp

from derivations.calculus.functions import cbrt, leaky_relu, relu, step
from derivations.calculus.operators import Bound, Integral
from derivations.calculus.special import SPECIAL
from derivations.calculus.substitution import rebuild, subexpressions, substitute
from derivations.judges.antiderivatives import guesses
from derivations.judges.asymptotics.constants import Constants, Undecided, simplest
from derivations.judges.derivative import is_zero
from derivations.judges.generated_field import OutsideField
from derivations.judges.known_integrals import GAMMA, known_integral
from derivations.judges.limits_at import one_sided
from derivations.judges.passages import Passage, passages
from derivations.judges.scalar_problem import derivative, differentiated, require_scalar

METHOD = "antiderivative, checked, and its limits at the ends"
TRUSTED = ("SymPy derivatives", "fundamental theorem of calculus")

MOST_CUTS = 8
KINKED = (sp.Abs, sp.sign, step, relu, leaky_relu, cbrt)


def integral_value(node: Integral, constants: Constants) -> tuple[sp.Expr, str]:
    """The value of an integral, a number or oo or -oo, for all admissible parameters, and the method.

    Raises Undecided.
    """
    f, x, low, high = differentiated(node.function), node.variable, node.low, node.high
    require_scalar(f)
    if low == high:
        return sp.S.Zero, METHOD
    _check_domain(x, low, high, constants)
    known = known_integral(f, x, low, high, constants)
    if known is not None and (known[0].has(*SPECIAL) or known[1] != GAMMA):
        return known[0], f"lemma: {known[1]}"
    try:
        return _between_ends(f, x, low, high, constants), METHOD
    except Undecided:
        if known is None:
            raise
        return simplest(known[0], constants), f"lemma: {known[1]}"


def is_analytic_between(f: sp.Expr, x: Bound, low: sp.Expr, high: sp.Expr, constants: Constants) -> bool:
    """Whether f is provably analytic from ``low`` to ``high``, ends included, in whichever order they lie."""
    return any(p.is_smooth(f) for p in passages(x, low, high, constants, ordered=False))


def _between_ends(f: sp.Expr, x: Bound, low: sp.Expr, high: sp.Expr, constants: Constants) -> sp.Expr:
    order = _order(low, high, constants)
    if order == 0:
        return _between_any_ends(f, x, low, high, constants)
    return _between(f, x, low, high, constants) if order > 0 else -_between(f, x, high, low, constants)


def _order(low: sp.Expr, high: sp.Expr, constants: Constants) -> int:
    """1 for low < high, -1 for low > high, 0 when that is not known."""
    if low is sp.S.NegativeInfinity or high is sp.S.Infinity:
        return 1
    if high is sp.S.NegativeInfinity or low is sp.S.Infinity:
        return -1
    return constants.sign(high - low) or 0


def _check_domain(x: Bound, low: sp.Expr, high: sp.Expr, constants: Constants) -> None:
    """SymPy has used what it knows of x, so the interval must lie in the declared domain."""
    ends = (low, high)
    below, above = x.domain.low, x.domain.high
    inside = below.is_infinite or all(constants.is_nonnegative(end - below) for end in ends)
    inside &= above.is_infinite or all(constants.is_nonnegative(above - end) for end in ends)
    if x.domain.integer or not inside:
        raise Undecided(f"the interval is not provably inside the domain of {x}")


# ---- ends whose order is known ---------------------------------------------------------------------------------


def _between(f: sp.Expr, x: Bound, low: sp.Expr, high: sp.Expr, constants: Constants) -> sp.Expr:
    """The integral over an interval with low < high, cut where f may fail to be analytic."""
    total = sp.S.Zero
    for a, b in pairwise([low, *_cuts(f, x, low, high, constants), high]):
        total = _sum(total, _over_piece(f, x, a, b, constants))
    return total if total.is_infinite else simplest(total, constants)


def _sum(total: sp.Expr, value: sp.Expr) -> sp.Expr:
    """A sum in which one may be infinite, and both if they agree."""
    if total.is_infinite and value.is_infinite and total != value:
        raise Undecided("the integral is oo - oo")
    return total if total.is_infinite else value if value.is_infinite else total + value


def _over_piece(f: sp.Expr, x: Bound, low: sp.Expr, high: sp.Expr, constants: Constants) -> sp.Expr:
    ways = list(passages(x, low, high, constants, ordered=True))
    f = _resolved(f, ways, KINKED)
    if not any(way.is_smooth(f) for way in ways):
        raise Undecided("the integrand is not provably analytic inside the interval")
    reason = f"no antiderivative of {f} was found and proved"
    for F in _antiderivatives(f, x, ways):
        try:
            below, above = (one_sided(F, x, end, side, constants) for end, side in ((low, 1), (high, -1)))
            return _sum(above, -below)
        except Undecided as failure:
            reason = str(failure)
    raise Undecided(reason)


def _antiderivatives(f: sp.Expr, x: Bound, ways: list[Passage]) -> Iterator[sp.Expr]:
    """Functions that are proved analytic with derivative f along one of the ways."""
    for guess in guesses(f, x, positive=ways[0].positive):
        F = _resolved(guess, ways, (*KINKED, sp.log))
        if any(_is_antiderivative(F, f, way) for way in ways):
            yield F


def _is_antiderivative(F: sp.Expr, f: sp.Expr, way: Passage) -> bool:
    carried = way.carry(F)
    try:
        difference = derivative(carried, way.variable) - way.carry(f) * way.slope
    except OutsideField:
        return False
    return way.is_smooth(F) and is_zero(difference)


def _resolved(e: sp.Expr, ways: Iterable[Passage], kinds: tuple[type, ...]) -> sp.Expr:
    """|a|, relu a, cbrt a, ... by the sign that a has on the interval; log a becomes log(-a) for negative a.

    The latter is for guesses only: it changes them by a constant, and every guess is proved.
    """

    def resolve(node: sp.Basic) -> sp.Basic | None:
        if not isinstance(node, kinds):
            return None
        sign = next((s for way in ways if (s := way.sign(node.args[0]))), 0)  # type: ignore[arg-type]
        return RESOLVED[type(node)](sign, *node.args) if sign else None

    return rebuild(e, resolve)  # type: ignore[return-value]


RESOLVED = {
    sp.Abs: lambda sign, a: sign * a,
    sp.sign: lambda sign, a: sp.Integer(sign),
    step: lambda sign, a: sp.Rational(1 + sign, 2),
    relu: lambda sign, a: a if sign > 0 else sp.S.Zero,
    leaky_relu: lambda sign, a, slope: a if sign > 0 else slope * a,
    cbrt: lambda sign, a: sign * (sign * a) ** sp.Rational(1, 3),
    sp.log: lambda sign, a: sp.log(sp.expand(sign * a) if sign < 0 else a),
}


# ---- where to cut ----------------------------------------------------------------------------------------------


def _cuts(f: sp.Expr, x: Bound, low: sp.Expr, high: sp.Expr, constants: Constants) -> list[sp.Expr]:
    """Zeros of what stands under |.|, log, roots and in denominators, provably inside and in their order."""
    inside: list[sp.Expr] = []
    for root in dict.fromkeys(r for a in _critical(f) for r in _zeros(a, x)):
        if not all(end.is_infinite or constants.sign(s * (end - root)) == 1 for end, s in ((low, -1), (high, 1))):
            continue
        signs = [constants.sign(root - other) for other in inside]
        if 0 in signs:
            continue
        if None in signs or len(inside) == MOST_CUTS:
            raise Undecided("the kinks and poles inside the interval have no known order")
        inside.insert(signs.count(1), root)
    return inside


def _critical(f: sp.Expr) -> Iterator[sp.Expr]:
    for node in subexpressions(f):
        if isinstance(node, (*KINKED, sp.log)):
            yield node.args[0]
        elif isinstance(node, sp.Pow) and not (node.exp.is_integer and node.exp.is_nonnegative):
            yield node.base


def _zeros(a: sp.Expr, x: Bound) -> list[sp.Expr]:
    """The zero of a linear function of x; the rational ones of a polynomial with rational coefficients."""
    if x not in a.free_symbols or not a.is_polynomial(x):
        return []
    p = sp.Poly(a, x)
    if p.degree() == 1:
        return [-p.nth(0) / p.nth(1)]
    return sorted(p.ground_roots()) if p.domain.is_QQ or p.domain.is_ZZ else []


# ---- ends in any order -----------------------------------------------------------------------------------------


def _between_any_ends(f: sp.Expr, x: Bound, low: sp.Expr, high: sp.Expr, constants: Constants) -> sp.Expr:
    """F(b) - F(a), when f and F are analytic from one end to the other, both included."""
    ways = list(passages(x, low, high, constants, ordered=False))
    f = _resolved(f, ways, KINKED)
    if not any(way.is_smooth(f) for way in ways):
        raise Undecided("the order of the ends is not known, and the integrand not provably analytic between them")
    for F in _antiderivatives(f, x, ways):
        above, below = (substitute(F, {x: end}) for end in (high, low))
        return simplest(above - below, constants)  # type: ignore[operator]
    raise Undecided(f"no antiderivative of {f} was found and proved")
