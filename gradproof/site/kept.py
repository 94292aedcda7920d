"""Values that take long to make, kept in a file between builds, by the content they are made of."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Callable

from gradproof.site.sources import CACHE


class Kept:
    """A table of texts. ``edition`` is of what makes them: values of another edition are not found."""

    def __init__(self, name: str, edition: str):
        CACHE.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._edition = edition
        self._database = sqlite3.connect(
            CACHE / f"{name}.sqlite", timeout=30, check_same_thread=False, isolation_level=None
        )
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = OFF")  # losing a value costs making it again
        self._database.execute("CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value TEXT NOT NULL)")

    def value(self, content: str, make: Callable[[], str]) -> str:
        """The value kept for the content, or made now. What ``make`` raises is raised, and nothing is kept."""
        key = self._key(content)
        found = self._find(key)
        if found is not None:
            return found
        made = make()
        with self._lock:
            self._database.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (key, made))
        return made

    def has(self, content: str) -> bool:
        """Whether a value is kept for the content."""
        return self._find(self._key(content)) is not None

    def _key(self, content: str) -> str:
        return hashlib.sha256(f"{self._edition}\0{content}".encode()).hexdigest()

    def _find(self, key: str) -> str | None:
        with self._lock:
            row = self._database.execute("SELECT value FROM kept WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None
