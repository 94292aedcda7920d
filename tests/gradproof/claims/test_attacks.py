"""Claims that got past the reader: false ones that were proved, true ones that were refuted, some without a meaning."""

import pytest

from gradproof.claims.deciding import decide
from gradproof.claims.verdicts import Source

# false, or without a meaning: SymPy simplifies them, abbreviations share or capture indices, domains shrink
NOT_TO_BE_PROVED = [
    ("limit(asin(x) + acos(x), x, oo) == pi/2",),
    ("integrate(asin(x) + acos(x), (x, 0, 2)) == pi",),
    ("integrate(sqrt(x)**2, (x, -1, 1)) == 0",),
    ("integrate(sqrt(x)*sqrt(x), (x, -1, 0)) == -1/2",),
    ("integrate(exp(log(x)), (x, -1, 1)) == 0",),
    ("integrate(log(x)-log(x), (x, -1, 1)) == 0",),
    ("integrate(x**x/x**x, (x, -1, 1)) == 2",),
    ("integrate(ellipk(m)/ellipk(m), (m, 0, 2)) == 2",),
    ("integrate(sqrt(x)**2, (x, a, 1)) == (1-a**2)/2",),
    ("integrate(sqrt(x)**2, (x, a, 1)) == (1-a**2)/2", "a < 0"),
    ("limit(sqrt(x)**2, x, -1) == -1",),
    ("limit(exp(log(x)), x, -oo) == -oo",),
    ("limit(sin(asin(x)), x, 5) == 5",),
    ("limit(cosh(acosh(x)), x, 0) == 0",),
    ("limit(log(x)/log(x), x, -1) == 1",),
    ("limit(gamma(x)/gamma(x), x, -1) == 1",),
    ("0*integrate(1/x, (x, -1, 1)) == 0",),
    ("0*limit(sin(x), x, oo) == 0",),
    ("0*limit(x, x, oo) == 0",),
    ("limit(sin(x), x, oo)**0 == 1",),
    ("I - I == 0", "", ("I = integrate(1/x,(x,-1,1))",)),
    ("x**(n**2) == abs(x)**(n**2)", "n: integer; n >= 1"),
    ("x**(n*m) >= 0", "n: integer; n >= 1; m: integer; m >= 1"),
    ("diff(x + abs(y), x) == sign(y)**2",),
    ("h == jacobian(h, x)", "x: real[n]", ("h = exp(x)",)),
    ("u + J == u + outer(ones(n), diag(J))", "x: real[n]", ("u = x**2", "J = jacobian(u, x)")),
    ("(s*jacobian(s,z))[i,j] == s[j]*s[j]*(1-s[j])", "z: real[n]", ("s = softmax(z)",)),
    ("H(x) == 2*ones(n,n)", "x: real[n]", ("H(u) = hessian(sum(u**2), u)",)),
    ("g(x) == outer(2*x, ones(n))", "x: real[n]", ("g(u) = jacobian(u*u, u)",)),
    ("f(x[k]) == sum(x)", "x: real[n]", ("f(t) = sum(t, (k,1,n))",)),
    ("f(x[i]) == sum(x**2)", "x: real[n]", ("f(t) = sum(t*x[i], i)",)),
    ("sum(f(x[k]), k) == n*sum(x**2)", "x: real[n]", ("f(t) = sum(t*x[k], k)",)),
    ("f(x) == 1/3", "x > 0", ("f(t) = integrate(t*x, (x,0,1))",)),
    ("f(x) == 0", "x > 0", ("f(t) = limit(t*(2+x), x, 0)",)),
    ("sum(s,(k,1,3)) == 3*k**2", "", ("s = k**2",)),
    ("f(x) == 2*x", "", ("f(t) = diff(t*x, x)",)),
    ("limit(sqrt(5-t)**2, t, oo) == -oo", "t: integer; t >= 1"),
    ("limit(asin(t) + acos(t), t, oo) == pi/2", "t: integer; t >= 1"),
    ("0*limit(sum((-1)**k, (k, 1, t)), t, oo) == 0", "t: integer; t >= 1"),
    ("limit(sum(1/k, (k, 1, t)), t, oo)**0 == 1", "t: integer; t >= 1"),
    ("limit(sum(sqrt(5-t)**2*k, (k,1,t)), t, oo) == limit(sum((5-t)*k, (k,1,t)), t, oo)", "t: integer; t >= 1"),
]

TRUE = [
    ("diff(sqrt(x)**2, x) == sign(x)",),
    ("diff((x**(1/4))**4, x) == sign(x)",),
    ("diff(sqrt(x)-sqrt(x), x) == 1 - sign(x)",),
    ("diff(sin(asin(x)), x) == sign(1-x**2)",),
    ("diff(asin(x)+acos(x), x) == 1 - sign(1-x**2)",),
    ("diff(cosh(acosh(x)), x) == sign(x-1)",),
    ("diff(ellipe(m)-ellipe(m), m) == 1 - sign(1-m)",),
    ("f(x[k]) == n*x[k]", "x: real[n]", ("f(t) = sum(t, (k,1,n))",)),
    ("f(k) == x[k]*sum(x)", "x: real[n]", ("f(l) = sum(x[l]*x[k], k)",)),
    ("g(x) == 2*x*x", "x: real[n]", ("g(u) = jacobian(u*u, u)@u",)),
    ("sum(H(x)) == 2*n", "x: real[n]", ("H(u) = hessian(sum(u**2), u)",)),
    ("sum(s*jacobian(s,z), axis=1) == jacobian(s,z)@s", "z: real[n]", ("s = softmax(z)",)),
    ("(s*jacobian(s,z))[i,j] == s[j]*s[i]*(delta(i,j)-s[j])", "z: real[n]", ("s = softmax(z)",)),
    ("J + u == u + J", "x: real[n]", ("u = x**2", "J = jacobian(u, x)")),
    ("f(x) == x/2", "x > 0", ("f(t) = integrate(t*y, (y,0,1))",)),
    ("f(x) == x/2", "x > 0", ("f(t) = integrate(t*x, (x,0,1))",)),
    ("integrate(sqrt(x)**2, (x, 0, 1)) == 1/2",),
    ("limit(x*log(x), x, 0) == 0",),
    ("integrate(log(x), (x,0,1)) == -1",),
    ("limit(sqrt(x**2+x) - x, x, oo) == 1/2",),
    ("integrate(s,(x,0,1)) == 1/3", "", ("s = x**2",)),
    ("diff(integrate(exp(t**2),(t,0,x)),x) == exp(x**2)",),
    ("integrate(asin(x)+acos(x),(x,-1,1)) == pi",),
    ("integrate(integrate(x*y,(y,0,1)),(x,0,1)) == 1/4",),
    ("limit(log(sin(x)/x), x, 0) == 0",),
    ("0*integrate(x,(x,0,1)) == 0",),
]


@pytest.mark.parametrize("source", NOT_TO_BE_PROVED, ids=lambda s: s[0])
def test_it_is_not_proved(source):
    verdict = decide(Source(*source))
    assert not verdict.proved
    assert "internal error" not in verdict.reason


@pytest.mark.parametrize("source", TRUE, ids=lambda s: s[0])
def test_it_is_proved(source):
    assert decide(Source(*source)).proved
