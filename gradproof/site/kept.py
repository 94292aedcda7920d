"""Values that take long to make, kept in a file between builds, by the content they are made of."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gradproof.site.sources import CACHE

COMMANDS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = OFF",  # losing a value costs making it again
    "CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
)


class Kept:
    """A table of texts. ``edition`` is of what makes them: values of another edition are not found.

    A file that turns out to be broken is set aside, and the values are made again; where none can be written they are
    kept in memory.
    """

    def __init__(self, name: str, edition: str):
        self._lock = threading.Lock()
        self._edition = edition
        self._path = CACHE / f"{name}.sqlite"
        self._database = _opened(self._path)

    def value(self, content: str, make: Callable[[], str]) -> str:
        """The value kept for the content, or made now. What ``make`` raises is raised, and nothing is kept."""
        key = self._key(content)
        found = self._find(key)
        if found is None:
            found = make()
            self._first_row("INSERT OR REPLACE INTO kept VALUES (?, ?)", key, found)
        return found

    def has(self, content: str) -> bool:
        """Whether a value is kept for the content."""
        return self._find(self._key(content)) is not None

    def _key(self, content: str) -> str:
        return hashlib.sha256(f"{self._edition}\0{content}".encode()).hexdigest()

    def _find(self, key: str) -> str | None:
        row = self._first_row("SELECT value FROM kept WHERE key = ? AND typeof(value) = 'text'", key)
        return row[0] if row else None

    def _first_row(self, command: str, *values: str) -> Any:
        with self._lock:
            try:
                return self._database.execute(command, values).fetchone()
            except sqlite3.DatabaseError:
                self._database.close()
                self._database = _anew(self._path)
                return self._database.execute(command, values).fetchone()


def _opened(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return _connected(path)
    except (OSError, sqlite3.DatabaseError):
        return _anew(path)


def _anew(path: Path) -> sqlite3.Connection:
    """An empty store in place of a broken one, which is set aside; in memory where that cannot be."""
    try:
        path.replace(path.with_suffix(".broken"))
        for beside in ("-wal", "-shm"):
            Path(f"{path}{beside}").unlink(missing_ok=True)
        return _connected(path)
    except (OSError, sqlite3.DatabaseError):
        return _connected(":memory:")


def _connected(path: Path | str) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=30, check_same_thread=False, isolation_level=None)
    try:
        for command in COMMANDS:
            database.execute(command)
    except sqlite3.DatabaseError:
        database.close()
        raise
    return database
