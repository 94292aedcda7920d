"""Rules for sums over indices."""

from __future__ import annotations

import sympy as sp

from derivations.calculus.affine import linear_terms, provably_nonnegative, provably_within
from derivations.calculus.operators import Delta, Expectation, Product, Sum
from derivations.calculus.substitution import fresh_index, named_objects, rebuild, substitute
from derivations.calculus.symbols import Index, Tensor
from derivations.proof.rules.base import rule


def _in_sums(line: sp.Expr, change) -> sp.Expr:
    return rebuild(line, lambda node: change(node) if isinstance(node, Sum) else None)  # type: ignore[return-value]


@rule
def collapse(line: sp.Expr) -> sp.Expr:
    """sum_k delta_kj f(k) = f(j), for j in the range of k"""
    return _in_sums(line, _collapsed)


def _collapsed(s: Sum) -> sp.Expr | None:
    terms = [_collapse_term(term, s.bound) for term in sp.Add.make_args(sp.expand_mul(s.body))]
    if not any(changed for _, changed in terms):
        return None
    untouched = sp.Add(*(term for term, changed in terms if not changed))
    done = sp.Add(*(term for term, changed in terms if changed))
    return done if untouched == 0 else done + Sum(untouched, *s.bound)


def _collapse_term(term: sp.Expr, bound: tuple[Index, ...]) -> tuple[sp.Expr, bool]:
    for factor in sp.Mul.make_args(term):
        if not isinstance(factor, Delta):
            continue
        for k in bound:
            value = _solve(factor, k)
            if value is None or not provably_within(value, k.low, k.high):
                continue
            rest = sp.Mul(*(f for f in sp.Mul.make_args(term) if f is not factor))
            others = [b for b in bound if b != k]
            new = substitute(rest, {k: value})
            new = Sum(new, *others) if others else new
            again = _collapsed(new) if isinstance(new, Sum) else None
            return (new if again is None else again), True  # type: ignore[return-value]
    return term, False


def _solve(d: Delta, k: Index) -> sp.Expr | None:
    form = linear_terms(d.args[0] - d.args[1])
    if form is None or abs(form[1].get(k, 0)) != 1:
        return None
    difference = sp.expand(d.args[0] - d.args[1])
    return sp.expand(k - difference) if form[1][k] == 1 else sp.expand(k + difference)


@rule
def split(line: sp.Expr) -> sp.Expr:
    """sum_k (f + g) = sum_k f + sum_k g"""
    return _in_sums(line, _split)


def _split(s: Sum) -> sp.Expr | None:
    terms = sp.Add.make_args(sp.expand_mul(s.body))
    return sp.Add(*(Sum(term, *s.bound) for term in terms)) if len(terms) > 1 else None


@rule
def pull_out(line: sp.Expr) -> sp.Expr:
    """sum_k c f(k) = c sum_k f(k), and sum_k c = n c"""
    return _in_sums(line, _pulled)


def _pulled(s: Sum) -> sp.Expr | None:
    inner = list(sp.Mul.make_args(sp.expand_power_exp(s.body)))
    bound = list(s.bound)
    ends = {b for k in bound for end in (k.low, k.high) for b in end.free_symbols}
    outer = [f for f in inner if not f.free_symbols & set(bound)]
    inner = [f for f in inner if f not in outer]
    used = set().union(*(f.free_symbols for f in inner)) if inner else set()
    counted = [k for k in bound if k not in used and k not in ends and not k.extent.free_symbols & set(bound)]
    if not outer and not counted:
        return None
    if outer == [sp.S.One] and not counted:
        return None
    rest = [k for k in bound if k not in counted]
    body = sp.Mul(*inner)
    return sp.Mul(*outer, *(k.extent for k in counted), Sum(body, *rest) if rest else body)


@rule
def pull_in(line: sp.Expr) -> sp.Expr:
    """c sum_k f(k) = sum_k c f(k)"""

    def change(node):
        if not isinstance(node, sp.Mul):
            return None
        sums = [a for a in node.args if isinstance(a, Sum)]
        if len(sums) != 1:
            return None
        (s,) = sums
        outer = [a for a in node.args if a is not s]
        body = s.body
        bound = list(s.bound)
        for position, k in enumerate(bound):
            fresh = fresh_index(k, outer)
            if fresh != k:
                body, bound[position] = substitute(body, {k: fresh}), fresh
        return Sum(sp.Mul(*outer, body), *bound)

    return rebuild(line, change)  # type: ignore[return-value]


@rule
def combine(line: sp.Expr) -> sp.Expr:
    """sum_k f + sum_k g = sum_k (f + g)"""

    def change(node):
        if not isinstance(node, sp.Add):
            return None
        groups: dict[tuple, list[Sum]] = {}
        others = []
        for term in node.args:
            if isinstance(term, Sum):
                groups.setdefault(tuple((k.low, k.high) for k in term.bound), []).append(term)
            else:
                others.append(term)
        if not any(len(members) > 1 for members in groups.values()):
            return None
        for members in groups.values():
            bound = members[0].bound
            bodies = [substitute(s.body, dict(zip(s.bound, bound, strict=True))) for s in members]
            others.append(Sum(sp.Add(*bodies), *bound))
        return sp.Add(*others)

    return rebuild(line, change)  # type: ignore[return-value]


@rule
def peel(line: sp.Expr) -> sp.Expr:
    """sum_{k=a}^{t+1} f(k) = sum_{k=a}^{t} f(k) + f(t+1), for a <= t+1"""

    def change(node):
        if not isinstance(node, (Sum, Product)):
            return None
        for k in node.bound:
            form = linear_terms(k.extent)
            shorter = Index(k.name, k.low, k.high - 1)
            if form is None or not form[1] or form[0] <= 0 or not provably_nonnegative(shorter.extent):
                continue
            last = substitute(node.body, {k: k.high})
            rest = [b for b in node.bound if b != k]
            before = type(node)(substitute(node.body, {k: shorter}), *rest, shorter)
            last = type(node)(last, *rest) if rest else last
            return before + last if isinstance(node, Sum) else before * last
        return None

    return rebuild(line, change)  # type: ignore[return-value]


@rule
def count_back(line: sp.Expr) -> sp.Expr:
    """sum_{k=a}^{b} f(k) = sum_{j=0}^{b-a} f(b - j)"""

    def change(s: Sum) -> sp.Expr | None:
        (k,) = s.bound if len(s.bound) == 1 else (None,)
        if k is None or k.high is sp.oo:
            return None
        j = fresh_index(Index("j", 0, sp.expand(k.high - k.low)), [s])
        return Sum(substitute(s.body, {k: k.high - j}), j)

    return _in_sums(line, change)


@rule
def distribute_expectation(line: sp.Expr) -> sp.Expr:
    """E[sum_k c f(k)] = sum_k c E[f(k)], for c that is not random"""

    def change(node):
        return _expected(sp.expand_mul(node.function)) if isinstance(node, Expectation) else None

    return rebuild(line, change)  # type: ignore[return-value]


def _expected(f: sp.Expr) -> sp.Expr:
    if isinstance(f, sp.Add):
        return sp.Add(*(_expected(a) for a in f.args))
    if isinstance(f, sp.Mul):
        fixed = [a for a in f.args if not is_random(a)]
        random = sp.Mul(*(a for a in f.args if is_random(a)))
        return sp.Mul(*fixed, _expected(random) if fixed else Expectation(random))
    if isinstance(f, Sum):
        return Sum(_expected(f.body), *f.bound)
    return Expectation(f) if is_random(f) else f


def is_random(e: sp.Basic) -> bool:
    """Whether a random tensor occurs in e, definitions opened."""
    return any(isinstance(thing, Tensor) and thing.random for thing in named_objects(e))
