"""The process that reads and judges claims: one JSON object a line in, one or two out.

in   {"id": 7, "states": "...", "where": "...", "let": [...], "name": "...", "teach": true, "seconds": 9}
out  {"id": 7, "verdict": {...}, "last": false}, then the same with advice and "last": true

It gets text and gives records: nothing of the user's is ever run or unpickled. Its memory is limited here; its time
from outside (workers.py), because nothing inside a process can stop C code. Should the outside be gone, the kernel ends
a process that works on one claim for too long.
"""

from __future__ import annotations

import json
import os
import signal
import sys

MEGABYTES = 2048
ABANDONED = 2.0  # times the seconds that a claim may take: nobody can be waiting for it any more
DEEPEST = 3000  # frames; SymPy recurses a dozen times for each level of an expression


def main() -> None:
    """Answer until the input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints is no answer
    sys.setrecursionlimit(DEEPEST)
    from gradproof.memory import limit_memory

    limit_memory(MEGABYTES)
    from gradproof.claims.deciding import decide
    from gradproof.claims.teaching import taught
    from gradproof.claims.verdicts import Source

    def say(**answer) -> None:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    say(ready=True)
    for line in sys.stdin:
        asked = json.loads(line)
        limit_work(ABANDONED * asked["seconds"])
        source = Source(asked["states"], asked["where"], tuple(asked["let"]), asked["name"])
        verdict = decide(source)
        teach = asked["teach"] and verdict.refuted
        say(id=asked["id"], verdict=verdict.record(), last=not teach)
        if teach:
            say(id=asked["id"], verdict=taught(verdict).record(), last=True)
        limit_work(0)


def limit_work(seconds: float) -> None:
    """Let the kernel end this process after some time of its own work, even inside C code; 0 lifts the limit."""
    if hasattr(signal, "ITIMER_PROF"):
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, seconds)


if __name__ == "__main__":
    main()
