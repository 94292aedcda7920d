"""The kernel against ball arithmetic on random expressions: what it says has the value of what was written.

value      the normal form has the value of the expression, at several sizes
rewritten  an expression and the same one written in another way are proved equal (or, rarely, not decided)
mutated    an expression and a near miss are not proved equal, unless no point tells them apart
Each for the expression itself and for one of its derivatives.
"""

from __future__ import annotations

import random
import traceback
from collections import Counter

import pytest

from derivations.calculus.normal_form import Unsupported, equal, normal_form
from derivations.calculus.operators import D
from derivations.judges.ball import NotEvaluable, arithmetic, evaluate
from tests.support.form_values import form_value
from tests.support.fuzzing import Generator, M, a, i, j, n, points, x
from tests.support.rewriting import mutated, rewritten

QUICK, WHOLE = range(200, 330), 10_000
BATCH = 500
PRECISE = 1e-20


def survey(seeds) -> Counter:
    """Counts of what was seen. A disagreement fails at once, with the seed that shows it."""
    seen: Counter = Counter()
    for seed in seeds:
        try:
            seen += survey_one(seed)
        except (RecursionError, ValueError) as failure:
            if not _inside_sympy(failure):
                raise
            seen["not built"] += 1  # SymPy's Max compares by differentiating, by rounding and by recursion
    return seen


def _inside_sympy(failure: Exception) -> bool:
    return "sympy" in traceback.extract_tb(failure.__traceback__)[-1].filename


def survey_one(seed: int) -> Counter:
    seen: Counter = Counter()
    rng = random.Random(f"test {seed}")
    expression = Generator(seed).expression()
    by = rng.choice((x[i], x[j], a, M[i, j], x[n]))
    for e in (expression, D(expression, by)):
        seen["expressions"] += 1
        try:
            form = normal_form(e)
        except Unsupported:
            seen["unsupported"] += 1
            continue
        seen += compare_values(e, form, seed)
        seen += compare_rewritten(e, rewritten(e, rng), seed)
        seen += compare_mutated(e, mutated(e, rng), seed)
    return seen


def compare_values(e, form, seed) -> Counter:
    seen: Counter = Counter()
    with arithmetic.precision():
        for point in points(seed):
            try:
                expected = evaluate(e, point)
            except NotEvaluable:
                seen["no value"] += 1
                continue
            difference = form_value(form, point) - expected
            if not difference.is_finite():
                seen["no value"] += 1
                continue
            assert difference.contains(0), (
                f"seed {seed}: the normal form of {e} has another value at {point.described()}"
            )
            seen["values" if abs(difference) < PRECISE * (1 + abs(expected)) else "wide"] += 1
    return seen


def agree(left, right, seed) -> bool:
    """Whether no point tells two expressions apart."""
    with arithmetic.precision():
        for point in points(seed):
            try:
                difference = evaluate(left, point) - evaluate(right, point)
            except NotEvaluable:
                continue
            if difference.is_finite() and not difference.contains(0):
                return False
    return True


def compare_rewritten(e, other, seed) -> Counter:
    if _proved(e, other):
        return Counter({"rewritten": 1})
    assert agree(e, other, seed), f"seed {seed}: the test itself rewrites {e} into something else, {other}"
    return Counter({"not recognised": 1})


def compare_mutated(e, other, seed) -> Counter:
    proved = _proved(e, other)
    assert not proved or agree(e, other, seed), f"seed {seed}: proved equal and not equal: {e} and {other}"
    return Counter({"mutant equal" if proved else "mutant": 1})


def _proved(left, right) -> bool:
    try:
        return equal(left, right) is True
    except Unsupported:
        return False


def check(seen: Counter) -> None:
    """The survey looked at what it was meant to look at."""
    assert seen["values"] > 2 * seen["expressions"]
    assert seen["unsupported"] < 0.1 * seen["expressions"]
    assert seen["not built"] < 0.01 * seen["expressions"]
    assert seen["wide"] < 0.01 * seen["values"]
    assert seen["not recognised"] < 0.02 * seen["rewritten"]
    assert seen["mutant"] > 0.8 * seen["expressions"]


def test_a_few_hundred_expressions():
    check(survey(QUICK))


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("start", range(0, WHOLE, BATCH))
def test_ten_thousand_expressions(start):
    check(survey(range(start, start + BATCH)))


def test_the_same_seed_gives_the_same_expression():
    assert Generator(7).expression() == Generator(7).expression()


@pytest.mark.parametrize("wrong", [lambda e: e + 1, lambda e: 2 * e + 1, lambda e: e + (x[i] + 9) ** 2])
def test_a_wrong_normal_form_would_be_seen(wrong):
    with pytest.raises(AssertionError, match="another value"):
        for seed in range(5):
            e = Generator(seed).expression()
            compare_values(e, normal_form(wrong(e)), seed)
