"""The numeric checks from a checkout, with nothing but Python, torch, NumPy and SymPy: ``python -m numeric``.

Prints one line a result and writes the records to a file where ``--out`` names one. Exit code 0 when no check failed
and every result was checked on the device, 1 otherwise, 2 for a usage error.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from pathlib import Path
from typing import Any

import torch

from derivations import UnknownName, load, resolve
from numeric import Check, verify_numeric


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        names = resolve(tuple(options.names))
    except UnknownName as error:
        _parser().error(str(error))
    started = time.perf_counter()
    results: dict[str, list[Check]] = {}
    for name in names:
        results[name] = verify_numeric(
            load(name), device=options.device, dtypes=options.dtype or ["float64"], points=options.points
        )
        print(line(name, results[name]), flush=True)
    if options.out:
        document = {"machine": machine(options.device), "seconds": round(time.perf_counter() - started, 1)}
        document["results"] = {name: [check.record() for check in checks] for name, checks in results.items()}
        options.out.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    failed = [name for name, checks in results.items() if any(c.status == "fail" for c in checks)]
    idle = [name for name, checks in results.items() if not any(c.passed for c in checks)]
    print(f"{len(results)} results, {len(failed)} failed, {len(idle)} not run on {options.device}")
    return 1 if failed or idle else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m numeric", description=__doc__)
    parser.add_argument("names", nargs="*", help="results or topics; all if none")
    parser.add_argument("--device", default="cpu", help="cpu, cuda or cuda:N")
    parser.add_argument("--dtype", action="append", choices=["float64", "float32"], help="may be repeated")
    parser.add_argument("--points", type=int, default=1000, help="random points a check")
    parser.add_argument("--out", type=Path, help="write the records as JSON to this file")
    return parser


def line(name: str, checks: list[Check]) -> str:
    """The worst error of each oracle, in ulps."""
    words = []
    for oracle in dict.fromkeys(c.oracle for c in checks):
        own = [c for c in checks if c.oracle == oracle]
        worst = max((c.worst_ulp for c in own if c.passed and c.worst_ulp is not None), default=None)
        status = "fail" if any(c.status == "fail" for c in own) else "pass" if any(c.passed for c in own) else "not run"
        figure = f" {worst:.1f} ulp" if worst is not None and worst < 1e6 else ""
        words.append(f"{oracle}: {status}{figure}")
    return f"{name:42} {'; '.join(words)}"


def machine(device: str) -> dict[str, Any]:
    """What the figures were measured on."""
    on_gpu = device.startswith("cuda") and torch.cuda.is_available()
    return {
        "device": torch.cuda.get_device_name(torch.device(device)) if on_gpu else platform.machine(),
        "python": platform.python_version(),
        "torch": torch.__version__,
    }


if __name__ == "__main__":
    sys.exit(main())
