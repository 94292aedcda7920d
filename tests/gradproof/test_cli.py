"""The command line as a user meets it: output, exit codes, and errors that are one message and no traceback."""

import io
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
from functools import cache

import pytest
import torch
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

from derivations import catalogue, load
from derivations.calculus import printing
from derivations.calculus.typesetting.names import greek, text_name
from derivations.judges.ladder import JudgesDisagree
from derivations.proof.verdict import Verdict
from gradproof import cli, latex, records, run, terminal
from gradproof.proof_text import print_proof
from gradproof.report import print_run
from gradproof.run import Task, run_task

NAME = "activations.softplus_derivative"
PROMISED = "name kind status numeric statement hypotheses source catalogue verdicts checks witness lies".split()
STATUSES = {"proved", "refuted", "consistent", "unknown"}
ESCAPE = "\x1b"


@pytest.fixture
def in_process(monkeypatch):
    """Run each result in this process: workers are tested by themselves, and take seconds to start."""

    def here(tasks, jobs, seconds, *, limited):
        yield from map(run_task, tasks)

    monkeypatch.setattr(run, "_in_workers", here)


@pytest.fixture
def gradproof():
    def invoke(*arguments: str):
        result = CliRunner().invoke(cli.app, [*arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return invoke


def words(text: str) -> str:
    """The text without the frames, line breaks and colours of an error panel."""
    return re.sub(r"[\s│╭╮╰╯─]+", " ", re.sub(rf"{ESCAPE}\[[0-9;]*m", "", text))


def command(*arguments: str, **options) -> subprocess.CompletedProcess:
    colouring = ("FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS", "GRADPROOF_DEBUG")
    environment = {k: v for k, v in os.environ.items() if k not in colouring}
    program = [sys.executable, "-m", "gradproof.cli", *arguments]
    return subprocess.run(program, capture_output=True, text=True, timeout=60, env=environment, **options)


# ---- verify


def test_verify_prints_one_line_a_result_and_a_summary(gradproof, in_process):
    out = gradproof("verify", "activations.tanh_from_sigmoid", NAME, "--points", "20", "--symbolic")
    assert out.exit_code == 0
    assert "2 results · 2 of 2 theorems proved" in out.stdout
    assert re.search(r"softplus_derivative .*proved", out.stdout)
    caught = re.search(r"(\d+) lies caught of (\d+)", out.stdout)
    assert caught
    assert caught[1] == caught[2] != "0"


def test_a_topic_stands_for_its_results(gradproof, in_process):
    out = gradproof("verify", "losses", "--numeric", "--points", "5", "--json")
    names = [record["name"] for record in json.loads(out.stdout)]
    assert names == [name for name in catalogue() if name.startswith("losses.")]


@pytest.fixture
def both_kinds(gradproof, in_process):
    out = gradproof("verify", "softmax.jacobian", "softmax.single_term_chain", "--points", "50", "--json")
    assert out.exit_code == 0
    return json.loads(out.stdout)


def test_json_records_have_what_is_promised(both_kinds):
    for record in both_kinds:
        assert set(PROMISED) <= set(record)
        assert record["status"] in STATUSES
        assert record["numeric"] in {"pass", "fail", "not run"}
        assert set(record["statement"]) == {"text", "latex"}
        assert {"lecture", "slide"} <= set(record["source"])
        assert record["catalogue"]
        for verdict in record["verdicts"].values():
            assert {"status", "method", "trusted", "seconds"} <= set(verdict)
            assert verdict["status"] in STATUSES | {"untested"}
        for check in record["checks"]:
            assert {"oracle", "dtype", "device", "size", "worst_ulp", "status"} <= set(check)


def test_json_of_a_theorem_and_of_an_erratum(both_kinds):
    theorem, erratum = both_kinds
    assert (theorem["kind"], theorem["status"], theorem["numeric"]) == ("theorem", "proved", "pass")
    assert len(theorem["lies"]) >= 5
    assert {lie["status"] for lie in theorem["lies"]} <= {"refuted", "unknown"}
    assert theorem["witness"] is None
    assert {check["oracle"] for check in theorem["checks"]} >= {"autograd", "torch.softmax"}
    assert (erratum["kind"], erratum["status"]) == ("erratum", "refuted")
    assert erratum["instead"] == "softmax.cross_entropy_gradient"
    assert set(erratum["witness"]) >= {"values", "left", "right"}
    assert erratum["hypotheses"][0]["text"]


def test_symbolic_and_numeric_leave_the_other_part_out(gradproof, in_process):
    (record,) = json.loads(gradproof("verify", NAME, "--symbolic", "--json").stdout)
    assert (record["status"], record["numeric"], record["checks"]) == ("proved", "not run", [])
    (record,) = json.loads(gradproof("verify", NAME, "--numeric", "--points", "20", "--json").stdout)
    assert (record["status"], record["numeric"], record["verdicts"]) == ("not run", "pass", {})
    (record,) = json.loads(gradproof("verify", NAME, "--symbolic", "--numeric", "--points", "20", "--json").stdout)
    assert (record["status"], record["numeric"]) == ("proved", "pass")


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
def test_without_a_gpu_the_numbers_are_not_run_and_never_pass(gradproof, in_process):
    out = gradproof("verify", NAME, "--device", "cuda", "--points", "20", "--json")
    assert out.exit_code == 1, "numbers were asked for and none ran"
    (record,) = json.loads(out.stdout)
    assert record["status"] == "proved"
    assert record["numeric"] == "not run"
    assert {check["status"] for check in record["checks"]} == {"not run"}
    assert "not run" in gradproof("verify", NAME, "--numeric", "--device", "cuda").stdout


def found(record):
    """Workers that come back with this record, whatever they are asked."""

    def workers(tasks, jobs, seconds, *, limited):
        yield record

    return workers


def altered(record, **changes):
    fields = {**record.fields, **{k: v for k, v in changes.items() if k in record.fields}}
    own = {k: v for k, v in changes.items() if k in ("status", "numeric")}
    return records.Record(**{**record.__dict__, **own, "fields": fields})


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "unknown", "reason": "out of time after 1 s"},
        {"status": "consistent"},
        {"status": "refuted", "witness": {"values": {"z": "0"}, "left": "1", "operator": "=", "right": "0"}},
        {"numeric": "fail"},
        {"numeric": "not run"},
        {"lies": [{"status": "proved", "description": "sign", "statement": "a = −a", "kind": "sign"}]},
    ],
)
def test_whatever_is_not_as_claimed_ends_with_1_and_is_named(gradproof, monkeypatch, changes):
    good = run_task(Task(NAME, points=20, lies=1))
    bad = altered(good, **changes)
    monkeypatch.setattr(run, "_in_workers", found(bad))
    out = gradproof("verify", NAME)
    assert out.exit_code == 1
    assert NAME.partition(".")[2] in out.stdout
    monkeypatch.setattr(run, "_in_workers", found(good))
    assert gradproof("verify", NAME).exit_code == 0


def test_an_erratum_that_is_not_refuted_ends_with_1(gradproof, monkeypatch):
    name = "averages.sma_window_off_by_one"
    bad = altered(run_task(Task(name, numeric=False)), status="unknown")
    monkeypatch.setattr(run, "_in_workers", found(bad))
    out = gradproof("verify", name, "--symbolic")
    assert out.exit_code == 1
    assert "unknown, not refuted" in out.stdout


def test_judges_that_disagree_stop_the_run(monkeypatch, capsys):
    def disagree(tasks, jobs, seconds, *, limited):
        raise JudgesDisagree("kernel proved and ball refuted 1 = 2")
        yield

    monkeypatch.setattr(run, "_in_workers", disagree)
    monkeypatch.setattr(sys, "argv", ["gradproof", "verify", NAME])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert caught.value.code == 1
    err = words(capsys.readouterr().err)
    assert "the judges contradict each other" in err
    assert "kernel proved and ball refuted 1 = 2" in err
    assert "Traceback" not in err


# ---- usage errors


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["verify", "softmax.jacobain"], "did you mean softmax.jacobian"),
        (["verify", "softmaks"], "no result is named 'softmaks'"),
        (["verify", "softmax", "nothing.at.all"], "no result is named 'nothing.at.all'"),
        (["show", "softmax.jacobain"], "did you mean softmax.jacobian"),
        (["list", "softmax.jacobain"], "did you mean softmax.jacobian"),
        (["verify", "--jobs", "0"], "--jobs"),
        (["verify", "--jobs", "two"], "--jobs"),
        (["verify", "--points", "0"], "--points"),
        (["verify", "--seed", "-1"], "--seed"),
        (["verify", "SOFTMAX"], "did you mean softmax?"),
        (["show", "Softmax.Jacobian"], "did you mean softmax.jacobian?"),
        (["show", "softmax.gradient"], ", "),
        (["show", "softmax"], "softmax is a topic; name one of its results: softmax.normalised, softmax.jacobian"),
        (["show", "softmax.jacobian", "--latex", "--json"], "choose one of --latex and --json"),
        (["verify", "--device", "tpu"], "cpu, cuda or cuda:N"),
        (["verify", "--device", "cuda:x"], "cpu, cuda or cuda:N"),
        (["verify", "--dtype", "float16"], "float64 or float32"),
        (["verify", "--sympolic"], "--symbolic"),
        (["show"], "Missing argument"),
        (["shwo"], "No such command"),
    ],
)
def test_a_usage_error_ends_with_2_and_says_what_is_wrong(gradproof, arguments, said):
    out = gradproof(*arguments)
    assert out.exit_code == 2
    assert said in words(out.stderr)
    assert "Traceback" not in out.stderr
    assert out.stdout == ""


def test_the_version_and_help(gradproof):
    assert gradproof("--version").stdout.startswith("gradproof 0.")
    help_text = gradproof("--help").stdout
    assert all(name in help_text for name in ("verify", "list", "show"))
    assert "GRADPROOF_DEBUG" in help_text
    assert gradproof("-h").stdout == help_text
    assert gradproof("verify", "-h").exit_code == 0


# ---- list and show


def test_list_names_every_result_once(gradproof):
    lines = gradproof("list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(catalogue())
    assert gradproof("list", "softmax.jacobian").stdout.split()[0] == "softmax.jacobian"
    assert "erratum:" in gradproof("list", "softmax.single_term_chain").stdout


def test_list_as_json(gradproof):
    listed = json.loads(gradproof("list", "--json").stdout)
    assert [entry["name"] for entry in listed] == list(catalogue())
    for entry in listed:
        assert {"kind", "statement", "hypotheses", "source", "catalogue"} <= set(entry)


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


# ---- layout


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


# ---- LaTeX


@pytest.mark.parametrize("name", ["softmax.jacobian", "averages.ema_closed_form", "adaptive.adam_first_step"])
def test_show_latex_is_an_align_with_one_line_a_step(gradproof, in_process, name):
    lines = gradproof("show", name, "--latex").stdout.strip().splitlines()
    begin = lines.index(r"\begin{align*}")
    assert lines[-1] == r"\end{align*}"
    assert all(line.startswith("% ") for line in lines[:begin])
    assert load(name).title in lines[0]
    assert f"% statement: {load(name).latex()}" in lines
    body = lines[begin + 1 : -1]
    assert sum(" && " in line for line in body) == len(load(name).steps)
    assert all(line.endswith(r"\\") for line in body[:-1])
    assert_balanced("\n".join(lines))


def test_latex_of_an_erratum_has_the_point_and_the_correction(gradproof, in_process):
    out = gradproof("show", "softmax.single_term_chain", "--latex").stdout
    assert r"\text{printed (false):}" in out
    assert r"\text{fails at } n = 2" in out
    assert r"1/2 \neq 0" in out
    assert load("softmax.cross_entropy_gradient").latex() in out
    assert "% if the targets sum to one" in out


@pytest.mark.parametrize("name", catalogue())
def test_the_latex_of_every_proof_is_balanced_and_needs_no_unicode(name):
    document = latex.latex_of(load(name))
    body = document[document.index(r"\begin{align*}") :]
    assert_balanced(body)
    assert body.isascii(), re.findall(r"[^\x00-\x7f]", body)


def test_words_are_escaped_for_text_mode():
    assert latex.escaped("α_n → 5%, n ≥ 2") == r"$\alpha$\_n $\to$ 5\%, n $\geq$ 2"
    assert latex.escaped("λ & {x}") == r"$\lambda$ \& \{x\}"
    assert latex.escaped("α = αₙ") == r"$\alpha$ = $\alpha_{n}$"


def test_parts_have_their_mathematics_in_math_mode():
    assert latex.label("base t = 0") == "base $t = 0$"
    assert latex.label("step t → t + 1") == r"step $t \to t + 1$"
    assert latex.label("g < 0, written −g") == "$g < 0,$ written $-g$"
    assert latex.label("beta > 0") == r"$\beta > 0$"


def assert_balanced(latex: str) -> None:
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", latex):
        depth += 1 if brace == "{" else -1
        assert depth >= 0, latex
    assert depth == 0, latex
    assert latex.count(r"\left") == latex.count(r"\right")
    for text in re.findall(r"\\text(?:bf)?\{([^{}]*)\}", latex):
        assert not re.search(r"(?<!\\)[_&%#]", text), f"unescaped in text mode: {text}"


def test_show_as_json_is_the_record_without_numbers(gradproof, in_process):
    record = json.loads(gradproof("show", "softmax.jacobian", "--json").stdout)
    assert record["status"] == "proved"
    assert len(record["steps"]) == len(load("softmax.jacobian").steps)
    assert record["numeric"] == "not run"


def test_show_of_something_not_proved_ends_with_1(gradproof, monkeypatch):
    undecided = records.failed(load("softmax.jacobian"), Verdict("unknown", "none", reason="not tried"))
    monkeypatch.setattr(run, "_in_workers", found(undecided))
    out = gradproof("show", "softmax.jacobian")
    assert out.exit_code == 1
    assert "unknown, not proved: not tried" in out.stdout


# ---- as a program


def test_output_that_is_piped_has_no_escape_codes_and_is_not_cut():
    done = command("show", "batchnorm.input_gradient")
    assert done.returncode == 0
    assert ESCAPE not in done.stdout + done.stderr
    assert load("batchnorm.input_gradient").text() in done.stdout


def test_an_error_of_the_program_is_no_traceback():
    done = command("show", "softmax.jacobain")
    assert done.returncode == 2
    assert "did you mean softmax.jacobian" in words(done.stderr)
    assert "Traceback" not in done.stderr
    assert ESCAPE not in done.stderr


@pytest.mark.parametrize("arguments", [["list"], ["list", "--json"], ["show", "softmax.jacobian", "--latex"]])
def test_a_reader_who_leaves_early_sees_no_traceback(arguments):
    """``gradproof list | head -1``, with the reader gone before anything is written."""
    reading, writing = os.pipe()
    os.close(reading)
    program = [sys.executable, "-m", "gradproof.cli", *arguments]
    with os.fdopen(writing, "w") as pipe:
        done = subprocess.run(program, stdout=pipe, stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.stderr == ""


def test_a_terminal_without_unicode_gets_question_marks_and_no_error():
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    for arguments in (["list", "softmax"], ["list", "softmax", "--json"]):
        program = [sys.executable, "-m", "gradproof.cli", *arguments]
        done = subprocess.run(program, capture_output=True, env=environment, timeout=60)
        assert done.returncode == 0, done.stderr
        assert b"softmax.jacobian" in done.stdout
        assert done.stdout.isascii()
    assert json.loads(done.stdout)[0]["statement"]["text"] == "Σᵢ pᵢ = 1"


def children(pid: int) -> list[str]:
    return pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


@pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="needs /proc to see the workers start")
@pytest.mark.parametrize("seconds", [0.0, 1.0])
def test_an_interrupt_ends_the_run_at_once_and_quietly(seconds):
    """As a terminal does it: the signal goes to the program and to all of its workers."""
    program = [sys.executable, "-m", "gradproof.cli", "verify", "-j", "2", "--points", "100000"]
    running = subprocess.Popen(
        program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while not children(running.pid):
        assert running.poll() is None
        time.sleep(0.01)
    time.sleep(seconds)
    os.killpg(running.pid, signal.SIGINT)
    started = time.perf_counter()
    out, err = running.communicate(timeout=30)
    assert time.perf_counter() - started < 5  # about 0.2 s on a machine that is not busy
    assert (running.returncode, out, err.strip()) == (130, "", "gradproof: interrupted")
