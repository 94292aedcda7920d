"""The experiments as the site knows them: what is said before a run, and the record of a run of the same sources.

python -m gradproof.site.experiment_records            run those without a current record
python -m gradproof.site.experiment_records --force    run all

Each record is kept by the key of what its experiment imports, so that an edit runs again what it concerns. A build of
the site only reads: numeric.experiments needs torch, which a process of its own imports.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from gradproof.site import forms
from gradproof.site.imports import rests_on
from gradproof.site.mistakes import told
from gradproof.site.record_forms import EXPERIMENT, OUTLINE
from gradproof.site.sources import CACHE, ROOT, versions

OUTLINES = CACHE / "experiments.json"
RECORDS = CACHE / "experiment-records.json"
PACKAGE = "numeric.experiments"
VERSIONS = ("python", "numpy", "torch")  # that a measurement rests on


@dataclass(frozen=True)
class Experiment:
    """One experiment as plain data. Without a current record it did not run."""

    id: str
    title: str
    source: dict[str, str]
    says: str
    chosen: str
    parameters: list[dict[str, Any]]  # "name", "default" and "meaning"
    random: bool
    catalogue: list[str]
    results: list[str]
    expect: list[dict[str, str]]  # "name", "says", "basis" and "foreseen"
    wrong: list[dict[str, Any]]  # changes of parameters
    module: str
    code: str
    record: dict[str, Any] | None = None
    date: str = ""


# ---- reading


def experiments() -> tuple[Experiment, ...]:
    """All experiments in the order of their numbers, with the records that are of these sources."""
    kept = current()
    return tuple(replace(one, **kept.get(one.id, {})) for one in outlines())


def current(path: Path = RECORDS) -> dict[str, dict[str, Any]]:
    """By id, "record" and "date" of each run whose sources and versions are unchanged."""
    return {
        id: {"record": one["record"], "date": one["date"]}
        for id, one in _kept(path).items()
        if one["key"] == _key_of(one["record"]["module"])
    }


def _kept(path: Path) -> dict[str, dict[str, Any]]:
    """By id, "key", "record" and "date" of each run in a file; one that is of another experiment or form is none."""
    found = forms.read(path, dict) or {}
    return {id: one for id, one in found.items() if forms.fits(one, EXPERIMENT) and one["record"]["id"] == id}


def outlines() -> list[Experiment]:
    """The experiments without their records; described by a process of its own when their sources have changed."""
    found = _described()
    if found is None:
        command = [sys.executable, "-m", "gradproof.site.experiment_records", "--describe"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"the experiments could not be described:\n{done.stderr}")
        found = _described()
    if found is None:
        raise RuntimeError("the experiments could not be described: their sources change while they are read")
    return found


def _described() -> list[Experiment] | None:
    """What is written down of the experiments; None when it is missing or of other sources."""
    found = forms.read(OUTLINES, {"key": str, "experiments": [OUTLINE]})
    if found is None or found["key"] != _key_of_all():
        return None
    names = [one.name for one in fields(Experiment) if one.name not in ("record", "date")]
    return [Experiment(**{name: one[name] for name in names}) for one in found["experiments"]]


def _key_of(module: str) -> str | None:
    """The key of what a module rests on; None when there is no such module any more."""
    try:
        paths = rests_on(module)
    except FileNotFoundError:
        return None
    return _digest([*paths, Path(__file__)])


def _key_of_all() -> str:
    """The key of every source in the package: what is said of an experiment may stand in any."""
    own = sorted((ROOT / PACKAGE.replace(".", "/")).glob("*.py"))
    return _digest(sorted({path for one in own for path in rests_on(f"{PACKAGE}.{one.stem}")} | {Path(__file__)}))


def _digest(paths: Sequence[Path]) -> str:
    found = versions()
    digest = hashlib.sha256(repr([found[name].partition("+")[0] for name in VERSIONS]).encode())
    for path in paths:
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:20]


# ---- running


def describe(experiment: Any) -> Experiment:
    """A value of numeric.experiments.Experiment as plain data."""
    meanings, defaults = experiment.meanings, asdict(experiment.parameters)
    return Experiment(
        **{name: getattr(experiment, name) for name in ("id", "title", "says", "chosen", "random", "module", "code")},
        source=experiment.source.record(),
        parameters=[{"name": n, "default": defaults[n], "meaning": m} for n, m in meanings.items()],
        catalogue=list(experiment.catalogue),
        results=list(experiment.results),
        expect=[{n: getattr(e, n) for n in ("name", "says", "basis", "foreseen")} for e in experiment.expect],
        wrong=[dict(changes) for changes in experiment.wrong],
    )


def write_outlines() -> None:
    key = _key_of_all()  # before the import: an edit during it makes the outlines stale
    from numeric import experiments as registry

    found = [asdict(describe(registry.load(id))) for id in registry.catalogue()]
    _write(OUTLINES, {"key": key, "experiments": found})


def make(path: Path = RECORDS, *, force: bool = False) -> list[str]:
    """Run the experiments that have no current record, and keep each record as soon as it is there; the ids."""
    modules = [f"{PACKAGE}.{file.stem}" for file in (ROOT / PACKAGE.replace(".", "/")).glob("*.py")]
    keys = {module: _key_of(module) for module in modules}  # before the import, as above
    before = {} if force else _kept(path)
    kept = {id: one for id, one in before.items() if one["key"] == keys.get(one["record"]["module"])}
    if not force and {one.id for one in outlines()} <= set(kept):
        return []
    from numeric import experiments as registry

    due = [id for id in registry.catalogue() if id not in kept]
    for id in due:
        record = registry.load(id).record()
        date = time.strftime("%Y-%m-%d", time.gmtime())
        kept[id] = {"key": keys[record["module"]], "date": date, "record": record}
        _write(path, {id: kept[id] for id in registry.catalogue() if id in kept})
    return due


def _write(path: Path, content: Mapping[str, Any]) -> None:
    """Write the whole file at once: a build that reads at the same time sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.tmp")
    fresh.write_text(json.dumps(content, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
    fresh.replace(path)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m gradproof.site.experiment_records", description="Run the experiments and keep their records"
    )
    parser.add_argument("--force", action="store_true", help="run also those whose kept records are current")
    parser.add_argument("--describe", action="store_true", help="only write down what is said of them before a run")
    asked = parser.parse_args(arguments)
    if asked.describe:
        write_outlines()
        return
    started = time.perf_counter()
    ran = make(force=asked.force)
    if ran:
        print(f"{', '.join(ran)} run in {time.perf_counter() - started:.0f} s")
    else:
        print("the records of the experiments are current")


if __name__ == "__main__":
    with told():
        main()
