"""The rules of the proofs: what each is called, the identity that it is, and the proofs that use it."""

from __future__ import annotations

from typing import Any

from derivations.proof.rules.titles import TITLES
from gradproof.site.book import Book, anchor, link, result_page
from gradproof.site.entries import Entry
from gradproof.site.templating import render

PAGE = "rules.md"
OPEN = 12  # proofs that are listed in the open; a longer list is folded away
GROUPS = {  # by the first rule of each group, in the order of the titles
    "unfold": ("Definitions and theorems", "One expression is put for another that is known to be equal to it."),
    "differentiate": ("Calculus", "Derivatives go into sums of any length; limits are taken term by term."),
    "collapse": ("Sums and expectations", "What may be done to a sum without knowing how many terms it has."),
    "factor": ("Algebra", "What one does to a line by hand."),
    "bound": ("Decisions", "The line is true or false as it stands, and a judge says which."),
}

Uses = dict[str, list[tuple[Entry, list[int]]]]  # by rule: the results, each with the numbers of its steps


def pages(book: Book) -> dict[str, str]:
    used = uses(book)
    return {
        PAGE: render(
            "rules.md",
            groups=_groups(used),
            rules=len(TITLES),
            used=len(used),
            steps=sum(len(entry.steps) for entry in book.entries),
            proofs=sum(bool(entry.steps) for entry in book.entries),
            open=OPEN,
            judges_href=link(PAGE, "judges.md") if "judges" in book.parts else "",
        )
    }


def uses(book: Book) -> Uses:
    """Where each rule is used; a rule that no proof uses is missing."""
    found: dict[str, dict[str, list[int]]] = {}
    for entry in book.entries:
        for number, step in enumerate(entry.steps, 1):
            found.setdefault(step["rule"], {}).setdefault(entry.name, []).append(number)
    return {
        rule: [(book.by_name[name], numbers) for name, numbers in by_name.items()] for rule, by_name in found.items()
    }


def _groups(used: Uses) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for name in TITLES:
        if name in GROUPS:
            title, about = GROUPS[name]
            found.append({"title": title, "about": about, "rules": []})
        found[-1]["rules"].append(_rule(name, used.get(name, [])))
    return found


def _rule(name: str, used: list[tuple[Entry, list[int]]]) -> dict[str, Any]:
    return {
        "name": name,
        "id": anchor(name),
        "title": TITLES[name],
        "steps": sum(len(numbers) for _, numbers in used),
        "uses": [_use(entry, numbers) for entry, numbers in used],
    }


def _use(entry: Entry, numbers: list[int]) -> dict[str, Any]:
    """A proof that uses the rule, linked at the first step that does."""
    said = f"step{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"
    return {"title": entry.title, "href": link(PAGE, result_page(entry.name), f"step-{numbers[0]}"), "steps": said}
