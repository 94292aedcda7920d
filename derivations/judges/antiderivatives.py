"""Guesses of antiderivatives. Nothing here is trusted: whoever uses one takes its derivative and proves it.

Tried in this order: f rational in x or in e^x; SymPy's rules of the textbook; products of powers, exp, sin, cos and
log with unknown coefficients; SymPy's general integration. Each stops after its time where the platform allows that.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator

import sympy as sp
from sympy.integrals.manualintegrate import manualintegrate
from sympy.integrals.rationaltools import ratint

from derivations.calculus import special
from derivations.calculus.functions import sigmoid, softplus
from derivations.calculus.operators import Bound
from derivations.calculus.substitution import rebuild

SECONDS = 0.8  # of the processor's time, for one way
AGAIN = 0.05  # seconds between further attempts to stop
ALTOGETHER = 1.6  # after this no other way is tried
LARGEST = 200  # operations of an integrand that SymPy is asked about

OWN = {"gamma": special.gamma, "loggamma": special.loggamma, "digamma": special.digamma, "erfinv": special.erfinv}


class _OutOfTime(BaseException):  # so that nothing in SymPy swallows it
    pass


def guesses(f: sp.Expr, x: Bound, *, positive: bool = False) -> Iterator[sp.Expr]:
    """Functions of x that may have the derivative f on the interval in question; ``positive`` says x > 0 there."""
    s = sp.Symbol(x.name, positive=True) if positive else sp.Symbol(x.name, real=True)
    if sp.count_ops(f) > LARGEST:
        return
    plain = _in_textbook_functions(f.xreplace({x: s}))
    seen, started = set(), time.process_time()
    for way in (_rational, _rational_in_exp, manualintegrate, _with_unknown_coefficients, _general):
        if time.process_time() > started + ALTOGETHER:
            return
        for found in _branches(_limited(way, plain, s)):
            translated = _translated(found)
            if translated is not None and translated not in seen:
                seen.add(translated)
                yield translated.xreplace({s: x})


def _limited(way: Callable, f: sp.Expr, x: sp.Symbol) -> sp.Expr | None:
    """way(f, x), or None where it fails or takes too long."""

    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        return _attempted(way, f, x)
    running = True

    def stop(*_):
        if running:
            raise _OutOfTime

    before = signal.signal(signal.SIGVTALRM, stop)
    # again and again: an exception that is raised inside a destructor is lost
    left, _ = signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS, AGAIN)
    try:
        return _attempted(way, f, x)
    except _OutOfTime:
        return None
    finally:
        running = False
        signal.setitimer(signal.ITIMER_VIRTUAL, left)
        signal.signal(signal.SIGVTALRM, before)


def _attempted(way: Callable, f: sp.Expr, x: sp.Symbol) -> sp.Expr | None:
    try:
        return way(f, x)
    except Exception:  # a guess may fail in any way it likes
        return None


def _branches(F: sp.Expr | None) -> Iterator[sp.Expr]:
    """An expression, or what it is on each branch of its pieces."""
    if F is None:
        return
    pieces = next(iter(F.atoms(sp.Piecewise)), None)
    if pieces is None:
        yield F
        return
    for branch, _ in pieces.args:
        yield from _branches(F.xreplace({pieces: branch}))


def _in_textbook_functions(f: sp.Expr) -> sp.Expr:
    def rewrite(node: sp.Basic) -> sp.Basic | None:
        return node.rewrite(sp.exp) if isinstance(node, (sigmoid, softplus)) else None  # type: ignore[attr-defined]

    return rebuild(f, rewrite)  # type: ignore[return-value]


def _translated(F: sp.Expr) -> sp.Expr | None:
    """In the functions of the calculus; None when there are others, or complex numbers, or integrals left over."""
    if F.has(sp.I, sp.Integral, sp.RootSum, sp.zoo, sp.nan, sp.oo):
        return None

    def translate(node: sp.Basic) -> sp.Basic | None:
        if isinstance(node, sp.acos):
            return sp.pi / 2 - sp.asin(node.args[0])
        if isinstance(node, sp.acot):
            return sp.atan(1 / node.args[0])
        if isinstance(node, (sp.tan, sp.cot, sp.sec, sp.csc)):
            return node.rewrite(sp.cos).rewrite(sp.sin) if not isinstance(node, sp.tan) else _tan(node.args[0])
        own = OWN.get(type(node).__name__)
        return own(*node.args) if own and not isinstance(node, own) else None

    return rebuild(F, translate)  # type: ignore[return-value]


def _tan(a: sp.Basic) -> sp.Expr:
    return sp.sin(a) / sp.cos(a)


# ---- rational in x or in e^x -----------------------------------------------------------------------------------


def _rational(f: sp.Expr, x: sp.Symbol) -> sp.Expr | None:
    return ratint(sp.cancel(f), x, real=True) if f.is_rational_function(x) and not f.is_polynomial(x) else None


def _rational_in_exp(f: sp.Expr, x: sp.Symbol) -> sp.Expr | None:
    """With T = e^(x/q): the integral of R(T) q / T."""
    f = sp.expand_power_exp(f.rewrite(sp.exp))
    T = sp.Symbol("T", positive=True)
    rates = [sp.expand(e.args[0]).coeff(x, 1) for e in f.atoms(sp.exp) if x in e.free_symbols]
    if not rates or not all(r.is_Rational for r in rates):
        return None
    q = sp.ilcm(1, *(r.q for r in rates))

    def power(e: sp.Basic) -> sp.Basic | None:
        if not isinstance(e, sp.exp) or x not in e.free_symbols:
            return None
        rate = sp.expand(e.args[0]).coeff(x, 1)
        return T ** (rate * q) * sp.exp(sp.expand(e.args[0] - rate * x))

    R = sp.together(rebuild(f, power) * q / T)  # type: ignore[operator]
    if x in R.free_symbols or not R.is_rational_function(T):
        return None
    F = ratint(sp.cancel(R), T, real=True)
    return sp.expand_log(F).xreplace({sp.log(T): x / q}).xreplace({T: sp.exp(x / q)})


# ---- unknown coefficients --------------------------------------------------------------------------------------


def _with_unknown_coefficients(f: sp.Expr, x: sp.Symbol) -> sp.Expr | None:
    """sum_i c_i b_i over x^k times the factors of f and of its derivatives, the c_i solved for."""
    f = sp.expand(f)
    basis = _basis(f, x)
    if not basis or len(basis) > 40:
        return None
    unknowns = sp.symbols(f"c:{len(basis)}")
    residue = _collected(sum(c * b.diff(x) for c, b in zip(unknowns, basis, strict=True)) - f, x)
    solved = sp.solve(list(residue.values()), unknowns, dict=True)
    if not solved:
        return None
    F = sum(c * b for c, b in zip(unknowns, basis, strict=True)).xreplace(solved[0])
    return F.xreplace(dict.fromkeys(unknowns, sp.S.Zero))


def _collected(e: sp.Expr, x: sp.Symbol) -> dict[sp.Expr, sp.Expr]:
    """The coefficients of the parts that depend on x."""
    collected: dict[sp.Expr, sp.Expr] = {}
    for term in sp.Add.make_args(sp.expand(e)):
        c, part = term.as_independent(x, as_Add=False)
        part = sp.powsimp(part)
        collected[part] = collected.get(part, sp.S.Zero) + c
    return collected


def _basis(f: sp.Expr, x: sp.Symbol) -> list[sp.Expr]:
    kernels: dict[sp.Expr, int] = {}
    found = [f, sp.expand(f.diff(x)), sp.expand(f.diff(x, 2))]
    for part in (part for e in found for part in _collected(e, x)):
        power, kernel = _split(part, x)
        if power is not None:
            kernels[kernel] = max(kernels.get(kernel, 0), power)
    basis = [x**k * kernel for kernel, top in kernels.items() for k in range(min(top, 8) + 2)]
    return list(dict.fromkeys([*(b for b in basis if x in b.free_symbols), *_error_functions(kernels, x), sp.log(x)]))


def _split(part: sp.Expr, x: sp.Symbol) -> tuple[int | None, sp.Expr]:
    """(k, g) for x^k g."""
    c, rest = sp.S.Zero, sp.S.One
    for factor in sp.Mul.make_args(part):
        base, exponent = factor.as_base_exp()
        if base == x and exponent.is_Integer:
            c += exponent
        else:
            rest *= factor
    return (int(c) if c >= 0 else 0), rest


def _error_functions(kernels, x: sp.Symbol) -> Iterator[sp.Expr]:
    """The error function for each exp(-a x^2 + b x + c)."""
    for kernel in kernels:
        if not isinstance(kernel, sp.exp) or not kernel.args[0].is_polynomial(x):
            continue
        p = sp.Poly(kernel.args[0], x)
        if p.degree() == 2 and (-p.nth(2)).is_positive:
            root = sp.sqrt(-p.nth(2))
            yield sp.erf(root * x - p.nth(1) / (2 * root))


def _general(f: sp.Expr, x: sp.Symbol) -> sp.Expr:
    return sp.integrate(f, x, meijerg=False)
