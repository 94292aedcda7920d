"""The command line as a user meets it: output, exit codes, and errors that are one message and no traceback."""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

import pytest
import torch

from derivations import catalogue, load
from derivations.judges.ladder import JudgesDisagree
from derivations.proof.verdict import Verdict
from gradproof import cli, records, run
from gradproof.run import Task, run_task

NAME = "activations.softplus_derivative"
PROMISED = "name kind status numeric statement hypotheses source catalogue verdicts checks witness lies".split()
STATUSES = {"proved", "refuted", "consistent", "unknown"}
ESCAPE = "\x1b"


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
    assert "𝔼[mₜ] = " in gradproof("list", "adaptive.adam_bias_correction").stdout  # no markup of rich's


def test_list_as_json(gradproof):
    listed = json.loads(gradproof("list", "--json").stdout)
    assert [entry["name"] for entry in listed] == list(catalogue())
    for entry in listed:
        assert {"kind", "statement", "hypotheses", "source", "catalogue"} <= set(entry)


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
@pytest.mark.parametrize("seconds", [0.0, 0.2, 1.0])
def test_an_interrupt_ends_the_run_at_once_and_quietly(seconds):
    """As a terminal does it: the signal goes to the program and to all of its workers."""
    program = [sys.executable, "-m", "gradproof.cli", "verify", "-j", "2", "--points", "100000"]
    running = subprocess.Popen(
        program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while len(children(running.pid)) < 2:  # the first is multiprocessing's tracker of resources
        assert running.poll() is None
        time.sleep(0.01)
    time.sleep(seconds)
    os.killpg(running.pid, signal.SIGINT)
    started = time.perf_counter()
    out, err = running.communicate(timeout=30)
    assert time.perf_counter() - started < 5  # about 0.2 s on a machine that is not busy
    assert (running.returncode, out, err.strip()) == (130, "", "gradproof: interrupted")
