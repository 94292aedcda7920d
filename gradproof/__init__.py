"""The face of gradproof: verify the results, read them, use them.

gradproof.load("softmax.jacobian")                    a theorem: statement, steps, expression, LaTeX
gradproof.function("softmax.jacobian", "numpy")       its closed form as a vectorised function
gradproof.source("softmax.jacobian")                  the same as PyTorch or NumPy source to copy
gradproof.verify("softmax")                           records of a run, as the command line prints them
gradproof.catalogue()                                 the names of all results
gradproof.check("diff(tanh(x), x) == 1 - tanh(x)**2") a verdict on a formula of your own
gradproof.check_gradient(f, claimed, inputs)          a gradient written by hand against autograd of f
gradproof.matches(implementation, "softmax.jacobian") a function against the closed form of a theorem
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from derivations import catalogue, load

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, Literal

    from derivations.proof.theorem import Result
    from gradproof.claims.verdicts import ClaimVerdict
    from gradproof.implementations import check_gradient, matches
    from gradproof.records import Record

__version__ = "0.1.0"
__all__ = ["__version__", "catalogue", "check", "check_gradient", "function", "load", "matches", "source", "verify"]

_LAZY = ("check_gradient", "matches")  # they import torch, which most users of this package do not wait for


def __dir__() -> list[str]:
    return list(__all__)


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        from gradproof import implementations

        return getattr(implementations, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def check(
    claim: str,
    *,
    where: str | Sequence[str] = (),
    let: str | Sequence[str] = (),
    seconds: float = 9.0,
    advice: bool = True,
) -> ClaimVerdict:
    """A verdict on a formula of your own: proved for all sizes and inputs, refuted at a point, or in between.

    The text is parsed, never evaluated, and judged in a process that is stopped after ``seconds``; the process stays
    for the next call.

    Args:
        claim: one comparison in NumPy's notation, such as ``"diff(tanh(x), x) == 1 - tanh(x)**2"``.
        where: declarations, separated by ";" or in a list: ``"A: real[m, n]; x: real[n]; eps > 0"``. Undeclared names
            are real scalars.
        let: abbreviations, such as ``"s = sigmoid(w*x + b)"``, one or a list.
        seconds: the time for this claim; when it is over the status is ``unknown``.
        advice: look for what a refuted claim may have meant.

    Returns:
        A verdict with ``status`` (proved, refuted, consistent, unknown, invalid), ``method``, ``hypotheses``,
        ``trusted``, ``witness``, ``error`` and ``advice``; ``print`` shows it as the command line does, ``record()``
        gives plain data.

    Raises:
        TypeError: a text that is none.
        NoWorkers: the process that judges cannot be started.
    """
    from gradproof.claims.verdicts import Source
    from gradproof.claims.workers import check_one

    several = [[text] if isinstance(text, str) else list(text) for text in (where, let)]
    for text in (claim, *several[0], *several[1]):
        if not isinstance(text, str):
            raise TypeError(f"a claim, its declarations and abbreviations are text, not {text!r}")
    return check_one(Source(claim, "; ".join(several[0]), tuple(several[1])), seconds=seconds, teach=advice)


def function(name: str | Result, backend: Literal["torch", "numpy"] = "torch") -> Callable[..., Any]:
    """The closed form of a theorem as a vectorised function, with a signature and a docstring.

    The function takes one array for each quantity of the formula, ordered by name; ``help`` of it lists their shapes
    and domains. Every array may carry leading batch axes, which broadcast; the result has them in front of the axes of
    the theorem's free indices. It is computed in the dtype of the arrays, in PyTorch on their device. Shapes are
    checked, domains are not: outside of its domain a formula gives what the arithmetic gives, such as nan.

    Args:
        name: a registry name, or the theorem itself, which may be one of your own.
        backend: "torch" or "numpy": what the function takes and gives.

    Returns:
        The function. It raises ``ShapeError`` where the shapes of its arguments contradict each other.

    Raises:
        UnknownName: no result has the name; the message has the nearest.
        TypeError: the result has no closed form (an erratum, a bound), or what is given is no name at all.
        ValueError: another backend.
    """
    from gradproof.functions import closed_form

    return closed_form(_asked(name), backend)


def source(name: str | Result, backend: Literal["torch", "numpy"] = "torch") -> str:
    """The closed form of a theorem as source to copy: a module with one function, which needs nothing of this project.

    Sizes are read off the shapes of the arguments, definitions become local variables, every array may carry leading
    batch axes. An argument that the formula does not depend on is left out. The function checks neither domains nor
    shapes, but for the length of a sequence.

    Args:
        name: a registry name, or the theorem itself, which may be one of your own.
        backend: "torch" or "numpy": what the function takes and gives.

    Returns:
        The text of the module, with the statement and where it comes from at its head.

    Raises:
        UnknownName: no result has the name; the message has the nearest.
        TypeError: the result has no closed form (an erratum, a bound), or what is given is no name at all.
        ValueError: another backend.
        NoSource: a formula that cannot be written soundly; the message says why.
    """
    from gradproof.export.source import source_of

    return source_of(_asked(name), backend)


def verify(
    names: str | Result | Iterable[str | Result] = (),
    *,
    symbolic: bool = True,
    numeric: bool = True,
    jobs: int = 1,
    device: str = "cpu",
    dtypes: str | Sequence[str] = ("float64",),
    points: int = 1000,
    seed: int = 0,
    seconds: float = 120.0,
    progress: Callable[[Record], None] | None = None,
) -> list[Record]:
    """Derive, judge and compare the named results or topics; all of them when none is named.

    Args:
        names: a result or a topic by its name, a theorem or an erratum itself, or several of these, in anything that
            can be iterated over. One that is not in the registry, such as one of your own, runs in this process.
        symbolic: derive every step, judge it, and tell the judges lies.
        numeric: compare the numbers with autograd, PyTorch's own operators and 200-bit arithmetic; needs torch.
        jobs: 1 runs in this process, where a result that does not end cannot be killed; more are that many worker
            processes, and a result that takes longer than ``seconds`` is killed and ``unknown``.
        device: where the numbers run: "cpu", "cuda" or "cuda:N".
        dtypes: "float64", "float32" or both.
        points: random points a check.
        seed: of the random points, 0 or more.
        seconds: the time that a result may take in a worker process.
        progress: called with each record as it comes.

    Returns:
        One record a result, in the order asked: ``name``, ``kind``, ``status``, ``numeric``, ``as_claimed``, and all
        that the run found in ``data()``.

    Raises:
        UnknownName: no result or topic has the name; the message has the nearest.
        TypeError, ValueError: an option, or what stands for a name, that cannot be.
        JudgesDisagree: two judges contradict each other, so nothing may be believed.
    """
    from gradproof import run

    several = [names] if isinstance(names, str) or not isinstance(names, Iterable) else names
    return run.verify(
        [_asked(one) for one in several],  # type: ignore[arg-type]
        symbolic=symbolic,
        numeric=numeric,
        jobs=jobs,
        device=device,
        dtypes=dtypes,
        points=points,
        seed=seed,
        seconds=seconds,
        progress=progress,
    )


def _asked(thing: str | Result) -> str | Result:
    """A name or a result as it stands. Raises TypeError for anything else."""
    from derivations.proof.theorem import Erratum, Theorem

    if not isinstance(thing, (str, Theorem, Erratum)):
        raise TypeError(f"a result is named by a string such as 'softmax.jacobian', not by {thing!r}")
    return thing
