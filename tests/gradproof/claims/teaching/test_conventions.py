"""Wrong claims, each off by a convention, and what gradproof says to them; wrong claims to which it says nothing."""

import pytest

from gradproof.claims import teaching
from gradproof.claims.deciding import decide
from gradproof.claims.teaching import taught
from gradproof.claims.verdicts import Source

pytest.importorskip("flint")

A, X, XY, YZ = "A: real[n,n]", "x: real[n]", "x: real[n]; y: real[n]", "y: real[n]; z: real[n]"
AX, N2 = f"{A}; {X}", f"{X}; n >= 2"
AB = "A: real[n,n]; B: real[n,n]"
LEAST_SQUARES = "A: real[m,n]; x: real[n]; b: real[m]"


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """What is found must not depend on how busy the machine is."""
    monkeypatch.setattr(teaching, "SEARCHING", 8.0)
    monkeypatch.setattr(teaching, "SECONDS", 20.0)


def advice(states, where="", *let) -> tuple[str, ...]:
    verdict = decide(Source(states, where, let))
    assert verdict.refuted, verdict
    return taught(verdict).advice


RIGHT = [  # the right side as it should be
    # sign
    ("diff(cos(x), x) == sin(x)", "", "-sin(x)"),
    ("grad(-sum(y*log(p)), p) == y/p", "y: real[n]; p: positive[n]", "-y/p"),
    ("(a - b)**2 == a**2 + 2*a*b + b**2", "", "a**2 - 2*a*b + b**2"),
    ("grad(sum((x - c)**2), x) == 2*(x + c)", "x: real[n]; c: real[n]", "2*(x - c)"),
    ("sin(x)**2 == 1 + cos(x)**2", "", "1 - cos(x)**2"),
    # factor 2 or 1/2
    ("diff(x**2, x) == x", "", "2*x"),
    ("diff(x**2/2, x) == 2*x", "", "x"),
    ("diff(atan(x), x) == 2/(1 + x**2)", "", "1/(1 + x**2)"),
    ("diff(log(x)**2, x) == log(x)/x", "", "2*log(x)/x"),
    ("grad(sum((A@x - b)**2), x) == A.T@(A@x - b)", LEAST_SQUARES, "2*A.T@(A@x - b)"),
    ("grad(norm(x)**2/2, x) == 2*x", X, "x"),
    # another number
    ("cosh(x)**2 - sinh(x)**2 == 2", "", "1"),
    ("sum(softmax(z)) == 2", "z: real[n]", "1"),
    ("limit(sin(x)/x, x, 0) == 0", "", "1"),
    ("log(2*x) == log(x) + 2", "x > 0", "log(x) + log(2)"),
    ("integrate(x, x) == x**2", "", "x**2/2"),
    ("integrate(1/x, x) == -log(x)", "x > 0", "log(x)"),
    ("integrate(sin(x), (x, 0, pi)) == 3", "", "2"),
    ("integrate(exp(-x**2), (x, -oo, oo)) == pi", "", "sqrt(pi)"),
    ("asin(x) + acos(x) == pi/3", "", "pi/2"),
    ("diff(acosh(x), x) == 1/sqrt(x**3 - 1)", "", "1/sqrt(x**2 - 1)"),
    ("diff(log(cosh(x)), x) == tanh(x)**2", "", "tanh(x)"),
    ("diff(x**a, x) == a*x**(a - 2)", "", "a*x**(a - 1)"),
    # 1/n, 1/(n - 1), 1
    ("var(x, ddof=1) == sum((x - mean(x))**2)/n", N2, "sum((x - mean(x))**2)/(n - 1)"),
    ("var(x) == sum((x - mean(x))**2)/(n - 1)", N2, "sum((x - mean(x))**2)/n"),
    ("grad(mean((x - y)**2), x) == 2*(x - y)", XY, "2*(x - y)/n"),
    ("grad(sum((x - y)**2), x) == 2*(x - y)/n", XY, "2*(x - y)"),
    ("mean(x**2) - mean(x)**2 == var(x, ddof=1)", N2, "var(x)"),
    ("sqrt(mean((x - mean(x))**2)) == std(x, ddof=1)", N2, "std(x)"),
    # f against f'
    ("diff(sigmoid(w*x), x) == w*sigmoid(w*x)", "", "w*(sigmoid(w*x)*(1 - sigmoid(w*x)))"),
    ("grad(sum(softplus(z)), z) == softplus(z)", "z: real[n]", "sigmoid(z)"),
    ("diff(sin(x**2), x) == cos(x**2)", "", "cos(x**2)*diff(x**2, x)"),
    ("diff(exp(w*x), x) == exp(w*x)", "", "w*exp(w*x)"),
    ("grad(sum(z)/T, z) == ones(n)", "z: real[n]; T > 0", "ones(n)/T"),
    # sigma against its argument
    ("diff(sigmoid(x), x) == x*(1 - x)", "", "sigmoid(x)*(1 - sigmoid(x))"),
    ("diff(tanh(x), x) == 1 - x**2", "", "1 - tanh(x)**2"),
    ("diff(softmax(z)[i], z[i]) == z[i]*(1 - z[i])", "z: real[n]", "softmax(z)[i]*(1 - softmax(z)[i])"),
    ("grad(sum(tanh(z)), z) == 1 - z**2", "z: real[n]", "1 - tanh(z)**2"),
    # transpose
    ("grad(dot(y, A@x), x) == A@y", f"{AX}; y: real[n]", "A.T@y"),
    ("grad(sum((A@x - b)**2), x) == 2*A@(A@x - b)", f"{AX}; b: real[n]", "2*A.T@(A@x - b)"),
    ("jacobian(W@x, x) == W.T", f"W: real[n,n]; {X}", "W"),
    ("(A@B).T == A.T@B.T", AB, "B.T@A.T"),
    ("grad(dot(u, W@v), W) == outer(v, u)", "W: real[n,n]; u: real[n]; v: real[n]", "outer(u, v)"),
    # swapped indices
    ("diff(sum(W[k, l]*x[l]*y[k], k, l), W[i, j]) == x[i]*y[j]", f"W: real[n,n]; {XY}", "x[j]*y[i]"),
    ("diff(sum(W[i, k]*x[k], k), x[j]) == W[j, i]", f"W: real[n,n]; {X}", "W[i, j]"),
]


@pytest.mark.parametrize(("states", "where", "expected"), RIGHT)
def test_the_right_side_as_meant(states, where, expected):
    first = advice(states, where)[0]
    assert first.endswith(" on the right (proved)") or "on the right; you wrote" in first
    assert f" {expected} on the right" in first


@pytest.mark.parametrize(
    ("states", "where", "expected"),
    [
        ("sigmoid(x) == sigmoid(x)*(1 - sigmoid(x))", "", "diff(sigmoid(x), x) on the left; you wrote f for f'"),
        ("tanh(x) == 1 - tanh(x)**2", "", "diff(tanh(x), x) on the left; you wrote f for f'"),
        ("sum(x**2) == 2*x", X, "grad(sum(x**2), x) on the left; you wrote f for f'"),
        ("diff(x**3, x) == 6*x", "", "diff(x**3, x, 2) on the left"),
        ("std(x)**2 == sum((x - mean(x))**2)/(n - 1)", N2, "sum((x - mean(x))**2)/n on the right"),
    ],
)
def test_the_left_side_as_meant(states, where, expected):
    assert expected in advice(states, where)[0]


@pytest.mark.parametrize(
    ("states", "where", "let", "expected"),
    [
        ("m == b*g + (1 - b)*p", "", "m = (1 - b)*g + b*p", "weights exchanged: (1 - b)*g + b*p on the right"),
        (
            "v == b*g**2 + (1 - b)*p",
            "g: real[n]; p: real[n]",
            "v[i] = (1 - b)*g[i]**2 + b*p[i]",
            "weights exchanged: (1 - b)*g**2 + b*p on the right",
        ),
        (
            "u == x/sqrt(v + eps)",
            "v > 0; eps > 0",
            "u = x/(sqrt(v) + eps)",
            "epsilon outside the root: x/(sqrt(v) + eps) on the right",
        ),
        (
            "u == (x - mean(x))/(std(x) + eps)",
            f"{X}; eps > 0",
            "u[i] = (x[i] - mean(x))/sqrt(var(x) + eps)",
            "epsilon inside the root: (x - mean(x))/sqrt(var(x) + eps) on the right",
        ),
    ],
)
def test_averages_and_epsilon(states, where, let, expected):
    assert f"{expected} (proved)" in advice(states, where, let)[0]


@pytest.mark.parametrize(
    ("states", "where", "expected"),
    [
        ("sqrt(x**2) == x", "", "x >= 0"),
        ("abs(x) == -x", "", "x <= 0"),
        ("relu(z) == z", "z: real[n]", "z >= 0"),
        ("abs(x + y) == abs(x) + abs(y)", "", "x >= 0 and y >= 0"),
        ("sum(y*(z - c)) == sum(y*z) - c", YZ, "sum(y) == 1"),
        ("var(x) == mean(x**2)", X, "sum(x) == 0"),
        ("(A@x)@y == x@(A@y)", f"{AX}; y: real[n]", "A == A.T"),
    ],
)
def test_the_condition_left_out(states, where, expected):
    assert f"holds if {expected} (proved)" in advice(states, where)


@pytest.mark.parametrize(
    ("states", "where", "condition", "general"),
    [
        ("grad(dot(x, A@x), x) == 2*A@x", AX, "A == A.T", "(A + A.T)@x"),
        ("hessian(x@A@x, x) == 2*A", AX, "A == A.T", "A + A.T"),
        ("grad(-sum(y*log_softmax(z)), z) == softmax(z) - y", YZ, "sum(y) == 1", "sum(y)*softmax(z) - y"),
    ],
)
def test_the_condition_and_the_general_form(states, where, condition, general):
    assert advice(states, where) == (
        f"holds if {condition} (proved)",
        f"in general the right side is {general} (proved)",
    )


NOTHING = [
    ("diff(x*exp(-x), x) == exp(-x)", ""),
    ("sin(x)*cos(x) == sin(x)", ""),
    ("sin(x + y) == sin(x) + sin(y)", ""),
    ("exp(x + y) == exp(x) + exp(y)", ""),
    ("log(x + y) == log(x) + log(y)", ""),
    ("(x + y)**2 == x**2 + y**2", ""),
    ("x*y == x + y", ""),
    ("x**3 == x", ""),
    ("diff(x**2, x) == x**3", ""),
    ("diff(sigmoid(x), x) == sigmoid(x)**2", ""),
    ("x == 1", ""),
    ("x == y", ""),
    ("x > 0", ""),
    ("x >= 1", ""),
    ("sum(y) == 1", "y: real[n]"),
    ("A == A.T", A),
    ("A.T == A", A),
    ("softmax(z)[i] == z[i]", "z: real[n]"),
    ("grad(logsumexp(z), z) == exp(z)", "z: real[n]"),
    ("hessian(logsumexp(z), z) == outer(softmax(z), softmax(z))", "z: real[n]"),
    ("grad(sum(x)**2, x) == 2*x", X),
    ("A@A == A", A),
    ("sqrt(x)**2 == -x", "x >= 1"),
]


@pytest.mark.parametrize(("states", "where"), NOTHING[:-1])
def test_nothing_to_say(states, where):
    assert advice(states, where) == ()


def test_a_condition_that_leaves_one_value_is_none():
    assert not any("holds if" in line for line in advice("sqrt(x)**2 == -x", "x >= 0"))


def test_what_is_needed_beyond_the_claim_is_said():
    (line,) = advice("diff(x*log(x) - x, x) == x", "x: real")
    assert "log(x)" in line


def test_in_a_chain_the_comparison_is_named():
    assert advice("diff(x**2, x) == x == x")[0] == "diff(x**2, x) == x: holds with 2*x on the right (proved)"
