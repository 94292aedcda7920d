"""Claims at points where a part under a derivative has a kink, from the text to the verdict."""

import pytest

from gradproof.claims.deciding import decide
from gradproof.claims.teaching import taught
from gradproof.claims.verdicts import Source


@pytest.mark.parametrize(
    "states",
    [
        "diff(softsign(x), x) < 1",
        "diff(x*abs(x), x) > 0",
        "0 < diff(x*abs(x), x)",
        "diff(abs(x)**3, x, 2) > 0",
        "diff(softsign(x), x) == 1/(1+abs(x))**2 - 1 + abs(sign(x))",
        "diff(x*abs(x), x) == 2*abs(x) + (1 - sign(x)**2)",
        "diff(relu(x)-relu(-x), x) == sign(x)**2",
        "diff(elu(x), x) == exp(min(x,0))*sign(x)**2",
        "diff(x**2*sign(x), x) == 2*abs(x) + (1 - sign(x)**2)",
        "grad(x*abs(x), x) > 0",
    ],
)
def test_refuted_at_the_kink(states):
    verdict = decide(Source(states))
    assert verdict.status == "refuted" and verdict.witness and verdict.witness.values == {"x": "0"}
    assert verdict.hypotheses == ()


@pytest.mark.parametrize(
    "states",
    [
        "diff(abs(x), x) == sign(x)",
        "diff(relu(x), x) == step(x)",
        "diff(elu(x), x) == exp(min(x, 0))",
        "diff(x*abs(x), x) == 2*abs(x)",
        "diff(abs(x)**3, x) == 3*x*abs(x)",
        "diff(x/(1 + abs(x)), x) == 1/(1 + abs(x))**2",
        "diff(leaky_relu(x, 1/100), x) == 1/100 + 99/100*step(x)",
        "diff(abs(x), x)**2 == 1",
        "diff(x*abs(x), x, 2)**2 > 0",
        "abs(diff(x*abs(x), x))/abs(x) == 2",
    ],
)
def test_proved_off_the_kink(states):
    assert decide(Source(states)).status == "proved"


@pytest.mark.parametrize(
    ("states", "where"),
    [
        ("0*diff(abs(x), x) + diff(x*abs(x), x)**2 > 0", ""),  # 0 once it is read, but without a value at 0
        ("diff(abs(x), x)**2 <= 1 < 1 + diff(x*abs(x), x)**2", ""),
        ("diff(x**2*abs(x)/x, x)**2 > 0", ""),
        ("diff(sqrt(x**2)*x, x)**2 > 0", ""),
        ("diff(x*abs(x), x)**2 > 0", "x**2 > 0"),
        ("diff(elu(x), x) < 1", "x <= 0"),
    ],
)
def test_where_the_text_has_no_meaning_nothing_is_refuted(states, where):
    assert decide(Source(states, where)).status != "refuted"


def test_advice_does_not_repeat_what_fails_at_the_kink():
    (advice,) = taught(decide(Source("diff(x*abs(x), x) > 0"))).advice
    assert ">= in place of >" in advice
    assert not any(
        "on the right" in a for a in taught(decide(Source("diff(relu(x)-relu(-x), x) == sign(x)**2"))).advice
    )
