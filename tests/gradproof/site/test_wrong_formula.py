"""A formula that cannot be typeset: it ends a build in two lines; while serving it stands on its page, in words."""

from __future__ import annotations

import markdown
import pytest

from gradproof.site.katex import TexError

EXTENSIONS = ["pymdownx.arithmatex", "gradproof.site.markdown"]


def html_of(text, **options):
    configs = {"pymdownx.arithmatex": {"generic": True}, "gradproof.site.markdown": options}
    return markdown.markdown(text, extensions=EXTENSIONS, extension_configs=configs)


def test_it_raises():
    with pytest.raises(TexError, match=r"in the formula: \\frac\{1\}\{2"):
        html_of(r"Here $\frac{1}{2$ is cut.")


def test_or_something_stands_in_its_place():
    page = html_of(r"Here $\sgima$ is wrong and $x$ is right.", wrong=lambda error: f"<b>{type(error).__name__}</b>")
    assert "<b>TexError</b>" in page
    assert 'data-tex="x"' in page
