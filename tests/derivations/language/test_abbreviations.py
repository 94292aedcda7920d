"""Abbreviations: arrays, entries, functions; in order, without recursion, and nothing is captured."""

import numpy as np
import pytest

from derivations.language import claims
from tests.support.claim_values import entries

X = np.asarray([1.0, -2.0, 0.5])


@pytest.mark.parametrize(
    ("text", "let", "expected"),
    [
        ("s", ("s = 2*a + 1",), 7),
        ("h", ("h[i] = x[i] - mean(x)",), X - X.mean()),
        ("h", ("h = x - mean(x)",), X - X.mean()),
        ("G", ("G[i, j] = x[i] * x[j]**2",), np.outer(X, X**2)),
        ("G.T", ("G[i, j] = x[i] * x[j]**2",), np.outer(X**2, X)),
        ("G", ("G[j, i] = x[i] * x[j]**2",), np.outer(X**2, X)),
        ("f(a)", ("f(t) = t**2 + 1",), 10),
        ("f(f(a))", ("f(t) = t**2 + 1",), 101),
        ("f(x)", ("f(t) = t**2 + a",), X**2 + 3),
        ("g(2)", ("f(u) = u + k", "g(k) = 10*f(k)"), 10 * (2 + 5)),
        ("f(k)", ("f(a) = a + 1",), 6),
        ("f(a, k)", ("f(k, a) = k - a",), 3 - 5),
        ("v", ("mu = mean(x)", "v = mean((x - mu)**2)"), X.var()),
        ("sum(f(x[i]), i)", ("f(t) = t**2",), (X**2).sum()),
        ("sum(h[j] * j, j)", ("h[i] = x[i]**2",), X**2 @ [1, 2, 3]),
        ("sum(s * x[i], i)", ("s = sum(x[i]**2, i)",), (X**2).sum() * X.sum()),
        ("s * s", ("s = sum(x[i], i)",), X.sum() ** 2),
        ("gamma(3) * beta", ("beta = a",), 6),
        ("diff(f(a), a)", ("f(t) = t**3",), 27),
        ("f(a)", ("f(t) = diff(t**3, t)",), 27),
        ("f(x)", ("f(t) = sum(t) * t",), X.sum() * X),
    ],
)
def test_abbreviations_mean_what_they_stand_for(text, let, expected):
    assert np.allclose(entries(text, "x: real[n]", let, x=X, a=3.0, k=5.0, n=3), expected)


@pytest.mark.parametrize(
    ("text", "let", "expected"),
    [
        ("sum((h * x[i])[j], j) * delta(i, i)", ("h[i] = x[i]**2",), (X**2).sum() * X[1]),
        ("sum(sum(h * x[i]), i)", ("h[i] = x[i]**2",), (X**2).sum() * X.sum()),
        ("sum(h * x[i], i)", ("h[i] = x[i]**2",), X**2 * X.sum()),
        ("sum(h[j] * s, j)", ("h[i] = x[i]**2", "s = sum(x[j], j)"), (X**2).sum() * X.sum()),
        ("f(h, x[i])", ("h[i] = x[i]**2", "f(a, i) = a * i"), X**2 * X[1]),
    ],
)
def test_the_index_of_an_abbreviation_is_not_the_one_of_the_claim(text, let, expected):
    assert np.allclose(entries(text, "x: real[n]", let, x=X, n=3, i=2), expected)


def test_what_an_abbreviation_needs_is_needed_where_it_is_used():
    assert not claims.read("x == x", "", ("s = log(x)",)).needs
    assert claims.read("s == s", "", ("s = log(x)",)).needs
    assert claims.read("f(x) == f(x)", "", ("f(t) = log(t)",)).needs


MESSAGES = {
    ("s = t + 1", "t = x"): "column 1 of let: t is used before it is defined: put its definition first",
    ("s = s + 1",): "column 1 of let: s is used in its own definition",
    ("f(x) = f(x)",): "column 8 of let: f calls itself, or abbreviations call each other too deeply",
    ("f(x) = f(f(x)) * f(x)",): "column 8 of let: f calls itself, or abbreviations call each other too deeply",
    ("g(x) = f(x)", "f(x) = g(x)"): "column 8 of let: f calls itself, or abbreviations call each other too deeply",
    ("s = x", "s = y"): "column 1 of let: s already has a meaning: choose another name",
    ("z = x",): "column 1 of let: z already has a meaning: choose another name",
    ("n = x",): "column 1 of let: n already has a meaning: choose another name",
    ("pi = x",): "column 1 of let: pi is a word of the language; choose another name",
    ("sin(x) = x",): "column 1 of let: sin is a word of the language; choose another name",
    ("lambda = x",): "column 1 of let: 'lambda' is a word of Python and cannot be a name: write lam",
    ("f(if) = x",): "column 3 of let: 'if' is a word of Python and cannot be a name",
    ("f(x, x) = x",): "column 3 of let: two parameters have the same name",
    ("s",): "column 1 of let: an abbreviation is written 'name = ...', 'name[i] = ...' or 'f(x) = ...'",
    ("  s == 1",): "column 3 of let: an abbreviation is written 'name = ...', 'name[i] = ...' or 'f(x) = ...'",
    ("f(x] = 1",): "column 1 of let: an abbreviation is written 'name = ...', 'name[i] = ...' or 'f(x) = ...'",
    ("f() = 1",): "column 1 of let: an abbreviation is written 'name = ...', 'name[i] = ...' or 'f(x) = ...'",
    ("s =",): "column 4 of let: an expression is missing",
    ("s = 1 == 1",): "column 5 of let: an abbreviation is an expression, not a comparison",
    ("s = t = 1",): "column 7 of let: equality is written '==', not '='",
    ("h[i] = mean(z)",): "column 3 of let: the range of i is not known: it is no subscript on the right",
    ("h = z[i]",): "column 7 of let: a subscript must be an index, a size or a whole number",
    ("s = log(0)",): "column 5 of let: this has no real value: 0 should be > 0",
    ("s = z + w",): "column 9 of let: '+': the shapes (n) and (m) do not match",
    ("\n\ns =\n 1 + ?",): "line 4, column 6 of let: '?' is not part of the language",
    ("s = x.__class__",): "column 6 of let: '.__class__' is not part of the language: only .T is",
}


@pytest.mark.parametrize("let", MESSAGES, ids=ascii)
def test_messages(let, refused):
    assert (
        refused("f(1) == s" if let[0].startswith(("f(x) = f", "g(")) else "x == 1", "z: real[n]; w: real[m]", let)
        == MESSAGES[let]
    )


def test_calls_of_abbreviations(refused):
    assert refused("f(1) == 1", "", ("f(x, y) = x",)) == "column 1: f takes 2 arguments, not 1"
    assert refused("f == 1", "", ("f(x, y) = x",)) == "column 1: f is a function: write f(x, y)"
    assert refused("f(x=1) == 1", "", ("f(x) = x",)) == "column 5: f takes no x="
    assert refused("s(1) == 1", "", ("s = x",)).startswith("column 1: s is no function")
    assert (
        refused("diff(x, s) == 1", "", ("s = x",)) == "column 9: s is an abbreviation; differentiate by a declared name"
    )
    complaint = refused("f(x) == 1", "x: real[n]; m: integer; m >= 1", ("f(u) = u @ ones(m)",))
    assert complaint == "column 12 of let: '@' between (n) and (m): the inner sizes n and m differ"
