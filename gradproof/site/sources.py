"""What a run rests on: the sources that were run and the versions that ran them, as one short key.

A record is shown only while its key is that of the checkout. Change one line of a judge, and every verdict that the
old judge gave reads "not run" until the judge has run again.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Collection, Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache" / "gradproof"

SYMBOLIC = ("derivations",)
NUMERIC = ("derivations", "numeric")
# in gradproof/: what is run, and what becomes of a verdict on its way into a record
RECORDING = (
    "records.py",
    "run.py",
    "memory.py",
    "processes.py",
    "latex.py",
    "site/records.py",
    "site/worked.py",
)
WORDS = "derivations/proof/rules/titles.py"  # what rules are called on a page, which no run looks at
LECTURES = "derivations/lectures"  # what the slides print, which no run looks at either
NOT_NUMERIC = ("derivations/judges", "derivations/language", "numeric/experiments")
TESTED = ("numpy", "python-flint", "sympy", "torch", "z3-solver")


def versions() -> dict[str, str]:
    """Python and the packages that a verdict rests on; one that is missing has no version."""
    found = {"python": platform.python_version()}
    for package in TESTED:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = ""
    return found


def run_key() -> str:
    """The key of a whole run: proofs and numbers."""
    return _key(modules((*SYMBOLIC, *NUMERIC), without=("numeric/experiments",)))


def numeric_key() -> str:
    """The key of the numbers alone, which no judge takes part in."""
    return _key(modules(NUMERIC, without=NOT_NUMERIC))


def entries_key(without: Collection[Path] = ()) -> str:
    """The key of what is said of results before they run: the sources, and how they are described."""
    face = (
        "__init__.py",  # the version that generated code is signed with
        "functions.py",
        "latex.py",
        "site/describing.py",
        "site/entries.py",
        "site/snippets.py",
        "site/aliases.py",
        "site/topics.py",
    )
    own = [path for name in face if (path := ROOT / "gradproof" / name).exists()]
    own += sorted((ROOT / "gradproof" / "export").glob("*.py"))
    own.append(ROOT / WORDS)  # which of its rules a step's reason names
    found = [*modules((*SYMBOLIC, *NUMERIC), without=NOT_NUMERIC), *own]
    return _key(path for path in found if path not in without)


def modules(packages: Iterable[str], without: Iterable[str] = ()) -> list[Path]:
    """The sources of the packages, and what records their run."""
    left_out = [ROOT / path for path in (*without, WORDS, LECTURES)]
    found = {path for package in packages for path in (ROOT / package).rglob("*.py")}
    kept = {path for path in found if not any(path.is_relative_to(folder) for folder in left_out)}
    return sorted(kept | {ROOT / "gradproof" / name for name in RECORDING})


def _key(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256(repr(sorted(_release(versions()).items())).encode())
    for path in paths:
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:20]


def _release(found: dict[str, str]) -> dict[str, str]:
    """The versions as far as they tell releases apart: torch 2.13.0 for torch 2.13.0+cpu."""
    return {name: number.partition("+")[0] for name, number in found.items()}
