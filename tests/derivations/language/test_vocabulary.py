"""Every function of the claim language against mpmath, at points of its domain: a wrong one misleads every judge."""

import mpmath
import pytest
from mpmath import mpf

from derivations.language import claims
from derivations.language.calls import CALLS
from derivations.language.errors import InvalidClaim
from derivations.language.vocabulary import FUNCTIONS, number
from tests.support.claim_values import exactly

ANYWHERE = ("-5/2", "-1/3", "0", "2/7", "3")
OFF_ZERO = ("-5/2", "-1/3", "2/7", "3")
POSITIVE = ("1/100", "2/7", "1", "7/2")
UNIT = ("-1", "-2/3", "0", "1/5", "1")
INSIDE = ("-9/10", "-1/3", "0", "4/5")
OUTSIDE = ("-3", "-1", "1", "5/2")

ONE = {
    "exp": (mpmath.exp, ANYWHERE),
    "log": (mpmath.log, POSITIVE),
    "ln": (mpmath.log, POSITIVE),
    "sqrt": (mpmath.sqrt, ("0", *POSITIVE)),
    "cbrt": (lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)), ANYWHERE),
    "abs": (abs, ANYWHERE),
    "sign": (mpmath.sign, ANYWHERE),
    "exp2": (lambda x: mpf(2) ** x, ANYWHERE),
    "log2": (lambda x: mpmath.log(x, 2), POSITIVE),
    "log10": (mpmath.log10, POSITIVE),
    "log1p": (mpmath.log1p, ("-9/10", *ANYWHERE[1:])),
    "expm1": (mpmath.expm1, ANYWHERE),
    "square": (lambda x: x * x, ANYWHERE),
    "sin": (mpmath.sin, ANYWHERE),
    "cos": (mpmath.cos, ANYWHERE),
    "tan": (mpmath.tan, ANYWHERE),
    "cot": (mpmath.cot, OFF_ZERO),
    "sec": (mpmath.sec, ANYWHERE),
    "csc": (mpmath.csc, OFF_ZERO),
    "asin": (mpmath.asin, UNIT),
    "acos": (mpmath.acos, UNIT),
    "atan": (mpmath.atan, ANYWHERE),
    "acot": (mpmath.acot, OFF_ZERO),
    "asec": (mpmath.asec, OUTSIDE),
    "acsc": (mpmath.acsc, OUTSIDE),
    "sinh": (mpmath.sinh, ANYWHERE),
    "cosh": (mpmath.cosh, ANYWHERE),
    "tanh": (mpmath.tanh, ANYWHERE),
    "coth": (mpmath.coth, OFF_ZERO),
    "sech": (mpmath.sech, ANYWHERE),
    "csch": (mpmath.csch, OFF_ZERO),
    "asinh": (mpmath.asinh, ANYWHERE),
    "acosh": (mpmath.acosh, ("1", "5/4", "7")),
    "atanh": (mpmath.atanh, INSIDE),
    "acoth": (mpmath.acoth, ("-3", "-5/4", "5/4", "7")),
    "asech": (mpmath.asech, ("1/100", "1/2", "1")),
    "acsch": (mpmath.acsch, OFF_ZERO),
    "erf": (mpmath.erf, ANYWHERE),
    "erfc": (mpmath.erfc, ANYWHERE),
    "erfinv": (mpmath.erfinv, INSIDE),
    "gamma": (mpmath.gamma, POSITIVE),
    "loggamma": (mpmath.loggamma, POSITIVE),
    "lgamma": (mpmath.loggamma, POSITIVE),
    "digamma": (mpmath.digamma, POSITIVE),
    "trigamma": (lambda x: mpmath.polygamma(1, x), POSITIVE),
    "ellipk": (mpmath.ellipk, INSIDE),
    "ellipe": (mpmath.ellipe, INSIDE),
    "expint": (mpmath.e1, POSITIVE),
    "sigmoid": (lambda x: 1 / (1 + mpmath.exp(-x)), ANYWHERE),
    "logistic": (lambda x: 1 / (1 + mpmath.exp(-x)), ANYWHERE),
    "logit": (lambda p: mpmath.log(p / (1 - p)), ("1/100", "2/7", "9/10")),
    "softplus": (lambda x: mpmath.log(1 + mpmath.exp(x)), ANYWHERE),
    "relu": (lambda x: max(x, 0), ANYWHERE),
    "elu": (lambda x: x if x > 0 else mpmath.expm1(x), ANYWHERE),
    "silu": (lambda x: x / (1 + mpmath.exp(-x)), ANYWHERE),
    "swish": (lambda x: x / (1 + mpmath.exp(-x)), ANYWHERE),
    "gelu": (lambda x: x * mpmath.ncdf(x), ANYWHERE),
    "mish": (lambda x: x * mpmath.tanh(mpmath.log1p(mpmath.exp(x))), ANYWHERE),
    "softsign": (lambda x: x / (1 + abs(x)), ANYWHERE),
    "logsigmoid": (lambda x: -mpmath.log1p(mpmath.exp(-x)), ANYWHERE),
    "step": (lambda x: (1 + mpmath.sign(x)) / 2, ANYWHERE),
    "heaviside": (lambda x: (1 + mpmath.sign(x)) / 2, ANYWHERE),
}
PAIRS = (("-3/2", "-2"), ("1/3", "5"), ("4", "2/7"), ("2", "2"))
POSITIVE_PAIRS = (("1/3", "5"), ("4", "2/7"), ("2", "2"))
ORDERS = (("0", "1/3"), ("1", "5/2"), ("3", "7"), ("1/2", "2"))
TWO = {
    "polygamma": (mpmath.polygamma, (("0", "1/3"), ("1", "5/2"), ("3", "7"))),
    "beta": (mpmath.beta, POSITIVE_PAIRS),
    "besselj": (mpmath.besselj, (*ORDERS, ("2", "-3"))),
    "bessely": (mpmath.bessely, ORDERS),
    "besseli": (mpmath.besseli, (*ORDERS, ("3", "-2"))),
    "besselk": (mpmath.besselk, ORDERS),
    "expint": (mpmath.expint, ORDERS),
    "leaky_relu": (lambda x, a: x if x > 0 else a * x, PAIRS),
    "elu": (lambda x, a: x if x > 0 else a * mpmath.expm1(x), PAIRS),
    "logaddexp": (lambda x, y: mpmath.log(mpmath.exp(x) + mpmath.exp(y)), PAIRS),
    "xlogy": (lambda x, y: x * mpmath.log(y), (("-3/2", "2"), ("0", "5"), ("4", "2/7"))),
    "maximum": (max, PAIRS),
    "minimum": (min, PAIRS),
    "max": (max, PAIRS),
    "min": (min, PAIRS),
}


def value_of(rational: str) -> mpf:
    over, _, under = rational.partition("/")
    return mpf(int(over)) / int(under or 1)


def agree(found: str, expected) -> bool:
    return mpmath.almosteq(mpf(found), expected, 1e-34, 1e-34)


@pytest.mark.parametrize("name", ONE)
def test_functions_of_one_argument(name):
    function, points = ONE[name]
    with mpmath.workdps(60):
        for x in points:
            assert agree(exactly(f"{name}(x)", x=x), function(value_of(x))), (name, x)


@pytest.mark.parametrize("name", TWO)
def test_functions_of_two_arguments(name):
    function, points = TWO[name]
    with mpmath.workdps(60):
        for x, y in points:
            order = name.startswith(("bessel", "polygamma", "expint"))  # orders are written as numbers
            text = f"{name}({x}, y)" if order else f"{name}(x, y)"
            assert agree(exactly(text, x=x, y=y), function(value_of(x), value_of(y))), (name, x, y)


def test_every_function_is_compared():
    assert set(FUNCTIONS) <= {*ONE, *TWO}
    assert {"max", "min"} <= set(CALLS)


OUTSIDE_OF = {
    "log": ("0", "-1"), "sqrt": ("-1",), "log1p": ("-1",), "asin": ("2",), "acos": ("-2",), "acosh": ("1/2",),
    "atanh": ("1", "-1"), "acoth": ("1", "1/2", "0"), "asech": ("0", "2"), "acsch": ("0",), "asec": ("1/2",),
    "acsc": ("0",), "acot": ("0",), "cot": ("0",), "csc": ("0",), "coth": ("0",), "csch": ("0",), "logit": ("0", "1"),
    "erfinv": ("1",), "ellipk": ("1",), "tan": ("pi/2",), "sec": ("-pi/2",), "digamma": ("0",), "expint": ("0",),
}  # fmt: skip


@pytest.mark.parametrize("name", OUTSIDE_OF)
def test_outside_its_domain_a_function_has_no_value(name):
    for x in OUTSIDE_OF[name]:
        with pytest.raises(InvalidClaim, match=r"no real value|only read where"):
            claims.read(f"{name}({x}) == 1")


@pytest.mark.parametrize(
    ("text", "refused"),
    [("0**(-1)", True), ("0**0", False), ("(-2)**(1/2)", True), ("(-8)**(1/3)", True), ("0**(1/2)", False),
     ("0**(-1/2)", True), ("(-2)**(-3)", False), ("0/0", True), ("2**(-1/2)", False), ("(-2)**pi", True)],
)  # fmt: skip
def test_powers_have_the_values_of_real_numbers(text, refused):
    if refused:
        with pytest.raises(InvalidClaim, match="no real value"):
            claims.read(f"{text} == 1")
    else:
        claims.read(f"{text} == 1")


@pytest.mark.parametrize(
    ("written", "exact"),
    [("0.1", "1/10"), (".5", "1/2"), ("5.", "5"), ("1e3", "1000"), ("1.25e-2", "1/80"), ("1E+2", "100"),
     ("0.10000000000000000000000000000001", "10000000000000000000000000000001/100000000000000000000000000000000")],
)  # fmt: skip
def test_decimals_are_exact(written, exact):
    assert str(number(written)) == exact


@pytest.mark.parametrize("constant", ["pi", "e"])
def test_constants(constant):
    with mpmath.workdps(60):
        assert agree(exactly(constant), mpmath.pi if constant == "pi" else mpmath.e)
