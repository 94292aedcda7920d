"""A second meaning of the claim language, by loops over NumPy arrays, and random formulas to compare the two on.

Nothing here is shared with the language but Python's parser: names are looked up, indices are numbers, sums are loops.
The ranges of indices are fixed: i, k run over 1..n, j, l over 1..m.
"""

import ast
import itertools
import random
import re

import numpy as np

SIZES = {"n": 3, "m": 2}
RANGES = {"i": "n", "k": "n", "j": "m", "l": "m"}
DECLARED = {"a": "", "x": "[n]", "y": "[m]", "A": "[m, n]", "S": "[n, n]"}
WHERE = "; ".join(f"{name}: real{shape}" for name, shape in DECLARED.items())
LET = (
    "h[i] = x[i] * a + S[i, 1]",
    "G[k, l] = x[k] - y[l]",
    "s = sum(x[i], i)",
    "w = S @ x",
    "f(i) = i * i - a",
    "g(u, x) = u + 2 * x",
)

OPERATIONS = {ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.MatMult: np.matmul, ast.Pow: np.power}


class Reference:
    """``value(tree, bound)``: what a tree means where some names are bound."""

    def __init__(self, numbers: dict[str, np.ndarray], let: tuple[str, ...]):
        self.numbers, self.let = numbers, {}
        for text in let:
            head, _, body = text.partition(" = ")
            name, _, parameters = head.replace("(", "[").rstrip("])").partition("[")
            kind = "call" if "(" in head else "entries" if "[" in head else "value"
            self.let[name] = (kind, [p.strip() for p in parameters.split(",")], ast.parse(body, mode="eval").body)

    def value(self, e: ast.expr, bound: dict):
        return getattr(self, type(e).__name__)(e, bound)

    def Constant(self, e, bound):
        return np.asarray(float(e.value))

    def Name(self, e, bound):
        if e.id in bound:
            return np.asarray(float(bound[e.id])) if isinstance(bound[e.id], int) else bound[e.id]
        if e.id in self.let:
            kind, parameters, body = self.let[e.id]
            if kind == "value":
                return self.value(body, {})
            ranges = [range(1, SIZES[RANGES[p]] + 1) for p in parameters]
            found = [self.value(body, dict(zip(parameters, at, strict=True))) for at in itertools.product(*ranges)]
            return np.asarray(found).reshape([len(r) for r in ranges])
        return np.asarray(float(SIZES[e.id])) if e.id in SIZES else self.numbers[e.id]

    def BinOp(self, e, bound):
        return OPERATIONS[type(e.op)](self.value(e.left, bound), self.value(e.right, bound))

    def UnaryOp(self, e, bound):
        return -self.value(e.operand, bound)

    def Attribute(self, e, bound):
        return self.value(e.value, bound).T

    def Subscript(self, e, bound):
        subscripts = e.slice.elts if isinstance(e.slice, ast.Tuple) else [e.slice]
        at = tuple(
            slice(None) if isinstance(s, ast.Slice) else round(float(self.value(s, bound))) - 1 for s in subscripts
        )
        return self.value(e.value, bound)[at]

    def Call(self, e, bound):
        name, (first, *others) = e.func.id, e.args
        if name == "sum" and others:
            index = others[0].id
            values = [self.value(first, {**bound, index: at}) for at in range(1, SIZES[RANGES[index]] + 1)]
            return np.sum(values, axis=0)
        if name in self.let:
            _, parameters, body = self.let[name]
            return self.value(body, dict(zip(parameters, (self.value(a, bound) for a in e.args), strict=True)))
        if name == "delta":
            return np.asarray(float(self.value(first, bound) == self.value(others[0], bound)))
        axis = ast.literal_eval(e.keywords[0].value) if e.keywords else None
        arguments = [self.value(a, bound) for a in e.args]
        named = {"sum": np.sum, "mean": np.mean, "max": np.max, "outer": np.outer, "trace": np.trace, "diag": np.diag}
        return named[name](*arguments, **({"axis": axis} if axis is not None else {}))


LEAVES = {
    "": ["a", "2", "s"], "n": ["x", "h", "w"], "m": ["y"], "mn": ["A", "G.T"], "nm": ["A.T", "G"], "nn": ["S", "S.T"],
}  # fmt: skip
# Formulas of each shape; {n} stands for one of that shape, {sum_i} for one in which the index i may stand.
PATTERNS = {
    "": [
        "sum({sum_i}, i)",
        "sum({sum_j}, j)",
        "({n} @ {n})",
        "({m} @ {m})",
        "sum({n})",
        "mean({mn})",
        "max({m})",
        "trace({nn})",
    ],
    "n": ["({nn} @ {n})", "({m} @ {mn})", "sum({mn}, axis=0)", "diag({nn})", "({mn})[j, :]"],
    "m": ["({mn} @ {n})", "max({mn}, axis=1)", "({nm})[i]", "({mn})[:, i]"],
    "mn": ["({mn} * {n})", "outer({m}, {n})", "({nm}).T", "({mn} @ {nn})"],
    "nm": ["({nm} + {m})", "outer({n}, {m})", "({mn}).T"],
    "nn": ["({nm} @ {mn})", "diag({n})", "({nn} * {n}).T", "outer({n}, {n})"],
}
OF_ANY_SHAPE = ["({same} + {same})", "({same} * {})", "({} - {same})", "-{same}", "f({same})", "g({same}, {})"]


def formula(rng: random.Random, shape: str, indices: frozenset[str], depth: int) -> str:
    """A random text of one shape, in which some indices may stand."""
    entries = [f"{v}[{i}]" for i in sorted(indices) for v in ("xhw" if RANGES[i] == "n" else "y")] if not shape else []
    if depth == 0 or rng.random() < 0.1:
        return rng.choice(LEAVES[shape] + entries)
    usable = [p for p in PATTERNS[shape] if not ("[i]" in p or ", i]" in p) or "i" in indices]
    usable = [p for p in usable if "[j" not in p or "j" in indices]
    pattern = rng.choice(usable if rng.random() < 0.5 else OF_ANY_SHAPE)

    def filled(found: re.Match) -> str:
        word = found[1]
        if word.startswith("sum_"):
            index = word[-1]
            inner = formula(rng, "", indices | {index}, depth - 1)
            subscript = "x[i]" if index == "i" else "y[j]"
            return f"{inner} * {subscript}"  # the index stands somewhere: that tells its range
        return formula(rng, shape if word == "same" else word, indices, depth - 1)

    return re.sub(r"\{(\w*)\}", filled, pattern)
