"""The forms of the files that a build reads: a run, what is said of the experiments, and the records of theirs.

They name what the pages read; ``gradproof.site.forms`` says how a form is written.
"""

from __future__ import annotations

NUMBER = (int, float)
FIGURE = (int, float, str, type(None))  # infinite ones are text
WITNESS = ({"values": {str: str}, **dict.fromkeys(("left", "operator", "right"), str)}, type(None))
VERDICT = {"status": str, "method": str, "trusted": [str]}
CHECK = {
    **dict.fromkeys(("oracle", "dtype", "device", "size", "detail"), str),
    "points": int,
    "worst_ulp": FIGURE,
    "tolerance_ulp": FIGURE,
    "status": {"pass", "fail", "not run"},
}
RECORD = {
    **dict.fromkeys(("name", "kind", "status", "numeric", "method", "reason"), str),
    "trusted": [str],
    "side_conditions": [str],
    "true_mutants": [str],
    "verdicts": {str: VERDICT},
    "corrections": {str: str},
    "witness": WITNESS,
    "steps": [{**dict.fromkeys(("part", "sign", "text", "latex", "reason", "identity"), str), "verdict": VERDICT}],
    "lies": [
        {**dict.fromkeys(("kind", "description", "statement", "latex", "status", "method"), str), "witness": WITNESS}
    ],
    "checks": [CHECK],
    "seconds": NUMBER,
}
RUN = {
    **dict.fromkeys(("key", "device", "machine", "date"), str),
    "records": {str: RECORD},
    "seconds": NUMBER,
    "versions": {str: str},
}

# ---- experiments

AXIS = {"label": str, "scale": {"linear", "log"}, "limits": ([NUMBER], type(None))}
PANEL = {
    "title": str,
    "x": AXIS,
    "y": AXIS,
    "series": [{**dict.fromkeys(("name", "mark", "role"), str), "x": [NUMBER], "y": [NUMBER]}],
    "notes": [{"text": str, "x": NUMBER, "y": NUMBER}],
}
FINDING = {
    **dict.fromkeys(("name", "expected"), str),
    "measured": (*NUMBER, type(None)),
    "status": {"holds", "differs"},
    "as_foreseen": bool,
}
EXPERIMENT_RECORD = {
    **dict.fromkeys(("id", "module"), str),
    "seed": (int, type(None)),
    "seconds": NUMBER,
    "versions": {"python": str, "torch": str, "numpy": str},
    "findings": [FINDING],
    "wrong": [{"by": [str]}],
    "figure": {"caption": str, "panels": [PANEL]},
}
EXPERIMENT = {"key": str, "date": str, "record": EXPERIMENT_RECORD}
OUTLINE = {
    **dict.fromkeys(("id", "title", "says", "chosen", "module", "code"), str),
    "source": dict.fromkeys(("key", "lecture", "slide", "printed"), str),
    "parameters": [{"name": str, "default": object, "meaning": str}],
    "random": bool,
    "catalogue": [str],
    "results": [str],
    "expect": [{"name": str, "says": str, "basis": {"lecture", "theory", "computed"}, "foreseen": str}],
    "wrong": [dict],
}
