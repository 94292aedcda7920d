"""The records of a real run, kept by the key of what was run; stale or missing ones are no records.

python -m gradproof.site.records                                    run, unless the kept records are current
python -m gradproof.site.records --device cuda --output results/cuda.json   the numbers of a GPU, to be committed
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gradproof.site import forms
from gradproof.site.mistakes import told
from gradproof.site.record_forms import RUN
from gradproof.site.sources import CACHE, ROOT, numeric_key, run_key, versions

KEPT = CACHE / "run.json"
COMMITTED = ROOT / "results"
DTYPES = ("float64", "float32")


@dataclass(frozen=True)
class Run:
    """What one run found, by the name of the result, and where and when it ran."""

    records: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)
    device: str = "cpu"
    machine: str = ""
    date: str = ""
    seconds: float = 0.0
    versions: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.records)


NOT_RUN = Run()


def current() -> Run:
    """The kept run when it is of this checkout's sources and versions, else one without records."""
    return read(KEPT, run_key())


def on_gpu() -> Run:
    """The newest committed run of a GPU that is of these sources, else one without records."""
    runs = (_of_a_gpu(read(path, numeric_key())) for path in sorted(COMMITTED.glob("*.json")))
    return max((run for run in runs if run), key=lambda run: run.date, default=NOT_RUN)


def _of_a_gpu(run: Run) -> Run:
    """The checks that a GPU itself has made; each of them says where it was made, and so does the run."""
    if not run.device.startswith("cuda"):
        return NOT_RUN
    made = {
        name: [check for check in record["checks"] if check["device"].startswith("cuda")]
        for name, record in run.records.items()
    }
    return replace(run, records={name: {**run.records[name], "checks": own} for name, own in made.items() if own})


def read(path: Path, key: str) -> Run:
    """The run in a file if the file has this key; what cannot be read or has another form counts as missing."""
    data = forms.read(path, RUN)
    if data is None or data["key"] != key or any(name != one["name"] for name, one in data["records"].items()):
        return NOT_RUN
    return Run(**{name: data[name] for name in RUN if name != "key"})


def make(path: Path = KEPT, *, device: str = "cpu", jobs: int | None = None) -> Run:
    """Run everything and keep it. On a GPU the numbers only: proofs are the same there."""
    from gradproof import run as running

    on_cpu = device == "cpu"
    key = run_key() if on_cpu else numeric_key()  # read before the run: an edit during it makes the records stale
    started = time.perf_counter()
    records = running.verify(
        symbolic=on_cpu, device=device, dtypes=DTYPES, jobs=jobs or os.cpu_count() or 1, workers=on_cpu
    )
    found = Run(
        {record.name: _with_working(record.data()) for record in records},
        device,
        "" if on_cpu else _gpu_name(),
        time.strftime("%Y-%m-%d", time.gmtime()),
        round(time.perf_counter() - started, 1),
        versions(),
    )
    write(path, key, found)
    return found


def _with_working(data: dict[str, Any]) -> dict[str, Any]:
    """The record of an erratum with its counterexample worked out, and as a LaTeX document."""
    from derivations import load
    from derivations.proof.theorem import Erratum
    from gradproof.latex import latex_of
    from gradproof.site.worked import worked

    result = load(data["name"])
    if not isinstance(result, Erratum) or not data["witness"]:
        return data
    return {**data, "worked": worked(result, data["witness"]), "latex": latex_of(result, data["witness"])}


def write(path: Path, key: str, run: Run) -> None:
    """Write the whole file at once: a build that reads at the same time sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.tmp")
    fresh.write_text(json.dumps({"key": key, **vars(run)}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fresh.replace(path)


def _gpu_name() -> str:
    import torch

    return torch.cuda.get_device_name()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m gradproof.site.records", description="Run everything and keep the records"
    )
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--output", type=Path, default=KEPT, help="where the records go")
    parser.add_argument("--force", action="store_true", help="run even if the kept records are current")
    asked = parser.parse_args(arguments)
    kept = asked.device == "cpu" and asked.output == KEPT and current()
    if kept and not asked.force:
        print(f"the records of {kept.date} are current: {len(kept.records)} results")
        return
    run = make(asked.output, device=asked.device)
    print(f"{len(run.records)} results in {run.seconds:.0f} s")


if __name__ == "__main__":
    with told():
        main()
