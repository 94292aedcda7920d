"""The same expression written in another way, and expressions that are nearly the same.

rewritten(e, rng)   equal to e for all sizes: bound indices renamed, sums exchanged and split, products multiplied out
mutated(e, rng)     e with one small change, nearly always another value
"""

from __future__ import annotations

import itertools
import random

import sympy as sp

from derivations.calculus.operators import Binder, D, Expectation, Limit, Product, Sum
from derivations.calculus.symbols import CalculusError, Defined, Definition, Entry, Index, Tensor

_serial = itertools.count()


def rewritten(e: sp.Basic, rng: random.Random) -> sp.Basic:
    """An equal expression; every bound index gets a name that occurs nowhere else, so that nothing can capture it."""
    return _shaken(_renamed(e, {}), rng)


def _renamed(e: sp.Basic, names: dict[Index, Index]) -> sp.Basic:
    """Written without ``substitute``, which is tested with the result."""
    if isinstance(e, Index):
        return names.get(e, e)
    if isinstance(e, Binder):
        for k in e.bound:
            low, high = _renamed(k.low, names), _renamed(k.high, names)
            names = {**names, k: Index(f"z{next(_serial)}", low, high)}
        return type(e)(_renamed(e.body, names), *(names[k] for k in e.bound))
    if isinstance(e, Definition):
        inner = {**names, **{k: Index(f"z{next(_serial)}", k.low, k.high) for k in e.parameters}}
        return Definition(e.name, [inner[k] for k in e.parameters], _renamed(e.body, inner))
    if isinstance(e, Tensor) or not e.args:
        return e
    if isinstance(e, D) and isinstance(e.variable, Defined):  # the held definition keeps its form
        return D(_renamed_but_definitions(e.function, names), _renamed_but_definitions(e.variable, names))
    return e.func(*(_renamed(part, names) for part in e.args))


def _renamed_but_definitions(e: sp.Basic, names: dict[Index, Index]) -> sp.Basic:
    if isinstance(e, Defined):
        return Defined(e.head, *(_renamed(k, names) for k in e.subscripts))
    if isinstance(e, Binder):
        for k in e.bound:
            names = {**names, k: Index(f"z{next(_serial)}", _renamed(k.low, names), _renamed(k.high, names))}
        return type(e)(_renamed_but_definitions(e.body, names), *(names[k] for k in e.bound))
    if isinstance(e, (Entry, Index)) or not e.args:
        return _renamed(e, names)
    return e.func(*(_renamed_but_definitions(part, names) for part in e.args))


def _shaken(e: sp.Basic, rng: random.Random) -> sp.Basic:
    """Laws of algebra and of sums, each applied or not by chance."""
    if isinstance(e, (Entry, Defined, D, Limit)) or not e.args:
        return e
    if isinstance(e, Binder):
        e = type(e)(_shaken(e.body, rng), *e.bound)
        return _shaken_sum(e, rng) if isinstance(e, Sum) else e
    e = e.func(*(_shaken(part, rng) for part in e.args))
    if isinstance(e, sp.Mul) and rng.random() < 0.4:
        return _multiplied_out(e)
    if isinstance(e, (sp.Pow, sp.Mul)) and rng.random() < 0.2:
        return sp.expand(e, deep=False)
    if isinstance(e, Expectation) and isinstance(e.function, sp.Add):
        return sp.Add(*(Expectation(part) for part in e.function.args))
    return e


def _multiplied_out(e: sp.Mul) -> sp.Expr:
    """One sum of terms among the factors is distributed, or a factor goes into a Sum."""
    for position, factor in enumerate(e.args):
        rest = sp.Mul(*(f for at, f in enumerate(e.args) if at != position))
        if isinstance(factor, sp.Add):
            return sp.Add(*(rest * term for term in factor.args))
        if isinstance(factor, Sum):
            return Sum(rest * factor.body, *factor.bound)  # its indices are nowhere else
    return e


def _shaken_sum(e: Sum, rng: random.Random) -> sp.Expr:
    body, (k, *others) = e.body, e.bound
    if isinstance(body, Sum) and len(e.bound) == 1 and rng.random() < 0.5:
        if not any(k in inner.low.free_symbols | inner.high.free_symbols for inner in body.bound):
            return Sum(Sum(body.body, k), *body.bound)
        return Sum(body.body, k, *body.bound)
    if isinstance(body, sp.Add) and rng.random() < 0.5:
        return sp.Add(*(Sum(term, *e.bound) for term in body.args))
    if isinstance(body, sp.Mul) and not others and rng.random() < 0.5:
        outside, inside = body.as_independent(k)
        return outside * Sum(inside, k) if _independent(outside, k) else e
    return e


def _independent(e: sp.Basic, k: Index) -> bool:
    """Whether no index in ``e`` is, or ends at, ``k``."""
    ends = (end for s in e.free_symbols if isinstance(s, Index) for end in (s.low, s.high))
    return k not in e.free_symbols and not any(k in end.free_symbols for end in ends)


# ---- near misses -----------------------------------------------------------------------------------------------


def mutated(e: sp.Basic, rng: random.Random) -> sp.Basic:
    """One place changed: an index swapped for another of its range, a sign, a factor, a term dropped, a range cut."""
    places = list(_places(e, ()))
    rng.shuffle(places)
    for place in places:
        try:
            found = _changed(e, place, (), rng)
        except CalculusError:  # the change has no meaning: an array that may be empty has no first entry
            continue
        if found is not None and found != e:
            return found
    return e + 1


def _places(e: sp.Basic, scope):
    """Paths to the nodes that may be changed."""
    if isinstance(e, (Entry, sp.Add, sp.Mul, sp.Pow, Sum, Product)):
        yield scope
    if isinstance(e, (Entry, Defined, D)):
        return
    parts = enumerate(e.args[:1] if isinstance(e, Binder) else e.args)
    for position, part in parts:
        yield from _places(part, (*scope, position))


def _changed(e: sp.Basic, path, bound, rng) -> sp.Basic | None:
    if not path:
        return _near_miss(e, bound, rng)
    inner_bound = (*bound, *e.bound) if isinstance(e, Binder) else bound
    part = _changed(e.args[path[0]], path[1:], inner_bound, rng)
    return None if part is None else e.func(*e.args[: path[0]], part, *e.args[path[0] + 1 :])


def _near_miss(e: sp.Basic, bound, rng) -> sp.Basic | None:
    if isinstance(e, Entry):
        position = rng.randrange(len(e.subscripts))
        low, high = e.tensor.axes[position]
        others = [k for k in bound if (k.low, k.high) == (low, high)] + [sp.S(low)]
        subscripts = list(e.subscripts)
        subscripts[position] = rng.choice(others)
        return Entry(e.tensor, *subscripts)
    if isinstance(e, sp.Add):
        first, *rest = rng.sample(e.args, len(e.args))
        return rng.choice((sp.Add(*rest), sp.Add(-first, *rest), sp.Add(2 * first, *rest)))
    if isinstance(e, sp.Pow) and e.exp.is_Rational:
        return rng.choice((e.base ** (e.exp + 1), 2 * e))
    return rng.choice((-e, 2 * e, e + 1))
