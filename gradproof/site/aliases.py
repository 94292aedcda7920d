"""Other words under which a result is looked for: its name, its topic's names, its derivatives as one types them."""

from __future__ import annotations

from collections.abc import Iterable

import sympy as sp

from derivations.calculus.operators import D
from derivations.calculus.substitution import subexpressions
from derivations.calculus.symbols import Defined, Entry
from derivations.proof.statement import expressions
from derivations.proof.theorem import Result
from gradproof.site.topics import ALSO_CALLED, topic

SYNONYMS = {
    "gradient": ("derivative", "backward"),
    "derivative": ("gradient",),
    "jacobian": ("derivative",),
    "hessian": ("second derivative",),
    "input": ("x",),
    "bias correction": ("debiasing",),
}


def aliases(result: Result) -> list[str]:
    """In the order in which they help; without repetition."""
    words = result.short_name.replace("_", " ")
    about = topic(result.topic)
    same = [words.replace(word, other) for word, others in SYNONYMS.items() if word in words for other in others]
    kinds = [word for word in ("gradient", "derivative", "jacobian") if word in words]
    found = [words, *same, *(f"{alias} {kind}" for alias in about.aliases[:2] for kind in kinds), *about.aliases]
    own = ALSO_CALLED.get(result.name, ())
    derivatives = [d for side in expressions(result.statement) for d in _derivatives(side)]
    return list(dict.fromkeys([*derivatives, *own, *found, *result.catalogue]))


def _derivatives(expression: sp.Expr) -> Iterable[str]:
    """``dp/dz`` for each derivative in the expression."""
    for e in subexpressions(expression):
        if isinstance(e, D) and (above := _name(e.function)):
            yield f"d{above}/d{_name(e.variable)}"


def _name(e: sp.Basic) -> str:
    """The name of a quantity, p of p[i]; empty for what has none."""
    owner = e.head if isinstance(e, Defined) else e.tensor if isinstance(e, Entry) else e
    name = getattr(owner, "name", "")
    return name if isinstance(name, str) else ""
