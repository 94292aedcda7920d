"""Shape errors name both shapes at their place; calls, subscripts and names that do not fit say what would."""

import pytest

from derivations.calculus.symbols import Index, Scalar, Size
from derivations.language import claims
from derivations.language.errors import BeyondLimits

WHERE = (
    "x: real[n]; y: real[m]; A: real[m, n]; B: real[n, p]; S: real[n, n]; T: real[m, n, p]; t: integer; t"
    " >= 0; i0: integer"
)
SHAPES = {
    "A + y == A": "column 5: '+': the shapes (m, n) and (m) do not match",
    "A - B == A": "column 5: '-': the shapes (m, n) and (n, p) do not match",
    "A * B == A": "column 5: '*': the shapes (m, n) and (n, p) do not match",
    "A / y == A": "column 5: '/': the shapes (m, n) and (m) do not match",
    "A ** B == A": "column 6: '**': the shapes (m, n) and (n, p) do not match",
    "A @ A == A": "column 5: '@' between (m, n) and (m, n): the inner sizes n and m differ",
    "A @ y == x": "column 5: '@' between (m, n) and (m): the inner sizes n and m differ",
    "x @ A == x": "column 5: '@' between (n) and (m, n): the inner sizes n and m differ",
    "T @ x == x": "column 5: '@' between (m, n, p) and (n): at most two axes each",
    "2 @ x == x": "column 5: '@' between scalar and (n): a scalar multiplies with '*'",
    "1 + (x + y) == x": "column 10: '+': the shapes (n) and (m) do not match",
    "sin(x) + cos(A @ x) == x": "column 10: '+': the shapes (n) and (m) do not match",
    "x == y": "column 6: the sides have different shapes: (n) and (m)",
    "A.T == A": "column 8: the sides have different shapes: (n, m) and (m, n)",
    "x <= x <= y": "column 11: the sides have different shapes: (n) and (m)",
    "jacobian(A @ x, x) == A.T": "column 23: the sides have different shapes: (m, n) and (n, m)",
    "grad(sum(A @ x), A) == A.T": "column 24: the sides have different shapes: (m, n) and (n, m)",
    "sum(A, axis=0) == y": "column 19: the sides have different shapes: (n) and (m)",
    "max(x, y) == x": "column 1: max: the shapes (n) and (m) do not match",
    "xlogy(x, y) == x": "column 1: xlogy: the shapes (n) and (m) do not match",
    "dot(x, y) == 1": "column 1: dot: '@' between (n) and (m): the inner sizes n and m differ",
    "outer(A, x) == 1": "column 1: outer needs two vectors, not (m, n) and (n)",
    "trace(A) == 1": "column 7: trace needs a square matrix, not (m, n)",
    "diag(A) == 1": "column 6: diag needs a vector or a square matrix, not (m, n)",
    "grad(A @ x, x) == 1": "column 6: grad needs a scalar; this has shape (m): use jacobian, or sum it",
    "hessian(A @ x, x) == 1": "column 9: hessian needs a scalar; this has shape (m)",
    "diff(sum(x), x) == 1": "column 14: diff by an array of shape (n): use grad(f, x) or jacobian(f, x), or "
    "differentiate "
    "by an entry such as x[i]",
    "softmax(A) == A": "column 1: softmax of an array of shape (m, n) needs axis=",
    "softmax(1) == 1": "column 9: softmax of a scalar; declare an array, as in 'z: real[n]'",
    "softmax(A, axis=2) == A": "column 17: axis 2 of an array of shape (m, n)",
    "softmax(A, axis=x) == A": "column 17: an axis must be a scalar; this has shape (n)",
    "mean(A, axis=(0, -2)) == 1": "column 18: axis -2 is named twice",
    "sum(A, axis=0.5) == 1": "column 13: an axis must be a whole number",
    "var(x, ddof=t) == 1": "column 13: ddof must be a whole number",
    "integrate(A, (x, 0, 1)) == 1": "column 15: the variable must be a scalar; this has shape (n)",
}
SUBSCRIPTS = {
    "x[0] == 1": "column 3: the subscript 0 is not provably between 1 and n: subscripts count from 1",
    "x[-1] == 1": "column 3: the subscript -1 is not provably between 1 and n: subscripts count from 1",
    "x[2] == 1": "column 3: the subscript 2 is not provably between 1 and n: declare n >= 2",
    "x[n + 1] == 1": "column 3: the subscript n + 1 is not provably between 1 and n",
    "x[i + 1] == 1": "column 3: the subscript i + 1 is not provably between 1 and n",
    "x[m] == 1": "column 3: the subscript m is not provably between 1 and n",
    "x[3/2] == 1": "column 3: a subscript must be an index, a size or a whole number",
    "x[u + 1] == u": "column 3: the subscript u + 1 is not provably between 1 and n",
    "x[x] == 1": "column 3: a subscript must be a scalar; this has shape (n)",
    "x[1, 2] == 1": "column 3: 2 subscripts for an array of shape (n)",
    "u[1] == 1": "column 3: a scalar has no subscripts: declare an array, as in 'u: real[n]'",
    "(u + 1)[1] == 1": "column 9: a scalar has no subscripts",
    "A[i, i] == 1": "column 6: the index i runs over 1..m elsewhere and over 1..n here",
    "x[i] == y[i]": "column 11: the index i runs over 1..n elsewhere and over 1..m here",
    "A[1:2, 1] == 1": "column 3: only the whole axis ':' can be a slice",
    "A[::2] == 1": "column 3: only the whole axis ':' can be a slice",
    "i + x[1] == delta(i, j)": "column 1: the range of i is not known here: use it as a subscript first",
    "sum(x[i] * y[i], i) == 1": "column 14: the index i runs over 1..n elsewhere and over 1..m here",
    "sum(x, i) == 1": "column 8: the range of i is not known: it is no subscript here. Write (i, 1, n)",
    "sum(sum(S[i, i], i), i) == 1": "column 22: the range of i is not known: it is no subscript here. Write (i, 1, n)",
    "sum(S[i, j], i, i) == 1": "column 17: the index i is bound twice",
    "sum(x[k], (k, 0, n)) == 1": "column 7: the subscript k is not provably between 1 and n",
    "sum(x[k], (k, 1, n + 1)) == 1": "column 7: the index k runs over 1..n + 1 elsewhere and over 1..n here",
    "sum(k, (k, 1, u)) == 1": "column 15: the end of a range is a whole number or an integer; declare it, as in "
    "'t: integer; t >= 0'",
    "sum(k, (k, 1, t**2)) == 1": "column 15: the end of a range is a whole number or an integer; declare it, as in "
    "'t: integer; t >= 0'",
    "sum(k, (k, 1)) == 1": "column 8: a range is written (k, low, high)",
    "sum(x[i], pi) == 1": "column 11: pi is a constant; choose another name for the index",
    "sum(x[i], y) == 1": "column 11: y is an array; choose another name for the index",
    "sum(x[i], i, axis=0) == 1": "column 1: either an index or axis=, not both",
    "eye(1/2) == 1": "column 5: a size is a whole number, or a name such as n",
    "ones(0) == 1": "column 6: an axis of size 0 has no entries; sizes are at least 1",
    "ones(n - 1) == 1": "column 6: the size n - 1 is not provably at least 1: declare a bound such as n >= 2",
}
CALLS = {
    "sin() == 1": "column 1: sin takes 1 argument, not 0",
    "sin(u, v) == 1": "column 1: sin takes 1 argument, not 2",
    "maximum(u) == 1": "column 1: maximum takes 2 or more arguments, not 1",
    "elu() == 1": "column 1: elu takes 1 or 2 arguments, not 0",
    "diff(u) == 1": "column 1: diff takes 2 to 6 arguments, not 1",
    "sin(u, axis=0) == 1": "column 13: sin takes no axis=",
    "sum(x, ddof=1) == 1": "column 13: sum takes no ddof=: only axis, keepdims",
    "max(u, v, axis=0) == 1": "column 1: either several arguments or axis=, not both",
    "foo(u) == 1": "column 1: there is no function 'foo'",
    "Sin(u) == 1": "column 1: there is no function 'Sin'; did you mean 'sin'?",
    "sigmod(u) == 1": "column 1: there is no function 'sigmod'; did you mean 'sigmoid'?",
    "eval(u) == 1": "column 1: there is no function 'eval'",
    "u(v + 1) == 1": "column 1: u is no function: a product is written u*(...), an abbreviation is defined with let",
    "sin == 1": "column 1: sin is a function: write sin(...)",
    "2 * sum == 1": "column 5: sum is a function: write sum(...)",
    "diff(u, 2) == 1": "column 9: differentiate by a name or by an entry such as x[i]",
    "diff(u, u, 0) == 1": "column 12: the order of a derivative must be from 1 to 8",
    "diff(u, u, 9) == 1": "column 12: the order of a derivative must be from 1 to 8",
    "diff(u, u, 5, u, 4) == 1": "column 1: more than 8 derivatives",
    "diff(u, u + 1) == 1": "column 9: differentiate by a name or by an entry such as x[i]",
    "diff(u**t, t) == 1": "column 12: t is a whole number: there is no derivative by it",
    "diff(u, i0) == 1": "column 9: i0 is a whole number: there is no derivative by it",
    "grad(sum(x), 2*x) == 1": "column 14: differentiate by a declared array",
    "delta(u + 0, u/2) == u": "column 7: the range of u is not known here: use it as a subscript first",
    "ones(q) == 1": "column 6: a size is a whole number, or a name such as n: q stands in no shape; declare "
    "'q: integer; q >= 1'",
    "1/0 == 1": "column 1: this has no real value: 0 should be ≠ 0",
    "u + log(1 - 1) == 1": "column 5: this has no real value: 0 should be > 0",
    "asin(2) == 1": "column 1: this has no real value: -1 should be ≥ 0",
}


@pytest.mark.parametrize(("text", "message"), (SHAPES | SUBSCRIPTS | CALLS).items())
def test_messages(text, message, refused):
    assert refused(text, WHERE) == message


def parts_of(text, where=WHERE, let=()):
    return claims.read(text, where, let).parts[0]


def test_names_of_functions_are_plain_names_where_nothing_calls_them():
    left = parts_of("gamma * x[1] + beta == gamma(2) * beta(1, 2)").relation.left
    assert {s.name for s in left.free_symbols if isinstance(s, Scalar)} == {"gamma", "beta"}


def test_an_undeclared_name_is_a_real_scalar():
    (u,) = parts_of("u == u").relation.left.free_symbols
    assert u == Scalar("u")


@pytest.mark.parametrize(("text", "name"), [("sum(n, (n, 1, n)) == 1", "n"), ("t * sum(t, (t, 1, 3)) == 1", "t")])
def test_an_index_may_be_called_like_a_size_and_is_another_thing(text, name):
    left = parts_of(text).relation.left
    (found,) = (s for s in left.free_symbols if s.name == name)
    assert isinstance(found, Size)
    assert not any(isinstance(s, Index) for s in left.free_symbols)


def test_indices_of_sums_hide_the_ones_outside():
    left = parts_of("sum(x[i], i) * x[i] == 1").relation.left
    assert [s.name for s in left.free_symbols if isinstance(s, Index)] == ["i"]


def test_a_range_is_found_inside_other_sums():
    parts_of("sum(sum((A[:, j] + y)[i], j), i) == 1")
    parts_of("sum((x * i)[i], i) == x[i]")


@pytest.mark.parametrize(
    ("text", "let"),
    [
        ("9**9**9 == 1", ()),
        ("x**9**9**9 == 1", ()),
        ("(1/3)**(10**9) == 1", ()),
        ("2**100000 == 1", ()),
        ("(a + b)**2000 == 1", ()),
        ("a30 == 1", ("a0 = sin(x)*cos(x)", *(f"a{k + 1} = sin(a{k})*cos(a{k})" for k in range(30)))),
        (
            "f4(x) == 1",
            (
                "f(x) = sin(x)*cos(x)",
                "f1(x) = f(f(f(x)))",
                "f2(x) = f1(f1(f1(x)))",
                "f3(x) = f2(f2(f2(x)))",
                "f4(x) = f3(f3(f3(x)))",
            ),
        ),
    ],
    ids=range(7),
)
def test_what_is_beyond_reach_is_said_to_be(text, let):
    with pytest.raises(BeyondLimits):
        claims.read(text, "", let)
