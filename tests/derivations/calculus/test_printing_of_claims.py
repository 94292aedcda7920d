"""How the nodes of users' claims are printed: maxima, limits at a point, integrals, special functions."""

import pytest
import sympy as sp
from sympy import exp, oo, sin

from derivations.calculus.functions import cbrt
from derivations.calculus.operators import Bound, D, Integral, LimitAt, Maximum
from derivations.calculus.printing import latex, text
from derivations.calculus.special import (
    besseli,
    besselj,
    besselk,
    bessely,
    digamma,
    ellipk,
    erfinv,
    expint,
    gamma,
    loggamma,
    polygamma,
)
from derivations.calculus.symbols import index, indices, matrix, scalars, size, vector

n = size("n")
i, j, k = indices("i j k", n)
r = index("r", 2, n)
z, A = vector("z", n), matrix("A", n, n)
a, b, x = scalars("a b x")
big = scalars("Gamma")[0]
t = Bound("t")


@pytest.mark.parametrize(
    ("e", "line", "tex"),
    [
        (Maximum(z[k], k), "maxₖ zₖ", r"\max_{1\le k\le n} z_{k}"),
        (2 * Maximum(z[k] + a, k) + 1, "1 + 2 maxₖ (a + zₖ)", r"1 + 2 \max_{1\le k\le n} \left(a + z_{k}\right)"),
        (a * Maximum(z[r], r), "a maxᵣ₌₂ⁿ zᵣ", r"a \max_{2\le r\le n} z_{r}"),
        (Maximum(A[i, j], i, j), "maxᵢ maxⱼ Aᵢⱼ", r"\max_{1\le i\le n} \max_{1\le j\le n} A_{ij}"),
        (LimitAt(sin(t) / t, t, 0), "lim t→0 sin(t)/t", r"\lim_{t\to 0} \frac{\sin\left(t\right)}{t}"),
        (a * LimitAt(1 / t + 1, t, 0, 1), "a lim t→0⁺ (1 + 1/t)", r"a \lim_{t\to 0^{+}} \left(1 + \frac{1}{t}\right)"),
        (LimitAt(t, t, a + b, -1), "lim t→(a+b)⁻ t", r"\lim_{t\to \left(a + b\right)^{-}} t"),
        (LimitAt(a / t, t, -oo), "lim t→−∞ a/t", r"\lim_{t\to -\infty} \frac{a}{t}"),
        (Integral(t**2, t, 0, 1), "∫₀¹ t² dt", r"\int_{0}^{1} t^{2} \, dt"),
        (
            b * Integral(exp(-t) + 1, t, a, oo),
            "b ∫[a..∞] (1 + exp(−t)) dt",
            r"b \int_{a}^{\infty} \left(1 + e^{-t}\right) \, dt",
        ),
        (cbrt(a + b), "∛(a + b)", r"\sqrt[3]{a + b}"),
        (cbrt(a) ** 2, "(∛a)²", r"\left(\sqrt[3]{a}\right)^{2}"),
        (cbrt(a**2), "∛(a²)", r"\sqrt[3]{a^{2}}"),
        (gamma(a + b) ** 2, "Γ(a + b)²", r"\Gamma\left(a + b\right)^{2}"),
        (big * (a + b), "Γ · (a + b)", r"\Gamma \cdot \left(a + b\right)"),
        (loggamma(x) / 2, "logΓ(x)/2", r"\frac{\log\Gamma\left(x\right)}{2}"),
        (digamma(x), "ψ(x)", r"\psi\left(x\right)"),
        (polygamma(n + 1, x), "ψ⁽ⁿ⁺¹⁾(x)", r"\psi^{\left(n + 1\right)}\left(x\right)"),
        (D(besselj(0, x), x), "∂/∂x J₀(x)", r"\frac{\partial}{\partial x} J_{0}\left(x\right)"),
        (bessely(-2, x), "Y₋₂(x)", r"Y_{-2}\left(x\right)"),
        (besseli(n, x), "Iₙ(x)", r"I_{n}\left(x\right)"),
        (besselk(sp.Rational(1, 2), x), "K[1/2](x)", r"K_{\frac{1}{2}}\left(x\right)"),
        (ellipk(x), "ellipk(x)", r"\operatorname{K}\left(x\right)"),
        (expint(1, x), "E₁(x)", r"E_{1}\left(x\right)"),
        (erfinv(x), "erf⁻¹(x)", r"\operatorname{erf}^{-1}\left(x\right)"),
    ],
)
def test_printed(e, line, tex):
    assert text(e) == line
    assert latex(e) == tex
