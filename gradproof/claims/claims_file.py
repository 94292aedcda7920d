"""The claims of a TOML file: ``[[claim]]`` tables with ``name``, ``states`` and optional ``where`` and ``let``."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from gradproof.claims.verdicts import ClaimError, ClaimVerdict, Source

FIELDS = {"name": str, "states": str, "where": str, "let": list}
LARGEST = 10_000_000  # bytes


class UnusableFile(ValueError):
    """A file that holds no claims; the message names it, says why, and what to do."""


def read(path: Path) -> list[Source | ClaimVerdict]:
    """The claims in file order; a table that is none is an ``invalid`` verdict in its place. Raises UnusableFile."""
    try:
        if path.stat().st_size > LARGEST:
            raise UnusableFile(f"{path}: more than {LARGEST // 10**6} MB; split it")
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UnusableFile(f"{path}: there is no such file") from None
    except IsADirectoryError:
        raise UnusableFile(f"{path}: is a folder; name a TOML file") from None
    except OSError as error:
        raise UnusableFile(f"{path}: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise UnusableFile(f"{path}: not a text in UTF-8 (byte {error.start})") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UnusableFile(f"{path}: not TOML: {error}") from None
    tables = data.get("claim")
    if not isinstance(tables, list) or not tables:
        raise UnusableFile(f"{path}: no claims; write each as a table\n\n[[claim]]\nname = '...'\nstates = '...'")
    return [_source(table, number) for number, table in enumerate(tables, 1)]


def _source(table: Any, number: int) -> Source | ClaimVerdict:
    name = table.get("name", "") if isinstance(table, dict) else ""
    name = name if isinstance(name, str) and name else f"claim {number}"
    complaint = _complaint(table)
    if complaint:
        states = table.get("states", "") if isinstance(table, dict) else ""
        source = Source(states if isinstance(states, str) else "", name=name)
        error = ClaimError(complaint, 1, 1, "file")
        return ClaimVerdict("invalid", "reading", reason=complaint, source=source, error=error)
    let = table.get("let", [])
    return Source(table["states"], table.get("where", ""), tuple([let] if isinstance(let, str) else let), name)


def _complaint(table: Any) -> str:
    """What is wrong with a table, empty when nothing is."""
    if not isinstance(table, dict):
        return "a claim is a table: [[claim]]"
    unknown = [key for key in table if key not in FIELDS]
    if unknown:
        return f"a claim has no field {unknown[0]!r}; its fields are {', '.join(FIELDS)}"
    if "states" not in table:
        return "the field 'states' is missing"
    for key, kind in FIELDS.items():
        value = table.get(key, kind())
        texts = value if isinstance(value, list) else [value]
        if not (isinstance(value, kind) or (key == "let" and isinstance(value, str))):
            return f"the field {key!r} must be {'a list of texts' if kind is list else 'a text'}"
        if not all(isinstance(text, str) for text in texts):
            return f"the field {key!r} must be a list of texts"
    return ""
