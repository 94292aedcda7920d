"""A real browser for the tests: how it is started, from where pages are seen, and what must not happen on them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",  # a container's root has none
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
VIEWS: dict[str, dict[str, Any]] = {
    "desk light": {"viewport": DESK, "color_scheme": "light"},
    "desk dark": {"viewport": DESK, "color_scheme": "dark"},
    "phone light": {"viewport": PHONE, "color_scheme": "light", "is_mobile": True, "has_touch": True},
    "phone dark": {"viewport": PHONE, "color_scheme": "dark", "is_mobile": True, "has_touch": True},
}


class Complaints(list[str]):
    """What the browser complains about, and every request that leaves the site."""

    def __init__(self, page: Any, address: str):
        super().__init__()
        page.on("console", lambda m: m.type in ("error", "warning") and self.append(f"console: {m.text}"))
        page.on("pageerror", lambda error: self.append(f"exception: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", lambda r: r.status >= 400 and self.append(f"HTTP {r.status}: {r.url}"))
        inside = (address, "data:", "blob:")
        page.on("request", lambda r: r.url.startswith(inside) or self.append(f"request to another site: {r.url}"))

    def _failed(self, request: Any) -> None:
        if request.failure != "net::ERR_ABORTED":  # what was still loading when the test went on to another page
            self.append(f"request failed: {request.url} {request.failure}")


@contextmanager
def opened(browser: Any, address: str, view: str = "desk light", **options: Any) -> Iterator[tuple[Any, Complaints]]:
    """A fresh profile with one page, and what goes wrong in it."""
    context = browser.new_context(**VIEWS[view], reduced_motion="reduce", **options)
    page = context.new_page()
    try:
        yield page, Complaints(page, address)
    finally:
        context.close()


def go(page: Any, address: str) -> None:
    """Open the address and wait until its fonts are there and what is lazy has been seen."""
    page.goto(address)
    page.evaluate("document.fonts.ready")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(30)
