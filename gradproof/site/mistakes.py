"""A mistake in the sources, told in a few lines: where it is and what it is, without the way there."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gradproof.site.sources import ROOT


@contextmanager
def told() -> Iterator[None]:
    """Of a program that the site calls: an error ends it with exit code 1 and the lines of :func:`said`."""
    try:
        yield
    except Exception as error:
        sys.exit(said(error))


def said(error: BaseException) -> str:
    """The last place of this checkout that the error passed through, and the error itself."""
    lines = "".join(traceback.format_exception_only(error)).rstrip()
    if isinstance(error, SyntaxError):  # says itself where it is
        return lines
    places = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(ROOT)]
    if not places:
        return lines
    at = places[-1]
    return f'  File "{Path(at.filename).relative_to(ROOT)}", line {at.lineno}, in {at.name}\n    {at.line}\n{lines}'
