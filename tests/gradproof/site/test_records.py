"""A record counts only for the sources it is of."""

from __future__ import annotations

import copy
import json
from dataclasses import replace

import pytest

from gradproof.site import records, sources
from gradproof.site.badges import badges
from gradproof.site.records import NOT_RUN, read, write


def test_what_is_written_is_read(tmp_path, run):
    write(tmp_path / "deep" / "run.json", "key", run)
    assert read(tmp_path / "deep" / "run.json", "key") == run


def test_another_key_is_no_record(tmp_path, run):
    write(tmp_path / "run.json", "of older sources", run)
    assert read(tmp_path / "run.json", "key") == NOT_RUN
    assert not NOT_RUN


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", "null", '"text"', "3", '{"key": "key", "unheard": 1}', "[" * 9999]
)
def test_a_damaged_file_is_no_record(tmp_path, text):
    (tmp_path / "run.json").write_text(text)
    assert read(tmp_path / "run.json", "key") == NOT_RUN


def test_a_file_that_is_no_text_is_no_record(tmp_path):
    (tmp_path / "run.json").write_bytes(b"\xff\xfe\x00")
    assert read(tmp_path / "run.json", "key") == NOT_RUN


NAME = "softmax.single_term_chain"
DAMAGE = [
    ("device", None),
    ("date", 3),
    ("versions", None),
    ("records", []),
    ("records softmax.jacobian", "proved"),
    ("records softmax.jacobian name", "softmax.normalised"),
    ("records softmax.jacobian status", None),
    ("records softmax.jacobian verdicts ball", {}),
    ("records softmax.jacobian steps 0 verdict", "proved"),
    ("records softmax.jacobian lies 0", {"status": "refuted"}),
    ("records softmax.jacobian checks 0 device", None),
    ("records softmax.jacobian checks 0 status", "weird"),
    ("records softmax.jacobian checks", {}),
    (f"records {NAME} witness", {"left": "1"}),
]


@pytest.mark.parametrize(("place", "wrong"), DAMAGE, ids=[place for place, _ in DAMAGE])
def test_a_file_of_another_form_is_no_record(tmp_path, run, place, wrong):
    path = tmp_path / "run.json"
    write(path, "key", run)
    data = json.loads(path.read_text())
    *way, last = place.split()
    inner = data
    for step in way:
        inner = inner[int(step) if step.isdigit() else step]
    inner[int(last) if last.isdigit() else last] = wrong
    path.write_text(json.dumps(data))
    assert read(path, "key") == NOT_RUN


def test_a_missing_file_is_no_record(tmp_path):
    assert read(tmp_path / "none.json", "key") == NOT_RUN


@pytest.fixture
def committed(tmp_path, monkeypatch):
    """The folder of the runs that were committed, empty."""
    monkeypatch.setattr(records, "COMMITTED", tmp_path)
    return tmp_path


def on(run, device, date="2026-01-02", machine="a GPU", checks=None):
    """The run as if made on a device, its checks on another if one is named."""
    found = copy.deepcopy(run.records)
    for record in found.values():
        for check in record["checks"]:
            check["device"] = checks or device
    return replace(run, records=found, device=device, date=date, machine=machine)


def test_a_gpu_run_counts_for_its_own_sources_only(committed, run):
    assert records.on_gpu() == NOT_RUN
    gpu = on(run, "cuda")
    write(committed / "old.json", "older sources", gpu)
    assert records.on_gpu() == NOT_RUN
    write(committed / "new.json", sources.numeric_key(), gpu)
    assert records.on_gpu() == gpu


def test_a_run_of_a_cpu_is_none_of_a_gpu(committed, run):
    write(committed / "cpu.json", sources.numeric_key(), on(run, "cpu", checks="cuda:0"))
    assert records.on_gpu() == NOT_RUN


def test_the_newest_run_of_a_gpu_counts(committed, run):
    for name, day in (("a", "2026-01-01"), ("b", "2026-01-03"), ("c", "2026-01-02")):
        write(committed / f"{name}.json", sources.numeric_key(), on(run, "cuda:0", f"{day}", name))
    assert (records.on_gpu().date, records.on_gpu().machine) == ("2026-01-03", "b")


def test_a_check_that_a_cpu_made_is_none_of_a_gpu(committed, run):
    write(committed / "cuda.json", sources.numeric_key(), on(run, "cuda", checks="cpu"))
    assert records.on_gpu() == NOT_RUN


def test_of_a_gpu_run_only_its_own_checks_are_shown(committed, run):
    gpu = on(run, "cuda")
    own = gpu.records["softmax.jacobian"]["checks"]
    for record in gpu.records.values():
        for check in record["checks"]:
            check["device"] = "cpu" if check["oracle"] == "autograd" else "cuda"
    write(committed / "cuda.json", sources.numeric_key(), gpu)
    record = records.on_gpu().records["softmax.jacobian"]
    assert record["checks"] == [check for check in own if check["device"] == "cuda"] != []
    shown = {badge.label: badge.headline for badge in badges("theorem", None, record)}
    assert shown["Autograd GPU"] == "not run"
