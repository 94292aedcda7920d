"""Limits of functions of one real variable, read off their expansions.

Main results, f -> L from one side when f = terms + O(m) and
* every term and m tend to 0                          L = 0
* the leading term is a constant c and m tends to 0    L = c
* the leading term tends to oo                        L = oo or -oo, by the sign of its coefficient

A two-sided limit needs both. No limit is claimed for what only stays bounded, as sin(1/x) does.
"""

from __future__ import annotations

import time

import sympy as sp

from derivations.calculus.domains import Domain
from derivations.calculus.operators import Bound, LimitAt
from derivations.judges.asymptotics.constants import Coarse, Constants, Undecided, simplest
from derivations.judges.asymptotics.rules import expand
from derivations.judges.asymptotics.series import Expansions, Series
from derivations.judges.scalar_problem import FAILURES, differentiated

METHOD = "asymptotic expansion"
TRUSTED = ("expansions with error terms", "SymPy polynomial arithmetic")
ORDERS = (1, 3, 6, 12)  # one term is continuity
SECONDS = 0.5  # after this no longer expansion is tried
SPOKEN = {1: "from above: ", -1: "from below: ", 0: ""}


def limit_value(node: LimitAt, constants: Constants) -> sp.Expr:
    """The value of a limit, a number or oo or -oo, for all admissible parameters; raises Undecided."""
    f, a = differentiated(node.function), node.point
    sides = [side for side in ((node.side,) if node.side else _sides(a)) if _reaches(node.variable, a, side, constants)]
    if not sides:
        raise Undecided(f"{node.variable} does not come near {a} in its domain")
    first, *others = [_from(side, f, node.variable, a, constants) for side in sides]
    for other in others:
        if not (first == other or (_both_finite(first, other) and constants.is_zero(first - other))):
            raise Undecided(f"the limit is {other} from below and {first} from above")
    return first


def _from(side: int, f: sp.Expr, x: sp.Symbol, a: sp.Expr, constants: Constants) -> sp.Expr:
    try:
        return one_sided(f, x, a, side, constants)
    except Undecided as reason:
        raise Undecided(f"{SPOKEN[side]}{reason}") from None


def one_sided(f: sp.Expr, x: sp.Symbol, a: sp.Expr, side: int, constants: Constants) -> sp.Expr:
    """The limit of f as x tends to ``a`` from above (1) or below (-1); at oo and -oo the side is of no matter."""
    if x not in f.free_symbols:
        return f
    reason, started = Undecided("no expansion"), time.process_time()
    for order in ORDERS:
        try:
            at = Expansions(constants, order)
            return _limit_of(at, expand(at, f, x, at.near(a, side)))
        except Coarse as failure:
            reason = failure
            if time.process_time() > started + SECONDS:
                break
        except Undecided:
            raise
        except FAILURES as failure:
            raise Undecided(str(failure) or type(failure).__name__) from None
    raise reason


def _limit_of(at: Expansions, f: Series) -> sp.Expr:
    if f.terms:
        _, fastest = f.terms[0]
        if at.scale.growth(fastest) > 0:
            return at.sign(f) * sp.oo
    return simplest(at.parts(f).constant, at.constants)


def _both_finite(first: sp.Expr, other: sp.Expr) -> bool:
    return not (first.is_infinite or other.is_infinite)


def _sides(a: sp.Expr) -> tuple[int, ...]:
    return (0,) if a.is_infinite else (1, -1)


def _reaches(x: Bound, a: sp.Expr, side: int, constants: Constants) -> bool:
    """Whether all points near ``a``, on that side, belong to the domain of x; raises Undecided when that is open.

    A domain that ends at ``a`` makes the limit one-sided.
    """
    domain: Domain = x.domain
    if domain.integer:
        raise Undecided(f"{x} is a whole number")
    if a.is_infinite:
        return (domain.high if a is sp.oo else domain.low) is a
    end = domain.high if side > 0 else domain.low
    if end.is_infinite:
        return _inside(domain, a, -side, constants)
    room = constants.sign(side * (end - a))
    if room is None:
        raise Undecided(f"{a} is not provably in the domain of {x}")
    return room > 0 and _inside(domain, a, -side, constants)


def _inside(domain: Domain, a: sp.Expr, side: int, constants: Constants) -> bool:
    """Whether ``a`` is not beyond the end of the domain on that side."""
    end = domain.high if side > 0 else domain.low
    if end.is_infinite:
        return True
    room = constants.sign(side * (end - a))
    if room is None:
        raise Undecided(f"{a} is not provably in the domain")
    return room >= 0
