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
        key = hashlib.sha256(f"{self._edition}\0{content}".encode()).hexdigest()
        with self._lock:
            row = self._database.execute("SELECT value FROM kept WHERE key = ?", (key,)).fetchone()
        if row:
            return row[0]
        made = make()
        with self._lock:
            self._database.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (key, made))
        return made
