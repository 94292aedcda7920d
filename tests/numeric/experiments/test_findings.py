"""A finding holds inside its interval and differs outside it, and nothing measured never holds."""

from math import inf, nan

import numpy as np
import pytest

from numeric.experiments.findings import Data, at_least, at_most, near


def judged(expectation, value):
    return expectation.judge(Data(None, {"value": np.array(value)}))


def value(data):
    return data["value"]


@pytest.mark.parametrize(
    ("expectation", "inside", "outside", "shown"),
    [
        (near("n", "", value, 2, 0.5, "theory"), (1.5, 2.5), (1.4, 2.6), "2 ± 0.5"),
        (near("n", "", value, 2, 0, "theory"), (2.0,), (2.1,), "2"),
        (at_most("n", "", value, 2, "theory"), (2.0, -inf), (2.1,), "at most 2"),
        (at_least("n", "", value, 2, "theory"), (2.0, inf), (1.9,), "at least 2"),
    ],
)
def test_a_finding_holds_in_its_interval_only(expectation, inside, outside, shown):
    for number in inside:
        assert judged(expectation, number).status == "holds"
    for number in (*outside, nan):
        assert judged(expectation, number).status == "differs"
    assert judged(expectation, 2.0).expected == shown


def test_what_was_not_measured_has_no_number():
    assert judged(near("n", "", value, 2, 0.5, "theory"), nan).measured is None


def test_a_value_may_follow_from_the_parameters():
    expectation = near("n", "", value, lambda data: data.parameters["half"] * 2, 0.5, "theory")
    finding = expectation.judge(Data({"half": 3}, {"value": np.array(6.2)}))
    assert (finding.status, finding.expected) == ("holds", "6 ± 0.5")


def test_a_foreseen_difference_is_as_foreseen():
    expectation = at_most("n", "", value, 2, "lecture", foreseen="differs")
    assert judged(expectation, 3.0).as_foreseen
    assert not judged(expectation, 1.0).as_foreseen
