"""The admissible inputs of a claim: where all of it has a real value.

What a claim needs (denominators, logarithms, roots, kinks under derivatives) becomes, in this order: nothing, where the
domains settle it; a narrower domain, where it bounds one scalar or all entries of an array by a number; a hypothesis.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import sympy as sp

from derivations.calculus.domains import Domain
from derivations.calculus.operators import Bound
from derivations.calculus.printing import text
from derivations.calculus.substitution import alpha_equal, canonical, subexpressions, substitute
from derivations.calculus.symbols import Entry, Index, Scalar, Tensor
from derivations.judges import side_conditions
from derivations.judges.side_conditions import Condition
from derivations.language.claims import Claim, Part
from derivations.proof.statement import Hypothesis, Relation, map_expressions

MOST_PRINTED = 60  # parts of a condition
Narrowed = dict[sp.Basic, sp.Basic]  # a scalar or array -> the same one with a narrower domain


class NoInput(ValueError):
    """Nothing satisfies what the claim needs: the message says what."""


@dataclass(frozen=True)
class Problem:
    """A claim ready to be judged; ``assumed`` says in words all that was assumed beyond the declared types."""

    parts: tuple[Part, ...]
    hypotheses: tuple[Hypothesis, ...]
    needed: tuple[str, ...]  # the part of the assumptions that the user did not state


def problem(claim: Claim) -> Problem:
    """The statement of a claim over its admissible inputs. Raises NoInput where there are none."""
    found = dict.fromkeys(_conditions(claim))
    parts, hypotheses = claim.parts, claim.hypotheses
    first: dict[str, tuple[sp.Expr, Domain]] = {}  # how each narrowed thing is written, and its declared domain
    last: dict[str, Domain] = {}
    for _ in range(3):  # a narrower domain may settle or narrow what is left
        open_ones = side_conditions.instances(list(found), {}, hypotheses)
        narrowed = _narrowed(open_ones, first)
        if not narrowed:
            break
        last |= {new.name: new.domain for new in narrowed.values()}  # type: ignore[attr-defined]
        parts = tuple(replace(p, relation=_put(p.relation, narrowed)) for p in parts)
        hypotheses = tuple(replace(h, relation=_put(h.relation, narrowed)) for h in hypotheses)
        found = dict.fromkeys(Condition(substitute(c.expression, narrowed), c.requirement) for c in found)  # type: ignore
    left = side_conditions.instances(list(found), {}, hypotheses)
    left = list({(canonical(c.expression), c.requirement): c for c in left}.values())
    left = [c for c in left if not _is_implied(c, left)]
    assumed = [_hypothesis(c) for c in left]
    needed = [_bounds_in_words(*first[name], last[name]) for name in last] + [h.text for h in assumed]
    return Problem(parts, (*hypotheses, *assumed), tuple(dict.fromkeys(needed)))


def _is_implied(c: Condition, others: list[Condition]) -> bool:
    """a >= 0 and a != 0 beside a > 0."""
    return c.requirement != "> 0" and any(
        o.requirement == "> 0" and alpha_equal(o.expression, c.expression) for o in others
    )


def _put(relation: Relation, narrowed: Mapping[sp.Basic, sp.Basic]) -> Relation:
    return map_expressions(relation, lambda e: substitute(e, narrowed))  # type: ignore[return-value]


def _hypothesis(c: Condition) -> Hypothesis:
    zero, words = sp.S.Zero, _in_words(c)
    if c.requirement == "≠ 0":
        return Hypothesis(words, Relation(c.expression, "!=", zero))
    return Hypothesis(words, Relation(zero, "<" if c.requirement == "> 0" else "<=", c.expression))


def _in_words(c: Condition) -> str:
    """The condition as a formula, unless nobody would read it."""
    parts = sum(1 for _ in itertools.islice(subexpressions(c.expression), MOST_PRINTED + 1))
    return str(c) if parts <= MOST_PRINTED else f"an expression of more than {MOST_PRINTED} parts {c.requirement}"


# ---- what a claim needs ----------------------------------------------------------------------------------------


def _conditions(claim: Claim) -> Iterator[Condition]:
    for expression, requirement in claim.needs:
        yield from _simpler(Condition(expression, requirement))
    for relation in (*(p.relation for p in claim.parts), *(h.relation for h in claim.hypotheses)):
        for condition in side_conditions.conditions(relation):
            yield from _simpler(condition)


def _simpler(c: Condition) -> Iterator[Condition]:
    """a b != 0 as a != 0 and b != 0; a^2 > 0 as a != 0; a root >= 0 is no condition of its own."""
    e = c.expression
    if any(isinstance(s, Bound) for s in e.free_symbols):
        return  # inside a limit or an integral: their own judge sees to it
    if isinstance(e, sp.Mul) and c.requirement == "≠ 0":
        for factor in e.args:
            if not factor.is_number:
                yield from _simpler(Condition(factor, "≠ 0"))
    elif isinstance(e, sp.Pow) and e.exp.is_Rational and e.base is not sp.E:
        even = e.exp.is_Integer and e.exp % 2 == 0
        if even and c.requirement == "≥ 0":
            return
        requirement = "≠ 0" if even else c.requirement
        if c.requirement == "≠ 0" and not e.exp.is_Integer:
            requirement = "> 0"
        yield from _simpler(Condition(e.base, requirement))
    elif ends := _between_roots(e):
        yield from (Condition(end, c.requirement) for end in ends)
    else:
        yield c


def _between_roots(e: sp.Expr) -> tuple[sp.Expr, sp.Expr] | None:
    """x - r and s - x for a downward parabola in one scalar x with rational roots r < s."""
    symbols = [s for s in e.free_symbols if isinstance(s, Scalar)]
    if len(symbols) != 1 or len(e.free_symbols) != 1:
        return None
    (x,) = symbols
    e = sp.expand(e)
    a, b = e.coeff(x, 2), e.coeff(x, 1)
    c = sp.expand(e - a * x**2 - b * x)
    if not (a.is_Rational and b.is_Rational and c.is_Rational and a < 0):
        return None
    root = sp.sqrt(b**2 - 4 * a * c)
    if not (root.is_Rational and root > 0):
        return None
    return x - (-b + root) / (2 * a), (-b - root) / (2 * a) - x


# ---- narrower domains ------------------------------------------------------------------------------------------


def _narrowed(conditions: list[Condition], first: dict[str, tuple[sp.Expr, Domain]]) -> Narrowed:
    """The scalars and arrays whose domain a condition narrows; ``first`` keeps their declared domains."""
    found: Narrowed = {}
    for c in conditions:
        bound = _bound(c.expression)
        if bound is None:
            continue
        thing, entry, value, above = bound
        present = found.get(thing, thing)
        narrower = _cut(present.domain, c.requirement, value, above)  # type: ignore[attr-defined]
        if narrower is None or narrower == present.domain:  # type: ignore[attr-defined]
            continue
        found[thing] = _with_domain(present, narrower)
        first.setdefault(thing.name, (entry, thing.domain))
    return found


def _bounds_in_words(e: sp.Expr, declared: Domain, d: Domain) -> str:
    """What a domain says beyond the declared one: "x > 0", "−1 < x < 1"."""
    new_low = (declared.low, declared.low_closed) != (d.low, d.low_closed)
    new_high = (declared.high, declared.high_closed) != (d.high, d.high_closed)
    if new_low and new_high:
        return f"{text(d.low)} {'≤' if d.low_closed else '<'} {text(e)} {'≤' if d.high_closed else '<'} {text(d.high)}"
    if new_low:
        return f"{text(e)} {'≥' if d.low_closed else '>'} {text(d.low)}"
    return f"{text(e)} {'≤' if d.high_closed else '<'} {text(d.high)}"


def _bound(e: sp.Expr) -> tuple[Scalar | Tensor, sp.Expr, sp.Rational, bool] | None:
    """(x, x, c, above) for an expression a (x - c) with a > 0 when ``above``; x a scalar, or an array by any entry."""
    variables = {s for s in subexpressions(e) if isinstance(s, (Scalar, Entry))}
    if len(variables) != 1 or any(isinstance(s, Index) for s in e.free_symbols - next(iter(variables)).free_symbols):
        return None
    (x,) = variables
    e = sp.expand(e)
    a = e.coeff(x, 1)
    rest = sp.expand(e - a * x)
    if not (a.is_Rational and a != 0 and rest.is_Rational):
        return None
    if isinstance(x, Scalar):
        return None if x.domain.integer else (x, x, -rest / a, bool(a > 0))
    return (x.tensor, x, -rest / a, bool(a > 0)) if _is_any_entry(x) else None


def _is_any_entry(e: Entry) -> bool:
    """Whether the subscripts are different free indices, each over its whole axis."""
    pairs = zip(e.subscripts, e.tensor.axes, strict=True)
    whole = all(isinstance(k, Index) and (k.low, k.high) == axis for k, axis in pairs)
    return whole and len(set(e.subscripts)) == len(e.subscripts) and not e.tensor.padded


def _cut(d: Domain, requirement: str, value: sp.Rational, above: bool) -> Domain | None:
    low, high, left, right = d.low, d.high, d.low_closed, d.high_closed
    if requirement == "≠ 0":
        if value not in (low, high):
            return None
        left, right = left and value != low, right and value != high
    elif above and value >= low:
        low, left = value, requirement == "≥ 0" and (left or value > low)
    elif not above and value <= high:
        high, right = value, requirement == "≥ 0" and (right or value < high)
    try:
        return Domain(low, high, left, right, d.integer)
    except ValueError:
        raise NoInput("no input satisfies what the claim needs in order to have a meaning") from None


def _with_domain(thing: sp.Basic, domain: Domain) -> sp.Basic:
    if isinstance(thing, Scalar):
        return Scalar(thing.name, domain)
    assert isinstance(thing, Tensor)
    return Tensor(thing.name, thing.axes, domain, thing.padded, thing.random)
