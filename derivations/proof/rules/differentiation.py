"""The rule ``differentiate``: every D in a line is carried out down to known derivatives."""

from __future__ import annotations

import sympy as sp

from derivations.calculus.operators import Binder, D, Delta, Expectation, Product, Sum
from derivations.calculus.substitution import fresh_index, named_objects, rebuild, substitute
from derivations.calculus.symbols import Defined, Definition, Entry, Index, Size
from derivations.proof.rules.base import ProofError, rule


@rule
def differentiate(line: sp.Expr) -> sp.Expr:
    """(f + g)' = f' + g', (f g)' = f' g + f g', f(g)' = f'(g) g', (sum f)' = sum f', dz_k/dz_j = delta_kj"""
    return rebuild(line, lambda node: derivative(*node.args) if isinstance(node, D) else None)  # type: ignore


def depends_on(e: sp.Basic, x: sp.Expr) -> bool:
    """Whether the scalar, tensor or definition that x belongs to occurs in e, inside definitions too."""
    return head(x) in named_objects(e)


def head(x: sp.Expr) -> sp.Basic:
    if isinstance(x, Entry):
        return x.tensor
    return x.head if isinstance(x, Defined) else x


def derivative(f: sp.Expr, x: sp.Expr) -> sp.Expr:
    """df/dx as an expression. A definition that depends on x stays as D(definition, x) when x is a variable; when x
    is itself a definition the others are opened, since x is held as independent."""
    if f == x:
        return sp.S.One
    if not depends_on(f, x):
        return sp.S.Zero
    if isinstance(f, (Entry, Defined)) and head(f) == head(x):
        return sp.Mul(*(Delta(a, b) for a, b in zip(f.subscripts, x.subscripts, strict=True)))  # type: ignore
    if isinstance(f, Defined):
        if isinstance(x, Defined) and isinstance(f.head, Definition):
            return derivative(f.unfolded, x)
        return D(f, x)
    if isinstance(f, sp.Add):
        return sp.Add(*(derivative(a, x) for a in f.args))
    if isinstance(f, sp.Mul):
        factors = f.args
        return sp.Add(*(sp.Mul(*factors[:n], derivative(a, x), *factors[n + 1 :]) for n, a in enumerate(factors)))
    if isinstance(f, sp.Pow) and f.base is not sp.E:
        return _power(f, x)
    if isinstance(f, Sum):
        f = _renamed_apart(f, x)
        return Sum(derivative(f.body, x), *f.bound)
    if isinstance(f, Product):
        return _product(f, x)
    if isinstance(f, Expectation):
        return Expectation(derivative(f.function, x))
    if isinstance(f, D):
        return derivative(derivative(*f.args), x)  # type: ignore[arg-type]
    if isinstance(f, sp.Pow):
        return f * derivative(f.exp, x)
    if isinstance(f, sp.Function):
        return sp.Add(*(f.fdiff(n) * derivative(a, x) for n, a in enumerate(f.args, 1)))
    raise ProofError(f"differentiate: no rule for {type(f).__name__} in {f}")


def _power(f: sp.Pow, x: sp.Expr) -> sp.Expr:
    """(f^c)' = c f^(c-1) f' for an exponent without x, else f^g (g' log f + g f'/f)."""
    if not depends_on(f.exp, x):
        return f.exp * sp.Pow(f.base, f.exp - 1) * derivative(f.base, x)
    return f * (derivative(f.exp, x) * sp.log(f.base) + f.exp * derivative(f.base, x) / f.base)


def _product(f: Product, x: sp.Expr) -> sp.Expr:
    """(prod_k f_k)' = sum_j f_j' prod_k f_k / f_j, for factors that are not 0."""
    f = _renamed_apart(f, x)  # type: ignore[assignment]
    if len(f.bound) != 1:
        raise ProofError("differentiate: a product over one index at a time")
    (k,) = f.bound
    j = fresh_index(k, [f, x, k])
    factor = substitute(f.body, {k: j})
    return Sum(derivative(factor, x) / factor, j) * f  # type: ignore[arg-type]


def _renamed_apart(f: Binder, x: sp.Expr) -> Binder:
    """Rename bound indices that x uses, so that dz_k/dz_k is not mistaken for a diagonal."""
    used = [s for s in x.free_symbols if isinstance(s, (Index, Size))]
    clashing = [k for k in f.bound if any(k.name == s.name for s in used)]
    renaming = {}
    for k in clashing:
        renaming[k] = fresh_index(k, [*used, f, *f.bound, *renaming.values()])
    if not renaming:
        return f
    body = substitute(f.body, renaming)
    return type(f)(body, *(renaming.get(k, k) for k in f.bound))
