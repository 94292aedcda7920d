"""Conditions that a claim may have left out: sum(y) == 1, A == A.T, x > 0, n >= 2."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from derivations.calculus.domains import Domain
from derivations.calculus.symbols import Scalar, Tensor
from gradproof.claims.teaching.lesson import Held, Lesson, is_fixed
from gradproof.claims.teaching.trees import rational, written

CUTS = ((">=", 0), (">", 0), ("<=", 0), ("<", 0), (">=", 1), (">", 1), ("<=", 1), ("<", 1))


def missing(lesson: Lesson) -> tuple[str, Held] | None:
    """What to say of the first condition under which the comparison is proved, and what then holds."""
    if _is_a_condition(lesson):
        return None
    text = lesson.compared(lesson.left, lesson.right)
    turned = lesson.compared(lesson.right, lesson.left)
    stated = {_plain(s) for s in lesson.claim.stated}
    for condition in _conditions(lesson):
        if lesson.late:
            return None
        if _plain(condition) in (*stated, _plain(text), _plain(turned)):
            continue
        held = lesson.holds(text, condition)
        if held and not is_fixed(held):
            return f"holds if {condition.replace('; ', ' and ')}{lesson.said(held)}", held
    return None


def _is_a_condition(lesson: Lesson) -> bool:
    """Whether the claim only compares a name, or a sum of one, with a number: such a condition would assume it."""
    plain = [side for side in (lesson.left, lesson.right) if rational(side) is None]
    calls = sum(isinstance(n, (ast.Call, ast.BinOp)) for side in plain for n in ast.walk(side))
    return len(plain) < 2 and calls <= 1 and not any(isinstance(n, ast.BinOp) for s in plain for n in ast.walk(s))


def _plain(text: str) -> str:
    return text.replace(" ", "")


def _conditions(lesson: Lesson) -> Iterator[str]:
    vectors = [t.name for t in lesson.tensors(1)][:4]
    square = [t for t in lesson.tensors(2) if t.axes[0] == t.axes[1]][:3]
    for v in vectors:
        yield f"sum({v}) == 1"
    for m in square:
        yield f"{m.name} == {m.name}.T"
    numbers = [t for kind in (Scalar, Tensor) for t in lesson.things(kind)][:5]
    for thing in numbers:
        for operator, value in CUTS:
            if _cuts(thing.domain, operator, value):
                yield f"{thing.name} {operator} {value}"
    if 1 < len(numbers) <= 4:
        for operator in (">=", ">"):
            if all(_cuts(t.domain, operator, 0) for t in numbers):
                yield "; ".join(f"{t.name} {operator} 0" for t in numbers)
    yield from _between(lesson.scalars)
    for size in lesson.sizes:
        if size.minimum == 1:
            yield f"{size.name} >= 2"
    for v in vectors:
        yield f"sum({v}) == 0"
        yield f"norm({v}) == 1"
    for m in square:
        yield f"{m.name}.T@{m.name} == eye({written(ast.parse(str(m.axes[0][1]), mode='eval').body)})"
        yield f"{m.name} == -{m.name}.T"
    if len(square) == 2:
        a, b = (m.name for m in square)
        yield f"{a}@{b} == {b}@{a}"


def _between(scalars: list[Scalar]) -> Iterator[str]:
    for position, a in enumerate(scalars[:3]):
        for b in scalars[position + 1 : 3]:
            yield f"{a.name} >= {b.name}"
            yield f"{a.name} <= {b.name}"


def _cuts(d: Domain, operator: str, value: int) -> bool:
    """Whether a bound takes a part of the domain away and leaves an interval."""
    if not d.low < value < d.high:
        at_low, at_high = d.low == value and d.low_closed, d.high == value and d.high_closed
        return (operator == ">" and at_low) or (operator == "<" and at_high)
    return True
