"""How to check a formula or an implementation of one's own: sections of the README, whose examples the tests run."""

from __future__ import annotations

import re
from pathlib import Path

from gradproof.site.book import Book

PAGE = "check.md"
README = Path(__file__).parents[2] / "README.md"
SECTIONS = ("Check your own formula", "Check your own implementation")


def pages(book: Book) -> dict[str, str]:
    text = README.read_text(encoding="utf-8")
    first, *others = (section(text, title) for title in SECTIONS)
    front = "---\ntitle: Check your own formula\ntags: [check, claim, verdict, gradcheck]\n---\n\n"
    return {PAGE: front + first.replace("## ", "# ", 1) + "\n" + "\n".join(others)}


def section(text: str, title: str) -> str:
    """A section of the README with its heading. Raises ValueError when there is none of that title."""
    found = re.search(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", text, flags=re.DOTALL | re.MULTILINE)
    if not found:
        raise ValueError(f"the README has no section {title!r}")
    return found[0]
