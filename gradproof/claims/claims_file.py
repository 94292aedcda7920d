"""The claims of a TOML file: ``[[claim]]`` tables with ``name``, ``states`` and optional ``where`` and ``let``.

The file ``-`` is the standard input.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from gradproof.claims.verdicts import ClaimError, ClaimVerdict, Source

FIELDS = {"name": str, "states": str, "where": str, "let": list}
LARGEST = 10_000_000  # bytes
HEADER = re.compile(r"^[ \t]*\[\[\s*claim\s*\]\]", re.MULTILINE)


class UnusableFile(ValueError):
    """A file that holds no claims; the message names it, says why, and what to do."""


def read(path: Path) -> list[Source | ClaimVerdict]:
    """The claims in file order; a table that is none is an ``invalid`` verdict in its place. Raises UnusableFile."""
    name = "standard input" if str(path) == "-" else str(path)
    text = _text(path, name)
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UnusableFile(f"{name}: not TOML: {error}") from None
    tables = data.pop("claim", None)
    if not isinstance(tables, list) or not tables:
        raise UnusableFile(f"{name}: no claims; write each as a table\n\n[[claim]]\nname = '...'\nstates = '...'")
    others = [key for key, value in data.items() if isinstance(value, (list, dict))]
    if others:
        raise UnusableFile(f"{name}: what is {others[0]!r}? A claim is a table [[claim]]")
    headers = [text.count("\n", 0, header.start()) + 1 for header in HEADER.finditer(text)]
    lines = headers if len(headers) == len(tables) else [1] * len(tables)
    return [_source(table, number, line) for number, (table, line) in enumerate(zip(tables, lines, strict=True), 1)]


def _text(path: Path, name: str) -> str:
    try:
        if str(path) == "-":
            data = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with path.open("rb") as file:
                data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise UnusableFile(f"{name}: more than {LARGEST // 10**6} MB; split it")
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        raise UnusableFile(f"{name}: there is no such file") from None
    except IsADirectoryError:
        raise UnusableFile(f"{name}: is a folder; name a TOML file") from None
    except OSError as error:
        raise UnusableFile(f"{name}: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise UnusableFile(f"{name}: not a text in UTF-8 (byte {error.start})") from None


def _source(table: Any, number: int, line: int) -> Source | ClaimVerdict:
    name = table.get("name", "") if isinstance(table, dict) else ""
    name = name if isinstance(name, str) and name else f"claim {number}"
    complaint = _complaint(table)
    if complaint:
        states = table.get("states", "") if isinstance(table, dict) else ""
        source = Source(states if isinstance(states, str) else "", name=name)
        error = ClaimError(complaint, line, 1, "file")
        reason = f"line {line} of the file: {complaint}"
        return ClaimVerdict("invalid", "reading", reason=reason, source=source, error=error)
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
