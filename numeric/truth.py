"""The kernel of truth: 200-bit arithmetic, about 60 digits, in NumPy object arrays.

Arb balls (python-flint) when they are installed, which enclose the exact value; mpmath otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np

try:
    import flint as _flint
except ImportError:  # mpmath takes its place
    _flint = None
flint: Any = _flint

BITS = 200


class _Balls:
    """Arb: every number is an enclosure."""

    name = "Arb, 200 bits"

    @staticmethod
    def number(x) -> Any:
        if isinstance(x, Fraction):
            return flint.arb(flint.fmpq(x.numerator, x.denominator))
        return flint.arb(x)

    @staticmethod
    def call(name: str, x) -> Any:
        return getattr(x, name)()

    @staticmethod
    def pi() -> Any:
        return flint.arb.pi()

    @staticmethod
    def magnitude(x) -> float:
        """An upper bound of |x|, infinite for a ball that encloses nothing."""
        return float(x.abs_upper()) if x.is_finite() else float("inf")

    @staticmethod
    def midpoint(x) -> float:
        return float(x.mid())

    @staticmethod
    @contextmanager
    def precision() -> Iterator[None]:
        before = flint.ctx.prec
        flint.ctx.prec = BITS
        try:
            yield
        finally:
            flint.ctx.prec = before


class _Multiprecision:
    """mpmath: correctly rounded operations, no enclosure."""

    name = "mpmath, 200 bits"

    @staticmethod
    def number(x) -> Any:
        return mpmath.mpf(x.numerator) / x.denominator if isinstance(x, Fraction) else mpmath.mpf(x)

    @staticmethod
    def call(name: str, x) -> Any:
        return getattr(mpmath, name)(x)

    @staticmethod
    def pi() -> Any:
        return +mpmath.pi

    @staticmethod
    def magnitude(x) -> float:
        return float(abs(x)) if mpmath.isfinite(x) else float("inf")

    @staticmethod
    def midpoint(x) -> float:
        return float(x)

    @staticmethod
    @contextmanager
    def precision() -> Iterator[None]:
        with mpmath.workprec(BITS):
            yield


def _elementwise(function: Callable[..., Any], arity: int = 1) -> Callable[..., np.ndarray]:
    """A function of numbers as a function of object arrays (a 0-d result stays an array)."""
    vectorised = np.frompyfunc(function, arity, 1)
    return lambda *arrays: np.asarray(vectorised(*arrays), dtype=object)


class TruthKernel:
    """Object arrays of 200-bit numbers; use inside ``with kernel.precision():``."""

    einsum = None

    def __init__(self, exact: bool = flint is not None):
        self.numbers = _Balls if exact else _Multiprecision
        self.precision = self.numbers.precision
        self.name = self.numbers.name
        self._number = _elementwise(self.numbers.number)
        call = self.numbers.call
        one = self.numbers.number(1)
        self.functions: dict[str, Callable[..., np.ndarray]] = {
            name: _elementwise(lambda x, name=name: call(name, x)) for name in ("exp", "log", "sqrt", "tanh", "erf")
        }
        self.functions |= {
            "sigmoid": _elementwise(lambda x: one / (one + call("exp", -x))),
            "softplus": _elementwise(lambda x: call("log", one + call("exp", x))),
            "relu": _elementwise(lambda x: x if x > 0 else x * 0),
            "step": _elementwise(lambda x: (1 + self._sign(x)) / 2),
            "abs": _elementwise(abs),
            "sign": _elementwise(self._sign),
        }

    def _sign(self, x) -> Any:
        return self.numbers.number((x > 0) - (x < 0))

    def lift(self, array) -> np.ndarray:
        """Exactly the numbers of a float array."""
        return self._number(np.asarray(array, dtype=float).astype(object))

    def number(self, value: Fraction) -> np.ndarray:
        return np.array(self.numbers.number(value), dtype=object)

    def pi(self) -> np.ndarray:
        return np.array(self.numbers.pi(), dtype=object)

    def integers(self, grid: np.ndarray) -> np.ndarray:
        return self._number(np.asarray(grid).astype(int).astype(object))

    def integer_power(self, base: np.ndarray, exponents: np.ndarray) -> np.ndarray:
        return np.asarray(_elementwise(lambda x, p: x ** int(p), 2)(base, exponents.astype(object)), dtype=object)

    def xlogy(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        log = self.numbers.call
        return _elementwise(lambda a, b: a if a == 0 else a * log("log", b), 2)(x, y)

    def select(self, mask: np.ndarray, a: np.ndarray) -> np.ndarray:
        return np.where(mask, a, self.number(Fraction(0)))

    def total(self, a: np.ndarray, axes: tuple[int, ...]) -> np.ndarray:
        return self._number(np.asarray(np.add.reduce(a, axes), dtype=object))  # an empty sum is the integer 0

    def product(self, a: np.ndarray, axis: int) -> np.ndarray:
        return self._number(np.asarray(np.multiply.reduce(a, axis), dtype=object))

    def expand(self, a: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        return np.broadcast_to(a, (*a.shape[: a.ndim - len(shape)], *shape))

    def take(self, a: np.ndarray, positions) -> np.ndarray:
        return np.asarray(a[(..., *positions)], dtype=object)

    def stack(self, arrays) -> np.ndarray:
        return np.stack(np.broadcast_arrays(*arrays), -1)

    def logsumexp(self, a: np.ndarray, axis: int) -> np.ndarray:
        return self.functions["log"](self.total(self.functions["exp"](a), (axis,)))

    def log_softmax(self, a: np.ndarray, axis: int) -> np.ndarray:
        return a - np.expand_dims(self.logsumexp(a, axis), axis)

    def softmax(self, a: np.ndarray, axis: int) -> np.ndarray:
        terms = self.functions["exp"](a)
        return terms / np.expand_dims(self.total(terms, (axis,)), axis)

    # ---- back to floats -----------------------------------------------------------------------------------------

    def error(self, computed: np.ndarray, exact: np.ndarray) -> np.ndarray:
        """``|computed - exact|`` as floats, rounded up by the width of the ball; infinite where one is not finite."""
        finite = np.isfinite(computed)
        lifted = self.lift(np.where(finite, computed, 0.0))
        distance = _elementwise(self.numbers.magnitude)(lifted - exact).astype(float)
        return np.where(finite, distance, np.inf)

    def midpoints(self, exact: np.ndarray) -> np.ndarray:
        return _elementwise(self.numbers.midpoint)(exact).astype(float)
