"""The form of what a kept file must hold: what is damaged, or of another hand, counts as missing and not as a record.

int                    a value of that type
(form, form)           a value of one of these forms
{"pass", "fail"}       one of these texts
[form]                 a list of such values
{"name": form}         an object that has these names, and perhaps others
{str: form}            an object whose every value has the form
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def read(path: Path, form: Any) -> Any:
    """What a JSON file holds; None when it is missing, cannot be read or has another form."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return found if fits(found, form) else None


def fits(value: Any, form: Any) -> bool:
    """Whether a value, as JSON gives it, has the form."""
    if isinstance(form, list):
        return isinstance(value, list) and all(fits(one, form[0]) for one in value)
    if isinstance(form, tuple):
        return any(fits(value, one) for one in form)
    if isinstance(form, set):
        return isinstance(value, str) and value in form
    if not isinstance(form, dict):
        return isinstance(value, form)
    if not isinstance(value, dict):
        return False
    if str in form:
        return all(fits(one, form[str]) for one in value.values())
    return all(name in value and fits(value[name], inner) for name, inner in form.items())
