"""What wrong values have in common: a factor, a sign, a transposition, a size left out, overflow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

import numpy as np

from gradproof.implementations.comparison import Compared

CLOSE = 2.0**-40  # of the deviation: what a hint leaves unexplained is far less than what refutes, or is rounding
CLEAR = 16.0  # tolerances: what deviates by less may look like anything
_FORMS: dict[str, Callable[[int], float]] = {
    "{n}": lambda n: n,
    "1/{n}": lambda n: 1 / n,
    "{n}²": lambda n: n * n,
    "1/{n}²": lambda n: 1 / n**2,
    "√{n}": lambda n: n**0.5,
    "1/√{n}": lambda n: n**-0.5,
    "({n} − 1)/{n}": lambda n: (n - 1) / n,
    "{n}/({n} − 1)": lambda n: n / (n - 1) if n > 1 else np.nan,
}


def hints(told: Sequence[Compared], right: str) -> Iterator[str]:
    """Sentences about what all the compared points show; ``right`` names the reference: "autograd"."""
    wrong = [c for c in told if c.wrong.any()]
    ordinary = [c for c in told if c.ordinary and c.right.any()]
    if not any(c.ordinary for c in wrong):
        yield _only_extreme(wrong, right)
    elif not _clear(ordinary):
        pass
    elif factor := _constant_factor(ordinary):
        yield f"claimed = {factor} × {right} at every ordinary point".replace("= −1 × ", "= −")
    elif found := _factor_of_sizes(ordinary):
        factor, missing = found
        yield f"claimed = {factor} × {right} at every ordinary point{missing}"
    elif _transposed(ordinary):
        yield f"claimed is {right} transposed, at every ordinary point"
    elif _opposite_in_part(ordinary):
        yield f"|claimed| = |{right}| at every ordinary point: some signs are wrong"
    if entries := _where(wrong):
        yield entries
    narrow = {c.dtype for c in told} - {c.dtype for c in wrong}
    if narrow:
        yield f"in {', '.join(sorted(narrow))} nothing fails: the formula may be right, its rounding or range is not"


def _only_extreme(wrong: Sequence[Compared], right: str) -> str:
    finite = [np.isfinite(c.claimed[c.wrong]) for c in wrong]
    kinds = [f"overflow or a division by 0: not finite where {right} is"] if any(not f.all() for f in finite) else []
    kinds += ["digits or the range are lost"] if any(f.any() for f in finite) else []
    what = "; ".join(kinds)
    return f"all ordinary points agree; what fails is at extreme values ({what})"


# ---- a factor -----------------------------------------------------------------------------------------------------


def _fits(c: Compared, factor: float) -> bool:
    if not np.isfinite(factor):
        return False
    return _explains(c, c.claimed - factor * c.right, 1 + abs(factor))


def _explains(c: Compared, left_over: np.ndarray, tolerances: float = 1.0) -> bool:
    """Whether what is left over of a point's values is rounding, or nothing beside the deviation of the whole point."""
    deviation = c.error[c.told & np.isfinite(c.claimed)].max(initial=0.0)
    slack = tolerances * np.where(c.told, c.tolerance, 0.0) + CLOSE * deviation
    return bool((np.abs(left_over) <= slack)[c.told].all())


def _clear(points: Sequence[Compared]) -> bool:
    return any((c.told & (c.error > CLEAR * c.tolerance)).any() for c in points)


def _factor(c: Compared) -> float:
    place = np.unravel_index(np.argmax(np.abs(np.where(c.told, c.right, 0.0))), c.right.shape)
    return float(c.claimed[place] / c.right[place]) if c.right[place] else np.nan


def _constant_factor(points: Sequence[Compared]) -> str:
    if len(points) < 2:
        return ""
    factor = _factor(points[-1])
    if not factor or not np.isfinite(factor):
        return ""
    fraction = Fraction(factor).limit_denominator(24)
    if fraction not in (0, 1) and all(_fits(c, float(fraction)) for c in points):
        return _shown(float(fraction))
    return _shown(factor) if all(_fits(c, factor) for c in points) else ""


def _shown(factor: float) -> str:
    """A simple fraction, or as many digits as tell it from one."""
    fraction = Fraction(factor).limit_denominator(24)
    off = abs(float(fraction) - factor)
    digits = 8 if off > 1e-6 or not off else min(17, 2 - int(np.floor(np.log10(off))))
    return (f"{factor:.{digits}g}" if off else str(fraction)).replace("-", "−")


def _factor_of_sizes(points: Sequence[Compared]) -> tuple[str, str] | None:
    """``1/n``, possibly times a number that is the same for all sizes; and what is missing if so."""
    if len({tuple(c.sizes.values()) for c in points}) < 2:
        return None
    for name in points[0].sizes:
        if len({c.sizes.get(name) for c in points}) < 2:
            continue
        for form, value in _FORMS.items():
            for number in (1.0, -1.0, 2.0, 0.5):
                # a form such as n/(n − 1) says nothing at n = 1
                some = [c for c in points if np.isfinite(value(c.sizes[name]))]
                if len({c.sizes[name] for c in some}) > 1 and all(
                    _fits(c, number * value(c.sizes[name])) for c in some
                ):
                    factor = form.format(n=name) if number == 1 else f"{_shown(number)} {form.format(n=name)}"
                    return factor, f": 1/{name} is missing" if form == "{n}" else ""
    return None


# ---- shapes and signs ---------------------------------------------------------------------------------------------


def _transposed(points: Sequence[Compared]) -> bool:
    square = [c for c in points if c.right.ndim == 2 and c.right.shape[0] == c.right.shape[1] > 1]
    return bool(square) and all(_explains(c, c.claimed.T - c.right) for c in square)


def _opposite_in_part(points: Sequence[Compared]) -> bool:
    return len(points) > 1 and all(
        _explains(c, np.abs(c.claimed) - np.abs(c.right)) and (c.claimed * c.right < 0)[c.wrong].all() for c in points
    )


def _where(wrong: Sequence[Compared]) -> str:
    """Whether it is always on the diagonal, or always off it, that a matrix is wrong."""
    square = [c for c in wrong if c.right.ndim == 2 and c.right.shape[0] == c.right.shape[1] > 1]
    if not square:
        return ""
    on = any(c.wrong.diagonal().any() for c in square)
    off = any((c.wrong & ~np.eye(len(c.right), dtype=bool)).any() for c in square)
    return "" if on == off else f"only entries {'on' if on else 'off'} the diagonal are wrong"


def sizes_of(shapes: Mapping[str, tuple[int, ...]]) -> dict[str, int]:
    """Extents by a name: ``len(x)``, ``x.shape[1]`` and, for several axes, the number of entries."""
    found: dict[str, int] = {}
    for name, shape in shapes.items():
        found |= {f"{name}.shape[{axis}]" if axis else f"len({name})": extent for axis, extent in enumerate(shape)}
        if len(shape) > 1:
            found[f"(entries of {name})"] = int(np.prod(shape))
    return found
