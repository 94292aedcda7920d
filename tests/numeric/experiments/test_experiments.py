"""Every experiment: the same twice, as foreseen, and able to fail."""

import json
import subprocess
import sys
from dataclasses import fields

import numpy as np
import pytest
import torch

import derivations
from derivations.proof.source import Source
from numeric import experiments
from numeric.experiments.figure import from_record

SECONDS = 5  # a run must stay below, on two busy cores


@pytest.fixture(scope="module", params=experiments.catalogue())
def experiment(request):
    return experiments.load(request.param)


@pytest.fixture(scope="module")
def run(experiment):
    return experiment.run()


def test_the_catalogue_is_in_order():
    assert experiments.catalogue() == ("E1", "E2", "E4", "E11", "E13")


def test_an_unknown_id_is_told_the_known_ones():
    with pytest.raises(experiments.UnknownExperiment, match=r"E99.*E1"):
        experiments.load("E99")


def test_it_says_where_it_comes_from(experiment):
    assert isinstance(experiment.source, Source) and experiment.source.slide
    assert experiment.says and experiment.chosen and experiment.catalogue
    assert f"def {experiment.measure.__name__}" in experiment.code


def test_every_parameter_says_what_it_means(experiment):
    assert list(experiment.meanings) == [f.name for f in fields(experiment.parameters)]
    assert all(experiment.meanings.values())


def test_the_results_that_it_names_exist(experiment):
    for name in experiment.results:
        assert derivations.load(name).name == name


def test_every_finding_is_as_foreseen(run):
    assert not [f for f in run.findings if not f.as_foreseen]
    assert all(f.measured is not None for f in run.findings)
    assert len({f.name for f in run.findings}) == len(run.findings) > 0
    assert run.seconds < SECONDS


def test_every_seed_finds_the_same(experiment):
    for seed in (1, 2, 3) if experiment.random else ():
        assert not [f for f in experiment.run(seed=seed).findings if not f.as_foreseen], seed


def test_two_runs_measure_the_same_to_the_last_digit(experiment, run):
    again = experiment.run()
    assert run.data.arrays.keys() == again.data.arrays.keys()
    for name, array in run.data.arrays.items():
        assert array.dtype == (np.float64 if array.dtype.kind == "f" else array.dtype)
        assert np.array_equal(array, again.data[name])


def test_the_seed_matters_where_it_is_said_to(experiment, run):
    other = experiment.run(seed=1)
    same = all(np.array_equal(array, other.data[name]) for name, array in run.data.arrays.items())
    assert same is not experiment.random


def test_wrong_parameters_are_caught_and_every_finding_can_fail(experiment):
    caught = experiment.caught()
    assert not [c["changes"] for c in caught if not c["by"]]
    assert {name for c in caught for name in c["by"]} == {e.name for e in experiment.expect}


def test_a_parameter_that_does_not_exist_is_refused(experiment):
    with pytest.raises(TypeError, match="no_such_parameter"):
        experiment.run(no_such_parameter=1)


def test_the_record_survives_json_and_holds_the_figure(experiment, run):
    record = json.loads(json.dumps(run.record(), allow_nan=False))
    assert record["parameters"].keys() == {f.name for f in fields(experiment.parameters)}
    assert record["seed"] == (0 if experiment.random else None)
    assert record["versions"]["torch"] == torch.__version__
    assert from_record(record["figure"]) == from_record(run.figure.record())
    assert run.figure.caption and all(panel.series for panel in run.figure.panels)


def test_a_run_leaves_torch_as_it_was(experiment):
    before = torch.get_default_dtype(), torch.get_num_threads(), torch.get_rng_state()
    experiment.run()
    assert (torch.get_default_dtype(), torch.get_num_threads()) == before[:2]
    assert torch.equal(torch.get_rng_state(), before[2])


def test_numeric_imports_no_plotting_library():
    code = "import sys; from numeric.experiments import load; load('E1').record(); print('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
