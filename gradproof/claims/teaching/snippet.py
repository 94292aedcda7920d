"""A few lines of PyTorch that print both sides of a refuted claim at its witness."""

from __future__ import annotations

import ast
import re
from fractions import Fraction
from typing import Any

from derivations.calculus.symbols import Index, Scalar, Size
from derivations.judges.ball.footprints import union
from derivations.language.errors import InvalidClaim
from derivations.proof.verdict import Witness
from gradproof.claims.teaching.lesson import Lesson
from gradproof.claims.teaching.torch_code import Code, NoForm, Translator, identifier
from gradproof.claims.teaching.trees import call, called, names, parsed, written
from gradproof.claims.verdicts import nested

LONGEST = 160  # characters of a command on one line
FIXED = re.compile(r"(\w+)\s*==\s*(\d+)")


def snippet(lesson: Lesson, witness: Witness) -> str:
    """``python -c "..."``, or a script of several lines; empty where a part of the claim has no form in torch."""
    try:
        return _written(lesson, witness)
    except (NoForm, InvalidClaim, ValueError, RecursionError):
        return ""


def _written(lesson: Lesson, witness: Witness) -> str:
    values: dict[str, Any] = {name: nested(text) for name, text in witness.values.items()}
    for stated in lesson.claim.stated:
        fixed = FIXED.fullmatch(stated)
        if fixed:
            values.setdefault(fixed[1], fixed[2])
    whole = {name for name in values if _is_whole(name, lesson)}
    axes = {name: _depth(value) for name, value in values.items() if name not in whole}
    translator = Translator(axes, whole, lesson.source.let)
    sides = [_side(side, translator) for side in _sides(lesson)]
    used = {n for side in sides for n in names(side.tree)}
    differentiated = {n for side in sides for n in _differentiated(side.tree)}
    lines = ["import torch"]
    for name, value in values.items():
        if identifier(name) in used:
            lines.append(f"{identifier(name)} = {_value(name, value, whole, identifier(name) in differentiated)}")
    printed = [written(call("print", _plain(side))) for side in sides]
    command = f'python -c "{"; ".join([*lines, f"print({printed[0][6:-1]}, {printed[1][6:-1]})"])}"'
    if len(command) <= LONGEST:
        return command
    return "\n".join([*lines, *printed])


def _is_whole(name: str, lesson: Lesson) -> bool:
    """Whether a name of the witness is a size, an index or an integer; what no side speaks of is a fixed size."""
    relation = lesson.part.relation
    seen = union((relation.left, relation.right, *(e for h in lesson.problem.hypotheses for e in _both(h))))
    thing = next((t for t in (*seen.indices, *seen.objects) if getattr(t, "name", "") == name), None)
    if isinstance(thing, Scalar):
        return thing.domain.integer
    return thing is None or isinstance(thing, (Size, Index))


def _both(hypothesis):
    return hypothesis.relation.left, hypothesis.relation.right


def _depth(value: Any) -> int:
    return 1 + _depth(value[0]) if isinstance(value, list) else 0


def _sides(lesson: Lesson) -> list[ast.expr]:
    """Both sides; where one is an indefinite integral, the derivatives that are compared."""
    sides = [lesson.left, lesson.right]
    integrals = [s for s in sides if called(s) == "integrate" and lesson.claim.notes]
    if not integrals:
        return sides
    x = integrals[0].args[1]  # type: ignore[attr-defined]
    return [s.args[0] if s in integrals else call("diff", s, x) for s in sides]  # type: ignore[attr-defined]


def _side(side: ast.expr, translator: Translator) -> Code:
    """A first derivative of a scalar by ``torch.autograd``, anything else as it comes."""
    if called(side) in ("diff", "grad") and len(side.args) == 2:  # type: ignore[attr-defined]
        f, x = side.args  # type: ignore[attr-defined]
        inner = translator.code(f)
        plain = isinstance(x, ast.Name) and x.id in translator.axes and x.id not in translator.let
        if plain and inner.is_tensor and not inner.ndim and "torch.func." not in written(inner.tree):
            name = identifier(x.id)
            if name in names(inner.tree):
                tree = parsed("torch.autograd.grad(f, x)[0]", f=inner.tree, x=ast.Name(name))
                return Code(tree, translator.axes[x.id])
    return translator.code(side)


def _differentiated(tree: ast.AST) -> set[str]:
    """The names by which ``torch.autograd.grad`` differentiates."""
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and written(n.func) == "torch.autograd.grad"]
    return {c.args[1].id for c in calls if isinstance(c.args[1], ast.Name)}


def _plain(side: Code) -> ast.expr:
    """Numbers to print, without what torch says around them."""
    return parsed("u.tolist()" if side.ndim else "u.item()", u=side.tree) if side.is_tensor else side.tree


def _value(name: str, value: Any, whole: set[str], differentiated: bool) -> str:
    if name in whole:
        return str(int(value))
    required = ", requires_grad=True" if differentiated else ""
    return f"torch.tensor({_literal(value)}, dtype=torch.float64{required})"


def _literal(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    x = Fraction(value)
    return f"{float(x)}" if x.denominator == 1 else f"{x.numerator}/{x.denominator}"
