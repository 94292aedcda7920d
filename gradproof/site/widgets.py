"""The interactive elements: what each shows, on which pages it stands, and what stands there without JavaScript.

Only a page of ``PLACES`` loads the scripts, and only those of its own elements.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from gradproof.site.book import Book, asset, experiment_page, link, result_page
from gradproof.site.numerals import scientific, shown
from gradproof.site.templating import render

INTERACTIVE = "experiments/interactive.md"  # the page that has all of them
Rows = Sequence[Sequence[str]]  # the first cell of each heads its row


@dataclass(frozen=True)
class Table:
    """What an element shows at its first position, in words and numbers."""

    caption: str
    heads: Sequence[str]
    rows: Rows


@dataclass(frozen=True)
class Widget:
    """``element`` is the name of the custom element and of its script."""

    element: str
    title: str
    about: str
    before: Callable[[], Table]  # what is there before the script has run


def number(value: float) -> str:
    """To three decimals, or in powers of ten: 0.250, 1.5·10⁻⁵."""
    plain = value == 0 or 1e-3 <= abs(value) < 1e4
    return scientific(f"{value:.3f}" if plain else f"{value:.1e}")


# ---- what the elements show first


def softmax_table(z: Sequence[float] = (1.2, 0.3, -0.8)) -> Table:
    powers = [math.exp(v) for v in z]
    p = [power / sum(powers) for power in powers]
    jacobian = [[p[i] * ((i == j) - p[j]) for j in range(len(p))] for i in range(len(p))]
    rows = [
        [f"p{'₁₂₃'[i]} = {p[i]:.3f}", *map(number, row), f"{round(abs(sum(row)), 12):g}"]
        for i, row in enumerate(jacobian)
    ]
    return Table(f"The Jacobian at z = ({shown(z)})", ("", "∂/∂z₁", "∂/∂z₂", "∂/∂z₃", "row sum"), rows)


def product_table(depth: int = 12, weight: float = 1.0, first: float = 1.0) -> Table:
    functions: dict[str, tuple[Callable[[float], float], Callable[[float], float], float]] = {
        "sigmoid": (sigmoid, lambda z: sigmoid(z) * sigmoid(-z), 0.25),
        "tanh": (math.tanh, lambda z: 1 / math.cosh(z) ** 2, 1.0),
        "ReLU": (lambda z: max(0.0, z), lambda z: float(z > 0), 1.0),
    }
    rows = []
    for name, (f, slope, bound) in functions.items():
        product, value = 1.0, first
        for _ in range(depth):
            product *= weight * slope(weight * value)
            value = f(weight * value)
        rows.append([name, number(product), number((bound * abs(weight)) ** depth)])
    caption = f"{depth} layers, weight {weight:g}, input {first:g}"
    return Table(caption, ("activation", "derivative of the output by the input", "bound"), rows)


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def averages_table(window: int = 10) -> Table:
    alpha = 2 / (window + 1)
    rows = [
        ["mean age of a value", f"{(window - 1) / 2:.2f}", f"{(1 - alpha) / alpha:.2f}"],
        ["noise left (variance)", number(1 / window), number(alpha / (2 - alpha))],
        ["weight on the last n", "1", number(1 - (1 - alpha) ** window)],
    ]
    return Table(f"n = {window}, α = 2/(n + 1) = {alpha:.3f}", ("", "SMA", "EMA"), rows)


# ---- the tables that say what stands where

WIDGETS = {
    widget.element: widget
    for widget in (
        Widget(
            "softmax-jacobian",
            "Jacobian of the softmax",
            "Move a logit: every probability changes, and what one gains the others lose. Each row of the Jacobian"
            " sums to 0, and the differences that the browser computes agree with the formula.",
            softmax_table,
        ),
        Widget(
            "vanishing-product",
            "A product over the layers",
            "The chain rule multiplies one factor a layer. Add layers, or change the weight and the activation, and"
            " see what is left of the derivative beside its bound.",
            product_table,
        ),
        Widget(
            "ema-sma",
            "Two moving averages",
            "Change the window of one average and the weight of the other. One value of α makes both their mean age"
            " and the noise that they leave equal, and still the weights differ.",
            averages_table,
        ),
    )
}

PLACES: dict[str, tuple[str, ...]] = {
    "results/softmax.jacobian.md": ("softmax-jacobian",),
    "experiments/E4.md": ("vanishing-product",),
    "experiments/E11.md": ("ema-sma",),
    INTERACTIVE: tuple(WIDGETS),
}


def section(book: Book, page: str) -> Markup:
    """The elements of a page as Markdown, with what they load; nothing for a page without one."""
    found = [WIDGETS[element] for element in PLACES.get(page, ())]
    if not found:
        return Markup("")
    base = asset(page, "assets/js/widgets")
    return Markup(render("widgets.md", widgets=found, base=base, own=page == INTERACTIVE, places=_places(book, page)))


def _places(book: Book, page: str) -> dict[str, list[dict[str, str]]]:
    """By element, the results and experiments on whose pages it stands too."""
    titles = {result_page(e.name): e.title for e in book.entries}
    titles |= {experiment_page(e.id): e.title for e in book.experiments}
    return {
        element: [
            {"href": link(page, other), "title": titles[other]}
            for other, elements in PLACES.items()
            if element in elements and other in titles
        ]
        for element in WIDGETS
    }
