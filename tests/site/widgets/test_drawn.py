"""What the interactive elements draw and say, held against values computed here and not in the browser."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch

from numeric.experiments.moving_averages import ema, sma
from tests.support.drawings import number, scale_of
from tests.support.widgets import move, said

SPOKEN = 900  # milliseconds until a summary has settled

DRAWN = """(svg) => ({
    texts: [...svg.querySelectorAll("text")].map((t) =>
        [t.getAttribute("class"), Number(t.getAttribute("x")), Number(t.getAttribute("y")), t.textContent]),
    bars: [...svg.querySelectorAll("rect")].map((r) =>
        ["x", "y", "width", "height"].map((n) => Number(r.getAttribute(n)))),
    curves: Object.fromEntries([...svg.querySelectorAll("path")].map((p) => {
        const corners = p.getAttribute("d").slice(1).split("L");
        return [p.getAttribute("class").match(/w-colour-\\d/)[0], corners.map((at) => at.split(" ").map(Number))];
    })),
    names: Object.fromEntries([...svg.parentElement.querySelectorAll("li")].map((li) =>
        [li.textContent, li.className.match(/w-colour-\\d/)[0]])),
})"""


class Plot:
    """A plot of an element: its curves and bars by the names in its legend, in pixels, and its two scales."""

    def __init__(self, page, element: str, at: int = 0, transform=np.asarray):
        found = page.locator(f"{element} svg").nth(at).evaluate(DRAWN)
        down = [(y - 4, text) for kind, _, y, text in found["texts"] if kind == "w-end" and text]
        ticks = [(x, y, text) for kind, x, y, text in found["texts"] if kind == "w-mid"]
        across = [(x, text) for x, y, text in ticks if y == min(y for _, y, _ in ticks)]
        self.up = scale_of([y for y, _ in down], transform([number(text) for _, text in down]))
        self.across = scale_of([x for x, _ in across], [number(text) for _, text in across])
        self.bars = found["bars"]
        self.curves = {name: found["curves"].get(colour) for name, colour in found["names"].items()}

    def assert_drawn(self, name: str, x, y):
        wanted = np.column_stack([self.across(x), self.up(y)])
        assert np.allclose(self.curves[name], wanted, atol=0.2), name


def shown_rows(page, element: str) -> list[list[str]]:
    script = "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent))"
    return page.locator(f"{element} tbody tr").evaluate_all(script)


AVERAGES = [(10, 0.18), (1, 1.0), (40, 0.01), (7, 0.5)]


@pytest.mark.parametrize(("window", "alpha"), AVERAGES)
def test_the_weights_that_are_drawn_are_those_of_the_averages(page, window, alpha):
    move(page, "ema-sma", window=window, alpha=alpha)
    plot, ages = Plot(page, "ema-sma"), np.arange(40)
    plot.assert_drawn("EMA weights", ages, alpha * (1 - alpha) ** ages)
    x, y, width, height = np.transpose(plot.bars)
    assert np.allclose(x + width / 2, plot.across(ages), atol=0.2)
    assert np.allclose(y, plot.up(np.where(ages < window, 1 / window, 0)), atol=0.2)
    assert np.allclose(y + height, plot.up(0), atol=0.2)


@pytest.mark.parametrize(("window", "alpha"), AVERAGES)
def test_the_curves_that_are_drawn_are_those_of_the_signal(page, window, alpha):
    found = move(page, "ema-sma", window=window, alpha=alpha)
    signal = torch.tensor(found["signal"], dtype=torch.float64)
    plot, time = Plot(page, "ema-sma", 1), np.arange(len(signal))
    plot.assert_drawn("signal", time, signal.numpy())
    plot.assert_drawn("SMA", time, sma(signal, window))
    plot.assert_drawn("EMA", time, ema(signal, alpha, signal[0]))


@pytest.mark.parametrize(("window", "alpha"), AVERAGES)
def test_the_table_and_the_sentence_of_the_averages(page, window, alpha):
    move(page, "ema-sma", window=window, alpha=alpha)
    weights = alpha * (1 - alpha) ** np.arange(4000)
    ages = [(window - 1) / 2, weights @ np.arange(4000)]
    rows = [ages, [1 / window, weights @ weights], [1, weights[:window].sum()]]
    names = ["mean age of a value", "noise left (variance)", "weight on the last n"]
    assert page.locator("ema-sma thead th").all_inner_texts() == ["SMA", "EMA"]
    for row, name, wanted in zip(shown_rows(page, "ema-sma"), names, rows, strict=True):
        assert row[0] == name
        assert [number(cell) for cell in row[1:]] == pytest.approx(wanted, rel=0.02, abs=0.006)
    sentence = said(page, "ema-sma")
    assert sentence.startswith(f"n = {window}, α = {alpha:.3f}")
    equal = alpha == 2 / (window + 1)
    assert ("both averages have mean age" in sentence) == equal
    if not equal:
        heard = re.search("mean age (.*) for the SMA, (.*) for the EMA", sentence)
        assert heard and [number(age) for age in heard.groups()] == pytest.approx(ages, rel=0.02, abs=0.006)


@pytest.mark.parametrize("z", [(1.2, 0.3, -0.8), (4.0, -4.0, 4.0), (-3.1, 2.7, 0.1)])
def test_the_numbers_and_the_sentence_of_the_softmax(page, z):
    found = move(page, "softmax-jacobian", z1=z[0], z2=z[1], z3=z[2])
    p = torch.softmax(torch.tensor(z, dtype=torch.float64), 0).numpy()
    jacobian = np.diag(p) - np.outer(p, p)
    rows = shown_rows(page, "softmax-jacobian")
    assert [row[0] for row in rows] == ["p₁", "p₂", "p₃"]
    assert [[cell[0] for cell in row[1:4]] for row in rows] == [
        ["+" if v >= 0 else "−" for v in row] for row in jacobian
    ]
    assert np.allclose([[number(cell) for cell in row[1:4]] for row in rows], jacobian, atol=6e-4)
    assert [row[4] for row in rows] == ["0"] * 3
    classes = page.locator("softmax-jacobian tbody td:not(:last-child)").evaluate_all(
        "(all) => all.map((c) => c.className)"
    )
    assert classes == ["w-positive" if v >= 0 else "w-negative" for v in jacobian.flat]
    widths = page.locator("softmax-jacobian .w-bar i").evaluate_all(
        "(all) => all.map((i) => parseFloat(i.style.width))"
    )
    assert np.allclose(widths, 100 * p)
    beside = page.locator("softmax-jacobian .w-value").all_inner_texts()
    assert [number(text) for text in beside] == list(z)
    heard = re.fullmatch(
        "Central differences, computed here: at most (.*) apart.", page.inner_text("softmax-jacobian .w-note")
    )
    assert heard and number(heard[1]) == pytest.approx(found["worstDifference"], rel=0.05)
    listed = ", ".join(f"p{'₁₂₃'[i]} = {v:.3f}" for i, v in enumerate(p))
    sentence = said(page, "softmax-jacobian")
    assert sentence.startswith(f"{listed}. ∂p₁/∂z₁ = ")
    assert sentence.endswith("; every row sums to 0; central differences agree.")


@pytest.mark.parametrize(("changed", "heard"), [("worstDifference: 1e-6", "central differences do not agree"),
                                                ("rowSums: [0, -1e-6, 0]", "a row does not sum to 0")])  # fmt: skip
def test_what_does_not_agree_is_not_said_to(page, changed, heard):
    script = f"(e) => {{ e.values = {{ ...e.values, {changed} }}; return e.sentence(); }}"
    assert heard in page.locator("softmax-jacobian").evaluate(script)


TORCH = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "ReLU": torch.relu}
CHAINS = [
    ("sigmoid", 1.0, 12, 1.0, "the gradient vanishes"),
    ("sigmoid", -3.5, 30, 0.7, "the gradient vanishes"),
    ("sigmoid", -1.0, 7, 0.5, "the gradient vanishes"),
    ("tanh", 1.5, 9, -0.3, "the gradient keeps its order of size"),
    ("tanh", -1.0, 4, 0.2, "the gradient keeps its order of size"),
    ("ReLU", 3.0, 12, 1.0, "the gradient explodes"),
    ("ReLU", -1.0, 5, 1.0, "nothing passes"),
]


@pytest.mark.parametrize(("activation", "weight", "depth", "x", "word"), CHAINS)
def test_the_product_is_drawn_and_said(page, activation, weight, depth, x, word):
    move(page, "vanishing-product", activation=activation, weight=weight, depth=depth, input=x)
    value, products, factors = x, [1.0], []
    for _ in range(depth):
        z = torch.tensor(weight * value, dtype=torch.float64, requires_grad=True)
        (slope,) = torch.autograd.grad(y := TORCH[activation](z), z)
        factors.append(weight * slope.item())
        products.append(products[-1] * factors[-1])
        value = y.item()
    bounds = ((0.25 if activation == "sigmoid" else 1.0) * abs(weight)) ** np.arange(depth + 1)
    plot, layers = Plot(page, "vanishing-product", transform=np.log10), np.arange(depth + 1)
    some = np.array(products) != 0
    plot.assert_drawn("product of the factors", layers[some], np.log10(np.abs(np.array(products)[some])))
    plot.assert_drawn("bound", layers, np.log10(bounds))
    numbers = page.locator("vanishing-product dd").all_inner_texts()
    wanted = [factors[0], factors[-1], products[-1], bounds[-1]]
    assert [number(text) for text in numbers] == pytest.approx(wanted, rel=0.06, abs=6e-4)
    assert [number(text) < 0 for text in numbers] == [value < 0 for value in wanted]
    heard = re.fullmatch(r"(\d+) layers of (\w+): ∂y/∂x = (.*), bound (.*); (.*)\.", said(page, "vanishing-product"))
    assert heard and heard.group(1, 2, 5) == (str(depth), activation, word)
    assert [number(heard[3]), number(heard[4])] == pytest.approx([products[-1], bounds[-1]], rel=0.06, abs=6e-4)


def test_the_summary_is_the_sentence(page):
    for element in ("softmax-jacobian", "vanishing-product", "ema-sma"):
        name = {"softmax-jacobian": "z1", "vanishing-product": "weight", "ema-sma": "window"}[element]
        move(page, element, **{name: 2})
    page.wait_for_timeout(SPOKEN)
    for element in ("softmax-jacobian", "vanishing-product", "ema-sma"):
        assert page.inner_text(f"{element} [role=status]") == said(page, element)
