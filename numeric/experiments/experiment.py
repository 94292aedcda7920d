"""An experiment as a value: where the lecture has it, what it says, how it is run, what is expected, what is drawn."""

from __future__ import annotations

import inspect
import platform
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, get_type_hints

import numpy as np
import torch

from derivations.proof.source import Source
from numeric.experiments.figure import Figure
from numeric.experiments.findings import Data, Expectation, Finding

Changes = Mapping[str, Any]  # of parameters, by name


@dataclass(frozen=True)
class Experiment:
    """A lecture's plot or training run, made again.

    ``measure(parameters, seed)`` returns arrays by name, ``draw(data)`` the figure. ``wrong`` are changes of parameters
    under which the run must not come out as foreseen, and between them every expectation must fail at least once:
    what no change can fail says nothing.
    """

    id: str
    title: str
    source: Source
    says: str  # what the lecture says about it, in our words
    parameters: Any  # a frozen dataclass of the defaults; each field is Annotated with what it means
    measure: Callable[[Any, int], Mapping[str, Any]]
    expect: tuple[Expectation, ...]
    draw: Callable[[Data], Figure]
    wrong: tuple[Changes, ...]
    chosen: str = ""  # what the lecture leaves open and how it was chosen here
    random: bool = True  # whether the seed matters
    catalogue: tuple[str, ...] = ()  # rows of the lectures' catalogue
    results: tuple[str, ...] = ()  # theorems that say the same, by registry name

    def run(self, seed: int = 0, **changes: Any) -> Run:
        """One run, in float64 on the CPU. ``changes`` are parameters other than the defaults; TypeError for no such."""
        parameters = replace(self.parameters, **changes)
        started = time.perf_counter()
        with _reproducible():
            arrays = {name: np.asarray(array) for name, array in self.measure(parameters, seed).items()}
        data = Data(parameters, arrays)
        findings = tuple(expectation.judge(data) for expectation in self.expect)
        return Run(self, seed, data, findings, time.perf_counter() - started)

    def caught(self) -> list[dict[str, Any]]:
        """What each of the wrong parameters is caught by: the findings that do not come out as foreseen."""
        runs = ((changes, self.run(**changes)) for changes in self.wrong)
        return [
            {"changes": dict(changes), "by": [f.name for f in run.findings if not f.as_foreseen]}
            for changes, run in runs
        ]

    def record(self, seed: int = 0, **changes: Any) -> dict[str, Any]:
        """The record of a run, with what the wrong parameters are caught by."""
        return {**self.run(seed, **changes).record(), "wrong": self.caught()}

    @property
    def meanings(self) -> dict[str, str]:
        """What each parameter means, by its name."""
        hints = get_type_hints(type(self.parameters), include_extras=True)
        return {field.name: hints[field.name].__metadata__[0] for field in fields(self.parameters)}

    @property
    def module(self) -> str:
        """Where the code is: ``numeric.experiments.saturated_unit``."""
        return self.measure.__module__

    @property
    def code(self) -> str:
        """The text of the whole module: what was run, not an excerpt."""
        return inspect.getsource(inspect.getmodule(self.measure))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Run:
    """An experiment after it ran."""

    experiment: Experiment
    seed: int
    data: Data
    findings: tuple[Finding, ...]
    seconds: float

    @property
    def figure(self) -> Figure:
        return self.experiment.draw(self.data)

    @property
    def as_foreseen(self) -> bool:
        return all(finding.as_foreseen for finding in self.findings)

    def record(self) -> dict[str, Any]:
        """For JSON: everything that a page needs, and with what versions it came to be."""
        experiment = self.experiment
        return {
            "id": experiment.id,
            "title": experiment.title,
            "source": experiment.source.record(),
            "says": experiment.says,
            "chosen": experiment.chosen,
            "catalogue": list(experiment.catalogue),
            "results": list(experiment.results),
            "module": experiment.module,
            "parameters": asdict(self.data.parameters),
            "seed": self.seed if experiment.random else None,
            "versions": versions(),
            "seconds": round(self.seconds, 3),
            "data": {name: summary(array) for name, array in self.data.arrays.items()},
            "findings": [finding.record() for finding in self.findings],
            "as_foreseen": self.as_foreseen,
            "figure": self.figure.record(),
        }


def summary(array: np.ndarray) -> dict[str, Any]:
    """Shape and extremes of an array: enough to see whether a later run measured the same."""
    if not array.size:
        return {"shape": list(array.shape)}
    return {
        "shape": list(array.shape),
        "least": float(array.min()),
        "greatest": float(array.max()),
        "mean": float(array.mean()),
    }


def versions() -> dict[str, str]:
    return {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__}


@contextmanager
def _reproducible() -> Iterator[None]:
    """Float64, one thread: the order of every sum, and with it every digit, is the same however busy the machine is."""
    dtype, threads = torch.get_default_dtype(), torch.get_num_threads()
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_default_dtype(dtype)
        torch.set_num_threads(threads)
