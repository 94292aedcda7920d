"""The command line: verify, check, list, show, experiment.

Exit code 0: all as claimed; 1: something is not; 2: a usage error.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from derivations import TOPICS, UnknownName, load, resolve
from gradproof import __version__, terminal

NOT_AS_CLAIMED, INTERRUPTED = 1, 130

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="GRADPROOF_DEBUG=1 shows the traceback of an internal error.",
    help="Derive, judge and compare the mathematics of deep-learning lectures.",
)

Names = Annotated[
    list[str] | None,
    typer.Argument(help="Results (softmax.jacobian) or topics (softmax); all if none.", metavar="NAME"),
]
Json = Annotated[bool, typer.Option("--json", metavar="", help="Print records as JSON, for a program to read.")]


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", metavar="", help="Print the version and exit.")] = False,
) -> None:
    if version:
        typer.echo(f"gradproof {__version__}")
        raise typer.Exit


@app.command()
def verify(
    names: Names = None,
    symbolic: Annotated[bool, typer.Option("--symbolic", metavar="", help="Only derive and judge.")] = False,
    numeric: Annotated[
        bool,
        typer.Option("--numeric", metavar="", help="Only compare numbers. With --symbolic too: both, as with neither."),
    ] = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Worker processes.", metavar="N")] = os.cpu_count()
    or 1,
    device: Annotated[str, typer.Option(help="Where the numbers run: cpu, cuda or cuda:N.", metavar="DEVICE")] = "cpu",
    dtype: Annotated[
        list[str] | None, typer.Option(help="float64 (default) or float32; may be repeated.", metavar="DTYPE")
    ] = None,
    points: Annotated[int, typer.Option(min=1, help="Random points a check.", metavar="N")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the random points, 0 or more.", metavar="N")] = 0,
    as_json: Json = False,
) -> None:
    """Derive and judge results, then compare them with autograd and PyTorch.

    Exit code 0: all as claimed; 1: something is not; 2: a usage error; 130: interrupted.
    """
    wanted = _resolved(names or [])
    device = _checked(device, r"cpu|cuda(:\d+)?", "--device", "cpu, cuda or cuda:N")
    dtypes = [_checked(d, "float64|float32", "--dtype", "float64 or float32") for d in dtype or ["float64"]]
    both = symbolic == numeric
    started = time.perf_counter()
    from gradproof import run
    from gradproof.report import LiveReport

    out = terminal.console()
    live = None if as_json else LiveReport(out, wanted)
    # the bar stands below the tables where both are on one terminal, else it keeps to stderr
    with terminal.progress(out if live and out.is_terminal else terminal.console(stderr=True)) as bar:
        task = bar.add_task("results", total=len(wanted))

        def show_record(record):
            bar.advance(task)
            if live:
                live.add(record)

        records = run.verify(
            wanted,
            symbolic=symbolic or both,
            numeric=numeric or both,
            device=device,
            dtypes=dtypes,
            points=points,
            jobs=jobs,
            workers=True,
            seed=seed,
            progress=show_record,
        )
    if live:
        live.finish(time.perf_counter() - started)
    else:
        _print_json([record.data() for record in records])
    if not all(record.as_claimed for record in records):
        raise typer.Exit(NOT_AS_CLAIMED)


@app.command("list")
def list_results(names: Names = None, as_json: Json = False) -> None:
    """List results with what they state."""
    from gradproof.records import describe
    from gradproof.report import claimed

    results = [load(name) for name in _resolved(names or [])]
    if as_json:
        _print_json([{"name": r.name, "kind": r.kind, **describe(r)} for r in results])
        return
    out = terminal.console()
    width = max(len(r.name) for r in results)
    for r in results:
        out.print(f"{r.name:{width}}  {claimed(r.kind, describe(r))}")


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A result, such as softmax.jacobian.", metavar="NAME")],
    latex: Annotated[bool, typer.Option("--latex", metavar="", help="Print the proof as LaTeX.")] = False,
    source: Annotated[
        str | None, typer.Option(help="Print the closed form as source: torch or numpy.", metavar="LIBRARY")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show one proof, line by line, each with its rule and its verdict."""
    if latex and as_json:
        raise typer.BadParameter("choose one of --latex and --json", param_hint="--latex")
    if source is not None and (latex or as_json):
        raise typer.BadParameter("it goes with neither --latex nor --json", param_hint="--source")
    result = load(_result(name))
    if source is not None:
        print(_source(result, _checked(source, "torch|numpy", "--source", "torch or numpy")), end="")
        return
    from gradproof import run

    (record,) = run.verify([result.name], numeric=False, lies=0, workers=True)
    if as_json:
        _print_json(record.data())
    elif latex:
        from gradproof.latex import latex_of

        print(latex_of(result, record.fields["witness"]))
    else:
        from gradproof.proof_text import print_proof

        print_proof(terminal.console(), record)
    if not record.as_claimed:
        raise typer.Exit(NOT_AS_CLAIMED)


@app.command()
def check(
    claim: Annotated[
        str | None, typer.Argument(help='A claim, such as "diff(tanh(x), x) == 1 - tanh(x)**2".', metavar="CLAIM")
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(help='Declarations, separated by ";": "z: real[n]; sum(y) == 1".', metavar="DECLARATIONS"),
    ] = None,
    let: Annotated[
        list[str] | None,
        typer.Option(help='An abbreviation: "s = sigmoid(w*x + b)"; may be repeated.', metavar="ABBREVIATION"),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="Check the claims of a TOML file; - is stdin.", metavar="FILE")
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Worker processes.", metavar="N")] = os.cpu_count()
    or 1,
    advice: Annotated[
        bool, typer.Option("--advice/--no-advice", help="Look for what a refuted claim may have meant.")
    ] = True,
    as_json: Json = False,
) -> None:
    """Check formulas of your own: proved, refuted with a counterexample, or an honest in-between.

    Exit code 0: all proved; 1: any refuted; 2: any invalid, or a usage error; 3: otherwise.
    """
    if (claim is None) == (file is None):
        raise typer.BadParameter("give either a claim or --file", param_hint="CLAIM")
    if file is not None and (where or let):
        raise typer.BadParameter(
            "--where and --let belong to a claim; in a file each claim has its own", param_hint="--file"
        )
    from gradproof.claims import claims_file, report, verdicts
    from gradproof.claims.workers import Workers

    sources = [verdicts.Source(claim or "", "; ".join(where or []), tuple(let or []))]
    if file is not None:
        try:
            sources = claims_file.read(file)
        except claims_file.UnusableFile as error:
            raise typer.BadParameter(str(error), param_hint="--file") from None
    askable = [s for s in sources if isinstance(s, verdicts.Source)]
    out = terminal.console()
    with terminal.progress(terminal.console(stderr=True)) as bar:
        task = bar.add_task("claims", total=len(askable))
        found = Workers(jobs).check(askable, teach=advice, progress=lambda _: bar.advance(task))
    answers = iter(found)
    results = [next(answers) if isinstance(s, verdicts.Source) else s for s in sources]
    if as_json:
        _print_json([verdict.record() for verdict in results])
    else:
        report.show(out, results, summary=file is not None)
    raise typer.Exit(verdicts.exit_code(results))


@app.command()
def experiment(
    ids: Annotated[list[str] | None, typer.Argument(help="Experiments (E1); all if none.", metavar="ID")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the random draws, 0 or more.", metavar="N")] = 0,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", help='Another parameter, "epochs=100"; may be repeated.', metavar="NAME=VALUE"),
    ] = None,
    as_json: Json = False,
) -> None:
    """Run the lectures' plots and training runs again: what was measured, beside what is expected.

    Exit code 0: all as foreseen; 1: something is not; 2: a usage error.
    """
    from gradproof import experiments
    from numeric import experiments as registry

    if changes and len(ids or []) != 1:
        raise typer.BadParameter("it belongs to one experiment; name one", param_hint="--set")
    try:
        chosen = [registry.load(id) for id in ids or registry.catalogue()]
        runs = [one.run(seed, **experiments.settings(one, changes or [])) for one in chosen]
    except registry.UnknownExperiment as error:
        raise typer.BadParameter(str(error), param_hint="ID") from None
    except ValueError as error:  # of a setting, or of what the parameters are together
        raise typer.BadParameter(str(error), param_hint="--set") from None
    if as_json:
        _print_json([run.record() for run in runs])
    else:
        experiments.show(terminal.console(), runs)
    if not all(run.as_foreseen for run in runs):
        raise typer.Exit(NOT_AS_CLAIMED)


def _source(result, backend) -> str:
    from gradproof.export import NoSource
    from gradproof.export.source import source_of

    try:
        return source_of(result, backend)
    except (TypeError, NoSource) as error:  # an erratum, a bound, a formula that cannot be written
        raise typer.BadParameter(str(error), param_hint="NAME") from None


def _result(name: str) -> str:
    """The name of one result; a topic is told what it holds."""
    if name in TOPICS:
        held = ", ".join(resolve((name,)))
        raise typer.BadParameter(f"{name} is a topic; name one of its results: {held}", param_hint="NAME")
    return _resolved([name])[0]


def _resolved(names: list[str]) -> tuple[str, ...]:
    try:
        return resolve(tuple(names))
    except UnknownName as error:
        raise typer.BadParameter(str(error), param_hint="NAME") from None


def _checked(value: str, pattern: str, option: str, choices: str) -> str:
    if not re.fullmatch(pattern, value):
        raise typer.BadParameter(f"{value!r} is not one of {choices}", param_hint=option)
    return value


def _print_json(data) -> None:
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    print(json.dumps(data, ensure_ascii=not unicode, indent=2, allow_nan=False))


def main() -> None:
    """Run the command line; errors are one line on stderr, never a traceback (GRADPROOF_DEBUG=1 shows it)."""
    terminal.replace_what_cannot_be_written()
    try:
        app([_unlike_an_option(word) for word in sys.argv[1:]])
    except SystemExit as end:
        if end.code == INTERRUPTED:  # typer has taken the KeyboardInterrupt
            _fail("interrupted", INTERRUPTED)
        raise
    except KeyboardInterrupt:
        _fail("interrupted", INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(NOT_AS_CLAIMED)
    except Exception as error:  # the last resort before a traceback in a user's face
        if os.environ.get("GRADPROOF_DEBUG"):
            raise
        _fail(_explanation(error))


def _unlike_an_option(word: str) -> str:
    """A claim such as ``-x**2 <= 0`` with a space before it: it would be taken for options."""
    return f" {word}" if re.match(r"-[^-].*(==|[<>])", word, re.DOTALL) else word


def _explanation(error: Exception) -> str:
    """One line on an error. Its kind is told by name: what failed may be the import of the module that defines it."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if "JudgesDisagree" in kinds:
        return f"the judges contradict each other, so nothing here may be believed: {error}"
    if kinds & {"CalculusError", "ProofError", "NoWorkers"}:
        return str(error)
    return f"internal error: {type(error).__name__}: {error} (GRADPROOF_DEBUG=1 shows where)"


def _fail(message: str, code: int = NOT_AS_CLAIMED) -> NoReturn:
    terminal.console(stderr=True).print(f"gradproof: {message}", style=terminal.BAD)
    sys.exit(code)


if __name__ == "__main__":
    main()
