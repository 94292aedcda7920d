"""The judges: what each can decide and trusts, how it is tested, and what the run of these sources says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gradproof.site.book import Book, anchor
from gradproof.site.lies import CHANGES, kill_rate
from gradproof.site.templating import render

PAGE = "judges.md"
FUZZED = "tests/derivations/calculus/test_fuzz.py"
UNIT = "tests/derivations/judges"


@dataclass(frozen=True)
class Judge:
    """A judge in words. ``name`` is the one in the records; ``methods`` begin what it says when it refutes."""

    name: str
    title: str
    decides: str
    never: str  # what it does not say or cannot look at
    trusts: str
    tests: tuple[str, ...]
    methods: tuple[str, ...] = ()


JUDGES = (
    Judge(
        "ball",
        "Ball refuter",
        "Refutes: it evaluates both sides at exact points, in arithmetic that carries a rigorous error, and looks for "
        "one at which they certainly differ. It reads the source of the statement and shares no code with the kernel.",
        "It proves nothing: a statement that survives is “consistent”. A limit has no points to try.",
        "Arb, through python-flint",
        (f"{UNIT}/test_ball.py", f"{UNIT}/test_points.py", FUZZED),
        ("ball arithmetic",),
    ),
    Judge(
        "structural",
        "Structural",
        "Proves that two sides are the same expression, up to the names of bound indices.",
        "It knows no algebra at all.",
        "the comparison of expressions",
        (f"{UNIT}/test_ladder.py",),
    ),
    Judge(
        "kernel",
        "Kernel",
        "Proves equalities for all sizes, by bringing both sides to one normal form: sums of symbolic length, deltas, "
        "derivatives, products, recurrences, expectations.",
        "It decides equalities only and refutes nothing: two normal forms that differ may still be equal.",
        "its own code",
        (f"{UNIT}/test_kernel.py", "tests/derivations/calculus/test_soundness.py", FUZZED),
    ),
    Judge(
        "field",
        "Field",
        "Proves equalities of scalar expressions: their difference is zero in a field of rational functions.",
        "It refutes nothing: a form that is not zero may still vanish, as its generators can depend on each other.",
        "SymPy's polynomial arithmetic",
        (f"{UNIT}/test_field.py",),
    ),
    Judge(
        "derivative",
        "Derivative and one point",
        "Proves that a scalar function is zero on an interval: its derivative is, and so is its value at one point.",
        "It needs a function that is differentiable on the whole interval, or on each of a few pieces.",
        "the field judge, SymPy's derivatives, the mean value theorem",
        (f"{UNIT}/test_derivative.py", f"{UNIT}/test_derivative_identities.py"),
    ),
    Judge(
        "limit",
        "Limit",
        "Proves limits as a size grows, term by term, of what the kernel makes of the function.",
        "A limit has no points to try, so that its theorems are excused from the ball refuter.",
        "the kernel, and the lemmas that a verdict names",
        (f"{UNIT}/test_limit.py", f"{UNIT}/test_limits_at.py"),
    ),
    Judge(
        "small ranges",
        "Small ranges",
        "Writes out indices over one to four numbers and asks the judges of scalars.",
        "It says nothing of arrays of symbolic size.",
        "the judges that it asks",
        (f"{UNIT}/test_small_ranges.py",),
    ),
    Judge(
        "bounds",
        "Bounds",
        "Proves inequalities between scalar expressions, and when equality holds in them: signs of polynomials "
        "between their roots, monotony, subdivision, cases at kinks.",
        "It leaves refuting to a judge that has a point in the original variables.",
        "SymPy's polynomials and root isolation, and z3 where a verdict names it",
        (f"{UNIT}/test_bounds.py", f"{UNIT}/test_sturm.py", f"{UNIT}/test_smt.py"),
    ),
    Judge(
        "sums",
        "Signs of sums",
        "Proves inequalities about arrays of every size from the sign of the difference of the two sides.",
        "What it proves holds where both sides have a meaning.",
        "the kernel, the bounds judge",
        (f"{UNIT}/test_tensor_bounds.py",),
    ),
    Judge(
        "equality points",
        "Equality at a point",
        "Refutes a strict inequality whose sides are equal where every entry is 0, or 1, which no ball can tell.",
        "It proves nothing.",
        "the kernel, Arb",
        (f"{UNIT}/test_equality_points.py",),
        ("equality at a point",),
    ),
    Judge(
        "steps",
        "Every step",
        "Counts a theorem as proved when each step of its proof is, by the judges above, each step by itself.",
        "One step that is not proved, and the theorem is not.",
        "what its steps trust, and the theorems that they cite",
        (f"{UNIT}/test_trial.py", "tests/derivations/test_attacks.py"),
    ),
    Judge(
        "induction",
        "Induction",
        "The same for a proof by induction: the start and the step are proved, the step from the claim for one t.",
        "A condition that the step needs must not speak of the variable of the induction.",
        "what its steps trust",
        (f"{UNIT}/test_trial.py", "tests/derivations/test_attacks.py"),
    ),
)


def pages(book: Book) -> dict[str, str]:
    records = [record for entry in book.entries if (record := book.record(entry.name))]
    told = [lie for record in records for lie in record["lies"]]
    return {
        PAGE: render(
            "judges.md",
            judges=[{"about": judge, "id": anchor(judge.name), **_in_run(judge, records, told)} for judge in JUDGES],
            lies=kill_rate(told),
            kinds=_by_kind(told),
            aside=sum(len(record["true_mutants"]) for record in records),
            run=book.run,
            ran=len(records),
            count=len(book.entries),
        )
    }


def _by_kind(told: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    kinds = Counter(lie["kind"] for lie in told)
    return [
        {"kind": CHANGES.get(kind, kind), **kill_rate([lie for lie in told if lie["kind"] == kind])}
        for kind, _ in kinds.most_common()
    ]


def _in_run(judge: Judge, records: Sequence[dict[str, Any]], told: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What the judge said of the statements of this run, what it named as trusted, and the lies that it refuted."""
    said = [record["verdicts"][judge.name] for record in records if judge.name in record["verdicts"]]
    decided = [verdict for verdict in said if verdict["status"] in ("proved", "refuted")]
    return {
        "said": Counter(verdict["status"] for verdict in said).most_common(),
        "asked": len(said),
        "rests": list(dict.fromkeys(one for verdict in decided for one in verdict["trusted"])),
        "killed": sum(lie["status"] == "refuted" and lie["method"].startswith(judge.methods) for lie in told),
        "told": len(told),
    }
