"""How the name of a symbol is spelled: Greek letters, accents, subscripts and primes.

alpha -> α    xhat -> x̂    beta1 -> β₁    alpha_n -> αₙ    sigma2 -> σ²    x_max -> x with the subscript "max"
"""

from __future__ import annotations

import re

import sympy as sp

from derivations.calculus.symbols import Defined, Entry

GREEK: dict[str, str] = dict(
    zip(
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
        "omega Gamma Delta Theta Lambda Xi Pi Phi Psi Omega".split(),
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΦΨΩ",
        strict=True,
    )
)
SPELLINGS = {letter: name for name, letter in GREEK.items()}
SPELLINGS |= {"eps": "epsilon", "lam": "lambda", "lamda": "lambda"}  # `lambda` itself is a keyword of Python
ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303"}
SQUARES = {"sigma2": "sigma"}  # a variance has a name of its own and is printed as a square

SUBSCRIPTS = str.maketrans("aehijklmnoprstuvx0123456789+−=", "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ₀₁₂₃₄₅₆₇₈₉₊₋₌")
SUPERSCRIPTS = str.maketrans("abcdefghijklmnoprstuvwxyz0123456789+−", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")


def name_parts(name: str) -> tuple[str, str, str, str]:
    """``xhat1'`` as ("x", "hat", "1", "'"): letter or word, accent, subscript, primes."""
    stem = name.rstrip("'")
    primes = name[len(stem) :]
    split = re.fullmatch(r"([^\W\d_]+)(\d+|_\w+)?", stem)
    word, subscript = (split[1], split[2] or "") if split else (stem, "")
    accent = next((a for a in ACCENTS if word.endswith(a) and len(word) > len(a)), "")
    word = word.removesuffix(accent)
    return SPELLINGS.get(word, word), accent, subscript, primes


def latex_name(name: str) -> str:
    if name in SQUARES:
        return f"{latex_name(SQUARES[name])}^{{2}}"
    word, accent, subscript, primes = name_parts(name)
    letter = f"\\{word}" if word in GREEK else _word(word)
    letter = f"\\{accent}{{{letter}}}" if accent else letter
    small = subscript if subscript.isdigit() else _word(subscript[1:])
    return letter + primes + (f"_{{{small}}}" if subscript else "")


def _word(word: str) -> str:
    """One letter in italics, several upright."""
    if len(word) == 1:
        return word
    return "\\mathrm{" + word.replace("_", "\\_") + "}"


def text_name(name: str) -> str:
    if name in SQUARES:
        return f"{text_name(SQUARES[name])}²"
    word, accent, subscript, primes = name_parts(name)
    letter = subscript.removeprefix("_")
    small = letter.translate(SUBSCRIPTS) if letter.isdigit() or (len(letter) == 1 and ord(letter) in SUBSCRIPTS) else ""
    return GREEK.get(word, word) + ACCENTS.get(accent, "") + primes + (small or subscript)


def greek(words: str) -> str:
    """A sentence with the names of Greek letters written as letters: "beta = 1/2" as "β = 1/2"."""
    return re.sub(r"\b[A-Za-z]+\b", lambda word: GREEK.get(word[0], word[0]), words)


def has_subscript(name: str) -> bool:
    return name not in SQUARES and bool(name_parts(name)[2])


def is_letter(e) -> bool:
    return isinstance(e, sp.Symbol) and len(e.name) == 1


def is_decorated(e: sp.Basic) -> bool:
    """Whether a name already has something where an exponent would stand: σ², s'."""
    name = e.tensor.name if isinstance(e, Entry) else e.head.name if isinstance(e, Defined) else getattr(e, "name", "")
    return name in SQUARES or name.endswith("'")
