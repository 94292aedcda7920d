"""What is true passes, every near miss fails, and what cannot run says so."""

from dataclasses import replace

import numpy as np
import pytest
import sympy as sp
import torch

from derivations.calculus.domains import interval
from derivations.calculus.functions import relu, sigmoid, step, tanh
from derivations.calculus.operators import D, Limit, Sum, delta
from derivations.calculus.symbols import index, scalar
from derivations.proof.statement import Eq, Iff, Le, Lt, Ne, both
from numeric.autograd import assignments, check
from numeric.checks import Setting, apart, distance
from numeric.oracles import Oracle

x = scalar("x")
QUARTER = sp.Rational(1, 4)
THOUSANDTH = 1 + sp.Rational(1, 1000)


def statuses(checks):
    return {c.status for c in checks}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_what_is_true_passes(st, dtype):
    for statement in (st.softmax_jacobian, st.sigmoid_derivative, st.batchnorm_gradient, st.batchnorm_staged):
        checks = check(statement, dtype=dtype)
        assert statuses(checks) == {"pass"}
        assert {c.oracle for c in checks} == {"autograd", checks[1].oracle}
        assert all(c.worst_ulp <= c.tolerance_ulp < 5000 for c in checks)
        assert all(c.points == (1000 if c.oracle == "autograd" else 24) for c in checks)
    assert statuses(check(st.cross_entropy_gradient, [st.unit_mass], dtype=dtype)) == {"pass"}


def near_misses(st):
    p, z, i, j, n = st.p, st.z, st.i, st.j, st.n
    r, s, t, m, g = st.r, st.s, st.t, st.m, st.g
    left = st.batchnorm_gradient.left
    inner = m * g[r] - Sum(g[t], t) - st.uhat[r] * Sum(g[t] * st.uhat[t], t)
    factor = st.gamma / (m * sp.sqrt(st.var + st.eps))
    return {
        "sign": Eq(D(p[i], z[j]), p[i] * (delta(i, j) + p[j])),
        "factor": Eq(D(p[i], z[j]), THOUSANDTH * p[i] * (delta(i, j) - p[j])),
        "dropped term": Eq(D(p[i], z[j]), p[i] * delta(i, j)),
        "swapped index": Eq(D(p[i], z[j]), p[j] * (delta(i, j) - p[j])),
        "dropped hypothesis": st.cross_entropy_gradient,
        "wrong target": Eq(D(st.L, z[j]), p[j] - 1 / n),
        "m - 1": Eq(left, st.gamma / sp.sqrt(st.var + st.eps) * (inner / m + g[r] / 1000)),
        "no xhat term": Eq(left, factor * (m * g[r] - Sum(g[t], t))),
        "sum for sum": Eq(left, factor * (m * g[r] - Sum(g[t], t) - st.uhat[r] * Sum(g[s], s))),
        "f for f'": Eq(D(sigmoid(x), x), sigmoid(x)),
        "small shift": Eq(D(sigmoid(x), x), sigmoid(x) * (1 - sigmoid(x)) + sp.Rational(1, 10**9)),
    }


MISSES = ("sign", "factor", "dropped term", "swapped index", "dropped hypothesis", "wrong target", "m - 1",
          "no xhat term", "sum for sum", "f for f'", "small shift")  # fmt: skip


@pytest.mark.parametrize("name", MISSES)
def test_a_near_miss_fails(st, name):
    checks = [c for c in check(near_misses(st)[name], count=200) if c.oracle in ("autograd", "definition")]
    assert "fail" in statuses(checks)
    failed = next(c for c in checks if c.status == "fail")
    assert failed.worst_ulp > failed.tolerance_ulp
    assert "differ by more" in failed.detail


def test_every_near_miss_is_tried(st):
    assert set(near_misses(st)) == set(MISSES)


def test_inequalities():
    slope = D(sigmoid(x), x)
    true = both(Lt(0, slope), Le(slope, QUARTER), Iff(Eq(slope, QUARTER), Eq(x, 0)))
    assert statuses(check(true)) == {"pass"}
    assert statuses(check(Le(slope, sp.Rational(1, 5)))) == {"fail"}
    assert statuses(check(Le(slope, QUARTER * (1 - sp.Rational(1, 10**6))))) == {"fail"}
    assert statuses(check(Lt(slope, 0))) == {"fail"}
    assert "fail" in statuses(check(Iff(Eq(slope, QUARTER), Eq(x, 1))))


def test_the_converse_of_an_iff():
    """tanh' = 1 - tanh^2 holds everywhere, not only at 0; relu' = 0 on half of the line."""
    everywhere = Iff(Eq(D(tanh(x), x), 1 - tanh(x) ** 2), Eq(x, 0))
    assert [c.status for c in check(everywhere) if c.oracle == "converse"] == ["fail"]
    half = Iff(Eq(D(relu(x), x), 0), Eq(x, -1))
    assert [c.status for c in check(half) if c.oracle == "converse"] == ["not run"]


def test_disequalities():
    assert statuses(check(Ne(x**2 + 1, 0))) == {"pass"}
    assert statuses(check(Ne(x, x))) == {"not run"}


def test_a_derivative_off_its_kink():
    assert statuses(check(Eq(D(relu(x), x), step(x)))) == {"pass"}


def test_a_cuda_check_without_cuda_is_not_run(st, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    (found,) = check(st.softmax_jacobian, device="cuda")
    assert found.status == "not run"
    assert not found.passed
    assert "no CUDA device" in found.detail
    (found,) = check(st.softmax_jacobian, device="tpu")
    assert found.status == "not run"


@pytest.mark.gpu
def test_the_same_on_a_gpu(st):
    for dtype in ("float64", "float32"):
        checks = check(st.softmax_jacobian, device="cuda", dtype=dtype)
        assert statuses(checks) == {"pass"}
        assert {c.device for c in checks} == {"cuda"}


def test_what_cannot_be_evaluated_is_not_run(st):
    checks = check(Eq(1 + Limit(x / st.n, st.n), 1))
    assert statuses(checks) == {"not run"}
    assert "Limit" in checks[0].detail
    checks = check(Eq(x, x), [Eq(Sum(st.z[st.i] ** 2, st.i), 1)])
    assert statuses(checks) == {"not run"}
    assert "no way is known" in checks[0].detail


def test_limits(st):
    """A geometric tail and one like 1/n; a near miss, and what does not converge."""
    n, k = st.n, index("k", 0, st.n - 1)
    a = scalar("a", interval(0, 1))
    geometric = Limit(Sum((1 - a) ** k, k), n)
    assert [c.status for c in check(Eq(geometric, 1 / a))] == ["pass"]
    assert [c.status for c in check(Eq(1 / a, geometric))] == ["pass"]
    assert [c.status for c in check(Eq(geometric, THOUSANDTH / a))] == ["fail"]
    slow = Limit((1 - 2 / (n + 1)) ** n, n)
    assert [c.status for c in check(Eq(slow, sp.exp(-2)))] == ["pass"]
    assert [c.status for c in check(Eq(slow, sp.exp(-2) * sp.Rational(101, 100)))] == ["fail"]
    for unsettled in (Limit(1 / sp.sqrt(n), n), Limit(Sum(1 / (k + 1), k), n), Limit(x * n, n)):
        assert statuses(check(Eq(unsettled, 0))) == {"not run"}


def test_overflow_is_never_a_pass():
    """Where both sides overflow at every point, nothing was compared."""
    huge = sp.exp(1000 + x**2)
    assert statuses(check(Eq(huge, huge))) <= {"not run", "fail"}
    assert "pass" not in statuses(check(Ne(sp.exp(huge), 0)))


def test_sizes_differ_and_respect_their_minimum(st):
    first, second = st.n, st.m
    assert assignments([first, second], (1, 2, 5)) == [
        {first: 1, second: 2},
        {first: 2, second: 5},
        {first: 5, second: 1},
    ]
    assert assignments([], (1, 2)) == [{}]
    from derivations.calculus.symbols import size

    assert assignments([size("w", 3)], (1, 2, 5))[0] == {size("w", 3): 3}


def test_an_unknown_dtype_is_an_error(st):
    with pytest.raises(ValueError, match="float16"):
        check(st.softmax_jacobian, dtype="float16")


def test_an_oracle_is_compared_and_can_fail(st):
    def native(z, factor=1.0):
        p = torch.softmax(z, -1)
        return factor * (torch.diag_embed(p) - p[..., None] * p[..., None, :])

    good = Oracle("t", "native", lambda z: native(z))
    bad = Oracle("t", "native", lambda z: native(z, 1.001))
    absent = Oracle("t", "native", lambda q: q)
    misshapen = Oracle("t", "native", lambda z: z)
    few = Oracle("t", "native", lambda z: native(z)[:10])
    wanted = {good: {"pass"}, bad: {"fail"}, absent: {"fail"}, few: {"pass"}}
    for oracle, status in wanted.items():
        found = [c for c in check(st.softmax_jacobian, count=50, oracle=oracle) if c.oracle == "native"]
        assert statuses(found[1:]) == status  # the Jacobian of one class is 0, and so is its multiple
    found = [c for c in check(st.softmax_jacobian, count=50, oracle=misshapen) if c.oracle == "native"]
    assert all(c.status == "fail" and "shape" in c.detail for c in found)


# ---- the verdict itself


def test_a_verdict_needs_informative_points():
    setting = Setting()
    ones = np.ones((10, 3))
    assert setting.verdict("o", "", 0 * ones, 1e-3 * ones, ones).status == "pass"
    assert setting.verdict("o", "", 0 * ones, 0.1 * ones, ones).status == "not run"
    assert setting.verdict("o", "", 0 * ones, np.inf * ones, ones).status == "not run"
    assert setting.verdict("o", "", np.ones((10, 0)), np.ones((10, 0)), np.ones((10, 0))).status == "not run"


def test_a_verdict_fails_at_a_single_value():
    error = np.zeros((10, 3))
    error[7, 1] = 2e-3
    found = Setting().verdict("o", "n = 3", error, np.full((10, 3), 1e-3), np.ones((10, 3)))
    assert found.status == "fail"
    assert found.worst_ulp == pytest.approx(2e-3 / 2**-52)
    assert found.tolerance_ulp == pytest.approx(1e-3 / 2**-52)
    assert "1 of 30" in found.detail
    error[7, 1] = np.inf
    found = Setting().verdict("o", "n = 3", error, np.full((10, 3), 1e-3), np.ones((10, 3)))
    assert found.status == "fail"
    assert found.record()["worst_ulp"] == "inf"


def test_an_exact_value_has_no_tolerance():
    error = np.array([0.0, 1e-17])
    assert Setting().verdict("o", "", error[:1], np.zeros(1), np.ones(1)).status == "pass"
    assert Setting().verdict("o", "", error, np.zeros(2), np.ones(2)).status == "fail"


def test_distances():
    a, b = np.array([1.0, np.inf, np.nan, np.inf]), np.array([2.0, 1.0, np.nan, np.inf])
    assert distance(a, b).tolist() == [1, np.inf, np.inf, np.inf]
    assert apart(a, b, np.zeros(4)).tolist() == [True, False, False, False]


def test_a_record_is_plain_data(st):
    found = check(st.sigmoid_derivative, count=20)[0]
    assert found.record() == {
        "oracle": "autograd",
        "dtype": "float64",
        "device": "cpu",
        "size": "",
        "points": 20,
        "worst_ulp": found.worst_ulp,
        "tolerance_ulp": found.tolerance_ulp,
        "status": "pass",
        "detail": "",
    }
    assert replace(found, status="fail").passed is False
