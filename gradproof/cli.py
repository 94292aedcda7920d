"""The command line: verify, list, show. Exit code 0: all as claimed; 1: something is not; 2: a usage error."""

from __future__ import annotations

import json
import os
import re
import sys
import time
import unicodedata
from typing import Annotated, NoReturn

import typer

from derivations import UnknownName, load, resolve
from derivations.calculus.symbols import CalculusError
from derivations.judges.ladder import JudgesDisagree
from derivations.proof.rules.base import ProofError
from gradproof import __version__, report

NOT_AS_CLAIMED, USAGE = 1, 2

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Derive, judge and compare the mathematics of deep-learning lectures.",
)

Names = Annotated[list[str] | None, typer.Argument(help="Results (softmax.jacobian) or topics (softmax); all if none.")]
Json = Annotated[bool, typer.Option("--json", help="Print records as JSON, for a program to read.")]


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False) -> None:
    if version:
        typer.echo(f"gradproof {__version__}")
        raise typer.Exit


@app.command()
def verify(
    names: Names = None,
    symbolic: Annotated[bool, typer.Option("--symbolic", help="Only derive and judge.")] = False,
    numeric: Annotated[bool, typer.Option("--numeric", help="Only compare numbers.")] = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Worker processes.")] = os.cpu_count() or 1,
    device: Annotated[str, typer.Option(help="Where the numbers run: cpu, cuda or cuda:N.")] = "cpu",
    dtype: Annotated[list[str] | None, typer.Option(help="float64 (default) or float32; may be repeated.")] = None,
    points: Annotated[int, typer.Option(min=1, help="Random points a check.")] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of the random points.")] = 0,
    as_json: Json = False,
) -> None:
    """Derive and judge results, then compare them with autograd and PyTorch."""
    wanted = _resolved(names or [])
    device = _checked(device, r"cpu|cuda(:\d+)?", "--device", "cpu, cuda or cuda:N")
    dtypes = [_checked(d, "float64|float32", "--dtype", "float64 or float32") for d in dtype or ["float64"]]
    both = symbolic == numeric
    out = report.console()
    started = time.perf_counter()
    from gradproof import run

    with report.progress(report.console(stderr=True), len(wanted)) as bar:
        task = bar.add_task("deriving and judging", total=len(wanted))
        records = run.verify(
            wanted,
            symbolic=symbolic or both,
            numeric=numeric or both,
            device=device,
            dtypes=dtypes,
            points=points,
            jobs=jobs,
            seed=seed,
            progress=lambda record: bar.update(task, advance=1, description=record.name),
        )
    if as_json:
        _print_json([record.data() for record in records])
    else:
        report.print_run(out, records, time.perf_counter() - started)
    if not all(record.as_claimed for record in records):
        raise typer.Exit(NOT_AS_CLAIMED)


@app.command("list")
def list_results(names: Names = None, as_json: Json = False) -> None:
    """List results with what they state."""
    from gradproof.records import describe

    results = [load(name) for name in _resolved(names or [])]
    if as_json:
        _print_json([{"name": r.name, "kind": r.kind, **describe(r)} for r in results])
        return
    out = report.console()
    width = max(len(r.name) for r in results)
    for r in results:
        claim = r.text() if r.kind == "theorem" else f"erratum: {r.text()}"
        out.print(f"{r.name:{width}}  {claim}", markup=False)


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A result, such as softmax.jacobian.")],
    latex: Annotated[bool, typer.Option("--latex", help="Print the chain as LaTeX.")] = False,
    as_json: Json = False,
) -> None:
    """Show one proof, line by line, each with its rule and its verdict."""
    from derivations.judges.sandbox import LimitError, run_limited
    from gradproof.run import SECONDS_A_RESULT, Task, run_task

    result = load(_resolved([name], results_only=True)[0])
    try:
        task = Task(result.name, numeric=False, lies=0)
        record = run_limited(run_task, task, seconds=SECONDS_A_RESULT, megabytes=4096)
    except LimitError as stopped:
        _fail(f"{result.name}: {stopped}")
    if as_json:
        _print_json(record.data())
    elif latex:
        print(latex_of(result))
    else:
        report.print_proof(report.console(), record)
    if not record.as_claimed:
        raise typer.Exit(NOT_AS_CLAIMED)


def latex_of(result) -> str:
    """An align environment with one line a step, its reason at the right; the statement alone for an erratum."""
    from derivations.calculus import printing
    from derivations.proof.statement import Relation

    if not result.steps:
        return result.latex()
    lines, part = [], None
    for step in result.steps:
        if step.part != part or not lines:
            part = step.part
            if part:
                lines.append(rf"&\textbf{{{_escaped(part)}}}")
            start = step.claim.left if isinstance(step.claim, Relation) else result.statement
            lines.append(rf"&{printing.latex(start)}")
        relation = "=" if isinstance(step.claim, Relation) else r"\Rightarrow"
        lines.append(rf"&\quad {relation} {step.latex()} && \text{{{_escaped(step.reason)}}}")
    return "\\begin{align*}\n  " + " \\\\\n  ".join(lines) + "\n\\end{align*}"


def _escaped(words: str) -> str:
    """Words for LaTeX's text mode: its special characters escaped, Greek letters and signs in math mode."""
    return "".join(map(_in_text_mode, words))


_SIGNS = {"→": r"\to", "−": "-", "≥": r"\geq", "≤": r"\leq", "≠": r"\neq", "∞": r"\infty", "·": r"\cdot"}


def _in_text_mode(character: str) -> str:
    greek = re.fullmatch(r"GREEK SMALL LETTER (\w+)", unicodedata.name(character, ""))
    if greek:
        return f"$\\{greek[1].lower().replace('lamda', 'lambda')}$"
    if character in _SIGNS:
        return f"${_SIGNS[character]}$"
    return "\\" + character if character in "_&%#${}" else character


def _resolved(names: list[str], results_only: bool = False) -> tuple[str, ...]:
    try:
        return (load(names[0]).name,) if results_only else resolve(tuple(names))
    except UnknownName as error:
        raise typer.BadParameter(str(error), param_hint="NAME") from None


def _checked(value: str, pattern: str, option: str, choices: str) -> str:
    if not re.fullmatch(pattern, value):
        raise typer.BadParameter(f"{value!r} is not one of {choices}", param_hint=option)
    return value


def _print_json(data) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False))


def main() -> None:
    """Run the command line; errors are one line on stderr, never a traceback (GRADPROOF_DEBUG=1 shows it)."""
    try:
        app()
    except JudgesDisagree as error:
        _fail(f"the judges contradict each other, so nothing here may be believed: {error}")
    except (CalculusError, ProofError) as error:
        _fail(str(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(NOT_AS_CLAIMED)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # the last resort before a traceback in a user's face
        if os.environ.get("GRADPROOF_DEBUG"):
            raise
        _fail(f"internal error: {type(error).__name__}: {error} (GRADPROOF_DEBUG=1 shows where)")


def _fail(message: str) -> NoReturn:
    report.console(stderr=True).print(f"gradproof: {message}", style=report.BAD, markup=False)
    sys.exit(NOT_AS_CLAIMED)


if __name__ == "__main__":
    main()
