"""Activation functions: sigmoid, tanh, softplus.

    sigma(z) = 1 / (1 + e^-z)      tanh z      softplus(z) = log(1 + e^z)

Main results
* sigmoid_derivative         sigma'(z) = sigma(z) (1 - sigma(z))
* sigmoid_derivative_bound   0 < sigma'(z) <= 1/4, with equality iff z = 0
* tanh_derivative            tanh'(z) = (1 + tanh z)(1 - tanh z)
* tanh_derivative_bound      0 < tanh'(z) <= 1, with equality iff z = 0
* tanh_from_sigmoid          tanh z = 2 sigma(2z) - 1
* softplus_derivative        softplus'(z) = sigma(z)
"""

from sympy import Rational

from derivations.calculus.functions import sigmoid, softplus, tanh
from derivations.calculus.operators import D
from derivations.calculus.symbols import scalar
from derivations.proof.derivation import Derivation
from derivations.proof.proofs import bound
from derivations.proof.rules import as_exponentials, complete_the_square, differentiate, factor
from derivations.proof.source import CIS680, ROMANOV, SUPPORTING
from derivations.proof.statement import Eq, Iff, Le, Lt, both

z = scalar("z")

activations = Derivation("activations", source=CIS680)

sigmoid_derivative = activations.prove(
    "sigmoid_derivative",
    D(sigmoid(z), z),
    differentiate,
    equals=sigmoid(z) * (1 - sigmoid(z)),
    title="Derivative of the sigmoid",
    source=CIS680.at("How to Improve NN Learning?", r"\frac{\partial a}{\partial z} = a(1 - a)"),
    catalogue=("act.sigmoid-derivative",),
)

sigmoid_derivative_bound = activations.state(
    "sigmoid_derivative_bound",
    both(
        Lt(0, D(sigmoid(z), z)),
        Le(D(sigmoid(z), z), Rational(1, 4)),
        Iff(Eq(D(sigmoid(z), z), Rational(1, 4)), Eq(z, 0)),
    ),
    bound(D(sigmoid(z), z), differentiate, complete_the_square),
    title="The derivative of the sigmoid is at most a quarter",
    source=ROMANOV.at("Gradient Vanishing: Sigmoid"),
    catalogue=("act.sigmoid-derivative-max",),
)

tanh_derivative = activations.prove(
    "tanh_derivative",
    D(tanh(z), z),
    differentiate,
    factor,
    equals=(1 + tanh(z)) * (1 - tanh(z)),
    title="Derivative of the hyperbolic tangent",
    source=ROMANOV.at("Tanh", r"(1 + \tilde{\sigma}(z_j))(1 - \tilde{\sigma}(z_j))"),
    catalogue=("act.tanh-derivative",),
)

tanh_derivative_bound = activations.state(
    "tanh_derivative_bound",
    both(
        Lt(0, D(tanh(z), z)),
        Le(D(tanh(z), z), 1),
        Iff(Eq(D(tanh(z), z), 1), Eq(z, 0)),
    ),
    bound(D(tanh(z), z), differentiate),
    title="The derivative of tanh is at most one",
    source=ROMANOV.at("Tanh"),
    catalogue=("act.tanh-derivative-max",),
)

tanh_from_sigmoid = activations.prove(
    "tanh_from_sigmoid",
    tanh(z),
    as_exponentials,
    equals=2 * sigmoid(2 * z) - 1,
    title="tanh is a rescaled sigmoid",
    source=SUPPORTING,
    catalogue=("act.tanh-sigmoid-relation",),
)

softplus_derivative = activations.prove(
    "softplus_derivative",
    D(softplus(z), z),
    as_exponentials,
    differentiate,
    equals=sigmoid(z),
    title="The derivative of softplus is the sigmoid",
    source=SUPPORTING,
    catalogue=("loss.mucha-log",),
)
