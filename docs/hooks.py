"""What mkdocs is told: the only file that knows it. Everything else is plain functions of ``gradproof.site``."""

from __future__ import annotations

import html
import logging
import re
import sys
from pathlib import Path
from typing import Any

from mkdocs.exceptions import BuildError
from mkdocs.structure.files import File, Files

log = logging.getLogger("mkdocs.hooks.gradproof")

ROOT = Path(__file__).parents[1]
WATCHED = ("gradproof/site", "gradproof/export", "derivations", "numeric", "results")

# Gaps in the theme's accessibility, closed here and not by overriding its templates: an update of the theme cannot
# bring them back unseen, since the browser tests look at the result.
MENDED = (
    ('data-md-component="search" role="dialog"', 'data-md-component="search" role="dialog" aria-label="Search"'),
    ('<nav class="md-path" aria-label="Navigation"', '<nav class="md-path" aria-label="Breadcrumb"'),
    (
        '<nav class="md-nav md-nav--primary md-nav--lifted" aria-label="Navigation"',
        '<nav class="md-nav md-nav--primary md-nav--lifted" aria-label="Site"',
    ),
    ("<pre><span></span><code>", '<pre tabindex="0"><span></span><code>'),
)

# A section of the navigation is labelled by an icon; its title, a few lines below, says what it is.
UNNAMED_SECTION = re.compile(
    r'(<nav class="md-nav" data-md-level="\d+") aria-labelledby="[^"]*"'
    r'([^>]*>\s*<label class="md-nav__title"[^>]*>\s*<span[^>]*></span>\s*([^<]+?)\s*</label>)'
)

# before the theme's own script
ON_DEMAND = f"<script>{(ROOT / 'docs' / 'search_on_demand.js').read_text(encoding='utf-8')}</script></head>"

sys.path.insert(0, str(ROOT))
_serving: dict[str, Any] = {"stamp": None, "live": False, "run": None}


def on_startup(command: str, dirty: bool) -> None:
    _serving["live"] = command == "serve"
    if _serving["live"]:
        from gradproof.site.warm import Warm

        _serving["run"] = Warm().run


def on_config(config: Any) -> Any:
    """Read the results and put them into the navigation."""
    try:
        _serving["book"] = _site().read_book(_serving["run"])
    except (RuntimeError, SyntaxError, ImportError) as error:
        _go_on_or_stop(f"{error}", "book" in _serving)
    config.mdx_configs.setdefault("gradproof.site.markdown", {})["wrong"] = _wrong_formula
    from gradproof.site.navigation import filled

    # mkdocs calls this again, with the same configuration file read anew, on every rebuild
    config.nav = filled(config.nav, _serving["book"])
    return config


def _go_on_or_stop(problem: str, possible: bool) -> None:
    """A server that stopped at a mistake would answer nothing until it is mended; a build ends, with the reason."""
    if not (_serving["live"] and possible):
        raise BuildError(problem)
    log.error("%s\nThe pages are as before.", problem)


def _wrong_formula(error: Exception) -> str:
    """What stands on the page, while serving, where a formula cannot be typeset."""
    if not _serving["live"]:
        raise BuildError(str(error))
    log.error("%s", error)
    return f'<strong class="wrong-formula">{html.escape(str(error))}</strong>'


def on_files(files: Files, config: Any) -> Files:
    for path, text in _site().pages(_serving["book"]).items():
        files.append(Generated.of(config, path, text))
    return files


def on_post_page(output: str, page: Any, config: Any) -> str:
    from gradproof.site.markdown import fill
    from gradproof.site.slimming import slim

    output = fill(output).replace("</head>", ON_DEMAND, 1)
    for old, new in MENDED:
        output = output.replace(old, new)
    return slim(UNNAMED_SECTION.sub(r'\1 aria-label="\3"\2', output))


def on_serve(server: Any, config: Any, builder: Any) -> Any:
    for folder in WATCHED:
        if (ROOT / folder).exists():
            server.watch(str(ROOT / folder))
    return server


class Generated(File):
    """A generated file that counts as modified only when its text is, so that an edit rebuilds the pages it changes."""

    last: dict[str, str] = {}  # noqa: RUF012 - what was written before, over the rebuilds of one server

    @classmethod
    def of(cls, config: Any, path: str, text: str) -> File:
        made = cls.generated(config, path, content=text)
        made.changed = cls.last.get(path) != text  # type: ignore[attr-defined]
        cls.last[path] = text
        return made

    def is_modified(self) -> bool:
        return self.changed or not Path(self.abs_dest_path).is_file()  # type: ignore[attr-defined]


def _site() -> Any:
    """The generator; while serving, as it is now: its modules are imported anew after an edit."""
    stamp = max(path.stat().st_mtime for path in (ROOT / "gradproof").rglob("*.py"))
    if _serving["stamp"] not in (None, stamp):
        for name in [name for name in sys.modules if name == "gradproof.site" or name.startswith("gradproof.site.")]:
            del sys.modules[name]
    _serving["stamp"] = stamp
    import gradproof.site

    return gradproof.site
