"""mkdocs itself: a strict build without a warning, and a typo in a formula that fails it."""

from __future__ import annotations

import json

import pytest

from tests.support.built_site import mkdocs

MINIMAL = """\
site_name: a page
plugins: []
markdown_extensions:
  - pymdownx.arithmatex: { generic: true }
  - gradproof.site.markdown
"""


@pytest.mark.timeout(300)
def test_every_formula_is_typeset(site):
    page = (site / "results" / "softmax.jacobian" / "index.html").read_text(encoding="utf-8")
    assert page.count("<x-tex") == page.count('<span class="katex">')
    assert "katex-error" not in page
    assert "x-tex tex=" not in page


@pytest.mark.timeout(300)
def test_the_search_index_has_plain_text_only(site):
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    (found,) = [d for d in index["docs"] if d["location"] == "results/softmax.jacobian/"]
    assert "∂p_i/∂z_j" in found["text"]
    assert "dp/dz" in found["tags"]
    assert "katex" not in found["text"]
    assert not any(
        "<math" in d["text"] or "annotation" in d["text"] for d in index["docs"] if "guides" not in d["location"]
    )


@pytest.mark.timeout(300)
def test_the_longest_proof_is_light(site):
    for name in ("batchnorm.input_gradient", "batchnorm.input_gradient_staged"):
        assert (site / "results" / name / "index.html").stat().st_size < 250_000


def test_a_typo_fails_the_build_and_names_page_and_formula(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "wrong.md").write_text(r"Here $\sgima(x)$ is wrong.")
    (tmp_path / "mkdocs.yml").write_text(MINIMAL)
    done = mkdocs("build", "--strict", folder=tmp_path)
    assert done.returncode != 0
    assert "wrong.md" in done.stderr
    assert r"\sgima" in done.stderr
