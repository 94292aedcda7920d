"""The claim language under a fuzzer that sees which lines a text reaches: no traceback, nothing run, nothing slow.

    pip install atheris                              # no part of the development tools: it has wheels for Linux only
    python tests/fuzz/fuzz_claims.py -runs=100000 -max_len=200 -timeout=20

A run that finds nothing ends with "Done 100000 runs". What it finds is printed and kept in a file ``crash-...``.
"""

import importlib
import pkgutil
import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import derivations

with atheris.instrument_imports(include=["derivations.language"]):
    from derivations.language import claims  # noqa: F401
from tests.support.claim_fuzzing import LET, WHERE, WORDS, read

RUNS = ("exec", "os.", "subprocess.", "socket.", "ctypes.", "shutil.", "pty.", "builtins.input", "builtins.breakpoint")


def watch(event: str, arguments: tuple) -> None:
    """Nothing that a text holds may start a process, touch a file or be executed."""
    if watch.armed and event.startswith(RUNS):  # type: ignore[attr-defined]
        raise SystemExit(f"a text made Python do {event} {arguments!r}")


def one(data: bytes) -> None:
    """Bytes as words of the language (high bit set) or as characters; the first byte says which text they are."""
    provider = atheris.FuzzedDataProvider(data)
    place = provider.ConsumeIntInRange(0, 3)
    text = ""
    while provider.remaining_bytes() and len(text) < 2_000:
        if provider.ConsumeBool():
            text += WORDS[provider.ConsumeIntInRange(0, len(WORDS) - 1)]
        else:
            text += provider.ConsumeUnicode(2)
    if place == 0:
        read(text, WHERE, LET)
    elif place == 1:
        read("x == x", text)
    elif place == 2:
        read("c == c", WHERE, (text,))
    else:
        read(f"{text} == 1", WHERE, LET)


def main() -> None:
    for module in pkgutil.walk_packages(derivations.__path__, "derivations."):  # none waits for its first use
        importlib.import_module(module.name)
    watch.armed = False  # type: ignore[attr-defined]
    sys.addaudithook(watch)
    atheris.Setup(sys.argv, guarded)
    atheris.Fuzz()


def guarded(data: bytes) -> None:
    watch.armed = True  # type: ignore[attr-defined]
    try:
        one(data)
    finally:
        watch.armed = False  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
