"""KaTeX at build time: HTML and MathML of a formula, by QuickJS inside this process; no Node, no browser script.

A formula that KaTeX does not take, or takes with a warning, raises TexError: a typo fails the build.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from functools import cache
from pathlib import Path
from typing import Any

from gradproof.site.kept import Kept

VERSION = "0.19.1"
SHA256 = "fa140498b8cfc8302cbe5e7cb1bdbc1f952bc38b3fa258ede09e73edbf9a74bc"
SCRIPT = Path(__file__).with_name("vendor") / "katex.min.js"
STYLE = Path(__file__).parents[2] / "docs" / "assets" / "katex" / "katex.min.css"
OPTIONS = {"output": "htmlAndMathml", "throwOnError": True, "strict": "error", "trust": False}

# A long proof is mostly KaTeX's class names. Those that its style sheet does not name go; the frequent ones are
# shortened, in the formulas and in the style sheet alike.
SHORT = {
    "delimcenter": "kd",
    "delimsizing": "kg",
    "frac-line": "kf",
    "katex-accent": "ka",
    "katex-base": "kb",
    "katex-sizing": "kz",
    "katex-strut": "kt",
    "mathnormal": "kn",
    "mfrac": "km",
    "msupsub": "ku",
    "mspace": "ks",
    "nulldelimiter": "k0",
    "op-limits": "kh",
    "op-symbol": "ko",
    "pstrut": "kp",
    "reset-size6": "k6",
    "size3": "k3",
    "vlist": "kv",
    "vlist-r": "kr",
    "vlist-s": "kl",
    "vlist-t": "kx",
    "vlist-t2": "k2",
}

_lock = threading.Lock()


class TexError(ValueError):
    """A formula that KaTeX rejects; the message has the reason and the formula."""


class WrongVendoredFile(RuntimeError):
    """The vendored script is not the one whose hash is written here."""


@cache
def render(tex: str, display: bool = False) -> str:
    """HTML with MathML inside. Raises TexError."""
    return _store().value(f"{int(display)}{tex}", lambda: _compact(_render(tex, display)))


@cache
def _store() -> Kept:
    ours = Path(__file__).read_bytes()
    return Kept("katex", hashlib.sha256(SHA256.encode() + ours).hexdigest()[:16])


def _render(tex: str, display: bool) -> str:
    options = json.dumps({**OPTIONS, "displayMode": display})
    with _lock:  # the engine is one interpreter
        try:
            return json.loads(_engine()(tex, options))
        except WrongVendoredFile:
            raise
        except Exception as error:
            raise TexError(f"{_first_line(error)}\n  in the formula: {tex}") from None


@cache
def _engine() -> Any:
    import quickjs

    context = quickjs.Context()
    context.set_max_stack_size(4 << 20)
    context.eval(_script())
    # the binding returns no rope strings, which JSON.stringify flattens
    return context.eval("(tex, options) => JSON.stringify(katex.renderToString(tex, JSON.parse(options)))")


def _script() -> str:
    content = SCRIPT.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        raise WrongVendoredFile(f"{SCRIPT.name} is not KaTeX {VERSION}: its SHA-256 is {found}, not {SHA256}")
    return content.decode()


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].removeprefix("Error: ")


def _compact(rendered: str) -> str:
    """Without what a page does not use: the TeX source in the MathML, XML namespaces, classes without a style."""
    bare = re.sub(r"<annotation\b.*?</annotation>|</?semantics>", "", rendered, flags=re.S)
    bare = re.sub(r' xmlns="[^"]*"', "", bare)
    return re.sub(r' class="([^"]*)"', _short_classes, bare)


def _short_classes(found: re.Match[str]) -> str:
    kept = [SHORT.get(name, name) for name in found[1].split() if name in _styled()]
    return f' class="{" ".join(kept)}"' if kept else ""


@cache
def _styled() -> frozenset[str]:
    """The classes that the style sheet names."""
    return frozenset(re.findall(r"\.([a-zA-Z][\w-]*)", STYLE.read_text(encoding="utf-8")))


def style_sheet() -> str:
    """The style sheet of the formulas, with the short class names."""
    names = "|".join(sorted(map(re.escape, SHORT), key=len, reverse=True))
    return re.sub(rf"\.({names})(?![\w-])", lambda m: f".{SHORT[m[1]]}", STYLE.read_text(encoding="utf-8"))
