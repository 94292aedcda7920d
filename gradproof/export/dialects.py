"""What PyTorch and NumPy spell differently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# replaced in the finished text, when it is known from which argument the dtype is taken
LIKE, LIKE_FLOATS, DEVICE, DTYPE = "@like@", "@floats@", "@device@", "@dtype@"

OF_NUMBERS = {**{name: f"math.{name}" for name in ("exp", "log", "sqrt", "tanh", "erf")}, "abs": "abs"}
IN_TORCH = ("exp", "log", "sqrt", "tanh", "erf", "sigmoid", "relu", "abs", "sign")

SIGMOID = """
def sigmoid(x):
    small = np.exp(-np.abs(x))  # never overflows
    return np.where(x >= 0, 1, small) / (1 + small)
"""
ERF = """
def erf(x):
    return np.vectorize(math.erf, otypes=[float])(x).astype(np.asarray(x).dtype)
"""
SOFTMAX = """
def softmax(x, axis):
    e = np.exp(x - x.max(axis=axis, keepdims=True))  # never overflows
    return e / e.sum(axis=axis, keepdims=True)
"""
XLOGY = """
def xlogy(x, y):
    return np.where(x == 0, 0, x * np.log(np.where(x == 0, 1, y)))
"""


@dataclass(frozen=True)
class Dialect:
    """One library: templates of functions of one argument and of others, and what is defined where it is used."""

    name: str
    alias: str
    axis: str
    keep: str
    functions: Mapping[str, str]
    templates: Mapping[str, str]
    helpers: Mapping[str, str] = field(default_factory=dict)

    @property
    def statement(self) -> str:
        """The import."""
        return f"import {self.name}" + (f" as {self.alias}" if self.alias != self.name else "")

    def reduce(self, array: str, how: str, axes: str, keep: bool = False) -> str:
        """``x.sum(dim=-1)``."""
        return f"{array}.{how}({self.axis}={axes}{f', {self.keep}=True' if keep else ''})"


TORCH = Dialect(
    "torch",
    "torch",
    "dim",
    "keepdim",
    {
        **{name: f"torch.{name}({{}})" for name in IN_TORCH},
        "softplus": "-torch.nn.functional.logsigmoid(-{})",  # F.softplus is rounded to x above 20
    },
    {
        "softmax": "torch.softmax({}, dim={})",
        "log_softmax": "torch.log_softmax({}, dim={})",
        "logsumexp": "torch.logsumexp({}, dim={})",
        "xlogy": "torch.xlogy({}, {})",
        "cast": f"{{}}.to({DTYPE})",
        "lift": "torch.as_tensor({0}, dtype={1}.dtype, device={1}.device)",
        "lift_alone": "torch.as_tensor({})",
        "constant": f"torch.tensor({{}}{LIKE_FLOATS})",
        "stack": "torch.stack(torch.broadcast_tensors(*{}), dim=-1)",
        "clip": "torch.clamp({}, 0, {})",
    },
)  # fmt: skip

NUMPY = Dialect(
    "numpy",
    "np",
    "axis",
    "keepdims",
    {
        **{name: f"np.{name}({{}})" for name in ("exp", "log", "sqrt", "tanh", "abs", "sign")},
        "sigmoid": "sigmoid({})",
        "erf": "erf({})",
        "relu": "np.maximum({}, 0)",
        "softplus": "np.logaddexp(0, {})",
    },
    {
        "softmax": "softmax({}, axis={})",
        "log_softmax": "{0} - np.logaddexp.reduce({0}, axis={1}, keepdims=True)",
        "logsumexp": "np.logaddexp.reduce({}, axis={})",
        "xlogy": "xlogy({}, {})",
        "cast": f"{{}}.astype({DTYPE})",
        "lift": "np.asarray({0}, dtype={1}.dtype)",
        "lift_alone": "np.asarray({})",
        "constant": f"np.array({{}}{LIKE_FLOATS})",
        "stack": "np.stack(np.broadcast_arrays(*{}), axis=-1)",
        "clip": "np.clip({}, 0, {})",
    },
    {"sigmoid": SIGMOID, "erf": ERF, "softmax": SOFTMAX, "xlogy": XLOGY},
)

DIALECTS = {"torch": TORCH, "numpy": NUMPY}
