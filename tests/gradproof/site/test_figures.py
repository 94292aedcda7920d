"""Figures drawn ahead in processes: also for a script that has no guard around its own lines."""

from __future__ import annotations

import os
import subprocess
import sys

from gradproof.site.sources import ROOT

# a cache of its own, for the script and for the processes that it starts
ELSEWHERE = """
from pathlib import Path
from gradproof.site import sources
sources.CACHE = Path(__file__).parent / "cache"
"""
SCRIPT = """
from gradproof.site import figures
from gradproof.site.numbers import Cell, Row, Table

print("the script runs")
cells = tuple(Cell("pass", float(n), 4.0, "") for n in (1, 2))
table = Table(("n = 1", "n = 2"), (Row("torch", "float64", cells, True, 1),))
names = [f"ahead.{n}" for n in range(figures.MANY)]
figures.draw_ahead(dict.fromkeys(names, table))
kept = [figures._store().has(figures._content(name, table, shape)) for name in names for shape in figures.SHAPES]
print(sum(kept), "of", len(kept), "figures are there")
"""


def test_a_script_without_a_guard_draws_in_processes_too(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(ELSEWHERE)
    (tmp_path / "script.py").write_text(SCRIPT)
    paths = os.pathsep.join((str(tmp_path), str(ROOT)))
    done = subprocess.run(
        [sys.executable, str(tmp_path / "script.py")],
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stderr == "" and done.returncode == 0
    assert done.stdout.splitlines() == ["the script runs", "48 of 48 figures are there"]
    assert (tmp_path / "cache" / "figures.sqlite").is_file()
