"""The rules of inference, as topic files import them."""

from derivations.proof.rules.algebra import (
    as_exponentials,
    cancel,
    common_denominator,
    common_factor,
    complete_the_square,
    expand,
    expand_logs,
    factor,
    join_powers,
    split_powers,
    take_the_limit,
)
from derivations.proof.rules.base import NothingChanged, ProofError, Rule, rule
from derivations.proof.rules.definitions import cite, cite_backwards, fold, start_of, step_of, unfold, use
from derivations.proof.rules.differentiation import differentiate
from derivations.proof.rules.sums import (
    collapse,
    combine,
    count_back,
    distribute_expectation,
    peel,
    pull_in,
    pull_out,
    split,
)

__all__ = [
    "NothingChanged",
    "ProofError",
    "Rule",
    "as_exponentials",
    "cancel",
    "cite",
    "cite_backwards",
    "collapse",
    "combine",
    "common_denominator",
    "common_factor",
    "complete_the_square",
    "count_back",
    "differentiate",
    "distribute_expectation",
    "expand",
    "expand_logs",
    "factor",
    "fold",
    "join_powers",
    "peel",
    "pull_in",
    "pull_out",
    "rule",
    "split",
    "split_powers",
    "start_of",
    "step_of",
    "take_the_limit",
    "unfold",
    "use",
]
