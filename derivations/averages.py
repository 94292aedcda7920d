"""Moving averages of a sequence v_1, v_2, ...

    mean   vbar_T = (1/T) sum_{k<=T} v_k          SMA  (1/n) sum of the last n
    EMA    ema_t = (1 - alpha) ema_{t-1} + alpha v_t, 0 < alpha < 1: alpha weighs the new value

Main results
* running_mean             vbar_{T+1} = vbar_T + (v_{T+1} - vbar_T)/(T + 1)
* ema_closed_form          ema_t = alpha sum_k (1 - alpha)^(t-k) v_k + (1 - alpha)^t start, any v, any start
* ema_weights_sum_to_one   sum_{j<t} alpha (1 - alpha)^j + (1 - alpha)^t = 1
* ema_sma_mean_age, ema_sma_noise_variance   alpha = 2/(n+1) gives EMA and SMA one mean age, one noise variance
* mean_age_fixes_alpha, noise_variance_fixes_alpha   and no other alpha does
* ema_weight_in_window     the EMA puts 1 - (1 - alpha)^n < 1 on the last n values
* ema_weight_in_window_limit   and 1 - e^-2 for long windows
* sma_window_off_by_one, ema_is_not_sma      errata
"""

from sympy import oo

from derivations.calculus.domains import interval
from derivations.calculus.functions import exp
from derivations.calculus.operators import Limit, Sum
from derivations.calculus.symbols import index, scalar, sequence, size
from derivations.proof.derivation import Derivation
from derivations.proof.proofs import decision, induction, induction_hypothesis
from derivations.proof.rules import (
    cite,
    peel,
    pull_out,
    start_of,
    step_of,
    take_the_limit,
    unfold,
)
from derivations.proof.source import PIASTRA, SUPPORTING, Convention
from derivations.proof.statement import Eq, Iff, Lt

T, t = size("T"), size("t", minimum=0)
n = size("n", minimum=2)  # at n = 1 the matching alpha is 1 and both averages are the last value
alpha = scalar("alpha", interval(0, 1))
v, start, c = sequence("v"), scalar("v0"), scalar("c")
k, j = index("k", 1, t), index("j", 0, t - 1)
lag = index("j", 0, n - 1)

averages = Derivation("averages", source=PIASTRA)

ASIDE = "An aside: moving averages"

# ---- the plain mean

position = index("T", 1, oo)
vbar = averages.define("vbar", Sum(v[index("k", 1, position)], index("k", 1, position)) / position, at=position)

running_mean = averages.prove(
    "running_mean",
    vbar[T + 1],
    unfold(vbar),
    peel,
    equals=vbar[T] + (v[T + 1] - vbar[T]) / (T + 1),
    title="The mean, one value at a time",
    source=PIASTRA.at(
        ASIDE,
        r"\bar{v}_T = \frac{1}{T} \left(v_T + (T-1)\bar{v}_{T-1} \right) = \bar{v}_{T-1} + \frac{1}{T} (v_T -"
        r" \bar{v}_{T-1})",
    ),
    catalogue=("ema.average", "ema.running"),
)

# ---- the exponential moving average

ema = averages.define_recursively(
    "ema", at=index("t", 1, oo), start=start, step=lambda last: (1 - alpha) * last + alpha * v[index("t", 1, oo)]
)

ema_closed_form = averages.prove(
    "ema_closed_form",
    ema[t],
    equals=alpha * Sum((1 - alpha) ** (t - k) * v[k], k) + (1 - alpha) ** t * start,
    by=induction(t, base=[start_of(ema)], step=[step_of(ema), induction_hypothesis]),
    title="The exponential moving average, unrolled",
    source=PIASTRA.at(
        ASIDE,
        r"\bar{v}_{t,\alpha} = \alpha (v_t + (1 - \alpha) v_{t-1} + (1 - \alpha)^2 v_{t-2}) + (1 - \alpha)^3"
        r" \bar{v}_{t-3,\alpha}",
    ),
    catalogue=("ema.definition", "ema.expansion", "ema.decay"),
    conventions=(
        Convention(
            "alpha",
            "weighs the new value",
            "momentum of BatchNorm and the weight of torch.lerp(ema, v, alpha) do too; betas of Adam weigh the old one",
            "betas = 1 - alpha",
        ),
    ),
)

geometric_sum = averages.prove(
    "geometric_sum",
    Sum((1 - alpha) ** j, j),
    equals=(1 - (1 - alpha) ** t) / alpha,
    by=induction(t, step=[peel, induction_hypothesis]),
    title="A geometric sum",
    source=SUPPORTING,
    catalogue=("ema.expansion",),
)

ema_weights_sum_to_one = averages.prove(
    "ema_weights_sum_to_one",
    Sum(alpha * (1 - alpha) ** j, j) + (1 - alpha) ** t,
    pull_out,
    cite(geometric_sum),
    equals=1,
    title="The weights of the exponential moving average sum to one",
    source=SUPPORTING,
    catalogue=("ema.expansion",),
)

# ---- against the simple moving average: mean age

age_so_far = averages.prove(
    "age_so_far",
    Sum(j * alpha * (1 - alpha) ** j, j),
    equals=((1 - alpha) - t * (1 - alpha) ** t + (t - 1) * (1 - alpha) ** (t + 1)) / alpha,
    by=induction(t, step=[peel, induction_hypothesis]),
    title="Mean age of the exponential moving average, the last t values",
    source=SUPPORTING,
    catalogue=("ema.sma-equivalence",),
)

ema_mean_age = averages.prove(
    "ema_mean_age",
    Limit(Sum(j * alpha * (1 - alpha) ** j, j), t),
    cite(age_so_far),
    take_the_limit,
    equals=(1 - alpha) / alpha,
    title="Mean age of the exponential moving average",
    source=SUPPORTING,
    catalogue=("ema.sma-equivalence",),
)

sma_mean_age = averages.prove(
    "sma_mean_age",
    Sum(lag, lag) / n,
    equals=(n - 1) / 2,
    by=induction(n, step=[peel]),
    title="Mean age of the simple moving average",
    source=SUPPORTING,
    catalogue=("ema.sma-equivalence",),
)

matching = averages.define("alpha_n", 2 / (n + 1))

ema_sma_mean_age = averages.prove(
    "ema_sma_mean_age",
    Limit(Sum(j * matching * (1 - matching) ** j, j), t),
    cite(ema_mean_age, at={alpha: matching}),
    unfold(matching),
    equals=Sum(lag, lag) / n,
    title="alpha = 2/(n+1) gives EMA and SMA one mean age",
    source=PIASTRA.at(ASIDE, r"\alpha = \frac{2}{n + 1}"),
    catalogue=("ema.sma-equivalence",),
)

mean_age_fixes_alpha = averages.state(
    "mean_age_fixes_alpha",
    Iff(Eq((1 - alpha) / alpha, (n - 1) / 2), Eq(alpha, 2 / (n + 1))),
    decision(),
    title="Equal mean age leaves alpha = 2/(n+1) only",
    source=PIASTRA.at(ASIDE, r"\alpha = \frac{2}{n + 1}"),
    catalogue=("ema.sma-equivalence",),
)

# ---- the variance of the average of white noise: the sum of the squared weights

noise_so_far = averages.prove(
    "noise_so_far",
    Sum((alpha * (1 - alpha) ** j) ** 2, j),
    equals=alpha * (1 - (1 - alpha) ** (2 * t)) / (2 - alpha),
    by=induction(t, step=[peel, induction_hypothesis]),
    title="Noise variance of the exponential moving average, the last t values",
    source=SUPPORTING,
    catalogue=("ema.sma-equivalence",),
)

ema_noise_variance = averages.prove(
    "ema_noise_variance",
    Limit(Sum((alpha * (1 - alpha) ** j) ** 2, j), t),
    cite(noise_so_far),
    take_the_limit,
    equals=alpha / (2 - alpha),
    title="Noise variance of the exponential moving average",
    source=SUPPORTING,
    catalogue=("ema.sma-equivalence",),
)

sma_noise_variance = averages.prove(
    "sma_noise_variance",
    Sum((1 / n) ** 2, lag),
    pull_out,
    equals=1 / n,
    title="Noise variance of the simple moving average",
    source=SUPPORTING,
    catalogue=("ema.sma-equivalence",),
)

ema_sma_noise_variance = averages.prove(
    "ema_sma_noise_variance",
    Limit(Sum((matching * (1 - matching) ** j) ** 2, j), t),
    cite(ema_noise_variance, at={alpha: matching}),
    unfold(matching),
    equals=Sum((1 / n) ** 2, lag),
    title="alpha = 2/(n+1) gives EMA and SMA one noise variance",
    source=PIASTRA.at(ASIDE, r"\alpha = \frac{2}{n + 1}"),
    catalogue=("ema.sma-equivalence",),
)

noise_variance_fixes_alpha = averages.state(
    "noise_variance_fixes_alpha",
    Iff(Eq(alpha / (2 - alpha), 1 / n), Eq(alpha, 2 / (n + 1))),
    decision(),
    title="Equal noise variance leaves alpha = 2/(n+1) only",
    source=PIASTRA.at(ASIDE, r"\alpha = \frac{2}{n + 1}"),
    catalogue=("ema.sma-equivalence",),
)

# ---- what is not equal

ema_weight_in_window = averages.prove(
    "ema_weight_in_window",
    Sum(matching * (1 - matching) ** lag, lag),
    pull_out,
    cite(geometric_sum, at={alpha: matching, t: n}),
    equals=1 - (1 - matching) ** n,
    title="The weight that the EMA puts on the window of the SMA",
    source=PIASTRA.at(ASIDE, r"\alpha = \frac{2}{n + 1}"),
    catalogue=("ema.sma-equivalence",),
)

ema_weight_in_window_limit = averages.prove(
    "ema_weight_in_window_limit",
    Limit(Sum(matching * (1 - matching) ** lag, lag), n),
    cite(ema_weight_in_window),
    unfold(matching),
    take_the_limit,
    equals=1 - exp(-2),
    title="For long windows that weight tends to 1 - e^-2, about 0.865",
    source=PIASTRA.at(ASIDE, r"\alpha = \frac{2}{n + 1}"),
    catalogue=("ema.sma-equivalence",),
)

ema_is_not_sma = averages.refute(
    "ema_is_not_sma",
    printed=Eq(Sum(matching * (1 - matching) ** lag, lag), 1),
    because=(ema_weight_in_window,),
    title="Read as an equality, EMA with alpha = 2/(n+1) and SMA differ: weight lies outside the window",
    source=PIASTRA.at(ASIDE, r"\alpha = \frac{2}{n + 1}"),
    catalogue=("ema.sma-equivalence",),
    rank=18,
    reading="as an equality",
)

window = index("k", T - n + 1, T)
printed_window = index("k", T - n, T)

sma_of_constant = averages.prove(
    "sma_of_constant",
    Sum(c, window) / n,
    pull_out,
    equals=c,
    title="The simple moving average of a constant is that constant",
    source=SUPPORTING,
    catalogue=("ema.sma",),
)

started = averages.assume("the window lies within the data", Lt(n, T))

sma_window_off_by_one = averages.refute(
    "sma_window_off_by_one",
    printed=Eq(Sum(c, printed_window) / n, c),
    instead=sma_of_constant,
    given=[started],
    title="The window of the simple moving average has n + 1 values",
    source=PIASTRA.at(ASIDE, r"\bar{v}_{T,n} := \frac{1}{n} \sum_{k=T-n}^T v_k"),
    catalogue=("ema.sma",),
    rank=18,
)
