"""Squared error and cross-entropy of one sigmoid unit: z = w x + b, a = sigma(z).

    squared error   L = (a - y)^2 / 2
    cross-entropy   L = -(y log a + (1 - y) log(1 - a))

Main results
* squared_error_gradient                dL/dw = (a - y) sigma'(z) x
* cross_entropy_from_desired_gradient   dL/da = (a - y)/(a (1 - a)) for L = cross-entropy + C(y), any C
* cross_entropy_gradient                dL/dw = x (a - y)
* log_loss_gradient                     dL/dw = sigma(w + b) for L = -log(1 - sigma(w + b))
"""

from derivations.calculus.domains import interval
from derivations.calculus.functions import log, sigmoid
from derivations.calculus.operators import D
from derivations.calculus.symbols import scalar, scalars
from derivations.proof.derivation import Derivation
from derivations.proof.rules import cancel, differentiate, unfold
from derivations.proof.source import CIS680, MUCHA

w, x, b, y = scalars("w x b y")
p = scalar("p", interval(0, 1))  # a free activation, not yet tied to z
C = scalar("C")  # the constant of integration, which may depend on y but not on p

losses = Derivation("losses", source=CIS680)

z = losses.define("z", w * x + b)
a = losses.define("a", sigmoid(z))
E_squared = losses.define("E", (a - y) ** 2 / 2)
L = losses.define("L", -(y * log(a) + (1 - y) * log(1 - a)))

squared_error_gradient = losses.prove(
    "squared_error_gradient",
    D(E_squared, w),
    unfold(E_squared, a, z),
    differentiate,
    equals=(a - y) * sigmoid(z) * (1 - sigmoid(z)) * x,
    title="The squared error carries the derivative of the sigmoid",
    source=CIS680.at("How to Improve NN Learning?", r"\frac{\partial L}{\partial w} = (\sigma(z) - y)\sigma'(z)x"),
    catalogue=("loss.l2", "loss.l2-gradient"),
)

cross_entropy_from_desired_gradient = losses.prove(
    "cross_entropy_from_desired_gradient",
    D(-(y * log(p) + (1 - y) * log(1 - p)) + C, p),
    differentiate,
    cancel,
    equals=(p - y) / (p * (1 - p)),
    title="Cross-entropy has the gradient one wants, whatever C(y) is added",
    source=CIS680.at(
        "How to Improve NN Learning?",
        r"\frac{\partial L}{\partial a} = \frac{(a - y)}{a(1 - a)} \Rightarrow L = -(y \log a + (1 - y) \log (1 - a))",
    ),
    catalogue=("loss.integration", "loss.dlda"),
)

cross_entropy_gradient = losses.prove(
    "cross_entropy_gradient",
    D(L, w),
    unfold(L, a, z),
    differentiate,
    equals=x * (a - y),
    title="Cross-entropy cancels the derivative of the sigmoid",
    source=CIS680.at("How to Improve NN Learning?", r"\frac{\partial L}{\partial w} = x(a - y)"),
    catalogue=("loss.bce-gradient", "loss.no-sigmoid-derivative", "loss.desired-gradient"),
)

log_loss_gradient = losses.prove(
    "log_loss_gradient",
    D(-log(1 - sigmoid(w + b)), w),
    differentiate,
    equals=sigmoid(w + b),
    title="The log-loss of the unit with x = 1, y = 0",
    source=MUCHA.at(
        "Log-loss",
        r"\frac{\partial L(w, b)}{\partial w} = \frac{1}{1 - \sigma(w + b)} \cdot \sigma(w + b)(1 - \sigma(w + b))"
        r" = \sigma(w + b).",
    ),
    catalogue=("loss.mucha-log",),
)
