"""Reading a drawing as a reader does: the values of points, from the labels of the axes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

RAISED = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"
PLAIN = str.maketrans(f"−{RAISED}", "--0123456789")


def number(text: str) -> float:
    """The value of a number as we print it: 0.5, −2, 10⁻⁶, 8.5·10⁻⁸."""
    found = re.fullmatch(rf"(?:([−\d.]+)\s*·\s*)?10([{RAISED}]+)", text.strip())
    if found is None:
        return float(text.translate(PLAIN))
    return float((found[1] or "1").translate(PLAIN)) * 10.0 ** int(found[2].translate(PLAIN))


def scale_of(places: Sequence[float], values: Sequence[float]) -> Callable[..., np.ndarray]:
    """The map from values to pixels that the labels of an axis state; they must all agree with it."""
    slope, offset = np.polyfit(values, places, 1)
    assert np.allclose(np.multiply(slope, values) + offset, places, atol=0.2)
    return lambda v: slope * np.asarray(v) + offset
