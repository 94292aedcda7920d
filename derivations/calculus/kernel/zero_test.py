"""Whether a form is zero for all sizes and all values: True, or None for "not decided". Never False."""

from __future__ import annotations

from fractions import Fraction

from derivations.calculus.kernel.atoms import ONE, Atom, Form, Monomial
from derivations.calculus.kernel.binders import Change, open_sum, rebuild, replace
from derivations.calculus.kernel.elementary import sign
from derivations.calculus.kernel.products import exception, without_exception
from derivations.calculus.kernel.ranges import Affine, Dim, fresh_var, of
from derivations.calculus.kernel.terms import accumulate, constant, multiply, normalised, power, scale, sole_atom

MOST_ROUNDS = 16  # denominators cleared one after another
DEEPEST = 3  # sums whose summands are tested in turn


def is_zero(form: Form, depth: int = 0) -> bool | None:
    """Empty, or empty once denominators are cleared, or a sum of summands that cancel."""
    if not form:
        return True
    if depth == 0:
        form = rebuild(form, _signed_modulus)
        form = rebuild(form, _without_exceptions(_denominators(form)))
    form = clear_denominators(form)
    if not form:
        return True
    if depth < DEEPEST and _zero_by_summands(form, depth):
        return True
    return None


def _signed_modulus(atom: Atom, q: Fraction) -> Form | None:
    """|u| = u sign(u) for a u of several terms, whose product with sign(u) no rule takes together."""
    if q == 1 and atom.kind == "function" and atom.data[0] == "abs" and len(atom.data[1]) > 1:
        return multiply(dict(atom.data[1]), sign(dict(atom.data[1])))
    return None


def _denominators(form: Form) -> set[Atom]:
    return {atom for monomial in form for atom, q in monomial if q < 0}


def _without_exceptions(nonzero: set[Atom]) -> Change:
    """prod_k (f_k + delta_ki h_k) by the product of all f_k, where the statement divides by f_i: so it is not 0."""

    def change(atom: Atom, q: Fraction) -> Form | None:
        if atom.kind != "product":
            return None
        (v,), body = open_sum(atom)
        parts = exception(body, v)
        if parts is None or sole_atom(replace(parts[0], {v: parts[2]})) not in nonzero:
            return None
        return power(without_exception(parts, v), q)

    return change


def clear_denominators(form: Form) -> Form:
    """Multiply by the least powers of all bases and multiply out, until no base is in a denominator.

    The factor is a power of an expression that the statement divides by, so it is not zero where the statement has
    a meaning.
    """
    for _ in range(MOST_ROUNDS):
        base = _a_denominator(form)
        if base is None:
            return form
        least = min(dict(monomial).get(base, Fraction(0)) for monomial in form)
        inside = dict(base.data[0]) if base.kind == "base" else None
        cleared: Form = {}
        for monomial, c in form.items():
            factors = dict(monomial)
            q = factors.pop(base, Fraction(0)) - least
            whole = q.numerator // q.denominator
            term = normalised(factors, c)
            if inside is None:
                term = multiply(term, normalised({base: q}, ONE))
            else:
                term = multiply(term, power(inside, whole))
                if q != whole:
                    term = multiply(term, {((base, q - whole),): ONE})
            accumulate(cleared, term)
        form = cleared
    return form


def _a_denominator(form: Form) -> Atom | None:
    """A factor with a negative exponent; sums of several terms first, the most nested of them first."""
    found = {atom for monomial in form for atom, q in monomial if q < 0 and atom.kind in ("base", "sum", "dim")}
    if not found:
        return None
    return max(found, key=lambda atom: (atom.kind == "base", atom.height, atom.key))


def _zero_by_summands(form: Form, depth: int) -> bool:
    """sum_k f(k) + sum_k g(k) = 0 when f + g = 0: group sums with one cofactor and range, test the summands.

    A term n * x joins a group over 1..n as sum_k x.
    """
    single = {atom.data[0] for m in form for atom, q in m if atom.kind == "sum" and q == 1 and len(atom.data[0]) == 1}
    extents = {extent for (extent,) in single if extent is not None}  # an endless sum counts nothing
    groups: dict[tuple[Monomial, tuple[Affine, ...]], list[tuple[Atom | None, Fraction]]] = {}
    for monomial, c in form.items():
        sums = [atom for atom, q in monomial if atom.kind == "sum" and q == 1]
        if len(sums) == 1:
            rest = tuple(f for f in monomial if f[0] is not sums[0])
            groups.setdefault((rest, sums[0].data[0]), []).append((sums[0], c))
            continue
        counted = _as_count(monomial, extents) if not sums else None
        if counted is None:
            return False
        rest, extent = counted
        groups.setdefault((rest, (extent,)), []).append((None, c))
    return all(_summands_cancel(extents, members, depth) for (_, extents), members in groups.items())


def _as_count(monomial: Monomial, extents: set[Affine]) -> tuple[Monomial, Affine] | None:
    """``n * x`` as (x, n) when some sum runs over 1..n."""
    for extent in sorted(extents, key=str):
        if extent.constant == 0 and len(extent.terms) == 1:
            size, c = extent.terms[0]
            atom = Atom("dim", size)
            if c == 1 and isinstance(size, Dim) and dict(monomial).get(atom) == 1:
                return tuple(f for f in monomial if f[0] != atom), extent
    return None


def _summands_cancel(extents: tuple[Affine, ...], members: list[tuple[Atom | None, Fraction]], depth: int) -> bool:
    common = [fresh_var(extent) for extent in extents]
    total: Form = {}
    for atom, c in members:
        if atom is None:
            accumulate(total, constant(c))
            continue
        fresh, body = open_sum(atom)
        renamed = replace(body, {v: of(w) for v, w in zip(fresh, common, strict=True)})
        accumulate(total, scale(renamed, c))
    return bool(is_zero(total, depth + 1))
