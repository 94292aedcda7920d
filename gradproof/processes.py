"""Worker processes that need nothing of the program that starts them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def main_module_hidden() -> Iterator[None]:
    """Spawned workers run the caller's script again to have its functions; ours need none of them.

    So a script without ``if __name__ == "__main__"``, or one read from standard input, may start workers too.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
