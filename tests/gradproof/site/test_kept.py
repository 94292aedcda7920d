"""What is kept is found again, and a broken store costs the time to make its values and nothing else."""

from __future__ import annotations

import sqlite3

import pytest

from gradproof.site import kept
from gradproof.site.kept import Kept


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "CACHE", tmp_path / "cache")
    return tmp_path / "cache"


def never():
    raise AssertionError("it is kept")


def opened(edition="1"):
    return Kept("figures", edition)


def test_a_value_is_made_once_and_kept_between_builds(cache):
    first = opened()
    assert not first.has("a")
    assert first.value("a", lambda: "made") == "made"
    assert first.has("a") and not first.has("b")
    assert opened().value("a", never) == "made"
    assert (cache / "figures.sqlite").is_file()


def test_another_edition_finds_nothing():
    opened().value("a", lambda: "old")
    assert opened("2").value("a", lambda: "new") == "new"
    assert opened().value("a", never) == "old"


def test_what_cannot_be_made_is_not_kept():
    store = opened()
    with pytest.raises(ZeroDivisionError):
        store.value("a", lambda: str(1 / 0))
    assert not store.has("a")


def other_table(path):
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE kept (name TEXT)")
    database.close()


def cut_short(path):
    """A store of many values of which the end is missing."""
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE kept (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
        database.executemany("INSERT INTO kept VALUES (?, ?)", [(str(n), "x" * 5000) for n in range(50)])
    database.close()
    path.write_bytes(path.read_bytes()[:-100_000] + b"\xff" * 50_000)


BROKEN = {
    "garbage": lambda path: path.write_bytes(b"no database, only text " * 1000),
    "another table": other_table,
    "cut short": cut_short,
    "a folder": lambda path: path.mkdir(),
}


@pytest.mark.parametrize("damage", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_store_is_set_aside_and_made_anew(cache, damage):
    cache.mkdir()
    damage(cache / "figures.sqlite")
    store = opened()
    for content in map(str, range(60)):
        assert store.value(content, lambda c=content: f"made {c}") == f"made {content}"
    assert (cache / "figures.broken").exists()
    assert opened().value("7", never) == "made 7"


def test_a_store_that_breaks_while_it_is_open(cache):
    store = opened()
    store.value("a", lambda: "made")
    store._database.execute("DROP TABLE kept")
    assert store.value("a", lambda: "made again") == "made again"
    assert opened().value("a", never) == "made again"


def test_a_value_that_is_no_text_is_none(cache):
    store = opened()
    store.value("a", lambda: "made")
    store._database.execute("UPDATE kept SET value = x'ff00'")
    assert not store.has("a")
    assert store.value("a", lambda: "made again") == "made again"


def test_where_nothing_can_be_written_values_are_made(cache):
    cache.write_text("a file where the folder should be")
    store = opened()
    assert store.value("a", lambda: "made") == "made"
    assert store.value("a", never) == "made"
    assert not opened().has("a")
