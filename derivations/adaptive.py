"""Adam: the bias of its moving averages, and its first step.

    m_t = beta g_t + (1 - beta) m_{t-1}, m_0 = 0      (the lecture's beta weighs the new value)

Main results
* adam_bias_correction   E m_t = (1 - (1 - beta)^t) E g, for every t, when E g_t does not depend on t
* adam_first_step        the first update is -eta sign(g), whatever the size of g != 0
* adam_bias_correction_drifting   erratum: with gradients that drift, g_t = t, it does not recover g_t
"""

from sympy import oo, sign

from derivations.averages import alpha, geometric_sum
from derivations.calculus.domains import POSITIVE, interval
from derivations.calculus.functions import sqrt
from derivations.calculus.operators import Expectation, Sum
from derivations.calculus.symbols import index, scalar, sequence, size
from derivations.proof.derivation import Derivation
from derivations.proof.proofs import by_sign, induction, induction_hypothesis
from derivations.proof.rules import (
    cite,
    count_back,
    distribute_expectation,
    pull_out,
    start_of,
    step_of,
    unfold,
    use,
)
from derivations.proof.source import PIASTRA, SUPPORTING, Convention
from derivations.proof.statement import Eq, Ne

t = size("t", minimum=0)
beta = scalar("beta", interval(0, 1))
expected = scalar("gbar")
g = sequence("g", random=True)
k, every = index("k", 1, t), index("t", 1, oo)

adaptive = Derivation("adaptive", source=PIASTRA)

BETA = Convention("beta", "weighs the new gradient", "betas weigh the old average", "betas = 1 - beta")
NO_EPS = Convention(
    "eps", "none in the denominator", "adds eps = 1e-8", "pass eps=0 while the second moment is positive"
)

m = adaptive.define_recursively("m", at=every, start=0, step=lambda last: beta * g[every] + (1 - beta) * last)
stationary = adaptive.assume("the gradients have one mean", Eq(Expectation(g[every]), expected))

moment_closed_form = adaptive.prove(
    "moment_closed_form",
    Expectation(m[t]),
    equals=Expectation(beta * Sum((1 - beta) ** (t - k) * g[k], k)),
    by=induction(t, base=[start_of(m)], step=[step_of(m), distribute_expectation, induction_hypothesis]),
    title="The first moment of Adam, unrolled",
    source=SUPPORTING,
    catalogue=("ada.adam-m",),
    conventions=(BETA, NO_EPS),
)

adam_bias_correction = adaptive.prove(
    "adam_bias_correction",
    Expectation(m[t]),
    cite(moment_closed_form),
    distribute_expectation,
    use(stationary),
    count_back,
    pull_out,
    cite(geometric_sum, at={alpha: beta}),
    equals=(1 - (1 - beta) ** t) * expected,
    title="Why Adam divides by 1 - (1 - beta)^t",
    source=PIASTRA.at(
        "Adam",
        r"\hat{\mathbf{m}}^{(t)} := \frac{\mathbf{m}^{(t)}}{1 - (1 - \beta_1)^t}",
    ),
    catalogue=("ada.adam-m", "ada.adam-bias"),
    conventions=(BETA, NO_EPS),
)

adam_bias_correction_drifting = adaptive.refute(
    "adam_bias_correction_drifting",
    printed=Eq(Sum(beta * (1 - beta) ** (t - k) * k, k), (1 - (1 - beta) ** t) * t),
    instead=adam_bias_correction,
    title="Read without its hypothesis, the correction fails: gradients that drift, g_t = t, are not recovered",
    source=PIASTRA.at("Adam"),
    catalogue=("ada.adam-bias",),
    reading="as if it held for gradients of any mean",
)

# ---- the first step, from a gradient g: both moments are divided by their correction at t = 1

beta1, beta2 = scalar("beta1", interval(0, 1)), scalar("beta2", interval(0, 1))
eta, gradient = scalar("eta", POSITIVE), scalar("g")

first = adaptive.define_recursively("m", at=every, start=0, step=lambda last: beta1 * gradient + (1 - beta1) * last)
second = adaptive.define_recursively("r", at=every, start=0, step=lambda last: beta2 * gradient**2 + (1 - beta2) * last)
mhat = adaptive.define("mhat", first[every] / (1 - (1 - beta1) ** every), at=every)
rhat = adaptive.define("rhat", second[every] / (1 - (1 - beta2) ** every), at=every)
moving = adaptive.assume("the gradient is not zero", Ne(gradient, 0))

one_step = [unfold(mhat, rhat), step_of(first), step_of(second), start_of(first), start_of(second)]

adam_first_step = adaptive.prove(
    "adam_first_step",
    -eta * mhat[1] / sqrt(rhat[1]),
    equals=-eta * sign(gradient),
    by=by_sign(gradient, positive=one_step, negative=one_step),
    given=[moving],
    title="Adam's first step has length eta, whatever the gradient",
    source=PIASTRA.at(
        "Adam",
        r"\hat{\mathbf{m}}^{(t)} := \frac{\mathbf{m}^{(t)}}{1 - (1 - \beta_1)^t} \qquad"
        r" \hat{\mathbf{r}}^{(t)} := \frac{\mathbf{r}^{(t)}}{1 - (1 - \beta_2)^t}",
    ),
    catalogue=("ada.adam-bias",),
    conventions=(BETA, NO_EPS),
)
