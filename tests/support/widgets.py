"""The interactive elements, as a reader moves them and as a screen reader hears them."""

from __future__ import annotations

from typing import Any


def move(page, element: str, **values: Any) -> dict[str, Any]:
    """Sets controls as a reader would, and returns what the element computed."""
    script = """([element, name, value]) => {
        const input = document.querySelector(element).inputs[name];
        input.value = value;
        input.dispatchEvent(new Event("input"));
    }"""
    for name, value in values.items():
        page.evaluate(script, [element, name, value])
    return page.evaluate("(element) => document.querySelector(element).values", element)


def said(page, element: str) -> str:
    return page.evaluate("(element) => document.querySelector(element).sentence()", element)
