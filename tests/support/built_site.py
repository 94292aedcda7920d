"""The built site as files: its pages, their addresses, links and anchors; and a server for it on this machine."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
ENVIRONMENT = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}


def mkdocs(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mkdocs", *arguments]
    return subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=300)


def build(folder: Path) -> Path:
    """The site of the sources, built strictly into the folder."""
    done = mkdocs("build", "--strict", "--site-dir", str(folder))  # never -q, which silences what --strict counts
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr, done.stderr
    return folder


def addresses(site: Path) -> list[str]:
    """The address of every page below the site's root: "" for the start page, "map/"."""
    found = (path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    return sorted(path.removesuffix("index.html") for path in found)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which the folder's files are, while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@dataclass
class Page(HTMLParser):
    """What a page links to, what it loads, and the anchors that it has."""

    html: str
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if identity := given.get("id"):
            self.ids.append(identity)
        if tag in ("a", "use") and given.get("href") is not None:
            self.links.append(given["href"] or "")
        if tag in LOADED and given.get(LOADED[tag]) and given.get("rel") != "canonical":
            self.loads.append(given[LOADED[tag]] or "")
