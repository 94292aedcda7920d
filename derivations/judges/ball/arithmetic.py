"""Exact rationals, real balls and nested dual numbers: the arithmetic of the ball refuter.

A number is one of

    fmpq   an exact rational
    arb    a ball that certainly contains the real number meant; not finite where that number may not exist
    Dual   a + b e with e^2 = 0, both parts numbers; the tag of e says which derivative it belongs to

Rationals stay exact through + - * / and integer powers, and through a function where its value is exact (exp 0 = 1),
so an equality of rationals is decided and not only enclosed. What has no real value (1/0, log of a negative number)
or no derivative (relu at 0) becomes a number that is not finite; nothing here guesses.

python-flint may be missing: the module still imports, and ``AVAILABLE`` is False.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from flint import arb, ctx, fmpq, fmpq_mat
else:
    try:
        from flint import arb, ctx, fmpq, fmpq_mat
    except ImportError:  # the refuter then answers "untested"
        arb = ctx = fmpq = fmpq_mat = None

Number: TypeAlias = Any  # fmpq, arb or Dual; their operators do not mix, so the functions below do the mixing

AVAILABLE = fmpq is not None
PRECISION = 256  # bits
MAX_RATIONAL_BITS = 4096  # a longer rational goes on as a ball, so that repeated squaring cannot exhaust memory


def precision(bits: int = PRECISION) -> AbstractContextManager:
    """Balls inside the ``with`` block carry this many bits."""
    return ctx.workprec(bits)


class Dual:
    """``primal + tangent e``; ``tag`` orders nested perturbations, the innermost derivative has the largest."""

    __slots__ = ("primal", "tag", "tangent")

    def __init__(self, primal: Number, tangent: Number, tag: int):
        self.primal, self.tangent, self.tag = primal, tangent, tag


ZERO: Number = fmpq(0) if AVAILABLE else None
ONE: Number = fmpq(1) if AVAILABLE else None
UNDEFINED: Number = arb("nan") if AVAILABLE else None


# ---- what is certain about a number ----------------------------------------------------------------------------


def constant(name: str) -> arb:
    """The ball of ``pi`` or ``E`` at the current precision."""
    return {"pi": arb.pi, "E": arb.const_e}[name]()


def is_exact(x: Number) -> bool:
    return isinstance(x, fmpq)


def defined(x: Number) -> bool:
    """Whether every part of ``x`` is a finite number."""
    if isinstance(x, Dual):
        return defined(x.primal) and defined(x.tangent)
    return is_exact(x) or x.is_finite()


def primal(x: Number) -> fmpq | arb:
    """``x`` without any perturbation."""
    while isinstance(x, Dual):
        x = x.primal
    return x


def certain_sign(x: Number) -> int | None:
    """1, -1 or 0 where the sign of the unperturbed number is certain, else None."""
    x = primal(x)
    if not defined(x):
        return None
    if x > 0:
        return 1
    if x < 0:
        return -1
    return 0 if x == 0 else None  # an arb equals 0 only when it is exactly 0


def sharp(x: Number, scale: Number) -> bool:
    """Whether ``x`` is known to within 2^-32 of ``scale`` (or of 1 when that is larger)."""
    return is_exact(x) or x.rad() < (1 + abs(arb(scale))) * arb(2) ** -32


def texts(x: Number, y: Number, longest: int = 40) -> tuple[str, str]:
    """Two numbers to print beside each other: exact where short, else with the decimals that tell them apart."""
    decimals = ("", "")
    for digits in (8, 20, 40, 70):
        decimals = arb(x).str(digits, radius=False), arb(y).str(digits, radius=False)
        if decimals[0] != decimals[1]:
            break
    left, right = (
        str(z) if is_exact(z) and len(str(z)) <= longest else text for z, text in zip((x, y), decimals, strict=True)
    )
    return left, right


# ---- the four operations ---------------------------------------------------------------------------------------


def add(x: Number, y: Number) -> Number:
    tag = _outer_tag(x, y)
    if tag is not None:
        (a, b), (c, d) = _split(x, tag), _split(y, tag)
        return Dual(add(a, c), add(b, d), tag)
    return _bounded(x + y)


def multiply(x: Number, y: Number) -> Number:
    tag = _outer_tag(x, y)
    if tag is not None:
        (a, b), (c, d) = _split(x, tag), _split(y, tag)
        return Dual(multiply(a, c), add(multiply(a, d), multiply(b, c)), tag)
    if (_is_zero(x) or _is_zero(y)) and defined(x) and defined(y):
        return ZERO  # 0 times a finite ball is exactly 0; 0 times an undefined number is undefined
    return _bounded(x * y)


def negate(x: Number) -> Number:
    return multiply(-ONE, x)


def subtract(x: Number, y: Number) -> Number:
    return add(x, negate(y))


def reciprocal(x: Number) -> Number:
    if isinstance(x, Dual):
        inverse = reciprocal(x.primal)
        return Dual(inverse, negate(multiply(multiply(inverse, inverse), x.tangent)), x.tag)
    if certain_sign(x) in (0, None):
        return UNDEFINED
    return 1 / x


def _outer_tag(x: Number, y: Number) -> int | None:
    """The tag of the innermost derivative that either number is perturbed by."""
    if not isinstance(x, Dual):
        return y.tag if isinstance(y, Dual) else None
    return max(x.tag, y.tag) if isinstance(y, Dual) else x.tag


def _split(x: Number, tag: int) -> tuple[Number, Number]:
    return (x.primal, x.tangent) if isinstance(x, Dual) and x.tag == tag else (x, ZERO)


def _is_zero(x: Number) -> bool:
    return is_exact(x) and x == 0


def _bounded(x: Number) -> Number:
    return arb(x) if is_exact(x) and x.height_bits() > MAX_RATIONAL_BITS else x


def derivative(x: Number, tag: int) -> Number:
    """The coefficient of e_tag; undefined where the function itself is, as log's derivative at -1."""
    if not defined(x):
        return UNDEFINED
    return _split(x, tag)[1]


# ---- powers ----------------------------------------------------------------------------------------------------


def integer_power(base: Number, k: int) -> Number:
    """By repeated squaring; not arb's own ``**``, which is undefined on a ball around 0."""
    if not defined(base):
        return UNDEFINED
    if k < 0:
        return reciprocal(integer_power(base, -k))
    result: Number = ONE
    while k:
        if k & 1:
            result = multiply(result, base)
        base, k = (multiply(base, base), k >> 1) if k > 1 else (base, 0)
    return result


def rational_power(base: Number, q: fmpq) -> Number:
    """base^q for a positive base, and 0^q = 0 for q > 0; a negative base needs a whole exponent."""
    if q.q == 1:
        return integer_power(base, int(q.p))
    if isinstance(base, Dual):
        slope = multiply(q, rational_power(base.primal, q - 1))
        return Dual(rational_power(base.primal, q), multiply(slope, base.tangent), base.tag)
    sign = certain_sign(base)
    if sign == 0:
        return ZERO if q > 0 else UNDEFINED
    if sign != 1:
        return UNDEFINED
    degree = int(q.q)
    root = _exact_root(base, degree) if is_exact(base) else None
    if root is None:
        ball = arb(base)
        root = ball.sqrt() if degree == 2 else (ball.log() / degree).exp()
    return integer_power(root, int(q.p))


def _exact_root(x: fmpq, degree: int) -> fmpq | None:
    """The positive root of a positive rational, when it is rational."""
    if degree > MAX_RATIONAL_BITS:
        return None
    p, q = x.p.root(degree), x.q.root(degree)  # rounded down
    return fmpq(p, q) if p**degree == x.p and q**degree == x.q else None
