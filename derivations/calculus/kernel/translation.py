"""From the surface language (SymPy and our nodes) to forms. Definitions mean their bodies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache

import sympy as sp

from derivations.calculus import functions as fn
from derivations.calculus.affine import linear_terms
from derivations.calculus.kernel import effort, indicators, ranges, special
from derivations.calculus.kernel.atoms import Atom, Form, Unsupported
from derivations.calculus.kernel.binders import entry, rebuild, sum_over
from derivations.calculus.kernel.differentiation import partial_by
from derivations.calculus.kernel.elementary import (
    absolute,
    affine_value,
    cube_root,
    exponential,
    function,
    logarithm,
    sign,
)
from derivations.calculus.kernel.maxima import maximum_over
from derivations.calculus.kernel.products import expectation, product_over
from derivations.calculus.kernel.ranges import Affine, Var, fresh_var, named_var
from derivations.calculus.kernel.terms import add, constant, multiply, power, scale, single, subtract, symbolic_power
from derivations.calculus.operators import D, Delta, Expectation, Integral, Limit, LimitAt, Maximum, Product, Sum
from derivations.calculus.substitution import named_objects, subexpressions, unfold
from derivations.calculus.substitution import rebuild as rebuild_surface
from derivations.calculus.symbols import Defined, Definition, Entry, Index, Recurrence, Size, Tensor

# what an index of the surface means inside: "variable + offset"
Scope = Mapping[Index, Affine]

_PLAIN = {sp.tanh: "tanh", sp.erf: "erf", sp.sin: "sin", sp.cos: "cos", sp.sinh: "sinh", sp.cosh: "cosh"}
_PLAIN |= {sp.atan: "atan", sp.atanh: "atanh", sp.asin: "asin", sp.asinh: "asinh", sp.acosh: "acosh"}
_PLAIN |= {fn.sigmoid: "sigmoid", fn.softplus: "softplus"}


@cache
def size_form(e: sp.Expr) -> Affine:
    """An affine expression of sizes alone."""
    return affine(e, {})


def affine(e: sp.Expr, scope: Scope) -> Affine:
    """An affine expression of sizes and indices; raises Unsupported for anything else."""
    parts = linear_terms(e)
    if parts is None:
        raise Unsupported(f"{e} is not affine in sizes and indices")
    offset, terms = parts
    total = Affine(offset)
    for symbol, c in terms.items():
        if isinstance(symbol, Size):
            total = total.plus(ranges.of(ranges.dim(symbol.name, symbol.minimum)), c)
        elif symbol in scope:
            total = total.plus(scope[symbol], c)
        elif isinstance(symbol, Index):
            total = total.plus(free_index(symbol), c)
        else:
            raise Unsupported(f"{symbol} is neither a size nor an index")
    return total


@cache
def free_index(k: Index) -> Affine:
    """A free index as a variable over 1..extent and an offset. Its range must not depend on another index."""
    low = size_form(k.low)
    v = named_var(k.name, None if k.high is sp.oo else size_form(k.extent), low)
    return ranges.of(v).plus(low).shifted(-1)


def _bound_index(k: Index, scope: Scope) -> tuple[Var, Affine, Form]:
    """A fresh variable for a bound index, what the index is in terms of it, and the guard of a dependent range.

    A range whose ends depend on outer indices is widened to the ends' extremes and cut by [k >= low], [k <= high].
    """
    low = affine(k.low, scope)
    least, _ = ranges.bounds(low)
    if least is None:
        raise Unsupported(f"the range of {k} has no least element")
    if k.high is sp.oo:
        high, extent = None, None
    else:
        high = affine(k.high, scope)
        _, greatest = ranges.bounds(high)
        if greatest is None or not ranges.always_nonnegative(high.plus(low, -1).shifted(1)):
            raise Unsupported(f"the range {k.low}..{k.high} of {k} is not provably of length >= 0")
        extent = greatest.plus(least, -1).shifted(1)
    v = fresh_var(extent)
    value = ranges.of(v).plus(least).shifted(-1)
    cut = constant(1)
    if low.variables:
        cut = multiply(cut, indicators.guard(value.plus(low, -1)))
    if high is not None and high.variables:
        cut = multiply(cut, indicators.guard(high.plus(value, -1)))
    return v, value, cut


def translate(e: sp.Basic, scope: Scope | None = None) -> Form:
    """The form of an expression; raises Unsupported where the kernel has no meaning for it."""
    if scope is None:
        effort.begin()
        scope = {}
    handler = _HANDLERS.get(type(e)) or next((h for kind, h in _BY_BASE if isinstance(e, kind)), None)
    if handler is None:
        if type(e) in _PLAIN:
            return function(_PLAIN[type(e)], translate(e.args[0], scope))
        if type(e) in special.NAMES:
            return special.special(special.NAMES[type(e)], *(translate(a, scope) for a in e.args))
        raise Unsupported(f"{type(e).__name__} is outside the kernel")
    return handler(e, scope)


def _number(e: sp.Rational, scope: Scope) -> Form:
    return constant(Fraction(int(e.p), int(e.q)))


def _symbol(e: sp.Symbol, scope: Scope) -> Form:
    if isinstance(e, (Size, Index)):
        return affine_value(affine(e, scope))
    return single(Atom("symbol", e))


def _entry(e: Entry, scope: Scope) -> Form:
    return _access(e.tensor, e.subscripts, scope)


def _access(head: Tensor | Recurrence, subscripts, scope: Scope) -> Form:
    if isinstance(head, Recurrence) and any(isinstance(s, Index) for s in head.free_symbols):
        # an atom m[t] does not show that its start or step depends on an index, which a sum outside may bind
        raise Unsupported(f"the recurrence {head.name} depends on an index beside its own")
    shifted = [
        affine(s, scope).plus(size_form(low), -1).shifted(1) for s, (low, _) in zip(subscripts, head.axes, strict=True)
    ]
    return entry(head, shifted)


def _defined(e: Defined, scope: Scope) -> Form:
    if isinstance(e.head, Definition):
        return translate(e.unfolded, scope)
    position = affine(e.subscripts[0], scope)
    if position == Affine(e.head.first):
        return translate(e.head.start, scope)
    if position.constant > 0 and ranges.always_nonnegative(position.shifted(-1 - e.head.first)):
        return translate(e.unfolded, scope)  # m[t+1] in terms of m[t]
    return _access(e.head, e.subscripts, scope)


def _sum(e: Sum | Product | Maximum, scope: Scope) -> Form:
    variables: list[tuple[Var, Form]] = []
    for k in e.bound:
        v, value, cut = _bound_index(k, scope)
        scope = {**scope, k: value}
        variables.append((v, cut))
    body = translate(e.body, scope)
    if isinstance(e, Sum):
        return sum_over(multiply(body, *(cut for _, cut in variables)), [v for v, _ in variables])
    if isinstance(e, Maximum):
        return _maximum(body, variables)
    for v, cut in reversed(variables):
        if cut != constant(1):  # outside a dependent range a factor counts as 1
            body = add(subtract(constant(1), cut), multiply(cut, body))
        body = product_over(body, v)
    return body


def _maximum(body: Form, variables: list[tuple[Var, Form]]) -> Form:
    if any(cut != constant(1) for _, cut in variables):
        raise Unsupported("a maximum over a range that depends on another index")
    for v, _ in reversed(variables):
        body = maximum_over(body, v)
    return body


def _pow(e: sp.Pow, scope: Scope) -> Form:
    base, exponent = e.base, e.exp
    if base is sp.E:
        return exponential(translate(exponent, scope))
    if exponent.is_Rational:
        if not exponent.is_Integer and exponent < 0:
            return power(power(translate(base, scope), Fraction(int(-exponent.p), int(exponent.q))), -1)
        return power(translate(base, scope), Fraction(int(exponent.p), int(exponent.q)))
    if linear_terms(exponent) is not None:
        return symbolic_power(translate(base, scope), affine(exponent, scope))
    inside = translate(base, scope)
    from derivations.calculus.kernel.signs import positive_form

    if not positive_form(inside):
        raise Unsupported(f"the power {e}: the base is not provably positive")
    return exponential(multiply(translate(exponent, scope), logarithm(inside)))


def _derivative(e: D, scope: Scope) -> Form:
    x = e.variable
    if isinstance(x, Defined):
        return _derivative_by_definition(e, scope)
    variable = single(Atom("symbol", x)) if not isinstance(x, Entry) else _access(x.tensor, x.subscripts, scope)
    return partial_by(translate(e.function, scope), variable)


class _Held(Tensor):
    """The array that stands for a definition; a type of its own, so that no tensor of a statement equals it."""


def _derivative_by_definition(e: D, scope: Scope) -> Form:
    """Hold the definition as an independent array, differentiate by its entry, then put the body back."""
    head = e.variable.head  # type: ignore[union-attr]
    if isinstance(head, Recurrence):
        raise Unsupported("a derivative by an entry of a recurrence")
    if any(isinstance(s, Index) for s in head.free_symbols):
        raise Unsupported(f"a derivative by {head.name}, which depends on an index beside its parameters")
    held = _Held(f"{head.name}_held", head.axes)

    def hold(node):
        if isinstance(node, Defined) and node.head == head:
            return Entry(held, *node.subscripts)
        if isinstance(node, D) and isinstance(node.variable, Defined) and node.variable.head == head:
            return D(node.function, Entry(held, *node.variable.subscripts))
        return None

    opened = rebuild_surface(unfold(e.function, keep=[head]), hold)
    _check_held(opened, head)
    by = D(opened, Entry(held, *e.variable.subscripts))  # type: ignore[union-attr]
    return _substitute_entries(translate(by, scope), held, head)


def _check_held(opened: sp.Basic, head: Definition) -> None:
    """Raise where the definition is still reached some other way than through the held array.

    That is in a recurrence, under its own name in another form, or by a derivative inside that is taken by what the
    definition is made of (or by another definition): whether it moves the held array has two readings.
    """
    if any(isinstance(thing, Definition) and thing.name == head.name for thing in named_objects(opened)):
        raise Unsupported(f"a derivative by {head.name}, which cannot be held fixed everywhere in its function")
    within = named_objects(head.body)
    for node in subexpressions(opened):
        if isinstance(node, D):
            x = node.variable
            array = x.tensor if isinstance(x, Entry) else x
            if isinstance(x, Defined) or array in within:
                raise Unsupported(f"a derivative by {x} inside a derivative by {head.name}")


def _substitute_entries(form: Form, held: Tensor, head: Definition) -> Form:
    def change(atom: Atom, q: Fraction) -> Form | None:
        if atom.kind != "entry" or atom.data[0] != held:
            return None
        offsets = [size_form(low) for low, _ in held.axes]
        values = {
            parameter: a.plus(offset).shifted(-1)
            for parameter, a, offset in zip(head.parameters, atom.data[1], offsets, strict=True)
        }
        return power(translate(head.body, values), q)

    return rebuild(form, change)


def _arc_cosine(e: sp.Basic, scope: Scope) -> Form:
    """acos(x) = pi/2 - asin(x)."""
    quarter = scale(single(Atom("symbol", sp.pi)), Fraction(1, 2))
    return subtract(quarter, function("asin", translate(e.args[0], scope)))


def _relu(e: sp.Basic, scope: Scope) -> Form:
    """relu(x) = (x + |x|) / 2, which holds at 0 as well."""
    x = translate(e.args[0], scope)
    return scale(add(x, absolute(x)), Fraction(1, 2))


def _leaky_relu(e: sp.Basic, scope: Scope) -> Form:
    """a x + (1 - a) relu(x)."""
    x, a = (translate(argument, scope) for argument in e.args)
    positive_part = scale(add(x, absolute(x)), Fraction(1, 2))
    return add(multiply(a, x), multiply(subtract(constant(1), a), positive_part))


def _step(e: sp.Basic, scope: Scope) -> Form:
    return scale(add(constant(1), sign(translate(e.args[0], scope))), Fraction(1, 2))


def _extreme(direction: int) -> Callable[[sp.Basic, Scope], Form]:
    def handler(e: sp.Basic, scope: Scope) -> Form:
        """max(a, b) = (a + b + |a - b|) / 2, min with the other sign."""
        result = translate(e.args[0], scope)
        for argument in e.args[1:]:
            other = translate(argument, scope)
            spread = scale(absolute(subtract(result, other)), Fraction(direction))
            result = scale(add(result, other, spread), Fraction(1, 2))
        return result

    return handler


def _limit(e: sp.Basic, scope: Scope) -> Form:
    raise Unsupported("a limit is decided by its own judge")


def _integral(e: sp.Basic, scope: Scope) -> Form:
    raise Unsupported("an integral is decided by its own judge")


_HANDLERS: dict[type, Callable] = {
    sp.Add: lambda e, scope: add(*(translate(a, scope) for a in e.args)),
    sp.Mul: lambda e, scope: multiply(*(translate(a, scope) for a in e.args)),
    sp.Pow: _pow,
    sp.exp: lambda e, scope: exponential(translate(e.args[0], scope)),
    sp.log: lambda e, scope: logarithm(translate(e.args[0], scope)),
    sp.Abs: lambda e, scope: absolute(translate(e.args[0], scope)),
    sp.sign: lambda e, scope: sign(translate(e.args[0], scope)),
    sp.Max: _extreme(1),
    sp.Min: _extreme(-1),
    sp.erfc: lambda e, scope: subtract(constant(1), function("erf", translate(e.args[0], scope))),
    sp.acos: _arc_cosine,
    fn.cbrt: lambda e, scope: cube_root(translate(e.args[0], scope)),
    fn.relu: _relu,
    fn.leaky_relu: _leaky_relu,
    fn.step: _step,
    Delta: lambda e, scope: indicators.delta(affine(e.args[0], scope).plus(affine(e.args[1], scope), -1)),
    Entry: _entry,
    Defined: _defined,
    Sum: _sum,
    Product: _sum,
    Maximum: _sum,
    D: _derivative,
    Expectation: lambda e, scope: expectation(translate(e.function, scope)),
    Limit: _limit,
    LimitAt: _limit,
    Integral: _integral,
}
_BY_BASE: list[tuple[type, Callable]] = [
    (sp.Rational, _number),
    (sp.Symbol, _symbol),
    (type(sp.pi), lambda e, scope: single(Atom("symbol", sp.pi))),
    (type(sp.E), lambda e, scope: exponential(constant(1))),
]
