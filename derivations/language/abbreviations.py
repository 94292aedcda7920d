"""What ``let`` says: ``s = sigmoid(w*x + b)``, ``h[i] = (x[i] - mean(x)) / std(x)``, ``f(x) = x * sigmoid(x)``.

The first two are read at once, in the order given; the last anew at each call.
"""

from __future__ import annotations

import ast
import re

from derivations.calculus.symbols import Index
from derivations.language.calls import CALLS, _size_of_axis
from derivations.language.elaboration import value
from derivations.language.errors import InvalidClaim, place_at
from derivations.language.scope import Abbreviation, Scope, Shared
from derivations.language.text import check_characters, check_name, expression
from derivations.language.values import Array
from derivations.language.vocabulary import CONSTANTS, FUNCTIONS, INFINITY

HEAD = re.compile(r"\s*([A-Za-z]\w*)\s*(?:([\[(])\s*([A-Za-z]\w*(?:\s*,\s*[A-Za-z]\w*)*)\s*([\])]))?\s*")
EQUALS = re.compile(r"(?<![=!<>])=(?!=)")


def read(text: str, shared: Shared) -> None:
    """Add one abbreviation to ``shared``. Raises InvalidClaim."""
    check_characters(text, "let")
    equals = EQUALS.search(text)
    if not equals:
        raise InvalidClaim("an abbreviation is written 'name = expression'", place_at(text, 0, "let"))
    head = HEAD.fullmatch(text, 0, equals.start())
    if not head or (head[2] == "[") != (head[4] == "]") or (head[2] == "(") != (head[4] == ")"):
        raise InvalidClaim("an abbreviation is 'name = ...', 'name[i] = ...' or 'f(x) = ...'", place_at(text, 0, "let"))
    name = head[1]
    _check_new(name, head[2] == "(", text, head.start(1), shared)
    parameters = tuple(p.strip() for p in head[3].split(",")) if head[3] else ()
    for parameter in parameters:
        check_name(parameter, text, "let", head.start(3))
    if len(set(parameters)) < len(parameters):
        raise InvalidClaim("two parameters have the same name", place_at(text, head.start(3), "let"))
    tree = expression(text, "let", equals.end())
    if isinstance(tree, ast.Compare):
        raise InvalidClaim("an abbreviation is an expression, not a comparison", place_at(text, tree.col_offset, "let"))
    if head[2] == "(":
        shared.abbreviations[name] = Abbreviation(name, parameters=parameters, tree=tree, text=text)
    else:
        shared.abbreviations[name] = _array(name, parameters, tree, text, shared)


def _check_new(name: str, called: bool, text: str, offset: int, shared: Shared) -> None:
    check_name(name, text, "let", offset)
    taken = name in shared.declared or name in shared.abbreviations
    if taken:
        raise InvalidClaim(f"{name} already has a meaning", place_at(text, offset, "let"))
    if name in CONSTANTS or name == INFINITY or (called and (name in FUNCTIONS or name in CALLS)):
        raise InvalidClaim(f"{name} is a word of the language; choose another name", place_at(text, offset, "let"))


def _array(name: str, parameters: tuple[str, ...], tree: ast.expr, text: str, shared: Shared) -> Abbreviation:
    """The entries, with what they need kept apart: an abbreviation that is not used asks for nothing."""
    scope = Scope(shared, text, "let")
    indices = []
    for parameter in parameters:
        size = _size_of_axis(parameter, tree, scope)
        if size is None:
            message = f"the range of {parameter} is not known: it is no subscript on the right"
            raise InvalidClaim(message, place_at(text, 0, "let"))
        indices.append(Index(parameter, 1, size))
    before, shared.needs = shared.needs, {}
    try:
        found = value(tree, scope.binding(**{k.name: k for k in indices}))
        return Abbreviation(name, Array((*indices, *found.indices), found.body), tuple(shared.needs))
    finally:
        shared.needs = before
