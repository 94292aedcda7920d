"""A mistake is told where it is, in a few lines."""

from __future__ import annotations

import pytest

from derivations import load
from gradproof.site.mistakes import said, told


def test_a_mistake_in_the_syntax():
    with pytest.raises(SyntaxError) as caught:
        compile("x = = 1\n", "derivations/softmax.py", "exec")
    lines = said(caught.value).splitlines()
    assert lines[0] == '  File "derivations/softmax.py", line 1'
    assert lines[-1] == "SyntaxError: invalid syntax"
    assert len(lines) <= 4


def test_another_mistake_has_its_place_in_the_checkout():
    with pytest.raises(LookupError) as caught:
        load("softmax.jacobain")
    place, line, message = said(caught.value).splitlines()
    assert place.startswith('  File "derivations/__init__.py", line ')
    assert line.strip().startswith("raise UnknownName")
    assert "softmax.jacobian" in message


def test_a_program_ends_with_it():
    with pytest.raises(SystemExit, match="division by zero"), told():
        _ = 1 / 0
