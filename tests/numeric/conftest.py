"""The statements of ``statements.py``, for any test that asks for them."""

import importlib.util
import sys
from pathlib import Path

import pytest

_PATH = Path(__file__).with_name("statements.py")


@pytest.fixture(scope="session")
def st():
    """The module of statements; loaded by path, since the tests are not a package."""
    spec = importlib.util.spec_from_file_location("numeric_test_statements", _PATH)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
