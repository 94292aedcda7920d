"""Indices over a few numbers, one after the other: arrays of shape 1, 2, 3 or 4 as the scalars they consist of.

    sum_{k=1..2} f(k) = f(1) + f(2)      max_{k=1..2} f(k) = (f(1) + f(2) + |f(1) - f(2)|) / 2
    a statement about A[i, j], i and j over 1..2, is four statements

An array all of whose entries are then read at numbers is so many independent scalars, which the judges of scalars know
more about. Arrays of symbolic size stay what they are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import sympy as sp

from derivations.calculus.normal_form import Unsupported, check_size
from derivations.calculus.operators import Binder, D, Expectation, Integral, Limit, LimitAt, Maximum, Product, Sum
from derivations.calculus.substitution import named_objects, subexpressions, substitute
from derivations.calculus.symbols import CalculusError, Defined, Entry, Index, Scalar, Tensor
from derivations.judges import bounds, derivative, field, kernel, tensor_bounds
from derivations.proof.statement import Hypothesis, Relation, Statement, map_expressions
from derivations.proof.verdict import Verdict

METHOD = "small ranges written out"
LONGEST = 4  # values of an index that is written out
MOST_INSTANCES = 16  # of a statement
MOST_TERMS = 300  # of all sums together

_EQUALITY: tuple[Callable[..., Verdict], ...] = (kernel.decide, field.decide, derivative.decide)
_INEQUALITY: tuple[Callable[..., Verdict], ...] = (bounds.decide, tensor_bounds.decide)
_OTHER_NODES = (Limit, LimitAt, Integral, Expectation, Defined)


class TooLarge(ValueError):
    """More to write out than is worth it."""


def decide(statement: Statement, hypotheses: tuple[Hypothesis, ...] = ()) -> Verdict:
    """``proved`` when every instance is, else ``unknown``; without a reason where no index has a small range."""
    started = time.perf_counter()
    verdict = _decide(statement, hypotheses)
    seconds = time.perf_counter() - started
    return Verdict(verdict.status, verdict.method, verdict.trusted, reason=verdict.reason, seconds=seconds)


def _decide(statement: Statement, hypotheses: tuple[Hypothesis, ...]) -> Verdict:
    if not isinstance(statement, Relation):
        return Verdict("unknown", METHOD, reason="only single relations are written out")
    try:
        check_size([statement.left, statement.right])
        spelled = [spelled_out(r) for r in instances(statement)]
        if spelled == [statement]:
            return Verdict("unknown", METHOD)  # not worth a word: no index has a small range
        given = [(h, spelled_out(r)) for h in hypotheses for r in instances(h.relation)]
    except (TooLarge, Unsupported, CalculusError) as reason:
        return Verdict("unknown", METHOD, reason=str(reason))
    names = scalars_for(spelled, [r for _, r in given])
    premises = tuple(Hypothesis(h.text, r) for h, r in _renamed_premises(given, names))
    found: list[Verdict] = []
    for relation in spelled:
        verdict = _instance(_renamed(relation, names), premises)
        if not verdict.proved:
            return Verdict("unknown", METHOD, reason=verdict.reason)
        found.append(verdict)
    methods, trusted = (dict.fromkeys(m for v in found for m in parts(v)) for parts in (_methods, _trusted))
    return Verdict("proved", "; ".join((METHOD, *methods)), tuple(trusted))


def _instance(relation: Relation, premises: tuple[Hypothesis, ...]) -> Verdict:
    verdict = Verdict("unknown", METHOD)
    for judge in _EQUALITY if relation.operator == "=" else _INEQUALITY:
        verdict = judge(relation, premises)
        if verdict.proved:
            break
    return verdict


def _methods(verdict: Verdict) -> list[str]:
    return verdict.method.split("; ")


def _trusted(verdict: Verdict) -> tuple[str, ...]:
    return verdict.trusted


# ---- one index after the other -----------------------------------------------------------------------------------


def small_range(k: Index) -> range | None:
    """The values of an index that are few and known."""
    if not (k.low.is_Integer and k.high.is_Integer):
        return None
    span = range(int(k.low), int(k.high) + 1)
    return span if 1 <= len(span) <= LONGEST else None


def instances(relation: Relation) -> list[Relation]:
    """The relation at every value of its free indices of a small range; itself where there is none."""
    found = [relation]
    while True:
        free = sorted((k for k in _free_indices(found[0]) if small_range(k)), key=str)
        if not free:
            return found
        span = small_range(free[0]) or ()
        if len(found) * len(span) > MOST_INSTANCES:
            raise TooLarge(f"more than {MOST_INSTANCES} instances")
        found = [_put(r, {free[0]: sp.Integer(value)}) for r in found for value in span]


def _free_indices(relation: Relation) -> set[Index]:
    free = relation.left.free_symbols | relation.right.free_symbols
    return {s for s in free if isinstance(s, Index)}


def _put(relation: Relation, values: dict) -> Relation:
    return map_expressions(relation, lambda e: substitute(e, values))  # type: ignore[return-value]


def spelled_out(relation: Relation) -> Relation:
    """Sums, products and maxima over small ranges term by term."""
    left = MOST_TERMS

    def spend(count: int) -> None:
        nonlocal left
        left -= count
        if left < 0:
            raise TooLarge(f"more than {MOST_TERMS} terms")

    return map_expressions(relation, lambda e: _spelled_out(e, spend))  # type: ignore[return-value]


def _spelled_out(e: sp.Expr, spend: Callable[[int], None]) -> sp.Expr:
    if isinstance(e, _OTHER_NODES):
        raise TooLarge(f"{type(e).__name__} has a judge of its own")
    if isinstance(e, Entry) or not e.args:
        return e
    if isinstance(e, D):
        return D(_spelled_out(e.function, spend), e.variable)
    if not isinstance(e, Binder):
        args = tuple(_spelled_out(a, spend) for a in e.args)  # type: ignore[arg-type]
        return e if args == e.args else e.func(*args)  # type: ignore[return-value]
    k, *others = e.bound
    inner = type(e)(e.body, *others) if others else e.body
    span = small_range(k)
    if span is None:
        return type(e)(_spelled_out(inner, spend), k)
    spend(len(span))
    return _joined(type(e), [_spelled_out(substitute(inner, {k: sp.Integer(v)}), spend) for v in span])  # type: ignore


def _joined(kind: type, terms: list[sp.Expr]) -> sp.Expr:
    if kind is Sum:
        return sp.Add(*terms)
    if kind is Product:
        return sp.Mul(*terms)
    if kind is not Maximum:
        raise TooLarge(f"{kind.__name__} is not written out")
    largest = terms[0]
    for other in terms[1:]:
        largest = (largest + other + sp.Abs(largest - other)) / 2
    return largest


# ---- entries as scalars ------------------------------------------------------------------------------------------


def scalars_for(relations: list[Relation], premises: list[Relation]) -> dict[Entry, Scalar]:
    """A scalar for each entry of the arrays that ``relations`` read at numbers only."""
    said = [entry for r in relations for entry in _entries(r)]
    read = dict.fromkeys([*said, *(entry for r in premises for entry in _entries(r))])
    open_ = {entry.tensor for entry in said if not _at_numbers(entry)}
    taken = {thing.name for r in (*relations, *premises) for e in (r.left, r.right) for thing in named_objects(e)}  # type: ignore[attr-defined]
    names: dict[Entry, Scalar] = {}
    for entry in read:
        tensor = entry.tensor
        if not _at_numbers(entry) or tensor in open_ or tensor.padded or tensor.random:
            continue
        name = "_".join([tensor.name, *(str(s).replace("-", "m") for s in entry.subscripts)])
        while name in taken:
            name += "'"
        taken.add(name)
        names[entry] = Scalar(name, tensor.domain)
    return names


def _at_numbers(entry: Entry) -> bool:
    return all(s.is_Integer for s in entry.subscripts)


def _entries(relation: Relation) -> Iterator[Entry]:
    for side in (relation.left, relation.right):
        for node in subexpressions(side):
            if isinstance(node, Entry):
                yield node
            elif isinstance(node, D) and isinstance(node.variable, Entry):
                yield node.variable


def _renamed_premises(given: list[tuple[Hypothesis, Relation]], names: dict[Entry, Scalar]):
    """The hypotheses in terms of the scalars; one that reads those arrays elsewhere too is left out."""
    arrays: set[Tensor] = {entry.tensor for entry in names}
    for h, relation in given:
        renamed = _renamed(relation, names)
        if all(entry.tensor not in arrays for entry in _entries(renamed)):
            yield h, renamed


def _renamed(relation: Relation, names: dict[Entry, Scalar]) -> Relation:
    def walk(e: sp.Basic) -> sp.Basic:
        if isinstance(e, Entry) or not e.args:
            return names.get(e, e)  # type: ignore[arg-type]
        if isinstance(e, D):
            return D(walk(e.function), names.get(e.variable, e.variable))  # type: ignore[arg-type]
        if isinstance(e, Binder):
            return type(e)(walk(e.body), *e.bound)
        args = tuple(walk(a) for a in e.args)
        return e if args == e.args else e.func(*args)

    return map_expressions(relation, walk)  # type: ignore[return-value]
