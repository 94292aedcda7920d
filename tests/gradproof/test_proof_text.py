"""Proofs and runs as a terminal shows them: nothing cut, nothing swallowed, columns that stand under each other."""

import io
import re
from functools import cache

import pytest
from rich.cells import cell_len
from rich.console import Console

from derivations import catalogue, load
from derivations.calculus import printing
from derivations.calculus.typesetting.names import greek, text_name
from gradproof import records, terminal
from gradproof.proof_text import print_proof
from gradproof.report import print_run
from gradproof.run import Task, run_task

NAME = "activations.softplus_derivative"
ESCAPE = "\x1b"


def test_show_prints_every_step_with_its_rule_and_verdict(gradproof, in_process):
    out = gradproof("show", "softmax.jacobian")
    assert out.exit_code == 0
    for step in load("softmax.jacobian").steps:
        assert re.search(rf"{re.escape(step.text())}\s+{re.escape(step.reason)}\s+proved", out.stdout), step
    assert "Σₖ exp(zₖ)" in out.stdout


def test_show_of_a_theorem_with_hypotheses_and_parts(gradproof, in_process):
    assert "if Σᵢ yᵢ = 1" in gradproof("show", "softmax.cross_entropy_gradient").stdout
    out = gradproof("show", "averages.geometric_sum").stdout
    assert "base t = 0" in out
    assert "step t → t + 1" in out


def test_show_of_an_erratum_gives_the_counterexample_and_what_is_right(gradproof, in_process):
    out = gradproof("show", "softmax.single_term_chain")
    assert out.exit_code == 0
    assert "printed, and false" in out.stdout
    assert "≠" in out.stdout
    assert "softmax.cross_entropy_gradient" in out.stdout
    assert "refuted as claimed" in out.stdout


@pytest.mark.parametrize("name", catalogue())
def test_mathematics_in_brackets_is_no_markup(name, capsys):
    """``[mₜ]`` looks like a tag to rich, and was swallowed."""
    result = load(name)
    print_proof(terminal.console(), records.assemble(result, None, None, 0.0))
    out = capsys.readouterr().out
    for line in (
        printing.text(result.statement, ranges=records.shows_ranges(result)),
        *records.describe(result)["domains"],
    ):
        assert line in out
    for h in result.hypotheses:
        assert printing.text(h.relation) in out
    assert greek(result.title) in out
    assert result.source.printed in out


def test_a_claim_that_is_no_equality_has_no_equals_sign(gradproof, in_process):
    (line,) = [x for x in gradproof("show", "averages.mean_age_fixes_alpha").stdout.splitlines() if " decide " in x]
    assert line.startswith("    (1 − α)/α = ")
    bound = gradproof("show", "activations.sigmoid_derivative_bound").stdout
    assert "\n    ⇒ 0 < " in bound
    assert "= 0 <" not in bound


def test_reasons_and_verdicts_stand_in_columns(gradproof, in_process):
    out = gradproof("show", "adaptive.adam_first_step").stdout
    lines = [line for line in out.splitlines() if line.startswith("    = ")]
    for word in ("(unfold|step of|start of) ", "proved"):
        assert len({cell_len(re.split(word, line)[0]) for line in lines}) == 1
    assert f"unfold {text_name('mhat')}, {text_name('rhat')}" in out


def test_a_formula_is_broken_before_an_operator_outside_of_brackets():
    assert terminal.folded_formula("a (b − c) + d (e − f)", 15) == ["a (b − c)", "+ d (e − f)"]
    assert terminal.folded_formula("aaaa bbbb cccc", 9) == ["aaaa bbbb", "cccc"]
    assert terminal.folded_formula("a + b", None) == ["a + b"]


@cache
def proved(name):
    return run_task(Task(name, numeric=False, lies=0))


@pytest.mark.parametrize("width", [40, 80, 110, 140])
@pytest.mark.parametrize("name", ["batchnorm.input_gradient", "adaptive.adam_bias_correction"])
def test_on_a_terminal_nothing_is_wider_than_it_and_nothing_is_cut(name, width):
    record = proved(name)
    for print_it in (print_proof, lambda out, r: print_run(out, [r], 0.0)):
        screen = io.StringIO()
        print_it(Console(file=screen, force_terminal=True, width=width, soft_wrap=True, markup=False), record)
        lines = re.sub(rf"{ESCAPE}\[[0-9;]*m", "", screen.getvalue()).splitlines()
        shown = [x for x in lines if "the slide" not in x and "results" not in x and "proved:" not in x and "(" in x]
        assert max(map(cell_len, shown)) <= width
        assert "…," not in "".join(lines).replace("…, ", "")
        squeezed = re.sub(r"\s", "", "".join(lines))
        assert re.sub(r"\s", "", load(name).text()) in squeezed


def test_only_what_was_asked_for_has_columns(gradproof, in_process):
    symbolic = gradproof("verify", NAME, "--symbolic").stdout
    assert "proof" in symbolic
    assert not re.search("PyTorch|two sides|rounding|not run", symbolic)
    numeric = gradproof("verify", NAME, "--numeric", "--points", "20").stdout
    assert "two sides" in numeric
    assert not re.search("proof|ball|not run *$", numeric)


def test_a_legend_explains_the_words_that_occur(gradproof, in_process):
    out = gradproof("verify", NAME, "averages.ema_is_not_sma", "averages.ema_mean_age", "--points", "20").stdout
    for word in ("pts: ", "ulp: ", "differs: ", "–: ", "✓: "):
        assert word in out
    assert "differs: " not in gradproof("verify", NAME, "--points", "20").stdout


def test_a_sum_shows_its_range_where_a_proof_has_several(gradproof, in_process):
    assert "= β Σₖ₌₁ᵗ (1 − β)ᵗ⁻ᵏ " in gradproof("show", "adaptive.adam_bias_correction").stdout


def test_list_gives_hypotheses(gradproof):
    assert "∂L/∂zⱼ = pⱼ − yⱼ   if Σᵢ yᵢ = 1" in gradproof("list", "softmax.cross_entropy_gradient").stdout
