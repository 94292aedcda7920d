"""What a page says of a result before anything ran: statement, definitions, proof, snippet, as plain data.

``entries()`` gives them from the cache, or has them made by a process of its own: they need SymPy and torch, which a
build of the site neither waits for nor keeps in memory, and an edited topic file is read afresh.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from derivations import TOPICS, topic
from gradproof.site.imports import rests_on
from gradproof.site.mistakes import told
from gradproof.site.sources import CACHE, ROOT, entries_key
from gradproof.site.warm import Done, run_module

KEPT = CACHE / "entries.json"


@dataclass(frozen=True)
class Entry:
    """One result, as plain data. Formulas are pairs of ``latex`` and ``text``."""

    name: str
    topic: str
    kind: str  # "theorem" or "erratum"
    title: str
    statement: dict[str, str]
    hypotheses: list[dict[str, str]]
    domains: list[str]
    definitions: list[dict[str, str]]  # "name" and "body"
    source: dict[str, str]
    catalogue: list[str]
    conventions: list[dict[str, str]]
    uses: list[str]  # names of theorems that the proof cites; of an erratum, what corrects it
    instead: str
    because: list[str]
    rank: int | None  # of an erratum: 1 misleads the most
    reading: str  # under which reading an erratum is false; empty where the formula itself is
    right_at: dict[str, str] | None  # where the lecture that errs has it right
    method: str
    steps: list[dict[str, Any]]
    broken: str  # where the proof cannot be carried out
    latex: str  # the whole proof as a LaTeX document
    snippet: str  # Python that runs as it stands
    output: str  # what the last line of the snippet gave
    help: str  # of the exported function; empty where there is none
    code: dict[str, str]  # the closed form as source, by library; empty where there is none
    aliases: list[str]

    @property
    def short_name(self) -> str:
        return self.name.partition(".")[2]

    def function(self, library: str) -> str:
        """The source without the words at its head, which stand on the page already."""
        return self.code[library].partition('"""\n')[2].lstrip("\n")

    @property
    def is_erratum(self) -> bool:
        return self.kind == "erratum"


def entries(run: Callable[[str], Done] = run_module) -> tuple[Entry, ...]:
    """All results in the order of the catalogue, of the sources as they are now; ``run`` runs a module."""
    key = entries_key()
    kept = _read(key)
    if kept is None:
        _make_in_a_process(run)
        kept = _read(key) or _read(entries_key())
    if kept is None:
        raise RuntimeError("the entries of the site could not be made")
    return kept


def _read(key: str) -> tuple[Entry, ...] | None:
    try:
        data = json.loads(KEPT.read_text(encoding="utf-8"))
        if data["key"] != key:
            return None
        return tuple(Entry(**one) for part in data["topics"].values() for one in part["entries"])
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _make_in_a_process(run: Callable[[str], Done]) -> None:
    done = run("gradproof.site.entries")
    if done.returncode:
        raise RuntimeError(f"the results could not be described:\n{done.stderr}")


def write(path: Path = KEPT) -> None:
    """Describe every result and keep that under the key of the sources; topics that did not change are kept as told."""
    key, kept = entries_key(), _topics(path)
    data = {"key": key, "topics": {name: _told(name, kept.get(name, {})) for name in TOPICS}}
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.tmp")
    fresh.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    fresh.replace(path)


def _topics(path: Path) -> dict[str, Any]:
    """What an earlier run told of each topic; nothing where it cannot be read."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))["topics"]
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def _told(name: str, kept: dict[str, Any]) -> dict[str, Any]:
    """The entries of a topic, under the key of all sources but the topics that it does not rest on."""
    files = {ROOT / "derivations" / f"{other}.py" for other in TOPICS}
    key = entries_key(without=files - set(rests_on(f"derivations.{name}")))
    if kept.get("key") == key:
        return kept
    from gradproof.site.describing import describe

    return {"key": key, "entries": [asdict(describe(result)) for result in topic(name).results.values()]}


if __name__ == "__main__":
    with told():
        write()
