"""A book without records, and one with the records of a real run of a few results."""

from __future__ import annotations

import pytest

pytest.importorskip("quickjs", reason="the site's packages are not installed: pip install -e .[site]")

import gradproof
from derivations import catalogue, load
from gradproof.site import PARTS
from gradproof.site.book import Book
from gradproof.site.describing import describe
from gradproof.site.records import Run, _with_working
from tests.support.built_site import build

RAN = ("activations.sigmoid_derivative_bound", "softmax.jacobian", "softmax.single_term_chain")


@pytest.fixture(scope="session")
def entries():
    return tuple(describe(load(name)) for name in catalogue())


@pytest.fixture(scope="session")
def run():
    records = gradproof.verify(RAN, dtypes=("float64", "float32"), points=100)
    data = {record.name: _with_working(record.data()) for record in records}
    return Run(data, date="2026-01-01", seconds=1.0, versions={"torch": "2", "sympy": "1", "python": "3"})


@pytest.fixture(scope="session")
def blank(entries):
    """Nothing has run."""
    return Book(entries, parts=frozenset(PARTS))


@pytest.fixture(scope="session")
def book(entries, run):
    """Three results have run, the others have not."""
    return Book(entries, run, parts=frozenset(PARTS))


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The site of the checkout, built strictly."""
    return build(tmp_path_factory.mktemp("site"))
