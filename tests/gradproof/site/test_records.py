"""A record counts only for the sources it is of."""

from __future__ import annotations

import pytest

from gradproof.site import records, sources
from gradproof.site.records import NOT_RUN, Run, read, write

RUN = Run({"a.b": {"status": "proved"}}, date="2026-01-01", seconds=2.0)


def test_what_is_written_is_read(tmp_path):
    write(tmp_path / "deep" / "run.json", "key", RUN)
    assert read(tmp_path / "deep" / "run.json", "key") == RUN


def test_another_key_is_no_record(tmp_path):
    write(tmp_path / "run.json", "of older sources", RUN)
    assert read(tmp_path / "run.json", "key") == NOT_RUN
    assert not NOT_RUN


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"key": "key", "unheard": 1}'])
def test_a_damaged_file_is_no_record(tmp_path, text):
    (tmp_path / "run.json").write_text(text)
    assert read(tmp_path / "run.json", "key") == NOT_RUN


def test_a_missing_file_is_no_record(tmp_path):
    assert read(tmp_path / "none.json", "key") == NOT_RUN


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout of a few sources."""
    numeric = ("numeric/checks.py", "numeric/experiments/e1.py")
    face = tuple(f"gradproof/{name}" for name in sources.RECORDING)
    aside = (sources.WORDS, f"{sources.LECTURES}/__init__.py")
    for path in ("derivations/softmax.py", "derivations/judges/kernel.py", *aside, *numeric, *face):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x = 1\n")
    monkeypatch.setattr(sources, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize("path", ["derivations/softmax.py", "derivations/judges/kernel.py", "numeric/checks.py"])
def test_one_changed_line_makes_the_records_stale(checkout, path):
    before = sources.run_key()
    assert sources.run_key() == before
    (checkout / path).write_text("x = 2\n")
    assert sources.run_key() != before


def test_a_new_file_makes_them_stale(checkout):
    before = sources.run_key()
    (checkout / "derivations" / "new.py").write_text("")
    assert sources.run_key() != before


def test_a_judge_has_no_part_in_the_numbers(checkout):
    numbers, all_of_it = sources.numeric_key(), sources.run_key()
    (checkout / "derivations/judges/kernel.py").write_text("x = 2\n")
    assert sources.numeric_key() == numbers
    assert sources.run_key() != all_of_it


@pytest.mark.parametrize("path", [sources.WORDS, f"{sources.LECTURES}/__init__.py", "numeric/experiments/e1.py"])
def test_what_no_run_looks_at_leaves_the_records_current(checkout, path):
    before = sources.run_key(), sources.numeric_key()
    (checkout / path).write_text("x = 2\n")
    assert (sources.run_key(), sources.numeric_key()) == before


def test_another_version_makes_them_stale(checkout, monkeypatch):
    before = sources.run_key()
    monkeypatch.setattr(sources, "versions", lambda: {"torch": "1.0.0"})
    assert sources.run_key() != before


def test_a_gpu_run_counts_for_its_own_sources_only(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "COMMITTED", tmp_path)
    assert records.on_gpu() == NOT_RUN
    gpu = Run({"a.b": {"checks": []}}, device="cuda", machine="a GPU", date="2026-01-02")
    write(tmp_path / "old.json", "older sources", gpu)
    assert records.on_gpu() == NOT_RUN
    write(tmp_path / "new.json", sources.numeric_key(), gpu)
    assert records.on_gpu() == gpu
