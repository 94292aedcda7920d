"""A topic collects its results; what has no meaning is refused where it is written down."""

import pytest
from sympy import exp

from derivations.calculus.domains import POSITIVE
from derivations.calculus.operators import Sum
from derivations.calculus.symbols import CalculusError, Definition, Recurrence, index, scalar, scalars, size, vector
from derivations.judges.trial import judge
from derivations.proof.derivation import Derivation
from derivations.proof.rules import ProofError, cite, expand, use
from derivations.proof.source import CIS680, SUPPORTING
from derivations.proof.statement import Eq, Gt, Le, Lt, Ne

x, y = scalars("x y")
p = scalar("p", POSITIVE)
n = size("n")
k = index("k", n)
z = vector("z", n)


@pytest.fixture
def topic():
    return Derivation("topic", CIS680)


def test_results_are_kept_in_order_under_their_names(topic):
    first = topic.prove("first", x * (y + 1), expand, equals=x * y + x)
    second = topic.refute("second", printed=Eq(x, x + 1), instead=first)
    assert list(topic.results.values()) == [first, second]
    assert (first.name, second.name) == ("topic.first", "topic.second")
    assert (first.kind, second.kind) == ("theorem", "erratum")
    assert first.source is CIS680


def test_an_erratum_has_a_rank_and_a_place_where_the_lecture_has_it_right(topic):
    right = CIS680.at("another slide", "x = x")
    found = topic.refute("found", printed=Eq(x, x + 1), rank=3, right_at=right)
    assert (found.rank, found.right_at) == (3, right)
    other = topic.refute("other", printed=Eq(x, x + 2))
    assert (other.rank, other.right_at) == (None, None)


@pytest.mark.parametrize("about", [{"rank": 0}, {"right_at": CIS680}, {"right_at": SUPPORTING.at("a slide", "x = x")}])
def test_a_rank_that_is_none_and_a_right_place_elsewhere_are_refused(topic, about):
    with pytest.raises(ProofError, match=r"topic\.found"):
        topic.refute("found", printed=Eq(x, x + 1), **about)
    assert not topic.results


def test_a_name_is_given_once(topic):
    topic.prove("same", x, equals=x)
    with pytest.raises(ProofError, match="two results are named 'same'"):
        topic.refute("same", printed=Eq(x, 0))


NO_NAMES = ["weird.ä/../x", "two\nlines", "", "3rd", "a b", "größe", "../page", "a.b", "<b>", None, 3]


@pytest.mark.parametrize("name", NO_NAMES)
def test_a_name_is_an_identifier(topic, name):
    """It becomes the name of a function and of a page."""
    attempts = [
        lambda: topic.prove(name, x, equals=x),
        lambda: topic.refute(name, printed=Eq(x, 0)),
        lambda: topic.define(name, x),
        lambda: topic.define_recursively(name, at=index("t", 1, 5), start=x, step=lambda last: last + 1),
        lambda: Derivation(name, source=topic.source),
    ]
    for attempt in attempts:
        with pytest.raises(ProofError, match="is named by an identifier"):
            attempt()
    assert not topic.results


def test_the_refusal_of_a_name_says_what_would_be_one(topic):
    with pytest.raises(ProofError, match=r"topic: a result is named by .*, such as 'input_gradient'; 'input gradient'"):
        topic.prove("input gradient", x, equals=x)
    with pytest.raises(ProofError, match=r"digits and _; '\.\.' is none"):
        topic.prove("..", x, equals=x)


def test_definitions_are_scalars_indexed_or_recursive(topic):
    Z = topic.define("Z", Sum(exp(z[k]), k))
    q = topic.define("q", exp(z[k]) / Z, at=k)
    a = topic.define_recursively("a", at=index("t", 1, 5), start=x, step=lambda last: last + 1)
    assert Z.subscripts == ()
    assert isinstance(q, Definition)
    assert isinstance(a, Recurrence)
    assert a[0].unfolded == x
    assert a[1].unfolded == a[0] + 1


@pytest.mark.parametrize(
    "relation",
    [Eq(1, 2), Eq(x, x + 1), Eq(Sum(z[k], k), Sum(z[k], k) + 1), Ne(x, x), Lt(x, x), Lt(1, 0), Le(1, 0), Lt(p, 0)],
)
def test_an_assumption_that_contradicts_itself_is_refused_with_its_words(topic, relation):
    with pytest.raises(CalculusError, match="topic: the assumption 'the premise' contradicts itself"):
        topic.assume("the premise", relation)


@pytest.mark.parametrize("relation", [Eq(x, 0), Ne(x, 0), Gt(p, 1), Le(x, 0), Eq(Sum(z[k], k), 1)])
def test_an_assumption_that_can_hold_is_kept(topic, relation):
    assert topic.assume("the premise", relation).relation == relation


@pytest.mark.parametrize(
    "pair",
    [(Eq(x, 0), Eq(x, 1)), (Lt(x, 0), Gt(x, 1)), (Eq(x, 1), Lt(x, 0)), (Eq(x, 0), Ne(x, 0))],
)
def test_assumptions_that_contradict_each_other_prove_nothing(topic, pair):
    given = [topic.assume(f"premise {number}", relation) for number, relation in enumerate(pair)]
    trial = judge(topic.prove("vacuous", y * (y + 1), expand, equals=y**2 + y, given=given))
    assert trial.status != "proved", trial.verdict


def test_two_objects_of_one_name_are_refused_in_a_statement_and_its_hypotheses(topic):
    other = scalar("x", POSITIVE)
    with pytest.raises(CalculusError, match="two different objects are named 'x'"):
        topic.prove("clash", x, equals=other)
    h = topic.assume("x is one", Eq(other, 1))
    with pytest.raises(CalculusError, match="two different objects are named 'x'"):
        topic.prove("clash", x, equals=x, given=[h])


def test_assumptions_used_by_a_rule_join_the_theorem(topic):
    unit = topic.assume("mass one", Eq(Sum(z[k], k), 1))
    theorem = topic.prove("mass", x * Sum(z[k], k), use(unit), equals=x)
    assert theorem.hypotheses == (unit,)
    assert topic.prove("twice", 2 * x * Sum(z[k], k), cite(theorem), equals=2 * x).hypotheses == (unit,)


def test_an_index_out_of_range_is_refused_where_it_is_written():
    with pytest.raises(CalculusError, match=r"z\[k \+ 1\]|z\[\[k \+ 1\]|not provably in"):
        z[k + 1]
    with pytest.raises(CalculusError, match="not provably in"):
        z[0]


def test_a_size_of_zero_is_refused():
    with pytest.raises(CalculusError, match="sizes are at least 1"):
        vector("z", 0)
    with pytest.raises(CalculusError, match="negative"):
        size("n", minimum=-1)


def test_the_source_of_a_result_may_differ_from_its_topic(topic):
    theorem = topic.prove("own", x, equals=x, source=SUPPORTING.at("Slide 3", "x = x"))
    assert theorem.source.record() == {
        "key": "supporting",
        "lecture": SUPPORTING.lecture,
        "slide": "Slide 3",
        "printed": "x = x",
    }
