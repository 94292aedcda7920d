"""Forms: ``{monomial: coefficient}``, kept normal by the arithmetic here: sums, products, powers.

elementary.py has the functions, binders.py closes and opens sums.
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from math import gcd

import sympy as sp

from derivations.calculus.kernel import effort
from derivations.calculus.kernel.atoms import ONE, Atom, Form, Monomial, Unsupported, key_of
from derivations.calculus.kernel.ranges import Affine

LARGEST_POWER = 12  # (a + b + ...)**q is multiplied out up to here
LARGEST_FORM = 20_000  # terms; beyond it the kernel gives up

# ---- forms ------------------------------------------------------------------------------------------------------


def constant(c) -> Form:
    c = Fraction(c)
    return {(): c} if c else {}


def single(atom: Atom, exponent: Fraction | int = 1) -> Form:
    return normalised({atom: Fraction(exponent)}, ONE)


def frozen(form: Form) -> tuple:
    """A form as a hashable, sorted tuple, for use inside atoms."""
    return tuple(sorted(form.items(), key=lambda term: key_of(term[0])))


def add(*forms: Form) -> Form:
    total: Form = {}
    for form in forms:
        accumulate(total, form)
    return total


def accumulate(total: Form, form: Form) -> None:
    """Add ``form`` to ``total`` in place."""
    for monomial, c in form.items():
        c = total.get(monomial, 0) + c
        if c:
            total[monomial] = c
        else:
            total.pop(monomial, None)


def scale(form: Form, c) -> Form:
    return {monomial: value * c for monomial, value in form.items()} if c else {}


def subtract(left: Form, right: Form) -> Form:
    return add(left, scale(right, Fraction(-1)))


def multiply(*forms: Form) -> Form:
    result = constant(1)
    for form in forms:
        if len(result) * len(form) > LARGEST_FORM:
            raise Unsupported("the expression expands into too many terms")
        total: Form = {}
        effort.spend(effort.PRODUCT * len(result) * len(form))
        for (left, a), (right, b) in itertools.product(result.items(), form.items()):
            factors = dict(left)
            for atom, q in right:
                factors[atom] = factors.get(atom, 0) + q
            accumulate(total, normalised(factors, a * b))
        result = total
    return result


def sort_factors(factors: dict[Atom, Fraction]) -> Monomial:
    return tuple(sorted(factors.items(), key=lambda factor: factor[0].key))


_INDICATORS = ("delta", "guard")
_SPECIAL = {"prime", "delta", "guard", "function", "base"}


def normalised(factors: dict[Atom, Fraction], c: Fraction) -> Form:
    """The normal form of ``c * product(atom**exponent)``."""
    factors = {atom: q for atom, q in factors.items() if q}
    if not c:
        return {}
    if not any(atom.kind in _SPECIAL for atom in factors):
        return {sort_factors(factors): c}
    for atom in [a for a in factors if a.kind == "prime"]:
        q = factors.pop(atom)
        whole = q.numerator // q.denominator
        c = c * Fraction(atom.data[0]) ** whole
        if q != whole:
            factors[atom] = q - whole
    for atom in [a for a in factors if a.kind == "base" and factors[a] >= 1]:
        q = factors.pop(atom)  # the whole part of a power of several terms is multiplied out
        whole = q.numerator // q.denominator
        if q != whole:
            factors[atom] = q - whole
        return multiply(power(dict(atom.data[0]), whole), normalised(factors, c))
    signed = _sign_rules(factors, c)
    if signed is not None:
        return signed
    from derivations.calculus.kernel import indicators

    return indicators.normalised(factors, c)


def _sign_rules(factors: dict[Atom, Fraction], c: Fraction) -> Form | None:
    """|x|**2 = x**2, |x| sign(x) = x, x sign(x) = |x|, sign(x)**3 = sign(x): each true at 0 too."""
    from derivations.calculus.kernel.elementary import absolute

    for atom, q in factors.items():
        if atom.kind != "function":
            continue
        rest = {a: p for a, p in factors.items() if a != atom}
        inner = dict(atom.data[1])
        if atom.data[0] == "abs":
            if q.denominator == 1 and abs(q) >= 2:
                even = q.numerator - q.numerator % 2
                return multiply(normalised({**rest, atom: q - even}, c), power(inner, even))
            sign = Atom("function", "sign", atom.data[1])
            if q >= 1 and factors.get(sign, 0) >= 1:
                rest = {**rest, atom: q - 1, sign: factors[sign] - 1}
                return multiply(normalised(rest, c), inner)
        elif atom.data[0] == "cbrt" and q.denominator == 1 and not 0 <= q <= 2:
            whole = q.numerator // 3  # cbrt(x)**3 = x
            return multiply(normalised({**rest, atom: q - 3 * whole}, c), power(inner, whole))
        elif atom.data[0] == "sign":
            if q.denominator == 1 and q >= 3:
                return normalised({**rest, atom: 2 - q % 2}, c)
            argument = sole_atom(inner)
            if argument is not None and q >= 1 and factors.get(argument, 0) >= 1:  # x sign(x) = |x|
                rest = {**rest, atom: q - 1, argument: factors[argument] - 1}
                return multiply(normalised(rest, c), absolute(inner))
    return None


def sole_atom(form: Form) -> Atom | None:
    """The atom that a form consists of, to the first power and with coefficient 1."""
    if len(form) == 1:
        ((monomial, c),) = form.items()
        if c == 1 and len(monomial) == 1 and monomial[0][1] == 1:
            return monomial[0][0]
    return None


# ---- powers -----------------------------------------------------------------------------------------------------


def number_power(c: Fraction, q: Fraction) -> Form:
    """A positive rational to a rational power, as a product of prime radicals."""
    if q.denominator == 1:
        return constant(c**q.numerator)
    result = constant(1)
    for part, sign in ((c.numerator, 1), (c.denominator, -1)):
        if part.bit_length() > 200:
            raise Unsupported("a root of a very large number")
        for prime, e in sp.factorint(part).items():
            result = multiply(result, single(Atom("prime", int(prime)), Fraction(e) * q * sign))
    return result


def power(form: Form, q) -> Form:
    """``form ** q`` for a rational q. Fractional powers are distributed over provably positive factors only."""
    from derivations.calculus.kernel.signs import positive

    q = Fraction(q)
    if q == 0:
        return constant(1)
    if not form:
        if q > 0:
            return {}
        raise Unsupported("division by zero")
    if len(form) == 1:
        return _monomial_power(form, q)
    if q.denominator == 1 and q > 0:
        if q > LARGEST_POWER:
            raise Unsupported(f"a sum to the power {q}")
        result = constant(1)
        for _ in range(int(q)):
            result = multiply(result, form)
        return result
    content, common, primitive = split_content(form)
    if q.denominator > 1 and not positive(common):
        raise Unsupported("a root of a factor that may be negative")  # split_content takes positive atoms only
    squares = _common_squares(primitive) if q.denominator % 2 == 0 else {}
    if squares:  # sqrt(a**2 u) = |a| sqrt(u), u >= 0 unless a = 0
        rest = multiply({common: content}, primitive, normalised({a: -e for a, e in squares.items()}, ONE))
        return multiply(power(rest, q), *(power(_modulus(a), e * q) for a, e in squares.items()))
    outer = multiply(number_power(content, q), normalised({a: e * q for a, e in common}, ONE))
    if len(primitive) == 1:
        return multiply(outer, power(primitive, q))
    if q.denominator == 1 and leading(primitive) < 0:  # one sign for the base: (b - a)**-1 = -(a - b)**-1
        primitive = scale(primitive, Fraction(-1))
        outer = scale(outer, Fraction((-1) ** (q.numerator % 2)))
    return multiply(outer, {((Atom("base", frozen(primitive)), q),): ONE})


def leading(form: Form) -> Fraction:
    return frozen(form)[0][1]


def _modulus(atom: Atom) -> Form:
    from derivations.calculus.kernel.elementary import absolute

    return absolute(single(atom))


def _common_squares(form: Form) -> dict[Atom, Fraction]:
    """The even powers that are a factor of every term, such as c**2 in c**2 a - c**2 b."""
    monomials = [dict(monomial) for monomial in form]
    found: dict[Atom, Fraction] = {}
    for atom in set.intersection(*(set(monomial) for monomial in monomials)):
        exponents = [monomial[atom] for monomial in monomials]
        if atom.kind not in _INDICATORS and all(q.denominator == 1 for q in exponents):
            low, high = min(exponents), max(exponents)
            even = low - low % 2 if low >= 2 else high + high % 2 if high <= -2 else Fraction(0)
            if even:
                found[atom] = even
    return found


def _monomial_power(form: Form, q: Fraction) -> Form:
    from derivations.calculus.kernel.signs import positive

    ((monomial, c),) = form.items()
    if q.denominator == 1:
        if any(atom.kind in ("delta", "guard") for atom, _ in monomial) and q < 0:
            raise Unsupported("division by an indicator")
        return multiply(constant(c**q.numerator), normalised({a: e * q for a, e in monomial}, ONE))
    good = {a: e * q for a, e in monomial if positive(((a, ONE),))}  # not x**-2: its root is 1/|x|
    rest = {a: e for a, e in monomial if a not in good}
    if not rest and c > 0:
        return multiply(number_power(c, q), normalised(good, ONE))
    outer = multiply(number_power(abs(c), q), normalised(good, ONE))
    remaining = normalised(rest, ONE if c > 0 else -ONE)
    if q.numerator % 2 == 0 or not remaining:
        raise Unsupported("an even root power of a factor of unknown sign")
    if q.denominator % 2 == 0 and c > 0:
        roots = [_root_of_factor(atom, e, q) for atom, e in rest.items()]
        if all(root is not None for root in roots):  # a root distributes over factors >= 0
            return multiply(outer, *(root for root in roots if root is not None))
    return multiply(outer, {((Atom("base", frozen(remaining)), q),): ONE})


def _root_of_factor(atom: Atom, e: Fraction, q: Fraction) -> Form | None:
    """(atom**e)**q where that is a power of something >= 0: sqrt(x**2) = |x|; None for a factor of unknown sign."""
    from derivations.calculus.kernel.signs import monomial_interval

    if atom.kind in _INDICATORS:
        return None
    if e.denominator == 1 and e % 2 == 0:
        return power(_modulus(atom), e * q)
    if not monomial_interval(((atom, ONE),)).nonnegative:
        return None
    base = atom if atom.kind == "base" else Atom("base", frozen(single(atom)))
    return normalised({base: e * q}, ONE)


def split_content(form: Form) -> tuple[Fraction, Monomial, Form]:
    """``form = content * common * primitive``: a positive number, positive atoms to their least powers, the rest."""
    from derivations.calculus.kernel.signs import positive

    monomials = [dict(monomial) for monomial in form]
    common = {}
    for atom in {a for monomial in monomials for a in monomial}:
        if positive(((atom, ONE),)):
            least = min(monomial.get(atom, Fraction(0)) for monomial in monomials)
            if least:
                common[atom] = least
    content = Fraction(0)
    for c in form.values():
        content = Fraction(
            gcd(content.numerator * c.denominator, c.numerator * content.denominator),
            content.denominator * c.denominator,
        )
    content = abs(content)
    inverse = {atom: -e for atom, e in common.items()}
    primitive = scale(multiply(form, {sort_factors(inverse): ONE}), 1 / content)
    return content, sort_factors(common), primitive


def symbolic_power(base: Form, exponent: Affine, times: Fraction = ONE) -> Form:
    """``base ** (times * exponent)`` for an exponent in sizes and indices.

    Split over the exponent when the base is provably not zero, or when every part of the exponent is >= 0
    (a**(m+n) = a**m a**n holds with 0**0 = 1 then).
    """
    from derivations.calculus.kernel.signs import nonzero, positive_form

    if base == constant(1):
        return constant(1)
    if not exponent.terms:
        return power(base, times * exponent.constant)
    whole = times.denominator == 1
    growing = all(c * times > 0 for _, c in exponent.terms) and exponent.constant * times >= 0
    if not positive_form(base) and not (whole and (growing or nonzero(base))):
        raise Unsupported("a symbolic power of a base that may be zero or negative")
    if len(base) == 1 and positive_form(base):
        return _split_base_power(base, exponent, times)
    result = power(base, times * exponent.constant) if exponent.constant else constant(1)
    for variable, c in exponent.terms:
        result = multiply(result, {((Atom("power", frozen(base), variable), times * c),): ONE})
    return result


def _split_base_power(base: Form, exponent: Affine, times: Fraction) -> Form:
    """(c a b)**v = c**v a**v b**v for positive factors; e**m to the v is e**(v m)."""
    ((monomial, c),) = base.items()
    result = power(base, times * exponent.constant) if exponent.constant else constant(1)
    factors: list[tuple[Form, Fraction]] = []
    for part, sign in ((c.numerator, 1), (c.denominator, -1)):
        if part.bit_length() > 200:
            raise Unsupported("a symbolic power of a very large number")
        factors += [(constant(prime), Fraction(int(e) * sign)) for prime, e in sp.factorint(part).items()]
    from derivations.calculus.kernel.signs import positive

    for atom, e in monomial:
        if not positive(((atom, ONE),)):
            raise Unsupported("a symbolic power of a factor of unknown sign")
        factors.append((single(atom), e))
    for variable, c in exponent.terms:
        for form, e in factors:
            atom = Atom("power", frozen(form), variable)
            result = multiply(result, normalised({atom: e * times * c}, ONE))
    return result
