"""Which file changes which key: what a run rests on makes its records stale, and nothing else does."""

from __future__ import annotations

import pytest

from gradproof.site import sources
from gradproof.site.imports import rests_on

KEYS = {"run": sources.run_key, "numeric": sources.numeric_key, "entries": sources.entries_key}
ALL, NONE = frozenset(KEYS), frozenset()
CHANGES = {
    "derivations/softmax.py": ALL,
    "derivations/calculus/kernel/signs.py": ALL,
    "derivations/proof/theorem.py": ALL,
    "derivations/judges/ladder.py": {"run"},
    "derivations/language/claims.py": {"run"},
    "derivations/proof/rules/titles.py": {"entries"},
    "derivations/lectures/__init__.py": NONE,
    "numeric/checks.py": ALL,
    "numeric/oracles/softmax.py": ALL,
    "numeric/experiments/saturated_unit.py": NONE,
    "gradproof/records.py": ALL,
    "gradproof/run.py": ALL,
    "gradproof/memory.py": ALL,
    "gradproof/processes.py": ALL,
    "gradproof/latex.py": ALL,
    "gradproof/site/records.py": ALL,
    "gradproof/site/worked.py": ALL,
    "gradproof/functions.py": {"entries"},
    "gradproof/site/describing.py": {"entries"},
    "gradproof/site/entries.py": {"entries"},
    "gradproof/site/snippets.py": {"entries"},
    "gradproof/site/aliases.py": {"entries"},
    "gradproof/site/topics.py": {"entries"},
    "gradproof/site/result.py": NONE,
    "tests/conftest.py": NONE,
}


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout of the files that are changed here."""
    for path in (*CHANGES, *(f"gradproof/{name}" for name in sources.RECORDING)):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x = 1\n")
    monkeypatch.setattr(sources, "ROOT", tmp_path)
    return tmp_path


def keys():
    return {name: key() for name, key in KEYS.items()}


@pytest.mark.parametrize("path", CHANGES)
def test_the_files_are_those_of_the_project(path):
    assert (sources.ROOT / path).is_file()


@pytest.mark.parametrize(("path", "stale"), CHANGES.items(), ids=list(CHANGES))
def test_a_changed_line_changes_the_keys_of_what_rests_on_it(checkout, path, stale):
    before = keys()
    assert keys() == before
    (checkout / path).write_text("x = 2\n")
    assert {name for name, key in keys().items() if key != before[name]} == stale


NEW = {
    "derivations/new.py": ALL,
    "numeric/oracles/new.py": ALL,
    "derivations/judges/new.py": {"run"},
    "docs/new.py": NONE,
}


@pytest.mark.parametrize(("path", "stale"), NEW.items(), ids=list(NEW))
def test_a_new_file_counts_as_a_change(checkout, path, stale):
    before = keys()
    (checkout / path).parent.mkdir(parents=True, exist_ok=True)
    (checkout / path).write_text("")
    assert {name for name, key in keys().items() if key != before[name]} == stale


def test_a_file_of_another_name_counts_as_a_change(checkout):
    before = keys()
    (checkout / "derivations/softmax.py").rename(checkout / "derivations/softmin.py")
    assert not {name for name, key in keys().items() if key == before[name]}


@pytest.mark.parametrize("package", sources.TESTED)
def test_another_version_changes_every_key(checkout, monkeypatch, package):
    before, found = keys(), sources.versions()
    monkeypatch.setattr(sources, "versions", lambda: {**found, package: "0.0.1"})
    assert not {name for name, key in keys().items() if key == before[name]}


def test_a_build_for_another_device_is_the_same_release(checkout, monkeypatch):
    monkeypatch.setattr(sources, "versions", lambda: {"torch": "2.13.0+cpu"})
    before = keys()
    monkeypatch.setattr(sources, "versions", lambda: {"torch": "2.13.0+cu130"})
    assert keys() == before


def test_what_records_a_run_rests_on_nothing_of_the_face_that_is_in_no_key():
    """Of ``site/records.py`` only what it runs counts, which its functions import when they are called."""
    face = sources.ROOT / "gradproof"
    modules = [f"gradproof.{name.removesuffix('.py').replace('/', '.')}" for name in sources.RECORDING]
    found = {path for name in modules if name != "gradproof.site.records" for path in rests_on(name)}
    used = {path.relative_to(face).as_posix() for path in found if path.is_relative_to(face)}
    assert used <= set(sources.RECORDING)


def test_what_is_left_out_of_a_run_is_imported_by_no_module_of_it():
    paths = sources.modules(sources.NUMERIC, without=["numeric/experiments"])
    modules = [".".join(path.relative_to(sources.ROOT).with_suffix("").parts) for path in paths]
    modules.remove("gradproof.site.records")  # it has the whole site within reach, as above
    used = {path for module in modules for path in rests_on(module.removesuffix(".__init__"))}
    assert len(used) == len(paths) - 1
    assert sources.ROOT / sources.WORDS not in used
    assert not [path for path in used if path.is_relative_to(sources.ROOT / sources.LECTURES)]
