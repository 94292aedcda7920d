"""How far a computed value may be from the exact one: running error bounds, and errors in ulps.

A ``Bounded`` array is a value z together with a bound e on the rounding error that computing it makes (Wilkinson;
Higham, Accuracy and Stability, section 3.3). For every operation

    e_z = sum_x sup |dz/dx| e_x + k u |z| + tiny        u the unit roundoff, k the declared quality of the primitive

so a tolerance is computed beside the value it belongs to and is never chosen. ``magnitude`` is the same recursion with
one rounding of 1 an operation: M_z = max(|z|, sum_x |dz/dx| M_x), and 0 for data. It is the size of the numbers whose
rounding reaches the result, to first order.

The *natural scale* of a value is max(|z|, M_z, least normal number). An error is reported in ulps of the natural scale:
where nothing cancels these are the usual ulps of z; where large terms cancel, of those terms.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import pi
from typing import ClassVar

import numpy as np

from numeric.kernels import NumpyKernel

# qualities k in units of u (1 ulp is at most 2 u): correctly rounded operations 1, elementary functions within 1 ulp,
# composed ones by the number of roundings in them
QUALITY = {"exp": 2.0, "log": 2.0, "sqrt": 1.0, "tanh": 4.0, "erf": 4.0, "sigmoid": 6.0, "softplus": 6.0, "power": 4.0}


@dataclass(frozen=True)
class Format:
    """A floating-point format: significand bits (the hidden one too), least normal and largest number."""

    name: str
    bits: int
    tiny: float
    largest: float

    @property
    def unit(self) -> float:
        """The unit roundoff u: half the distance from 1 to the next number."""
        return 2.0**-self.bits


FLOAT64 = Format("float64", 53, 2.0**-1022, float(np.finfo(np.float64).max))
FLOAT32 = Format("float32", 24, 2.0**-126, float(np.finfo(np.float32).max))
FORMATS = {form.name: form for form in (FLOAT64, FLOAT32)}


def ulp(scale: np.ndarray, form: Format = FLOAT64) -> np.ndarray:
    """The distance between neighbouring numbers of the format at ``scale``, at least that at the least normal."""
    _, exponent = np.frexp(np.maximum(np.abs(scale), form.tiny))
    return np.ldexp(1.0, np.maximum(exponent - form.bits, -1074))


def ulp_distance(computed: np.ndarray, exact: np.ndarray, form: Format = FLOAT64) -> np.ndarray:
    """``|computed - exact|`` in ulps of the exact value, both given as float64."""
    return np.abs(np.asarray(computed, float) - np.asarray(exact, float)) / ulp(np.asarray(exact, float), form)


class Bounded:
    """A float64 value, a bound of the error of its computation in ``form``, and its running magnitude."""

    def __init__(self, value, error, magnitude, form: Format):
        self.value, self.error, self.magnitude = np.broadcast_arrays(value, error, magnitude)
        self.form = form

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape

    @property
    def scale(self) -> np.ndarray:
        """The natural scale: max(|value|, running magnitude, least normal number)."""
        return np.maximum(np.maximum(np.abs(self.value), self.magnitude), self.form.tiny)

    def map(self, change: Callable[[np.ndarray], np.ndarray]) -> Bounded:
        """Move entries about: no arithmetic, no error."""
        return Bounded(change(self.value), change(self.error), change(self.magnitude), self.form)

    def transpose(self, axes) -> Bounded:
        return self.map(lambda a: a.transpose(axes))

    def __getitem__(self, key) -> Bounded:
        return self.map(lambda a: a[key])

    def rounded(self, value, propagated, magnitude, k: float = 1.0) -> Bounded:
        """A new value with the error that reached it and k roundings of its own."""
        size = np.abs(value)
        error = propagated + k * self.form.unit * (size + propagated) + (self.form.tiny if k else 0.0)
        lost = ~np.isfinite(value) | np.isnan(error) | (size + error >= self.form.largest)
        return Bounded(value, np.where(lost, np.inf, error), np.maximum(size, magnitude), self.form)

    def __neg__(self) -> Bounded:
        return Bounded(-self.value, self.error, self.magnitude, self.form)

    def __add__(self, other: Bounded) -> Bounded:
        return self.rounded(self.value + other.value, self.error + other.error, self.magnitude + other.magnitude)

    def __sub__(self, other: Bounded) -> Bounded:
        return self + (-other)

    def __mul__(self, other: Bounded) -> Bounded:
        x, y = np.abs(self.value), np.abs(other.value)
        propagated = x * other.error + y * self.error + self.error * other.error
        return self.rounded(self.value * other.value, propagated, x * other.magnitude + y * self.magnitude)

    def __truediv__(self, other: Bounded) -> Bounded:
        quotient = self.value / other.value
        least = np.abs(other.value) - other.error
        propagated = np.where(least > 0, (self.error + np.abs(quotient) * other.error) / least, np.inf)
        magnitude = (self.magnitude + np.abs(quotient) * other.magnitude) / np.abs(other.value)
        return self.rounded(quotient, propagated, magnitude)


def _function(name: str, slope: Callable, reach: Callable) -> Callable[[Bounded], Bounded]:
    """``slope(x, y)`` is |f'(x)|; ``reach(x, y, e)`` bounds |f(x + d) - f(x)| for |d| <= e."""
    plain = NumpyKernel.functions[name]

    def bounded(a: Bounded) -> Bounded:
        y = plain(a.value)
        return a.rounded(y, reach(a.value, y, a.error), np.abs(slope(a.value, y)) * a.magnitude, QUALITY[name])

    return bounded


def _log_reach(x, y, e):
    # |log(x + d) - log x| is largest at d = -e
    return np.where(x > e, -np.log1p(-np.minimum(e / x, 1.0)), np.inf)


def _sqrt_reach(x, y, e):
    return np.where(x > e, e / (y + np.sqrt(np.maximum(x - e, 0.0))), np.sqrt(np.maximum(x + e, 0.0)))


def _lipschitz(constant: float) -> Callable:
    return lambda x, y, e: constant * e


def _relu(a: Bounded) -> Bounded:
    """Exact; what is certainly negative reaches nothing."""
    reached = a.value + a.error > 0
    return Bounded(np.maximum(a.value, 0.0), np.where(reached, a.error, 0.0), reached * a.magnitude, a.form)


def _abs(a: Bounded) -> Bounded:
    return Bounded(np.abs(a.value), a.error, a.magnitude, a.form)


def _jump(name: str) -> Callable[[Bounded], Bounded]:
    """step and sign: exact where the argument's sign is certain, unknown elsewhere."""
    plain = NumpyKernel.functions[name]

    def bounded(a: Bounded) -> Bounded:
        certain = (a.error == 0) | (np.abs(a.value) > a.error)
        return Bounded(plain(a.value), np.where(certain, 0.0, np.inf), 0.0, a.form)

    return bounded


_sigmoid = NumpyKernel.functions["sigmoid"]


def _sigmoid_slope(x, y):
    return y * _sigmoid(-x)


class BoundedKernel:
    """The kernel of :class:`Bounded` arrays, for data that are exact in ``form``."""

    einsum = None
    functions: ClassVar[dict[str, Callable[[Bounded], Bounded]]] = {
        "exp": _function("exp", lambda x, y: y, lambda x, y, e: y * np.expm1(e)),
        "log": _function("log", lambda x, y: 1 / x, _log_reach),
        "sqrt": _function("sqrt", lambda x, y: 0.5 / y, _sqrt_reach),
        "tanh": _function("tanh", lambda x, y: 1 - y * y, lambda x, y, e: np.minimum(e, 2.0)),
        "erf": _function("erf", lambda x, y: 2 / np.sqrt(pi) * np.exp(-x * x), _lipschitz(2 / np.sqrt(pi))),
        # log sigmoid(x) and log sigmoid(-x) are Lipschitz with constant 1
        "sigmoid": _function("sigmoid", _sigmoid_slope, lambda x, y, e: np.minimum(y, _sigmoid(-x)) * np.expm1(e)),
        "softplus": _function("softplus", lambda x, y: _sigmoid(x), _lipschitz(1.0)),
        "relu": _relu,
        "abs": _abs,
        "step": _jump("step"),
        "sign": _jump("sign"),
    }

    def __init__(self, form: Format = FLOAT64):
        self.form = form
        self.name = form.name

    def lift(self, array) -> Bounded:
        return Bounded(np.asarray(array, float), 0.0, 0.0, self.form)

    def number(self, value: Fraction) -> Bounded:
        nearest = float(value)
        exact = Fraction(nearest) == value and (self.form is FLOAT64 or float(np.float32(nearest)) == nearest)
        size = 0.0 if exact else abs(nearest)
        return Bounded(nearest, self.form.unit * size, size, self.form)

    def pi(self) -> Bounded:
        return Bounded(pi, self.form.unit * pi, pi, self.form)

    def integers(self, grid: np.ndarray) -> Bounded:
        return self.lift(grid)

    def integer_power(self, base: Bounded, exponents: np.ndarray) -> Bounded:
        p, x = exponents.astype(float), np.abs(base.value)
        value = np.power(base.value, p)
        # the farthest value lies at the end of the interval where |x|^p is larger
        end = np.where(p >= 0, x + base.error, np.maximum(x - base.error, 0.0))
        propagated = np.where(base.error > 0, np.abs(np.power(end, p) - np.abs(value)), 0.0)
        # an interval across 0 may change the sign: then both sides count
        crosses = (x <= base.error) & (base.error > 0) & (p > 0)
        propagated = np.where(crosses, np.power(end, p) + np.abs(value), propagated)
        slope = np.where(p == 0, 0.0, np.abs(p) * np.power(x, np.where(p == 0, 0.0, p - 1)))
        return base.rounded(value, propagated, slope * base.magnitude, QUALITY["power"])

    def xlogy(self, x: Bounded, y: Bounded) -> Bounded:
        zero = (x.value == 0) & (x.error == 0)
        error, magnitude = (np.where(zero, 0.0, part) for part in (y.error, y.magnitude))
        kept = Bounded(np.where(zero, 1.0, y.value), error, magnitude, y.form)
        return x * self.functions["log"](kept)

    def select(self, mask: np.ndarray, a: Bounded) -> Bounded:
        return a.map(lambda part: np.where(mask, part, 0.0))

    def total(self, a: Bounded, axes: tuple[int, ...]) -> Bounded:
        """The bound holds for every order of summation: n terms make n - 1 roundings at most."""
        terms = int(np.prod([a.shape[axis] for axis in axes], dtype=int))
        size, error = np.abs(a.value).sum(axes), a.error.sum(axes)
        propagated = error + max(terms - 1, 0) * a.form.unit * (size + error)
        magnitude = np.maximum(np.abs(a.value), a.magnitude).sum(axes) if terms > 1 else a.magnitude.sum(axes)
        return a.rounded(a.value.sum(axes), propagated, magnitude, 0.0)

    def product(self, a: Bounded, axis: int) -> Bounded:
        result = self.number(Fraction(1))
        for place in range(a.shape[axis]):
            result = result * a.map(lambda part, place=place: np.take(part, place, axis))
        return result

    def expand(self, a: Bounded, shape: tuple[int, ...]) -> Bounded:
        return a.map(lambda part: np.broadcast_to(part, (*part.shape[: part.ndim - len(shape)], *shape)))

    def take(self, a: Bounded, positions) -> Bounded:
        return a[(..., *positions)]

    def stack(self, arrays) -> Bounded:
        def along(part: str) -> np.ndarray:
            return np.stack(np.broadcast_arrays(*(getattr(a, part) for a in arrays)), -1)

        return Bounded(along("value"), along("error"), along("magnitude"), self.form)

    def _shifted(self, a: Bounded, axis: int):
        """softmax p, and the bound of the absolute error of every exponent z_k - max z."""
        largest = a.value.max(axis, keepdims=True)
        exponent_error = a.error + a.form.unit * np.abs(a.value - largest)
        exponent_error = exponent_error + 2 * a.error.max(axis, keepdims=True) * a.form.unit
        return NumpyKernel().softmax(a.value, axis), exponent_error

    def _log_total_error(self, a: Bounded, axis: int) -> np.ndarray:
        """A bound of the error of log sum_k exp(z_k - max z) before its own last rounding; keeps the axis."""
        p, error = self._shifted(a, axis)
        roundings = (a.shape[axis] + 3) * a.form.unit
        return (p * np.expm1(error + error.max(axis, keepdims=True))).sum(axis, keepdims=True) + roundings

    def _magnitudes(self, a: Bounded, axis: int) -> np.ndarray:
        return (NumpyKernel().softmax(a.value, axis) * a.magnitude).sum(axis, keepdims=True)

    def softmax(self, a: Bounded, axis: int) -> Bounded:
        p, error = self._shifted(a, axis)
        relative = np.expm1(error + self._log_total_error(a, axis))
        return a.rounded(p, p * relative, p * (a.magnitude + self._magnitudes(a, axis)), 4.0)

    def logsumexp(self, a: Bounded, axis: int) -> Bounded:
        value = NumpyKernel().logsumexp(a.value, axis)
        log_total = np.abs(value - a.value.max(axis))
        error = self._log_total_error(a, axis).squeeze(axis) + QUALITY["log"] * a.form.unit * log_total
        return a.rounded(value, error, np.maximum(self._magnitudes(a, axis).squeeze(axis), log_total))

    def log_softmax(self, a: Bounded, axis: int) -> Bounded:
        value = NumpyKernel().log_softmax(a.value, axis)
        _, error = self._shifted(a, axis)
        log_total = NumpyKernel().logsumexp(a.value, axis)[..., None]
        log_total = np.abs(np.moveaxis(log_total, -1, axis) - a.value.max(axis, keepdims=True))
        error = error + self._log_total_error(a, axis) + QUALITY["log"] * a.form.unit * log_total
        return a.rounded(value, error, np.maximum(a.magnitude + self._magnitudes(a, axis), log_total))
