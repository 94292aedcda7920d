"""The site while it is served: an edit of a template or of the generator shows on its page, and no other is written."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

from gradproof.site.sources import CACHE, ROOT
from tests.support.built_site import ENVIRONMENT

SOURCES = ("gradproof", "derivations", "numeric", "docs")
EDITS = [  # in a file, what is replaced by what, and the page that shows it
    ("gradproof/site/templates/map.md", "\n# ", "\n# Redrawn ", "map/index.html"),
    ("gradproof/site/check.py", "title: Check", "title: Rechecked", "check/index.html"),
]
# as `mkdocs serve --dirty` does it: one process, the configuration read anew for every build
SERVING = """
import json, sys
from pathlib import Path
from mkdocs.commands.build import build
from mkdocs.config import load_config

def written():
    config = load_config("mkdocs.yml", site_dir="site", strict=False)
    config.plugins.on_startup(command="serve", dirty=True)
    before = stamps()
    build(config, dirty=True)
    return [path for path, stamp in stamps().items() if before.get(path) != stamp]

def stamps():
    pages = Path("site").rglob("*.html")
    return {path.relative_to("site").as_posix(): path.stat().st_mtime_ns for path in pages}

found = [written()]
for path, old, new, _ in json.loads(sys.argv[1]):
    text = Path(path).read_text(encoding="utf-8")
    Path(path).write_text(text.replace(old, new, 1), encoding="utf-8")
    found.append(written())
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of the checkout, with what is kept between builds."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in SOURCES:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("mkdocs.yml", "README.md"):
        shutil.copy(ROOT / name, folder)
    if CACHE.exists():
        shutil.copytree(CACHE, folder / CACHE.relative_to(ROOT))
    return folder


@pytest.fixture(scope="module")
def written(checkout):
    """The pages that were written by the first build, and by one after each edit; the theme's own 404 left out."""
    done = subprocess.run(
        [sys.executable, "-c", SERVING, json.dumps(EDITS)],
        cwd=checkout,
        env=ENVIRONMENT | {"PYTHONPATH": os.fspath(checkout)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    builds = json.loads(done.stdout.splitlines()[-1])
    return [set(pages) - {"404.html"} for pages in builds]


@pytest.mark.timeout(300)
def test_the_first_build_writes_every_page(written):
    assert len(written[0]) > 50
    assert {page for *_, page in EDITS} < written[0]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("number", "edit"), list(enumerate(EDITS, 1)), ids=[path for path, *_ in EDITS])
def test_an_edit_shows_on_its_page_and_no_other_is_written(checkout, written, number, edit):
    *_, new, page = edit
    assert written[number] == {page}
    shown = (checkout / "site" / page).read_text(encoding="utf-8")
    assert new.strip().removeprefix("# ").removeprefix("title: ") in shown
