"""Declarations: domains, sizes, relations, and what contradicts itself."""

import pytest
import sympy as sp

from derivations.calculus.domains import INTEGER, POSITIVE, REAL, Domain
from derivations.calculus.symbols import Scalar, Size, Tensor
from derivations.judges.ball.footprints import footprint
from derivations.language import claims

R = sp.Rational


def declared(name, where, states=None):
    """What a name stands for in a claim that speaks of it."""
    claim = claims.read(states or f"{name} == 1", where)
    objects = {s for p in claim.parts for side in (p.relation.left, p.relation.right) for s in footprint(side).objects}
    return next(s for s in objects if s.name == name)


@pytest.mark.parametrize(
    ("where", "domain"),
    [
        ("", REAL),
        ("x: real", REAL),
        ("x: positive", POSITIVE),
        ("x > 0", POSITIVE),
        ("-oo < x < oo", REAL),
        ("x <= oo", REAL),
        ("x: integer; 0 < x < 2", Domain(0, 2, integer=True)),
        ("x: integer; x < 0.5", Domain(high=R(1, 2), integer=True)),
        ("0 < x", POSITIVE),
        ("x > 0; x: real", POSITIVE),
        ("x: nonnegative; x > 0", POSITIVE),
        ("x >= 0", Domain(0, low_closed=True)),
        ("0 < x < 1", Domain(0, 1)),
        ("1 > x > 0", Domain(0, 1)),
        ("0 <= x <= 1/2", Domain(0, R(1, 2), True, True)),
        ("x > -1.5", Domain(R(-3, 2))),
        ("x < 1e-3", Domain(high=R(1, 1000))),
        ("x > 0; x > 2; x > 1", Domain(2)),
        ("x >= 2; x > 2", Domain(2)),
        ("x > 2; x >= 2", Domain(2)),
        ("1 <= x; 1 >= x", Domain(1, 1, True, True)),
        ("x: integer", INTEGER),
        ("x: integer; x < 5", Domain(high=5, integer=True)),
        ("x: integer; x >= -2", Domain(-2, low_closed=True, integer=True)),
        (" x , y : real ;; x>0 \n\n y > 1", POSITIVE),
        ("x > 0.1000000000000000000000000000001", Domain(R(1000000000000000000000000000001, 10**31))),
        ("x > 1e400", Domain(sp.Integer(10) ** 400)),
    ],
)
def test_domains_of_scalars(where, domain):
    assert declared("x", where).domain == domain


@pytest.mark.parametrize(
    ("where", "minimum"),
    [
        ("x: real[n]", 1),
        ("x: real[n]; n >= 2", 2),
        ("n >= 2; x: real[n]", 2),
        ("x: real[n]; n > 2", 3),
        ("x: real[n]; n > 2.5", 3),
        ("x: real[n]; n >= 2; n >= 4; n >= 3", 4),
        ("x: real[n]; n: integer", 1),
        ("n: integer; n >= 0; x: real[n]", 1),
        ("n: integer; n >= 0", 0),
        ("n: integer; n > 0", 1),
        ("n: integer; n > 1/2", 1),
        ("n: integer; n >= 5", 5),
    ],
)
def test_sizes(where, minimum):
    n = declared("n", where)
    assert isinstance(n, Size)
    assert n.minimum == minimum


def test_a_size_that_is_fixed_is_a_number():
    assert claims.read("sum(x) == x[3]", "x: real[n]; n == 3").parts[0].relation.right.subscripts == (3,)
    assert declared("x", "x: real[n, 2*n]; n == 3", "sum(x) == 1").axes == ((1, 3), (1, 6))


def test_shapes_and_domains_of_arrays():
    a = declared("A", "A: positive[m, n + 1, 2]", "sum(A) == 1")
    assert isinstance(a, Tensor)
    assert a.domain == POSITIVE
    assert [str(high) for _, high in a.axes] == ["m", "n + 1", "2"]
    assert declared("y", "y: real[n]; y > 0", "sum(y) == 1").domain == POSITIVE
    assert declared("y", "y: real[n]; 0 <= y <= 1", "sum(y) == 1").domain == Domain(0, 1, True, True)


@pytest.mark.parametrize(
    ("where", "stated", "hypotheses"),
    [
        ("sum(y) == 1; y >= 0", ["sum(y) == 1", "y >= 0"], ["sum(y) == 1"]),
        ("A == A.T", ["A == A.T"], ["A == A.T"]),
        ("a < b", ["a < b"], ["a < b"]),
        ("0 < a < b < 1", ["0 < a < b < 1"], ["0 < a", "a < b", "b < 1"]),
        ("a == 1", ["a == 1"], ["a == 1"]),
        ("a**2 < 2", ["a**2 < 2"], ["a**2 < 2"]),
        ("a > pi", ["a > pi"], ["a > pi"]),
        ("A @ A.T == eye(n)", ["A @ A.T == eye(n)"], ["A @ A.T == eye(n)"]),
        ("y[i] < y[j]", ["y[i] < y[j]"], ["y[i] < y[j]"]),
        ("a > 0", ["a > 0"], []),
        ("s > 0", ["s > 0"], ["s > 0"]),
    ],
)
def test_relations_are_hypotheses_as_written(where, stated, hypotheses):
    claim = claims.read("sum(A) + sum(y) + a + b == s", f"A: real[n, n]; y: real[n]; {where}", ("s = a + b",))
    assert list(claim.stated) == stated
    assert [h.text for h in claim.hypotheses] == hypotheses


def test_unused_declarations_are_no_mistake():
    claims.read("x == x", "y: real; z: real[n]; w > 0; n >= 2; sum(z) == 1", ("u = log(w)",))


MESSAGES = {
    "x > 0; x < 0": "column 8 of where: no value of x satisfies all its bounds",
    "x > oo": "column 1 of where: no value of x satisfies all its bounds",
    "x >= oo": "column 1 of where: no value of x satisfies all its bounds",
    "x: integer; 0 < x < 1": "column 13 of where: no value of x satisfies all its bounds",
    "x: integer; 1/3 <= x <= 2/3": "column 13 of where: no value of x satisfies all its bounds",
    "z: real[n]; n < oo": "column 13 of where: n is a size: only a lower bound such as n >= 2, or n == 3, can be "
    "said of it",
    "x > 0; x <= 0": "column 8 of where: no value of x satisfies all its bounds",
    "x: positive; x < 0": "column 14 of where: no value of x satisfies all its bounds",
    "1 < x < 0": "column 1 of where: no value of x satisfies all its bounds",
    "z: real[n]; z > 1; z < 0": "column 20 of where: no value of z satisfies all its bounds",
    "x: real; x: real": "column 10 of where: x is declared twice",
    "x, x: real": "column 4 of where: x is declared twice",
    "z: real[n]; n < 3": "column 13 of where: n is a size: only a lower bound such as n >= 2, or n == 3, can be "
    "said of it",
    "z: real[n]; n == 0": "column 13 of where: n is a size: only a lower bound such as n >= 2, or n == 3, can be "
    "said of it",
    "z: real[n]; n == 2; n == 3": "column 21 of where: n cannot be both 2 and 3",
    "z: real[n]; n == 2; n >= 3": "column 21 of where: no value of n satisfies all its bounds",
    "z: real[n]; n >= 3; n == 2": "column 21 of where: no value of n satisfies all its bounds",
    "z: real[n]; n: real": "column 13 of where: n is a size: it is a whole number, not a real number",
    "z: real[w]; w: real[z]": "column 13 of where: w is a size: it is a whole number, not an array",
    "z: real[z]": "column 1 of where: z is a size: it is a whole number, not an array",
    "z: real[0]": "column 9 of where: an axis of size 0 has no entries; sizes are at least 1",
    "z: real[n - 1]": "column 9 of where: the size n - 1 is not provably at least 1: declare a bound such as n >= 2",
    "z: real[1.5]": "column 9 of where: a size is a whole number, or a name such as n",
    "z: real[n/2]": "column 9 of where: a size is a whole number, or a name such as n",
    "z: real[n, ]; ?": "column 15 of where: '?' is not part of the language",
    "z: real[]": "column 9 of where: an expression is missing before ']'",
    "z: real[n": "column 8 of where: '[' is never closed",
    "z: integer[n]": "column 4 of where: arrays are real, positive or nonnegative",
    "z: float": "column 4 of where: a type is one of real, positive, nonnegative, integer, with a shape such as "
    "real[m, n]",
    "z: real(n)": "column 4 of where: a type is one of real, positive, nonnegative, integer, with a shape such "
    "as real[m, n]",
    "z:": "column 3 of where: an expression is missing",
    ": real": "column 1 of where: a name is missing",
    "z,: real": "column 3 of where: a name is missing",
    "1: real": "column 1 of where: '1' is not a name",
    "z w: real": "column 1 of where: 'z w' is not a name",
    "pi: real": "column 1 of where: pi is a constant; choose another name",
    "if: real": "column 1 of where: 'if' is a word of Python and cannot be a name",
    "lambda: real": "column 1 of where: 'lambda' is a word of Python and cannot be a name: write lam",
    "__x: real": "column 1 of where: the name '__x': underscores only between letters",
    "x": "column 1 of where: a declaration is 'name: real', 'name: real[n]', or a relation such as 'x > 0'",
    "x = 1": "column 3 of where: equality is written '==', not '='",
    "x != 1": "column 3 of where: '!=' is not part of the language: a claim is an equality or an inequality, == "
    "<= < >= >",
    "x > 1/0": "column 5 of where: this has no real value: 0 should be ≠ 0",
    "x: real: real": "column 8 of where: ':' stands only in declarations and for a whole axis, as in A[:, j]",
    "z: real[m, n]; z == z.T": "column 21 of where: the sides have different shapes: (m, n) and (n, m)",
    "x > 0;\n  y ! 0": "line 2, column 5 of where: '!' is not part of the language: write gamma(n + 1)",
    "x > 0\n\n\tfoo(y) > 0": "line 3, column 2 of where: there is no function 'foo'",
}


@pytest.mark.parametrize("where", MESSAGES, ids=ascii)
def test_messages(where, refused):
    assert refused("x == 1", where) == MESSAGES[where]


def test_many_declarations_are_read_at_once():
    import time

    started = time.perf_counter()
    claims.read("x == 1", "x>0;" * 4_000)
    assert time.perf_counter() - started < 2


def test_an_array_is_no_scalar_and_a_scalar_no_array(refused):
    assert (
        refused("x[1] == 1", "x: real") == "column 3: a scalar has no subscripts: declare an array, as in 'x: real[n]'"
    )
    assert refused("diff(x**2, x) == 1", "x: real[n]").startswith("column 12: diff by an array of shape (n)")
    assert isinstance(declared("x", "x: real"), Scalar)
