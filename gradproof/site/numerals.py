"""Numbers as text for a page: a true minus sign, and powers of ten where there is an exponent."""

from __future__ import annotations

import re
from typing import Any

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def power(exponent: int) -> str:
    """A power of ten: 10⁻³."""
    return f"10{str(exponent).translate(_RAISED)}"


def scientific(text: str) -> str:
    """The numbers in a text as we print them: 8.5·10⁻⁸ for 8.5e-08, 10⁻¹² for 1e-12."""

    def powered(found: re.Match[str]) -> str:
        mantissa, raised = found[1], power(int(found[2]))
        return raised if mantissa == "1" else f"{mantissa}·{raised}"

    return re.sub(r"(?<![\d.])(\d+(?:\.\d+)?)e([+-]\d+)", powered, text).replace("-", "−")


def shown(value: Any) -> str:
    """A value: six digits of a number, 0.1, 0.3, 0.5 for a list."""
    if isinstance(value, (list, tuple)):
        return ", ".join(map(shown, value))
    return scientific(f"{value:.6g}") if isinstance(value, float) else str(value).replace("-", "−")
