"""The lectures' plots and training runs, made again: parameters, code, and what came out beside what the lecture says.

    from numeric import experiments

    experiments.catalogue()                      every id: E1, E2, ...
    run = experiments.load("E1").run(epochs=100)   deterministic, float64, on the CPU
    run.findings                                 each expectation: holds or differs, with the measured value
    run.figure                                   what to draw, for any renderer
    run.record()                                 all of it, for JSON

A new experiment is a value of :class:`Experiment` in a module that ``MODULES`` names.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache

from numeric.experiments.experiment import Experiment, Run
from numeric.experiments.figure import Axis, Figure, Note, Panel, Series
from numeric.experiments.findings import Data, Expectation, Finding

__all__ = [
    "Axis",
    "Data",
    "Expectation",
    "Experiment",
    "Figure",
    "Finding",
    "Note",
    "Panel",
    "Run",
    "Series",
    "UnknownExperiment",
    "catalogue",
    "load",
]

MODULES = ("saturated_unit", "gradient_by_layer", "moving_averages", "activation_curves")


class UnknownExperiment(LookupError):
    """An id that no experiment has."""


@cache
def _experiments() -> Mapping[str, Experiment]:
    found: dict[str, Experiment] = {}
    for module in MODULES:
        for value in vars(importlib.import_module(f"numeric.experiments.{module}")).values():
            if isinstance(value, Experiment):
                if value.id in found:
                    raise ValueError(f"two experiments have the id {value.id}")
                found[value.id] = value
    return dict(sorted(found.items(), key=lambda item: int(item[0][1:])))


def catalogue() -> tuple[str, ...]:
    """The ids of all experiments, in the order of their numbers."""
    return tuple(_experiments())


def load(id: str) -> Experiment:
    """An experiment by its id. Raises UnknownExperiment, with all ids."""
    if id not in _experiments():
        raise UnknownExperiment(f"no experiment is named {id!r}; there are {', '.join(catalogue())}")
    return _experiments()[id]
