"""What ``let`` says: ``s = sigmoid(w*x + b)``, ``h[i] = (x[i] - mean(x)) / std(x)``, ``f(x) = x * sigmoid(x)``.

The first two are read at once, in the order given; the last anew at each call.
"""

from __future__ import annotations

import ast
import re

from derivations.calculus.substitution import substitute
from derivations.calculus.symbols import Index
from derivations.language.calls import CALLS
from derivations.language.elaboration import value
from derivations.language.errors import InvalidClaim, place_at
from derivations.language.ranges import size_of_axis
from derivations.language.scope import Abbreviation, Scope, Shared
from derivations.language.text import expression
from derivations.language.tokens import check_characters, check_name
from derivations.language.values import Array
from derivations.language.vocabulary import CONSTANTS, FUNCTIONS, INFINITY

HEAD = re.compile(r"\s*([A-Za-z]\w*)\s*(?:([\[(])\s*([A-Za-z]\w*(?:\s*,\s*[A-Za-z]\w*)*)\s*([\])]))?\s*")
EQUALS = re.compile(r"(?<![=!<>])=(?!=)")


def head(text: str) -> re.Match[str]:
    """What stands before the '=': the name and its parameters. Raises InvalidClaim."""
    check_characters(text, "let")
    equals = EQUALS.search(text)
    found = HEAD.fullmatch(text, 0, equals.start()) if equals else None
    if not found or (found[2] == "[") != (found[4] == "]") or (found[2] == "(") != (found[4] == ")"):
        start = len(text) - len(text.lstrip())
        message = "an abbreviation is written 'name = ...', 'name[i] = ...' or 'f(x) = ...'"
        raise InvalidClaim(message, place_at(text, start, "let"))
    return found


def read(text: str, shared: Shared) -> None:
    """Add one abbreviation to ``shared``. Raises InvalidClaim."""
    found = head(text)
    name = found[1]
    _check_new(name, found[2] == "(", text, found.start(1), shared)
    parameters = tuple(p.strip() for p in found[3].split(",")) if found[3] else ()
    for parameter in parameters:
        check_name(parameter, text, "let", found.start(3))
    if len(set(parameters)) < len(parameters):
        raise InvalidClaim("two parameters have the same name", place_at(text, found.start(3), "let"))
    tree = expression(text, "let", found.end() + 1)
    if isinstance(tree, ast.Compare):
        raise InvalidClaim("an abbreviation is an expression, not a comparison", place_at(text, tree.col_offset, "let"))
    if found[2] == "(":
        shared.abbreviations[name] = Abbreviation(name, parameters=parameters, tree=tree, text=text)
    else:
        shared.abbreviations[name] = _array(name, parameters, tree, text, shared)
        if name in shared.implied:
            raise InvalidClaim(f"{name} is used in its own definition", place_at(text, found.start(1), "let"))


def _check_new(name: str, called: bool, text: str, offset: int, shared: Shared) -> None:
    check_name(name, text, "let", offset)
    if name in shared.implied:
        message = f"{name} is used before it is defined: put its definition first"
        raise InvalidClaim(message, place_at(text, offset, "let"))
    if name in shared.declared or name in shared.abbreviations:
        raise InvalidClaim(f"{name} already has a meaning: choose another name", place_at(text, offset, "let"))
    if name in CONSTANTS or name == INFINITY or (called and (name in FUNCTIONS or name in CALLS)):
        raise InvalidClaim(f"{name} is a word of the language; choose another name", place_at(text, offset, "let"))


def _array(name: str, parameters: tuple[str, ...], tree: ast.expr, text: str, shared: Shared) -> Abbreviation:
    """The entries, with what they need kept apart: an abbreviation that is not used asks for nothing."""
    scope = Scope(shared, text, "let")
    indices = []
    for parameter in parameters:
        size = size_of_axis(parameter, tree, scope)
        if size is None:
            message = f"the range of {parameter} is not known: it is no subscript on the right"
            raise InvalidClaim(message, place_at(text, text.index("[") + 1, "let"))
        indices.append(Index(parameter, 1, size))
    before, shared.needs = shared.needs, {}
    try:
        found = value(tree, scope.binding(**{k.name: k for k in indices}))
        fresh = tuple(shared.names.index(k.high) for k in indices)  # the user's i may stand beside an h[i] in a claim
        entry = substitute(found.body, dict(zip(indices, fresh, strict=True)))
        return Abbreviation(name, Array((*fresh, *found.indices), entry), tuple(shared.needs))  # type: ignore[arg-type]
    finally:
        shared.needs = before
