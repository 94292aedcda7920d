"""What is wrong with a text is said in words that mend it, at the place of the first mistake."""

import pytest

from derivations.language import claims
from derivations.language.errors import InvalidClaim

MESSAGES = {
    "": "column 1: an expression is missing",
    "  \t ": "column 1: an expression is missing",
    "x": "column 1: a claim is a comparison: == <= < >= >",
    "x ==": "column 3: an expression is missing after '=='",
    "== x": "column 1: an expression is missing before '=='",
    "x = 1": "column 3: equality is written '==', not '='",
    "x === 1": "column 3: '===' is not part of the language: write ==",
    "x =< 1": "column 3: '=<' is not part of the language: write <=",
    "x != 1": "column 3: '!=' is not part of the language: a claim is an equality or an inequality, == <= < >= >",
    "x <> 1": "column 3: '<>' is not part of the language: a claim is an equality or an inequality, == <= < >= >",
    "x == 1, y == 2": "column 7: ',' stands only inside brackets: state one claim at a time",
    "x == 1; y == 2": "column 7: ';' separates declarations; a claim is one statement",
    "x == 1 and y == 2": "column 8: 'and' is not part of the language: state one claim at a time, or a chain such as "
    "0 < x < 1",
    "not x == 1": "column 1: 'not' is not part of the language",
    "x is 1": "column 3: 'is' is not part of the language: write ==",
    "x in y == 1": "column 3: 'in' is not part of the language: write bounds such as 0 < x < 1",
    "lambda == 1": "column 1: 'lambda' is a word of Python and cannot be a name: write lam",
    "(lambda x: x)(1) == 1": "column 2: 'lambda' is a word of Python and cannot be a name: write lam",
    "x if y else z": "column 3: 'if' is a word of Python and cannot be a name",
    "import os": "column 1: 'import' is a word of Python and cannot be a name",
    "x == True": "column 6: True has no value here: it stands in keepdims=True and in x[:, None] only",
    "(x := 1) == 1": "column 4: ':=' is not part of the language: write ==",
    "diff(tanh(x), x == 1": "column 17: expected ')' before '=='",
    "(x + 1 == 1": "column 8: expected ')' before '=='",
    "2*(x + 1": "column 3: '(' is never closed",
    "x + 1) == 1": "column 6: ')' closes nothing",
    "x[1) == 1": "column 4: expected ']' before ')'",
    "[x, y] == 1": "column 1: a list is not part of the language: '[' stands after a name, as in x[i]",
    "x[] == 1": "column 3: an expression is missing before ']'",
    "() == 1": "column 2: an expression is missing before ')'",
    "f(, x) == 1": "column 3: an expression is missing before ','",
    "x + * y == 1": "column 5: an expression is missing between '+' and '*'",
    "x y == 1": "column 3: an operator is missing before 'y'",
    "2x == 1": "column 1: 2x is not a number: a product is written 2*x",
    "2(x + 1) == 1": "column 2: an operator is missing before '('",
    "(x)y == 1": "column 4: an operator is missing before 'y'",
    "x^2 == 1": "column 2: '^' is not a power here: write **",
    "x // 2 == 1": "column 3: '//' is not part of the language: write /",
    "5! == 120": "column 2: '!' is not part of the language: write gamma(n + 1)",
    "|x| == 1": "column 1: '|' is not part of the language: write abs(x), norm(x)",
    "f'(x) == 1": "column 2: quotes are not part of the language: a derivative is written diff(f, x)",
    "f'{x}' == 1": "column 2: quotes are not part of the language: a derivative is written diff(f, x)",
    "\\frac{x}{2} == 1": "column 1: '\\' is not part of the language: write formulas as in NumPy, not as in LaTeX",
    "{x} == 1": "column 1: braces are not part of the language: use ( )",
    "x == 1  # why": "column 9: comments are not part of the language",
    "x ≤ 1": "column 3: the character '≤' is not part of the language: write <=",
    "x² == 1": "column 2: the character '²' is not part of the language: write **2",
    "σ(x) == 1": "column 1: the character 'σ' is not part of the language: write sigma",
    "λ == 1": "column 1: the character 'λ' is not part of the language: write lam",
    "ж == 1": "column 1: the character 'ж' is not part of the language: write its name in Latin letters",
    "x\0 == 1": "column 2: the control character '\\x00' is not part of the language: only printable ASCII is",
    "x == \ud800": "column 6: the control character '\\ud800' is not part of the language: only printable ASCII is",
    "\ufeffx == 1": "column 1: the control character '\\ufeff' is not part of the language: only printable ASCII is",
    "x.__class__ == 1": "column 2: '.__class__' is not part of the language: only .T is",
    "__import__(x) == 1": "column 1: the name '__import__': underscores only between letters",
    "x_ == 1": "column 1: the name 'x_': underscores only between letters",
    "a" * 41 + " == 1": "column 1: a name of more than 40 characters",
    "1" * 401 + " == 1": "column 1: a number of more than 400 digits",
    "1e999999 == 1": "column 1: the exponent of 1e999999 is beyond 400",
    "1e == 1": "column 1: 1e is not a number: a product is written 1*e",
    "1.2.3 == 1": "column 1: 1.2.3 is not a number",
    "0x10 == 1": "column 1: 0x10 is not a number",
    "1_000 == 1": "column 1: 1_000 is not a number",
    "012 == 1": "column 1: 012 is not a number",
    "1j == 1": "column 1: 1j is not a number",
    "x[1:2] + y: real": "column 11: ':' stands only in declarations and for a whole axis, as in A[:, j]",
    "sin(*x) == 1": "column 5: '*' before an argument is not part of the language",
    "sin(**x) == 1": "column 5: '**' before an argument is not part of the language",
    "f(1=2) == 1": "column 4: '=' stands only after the name of an argument, as in axis=0",
    "x.T() == 1": "column 1: only a function of the language can be called",
    "(x, y) == 1": "column 1: what is in brackets with commas stands only as a range (k, 1, n), a subscript or an axis",
    "x\n + ?": "line 2, column 4: '?' is not part of the language",
    "x ==\r\n\r\n\t 1 +": "line 3, column 5: an expression is missing after '+'",
    "x == 1 +\n\n  foo(1)": "line 3, column 3: there is no function 'foo'",
}


@pytest.mark.parametrize("text", MESSAGES, ids=ascii)
def test_messages(text, refused):
    assert refused(text) == MESSAGES[text]


@pytest.mark.parametrize(
    "text",
    [
        "x**-1 == 1/x",
        "-+-x == -x",
        "x == .5",
        "x == 5.",
        "x\n==\r\n\t1",
        "(x)==(1)",
        "f_1 + x2 == 1e-3",
        "x<-1",
        "x>=-1",
        "x == -1E+2",
        "sin(x,) == 1",
        "((((x)))) == 1",
        "0 < x < 1 <= y",
        "gamma*x + beta == gamma*x + beta",
        "print == eval",
        "T == 1",
    ],
)
def test_texts_of_the_language(text):
    claims.read(text)


@pytest.mark.parametrize(
    "text", ["A[:, 1] == A[:, 1]", "A[1] == A[1, :]", "A[1][n] == A.T[n, 1]", "sum(A, axis=-1) == A @ ones(n)"]
)
def test_texts_with_arrays(text):
    claims.read(text, "A: real[m, n]")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10**6,
        "[" * 10**6,
        ")" * 10**6,
        "-" * 10**6 + "x == 1",
        "x+" * 50_000,
        "f(" * 10**5,
        "1" * 10**5 + " == 1",
        "(" * 10_000,
        "-" * 19_000 + "x == 1",
        "x+" * 9_000 + "x == 1",
        "x**" * 6_000 + "x == 1",
        "(" * 151 + "x" + ")" * 151 + " == 1",
        "x" + ".T" * 9_000 + " == 1",
        "x" + "[1]" * 6_000 + " == 1",
        "a" * 19_000 + " == 1",
        "not " * 4_000 + "x == 1",
        "x == " * 4_000,
        "sin(" * 4_000 + "x" + ")" * 4_000 + " == 1",
        "\n" * 19_000,
        " " * 10**6,
        "\0" * 10**6,
        "é" * 10**5,
    ],
    ids=lambda text: f"{text[:8]!a}x{len(text)}",
)
def test_long_and_deep_texts_are_refused_at_once(text):
    import time

    started = time.perf_counter()
    with pytest.raises(InvalidClaim) as caught:
        claims.read(text)
    assert time.perf_counter() - started < 0.5
    assert 1 <= caught.value.place.column <= len(text) + 1
    assert len(caught.value.place.excerpt) <= 64
    assert len(str(caught.value)) < 200


def test_a_pointer_stays_under_its_token_in_long_lines():
    text = "x + " * 100 + "foo(1) == 1"
    with pytest.raises(InvalidClaim) as caught:
        claims.read(text)
    place = caught.value.place
    assert place.column == 401
    assert place.excerpt[place.pointer :].startswith("foo(1)")
