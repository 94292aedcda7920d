"""Batch normalisation of one feature over a batch of m >= 1, with the upstream gradient g = dl/dy.

    mu = (1/m) sum_k x_k        var = (1/m) sum_k (x_k - mu)^2
    xhat_i = (x_i - mu)/sqrt(var + eps)        y_i = gamma xhat_i + beta        l = sum_s g_s y_s

The loss enters only through g, so l stands for every loss. A derivative by xhat, var or mu holds that quantity as an
independent input, as on the slide.

Main results
* xhat_gradient            dl/dxhat_i = gamma g_i
* variance_gradient        dl/dvar = sum_k dl/dxhat_k (x_k - mu) (-1/2) (var + eps)^(-3/2)
* mean_gradient            dl/dmu = -sum_k dl/dxhat_k / sqrt(var + eps) + dl/dvar (1/m) sum_k -2 (x_k - mu)
* input_gradient_staged    dl/dx_i from the three
* input_gradient           dl/dx_i = gamma/(m sqrt(var + eps)) (m g_i - sum g - xhat_i sum g xhat)
* gamma_gradient, beta_gradient          sum_k g_k xhat_k, sum_k g_k
* xhat_sums_to_zero, input_gradient_sums_to_zero
* variance_without_square  erratum: (1/m) sum_k (x_k - mu) is 0, whatever x
"""

from sympy import Rational

from derivations.calculus.domains import POSITIVE
from derivations.calculus.functions import sqrt
from derivations.calculus.operators import D, Sum
from derivations.calculus.symbols import indices, scalar, scalars, size, vector
from derivations.proof.derivation import Derivation
from derivations.proof.rules import (
    cite,
    collapse,
    differentiate,
    expand,
    fold,
    pull_out,
    split,
    unfold,
)
from derivations.proof.source import CIS680, PIASTRA, SUPPORTING
from derivations.proof.statement import Eq

m = size("m")
i, k, s = indices("i k s", m)
x, g = vector("x", m), vector("g", m)
gamma, beta = scalars("gamma beta")
eps = scalar("eps", POSITIVE)

batchnorm = Derivation("batchnorm", source=CIS680)

mu = batchnorm.define("mu", Sum(x[k], k) / m)
var = batchnorm.define("var", Sum((x[k] - mu) ** 2, k) / m)
xhat = batchnorm.define("xhat", (x[i] - mu) / sqrt(var + eps), at=i)
y = batchnorm.define("y", gamma * xhat[i] + beta, at=i)
loss = batchnorm.define("l", Sum(g[s] * y[s], s))

SLIDE = "Intermediate gradients"

mean_as_sum = batchnorm.prove(
    "mean_as_sum",
    Sum(x[k], k),
    equals=m * mu,
    title="The sum of a batch is m times its mean",
    source=SUPPORTING,
    catalogue=("bn.batch-stats",),
)

deviations_sum_to_zero = batchnorm.prove(
    "deviations_sum_to_zero",
    Sum(x[k] - mu, k),
    split,
    pull_out,
    cite(mean_as_sum),
    equals=0,
    title="Deviations from the mean sum to zero",
    source=SUPPORTING,
    catalogue=("bn.batch-stats", "bn.piastra-variance"),
)

mean_by_input = batchnorm.prove(
    "mean_by_input",
    D(mu, x[i]),
    unfold(mu),
    differentiate,
    collapse,
    equals=1 / m,
    title="How the batch mean moves with one input",
    source=SUPPORTING,
    catalogue=("bn.batch-stats",),
)

variance_by_input = batchnorm.prove(
    "variance_by_input",
    D(var, x[i]),
    unfold(var),
    differentiate,
    cite(mean_by_input),
    expand,
    split,
    collapse,
    pull_out,
    cite(mean_as_sum),
    equals=(x[i] - mu) * (2 / m),
    title="How the batch variance moves with one input",
    source=SUPPORTING,
    catalogue=("bn.batch-stats",),
)

xhat_gradient = batchnorm.prove(
    "xhat_gradient",
    D(loss, xhat[i]),
    differentiate,
    collapse,
    equals=gamma * g[i],
    title="Gradient by the normalised input",
    source=CIS680.at(
        SLIDE,
        r"\frac{\partial \ell}{\partial \hat{x}_i} = \frac{\partial \ell}{\partial y_i} \cdot \gamma",
    ),
    catalogue=("bn.grad-xhat", "bn.scale-shift"),
)

variance_gradient = batchnorm.prove(
    "variance_gradient",
    D(loss, var),
    differentiate,
    equals=Sum(D(loss, xhat[k]) * (x[k] - mu) * Rational(-1, 2) * (var + eps) ** Rational(-3, 2), k),
    title="Gradient by the batch variance",
    source=CIS680.at(
        SLIDE,
        r"\frac{\partial \ell}{\partial \sigma_{\mathcal{B}}^2} = \sum_{i=1}^m \frac{\partial \ell}{\partial \hat{x}_i}"
        r" \cdot (x_i - \mu_{\mathcal{B}}) \cdot \frac{-1}{2} (\sigma_{\mathcal{B}}^2 + \epsilon)^{-3/2}",
    ),
    catalogue=("bn.grad-variance",),
)

mean_gradient = batchnorm.prove(
    "mean_gradient",
    D(loss, mu),
    differentiate,
    equals=Sum(D(loss, xhat[k]) * (-1 / sqrt(var + eps)), k) + D(loss, var) * Sum(-2 * (x[k] - mu), k) / m,
    title="Gradient by the batch mean, its second term being zero",
    source=CIS680.at(
        SLIDE,
        r"\frac{\partial \ell}{\partial \mu_{\mathcal{B}}} = \left( \sum_{i=1}^m \frac{\partial \ell}{\partial"
        r" \hat{x}_i} \cdot \frac{-1}{\sqrt{\sigma_{\mathcal{B}}^2 + \epsilon}} \right) + \frac{\partial \ell}{\partial"
        r" \sigma_{\mathcal{B}}^2} \cdot \frac{\sum_{i=1}^m -2(x_i - \mu_{\mathcal{B}})}{m}",
    ),
    catalogue=("bn.grad-mean",),
)

input_gradient_staged = batchnorm.prove(
    "input_gradient_staged",
    D(loss, x[i]),
    unfold(loss, y, xhat),
    differentiate,  # mu and var depend on every x_i
    cite(mean_by_input),
    cite(variance_by_input),
    fold(xhat),
    expand,
    split,
    collapse,
    pull_out,
    equals=D(loss, xhat[i]) / sqrt(var + eps) + D(loss, var) * 2 * (x[i] - mu) / m + D(loss, mu) / m,
    title="Gradient by the input, in the stages of the slide",
    source=CIS680.at(
        "Gradient to send backwards",
        r"\frac{\partial \ell}{\partial x_i} = \frac{\partial \ell}{\partial \hat{x}_i} \cdot"
        r" \frac{1}{\sqrt{\sigma_{\mathcal{B}}^2 + \epsilon}} + \frac{\partial \ell}{\partial \sigma_{\mathcal{B}}^2}"
        r" \cdot \frac{2(x_i - \mu_{\mathcal{B}})}{m}"
        r" + \frac{\partial \ell}{\partial \mu_{\mathcal{B}}} \cdot \frac{1}{m}",
    ),
    catalogue=("bn.grad-input", "bn.couples-batch"),
)

input_gradient = batchnorm.prove(
    "input_gradient",
    Sum(g[s] * D(y[s], x[i]), s),
    unfold(y, xhat),
    differentiate,  # mu and var depend on every x_i
    cite(mean_by_input),
    cite(variance_by_input),
    fold(xhat),
    expand,
    split,
    collapse,
    pull_out,
    equals=gamma / (m * sqrt(var + eps)) * (m * g[i] - Sum(g[k], k) - xhat[i] * Sum(g[k] * xhat[k], k)),
    title="Gradient by the input, in one line",
    source=SUPPORTING,
    catalogue=("bn.grad-input",),
)

gamma_gradient = batchnorm.prove(
    "gamma_gradient",
    D(loss, gamma),
    unfold(loss, y),
    differentiate,
    equals=Sum(g[k] * xhat[k], k),
    title="Gradient by the scale",
    source=CIS680.at(
        "Parameter gradients",
        r"\frac{\partial \ell}{\partial \gamma} = \sum_{i=1}^m \frac{\partial \ell}{\partial y_i} \cdot \hat{x}_i",
    ),
    catalogue=("bn.grad-params",),
)

beta_gradient = batchnorm.prove(
    "beta_gradient",
    D(loss, beta),
    unfold(loss, y),
    differentiate,
    equals=Sum(g[k], k),
    title="Gradient by the shift",
    source=CIS680.at(
        "Parameter gradients",
        r"\frac{\partial \ell}{\partial \beta} = \sum_{i=1}^m \frac{\partial \ell}{\partial y_i}",
    ),
    catalogue=("bn.grad-params",),
)

xhat_sums_to_zero = batchnorm.prove(
    "xhat_sums_to_zero",
    Sum(xhat[i], i),
    unfold(xhat),
    pull_out,
    cite(deviations_sum_to_zero),
    equals=0,
    title="Normalised inputs sum to zero",
    source=SUPPORTING,
    catalogue=("bn.normalise",),
)

input_gradient_sums_to_zero = batchnorm.prove(
    "input_gradient_sums_to_zero",
    Sum(Sum(g[s] * D(y[s], x[i]), s), i),
    cite(input_gradient),
    pull_out,
    split,
    pull_out,
    cite(xhat_sums_to_zero),
    equals=0,
    title="Batch normalisation passes no gradient to a shift of its input",
    source=SUPPORTING,
    catalogue=("bn.grad-input",),
)

printed_variance_vanishes = batchnorm.prove(
    "printed_variance_vanishes",
    Sum(x[k] - mu, k) / m,
    cite(deviations_sum_to_zero),
    equals=0,
    title="The variance printed without its square is zero for every batch",
    source=PIASTRA.at(
        "Batch Normalization: For each mini-batch",
        r"\boldsymbol{\sigma}_B^2 = \frac{1}{m} \sum_{i=1}^m (\mathbf{x}^{(i)} - \boldsymbol{\mu}_B)",
    ),
    catalogue=("bn.piastra-variance",),
)

variance_without_square = batchnorm.refute(
    "variance_without_square",
    printed=Eq(var, Sum(x[k] - mu, k) / m),
    because=(printed_variance_vanishes,),
    title="The variance is printed without its square",
    source=PIASTRA.at(
        "Batch Normalization: For each mini-batch",
        r"\boldsymbol{\sigma}_B^2 = \frac{1}{m} \sum_{i=1}^m (\mathbf{x}^{(i)} - \boldsymbol{\mu}_B)",
    ),
    catalogue=("bn.piastra-variance", "bn.batch-stats"),
    rank=1,
    right_at=PIASTRA.at("Input Normalization", r"\sigma_i^2 := \frac{1}{|D|} \sum_{x \in D} (x_i - \mu_i)^2"),
)
