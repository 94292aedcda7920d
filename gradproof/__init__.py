"""The face of gradproof: verify the results, read them, use them.

gradproof.load("softmax.jacobian")                    a theorem: statement, steps, expression, LaTeX
gradproof.function("softmax.jacobian", "numpy")       its closed form as a vectorised function
gradproof.verify(["softmax"])                         records of a run, as the command line prints them
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

from derivations import catalogue, load

if TYPE_CHECKING:
    from gradproof.records import Record

__version__ = "0.1.0"
__all__ = ["__version__", "catalogue", "function", "load", "verify"]


def function(name: str, backend: Literal["torch", "numpy"] = "torch") -> Callable[..., Any]:
    """The closed form of a theorem as a vectorised function, with a signature and a docstring.

    Arrays may carry leading batch dimensions. Raises UnknownName for a name no result has, TypeError for a result that
    has no closed form (an erratum, a bound), ValueError for another backend.
    """
    from gradproof.functions import closed_form

    return closed_form(name, backend)


def verify(names: list[str] | tuple[str, ...] = (), **options: Any) -> list[Record]:
    """Derive, judge and compare the named results or topics; all of them when none is named.

    Options as in ``gradproof.run.verify``. Raises UnknownName.
    """
    from gradproof import run

    return run.verify(names, **options)
