"""The verdict on a statement with limits and integrals, as tests of several judges need it."""

from derivations.judges import ladder
from derivations.judges.evaluation import evaluated


def verdict(statement, *hypotheses):
    """What the judges say, limits and integrals put by their values first."""
    found = evaluated(statement, hypotheses)
    assert found is not None
    if found.verdict is not None:
        return found.verdict
    judged = ladder.decide(found.statement, hypotheses)
    return found.extended(ladder.conclude(found.statement, hypotheses, judged))
