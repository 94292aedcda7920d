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

from collections.abc import Callable
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
    tags = [z.tag for z in (x, y) if isinstance(z, Dual)]
    return max(tags) if tags else None


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


def power(base: Number, exponent: Number) -> Number:
    """base^exponent over the reals, with 0^0 = 1 for an exact exponent; a negative base needs a whole exponent."""
    if not is_exact(exponent):
        return exp(multiply(exponent, log(base)))
    if exponent.q == 1:
        return integer_power(base, int(exponent.p))
    return _rational_power(base, exponent)


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


def _rational_power(base: Number, q: fmpq) -> Number:
    if isinstance(base, Dual):
        slope = multiply(q, power(base.primal, q - 1))
        return Dual(_rational_power(base.primal, q), multiply(slope, base.tangent), base.tag)
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


# ---- smooth functions ------------------------------------------------------------------------------------------

Function = Callable[[Any], Any]


def _smooth(value: Function, slope: Callable[[Any, Any], Any]) -> Function:
    """A function on numbers from one on balls; ``slope(x, f(x))`` is its derivative, again on numbers."""

    def extended(x: Number) -> Number:
        if isinstance(x, Dual):
            y = extended(x.primal)
            return Dual(y, multiply(slope(x.primal, y), x.tangent), x.tag)
        if not defined(x):
            return UNDEFINED
        y = value(arb(x))
        return _exact_if_possible(y) if is_exact(x) else y

    return extended


def _exact_if_possible(y: arb) -> Number:
    """A ball of radius 0 as the rational it is: exp 0, log 1, tanh 0."""
    if not (y.is_finite() and y.is_exact()):
        return y
    mantissa, exponent = (int(part) for part in y.man_exp())
    if abs(exponent) > MAX_RATIONAL_BITS:
        return y
    return fmpq(mantissa) * fmpq(2) ** exponent


def _one_minus_square(x: Number) -> Number:
    return subtract(ONE, multiply(x, x))


def _one_plus_square(x: Number) -> Number:
    return add(ONE, multiply(x, x))


def _gauss(x: Number) -> Number:
    """2 / sqrt(pi) exp(-x^2), the slope of erf."""
    return multiply(2 / arb.pi().sqrt(), exp(negate(multiply(x, x))))


def _logistic(x: arb) -> arb:
    # of the two equal forms the one whose exponential is small: it keeps the relative precision
    return 1 / (1 + (-x).exp()) if x > 0 else x.exp() / (1 + x.exp())


exp = _smooth(lambda x: x.exp(), lambda x, y: y)
log = _smooth(lambda x: x.log(), lambda x, y: reciprocal(x))
sinh = _smooth(lambda x: x.sinh(), lambda x, y: cosh(x))
cosh = _smooth(lambda x: x.cosh(), lambda x, y: sinh(x))
tanh = _smooth(lambda x: x.tanh(), lambda x, y: _one_minus_square(y))
sin = _smooth(lambda x: x.sin(), lambda x, y: cos(x))
cos = _smooth(lambda x: x.cos(), lambda x, y: negate(sin(x)))
atan = _smooth(lambda x: x.atan(), lambda x, y: reciprocal(_one_plus_square(x)))
atanh = _smooth(lambda x: x.atanh(), lambda x, y: reciprocal(_one_minus_square(x)))
erf = _smooth(lambda x: x.erf(), lambda x, y: _gauss(x))
erfc = _smooth(lambda x: x.erfc(), lambda x, y: negate(_gauss(x)))
sigmoid = _smooth(_logistic, lambda x, y: multiply(y, subtract(ONE, y)))
softplus = _smooth(lambda x: x.exp().log1p(), lambda x, y: sigmoid(x))


# ---- functions with a kink or a jump ---------------------------------------------------------------------------


def _without_slope(value: Number, x: Number) -> Number:
    """``value`` with undefined derivatives in every direction in which ``x`` is perturbed."""
    return Dual(_without_slope(value, x.primal), UNDEFINED, x.tag) if isinstance(x, Dual) else value


def _jump(x: Number, below: fmpq, at: fmpq, above: fmpq) -> Number:
    """A step function: constant on both sides of 0, no derivative at 0."""
    sign = certain_sign(x)
    if sign is None:
        return UNDEFINED
    return _without_slope(at, x) if sign == 0 else (above if sign > 0 else below)


def sign(x: Number) -> Number:
    return _jump(x, -ONE, ZERO, ONE)


def step(x: Number) -> Number:
    """Heaviside's step, 1/2 at 0."""
    return _jump(x, ZERO, fmpq(1, 2), ONE)


def maximum(x: Number, y: Number) -> Number:
    """The larger; its derivative exists only where one is larger for certain."""
    difference = subtract(x, y)
    side = certain_sign(difference)
    if side in (1, -1):
        return x if side == 1 else y
    a, b = primal(x), primal(y)
    value = a if side == 0 and is_exact(a) else arb(a).max(arb(b))
    return _without_slope(value, difference)


def minimum(x: Number, y: Number) -> Number:
    return negate(maximum(negate(x), negate(y)))


def absolute(x: Number) -> Number:
    return maximum(x, negate(x))


def relu(x: Number) -> Number:
    return maximum(x, ZERO)


def leaky_relu(x: Number, a: Number) -> Number:
    """x for x > 0 and a x otherwise."""
    side = certain_sign(x)
    if side is None or not defined(a):
        return UNDEFINED
    scaled = multiply(a, x)
    if side == 0:
        return _without_slope(ZERO, scaled)
    return x if side > 0 else scaled
