"""Which sources of this checkout a module rests on, by reading its imports; nothing is imported for it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from gradproof.site.sources import ROOT


def rests_on(module: str, root: Path = ROOT) -> list[Path]:
    """The file of a module and of everything that it imports from below ``root``, and what that imports.

    Packages that are only on the way to a module do not count. Raises FileNotFoundError for no such module.
    """
    first = _file(module, root)
    if first is None:
        raise FileNotFoundError(f"{module} is no module of this checkout")
    found, waiting = {first}, [first]
    while waiting:
        path = waiting.pop()
        new = set(_imported(path, root, path.stat().st_mtime_ns)) - found
        found |= new
        waiting += new
    return sorted(found)


@cache
def _imported(path: Path, root: Path, stamp: int) -> list[Path]:
    """What one file imports; ``stamp`` is when it was written, so that an edited file is read again."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    names = (name for node in nodes for name in _names(node, path))
    return [file for name in names if (file := _file(name, root))]


def _names(node: ast.AST, path: Path) -> list[str]:
    """What may be modules in an import: ``a.b`` and ``a.b.c`` in ``from a.b import c``."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        if node.level:
            raise ValueError(f"{path}: relative imports are not followed")
        return [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []


def _file(module: str, root: Path) -> Path | None:
    place = root.joinpath(*module.split("."))
    candidates = (place.with_suffix(".py"), place / "__init__.py")
    return next((path for path in candidates if module and path.is_file()), None)
