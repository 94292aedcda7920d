"""Softmax and cross-entropy, for every number of classes n >= 1.

    Z = sum_k exp z_k      p_i = exp z_i / Z      L = -sum_i y_i log p_i

Main results
* normalised               sum_i p_i = 1
* jacobian                 dp_i/dz_j = p_i (delta_ij - p_j)
* jacobian_rows_sum_to_zero   sum_j dp_i/dz_j = 0
* cross_entropy_gradient   dL/dz_j = p_j - y_j, when sum_i y_i = 1
* logsumexp_hessian        d2 log Z / dz_i dz_j = p_i (delta_ij - p_j)
* single_term_chain        erratum: dL/dz_i is not dL/dp_i dp_i/dz_i
"""

from derivations.calculus.functions import exp, log
from derivations.calculus.operators import D, Sum, delta
from derivations.calculus.symbols import indices, size, vector
from derivations.proof.derivation import Derivation
from derivations.proof.rules import (
    cite,
    collapse,
    common_factor,
    differentiate,
    expand,
    fold,
    pull_out,
    split,
    unfold,
    use,
)
from derivations.proof.source import CIS680, SUPPORTING
from derivations.proof.statement import Eq

n = size("n")
i, j, k = indices("i j k", n)
z, y = vector("z", n), vector("y", n)

softmax = Derivation("softmax", source=CIS680)

Z = softmax.define("Z", Sum(exp(z[k]), k))
p = softmax.define("p", exp(z[i]) / Z, at=i)
L = softmax.define("L", -Sum(y[i] * log(p[i]), i))
unit_mass = softmax.assume("the targets sum to one", Eq(Sum(y[i], i), 1))

normalised = softmax.prove(
    "normalised",
    Sum(p[i], i),
    unfold(p),
    pull_out,
    unfold(Z),
    equals=1,
    title="Softmax outputs sum to one",
    source=CIS680.at(
        "How to Improve NN Learning?",
        r"\hat{y}_i = \frac{\exp(z_i^{(4)})}{\sum_{j=1}^K \exp(z_j^{(4)})}",
    ),
    catalogue=("loss.softmax",),
)

jacobian = softmax.prove(
    "jacobian",
    D(p[i], z[j]),
    unfold(p, Z),
    differentiate,  # quotient rule; dz_k/dz_j = delta_kj
    collapse,  # sum_k delta_kj f(k) = f(j)
    fold(Z, p),  # exp z_i / Z = p_i
    common_factor,
    equals=p[i] * (delta(i, j) - p[j]),
    title="Jacobian of the softmax",
    source=CIS680.at(
        "How to Improve NN Learning?",
        r"\frac{\partial \hat{y}_i}{\partial z_j^{(4)}} = \begin{cases} \hat{y}_i(1 - \hat{y}_i), & \text{if } i = j \\"
        r" -\hat{y}_i \hat{y}_j, & \text{if } i \neq j \end{cases}",
    ),
    catalogue=("loss.softmax-jacobian",),
)

jacobian_rows_sum_to_zero = softmax.prove(
    "jacobian_rows_sum_to_zero",
    Sum(D(p[i], z[j]), j),
    cite(jacobian),
    expand,
    split,
    collapse,
    pull_out,
    cite(normalised),
    equals=0,
    title="Adding one number to every logit changes no probability",
    source=SUPPORTING,
    catalogue=("loss.softmax", "loss.softmax-jacobian"),
)

cross_entropy_gradient = softmax.prove(
    "cross_entropy_gradient",
    D(L, z[j]),
    unfold(L),
    differentiate,  # the chain through every p_i
    cite(jacobian),
    expand,
    split,
    collapse,
    pull_out,
    use(unit_mass),
    equals=p[j] - y[j],
    title="Gradient of softmax with cross-entropy",
    source=CIS680.at("How to Improve NN Learning?", r"\frac{\partial L}{\partial z_i^{(4)}}= \hat{y}_i - y_i"),
    catalogue=("loss.softmax-chain-full", "loss.softmax-grad"),
)

logsumexp_hessian = softmax.prove(
    "logsumexp_hessian",
    D(D(log(Z), z[i]), z[j]),
    unfold(Z),
    differentiate,
    collapse,
    fold(Z, p),
    common_factor,
    equals=p[i] * (delta(i, j) - p[j]),
    title="The Hessian of log-sum-exp is the Jacobian of the softmax",
    source=SUPPORTING,
    catalogue=("loss.softmax-jacobian",),
)

single_term_chain = softmax.refute(
    "single_term_chain",
    printed=Eq(D(L, z[i]), D(L, p[i]) * D(p[i], z[i])),
    instead=cross_entropy_gradient,
    given=[unit_mass],
    title="The chain rule keeps only the term j = i",
    source=CIS680.at(
        "How to Improve NN Learning?",
        r"\frac{\partial L}{\partial z_i^{(4)}} = \frac{\partial L}{\partial \hat{y}_i}"
        r" \frac{\partial \hat{y}_i}{\partial z_i^{(4)}}",
    ),
    catalogue=("loss.softmax-chain-single",),
    rank=17,
    right_at=CIS680.at(
        "How to Improve NN Learning?",
        r"\begin{aligned}\frac{\partial L}{\partial z_i^{(4)}} &= \frac{\partial L}{\partial \hat{y}}"
        r" \frac{\partial \hat{y}}{\partial z_i^{(4)}} \\ &= \frac{\partial L}{\partial \hat{y}_i}"
        r" \frac{\partial \hat{y}_i}{\partial z_i^{(4)}} + \sum_{i \neq j} \frac{\partial L}{\partial \hat{y}_j}"
        r" \frac{\partial \hat{y}_j}{\partial z_i^{(4)}}\end{aligned}",
    ),
)
