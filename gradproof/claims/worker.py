"""The process that reads and judges claims: one JSON object a line in, one or two out.

in   {"id": 7, "states": "...", "where": "...", "let": [...], "name": "...", "teach": true}
out  {"id": 7, "verdict": {...}, "last": false}, then the same with advice and "last": true

It gets text and gives records: nothing of the user's is ever run or unpickled. Its memory is limited here; its time
from outside (workers.py), because nothing inside a process can stop C code.
"""

from __future__ import annotations

import json
import os
import sys

MEGABYTES = 2048
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
        source = Source(asked["states"], asked["where"], tuple(asked["let"]), asked["name"])
        verdict = decide(source)
        teach = asked["teach"] and verdict.refuted
        say(id=asked["id"], verdict=verdict.record(), last=not teach)
        if teach:
            say(id=asked["id"], verdict=taught(verdict).record(), last=True)


if __name__ == "__main__":
    main()
