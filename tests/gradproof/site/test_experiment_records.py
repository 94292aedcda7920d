"""A record of an experiment counts for its own sources only, and an edit runs again what it concerns."""

from __future__ import annotations

import json
import subprocess
import sys
from types import SimpleNamespace

import pytest

from gradproof.site import experiment_records as records
from gradproof.site.imports import rests_on
from gradproof.site.sources import ROOT
from numeric.experiments import load

FILES = {
    "numeric/__init__.py": "import torch\n",
    "numeric/experiments/__init__.py": "MODULES = ()\n",
    "numeric/experiments/shared.py": "from derivations.proof import source\n",
    "numeric/experiments/one.py": "import numpy\nfrom numeric.experiments.shared import thing\n",
    "numeric/experiments/two.py": "import numeric.experiments.shared\n",
    "derivations/__init__.py": "import heavy\n",
    "derivations/proof/__init__.py": "",
    "derivations/proof/source.py": "x = 1\n",
}


@pytest.fixture
def checkout(tmp_path):
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def names(checkout, module):
    return [path.relative_to(checkout).as_posix() for path in rests_on(module, checkout)]


def test_what_a_module_rests_on(checkout):
    shared = ["derivations/proof/__init__.py", "derivations/proof/source.py"]
    assert names(checkout, "numeric.experiments.one") == [
        *shared, "numeric/experiments/one.py", "numeric/experiments/shared.py",
    ]  # fmt: skip
    assert "numeric/experiments/one.py" not in names(checkout, "numeric.experiments.two")


def test_a_module_that_is_gone_and_an_import_that_is_not_followed(checkout):
    with pytest.raises(FileNotFoundError, match=r"numeric\.gone"):
        rests_on("numeric.gone", checkout)
    (checkout / "numeric/experiments/one.py").write_text("from . import shared\n")
    with pytest.raises(ValueError, match="relative"):
        rests_on("numeric.experiments.one", checkout)


AXIS = {"label": "x", "scale": "log", "limits": None}
SERIES = {"name": "a", "mark": "line", "role": "measured", "x": [1.0, 2], "y": [1.0, 2]}
NOTE = {"text": "here", "x": 1.0, "y": 2}
PANEL = {"title": "one", "x": AXIS, "y": {**AXIS, "limits": [0, 1]}, "series": [SERIES], "notes": [NOTE]}
FINDING = {"name": "half", "expected": "1", "measured": 1.0, "status": "holds", "as_foreseen": True}


def record(id, name):
    """A record as a run writes it."""
    return {
        "id": id, "module": f"numeric.experiments.{name}", "seed": None, "seconds": 0.1,
        "versions": {"python": "3", "torch": "2", "numpy": "2"}, "findings": [FINDING], "wrong": [{"by": ["half"]}],
        "figure": {"caption": "said", "panels": [PANEL]},
    }  # fmt: skip


@pytest.fixture
def sources(checkout, monkeypatch):
    """Records of two experiments of the small checkout, each with its current key."""
    monkeypatch.setattr(records, "rests_on", lambda module: rests_on(module, checkout))
    monkeypatch.setattr(records, "ROOT", checkout)
    monkeypatch.setattr(records, "__file__", str(checkout / "numeric/__init__.py"))
    kept = {
        id: {"key": records._key_of(f"numeric.experiments.{name}"), "date": "2026-01-01",
             "record": record(id, name)}
        for id, name in (("E1", "one"), ("E2", "two"))
    }  # fmt: skip
    (checkout / "records.json").write_text(json.dumps(kept))
    return checkout


def current(checkout):
    return set(records.current(checkout / "records.json"))


def test_an_edit_makes_stale_what_imports_it(sources):
    assert current(sources) == {"E1", "E2"}
    (sources / "numeric/experiments/one.py").write_text("import numpy\n")
    assert current(sources) == {"E2"}
    (sources / "derivations/proof/source.py").write_text("x = 2\n")
    assert current(sources) == set()


def test_what_no_experiment_imports_changes_nothing(sources):
    (sources / "derivations/__init__.py").write_text("import heavier\n")
    (sources / "numeric/experiments/three.py").write_text("x = 1\n")
    assert current(sources) == {"E1", "E2"}


def test_a_module_that_is_gone_has_no_record(sources):
    (sources / "numeric/experiments/two.py").unlink()
    assert current(sources) == {"E1"}


def test_another_version_makes_them_stale(sources, monkeypatch):
    monkeypatch.setattr(records, "versions", lambda: {"python": "3", "numpy": "2", "torch": "1.0.0"})
    assert current(sources) == set()


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"text"', '{"E1": 3}', '{"E1": null}', '{"E1": {"key": "k"}}'])
def test_a_damaged_file_holds_no_record(tmp_path, text):
    (tmp_path / "records.json").write_text(text)
    assert records.current(tmp_path / "records.json") == {}
    assert records.current(tmp_path / "none.json") == {}


DAMAGE = [
    ("key", None),
    ("date", 3),
    ("record", "E1"),
    ("record id", "E2"),
    ("record module", None),
    ("record module", 3),
    ("record module", "numeric.experiments.gone"),
    ("record module", "../one"),
    ("record seconds", "long"),
    ("record versions", {}),
    ("record findings", None),
    ("record findings 0", {}),
    ("record findings 0 status", "weird"),
    ("record findings 0 as_foreseen", None),
    ("record findings 0 measured", "much"),
    ("record wrong 0 by", "half"),
    ("record figure", None),
    ("record figure panels 0 x scale", "polar"),
    ("record figure panels 0 series 0 y 0", "high"),
    ("record figure panels 0 notes 0 x", None),
]


@pytest.mark.parametrize(("place", "wrong"), DAMAGE, ids=[f"{place}: {wrong}" for place, wrong in DAMAGE])
def test_a_record_of_another_form_is_none_and_costs_no_other(sources, place, wrong):
    kept = json.loads((sources / "records.json").read_text())
    *way, last = (int(step) if step.isdigit() else step for step in place.split())
    inner = kept["E1"]
    for step in way:
        inner = inner[step]
    inner[last] = wrong
    (sources / "records.json").write_text(json.dumps(kept))
    assert current(sources) == {"E2"}


def test_a_record_in_the_place_of_another_is_none(sources):
    kept = json.loads((sources / "records.json").read_text())
    (sources / "records.json").write_text(json.dumps({"E1": kept["E2"], "E2": kept["E2"]}))
    assert current(sources) == {"E2"}


# ---- what is made again


class Registry:
    """Experiments that count how often they run."""

    def __init__(self, modules):
        self.modules, self.ran = modules, []

    def catalogue(self):
        return list(self.modules)

    def load(self, id):
        return SimpleNamespace(record=lambda: self.run(id))

    def run(self, id):
        self.ran.append(id)
        return record(id, self.modules[id])


@pytest.fixture
def registry(sources, monkeypatch):
    from numeric import experiments

    found = Registry({"E1": "one", "E2": "two"})
    for name in ("catalogue", "load"):
        monkeypatch.setattr(experiments, name, getattr(found, name))
    monkeypatch.setattr(records, "outlines", lambda: [SimpleNamespace(id=id) for id in found.modules])
    return found


def test_what_is_current_is_not_run_again(sources, registry):
    assert records.make(sources / "records.json") == registry.ran == []


def test_what_is_stale_is_run_again_and_then_current(sources, registry):
    (sources / "numeric/experiments/one.py").write_text("import numpy\n")
    before = json.loads((sources / "records.json").read_text())
    assert records.make(sources / "records.json") == registry.ran == ["E1"]
    after = json.loads((sources / "records.json").read_text())
    assert after["E1"]["key"] != before["E1"]["key"] and after["E2"] == before["E2"]
    assert current(sources) == {"E1", "E2"}


def test_what_is_damaged_is_run_again(sources, registry):
    (sources / "records.json").write_text('{"E1": null}')
    assert records.make(sources / "records.json") == ["E1", "E2"]


def test_all_are_run_again_when_that_is_asked_for(sources, registry):
    assert records.make(sources / "records.json", force=True) == ["E1", "E2"]


@pytest.fixture
def described(sources, monkeypatch):
    """The outlines in the small checkout, written by a stand-in for the process; how often it was started."""
    started = []
    outline = records.asdict(records.describe(load("E1")))

    def run(command, **_):
        started.append(command[-1])
        (sources / "outlines.json").write_text(json.dumps({"key": records._key_of_all(), "experiments": [outline]}))
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(records, "OUTLINES", sources / "outlines.json")
    monkeypatch.setattr(records.subprocess, "run", run)
    return started


def test_outlines_are_made_once_and_again_after_an_edit(sources, described):
    assert [one.id for one in records.outlines()] == ["E1"]
    records.outlines()
    assert described == ["--describe"]
    (sources / "numeric/experiments/two.py").write_text("x = 2\n")
    records.outlines()
    assert described == ["--describe"] * 2


@pytest.mark.parametrize("change", [{"basis": "hearsay"}, {"name": None}])
def test_outlines_of_another_form_are_made_again(sources, described, change):
    records.outlines()
    kept = json.loads((sources / "outlines.json").read_text())
    kept["experiments"][0]["expect"][0] |= change
    (sources / "outlines.json").write_text(json.dumps(kept))
    assert records.outlines()[0].expect[0]["basis"] in ("lecture", "theory", "computed")
    assert len(described) == 2


@pytest.mark.parametrize("text", ["null", '"text"', "[]", "{}", '{"key": "k", "experiments": null}', "{"])
def test_damaged_outlines_are_made_again(sources, described, text):
    (sources / "outlines.json").write_text(text)
    assert [one.id for one in records.outlines()] == ["E1"]


def test_reading_imports_no_torch():
    read = "from gradproof.site.experiment_records import current; current()"
    code = f"import sys; {read}; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)
