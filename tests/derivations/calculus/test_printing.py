"""What a reader sees: fixed examples, LaTeX that KaTeX takes, and no line that can be read in two ways."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from derivations.calculus.domains import INTEGER, NONNEGATIVE, POSITIVE, Domain, interval
from derivations.calculus.functions import (
    exp,
    leaky_relu,
    log,
    logsumexp,
    mean,
    relu,
    sigmoid,
    softplus,
    sqrt,
    tanh,
    variance,
)
from derivations.calculus.operators import D, Expectation, Limit, Product, Sum, delta
from derivations.calculus.printing import domains, latex, text
from derivations.calculus.substitution import subexpressions
from derivations.calculus.symbols import (
    Definition,
    Recurrence,
    index,
    indices,
    matrix,
    scalar,
    scalars,
    sequence,
    size,
    sizes,
    tensor,
    vector,
)
from derivations.calculus.typesetting.names import greek
from derivations.proof.statement import Eq, Hypothesis, Iff, Le, Lt, Ne, both

n, m = sizes("n m")
i, j, k = indices("i j k", n)
s = index("s", m)
x, mu, gamma, beta, a, y0, w = scalars("x mu gamma beta a y w")
alpha = scalar("alpha", interval(0, 1))
sigma2, eps = scalars("sigma2 eps", POSITIVE)
z, y, g = vector("z", n), vector("y", n), vector("g", m)
W, h = matrix("W", m, n), vector("h", m)
half, quarter = sp.Rational(1, 2), sp.Rational(1, 4)

Z = Definition("Z", (), Sum(exp(z[k]), k))[()]
p = Definition("p", (i,), exp(z[i]) / Z)
L = Definition("L", (), -Sum(y[i] * log(p[i]), i))[()]
xhat = Definition("xhat", (s,), (g[s] - mu) / sqrt(sigma2 + eps))

T = index("t", 1, sp.oo)
past = index("k", 1, T)
v, noise = sequence("v"), sequence("g", random=True)
previous = scalar("previous")
momentum = Recurrence("m", T, previous, 0, beta * previous + (1 - beta) * v[T])
slope = D(sigmoid(x), x)

EXAMPLES = [
    # derivatives
    (D(p[i], z[j]), "∂pᵢ/∂zⱼ", r"\frac{\partial p_{i}}{\partial z_{j}}"),
    (slope, "∂/∂x σ(x)", r"\frac{\partial}{\partial x} \sigma\left(x\right)"),
    (D(x + w, x), "∂/∂x (w + x)", r"\frac{\partial}{\partial x} \left(w + x\right)"),
    (x * slope, "x ∂/∂x σ(x)", r"x \frac{\partial}{\partial x} \sigma\left(x\right)"),
    (
        D(L, p[i]) * D(p[i], z[j]),
        "(∂L/∂pᵢ) (∂pᵢ/∂zⱼ)",
        r"\frac{\partial L}{\partial p_{i}} \frac{\partial p_{i}}{\partial z_{j}}",
    ),
    (D(L, w) / 2, "(1/2) ∂L/∂w", r"\frac{1}{2} \frac{\partial L}{\partial w}"),
    (D(D(L, z[i]), z[j]), "∂²L/(∂zⱼ ∂zᵢ)", r"\frac{\partial^{2} L}{\partial z_{j} \, \partial z_{i}}"),
    (D(D(L, w), w), "∂²L/∂w²", r"\frac{\partial^{2} L}{\partial w^{2}}"),
    (
        Sum(h[s] * D(g[s], W[s, j]), s),
        "Σₛ hₛ ∂gₛ/∂Wₛⱼ",
        r"\sum_{s=1}^{m} h_{s} \frac{\partial g_{s}}{\partial W_{sj}}",
    ),
    # products and quotients
    (p[i] * (delta(i, j) - p[j]), "pᵢ (δᵢⱼ − pⱼ)", r"p_{i} \left(\delta_{ij} - p_{j}\right)"),
    (
        sigmoid(x) * (1 - sigmoid(x)),
        "σ(x) (1 − σ(x))",
        r"\sigma\left(x\right) \left(1 - \sigma\left(x\right)\right)",
    ),
    (x * (a - y0), "x (a − y)", r"x \left(a - y\right)"),
    (x * (1 - alpha), "(1 − α) x", r"\left(1 - \alpha\right) x"),
    (alpha * (1 - alpha) * v[T], "α (1 − α) vₜ", r"\alpha \left(1 - \alpha\right) v_{t}"),
    (1 - 2 * p[i] - 3 * z[i] * y[i], "1 − 3 yᵢ zᵢ − 2 pᵢ", "1 - 3 y_{i} z_{i} - 2 p_{i}"),
    (y[i] + p[i] + xhat[s] * Sum(z[k], k), "pᵢ + yᵢ + x̂ₛ Σₖ zₖ", r"p_{i} + y_{i} + \hat{x}_{s} \sum_{k=1}^{n} z_{k}"),
    (p[i] - y[i], "pᵢ − yᵢ", "p_{i} - y_{i}"),
    (p[i] * delta(i, j) - p[i] * p[j], "pᵢ δᵢⱼ − pᵢ pⱼ", r"p_{i} \delta_{ij} - p_{i} p_{j}"),
    (W[s, j] * z[j], "Wₛⱼ zⱼ", "W_{sj} z_{j}"),
    (exp(z[i]) / Z, "exp(zᵢ)/Z", r"\frac{e^{z_{i}}}{Z}"),
    (1 / (1 + exp(-x)), "1/(1 + exp(−x))", r"\frac{1}{1 + e^{-x}}"),
    (x / (alpha * mu), "x/(α μ)", r"\frac{x}{\alpha \mu}"),
    (-x / 2, "−x/2", r"-\frac{x}{2}"),
    (-quarter, "−1/4", r"-\frac{1}{4}"),
    (mean(z[k], k), "(1/n) Σₖ zₖ", r"\frac{1}{n} \sum_{k=1}^{n} z_{k}"),
    (
        variance(z[k], k),
        "(1/n) Σₖ (zₖ − (1/n) Σₗ zₗ)²",
        r"\frac{1}{n} \sum_{k=1}^{n} \left(z_{k} - \frac{1}{n} \sum_{l=1}^{n} z_{l}\right)^{2}",
    ),
    (
        gamma / sqrt(sigma2 + eps) * (g[s] - mu),
        "(γ/√(σ² + ε)) (gₛ − μ)",
        r"\frac{\gamma}{\sqrt{\sigma^{2} + \epsilon}} \left(g_{s} - \mu\right)",
    ),
    (
        Sum(y[k] * z[k], k) / Sum(y[k], k),
        "(Σₖ yₖ zₖ)/(Σₖ yₖ)",
        r"\frac{\sum_{k=1}^{n} y_{k} z_{k}}{\sum_{k=1}^{n} y_{k}}",
    ),
    (
        Sum(y[k], k) * Sum(z[k], k),
        "(Σₖ yₖ) Σₖ zₖ",
        r"\left(\sum_{k=1}^{n} y_{k}\right) \sum_{k=1}^{n} z_{k}",
    ),
    # sums, products, limits, expectations
    (Sum(exp(z[k]), k), "Σₖ exp(zₖ)", r"\sum_{k=1}^{n} e^{z_{k}}"),
    (Sum(W[s, j], s, j), "Σₛ Σⱼ Wₛⱼ", r"\sum_{s=1}^{m} \sum_{j=1}^{n} W_{sj}"),
    (Sum(z[k] - y[k], k), "Σₖ (zₖ − yₖ)", r"\sum_{k=1}^{n} \left(z_{k} - y_{k}\right)"),
    (Sum(-z[k], k), "−Σₖ zₖ", r"-\sum_{k=1}^{n} z_{k}"),
    (x - Sum(-2 * z[k], k), "x + Σₖ 2 zₖ", r"x + \sum_{k=1}^{n} 2 z_{k}"),
    (x * Sum(-z[k], k) / n, "−(x/n) Σₖ zₖ", None),
    (Sum(-z[k], k) * Sum(-y[k], k), "(Σₖ yₖ) Σₖ zₖ", None),
    (Sum(-z[k], k) ** 2, "(−Σₖ zₖ)²", r"\left(-\sum_{k=1}^{n} z_{k}\right)^{2}"),
    (Sum(Sum(-W[s, j], j), s), "−Σₛ Σⱼ Wₛⱼ", None),
    (D(Sum(-z[k], k), z[j]), "∂/∂zⱼ (−Σₖ zₖ)", None),
    (past * alpha * (1 - alpha) ** past, "k α (1 − α)ᵏ", r"k \alpha \left(1 - \alpha\right)^{k}"),
    (
        alpha * Sum((1 - alpha) ** (T - past) * v[past], past),
        "α Σₖ₌₁ᵗ (1 − α)ᵗ⁻ᵏ vₖ",
        r"\alpha \sum_{k=1}^{t} \left(1 - \alpha\right)^{t - k} v_{k}",
    ),
    (Sum(x ** index("k", 0, n - 1), index("k", 0, n - 1)), "Σₖ₌₀ⁿ⁻¹ xᵏ", r"\sum_{k=0}^{n - 1} x^{k}"),
    (Product(z[k], k) * x, "x ∏ₖ zₖ", r"x \prod_{k=1}^{n} z_{k}"),
    (
        Limit((1 - 2 / (n + 1)) ** n, n),
        "lim n→∞ (1 − 2/(n + 1))ⁿ",
        r"\lim_{n\to\infty} \left(1 - \frac{2}{n + 1}\right)^{n}",
    ),
    (
        (1 - (1 - beta) ** T) * Expectation(noise[T]),
        "(1 − (1 − β)ᵗ) 𝔼[gₜ]",
        r"\left(1 - \left(1 - \beta\right)^{t}\right) \mathbb{E}\left[g_{t}\right]",
    ),
    (momentum[T], "mₜ", "m_{t}"),
    (
        D(L, w) * Sum(z[k] - y[k], k) / n,
        "(1/n) (∂L/∂w) Σₖ (zₖ − yₖ)",
        r"\frac{1}{n} \frac{\partial L}{\partial w} \sum_{k=1}^{n} \left(z_{k} - y_{k}\right)",
    ),
    (Sum(x, index("k", 1, size("N") - 1)), "Σ[k=1..N−1] x", r"\sum_{k=1}^{N - 1} x"),
    # functions, roots and powers
    (sqrt(sigma2 + eps), "√(σ² + ε)", r"\sqrt{\sigma^{2} + \epsilon}"),
    (sigma2**2, "(σ²)²", r"\left(\sigma^{2}\right)^{2}"),
    (x ** sp.Rational(3, 2), "x^(3/2)", r"x^{\frac{3}{2}}"),
    (x**alpha, "x^(α)", r"x^{\alpha}"),
    (1 - tanh(x) ** 2, "1 − tanh(x)²", r"1 - \tanh\left(x\right)^{2}"),
    (2 * sigmoid(2 * x) - 1, "2 σ(2 x) − 1", r"2 \sigma\left(2 x\right) - 1"),
    (softplus(x), "softplus(x)", r"\operatorname{softplus}\left(x\right)"),
    (relu(x), "relu(x)", r"\operatorname{relu}\left(x\right)"),
    (leaky_relu(x, alpha), "leaky_relu(x, α)", r"\operatorname{leaky\ relu}\left(x, \alpha\right)"),
    (sp.Abs(x), "|x|", r"\left|x\right|"),
    (logsumexp(z), "log(Σₖ exp(zₖ))", r"\log\left(\sum_{k=1}^{n} e^{z_{k}}\right)"),
    (sp.Pow(exp(x), alpha, evaluate=False), "exp(x)^(α)", r"\left(e^{x}\right)^{\alpha}"),
    (3 * 2**T, "3 · 2ᵗ", r"3 \cdot 2^{t}"),
    (x**2 - 2 * x + 1, "x² − 2 x + 1", "x^{2} - 2 x + 1"),
    (sp.oo, "∞", r"\infty"),
    # names
    (xhat[s], "x̂ₛ", r"\hat{x}_{s}"),
    (scalar("vbar"), "v̄", r"\bar{v}"),
    (scalar("beta1"), "β₁", r"\beta_{1}"),
    (scalar("x_max"), "x_max", r"x_{\mathrm{max}}"),
    (scalar("alpha_n"), "αₙ", r"\alpha_{n}"),
    (scalar("alpha_w"), "α_w", r"\alpha_{w}"),
    (scalar("loss") * x, "loss x", r"\mathrm{loss} \, x"),
    (scalar("sigma") * (x + 1), "σ · (x + 1)", r"\sigma \cdot \left(x + 1\right)"),
    (vector("s'", n)[i] ** 2, "(s'ᵢ)²", r"\left(s'_{i}\right)^{2}"),
    (matrix("W1", m, n)[s, j], "W₁[s,j]", "{W_{1}}_{sj}"),
    (vector("c", n + 1)[j + 1], "cⱼ₊₁", "c_{j + 1}"),
    (matrix("A", n + 1, n)[j + 1, i], "A[j+1,i]", "A_{j + 1,i}"),
    (matrix("A", 12, 12)[1, 12], "A[1,12]", "A_{1,12}"),
    (vector("z", n)[index("b", n)], "z[b]", "z_{b}"),
]


@pytest.mark.parametrize("expression, line, tex", EXAMPLES, ids=[line for _, line, _ in EXAMPLES])
def test_prints_as_a_human_writes(expression, line, tex):
    assert text(expression) == line
    assert tex is None or latex(expression) == tex
    assert mistakes(latex(expression)) == []


def test_ranges_when_asked():
    assert text(Sum(z[k], k), ranges=True) == "Σₖ₌₁ⁿ zₖ"
    b = index("b", n)
    assert text(Sum(z[b], b), ranges=True) == "Σ[b=1..n] z[b]"


def test_a_letter_with_two_ranges_shows_both():
    longer = index("k", 1, n + 1)
    c = vector("c", n + 1)
    assert text(Sum(c[longer], longer) - Sum(z[k], k)) == "Σₖ₌₁ⁿ⁺¹ cₖ − Σₖ₌₁ⁿ zₖ"
    assert text(Eq(Sum(c[longer], longer), Sum(z[k], k) + c[n + 1])) == "Σₖ₌₁ⁿ⁺¹ cₖ = cₙ₊₁ + Σₖ₌₁ⁿ zₖ"
    assert text(Sum(c[longer], longer) - Sum(z[j], j)) == "Σₖ₌₁ⁿ⁺¹ cₖ − Σⱼ zⱼ"


def test_names_of_greek_letters_in_a_sentence():
    assert (
        greek("alpha = 2/(n+1), but betas of Adam and 1 - (1 - beta)^t")
        == "α = 2/(n+1), but betas of Adam and 1 - (1 - β)^t"
    )


STATEMENTS = [
    (
        Eq(D(p[i], z[j]), p[i] * (delta(i, j) - p[j])),
        "∂pᵢ/∂zⱼ = pᵢ (δᵢⱼ − pⱼ)",
        r"\frac{\partial p_{i}}{\partial z_{j}} = p_{i} \left(\delta_{ij} - p_{j}\right)",
    ),
    (both(Lt(0, x), Le(x, quarter)), "0 < x ≤ 1/4", r"0 < x \le \frac{1}{4}"),
    (
        both(Lt(0, x), Le(x, 1), Iff(Eq(x, 1), Eq(w, 0))),
        "0 < x ≤ 1 and (x = 1 ⇔ w = 0)",
        r"0 < x \le 1\text{ and }\left(x = 1 \iff w = 0\right)",
    ),
    (both(Lt(0, x), Lt(0, w)), "0 < x and 0 < w", r"0 < x\text{ and }0 < w"),
    (both(Ne(x, w), Ne(w, a)), "x ≠ w and w ≠ a", r"x \ne w\text{ and }w \ne a"),
    (Iff(Eq(slope, quarter), Eq(x, 0)), "∂/∂x σ(x) = 1/4 ⇔ x = 0", None),
    (Hypothesis("the target is a distribution", Eq(Sum(y[i], i), 1)), "if Σᵢ yᵢ = 1", None),
    (Hypothesis("no entry is zero", Ne(z[i], 0)), "if zᵢ ≠ 0 for all i", r"\text{if }z_{i} \ne 0\text{ for all }i"),
]


@pytest.mark.parametrize("statement, line, tex", STATEMENTS, ids=[line for _, line, _ in STATEMENTS])
def test_statements(statement, line, tex):
    assert text(statement) == line
    assert tex is None or latex(statement) == tex
    assert mistakes(latex(statement)) == []


def test_domains_of_everything_that_occurs():
    assert domains(Eq(D(p[i], z[j]), 0)) == ["n ≥ 1", "z ∈ ℝⁿ"]
    assert domains(Eq(momentum[T], alpha)) == ["t ≥ 1", "α ∈ (0, 1)", "β ∈ ℝ", "v₁, v₂, … ∈ ℝ"]
    assert domains(Eq(noise[T], z[i])) == ["n ≥ 1", "t ≥ 1", "g₁, g₂, … ∈ ℝ, random", "z ∈ ℝⁿ"]
    assert domains(Eq(Limit(alpha**n, n), 0)) == ["α ∈ (0, 1)"]  # n is bound
    assert domains(Eq(Limit(alpha**n, n), Sum(z[k], k))) == ["n ≥ 1", "α ∈ (0, 1)", "z ∈ ℝⁿ"]
    assert domains(Eq(Sum(v[past], past), Sum(W[s, j], s, j))) == [
        "m ≥ 1",
        "n ≥ 1",
        "t ≥ 1",
        "W ∈ ℝᵐˣⁿ",
        "v₁, v₂, … ∈ ℝ",
    ]


@pytest.mark.parametrize(
    "thing, line",
    [
        (size("m", 2), "m ≥ 2"),
        (scalar("eps", POSITIVE), "ε > 0"),
        (scalar("r", NONNEGATIVE), "r ≥ 0"),
        (scalar("r", Domain(high=2)), "r < 2"),
        (scalar("r", interval(-1, half, closed="right")), "r ∈ (−1, 1/2]"),
        (scalar("q", INTEGER), "q ∈ ℤ"),
        (scalar("q", Domain(low=0, low_closed=True, integer=True)), "q ∈ (ℤ ∩ [0, ∞))"),
        (tensor("c", 3)[1], "c ∈ ℝ³"),
        (tensor("c", 2, 3, domain=POSITIVE)[1, 1], "c ∈ (0, ∞)^(2×3)"),
        (tensor("c", 2, n + 1)[1, n], "c ∈ ℝ^(2×(n + 1))"),
        (tensor("c", (0, 4), padded=True)[1], "c ∈ ℝ⁵, zero outside"),
    ],
)
def test_a_domain(thing, line):
    assert line in domains(thing)


# ---- LaTeX that KaTeX takes ------------------------------------------------------------------------------------------

COMMANDS = set(
    r"""\alpha \beta \gamma \delta \epsilon \mu \sigma \frac \sqrt \partial \sum \prod \lim \to \infty \left \right
    \le \ne \iff \cdot \hat \bar \mathrm \mathbb \operatorname \text \log \tanh \pi""".split()
)


def mistakes(tex: str) -> list[str]:
    """What KaTeX would refuse: unknown commands, unbalanced braces or delimiters, two exponents in a row."""
    found = [c for c in re.findall(r"\\[a-zA-Z]+", tex) if c not in COMMANDS]
    depth = [0]
    for character in re.sub(r"\\[{}]", "", tex):
        depth.append(depth[-1] + {"{": 1, "}": -1}.get(character, 0))
    if depth[-1] or min(depth) < 0:
        found.append("unbalanced braces")
    if tex.count(r"\left") != tex.count(r"\right"):
        found.append("unbalanced delimiters")
    flat = re.sub(r"\\text\{[^{}]*\}", "", tex)
    while re.search(r"[^^_]\{[^{}]*\}", flat):
        flat = re.sub(r"([^^_])\{[^{}]*\}", r"\1", flat)
    while (shorter := re.sub(r"([\^_])\{[^{}]*\}", r"\1;", flat)) != flat:
        flat = shorter
    if re.search(r"\^;(_;)?\^|_;(\^;)?_|'(_;)?\^", flat):
        found.append("two exponents or two subscripts")
    if not tex.isascii():
        found.append("a character outside ASCII")
    return found


@pytest.mark.parametrize("tex", [r"\foo", "x_{1", r"\left(x", "x^{2}^{3}", "x_{i}_{j}", "x_{i}^{2}_{j}", "σ", "s'^{2}"])
def test_the_latex_check_bites(tex):
    assert mistakes(tex)


# ---- no line that can be read in two ways ----------------------------------------------------------------------------

small_n = 2
VALUES = {"x": Fraction(3, 7), "a": Fraction(-5, 3), "α": Fraction(2, 11), "σ": Fraction(13, 5), "n": Fraction(small_n)}
ENTRIES = {1: Fraction(17, 19), 2: Fraction(-23, 29)}
SYMBOLS = {"x": x, "a": a, "α": alpha, "σ": scalar("sigma"), "n": n}


def stand_in(value: Fraction) -> Fraction:
    """A function of rational values in the place of the sigmoid."""
    return value * value + Fraction(1, 31)


def value_of(e: sp.Expr, at: dict) -> Fraction:
    """The value of an expression tree, by recursion on it."""
    if e.is_Rational:
        return Fraction(int(e.p), int(e.q))
    if isinstance(e, Sum):
        (bound,) = e.bound
        return sum((value_of(e.body, {**at, bound: q}) for q in range(1, small_n + 1)), Fraction(0))
    if e in at:
        return at[e]
    if e.func is type(z[k]):
        return ENTRIES[at[e.subscripts[0]]]
    inner = [value_of(argument, at) for argument in e.args]
    if e.is_Add:
        return sum(inner, Fraction(0))
    if e.is_Mul:
        product = Fraction(1)
        for factor in inner:
            product *= factor
        return product
    return inner[0] ** int(inner[1]) if e.is_Pow else stand_in(inner[0])


TOKENS = re.compile(r"\s*(Σ[ₖₗ]|z[ₖₗ]|σ(?=\s*\()|[xaασn]|\d+|[⁰¹²³⁴⁵⁶⁷⁸⁹]+|[()+−·/])")
DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


class Reader:
    """Reads a printed line. ``tight``: juxtaposition before division, a/b c = a/(b c); else from left to right."""

    def __init__(self, line: str, tight: bool):
        self.tokens, position = [], 0
        while position < len(line.rstrip()):
            match = TOKENS.match(line, position)
            assert match, f"cannot read {line[position:]!r} in {line!r}"
            call = match[1] == "σ" and line[match.end() :].lstrip().startswith("(")
            self.tokens.append("call" if call else match[1])
            position = match.end()
        self.tight = tight

    def value(self) -> Fraction:
        meaning = self.sum()
        assert not self.tokens
        return meaning({})

    def take(self, *wanted: str) -> str | None:
        return self.tokens.pop(0) if self.tokens and self.tokens[0] in wanted else None

    def sum(self):
        sign = -1 if self.take("−") else 1
        terms = [(sign, self.term())]
        while operator := self.take("+", "−"):
            terms.append((1 if operator == "+" else -1, self.term()))
        return lambda at: sum((sign * term(at) for sign, term in terms), Fraction(0))

    def term(self):
        operand = self.juxtaposed if self.tight else self.factor
        parts = [("·", operand())]
        while self.tokens and self.tokens[0] not in ("+", "−", ")"):
            operator = "/" if self.take("/") else (self.take("·") or "·")
            parts.append((operator, operand()))

        def meaning(at):
            value = Fraction(1)
            for operator, part in parts:
                value = value / part(at) if operator == "/" else value * part(at)
            return value

        return meaning

    def juxtaposed(self):
        factors = [self.factor()]
        while self.tokens and self.tokens[0] not in ("+", "−", ")", "/"):
            self.take("·")
            factors.append(self.factor())

        def meaning(at):
            value = Fraction(1)
            for factor in factors:
                value *= factor(at)
            return value

        return meaning

    def factor(self):
        token = self.tokens.pop(0)
        if token[0] == "Σ":
            body = self.term()
            return lambda at: sum((body({**at, token[1]: q}) for q in range(1, small_n + 1)), Fraction(0))
        base = self.base(token)
        if self.tokens and self.tokens[0][0] in "⁰¹²³⁴⁵⁶⁷⁸⁹":
            exponent = int(self.tokens.pop(0).translate(DIGITS))
            return lambda at: base(at) ** exponent
        return base

    def base(self, token: str):
        if token in ("(", "call"):
            assert token == "(" or self.take("(")
            inner = self.sum()
            assert self.take(")")
            return inner if token == "(" else lambda at: stand_in(inner(at))
        if token.isdigit():
            return lambda at: Fraction(int(token))
        return (lambda at: ENTRIES[at[token[1]]]) if token[0] == "z" else (lambda at: VALUES[token])


def as_line(tex: str) -> str:
    """LaTeX of the fragment below, written in the characters that Reader reads; bars become brackets."""
    for old, new in ((r"\left(", "("), (r"\right)", ")"), (r"\cdot", "·"), ("-", "−"), (r"\alpha", "α")):
        tex = tex.replace(old, new)
    tex = tex.replace(r"\sum_{k=1}^{n}", "Σₖ").replace(r"\sum_{l=1}^{n}", "Σₗ").replace(r"\sigma", "σ")
    tex = tex.replace("_{k}", "ₖ").replace("_{l}", "ₗ")
    tex = re.sub(r"\^\{(\d+)\}", lambda found: found[1].translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")), tex)
    while (shorter := re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", tex)) != tex:
        tex = shorter
    return tex


def readings(line: str) -> set[Fraction]:
    return {Reader(line, tight).value() for tight in (True, False)}


bound_k, bound_l = indices("k l", n)
EXPONENTS = [sp.Integer(q) for q in (-2, -1, -1, 2, 3)]


@st.composite
def expressions_of_depth(draw, depth: int) -> sp.Expr:
    """Sums, products, quotients, powers and sums over an index, evaluated by SymPy or left as they are built."""
    if depth == 0 or draw(st.integers(0, 5)) == 0:
        return draw(st.sampled_from([*SYMBOLS.values(), *map(sp.Integer, (-2, 1, 2, 3)), half, -3 * half, 2 * quarter]))
    kind, evaluate = draw(st.sampled_from("sums products products powers index function".split())), draw(st.booleans())
    inner = [draw(expressions_of_depth(depth - 1)) for _ in range(draw(st.integers(2, 3)))]
    if kind == "sums":
        return sp.Add(*inner, evaluate=evaluate)
    if kind == "products":
        return sp.Mul(*inner, evaluate=evaluate)
    if kind == "powers":
        assume(inner[0] != 0)
        return sp.Pow(inner[0], draw(st.sampled_from(EXPONENTS)), evaluate=evaluate)
    if kind == "function":
        return sigmoid(inner[0])
    return Sum(inner[0] + z[bound_l] if evaluate else inner[0] * z[bound_k], bound_l if evaluate else bound_k)


@given(expressions_of_depth(3))
@settings(max_examples=500)
def test_every_reading_of_a_line_has_the_value_of_the_expression(e):
    assume(not {sp.zoo, sp.nan, sp.oo, -sp.oo} & set(subexpressions(e)))
    try:
        value = value_of(e, {SYMBOLS[name]: VALUES[name] for name in VALUES})
    except ZeroDivisionError:
        assume(False)
    assert readings(text(e)) == {value}, text(e)
    assert readings(as_line(latex(e))) == {value}, latex(e)
    assert not re.search(r"\d \d", text(e) + latex(e))
    assert mistakes(latex(e)) == []


def test_the_reader_bites():
    assert len(readings("x/a n")) == 2
    assert len(readings("(x/a) n")) == 1
    assert readings("Σₖ zₖ x") != readings("(Σₖ zₖ) (x + 1)")
    assert readings("σ (x + 1)") == {stand_in(VALUES["x"] + 1)} != readings("σ · (x + 1)")
