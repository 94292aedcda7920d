"""Advice is a courtesy: it costs little, never raises and never changes the verdict."""

import time

import pytest

from gradproof.claims import teaching
from gradproof.claims.deciding import decide
from gradproof.claims.teaching import taught
from gradproof.claims.teaching.trees import number_among_terms, parsed, plus, scaled, times, written
from gradproof.claims.verdicts import ClaimVerdict, Source

pytest.importorskip("flint")


def test_only_refuted_claims_are_taught():
    verdict = decide(Source("diff(x**2, x) == 2*x"))
    assert taught(verdict) is verdict


def test_the_verdict_stays():
    verdict = decide(Source("diff(x**2, x) == x"))
    record, lesson = verdict.record(), taught(verdict).record()
    assert {k: v for k, v in lesson.items() if k not in ("advice", "snippet")} == {
        k: v for k, v in record.items() if k not in ("advice", "snippet")
    }
    assert ClaimVerdict.from_record(lesson).advice == ("holds with 2*x on the right (proved)",)


@pytest.mark.parametrize("broken", ["_for_equality", "_lesson"])
def test_an_error_inside_costs_the_advice_only(monkeypatch, broken):
    def fail(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(teaching, broken, fail)
    verdict = decide(Source("diff(x**2, x) == x"))
    assert taught(verdict).advice == () and taught(verdict).refuted


def test_what_was_found_before_the_end_is_kept(monkeypatch):
    def slow(lesson, verdict):
        yield "first"
        while True:
            time.sleep(0.01)

    monkeypatch.setattr(teaching, "_for_equality", slow)
    monkeypatch.setattr(teaching, "SECONDS", 0.2)
    started = time.monotonic()
    assert taught(decide(Source("diff(x**2, x) == x"))).advice == ("first",)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("states", "where"),
    [
        ("trace(A@B) == trace(A)*trace(B)", "A: real[n,n]; B: real[n,n]"),
        ("(A + B)@(A + B) == A@A + 2*A@B + B@B", "A: real[n,n]; B: real[n,n]"),
        ("diff(exp(sin(x*y)*z), x) == exp(x)*sin(y) + z*tanh(x*y*z)", ""),
        (" + ".join(f"sin({k}*x)" for k in range(1, 60)) + " == x", ""),
    ],
)
def test_it_is_over_soon(states, where):
    verdict = decide(Source(states, where))
    started = time.process_time()
    taught(verdict)
    assert time.process_time() - started < 2.2


@pytest.mark.parametrize(
    ("text", "doubled", "negated", "with_w", "and_half"),
    [
        ("2*A@x", "4*A@x", "-2*A@x", "2*w*A@x", "2*A@x + 1/2"),
        ("x/2", "x", "-x/2", "w*x/2", "x/2 + 1/2"),
        ("a - b", "2*(a - b)", "b - a", "w*(a - b)", "a - b + 1/2"),
        ("1/x", "2/x", "-1/x", "w/x", "1/x + 1/2"),
        ("-x**2", "-2*x**2", "x**2", "-w*x**2", "-x**2 + 1/2"),
        ("1 + x", "2*(1 + x)", "-(1 + x)", "w*(1 + x)", "3/2 + x"),
        ("3", "6", "-3", "3*w", "7/2"),
    ],
)
def test_trees_are_written_as_one_would(text, doubled, negated, with_w, and_half):
    tree = parsed(text)
    assert written(scaled(tree, 2)) == doubled
    assert written(scaled(tree, -1)) == negated
    assert written(times(parsed("w"), tree)) == with_w
    assert written(plus(tree, parsed("1/2"))) == and_half
    assert number_among_terms(parsed("x - 3 + y")) == -3
