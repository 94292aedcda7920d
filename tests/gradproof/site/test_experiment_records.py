"""A record of an experiment counts for its own sources only, and an edit runs again what it concerns."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from gradproof.site import experiment_records as records
from gradproof.site.imports import rests_on
from gradproof.site.sources import ROOT

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


@pytest.fixture
def sources(checkout, monkeypatch):
    """Records of two experiments of the small checkout, each with its current key."""
    monkeypatch.setattr(records, "rests_on", lambda module: rests_on(module, checkout))
    monkeypatch.setattr(records, "ROOT", checkout)
    monkeypatch.setattr(records, "__file__", str(checkout / "numeric/__init__.py"))
    kept = {
        id: {"key": records._key_of(f"numeric.experiments.{name}"), "date": "2026-01-01",
             "record": {"module": f"numeric.experiments.{name}"}}
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


@pytest.mark.parametrize("text", ["", "{", "[]", '{"E1": 3}', '{"E1": {"key": "k"}}'])
def test_a_damaged_file_holds_no_record(tmp_path, text):
    (tmp_path / "records.json").write_text(text)
    assert records.current(tmp_path / "records.json") == {}
    assert records.current(tmp_path / "none.json") == {}


def test_reading_imports_no_torch():
    read = "from gradproof.site.experiment_records import current; current()"
    code = f"import sys; {read}; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)
