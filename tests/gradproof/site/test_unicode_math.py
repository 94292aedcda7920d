from __future__ import annotations

import pytest

from gradproof.site.unicode_math import latex_of_text


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("n ≥ 1", r"n \ge 1"),
        ("z ∈ ℝⁿ", r"z \in \mathbb{R}^{n}"),
        ("W ∈ ℝᵐˣⁿ", r"W \in \mathbb{R}^{m\times n}"),
        ("v₁, v₂, … ∈ ℝ", r"v_{1}, v_{2}, \dots \in \mathbb{R}"),
        ("β₁ ∈ (0, 1)", r"\beta_{1} \in (0, 1)"),
        ("ḡ ∈ ℝ", r"\bar{g} \in \mathbb{R}"),
        ("g ∈ ℝ, random", r"g \in \mathbb{R}, \text{ random }"),
    ],
)
def test_a_line_of_unicode(text, latex):
    assert "".join(latex_of_text(text).split()) == "".join(latex.split())
